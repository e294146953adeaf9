//! The normal distribution on the condition that it is not negative.

use super::family::{Check, Family};
use super::sampler::Sampler;
use super::table::{Placed, Shape, Tables};
use crate::numeric::normal::normal_density;
use crate::numeric::{normal_cdf, normal_quantile};

pub(super) struct Normal {
    /// Of the underlying normal.
    pub(super) mean: f64,
    /// Of the underlying normal.
    pub(super) sd: f64,
}

impl Normal {
    /// The distance of 0 below the mean in standard deviations, and the probability that is left.
    fn cut(&self) -> (f64, f64) {
        let cut = self.mean / self.sd;
        (cut, normal_cdf(cut))
    }
}

impl Family for Normal {
    fn check(&self, check: &mut Check<'_>) {
        check.hours("normal.mean", self.mean);
        check.hours("normal.sd", self.sd);
    }

    fn constant(&self) -> Option<f64> {
        (self.sd == 0.0).then_some(self.mean)
    }

    fn mean(&self) -> f64 {
        let (cut, left) = self.cut();
        self.mean + self.sd * (normal_density(cut) / left)
    }

    fn variance(&self) -> f64 {
        let (cut, left) = self.cut();
        let hazard = normal_density(cut) / left;
        // Beyond a cut of some 40 the hazard is 0, and the cut may be infinite.
        let lost = if hazard > 0.0 { hazard * (cut + hazard) } else { 0.0 };
        self.sd * self.sd * (1.0 - lost)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        let (cut, left) = self.cut();
        let z = (x - self.mean) / self.sd;
        if z > 0.0 { 1.0 - normal_cdf(-z) / left } else { (normal_cdf(z) - normal_cdf(-cut)) / left }.clamp(0.0, 1.0)
    }

    fn quantile(&self, p: f64) -> f64 {
        if p == 0.0 {
            return 0.0;
        }
        let (cut, left) = self.cut();
        let lower = normal_cdf(-cut) + p * left;
        let z = if lower <= 0.5 { normal_quantile(lower) } else { -normal_quantile((1.0 - p) * left) };
        (self.mean + self.sd * z).max(0.0)
    }

    fn sampler(&self, tables: &mut Tables) -> Sampler {
        let (cut, _) = self.cut();
        // From 9 on less than 1e-18 is cut off: the table of the whole normal serves them all.
        let cut = if cut < 9.0 { cut } else { f64::INFINITY };
        Sampler::tabled(tables.get(Shape::Normal(cut)), &Placed::moved(self.mean, self.sd))
    }
}
