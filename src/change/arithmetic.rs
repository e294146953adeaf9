//! What set, scale, add, cap make of one value, and whether the result may be.

use super::access::Value;
use super::action::Toward;
use super::parameter::Measure;
use crate::{Distribution, Error, ErrorKind};

/// What is done to one value.
#[derive(Debug, Clone)]
pub(super) enum Step<'a> {
    Set(&'a Distribution),
    Scale(f64),
    Add(f64),
    Cap(f64),
    AtLeast(f64),
    Toward(Toward),
}

impl Step<'_> {
    /// Why this step cannot be taken with any value, if it cannot.
    fn fault(&self, measure: Measure) -> Option<(String, &'static str, &'static str)> {
        let (low, high) = measure.range();
        match *self {
            Self::Scale(factor) if !(factor >= 0.0 && factor.is_finite()) => {
                Some((factor.to_string(), "a factor, 0 or more", "Write 0.8 for a fifth less, 1.2 for a fifth more."))
            }
            Self::AtLeast(_) | Self::Toward(_) if measure.is_spread() => Some((
                "a distribution".to_owned(),
                "a parameter that is one number",
                "Use set, scale, add or cap for distributions.",
            )),
            Self::Toward(Toward { by, .. }) if !(0.0..=1.0).contains(&by) => {
                Some((by.to_string(), "a share of the way, 0 to 1", "Write 1 to go all the way."))
            }
            Self::Toward(Toward { to: limit, .. }) | Self::AtLeast(limit) | Self::Cap(limit)
                if !(low..=high).contains(&limit) =>
            {
                Some((limit.to_string(), "a value that the parameter may have", "Write one within its range."))
            }
            Self::Set(value) if !measure.is_spread() && value.as_constant().is_none() => Some((
                format!("a distribution ({})", value.family_name()),
                "one number: this parameter has no spread",
                "Write a number.",
            )),
            _ => None,
        }
    }

    /// The value after this step. `what` names the thing and the parameter for errors.
    pub(super) fn take(&self, before: &Value, measure: Measure, what: &str, path: &str) -> Result<Value, Error> {
        let refuse =
            |found: String, allowed: &str, mend: &str| Err(Error::new(ErrorKind::Range, path, found, allowed, mend));
        if let Some((found, allowed, mend)) = self.fault(measure) {
            return refuse(found, allowed, mend);
        }
        let after = match before {
            Value::Number(x) => Value::Number(match *self {
                Self::Set(value) => value.as_constant().unwrap_or(f64::NAN),
                Self::Scale(factor) => x * factor,
                Self::Add(more) => x + more,
                Self::Cap(most) => {
                    if *x > most {
                        most
                    } else {
                        *x
                    }
                }
                Self::AtLeast(least) => {
                    if *x < least {
                        least
                    } else {
                        *x
                    }
                }
                Self::Toward(Toward { by: 1.0, to }) => to,
                Self::Toward(Toward { to, by }) => x + by * (to - x),
            }),
            Value::Spread(of) => Value::Spread(match *self {
                Self::Set(value) => value.clone(),
                Self::Scale(factor) => of.scaled(factor),
                Self::Add(more) => match of.moved(more) {
                    Some(moved) => moved,
                    None => {
                        let found = format!("{what}, some of whose values would fall below 0");
                        return refuse(found, "values of 0 or more", "Take less away, or scale it.");
                    }
                },
                Self::Cap(most) => match of.capped(most) {
                    Some(capped) => capped,
                    None => {
                        let found = format!("{what}, a distribution ({}) that goes on beyond {most}", of.family_name());
                        return refuse(
                            found,
                            "a constant, uniform or empirical distribution, or a mixture or shift of these",
                            "Set a distribution that ends there, or scale it.",
                        );
                    }
                },
                // Refused above.
                Self::AtLeast(_) | Self::Toward(_) => of.clone(),
            }),
        };
        check(&after, measure, what, path)?;
        Ok(after)
    }
}

/// Whether a value is one that the parameter may have.
fn check(value: &Value, measure: Measure, what: &str, path: &str) -> Result<(), Error> {
    let (low, high) = measure.range();
    let kind = match measure {
        Measure::Hours | Measure::SpreadHours => "hours",
        Measure::Probability => "a probability",
        Measure::Absence => "a probability to be absent",
        Measure::Capacity => "a whole number",
        Measure::Money => "an amount of money",
        Measure::SpreadFactor => "factors",
        Measure::SpreadQuality => "qualities",
    };
    let refuse = |found: String| {
        let allowed = format!("{kind}, {low} to {high}");
        let mend = "Change it by less, or use cap or at_least to stop at a bound.";
        Err(Error::new(ErrorKind::Range, path, found, allowed, mend))
    };
    match value {
        Value::Number(number) => {
            let whole = measure != Measure::Capacity || number.fract() == 0.0;
            if (low..=high).contains(number) && whole {
                Ok(())
            } else {
                refuse(format!("{what}, which would be {number}"))
            }
        }
        Value::Spread(spread) => {
            if let Err(error) = spread.validate() {
                let at = if error.path().is_empty() { String::new() } else { format!(" in {}", error.path()) };
                return refuse(format!("{what}, with {}{at}", error.found()));
            }
            let most = spread.quantile(1.0);
            if measure == Measure::SpreadQuality && most > high {
                return refuse(format!("{what}, with qualities up to {most}"));
            }
            Ok(())
        }
    }
}
