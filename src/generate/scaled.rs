//! A distribution times a factor: the same shape, all hours longer or shorter.

use crate::Distribution;
use crate::distribution::{Component, Lognormal};

/// `of` times a factor above 0.
pub(super) fn scaled(of: &Distribution, by: f64) -> Distribution {
    match of {
        Distribution::Constant { value } => Distribution::Constant { value: value * by },
        Distribution::Uniform { min, max } => Distribution::Uniform { min: min * by, max: max * by },
        Distribution::Triangular { min, mode, max } => {
            Distribution::Triangular { min: min * by, mode: mode * by, max: max * by }
        }
        Distribution::Pert { min, mode, max } => Distribution::Pert { min: min * by, mode: mode * by, max: max * by },
        Distribution::Exponential { mean } => Distribution::Exponential { mean: mean * by },
        Distribution::Erlang { shape, mean } => Distribution::Erlang { shape: *shape, mean: mean * by },
        Distribution::Gamma { shape, scale } => Distribution::Gamma { shape: *shape, scale: scale * by },
        Distribution::Lognormal(Lognormal::MeanSd { mean, sd }) => {
            Distribution::Lognormal(Lognormal::MeanSd { mean: mean * by, sd: sd * by })
        }
        Distribution::Lognormal(Lognormal::MedianP90 { median, p90 }) => {
            Distribution::Lognormal(Lognormal::MedianP90 { median: median * by, p90: p90 * by })
        }
        Distribution::Weibull { shape, scale } => Distribution::Weibull { shape: *shape, scale: scale * by },
        Distribution::Normal { mean, sd } => Distribution::Normal { mean: mean * by, sd: sd * by },
        Distribution::Beta { a, b, min, max } => Distribution::Beta { a: *a, b: *b, min: min * by, max: max * by },
        Distribution::Empirical { values, weights } => Distribution::Empirical {
            values: values.iter().map(|value| value * by).collect(),
            weights: weights.clone(),
        },
        Distribution::Mixture(components) => Distribution::Mixture(
            components.iter().map(|part| Component { weight: part.weight, of: scaled(&part.of, by) }).collect(),
        ),
        Distribution::Shifted { by: later, of } => {
            Distribution::Shifted { by: later * by, of: Box::new(scaled(of, by)) }
        }
    }
}
