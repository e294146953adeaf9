//! From the sums to the figures.

use super::collect::{Places, Tally};
use super::found::{
    CustomerRipple, DepartmentRipple, DiedOut, PersonRipple, RingRipple, Ripple, RippleFigures, RoundRipple,
    ServiceRipple, Struck,
};
use super::rings::Rings;
use super::sums::{self, Sums};
use crate::plan::disturbance::Disturbances;
use crate::shock::Shock;
use crate::simulation::Sized;
use crate::{Estimate, Plan};

/// A ripple to be written down.
pub(super) struct Of<'a> {
    pub(super) plan: &'a Plan,
    pub(super) size: Sized,
    pub(super) rings: &'a Rings,
    pub(super) places: Places,
    pub(super) tally: &'a Tally,
    pub(super) replications: u64,
    pub(super) tolerance: f64,
}

impl Of<'_> {
    /// These are the shocks, and what they do.
    pub(super) fn ripple(&self, shocks: &[Shock], struck: &Disturbances) -> Ripple {
        let Self { plan, size, tally, replications, tolerance, .. } = *self;
        let description = plan.organization.description();
        Ripple {
            model: description.name.clone(),
            model_hash: plan.fingerprint(),
            currency: description.currency.clone(),
            shocks: shocks.iter().map(|shock| told(shock, size.rounds)).collect(),
            struck_dependencies: dependencies(plan, struck),
            seed: size.seed,
            replications,
            rounds: size.rounds,
            tolerance,
            hit: self.share(tally.hit),
            times_cut: tally.cut,
            last_struck_round: last(struck).min(size.rounds.saturating_sub(1)),
            customers: in_order(plan.customers.iter().map(|customer| customer.at), |at| self.customer(at)),
            people: in_order(plan.employees.iter().map(|employee| employee.at), |at| self.person(at)),
            services: in_order(plan.services.iter().map(|service| service.at), |at| ServiceRipple {
                name: plan.service_label(at).to_owned(),
                employee: plan.employee_name(plan.services[at].employee).to_owned(),
                figures: self.figures(at),
            }),
            departments: in_order(plan.departments.iter().map(|department| department.at), |at| DepartmentRipple {
                name: plan.department_name(at).to_owned(),
                figures: self.figures(self.places.departments + at),
            }),
            rings: (0..tally.people.len()).map(|ring| self.ring(ring)).collect(),
            by_round: (0..size.rounds).map(|round| self.round(round)).collect(),
            died_out: self.died_out(),
        }
    }

    fn share(&self, of: u64) -> Estimate {
        sums::share(of, self.replications)
    }

    fn figures(&self, place: usize) -> RippleFigures {
        let sums = &self.tally.sums[place];
        let Sums { hours, errors, quality, absorbed, caught, covered, spread, .. } = sums;
        RippleFigures {
            hit: self.share(sums.hit),
            later: self.share(sums.later),
            earlier: self.share(sums.earlier),
            wrong: self.share(sums.wrong),
            worse: self.share(sums.worse),
            extra_hours: hours.estimate(self.replications),
            extra_hours_when_later: sums.hours_when_later.mean_plus(0.0),
            extra_hours_p90_when_later: spread.quantile_estimate(0.9),
            extra_hours_when_earlier: sums.hours_when_earlier.mean_plus(0.0),
            extra_errors: errors.estimate(self.replications),
            quality_lost: quality.estimate(self.replications),
            absorbed_hours: absorbed.estimate(self.replications),
            errors_caught: caught.estimate(self.replications),
            covered: covered.estimate(self.replications),
        }
    }

    fn customer(&self, at: usize) -> CustomerRipple {
        let (planned, sums) = (&self.plan.customers[at], &self.tally.customers[at]);
        let perfect_lost = sums.perfect.estimate(self.replications);
        CustomerRipple {
            name: self.plan.customer_name(planned).to_owned(),
            ring: self.rings.customers[at],
            figures: self.figures(self.places.customers + at),
            late: sums.late.estimate(self.replications),
            late_before: sums.late_before.estimate(self.replications),
            perfect_lost,
            perfect_before: sums.perfect_before.estimate(self.replications),
            wait_before: sums.wait_before.estimate(self.replications),
            satisfaction_lost: sums.satisfaction.estimate(self.replications),
            value_lost: perfect_lost.scale(planned.value),
        }
    }

    fn person(&self, at: usize) -> PersonRipple {
        let department = self.plan.employees[at].department;
        PersonRipple {
            name: self.plan.employee_name(at).to_owned(),
            department: department.map(|at| self.plan.department_name(at).to_owned()),
            ring: self.rings.employees[at],
            struck: self.rings.struck[at],
            figures: self.figures(self.places.employees + at),
        }
    }

    fn ring(&self, ring: usize) -> RingRipple {
        let there = |rings: &[Option<u32>]| rings.iter().filter(|one| **one == Some(ring as u32)).count();
        RingRipple {
            ring: ring as u32,
            people: there(&self.rings.employees),
            customers: there(&self.rings.customers),
            people_hit: self.tally.people[ring].estimate(self.replications),
            figures: self.figures(self.places.rings + ring),
        }
    }

    fn round(&self, round: u32) -> RoundRipple {
        let sums = &self.tally.rounds[round as usize];
        RoundRipple {
            round,
            hit: self.share(sums.hit),
            services_hit: sums.services.estimate(self.replications),
            customers_hit: sums.customers.estimate(self.replications),
            extra_wait: sums.wait.estimate(self.replications),
        }
    }

    fn died_out(&self) -> DiedOut {
        let mut still = self.tally.hit;
        let mut by = Vec::with_capacity(self.tally.rounds.len());
        let mut round_90 = None;
        for (round, sums) in (0..).zip(&self.tally.rounds) {
            // Nobody is hit in this round or later, where the last round in which anybody was hit lies before it.
            let out = self.share(self.replications - still);
            if round_90.is_none() && out.estimate >= Some(0.9) {
                round_90 = Some(round);
            }
            by.push(out);
            still -= sums.last;
        }
        let last = self.tally.rounds.last().map_or(0, |round| round.hit);
        DiedOut { by, round_90, still_there: self.share(last) }
    }
}

/// The last round in which anything strikes.
fn last(struck: &Disturbances) -> u32 {
    let services = struck.services().map(|(round, ..)| round);
    let dependencies = struck.dependencies().map(|(round, ..)| round);
    let employees = struck.employees().map(|(round, ..)| round);
    services.chain(dependencies).chain(employees).max().unwrap_or(0)
}

fn told(shock: &Shock, rounds: u32) -> Struck {
    Struck { name: shock.name.clone(), told: shock.told(rounds) }
}

/// The ids of all that are struck, each once, in the order of the file.
fn dependencies(plan: &Plan, struck: &Disturbances) -> Vec<String> {
    let mut ats: Vec<usize> =
        struck.dependencies().map(|(_, dependency, _)| plan.dependencies[dependency].at).collect();
    ats.sort_unstable();
    ats.dedup();
    let ids = &plan.organization.resolved().dependency_ids;
    ats.into_iter().map(|at| ids.at(at).to_owned()).collect()
}

/// Things of the plan in the order of the file.
fn in_order<T>(ats: impl Iterator<Item = usize>, of: impl Fn(usize) -> T) -> Vec<T> {
    let mut order: Vec<(usize, usize)> = ats.enumerate().map(|(place, at)| (at, place)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, place)| of(place)).collect()
}
