//! The words of one thing in one round of one replication, asked for when they are needed.

use crate::Sampler;
use crate::streams::{Chance, Facet, Key, Stream};

/// What is constant, impossible or certain asks for no word; the stream is set up at the first that is asked for.
pub(crate) struct Draws {
    key: Key,
    block: u64,
    round: u32,
    lane: usize,
    stream: Option<Stream>,
}

impl Draws {
    pub(crate) fn new(key: Key, block: u64, round: u32, lane: usize) -> Self {
        Self { key, block, round, lane, stream: None }
    }

    fn stream(&mut self) -> Stream {
        let (key, block, round) = (self.key, self.block, self.round);
        *self.stream.get_or_insert_with(|| key.at(block, round))
    }

    pub(crate) fn sample(&mut self, sampler: &Sampler, facet: Facet) -> f64 {
        match sampler.constant() {
            Some(value) => value,
            None if sampler.takes_half() => sampler.sample(u64::from(self.stream().half(facet, self.lane)) << 32),
            None => sampler.sample(self.stream().word(facet, self.lane)),
        }
    }

    /// Whether the number of a facet is among the lowest.
    pub(crate) fn happens(&mut self, chance: Chance, facet: Facet) -> bool {
        !chance.is_never() && (chance.is_always() || self.stream().happens(facet, self.lane, chance))
    }

    /// Whether it is among the highest.
    pub(crate) fn happens_above(&mut self, chance: Chance, facet: Facet) -> bool {
        !chance.is_never() && (chance.is_always() || self.stream().happens_above(facet, self.lane, chance))
    }
}
