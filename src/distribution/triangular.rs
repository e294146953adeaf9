//! A triangle.

use super::family::{Check, Family};
use super::sampler::{self, Draw, Sampler};
use super::table::Tables;
use std::sync::Arc;

pub(super) struct Triangular {
    pub(super) min: f64,
    pub(super) mode: f64,
    pub(super) max: f64,
}

impl Triangular {
    /// The probability of at most the mode.
    fn rising(&self) -> f64 {
        (self.mode - self.min) / (self.max - self.min)
    }
}

impl Family for Triangular {
    fn check(&self, check: &mut Check<'_>) {
        check.estimate("triangular", self.min, self.mode, self.max);
    }

    fn constant(&self) -> Option<f64> {
        (self.min == self.max).then_some(self.min)
    }

    fn mean(&self) -> f64 {
        (self.min + self.mode + self.max) / 3.0
    }

    fn variance(&self) -> f64 {
        let (width, rise) = (self.max - self.min, self.mode - self.min);
        (width * (width - rise) + rise * rise) / 18.0
    }

    fn cdf(&self, x: f64) -> f64 {
        let width = self.max - self.min;
        if x <= self.min {
            0.0
        } else if x >= self.max {
            1.0
        } else if x < self.mode {
            (x - self.min) / width * ((x - self.min) / (self.mode - self.min))
        } else {
            1.0 - (self.max - x) / width * ((self.max - x) / (self.max - self.mode))
        }
    }

    fn quantile(&self, p: f64) -> f64 {
        let width = self.max - self.min;
        if p < self.rising() {
            (self.min + libm::sqrt(p * width * (self.mode - self.min))).min(self.mode)
        } else {
            (self.max - libm::sqrt((1.0 - p) * width * (self.max - self.mode))).max(self.mode)
        }
    }

    fn sampler(&self, _: &mut Tables) -> Sampler {
        let width = self.max - self.min;
        Sampler::of(Draw::Triangular(Arc::new(sampler::Triangular {
            min: self.min,
            mode: self.mode,
            max: self.max,
            rising: self.rising() as f32,
            rise: (width * (self.mode - self.min)).sqrt(),
            fall: (width * (self.max - self.mode)).sqrt(),
        })))
    }
}
