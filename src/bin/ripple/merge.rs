//! `ripple merge`: parts of a run, put together.

use std::ops::Range;

use ripple_effect::Outcome;

use crate::Failure;
use crate::arguments::{Merge, OutcomeFormat};
use crate::run::{check_target, show};

/// Gaps that are named; more are more than anybody reads.
const NAMED: usize = 10;

pub(crate) fn merge(arguments: &Merge) -> Result<(), Failure> {
    if let Some(out) = &arguments.out {
        for part in &arguments.parts {
            check_target(out, part)?;
        }
    }
    let outcome = Outcome::merge_files(&arguments.parts)?;
    let missing = outcome.missing();
    if !missing.is_empty() {
        let gaps = listed(&missing);
        if arguments.partial || arguments.format == OutcomeFormat::Part {
            eprintln!("warning: a part of the run only; missing are {gaps}");
        } else {
            return Err(Failure::File(format!(
                "missing are {gaps}\n  mend     Merge the other parts too; or see what there is with --partial."
            )));
        }
    }
    show(&outcome, arguments.format, arguments.out.as_deref())
}

/// `replications 0 to 511 and 1024 to 1279, 768 in all`.
fn listed(missing: &[Range<u64>]) -> String {
    let mut gaps: Vec<String> =
        missing.iter().take(NAMED).map(|gap| format!("{} to {}", gap.start, gap.end - 1)).collect();
    if missing.len() > NAMED {
        gaps.push(format!("{} more gaps", missing.len() - NAMED));
    }
    let all: u64 = missing.iter().map(|gap| gap.end - gap.start).sum();
    format!("replications {}: {all} in all", gaps.join(", "))
}
