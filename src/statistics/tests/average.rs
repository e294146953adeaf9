use proptest::prelude::*;

use super::{next, refused, uniform};
use crate::statistics::Estimate;
use crate::statistics::average::{Average, BlockAverage, fold};
use crate::statistics::gathered::Gathered;
use crate::statistics::interval::t95;

fn of(pairs: &[(f64, u32)]) -> Average {
    let mut all = Average::default();
    for chunk in pairs.chunks(256) {
        let mut block = BlockAverage::default();
        chunk.iter().enumerate().for_each(|(lane, &(s, c))| block.push(lane, s, c));
        all.add_block(&block);
    }
    all
}

#[test]
fn nothing_is_known_of_nothing() {
    for pairs in [&[][..], &[(0.0, 0)], &[(0.0, 0); 300]] {
        assert_eq!(of(pairs).mean_plus(1.0), Estimate::default());
        assert_eq!(of(pairs).sd(), None);
    }
    let one = of(&[(3.0, 2)]);
    assert_eq!(one.mean_plus(1.0), Estimate::bare(Some(2.5)));
    assert_eq!(one.sd_estimate(), Estimate::default());
}

#[test]
fn constants_do_not_deviate() {
    // 0.1 and its square are rounded, and so are their sums.
    for x in [0.0, 1.0, -17.25, 0.1, 0.9, 1e-6, 8_388_607.999, 1.0 / 3.0] {
        for n in [2, 3, 255, 256, 257, 5000] {
            let all = of(&vec![(x, 1); n]);
            assert_eq!(all.sd(), Some(0.0), "{x} {n}");
            let mean = all.mean_plus(0.0);
            assert_eq!((mean.low, mean.high), (mean.estimate, mean.estimate));
            approx::assert_relative_eq!(mean.estimate.unwrap(), x, max_relative = 1e-13);
        }
    }
    // Exactly, on the grid: 8 h + 2^-30 h.
    let x = 8.0 + 2f64.powi(-30);
    assert_eq!(of(&vec![(x, 1); 5000]).mean_plus(24.0), Estimate::exact(24.0 + x));
    // Proportional to unequal weights: no residual either.
    let pairs: Vec<_> = (0..1000u32).map(|i| (0.7 * f64::from(i % 7), i % 7)).collect();
    assert_eq!(of(&pairs).sd(), Some(0.0));
}

#[test]
fn a_small_spread_around_a_large_mean_is_seen() {
    let pairs: Vec<_> = (0..10_000).map(|i| (4096.0 + if i % 2 == 0 { 0.01 } else { -0.01 }, 1)).collect();
    approx::assert_relative_eq!(of(&pairs).sd().unwrap(), 0.01 * (10_000f64 / 9_999.0).sqrt(), max_relative = 1e-4);
}

#[test]
fn a_t_interval_covers() {
    // Squared uniforms in unequal numbers; the mean is 1/3 whatever the number.
    let (mut covered, mut state) = (0, 3);
    for _ in 0..1000 {
        let pairs: Vec<_> = (0..200)
            .map(|_| {
                let c = (next(&mut state) % 6) as u32;
                ((0..c).map(|_| uniform(&mut state).powi(2)).sum(), c)
            })
            .collect();
        let got = of(&pairs).mean_plus(0.0);
        covered += u32::from(got.low.unwrap() <= 1.0 / 3.0 && 1.0 / 3.0 <= got.high.unwrap());
    }
    assert!((930..=970).contains(&covered), "{covered} of 1000");
}

#[test]
fn what_cannot_be_kept_is_said_and_stays_said() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e13, -1e13, 1e300] {
        let mut all = of(&[(1.0, 1), (bad, 1)]);
        assert_eq!(all.mean_plus(0.0), Estimate::default(), "{bad}");
        let mut good = of(&[(1.0, 1), (2.0, 1)]);
        all.merge(&good);
        good.merge(&all);
        assert_eq!(all, good);
        assert_eq!((good.replications(), good.weight(), good.sd()), (0, 0, None));
        let json = serde_json::to_string(&good).unwrap();
        assert_eq!(serde_json::from_str::<Average>(&json).unwrap(), good);
    }
    for offset in [f64::NAN, f64::INFINITY, 1e13] {
        assert_eq!(of(&[(1.0, 1), (2.0, 1)]).mean_plus(offset), Estimate::default());
    }
    let mut block = BlockAverage::default();
    (0..257).for_each(|lane| block.push(lane, 1.0, 1));
    let mut all = Average::default();
    all.add_block(&block);
    assert_eq!(all.mean_plus(0.0), Estimate::default());
}

#[test]
fn enormous_sums_are_exact() {
    // The largest block that is taken, doubled to 2^53 replications.
    let largest = 2f64.powi(32) - 1.0;
    let mut all = of(&[(largest, u32::MAX); 256]);
    for _ in 0..45 {
        let copy = all.clone();
        all.merge(&copy);
    }
    assert_eq!(all.replications(), 1 << 53);
    assert_eq!(all.mean_plus(0.0), Estimate::exact(1.0));
    let json = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Average>(&json).unwrap(), all);
    all.merge(&of(&[(1.0, 1)]));
    assert_eq!(all.replications(), 0);
}

#[test]
fn damaged_sums_are_refused() {
    let json = serde_json::to_string(&of(&[(1.5, 3), (-0.25, 1), (2.0, 2)])).unwrap();
    let huge = format!("\"{}\"", "9".repeat(70));
    let beyond = format!("\"{}\"", "9".repeat(90));
    for (field, value, expected) in [
        ("sum", huge.as_str(), "out of range"),
        ("sum", beyond.as_str(), "too large"),
        ("sum", "1", "string"),
        ("sum", r#""--1""#, "whole number"),
        ("squares", huge.as_str(), "out of range"),
        ("squares", r#""-1""#, "negative"),
        ("squares", r#""1""#, "squares is too small"),
        ("products", r#""99999999999999999999999999""#, "products"),
        ("block_squares", r#""1""#, "block sums"),
        ("block_products", huge.as_str(), "out of range"),
        ("block_products", r#""99999999999999999999999999999""#, "block products"),
        ("weight", r#""1""#, "weights"),
        ("weight", r#""15""#, "weights"),
        ("weight_squares", r#""11""#, "weights"),
        ("block_weight_squares", r#""1""#, "weights"),
        ("replications", "1", "squares"),
        ("replications", "9007199254740993", "2^53"),
        ("unusable", "true", "unusable"),
    ] {
        refused::<Average>(&json, field, value, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn agrees_with_an_integer_oracle(
        pairs in prop::collection::vec((-(1i32 << 20)..1 << 20, 0u32..13), 2..700),
        constant in any::<bool>(),
        planned in 0u32..100_000,
    ) {
        // Steps of 2^-10: squares and their sums in a block are exact.
        let weight = |c: u32| if constant { 5 } else { c };
        let sum = |f: &dyn Fn(i128, i128) -> i128| {
            pairs.iter().map(|&(k, c)| f(k.into(), weight(c).into())).sum::<i128>()
        };
        let (n, s, c) = (pairs.len() as i128, sum(&|k, _| k), sum(&|_, c| c));
        prop_assume!(c > 0);
        let all = of(&pairs.iter().map(|&(k, c)| (f64::from(k) / 1024.0, weight(c))).collect::<Vec<_>>());
        let planned_steps = i128::from(planned) << 10;
        // Numerator and denominator are doubles: their IEEE quotient is the nearest.
        let mean = (s + planned_steps * c) as f64 / c as f64 / 1024.0;
        let got = all.mean_plus(planned.into());
        prop_assert_eq!(got.estimate, Some(mean));
        let residuals = sum(&|x, y| (x * c - s * y).pow(2));
        let sd = (residuals as f64 / (n - 1) as f64).sqrt() * n as f64 / (c as f64).powi(2) / 1024.0;
        approx::assert_relative_eq!(all.sd().unwrap(), sd, max_relative = 1e-14);
        if constant {
            let textbook = ((n * sum(&|k, _| k * k) - s * s) as f64 / (n * (n - 1)) as f64).sqrt() / 5.0 / 1024.0;
            approx::assert_relative_eq!(sd, textbook, max_relative = 1e-14);
        }
        let half = t95(n as u64 - 1) * sd / (n as f64).sqrt();
        approx::assert_relative_eq!(got.high.unwrap() - got.low.unwrap(), 2.0 * half, max_relative = 1e-9, epsilon = 1e-9);
    }
}

/// Blocks of hours on the grid, as far as they are taken in passing, and all of them added one by one.
fn gathered(blocks: &[Vec<f64>], weight: u32) -> (Average, Average) {
    let (mut passing, mut apart, mut one_by_one) = (Gathered::default(), Average::default(), Average::default());
    let mut taken = 0;
    for values in blocks {
        let [mut sums, mut squares] = [[0.0; 8]; 2];
        let mut block = BlockAverage::default();
        for (lane, &value) in values.iter().enumerate() {
            block.push(lane, value, weight);
            sums[lane % 8] += value;
            squares[lane % 8] += value * value;
        }
        one_by_one.add_block(&block);
        if passing.take(fold(sums), fold(squares), weight) {
            taken += 1;
        } else {
            apart.add_block(&block);
        }
    }
    apart.add_gathered(&passing, taken, weight);
    (apart, one_by_one)
}

proptest! {
    #[test]
    fn gathering_gives_the_bits_of_adding_block_by_block(
        seed in any::<u64>(),
        scales in prop::collection::vec(-30i32..23, 1..6),
        weight in 1u32..50,
    ) {
        let mut state = seed;
        let blocks: Vec<Vec<f64>> = scales
            .iter()
            .map(|&scale| {
                let hours = |_| crate::grid::round((uniform(&mut state) - 0.3) * 2f64.powi(scale));
                (0..256).map(hours).collect()
            })
            .collect();
        let (gathered, one_by_one) = gathered(&blocks, weight);
        prop_assert_eq!(gathered, one_by_one);
    }
}

#[test]
fn the_same_block_many_times() {
    let mut block = BlockAverage::default();
    (0..256).for_each(|lane| block.push(lane, 0.9, 1));
    let mut many = Average::default();
    many.add_same(&block, 7);
    let mut one_by_one = Average::default();
    (0..7).for_each(|_| one_by_one.add_block(&block));
    assert_eq!(many, one_by_one);
}
