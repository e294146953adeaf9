//! Names become indices, and every problem of meaning is found at once.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;

use petgraph::graph::{DiGraph, NodeIndex};
use rayon::prelude::*;

use super::check::Checker;
use super::description::{Customer, Defaults, Dependency, Description};
use super::distinct::Distinct;
use super::read::Finding;
use crate::ErrorKind;

const MAX_ABSENCE: f64 = 0.99;

/// A service among all services of the organisation, employees in the order of the file.
#[derive(Debug, Clone)]
pub(crate) struct ServiceAt {
    pub(crate) employee: usize,
    pub(crate) service: usize,
    pub(crate) id: String,
    /// `Ana`, or `Ana/account history`.
    pub(crate) label: String,
    pub(crate) backup: Option<usize>,
    /// Whether some customer depends on it in the end.
    pub(crate) matters: bool,
}

/// A node of the dependency graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Node {
    /// A service: indices into `description().employees` and that employee's `services`.
    Service {
        /// The employee.
        employee: usize,
        /// The service among the employee's.
        service: usize,
    },
    /// A customer: an index into `description().customers`.
    Customer(usize),
}

/// Who receives a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Receiver {
    Service(usize),
    Customer(usize),
}

/// A description whose names all point to something. Indices follow the order of the file.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// Nodes: services, then customers; edges: dependencies; both in the order of the file.
    pub(crate) graph: DiGraph<Node, usize>,
    pub(crate) department_ids: Vec<String>,
    pub(crate) employee_ids: Vec<String>,
    pub(crate) employee_departments: Vec<Option<usize>>,
    pub(crate) customer_ids: Vec<String>,
    pub(crate) dependency_ids: Vec<String>,
    pub(crate) services: Vec<ServiceAt>,
    pub(crate) dependencies: Vec<(usize, Receiver)>,
    pub(crate) journeys: Vec<Vec<usize>>,
    /// The services that the written order names, in that order.
    pub(crate) order: Vec<usize>,
}

impl Resolved {
    /// What holds for a service that does not say otherwise, if its department says.
    pub(crate) fn defaults<'d>(&self, description: &'d Description, service: &ServiceAt) -> Option<&'d Defaults> {
        description.departments[self.employee_departments[service.employee]?].defaults.as_ref()
    }

    pub(crate) fn receiver_matters(&self, dependency: usize) -> bool {
        match self.dependencies[dependency].1 {
            Receiver::Service(service) => self.services[service].matters,
            Receiver::Customer(_) => true,
        }
    }
}

/// A dependency that no round ever needs takes no part in plans, cycles or reachability.
pub(crate) fn is_ever_needed(dependency: &Dependency) -> bool {
    dependency.needed.is_none_or(|needed| needed.get() > 0.0)
}

/// Resolves a description; `None` if anything is an error.
pub(super) fn resolve(description: &Description, findings: &mut Vec<Finding>) -> Option<Resolved> {
    let mut check = Checker::default();
    check.settings(description);
    check.climate(description);
    check.shocks(description);
    let departments = check.departments(description);
    let employees = check.employees(description, &departments);
    let customers = check.customers(description, &employees);
    let services = check.services(description, &employees);
    let links = check.dependencies(description, &employees, &customers, &services);
    if !check.failed() {
        check.groups(description, &links.ends);
    }
    let resolved = (!check.failed()).then(|| {
        let mut graph = DiGraph::with_capacity(services.len() + customers.ids.len(), links.ends.len());
        for at in &services {
            graph.add_node(Node::Service { employee: at.employee, service: at.service });
        }
        for customer in 0..customers.ids.len() {
            graph.add_node(Node::Customer(customer));
        }
        for (index, (provider, receiver)) in links.ends.iter().enumerate() {
            let to = match receiver {
                Receiver::Service(service) => *service,
                Receiver::Customer(customer) => services.len() + customer,
            };
            graph.add_edge(NodeIndex::new(*provider), NodeIndex::new(to), index);
        }
        Resolved {
            graph,
            department_ids: departments.ids,
            employee_ids: employees.ids,
            employee_departments: employees.departments,
            customer_ids: customers.ids,
            dependency_ids: links.ids,
            services,
            dependencies: links.ends,
            journeys: Vec::new(),
            order: Vec::new(),
        }
    });
    let resolved = resolved.and_then(|mut resolved| {
        check.reach(description, &mut resolved);
        resolved.order = check.order(description, &resolved);
        check.scenarios(description, &resolved);
        check.struck(description, &resolved);
        (!check.failed()).then_some(resolved)
    });
    findings.append(&mut check.findings);
    resolved
}

struct Departments<'d> {
    ids: Vec<String>,
    by_name: HashMap<&'d str, usize>,
}

struct Employees<'d> {
    ids: Vec<String>,
    departments: Vec<Option<usize>>,
    by_name: HashMap<&'d str, usize>,
    /// The index of each employee's first service among all services.
    first_service: Vec<usize>,
    /// For each employee, its services by name.
    services: Vec<HashMap<&'d str, usize>>,
}

impl Employees<'_> {
    /// The service that a reference names, if it names one.
    fn service(&self, description: &Description, reference: &str) -> Option<usize> {
        let (person, service) = match reference.split_once('/') {
            Some((person, service)) => (person, Some(service)),
            None => (reference, None),
        };
        let &employee = self.by_name.get(person)?;
        let number = match service {
            Some(name) => self.services[employee].get(name).copied(),
            None => (description.employees[employee].services.len() == 1).then_some(0),
        };
        Some(self.first_service[employee] + number?)
    }
}

struct Customers<'d> {
    ids: Vec<String>,
    by_name: HashMap<&'d str, usize>,
}

struct Links {
    ids: Vec<String>,
    ends: Vec<(usize, Receiver)>,
}

impl Checker {
    fn departments<'d>(&mut self, description: &'d Description) -> Departments<'d> {
        let (mut names, mut keys) = (HashMap::new(), HashMap::new());
        let mut departments = Departments { ids: Vec::new(), by_name: HashMap::new() };
        for (index, department) in description.departments.iter().enumerate() {
            let path = format_args!("departments[{index}]");
            let id = department.id.as_ref().unwrap_or(&department.name);
            self.name(path, &department.name);
            self.id(path, department.id.as_ref());
            let at = |field| move |place| format!("departments[{place}].{field}");
            self.once(&mut names, &department.name, index, at("name"), "a department's name", "Rename one.");
            self.once(&mut keys, id, index, at("id"), "a department's id", "Give it another id.");
            self.distribution(path, "pace", department.pace.as_ref());
            if let Some(defaults) = &department.defaults {
                let path = format_args!("{path}.defaults");
                self.probability(path, "error_rate", defaults.error_rate);
                self.probability(path, "rush", defaults.rush);
                self.distribution(path, "workmanship", defaults.workmanship.as_ref());
                self.quality(path, defaults.workmanship.as_ref());
                self.hours(path, "buffer", defaults.buffer);
            }
            departments.ids.push(id.clone());
        }
        departments.by_name = names;
        departments
    }

    fn employees<'d>(&mut self, description: &'d Description, departments: &Departments<'_>) -> Employees<'d> {
        let (mut names, mut keys) = (HashMap::new(), HashMap::new());
        let mut employees = Employees {
            ids: Vec::new(),
            departments: Vec::new(),
            by_name: HashMap::new(),
            first_service: Vec::new(),
            services: Vec::new(),
        };
        let mut services = 0;
        for (index, employee) in description.employees.iter().enumerate() {
            let path = format_args!("employees[{index}]");
            let id = employee.id.as_ref().unwrap_or(&employee.name);
            self.name(path, &employee.name);
            self.id(path, employee.id.as_ref());
            let at = |field| move |place| format!("employees[{place}].{field}");
            self.once(&mut names, &employee.name, index, at("name"), "an employee's name", "Rename one.");
            self.once(&mut keys, id, index, at("id"), "an employee's id", "Give it another id.");
            self.distribution(path, "pace", employee.pace.as_ref());
            if let Some(absence) = employee.absence {
                self.number(format_args!("{path}.absence"), absence.get(), 0.0, MAX_ABSENCE, "a probability");
            }
            if let Some(capacity) = employee.capacity {
                self.number(format_args!("{path}.capacity"), f64::from(capacity), 1.0, 1024.0, "a whole number");
            }
            if let Some(capacity) = employee.planned_capacity {
                self.number(format!("{path}.planned_capacity"), f64::from(capacity), 1.0, 1024.0, "a whole number");
            }
            let department = employee.department.as_ref().and_then(|name| {
                let found = departments.by_name.get(name.as_str()).copied();
                if found.is_none() {
                    self.error(
                        ErrorKind::Name,
                        format!("{path}.department"),
                        format!("{name:?}, which is no department"),
                        "the name of one of `departments`",
                        self.nearest(name, departments.by_name.keys().copied(), "Add it to `departments`."),
                    );
                }
                found
            });
            if employee.services.is_empty() {
                self.warn(
                    ErrorKind::Unreachable,
                    format!("{path}.services"),
                    format!("nothing that {} provides", employee.name),
                    "at least one service of use to somebody",
                    "Add a service, or leave this employee out.",
                );
            }
            employees.ids.push(id.clone());
            employees.departments.push(department);
            employees.first_service.push(services);
            services += employee.services.len();
            let mut by_name = HashMap::new();
            for (number, service) in employee.services.iter().enumerate() {
                let path = format_args!("{path}.services[{number}]");
                match &service.name {
                    Some(name) => {
                        self.name(path, name);
                        if by_name.insert(name.as_str(), number).is_some() {
                            self.error(
                                ErrorKind::Duplicate,
                                format!("{path}.name"),
                                format!("{name:?} again"),
                                "each of an employee's services has a name of its own",
                                "Rename one.",
                            );
                        }
                    }
                    None if employee.services.len() > 1 => self.error(
                        ErrorKind::Name,
                        format!("{path}.name"),
                        "no name".into(),
                        "a name, where an employee provides more than one service",
                        "Name it, so that others can say which one they need.",
                    ),
                    None => {}
                }
            }
            employees.services.push(by_name);
        }
        employees.by_name = names;
        employees
    }

    fn customers<'d>(&mut self, description: &'d Description, employees: &Employees<'_>) -> Customers<'d> {
        let mut keys: HashMap<&str, usize> = HashMap::new();
        // Customers are few: only employees who carry a customer's id are noted.
        let id_of = |customer: &'d Customer| customer.id.as_ref().unwrap_or(&customer.name).as_str();
        let ids: HashSet<&str> = description.customers.iter().map(id_of).collect();
        let mut taken: HashMap<&str, usize> = HashMap::new();
        for (index, id) in employees.ids.iter().enumerate() {
            if ids.contains(id.as_str()) {
                taken.insert(id, index);
            }
        }
        let mut customers = Customers { ids: Vec::new(), by_name: HashMap::new() };
        for (index, customer) in description.customers.iter().enumerate() {
            let path = format_args!("customers[{index}]");
            let id = id_of(customer);
            let mend = "Employees and customers share their names: rename one.";
            self.name(path, &customer.name);
            self.id(path, customer.id.as_ref());
            let name = customer.name.as_str();
            let first = match (employees.by_name.get(name), customers.by_name.get(name)) {
                (Some(employee), _) => Some(format!("employees[{employee}].name")),
                (None, Some(other)) => Some(format!("customers[{other}].name")),
                (None, None) => None,
            };
            if let Some(first) = first {
                self.twice(name, format!("{path}.name"), &first, "a name", mend);
            }
            let first = match (taken.get(id), keys.get(id)) {
                (Some(employee), _) => Some(format!("employees[{employee}]")),
                (None, Some(other)) => Some(format!("customers[{other}].id")),
                (None, None) => None,
            };
            match first {
                Some(first) => self.twice(id, format!("{path}.id"), &first, "an id", "Give it another id."),
                None => {
                    keys.insert(id, index);
                }
            }
            self.hours(path, "promise", customer.promise);
            if let Some(value) = customer.value
                && !(0.0..=1e15).contains(&value)
            {
                self.number(format_args!("{path}.value"), value, 0.0, 1e15, "an amount of money");
            }
            self.probability(path, "perfect_quality", customer.perfect_quality);
            if let Some(satisfaction) = &customer.satisfaction {
                self.probability(format_args!("{path}.satisfaction"), "error", satisfaction.error);
                self.probability(format_args!("{path}.satisfaction"), "lateness", satisfaction.lateness);
            }
            customers.ids.push(id.to_owned());
            customers.by_name.entry(&customer.name).or_insert(index);
        }
        customers
    }

    fn services(&mut self, description: &Description, employees: &Employees<'_>) -> Vec<ServiceAt> {
        let mut distinct = Distinct::default();
        let mut services: Vec<ServiceAt> = Vec::with_capacity(description.employees.len());
        for (index, employee) in description.employees.iter().enumerate() {
            for (number, service) in employee.services.iter().enumerate() {
                let path = format_args!("employees[{index}].services[{number}]");
                let owner = &employees.ids[index];
                let id = match (&service.id, &service.name) {
                    (Some(id), _) => id.clone(),
                    (None, Some(name)) => format!("{owner}/{name}"),
                    (None, None) => owner.clone(),
                };
                let label = match &service.name {
                    Some(name) => format!("{}/{name}", employee.name),
                    None => employee.name.clone(),
                };
                if let Some(first) = distinct.first(&id, services.len(), |place| &services[place].id) {
                    let ServiceAt { employee, service, .. } = services[first];
                    let first = format!("employees[{employee}].services[{service}].id");
                    self.twice(&id, format!("{path}.id"), &first, "a service's id", "Give it another id.");
                }
                self.id(path, service.id.as_ref());
                self.distribution(path, "duration", Some(&service.duration));
                self.hours(path, "standard", service.standard);
                self.hours(path, "buffer", service.buffer);
                self.probability(path, "error_rate", service.error_rate);
                self.probability(path, "rush", service.rush);
                self.distribution(path, "workmanship", service.workmanship.as_ref());
                self.quality(path, service.workmanship.as_ref());
                let backup = service.backup.as_ref().and_then(|backup| {
                    let path = format_args!("{path}.backup");
                    self.distribution(path, "pace", backup.pace.as_ref());
                    self.probability(path, "error_rate", backup.error_rate);
                    let found = employees.by_name.get(backup.employee.as_str()).copied();
                    if found.is_none() || found == Some(index) {
                        let name = &backup.employee;
                        let others = employees.by_name.keys().copied().filter(|other| *other != employee.name.as_str());
                        self.error(
                            ErrorKind::Name,
                            format!("{path}.employee"),
                            format!("{name:?}, which is no colleague of {}", employee.name),
                            "the name of another employee",
                            self.nearest(name, others, "Name a colleague who is in `employees`."),
                        );
                    }
                    found
                });
                services.push(ServiceAt { employee: index, service: number, id, label, backup, matters: false });
            }
        }
        services
    }

    /// Says why a reference, `Ana` or `Ana/account history`, names no service, if it names none.
    fn unknown_service(
        &mut self,
        description: &Description,
        employees: &Employees<'_>,
        path: impl Display,
        reference: &str,
    ) {
        if employees.service(description, reference).is_some() {
            return;
        }
        let (person, service) = match reference.split_once('/') {
            Some((person, service)) => (person, Some(service)),
            None => (reference, None),
        };
        let Some(&employee) = employees.by_name.get(person) else {
            self.error(
                ErrorKind::Name,
                path.to_string(),
                format!("{person:?}, which is no employee"),
                "the name of an employee, or employee/service",
                self.nearest(person, employees.by_name.keys().copied(), "Add it to `employees`."),
            );
            return;
        };
        let offers = &description.employees[employee].services;
        let list = || {
            let names: Vec<_> = offers.iter().filter_map(|service| service.name.as_deref()).take(8).collect();
            names.join(", ")
        };
        let (found, mend) = match service {
            Some(name) if offers.iter().any(|offer| offer.name.is_some()) => (
                format!("{name:?}, which {person} does not provide"),
                self.nearest(
                    name,
                    employees.services[employee].keys().copied(),
                    &format!("{person} provides: {}.", list()),
                ),
            ),
            Some(name) => (
                format!("{name:?}, which {person} does not provide"),
                format!("Write {person:?} alone, or name the service."),
            ),
            None if offers.is_empty() => {
                (format!("{person:?}, who provides no service"), format!("Give {person} a service."))
            }
            None => (
                format!("{person:?}, who provides {} services", offers.len()),
                format!("Say which one, e.g. \"{person}/{}\" ({}).", offers[0].name.as_deref().unwrap_or(""), list()),
            ),
        };
        self.error(
            ErrorKind::Name,
            path.to_string(),
            found,
            "the name of an employee with one service, or employee/service",
            mend,
        );
    }

    fn dependencies(
        &mut self,
        description: &Description,
        employees: &Employees<'_>,
        customers: &Customers<'_>,
        services: &[ServiceAt],
    ) -> Links {
        let count = description.dependencies.len();
        let mut distinct = Distinct::with_capacity(count);
        let mut links = Links { ids: Vec::with_capacity(count), ends: Vec::with_capacity(count) };
        // Where in the file each of the links stands, if any was left out.
        let mut places: Vec<usize> = Vec::new();
        // Looked up by all threads: names lie all over the memory. What is not found is looked at again, to say why.
        let ends_of = |dependency: &Dependency| {
            let provider = employees.service(description, &dependency.provider)?;
            let receiver = match customers.by_name.get(dependency.receiver.as_str()) {
                Some(&customer) => Receiver::Customer(customer),
                None => Receiver::Service(employees.service(description, &dependency.receiver)?),
            };
            Some((provider, receiver))
        };
        let found: Vec<Option<(usize, Receiver)>> = description.dependencies.par_iter().map(ends_of).collect();
        for (index, (dependency, found)) in description.dependencies.iter().zip(found).enumerate() {
            let path = format_args!("dependencies[{index}]");
            self.id(path, dependency.id.as_ref());
            self.dependency_numbers(path, dependency);
            let Some((provider, receiver)) = found else {
                self.unknown_ends(description, employees, customers, path, dependency);
                continue;
            };
            let id = dependency.id.clone().unwrap_or_else(|| {
                let from = &services[provider].id;
                let to = match receiver {
                    Receiver::Service(service) => &services[service].id,
                    Receiver::Customer(customer) => &customers.ids[customer],
                };
                [from, " -> ", to].concat()
            });
            let place = links.ids.len();
            if place != index && places.is_empty() {
                places.extend(0..place);
            }
            if place != index {
                places.push(index);
            }
            if let Some(first) = distinct.first(&id, place, |place| &links.ids[place]) {
                self.twice(
                    &id,
                    format!("{path}.id"),
                    &format!("dependencies[{}].id", places.get(first).copied().unwrap_or(first)),
                    "a dependency's id",
                    "Give each of the parallel dependencies an id of its own.",
                );
            }
            links.ids.push(id);
            links.ends.push((provider, receiver));
        }
        links
    }

    /// Says which end of a dependency is not known, or both.
    fn unknown_ends(
        &mut self,
        description: &Description,
        employees: &Employees<'_>,
        customers: &Customers<'_>,
        path: impl Display,
        dependency: &Dependency,
    ) {
        self.unknown_service(description, employees, format_args!("{path}.provider"), &dependency.provider);
        if !customers.by_name.contains_key(dependency.receiver.as_str()) {
            self.unknown_receiver(description, employees, customers, path, &dependency.receiver);
        }
    }

    fn unknown_receiver(
        &mut self,
        description: &Description,
        employees: &Employees<'_>,
        customers: &Customers<'_>,
        path: impl Display,
        name: &str,
    ) {
        let person = name.split_once('/').map_or(name, |(person, _)| person);
        if !employees.by_name.contains_key(person) {
            let known = employees.by_name.keys().chain(customers.by_name.keys()).copied();
            self.error(
                ErrorKind::Name,
                format!("{path}.receiver"),
                format!("{name:?}, which is neither employee nor customer"),
                "the name of an employee, employee/service, or the name of a customer",
                self.nearest(name, known, "Add it to `employees` or `customers`."),
            );
            return;
        }
        self.unknown_service(description, employees, format_args!("{path}.receiver"), name);
    }

    fn dependency_numbers(&mut self, path: impl Display + Copy, dependency: &Dependency) {
        self.probability(path, "needed", dependency.needed);
        self.hours(path, "promise", dependency.promise);
        self.hours(path, "standard", dependency.standard);
        self.distribution(path, "handoff", dependency.handoff.as_ref());
        self.distribution(path, "rework", dependency.rework.as_ref());
        self.probability(path, "detection", dependency.detection);
        self.probability(path, "transmission", dependency.transmission);
        self.probability(path, "strength", dependency.strength);
        self.probability(path, "criticality", dependency.criticality);
        if let Some(silence) = &dependency.silence {
            let path = format_args!("{path}.silence");
            self.probability(path, "probability", Some(silence.probability));
            self.distribution(path, "chase", Some(&silence.chase));
        }
        if let Some(lag) = dependency.lag {
            self.number(format_args!("{path}.lag"), f64::from(lag), 0.0, 65_535.0, "a whole number");
        }
    }
}
