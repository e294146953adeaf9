//! The gamma distribution, and Erlang's, which is one.

use super::exponential::Exponential;
use super::family::{Check, Family};
use super::sampler::Sampler;
use super::table::{Placed, Shape, Tables};
use crate::numeric::gamma::{gamma_cdf, ln_gamma_quantile};

pub(super) struct Gamma {
    pub(super) shape: f64,
    pub(super) scale: f64,
}

impl Family for Gamma {
    fn check(&self, check: &mut Check<'_>) {
        check.shape("gamma.shape", self.shape);
        check.hours("gamma.scale", self.scale);
    }

    fn constant(&self) -> Option<f64> {
        (self.scale == 0.0).then_some(0.0)
    }

    fn mean(&self) -> f64 {
        self.shape * self.scale
    }

    fn variance(&self) -> f64 {
        self.shape * self.scale * self.scale
    }

    fn cdf(&self, x: f64) -> f64 {
        let x = x / self.scale;
        if x == f64::INFINITY { 1.0 } else { gamma_cdf(x, self.shape) }
    }

    fn quantile(&self, p: f64) -> f64 {
        if p == 0.0 {
            0.0
        } else if p == 1.0 {
            f64::INFINITY
        } else {
            self.scale * libm::exp(ln_gamma_quantile(p, self.shape))
        }
    }

    fn sampler(&self, tables: &mut Tables) -> Sampler {
        if self.shape == 1.0 {
            return Exponential { mean: self.scale }.sampler(tables);
        }
        Sampler::tabled(tables.get(Shape::Gamma(self.shape)), &Placed::scaled(self.scale))
    }
}

pub(super) struct Erlang {
    pub(super) shape: u32,
    pub(super) mean: f64,
}

impl Erlang {
    fn gamma(&self) -> Gamma {
        let shape = f64::from(self.shape);
        Gamma { shape, scale: self.mean / shape }
    }
}

impl Family for Erlang {
    fn check(&self, check: &mut Check<'_>) {
        if !(1..=1_000_000).contains(&self.shape) {
            check.refuse(
                "erlang.shape",
                self.shape.to_string(),
                "a whole number, 1..=1000000",
                "Give how many steps it takes.",
            );
        }
        check.hours("erlang.mean", self.mean);
    }

    fn constant(&self) -> Option<f64> {
        (self.mean == 0.0).then_some(0.0)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.mean * self.mean / f64::from(self.shape)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.gamma().cdf(x)
    }

    fn quantile(&self, p: f64) -> f64 {
        self.gamma().quantile(p)
    }

    fn sampler(&self, tables: &mut Tables) -> Sampler {
        self.gamma().sampler(tables)
    }
}
