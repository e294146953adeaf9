//! Several texts, gathered from all over the memory before any of them gets a place of its own.

/// So many things are looked up together.
pub(crate) const TOGETHER: usize = 64;

/// Texts in one piece. Where a network is larger than caches, copying each is waiting for it; those that are copied one right after the
/// other are waited for together.
#[derive(Debug, Default)]
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
}
