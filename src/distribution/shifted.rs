//! Another distribution, later.

use super::Distribution;
use super::family::{Check, Family};
use super::sampler::Sampler;
use super::table::Tables;

pub(super) struct Shifted<'a> {
    pub(super) by: f64,
    pub(super) of: &'a Distribution,
}

impl<'a> Shifted<'a> {
    /// The shift of shifts inside of each other, added up as a sampler does, and what is shifted.
    fn whole(&self) -> (f64, &'a Distribution) {
        match self.of {
            Distribution::Shifted { by, of } => {
                let (inner, of) = Shifted { by: *by, of }.whole();
                (inner + self.by, of)
            }
            of => (self.by, of),
        }
    }
}

impl Family for Shifted<'_> {
    fn check(&self, check: &mut Check<'_>) {
        check.hours("shifted.by", self.by);
        check.inside("shifted.of", self.of);
    }

    fn constant(&self) -> Option<f64> {
        self.of.as_constant().map(|value| self.by + value)
    }

    fn mean(&self) -> f64 {
        self.by + self.of.raw_mean()
    }

    fn variance(&self) -> f64 {
        self.of.raw_variance()
    }

    fn cdf(&self, x: f64) -> f64 {
        let (by, of) = self.whole();
        if x < by || x == f64::INFINITY {
            return f64::from(u8::from(x == f64::INFINITY));
        }
        // The greatest value that is not above x once it is shifted and rounded, so that atoms are where draws put them: by halving
        // bit patterns, which are ordered as the numbers are.
        let (mut fits, mut above) = (0_u64, x.next_up().to_bits());
        while above - fits > 1 {
            let middle = fits + (above - fits) / 2;
            if by + f64::from_bits(middle) <= x {
                fits = middle;
            } else {
                above = middle;
            }
        }
        of.raw_cdf(f64::from_bits(fits))
    }

    fn quantile(&self, p: f64) -> f64 {
        let (by, of) = self.whole();
        by + of.raw_quantile(p)
    }

    fn sampler(&self, tables: &mut Tables) -> Sampler {
        Sampler::of_valid(self.of, tables).shifted(self.by)
    }
}
