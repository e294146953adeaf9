//! Exact sums over engagements, kept by batches of replications so that they have an interval.
//!
//! Everything is an integer: hours in steps of 2^-30, on which all times lie, and counts. So sums do not depend on their
//! order, and the parts of a wait add up to it exactly.

use ethnum::I256;

use super::layout::Layout;
use crate::Estimate;
use crate::engine::block::lanes::Bits;
use crate::statistics::interval::t95;
use crate::streams::LANES;

/// Replications of a batch: a word of bits.
pub(super) const BATCH: usize = 64;
/// Batches of a block.
const BATCHES: usize = LANES / BATCH;
/// The standard normal quantile of 0.975.
const Z: f64 = 1.959_963_984_540_054;
/// Steps of the grid in an hour.
const STEPS: f64 = (1u64 << 30) as f64;

/// The sums of one customer and one block, by batch: close together, in the order in which figures are first added to, so that
/// taking them reads memory in its order.
pub(super) struct BlockSums {
    /// Where each figure is kept, if it is.
    places: Vec<u32>,
    figures: Vec<usize>,
    sums: Vec<[i128; BATCHES]>,
}

/// The place of a figure that is not kept.
const NOWHERE: u32 = u32::MAX;

impl BlockSums {
    /// Bytes that a figure takes.
    pub(super) const FIGURE: usize = size_of::<[i128; BATCHES]>() + size_of::<usize>() + size_of::<u32>();

    pub(super) fn new(layout: &Layout) -> Self {
        let figures = layout.len();
        // Room for all, so that it is never moved: memory that is not written to is not taken.
        let (places, figures, sums) =
            (vec![NOWHERE; figures], Vec::with_capacity(figures), Vec::with_capacity(figures));
        Self { places, figures, sums }
    }

    #[inline]
    fn at(&mut self, figure: usize) -> &mut [i128; BATCHES] {
        if self.places[figure] == NOWHERE {
            self.begin(figure);
        }
        &mut self.sums[self.places[figure] as usize]
    }

    #[cold]
    fn begin(&mut self, figure: usize) {
        self.places[figure] = self.figures.len() as u32;
        self.figures.push(figure);
        self.sums.push([0; BATCHES]);
    }

    /// Adds hours on the grid in one lane.
    #[inline]
    pub(super) fn hours(&mut self, figure: usize, lane: usize, hours: f64) {
        if hours != 0.0 {
            self.at(figure)[lane / BATCH] += i128::from((hours * STEPS) as i64);
        }
    }

    /// Adds the same hours in some lanes.
    pub(super) fn same_hours(&mut self, figure: usize, lanes: Bits, hours: f64) {
        if hours != 0.0 && !lanes.is_empty() {
            let steps = i128::from((hours * STEPS) as i64);
            for (sum, word) in self.at(figure).iter_mut().zip(lanes.0) {
                *sum += steps * i128::from(word.count_ones());
            }
        }
    }

    /// Counts lanes.
    #[inline]
    pub(super) fn count(&mut self, figure: usize, lanes: Bits) {
        if !lanes.is_empty() {
            for (sum, word) in self.at(figure).iter_mut().zip(lanes.0) {
                *sum += i128::from(word.count_ones());
            }
        }
    }

    /// Adds the first figure to the second, where there is any of it.
    pub(super) fn add_to(&mut self, from: usize, to: usize) {
        if let Some(&sums) = self.sums.get(self.places[from] as usize) {
            self.at(to).iter_mut().zip(sums).for_each(|(to, from)| *to += from);
        }
    }
}

/// The sum of one figure over many blocks.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    total: i128,
    /// Of whole batches only.
    whole: i128,
    /// The squares of the sums of whole batches.
    squares: I256,
}

/// The sums of one customer over many blocks: of the figures that were ever anything else than 0.
#[derive(Debug)]
pub(super) struct Sums {
    /// Where each figure is kept, if it is.
    places: Vec<u32>,
    figures: Vec<usize>,
    sums: Vec<Sum>,
}

impl Sums {
    pub(super) fn new(layout: &Layout) -> Self {
        Self { places: vec![NOWHERE; layout.len()], figures: Vec::new(), sums: Vec::new() }
    }

    fn at(&mut self, figure: usize) -> &mut Sum {
        let place = &mut self.places[figure];
        if *place == NOWHERE {
            *place = self.figures.len() as u32;
            self.figures.push(figure);
            self.sums.push(Sum::default());
        }
        &mut self.sums[*place as usize]
    }

    /// Takes the sums of a block of so many replications.
    pub(super) fn take(&mut self, block: &mut BlockSums, replications: usize) {
        for (figure, sums) in block.figures.drain(..).zip(block.sums.drain(..)) {
            block.places[figure] = NOWHERE;
            let sum = self.at(figure);
            if replications == LANES
                && let Some(squares) = squares_if_small(sums)
            {
                let total: i128 = sums.iter().sum();
                sum.total += total;
                sum.whole += total;
                sum.squares += I256::from(squares);
                continue;
            }
            for (batch, part) in sums.into_iter().enumerate() {
                sum.total += part;
                if (batch + 1) * BATCH <= replications {
                    sum.whole += part;
                    sum.squares += square(part);
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (&figure, from) in other.figures.iter().zip(&other.sums) {
            let sum = self.at(figure);
            sum.total += from.total;
            sum.whole += from.whole;
            sum.squares += from.squares;
        }
    }

    fn of(&self, figure: usize) -> Sum {
        self.sums.get(self.places[figure] as usize).copied().unwrap_or_default()
    }

    /// Whether it was ever anything else than 0.
    pub(super) fn is_known(&self, figure: usize) -> bool {
        self.places[figure] != NOWHERE
    }

    /// The count, or steps of the grid.
    pub(super) fn total(&self, figure: usize) -> i128 {
        self.of(figure).total
    }
}

fn square(x: i128) -> I256 {
    // A batch's sum is below 2^53 steps * 64 lanes * 2^20 rounds * links: its square fits.
    I256::from(x).wrapping_mul(I256::from(x))
}

/// The sum of the squares of all, where each is below 2^62, as most are.
#[inline]
fn squares_if_small(sums: [i128; BATCHES]) -> Option<i128> {
    const LIMIT: i128 = 1 << 62;
    let small = sums.iter().fold(true, |small, &sum| small & (sum < LIMIT) & (sum > -LIMIT));
    // Below 2^124 each.
    small.then(|| sums.iter().map(|&sum| i128::from(sum as i64) * i128::from(sum as i64)).sum())
}

/// How many there are of what sums are divided by.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) replications: u64,
    pub(super) whole_batches: u64,
    /// Rounds of each replication that count.
    pub(super) rounds: u32,
    /// Student's t for so many batches, once all are there: working it out for each figure would cost more than the run.
    pub(super) t: Option<f64>,
}

impl Size {
    pub(super) fn engagements(&self) -> u64 {
        self.replications.saturating_mul(self.rounds.into())
    }

    pub(super) fn add_block(&mut self, replications: usize) {
        self.replications += replications as u64;
        self.whole_batches += (replications / BATCH) as u64;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.replications += other.replications;
        self.whole_batches += other.whole_batches;
    }

    /// To be called when all are there, and before any interval is asked for.
    pub(super) fn settle(&mut self) {
        self.t = (self.whole_batches >= 2).then(|| t95(self.whole_batches - 1));
    }

    /// Hours for each engagement: the mean, with an interval by Student's t over whole batches of 64 replications.
    pub(super) fn hours(&self, sums: &Sums, figure: usize) -> Estimate {
        self.mean(sums.of(figure)).scale(1.0 / STEPS)
    }

    /// A count for each engagement.
    pub(super) fn times(&self, sums: &Sums, figure: usize) -> Estimate {
        self.mean(sums.of(figure))
    }

    /// A share of engagements, with the interval of Wilson (1927) where a replication has one, by batches of replications
    /// otherwise. An exact one costs a hundred times as much as all else that is done for it.
    pub(super) fn share(&self, sums: &Sums, figure: usize) -> Estimate {
        let sum = sums.of(figure);
        let mean = self.mean(sum);
        let (mut low, mut high) = (mean.low, mean.high);
        if let (1, Some(p)) = (self.rounds, mean.estimate) {
            let n = self.replications as f64;
            let (middle, z2) = (p + Z * Z / (2.0 * n), Z * Z / n);
            let half = Z * (p * (1.0 - p) / n + z2 / (4.0 * n)).sqrt();
            // At the ends the share itself is the end: rounding must not move it.
            low = Some(if sum.total == 0 { 0.0 } else { (middle - half) / (1.0 + z2) });
            high = Some(if p >= 1.0 { 1.0 } else { (middle + half) / (1.0 + z2) });
        }
        Estimate { low: low.map(|low| low.max(0.0)), high: high.map(|high| high.min(1.0)), ..mean }
    }

    fn mean(&self, sum: Sum) -> Estimate {
        let engagements = self.engagements();
        if engagements == 0 {
            return Estimate::default();
        }
        let batches = self.whole_batches;
        let half = self.t.map(|t| {
            let whole = I256::from(sum.whole);
            let spread = I256::from(batches).wrapping_mul(sum.squares) - whole.wrapping_mul(whole);
            let spread = if spread < I256::ZERO { 0.0 } else { spread.as_f64() };
            let batches_f = batches as f64;
            let error = (spread / (batches_f - 1.0)).sqrt() / batches_f;
            t * error / (BATCH as f64 * f64::from(self.rounds))
        });
        Estimate::plus_minus(sum.total as f64 / engagements as f64, half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_squares_are_those_of_the_large() {
        for sums in [[0, 1, -2, 3], [(1 << 62) - 1, 1 - (1 << 62), 5, 0], [7; 4], [1 - (1 << 62); 4]] {
            let all = sums.map(square).into_iter().fold(I256::ZERO, |all, one| all + one);
            assert_eq!(squares_if_small(sums).map(I256::from), Some(all));
        }
        assert_eq!(squares_if_small([0, 1 << 62, 0, 0]), None);
        assert_eq!(squares_if_small([0, 0, 0, -(1 << 62)]), None);
    }
}
