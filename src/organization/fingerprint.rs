//! By what two descriptions are known to be one model.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::description::{Customer, Department, Dependency, Description, Employee};
use super::resolve::Resolved;

/// SHA-256 of the description without remarks, its lists in the order of ids: hexadecimal. A thing after the other, so
/// that a large model is never copied, nor written out, as a whole.
pub(super) fn of(description: &Description, resolved: &Resolved) -> String {
    let mut hash = Hash(Sha256::new());
    hash.thing(description);
    hash.list(&description.departments, |at| resolved.department_ids[at].as_str());
    hash.list(&description.employees, |at| resolved.employee_ids[at].as_str());
    hash.list(&description.customers, |at| resolved.customer_ids[at].as_str());
    hash.list(&description.dependencies, |at| resolved.dependency_ids.at(at));
    hash.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Hash(Sha256);

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Hash {
    fn thing<T: WithoutRemarks + Serialize>(&mut self, thing: &T) {
        // Neither hashing nor writing a description can fail.
        let _ = serde_json::to_writer(&mut *self, &thing.without_remarks());
        self.0.update(b"\n");
    }

    /// A list, with its length before it.
    fn list<'t, T: WithoutRemarks + Serialize>(&mut self, things: &[T], id: impl Fn(usize) -> &'t str) {
        self.0.update((things.len() as u64).to_le_bytes());
        let mut order: Vec<usize> = (0..things.len()).collect();
        order.sort_by_key(|&at| id(at));
        for at in order {
            self.thing(&things[at]);
        }
    }
}

/// A thing without what says nothing of how work goes: notes, tags, roles.
trait WithoutRemarks {
    fn without_remarks(&self) -> Self;
}

impl WithoutRemarks for Department {
    fn without_remarks(&self) -> Self {
        Self { notes: None, tags: None, ..self.clone() }
    }
}

impl WithoutRemarks for Employee {
    fn without_remarks(&self) -> Self {
        let mut employee = Self { notes: None, tags: None, role: None, ..self.clone() };
        for service in &mut employee.services {
            (service.notes, service.tags) = (None, None);
        }
        employee.services.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        employee
    }
}

impl WithoutRemarks for Customer {
    fn without_remarks(&self) -> Self {
        Self { notes: None, tags: None, ..self.clone() }
    }
}

impl WithoutRemarks for Dependency {
    fn without_remarks(&self) -> Self {
        Self { notes: None, tags: None, ..self.clone() }
    }
}

/// All but its lists.
impl WithoutRemarks for Description {
    fn without_remarks(&self) -> Self {
        Self {
            format: self.format,
            schema: None,
            notes: None,
            tags: None,
            changes: None,
            shocks: None,
            departments: Vec::new(),
            employees: Vec::new(),
            customers: Vec::new(),
            dependencies: Vec::new(),
            name: self.name.clone(),
            start: self.start,
            discipline: self.discipline,
            order: self.order.clone(),
            cadence: self.cadence.clone(),
            rounds: self.rounds,
            warmup: self.warmup,
            hours_per_day: self.hours_per_day,
            currency: self.currency.clone(),
            climate: self.climate.clone(),
        }
    }
}
