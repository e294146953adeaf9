//! Whether shocks say what can happen: names and numbers on their own, selections in an organisation.

use std::collections::HashMap;

use super::finder::Finder;
use super::target::{Refusal, Target};
use super::written::Shock;
use crate::organization::resolve::Resolved;
use crate::organization::{Description, Finding};
use crate::simulation::MAX_ROUNDS;
use crate::{Distribution, Error, ErrorKind, Plan};

/// The largest factor on hours of work.
const MAX_PACE: f64 = 1000.0;

/// What is wrong with names and numbers.
pub(crate) fn value_errors(shocks: &[Shock]) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut names: HashMap<String, usize> = HashMap::new();
    for (place, shock) in shocks.iter().enumerate() {
        let path = format!("shocks[{place}]");
        if shock.name.trim().is_empty() || shock.name.chars().any(char::is_control) {
            errors.push(Error::new(
                ErrorKind::Name,
                format!("{path}.name"),
                if shock.name.trim().is_empty() { "an empty name".to_owned() } else { format!("{:?}", shock.name) },
                "any text without control characters",
                "Name the shock.",
            ));
        } else if let Some(first) = names.insert(shock.composed_name(), place) {
            let found = format!("{:?}, which shocks[{first}].name has already", shock.name);
            let path = format!("{path}.name");
            errors.push(Error::new(ErrorKind::Duplicate, path, found, "a shock's name is there once", "Rename one."));
        }
        values_of(shock, &path, &mut errors);
    }
    errors
}

pub(super) fn values_of(shock: &Shock, path: &str, errors: &mut Vec<Error>) {
    if shock.effects().next().is_none() {
        errors.push(Error::new(
            ErrorKind::Shape,
            path,
            "a shock with which nothing happens",
            "at least one of late, wrong, absent, unanswered, quality, pace",
            "Say what happens, e.g. \"late\": 6.",
        ));
    }
    let range = |field: &str, found: String, allowed: String, mend: &str| {
        Error::new(ErrorKind::Range, format!("{path}.{field}"), found, allowed, mend)
    };
    if shock.round >= MAX_ROUNDS {
        let allowed = format!("a whole number, 0 to {}", MAX_ROUNDS - 1);
        let mend = "Rounds are counted from 0, and there are a million of them at most.";
        errors.push(range("round", shock.round.to_string(), allowed, mend));
    } else {
        let most = MAX_ROUNDS - shock.round;
        if !(1..=most).contains(&shock.rounds) {
            let allowed = format!("a whole number, 1 to {most}");
            let mend = if shock.rounds == 0 {
                "Write how many rounds it lasts, or leave the shock out."
            } else {
                "Let it end with round 999999, or before."
            };
            errors.push(range("rounds", shock.rounds.to_string(), allowed, mend));
        }
    }
    let mut distribution = |field: &str, of: Option<&Distribution>| {
        if let Some(of) = of {
            of.check(&format!("{path}.{field}"), errors);
        }
    };
    distribution("late", shock.late.as_ref());
    distribution("unanswered.chase", shock.unanswered.as_ref().and_then(|unanswered| unanswered.chase.as_ref()));
    if let Some(quality) = shock.quality.filter(|quality| !(0.0..=1.0).contains(quality)) {
        let mend = "Write what is left of the quality: 0.8 is a fifth less.";
        errors.push(range("quality", quality.to_string(), "a factor, 0 to 1".to_owned(), mend));
    }
    if let Some(pace) = shock.pace.filter(|&pace| !(pace > 0.0 && pace <= MAX_PACE)) {
        let allowed = format!("a factor on the hours of work, above 0 and up to {MAX_PACE}");
        let mend = "Write how many times as long the work takes: 2 is half the pace.";
        errors.push(range("pace", pace.to_string(), allowed, mend));
    }
}

/// What is wrong with what they select in an organisation.
pub(crate) fn selection_errors(shocks: &[Shock], description: &Description, resolved: &Resolved) -> Vec<Error> {
    let finder = Finder::new(description, resolved, shocks.len());
    let refused = |(place, shock)| refusals(shock, &finder, &format!("shocks[{place}]"));
    shocks.iter().enumerate().flat_map(refused).map(|refusal| refusal.error).collect()
}

/// Why a shock of this path cannot strike, effect by effect; nothing where it can.
pub(super) fn refusals(shock: &Shock, finder: &Finder<'_>, path: &str) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    for effect in shock.effects() {
        if let Err(refusal) = Target::of(shock, effect, finder, path)
            // Two effects that select the same sort of things fail in the same way.
            && refusals.iter().all(|before| before.error != refusal.error)
        {
            refusals.push(refusal);
        }
    }
    refusals
}

/// Whether a shock can strike in an organisation.
pub(crate) fn fits(shock: &Shock, description: &Description, resolved: &Resolved) -> bool {
    refusals(shock, &Finder::new(description, resolved, 1), "").is_empty()
}

/// Shocks of the model after its last round.
pub(crate) fn warnings(plan: &Plan) -> Vec<Finding> {
    let late = |(place, shock): (usize, &Shock)| {
        let path = format!("shocks[{place}].round");
        (shock.round >= plan.rounds).then(|| Finding::warning(after_the_run(path, shock.round, plan.rounds)))
    };
    plan.organization.shocks().iter().enumerate().filter_map(late).collect()
}

/// A shock in a round that there is not.
pub(super) fn after_the_run(path: String, round: u32, rounds: u32) -> Error {
    Error::new(
        ErrorKind::Range,
        path,
        format!("round {round} of {rounds}, counted from 0"),
        format!("0 to {}", rounds - 1),
        format!("Strike in an earlier round, or run {} rounds or more.", u64::from(round) + 1),
    )
}
