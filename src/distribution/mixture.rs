//! One of several distributions.

use super::Distribution;
use super::family::{Check, Family};
use super::sampler::Sampler;
use super::steps::sum;
use super::table::Tables;
use serde::{Deserialize, Serialize};

/// One of the distributions of a mixture.
///
/// ```
/// use ripple_effect::{Distribution, distribution::Component};
/// let quick = Component { weight: 0.9, of: Distribution::from(1.0) };
/// let slow = Component { weight: 0.1, of: Distribution::exponential(8.0) };
/// assert_eq!(Distribution::Mixture(vec![quick, slow]).cdf(1.0), 0.9 + 0.1 * (1.0 - (-0.125_f64).exp()));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(description = "One of the distributions of a mixture.")
)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// How often it is this one, in proportion to the weights of the others; 0 or more.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0)))]
    pub weight: f64,
    /// The distribution that it then is.
    pub of: Distribution,
}

pub(super) struct Mixture<'a> {
    pub(super) components: &'a [Component],
}

impl Mixture<'_> {
    /// The components that can occur.
    fn used(&self) -> impl Iterator<Item = &Component> + Clone {
        self.components.iter().filter(|component| component.weight > 0.0)
    }

    /// The mean over the components of a figure of each.
    fn average(&self, of: impl Fn(&Distribution) -> f64) -> f64 {
        sum(self.used().map(|c| c.weight * of(&c.of))) / sum(self.used().map(|c| c.weight))
    }
}

impl Family for Mixture<'_> {
    fn check(&self, check: &mut Check<'_>) {
        if self.components.is_empty() {
            check.refuse("mixture", "no component", "at least one", "Give a weight and a distribution.");
            return;
        }
        check.weights("mixture", |i| format!("mixture[{i}].weight"), self.components.iter().map(|c| c.weight));
        for (i, component) in self.components.iter().enumerate() {
            check.inside(format_args!("mixture[{i}].of"), &component.of);
        }
    }

    fn constant(&self) -> Option<f64> {
        let mut values = self.used().map(|component| component.of.as_constant());
        let first = values.next()??;
        values.all(|value| value == Some(first)).then_some(first)
    }

    fn mean(&self) -> f64 {
        self.average(Distribution::raw_mean)
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        self.average(|of| {
            let distance = of.raw_mean() - mean;
            of.raw_variance() + distance * distance
        })
    }

    fn cdf(&self, x: f64) -> f64 {
        self.average(|of| of.raw_cdf(x)).min(1.0)
    }

    fn quantile(&self, p: f64) -> f64 {
        // The quantile of the whole lies between the least and the greatest of the parts.
        let (mut low, mut high) = (f64::INFINITY, 0.0);
        for component in self.used() {
            let quantile = component.of.raw_quantile(p);
            low = if quantile < low { quantile } else { low };
            high = if quantile > high { quantile } else { high };
        }
        if p == 0.0 || self.cdf(low) >= p {
            return low;
        }
        if p == 1.0 {
            return high;
        }
        // Halving the bit patterns, which are ordered as the numbers are: exact, on atoms too, in at most 64 steps.
        let (mut below, mut enough) = (low.to_bits(), high.to_bits());
        while enough - below > 1 {
            let middle = below + (enough - below) / 2;
            if self.cdf(f64::from_bits(middle)) >= p {
                enough = middle;
            } else {
                below = middle;
            }
        }
        f64::from_bits(enough)
    }

    fn sampler(&self, tables: &mut Tables) -> Sampler {
        // Mixtures in mixtures become one flat list, so that a draw looks up once.
        let total = sum(self.used().map(|c| c.weight));
        let mut parts = Vec::new();
        for component in self.used() {
            Sampler::of_valid(&component.of, tables).flatten(component.weight / total, &mut parts);
        }
        Sampler::mixture(parts)
    }
}
