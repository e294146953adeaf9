//! What every check needs: to note a problem, and to try a number, a distribution, a name, a key.

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::BuildHasher;

use rayon::prelude::*;

use super::description::Description;
use super::names;
use super::read::{Finding, Severity};
use crate::{Distribution, Error, ErrorKind, Hours, Probability, threads};

/// The largest number of hours that may be written: 2^20, about 120 years.
const MAX_HOURS: f64 = 1_048_576.0;

/// The problems for which suggestions are looked for.
const SUGGESTIONS: usize = 50;

/// Collects all that is wrong or odd with a description.
#[derive(Debug)]
pub(super) struct Checker {
    pub(super) findings: Vec<Finding>,
    /// After so many problems no more suggestions are looked for.
    suggestions: usize,
}

impl Default for Checker {
    fn default() -> Self {
        Self { findings: Vec::new(), suggestions: SUGGESTIONS }
    }
}

/// Whether a check finds anything.
pub(super) fn finds(check: impl FnOnce(&mut Checker)) -> bool {
    let mut checker = Checker { suggestions: 0, ..Checker::default() };
    check(&mut checker);
    !checker.findings.is_empty()
}

/// The places of the things of which something holds, ascending, looked for by all threads: so what is wrong with them is said one by
/// one, in the order of the file.
pub(super) fn places_where<T: Sync>(things: &[T], holds: impl Fn(usize, &T) -> bool + Sync) -> Vec<usize> {
    let held = threads::collect(things.par_iter().enumerate().map(|(place, thing)| holds(place, thing)));
    held.into_iter().enumerate().filter_map(|(place, holds)| holds.then_some(place)).collect()
}

impl Checker {
    pub(super) fn failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// The nearest of the names as a suggestion, for the first problems; looking through all names takes its time.
    pub(super) fn nearest<'a>(&self, wanted: &str, names: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
        if self.findings.len() < self.suggestions {
            names::nearest(wanted, names, otherwise)
        } else {
            otherwise.to_owned()
        }
    }

    pub(super) fn error(
        &mut self,
        kind: ErrorKind,
        path: String,
        found: String,
        allowed: &str,
        mend: impl Into<String>,
    ) {
        self.findings.push(Finding::error(Error::new(kind, path, found, allowed, mend)));
    }

    pub(super) fn warn(
        &mut self,
        kind: ErrorKind,
        path: String,
        found: String,
        allowed: &str,
        mend: impl Into<String>,
    ) {
        self.findings.push(Finding::warning(Error::new(kind, path, found, allowed, mend)));
    }

    pub(super) fn number(&mut self, path: impl Display, value: f64, low: f64, high: f64, what: &str) {
        if !(low..=high).contains(&value) {
            let allowed = format!("{what}, {low} to {high}");
            let mend = if value.is_nan() {
                "Write a number.".to_owned()
            } else if what == "a probability" && (2.0..=100.0).contains(&value) {
                format!("For {value} percent write {}.", value / 100.0)
            } else if value < low {
                format!("Write {low} or more.")
            } else {
                format!("Write {high} or less.")
            };
            self.error(ErrorKind::Range, path.to_string(), value.to_string(), &allowed, mend);
        }
    }

    pub(super) fn probability(&mut self, path: impl Display, field: &str, value: Option<Probability>) {
        if let Some(value) = value {
            self.number(format_args!("{path}.{field}"), value.get(), 0.0, 1.0, "a probability");
        }
    }

    pub(super) fn hours(&mut self, path: impl Display, field: &str, value: Option<Hours>) {
        if let Some(value) = value {
            self.number(format_args!("{path}.{field}"), value.get(), 0.0, MAX_HOURS, "hours");
        }
    }

    pub(super) fn distribution(&mut self, path: impl Display, field: &str, value: Option<&Distribution>) {
        if let Some(value) = value {
            // Paths are written only where something is wrong: there may be millions of distributions.
            let mut errors = Vec::new();
            value.check("", &mut errors);
            if !errors.is_empty() {
                errors.clear();
                value.check(&format!("{path}.{field}"), &mut errors);
                self.findings.extend(errors.into_iter().map(Finding::error));
            }
        }
    }

    pub(super) fn name(&mut self, path: impl Display, name: &str) {
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

    /// An id may hold what a name may not but for control characters, and is not empty.
    pub(super) fn id(&mut self, path: impl Display, id: Option<&String>) {
        if let Some(id) = id
            && (id.trim().is_empty() || id.chars().any(char::is_control))
        {
            self.error(
                ErrorKind::Name,
                format!("{path}.id"),
                format!("{id:?}"),
                "any text that is not empty, without control characters",
                "Give it a plain id, or leave the id out.",
            );
        }
    }

    /// Records where a key stands of which there may be one, and complains of a second; `path_of` gives the path of a place.
    pub(super) fn once<'k>(
        &mut self,
        seen: &mut HashMap<&'k str, usize, impl BuildHasher>,
        key: &'k str,
        place: usize,
        path_of: impl Fn(usize) -> String,
        what: &str,
        mend: &str,
    ) {
        match seen.get(key) {
            Some(&first) => self.twice(key, path_of(place), &path_of(first), what, mend),
            None => {
                seen.insert(key, place);
            }
        }
    }

    /// Complains of a key that is there already.
    pub(super) fn twice(&mut self, key: &str, path: String, first: &str, what: &str, mend: &str) {
        self.error(
            ErrorKind::Duplicate,
            path,
            format!("{key:?}, which {first} has already"),
            &format!("{what} is there once"),
            mend,
        );
    }

    pub(super) fn settings(&mut self, description: &Description) {
        if description.name.trim().is_empty() {
            self.error(ErrorKind::Name, "name".into(), "an empty name".into(), "any text", "Name the organisation.");
        }
        if let Some(rounds) = description.rounds {
            self.number("rounds", f64::from(rounds), 1.0, 1e6, "a whole number");
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

    /// Quality lives on 0..=1: the whole support of workmanship must.
    pub(super) fn quality(&mut self, path: impl Display, workmanship: Option<&Distribution>) {
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
}
