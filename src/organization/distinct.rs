//! Texts, found by what they say, and whether they differ from each other.

use std::array::from_fn;
use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use rayon::prelude::*;

use crate::threads;

/// Where each of many texts stands.
#[derive(Debug)]
pub(super) struct Index<'t> {
    hashing: RandomState,
    /// Ascending in hash, and in place where hashes are alike.
    entries: Vec<Entry<'t>>,
    /// For each possible value of the upper bits of a hash, about as many as there are texts, the first entry of at least this value.
    starts: Vec<usize>,
    /// How far down the upper bits begin.
    shift: u32,
}

#[derive(Debug, Clone, Copy)]
struct Entry<'t> {
    hash: u64,
    place: usize,
    text: &'t str,
}

impl<'t> Index<'t> {
    /// Sorts hashes by all threads: O(n log n), 40 bytes a text.
    pub(super) fn new(texts: impl IndexedParallelIterator<Item = &'t str>) -> Self {
        let hashing = RandomState::default();
        let entry = |(place, text): (usize, &'t str)| Entry { hash: hashing.hash_one(text), place, text };
        let mut entries = threads::collect(texts.enumerate().map(entry));
        entries.par_sort_unstable_by_key(|entry| (entry.hash, entry.place));
        let bits = entries.len().max(2).ilog2();
        let shift = u64::BITS - bits;
        let mut starts = Vec::with_capacity(1 << bits);
        for (at, entry) in entries.iter().enumerate() {
            let through = (entry.hash >> shift) as usize + 1;
            starts.resize(starts.len().max(through), at);
        }
        starts.resize(1 << bits, entries.len());
        Self { hashing, entries, starts, shift }
    }

    /// The places of texts that stood before, each with the place at which it stood first. O(n).
    pub(super) fn repeated(&self) -> HashMap<usize, usize> {
        let mut repeated = HashMap::new();
        for alike in self.entries.chunk_by(|a, b| a.hash == b.hash).filter(|alike| alike.len() > 1) {
            note_repeated(alike.iter().map(|entry| (entry.place, entry.text)), &mut repeated);
        }
        repeated
    }

    /// The first place of a text.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        self.find_each([text])[0]
    }

    /// The first place of each of several texts. Networks are larger than caches: each step is taken for all of the texts, so that what
    /// they wait for arrives together.
    pub(super) fn find_each<const N: usize>(&self, texts: [&str; N]) -> [Option<usize>; N] {
        let hashes = texts.map(|text| self.hashing.hash_one(text));
        let starts = hashes.map(|hash| self.starts[(hash >> self.shift) as usize]);
        let entries: [&[Entry<'t>]; N] = from_fn(|at| {
            let after = self.entries[starts[at]..].iter().take_while(|entry| entry.hash < hashes[at]).count();
            &self.entries[starts[at] + after..]
        });
        from_fn(|at| {
            let mut alike = entries[at].iter().take_while(|entry| entry.hash == hashes[at]);
            alike.find(|entry| entry.text == texts[at]).map(|entry| entry.place)
        })
    }
}

/// The places of texts that stood before, each with the place at which it stood first.
///
/// Sorts hashes by all threads, and compares texts where hashes are alike: O(n log n), 16 bytes a text.
pub(super) fn repeated<'t>(count: usize, text_at: impl Fn(usize) -> Option<&'t str> + Sync) -> HashMap<usize, usize> {
    let hashing = RandomState::default();
    let hash = |place| (hashing.hash_one(text_at(place)), place);
    let mut hashes: Vec<(u64, usize)> = threads::collect((0..count).into_par_iter().map(hash));
    hashes.par_sort_unstable();
    let mut repeated = HashMap::new();
    for alike in hashes.chunk_by(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1) {
        note_repeated(alike.iter().filter_map(|&(_, place)| Some((place, text_at(place)?))), &mut repeated);
    }
    repeated
}

/// The same of texts whose hashes are alike, places ascending.
fn note_repeated<'t>(alike: impl Iterator<Item = (usize, &'t str)>, repeated: &mut HashMap<usize, usize>) {
    let mut firsts: HashMap<&str, usize> = HashMap::new();
    for (place, text) in alike {
        let first = *firsts.entry(text).or_insert(place);
        if first != place {
            repeated.insert(place, first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_where_they_first_stand() {
        for count in [0, 1, 2, 3, 1000] {
            let texts: Vec<String> = (0..count).map(|place| format!("{}", place % 700)).collect();
            let index = Index::new(texts.par_iter().map(String::as_str));
            for (place, text) in texts.iter().enumerate() {
                assert_eq!(index.find(text), Some(place % 700));
            }
            assert_eq!(index.find_each(["700", "", "0"]), [None, None, (count > 0).then_some(0)]);
            let expected: HashMap<usize, usize> = (700..count).map(|place| (place, place - 700)).collect();
            assert_eq!(repeated(count, |place| Some(&texts[place])), expected);
            assert_eq!(index.repeated(), expected);
        }
    }

    #[test]
    fn what_is_not_there_is_not_repeated() {
        let texts = [None, Some(""), None, Some("a"), Some("")];
        assert_eq!(repeated(5, |place| texts[place]), HashMap::from([(4, 1)]));
    }
}
