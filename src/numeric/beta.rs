//! The beta distribution on 0..1, seen in `s = ln(x / (1 - x))`, where it is log-concave for every shape; Student's t.

use super::normal::normal_quantile;
use super::solve::{At, Solver, Tail};
use super::special::{STIRLING_FROM, integrate_tail, ln_gamma, ln_gamma_step, minus_log1p, stirling_error};
use std::f64::consts::TAU;

/// A point of 0..1, with its complement and the logarithms of both, none of them by cancellation.
#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
    ln_x: f64,
    ln_y: f64,
}

impl Point {
    fn of_logit(s: f64) -> Self {
        let t = libm::exp(-s.abs());
        let (small, big, l) = (t / (1.0 + t), 1.0 / (1.0 + t), libm::log1p(t));
        if s > 0.0 {
            Self { x: big, y: small, ln_x: -l, ln_y: -s - l }
        } else {
            Self { x: small, y: big, ln_x: s - l, ln_y: -l }
        }
    }

    fn of(x: f64) -> Self {
        let y = 1.0 - x;
        let ln_x = if y < 0.5 { libm::log1p(-y) } else { libm::log(x) };
        let ln_y = if x < 0.5 { libm::log1p(-x) } else { libm::log(y) };
        Self { x, y, ln_x, ln_y }
    }
}

/// Both tails and the density of the logit at the logit `s`: the regularised incomplete beta function and its complement.
///
/// About 1e-13 relative, for shapes up to 1e12.
pub(crate) fn beta_at(a: f64, b: f64, s: f64) -> At {
    tails(a, b, Point::of_logit(s))
}

/// `P(X <= x)`: the regularised incomplete beta function `I_x(a, b)`.
pub(crate) fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        1.0
    } else {
        tails(a, b, Point::of(x)).lower.clamp(0.0, 1.0)
    }
}

/// The `x` with `P(X <= x) = p`; 0 at 0, 1 at 1, NaN outside of `0..=1` or of positive finite shapes.
///
/// Newton's method on the logarithm of the nearer tail. For shapes from 1 on, and probabilities that are not extreme, it starts at
/// an approximation and takes one to three evaluations, else some 5 to 15.
pub(crate) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || !positive(a) || !positive(b) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return p;
    }
    let s = if a >= 1.0 && b >= 1.0 && p.min(1.0 - p) >= EXTREME {
        let (tail, nearer) = if p <= 0.5 { (Tail::Lower, p) } else { (Tail::Upper, 1.0 - p) };
        Solver::new(tail, about(p, a, b), |s| beta_at(a, b, s)).solve(nearer, 1e-5).s
    } else {
        logit_quantile(p, 1.0 - p, a, b)
    };
    Point::of_logit(s).x
}

/// Below it the approximation may lie where the density underflows, and there is no way back from there.
const EXTREME: f64 = 1e-9;

/// About the logit of the quantile, for shapes from 1 on: the inverse of Cochran's and Fisher's expansion for `z` (Abramowitz & Stegun
/// 1964, 26.5.22).
fn about(p: f64, a: f64, b: f64) -> f64 {
    let z = normal_quantile(p);
    let (of_a, of_b) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let (third, h) = ((z * z - 3.0) / 6.0, 2.0 / (of_a + of_b));
    let w = -z * libm::sqrt(h + third) / h - (of_b - of_a) * (third + 5.0 / 6.0 - 2.0 / (3.0 * h));
    libm::log(a) - libm::log(b) - 2.0 * w
}

/// The `t` with `P(T <= t) = p` for Student's t with `df` degrees of freedom, `df > 0`, infinity being the normal.
///
/// By the beta distribution of `df / (df + t^2)`.
pub(crate) fn student_t_quantile(p: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if df > 1e15 {
        return normal_quantile(p);
    }
    let tail = if p < 0.5 { p } else { 1.0 - p };
    let t = if tail == 0.0 {
        f64::INFINITY
    } else if tail == 0.5 {
        0.0
    } else {
        let s = logit_quantile(2.0 * tail, 1.0 - 2.0 * tail, 0.5 * df, 0.5);
        libm::sqrt(df) * libm::exp(-0.5 * s)
    };
    if p < 0.5 { -t } else { t }
}

fn positive(x: f64) -> bool {
    x > 0.0 && x.is_finite()
}

/// The logit of the quantile at `p`, `q` being `1 - p`, both positive.
pub(crate) fn logit_quantile(p: f64, q: f64, a: f64, b: f64) -> f64 {
    let mean = libm::log(a) - libm::log(b);
    let (tail, p) = if p <= beta_at(a, b, mean).lower { (Tail::Lower, p) } else { (Tail::Upper, q) };
    Solver::new(tail, mean, |s| beta_at(a, b, s)).solve(p, 1e-5).s
}

fn tails(a: f64, b: f64, at: Point) -> At {
    // The derivative of the log-density of the logit; positive below the mean.
    let slope = a * at.y - b * at.x;
    let density = density(a, b, at, slope);
    let (lower, upper) = if slope >= 0.0 {
        let lower = density * lower_over_density(a, b, at.x, at.y, slope);
        (lower, 1.0 - lower)
    } else {
        let upper = density * lower_over_density(b, a, at.y, at.x, -slope);
        (1.0 - upper, upper)
    };
    At { lower, upper, density, slope }
}

/// `x^a y^b / B(a, b)`. For large shapes by the deviance from the mean (Loader 2000), else by logarithms.
fn density(a: f64, b: f64, at: Point, slope: f64) -> f64 {
    if a >= STIRLING_FROM && b >= STIRLING_FROM {
        let fall = |u: f64, ln: f64, shape: f64| {
            if u < -0.6 { u - (ln - libm::log(shape / (a + b))) } else { minus_log1p(u) }
        };
        let deviance = a * fall(-slope / a, at.ln_x, a) + b * fall(slope / b, at.ln_y, b);
        let stirling = stirling_error(a) + stirling_error(b) - stirling_error(a + b);
        return libm::sqrt(a / TAU * (b / (a + b))) * libm::exp(-deviance - stirling);
    }
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    let ln_beta = if large >= STIRLING_FROM {
        ln_gamma(small) - ln_gamma_step(small, large)
    } else {
        ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
    };
    libm::exp(a * at.ln_x + b * at.ln_y - ln_beta)
}

/// The lower tail divided by the density, at or below the mean.
fn lower_over_density(a: f64, b: f64, x: f64, y: f64, slope: f64) -> f64 {
    if (x <= 0.7 && a <= 40.0) || a < 0.3 {
        series(a, b, x)
    } else if a > 1.0 && b > 1.0 && (a.max(b) <= 2000.0 || slope * slope > (a + b) * x * y) {
        // From a standard deviation below the mean on it takes 400 steps at most, whatever the shapes; nearer, ever more.
        fraction(a, b, x, y, slope)
    } else {
        quadrature(a, b, x, y, slope)
    }
}

/// A power series of positive terms.
fn series(a: f64, b: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
    while n < 100_000.0 {
        term *= (a + b + n) * x / (a + 1.0 + n);
        sum += term;
        n += 1.0;
        if term <= sum * 1e-17 {
            break;
        }
    }
    sum / a
}

/// The continued fraction BFRAC (DiDonato and Morris 1992), all of whose terms are positive.
fn fraction(a: f64, b: f64, x: f64, y: f64, slope: f64) -> f64 {
    let (c, c0, c1) = (slope + 1.0, b / a, 1.0 / a + 1.0);
    let (mut n, mut p, mut s) = (0.0, 1.0, a + 1.0);
    let (mut an, mut bn, mut r) = (0.0, 1.0, c1 / c);
    let (mut an1, mut bn1) = (1.0, c / c1);
    while n < 10_000.0 {
        n += 1.0;
        let t = n / a;
        let w = n * (b - n) * x;
        let e = a / s;
        let alpha = p * (p + c0) * e * e * (w * x);
        let e = (t + 1.0) / (c1 + t + t);
        let beta = n + w / s + e * (c + n * (y + 1.0));
        p = t + 1.0;
        s += 2.0;
        (an, an1) = (an1, alpha * an + beta * an1);
        (bn, bn1) = (bn1, alpha * bn + beta * bn1);
        let before = r;
        r = an1 / bn1;
        if (r - before).abs() <= 1e-16 * r {
            break;
        }
        an /= bn1;
        bn /= bn1;
        an1 = r;
        bn1 = 1.0;
    }
    r
}

/// The integral of the density of the logit below the point, divided by the density there.
fn quadrature(a: f64, b: f64, x: f64, y: f64, slope: f64) -> f64 {
    let curvature = (a + b) * x * y;
    let guess = 80.0 / (slope + libm::sqrt(slope * slope + 80.0 * curvature));
    integrate_tail(guess, |s| {
        // The logarithm of the density at a distance s, less the one here: b ln(1 - y') - ... without cancellation.
        let up = libm::expm1(s);
        let down = -up / (1.0 + up);
        let (u, v) = (x * down, y * up);
        if s > 0.5 {
            return -b * libm::log1p(u) - a * libm::log1p(v);
        }
        let linear = slope * 0.5 * (up - down) + (a * y + b * x) * 0.5 * (up * up / (1.0 + up));
        b * minus_log1p(u) + a * minus_log1p(v) - linear
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) -> bool {
        (found - expected).abs() <= tolerance * expected.abs()
    }

    /// x, a, b, P, Q. Source: 50-digit quadrature with mpmath 1.3.
    const REFERENCE: &[(f64, f64, f64, f64, f64)] = &[
        (0.3, 0.05, 0.05, 0.4802183280058102, 0.5197816719941898),
        (0.9, 0.05, 0.05, 0.5505309088521864, 0.4494690911478137),
        (0.5, 0.5, 0.5, 0.5, 0.5),
        (0.001, 0.5, 3.0, 0.059253189515946235, 0.9407468104840537),
        (0.95, 0.5, 3.0, 0.9999601823127446, 3.981768725535929e-5),
        (0.2, 2.3333333333333335, 3.6666666666666665, 0.1694267711090761, 0.8305732288909239),
        (0.9, 2.3333333333333335, 3.6666666666666665, 0.9986764833598909, 0.0013235166401091177),
        (0.75, 1.0, 5.0, 0.9990234375, 0.0009765625),
        (0.9, 5.0, 1.0, 0.5904900000000001, 0.40950999999999993),
        (0.85, 5.0, 0.2, 0.07797111935427227, 0.9220288806457277),
        (0.99, 5.0, 0.2, 0.41533014682459424, 0.5846698531754058),
        (0.3, 100.0, 150.0, 0.0004066318088255104, 0.9995933681911745),
        (0.5, 100.0, 150.0, 0.9992594169334359, 0.0007405830665641274),
        (0.6, 10000.0, 5000.0, 4.921706259458916e-64, 1.0),
        (0.675, 10000.0, 5000.0, 0.9850857444213832, 0.014914255578616795),
        (0.49995, 500000000.0, 500000000.0, 0.0007827011098763863, 0.9992172988901236),
        (0.5001, 500000000.0, 500000000.0, 0.9999999998730186, 1.2698137876862834e-10),
        (1e-09, 3.0, 1000000000.0, 0.0803013973473038, 0.9196986026526962),
        (2e-08, 3.0, 1000000000.0, 0.9999995444851402, 4.555148598681695e-7),
        (0.9999999999, 1000000000000.0, 40.0, 2.960241597351327e-12, 0.9999999999970398),
        (0.99999999998, 1000000000000.0, 40.0, 0.9999467978829278, 5.32021170722015e-5),
        (0.0078125, 0.5, 1000.0, 0.999925083373319, 7.491662668100803e-5),
        (3e-12, 0.5, 1000000000000.0, 0.9856941215646312, 0.014305878435368822),
        (0.4999985, 1000000000000.0, 1000000000000.0, 1.1045248500572477e-5, 0.9999889547514994),
    ];

    /// p, degrees of freedom, t. Source: inversion of the same quadrature.
    const STUDENT: &[(f64, f64, f64)] = &[
        (0.975, 1.0, 12.706204736174692),
        (0.975, 2.0, 4.302652729749462),
        (0.975, 4.5, 2.658912347204403),
        (0.995, 30.0, 2.749995653567225),
        (0.9999, 255.0, 3.7738024337718596),
        (0.975, 10000.0, 1.960201239890626),
        (0.025, 100000000.0, -1.9599640082627667),
        (0.975, 1000000000000.0, 1.9599639845424262),
        (0.51, 3.0, 0.02721146704911802),
        (0.999999, 0.7, 70219760.0295476),
    ];

    #[test]
    fn both_tails_against_quadrature() {
        for &(x, a, b, lower, upper) in REFERENCE {
            let at = tails(a, b, Point::of(x));
            // What half a unit in the last place of x does to the result.
            let tolerance = 5e-14 + 1.2e-16 * at.slope.abs() / (1.0 - x);
            assert!(close(at.lower, lower, tolerance), "P({x}, {a}, {b}) = {:e}, not {lower:e}", at.lower);
            assert!(close(at.upper, upper, tolerance), "Q({x}, {a}, {b}) = {:e}, not {upper:e}", at.upper);
        }
    }

    #[test]
    fn quantiles_come_back() {
        let shapes = [0.05, 0.5, 1.0, 1.5, 7.0, 300.0, 2500.0, 1e6, 5e8, 1e12];
        for a in shapes {
            for b in shapes {
                for p in [1e-12, 1e-6, 0.025, 0.2, 0.5, 0.7, 0.975, 0.999_999] {
                    let at = beta_at(a, b, logit_quantile(p, 1.0 - p, a, b));
                    // As far as the rounding of the logit and of x lets it.
                    let tolerance = 1e-12 + 4e-16 * (at.slope.abs() * libm::log(a / b).abs().max(1.0));
                    assert!(close(at.lower, p, tolerance), "({a}, {b}): {p:e} came back as {:e}", at.lower);
                    assert!((0.0..=1.0).contains(&beta_quantile(p, a, b)));
                }
            }
        }
    }

    #[test]
    fn quantiles_of_extreme_probabilities_come_back() {
        for a in [1.0, 1.5, 60.0, 300.0, 2500.0, 1e6, 5e8] {
            for b in [1.0, 1.5, 60.0, 300.0, 2500.0, 1e6, 5e8] {
                for p in [1e-200, 1e-50, 1e-20, 1e-10, 1e-9, 1e-7, 0.01, 0.5] {
                    // From the side on which the quantile has all its bits.
                    let x = beta_quantile(p, a, b);
                    let tolerance = 1e-11 + 4e-16 * (a + b) * x.max(1e-3);
                    let back = beta_cdf(x, a, b);
                    assert!(x > 0.9 || close(back, p, tolerance), "({a}, {b}): {p:e} came back as {back:e}");
                }
                let x = beta_quantile(1.0 - f64::EPSILON / 2.0, a, b);
                let above = beta_cdf(1.0 - x, b, a);
                assert!(x > 0.9 || close(above, f64::EPSILON / 2.0, 1e-6), "({a}, {b}): {above:e}");
            }
        }
        // By the closed forms 1 - (1 - x)^b and x^a.
        assert!(close(beta_quantile(1e-20, 300.0, 1.0), libm::exp(libm::log(1e-20) / 300.0), 1e-14));
        assert!(close(beta_quantile(1e-50, 60.0, 1.0), libm::exp(libm::log(1e-50) / 60.0), 1e-14));
    }

    #[test]
    fn student_against_inversion() {
        for &(p, df, t) in STUDENT {
            let found = student_t_quantile(p, df);
            assert!(close(found, t, 1e-11), "t({p}, {df}) = {found}, not {t}");
        }
        assert_eq!(student_t_quantile(0.975, f64::INFINITY), normal_quantile(0.975));
        assert_eq!(student_t_quantile(0.5, 3.0), 0.0);
    }
}
