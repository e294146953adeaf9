//! 95 % confidence intervals from counts and ranks.

use std::cell::Cell;

use crate::numeric::{beta_cdf, beta_quantile, student_t_quantile};

/// The interval of Clopper and Pearson (1934) for a probability, after `hits` in `trials` independent trials.
///
/// Exact: it covers at least 95 % whatever the probability, each tail at most 2.5 %. No trials bound nothing: (0, 1).
pub(crate) fn clopper_pearson(hits: u64, trials: u64) -> (f64, f64) {
    let hits = hits.min(trials);
    let missed = trials - hits;
    let (h, m) = (hits as f64, missed as f64);
    // With no hit the equation is (1 - p)^n = 0.025, which needs no beta function; and so with no miss.
    let far = |n: f64| -libm::expm1(libm::log(0.025) / n);
    let low = match (hits, missed) {
        (0, _) => 0.0,
        (_, 0) => 1.0 - far(h),
        _ => beta_quantile(0.025, h, m + 1.0),
    };
    let high = match (hits, missed) {
        (_, 0) => 1.0,
        (0, _) => far(m),
        _ => beta_quantile(0.975, h + 1.0, m),
    };
    (low, high)
}

/// Ranks (from 1) of the order statistics that enclose the `p` quantile of `n` independent values with 95 %.
///
/// Distribution-free (David & Nagaraja 2003, *Order Statistics*, section 7.1): the count of values up to the quantile
/// is binomial. Each tail is at most 2.5 %; ties only raise the coverage. An end is `None` where not even the smallest
/// or the largest value reaches it. O(1): some ten incomplete beta functions, for any `n` up to 2^53.
pub(crate) fn order_statistic_ranks(n: u64, p: f64) -> (Option<u64>, Option<u64>) {
    if n == 0 || p.is_nan() {
        return (None, None);
    }
    if p <= 0.0 {
        return (None, Some(1));
    }
    if p >= 1.0 {
        return (Some(n), None);
    }
    // The rank that a normal with Cornish and Fisher's (1937) correction for skewness gives is off by one at most, or by
    // two for few values; the exact tails mend that.
    let (q, mean) = (1.0 - p, n as f64 * p);
    let (reach, skew) = (Z * (mean * q).sqrt(), (q - p) * (Z * Z - 1.0) / 6.0);
    // Casting cuts a negative start to 0.
    let mut low = ((mean - reach + skew + 0.5) as u64).clamp(1, n);
    while low < n && fewer_than(low + 1, n, p) <= TAIL {
        low += 1;
    }
    while low > 0 && fewer_than(low, n, p) > TAIL {
        low -= 1;
    }
    let mut high = ((mean + reach + skew + 0.5) as u64).clamp(1, n);
    while high > 1 && at_least(high - 1, n, p) <= TAIL {
        high -= 1;
    }
    while high <= n && at_least(high, n, p) > TAIL {
        high += 1;
    }
    (Some(low).filter(|&r| r > 0), Some(high).filter(|&r| r <= n))
}

/// The standard normal quantile of 0.975.
const Z: f64 = 1.959_963_984_540_054;

/// 0.025 less what rounding of the beta function could hide, so that a rank never covers less than promised.
const TAIL: f64 = 0.025 * (1.0 - 1e-9);

/// P(X < r) for a binomial X of `n` trials at `p`, `1 <= r <= n`. O(1).
fn fewer_than(r: u64, n: u64, p: f64) -> f64 {
    let (a, b) = (r as f64, (n - r + 1) as f64);
    // By the smaller chance, which has all its bits.
    if p <= 0.5 { 1.0 - beta_cdf(p, a, b) } else { beta_cdf(1.0 - p, b, a) }
}

/// P(X >= r) for a binomial X of `n` trials at `p`, `1 <= r <= n`. O(1).
fn at_least(r: u64, n: u64, p: f64) -> f64 {
    let (a, b) = (r as f64, (n - r + 1) as f64);
    if p <= 0.5 { beta_cdf(p, a, b) } else { 1.0 - beta_cdf(1.0 - p, b, a) }
}

/// Student's t quantile of 0.975: how many standard errors a 95 % interval reaches to either side.
///
/// From 1000 degrees of freedom by the series in their inverse (Fisher & Cornish 1960; Abramowitz & Stegun 26.7.5), right
/// to 1e-12; below, the last one is kept: a report asks for the quantile of the same run once for each of its figures.
pub(crate) fn t95(degrees_of_freedom: u64) -> f64 {
    thread_local!(static LAST: Cell<(u64, f64)> = const { Cell::new((0, f64::NAN)) });
    let df = degrees_of_freedom as f64;
    if degrees_of_freedom < 1000 {
        let (last, mut t) = LAST.get();
        if last != degrees_of_freedom {
            t = student_t_quantile(0.975, df);
            LAST.set((degrees_of_freedom, t));
        }
        return t;
    }
    let z2 = Z * Z;
    let first = (z2 + 1.0) / 4.0;
    let second = ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let fourth = ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0;
    Z * (1.0 + (first + (second + (third + fourth / df) / df) / df) / df)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pmf(n: u64, p: f64) -> Vec<f64> {
        // Pascal's triangle with probabilities: no special function in the oracle.
        let mut row = vec![1.0];
        for _ in 0..n {
            let mut next = vec![0.0; row.len() + 1];
            for (k, mass) in row.iter().enumerate() {
                next[k] += mass * (1.0 - p);
                next[k + 1] += mass * p;
            }
            row = next;
        }
        row
    }

    #[test]
    fn clopper_pearson_covers_by_enumeration() {
        for n in [1, 2, 3, 5, 10, 20, 37] {
            let ends: Vec<_> = (0..=n).map(|hits| clopper_pearson(hits, n)).collect();
            for step in 1..400 {
                let p = f64::from(step) / 400.0;
                let mass = pmf(n, p);
                let tail = |outside: &dyn Fn((f64, f64)) -> bool| -> f64 {
                    mass.iter().zip(&ends).filter(|(_, e)| outside(**e)).map(|(m, _)| m).sum()
                };
                assert!(tail(&|(low, _)| p < low) <= 0.025 + 1e-12, "n {n} p {p}");
                assert!(tail(&|(_, high)| p > high) <= 0.025 + 1e-12, "n {n} p {p}");
            }
        }
    }

    #[test]
    fn clopper_pearson_as_published() {
        // R's binom.test: 0 of 10, 10 of 10, 3 of 10, 1 of 2.
        for ((hits, n), (low, high)) in [
            ((0, 10), (0.0, 0.308_497_1)),
            ((10, 10), (0.691_502_9, 1.0)),
            ((3, 10), (0.066_739_51, 0.652_452_9)),
            ((1, 2), (0.012_579_12, 0.987_420_9)),
        ] {
            let got = clopper_pearson(hits, n);
            approx::assert_abs_diff_eq!(got.0, low, epsilon = 1e-7);
            approx::assert_abs_diff_eq!(got.1, high, epsilon = 1e-7);
        }
        assert_eq!(clopper_pearson(0, 0), (0.0, 1.0));
    }

    #[test]
    fn clopper_pearson_stays_right_for_enormous_counts() {
        for n in [1_000_000u64, 1_000_000_000, 1_000_000_000_000, 1 << 53] {
            for hits in [1, 2, n / 1000, n / 2, n - 1000, n - 1] {
                let (low, high) = clopper_pearson(hits, n);
                let p = hits as f64 / n as f64;
                assert!(0.0 <= low && low < p && p < high && high <= 1.0, "{hits} of {n}: {low} {high}");
                let sd = (p * (1.0 - p) / n as f64).sqrt();
                if hits.min(n - hits) >= 1000 {
                    approx::assert_relative_eq!((high - low) / sd, 2.0 * 1.959_964, max_relative = 0.02);
                }
            }
            // Rare hits are Poisson: 5.5716 is the upper end for one hit (Garwood 1936).
            approx::assert_relative_eq!(clopper_pearson(1, n).1 * n as f64, 5.571_643, max_relative = 1e-4);
        }
    }

    #[test]
    fn ranks_are_the_tightest_that_cover() {
        for n in [1u64, 2, 5, 6, 10, 59, 100, 299, 1000] {
            for p in [0.01, 0.1, 0.5, 0.8, 0.9, 0.95, 0.99] {
                let mass = pmf(n, p);
                let (low, high) = order_statistic_ranks(n, p);
                // P(quantile below X_(r)) = P(fewer than r values up to it).
                let below = |r: u64| mass[..r as usize].iter().sum::<f64>();
                let above = |r: u64| mass[r as usize..].iter().sum::<f64>();
                match low {
                    Some(r) => assert!(below(r) <= 0.025 && (r == n || below(r + 1) > 0.025), "{n} {p} {r}"),
                    None => assert!(below(1) > 0.025, "{n} {p}"),
                }
                match high {
                    Some(r) => assert!(above(r) <= 0.025 && (r == 1 || above(r - 1) > 0.025), "{n} {p} {r}"),
                    None => assert!(above(n) > 0.025, "{n} {p}"),
                }
            }
        }
    }

    #[test]
    fn ranks_at_the_edges() {
        assert_eq!(order_statistic_ranks(0, 0.5), (None, None));
        assert_eq!(order_statistic_ranks(1, 0.5), (None, None));
        assert_eq!(order_statistic_ranks(10, f64::NAN), (None, None));
        assert_eq!(order_statistic_ranks(10, 0.0), (None, Some(1)));
        assert_eq!(order_statistic_ranks(10, 1.0), (Some(10), None));
        assert_eq!(order_statistic_ranks(10, 1e-300), (None, Some(1)));
        // The classic: six values are needed to bound a median.
        assert_eq!(order_statistic_ranks(5, 0.5), (None, None));
        assert_eq!(order_statistic_ranks(6, 0.5), (Some(1), Some(6)));
        // A quantile that n values never reach.
        assert_eq!(order_statistic_ranks(300, 0.99).1, None);
        assert_eq!(order_statistic_ranks(1 << 53, 0.5).0.map(|r| r < 1 << 52), Some(true));
    }

    #[test]
    fn ranks_of_many_values_are_those_of_summed_probabilities() {
        // The right sides were found by adding up saddle-point probabilities (Loader 2000) term by term.
        for ((n, p), (low, high)) in [
            ((12_345, 0.3), (3_604, 3_804)),
            ((1_000_000, 0.999), (998_938, 999_062)),
            ((1_000_000_000, 0.95), (949_986_491, 950_013_509)),
            ((30_000_000_000, 0.5), (14_999_830_262, 15_000_169_739)),
            ((1_000_000_000_000, 0.001), (999_938_052, 1_000_061_950)),
        ] {
            assert_eq!(order_statistic_ranks(n, p), (Some(low), Some(high)), "{n} {p}");
        }
    }

    #[test]
    fn t_is_students() {
        for (df, t) in [(1, 12.706_204_736), (9, 2.262_157_163), (30, 2.042_272_456), (1 << 53, 1.959_963_985)] {
            approx::assert_relative_eq!(t95(df), t, max_relative = 1e-8);
        }
        assert!(t95(0).is_nan());
        // Kept ones are told apart.
        for df in [9, 255, 255, 9, 999, 1000, 1001, 5000, 1_000_000] {
            approx::assert_relative_eq!(t95(df), student_t_quantile(0.975, df as f64), max_relative = 2e-13);
        }
    }
}
