//! The gamma distribution of a shape and scale 1, seen in `s = ln x`, where it is log-concave for every shape.

use super::solve::{At, Solver, Tail};
use super::special::{STIRLING_FROM, expm1_less, integrate_tail, ln_gamma, minus_log1p, stirling_error};
use std::f64::consts::TAU;

/// Both tails and the density of `s = ln x` at `s`: the regularised incomplete gamma functions P and Q.
///
/// A power series below the mean, the continued fraction of Legendre above it, and for large shapes quadrature of the tail
/// divided by the density: about 1e-14 relative, in at most some 200 steps.
pub(crate) fn gamma_at(a: f64, s: f64) -> At {
    let x = libm::exp(s);
    let density = if a < STIRLING_FROM {
        libm::exp(a * s - x - ln_gamma(a))
    } else {
        let u = (x - a) / a;
        let fall = if u < -0.6 { u - (s - libm::log(a)) } else { minus_log1p(u) };
        libm::sqrt(a / TAU) * libm::exp(-a * fall - stirling_error(a))
    };
    let (lower, upper) = if x <= a || x < 1.5 || (a <= SERIES_TO && x < a + 2.0 * libm::sqrt(a)) {
        let lower = density * if a <= SERIES_TO { series(a, x) } else { tail(a, x) };
        (lower, 1.0 - lower)
    } else {
        let upper = density * if a <= SERIES_TO { fraction(a, x) } else { tail(a, x) };
        (1.0 - upper, upper)
    };
    At { lower, upper, density, slope: a - x }
}

/// `P(X <= x)`.
pub(crate) fn gamma_cdf(x: f64, a: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { gamma_at(a, libm::log(x)).lower.clamp(0.0, 1.0) }
}

/// The logarithm of the `x` with `P(X <= x) = p`, `0 < p < 1`.
pub(crate) fn ln_gamma_quantile(p: f64, a: f64) -> f64 {
    let mean = libm::log(a);
    let middle = gamma_at(a, mean).lower;
    let (tail, p) = if p <= middle { (Tail::Lower, p) } else { (Tail::Upper, 1.0 - p) };
    Solver::new(tail, mean, |s| gamma_at(a, s)).solve(p, 1e-5).s
}

/// Above this shape both the series and the fraction take longer than quadrature.
const SERIES_TO: f64 = 200.0;

/// The lower tail divided by the density.
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
    for _ in 0..10_000 {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term <= sum * 1e-17 {
            break;
        }
    }
    sum
}

/// The upper tail divided by the density, by Lentz's method (Thompson and Barnett 1986).
fn fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1e300, 1.0 / b);
    let mut h = d;
    for i in 1..10_000 {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        let delta = c * d;
        h *= delta;
        if (delta - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// The tail away from the mean divided by the density.
fn tail(a: f64, x: f64) -> f64 {
    let sign = if x <= a { -1.0 } else { 1.0 };
    let slope = (x - a).abs();
    let guess = 80.0 / (slope + libm::sqrt(slope * slope + 80.0 * x));
    integrate_tail(guess, |s| -slope * s - x * expm1_less(sign * s))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) -> bool {
        (found - expected).abs() <= tolerance * expected.abs()
    }

    /// Shape, x, P, Q. Source: 50-digit quadrature with mpmath 1.3.
    const REFERENCE: &[(f64, f64, f64, f64)] = &[
        (0.05, 1e-08, 0.4089423995834056, 0.5910576004165944),
        (0.05, 0.01, 0.815559805741285, 0.18444019425871508),
        (0.05, 3.0, 0.9992840945687974, 0.0007159054312025862),
        (0.5, 0.2, 0.4729107431344619, 0.5270892568655381),
        (1.0, 1.0, 0.6321205588285577, 0.36787944117144233),
        (3.5, 0.1, 2.5156250830916172e-5, 0.9999748437491691),
        (3.5, 9.0, 0.9880299976459704, 0.011970002354029551),
        (50.0, 30.0, 0.0005188914625480343, 0.999481108537452),
        (50.0, 90.0, 0.9999983505014983, 1.6494985017178249e-6),
        (190.0, 230.0, 0.9969642901411117, 0.0030357098588883347),
        (1000.0, 900.0, 0.0005499022657117829, 0.9994500977342882),
        (1000.0, 1100.0, 0.99894067674607, 0.0010593232539299773),
        (10000.0, 10300.0, 0.9985295051036143, 0.0014704948963856813),
        (1000000.0, 996000.0, 3.100711821108297e-5, 0.9999689928817889),
        (1000000.0, 1005000.0, 0.999999701250986, 2.987490140114635e-7),
    ];

    #[test]
    fn both_tails_against_quadrature() {
        for &(a, x, lower, upper) in REFERENCE {
            let at = gamma_at(a, libm::log(x));
            // The logarithm of x is rounded, which moves x by some 1e-16 ln x.
            let tolerance = 3e-14 + 2.3e-16 * at.slope.abs() * libm::log(x).abs().max(1.0);
            assert!(close(at.lower, lower, tolerance), "P({a}, {x}) = {:e}, not {lower:e}", at.lower);
            assert!(close(at.upper, upper, tolerance), "Q({a}, {x}) = {:e}, not {upper:e}", at.upper);
        }
    }

    #[test]
    fn quantiles_come_back() {
        for a in [0.05, 0.3, 1.0, 2.5, 40.0, 199.0, 201.0, 1e4, 1e6] {
            for p in [1e-12, 1e-6, 0.01, 0.2, 0.5, 0.7, 0.99, 0.999_999] {
                let at = gamma_at(a, ln_gamma_quantile(p, a));
                // As far as the rounding of ln x lets it.
                let tolerance = 1e-12 + 4e-16 * at.slope.abs() * libm::log(a).abs();
                assert!(close(at.lower, p, tolerance), "shape {a}: {p:e} came back as {:e}", at.lower);
            }
        }
    }
}
