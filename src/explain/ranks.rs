//! Ranks of hours among the replications of one block.

use crate::engine::block::lanes::{Bits, Row};
use crate::streams::LANES;

/// Steps of the grid in an hour.
const STEPS: f64 = (1u64 << 30) as f64;

/// Of each lane twice its rank, less that of the middle: below 0 in the lower half, 0 on average. Equal hours share the mean of
/// their ranks; lanes that are none of the run's have 0. O(n log n).
#[derive(Debug)]
pub(super) struct Ranks {
    pub(super) of: [i32; LANES],
    sorted: Vec<u64>,
}

impl Ranks {
    pub(super) fn new() -> Self {
        Self { of: [0; LANES], sorted: Vec::with_capacity(LANES) }
    }

    /// Ranks hours on the grid, of which none is as long as 2^24.
    pub(super) fn rank(&mut self, hours: &Row, live: Bits) {
        self.of = [0; LANES];
        self.sorted.clear();
        // What lies below 0 sorts below: the grid's steps, moved up, and the lane beside them.
        live.each(|lane| {
            let steps = (hours.0[lane] * STEPS) as i64;
            self.sorted.push((((steps + (1 << 54)) as u64) << 8) | lane as u64);
        });
        self.sorted.sort_unstable();
        let count = self.sorted.len() as i32;
        let mut from = 0;
        while let Some(first) = self.sorted.get(from) {
            let alike = self.sorted[from..].iter().take_while(|other| *other >> 8 == first >> 8).count();
            // Ranks `from + 1` to `from + alike`: twice their mean, less `count + 1`.
            let twice = (2 * from + alike) as i32 + 1 - (count + 1);
            for key in &self.sorted[from..from + alike] {
                self.of[(key & 0xFF) as usize] = twice;
            }
            from += alike;
        }
    }

    /// The sum of products with other ranks.
    pub(super) fn with(&self, other: &Self) -> i64 {
        self.of.iter().zip(&other.of).map(|(a, b)| i64::from(a * b)).sum()
    }

    /// The sum of squares.
    pub(super) fn squares(&self) -> i64 {
        self.with(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_hours_share_their_ranks() {
        let mut row = Row::new(0.0);
        let hours = [3.0, -1.0, 3.0, 7.5, 0.0];
        row.0[..5].copy_from_slice(&hours);
        row.0[9] = -99.0;
        let mut ranks = Ranks::new();
        ranks.rank(&row, Bits::first(5));
        // Ranks 3.5, 1, 3.5, 5, 2, less 3, twice.
        assert_eq!(ranks.of[..6], [1, -4, 1, 4, -2, 0]);
        assert_eq!(ranks.squares(), 1 + 16 + 1 + 16 + 4);
    }
}
