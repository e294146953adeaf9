//! What comes of the plan and the draws, round by round.

use std::collections::HashMap;

use ripple_effect::organization::{Kind, Start};

use super::draws::{Draws, RoundDraws};
use super::plan::earliest;
use super::{Model, Plan, on_grid};

pub(crate) struct Round {
    pub(crate) release: f64,
    /// By label.
    pub(crate) services: HashMap<String, ServiceDone>,
    /// By id.
    pub(crate) inputs: HashMap<String, InputCame>,
    /// By name.
    pub(crate) customers: HashMap<String, CustomerGot>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ServiceDone {
    pub(crate) done_by: String,
    pub(crate) planned_start: f64,
    pub(crate) planned_finish: f64,
    pub(crate) ready: f64,
    pub(crate) allowed: f64,
    pub(crate) server_free: f64,
    pub(crate) start: f64,
    pub(crate) finish: f64,
    pub(crate) work: f64,
    pub(crate) own_error: bool,
    pub(crate) error: bool,
    pub(crate) quality: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InputCame {
    pub(crate) needed: bool,
    /// Not where it is not needed, nor in the first rounds of a lag.
    pub(crate) delivered: bool,
    /// Only where it is delivered.
    pub(crate) planned_arrival: Option<f64>,
    pub(crate) silent: bool,
    pub(crate) error_in: bool,
    pub(crate) caught: bool,
    /// 0 where nothing is delivered.
    pub(crate) arrival: f64,
    pub(crate) quality: f64,
    pub(crate) used: bool,
    pub(crate) passed: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CustomerGot {
    pub(crate) wait: f64,
    pub(crate) lateness: f64,
    pub(crate) error: bool,
    pub(crate) quality: f64,
    pub(crate) satisfaction: f64,
    pub(crate) perfect: bool,
}

/// The first rounds of a replication; `None` where the draws end before somebody is back on whom work waits.
pub(crate) fn run(model: &Model, plan: &Plan, draws: &Draws<'_>, rounds: usize) -> Option<Vec<Round>> {
    draws.check(model, plan.cadence);
    let mut servers: HashMap<&str, Vec<f64>> =
        model.employees.iter().map(|(name, employee)| (name.as_str(), vec![0.0; employee.capacity])).collect();
    let mut past: Vec<Round> = Vec::new();
    for k in 0..rounds {
        let drawn = &draws.rounds[k];
        let mut now = Round {
            release: drawn.release,
            services: HashMap::new(),
            inputs: HashMap::new(),
            customers: HashMap::new(),
        };
        for label in &plan.order {
            receive(model, plan, drawn, &past, &mut now, label);
            let ready = ready(model, &now, label);
            let service = &model.services[label];

            let mut allowed = drawn.release;
            if model.start == Start::Planned {
                allowed = allowed.max(drawn.release + plan.services[label].start);
            }
            let mut done_by = service.employee.as_str();
            if drawn.absent.contains(done_by) {
                match &service.backup {
                    Some(backup) if !drawn.absent.contains(backup.employee.as_str()) => {
                        done_by = backup.employee.as_str();
                    }
                    _ => {
                        let back = draws.rounds[k + 1..].iter().find(|later| !later.absent.contains(done_by))?;
                        allowed = allowed.max(back.release);
                    }
                }
            }

            let free = servers.get_mut(done_by).unwrap();
            let server = earliest(free);
            let server_free = free[server];
            let start = ready.max(allowed).max(server_free);
            let work = on_grid(drawn.pace(model, label, done_by) * drawn.duration(model, label));
            let finish = start + work;
            free[server] = finish;

            for id in model.inputs_of(label) {
                if model.dependencies[id].is_helpful() {
                    let input = now.inputs.get_mut(id).unwrap();
                    input.used = input.needed && input.arrival <= start;
                }
            }
            let passed_in = pass(model, drawn, &mut now, label);
            let planned_start = drawn.release + plan.services[label].start;
            let own_error = drawn.own_error(model, label, done_by, start > planned_start);
            let quality = drawn.workmanship(model, label) * weakest_link(model, &now, label);
            now.services.insert(
                label.clone(),
                ServiceDone {
                    done_by: done_by.to_owned(),
                    planned_start,
                    planned_finish: drawn.release + plan.services[label].finish,
                    ready,
                    allowed,
                    server_free,
                    start,
                    finish,
                    work,
                    own_error,
                    error: own_error || passed_in,
                    quality,
                },
            );
        }
        for name in model.customers.keys() {
            receive(model, plan, drawn, &past, &mut now, name);
            let ready = ready(model, &now, name);
            for id in model.inputs_of(name) {
                if model.dependencies[id].is_helpful() {
                    let input = now.inputs.get_mut(id).unwrap();
                    input.used = input.needed && input.arrival <= ready;
                }
            }
            let error = pass(model, drawn, &mut now, name);
            let quality = weakest_link(model, &now, name);
            let got = feel(model, plan, name, ready - drawn.release, error, quality);
            now.customers.insert(name.clone(), got);
        }
        past.push(now);
    }
    Some(past)
}

/// What comes in, and which of what is waited for is used.
fn receive(model: &Model, plan: &Plan, drawn: &RoundDraws<'_>, past: &[Round], now: &mut Round, receiver: &str) {
    let k = past.len();
    let inputs = model.inputs_of(receiver);
    for &id in &inputs {
        let dependency = &model.dependencies[id];
        // Before the first delivery of a lag nothing is drawn: the input is there, correct and whole.
        let mut came = InputCame {
            needed: true,
            delivered: false,
            planned_arrival: None,
            silent: false,
            error_in: false,
            caught: false,
            arrival: 0.0,
            quality: 1.0,
            used: false,
            passed: false,
        };
        if k >= dependency.lag {
            came.needed = drawn.needed(model, id);
            came.delivered = came.needed;
        }
        if came.delivered {
            let delivery = if dependency.lag == 0 { &*now } else { &past[k - dependency.lag] };
            let provider = &delivery.services[&dependency.provider];
            let (silent, chase) = drawn.silence(model, id);
            let (caught, rework) = drawn.caught(model, id, provider.error);
            came.planned_arrival = Some(delivery.release + plan.arrivals[id]);
            came.silent = silent;
            came.error_in = provider.error;
            came.caught = caught;
            came.arrival = provider.finish + drawn.handoff(model, id) + chase + rework;
            came.quality = provider.quality;
        }
        came.used = came.needed && dependency.kind == Kind::Required;
        now.inputs.insert(id.to_owned(), came);
    }
    for (count, members) in model.groups_among(&inputs) {
        let mut needed: Vec<&str> = members.into_iter().filter(|id| now.inputs[*id].needed).collect();
        needed.sort_by(|a, b| now.inputs[*a].arrival.total_cmp(&now.inputs[*b].arrival).then(a.cmp(b)));
        for id in needed.into_iter().take(count) {
            now.inputs.get_mut(id).unwrap().used = true;
        }
    }
}

/// When all that is waited for is there, at the release at the earliest.
fn ready(model: &Model, now: &Round, receiver: &str) -> f64 {
    let mut ready = now.release;
    for id in model.inputs_of(receiver) {
        let input = &now.inputs[id];
        if input.used && !model.dependencies[id].is_helpful() {
            ready = ready.max(input.arrival);
        }
    }
    ready
}

/// Whether any error is passed in by an input that is used.
fn pass(model: &Model, drawn: &RoundDraws<'_>, now: &mut Round, receiver: &str) -> bool {
    let mut any = false;
    for id in model.inputs_of(receiver) {
        let input = now.inputs.get_mut(id).unwrap();
        if input.delivered {
            input.passed = drawn.passed(model, id, input.used && input.error_in && !input.caught);
        }
        any |= input.passed;
    }
    any
}

/// The quality that the inputs allow.
fn weakest_link(model: &Model, now: &Round, receiver: &str) -> f64 {
    let mut terms = Vec::new();
    let mut least: f64 = 1.0;
    for id in model.inputs_of(receiver) {
        let (dependency, input) = (&model.dependencies[id], &now.inputs[id]);
        let quality = match (input.used, input.needed && dependency.is_helpful()) {
            (true, _) => input.quality,
            (false, true) => 0.0,
            (false, false) => continue,
        };
        if dependency.strength > 0.0 {
            terms.push(1.0 - dependency.strength * (1.0 - quality));
        }
        least = least.min(quality + dependency.criticality);
    }
    let mean = if terms.is_empty() { 1.0 } else { terms.iter().sum::<f64>() / terms.len() as f64 };
    mean.min(least)
}

fn feel(model: &Model, plan: &Plan, name: &str, wait: f64, error: bool, quality: f64) -> CustomerGot {
    let (customer, promise) = (&model.customers[name], plan.promises[name]);
    let on_time = wait <= promise;
    let share_of_promise = if on_time { 1.0 } else { promise / wait };
    let factor_of_errors = if error { customer.factor_of_an_error } else { 1.0 };
    let factor_of_lateness = 1.0 - customer.weight_of_lateness * (1.0 - share_of_promise);
    CustomerGot {
        wait,
        lateness: (wait - promise).max(0.0),
        error,
        quality,
        satisfaction: 100.0 * quality * factor_of_errors * factor_of_lateness,
        perfect: on_time && !error && quality >= customer.perfect_quality,
    }
}
