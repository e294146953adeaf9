//! Going on until figures are known well enough.
//!
//! # When it is decided
//! At fixed numbers of blocks of 256 replications, whoever runs them: after 10 blocks (2,560 replications), and whenever a
//! quarter more are done: 10, 13, 17, 22, 28, 35, ... The decision reads the exact sums of just these blocks, so it is the
//! same on any machine and any number of threads.
//!
//! # What stopping costs
//! A run that stops when its interval is narrow stops a little too often when the spread has been underestimated by chance:
//! the interval covers the true figure a little less often than 95 % of the time, and as often as that only in the limit of
//! small half-widths (Chow & Robbins 1965). Two things keep the loss small: nothing is decided below 2,560 replications, and
//! decisions are few (ten while the replications grow tenfold), which is what Law & Kelton (1982) advise.
//!
//! An interval without any width says that nothing has varied yet, not that nothing will: it never ends a run early.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::organization::nearest;
use crate::outcome::Precision;
use crate::{Error, ErrorKind, Outcome};

/// The first decision, in blocks: each of the ten groups behind intervals of quantiles has one.
const FIRST: u64 = 10;

/// A figure, and the half-width of its 95 % interval that is wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Target {
    pub(super) figure: String,
    pub(super) half_width: f64,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} within {}", self.figure, self.half_width)
    }
}

/// The numbers of blocks at which it is decided.
pub(super) fn looks() -> impl Iterator<Item = u64> {
    std::iter::successors(Some(FIRST), |blocks| blocks.checked_add(blocks.div_ceil(4)))
}

/// Refuses a half-width that cannot be reached, and figures that there are not in `empty`, an outcome of nothing.
pub(super) fn check(targets: &[Target], empty: &Outcome) -> Result<(), Error> {
    if targets.is_empty() {
        return Ok(());
    }
    let known: Vec<String> = empty.named_figures(|_| true).into_iter().map(|(name, _)| name).collect();
    for target in targets {
        if !known.contains(&target.figure) {
            let otherwise = "Write the name of a customer, a dot, and the figure.";
            return Err(Error::new(
                ErrorKind::Name,
                "until",
                format!("a figure \"{}\" that is not known here", target.figure),
                options(&target.figure, empty, &known),
                nearest(&target.figure, known.iter().map(String::as_str), otherwise),
            ));
        }
        if !(target.half_width > 0.0 && target.half_width.is_finite()) {
            return Err(Error::new(
                ErrorKind::Range,
                "until",
                target.half_width.to_string(),
                "a half-width above 0, in the unit of the figure",
                "Say within how much the figure is to be known, e.g. 0.05.",
            ));
        }
    }
    Ok(())
}

/// What may be asked of the customer that is named; of the first one where none is, with the names of the others.
fn options(figure: &str, empty: &Outcome, known: &[String]) -> String {
    let mut names: Vec<&str> = empty.things.customers.iter().map(|customer| customer.name.as_str()).collect();
    names.sort_unstable();
    let named = names.iter().filter(|name| figure.starts_with(**name)).max_by_key(|name| name.len()).copied();
    let Some(of) = named.or(names.first().copied()) else { return String::new() };
    let within =
        |name: &&String| name.strip_prefix(of).is_some_and(|rest| rest.starts_with('.') || rest.starts_with(" / "));
    let mut options: Vec<&str> = known.iter().filter(within).map(String::as_str).collect();
    options.dedup();
    let others: Vec<String> = names.iter().filter(|name| **name != of).map(|name| format!("\"{name}\"")).collect();
    match (named, others.is_empty()) {
        (None, false) => format!("{}; and the same of {}", options.join(", "), others.join(", ")),
        _ => options.join(", "),
    }
}

/// How precisely the figures are known.
pub(super) fn reached(targets: &[Target], outcome: &Outcome) -> Vec<Precision> {
    let figures = outcome.named_figures(|customer| targets.iter().any(|target| target.figure.starts_with(customer)));
    let precision = |target: &Target| {
        let half_widths = figures
            .iter()
            .filter(|(name, _)| *name == target.figure)
            .map(|(_, figure)| Some((figure.high? - figure.low?) / 2.0));
        // Where two figures share a name, the wider one; unknown if any of them is.
        let half_width = half_widths.reduce(|a, b| Some(a?.max(b?))).flatten();
        Precision {
            figure: target.figure.clone(),
            wanted: target.half_width,
            half_width,
            reached: half_width.is_some_and(|half_width| half_width <= target.half_width),
        }
    };
    targets.iter().map(precision).collect()
}

/// Whether that is good enough to end a run before its last replication.
pub(super) fn is_enough(precision: &[Precision]) -> bool {
    precision.iter().all(|one| one.reached && one.half_width.is_some_and(|half_width| half_width > 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_grow_by_a_quarter() {
        let first: Vec<u64> = looks().take(8).collect();
        assert_eq!(first, [10, 13, 17, 22, 28, 35, 44, 55]);
        assert!((10..=11).contains(&looks().filter(|blocks| (1_000..10_000).contains(blocks)).count()));
        assert!(looks().count() < 250);
    }
}
