//! The exponential distribution.

use super::family::{Check, Family};
use super::sampler::Sampler;
use super::table::{Placed, Shape, Tables};

pub(super) struct Exponential {
    pub(super) mean: f64,
}

impl Family for Exponential {
    fn check(&self, check: &mut Check<'_>) {
        check.hours("exponential.mean", self.mean);
    }

    fn constant(&self) -> Option<f64> {
        (self.mean == 0.0).then_some(0.0)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.mean * self.mean
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { -libm::expm1(-x / self.mean) }
    }

    fn quantile(&self, p: f64) -> f64 {
        -self.mean * libm::log1p(-p)
    }

    fn sampler(&self, tables: &mut Tables) -> Sampler {
        Sampler::tabled(tables.get(Shape::Weibull(1.0)), &Placed::scaled(self.mean))
    }
}
