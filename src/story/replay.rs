//! A trace that fits its plan, and whose job was before whose on each server.

use std::collections::HashMap;

use crate::plan::PlannedDependency;
use crate::{Error, ErrorKind, Plan, Trace, TracedDependency, TracedRound, TracedService};

/// A service in a round: indices into the trace's rounds and the plan's services.
pub(super) type Job = (usize, usize);

pub(super) struct Replay<'a> {
    pub(super) plan: &'a Plan,
    pub(super) trace: &'a Trace,
    /// For each round and service, the job that its server did before.
    before: Vec<Vec<Option<Job>>>,
}

impl<'a> Replay<'a> {
    pub(super) fn new(plan: &'a Plan, trace: &'a Trace) -> Result<Self, Error> {
        let employees: HashMap<&str, usize> =
            (0..plan.employees.len()).map(|employee| (plan.employee_name(employee), employee)).collect();
        let mut free: Vec<Vec<f64>> = plan.employees.iter().map(|employee| vec![0.0; employee.capacity]).collect();
        let mut last: Vec<Vec<Option<Job>>> =
            plan.employees.iter().map(|employee| vec![None; employee.capacity]).collect();
        let mut before = Vec::with_capacity(trace.rounds.len());
        for (number, round) in trace.rounds.iter().enumerate() {
            if !fits(plan, round, number) {
                return Err(mismatch(format!("a trace of {:?} whose round {number} is another's", trace.model)));
            }
            let mut row = Vec::with_capacity(round.services.len());
            for (index, service) in round.services.iter().enumerate() {
                let Some(&employee) = employees.get(service.done_by.as_str()) else {
                    return Err(mismatch(format!("work done by {:?}", service.done_by)));
                };
                // Which of equal servers takes it is as in the engine: the lowest of those that are free earliest.
                let server = lowest(&free[employee]);
                row.push(last[employee][server]);
                free[employee][server] = service.finish;
                last[employee][server] = Some((number, index));
            }
            before.push(row);
        }
        Ok(Self { plan, trace, before })
    }

    pub(super) fn round(&self, round: usize) -> &'a TracedRound {
        &self.trace.rounds[round]
    }

    pub(super) fn service(&self, (round, service): Job) -> &'a TracedService {
        &self.trace.rounds[round].services[service]
    }

    pub(super) fn dependency(&self, round: usize, dependency: usize) -> &'a TracedDependency {
        &self.trace.rounds[round].dependencies[dependency]
    }

    pub(super) fn before(&self, (round, service): Job) -> Option<Job> {
        self.before[round][service]
    }

    /// Who provides what comes over a dependency in a round, if anything does.
    pub(super) fn provider(&self, round: usize, dependency: usize) -> Option<Job> {
        let planned = &self.plan.dependencies[dependency];
        let delivered = self.dependency(round, dependency).delivered;
        Some((round.checked_sub(planned.lag).filter(|_| delivered)?, planned.provider))
    }

    /// Of these inputs, the one that made its receiver ready at that time; the first by id of several.
    pub(super) fn binding(&self, round: usize, inputs: std::ops::Range<usize>, ready: f64) -> Option<usize> {
        inputs.into_iter().find(|&input| {
            let traced = self.dependency(round, input);
            traced.delivered && traced.used && traced.waited_for && traced.arrival == ready
        })
    }

    pub(super) fn need(&self, planned: &PlannedDependency) -> Option<String> {
        self.plan.organization.description().dependencies[planned.at].need.clone().filter(|need| !need.is_empty())
    }

    /// The department of an employee.
    pub(super) fn department(&self, name: &str) -> Option<String> {
        let plan = self.plan;
        let employee = (0..plan.employees.len()).find(|&employee| plan.employee_name(employee) == name)?;
        plan.employees[employee].department.map(|department| plan.department_name(department).to_owned())
    }
}

fn lowest(free: &[f64]) -> usize {
    let mut best = 0;
    for server in 1..free.len() {
        if free[server] < free[best] {
            best = server;
        }
    }
    best
}

fn fits(plan: &Plan, round: &TracedRound, number: usize) -> bool {
    let named = |index: usize, service: &TracedService| service.service == plan.service_label(index);
    round.round as usize == number
        && round.services.len() == plan.services.len()
        && round.dependencies.len() == plan.dependencies.len()
        && round.customers.len() == plan.customers.len()
        && round.services.iter().enumerate().all(|(index, service)| named(index, service))
        && round.dependencies.iter().enumerate().all(|(at, traced)| traced.dependency == plan.dependency_id(at))
        && round.customers.iter().zip(&plan.customers).all(|(t, p)| t.customer == plan.customer_name(p))
}

pub(super) fn mismatch(found: String) -> Error {
    Error::new(
        ErrorKind::Mismatch,
        "trace",
        found,
        "a trace of this very plan, as `Simulation::trace` gives it",
        "Trace the replication again.",
    )
}
