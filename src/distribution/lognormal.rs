//! The lognormal distribution, by its moments or by two of its quantiles.

use super::family::{Check, Family};
use super::sampler::Sampler;
use super::table::{Placed, Shape, Tables};
use crate::numeric::{normal_cdf, normal_quantile};
use serde::Serialize;

/// The 0.9 quantile of the standard normal distribution.
const Z90: f64 = 1.281_551_565_544_600_4;

/// The two ways to give a lognormal distribution. Both are kept as they were written.
///
/// ```
/// use ripple_effect::{Distribution, distribution::Lognormal};
/// let call = Distribution::Lognormal(Lognormal::MedianP90 { median: 0.5, p90: 2.0 });
/// assert_eq!(call, Distribution::lognormal_median_p90(0.5, 2.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Lognormal {
    /// By the moments of the value itself, not of its logarithm.
    MeanSd {
        /// The mean, hours.
        mean: f64,
        /// The standard deviation, hours; at most a million times the mean.
        sd: f64,
    },
    /// By two quantiles, which is how people remember.
    MedianP90 {
        /// What half of the cases take at most, hours.
        median: f64,
        /// What nine in ten take at most, hours; at least `median` and at most 10,000 times as much.
        p90: f64,
    },
}

impl Lognormal {
    /// The median and the standard deviation of the logarithm.
    fn standard(&self) -> (f64, f64) {
        match *self {
            Self::MeanSd { mean, sd } => {
                let cv = sd / mean;
                // The square of a very small one would vanish.
                let sigma = if cv < 1e-9 { cv } else { libm::sqrt(libm::log1p(cv * cv)) };
                (mean / libm::sqrt(1.0 + cv * cv), sigma)
            }
            Self::MedianP90 { median, p90 } => (median, libm::log1p((p90 - median) / median) / Z90),
        }
    }
}

impl Family for Lognormal {
    fn check(&self, check: &mut Check<'_>) {
        match *self {
            Self::MeanSd { mean, sd } => {
                let fine = check.hours("lognormal.mean", mean) & check.hours("lognormal.sd", sd);
                if fine && sd > 1e6 * mean {
                    let allowed = format!("at most a million times the mean: 0..={}", 1e6 * mean);
                    check.refuse("lognormal.sd", sd.to_string(), allowed, "Give a mean above 0, or a smaller spread.");
                }
            }
            Self::MedianP90 { median, p90 } => {
                let fine = check.hours("lognormal.median", median) & check.hours("lognormal.p90", p90);
                if fine && !(median..=1e4 * median).contains(&p90) {
                    let allowed = format!("1 to 10000 times the median: {median}..={}", 1e4 * median);
                    check.refuse("lognormal.p90", p90.to_string(), allowed, "Nine in ten take longer than half do.");
                }
            }
        }
    }

    fn constant(&self) -> Option<f64> {
        match *self {
            Self::MeanSd { mean, sd } => (sd == 0.0).then_some(mean),
            Self::MedianP90 { median, p90 } => (median == p90).then_some(median),
        }
    }

    fn mean(&self) -> f64 {
        match *self {
            Self::MeanSd { mean, .. } => mean,
            Self::MedianP90 { .. } => {
                let (median, sigma) = self.standard();
                median * libm::exp(0.5 * sigma * sigma)
            }
        }
    }

    fn variance(&self) -> f64 {
        match *self {
            Self::MeanSd { sd, .. } => sd * sd,
            Self::MedianP90 { .. } => {
                let (median, sigma) = self.standard();
                median * median * libm::exp(sigma * sigma) * libm::expm1(sigma * sigma)
            }
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        let (median, sigma) = self.standard();
        // Near the median by the distance, which is exact: the logarithms would hide a small spread.
        let distance = (x - median) / median;
        let ln = if distance.abs() < 0.5 { libm::log1p(distance) } else { libm::log(x) - libm::log(median) };
        normal_cdf(ln / sigma)
    }

    fn quantile(&self, p: f64) -> f64 {
        let (median, sigma) = self.standard();
        median * libm::exp(sigma * normal_quantile(p))
    }

    fn sampler(&self, tables: &mut Tables) -> Sampler {
        let (median, sigma) = self.standard();
        Sampler::tabled(tables.get(Shape::Lognormal(sigma)), &Placed::scaled(median))
    }
}
