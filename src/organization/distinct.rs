//! Whether texts differ from each other, without a second copy of any of them.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// Remembers texts by their hashes; the texts themselves stay with whoever asks.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    hashing: RandomState,
    /// The place of the first text of each hash.
    places: HashMap<u64, u32, BuildHasherDefault<AsItIs>>,
    /// Texts whose hash another text has, or whose place is not small: next to none.
    others: HashMap<String, usize>,
}

impl Distinct {
    pub(super) fn with_capacity(texts: usize) -> Self {
        Self { places: HashMap::with_capacity_and_hasher(texts, BuildHasherDefault::default()), ..Self::default() }
    }

    /// The place at which the text stood before, if it did; else it now stands at `place`.
    pub(super) fn first<'t>(
        &mut self,
        text: &str,
        place: usize,
        text_at: impl Fn(usize) -> &'t String,
    ) -> Option<usize> {
        let hash = self.hashing.hash_one(text);
        match (self.places.get(&hash), u32::try_from(place)) {
            (Some(&first), _) if text_at(first as usize) == text => return Some(first as usize),
            (None, Ok(place)) => {
                self.places.insert(hash, place);
                return None;
            }
            _ => {}
        }
        if let Some(&first) = self.others.get(text) {
            return Some(first);
        }
        self.others.insert(text.to_owned(), place);
        None
    }
}

/// Takes what is a hash already for its own hash.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
