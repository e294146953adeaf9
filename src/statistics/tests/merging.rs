//! Any cut into shards at multiples of 256, any order and any shape of merging: the same serialised bytes.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::statistics::average::{Average, BlockAverage};
use crate::statistics::grouped::GroupedHistogram;
use crate::statistics::proportion::{BlockProportion, Proportion};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Outcome {
    proportion: Proportion,
    average: Average,
    single: GroupedHistogram,
    groups: GroupedHistogram,
}

/// A replication: a real of any kind, occurrences, and hits among them.
type Replication = (f64, u32, u32);

impl Outcome {
    fn new() -> Self {
        Self {
            proportion: Proportion::default(),
            average: Average::default(),
            single: GroupedHistogram::new(1),
            groups: GroupedHistogram::new(3),
        }
    }

    fn of_block(index: u64, replications: &[Replication]) -> Self {
        let mut outcome = Self::new();
        let (mut proportion, mut average) = (BlockProportion::default(), BlockAverage::default());
        for (lane, &(s, c, hits)) in replications.iter().enumerate() {
            proportion.push(hits.min(c), c);
            average.push(lane, s, c);
            outcome.single.of_block(index).push(s.abs());
            (0..c % 3).for_each(|round| outcome.groups.of_block(index).push(s.abs() + f64::from(round)));
        }
        outcome.proportion.add_block(&proportion);
        outcome.average.add_block(&average);
        outcome
    }

    fn merge(&mut self, other: &Self) {
        self.proportion.merge(&other.proportion);
        self.average.merge(&other.average);
        self.single.merge(&other.single);
        self.groups.merge(&other.groups);
    }

    fn json(&self) -> String {
        serde_json::to_string(self).unwrap()
    }
}

fn replications() -> impl Strategy<Value = Vec<Replication>> {
    let value = prop_oneof![
        8 => (-(1i64 << 40)..1 << 40).prop_map(|k| k as f64 / (1u64 << 30) as f64),
        4 => -1e4f64..1e4,
        1 => Just(0.0),
        1 => -1e-9f64..1e-9,
    ];
    prop::collection::vec((value, 0u32..14, 0u32..14), 1..4000)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_order_and_no_cut_can_be_seen(
        all in replications(),
        bad in prop::option::weighted(0.2, any::<prop::sample::Index>()),
        order in prop::collection::vec(any::<u32>(), 16),
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 16),
    ) {
        let mut all = all;
        if let Some(bad) = bad {
            bad.get_mut(&mut all).0 = f64::NAN;
        }
        let mut blocks: Vec<_> =
            all.chunks(256).enumerate().map(|(i, chunk)| (i, Outcome::of_block(i as u64, chunk))).collect();
        let mut expected = Outcome::new();
        blocks.iter().for_each(|(_, block)| expected.merge(block));
        blocks.sort_by_key(|&(i, _)| order[i]);
        // Merge random pairs of parts until one is left, some of them by way of a file.
        let mut parts: Vec<_> = blocks.into_iter().map(|(_, block)| block).collect();
        for (from, to) in picks.iter().cycle() {
            if parts.len() == 1 {
                break;
            }
            let other = parts.swap_remove(from.index(parts.len()));
            let to = to.index(parts.len());
            parts[to] = serde_json::from_str(&parts[to].json()).unwrap();
            parts[to].merge(&other);
        }
        prop_assert_eq!(parts[0].json(), expected.json());
        let read: Outcome = serde_json::from_str(&expected.json()).unwrap();
        prop_assert_eq!(read.json(), expected.json());
        prop_assert_eq!(read.average.mean_plus(1.5), parts[0].average.mean_plus(1.5));
        prop_assert_eq!(read.groups.quantile_estimates(&[0.5, 0.99]), parts[0].groups.quantile_estimates(&[0.5, 0.99]));
    }
}
