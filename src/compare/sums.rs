//! Exact sums over replications: of every alternative, and of the differences of pairs.
//!
//! Inside a block lanes are added in the fixed order of all figures; between blocks everything is an integer, so that sums do
//! not depend on who did which block.

use ethnum::I256;

use super::felt::{Felt, Sum};
use crate::engine::block::kernels;
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::statistics::fixed::to_fixed;
use crate::statistics::{GroupedHistogram, fold};
use crate::streams::LANES;

/// What squares of a block's sums stay below, in binary digits.
const LIMIT: u32 = 160;
/// What is left of sums that cancel but for so many binary digits is rounding.
const NOISE: u32 = 44;
/// 2^-60: the unit of all sums.
pub(super) const UNIT: f64 = 1.0 / (1u64 << 60) as f64;

/// Values and their squares, over replications.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    sum: I256,
    squares: I256,
}

impl Moments {
    fn add(&mut self, sum: f64, squares: f64) {
        self.sum += fixed(sum);
        self.squares += fixed(squares);
    }

    fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.squares += other.squares;
    }

    pub(super) fn mean(&self, count: u64) -> f64 {
        self.sum.as_f64() * UNIT / count as f64
    }

    /// The variance by the n - 1 formula; 0 where it is but rounding. Needs two values.
    pub(super) fn variance(&self, count: u64) -> f64 {
        let n = count as f64;
        self.spread(count) / (n * (n - 1.0))
    }

    /// `n * sum of squares - sum^2`.
    fn spread(&self, count: u64) -> f64 {
        let sum = self.sum.as_f64() * UNIT;
        let all = count as f64 * self.squares.as_f64() * UNIT;
        let spread = exact_spread(self.sum, self.squares, count).unwrap_or(all - sum * sum);
        if spread <= all / (1u64 << NOISE) as f64 { 0.0 } else { spread }
    }
}

/// `n * squares - sum * sum` without rounding, where 256 bits hold it.
fn exact_spread(sum: I256, squares: I256, count: u64) -> Option<f64> {
    let all = I256::from(count).checked_mul(squares)?.checked_mul(I256::ONE << 60u32)?;
    let spread = all.checked_sub(sum.checked_mul(sum)?)?;
    Some(spread.as_f64() * UNIT * UNIT)
}

fn fixed(value: f64) -> I256 {
    to_fixed(value, LIMIT).unwrap_or(I256::ZERO)
}

/// One figure of an alternative, or of what one has more of it than another: over replications, and over whole blocks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Blocked {
    pub(super) all: Moments,
    /// Of whole blocks: their replications, and their sums.
    whole: Moments,
    blocks: Moments,
}

impl Blocked {
    fn add(&mut self, row: &Row, is_whole: bool) {
        let [sum, squares, _] = kernels::partial_sums(row, Term::Same(0.0));
        let (sum, squares) = (fold(sum), fold(squares));
        self.all.add(sum, squares);
        if is_whole {
            self.whole.add(sum, squares);
            self.blocks.add(sum, sum * sum);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.whole.merge(&other.whole);
        self.blocks.merge(&other.blocks);
    }

    /// The standard error of the mean, from replications alone. Needs two.
    pub(super) fn error_of_sampling(&self, replications: u64) -> Option<f64> {
        (replications > 1).then(|| (self.all.variance(replications) / replications as f64).sqrt())
    }

    /// What varies within blocks, and from block to block beyond that: the variance of a replication given the effect, and
    /// that of the true mean as the effect varies (a one-way layout with random effects, Searle, Casella &
    /// McCulloch 1992, section 3.5). And the variance of the mean of all whole blocks. Needs two whole blocks.
    pub(super) fn components(&self, blocks: u64) -> Option<Components> {
        if blocks < 2 {
            return None;
        }
        let (b, m) = (blocks as f64, LANES as f64);
        // Block sums are m times block means.
        let between = self.blocks.variance(blocks) / m;
        let total = self.whole.variance(blocks * LANES as u64) * (b * m - 1.0);
        let within = (total - between * (b - 1.0)) / (b * (m - 1.0));
        let within = if within > 0.0 { within } else { 0.0 };
        let effect = (between - within) / m;
        Some(Components {
            of_sampling: within / (b * m),
            of_effect: if effect > 0.0 { effect } else { 0.0 },
            of_mean: between / (b * m),
        })
    }
}

/// The differences of one figure between two alternatives.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Paired {
    pub(super) of: Blocked,
    /// Replications in which there is more, and less, of it.
    pub(super) more: u64,
    pub(super) less: u64,
}

impl Paired {
    fn merge(&mut self, other: &Self) {
        self.of.merge(&other.of);
        self.more += other.more;
        self.less += other.less;
    }
}

/// Variances.
#[derive(Debug, Clone, Copy)]
pub(super) struct Components {
    /// Of the mean, given the effects.
    pub(super) of_sampling: f64,
    /// Of the true mean, as effects vary.
    pub(super) of_effect: f64,
    /// Of the mean.
    pub(super) of_mean: f64,
}

/// All sums of a comparison.
#[derive(Debug)]
pub(super) struct Sums {
    /// By alternative (the organisation as it is first), then customer (all together last), then [`Sum`].
    pub(super) alternatives: Vec<Vec<Blocked>>,
    pub(super) pairs: Vec<Vec<Paired>>,
    /// By alternative, then customer.
    pub(super) waits: Vec<Vec<GroupedHistogram>>,
    pub(super) replications: u64,
    pub(super) whole_blocks: u64,
    pub(super) cut: u64,
    difference: Box<Row>,
}

impl Sums {
    pub(super) fn new(alternatives: usize, pairs: usize, customers: usize, quantiles: bool) -> Self {
        let places = (customers + 1) * Sum::COUNT;
        // Groups of blocks are wanted however many rounds count: pairs of them give the interval.
        let waits = if quantiles { vec![GroupedHistogram::new(2); customers] } else { Vec::new() };
        Self {
            alternatives: vec![vec![Blocked::default(); places]; alternatives],
            pairs: vec![vec![Paired::default(); places]; pairs],
            waits: vec![waits; alternatives],
            replications: 0,
            whole_blocks: 0,
            cut: 0,
            difference: Row::new(0.0),
        }
    }

    pub(super) fn count_block(&mut self, live: Bits) {
        self.replications += u64::from(live.count());
        self.whole_blocks += u64::from(live.is_all());
    }

    /// Adds a block of an alternative.
    pub(super) fn add(&mut self, alternative: usize, felt: &Felt, is_whole: bool) {
        for (of, row) in self.alternatives[alternative].iter_mut().zip(&felt.rows) {
            of.add(row, is_whole);
        }
    }

    /// Adds a block of a pair: what one has more than the other.
    pub(super) fn add_pair(&mut self, pair: usize, one: &Felt, other: &Felt, is_whole: bool) {
        let rows = one.rows.iter().zip(&other.rows);
        for (paired, (one, other)) in self.pairs[pair].iter_mut().zip(rows) {
            if one.0 == other.0 {
                continue;
            }
            kernels::subtract(one, Term::Each(other), &mut self.difference);
            let count = |lanes: Bits| u64::from(lanes.count());
            paired.more += count(kernels::above(&self.difference, Term::Same(0.0)));
            paired.less += count(kernels::below(&self.difference, Term::Same(0.0)));
            paired.of.add(&self.difference, is_whole);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let (to, from) = (self.alternatives.iter_mut().flatten(), other.alternatives.iter().flatten());
        to.zip(from).for_each(|(to, from)| to.merge(from));
        let (to, from) = (self.pairs.iter_mut().flatten(), other.pairs.iter().flatten());
        to.zip(from).for_each(|(to, from)| to.merge(from));
        let (to, from) = (self.waits.iter_mut().flatten(), other.waits.iter().flatten());
        to.zip(from).for_each(|(to, from)| to.merge(from));
        self.replications += other.replications;
        self.whole_blocks += other.whole_blocks;
        self.cut += other.cut;
    }
}
