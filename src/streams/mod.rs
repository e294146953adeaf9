//! Keyed random streams: every draw has an address, and nothing but the address decides it.
//!
//! | file | what lives there |
//! |---|---|
//! | `mod` | the contract: kinds, facets, keys, words, chances |
//! | `philox` | Philox4x32-10, the block cipher that turns (thing, block, round) into a key |
//!
//! # The contract, stream version 2
//!
//! The address of a draw is (stream version, seed, kind, id, block, round, facet, lane), where replication `r` is lane
//! `r % 256` of block `r / 256`. Each facet has 256 words of 64 bits for the 256 lanes of a block.
//!
//! 1. **Thing.** SipHash-2-4 with 128 bits of output (Aumasson & Bernstein 2012), keyed by (seed, stream version), of the
//!    bytes: kind tag, then the id in UTF-8. The id is the last field, so no length is needed.
//! 2. **Stream.** Philox4x32-10 (Salmon et al. 2011) with the first 64 bits of the thing as its key, and as its counter
//!    the block (64 bits), the round (32 bits) and the next 32 bits of the thing. Its 128 bits are a base and a twist.
//! 3. **Word.** Word `i` of a facet is `mix(base + (256 * facet + i + 1) * G, twist)`, all modulo 2^64: a Weyl sequence
//!    through two rounds of xor-shift-multiply (the finaliser of SplitMix64 by Steele, Lea & Flood 2014, with the twist
//!    added between the rounds), so that two streams whose bases happen to lie near each other still share no words.
//! 4. **Draw.** A distribution takes word `lane` of its facet, by inversion ([`Sampler`](crate::Sampler)). All but
//!    empirical ones and mixtures take half a word, of word `lane / 2`: the lower 32 bits in even lanes, the upper ones in odd. A
//!    [`Chance`] reads its facet's words crosswise: bit `r` from the top of a lane's number is bit `lane % 64` of word
//!    `4 r + lane / 64`, and it happens if the number is below the probability. A few words then decide for all lanes of a
//!    block, as most numbers differ from the probability in their first bits. An error is passed on or caught, or neither: one
//!    number decides, passed on if it is among the lowest, caught if it is among the highest.
//!
//! No draw waits for another one: a facet that a model does not use costs nothing, a draw that only few lanes need is
//! addressed by lane, a new colleague moves nobody's draws, and common random numbers stay in step whatever changes.

mod philox;

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher24};

/// Replications in a block. Part of the contract.
pub(crate) const LANES: usize = 256;
/// The version of the contract. It changes when any draw changes.
pub(crate) const STREAM_VERSION: u32 = 2;

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
const MULTIPLY_1: u64 = 0xBF58_476D_1CE4_E5B9;
const MULTIPLY_2: u64 = 0x94D0_49BB_1331_11EB;

/// What sort of thing a stream belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Thing {
    Service = 1,
    Dependency = 2,
    Employee = 3,
    Department = 4,
    /// The organisation's releases; the id is empty.
    Release = 6,
    /// A parameter of which only a range is known; the id says which.
    Parameter = 7,
    /// Hours lost by a shock; the id is that of the shock and that of what it strikes.
    Shock = 8,
}

/// Which question about a thing in a round a word answers. The numbers are part of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Facet {
    /// Service: hours of work. Dependency: hours of the hand-off. Employee, department: pace. Release: hours since the
    /// last one.
    Time = 0,
    /// Service: a wrong result? Dependency: an error passed on, or caught? Employee: absent?
    Fault = 1,
    /// Service: workmanship. Dependency: hours of rework.
    Second = 2,
    /// Service: the backup's pace. Dependency: needed this round?
    Third = 3,
    /// Dependency: silent?
    Silence = 4,
    /// Dependency: hours of chasing.
    Chase = 5,
    /// Employee: recognised?
    Recognition = 7,
    /// Employee: does recognition misfire?
    Backfire = 8,
    /// Employee: leaves?
    Leaving = 9,
    /// Employee: is the empty post filled for the next round?
    Filling = 10,
}

impl Facet {
    /// The place of its first word.
    #[inline(always)]
    pub(crate) fn first(self) -> u64 {
        (self as u64) * LANES as u64 + 1
    }
}

/// One seed's streams.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Streams {
    seed: u64,
}

impl Streams {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The key of a thing: O(length of the id), once a run.
    pub(crate) fn key(self, thing: Thing, id: &str) -> Key {
        let mut hasher = SipHasher24::new_with_keys(self.seed, u64::from(STREAM_VERSION));
        hasher.write(&[thing as u8]);
        hasher.write(id.as_bytes());
        let hash = hasher.finish128();
        Key { cipher: [hash.h1 as u32, (hash.h1 >> 32) as u32], tail: hash.h2 as u32 }
    }
}

/// What is needed to reach the streams of one thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    cipher: [u32; 2],
    tail: u32,
}

impl Key {
    /// The stream of this thing for one block and round.
    #[inline(always)]
    pub(crate) fn at(self, block: u64, round: u32) -> Stream {
        let counter = [block as u32, (block >> 32) as u32, round, self.tail];
        let [a, b, c, d] = philox::philox4x32_10(counter, self.cipher);
        Stream { base: u64::from(a) | u64::from(b) << 32, twist: u64::from(c) | u64::from(d) << 32 }
    }
}

/// The words of one thing in one block and round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stream {
    base: u64,
    twist: u64,
}

impl Stream {
    /// Word `index` (0..256) of a facet.
    #[inline(always)]
    pub(crate) fn word(self, facet: Facet, index: usize) -> u64 {
        debug_assert!(index < LANES);
        self.word_from(facet.first(), index as u64)
    }

    /// The word `index` places behind `first`. All wraps, so that a loop of it turns into vector instructions.
    #[inline(always)]
    pub(crate) fn word_from(self, first: u64, index: u64) -> u64 {
        let place = first.wrapping_add(index);
        let mut z = self.base.wrapping_add(place.wrapping_mul(GOLDEN));
        z = (z ^ (z >> 30)).wrapping_mul(MULTIPLY_1);
        z = z.wrapping_add(self.twist);
        z = (z ^ (z >> 27)).wrapping_mul(MULTIPLY_2);
        z ^ (z >> 31)
    }

    /// Half a word of a facet for a lane: 128 words serve 256 lanes, their lower halves the even ones.
    #[inline(always)]
    pub(crate) fn half(self, facet: Facet, lane: usize) -> u32 {
        self.half_from(facet.first(), lane as u32)
    }

    /// The same, of the words behind `first`.
    #[inline(always)]
    pub(crate) fn half_from(self, first: u64, lane: u32) -> u32 {
        let word = self.word_from(first, u64::from(lane >> 1));
        (word >> (32 * u64::from(lane & 1))) as u32
    }

    /// Whether the event that `facet` decides happens in `lane`.
    pub(crate) fn happens(self, facet: Facet, lane: usize, chance: Chance) -> bool {
        self.is_below(facet, lane, chance, 0)
    }

    /// Whether the other event that `facet` decides happens in `lane`: the number is among the highest.
    pub(crate) fn happens_above(self, facet: Facet, lane: usize, chance: Chance) -> bool {
        self.is_below(facet, lane, chance, 1)
    }

    fn is_below(self, facet: Facet, lane: usize, chance: Chance, flip: u64) -> bool {
        for row in 0..Chance::BITS {
            let drawn = self.word(facet, CHANCE_ROW * row + lane / 64) >> (lane % 64) & 1 ^ flip;
            let limit = chance.bit(row);
            if drawn != limit {
                return drawn < limit;
            }
        }
        false
    }
}

/// Words that hold one bit for each lane of a block.
pub(crate) const CHANCE_ROW: usize = LANES / 64;

/// A probability, ready to be decided: exact to 2^-53, 0 never and 1 always, and monotone, so that raising a probability
/// under the same draws only adds events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chance(u64);

impl Chance {
    const ONE: f64 = 9_007_199_254_740_992.0;

    #[inline(always)]
    pub(crate) fn new(probability: f64) -> Self {
        Self((probability.clamp(0.0, 1.0) * Self::ONE).ceil() as u64)
    }

    /// The chance of another event, which the same number decides from its other end: no more than this one leaves.
    pub(crate) fn beside(self, probability: f64) -> Self {
        Self(Self::new(probability).0.min((1 << Self::BITS) - self.0))
    }

    /// Bits after the point that a chance can have.
    pub(crate) const BITS: usize = 53;

    /// Bit `row` after the point of a chance below 1, from the top.
    #[inline(always)]
    pub(crate) fn bit(self, row: usize) -> u64 {
        self.0 >> (Self::BITS - 1 - row) & 1
    }

    /// The bits after the point, from the top of a word down.
    #[inline(always)]
    pub(crate) fn bits(self) -> u64 {
        self.0 << (64 - Self::BITS)
    }

    /// Whether the number that a word stands for, read from its top, is below the chance.
    pub(crate) fn is_above(self, word: u64) -> bool {
        (word >> (64 - Self::BITS)) < self.0
    }

    pub(crate) fn is_never(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn is_always(self) -> bool {
        self.0 >= 1 << 53
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(seed: u64, id: &str, block: u64, round: u32, facet: Facet) -> Vec<u64> {
        let stream = Streams::new(seed).key(Thing::Service, id).at(block, round);
        (0..LANES).map(|lane| stream.word(facet, lane)).collect()
    }

    #[test]
    fn every_part_of_an_address_matters() {
        let plain = words(1, "Ana", 0, 0, Facet::Time);
        for other in [
            words(2, "Ana", 0, 0, Facet::Time),
            words(1, "Ann", 0, 0, Facet::Time),
            words(1, "Ana", 1, 0, Facet::Time),
            words(1, "Ana", 1 << 40, 0, Facet::Time),
            words(1, "Ana", 0, 1, Facet::Time),
            words(1, "Ana", 0, 0, Facet::Fault),
            (0..LANES)
                .map(|lane| Streams::new(1).key(Thing::Employee, "Ana").at(0, 0).word(Facet::Time, lane))
                .collect(),
        ] {
            assert!(plain.iter().zip(&other).all(|(a, b)| a != b));
        }
        assert_eq!(plain, words(1, "Ana", 0, 0, Facet::Time));
    }

    #[test]
    fn golden_words_hold_the_contract() {
        let stream = Streams::new(42).key(Thing::Dependency, "Ana -> Ben").at(3, 7);
        let words = [stream.word(Facet::Time, 0), stream.word(Facet::Chase, 255)];
        assert_eq!(words, GOLDEN_WORDS);
    }

    /// Bits, neighbouring lanes, rounds, blocks, seeds and facets look independent: each bit of the difference between
    /// neighbours is fair within 5 standard errors over 2^16 pairs.
    #[test]
    fn neighbours_look_independent() {
        type Pair<'a> = Box<dyn Fn(u64) -> (u64, u64) + 'a>;
        let at = |seed: u64, block: u64, round: u32, facet: Facet, lane: usize| {
            Streams::new(seed).key(Thing::Service, "Ana").at(block, round).word(facet, lane)
        };
        let pairs: [Pair; 5] = [
            Box::new(|i| {
                (
                    at(i >> 7, 0, 0, Facet::Time, (i & 127) as usize),
                    at(i >> 7, 0, 0, Facet::Time, (i & 127) as usize + 1),
                )
            }),
            Box::new(|i| (at(1, i, 0, Facet::Time, 0), at(1, i + 1, 0, Facet::Time, 0))),
            Box::new(|i| (at(1, 0, i as u32, Facet::Time, 0), at(1, 0, i as u32 + 1, Facet::Time, 0))),
            Box::new(|i| (at(i, 0, 0, Facet::Time, 0), at(i + 1, 0, 0, Facet::Time, 0))),
            Box::new(|i| (at(1, i, 0, Facet::Time, 9), at(1, i, 0, Facet::Fault, 9))),
        ];
        for pair in &pairs {
            let mut ones = [0u32; 64];
            let n = 1u64 << 16;
            for i in 0..n {
                let (a, b) = pair(i);
                for (bit, count) in ones.iter_mut().enumerate() {
                    *count += ((a ^ b) >> bit & 1) as u32;
                }
            }
            for count in ones {
                let z = (f64::from(count) - n as f64 / 2.0) / (n as f64 / 4.0).sqrt();
                assert!(z.abs() < 5.0, "{z}");
            }
        }
    }

    #[test]
    fn chances_are_exact_at_their_ends() {
        assert!(Chance::new(1.0).is_always() && Chance::new(0.0).is_never());
        let least = Chance::new(1e-300);
        assert!(!least.is_never() && (0..Chance::BITS).map(|row| least.bit(row)).sum::<u64>() == 1);
        assert_eq!(Chance::new(0.625).bits(), 0b101 << 61);
    }

    /// A chance compares a lane's number, gathered bit by bit, with the probability.
    #[test]
    fn chances_compare_the_number_of_the_lane() {
        let stream = Streams::new(3).key(Thing::Employee, "Ana").at(0, 0);
        for lane in [0, 1, 63, 64, 200, 255] {
            let number = (0..Chance::BITS).fold(0u64, |number, row| {
                number << 1 | (stream.word(Facet::Fault, 4 * row + lane / 64) >> (lane % 64) & 1)
            }) as f64
                / Chance::ONE;
            for p in [number, number.next_up(), number / 2.0, 1e-9, 0.3, 0.5, 0.999] {
                assert_eq!(stream.happens(Facet::Fault, lane, Chance::new(p)), number < p, "{number} {p}");
            }
        }
    }

    /// Two events that one number decides never meet, and leave nothing over where their chances add up to 1.
    #[test]
    fn two_events_share_a_number() {
        let one = 1_u64 << Chance::BITS;
        for p in [0.0, 1e-300, 0.1, 0.3, 0.5, 0.7, 1.0 - f64::EPSILON, 1.0] {
            let first = Chance::new(p);
            for q in [0.0, 1e-300, 0.3, 0.999, 1.0] {
                let second = first.beside((1.0 - p) * q);
                assert!(first.0 + second.0 <= one, "{p} {q}");
                assert!(q < 1.0 || first.0 + second.0 == one, "{p}");
                assert!(second.0.abs_diff(Chance::new((1.0 - p) * q).0) <= 1, "{p} {q}");
            }
        }
        let stream = Streams::new(3).key(Thing::Employee, "Ana").at(0, 0);
        let (low, high) = (Chance::new(0.3), Chance::new(0.3).beside(0.7));
        for lane in 0..LANES {
            assert!(stream.happens(Facet::Fault, lane, low) ^ stream.happens_above(Facet::Fault, lane, high));
        }
    }

    /// Chances come out as often as they should, in all lanes: within 5 standard errors over 2^10 blocks of 256.
    #[test]
    fn chances_are_as_likely_as_they_say() {
        let key = Streams::new(5).key(Thing::Dependency, "Ana -> Ben");
        for p in [0.03, 0.5, 0.9] {
            let hits = (0..1u64 << 10)
                .flat_map(|block| {
                    (0..LANES).map(move |lane| key.at(block, 1).happens(Facet::Fault, lane, Chance::new(p)))
                })
                .filter(|happened| *happened)
                .count() as f64;
            let n = f64::from(1 << 18);
            let z = (hits - n * p) / (n * p * (1.0 - p)).sqrt();
            assert!(z.abs() < 5.0, "{p}: {z}");
        }
    }

    const GOLDEN_WORDS: [u64; 2] = [7_209_020_557_428_355_560, 16_571_192_549_510_135_409];
}
