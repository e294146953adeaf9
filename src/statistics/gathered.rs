//! What whole blocks have in common is left out: small sums that take a block in a few instructions.
//!
//! An [`Average`](super::Average) keeps 256-bit integers, which is right for any number of blocks and any size, and takes
//! some hundred nanoseconds a block. Times of a run fit in far less: a worker gathers many blocks here, and adds them to the
//! average at once. Sums of integers do not depend on the order, so the bits are those of adding block by block.

/// Most blocks that are gathered: no sum can pass its integer before, and no count of 256 lanes, squared, 32 bits.
pub(crate) const MOST_BLOCKS: u64 = (1 << 16) - 1;

/// A block's sum of squares must stay below this, in square hours, once multiplied by the square of the weight. Then its
/// 256 values and their multiples are below 2^22.5 in sum (Cauchy and Schwarz), so `f64` adds them without rounding; their
/// squares, each a multiple of 2^-60, are below 2^97 of those in sum.
const MOST_SQUARES: f64 = (1u64 << 37) as f64;

/// Steps of the time grid in an hour.
const STEPS: f64 = (1u64 << 30) as f64;

/// The sums of any number of whole blocks of one figure in hours, on the time grid.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Gathered {
    /// Sum of the values, in 2^-30.
    pub(super) sum: i128,
    /// Sum of their squares, in 2^-60.
    pub(super) squares: i128,
    /// Sum of `S * S`, in 2^-60, `S` being the sum of a block.
    pub(super) block_squares: i128,
}

impl Gathered {
    /// Takes a block: the sum of its values and of their squares as the contract of `BlockAverage` gives them. It does not
    /// take, and says so, what is too large, or off the grid. O(1).
    #[inline]
    pub(crate) fn take(&mut self, sum: f64, squares: f64, weight: u32) -> bool {
        let weight = f64::from(weight);
        let steps = sum * STEPS;
        let whole = steps as i64;
        // Two conversions: of hours squared, and of 2^-60 of it, which are fewer than 2^60.
        let first = squares as i64;
        let rest = (squares - first as f64) * (STEPS * STEPS);
        let second = rest as i64;
        let small = squares * weight * weight < MOST_SQUARES;
        if !small || whole as f64 != steps || second as f64 != rest {
            return false;
        }
        let whole = i128::from(whole);
        self.sum = self.sum.wrapping_add(whole);
        // Below 2^97 a block.
        let squares = (i128::from(first) << 60).wrapping_add(second.into());
        self.squares = self.squares.wrapping_add(squares);
        // Below 2^107 a block.
        self.block_squares = self.block_squares.wrapping_add(whole.wrapping_mul(whole));
        true
    }
}
