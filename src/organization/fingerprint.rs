//! By what two descriptions are known to be one model.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::description::{Description, WithoutRemarks};
use super::resolve::Resolved;

/// SHA-256 of the description without remarks, its lists in the order of ids: hexadecimal. A thing after the other, so
/// that a large model is never copied, nor written out, as a whole.
pub(super) fn of(description: &Description, resolved: &Resolved) -> String {
    let mut hash = Hash(Sha256::new());
    hash.thing(description);
    hash.list(&description.departments, &resolved.department_ids);
    hash.list(&description.employees, &resolved.employee_ids);
    hash.list(&description.customers, &resolved.customer_ids);
    hash.list(&description.dependencies, &resolved.dependency_ids);
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
    fn list<T: WithoutRemarks + Serialize, I: Ord>(&mut self, things: &[T], ids: &[I]) {
        self.0.update((things.len() as u64).to_le_bytes());
        let mut order: Vec<usize> = (0..things.len().min(ids.len())).collect();
        order.sort_by(|&a, &b| ids[a].cmp(&ids[b]));
        for at in order {
            self.thing(&things[at]);
        }
    }
}
