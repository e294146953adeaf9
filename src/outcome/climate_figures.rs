//! The figures of a climate: what is written to JSON, what reports read.

use serde::{Deserialize, Serialize};

use super::layout::{ClimateCustomerEvent, ClimateCustomerSum, ClimateLayout, ClimateRoundSum, ClimateSum, Layout};
use super::things::ClimateThing;
use super::{Detail, Outcome, Things};
use crate::Estimate;

/// What the climate was like, what moved it, and who left: over the rounds that count, and round by round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClimateFigures {
    /// The morale that everybody starts with and comes back to, `0..=1`.
    pub set_point: f64,
    /// Probability to leave in a round at the set point of morale.
    pub hazard: f64,
    /// Everybody.
    pub organization: PostFigures,
    /// Every department; from detail `services` on.
    pub departments: Vec<PostFigures>,
    /// Every employee; from detail `services` on.
    pub employees: Vec<PostFigures>,
    /// Round by round, those of the warm-up too.
    pub rounds: Vec<ClimateRoundFigures>,
}

/// The posts of an employee, a department or the organisation, over the rounds that count.
///
/// Over the whole of a run (without warm-up) and where nobody leaves, what moved morale adds up to how far it went:
/// `recovery - frustration - overload + recognition + cut` per round. It does so exactly in every replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PostFigures {
    /// The name.
    pub name: String,
    /// How many posts there are.
    pub posts: u32,
    /// P(a post is filled in a round).
    pub filled: Estimate,
    /// Mean number of filled posts.
    pub headcount: Estimate,
    /// Its standard deviation between replications (of each one's mean over its rounds).
    pub headcount_sd: Estimate,
    /// Mean morale of those who are there, `0..=1`.
    pub morale: Estimate,
    /// What those who are there know of their work, `0..=1`: 1 where everybody is experienced.
    pub experience: Estimate,
    /// Morale that came back towards the set point, per filled post and round; below 0 where it came down to it.
    pub recovery: Estimate,
    /// Morale lost to what came late or wrong from colleagues, per filled post and round.
    pub frustration: Estimate,
    /// Morale lost to hours beyond the plan, per filled post and round.
    pub overload: Estimate,
    /// Morale gained by recognition, per filled post and round.
    pub recognition: Estimate,
    /// Morale that was cut off at 0 (above 0) and at 1 (below 0), per filled post and round.
    pub cut: Estimate,
    /// People who left, per replication.
    pub leavers: Estimate,
    /// Of these, those beyond what the hazard at the set point would give; below 0 where morale kept people.
    pub excess_leavers: Estimate,
}

/// The climate of one round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClimateRoundFigures {
    /// The round, from 0.
    pub round: u32,
    /// Whether the other figures leave it out.
    pub warmup: bool,
    /// Everybody.
    pub organization: PostRoundFigures,
    /// Every department; from detail `services` on.
    pub departments: Vec<PostRoundFigures>,
    /// Every employee; at full detail.
    pub employees: Vec<PostRoundFigures>,
    /// What customers felt.
    pub customers: Vec<ClimateCustomerFigures>,
}

/// The posts of an employee, a department or the organisation in one round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PostRoundFigures {
    /// The name.
    pub name: String,
    /// P(a post is filled).
    pub filled: Estimate,
    /// Mean number of filled posts.
    pub headcount: Estimate,
    /// Its standard deviation.
    pub headcount_sd: Estimate,
    /// Mean morale with which those who are there worked, `0..=1`.
    pub morale: Estimate,
    /// What those who are there know of their work, `0..=1`.
    pub experience: Estimate,
    /// People who left at the end of the round.
    pub leavers: Estimate,
}

/// What a customer felt in one round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClimateCustomerFigures {
    /// The customer.
    pub name: String,
    /// P(wait <= promise).
    pub on_time: Estimate,
    /// P(on time, free of error, and of good enough quality).
    pub perfect: Estimate,
    /// Mean wait, in hours.
    pub wait: Estimate,
    /// Mean satisfaction, `0..=100`.
    pub satisfaction: Estimate,
}

/// What reads the figures out of an outcome.
struct Reader<'o> {
    outcome: &'o Outcome,
    layout: &'o ClimateLayout,
    climate: &'o ClimateThing,
}

pub(super) fn climate(outcome: &Outcome, layout: &Layout) -> Option<ClimateFigures> {
    let things = &outcome.things;
    let climate = things.climate.as_ref()?;
    let reader = Reader { outcome, layout: layout.climate.as_ref()?, climate };
    let scopes = Scopes::of(things);
    let all = |of: &[Scope<'_>]| of.iter().map(|scope| reader.whole(scope)).collect();
    let (everybody, mut rounds) = (reader.everybody(), Vec::new());
    for round in 0..outcome.meta.rounds {
        let all = |of: &[Scope<'_>]| of.iter().map(|scope| reader.round(round, scope)).collect();
        let employees: &[Scope<'_>] = if outcome.meta.detail >= Detail::Full { &scopes.employees } else { &[] };
        rounds.push(ClimateRoundFigures {
            round,
            warmup: round < outcome.meta.warmup,
            organization: reader.round(round, &everybody),
            departments: all(&scopes.departments),
            employees: all(employees),
            customers: reader.customers(round),
        });
    }
    Some(ClimateFigures {
        set_point: climate.set_point,
        hazard: climate.hazard,
        organization: reader.whole(&everybody),
        departments: all(&scopes.departments),
        employees: all(&scopes.employees),
        rounds,
    })
}

/// Whose posts, and where their figures stand.
struct Scope<'o> {
    name: &'o str,
    place: usize,
    posts: u32,
}

/// In the order of the file.
struct Scopes<'o> {
    departments: Vec<Scope<'o>>,
    employees: Vec<Scope<'o>>,
}

impl<'o> Scopes<'o> {
    fn of(things: &'o Things) -> Self {
        let departments = things.departments.iter().enumerate().map(|(index, department)| {
            (department.at, Scope { name: &department.name, place: 1 + index, posts: department.people })
        });
        let first = 1 + things.departments.len();
        let employees = things
            .employees
            .iter()
            .enumerate()
            .map(|(index, employee)| (employee.at, Scope { name: &employee.name, place: first + index, posts: 1 }));
        Self { departments: in_file_order(departments), employees: in_file_order(employees) }
    }
}

fn in_file_order<T>(of: impl Iterator<Item = (usize, T)>) -> Vec<T> {
    let mut all: Vec<(usize, T)> = of.collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, thing)| thing).collect()
}

impl<'o> Reader<'o> {
    fn everybody(&self) -> Scope<'o> {
        Scope { name: &self.outcome.meta.model, place: 0, posts: self.climate.posts }
    }

    fn event(&self, place: usize) -> Estimate {
        self.outcome.tally.events[self.layout.first[0] + place].estimate()
    }

    fn mean(&self, place: usize, offset: f64) -> Estimate {
        self.outcome.tally.sums[self.layout.first[1] + place].mean_plus(offset)
    }

    fn sd(&self, place: usize) -> Estimate {
        self.outcome.tally.sums[self.layout.first[1] + place].sd_estimate()
    }

    fn whole(&self, scope: &Scope<'_>) -> PostFigures {
        let place = |sum| self.layout.sum(scope.place, sum);
        let mean = |sum| self.mean(place(sum), 0.0);
        PostFigures {
            name: scope.name.to_owned(),
            posts: scope.posts,
            filled: self.event(self.layout.event(scope.place)),
            headcount: mean(ClimateSum::Headcount),
            headcount_sd: self.sd(place(ClimateSum::Headcount)),
            morale: mean(ClimateSum::Morale),
            experience: mean(ClimateSum::Newness).complement(),
            recovery: mean(ClimateSum::Back),
            frustration: mean(ClimateSum::Frustration),
            overload: mean(ClimateSum::Overload),
            recognition: mean(ClimateSum::Recognition),
            cut: mean(ClimateSum::Cut),
            leavers: mean(ClimateSum::Leavers),
            excess_leavers: mean(ClimateSum::Excess),
        }
    }

    fn round(&self, round: u32, scope: &Scope<'_>) -> PostRoundFigures {
        let place = |sum| self.layout.round_sum(round, scope.place, sum);
        let mean = |sum| self.mean(place(sum), 0.0);
        PostRoundFigures {
            name: scope.name.to_owned(),
            filled: self.event(self.layout.round_event(round, scope.place)),
            headcount: mean(ClimateRoundSum::Headcount),
            headcount_sd: self.sd(place(ClimateRoundSum::Headcount)),
            morale: mean(ClimateRoundSum::Morale),
            experience: mean(ClimateRoundSum::Newness).complement(),
            leavers: mean(ClimateRoundSum::Leavers),
        }
    }

    fn customers(&self, round: u32) -> Vec<ClimateCustomerFigures> {
        in_file_order(self.outcome.things.customers.iter().enumerate().map(|(index, customer)| {
            let event = |event| self.event(self.layout.customer_event(round, index, event));
            let sum = |sum, offset| self.mean(self.layout.customer_sum(round, index, sum), offset);
            let figures = ClimateCustomerFigures {
                name: customer.name.clone(),
                on_time: event(ClimateCustomerEvent::OnTime),
                perfect: event(ClimateCustomerEvent::Perfect),
                wait: sum(ClimateCustomerSum::Wait, customer.planned),
                satisfaction: sum(ClimateCustomerSum::Satisfaction, 0.0),
            };
            (customer.at, figures)
        }))
    }
}
