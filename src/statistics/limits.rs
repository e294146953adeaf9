//! The sizes up to which every sum is exact. They are part of the format of parts: raising one may change a result.

/// Replications in a block. Shards are cut at multiples of it; the last block of a run may hold fewer.
pub(crate) const BLOCK: u32 = 256;

/// Most replications (or values of a histogram) that one accumulator takes: 2^53, so that counts survive every JSON
/// reader and `f64` division. More of them make it unusable.
pub(crate) const MAX_COUNT: u64 = 1 << 53;

/// A block's sum of values must stay below 2^40 in size. 256 replications at the largest time (2^23 h) fill it after
/// 512 rounds of nothing else.
pub(crate) const MAX_BLOCK_SUM: u32 = 40;

/// A block's sum of squared values must stay below 2^80.
pub(crate) const MAX_BLOCK_SQUARES: u32 = 80;

/// A block's sum of values times weights must stay below 2^72 in size.
pub(crate) const MAX_BLOCK_PRODUCTS: u32 = 72;
