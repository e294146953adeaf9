//! Samplers against the distribution function and against rand_distr.

use super::continuous;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use ripple_effect::{Distribution, Sampler};

/// The tail probability of a word and whether it is that of the upper tail, as documented.
fn tail(word: u64) -> (f64, bool) {
    let above = word >> 63 == 1;
    let m = if above { !word } else { word };
    (((m >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0, above)
}

fn sampler(of: &Distribution) -> Sampler {
    Sampler::new(of).unwrap_or_else(|error| panic!("{of:?}: {error}"))
}

/// Words that are spread evenly, crowd toward both ends and the middle, and touch them.
fn words() -> Vec<u64> {
    let mut words: Vec<u64> = (0..4096_u64).map(|i| (i << 52) | 0x7_3A5C_19E3_77B1).collect();
    for exponent in 0..63 {
        for fraction in [0, 1, 3, 7, 13] {
            let word = (1_u64 << exponent) + ((1_u64 << exponent) >> 4) * fraction;
            words.extend([word, !word, (1 << 63) - word, (1 << 63) + word]);
        }
    }
    words.extend([0, 1, u64::MAX, u64::MAX - 1, (1 << 63) - 1, 1 << 63]);
    words.sort_unstable();
    words
}

#[test]
fn draws_follow_the_distribution_function() {
    for of in continuous() {
        let sampler = sampler(&of);
        let (mut worst, mut worst_tail) = (0.0_f64, 0.0_f64);
        for word in words() {
            let (p, above) = tail(word);
            let x = sampler.sample(word);
            // All true values that round to this number will do: at the ends of a beta of small shapes there are many.
            let (before, after) = (of.cdf(x.next_down()), of.cdf(x.next_up()));
            let u = if above { 1.0 - p } else { p };
            let error = (before - u).max(u - after).max(0.0);
            worst = worst.max(error);
            if !above && p > 1e-12 && x > 0.0 {
                worst_tail = worst_tail.max(error / p);
            }
        }
        println!("{worst:8.1e} {worst_tail:8.1e} {of:?}");
        assert!(worst < 2e-7, "{of:?}: {worst:e}");
    }
}

#[test]
fn a_greater_word_never_gives_less() {
    let mut of = continuous();
    of.push(Distribution::empirical([3.0, 1.0, 2.0]));
    of.push(Distribution::weighted([3.0, 1.0, 2.0], [0.1, 5.0, 1e-9]));
    let mut random = StdRng::seed_from_u64(7);
    let mut words = words();
    // Neighbours, where rounding would show.
    for _ in 0..20_000 {
        let word = random.next_u64() >> (random.next_u64() % 50);
        for step in 0..4 {
            // Of what reads all of the word, and of what reads its upper half.
            for step in [step << 11, step << 32] {
                words.extend([word.saturating_add(step), !word.saturating_add(step)]);
            }
        }
    }
    words.sort_unstable();
    for of in of {
        let sampler = sampler(&of);
        let mut last = 0.0;
        for &word in &words {
            let x = sampler.sample(word);
            assert!(x >= last, "{of:?} at {word:#x}: {x:e} after {last:e}");
            last = x;
        }
    }
}

/// The greatest distance of the empirical distribution function of sorted draws from a distribution function.
fn one_sample(draws: &mut [f64], cdf: impl Fn(f64) -> f64) -> f64 {
    draws.sort_unstable_by(f64::total_cmp);
    let n = draws.len() as f64;
    draws.iter().enumerate().fold(0.0, |worst, (i, &x)| {
        let f = cdf(x);
        worst.max(f - i as f64 / n).max((i + 1) as f64 / n - f)
    })
}

#[test]
fn a_million_words_pass_kolmogorov_smirnov() {
    // The critical value at the level 1e-4: 2.225 / sqrt(n). The seeds are fixed, so that it passes always or never.
    let critical = 2.225 / 1e3;
    for of in [
        Distribution::pert(0.5, 1.0, 4.0),
        Distribution::gamma(0.3, 2.0),
        Distribution::gamma(40.0, 0.1),
        Distribution::lognormal(3.0, 5.0),
        Distribution::weibull(1.7, 2.0),
        Distribution::normal(1.0, 2.0),
        Distribution::beta(0.4, 2.0, 1.0, 2.0),
        Distribution::exponential(3.0),
        Distribution::triangular(1.0, 2.0, 7.0),
        Distribution::mixture([(2.0, Distribution::exponential(3.0)), (1.0, Distribution::pert(0.5, 1.0, 4.0))]),
        Distribution::mixture([
            (0.3, Distribution::uniform(1.0, 2.0)),
            (
                0.7,
                Distribution::mixture([(0.5, Distribution::gamma(3.0, 1.0)), (0.5, Distribution::uniform(0.0, 9.0))]),
            ),
        ]),
    ] {
        let sampler = sampler(&of);
        let mut random = StdRng::seed_from_u64(11);
        let mut draws: Vec<f64> = (0..1_000_000).map(|_| sampler.sample(random.next_u64())).collect();
        let distance = one_sample(&mut draws, |x| of.cdf(x));
        assert!(distance < critical, "{of:?}: {distance}");
    }
}

#[test]
fn draws_are_those_of_rand_distr() {
    fn draws(of: impl rand_distr::Distribution<f64>, seed: u64) -> Vec<f64> {
        let mut random = StdRng::seed_from_u64(seed);
        let mut draws: Vec<f64> = (0..200_000).map(|_| of.sample(&mut random)).collect();
        draws.sort_unstable_by(f64::total_cmp);
        draws
    }
    let lognormal = |mean: f64, sd: f64| {
        let variance = (1.0 + (sd / mean) * (sd / mean)).ln();
        rand_distr::LogNormal::new(mean.ln() - variance / 2.0, variance.sqrt()).unwrap()
    };
    let pairs: Vec<(Distribution, Vec<f64>)> = vec![
        (Distribution::uniform(1.0, 4.0), draws(rand_distr::Uniform::new(1.0, 4.0).unwrap(), 1)),
        (Distribution::triangular(1.0, 2.0, 7.0), draws(rand_distr::Triangular::new(1.0, 7.0, 2.0).unwrap(), 2)),
        (Distribution::pert(0.5, 1.0, 4.0), draws(rand_distr::Pert::new(0.5, 4.0).with_mode(1.0).unwrap(), 3)),
        (Distribution::exponential(2.0), draws(rand_distr::Exp::new(0.5).unwrap(), 4)),
        (Distribution::erlang(3, 6.0), draws(rand_distr::Gamma::new(3.0, 2.0).unwrap(), 5)),
        (Distribution::gamma(0.4, 2.0), draws(rand_distr::Gamma::new(0.4, 2.0).unwrap(), 6)),
        (Distribution::lognormal(3.0, 2.0), draws(lognormal(3.0, 2.0), 7)),
        (Distribution::weibull(0.8, 2.0), draws(rand_distr::Weibull::new(2.0, 0.8).unwrap(), 8)),
        (Distribution::beta(0.5, 3.0, 0.0, 1.0), draws(rand_distr::Beta::new(0.5, 3.0).unwrap(), 9)),
        (Distribution::normal(50.0, 2.0), draws(rand_distr::Normal::new(50.0, 2.0).unwrap(), 10)),
    ];
    // Two samples of n each, level 1e-4: 2.225 * sqrt(2 / n).
    let critical = 2.225 * (2.0_f64 / 200_000.0).sqrt();
    for (of, theirs) in pairs {
        let ours = draws(sampler(&of), 99);
        let (mut i, mut j, mut distance) = (0, 0, 0_usize);
        while i < ours.len() && j < theirs.len() {
            if ours[i] <= theirs[j] {
                i += 1;
            } else {
                j += 1;
            }
            distance = distance.max(i.abs_diff(j));
        }
        let distance = distance as f64 / ours.len() as f64;
        assert!(distance < critical, "{of:?}: {distance}");
    }
}

#[test]
fn discrete_draws_are_exact() {
    let even = sampler(&Distribution::empirical([4.0, 1.0, 2.0, 2.0]));
    let quarter = 1_u64 << 62;
    for (word, value) in [(0, 1.0), (quarter - 1, 1.0), (quarter, 2.0), (3 * quarter - 1, 2.0), (u64::MAX, 4.0)] {
        assert_eq!(even.sample(word), value);
    }
    let weighted = sampler(&Distribution::weighted([5.0, 1.0, 9.0], [1.0, 3.0, 0.0]));
    for (word, value) in [(0, 1.0), (3 * quarter - 1, 1.0), (3 * quarter, 5.0), (u64::MAX, 5.0)] {
        assert_eq!(weighted.sample(word), value);
    }
}

#[test]
fn many_draws_are_the_single_ones() {
    let mut all = continuous();
    all.push(Distribution::from(2.0));
    all.push(Distribution::shifted(1.0, Distribution::weighted([1.0, 2.0], [0.3, 0.7])));
    all.push(Distribution::shifted(
        1.0,
        Distribution::mixture([(1.0, Distribution::exponential(3.0)), (2.0, Distribution::pert(0.5, 1.0, 4.0))]),
    ));
    let words = words();
    for of in all {
        let sampler = sampler(&of);
        let mut hours = vec![0.0; words.len()];
        sampler.sample_all(&words, &mut hours);
        for (&word, &x) in words.iter().zip(&hours) {
            assert_eq!(x.to_bits(), sampler.sample(word).to_bits(), "{of:?} at {word:#x}");
        }
    }
}

/// Parameters in and out of their ranges: what is valid must draw soundly, what is not must be refused quietly.
fn anything() -> impl Strategy<Value = Distribution> {
    let number = prop_oneof![
        8 => 0.0..10.0,
        2 => prop::sample::select(vec![0.0, 1.0, 1e-300, 1e-9, 1048576.0, 0.05, 1e6]),
        1 => prop::sample::select(vec![-1.0, f64::NAN, f64::INFINITY, 2e6]),
    ];
    let numbers = prop::array::uniform4(number.clone());
    let leaf =
        (0..14_u8, numbers, prop::collection::vec(number, 1..5), 0..5_u32).prop_map(|(family, n, values, shape)| {
            let mut sorted = n;
            sorted.sort_by(f64::total_cmp);
            let [min, mode, max, _] = sorted;
            match family {
                0 => Distribution::from(n[0]),
                1 => Distribution::uniform(min, max),
                2 => Distribution::triangular(min, mode, max),
                3 | 4 => Distribution::pert(min, mode, max),
                5 => Distribution::exponential(n[0]),
                6 => Distribution::erlang(shape, n[0]),
                7 => Distribution::gamma(n[0], n[1]),
                8 => Distribution::lognormal(n[0], n[1]),
                9 => Distribution::lognormal_median_p90(min, max),
                10 => Distribution::weibull(n[0], n[1]),
                11 => Distribution::normal(n[0], n[1]),
                12 => Distribution::beta(n[0], n[1], min, max),
                _ => Distribution::weighted(values.clone(), values),
            }
        });
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            (0.0..5.0, inner.clone()).prop_map(|(by, of)| Distribution::shifted(by, of)),
            prop::collection::vec((0.0..3.0, inner), 0..4).prop_map(Distribution::mixture),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_valid_draws_soundly(of in anything(), words in prop::collection::vec(any::<u64>(), 16), p in 0.0..=1.0) {
        if of.validate().is_err() {
            prop_assert!(Sampler::new(&of).is_err());
            prop_assert!(of.mean().is_nan() && of.variance().is_nan() && of.cdf(1.0).is_nan() && of.quantile(p).is_nan());
            return Ok(());
        }
        let sampler = sampler(&of);
        let (low, high) = (of.quantile(0.0), of.quantile(1.0));
        for word in words.into_iter().chain([0, u64::MAX, 1 << 63, (1 << 63) - 1]) {
            let x = sampler.sample(word);
            prop_assert!(x.is_finite() && x >= low && x <= high, "{x} outside of {low}..={high}");
        }
        prop_assert!(of.mean() >= low * (1.0 - 1e-12) && of.mean() <= high * (1.0 + 1e-12));
        prop_assert!(of.variance() >= 0.0);
        let x = of.quantile(p);
        prop_assert!(x >= low && x <= high);
        let back = of.cdf(x);
        prop_assert!((0.0..=1.0).contains(&back));
        // Within what rounding x does to a distribution of little spread, or of values that are hardly numbers.
        let slack = 2e-15 * x + 1e-300;
        let (above, below) = (of.cdf(x + slack), of.cdf(x - slack));
        prop_assert!(above >= p - 1e-9 && of.cdf(x.next_down()).min(below) <= p + 1e-9, "{p} came back as {back}");
    }
}

/// The last bits of the draws are part of what a seed promises: if this fails, the stream version has to change.
#[test]
fn the_bits_of_the_draws_stay() {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for of in continuous() {
        let sampler = sampler(&of);
        for word in words() {
            hash = (hash ^ sampler.sample(word).to_bits()).wrapping_mul(0x0100_0000_01b3);
        }
    }
    assert_eq!(hash, 0x1599_9647_50c1_fab5, "{hash:#x}");
}
