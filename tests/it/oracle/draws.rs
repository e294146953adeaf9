//! What was drawn, read from a trace, and whether it could have been drawn.

use std::collections::{HashMap, HashSet};

use ripple_effect::{Distribution, Trace, TracedDependency, TracedRound, TracedService};

use super::{Model, on_grid};

/// The draws of one replication. It should run some rounds longer than what is compared: work that waits for an
/// absent employee waits for a round that may lie after the last one.
pub(crate) struct Draws<'t> {
    pub(crate) rounds: Vec<RoundDraws<'t>>,
}

pub(crate) struct RoundDraws<'t> {
    pub(crate) release: f64,
    pub(crate) absent: HashSet<&'t str>,
    services: HashMap<&'t str, &'t TracedService>,
    dependencies: HashMap<&'t str, &'t TracedDependency>,
}

impl<'t> Draws<'t> {
    pub(crate) fn of(trace: &'t Trace) -> Self {
        let round = |(number, round): (usize, &'t TracedRound)| {
            assert_eq!(round.round as usize, number, "rounds are numbered from 0");
            RoundDraws {
                release: round.release,
                absent: round.absent.iter().map(String::as_str).collect(),
                services: round.services.iter().map(|service| (service.service.as_str(), service)).collect(),
                dependencies: round.dependencies.iter().map(|one| (one.dependency.as_str(), one)).collect(),
            }
        };
        Self { rounds: trace.rounds.iter().enumerate().map(round).collect() }
    }

    /// Nobody who is never absent is; releases start at 0 and never go back.
    pub(crate) fn check(&self, model: &Model, cadence: Option<f64>) {
        assert_eq!(self.rounds[0].release, 0.0, "the first release");
        for round in &self.rounds {
            for name in &round.absent {
                assert!(model.employees[*name].absence > 0.0, "{name} is never absent");
            }
        }
        for (number, pair) in self.rounds.windows(2).enumerate() {
            let between = pair[1].release - pair[0].release;
            match cadence {
                Some(cadence) => assert_eq!(pair[1].release, (number + 1) as f64 * cadence, "release {}", number + 1),
                None => check_hours("the time between two releases", between, model.cadence.as_ref().unwrap()),
            }
        }
    }
}

impl RoundDraws<'_> {
    /// The drawn hours of work.
    pub(crate) fn duration(&self, model: &Model, label: &str) -> f64 {
        let drawn = self.services[label].duration;
        check_hours(&format!("the duration of {label}"), drawn, &model.services[label].duration);
        drawn
    }

    /// The product of the paces of who does it, of that person's department, and of the backup.
    pub(crate) fn pace(&self, model: &Model, label: &str, done_by: &str) -> f64 {
        let drawn = self.services[label].pace;
        let (service, employee) = (&model.services[label], &model.employees[done_by]);
        let one = Distribution::from(1.0);
        let backup = service.backup.as_ref().filter(|_| done_by != service.employee);
        let backup_pace = backup.and_then(|backup| backup.pace.as_ref()).unwrap_or(&one);
        let factors = [&employee.pace, &employee.department_pace, backup_pace];
        if let [Some(own), Some(department), Some(backup)] = factors.map(possible_values) {
            let products = own
                .iter()
                .flat_map(|a| department.iter().map(move |b| a * b))
                .flat_map(|ab| backup.iter().map(move |c| ab * c))
                .collect::<Vec<f64>>();
            assert!(products.contains(&drawn), "the pace of {done_by} at {label} was {drawn}, not one of {products:?}");
        }
        drawn
    }

    pub(crate) fn workmanship(&self, model: &Model, label: &str) -> f64 {
        let drawn = self.services[label].workmanship;
        assert!((0.0..=1.0).contains(&drawn), "the workmanship of {label} was {drawn}");
        if let Some(values) = possible_values(&model.services[label].workmanship) {
            assert!(values.contains(&drawn), "the workmanship of {label} was {drawn}, not one of {values:?}");
        }
        drawn
    }

    /// Whether a mistake was made.
    pub(crate) fn own_error(&self, model: &Model, label: &str, done_by: &str, late_start: bool) -> bool {
        let service = &model.services[label];
        let backup = service.backup.as_ref().filter(|_| done_by != service.employee);
        let rate = backup.and_then(|backup| backup.error_rate).map_or(service.error_rate, |rate| rate.get());
        let probability = rate + if late_start { service.rush } else { 0.0 };
        let drawn = self.services[label].own_error;
        check_chance(&format!("an own error of {label} (late start: {late_start})"), drawn, probability);
        drawn
    }

    pub(crate) fn needed(&self, model: &Model, id: &str) -> bool {
        let drawn = self.dependencies[id].needed;
        check_chance(&format!("whether {id} is needed"), drawn, model.dependencies[id].needed);
        drawn
    }

    pub(crate) fn handoff(&self, model: &Model, id: &str) -> f64 {
        let drawn = self.dependencies[id].handoff;
        check_hours(&format!("the hand-off of {id}"), drawn, &model.dependencies[id].handoff);
        drawn
    }

    /// Whether the request went unanswered, and the hours then lost.
    pub(crate) fn silence(&self, model: &Model, id: &str) -> (bool, f64) {
        let traced = self.dependencies[id];
        let Some(silence) = &model.dependencies[id].silence else {
            assert!(!traced.silent, "{id} is never silent");
            return (false, 0.0);
        };
        check_chance(&format!("the silence of {id}"), traced.silent, silence.probability.get());
        if !traced.silent {
            return (false, 0.0);
        }
        check_hours(&format!("the chase of {id}"), traced.chase, &silence.chase);
        (true, traced.chase)
    }

    /// Whether the error that came in was caught, and the hours that cost.
    pub(crate) fn caught(&self, model: &Model, id: &str, error_in: bool) -> (bool, f64) {
        let traced = self.dependencies[id];
        let dependency = &model.dependencies[id];
        if !error_in {
            assert!(!traced.caught, "{id}: an error was caught where none came in");
            return (false, 0.0);
        }
        check_chance(&format!("the detection over {id}"), traced.caught, dependency.detection);
        if !traced.caught {
            return (false, 0.0);
        }
        check_hours(&format!("the rework over {id}"), traced.rework, &dependency.rework);
        (true, traced.rework)
    }

    /// Whether an error that was used uncaught was passed on.
    pub(crate) fn passed(&self, model: &Model, id: &str, used_uncaught: bool) -> bool {
        let drawn = self.dependencies[id].passed;
        if !used_uncaught {
            assert!(!drawn, "{id}: an error was passed on where none was used uncaught");
            return false;
        }
        check_chance(&format!("the transmission over {id}"), drawn, model.dependencies[id].transmission);
        drawn
    }
}

/// What has probability 0 does not happen, what has probability 1 does.
fn check_chance(what: &str, happened: bool, probability: f64) {
    assert!(!(happened && probability <= 0.0), "{what}: it happened, with probability {probability}");
    assert!(happened || probability < 1.0, "{what}: it did not happen, with probability {probability}");
}

/// Sampled hours lie on the grid, and where the distribution can put them.
fn check_hours(what: &str, drawn: f64, distribution: &Distribution) {
    assert_eq!(drawn, on_grid(drawn), "{what} is not on the grid");
    match possible_values(distribution) {
        Some(values) => {
            let on_grid: Vec<f64> = values.into_iter().map(on_grid).collect();
            assert!(on_grid.contains(&drawn), "{what} was {drawn}, not one of {on_grid:?}");
        }
        None => {
            // The tables that samples come from may round the ends of the support in their last bits.
            let slack = 1e-6;
            let (least, most) = (distribution.quantile(0.0), distribution.quantile(1.0));
            assert!(
                (least - slack..=most + slack).contains(&drawn),
                "{what} was {drawn}, not within {least} to {most}"
            );
        }
    }
}

/// The values of a distribution that has only a few.
fn possible_values(distribution: &Distribution) -> Option<Vec<f64>> {
    match distribution {
        Distribution::Constant { value } => Some(vec![*value]),
        Distribution::Empirical { values, .. } => Some(values.clone()),
        _ => None,
    }
}
