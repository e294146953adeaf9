//! The climate compiled: defaults decided, decay worked out, hours planned for each post.

use super::{Plan, PlannedEmployee, PlannedService};
use crate::Probability;
use crate::grid;
use crate::organization::Climate;
use crate::streams::Chance;

const SET_POINT: f64 = 0.7;
const RECOVERY: f64 = 0.1;
const FRUSTRATION: f64 = 0.05;
const OVERLOAD: f64 = 0.05;
const PACE: f64 = 0.1;
const ERRORS: f64 = 0.2;
const LIFT: f64 = 0.05;
const BACKFIRE: f64 = 0.33;
const HARM: f64 = 0.02;
const LEAVING: f64 = 1.0;
const COVER: f64 = 1.25;
const SHARED: f64 = 1.0;
const FIRST_DURATION: f64 = 1.5;
const FIRST_ERRORS: f64 = 1.5;

/// What the loops over replications need. Morale, and what moves it, lies on the grid of time, so that sums are exact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Coefficients {
    pub(crate) set_point: f64,
    pub(crate) recovery: f64,
    pub(crate) frustration: f64,
    pub(crate) overload: f64,
    pub(crate) pace: f64,
    pub(crate) errors: f64,
    pub(crate) lift: f64,
    pub(crate) harm: f64,
    pub(crate) hazard: f64,
    pub(crate) leaving: f64,
    pub(crate) cover: f64,
    pub(crate) shared: f64,
    /// The factors of a newcomer's first round, less 1.
    pub(crate) first_duration: f64,
    pub(crate) first_errors: f64,
    /// What is left after a round of what was missing.
    pub(crate) decay: f64,
}

/// The climate of a plan.
#[derive(Debug, Clone)]
pub(crate) struct PlannedClimate {
    /// As it is written, off the grid.
    pub(crate) set_point: f64,
    pub(crate) coefficients: Coefficients,
    pub(crate) recognition: Chance,
    pub(crate) backfire: Chance,
    pub(crate) filled: Chance,
    /// Whether anybody ever leaves.
    pub(crate) turnover: bool,
    /// Hours planned for the work of each employee in a round, on the grid.
    pub(crate) hours: Vec<f64>,
    /// At most so many times does the climate multiply the hours of each employee's work.
    slowest: Vec<f64>,
}

impl PlannedClimate {
    /// O(employees + services), once planned times are known.
    pub(super) fn of(climate: &Climate, plan: &Plan) -> Self {
        let share = |value: Option<Probability>, default: f64| value.map_or(default, Probability::get);
        let recognition = climate.recognition.as_ref();
        let turnover = climate.turnover.as_ref();
        let learning = turnover.and_then(|turnover| turnover.learning.as_ref());
        let coefficients = Coefficients {
            set_point: grid::round(share(climate.set_point, SET_POINT)),
            recovery: share(climate.recovery, RECOVERY),
            frustration: share(climate.frustration, FRUSTRATION),
            overload: share(climate.overload, OVERLOAD),
            pace: share(climate.pace, PACE),
            errors: climate.errors.unwrap_or(ERRORS),
            lift: grid::round(recognition.map_or(0.0, |recognition| share(recognition.lift, LIFT))),
            harm: grid::round(recognition.map_or(0.0, |recognition| share(recognition.harm, HARM))),
            hazard: turnover.map_or(0.0, |turnover| turnover.hazard.get()),
            leaving: turnover.map_or(0.0, |turnover| turnover.morale.unwrap_or(LEAVING)),
            cover: turnover.map_or(1.0, |turnover| turnover.cover.unwrap_or(COVER)),
            shared: turnover.map_or(0.0, |turnover| share(turnover.shared, SHARED)),
            first_duration: learning.map_or(0.0, |learning| learning.duration.unwrap_or(FIRST_DURATION) - 1.0),
            first_errors: learning.map_or(0.0, |learning| learning.errors.unwrap_or(FIRST_ERRORS) - 1.0),
            decay: learning.map_or(0.0, |learning| libm::exp2(-1.0 / learning.half_life)),
        };
        let chance = |value: Option<f64>| Chance::new(value.unwrap_or(0.0));
        let hours = hours(&plan.employees, &plan.services);
        let slowest = slowest(plan, &hours, &coefficients);
        Self {
            set_point: share(climate.set_point, SET_POINT),
            recognition: chance(recognition.map(|recognition| recognition.probability.get())),
            backfire: chance(recognition.map(|recognition| share(recognition.backfire, BACKFIRE))),
            filled: chance(turnover.map(|turnover| turnover.filled.get())),
            turnover: coefficients.hazard > 0.0,
            hours,
            slowest,
            coefficients,
        }
    }

    /// The largest factor of the climate on the hours of an employee's work.
    pub(crate) fn slowest(&self, employee: usize) -> f64 {
        self.slowest[employee]
    }
}

/// The standards of everything that an employee provides.
fn hours(employees: &[PlannedEmployee], services: &[PlannedService]) -> Vec<f64> {
    let mut hours = vec![0.0; employees.len()];
    for service in services {
        hours[service.employee] += service.finish - service.start;
    }
    hours
}

fn slowest(plan: &Plan, hours: &[f64], c: &Coefficients) -> Vec<f64> {
    // All of a department's work falls on whoever of it has the fewest hours.
    let mut all = vec![0.0; plan.departments.len()];
    let mut fewest = vec![f64::INFINITY; plan.departments.len()];
    for (employee, &hours) in plan.employees.iter().zip(hours) {
        if let Some(department) = employee.department {
            all[department] += hours;
            if hours > 0.0 && hours < fewest[department] {
                fewest[department] = hours;
            }
        }
    }
    let of = |employee: &PlannedEmployee| {
        let load = match employee.department {
            Some(department) if c.hazard > 0.0 => 1.0 + c.shared * (all[department] / fewest[department]),
            _ => 1.0,
        };
        let newcomer = if c.first_duration > 0.0 { 1.0 + c.first_duration } else { 1.0 };
        let present = (1.0 + c.pace * c.set_point) * newcomer * load;
        // Less what rounding may add.
        let cover = if c.hazard > 0.0 { c.cover } else { 1.0 };
        1.000_001 * if present > cover { present } else { cover }
    };
    plan.employees.iter().map(of).collect()
}
