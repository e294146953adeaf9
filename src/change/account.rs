//! What changed, in words.

use std::fmt;

use serde::Serialize;

use super::access::{Thing, Value};
use super::parameter::{Measure, Parameter};
use crate::organization::Description;

/// One thing that moved: where, what it was and what it became.
///
/// ```
/// # use ripple_effect::change::{Parameter, Selection};
/// # use ripple_effect::Organization;
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides_with("stock list", 2.0, |s| s.error_rate(0.1)))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Guests", "stock list")
///     .build()?;
/// let changed = shop.apply(&[Selection::employee("Ana").scale(Parameter::ErrorRate, 0.5)])?;
/// let moved = &changed.moved()[0];
/// assert_eq!((moved.path.as_str(), moved.before.as_str()), ("employees[0].services[0].error_rate", "0.1"));
/// assert_eq!(moved.to_string(), "Ana/stock list: error_rate from 0.1 to 0.05");
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Moved {
    /// The path in the description as it was when this was changed.
    pub path: String,
    /// The thing, as people name it.
    pub thing: String,
    /// What of it: a parameter, `backup`, `provided by`, or `dependency`.
    pub what: String,
    /// What it was, in words.
    pub before: String,
    /// What it became, in words.
    pub after: String,
}

impl Moved {
    pub(super) fn parameter(
        description: &Description,
        thing: Thing,
        parameter: Parameter,
        before: &Value,
        after: &Value,
    ) -> Self {
        Self {
            path: thing.path(parameter.name()),
            thing: thing.name(description),
            what: parameter.name().to_owned(),
            before: words(before, parameter.measure()),
            after: words(after, parameter.measure()),
        }
    }
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} from {} to {}", self.thing, self.what, self.before, self.after)
    }
}

/// At most five digits, without what a computer's thirds leave behind.
fn short(number: f64) -> String {
    if number == 0.0 || !(1e-4..1e15).contains(&number.abs()) {
        return number.to_string();
    }
    let digits = (4 - number.abs().log10().floor() as i32).clamp(0, 9) as usize;
    let text = format!("{number:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn words(value: &Value, measure: Measure) -> String {
    let unit = measure.unit();
    match value {
        Value::Number(number) => format!("{}{unit}", short(*number)),
        Value::Spread(spread) => match spread.as_constant() {
            Some(constant) => format!("{}{unit}", short(constant)),
            None => format!("{}{unit} on average ({})", short(spread.mean()), spread.family_name()),
        },
    }
}
