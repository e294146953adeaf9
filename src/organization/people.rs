//! Departments, employees, customers and services: looked at one by one, and found by their names.

use std::array::from_fn;
use std::collections::HashSet;
use std::fmt::Display;
use std::ops::Range;

use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;

use super::check::{Checker, finds, places_where};
use super::description::{Customer, Description, Employee};
use super::distinct::{Index, repeated};
use crate::together::TOGETHER;
use crate::{ErrorKind, threads};

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

pub(super) struct Departments<'d> {
    pub(super) ids: Vec<String>,
    by_name: HashMap<&'d str, usize>,
}

impl Departments<'_> {
    /// The employee's department, if it is known.
    fn index(&self, employee: &Employee) -> Option<usize> {
        self.by_name.get(employee.department.as_deref()?).copied()
    }
}

pub(super) struct Employees<'d> {
    pub(super) ids: Vec<String>,
    pub(super) departments: Vec<Option<usize>>,
    pub(super) names: Index<'d>,
    /// Which of all services are theirs.
    services: Vec<Range<usize>>,
    /// The services that have a name, by their employee's index and by it: the number among the employee's.
    named: HashMap<(usize, &'d str), usize>,
}

impl Employees<'_> {
    /// The service that a reference names, if it names one.
    pub(super) fn service(&self, reference: &str) -> Option<usize> {
        let (person, service) = parts(reference);
        self.service_of(self.names.find(person)?, service)
    }

    /// The service of this name, or the only one.
    fn service_of(&self, employee: usize, service: Option<&str>) -> Option<usize> {
        let services = &self.services[employee];
        let number = match service {
            Some(name) => *self.named.get(&(employee, name))?,
            None => (services.len() == 1).then_some(0)?,
        };
        Some(services.start + number)
    }

    /// What [`service`](Self::service) says of several references.
    pub(super) fn each_service(&self, references: [&str; TOGETHER]) -> [Option<usize>; TOGETHER] {
        let parts = references.map(parts);
        let employees = self.names.find_each(parts.map(|(person, _)| person));
        from_fn(|at| employees[at].and_then(|employee| self.service_of(employee, parts[at].1)))
    }
}

/// The person and the service of a reference, `Ana` or `Ana/account history`.
pub(super) fn parts(reference: &str) -> (&str, Option<&str>) {
    match reference.split_once('/') {
        Some((person, service)) => (person, Some(service)),
        None => (reference, None),
    }
}

/// The names of employees.
pub(super) fn names(description: &Description) -> impl Iterator<Item = &str> {
    description.employees.iter().map(|employee| employee.name.as_str())
}

pub(super) struct Customers<'d> {
    pub(super) ids: Vec<String>,
    pub(super) by_name: HashMap<&'d str, usize>,
}

impl Checker {
    pub(super) fn departments<'d>(&mut self, description: &'d Description) -> Departments<'d> {
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

    pub(super) fn employees<'d>(
        &mut self,
        description: &'d Description,
        departments: &Departments<'_>,
    ) -> Employees<'d> {
        let all = &description.employees;
        let id_of = |employee: &'d Employee| employee.id.as_ref().unwrap_or(&employee.name).as_str();
        let names = Index::new(all.par_iter().map(|employee| employee.name.as_str()));
        let same_name = names.repeated();
        let same_id = repeated(all.len(), |index| Some(id_of(&all[index])));
        let is_odd = |index: usize, employee: &Employee| {
            same_name.contains_key(&index)
                || same_id.contains_key(&index)
                || finds(|check| {
                    check.called(format_args!("employees[{index}]"), employee);
                    check.employee(index, employee, departments);
                })
        };
        for index in places_where(all, is_odd) {
            let employee = &all[index];
            let path = format_args!("employees[{index}]");
            self.called(path, employee);
            if let Some(first) = same_name.get(&index) {
                let first = format!("employees[{first}].name");
                self.twice(&employee.name, format!("{path}.name"), &first, "an employee's name", "Rename one.");
            }
            if let Some(first) = same_id.get(&index) {
                let first = format!("employees[{first}].id");
                self.twice(id_of(employee), format!("{path}.id"), &first, "an employee's id", "Give it another id.");
            }
            self.employee(index, employee, departments);
        }
        let (mut services, mut start) = (Vec::with_capacity(all.len()), 0);
        for employee in all {
            services.push(start..start + employee.services.len());
            start += employee.services.len();
        }
        let mut named = HashMap::new();
        let has_named = |_, employee: &Employee| employee.services.iter().any(|service| service.name.is_some());
        for index in places_where(all, has_named) {
            let names = all[index].services.iter().enumerate();
            let names = names.filter_map(|(number, service)| Some(((index, service.name.as_deref()?), number)));
            named.extend(names);
        }
        Employees {
            ids: threads::collect(all.par_iter().map(|employee| id_of(employee).to_owned())),
            departments: threads::collect(all.par_iter().map(|employee| departments.index(employee))),
            names,
            services,
            named,
        }
    }

    /// What an employee is called.
    fn called(&mut self, path: impl Display + Copy, employee: &Employee) {
        self.name(path, &employee.name);
        self.id(path, employee.id.as_ref());
    }

    /// All else about an employee, but whether the name and the id are there once.
    fn employee(&mut self, index: usize, employee: &Employee, departments: &Departments<'_>) {
        let path = format_args!("employees[{index}]");
        self.distribution(path, "pace", employee.pace.as_ref());
        if let Some(absence) = employee.absence {
            self.number(format_args!("{path}.absence"), absence.get(), 0.0, MAX_ABSENCE, "a probability");
        }
        if let Some(capacity) = employee.capacity {
            self.number(format_args!("{path}.capacity"), f64::from(capacity), 1.0, 1024.0, "a whole number");
        }
        if let Some(capacity) = employee.planned_capacity {
            self.number(format_args!("{path}.planned_capacity"), f64::from(capacity), 1.0, 1024.0, "a whole number");
        }
        if let Some(name) = &employee.department
            && departments.index(employee).is_none()
        {
            self.error(
                ErrorKind::Name,
                format!("{path}.department"),
                format!("{name:?}, which is no department"),
                "the name of one of `departments`",
                self.nearest(name, departments.by_name.keys().copied(), "Add it to `departments`."),
            );
        }
        if employee.services.is_empty() {
            self.warn(
                ErrorKind::Unreachable,
                format!("{path}.services"),
                format!("nothing that {} provides", employee.name),
                "at least one service of use to somebody",
                "Add a service, or leave this employee out.",
            );
        }
        let mut names = HashSet::new();
        for (number, service) in employee.services.iter().enumerate() {
            let path = format_args!("{path}.services[{number}]");
            match &service.name {
                Some(name) => {
                    self.name(path, name);
                    if !names.insert(name.as_str()) {
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
    }

    pub(super) fn customers<'d>(&mut self, description: &'d Description, employees: &Employees<'_>) -> Customers<'d> {
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
            let first = match (employees.names.find(name), customers.by_name.get(name)) {
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

    pub(super) fn services(&mut self, description: &Description, employees: &Employees<'_>) -> Vec<ServiceAt> {
        let at = |&(index, number): &(usize, usize)| {
            let (employee, owner) = (&description.employees[index], &employees.ids[index]);
            let service = &employee.services[number];
            let of = |employee: &String, name: &String| [employee, "/", name].concat();
            let name = service.name.as_ref();
            ServiceAt {
                employee: index,
                service: number,
                id: match &service.id {
                    Some(id) => id.clone(),
                    None => name.map_or_else(|| owner.clone(), |name| of(owner, name)),
                },
                label: name.map_or_else(|| employee.name.clone(), |name| of(&employee.name, name)),
                backup: service.backup.as_ref().and_then(|backup| employees.names.find(&backup.employee)),
                matters: false,
            }
        };
        let places =
            |(index, employee): (usize, &Employee)| (0..employee.services.len()).map(move |number| (index, number));
        let places: Vec<(usize, usize)> = description.employees.iter().enumerate().flat_map(places).collect();
        let services = threads::collect(places.par_iter().map(at));
        let ids = repeated(services.len(), |place| Some(&services[place].id));
        let is_odd =
            |place: usize, at: &ServiceAt| ids.contains_key(&place) || finds(|check| check.service(description, at));
        for place in places_where(&services, is_odd) {
            let at = &services[place];
            if let Some(&first) = ids.get(&place) {
                let path = |at: &ServiceAt| format!("employees[{}].services[{}].id", at.employee, at.service);
                let first = path(&services[first]);
                self.twice(&at.id, path(at), &first, "a service's id", "Give it another id.");
            }
            self.service(description, at);
        }
        services
    }

    /// All about a service but its name, and whether the id is there once.
    fn service(&mut self, description: &Description, at: &ServiceAt) {
        let employee = &description.employees[at.employee];
        let service = &employee.services[at.service];
        let path = format_args!("employees[{}].services[{}]", at.employee, at.service);
        self.id(path, service.id.as_ref());
        self.distribution(path, "duration", Some(&service.duration));
        self.hours(path, "standard", service.standard);
        self.hours(path, "buffer", service.buffer);
        self.probability(path, "error_rate", service.error_rate);
        self.probability(path, "rush", service.rush);
        self.distribution(path, "workmanship", service.workmanship.as_ref());
        self.quality(path, service.workmanship.as_ref());
        if let Some(backup) = &service.backup {
            let path = format_args!("{path}.backup");
            self.distribution(path, "pace", backup.pace.as_ref());
            self.probability(path, "error_rate", backup.error_rate);
            if at.backup.is_none_or(|colleague| colleague == at.employee) {
                let name = &backup.employee;
                let others = names(description).filter(|other| *other != employee.name);
                self.error(
                    ErrorKind::Name,
                    format!("{path}.employee"),
                    format!("{name:?}, which is no colleague of {}", employee.name),
                    "the name of another employee",
                    self.nearest(name, others, "Name a colleague who is in `employees`."),
                );
            }
        }
    }
}
