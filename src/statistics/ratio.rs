//! The ratio estimator over replications: a mean of values that come in unequal numbers.
//!
//! Replication i yields a sum `s_i` over `c_i` occurrences; the figure is `r = sum s / sum c`. Its standard error comes
//! from the residuals `s_i - r c_i` (Cochran 1977, *Sampling Techniques*, section 6.3), which for equal `c` is the
//! textbook standard error of a mean. Everything up to the sum of squared residuals is done in integers.

use ethnum::{I256, U256};

use super::fixed::SCALE;
use super::limits::BLOCK;
use super::wide::Wide;

/// The five sums that the estimator needs, all in units of one fixed-point step (or its square).
pub(super) struct RatioSums {
    /// Replications.
    pub(super) replications: u64,
    /// Sum of `s`.
    pub(super) sum: I256,
    /// Sum of `c`.
    pub(super) weight: u128,
    /// Sum of `s * s`, in squared steps.
    pub(super) squares: U256,
    /// Sum of `s * c`.
    pub(super) products: I256,
    /// Sum of `c * c`.
    pub(super) weight_squares: u128,
}

impl RatioSums {
    /// `weight^2 * sum of (s_i - r c_i)^2`, exactly, and the size of the terms that it is the difference of.
    pub(super) fn residuals(&self) -> Option<(Wide, Wide)> {
        let wide = |x: I256| Wide::from(x.unsigned_abs());
        let (sum, weight) = (wide(self.sum), Wide::from(self.weight));
        let terms =
            weight.mul(weight)?.mul(self.squares.into())?.add(sum.mul(sum)?.mul(Wide::from(self.weight_squares))?)?;
        let cross = sum.mul(weight)?.mul(wide(self.products))?;
        let cross = cross.add(cross)?;
        let same_sign = (self.sum < I256::ZERO) == (self.products < I256::ZERO);
        // A sum of squares: what lies below zero is rounding of the squares inside a block.
        let residuals = if same_sign { terms.sub(cross).unwrap_or(Wide::ZERO) } else { terms.add(cross)? };
        Some((residuals, terms))
    }

    /// How far half a step of rounding in each of the three sums of every block can move the residuals.
    pub(super) fn rounding(&self) -> Option<Wide> {
        let wide = |x: I256| Wide::from(x.unsigned_abs());
        let (weight, step) = (Wide::from(self.weight), Wide::from(1 << SCALE));
        let squares = weight.mul(weight)?.mul(step)?;
        let cross = wide(self.sum).add(wide(self.products))?.mul(weight)?;
        let sums = wide(self.sum).mul(Wide::from(self.weight_squares))?;
        let blocks = self.replications.div_ceil(u64::from(BLOCK));
        squares.add(cross)?.add(sums)?.mul(Wide::from(u128::from(blocks)))
    }

    /// The standard deviation of the linearised values `(s_i - r c_i) / mean c` with n - 1 degrees of freedom, in steps.
    ///
    /// `residuals` is what [`residuals`](Self::residuals) gave. `None` below 2 replications and without weight.
    pub(super) fn sd(&self, residuals: Wide) -> Option<f64> {
        if self.replications < 2 || self.weight == 0 {
            return None;
        }
        let (n, weight) = (self.replications as f64, self.weight as f64);
        Some((residuals.to_f64() / (n - 1.0)).sqrt() / weight * (n / weight))
    }
}
