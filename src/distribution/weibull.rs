//! The Weibull distribution.

use super::exponential::Exponential;
use super::family::{Check, Family};
use super::sampler::Sampler;
use super::table::{Placed, Shape, Tables};

pub(super) struct Weibull {
    pub(super) shape: f64,
    pub(super) scale: f64,
}

impl Family for Weibull {
    fn check(&self, check: &mut Check<'_>) {
        check.shape("weibull.shape", self.shape);
        check.hours("weibull.scale", self.scale);
    }

    fn constant(&self) -> Option<f64> {
        (self.scale == 0.0).then_some(0.0)
    }

    fn mean(&self) -> f64 {
        self.scale * libm::tgamma(1.0 + 1.0 / self.shape)
    }

    fn variance(&self) -> f64 {
        // By logarithms, whose difference keeps its digits where the spread is small.
        let first = libm::lgamma(1.0 + 1.0 / self.shape);
        let second = libm::lgamma(1.0 + 2.0 / self.shape);
        let mean = self.scale * libm::exp(first);
        mean * mean * libm::expm1(second - 2.0 * first)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { -libm::expm1(-libm::pow(x / self.scale, self.shape)) }
    }

    fn quantile(&self, p: f64) -> f64 {
        self.scale * libm::pow(-libm::log1p(-p), 1.0 / self.shape)
    }

    fn sampler(&self, tables: &mut Tables) -> Sampler {
        if self.shape == 1.0 {
            return Exponential { mean: self.scale }.sampler(tables);
        }
        Sampler::tabled(tables.get(Shape::Weibull(self.shape)), &Placed::scaled(self.scale))
    }
}
