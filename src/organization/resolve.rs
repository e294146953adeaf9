//! Names become indices, and every problem of meaning is found at once.

use std::collections::{HashMap, HashSet};

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, Reversed};

use super::description::{Dependency, Description, Kind};
use super::names;
use super::projections::Node;
use super::read::{Finding, Severity};
use crate::{Distribution, Error, ErrorKind, Hours, Probability};

/// The largest number of hours that may be written: 2^20, about 120 years.
pub(crate) const MAX_HOURS: f64 = 1_048_576.0;
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
}

impl Resolved {
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
    let mut check = Checker { findings: Vec::new() };
    check.settings(description);
    let departments = check.departments(description);
    let employees = check.employees(description, &departments);
    let customers = check.customers(description, &employees.ids, &employees.by_name);
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
        }
    });
    let resolved = resolved.and_then(|mut resolved| {
        check.reach(description, &mut resolved);
        (!check.failed()).then_some(resolved)
    });
    findings.append(&mut check.findings);
    resolved
}

struct Departments {
    ids: Vec<String>,
    by_name: HashMap<String, usize>,
}

struct Employees {
    ids: Vec<String>,
    departments: Vec<Option<usize>>,
    by_name: HashMap<String, usize>,
    /// The index of each employee's first service among all services.
    first_service: Vec<usize>,
    /// For each employee, its services by name.
    services: Vec<HashMap<String, usize>>,
}

struct Customers {
    ids: Vec<String>,
    by_name: HashMap<String, usize>,
}

struct Links {
    ids: Vec<String>,
    ends: Vec<(usize, Receiver)>,
}

struct Checker {
    findings: Vec<Finding>,
}

impl Checker {
    fn failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    fn error(&mut self, kind: ErrorKind, path: String, found: String, allowed: &str, mend: impl Into<String>) {
        self.findings.push(Finding::error(Error::new(kind, path, found, allowed, mend)));
    }

    fn warn(&mut self, kind: ErrorKind, path: String, found: String, allowed: &str, mend: impl Into<String>) {
        self.findings.push(Finding::warning(Error::new(kind, path, found, allowed, mend)));
    }

    fn number(&mut self, path: String, value: f64, low: f64, high: f64, what: &str) {
        if !(low..=high).contains(&value) {
            let allowed = format!("{what}, {low} to {high}");
            let mend = if value.is_nan() {
                "Write a number.".to_owned()
            } else if what == "a probability" && value > 1.0 && value <= 100.0 {
                format!("For {value} percent write {}.", value / 100.0)
            } else if value < low {
                format!("Write {low} or more.")
            } else {
                format!("Write {high} or less.")
            };
            self.error(ErrorKind::Range, path, value.to_string(), &allowed, mend);
        }
    }

    fn probability(&mut self, path: &str, field: &str, value: Option<Probability>) {
        if let Some(value) = value {
            self.number(format!("{path}.{field}"), value.get(), 0.0, 1.0, "a probability");
        }
    }

    fn hours(&mut self, path: &str, field: &str, value: Option<Hours>) {
        if let Some(value) = value {
            self.number(format!("{path}.{field}"), value.get(), 0.0, MAX_HOURS, "hours");
        }
    }

    fn distribution(&mut self, path: &str, field: &str, value: Option<&Distribution>) {
        if let Some(value) = value {
            let mut errors = Vec::new();
            value.check(&format!("{path}.{field}"), &mut errors);
            self.findings.extend(errors.into_iter().map(Finding::error));
        }
    }

    fn name(&mut self, path: &str, name: &str) {
        if let Some(fault) = names::fault(name) {
            self.error(
                ErrorKind::Name,
                format!("{path}.name"),
                format!("{fault}: {name:?}"),
                "any text without slashes, control characters or blanks at its ends",
                "Give it a plain name.",
            );
        }
    }

    /// Records a key of which there may be one, and complains of a second.
    fn once(&mut self, seen: &mut HashMap<String, String>, key: &str, path: String, what: &str, mend: &str) {
        match seen.get(key) {
            Some(first) => self.error(
                ErrorKind::Duplicate,
                path,
                format!("{key:?}, which {first} has already"),
                &format!("{what} is there once"),
                mend,
            ),
            None => {
                seen.insert(key.to_owned(), path);
            }
        }
    }

    fn settings(&mut self, description: &Description) {
        if description.name.trim().is_empty() {
            self.error(ErrorKind::Name, "name".into(), "an empty name".into(), "any text", "Name the organisation.");
        }
        if let Some(rounds) = description.rounds {
            self.number("rounds".into(), f64::from(rounds), 1.0, 1e6, "a whole number");
        }
        if let (Some(warmup), Some(rounds)) = (description.warmup, description.rounds)
            && warmup >= rounds
        {
            self.error(
                ErrorKind::Range,
                "warmup".into(),
                format!("{warmup} of {rounds} rounds"),
                "fewer warm-up rounds than rounds",
                "Add rounds, or warm up for fewer.",
            );
        }
        if let Some(hours) = description.hours_per_day
            && !(hours > 0.0 && hours <= 24.0)
        {
            self.error(
                ErrorKind::Range,
                "hours_per_day".into(),
                hours.to_string(),
                "hours, above 0 and up to 24",
                "Write the hours of a working day, e.g. 8.",
            );
        }
        if let Some(cadence) = &description.cadence {
            let mut errors = Vec::new();
            cadence.check("cadence", &mut errors);
            self.findings.extend(errors.into_iter().map(Finding::error));
        }
        for (field, empty, of) in [
            ("employees", description.employees.is_empty(), "employee who provides something"),
            ("customers", description.customers.is_empty(), "external customer"),
            ("dependencies", description.dependencies.is_empty(), "dependency that leads to a customer"),
        ] {
            if empty {
                self.error(
                    ErrorKind::Shape,
                    field.into(),
                    "none".into(),
                    &format!("at least one {of}"),
                    "Add one; `ripple new` writes a model to start from.",
                );
            }
        }
    }

    fn departments(&mut self, description: &Description) -> Departments {
        let (mut names, mut keys) = (HashMap::new(), HashMap::new());
        let mut departments = Departments { ids: Vec::new(), by_name: HashMap::new() };
        for (index, department) in description.departments.iter().enumerate() {
            let path = format!("departments[{index}]");
            let id = department.id.as_ref().unwrap_or(&department.name);
            self.name(&path, &department.name);
            self.once(&mut names, &department.name, format!("{path}.name"), "a department's name", "Rename one.");
            self.once(&mut keys, id, format!("{path}.id"), "a department's id", "Give it another id.");
            self.distribution(&path, "pace", department.pace.as_ref());
            departments.ids.push(id.clone());
            departments.by_name.entry(department.name.clone()).or_insert(index);
        }
        departments
    }

    fn employees(&mut self, description: &Description, departments: &Departments) -> Employees {
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
            let path = format!("employees[{index}]");
            let id = employee.id.as_ref().unwrap_or(&employee.name);
            self.name(&path, &employee.name);
            self.once(&mut names, &employee.name, format!("{path}.name"), "an employee's name", "Rename one.");
            self.once(&mut keys, id, format!("{path}.id"), "an employee's id", "Give it another id.");
            self.distribution(&path, "pace", employee.pace.as_ref());
            if let Some(absence) = employee.absence {
                self.number(format!("{path}.absence"), absence.get(), 0.0, MAX_ABSENCE, "a probability");
            }
            if let Some(capacity) = employee.capacity {
                self.number(format!("{path}.capacity"), f64::from(capacity), 1.0, 1024.0, "a whole number");
            }
            let department = employee.department.as_ref().and_then(|name| {
                let found = departments.by_name.get(name).copied();
                if found.is_none() {
                    self.error(
                        ErrorKind::Name,
                        format!("{path}.department"),
                        format!("{name:?}, which is no department"),
                        "the name of one of `departments`",
                        names::nearest(
                            name,
                            departments.by_name.keys().map(String::as_str),
                            "Add it to `departments`.",
                        ),
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
            employees.by_name.entry(employee.name.clone()).or_insert(index);
            employees.first_service.push(services);
            services += employee.services.len();
            let mut by_name = HashMap::new();
            for (number, service) in employee.services.iter().enumerate() {
                let path = format!("{path}.services[{number}]");
                match &service.name {
                    Some(name) => {
                        self.name(&path, name);
                        if by_name.insert(name.clone(), number).is_some() {
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
        employees
    }

    fn customers(
        &mut self,
        description: &Description,
        employee_ids: &[String],
        employees: &HashMap<String, usize>,
    ) -> Customers {
        let (mut names, mut keys) = (HashMap::new(), HashMap::new());
        for (index, id) in employee_ids.iter().enumerate() {
            keys.insert(id.clone(), format!("employees[{index}]"));
        }
        for (name, index) in employees {
            names.insert(name.clone(), format!("employees[{index}].name"));
        }
        let mut customers = Customers { ids: Vec::new(), by_name: HashMap::new() };
        for (index, customer) in description.customers.iter().enumerate() {
            let path = format!("customers[{index}]");
            let id = customer.id.as_ref().unwrap_or(&customer.name);
            let mend = "Employees and customers share their names: rename one.";
            self.name(&path, &customer.name);
            self.once(&mut names, &customer.name, format!("{path}.name"), "a name", mend);
            self.once(&mut keys, id, format!("{path}.id"), "an id", "Give it another id.");
            self.hours(&path, "promise", customer.promise);
            if let Some(value) = customer.value
                && !(0.0..=1e15).contains(&value)
            {
                self.number(format!("{path}.value"), value, 0.0, 1e15, "an amount of money");
            }
            self.probability(&path, "perfect_quality", customer.perfect_quality);
            if let Some(satisfaction) = &customer.satisfaction {
                self.probability(&format!("{path}.satisfaction"), "error", satisfaction.error);
                self.probability(&format!("{path}.satisfaction"), "lateness", satisfaction.lateness);
            }
            customers.ids.push(id.clone());
            customers.by_name.entry(customer.name.clone()).or_insert(index);
        }
        customers
    }

    fn services(&mut self, description: &Description, employees: &Employees) -> Vec<ServiceAt> {
        let mut keys = HashMap::new();
        let mut services = Vec::new();
        for (index, employee) in description.employees.iter().enumerate() {
            for (number, service) in employee.services.iter().enumerate() {
                let path = format!("employees[{index}].services[{number}]");
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
                self.once(&mut keys, &id, format!("{path}.id"), "a service's id", "Give it another id.");
                self.distribution(&path, "duration", Some(&service.duration));
                self.hours(&path, "standard", service.standard);
                self.hours(&path, "buffer", service.buffer);
                self.probability(&path, "error_rate", service.error_rate);
                self.probability(&path, "rush", service.rush);
                self.distribution(&path, "workmanship", service.workmanship.as_ref());
                self.quality(&path, service.workmanship.as_ref());
                let backup = service.backup.as_ref().and_then(|backup| {
                    let path = format!("{path}.backup");
                    self.distribution(&path, "pace", backup.pace.as_ref());
                    self.probability(&path, "error_rate", backup.error_rate);
                    let found = employees.by_name.get(&backup.employee).copied();
                    if found.is_none() || found == Some(index) {
                        let name = &backup.employee;
                        let others =
                            employees.by_name.keys().map(String::as_str).filter(|other| *other != employee.name);
                        self.error(
                            ErrorKind::Name,
                            format!("{path}.employee"),
                            format!("{name:?}, which is no colleague of {}", employee.name),
                            "the name of another employee",
                            names::nearest(name, others, "Name a colleague who is in `employees`."),
                        );
                    }
                    found
                });
                services.push(ServiceAt { employee: index, service: number, id, label, backup, matters: false });
            }
        }
        services
    }

    /// Quality lives on 0..=1: the whole support of workmanship must.
    fn quality(&mut self, path: &str, workmanship: Option<&Distribution>) {
        if let Some(workmanship) = workmanship {
            let most = workmanship.quantile(1.0);
            if !(most <= 1.0 || most.is_nan()) {
                self.error(
                    ErrorKind::Range,
                    format!("{path}.workmanship"),
                    format!("qualities up to {most}"),
                    "a distribution on 0 to 1",
                    "Use a number, uniform, triangular, pert, beta or empirical between 0 and 1.",
                );
            }
        }
    }

    /// A reference to a service: `Ana` or `Ana/account history`.
    fn service_named(
        &mut self,
        description: &Description,
        employees: &Employees,
        path: String,
        reference: &str,
    ) -> Option<usize> {
        let (person, service) = match reference.split_once('/') {
            Some((person, service)) => (person, Some(service)),
            None => (reference, None),
        };
        let Some(&employee) = employees.by_name.get(person) else {
            self.error(
                ErrorKind::Name,
                path,
                format!("{person:?}, which is no employee"),
                "the name of an employee, or employee/service",
                names::nearest(person, employees.by_name.keys().map(String::as_str), "Add it to `employees`."),
            );
            return None;
        };
        let offers = &description.employees[employee].services;
        let list = || {
            let names: Vec<_> = offers.iter().filter_map(|service| service.name.as_deref()).take(8).collect();
            names.join(", ")
        };
        let number = match service {
            Some(name) => employees.services[employee].get(name).copied(),
            None if offers.len() == 1 => Some(0),
            None => None,
        };
        if number.is_none() {
            let (found, mend) = match service {
                Some(name) if offers.iter().any(|offer| offer.name.is_some()) => (
                    format!("{name:?}, which {person} does not provide"),
                    names::nearest(
                        name,
                        employees.services[employee].keys().map(String::as_str),
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
                    format!(
                        "Say which one, e.g. \"{person}/{}\" ({}).",
                        offers[0].name.as_deref().unwrap_or(""),
                        list()
                    ),
                ),
            };
            self.error(
                ErrorKind::Name,
                path,
                found,
                "the name of an employee with one service, or employee/service",
                mend,
            );
        }
        Some(employees.first_service[employee] + number?)
    }

    fn dependencies(
        &mut self,
        description: &Description,
        employees: &Employees,
        customers: &Customers,
        services: &[ServiceAt],
    ) -> Links {
        let mut keys = HashMap::new();
        let mut links = Links { ids: Vec::new(), ends: Vec::new() };
        for (index, dependency) in description.dependencies.iter().enumerate() {
            let path = format!("dependencies[{index}]");
            self.dependency_numbers(&path, dependency);
            let provider = self.service_named(description, employees, format!("{path}.provider"), &dependency.provider);
            let receiver = match customers.by_name.get(&dependency.receiver) {
                Some(&customer) => Some(Receiver::Customer(customer)),
                None => self.receiver(description, employees, customers, &path, &dependency.receiver),
            };
            let (Some(provider), Some(receiver)) = (provider, receiver) else { continue };
            let id = dependency.id.clone().unwrap_or_else(|| {
                let to = match receiver {
                    Receiver::Service(service) => &services[service].id,
                    Receiver::Customer(customer) => &customers.ids[customer],
                };
                format!("{} -> {to}", services[provider].id)
            });
            self.once(
                &mut keys,
                &id,
                format!("{path}.id"),
                "a dependency's id",
                "Give each of the parallel dependencies an id of its own.",
            );
            links.ids.push(id);
            links.ends.push((provider, receiver));
        }
        links
    }

    fn receiver(
        &mut self,
        description: &Description,
        employees: &Employees,
        customers: &Customers,
        path: &str,
        name: &str,
    ) -> Option<Receiver> {
        let person = name.split_once('/').map_or(name, |(person, _)| person);
        if !employees.by_name.contains_key(person) {
            let known = employees.by_name.keys().chain(customers.by_name.keys()).map(String::as_str);
            self.error(
                ErrorKind::Name,
                format!("{path}.receiver"),
                format!("{name:?}, which is neither employee nor customer"),
                "the name of an employee, employee/service, or the name of a customer",
                names::nearest(name, known, "Add it to `employees` or `customers`."),
            );
            return None;
        }
        self.service_named(description, employees, format!("{path}.receiver"), name).map(Receiver::Service)
    }

    fn dependency_numbers(&mut self, path: &str, dependency: &Dependency) {
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
            let path = format!("{path}.silence");
            self.probability(&path, "probability", Some(silence.probability));
            self.distribution(&path, "chase", Some(&silence.chase));
        }
        if let Some(lag) = dependency.lag {
            self.number(format!("{path}.lag"), f64::from(lag), 0.0, 65_535.0, "a whole number");
        }
    }

    /// Groups belong to one receiver; their counts agree, and are at most their sizes.
    fn groups(&mut self, description: &Description, ends: &[(usize, Receiver)]) {
        let mut groups: HashMap<(Receiver, &str), Vec<usize>> = HashMap::new();
        let mut order = Vec::new();
        for (index, dependency) in description.dependencies.iter().enumerate() {
            if let Some(Kind::Any { group, .. }) = &dependency.kind {
                let members = groups.entry((ends[index].1, group)).or_default();
                if members.is_empty() {
                    order.push((ends[index].1, group.as_str()));
                }
                members.push(index);
            }
        }
        let count_of = |index: usize| match &description.dependencies[index].kind {
            Some(Kind::Any { count, .. }) => *count,
            _ => 0,
        };
        for key in order {
            let members = &groups[&key];
            let (size, first) = (members.len(), count_of(members[0]));
            for &index in members {
                let count = count_of(index);
                let path = format!("dependencies[{index}].kind.any.count");
                if count != first {
                    self.error(
                        ErrorKind::Range,
                        path,
                        format!("{count}, where dependencies[{}] of the same group says {first}", members[0]),
                        "one count for a group",
                        "Write the same count in all of its members.",
                    );
                } else if count == 0 || count as usize > size {
                    self.error(
                        ErrorKind::Range,
                        path,
                        format!("any {count} of {size}"),
                        &format!(
                            "1 to {size}, the size of group {:?} at {:?}",
                            key.1, description.dependencies[index].receiver
                        ),
                        "Lower the count, or add members to the group.",
                    );
                }
            }
        }
    }

    /// What leads to a customer, what does not, and journeys.
    fn reach(&mut self, description: &Description, resolved: &mut Resolved) {
        let services = resolved.services.len();
        let ever_needed = resolved.graph.filter_map(
            |_, node| Some(*node),
            |_, &edge| is_ever_needed(&description.dependencies[edge]).then_some(edge),
        );
        let mut matters = HashSet::new();
        let mut walk = Dfs::empty(Reversed(&ever_needed));
        for customer in 0..description.customers.len() {
            walk.stack.push(NodeIndex::new(services + customer));
        }
        while let Some(node) = walk.next(Reversed(&ever_needed)) {
            matters.insert(node.index());
        }
        for (index, service) in resolved.services.iter_mut().enumerate() {
            service.matters = matters.contains(&index);
            if !service.matters {
                self.warn(
                    ErrorKind::Unreachable,
                    format!("employees[{}].services[{}]", service.employee, service.service),
                    format!("{:?}, which nobody needs", service.label),
                    "services on which some customer depends in the end",
                    "Add a dependency on it, or leave it out: it takes time and serves nobody.",
                );
            }
        }
        let employees: HashMap<&str, usize> =
            description.employees.iter().enumerate().map(|(index, employee)| (employee.name.as_str(), index)).collect();
        for (index, customer) in description.customers.iter().enumerate() {
            let node = NodeIndex::new(services + index);
            if ever_needed.neighbors_directed(node, petgraph::Direction::Incoming).next().is_none() {
                self.error(
                    ErrorKind::Unreachable,
                    format!("customers[{index}]"),
                    format!("{:?}, whom nobody serves", customer.name),
                    "customers with at least one dependency that is sometimes needed",
                    "Add a dependency with this customer as its receiver.",
                );
            }
            let stages = customer.journey.as_deref().unwrap_or_default();
            let mut journey = Vec::new();
            if !stages.is_empty() {
                let mut upstream = HashSet::new();
                let mut walk = Dfs::new(Reversed(&ever_needed), node);
                while let Some(node) = walk.next(Reversed(&ever_needed)) {
                    upstream.insert(node.index());
                }
                for (number, stage) in stages.iter().enumerate() {
                    let path = format!("customers[{index}].journey[{number}]");
                    let Some(service) = self.stage(description, &employees, resolved, &path, stage) else { continue };
                    if !upstream.contains(&service) {
                        self.error(
                            ErrorKind::Unreachable,
                            path,
                            format!("{stage:?}, on which {:?} does not depend", customer.name),
                            "services upstream of the customer",
                            "Add the dependency that leads from it to the customer, or drop the stage.",
                        );
                    }
                    journey.push(service);
                }
            }
            resolved.journeys.push(journey);
        }
    }

    fn stage(
        &mut self,
        description: &Description,
        employees: &HashMap<&str, usize>,
        resolved: &Resolved,
        path: &str,
        stage: &str,
    ) -> Option<usize> {
        let found = resolved.services.iter().position(|service| {
            service.label == stage
                || (employees.get(stage) == Some(&service.employee)
                    && description.employees[service.employee].services.len() == 1)
        });
        if found.is_none() {
            let labels = resolved.services.iter().map(|service| service.label.as_str());
            self.error(
                ErrorKind::Name,
                path.to_owned(),
                format!("{stage:?}, which is no service"),
                "the name of an employee with one service, or employee/service",
                names::nearest(stage, labels, "Name a service that the customer touches."),
            );
        }
        found
    }
}
