//! Looking ahead. Networks are larger than caches: things that lie all over the memory are waited for together, where all of some are
//! looked at before any of them is worked on.

use std::ops::Range;

/// So many things are looked at together.
pub(crate) const TOGETHER: usize = 64;

/// Which of many things were looked at last.
#[derive(Debug)]
pub(crate) struct Ahead {
    first: usize,
}

impl Ahead {
    /// Nothing was looked at.
    pub(crate) fn new() -> Self {
        Self { first: usize::MAX }
    }

    /// Where a thing stands among those that were looked at; and those that have to be looked at before, as it was not among them.
    pub(crate) fn at(&mut self, place: usize, count: usize) -> (usize, Option<Range<usize>>) {
        match place.checked_sub(self.first) {
            Some(offset) if offset < TOGETHER => (offset, None),
            _ => {
                self.first = place;
                (0, Some(place..count.min(place.saturating_add(TOGETHER))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_looked_at_before_it_is_asked_for() {
        let mut ahead = Ahead::new();
        let mut seen = 0..0;
        // From the middle, on, and back again, as threads take their pieces.
        for place in (100..200).chain(0..70).chain(150..200) {
            let (offset, next) = ahead.at(place, 200);
            seen = next.unwrap_or(seen);
            assert!(seen.end <= 200 && seen.len() <= TOGETHER);
            assert_eq!(seen.start + offset, place);
            assert!(seen.contains(&place));
        }
    }
}
