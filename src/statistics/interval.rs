//! 95 % confidence intervals from counts and ranks.

use super::binomial::Binomial;
use crate::numeric::{beta_quantile, student_t_quantile};

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
/// or the largest value reaches it. O(square root of n), at most a few milliseconds.
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
    let below = Binomial::new(n, p);
    let low = below.low_rank().map(|k| k + 1);
    let high = below.failures().low_rank().map(|k| n - k);
    (low.filter(|&r| r <= n), high.filter(|&r| r >= 1))
}

/// Student's t quantile of 0.975: how many standard errors a 95 % interval reaches to either side.
pub(crate) fn t95(degrees_of_freedom: u64) -> f64 {
    student_t_quantile(0.975, degrees_of_freedom as f64)
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
    fn t_is_students() {
        for (df, t) in [(1, 12.706_204_736), (9, 2.262_157_163), (30, 2.042_272_456), (1 << 53, 1.959_963_985)] {
            approx::assert_relative_eq!(t95(df), t, max_relative = 1e-8);
        }
    }
}
