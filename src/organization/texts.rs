//! Texts in one piece, gathered from all over the memory; and pieces of them, for what very many things are called.

use rayon::prelude::*;

use crate::threads;
use crate::together::TOGETHER;

/// Texts in one piece. Where a network is larger than caches, copying each is waiting for it; those that are copied one right after the
/// other are waited for together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Lets `write` add the text of each of these things, and forgets what was gathered before.
    pub(crate) fn gather<T>(&mut self, things: impl Iterator<Item = T>, mut write: impl FnMut(&mut String, T)) {
        self.text.clear();
        self.ends.clear();
        for thing in things {
            write(&mut self.text, thing);
            self.ends.push(self.text.len());
        }
    }

    /// One of the texts, by the order in which they came.
    pub(crate) fn at(&self, place: usize) -> &str {
        let from = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[from..self.ends[place]]
    }
}

/// What each of very many things is called, without a place of its own for each text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ids {
    count: usize,
    /// [`TOGETHER`] texts each, but for the last.
    pieces: Vec<Texts>,
}

impl Ids {
    /// The texts that `write` adds for each of so many things, by all threads.
    pub(crate) fn of(count: usize, write: impl Fn(&mut String, usize) + Sync) -> Self {
        let mut ids = Self::of_pieces(count);
        let each = |(at, piece): (usize, &mut Texts)| {
            let first = at * TOGETHER;
            piece.gather(first..count.min(first + TOGETHER), &write);
        };
        threads::run(count, ids.pieces.par_iter_mut().enumerate().map(each));
        ids
    }

    /// So many, whose pieces are still to be gathered.
    pub(super) fn of_pieces(count: usize) -> Self {
        Self { count, pieces: vec![Texts::default(); count.div_ceil(TOGETHER)] }
    }

    pub(super) fn pieces(&mut self) -> &mut [Texts] {
        &mut self.pieces
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn at(&self, place: usize) -> &str {
        self.pieces[place / TOGETHER].at(place % TOGETHER)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.count).map(|place| self.at(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_one_by_one_and_the_next_ones_alone() {
        let mut texts = Texts::default();
        for gathered in [&["a", "", "\u{e9}t\u{e9}"][..], &["b"], &[]] {
            texts.gather(gathered.iter(), |text, one| text.push_str(one));
            assert_eq!((0..gathered.len()).map(|place| texts.at(place)).collect::<Vec<_>>(), gathered);
        }
    }

    #[test]
    fn each_has_its_text() {
        for count in [0, 1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 40_000] {
            let ids = Ids::of(count, |text, place| text.push_str(&(place % 1000).to_string()));
            assert_eq!(ids.len(), count);
            assert!(ids.iter().eq((0..count).map(|place| (place % 1000).to_string())));
        }
    }
}
