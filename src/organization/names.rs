//! What a name may be, and the nearest one to a misspelt one.

use rayon::prelude::*;
use serde_json::Value;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{Description, Kind};
use crate::threads;

/// Brings every name, id and reference to Unicode NFC, so that two ways to type one accented letter are one name; and
/// takes a note of `null`, which JSON cannot tell from none, for none.
pub(super) fn normalize(description: &mut Description) {
    let fix = |text: &mut String| {
        if !text.is_ascii() && !is_nfc(text) {
            *text = text.nfc().collect();
        }
    };
    fix(&mut description.name);
    drop_null(&mut description.notes);
    description.order.iter_mut().flatten().for_each(fix);
    for shock in description.shocks.iter_mut().flatten() {
        fix(&mut shock.name);
        drop_null(&mut shock.notes);
    }
    for department in &mut description.departments {
        fix(&mut department.name);
        department.id.iter_mut().for_each(fix);
        drop_null(&mut department.notes);
    }
    threads::run(
        description.employees.len(),
        description.employees.par_iter_mut().map(|employee| {
            fix(&mut employee.name);
            employee.id.iter_mut().for_each(fix);
            employee.department.iter_mut().for_each(fix);
            drop_null(&mut employee.notes);
            for service in &mut employee.services {
                service.name.iter_mut().for_each(fix);
                service.id.iter_mut().for_each(fix);
                drop_null(&mut service.notes);
                if let Some(backup) = &mut service.backup {
                    fix(&mut backup.employee);
                }
            }
        }),
    );
    for customer in &mut description.customers {
        fix(&mut customer.name);
        customer.id.iter_mut().for_each(fix);
        drop_null(&mut customer.notes);
        customer.journey.iter_mut().flatten().for_each(fix);
    }
    threads::run(
        description.dependencies.len(),
        description.dependencies.par_iter_mut().map(|dependency| {
            fix(&mut dependency.provider);
            fix(&mut dependency.receiver);
            dependency.id.iter_mut().for_each(fix);
            drop_null(&mut dependency.notes);
            if let Some(Kind::Any { group, .. }) = &mut dependency.kind {
                fix(group);
            }
        }),
    );
}

fn drop_null(notes: &mut Option<Value>) {
    if notes.as_ref().is_some_and(Value::is_null) {
        *notes = None;
    }
}

/// Why this cannot be a name, if it cannot.
pub(super) fn fault(name: &str) -> Option<&'static str> {
    if name.trim().is_empty() {
        Some("an empty name")
    } else if name.contains('/') {
        Some("a name with a slash")
    } else if name.chars().any(char::is_control) {
        Some("a name with a control character")
    } else if name.trim() != name {
        Some("a name with blanks at its ends")
    } else {
        None
    }
}

/// `Did you mean "Ana"?`, where some name is near; else the given advice.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
    let wanted_lower = wanted.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&wanted_lower, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map_or_else(|| otherwise.to_owned(), |(_, name)| format!("Did you mean \"{name}\"?"))
}
