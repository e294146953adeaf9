use proptest::prelude::*;

use super::{next, refused, uniform};
use crate::statistics::interval::{clopper_pearson, t95};
use crate::statistics::proportion::{BlockProportion, Proportion};

fn of(pairs: &[(u32, u32)]) -> Proportion {
    let mut all = Proportion::default();
    for chunk in pairs.chunks(256) {
        let mut block = BlockProportion::default();
        chunk.iter().for_each(|&(h, t)| block.push(h, t));
        all.add_block(&block);
    }
    all
}

#[test]
fn nothing_is_known_of_nothing() {
    for pairs in [&[][..], &[(0, 0)], &[(0, 0); 300]] {
        assert_eq!(of(pairs).estimate(), Default::default());
    }
}

#[test]
fn single_trials_are_binomial() {
    let mut pairs = vec![(0, 0); 100];
    pairs.extend([(1, 1); 30]);
    pairs.extend([(0, 1); 270]);
    let got = of(&pairs).estimate();
    let (low, high) = clopper_pearson(30, 300);
    assert_eq!((got.estimate, got.low, got.high), (Some(0.1), Some(low), Some(high)));
    let one = of(&[(1, 1)]).estimate();
    assert_eq!((one.estimate, one.high), (Some(1.0), Some(1.0)));
    approx::assert_relative_eq!(one.low.unwrap(), 0.025, max_relative = 1e-12);
}

#[test]
fn one_replication_of_many_trials_bounds_nothing() {
    let got = of(&[(3, 12)]).estimate();
    assert_eq!((got.estimate, got.low, got.high), (Some(0.25), None, None));
}

#[test]
fn only_hits_or_only_misses_leave_one_end_open() {
    let n = 1000;
    let (_, high) = clopper_pearson(0, n);
    let never = of(&[(0, 12); 1000]).estimate();
    assert_eq!((never.estimate, never.low, never.high), (Some(0.0), Some(0.0), Some(high)));
    let always = of(&[(12, 12); 1000]).estimate();
    assert_eq!((always.estimate, always.low, always.high), (Some(1.0), Some(1.0 - high), Some(1.0)));
    // Unequal trials: the end moves out by most over mean.
    let mut pairs = vec![(0, 12); 500];
    pairs.extend([(0, 4); 500]);
    assert_eq!(of(&pairs).estimate().high, Some(high * (12.0 / 8.0)));
    // Two replications know next to nothing.
    assert!(of(&[(0, 2); 2]).estimate().high.unwrap() > 0.8);
}

#[test]
fn a_ratio_interval_covers() {
    // Correlated trials: each replication has its own chance. The true probability is 1/2 by symmetry.
    let (mut covered, mut state) = (0, 7);
    for _ in 0..1000 {
        let mut pairs = Vec::new();
        for _ in 0..120 {
            let chance = uniform(&mut state);
            let trials = 2 + (next(&mut state) % 9) as u32;
            pairs.push(((0..trials).filter(|_| uniform(&mut state) < chance).count() as u32, trials));
        }
        let got = of(&pairs).estimate();
        covered += u32::from(got.low.unwrap() <= 0.5 && 0.5 <= got.high.unwrap());
    }
    assert!((930..=970).contains(&covered), "{covered} of 1000");
}

#[test]
fn enormous_counts_are_exact() {
    let mut all = of(&[(u32::MAX, u32::MAX); 256]);
    for _ in 0..45 {
        let copy = all.clone();
        all.merge(&copy);
    }
    assert_eq!(all.replications(), 1 << 53);
    assert_eq!(all.hits(), u128::from(u32::MAX) << 53);
    assert_eq!(all.estimate().estimate, Some(1.0));
    let json = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Proportion>(&json).unwrap(), all);
    // One more does not fit; whatever is merged afterwards, it stays so.
    all.merge(&of(&[(1, 1)]));
    all.merge(&of(&[(1, 1)]));
    assert_eq!((all.replications(), all.trials(), all.estimate()), (0, 0, Default::default()));
    let json = serde_json::to_string(&all).unwrap();
    assert!(json.starts_with(r#"{"unusable":true"#));
    assert_eq!(serde_json::from_str::<Proportion>(&json).unwrap(), all);
}

#[test]
fn too_large_a_block_is_not_taken() {
    let mut block = BlockProportion::default();
    (0..257).for_each(|_| block.push(1, 1));
    let mut all = Proportion::default();
    all.add_block(&block);
    assert_eq!(all.estimate(), Default::default());
}

#[test]
fn damaged_counts_are_refused() {
    let mut pairs = vec![(1, 3); 300];
    pairs.extend([(0, 2), (4, 4)]);
    let json = serde_json::to_string(&of(&pairs)).unwrap();
    for (field, value, expected) in [
        ("hits", r#""9999""#, "more hits than trials"),
        ("hits", r#""300""#, "who had one"),
        ("hits", "3", "string"),
        ("hits", r#""1e3""#, "whole number"),
        ("hits", r#""""#, "whole number"),
        ("hits", r#""-1""#, "too large"),
        ("hits", r#""999999999999999999999999999999999999999999""#, "too large"),
        ("replications", "9007199254740993", "2^53"),
        ("replications", "10", "replications"),
        ("with_hit", "303", "replications"),
        ("with_hit", "2", "who had one"),
        ("with_miss", "2", "who had one"),
        ("most_trials", "1", "most trials"),
        ("trials", r#""340282366920938463463374607431768211455""#, "most trials"),
        ("hit_squares", r#""1""#, "squares"),
        ("trial_squares", r#""99999999""#, "too large"),
        ("products", r#""2""#, "squares"),
        ("block_hit_squares", r#""3""#, "block"),
        ("block_trial_squares", r#""340282366920938463463374607431768211455""#, "block"),
        ("block_products", r#""1""#, "block"),
        ("unusable", "true", "unusable"),
        ("more", "1", "unknown field"),
    ] {
        refused::<Proportion>(&json, field, value, expected);
    }
}

/// Seeing one more rare event never makes the claim about them surer.
#[test]
fn few_events_leave_much_open() {
    let high = |events: usize| {
        let pairs: Vec<(u32, u32)> = (0..10_000).map(|replication| (u32::from(replication < events), 12)).collect();
        of(&pairs).estimate().high.unwrap()
    };
    let ends: Vec<f64> = (0..30).map(high).collect();
    assert!(ends.windows(2).all(|pair| pair[0] < pair[1]), "{ends:?}");
    assert!(ends[1] > 5.57 / 120_000.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn agrees_with_an_integer_oracle(pairs in prop::collection::vec((0u32..40).prop_flat_map(|t| (0..=t, Just(t))), 2..700)) {
        let sum = |f: &dyn Fn(i128, i128) -> i128| pairs.iter().map(|&(h, t)| f(h.into(), t.into())).sum::<i128>();
        let (n, h, t) = (pairs.len() as i128, sum(&|h, _| h), sum(&|_, t| t));
        prop_assume!(t > 0 && h > 0 && h < t && pairs.iter().any(|&(_, t)| t > 1));
        let got = of(&pairs).estimate();
        prop_assert_eq!(got.estimate, Some(h as f64 / t as f64));
        let residuals = sum(&|x, y| (x * t - h * y).pow(2));
        let se = (residuals as f64 * n as f64 / (n - 1) as f64).sqrt() / (t as f64).powi(2);
        let (p, half) = (h as f64 / t as f64, t95(n as u64 - 1) * se);
        let with = |any: fn(u32, u32) -> bool| pairs.iter().filter(|&&(h, t)| any(h, t)).count() as u64;
        let (with_hit, with_miss) = (with(|h, _| h > 0), with(|h, t| h < t));
        let most = f64::from(pairs.iter().map(|&(_, t)| t).max().unwrap());
        let mean = t as f64 / n as f64;
        let (mut low, mut high) = (p - half, p + half);
        if with_hit < 30 {
            let (least, largest) = clopper_pearson(with_hit, n as u64);
            (low, high) = (low.min(least / most), high.max(largest * most / mean));
        }
        if with_miss < 30 {
            let (least, largest) = clopper_pearson(with_miss, n as u64);
            (low, high) = (low.min(1.0 - largest * most / mean), high.max(1.0 - least / most));
        }
        approx::assert_relative_eq!(got.low.unwrap(), low.max(0.0), max_relative = 1e-12, epsilon = 1e-14);
        approx::assert_relative_eq!(got.high.unwrap(), high.min(1.0), max_relative = 1e-12);
        let json = serde_json::to_string(&of(&pairs)).unwrap();
        prop_assert_eq!(serde_json::from_str::<Proportion>(&json).unwrap(), of(&pairs));
    }
}
