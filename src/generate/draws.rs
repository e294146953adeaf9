//! The keyed generator behind generated organisations: a draw is a function of the seed, the question, and what it is about.
//!
//! A word is four rounds of the finaliser of SplitMix64 (Steele, Lea & Flood 2014), between which the parts of the address are
//! added, each times the golden ratio of 2^64. Integers only, so that it gives the same everywhere, for ever.

use crate::streams::Chance;

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a word decides. The numbers are part of what makes a seed mean the same in every version.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(super) enum Question {
    /// Whom a service needs.
    Need = 1,
    /// Whether a link of a small world is thrown far.
    Rewire = 2,
    /// The place of a service in a random order of work.
    Rank = 3,
    Department = 4,
    Shape = 5,
    Hours = 6,
    ErrorRate = 7,
    Feedback = 8,
    Handoff = 9,
    Inspected = 10,
    Silent = 11,
    /// Whether a last service serves a customer.
    Serves = 12,
    /// Which customer a last service serves.
    Customer = 13,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Draws {
    seed: u64,
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Draws {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed: mix(seed.wrapping_add(GOLDEN)) }
    }

    /// 64 random bits for the question about `a` and `b`.
    pub(super) fn word(self, question: Question, a: u32, b: u64) -> u64 {
        [question as u64, u64::from(a), b]
            .into_iter()
            .fold(self.seed, |z, part| mix(z.wrapping_add(part.wrapping_add(1).wrapping_mul(GOLDEN))))
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(self, probability: f64, question: Question, a: u32, b: u64) -> bool {
        Chance::new(probability).is_above(self.word(question, a, b))
    }

    /// One of `0..count`, evenly to within 2^-32.
    pub(super) fn below(self, count: u64, question: Question, a: u32, b: u64) -> u64 {
        ((u128::from(self.word(question, a, b)) * u128::from(count)) >> 64) as u64
    }

    /// One of `0..count`, evenly, and such that a growing `count` moves only those who go to the new ones: jump consistent
    /// hashing (Lamping & Veach 2014). O(log count).
    pub(super) fn below_steadily(self, count: u32, question: Question, a: u32, b: u64) -> u32 {
        let mut key = self.word(question, a, b);
        let (mut chosen, mut next) = (0, 0);
        while next < i64::from(count) {
            chosen = next;
            key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
            next = ((chosen + 1) as f64 * (2_147_483_648.0 / ((key >> 33) as i64 + 1) as f64)) as i64;
        }
        chosen as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_words_hold_what_a_seed_means() {
        let draws = Draws::new(7);
        let words = [draws.word(Question::Need, 3, 1), draws.word(Question::Customer, 999_999, u64::MAX)];
        assert_eq!(words, GOLDEN_WORDS);
    }

    #[test]
    fn a_growing_count_moves_only_those_who_go_to_the_new() {
        let draws = Draws::new(1);
        let mut counts = [0u32; 40];
        for a in 0..40_000 {
            let (before, after) =
                (draws.below_steadily(39, Question::Need, a, 0), draws.below_steadily(40, Question::Need, a, 0));
            assert!(after == before || after == 39);
            counts[after as usize] += 1;
        }
        // Each count is binomial with mean 1,000 and standard deviation 31.2; 5 of them either way.
        assert!(counts.iter().all(|count| (844..=1156).contains(count)), "{counts:?}");
    }

    const GOLDEN_WORDS: [u64; 2] = [15_755_365_929_784_107_446, 10_042_995_921_300_936_285];
}
