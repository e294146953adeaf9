//! The organisation compiled: names gone, numbers fixed, order decided. Immutable, and shared by all runs.
//!
//! | file | what lives there |
//! |---|---|
//! | `mod` | the compiled things, and what can be asked of a plan |
//! | `compile` | from an organisation to a plan |
//! | `people` | departments and employees, planned |
//! | `samplers` | distributions compiled, those that are alike once |
//! | `sorted` | things sorted by their ids |
//! | `edges` | what of services and dependencies counts for order and planned times |
//! | `grouped` | many things put into groups |
//! | `received` | what each receives: dependencies by their receivers, groups |
//! | `order` | the total order: by the longest paths, or as it is written |
//! | `times` | the planned times |
//! | `cadence` | the shortest sustainable cadence and its bottleneck |
//! | `disturbance` | what shocks do to it |
//! | `climate` | how morale moves, who leaves, how newcomers learn |
//!
//! All lists are sorted by what does not depend on the order of the file: services by the total order, inputs by id
//! within their receiver, everything else by id.

mod cadence;
pub(crate) mod climate;
mod compile;
pub(crate) mod disturbance;
mod edges;
mod grouped;
mod order;
mod people;
mod received;
mod samplers;
mod sorted;
mod times;

use std::ops::Range;

use serde::Serialize;

pub use cadence::{Bottleneck, Sustainable};
use climate::PlannedClimate;
use disturbance::Disturbances;
pub(crate) use times::earliest;

use crate::distribution::Tables;
use crate::organization::{Finding, Start};
use crate::streams::Chance;
use crate::{Error, Organization, Sampler, shock};

/// When a customer's satisfaction falls, and how far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SatisfactionCurve {
    pub(crate) error: f64,
    pub(crate) lateness: f64,
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedDepartment {
    /// The index in the description.
    pub(crate) at: usize,
    pub(crate) pace: Sampler,
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedEmployee {
    /// The index in the description.
    pub(crate) at: usize,
    pub(crate) department: Option<usize>,
    pub(crate) capacity: usize,
    /// The capacity that planned times count with.
    pub(crate) planned_capacity: usize,
    pub(crate) pace: Sampler,
    pub(crate) absence: Chance,
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedBackup {
    pub(crate) employee: usize,
    pub(crate) pace: Sampler,
    pub(crate) error_rate: f64,
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedService {
    /// The index among all services in the order of the file.
    pub(crate) at: usize,
    pub(crate) employee: usize,
    pub(crate) duration: Sampler,
    pub(crate) workmanship: Sampler,
    pub(crate) error_rate: f64,
    pub(crate) rush: f64,
    pub(crate) backup: Option<PlannedBackup>,
    /// Its inputs among the dependencies.
    pub(crate) inputs: Range<usize>,
    pub(crate) groups: Vec<Group>,
    /// Whether some customer depends on it in the end.
    pub(crate) matters: bool,
    /// Offsets from the release of a round, in hours.
    pub(crate) ready: f64,
    pub(crate) start: f64,
    pub(crate) finish: f64,
}

impl PlannedService {
    /// Who may do it: the employee, then the backup.
    pub(crate) fn employees(&self) -> impl Iterator<Item = usize> + use<> {
        [Some(self.employee), self.backup.as_ref().map(|backup| backup.employee)].into_iter().flatten()
    }
}

/// Inputs of which the `count` earliest are enough.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) count: usize,
    /// Dependencies, ascending.
    pub(crate) members: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum PlannedKind {
    #[default]
    Required,
    Helpful,
    /// A member of one of the receiver's groups.
    Any,
}

/// A node that receives: indices into the plan's services or customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    Service(usize),
    Customer(usize),
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedDependency {
    pub(crate) at: usize,
    pub(crate) provider: usize,
    pub(crate) receiver: To,
    pub(crate) kind: PlannedKind,
    pub(crate) needed: Chance,
    pub(crate) lag: usize,
    pub(crate) handoff: Sampler,
    pub(crate) silence: Option<(Chance, Sampler)>,
    pub(crate) detection: Chance,
    pub(crate) rework: Sampler,
    /// That an error is neither caught nor kept back.
    pub(crate) passed_on: Chance,
    pub(crate) strength: f64,
    pub(crate) criticality: f64,
    /// Offset of the planned arrival from the release of the round in which it is delivered.
    pub(crate) arrival: f64,
    /// Hours from when the provider has all it needs.
    pub(crate) promise: f64,
    /// Whether the receiver's work reaches a customer in the end.
    pub(crate) matters: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedCustomer {
    pub(crate) at: usize,
    pub(crate) inputs: Range<usize>,
    pub(crate) groups: Vec<Group>,
    /// The planned wait.
    pub(crate) ready: f64,
    pub(crate) promise: f64,
    pub(crate) value: f64,
    pub(crate) perfect_quality: f64,
    pub(crate) satisfaction: SatisfactionCurve,
    pub(crate) journey: Vec<usize>,
}

/// An organisation compiled for running: the total order of services, the planned times, promises and cadence.
///
/// ```
/// use ripple_effect::Organization;
///
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides("stock list", 2.0))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Guests", "stock list")
///     .build()?;
/// let plan = shop.plan()?;
/// assert_eq!(plan.timetable()[0].finish, 2.0);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) organization: Organization,
    pub(crate) departments: Vec<PlannedDepartment>,
    pub(crate) employees: Vec<PlannedEmployee>,
    pub(crate) services: Vec<PlannedService>,
    pub(crate) dependencies: Vec<PlannedDependency>,
    pub(crate) customers: Vec<PlannedCustomer>,
    pub(crate) start: Start,
    pub(crate) cadence: Sampler,
    pub(crate) cadence_mean: f64,
    pub(crate) rounds: u32,
    pub(crate) warmup: u32,
    pub(crate) longest_lag: usize,
    /// What shocks do to it; nothing, unless somebody asks for them.
    pub(crate) disturbances: Disturbances,
    /// How morale moves and what it does, if there is a climate.
    pub(crate) climate: Option<PlannedClimate>,
}

/// The planned times of one service, in hours from the release of its round.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlannedTime {
    /// The service, as dependencies name it.
    pub service: String,
    /// Who provides it.
    pub employee: String,
    /// The employee's department.
    pub department: Option<String>,
    /// When all it waits for is there.
    pub ready: f64,
    /// When it starts.
    pub start: f64,
    /// When it is done.
    pub finish: f64,
}

impl Organization {
    /// Compiles the organisation: decides the order of work, the planned times and every default.
    ///
    /// # Errors
    /// [`ErrorKind::Cycle`](crate::ErrorKind::Cycle) if people wait for each other within one round
    /// ([`mend_cycles`](Organization::mend_cycles) mends that); [`ErrorKind::Range`](crate::ErrorKind::Range) if times
    /// would pass 2^23 hours.
    ///
    /// # Complexity
    /// O(V log V + E log E), on all threads of rayon's pool where there are tens of thousands, plus about a millisecond for each
    /// distinct shape of distribution that is not closed-form.
    pub fn plan(&self) -> Result<Plan, Error> {
        compile::compile(self, &mut Tables::default())
    }

    /// The same, with tables of distributions that were built for plans before, and more for those to come.
    pub(crate) fn plan_with(&self, tables: &mut Tables) -> Result<Plan, Error> {
        compile::compile(self, tables)
    }
}

impl Plan {
    /// The organisation that this is the plan of.
    #[must_use]
    pub fn organization(&self) -> &Organization {
        &self.organization
    }

    /// Rounds in a replication, unless a run says otherwise.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Rounds that figures leave out at the start of a replication, unless a run says otherwise.
    #[must_use]
    pub fn warmup(&self) -> u32 {
        self.warmup
    }

    /// The mean number of hours between the releases of two rounds.
    #[must_use]
    pub fn cadence(&self) -> f64 {
        self.cadence_mean
    }

    /// The planned times of all services in the total order in which employees take their work: ascending in the
    /// length of the longest path of standards, hand-offs and buffers before the start, then in depth, then in id.
    #[must_use]
    pub fn timetable(&self) -> Vec<PlannedTime> {
        let description = self.organization.description();
        let name_of = |service: &PlannedService| {
            let employee = &self.employees[service.employee];
            PlannedTime {
                service: self.organization.resolved().services[service.at].label.clone(),
                employee: description.employees[employee.at].name.clone(),
                department: employee
                    .department
                    .map(|department| description.departments[self.departments[department].at].name.clone()),
                ready: service.ready,
                start: service.start,
                finish: service.finish,
            }
        };
        self.services.iter().map(name_of).collect()
    }

    /// Each customer's name, planned wait and promise, in hours, in the order of the file.
    #[must_use]
    pub fn customer_waits(&self) -> Vec<(String, f64, f64)> {
        let mut customers: Vec<&PlannedCustomer> = self.customers.iter().collect();
        customers.sort_by_key(|customer| customer.at);
        customers
            .into_iter()
            .map(|customer| (self.customer_name(customer).to_owned(), customer.ready, customer.promise))
            .collect()
    }

    /// The shortest cadence that can be kept up for ever, were every duration its standard, and who sets it.
    ///
    /// It is the larger of each employee's load (the sum of standards / capacity) and the maximum cycle mean of the
    /// timed event graph (Baccelli, Cohen, Olsder & Quadrat 1992): over every circle of dependencies, and of the jobs
    /// that follow each other at an employee of capacity 1, its hours / its lags. Helpful inputs, and groups that do
    /// not need all their members, are left out, as nobody has to wait for them: a lower bound there.
    ///
    /// # Complexity
    /// A parametric search (Dinkelbach 1967) with a positive-cycle search (Bellman & Ford) in each step, inside strongly
    /// connected components: O(V + E) a pass, at most V passes a step; passes and steps are few unless circles are long.
    #[must_use]
    pub fn sustainable(&self) -> Sustainable {
        cadence::sustainable(self)
    }

    /// What is odd about the plan: a cadence that cannot be kept up, promises shorter than the plan, shocks
    /// after the last round.
    #[must_use]
    pub fn warnings(&self) -> Vec<Finding> {
        let mut findings = cadence::warnings(self);
        findings.extend(shock::warnings(self));
        findings
    }

    /// By what this plan and what strikes it are known to be one model.
    pub(crate) fn fingerprint(&self) -> String {
        self.disturbances.fingerprint.clone().unwrap_or_else(|| self.organization.fingerprint())
    }

    pub(crate) fn service_id(&self, service: usize) -> &str {
        &self.organization.resolved().services[self.services[service].at].id
    }

    pub(crate) fn employee_id(&self, employee: usize) -> &str {
        &self.organization.resolved().employee_ids[self.employees[employee].at]
    }

    pub(crate) fn department_id(&self, department: usize) -> &str {
        &self.organization.resolved().department_ids[self.departments[department].at]
    }

    pub(crate) fn dependency_id(&self, dependency: usize) -> &str {
        self.organization.resolved().dependency_ids.at(self.dependencies[dependency].at)
    }

    pub(crate) fn customer_name(&self, customer: &PlannedCustomer) -> &str {
        &self.organization.description().customers[customer.at].name
    }

    pub(crate) fn service_label(&self, service: usize) -> &str {
        &self.organization.resolved().services[self.services[service].at].label
    }

    pub(crate) fn employee_name(&self, employee: usize) -> &str {
        &self.organization.description().employees[self.employees[employee].at].name
    }

    pub(crate) fn department_name(&self, department: usize) -> &str {
        &self.organization.description().departments[self.departments[department].at].name
    }

    pub(crate) fn receiver_name(&self, receiver: To) -> &str {
        match receiver {
            To::Service(service) => self.service_label(service),
            To::Customer(customer) => self.customer_name(&self.customers[customer]),
        }
    }
}
