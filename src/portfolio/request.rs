//! What is asked for: candidates, a budget, a goal; and what it will take.

use std::sync::atomic::AtomicU64;
use std::time::Instant;

use super::chosen::{Candidate, Choice, Portfolio, PortfolioFormat};
use super::evaluate::{Ground, Set, Tried};
use super::goal::Goal;
use super::knowing::FEWEST_DRAWS;
use super::{exact, knowing, search};
use crate::change::{Scenario, Workshop};
use crate::compare::progress::{Nobody, Progress};
use crate::compare::{Combination, Comparing, Comparison, Effects, Figure, unique};
use crate::distribution::Tables;
use crate::practice::{Case, Practice};
use crate::simulation::Sized;
use crate::streams::{LANES, STREAM_VERSION};
use crate::{Error, ErrorKind, Estimate, Observer, Organization, Simulation};

const DEFAULT_REPLICATIONS: u64 = 4_096;
const DEFAULT_FRESH: u64 = 16_384;
/// Up to two to the power of this many sets all are run unless said otherwise, and at most.
const EXACT: usize = 15;
const MOST_EXACT: usize = 24;
/// Candidates at most: a set is a number of 64 bits.
const MOST: usize = 64;
/// Sets that are close to the best and told.
const RUNNERS_UP: usize = 4;
/// Sets among which the value of knowing is worked out, at most.
const DECIDED_AMONG: usize = 16;
/// Draws of effects at most: all are kept.
const MOST_DRAWS: u64 = 1_000_000;
/// Replications of each of them with each draw, at most.
const KNOWING: u64 = 1_024;

/// A choice to be made: `organization.improve(&candidates, 20_000.0)?.goal(Goal::Perfect).run()?`.
#[derive(Debug, Clone)]
pub struct Improving {
    organization: Organization,
    candidates: Vec<Scenario>,
    costs: Vec<f64>,
    budget: f64,
    goal: Goal,
    no_one_worse: bool,
    exact_up_to: usize,
    fresh: u64,
    draws: u64,
    workshop: Workshop,
    tables: Tables,
    simulation: Simulation,
}

/// What a choice will take.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Foretold {
    /// Whether all sets are run that the budget allows.
    pub is_exact: bool,
    /// How many sets; of a search, about how many.
    pub sets: u64,
    /// Replications in all, the fresh ones included.
    pub replications: u64,
    /// About how many seconds on this machine, from running two sets now.
    pub seconds: f64,
}

impl Organization {
    /// Prepares the choice of the best set of candidates within a budget. Each candidate is taken up as a whole or not at all,
    /// at the cost of its [practices](Scenario::cost_in); those of a set are taken up in the order of the list, the changes
    /// of each before its practices, so that two that act on one thing come one after the other.
    ///
    /// # Errors
    /// [`ErrorKind::Shape`] if there is no candidate; [`ErrorKind::Duplicate`] if two carry one name;
    /// [`ErrorKind::Range`] if there are more than 64, or the budget is not a number of 0 or more; and those of
    /// [`apply`](Organization::apply), where a candidate alone cannot be: paths then begin with its name.
    pub fn improve(&self, candidates: &[Scenario], budget: f64) -> Result<Improving, Error> {
        if candidates.is_empty() {
            let (allowed, mend) = ("one candidate or more", "Add one to `changes` in the model, or write one.");
            return Err(Error::new(ErrorKind::Shape, "changes", "no candidate", allowed, mend));
        }
        unique(candidates)?;
        let range = |path: &str, found: String, allowed: &str, mend: &str| {
            Err(Error::new(ErrorKind::Range, path, found, allowed, mend))
        };
        if candidates.len() > MOST {
            let found = format!("{} candidates", candidates.len());
            return range("changes", found, "up to 64", "Leave out those that are not worth their money alone.");
        }
        if !(0.0..=1e18).contains(&budget) {
            return range("budget", budget.to_string(), "a number, 0 to 1e18", "Write what may be spent.");
        }
        let workshop = Workshop::new(self)?;
        let mut tables = Tables::default();
        let simulation = self.plan_with(&mut tables)?.simulate().replications(DEFAULT_REPLICATIONS);
        let mut costs = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let mut changed = workshop.clone();
            let within = |error: Error| error.within(&candidate.name);
            changed
                .scenario(candidate, |_, practice| practice.mean_effect())
                .and_then(|()| changed.done()?.organization().plan_with(&mut tables))
                .map_err(within)?;
            costs.push(candidate.cost_within(&workshop).map_err(within)?);
        }
        Ok(Improving {
            organization: self.clone(),
            candidates: candidates.to_vec(),
            costs,
            budget,
            goal: Goal::default(),
            no_one_worse: false,
            exact_up_to: EXACT,
            fresh: DEFAULT_FRESH,
            draws: 0,
            workshop,
            tables,
            simulation,
        })
    }
}

impl Improving {
    /// What for; the most perfect engagements unless said.
    #[must_use]
    pub fn goal(mut self, goal: Goal) -> Self {
        self.goal = goal;
        self
    }

    /// Leaves out sets by which any customer is worse off than without, by the figure of the goal, in the sample.
    #[must_use]
    pub fn no_one_worse(mut self) -> Self {
        self.no_one_worse = true;
        self
    }

    /// How many independent replications of each set, `1..=2^40`; 4,096 unless said.
    #[must_use]
    pub fn replications(mut self, replications: u64) -> Self {
        self.simulation = self.simulation.replications(replications);
        self
    }

    /// How many fresh replications the best set is estimated with, under the next seed; 16,384 unless said.
    #[must_use]
    pub fn fresh_replications(mut self, replications: u64) -> Self {
        self.fresh = replications;
        self
    }

    /// The seed; 1 unless said.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.simulation = self.simulation.seed(seed);
        self
    }

    /// Rounds in a replication; those of the model unless said.
    #[must_use]
    pub fn rounds(mut self, rounds: u32) -> Self {
        self.simulation = self.simulation.rounds(rounds);
        self
    }

    /// Rounds at the start of each replication that figures leave out; those of the model unless said.
    #[must_use]
    pub fn warmup(mut self, warmup: u32) -> Self {
        self.simulation = self.simulation.warmup(warmup);
        self
    }

    /// How many threads; those of the rayon pool it runs in unless said. The portfolio is the same, to the last bit.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.simulation = self.simulation.threads(threads);
        self
    }

    /// All sets that the budget allows are run where there are no more of them than so many candidates have, 2^candidates;
    /// beyond it is searched. 15 unless said, `0..=24`; each more doubles the time.
    #[must_use]
    pub fn exact_up_to(mut self, candidates: usize) -> Self {
        self.exact_up_to = candidates;
        self
    }

    /// Works out what it would be worth to know effects of which only a range is known, with so many draws of them
    /// (some hundreds; 20 at least, a million at most); not done unless said.
    #[must_use]
    pub fn value_of_knowing(mut self, draws: u64) -> Self {
        self.draws = draws;
        self
    }

    fn ground(&self, size: Sized) -> Ground<'_> {
        Ground {
            candidates: &self.candidates,
            costs: self.costs.clone(),
            budget: self.budget,
            goal: self.goal,
            no_one_worse: self.no_one_worse,
            size,
            workshop: self.workshop.clone(),
            tables: self.tables.clone(),
            cut: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// How many sets the budget allows, where so many are run.
    fn exact_sets(&self, ground: &Ground<'_>) -> Option<u64> {
        exact::count(ground, 1 << self.exact_up_to)
    }

    fn size(&self) -> Result<Sized, Error> {
        let range = |path: &str, found: String, allowed: String, mend: &str| {
            Err(Error::new(ErrorKind::Range, path, found, allowed, mend))
        };
        if self.draws != 0 && !(FEWEST_DRAWS..=MOST_DRAWS).contains(&self.draws) {
            let (found, allowed) = (format!("{} draws", self.draws), format!("0, or {FEWEST_DRAWS} to {MOST_DRAWS}"));
            return range("value_of_knowing", found, allowed, "Ask for some hundreds, e.g. 256.");
        }
        if self.exact_up_to > MOST_EXACT {
            let (found, allowed) = (self.exact_up_to.to_string(), format!("0 to {MOST_EXACT}"));
            return range("exact_up_to", found, allowed, "Leave it to the search where there are more sets.");
        }
        let has_value = |one: &crate::organization::Customer| one.value.is_some_and(|value| value > 0.0);
        if self.goal == Goal::ValueLost && !self.organization.description().customers.iter().any(has_value) {
            let (found, allowed) =
                ("least value lost, where no customer has a value", "a goal that something is lost by");
            let mend = "Give customers a `value`, or choose another goal.";
            return range("goal", found.to_owned(), allowed.to_owned(), mend);
        }
        self.simulation.clone().replications(self.fresh).check()?;
        self.simulation.sized()
    }

    /// How many sets there are to be run, and replications in all.
    fn amount(&self, ground: &Ground<'_>, exact: Option<u64>) -> (u64, u64) {
        // Two greedy ways, pairs and one from the best of them, and two exchanges after each and at the end.
        let count = self.candidates.len() as u64;
        let sets = exact.unwrap_or(count * count * 7 / 2);
        let each = if exact.is_some() { ground.size.replications } else { ground.size.replications.div_ceil(2) };
        let knowing = self.draws.saturating_mul(DECIDED_AMONG as u64 * KNOWING.min(ground.size.replications));
        let rest = 2 * ground.size.replications + 4 * self.fresh + knowing;
        (sets, sets.saturating_mul(each).saturating_add(rest))
    }

    /// What it will take, before it is begun: how many sets and replications, and about how long, from running two sets now.
    ///
    /// # Errors
    /// As [`run`](Improving::run).
    pub fn foretell(&self) -> Result<Foretold, Error> {
        let ground = self.ground(self.size()?);
        let exact = self.exact_sets(&ground);
        let (sets, replications) = self.amount(&ground, exact);
        let probe = ground.size.replications.min(4 * LANES as u64);
        let everything = Set::MAX >> (MOST - self.candidates.len());
        let (mut making, mut running) = (0.0, 0.0);
        for set in [0, everything] {
            let begun = Instant::now();
            if let Ok(plan) = ground.made(set, Practice::mean_effect) {
                making += begun.elapsed().as_secs_f64() / 2.0;
                let begun = Instant::now();
                ground.score(plan, probe);
                running += begun.elapsed().as_secs_f64() / 2.0 / probe as f64;
            }
        }
        let threads = self.simulation.in_pool(rayon::current_num_threads)? as f64;
        let seconds = (making * sets as f64 + running * replications as f64) / threads;
        Ok(Foretold { is_exact: exact.is_some(), sets, replications, seconds })
    }

    /// Makes the choice.
    ///
    /// # Errors
    /// As [`Simulation::run`]; [`ErrorKind::Range`] where 1 to 19 draws or more than a million are asked for, more than 24
    /// candidates to be exact for, or the least value lost where no customer has a value.
    ///
    /// # Complexity
    /// Up to 2^15 sets that the budget allows: a run for each. Beyond: a few hundred to a few thousand runs. Memory does not grow with replications.
    pub fn run(&self) -> Result<Portfolio, Error> {
        self.run_observed(&mut Nobody)
    }

    /// Makes the choice, shows progress to an observer, and stops if the observer wants it. Replications of all sets are
    /// counted together; samples are not given.
    ///
    /// # Errors
    /// As [`run`](Improving::run); [`ErrorKind::Cancelled`] if the observer stopped it.
    pub fn run_observed(&self, observer: &mut (dyn Observer + Send)) -> Result<Portfolio, Error> {
        let size = self.size()?;
        self.simulation.in_pool(|| self.run_here(size, observer))?
    }

    fn run_here(&self, size: Sized, observer: &mut (dyn Observer + Send)) -> Result<Portfolio, Error> {
        let ground = self.ground(size);
        let exact = self.exact_sets(&ground);
        let (_, replications) = self.amount(&ground, exact);
        let progress = Progress::new(observer, replications);
        let nothing = ground.nothing(size.replications)?;
        let as_it_is = nothing.figure;
        let (tried, count) = if exact.is_some() {
            let tried = exact::all(&ground, &nothing, &progress);
            let count = tried.len() as u64;
            (tried, count)
        } else {
            search::search(&ground, &progress)?
        };
        if progress.is_stopped() {
            progress.end()?;
            return Err(Error::new(ErrorKind::Cancelled, "", "stopped", "a run to its end", "Run it again."));
        }
        let Some(best) = ground.best(&tried).cloned() else {
            return Err(Error::new(
                ErrorKind::Range,
                "budget",
                "no set that could be run",
                "a budget of 0 or more",
                "Name a budget.",
            ));
        };
        let frontier = ground.frontier(&tried);
        let mut order: Vec<&Tried> = tried.iter().filter(|one| one.is_allowed && one.set != best.set).collect();
        order.sort_by(
            |a, b| {
                if ground.is_better(a, b) { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater }
            },
        );
        let knowing = if self.draws > 0 {
            let mut sets: Vec<Set> = vec![best.set, 0];
            let others = frontier.iter().rev().map(|one| one.set).chain(order.iter().map(|one| one.set));
            for set in others {
                if sets.len() < DECIDED_AMONG && !sets.contains(&set) {
                    sets.push(set);
                }
            }
            knowing::knowing(&ground, &sets, self.draws, KNOWING.min(size.replications), &progress)
        } else {
            None
        };
        let fresh =
            |effects: Effects, seed: u64, replications: u64| self.compared(&ground, &best, effects, seed, replications);
        let at_mean = Effects::At(Case::Expected);
        let figure = self.goal.figure();
        let in_sample = difference(&fresh(at_mean, size.seed, size.replications)?, figure);
        let on_fresh = fresh(at_mean, size.seed.wrapping_add(1), self.fresh)?;
        let is_uncertain = self.combined(&ground, &best).is_uncertain();
        let uncertain = if is_uncertain {
            difference(&fresh(Effects::Drawn, size.seed.wrapping_add(1), self.fresh)?, figure)
        } else {
            None
        };
        let flattery = flattery(in_sample.as_ref(), difference(&on_fresh, figure).as_ref(), self.goal);
        progress.end()?;

        let sign = self.goal.sign();
        let choice = |one: &Tried| Choice {
            candidates: ground.names(one.set),
            cost: one.cost,
            figure: one.figure,
            gain: sign * (one.figure - as_it_is),
        };
        let candidate = |(place, candidate): (usize, &Scenario)| Candidate {
            name: candidate.name.clone(),
            cost: self.costs[place],
            is_plain: candidate.practices.is_empty(),
            gain_alone: tried.iter().find(|one| one.set == 1 << place).map(|one| sign * (one.figure - as_it_is)),
            is_chosen: best.set >> place & 1 == 1,
        };
        let description = self.organization.description();
        Ok(Portfolio {
            format: PortfolioFormat::V1,
            model: description.name.clone(),
            model_hash: self.organization.fingerprint(),
            seed: size.seed,
            replications: size.replications,
            rounds: size.rounds,
            warmup: size.warmup,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            stream_version: STREAM_VERSION,
            currency: description.currency.clone(),
            goal: self.goal,
            budget: self.budget,
            no_one_worse: self.no_one_worse,
            is_exact: exact.is_some(),
            tried: count,
            refused: ground.refused.load(std::sync::atomic::Ordering::Relaxed),
            candidates: self.candidates.iter().enumerate().map(candidate).collect(),
            as_it_is,
            best: choice(&best),
            runners_up: order.iter().take(RUNNERS_UP).map(|one| choice(one)).collect(),
            frontier: frontier.iter().map(choice).collect(),
            in_sample,
            fresh: on_fresh,
            flattery,
            uncertain,
            knowing,
            cut: ground.cut.load(std::sync::atomic::Ordering::Relaxed),
            cite: format!("ripple-effect {} (see CITATION.cff)", env!("CARGO_PKG_VERSION")),
        })
    }

    fn combined(&self, ground: &Ground<'_>, best: &Tried) -> Combination {
        Combination { name: "the best set".to_owned(), scenarios: ground.scenarios(best.set) }
    }

    fn compared(
        &self,
        ground: &Ground<'_>,
        best: &Tried,
        effects: Effects,
        seed: u64,
        replications: u64,
    ) -> Result<Comparison, Error> {
        Comparing::new(&self.organization, vec![self.combined(ground, best)])?
            .effects(effects)
            .rounds(ground.size.rounds)
            .warmup(ground.size.warmup)
            .seed(seed)
            .replications(replications)
            .run()
    }
}

fn difference(comparison: &Comparison, figure: Figure) -> Option<crate::compare::Difference> {
    comparison.scenarios.first()?.everybody(figure).cloned()
}

/// The two samples share no day: their errors add up as those of independent figures do.
fn flattery(
    in_sample: Option<&crate::compare::Difference>,
    fresh: Option<&crate::compare::Difference>,
    goal: Goal,
) -> Estimate {
    /// The standard normal quantile of 0.975.
    const Z: f64 = 1.959_963_984_540_054;
    let values = in_sample.zip(fresh);
    let Some((one, other)) = values.and_then(|(a, b)| a.difference.estimate.zip(b.difference.estimate)) else {
        return Estimate::default();
    };
    let errors = values.and_then(|(a, b)| a.standard_error.zip(b.standard_error));
    Estimate::plus_minus(goal.sign() * (one - other), errors.map(|(a, b)| Z * a.hypot(b)))
}
