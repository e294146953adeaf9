//! What could be different or strike, as far as it can be checked without making it so.

use std::collections::HashMap;

use super::check::Checker;
use super::description::Description;
use super::read::Finding;
use super::resolve::Resolved;
use crate::{ErrorKind, shock};

impl Checker {
    /// Scenarios have names of their own, and what they select is there: up to the first change of who is there or who
    /// depends on whom, after which names may mean something else.
    pub(super) fn scenarios(&mut self, description: &Description, resolved: &Resolved) {
        let mut names = HashMap::new();
        for (index, scenario) in description.changes.iter().flatten().enumerate() {
            let path = format!("changes[{index}]");
            if scenario.name.trim().is_empty() {
                let (found, mend) = ("an empty name".to_owned(), "Name the scenario.");
                self.error(ErrorKind::Name, format!("{path}.name"), found, "any text", mend);
            }
            let name_at = |index: usize| format!("changes[{index}].name");
            self.once(&mut names, &scenario.name, index, name_at, "a scenario's name", "Rename one.");
            let mut as_written = true;
            for (place, change) in scenario.changes.iter().enumerate() {
                if !as_written {
                    break;
                }
                let path = format!("{path}.changes[{place}]");
                let checked = change.select.check_in(&change.action, description, resolved, &path);
                self.findings.extend(checked.err().map(Finding::error));
                as_written = !change.action.changes_structure();
            }
            for (place, practice) in scenario.practices.iter().enumerate().filter(|_| as_written) {
                let checked = practice.check_in(description, resolved, &format!("{path}.practices[{place}]"));
                self.findings.extend(checked.err().map(Finding::error));
            }
        }
    }

    /// Shocks have names of their own, and say in which rounds what happens.
    pub(super) fn shocks(&mut self, description: &Description) {
        let errors = shock::value_errors(description.shocks.as_deref().unwrap_or_default());
        self.findings.extend(errors.into_iter().map(Finding::error));
    }

    /// Whom and what they strike is there, and can be struck so.
    pub(super) fn struck(&mut self, description: &Description, resolved: &Resolved) {
        let shocks = description.shocks.as_deref().unwrap_or_default();
        let errors = shock::selection_errors(shocks, description, resolved);
        self.findings.extend(errors.into_iter().map(Finding::error));
    }
}
