//! One replication in full: every draw, arrival, start and finish.

use serde::Serialize;

use super::record::{PostRecord, Round};
use crate::Plan;
use crate::plan::PlannedKind;

/// Everything that happened in one replication. Times are hours since the first release.
///
/// ```
/// use ripple_effect::Organization;
///
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides("stock list", 2.0))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Guests", "stock list")
///     .build()?;
/// let trace = shop.simulate()?.trace(0)?;
/// assert_eq!(trace.rounds[0].services[0].finish, 2.0);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Trace {
    /// The model's name.
    pub model: String,
    /// The seed.
    pub seed: u64,
    /// The replication, from 0.
    pub replication: u64,
    /// Its rounds.
    pub rounds: Vec<TracedRound>,
}

/// One round of a replication.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TracedRound {
    /// The round, from 0.
    pub round: u32,
    /// When it was released.
    pub release: f64,
    /// Who was absent.
    pub absent: Vec<String>,
    /// Everybody's post, where there is a climate.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<TracedPost>,
    /// Services in the order of work.
    pub services: Vec<TracedService>,
    /// Dependencies by receiver, in the order of work, then those into customers.
    pub dependencies: Vec<TracedDependency>,
    /// What customers got.
    pub customers: Vec<TracedCustomer>,
}

/// One employee's post in one round, where there is a climate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TracedPost {
    /// The employee.
    pub employee: String,
    /// Whether somebody is there.
    pub filled: bool,
    /// The morale with which the round was worked, `0..=1`.
    pub morale: f64,
    /// What they know of their work, `0..=1`.
    pub experience: f64,
    /// Morale that came back to the set point at the end of the round; as all below, 0 where the post was empty.
    pub recovery: f64,
    /// Morale lost to what came late or wrong.
    pub frustration: f64,
    /// Morale lost to hours beyond the plan.
    pub overload: f64,
    /// Morale gained by recognition, below 0 where it misfired.
    pub recognition: f64,
    /// Whether they left at the end of the round.
    pub left: bool,
}

/// One service in one round.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TracedService {
    /// The service.
    pub service: String,
    /// Who did it.
    pub done_by: String,
    /// Planned start.
    pub planned_start: f64,
    /// Planned finish.
    pub planned_finish: f64,
    /// When all it waited for was there, at the release at the earliest.
    pub ready: f64,
    /// From when on the timetable, or an absence, allowed it to start.
    pub allowed: f64,
    /// When the server was free.
    pub server_free: f64,
    /// Its start.
    pub start: f64,
    /// Its finish.
    pub finish: f64,
    /// The drawn duration, before any pace, in hours.
    pub duration: f64,
    /// The product of all paces.
    pub pace: f64,
    /// Hours worked.
    pub work: f64,
    /// Whether a mistake was made here.
    pub own_error: bool,
    /// Whether what was delivered is wrong.
    pub error: bool,
    /// The drawn quality of the work itself.
    pub workmanship: f64,
    /// The quality of what was delivered.
    pub quality: f64,
}

/// One dependency in one round.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TracedDependency {
    /// Its id.
    pub dependency: String,
    /// The provider's service.
    pub provider: String,
    /// The receiver's service, or the customer.
    pub receiver: String,
    /// Whether this round needed it.
    pub needed: bool,
    /// Whether anything was delivered over it: not in the first rounds of a lag.
    pub delivered: bool,
    /// The planned arrival.
    pub planned_arrival: f64,
    /// The drawn hand-off, in hours.
    pub handoff: f64,
    /// Whether the provider did not answer.
    pub silent: bool,
    /// The drawn hours of chasing.
    pub chase: f64,
    /// Whether what came in was wrong.
    pub error_in: bool,
    /// Whether that was caught.
    pub caught: bool,
    /// The drawn hours of rework.
    pub rework: f64,
    /// When it was there; 0 where nothing was delivered.
    pub arrival: f64,
    /// Whether the receiver used it.
    pub used: bool,
    /// Whether an error was passed on.
    pub passed: bool,
    /// Whether the receiver would have waited for it.
    pub waited_for: bool,
}

/// One customer in one round.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TracedCustomer {
    /// The customer.
    pub customer: String,
    /// Hours from release to having everything.
    pub wait: f64,
    /// Hours beyond the promise.
    pub lateness: f64,
    /// Whether an error arrived.
    pub error: bool,
    /// The quality that arrived.
    pub quality: f64,
    /// Satisfaction, `0..=100`.
    pub satisfaction: f64,
    /// On time, free of error, and of good enough quality.
    pub perfect: bool,
}

impl Trace {
    pub(crate) fn new(plan: &Plan, seed: u64, replication: u64) -> Self {
        Self { model: plan.organization.description().name.clone(), seed, replication, rounds: Vec::new() }
    }

    pub(crate) fn round(&mut self, plan: &Plan, round: &Round) {
        let absent = round.absent.iter().enumerate().filter(|(_, absent)| **absent);
        self.rounds.push(TracedRound {
            round: round.number,
            release: round.release,
            absent: absent.map(|(employee, _)| plan.employee_name(employee).to_owned()).collect(),
            posts: round.posts.iter().enumerate().map(|(employee, record)| post(plan, employee, record)).collect(),
            services: (0..plan.services.len()).map(|index| service(plan, round, index)).collect(),
            dependencies: (0..plan.dependencies.len()).map(|index| dependency(plan, round, index)).collect(),
            customers: plan
                .customers
                .iter()
                .zip(&round.customers)
                .map(|(customer, record)| TracedCustomer {
                    customer: plan.customer_name(customer).to_owned(),
                    wait: record.wait,
                    lateness: record.lateness,
                    error: record.error,
                    quality: record.quality,
                    satisfaction: record.satisfaction,
                    perfect: record.perfect,
                })
                .collect(),
        });
    }
}

fn post(plan: &Plan, employee: usize, record: &PostRecord) -> TracedPost {
    TracedPost {
        employee: plan.employee_name(employee).to_owned(),
        filled: record.filled,
        morale: record.morale,
        experience: 1.0 - record.newness,
        recovery: record.moved.back,
        frustration: record.moved.frustration,
        overload: record.moved.overload,
        recognition: record.moved.recognition,
        left: record.left,
    }
}

fn service(plan: &Plan, round: &Round, index: usize) -> TracedService {
    let (service, record) = (&plan.services[index], &round.services[index]);
    TracedService {
        service: plan.service_label(index).to_owned(),
        done_by: plan.employee_name(record.done_by).to_owned(),
        planned_start: round.release + service.start,
        planned_finish: round.release + service.finish,
        ready: record.ready,
        allowed: record.allowed,
        server_free: record.server,
        start: record.start,
        finish: record.finish,
        duration: record.duration,
        pace: record.pace,
        work: record.work,
        own_error: record.own_error,
        error: record.error,
        workmanship: record.workmanship,
        quality: record.quality,
    }
}

fn dependency(plan: &Plan, round: &Round, index: usize) -> TracedDependency {
    let (dependency, record) = (&plan.dependencies[index], &round.dependencies[index]);
    TracedDependency {
        dependency: plan.dependency_id(index).to_owned(),
        provider: plan.service_label(dependency.provider).to_owned(),
        receiver: plan.receiver_name(dependency.receiver).to_owned(),
        needed: record.needed,
        delivered: record.happened,
        planned_arrival: record.planned,
        handoff: record.handoff,
        silent: record.silent,
        chase: record.chase,
        error_in: record.error_in,
        caught: record.caught,
        rework: record.rework,
        arrival: record.arrival,
        used: record.used,
        passed: record.passed,
        waited_for: dependency.kind != PlannedKind::Helpful,
    }
}
