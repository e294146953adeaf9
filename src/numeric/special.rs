//! The log-gamma family, differences without cancellation, and quadrature.

/// `ln Γ(x)` for `x > 0`.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// From here up Stirling's series below is good to 1 part in 10^16.
pub(crate) const STIRLING_FROM: f64 = 16.0;

/// `ln Γ(x)` less its Stirling approximation `(x - 1/2) ln x - x + ln(2 pi) / 2`, for `x >= STIRLING_FROM`.
pub(crate) fn stirling_error(x: f64) -> f64 {
    let t = 1.0 / (x * x);
    let series = [-691.0 / 360_360.0, 1.0 / 1188.0, -1.0 / 1680.0, 1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0];
    series.iter().fold(0.0, |sum, c| sum * t + c) / x
}

/// `ln(Γ(a + b) / Γ(b))` for `b >= STIRLING_FROM`, without the cancellation of two large logarithms.
pub(crate) fn ln_gamma_step(a: f64, b: f64) -> f64 {
    a * (libm::log(b) - 1.0) + (a + b - 0.5) * libm::log1p(a / b) + (stirling_error(a + b) - stirling_error(b))
}

/// `u - ln(1 + u)` for `u > -1`, accurate near 0.
pub(crate) fn minus_log1p(u: f64) -> f64 {
    if !(-0.6..=0.6).contains(&u) {
        return u - libm::log1p(u);
    }
    // With r = u / (2 + u), ln(1 + u) = 2 (r + r^3 / 3 + r^5 / 5 + ...) and u - 2 r = u r.
    let r = u / (2.0 + u);
    let t = r * r;
    let (mut sum, mut power, mut odd) = (1.0 / 3.0, 1.0, 5.0);
    while odd < 60.0 {
        power *= t;
        let term = power / odd;
        sum += term;
        if term < 1e-17 {
            break;
        }
        odd += 2.0;
    }
    r * (u - 2.0 * t * sum)
}

/// `e^s - 1 - s`, accurate near 0.
pub(crate) fn expm1_less(s: f64) -> f64 {
    if s.abs() > 0.5 {
        return libm::expm1(s) - s;
    }
    let (mut sum, mut term, mut n) = (0.0, 1.0, 3.0);
    while n < 24.0 {
        sum += term;
        term *= s / n;
        if term.abs() < 1e-17 {
            break;
        }
        n += 1.0;
    }
    0.5 * s * s * sum
}

/// The integral over `0..` of `exp(exponent(s))`, where the exponent is concave, 0 at 0, falling, and of a shape that changes
/// over lengths of about 1 or more: Gauss-Legendre panels that widen outwards, to where 1e-16 is left.
///
/// `guess` is where the exponent may have fallen to about -40.
pub(crate) fn integrate_tail(guess: f64, exponent: impl Fn(f64) -> f64) -> f64 {
    let mut end = guess.min(700.0);
    for _ in 0..60 {
        if exponent(end) < -37.0 || end >= 700.0 {
            break;
        }
        end = (end * 1.4).min(700.0);
    }
    for _ in 0..60 {
        if exponent(end) >= -90.0 {
            break;
        }
        end *= 0.75;
    }
    let panels = if end <= 8.0 { 2 } else { 8 };
    let mut sum = 0.0;
    for panel in 0..panels {
        let edge = |i: usize| end * ((i * i) as f64 / (panels * panels) as f64);
        let (middle, half) = (0.5 * (edge(panel + 1) + edge(panel)), 0.5 * (edge(panel + 1) - edge(panel)));
        let mut part = 0.0;
        for (x, w) in GAUSS {
            part += w * (libm::exp(exponent(middle - half * x)) + libm::exp(exponent(middle + half * x)));
        }
        sum += half * part;
    }
    sum
}

/// Nodes and weights of the Gauss-Legendre rule of 32 points on -1..1, its positive half.
const GAUSS: [(f64, f64); 16] = [
    (0.9972638618494816, 0.007018610009470096),
    (0.9856115115452684, 0.01627439473090567),
    (0.9647622555875064, 0.02539206530926206),
    (0.9349060759377397, 0.03427386291302143),
    (0.8963211557660521, 0.04283589802222668),
    (0.84936761373257, 0.050998059262376175),
    (0.7944837959679424, 0.058684093478535544),
    (0.7321821187402897, 0.06582222277636185),
    (0.6630442669302152, 0.0723457941088485),
    (0.5877157572407623, 0.07819389578707031),
    (0.5068999089322294, 0.08331192422694675),
    (0.42135127613063533, 0.08765209300440381),
    (0.33186860228212767, 0.09117387869576389),
    (0.23928736225213706, 0.09384439908080457),
    (0.1444719615827965, 0.09563872007927486),
    (0.04830766568773832, 0.0965400885147278),
];
