//! Names become labels and ids, defaults become numbers.

use std::collections::{HashMap, HashSet};

use ripple_effect::Distribution;
use ripple_effect::organization::{Backup, Description, Kind, Silence, Start};

use super::on_grid;

/// An organisation as the model understands it: every default filled in.
pub(crate) struct Model {
    /// By name.
    pub(crate) employees: HashMap<String, Employee>,
    /// By label, `Ana` or `Ana/account history`.
    pub(crate) services: HashMap<String, Service>,
    /// By name.
    pub(crate) customers: HashMap<String, Customer>,
    /// By id.
    pub(crate) dependencies: HashMap<String, Dependency>,
    pub(crate) start: Start,
    /// Hours between two releases; `None`: the longest planned wait of a customer.
    pub(crate) cadence: Option<Distribution>,
    pub(crate) rounds: u32,
}

pub(crate) struct Employee {
    pub(crate) capacity: usize,
    pub(crate) pace: Distribution,
    /// That of the department; 1 without one.
    pub(crate) department_pace: Distribution,
    pub(crate) absence: f64,
}

pub(crate) struct Service {
    pub(crate) id: String,
    pub(crate) employee: String,
    pub(crate) duration: Distribution,
    pub(crate) standard: f64,
    pub(crate) buffer: f64,
    pub(crate) error_rate: f64,
    pub(crate) rush: f64,
    pub(crate) workmanship: Distribution,
    pub(crate) backup: Option<Backup>,
}

pub(crate) struct Customer {
    /// `None`: the planned wait.
    pub(crate) promise: Option<f64>,
    pub(crate) perfect_quality: f64,
    pub(crate) factor_of_an_error: f64,
    pub(crate) weight_of_lateness: f64,
}

pub(crate) struct Dependency {
    /// A service's label.
    pub(crate) provider: String,
    /// A service's label or a customer's name; the two share one namespace.
    pub(crate) receiver: String,
    pub(crate) kind: Kind,
    pub(crate) needed: f64,
    pub(crate) lag: usize,
    /// `None`: the planned response time.
    pub(crate) promise: Option<f64>,
    pub(crate) handoff: Distribution,
    pub(crate) standard: f64,
    pub(crate) silence: Option<Silence>,
    pub(crate) detection: f64,
    pub(crate) rework: Distribution,
    pub(crate) transmission: f64,
    pub(crate) strength: f64,
    pub(crate) criticality: f64,
}

impl Dependency {
    /// A dependency that no round ever needs takes no part in order, plan or rounds.
    pub(crate) fn is_ever_needed(&self) -> bool {
        self.needed > 0.0
    }

    pub(crate) fn is_helpful(&self) -> bool {
        self.kind == Kind::Helpful
    }
}

/// Whether a customer depends, in the end, on something that an earlier round delivers.
fn somebody_is_served_with_a_lag(
    customers: &HashMap<String, Customer>,
    dependencies: &HashMap<String, Dependency>,
) -> bool {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut at: Vec<&str> = customers.keys().map(String::as_str).collect();
    while let Some(receiver) = at.pop() {
        for dependency in dependencies.values().filter(|d| d.receiver == receiver && d.is_ever_needed()) {
            if dependency.lag > 0 {
                return true;
            }
            if seen.insert(&dependency.provider) {
                at.push(&dependency.provider);
            }
        }
    }
    false
}

impl Model {
    pub(crate) fn new(description: &Description) -> Self {
        let one = || Distribution::from(1.0);
        let mut employees = HashMap::new();
        let mut services = HashMap::new();
        // Everything that a dependency may write for a service.
        let mut label_of_reference = HashMap::new();
        for employee in &description.employees {
            let department = employee
                .department
                .as_ref()
                .and_then(|name| description.departments.iter().find(|department| &department.name == name));
            employees.insert(
                employee.name.clone(),
                Employee {
                    capacity: employee.capacity.unwrap_or(1) as usize,
                    pace: employee.pace.clone().unwrap_or_else(one),
                    department_pace: department.and_then(|d| d.pace.clone()).unwrap_or_else(one),
                    absence: employee.absence.map_or(0.0, |absence| absence.get()),
                },
            );
            let employee_id = employee.id.as_ref().unwrap_or(&employee.name);
            for service in &employee.services {
                let (label, default_id) = match &service.name {
                    Some(name) => (format!("{}/{name}", employee.name), format!("{employee_id}/{name}")),
                    None => (employee.name.clone(), employee_id.clone()),
                };
                label_of_reference.insert(label.clone(), label.clone());
                if employee.services.len() == 1 {
                    label_of_reference.insert(employee.name.clone(), label.clone());
                }
                let standard = service.standard.map_or_else(|| service.duration.mean(), |hours| hours.get());
                services.insert(
                    label,
                    Service {
                        id: service.id.clone().unwrap_or(default_id),
                        employee: employee.name.clone(),
                        duration: service.duration.clone(),
                        standard: on_grid(standard),
                        buffer: on_grid(service.buffer.map_or(0.0, |hours| hours.get())),
                        error_rate: service.error_rate.map_or(0.0, |rate| rate.get()),
                        rush: service.rush.map_or(0.0, |rush| rush.get()),
                        workmanship: service.workmanship.clone().unwrap_or_else(one),
                        backup: service.backup.clone(),
                    },
                );
            }
        }
        let mut customers = HashMap::new();
        let mut customer_ids = HashMap::new();
        for customer in &description.customers {
            customer_ids.insert(customer.name.clone(), customer.id.clone().unwrap_or_else(|| customer.name.clone()));
            let curve = customer.satisfaction.as_ref();
            customers.insert(
                customer.name.clone(),
                Customer {
                    promise: customer.promise.map(|hours| on_grid(hours.get())),
                    perfect_quality: customer.perfect_quality.map_or(0.8, |quality| quality.get()),
                    factor_of_an_error: curve.and_then(|c| c.error).map_or(0.5, |factor| factor.get()),
                    weight_of_lateness: curve.and_then(|c| c.lateness).map_or(1.0, |weight| weight.get()),
                },
            );
        }
        let mut dependencies = HashMap::new();
        for written in &description.dependencies {
            let provider = label_of_reference[&written.provider].clone();
            let (receiver, receiver_id, default_strength) = match customer_ids.get(&written.receiver) {
                Some(id) => (written.receiver.clone(), id.clone(), 1.0),
                None => {
                    let label = label_of_reference[&written.receiver].clone();
                    let id = services[&label].id.clone();
                    (label, id, 0.0)
                }
            };
            let id = written.id.clone().unwrap_or_else(|| format!("{} -> {receiver_id}", services[&provider].id));
            let nothing = || Distribution::from(0.0);
            let handoff = written.handoff.clone().unwrap_or_else(nothing);
            let standard = written.standard.map_or_else(|| handoff.mean(), |hours| hours.get());
            let dependency = Dependency {
                provider,
                receiver,
                kind: written.kind.clone().unwrap_or_default(),
                needed: written.needed.map_or(1.0, |needed| needed.get()),
                lag: written.lag.unwrap_or(0) as usize,
                promise: written.promise.map(|hours| on_grid(hours.get())),
                handoff,
                standard: on_grid(standard),
                silence: written.silence.clone(),
                detection: written.detection.map_or(0.0, |detection| detection.get()),
                rework: written.rework.clone().unwrap_or_else(nothing),
                transmission: written.transmission.map_or(1.0, |transmission| transmission.get()),
                strength: written.strength.map_or(default_strength, |strength| strength.get()),
                criticality: written.criticality.map_or(1.0, |criticality| criticality.get()),
            };
            assert!(dependencies.insert(id, dependency).is_none(), "ids are unique");
        }
        let lagged = somebody_is_served_with_a_lag(&customers, &dependencies);
        Self {
            employees,
            services,
            customers,
            dependencies,
            start: description.start.unwrap_or_default(),
            cadence: description.cadence.clone(),
            rounds: description.rounds.unwrap_or(if lagged { 12 } else { 1 }),
        }
    }

    /// The ids of what a service or customer receives, ascending.
    pub(crate) fn inputs_of(&self, receiver: &str) -> Vec<&str> {
        let mut ids: Vec<&str> = self
            .dependencies
            .iter()
            .filter(|(_, dependency)| dependency.receiver == receiver && dependency.is_ever_needed())
            .map(|(id, _)| id.as_str())
            .collect();
        ids.sort_unstable();
        ids
    }

    /// The `any` groups among some inputs: how many are enough, and the ids of the members.
    pub(crate) fn groups_among<'i>(&self, inputs: &[&'i str]) -> Vec<(usize, Vec<&'i str>)> {
        let mut groups: HashMap<&str, (usize, Vec<&'i str>)> = HashMap::new();
        for &id in inputs {
            if let Kind::Any { group, count } = &self.dependencies[id].kind {
                groups.entry(group).or_insert((*count as usize, Vec::new())).1.push(id);
            }
        }
        groups.into_values().collect()
    }
}
