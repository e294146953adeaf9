//! Sums of one thing over all replications, exact whoever adds them.

use crate::Estimate;
use crate::engine::block::lanes::{Bits, Row};
use crate::statistics::histogram::Histogram;
use crate::statistics::{Average, BlockAverage};
use crate::streams::LANES;

/// Values of one block, a lane each; nothing unless somebody adds to it.
#[derive(Debug)]
pub(super) struct Values {
    row: Box<Row>,
    is_touched: bool,
}

impl Values {
    pub(super) fn new() -> Self {
        Self { row: Row::new(0.0), is_touched: false }
    }

    pub(super) fn add(&mut self, values: &Row) {
        self.is_touched = true;
        for (sum, value) in self.row.0.iter_mut().zip(&values.0) {
            *sum += *value;
        }
    }

    /// Adds so much in some lanes.
    pub(super) fn count(&mut self, lanes: Bits, by: f64) {
        if !lanes.is_empty() {
            self.is_touched = true;
            lanes.each(|lane| self.row.0[lane] += by);
        }
    }

    pub(super) fn of(&self, lane: usize) -> f64 {
        self.row.0[lane]
    }
}

/// A mean over replications: blocks in which nothing was added count as zeros at the end.
#[derive(Debug, Clone, Default)]
pub(super) struct Mean {
    average: Average,
    /// Whole blocks that were added, and whether the last one, which may be cut, was.
    whole: u64,
    cut: bool,
}

impl Mean {
    /// Takes the values of the first `lanes` of a block, and leaves zeros.
    pub(super) fn take(&mut self, values: &mut Values, lanes: usize) {
        if !std::mem::take(&mut values.is_touched) {
            return;
        }
        self.average.add_block(&block(&values.row, lanes));
        values.row.0 = [0.0; LANES];
        if lanes == LANES {
            self.whole += 1;
        } else {
            self.cut = true;
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.average.merge(&other.average);
        self.whole += other.whole;
        self.cut |= other.cut;
    }

    /// The mean over so many replications, from the first of a block on.
    pub(super) fn estimate(&self, replications: u64) -> Estimate {
        let mut average = self.average.clone();
        let zeros = Row([0.0; LANES]);
        let (whole, rest) = (replications / LANES as u64, (replications % LANES as u64) as usize);
        average.add_same(&block(&zeros, LANES), whole.saturating_sub(self.whole));
        if rest > 0 && !self.cut {
            average.add_block(&block(&zeros, rest));
        }
        average.mean_plus(0.0)
    }
}

fn block(values: &Row, lanes: usize) -> BlockAverage {
    let mut block = BlockAverage::default();
    for (lane, value) in values.0.iter().enumerate().take(lanes) {
        block.push(lane, *value, 1);
    }
    block
}

/// What is summed of everything that can be hit.
#[derive(Debug)]
pub(super) struct BlockSums {
    pub(super) hit: Bits,
    pub(super) hours: Values,
    pub(super) errors: Values,
    pub(super) quality: Values,
    pub(super) absorbed: Values,
    pub(super) caught: Values,
    pub(super) covered: Values,
}

impl BlockSums {
    pub(super) fn new() -> Self {
        Self {
            hit: Bits::NONE,
            hours: Values::new(),
            errors: Values::new(),
            quality: Values::new(),
            absorbed: Values::new(),
            caught: Values::new(),
            covered: Values::new(),
        }
    }
}

/// The same over all blocks.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    /// Replications in which it was hit.
    pub(super) hit: u64,
    pub(super) hours: Mean,
    pub(super) errors: Mean,
    pub(super) quality: Mean,
    pub(super) absorbed: Mean,
    pub(super) caught: Mean,
    pub(super) covered: Mean,
    /// Hours lost, where it was hit.
    pub(super) spread: Histogram,
}

impl Sums {
    pub(super) fn take(&mut self, block: &mut BlockSums, lanes: usize) {
        let hit = std::mem::take(&mut block.hit).and(Bits::first(lanes));
        self.hit += u64::from(hit.count());
        hit.each(|lane| {
            let hours = block.hours.of(lane);
            self.spread.push(if hours > 0.0 { hours } else { 0.0 });
        });
        self.hours.take(&mut block.hours, lanes);
        self.errors.take(&mut block.errors, lanes);
        self.quality.take(&mut block.quality, lanes);
        self.absorbed.take(&mut block.absorbed, lanes);
        self.caught.take(&mut block.caught, lanes);
        self.covered.take(&mut block.covered, lanes);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.hit += other.hit;
        self.hours.merge(&other.hours);
        self.errors.merge(&other.errors);
        self.quality.merge(&other.quality);
        self.absorbed.merge(&other.absorbed);
        self.caught.merge(&other.caught);
        self.covered.merge(&other.covered);
        self.spread.merge(&other.spread);
    }
}
