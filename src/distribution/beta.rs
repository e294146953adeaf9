//! The beta distribution between two bounds, and PERT, which is one.

use super::family::{Check, Family};
use super::sampler::Sampler;
use super::table::{Placed, Shape, Tables};
use super::uniform::Uniform;
use crate::numeric::beta::{beta_cdf, beta_quantile};

pub(super) struct Beta {
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Beta {
    fn width(&self) -> f64 {
        self.max - self.min
    }
}

impl Family for Beta {
    fn check(&self, check: &mut Check<'_>) {
        check.shape("beta.a", self.a);
        check.shape("beta.b", self.b);
        check.bounds("beta", self.min, self.max);
    }

    fn constant(&self) -> Option<f64> {
        (self.min == self.max).then_some(self.min)
    }

    fn mean(&self) -> f64 {
        self.min + self.width() * (self.a / (self.a + self.b))
    }

    fn variance(&self) -> f64 {
        let sum = self.a + self.b;
        self.width() * self.width() * (self.a / sum) * (self.b / sum) / (sum + 1.0)
    }

    fn cdf(&self, x: f64) -> f64 {
        // From the nearer end, whose distance is exact.
        if x - self.min <= self.max - x {
            beta_cdf((x - self.min) / self.width(), self.a, self.b)
        } else {
            1.0 - beta_cdf((self.max - x) / self.width(), self.b, self.a)
        }
    }

    fn quantile(&self, p: f64) -> f64 {
        let x = beta_quantile(p, self.a, self.b);
        let value = if x <= 0.5 { self.min + self.width() * x } else { self.max - self.width() * (1.0 - x) };
        value.clamp(self.min, self.max)
    }

    fn sampler(&self, tables: &mut Tables) -> Sampler {
        if self.a == 1.0 && self.b == 1.0 {
            return Uniform { min: self.min, max: self.max }.sampler(tables);
        }
        Sampler::tabled(tables.get(Shape::Beta(self.a, self.b)), &Placed::between(self.min, self.max))
    }
}

pub(super) struct Pert {
    pub(super) min: f64,
    pub(super) mode: f64,
    pub(super) max: f64,
}

impl Pert {
    /// Where the mode lies between the bounds, 0..=1.
    fn relative_mode(&self) -> f64 {
        (self.mode - self.min) / (self.max - self.min)
    }

    fn beta(&self, relative_mode: f64) -> Beta {
        Beta { a: 1.0 + 4.0 * relative_mode, b: 5.0 - 4.0 * relative_mode, min: self.min, max: self.max }
    }
}

impl Family for Pert {
    fn check(&self, check: &mut Check<'_>) {
        check.estimate("pert", self.min, self.mode, self.max);
    }

    fn constant(&self) -> Option<f64> {
        (self.min == self.max).then_some(self.min)
    }

    fn mean(&self) -> f64 {
        (self.min + 4.0 * self.mode + self.max) / 6.0
    }

    fn variance(&self) -> f64 {
        self.beta(self.relative_mode()).variance()
    }

    fn cdf(&self, x: f64) -> f64 {
        self.beta(self.relative_mode()).cdf(x)
    }

    fn quantile(&self, p: f64) -> f64 {
        self.beta(self.relative_mode()).quantile(p)
    }

    fn sampler(&self, tables: &mut Tables) -> Sampler {
        // To 2^-40, so that estimates in proportion (1, 2, 9 and 0.1, 0.2, 0.9) share a table in spite of rounding.
        const STEPS: f64 = 1_099_511_627_776.0;
        let relative_mode = libm::round(self.relative_mode() * STEPS) / STEPS;
        self.beta(relative_mode).sampler(tables)
    }
}
