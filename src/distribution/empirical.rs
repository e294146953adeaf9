//! Values as they were observed.

use super::family::{Check, Family, MAX_VALUES};
use super::sampler::{Discrete, Draw, Sampler};
use super::steps::{Steps, Sum, sum};
use super::table::Tables;
use std::sync::Arc;

pub(super) struct Empirical<'a> {
    pub(super) values: &'a [f64],
    pub(super) weights: Option<&'a [f64]>,
}

impl Empirical<'_> {
    fn weight(&self, i: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[i])
    }

    /// The values that can occur, with their weights.
    fn weighted(&self) -> impl Iterator<Item = (f64, f64)> + Clone {
        self.values.iter().enumerate().map(|(i, &value)| (value, self.weight(i))).filter(|&(_, weight)| weight > 0.0)
    }

    fn total(&self) -> f64 {
        sum(self.weighted().map(|(_, weight)| weight))
    }

    fn sorted(&self) -> Vec<(f64, f64)> {
        let mut pairs: Vec<_> = self.weighted().collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        pairs
    }
}

impl Family for Empirical<'_> {
    fn check(&self, check: &mut Check<'_>) {
        let count = self.values.len();
        if !(1..=MAX_VALUES).contains(&count) {
            let found = format!("{count} values");
            check.refuse("empirical.values", found, "1..=1000000 values", "Give what was observed, or a sample of it.");
            return;
        }
        for (i, &value) in self.values.iter().enumerate() {
            if !check.hours(format_args!("empirical.values[{i}]"), value) {
                return;
            }
        }
        if let Some(weights) = self.weights {
            if weights.len() != count {
                let found = format!("{} weights", weights.len());
                let allowed = format!("as many as values: {count}");
                check.refuse("empirical.weights", found, allowed, "Give every value one weight, or no weights at all.");
                return;
            }
            check.weights("empirical.weights", |i| format!("empirical.weights[{i}]"), weights.iter().copied());
        }
    }

    fn constant(&self) -> Option<f64> {
        if self.weights.is_some_and(|weights| weights.len() != self.values.len()) {
            return None;
        }
        let mut values = self.weighted().map(|(value, _)| value);
        let first = values.next()?;
        values.all(|value| value == first).then_some(first)
    }

    fn mean(&self) -> f64 {
        sum(self.weighted().map(|(value, weight)| value * weight)) / self.total()
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        sum(self.weighted().map(|(value, weight)| (value - mean) * (value - mean) * weight)) / self.total()
    }

    fn cdf(&self, x: f64) -> f64 {
        if self.weights.is_none() {
            return self.values.iter().filter(|&&value| value <= x).count() as f64 / self.values.len() as f64;
        }
        // In the order of `quantile`, so that the two agree to the last bit.
        let below = sum(self.sorted().iter().take_while(|pair| pair.0 <= x).map(|pair| pair.1));
        (below / self.total()).min(1.0)
    }

    fn quantile(&self, p: f64) -> f64 {
        let pairs = self.sorted();
        let total = self.total();
        // The least value whose cumulative share reaches p, the shares summed as in `cdf`.
        let mut running = Sum::default();
        for &(value, weight) in &pairs {
            running.add(weight);
            if running.get() / total >= p {
                return value;
            }
        }
        pairs.last().map_or(f64::NAN, |&(value, _)| value)
    }

    fn sampler(&self, _: &mut Tables) -> Sampler {
        let pairs = self.sorted();
        let steps = Steps::new(pairs.iter().map(|&(_, weight)| weight));
        let values = pairs.iter().map(|&(value, _)| value).collect();
        Sampler::of(Draw::Discrete(Arc::new(Discrete { values, steps })))
    }
}
