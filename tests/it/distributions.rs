//! Distributions and their samplers against closed forms, statrs and rand_distr.
mod json;
mod moments;
mod sampling;

use ripple_effect::Distribution;

/// Shapes of every continuous family, the awkward ones among them.
fn continuous() -> Vec<Distribution> {
    let mut all = vec![
        Distribution::uniform(1.0, 4.0),
        Distribution::triangular(2.0, 5.0, 14.0),
        Distribution::triangular(2.0, 2.0, 14.0),
        Distribution::triangular(2.0, 14.0, 14.0),
        Distribution::exponential(3.0),
        Distribution::erlang(1, 2.0),
        Distribution::erlang(3, 2.0),
        Distribution::shifted(1.5, Distribution::gamma(2.0, 0.5)),
    ];
    for mode in [0.5, 0.6, 1.0, 2.25, 3.9, 4.0] {
        all.push(Distribution::pert(0.5, mode, 4.0));
    }
    for shape in [0.05, 0.2, 0.7, 1.3, 4.0, 50.0, 250.0, 1e4, 1e6] {
        all.push(Distribution::gamma(shape, 1.0));
    }
    for shape in [0.05, 0.3, 0.5, 1.5, 3.0, 20.0, 1e3, 1e6] {
        all.push(Distribution::weibull(shape, if shape < 0.1 { 1e-15 } else { 2.0 }));
    }
    for cv in [0.001, 0.1, 0.5, 1.0, 5.0, 1e5] {
        all.push(Distribution::lognormal(2.0, 2.0 * cv));
    }
    all.push(Distribution::lognormal_median_p90(1.0, 4.0));
    for cut in [0.0, 0.5, 2.0, 6.0, 8.9, 9.1, 100.0] {
        all.push(Distribution::normal(2.0 * cut, 2.0));
    }
    for (a, b) in [
        (0.05, 0.05),
        (0.1, 0.1),
        (0.5, 0.5),
        (0.3, 4.0),
        (5.0, 0.2),
        (1.0, 0.05),
        (0.05, 30.0),
        (1.0, 3.0),
        (80.0, 120.0),
        (1e4, 2.0),
        (1e6, 1e6),
        (1e6, 0.05),
    ] {
        all.push(Distribution::beta(a, b, 1.0, 3.0));
    }
    all
}
