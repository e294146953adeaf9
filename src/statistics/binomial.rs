//! Binomial probabilities and tails that stay right for any number of trials.

use std::f64::consts::TAU;

use libm::{exp, log, log1p};

/// A binomial distribution; the chance of a failure is kept for its last bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Binomial {
    /// Trials, at most 2^53.
    n: u64,
    /// Chance of a success.
    p: f64,
    /// Chance of a failure.
    q: f64,
}

impl Binomial {
    /// `n` trials at chance `p`, which must lie in 0..=1 without its ends.
    pub(super) fn new(n: u64, p: f64) -> Self {
        Self { n, p, q: 1.0 - p }
    }

    /// The distribution of the failures.
    pub(super) fn failures(self) -> Self {
        Self { n: self.n, p: self.q, q: self.p }
    }

    /// P(X = k), relative error of about 1e-14 (Loader 2000, *Fast and accurate computation of binomial
    /// probabilities*: the saddle-point expansion). O(1).
    pub(super) fn probability(self, k: u64) -> f64 {
        let (Self { n, p, q }, Some(failed)) = (self, self.n.checked_sub(k)) else { return 0.0 };
        let (trials, x, y) = (n as f64, k as f64, failed as f64);
        if k == 0 || failed == 0 {
            let (chance, other) = if k == 0 { (q, p) } else { (p, q) };
            return exp(trials * if other < 0.5 { log1p(-other) } else { log(chance) });
        }
        let exponent = stirling_error(trials)
            - stirling_error(x)
            - stirling_error(y)
            - deviance(x, trials * p)
            - deviance(y, trials * q);
        exp(exponent) * (trials / (TAU * x * y)).sqrt()
    }

    /// P(X <= k), by summing downward from `k`: about 8 standard deviations of terms when `k` is below the mean.
    pub(super) fn at_most(self, k: u64) -> f64 {
        if k >= self.n {
            return 1.0;
        }
        let odds = self.q / self.p;
        let (mut term, mut sum, mut at) = (1.0, 1.0, k);
        while at > 0 {
            let ratio = at as f64 / (self.n - at + 1) as f64 * odds;
            term *= ratio;
            sum += term;
            if ratio < 1.0 && term < sum * 1e-18 {
                break;
            }
            at -= 1;
        }
        // Far above the mean the first term underflows against the rest.
        if sum.is_finite() { self.probability(k) * sum } else { 1.0 }
    }

    /// The largest `k` with P(X <= k) <= 0.025; `None` when even P(X = 0) is larger.
    ///
    /// A normal start with Cornish and Fisher's (1937) correction for skewness, then exact sums; beyond a variance of
    /// 1e10 the start is off by less than a thousandth of a rank, and one rank below it is taken (conservative).
    pub(super) fn low_rank(self) -> Option<u64> {
        /// The standard normal quantile of 0.025.
        const Z: f64 = -1.959_963_984_540_054;
        /// 0.025 less what rounding of the sums could hide, so that a rank never covers less than promised.
        const TAIL: f64 = 0.025 * (1.0 - 1e-9);
        let Self { n, p, q } = self;
        let mean = n as f64 * p;
        let variance = mean * q;
        let start = (mean + Z * variance.sqrt() + (q - p) * (Z * Z - 1.0) / 6.0 - 0.5).floor();
        if variance > 1e10 {
            return Some(start as u64 - 1);
        }
        // Casting a negative start gives 0.
        let mut k = (start - 1.0) as u64;
        let mut tail = self.at_most(k);
        while tail > TAIL {
            k = k.checked_sub(1)?;
            tail = self.at_most(k);
        }
        // The start is a few ranks off at most: each probability afresh, as a running product could underflow to 0.
        while k < n {
            tail += self.probability(k + 1);
            if tail > TAIL {
                break;
            }
            k += 1;
        }
        Some(k)
    }
}

/// What Stirling's formula leaves of ln(x!), for whole `x >= 1`.
fn stirling_error(x: f64) -> f64 {
    /// ln(x!) - (x + 1/2) ln x + x - ln(2 pi) / 2 for x = 0..=15 (Loader 2000; the entry of 0 is not used).
    const SMALL: [f64; 16] = [
        0.0,
        0.081_061_466_795_327_26,
        0.041_340_695_955_409_29,
        0.027_677_925_684_998_34,
        0.020_790_672_103_765_093,
        0.016_644_691_189_821_193,
        0.013_876_128_823_070_748,
        0.011_896_709_945_891_77,
        0.010_411_265_261_972_096,
        0.009_255_462_182_712_733,
        0.008_330_563_433_362_871,
        0.007_573_675_487_951_841,
        0.006_942_840_107_209_53,
        0.006_408_994_188_004_207,
        0.005_951_370_112_758_848,
        0.005_554_733_551_962_801,
    ];
    if let Some(&error) = SMALL.get(x as usize) {
        return error;
    }
    let square = x * x;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square)
        / x
}

/// `x ln(x / mean) + mean - x` without cancellation near the mean (Loader 2000).
fn deviance(x: f64, mean: f64) -> f64 {
    let gap = x - mean;
    if gap.abs() >= 0.1 * (x + mean) {
        return x * log(x / mean) + mean - x;
    }
    let v = gap / (x + mean);
    let mut sum = gap * v;
    let mut power = 2.0 * x * v;
    // v <= 0.1: each term is a hundredth of the one before.
    for j in 1..32 {
        power *= v * v;
        let next = sum + power / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Discrete, DiscreteCDF};

    fn binomial(n: u64, p: f64) -> Binomial {
        Binomial::new(n, p)
    }

    #[test]
    fn small_stirling_errors_are_those_of_factorials() {
        let mut factorial = 1.0f64;
        for k in 1..=20 {
            let x = f64::from(k);
            factorial *= x;
            let error = factorial.ln() - (x + 0.5) * x.ln() + x - TAU.ln() / 2.0;
            approx::assert_abs_diff_eq!(stirling_error(x), error, epsilon = 3e-14);
        }
    }

    #[test]
    fn agrees_with_statrs() {
        for (n, p) in [(1, 0.5), (7, 0.01), (40, 0.95), (1000, 0.3), (100_000, 0.99)] {
            let reference = statrs::distribution::Binomial::new(p, n).unwrap();
            for k in (0..=n).step_by((n / 40).max(1) as usize) {
                let (pmf, cdf) = (reference.pmf(k), reference.cdf(k));
                approx::assert_relative_eq!(binomial(n, p).probability(k), pmf, max_relative = 1e-9, epsilon = 1e-290);
                approx::assert_relative_eq!(binomial(n, p).at_most(k), cdf, max_relative = 1e-8, epsilon = 1e-200);
            }
        }
    }

    #[test]
    fn probabilities_add_up() {
        for (n, p) in [(30u64, 0.07), (1000, 0.5), (20_000, 0.99)] {
            let total: f64 = (0..=n).map(|k| binomial(n, p).probability(k)).sum();
            approx::assert_abs_diff_eq!(total, 1.0, epsilon = 1e-12);
        }
    }

    #[test]
    fn the_shortcut_is_one_rank_below_the_exact_sum() {
        // Just below the threshold the exact branch must give the start itself; just above, one less.
        for (n, p) in [(39_000_000_000, 0.5), (200_000_000_000, 0.05), (900_000_000_000, 0.99)] {
            let b = binomial(n, p);
            let k = b.low_rank().unwrap();
            let variance = n as f64 * p * (1.0 - p);
            assert!(b.at_most(k) <= 0.025, "{n} {p}");
            let beyond = if variance > 1e10 { k + 2 } else { k + 1 };
            assert!(b.at_most(beyond) > 0.025, "{n} {p}");
        }
        let huge = binomial(1_000_000_000_000, 0.5);
        let k = huge.low_rank().unwrap();
        assert!(huge.at_most(k) <= 0.025 && huge.at_most(k + 2) > 0.025);
    }
}
