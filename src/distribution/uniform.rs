//! Anything between two bounds, equally likely.

use super::family::{Check, Family};
use super::sampler::{self, Draw, Sampler};
use super::table::Tables;
use std::sync::Arc;

pub(super) struct Uniform {
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Family for Uniform {
    fn check(&self, check: &mut Check<'_>) {
        check.bounds("uniform", self.min, self.max);
    }

    fn constant(&self) -> Option<f64> {
        (self.min == self.max).then_some(self.min)
    }

    fn mean(&self) -> f64 {
        0.5 * (self.min + self.max)
    }

    fn variance(&self) -> f64 {
        let width = self.max - self.min;
        width * width / 12.0
    }

    fn cdf(&self, x: f64) -> f64 {
        ((x - self.min) / (self.max - self.min)).clamp(0.0, 1.0)
    }

    fn quantile(&self, p: f64) -> f64 {
        let width = self.max - self.min;
        if p < 0.5 { self.min + p * width } else { self.max - (1.0 - p) * width }
    }

    fn sampler(&self, _: &mut Tables) -> Sampler {
        Sampler::of(Draw::Uniform(Arc::new(sampler::Uniform { min: self.min, max: self.max })))
    }
}
