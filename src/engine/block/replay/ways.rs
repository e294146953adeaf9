//! Whom a difference can reach next.

use crate::Plan;
use crate::plan::To;

/// Who takes in what each service delivers, and what each employee does in which order.
#[derive(Debug)]
pub(super) struct Ways {
    /// For each service: who receives it, and how many rounds later.
    receivers: Vec<Vec<(To, usize)>>,
    /// For each employee, the services that they do, or may do as a backup, in the order of work.
    jobs: Vec<Vec<usize>>,
}

impl Ways {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut receivers = vec![Vec::new(); plan.services.len()];
        for dependency in plan.dependencies.iter().filter(|dependency| !dependency.needed.is_never()) {
            let to = (dependency.receiver, dependency.lag);
            let ways: &mut Vec<(To, usize)> = &mut receivers[dependency.provider];
            if !ways.contains(&to) {
                ways.push(to);
            }
        }
        let mut jobs = vec![Vec::new(); plan.employees.len()];
        for (index, service) in plan.services.iter().enumerate() {
            for employee in service.employees() {
                let jobs: &mut Vec<usize> = &mut jobs[employee];
                if jobs.last() != Some(&index) {
                    jobs.push(index);
                }
            }
        }
        Self { receivers, jobs }
    }

    /// Who receives a service, and how many rounds later.
    pub(super) fn receivers(&self, service: usize) -> &[(To, usize)] {
        &self.receivers[service]
    }

    /// What an employee does, or may do as a backup, in the order of work.
    pub(super) fn jobs(&self, employee: usize) -> &[usize] {
        &self.jobs[employee]
    }

    /// What an employee may do next after a job: the round and the service.
    pub(super) fn next(&self, employee: usize, (round, service): (u32, usize)) -> Option<(u32, usize)> {
        let jobs = &self.jobs[employee];
        let place = jobs.partition_point(|job| *job <= service);
        match jobs.get(place) {
            Some(&next) => Some((round, next)),
            None => jobs.first().map(|&next| (round + 1, next)),
        }
    }
}
