//! Sums of one thing over all replications, exact whoever adds them.

use crate::Estimate;
use crate::engine::block::lanes::{Bits, Row};
use crate::statistics::histogram::Histogram;
use crate::statistics::interval::clopper_pearson;
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

/// A share of all replications, with the exact interval of Clopper and Pearson (1934).
pub(super) fn share(of: u64, replications: u64) -> Estimate {
    let (low, high) = clopper_pearson(of, replications);
    Estimate { estimate: Some(of as f64 / replications as f64), low: Some(low), high: Some(high) }
}

/// In which replications of a block something is hit, and how.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hit {
    pub(super) any: Bits,
    pub(super) later: Bits,
    pub(super) earlier: Bits,
    pub(super) wrong: Bits,
    pub(super) worse: Bits,
}

impl Hit {
    pub(super) fn add(&mut self, other: &Self) {
        self.any = self.any.or(other.any);
        self.later = self.later.or(other.later);
        self.earlier = self.earlier.or(other.earlier);
        self.wrong = self.wrong.or(other.wrong);
        self.worse = self.worse.or(other.worse);
    }
}

/// What is summed of everything that can be hit.
#[derive(Debug)]
pub(super) struct BlockSums {
    pub(super) hit: Hit,
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
            hit: Hit::default(),
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
    /// Replications in which it was hit, and how.
    pub(super) hit: u64,
    pub(super) later: u64,
    pub(super) earlier: u64,
    pub(super) wrong: u64,
    pub(super) worse: u64,
    /// Hours over the replications alone in which it was later, and earlier.
    pub(super) hours_when_later: Average,
    pub(super) hours_when_earlier: Average,
    pub(super) hours: Mean,
    pub(super) errors: Mean,
    pub(super) quality: Mean,
    pub(super) absorbed: Mean,
    pub(super) caught: Mean,
    pub(super) covered: Mean,
    /// Hours lost, where it was later.
    pub(super) spread: Histogram,
}

impl Sums {
    pub(super) fn take(&mut self, block: &mut BlockSums, lanes: usize) {
        let hit = std::mem::take(&mut block.hit);
        let live = |lanes_hit: Bits| lanes_hit.and(Bits::first(lanes));
        let (later, earlier) = (live(hit.later), live(hit.earlier));
        self.hit += u64::from(live(hit.any).count());
        self.later += u64::from(later.count());
        self.earlier += u64::from(earlier.count());
        self.wrong += u64::from(live(hit.wrong).count());
        self.worse += u64::from(live(hit.worse).count());
        later.each(|lane| {
            let hours = block.hours.of(lane);
            self.spread.push(if hours > 0.0 { hours } else { 0.0 });
        });
        for (lanes_hit, average) in [(later, &mut self.hours_when_later), (earlier, &mut self.hours_when_earlier)] {
            if !lanes_hit.is_empty() {
                let mut of = BlockAverage::default();
                lanes_hit.each(|lane| of.push(lane, block.hours.of(lane), 1));
                average.add_block(&of);
            }
        }
        self.hours.take(&mut block.hours, lanes);
        self.errors.take(&mut block.errors, lanes);
        self.quality.take(&mut block.quality, lanes);
        self.absorbed.take(&mut block.absorbed, lanes);
        self.caught.take(&mut block.caught, lanes);
        self.covered.take(&mut block.covered, lanes);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.hit += other.hit;
        self.later += other.later;
        self.earlier += other.earlier;
        self.wrong += other.wrong;
        self.worse += other.worse;
        self.hours_when_later.merge(&other.hours_when_later);
        self.hours_when_earlier.merge(&other.hours_when_earlier);
        self.hours.merge(&other.hours);
        self.errors.merge(&other.errors);
        self.quality.merge(&other.quality);
        self.absorbed.merge(&other.absorbed);
        self.caught.merge(&other.caught);
        self.covered.merge(&other.covered);
        self.spread.merge(&other.spread);
    }
}
