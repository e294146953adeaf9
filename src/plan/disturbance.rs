//! What shocks do to a plan: in which round, and to what.

use std::collections::BTreeMap;

use crate::Sampler;

/// Hours that are lost: a number that is always the same, or one that is drawn from a stream of its own.
#[derive(Debug, Clone)]
pub(crate) struct Lost {
    /// Which of the streams of shocks.
    pub(crate) stream: usize,
    pub(crate) hours: Sampler,
}

/// What strikes one service in one round. Several shocks add up.
#[derive(Debug, Clone)]
pub(crate) struct ServiceDisturbance {
    /// Added to the work, whoever does it.
    pub(crate) lost: Vec<Lost>,
    /// Added to the work where the employee does it, not the backup.
    pub(crate) lost_by_employee: Vec<Lost>,
    /// The work goes wrong, whoever does it.
    pub(crate) wrong: bool,
    /// The work goes wrong where the employee does it, not the backup.
    pub(crate) wrong_by_employee: bool,
    /// The workmanship is multiplied by it, `0..=1`, whoever does it.
    pub(crate) quality: f64,
    /// The workmanship is multiplied by it where the employee does it.
    pub(crate) quality_by_employee: f64,
    /// The pace is multiplied by it, whoever does it.
    pub(crate) pace: f64,
}

impl Default for ServiceDisturbance {
    fn default() -> Self {
        Self {
            lost: Vec::new(),
            lost_by_employee: Vec::new(),
            wrong: false,
            wrong_by_employee: false,
            quality: 1.0,
            quality_by_employee: 1.0,
            pace: 1.0,
        }
    }
}

/// What strikes one dependency in one round: the round in which the receiver asks.
#[derive(Debug, Clone, Default)]
pub(crate) struct DependencyDisturbance {
    /// Added on the way.
    pub(crate) lost: Vec<Lost>,
    /// What comes over it is wrong, whatever the provider delivered; it may be caught like any other error.
    pub(crate) wrong: bool,
    /// The request goes unanswered, and this is lost before the answer comes; the longer of this and the dependency's own chase
    /// where it would have gone unanswered anyhow.
    pub(crate) unanswered: Option<Sampler>,
}

/// What strikes one employee in one round.
#[derive(Debug, Clone)]
pub(crate) struct EmployeeDisturbance {
    pub(crate) absent: bool,
    /// The pace is multiplied by it, in all the employee does: work for others as a backup too.
    pub(crate) pace: f64,
}

impl Default for EmployeeDisturbance {
    fn default() -> Self {
        Self { absent: false, pace: 1.0 }
    }
}

/// What shocks do in a run. Most things are not struck in most rounds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disturbances {
    services: BTreeMap<(u32, usize), ServiceDisturbance>,
    dependencies: BTreeMap<(u32, usize), DependencyDisturbance>,
    employees: BTreeMap<(u32, usize), EmployeeDisturbance>,
    /// The ids of the streams that lost hours are drawn from.
    streams: Vec<String>,
    /// By what the organisation under these shocks is known, in place of its own fingerprint.
    pub(crate) fingerprint: Option<String>,
}

impl Disturbances {
    /// None yet, of an organisation under shocks that is known by this fingerprint.
    pub(crate) fn of(fingerprint: Option<String>) -> Self {
        Self { fingerprint, ..Self::default() }
    }

    /// Hours drawn from a stream of this id: that of the shock, and that of what it strikes.
    pub(crate) fn lost(&mut self, id: String, hours: Sampler) -> Lost {
        self.streams.push(id);
        Lost { stream: self.streams.len() - 1, hours }
    }

    /// Adds other shocks to these.
    pub(crate) fn add(&mut self, other: &Self) {
        let first = self.streams.len();
        let lost = |lost: &Lost| Lost { stream: first + lost.stream, hours: lost.hours.clone() };
        for (round, service, struck) in other.services() {
            let into = self.service_mut(round, service);
            into.lost.extend(struck.lost.iter().map(lost));
            into.lost_by_employee.extend(struck.lost_by_employee.iter().map(lost));
            into.wrong |= struck.wrong;
            into.wrong_by_employee |= struck.wrong_by_employee;
            into.quality *= struck.quality;
            into.quality_by_employee *= struck.quality_by_employee;
            into.pace *= struck.pace;
        }
        for (round, dependency, struck) in other.dependencies() {
            let into = self.dependency_mut(round, dependency);
            into.lost.extend(struck.lost.iter().map(lost));
            into.wrong |= struck.wrong;
            if let Some(chase) = &struck.unanswered {
                into.unanswered = Some(chase.clone());
            }
        }
        for (round, employee, struck) in other.employees() {
            let into = self.employee_mut(round, employee);
            into.absent |= struck.absent;
            into.pace *= struck.pace;
        }
        self.streams.extend_from_slice(&other.streams);
    }

    pub(crate) fn streams(&self) -> &[String] {
        &self.streams
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.services.is_empty() && self.dependencies.is_empty() && self.employees.is_empty()
    }

    /// How many things are struck, each counted in each round.
    pub(crate) fn len(&self) -> usize {
        self.services.len() + self.dependencies.len() + self.employees.len()
    }

    pub(crate) fn service(&self, round: u32, service: usize) -> Option<&ServiceDisturbance> {
        self.services.get(&(round, service))
    }

    pub(crate) fn dependency(&self, round: u32, dependency: usize) -> Option<&DependencyDisturbance> {
        self.dependencies.get(&(round, dependency))
    }

    pub(crate) fn employee(&self, round: u32, employee: usize) -> Option<&EmployeeDisturbance> {
        self.employees.get(&(round, employee))
    }

    /// The one of a service in a round, to be added to.
    pub(crate) fn service_mut(&mut self, round: u32, service: usize) -> &mut ServiceDisturbance {
        self.services.entry((round, service)).or_default()
    }

    /// The one of a dependency in a round, to be added to.
    pub(crate) fn dependency_mut(&mut self, round: u32, dependency: usize) -> &mut DependencyDisturbance {
        self.dependencies.entry((round, dependency)).or_default()
    }

    /// The one of an employee in a round, to be added to.
    pub(crate) fn employee_mut(&mut self, round: u32, employee: usize) -> &mut EmployeeDisturbance {
        self.employees.entry((round, employee)).or_default()
    }

    /// The employees that are struck in a round.
    pub(crate) fn employees_in(&self, round: u32) -> impl Iterator<Item = (usize, &EmployeeDisturbance)> {
        self.employees.range((round, 0)..=(round, usize::MAX)).map(|(&(_, employee), struck)| (employee, struck))
    }

    pub(crate) fn services(&self) -> impl Iterator<Item = (u32, usize, &ServiceDisturbance)> {
        self.services.iter().map(|(&(round, service), struck)| (round, service, struck))
    }

    pub(crate) fn dependencies(&self) -> impl Iterator<Item = (u32, usize, &DependencyDisturbance)> {
        self.dependencies.iter().map(|(&(round, dependency), struck)| (round, dependency, struck))
    }

    pub(crate) fn employees(&self) -> impl Iterator<Item = (u32, usize, &EmployeeDisturbance)> {
        self.employees.iter().map(|(&(round, employee), struck)| (round, employee, struck))
    }
}
