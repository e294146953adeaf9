//! What holds something for each of the 256 replications of a block.

use crate::streams::LANES;

/// A number a lane. Aligned to a line of the cache, so that vector loads never straddle two.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(crate) struct Row(pub(crate) [f64; LANES]);

impl Row {
    pub(crate) fn new(value: f64) -> Box<Self> {
        Box::new(Self([value; LANES]))
    }
}

/// A whole number a lane, as wide as a [`Row`]'s so that both are chosen by the same masks.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(crate) struct Numbers(pub(crate) [u64; LANES]);

impl Numbers {
    /// No number at all.
    pub(crate) const NONE: u64 = u64::MAX;

    pub(crate) fn new() -> Box<Self> {
        Box::new(Self([Self::NONE; LANES]))
    }
}

/// The same number in all lanes, or one for each.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Term<'a> {
    Same(f64),
    Each(&'a Row),
}

/// A yes or no a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bits(pub(crate) [u64; LANES / 64]);

impl Bits {
    pub(crate) const NONE: Self = Self([0; LANES / 64]);
    pub(crate) const ALL: Self = Self([!0; LANES / 64]);

    /// The first `count` lanes.
    pub(crate) fn first(count: usize) -> Self {
        let word = |word: usize| match count.saturating_sub(64 * word) {
            0 => 0,
            64.. => !0,
            some => (1 << some) - 1,
        };
        Self(std::array::from_fn(word))
    }

    #[inline(always)]
    fn zip(self, other: Self, op: impl Fn(u64, u64) -> u64) -> Self {
        Self(std::array::from_fn(|i| op(self.0[i], other.0[i])))
    }

    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    #[inline(always)]
    pub(crate) fn without(self, other: Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    #[inline(always)]
    pub(crate) fn is_empty(self) -> bool {
        // Word by word: what narrow instructions have just stored is slow to load by a wide one.
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    #[inline(always)]
    pub(crate) fn is_all(self) -> bool {
        self.0.iter().fold(!0, |all, word| all & word) == !0
    }

    #[inline(always)]
    pub(crate) fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    #[inline(always)]
    pub(crate) fn has(self, lane: usize) -> bool {
        self.0[lane / 64] >> (lane % 64) & 1 == 1
    }

    /// The lanes that say yes, ascending.
    #[inline(always)]
    pub(crate) fn each(self, mut f: impl FnMut(usize)) {
        for (i, word) in self.0.into_iter().enumerate() {
            let mut left = word;
            while left != 0 {
                f(64 * i + left.trailing_zeros() as usize);
                left &= left.wrapping_sub(1);
            }
        }
    }
}

/// Where `test` says so, for 64 lanes.
#[inline(always)]
pub(super) fn word(test: impl Fn(usize) -> bool) -> u64 {
    let mut found = 0;
    for lane in 0..64 {
        found |= u64::from(test(lane)) << lane;
    }
    found
}

/// Where `test` says so, for all lanes.
#[inline(always)]
pub(super) fn bits(test: impl Fn(usize) -> bool) -> Bits {
    Bits(std::array::from_fn(|number| word(|lane| test(64 * number + lane))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lanes() {
        for count in [0, 1, 63, 64, 65, 128, 255, 256] {
            let bits = Bits::first(count);
            assert_eq!(bits.count() as usize, count);
            let mut lanes = Vec::new();
            bits.each(|lane| lanes.push(lane));
            assert_eq!(lanes, (0..count).collect::<Vec<_>>());
        }
    }
}
