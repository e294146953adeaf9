//! What every family can do, and how its parameters are checked.

use super::sampler::Sampler;
use super::table::Tables;
use crate::{Error, ErrorKind};
use std::fmt::Display;

/// The greatest time, hours.
pub(super) const MAX_HOURS: f64 = 1_048_576.0;
/// The shapes that are allowed: between them mean and variance are finite and a table is accurate.
pub(super) const SHAPES: std::ops::RangeInclusive<f64> = 0.05..=1e6;
/// The most values that an empirical distribution may hold.
pub(super) const MAX_VALUES: usize = 1_000_000;
/// How deep distributions may stand inside of each other.
const MAX_DEPTH: usize = 16;

/// A family with its parameters. All but `check` and `constant` may rely on `check` having found nothing and `constant` being `None`.
pub(super) trait Family {
    fn check(&self, check: &mut Check<'_>);
    fn constant(&self) -> Option<f64>;
    fn mean(&self) -> f64;
    fn variance(&self) -> f64;
    fn cdf(&self, x: f64) -> f64;
    fn quantile(&self, p: f64) -> f64;
    fn sampler(&self, tables: &mut Tables) -> Sampler;
}

/// Always the same.
pub(super) struct Constant {
    pub(super) value: f64,
}

impl Family for Constant {
    fn check(&self, check: &mut Check<'_>) {
        check.hours("", self.value);
    }

    fn constant(&self) -> Option<f64> {
        Some(self.value)
    }

    fn mean(&self) -> f64 {
        self.value
    }

    fn variance(&self) -> f64 {
        0.0
    }

    fn cdf(&self, x: f64) -> f64 {
        f64::from(u8::from(x >= self.value))
    }

    fn quantile(&self, _: f64) -> f64 {
        self.value
    }

    fn sampler(&self, _: &mut Tables) -> Sampler {
        Sampler::always(self.value)
    }
}

/// Collects what is wrong with the parameters of one distribution.
pub(super) struct Check<'a> {
    path: &'a str,
    depth: usize,
    errors: &'a mut Vec<Error>,
}

impl<'a> Check<'a> {
    pub(super) fn new(path: &'a str, errors: &'a mut Vec<Error>) -> Self {
        Self { path, depth: 1, errors }
    }

    /// How many errors there are so far.
    pub(super) fn found(&self) -> usize {
        self.errors.len()
    }

    /// Checks a distribution inside of this one.
    pub(super) fn inside(&mut self, field: impl Display, of: &super::Distribution) {
        if self.depth == MAX_DEPTH {
            let allowed = format!("at most {MAX_DEPTH} distributions inside of each other");
            self.refuse(field, "one more", allowed, "Write the sum of the shifts, or one mixture of all components.");
            return;
        }
        let path = self.join(field);
        of.check_at(&mut Check { path: &path, depth: self.depth + 1, errors: self.errors });
    }

    /// A time in hours; a field of no name is the distribution as a whole.
    pub(super) fn hours(&mut self, field: impl Display, value: f64) -> bool {
        let fine = (0.0..=MAX_HOURS).contains(&value);
        if !fine {
            self.refuse(field, value.to_string(), "hours, 0..=1048576", mend_number(value));
        }
        fine
    }

    pub(super) fn shape(&mut self, field: impl Display, value: f64) -> bool {
        let fine = SHAPES.contains(&value);
        if !fine {
            let allowed = format!("{}..={}", SHAPES.start(), SHAPES.end());
            self.refuse(
                field,
                value.to_string(),
                allowed,
                "Give a shape in that range; 1 is an exponential or a uniform.",
            );
        }
        fine
    }

    /// `min <= max`, both in hours.
    pub(super) fn bounds(&mut self, family: &str, min: f64, max: f64) -> bool {
        let fine = self.hours(format_args!("{family}.min"), min) & self.hours(format_args!("{family}.max"), max);
        if fine && min > max {
            self.refuse(
                format_args!("{family}.max"),
                max.to_string(),
                format!("`min` or more: {min}..=1048576"),
                "Exchange `min` and `max`.",
            );
            return false;
        }
        fine
    }

    /// `min <= mode <= max`, all in hours.
    pub(super) fn estimate(&mut self, family: &str, min: f64, mode: f64, max: f64) {
        let fine = self.bounds(family, min, max) & self.hours(format_args!("{family}.mode"), mode);
        if fine && !(min..=max).contains(&mode) {
            let allowed = format!("from `min` to `max`: {min}..={max}");
            self.refuse(
                format_args!("{family}.mode"),
                mode.to_string(),
                allowed,
                "Give the most likely value between the two others.",
            );
        }
    }

    /// Weights: finite, not negative, with a positive sum. Their common path is given by a function of the index.
    pub(super) fn weights(&mut self, all: &str, one: impl Fn(usize) -> String, weights: impl Iterator<Item = f64>) {
        let (mut sum, mut count) = (0.0, 0);
        for (i, weight) in weights.enumerate() {
            if !(0.0..=f64::MAX).contains(&weight) {
                self.refuse(
                    one(i),
                    weight.to_string(),
                    "a finite number, 0 or more",
                    "Give how often this one occurs.",
                );
                return;
            }
            sum += weight;
            count += 1;
        }
        if count > 0 && !(sum > 0.0 && sum <= f64::MAX) {
            let found = format!("weights of sum {sum}");
            self.refuse(all, found, "a positive, finite sum", "Give at least one of them a weight, such as 1.");
        }
    }

    /// The mean of the whole, once its parameters are fine.
    pub(super) fn mean(&mut self, mean: f64) {
        if !(0.0..=MAX_HOURS).contains(&mean) {
            let found = format!("a distribution of mean {mean}");
            self.refuse("", found, "a mean of at most 1048576 hours", "Check the unit: parameters are in hours.");
        }
    }

    pub(super) fn refuse(
        &mut self,
        field: impl Display,
        found: impl Into<String>,
        allowed: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let path = self.join(field);
        self.errors.push(Error::new(ErrorKind::Range, path, found, allowed, mend));
    }

    fn join(&self, field: impl Display) -> String {
        // Only errors and nested distributions get here: a check that finds nothing formats nothing.
        let field = field.to_string();
        match (self.path, field.as_str()) {
            (path, "") => path.to_owned(),
            ("", _) => field,
            (path, _) => format!("{path}.{field}"),
        }
    }
}

fn mend_number(value: f64) -> &'static str {
    if value < 0.0 {
        "A time cannot be negative: give 0 or more."
    } else if value > MAX_HOURS {
        "Check the unit: times are in hours."
    } else {
        "Give a number of hours."
    }
}
