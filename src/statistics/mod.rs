//! Exactly mergeable statistics and their 95 % confidence intervals.
//!
//! Every accumulator is filled a block of 256 replications at a time and keeps integers (or counts and extremes) only,
//! so merging is associative and commutative to the last bit: threads, shards and their order cannot be seen in a
//! result. What cannot be kept exactly makes the accumulator *unusable*, for good and visibly: it then estimates
//! nothing. Nothing here panics, saturates or wraps on any data.
//!
//! | file | what lives there |
//! |---|---|
//! | [`estimate`] | [`Estimate`]: a figure and its interval, the one public type |
//! | [`proportion`] | how often something happens: hits out of trials |
//! | [`average`] | means and standard deviations of reals |
//! | [`compact`] | the sums of the two in little memory, where they fit |
//! | [`gathered`] | the sums of many blocks of times, in passing |
//! | [`histogram`] | quantiles of independent values |
//! | [`grouped`] | quantiles of values that are correlated within a replication |
//! | [`interval`] | Clopper-Pearson, ranks of order statistics, Student's t |
//! | [`ratio`] | the ratio estimator shared by `proportion` and `average` |
//! | [`fixed`], [`wide`] | fixed point, correctly rounded quotients, 512-bit integers |
//! | [`decimal`] | big integers as decimal strings in JSON |
//! | [`limits`] | the sizes up to which everything is exact |

pub(crate) mod average;
mod compact;
mod decimal;
pub(crate) mod estimate;
pub(crate) mod fixed;
mod gathered;
pub(crate) mod grouped;
pub(crate) mod histogram;
pub(crate) mod interval;
pub(crate) mod limits;
pub(crate) mod proportion;
mod ratio;
mod wide;

#[cfg(test)]
mod tests;

pub(crate) use average::{Average, BlockAverage, fold};
pub use estimate::Estimate;
pub(crate) use gathered::{Gathered, MOST_BLOCKS};
pub(crate) use grouped::GroupedHistogram;
#[cfg(test)]
pub(crate) use proportion::BlockProportion;
pub(crate) use proportion::{BlockCounts, Once, Proportion};
