//! The order of work, where it is written.

use std::collections::{HashMap, HashSet};

use super::check::Checker;
use super::description::Description;
use super::resolve::Resolved;
use crate::ErrorKind;

impl Checker {
    /// The services that the written order names; each of them once.
    pub(super) fn order(&mut self, description: &Description, resolved: &Resolved) -> Vec<usize> {
        let Some(written) = &description.order else { return Vec::new() };
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        for (index, service) in resolved.services.iter().enumerate() {
            by_name.insert(&service.label, index);
            let employee = &description.employees[service.employee];
            if employee.services.len() == 1 {
                by_name.insert(&employee.name, index);
            }
        }
        let (mut order, mut seen) = (Vec::with_capacity(written.len()), HashSet::new());
        for (place, name) in written.iter().enumerate() {
            let path = format!("order[{place}]");
            let Some(&service) = by_name.get(name.as_str()) else {
                let mend = self.nearest(name, by_name.keys().copied(), "Name a service, or leave it out.");
                let allowed = "the name of an employee with one service, or employee/service";
                self.error(ErrorKind::Name, path, format!("{name:?}, which is no service"), allowed, mend);
                continue;
            };
            if seen.insert(service) {
                order.push(service);
            } else {
                let mend = "Drop it from all places but one.";
                self.error(ErrorKind::Duplicate, path, format!("{name:?} again"), "each service once", mend);
            }
        }
        order
    }
}
