//! How often something happens: hits out of trials, counted by replication.

use ethnum::I256;
use serde::{Deserialize, Serialize};

use super::compact::{Compact, Fits};
use super::estimate::Estimate;
use super::fixed::quotient;
use super::interval::{clopper_pearson, t95};
use super::limits::{BLOCK, MAX_COUNT};
use super::ratio::RatioSums;
use super::{decimal, wide::Wide};

/// Events in fewer replications than these are few.
const FEW: u64 = 30;

/// The hits and trials of one block of replications; goes into a [`Proportion`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BlockProportion {
    replications: u32,
    with_hit: u32,
    with_miss: u32,
    most_trials: u32,
    hits: u64,
    trials: u64,
    hit_squares: u128,
    trial_squares: u128,
    products: u128,
}

impl BlockProportion {
    /// Counts one replication: `hits` out of `trials`. O(1).
    ///
    /// Replications without a trial are pushed too, as (0, 0). More hits than trials, or more than 256 replications,
    /// make the [`Proportion`] unusable that the block is added to.
    #[cfg(test)]
    pub(crate) fn push(&mut self, hits: u32, trials: u32) {
        debug_assert!(hits <= trials, "{hits} hits in {trials} trials");
        self.replications = self.replications.saturating_add(if hits <= trials { 1 } else { BLOCK + 1 });
        self.with_hit += u32::from(hits > 0);
        self.with_miss += u32::from(hits < trials);
        self.most_trials = self.most_trials.max(trials);
        let (hits, trials) = (u64::from(hits), u64::from(trials));
        self.hits += hits;
        self.trials += trials;
        self.hit_squares += u128::from(hits * hits);
        self.trial_squares += u128::from(trials * trials);
        self.products += u128::from(hits * trials);
    }
}

/// What was counted in one block, as sums over its replications.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BlockCounts {
    pub(crate) replications: u32,
    /// Replications with at least one hit, and with at least one miss.
    pub(crate) with_hit: u32,
    pub(crate) with_miss: u32,
    /// Most trials of one replication.
    pub(crate) most_trials: u32,
    pub(crate) hits: u64,
    pub(crate) trials: u64,
    pub(crate) hit_squares: u128,
    pub(crate) trial_squares: u128,
    pub(crate) products: u128,
}

impl From<BlockCounts> for BlockProportion {
    fn from(counts: BlockCounts) -> Self {
        let BlockCounts {
            replications,
            with_hit,
            with_miss,
            most_trials,
            hits,
            trials,
            hit_squares,
            trial_squares,
            products,
        } = counts;
        Self { replications, with_hit, with_miss, most_trials, hits, trials, hit_squares, trial_squares, products }
    }
}

/// How often something happens, over any number of blocks: exact counts that merge in any order to the same bits.
///
/// Keeps what the between-block variance needs as well, for parameters that are drawn once per block.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub(crate) struct Proportion {
    kept: Compact<Kept>,
}

/// The counts of a [`Proportion`], as they stand in JSON: sums of squares as decimal strings.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// More was counted than can be kept exactly; everything else is then 0.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unusable: bool,
    /// Replications, at most 2^53.
    replications: u64,
    /// Replications with at least one hit.
    with_hit: u64,
    /// Replications with at least one miss.
    with_miss: u64,
    /// Most trials of one replication.
    most_trials: u32,
    /// Sum of the hits `h`.
    #[serde(with = "decimal")]
    hits: u128,
    /// Sum of the trials `t`.
    #[serde(with = "decimal")]
    trials: u128,
    /// Sum of `h * h`.
    #[serde(with = "decimal")]
    hit_squares: u128,
    /// Sum of `t * t`.
    #[serde(with = "decimal")]
    trial_squares: u128,
    /// Sum of `h * t`.
    #[serde(with = "decimal")]
    products: u128,
    /// Sum of `H * H`, `H` being the hits of a block.
    #[serde(with = "decimal")]
    block_hit_squares: u128,
    /// Sum of `T * T`, `T` being the trials of a block.
    #[serde(with = "decimal")]
    block_trial_squares: u128,
    /// Sum of `H * T`.
    #[serde(with = "decimal")]
    block_products: u128,
}

/// The counts of an event that has at most one trial in a replication, over any number of blocks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Once {
    pub(crate) replications: u64,
    pub(crate) hits: u64,
    pub(crate) trials: u64,
    /// Sums of `H * H`, `T * T` and `H * T`, of the hits and trials of each block.
    pub(crate) block_hit_squares: u64,
    pub(crate) block_trial_squares: u64,
    pub(crate) block_products: u64,
}

impl Once {
    /// Those of one block.
    pub(crate) fn block(replications: u32, hits: u32, trials: u32) -> Self {
        let [replications, hits, trials] = [replications, hits, trials].map(u64::from);
        let [block_hit_squares, block_trial_squares, block_products] = [hits * hits, trials * trials, hits * trials];
        Self { replications, hits, trials, block_hit_squares, block_trial_squares, block_products }
    }
}

impl Fits for Kept {
    type Small = Once;

    fn small(&self) -> Option<Once> {
        if self.most_trials > 1 {
            return None;
        }
        let once = Once {
            replications: self.replications,
            hits: self.hits.try_into().ok()?,
            trials: self.trials.try_into().ok()?,
            block_hit_squares: self.block_hit_squares.try_into().ok()?,
            block_trial_squares: self.block_trial_squares.try_into().ok()?,
            block_products: self.block_products.try_into().ok()?,
        };
        (once.hits <= once.trials && *self == Self::of_small(&once)).then_some(once)
    }

    fn of_small(once: &Once) -> Self {
        let (hits, trials) = (u128::from(once.hits), u128::from(once.trials));
        Self {
            unusable: false,
            replications: once.replications,
            with_hit: once.hits,
            with_miss: once.trials.saturating_sub(once.hits),
            most_trials: u32::from(once.trials > 0),
            hits,
            trials,
            hit_squares: hits,
            trial_squares: trials,
            products: hits,
            block_hit_squares: once.block_hit_squares.into(),
            block_trial_squares: once.block_trial_squares.into(),
            block_products: once.block_products.into(),
        }
    }

    fn plus_small(one: &Once, other: &Once) -> Option<Once> {
        let replications = one.replications.checked_add(other.replications)?;
        (replications <= MAX_COUNT).then_some(Once {
            replications,
            hits: one.hits.checked_add(other.hits)?,
            trials: one.trials.checked_add(other.trials)?,
            block_hit_squares: one.block_hit_squares.checked_add(other.block_hit_squares)?,
            block_trial_squares: one.block_trial_squares.checked_add(other.block_trial_squares)?,
            block_products: one.block_products.checked_add(other.block_products)?,
        })
    }

    /// Adds every count, or becomes unusable when the replications pass 2^53: below that no sum can overflow, so
    /// whether it happens does not depend on the order.
    fn add(&mut self, other: &Self) {
        *self = self.plus(other).unwrap_or(Self { unusable: true, ..Self::default() });
    }
}

impl Proportion {
    /// The bytes that one takes beside its size, about, where replications may have several trials.
    pub(crate) const BOX: usize = Compact::<Kept>::BOX;

    /// Adds the replications of one block. O(1).
    pub(crate) fn add_block(&mut self, block: &BlockProportion) {
        let (hits, trials) = (u128::from(block.hits), u128::from(block.trials));
        let kept = Kept {
            unusable: block.replications > BLOCK,
            replications: block.replications.into(),
            with_hit: block.with_hit.into(),
            with_miss: block.with_miss.into(),
            most_trials: block.most_trials,
            hits,
            trials,
            hit_squares: block.hit_squares,
            trial_squares: block.trial_squares,
            products: block.products,
            // Below 2^80: a block has at most 256 replications of less than 2^32 trials.
            block_hit_squares: hits.saturating_mul(hits),
            block_trial_squares: trials.saturating_mul(trials),
            block_products: hits.saturating_mul(trials),
        };
        self.kept.add_whole(&kept);
    }

    /// Adds what happened at most once in a replication: to the bits of adding it block by block. O(1).
    pub(crate) fn add_once(&mut self, once: &Once) {
        self.kept.add_small(once);
    }

    /// Adds so many blocks of as many replications with `trials` each, none of which hit. O(1).
    pub(crate) fn add_missed(&mut self, blocks: u64, replications: u32, trials: u32) {
        let [blocks, each] = [blocks, trials.into()].map(u128::from);
        let all = blocks * u128::from(replications);
        let missed = if trials > 0 { all } else { 0 };
        let in_block = each * u128::from(replications);
        self.kept.add_whole(&Kept {
            replications: all as u64,
            with_miss: missed as u64,
            most_trials: if all > 0 { trials } else { 0 },
            trials: all * each,
            trial_squares: all * each * each,
            block_trial_squares: blocks * in_block * in_block,
            ..Kept::default()
        });
    }

    /// Adds the replications of `other`: associative and commutative to the last bit. O(1).
    ///
    /// Beyond 2^53 replications the result is unusable.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.kept.add(&other.kept);
    }

    /// Replications counted, those without a trial included.
    #[cfg(test)]
    pub(crate) fn replications(&self) -> u64 {
        self.kept.whole().replications
    }

    /// Hits counted.
    #[cfg(test)]
    pub(crate) fn hits(&self) -> u128 {
        self.kept.whole().hits
    }

    /// Trials counted.
    #[cfg(test)]
    pub(crate) fn trials(&self) -> u128 {
        self.kept.whole().trials
    }

    /// The probability of a hit, 0..=1, with its 95 % interval; nothing without trials.
    ///
    /// - At most one trial in every replication: Clopper and Pearson (1934), exact.
    /// - Else trials of one replication may be correlated, so the replication is the sampling unit: the ratio estimator
    ///   (Cochran 1977, section 6.3) with Student's t of n - 1 degrees of freedom, cut to 0..=1. It needs two
    ///   replications.
    /// - Where that sees only hits or only misses, its variance is 0 and says nothing. The far end is then that of
    ///   Clopper and Pearson for the probability that a replication has *any* hit (or any miss), times the most
    ///   trials of a replication over their mean (1 when all have equally many). A replication's share of hits is
    ///   never more than that, so the end is conservative.
    /// - Where hits come from fewer than 30 replications (or misses do), Student's t cannot be trusted: each end is the
    ///   wider one of t and of Clopper and Pearson for the probability that a replication has any, of which each has at
    ///   least one and at most all its trials.
    pub(crate) fn estimate(&self) -> Estimate {
        let k = self.kept.whole();
        let trials = k.trials;
        // Nothing of 0 trials.
        let Some(p) = quotient(I256::from(k.hits), trials, 0) else { return Estimate::default() };
        let within = |low: f64, high: f64| Estimate { estimate: Some(p), low: Some(low), high: Some(high) };
        if k.most_trials <= 1 {
            // At most one trial in each of at most 2^53 replications: the casts lose nothing.
            let (low, high) = clopper_pearson(k.hits as u64, trials as u64);
            return within(low, high);
        }
        if k.replications < 2 {
            return Estimate::bare(Some(p));
        }
        let reach = || {
            let mean = trials as f64 / k.replications as f64;
            (clopper_pearson(0, k.replications).1 * (f64::from(k.most_trials) / mean)).min(1.0)
        };
        if k.hits == 0 {
            return within(0.0, reach());
        }
        if k.hits == trials {
            return within(1.0 - reach(), 1.0);
        }
        let ratio = k.ratio();
        let sd = ratio.residuals().and_then(|(residuals, _)| ratio.sd(residuals));
        let half = sd.map(|sd| t95(k.replications - 1) * (sd / (k.replications as f64).sqrt()));
        let Some(half) = half else { return Estimate::bare(Some(p)) };
        let (mut low, mut high) = (p - half, p + half);
        let mean = trials as f64 / k.replications as f64;
        let most = f64::from(k.most_trials);
        if k.with_hit < FEW {
            let (least, largest) = clopper_pearson(k.with_hit, k.replications);
            low = low.min(least / most);
            high = high.max(largest * (most / mean));
        }
        if k.with_miss < FEW {
            let (least, largest) = clopper_pearson(k.with_miss, k.replications);
            high = high.max(1.0 - least / most);
            low = low.min(1.0 - largest * (most / mean));
        }
        within(low.max(0.0), high.min(1.0))
    }
}

impl Kept {
    /// The sum; `None` when it is unusable.
    fn plus(&self, other: &Self) -> Option<Self> {
        let replications = self.replications.checked_add(other.replications)?;
        if self.unusable || other.unusable || replications > MAX_COUNT {
            return None;
        }
        Some(Self {
            unusable: false,
            replications,
            with_hit: self.with_hit.checked_add(other.with_hit)?,
            with_miss: self.with_miss.checked_add(other.with_miss)?,
            most_trials: self.most_trials.max(other.most_trials),
            hits: self.hits.checked_add(other.hits)?,
            trials: self.trials.checked_add(other.trials)?,
            hit_squares: self.hit_squares.checked_add(other.hit_squares)?,
            trial_squares: self.trial_squares.checked_add(other.trial_squares)?,
            products: self.products.checked_add(other.products)?,
            block_hit_squares: self.block_hit_squares.checked_add(other.block_hit_squares)?,
            block_trial_squares: self.block_trial_squares.checked_add(other.block_trial_squares)?,
            block_products: self.block_products.checked_add(other.block_products)?,
        })
    }

    /// The sums of the ratio estimator with hits as values and trials as weights.
    fn ratio(&self) -> RatioSums {
        // All below 2^127: at most 2^53 replications of less than 2^32 trials.
        RatioSums {
            replications: self.replications,
            sum: I256::from(self.hits),
            weight: self.trials,
            squares: self.hit_squares.into(),
            products: I256::from(self.products),
            weight_squares: self.trial_squares,
        }
    }

    /// What no real counts can be, if anything.
    fn damage(&self) -> Option<&'static str> {
        let Self { replications: n, with_hit, with_miss, hits, trials, .. } = *self;
        if self.unusable {
            return (*self != Self { unusable: true, ..Self::default() }).then_some("unusable counts must all be 0");
        }
        let (n_wide, most) = (u128::from(n), u128::from(self.most_trials));
        let product = |a: u128, b: u128| Wide::from(a).mul(Wide::from(b));
        // (sum of x)^2 <= count * (sum of x^2), Cauchy and Schwarz.
        let spread = |sum: u128, count: u128, squares: u128| product(sum, sum) <= product(count, squares);
        let checks = [
            (n <= MAX_COUNT, "more than 2^53 replications"),
            (hits <= trials, "more hits than trials"),
            (with_hit <= n && with_miss <= n, "more replications with a hit or a miss than replications"),
            (trials <= n_wide.saturating_mul(most) && most <= trials, "trials and most trials disagree"),
            (u128::from(with_hit) <= hits && hits <= most * u128::from(with_hit), "hits and who had one disagree"),
            (
                hits <= trials
                    && u128::from(with_miss) <= trials - hits
                    && trials - hits <= most * u128::from(with_miss),
                "misses and who had one disagree",
            ),
            (
                hits <= self.hit_squares && self.hit_squares <= self.products && self.products <= self.trial_squares,
                "sums of squares are out of order",
            ),
            (product(most, trials) >= Some(Wide::from(self.trial_squares)), "squared trials are too large"),
            (spread(hits, n_wide, self.hit_squares), "squared hits are too small"),
            (spread(trials, n_wide, self.trial_squares), "squared trials are too small"),
            (
                product(self.products, self.products) <= product(self.hit_squares, self.trial_squares),
                "products are too large",
            ),
            (
                self.block_hit_squares <= self.block_products && self.block_products <= self.block_trial_squares,
                "block sums of squares are out of order",
            ),
            (
                between(self.hit_squares, self.block_hit_squares, hits)
                    && self.products <= self.block_products
                    && product(self.block_products, self.block_products)
                        <= product(self.block_hit_squares, self.block_trial_squares)
                    && between(self.trial_squares, self.block_trial_squares, trials),
                "block sums of squares do not fit the sums",
            ),
        ];
        checks.iter().find(|(holds, _)| !holds).map(|(_, problem)| *problem)
    }
}

/// Whether a sum over blocks of squared block totals lies between the sum of squares (times 1 and times 256) and the
/// square of the total.
fn between(squares: u128, block_squares: u128, total: u128) -> bool {
    squares <= block_squares
        && block_squares <= squares.saturating_mul(BLOCK.into())
        && Some(Wide::from(block_squares)) <= Wide::from(total).mul(Wide::from(total))
}

impl TryFrom<Kept> for Proportion {
    type Error = &'static str;

    fn try_from(kept: Kept) -> Result<Self, Self::Error> {
        kept.damage().map_or_else(|| Ok(Self { kept: Compact::of(kept) }), Err)
    }
}

impl From<Proportion> for Kept {
    fn from(proportion: Proportion) -> Self {
        proportion.kept.whole()
    }
}
