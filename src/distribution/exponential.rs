//! The exponential distribution, and how it is drawn: the logarithm in single precision, whose error moves the distribution
//! function by less than 1e-7.

use super::family::{Check, Family};
use super::sampler::{Draw, Sampler};
use super::table::Tables;

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

    fn sampler(&self, _: &mut Tables) -> Sampler {
        Sampler::of(Draw::Exponential { mean: self.mean })
    }
}

/// What `ln(1 + t) = t + t^2 (c[0] + c[1] t + ...)` takes for `t` in -0.25..0.5: the least greatest error, 4.4e-8, found by
/// weighted least squares (Lawson 1961).
const LOGARITHM: [f32; 7] =
    [-0.500_002_3, 0.333_295_7, -0.249_765_01, 0.201_217_7, -0.173_859_82, 0.140_196_37, -0.064_710_26];
/// The bits of 3/4: mantissas lie between it and its double.
const LEAST: u32 = 0x3F40_0000;

/// The quantile of mean 1 that 32 random bits stand for: between 2^-33 and 22.9, rising.
#[inline(always)]
pub(super) fn standard(half: u32) -> f32 {
    let above = (half as i32 >> 31) as u32;
    // The tail probability, from 2^-33 to 1/2, and the probability of more than the quantile.
    let p = ((half ^ above) as i32 as f32 + 0.5) * (1.0 / 4_294_967_296.0);
    let more = f32::from_bits((p.to_bits() & above) | ((1.0 - p).to_bits() & !above));
    // Wrapping only in name: `more` lies in 2^-33..=1.
    let exponent = more.to_bits().wrapping_sub(LEAST) as i32 >> 23;
    let mantissa = f32::from_bits(more.to_bits().wrapping_sub((exponent << 23) as u32));
    // Next to 1 its distance is known better than itself.
    let t = if exponent == 0 { -p } else { mantissa - 1.0 };
    let [c0, c1, c2, c3, c4, c5, c6] = LOGARITHM;
    let inner = c0 + t * (c1 + t * (c2 + t * (c3 + t * (c4 + t * (c5 + t * c6)))));
    -(exponent as f32) * std::f32::consts::LN_2 - (t + t * t * inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Near the ends, the middle, and where mantissas begin anew, all; between them, one of 1,021.
    fn halves() -> impl Iterator<Item = u32> {
        let spots = (0..34).flat_map(|e| {
            [1_u64 << e, 3 << e, (1_u64 << 32).saturating_sub(1 << e), (1_u64 << 32).saturating_sub(3 << e)]
        });
        let near = spots.flat_map(|spot| spot.saturating_sub(2_000)..spot + 2_000);
        let mut all: Vec<u64> = near.chain((0..1 << 32).step_by(1_021)).filter(|&half| half < 1 << 32).collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(|half| half as u32)
    }

    /// A greater word never gives less, and the distribution function of what it gives is that of the word within 1e-7; in
    /// either tail within 2e-6 of its probability.
    #[test]
    fn rises_and_is_exact() {
        let mut before = 0.0;
        for half in halves() {
            let x = standard(half);
            assert!(x >= before, "{half}: {x} after {before}");
            before = x;
            let (x, u) = (f64::from(x), (f64::from(half) + 0.5) / 4_294_967_296.0);
            let (below, above) = (-libm::expm1(-x), libm::exp(-x));
            assert!((below - u).abs() <= 1e-7, "{half}: {below} for {u}");
            assert!((below - u).abs() <= 4e-7 * u, "{half}: {below} for {u}");
            assert!((above - (1.0 - u)).abs() <= 2e-6 * (1.0 - u), "{half}: {above} for {}", 1.0 - u);
        }
    }
}
