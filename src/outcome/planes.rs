//! Counters of all lanes at once: bit `j` of every lane's count stands in one plane, so that counting an event in 256
//! replications is a few operations on words, and sums of counts and of their squares are counts of bits.

use crate::engine::block::lanes::Bits;
use crate::statistics::BlockCounts;

/// The planes that counts up to `most` need.
pub(crate) fn planes(most: u64) -> usize {
    (u64::BITS - most.leading_zeros()).max(1) as usize
}

/// Counts one more in some lanes. O(1) on average.
pub(crate) fn add(counter: &mut [Bits], lanes: Bits) {
    let mut carry = lanes;
    for plane in counter {
        if carry.is_empty() {
            return;
        }
        let both = plane.and(carry);
        *plane = plane.or(carry).without(both);
        carry = both;
    }
}

/// The sum of the products of two counters over all lanes.
fn products(a: &[Bits], b: &[Bits]) -> u128 {
    let mut sum = 0;
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            sum += u128::from(x.and(*y).count()) << (i + j);
        }
    }
    sum
}

/// The sum of a counter over all lanes.
pub(crate) fn total(counter: &[Bits]) -> u64 {
    counter.iter().enumerate().map(|(i, plane)| u64::from(plane.count()) << i).sum()
}

/// The sum of the squares of a counter over all lanes.
pub(crate) fn squares(counter: &[Bits]) -> u128 {
    products(counter, counter)
}

/// The count of one lane.
pub(crate) fn of_lane(counter: &[Bits], lane: usize) -> u64 {
    counter.iter().enumerate().map(|(i, plane)| u64::from(plane.has(lane)) << i).sum()
}

/// The largest count.
fn largest(counter: &[Bits]) -> u32 {
    let (mut left, mut most) = (Bits::ALL, 0);
    for (i, plane) in counter.iter().enumerate().rev() {
        let with = left.and(*plane);
        if !with.is_empty() {
            left = with;
            most |= 1 << i;
        }
    }
    most
}

/// Hits out of as many trials in each of the `live` lanes.
pub(crate) fn out_of(hits: &[Bits], trials: u32, live: Bits) -> BlockCounts {
    let replications = live.count();
    let (mut with_hit, mut with_miss) = (Bits::NONE, Bits::NONE);
    for (i, plane) in hits.iter().enumerate() {
        with_hit = with_hit.or(*plane);
        let wanted = if trials >> i & 1 == 1 { live } else { Bits::NONE };
        with_miss = with_miss.or(plane.or(wanted).without(plane.and(wanted)));
    }
    let (count, per_lane) = (total(hits), u64::from(trials));
    BlockCounts {
        replications,
        with_hit: with_hit.count(),
        with_miss: with_miss.count(),
        most_trials: if replications > 0 { trials } else { 0 },
        hits: count,
        trials: per_lane * u64::from(replications),
        hit_squares: squares(hits),
        trial_squares: u128::from(per_lane * per_lane) * u128::from(replications),
        products: u128::from(count) * u128::from(per_lane),
    }
}

/// Hits out of trials that were counted too; no lane has more hits than trials.
pub(crate) fn out_of_counted(hits: &[Bits], trials: &[Bits], live: Bits) -> BlockCounts {
    let (mut with_hit, mut with_miss) = (Bits::NONE, Bits::NONE);
    for i in 0..hits.len().max(trials.len()) {
        let (hit, trial) = (hits.get(i).copied().unwrap_or_default(), trials.get(i).copied().unwrap_or_default());
        with_hit = with_hit.or(hit);
        with_miss = with_miss.or(hit.or(trial).without(hit.and(trial)));
    }
    BlockCounts {
        replications: live.count(),
        with_hit: with_hit.count(),
        with_miss: with_miss.count(),
        most_trials: largest(trials),
        hits: total(hits),
        trials: total(trials),
        hit_squares: squares(hits),
        trial_squares: squares(trials),
        products: products(hits, trials),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{BlockProportion, Proportion};

    /// Some lanes, by a small generator of its own.
    fn lanes(state: &mut u64) -> Bits {
        Bits(std::array::from_fn(|_| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *state ^ (*state >> 29)
        }))
    }

    fn proportion(block: &BlockProportion) -> Proportion {
        let mut all = Proportion::default();
        all.add_block(block);
        all
    }

    #[test]
    fn counts_as_lane_by_lane() {
        let mut state = 7;
        for (rounds, live) in [(1u32, 256), (2, 256), (5, 100), (12, 1), (40, 255)] {
            let live = Bits::first(live);
            let mut hits = vec![Bits::NONE; planes(rounds.into())];
            let mut trials = hits.clone();
            let mut each = [(0u32, 0u32); 256];
            for _ in 0..rounds {
                let trial = lanes(&mut state).and(live);
                let hit = lanes(&mut state).and(trial);
                add(&mut hits, hit);
                add(&mut trials, trial);
                for (lane, (hits, trials)) in each.iter_mut().enumerate() {
                    *hits += u32::from(hit.has(lane));
                    *trials += u32::from(trial.has(lane));
                }
            }
            let (mut counted, mut same) = (BlockProportion::default(), BlockProportion::default());
            let mut lane = 0;
            live.each(|at| {
                assert_eq!(of_lane(&hits, at), u64::from(each[at].0));
                counted.push(each[at].0, each[at].1);
                same.push(each[at].0, rounds);
                lane += 1;
            });
            let as_planes = out_of_counted(&hits, &trials, live).into();
            assert_eq!(proportion(&as_planes), proportion(&counted), "{rounds} rounds");
            assert_eq!(proportion(&out_of(&hits, rounds, live).into()), proportion(&same), "{rounds} rounds");
        }
    }
}
