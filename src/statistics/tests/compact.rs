//! Whether sums are kept in the small form or not cannot be seen; and those of most runs are.

use std::fmt::Debug;

use proptest::prelude::*;

use crate::statistics::average::{self, Average, BlockAverage};
use crate::statistics::compact::{Compact, Fits};
use crate::statistics::proportion::{self, BlockProportion, Once, Proportion};

/// What the parts come to, once they were added in the small form while they fit, merged, and added in a box from the
/// start: the same every time.
fn added<T: Fits + Debug>(parts: &[T]) -> Compact<T> {
    let [mut mixed, mut merged] = [Compact::default(), Compact::default()];
    let mut boxed = Compact::Whole(Box::new(Compact::<T>::default().whole()));
    for part in parts {
        mixed.add_whole(part);
        merged.add(&Compact::of(part.clone()));
        boxed.add_whole(part);
    }
    assert!(matches!(boxed, Compact::Whole(_)));
    assert_eq!(mixed.whole(), boxed.whole());
    assert_eq!(merged.whole(), boxed.whole());
    mixed
}

/// A block: values and how often each counts.
type Block = Vec<(f64, u32, u32)>;

/// Blocks of values of all sizes, on the time grid and off it, that count once at most or more often.
fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let size = prop_oneof![6 => -8i32..12, 1 => 20i32..36];
    let most = prop_oneof![3 => Just(1u32), 1 => 1..u32::MAX];
    let block = (size, prop::bool::weighted(0.8), most).prop_flat_map(|(size, on_grid, most)| {
        let value = (-1.0f64..1.0).prop_map(move |value| {
            let (value, steps) = (value * f64::from(size).exp2(), f64::from(1 << 30));
            if on_grid { (value * steps).round() / steps } else { value }
        });
        prop::collection::vec((value, 0..=most, any::<u32>()), 1..256)
    });
    prop::collection::vec(block, 1..6)
}

/// The sums of each block.
fn sums(blocks: &[Block]) -> (Vec<average::Kept>, Vec<proportion::Kept>) {
    let of = |block: &Block| {
        let (mut average, mut proportion) = (Average::default(), Proportion::default());
        let (mut values, mut hits) = (BlockAverage::default(), BlockProportion::default());
        for (lane, &(value, c, hit)) in block.iter().enumerate() {
            values.push(lane, value, c);
            hits.push(hit % (c + 1), c);
        }
        average.add_block(&values);
        proportion.add_block(&hits);
        (average.into(), proportion.into())
    };
    blocks.iter().map(of).unzip()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_form_can_be_seen(blocks in blocks()) {
        let (averages, proportions) = sums(&blocks);
        added(&averages);
        added(&proportions);
    }

    #[test]
    fn what_happens_once_and_what_is_missed_is_as_if_counted_one_by_one(
        blocks in prop::collection::vec((1u32..=256, any::<u32>(), any::<u32>()), 1..6),
        missed in (0u64..4, 1u32..=256, 0u32..1000),
    ) {
        let [mut at_once, mut one_by_one] = [Proportion::default(), Proportion::default()];
        for (replications, trials, hits) in blocks {
            let trials = trials % (replications + 1);
            let hits = hits % (trials + 1);
            at_once.add_once(&Once::block(replications, hits, trials));
            let mut block = BlockProportion::default();
            (0..replications).for_each(|lane| block.push(u32::from(lane < hits), u32::from(lane < trials)));
            one_by_one.add_block(&block);
        }
        let (count, replications, trials) = missed;
        at_once.add_missed(count, replications, trials);
        for _ in 0..count {
            let mut block = BlockProportion::default();
            (0..replications).for_each(|_| block.push(0, trials));
            one_by_one.add_block(&block);
        }
        prop_assert_eq!(at_once, one_by_one);
    }
}

#[test]
fn hours_and_what_happens_once_are_small() {
    let block = |value: fn(f64) -> f64| (0..256).map(|lane| (value(lane.into()), 1, lane)).collect::<Block>();
    let many: Vec<Block> = vec![block(|lane| lane / 4.0); 1000];
    let (averages, proportions) = sums(&many);
    assert!(matches!(added(&averages), Compact::Small(_)));
    assert!(matches!(added(&proportions), Compact::Small(_)));
    assert!(size_of::<Average>() <= 128 && size_of::<Proportion>() <= 56);
    // Off the grid, or too often.
    let (averages, _) = sums(&[block(f64::sqrt)]);
    assert!(matches!(added(&averages), Compact::Whole(_)));
    let (_, proportions) = sums(&[vec![(0.0, 2, 1); 256]]);
    assert!(matches!(added(&proportions), Compact::Whole(_)));
}

#[test]
fn what_outgrows_the_small_form_goes_on_in_a_box() {
    let all_late = |_: usize| 4096.0;
    // Their sums stay 0 while their squares grow.
    let early_and_late = |lane: usize| if lane % 16 < 8 { 4096.0 } else { -4096.0 };
    for hours in [all_late, early_and_late] {
        let (block, _) = sums(&[(0..256).map(|lane| (hours(lane), 1, 0)).collect()]);
        let mut all = Compact::of(block[0].clone());
        let mut boxed = Compact::Whole(Box::new(block[0].clone()));
        assert!(matches!(all, Compact::Small(_)));
        // To 2^52 replications, whose squares are 2^136 steps.
        for _ in 0..44 {
            let (twice, twice_boxed) = (all.clone(), boxed.clone());
            all.add(&twice);
            boxed.add(&twice_boxed);
            assert_eq!(all, boxed);
        }
        assert!(matches!(all, Compact::Whole(_)));
    }
}
