//! Means, variances, distribution functions and quantiles.

use super::continuous;
use approx::assert_relative_eq;
use ripple_effect::Distribution;
use statrs::distribution::{self as theirs, ContinuousCDF};
use statrs::statistics::Distribution as Moments;

#[test]
fn families_against_statrs() {
    fn compare(of: &Distribution, reference: &(impl ContinuousCDF<f64, f64> + Moments<f64>), tolerance: f64) {
        assert_relative_eq!(of.mean(), reference.mean().unwrap(), max_relative = tolerance);
        assert_relative_eq!(of.variance(), reference.variance().unwrap(), max_relative = tolerance);
        for p in [0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999] {
            let x = of.quantile(p);
            assert_relative_eq!(reference.cdf(x), p, max_relative = 1e-9);
            assert_relative_eq!(of.cdf(x), reference.cdf(x), max_relative = 1e-9);
        }
    }
    compare(&Distribution::uniform(1.0, 4.0), &theirs::Uniform::new(1.0, 4.0).unwrap(), 1e-13);
    compare(&Distribution::triangular(2.0, 5.0, 14.0), &theirs::Triangular::new(2.0, 14.0, 5.0).unwrap(), 1e-13);
    compare(&Distribution::exponential(2.0), &theirs::Exp::new(0.5).unwrap(), 1e-13);
    compare(&Distribution::erlang(3, 6.0), &theirs::Erlang::new(3, 0.5).unwrap(), 1e-13);
    for shape in [0.05, 0.7, 2.5, 80.0] {
        compare(&Distribution::gamma(shape, 2.0), &theirs::Gamma::new(shape, 0.5).unwrap(), 1e-13);
    }
    for shape in [0.5, 1.7, 9.0] {
        compare(&Distribution::weibull(shape, 2.0), &theirs::Weibull::new(shape, 2.0).unwrap(), 1e-10);
    }
    for (a, b) in [(0.4, 0.6), (1.0, 5.0), (3.0, 2.0), (70.0, 90.0)] {
        compare(&Distribution::beta(a, b, 0.0, 1.0), &theirs::Beta::new(a, b).unwrap(), 1e-13);
    }
    let variance = (1.0_f64 + 4.0 / 9.0).ln();
    let lognormal = theirs::LogNormal::new(3.0_f64.ln() - variance / 2.0, variance.sqrt()).unwrap();
    compare(&Distribution::lognormal(3.0, 2.0), &lognormal, 1e-12);
    let lognormal = theirs::LogNormal::new(2.0_f64.ln(), 3.0_f64.ln() / 1.281_551_565_544_600_4).unwrap();
    compare(&Distribution::lognormal_median_p90(2.0, 6.0), &lognormal, 1e-12);
    compare(&Distribution::normal(50.0, 2.0), &theirs::Normal::new(50.0, 2.0).unwrap(), 1e-13);
}

/// Source: derived: closed forms.
#[test]
fn triangular_and_pert_against_closed_forms() {
    for (min, mode, max, mean, variance) in
        [(1.0, 3.0, 5.0, 3.0, 2.0 / 3.0), (10.0, 13.0, 19.0, 14.0, 3.5), (2.0, 5.0, 14.0, 7.0, 6.5)]
    {
        let of = Distribution::triangular(min, mode, max);
        assert_relative_eq!(of.mean(), mean, max_relative = 1e-15);
        assert_relative_eq!(of.variance(), variance, max_relative = 1e-15);
    }
    for (min, mode, max, mean, variance) in [
        (1.0, 3.0, 5.0, 3.0, 0.571_428_571_428_571_4),
        (10.0, 13.0, 19.0, 13.5, 2.75),
        (2.0, 5.0, 14.0, 6.0, 4.571_428_571_428_571),
    ] {
        let of = Distribution::pert(min, mode, max);
        assert_relative_eq!(of.mean(), mean, max_relative = 1e-15);
        assert_relative_eq!(of.variance(), variance, max_relative = 1e-15);
    }
}

/// Half of a normal: mean `sd sqrt(2 / pi)`, variance `sd^2 (1 - 2 / pi)`.
#[test]
fn the_half_normal() {
    use std::f64::consts::PI;
    let of = Distribution::normal(0.0, 3.0);
    assert_relative_eq!(of.mean(), 3.0 * (2.0 / PI).sqrt(), max_relative = 1e-14);
    assert_relative_eq!(of.variance(), 9.0 * (1.0 - 2.0 / PI), max_relative = 1e-14);
    assert_eq!((of.cdf(0.0), of.quantile(0.0)), (0.0, 0.0));
}

/// The moments of a distribution are those of its quantile function, integrated by the midpoint rule.
#[test]
fn moments_are_those_of_the_quantiles() {
    for of in [
        Distribution::normal(1.0, 2.0),
        Distribution::pert(0.5, 1.0, 4.0),
        Distribution::mixture([(1.0, Distribution::gamma(3.0, 1.0)), (3.0, Distribution::uniform(0.0, 9.0))]),
        Distribution::shifted(2.0, Distribution::beta(2.0, 3.0, 1.0, 2.0)),
        Distribution::mixture([(0.2, Distribution::from(1.0)), (0.8, Distribution::triangular(0.0, 1.0, 3.0))]),
    ] {
        let n = 20_000;
        let quantiles: Vec<f64> = (0..n).map(|i| of.quantile((f64::from(i) + 0.5) / f64::from(n))).collect();
        let mean = quantiles.iter().sum::<f64>() / f64::from(n);
        let variance = quantiles.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
        assert_relative_eq!(of.mean(), mean, max_relative = 1e-3);
        assert_relative_eq!(of.variance(), variance, max_relative = 3e-3);
    }
}

#[test]
fn quantiles_come_back() {
    for of in continuous() {
        for p in [1e-6, 0.01, 0.2, 0.5, 0.8, 0.99, 0.999_999] {
            let x = of.quantile(p);
            // Where x is rounded the function may jump across p.
            assert!(of.cdf(x.next_up()) >= p - 1e-10 && of.cdf(x.next_down()) <= p + 1e-10, "{of:?} at {p}");
        }
    }
}

#[test]
fn atoms_are_exact() {
    let seen = Distribution::weighted([1.0, 2.0, 5.0], [0.1, 0.2, 0.7]);
    let waits = Distribution::shifted(0.1, seen.clone());
    let mixed = Distribution::mixture([(0.3, Distribution::from(2.0)), (0.7, Distribution::exponential(3.0))]);
    for of in [&seen, &waits, &Distribution::empirical([3.0, 1.0, 2.0])] {
        for p in [0.05, 0.1, 0.2, 0.5, 0.9, 1.0] {
            let x = of.quantile(p);
            assert!(of.cdf(x) >= p && of.cdf(x.next_down()) < p);
            assert_eq!(of.quantile(of.cdf(x)), x);
        }
    }
    let jump = (mixed.cdf(2.0_f64.next_down()), mixed.cdf(2.0));
    assert_relative_eq!(jump.1 - jump.0, 0.3, max_relative = 1e-12);
    for p in [jump.0 + 1e-9, 0.5 * (jump.0 + jump.1), jump.1] {
        assert_eq!(mixed.quantile(p), 2.0);
    }
    assert_eq!(seen.quantile(0.0), 1.0);
    assert_eq!(mixed.quantile(1.0), f64::INFINITY);
    assert_eq!(Distribution::from(3.0).cdf(3.0), 1.0);
    assert_eq!(Distribution::from(3.0).cdf(2.999), 0.0);
}

#[test]
fn no_spread_is_a_constant() {
    for (of, value) in [
        (Distribution::uniform(2.0, 2.0), 2.0),
        (Distribution::triangular(2.0, 2.0, 2.0), 2.0),
        (Distribution::pert(2.0, 2.0, 2.0), 2.0),
        (Distribution::beta(3.0, 0.5, 2.0, 2.0), 2.0),
        (Distribution::exponential(0.0), 0.0),
        (Distribution::erlang(2, 0.0), 0.0),
        (Distribution::gamma(2.0, 0.0), 0.0),
        (Distribution::weibull(2.0, 0.0), 0.0),
        (Distribution::normal(2.0, 0.0), 2.0),
        (Distribution::lognormal(2.0, 0.0), 2.0),
        (Distribution::lognormal_median_p90(0.0, 0.0), 0.0),
        (Distribution::empirical([2.0, 2.0]), 2.0),
        (Distribution::weighted([2.0, 9.0], [1.0, 0.0]), 2.0),
        (Distribution::mixture([(1.0, Distribution::from(2.0)), (2.0, Distribution::uniform(2.0, 2.0))]), 2.0),
        (Distribution::shifted(1.0, 1.0), 2.0),
    ] {
        assert!(of.validate().is_ok(), "{of:?}");
        assert_eq!(of.as_constant(), Some(value), "{of:?}");
        assert_eq!((of.mean(), of.variance(), of.quantile(0.3), of.cdf(value)), (value, 0.0, value, 1.0), "{of:?}");
    }
}
