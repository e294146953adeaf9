//! A thing found by the name that people give it: `Ana`, `Ana/account history`, `Operations`, `Ana -> Ben`.

use super::description::{Dependency, Description};
use super::names;
use crate::{Error, ErrorKind};

impl Description {
    pub(crate) fn employee_named(&self, name: &str) -> Option<usize> {
        self.employees.iter().position(|employee| employee.name == name)
    }

    pub(crate) fn department_named(&self, name: &str) -> Option<usize> {
        self.departments.iter().position(|department| department.name == name)
    }

    pub(crate) fn customer_named(&self, name: &str) -> Option<usize> {
        self.customers.iter().position(|customer| customer.name == name)
    }

    /// An employee and which of its services: of `Ana/account history`, or of `Ana` where she provides one service.
    pub(crate) fn service_named(&self, name: &str) -> Option<(usize, usize)> {
        if let Some(employee) = self.employee_named(name) {
            return (self.employees[employee].services.len() == 1).then_some((employee, 0));
        }
        let (person, service) = name.split_once('/')?;
        let employee = self.employee_named(person)?;
        let named = |one: &super::Service| one.name.as_deref() == Some(service);
        Some((employee, self.employees[employee].services.iter().position(named)?))
    }

    /// The dependency of this id, or else the only one between these two, or the only one of these that has no id of its own:
    /// it is called after the two.
    pub(crate) fn dependency_named(&self, name: &str) -> Option<Result<usize, Error>> {
        if let Some(index) = self.dependencies.iter().position(|dependency| dependency.id.as_deref() == Some(name)) {
            return Some(Ok(index));
        }
        let (provider, receiver) = name.split_once(" -> ")?;
        let is = |written: &str, wanted: &str| {
            written == wanted || written.split_once('/').is_some_and(|(person, _)| person == wanted)
        };
        let between =
            |dependency: &Dependency| is(&dependency.provider, provider) && is(&dependency.receiver, receiver);
        let found: Vec<usize> =
            (0..self.dependencies.len()).filter(|&index| between(&self.dependencies[index])).collect();
        let unnamed: Vec<usize> =
            found.iter().copied().filter(|&index| self.dependencies[index].id.is_none()).collect();
        match if unnamed.len() == 1 { unnamed.as_slice() } else { found.as_slice() } {
            [] => None,
            [index] => Some(Ok(*index)),
            several => Some(Err(Error::new(
                ErrorKind::Name,
                name,
                format!("{} dependencies between these two", several.len()),
                "the id of one dependency, or the names of two services with one dependency between them",
                "Give the dependencies ids, and name one of these.",
            ))),
        }
    }

    /// `Did you mean "Ana"?`, of things of this sort alone, `employee`, `service`, `department` or `customer`, services by
    /// whatever names them; of any other sort as [`nearest_name`](Self::nearest_name).
    pub(crate) fn nearest_of(&self, sort: &str, wanted: &str, otherwise: &str) -> String {
        let nearest = |known: &mut dyn Iterator<Item = &str>| names::nearest(wanted, known, otherwise);
        match sort {
            "employee" => nearest(&mut self.employees.iter().map(|one| one.name.as_str())),
            "department" => nearest(&mut self.departments.iter().map(|one| one.name.as_str())),
            "customer" => nearest(&mut self.customers.iter().map(|one| one.name.as_str())),
            "service" => {
                let label = |employee: &super::Employee, service: &super::Service| match &service.name {
                    Some(name) => format!("{}/{name}", employee.name),
                    None => employee.name.clone(),
                };
                let of = |one: &super::Employee| one.services.iter().map(|service| label(one, service)).collect();
                let known: Vec<String> = self.employees.iter().flat_map(|one| -> Vec<String> { of(one) }).collect();
                nearest(&mut known.iter().map(String::as_str))
            }
            _ => self.nearest_name(wanted, otherwise),
        }
    }

    /// `Did you mean "Ana"?`, of employees, their services, customers and departments; else the given advice.
    pub(crate) fn nearest_name(&self, wanted: &str, otherwise: &str) -> String {
        let services = self.employees.iter().flat_map(|employee| {
            let named = employee.services.iter().filter_map(|service| service.name.as_ref());
            named.map(|service| format!("{}/{service}", employee.name))
        });
        let things = self.employees.iter().map(|employee| employee.name.clone());
        let things = things.chain(self.customers.iter().map(|customer| customer.name.clone()));
        let things = things.chain(self.departments.iter().map(|department| department.name.clone()));
        let known: Vec<String> = things.chain(services).collect();
        names::nearest(wanted, known.iter().map(String::as_str), otherwise)
    }
}
