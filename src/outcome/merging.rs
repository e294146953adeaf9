//! Adding other replications of the same run, and which of them are missing.

use std::ops::Range;

use super::Outcome;
use super::tally::Tally;
use crate::{Error, ErrorKind};

impl Outcome {
    /// Adds other replications of the same run, as [`shard`](crate::Simulation::shard) makes them: exactly, associative
    /// and commutative to the last bit. O(figures).
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`] naming what differs, or which replications are there already; `self` is left as it was.
    pub fn merge(&mut self, other: &Outcome) -> Result<(), Error> {
        self.belongs(other, "that of the outcome it is merged into")?;
        if let Some(twice) = self.parts.iter().find_map(|mine| other.parts.iter().find_map(|part| common(*mine, *part)))
        {
            return Err(Error::new(
                ErrorKind::Mismatch,
                "exact.parts",
                said(&twice),
                "replications that are not there already",
                "Merge each part once.",
            ));
        }
        self.absorb(&other.parts, |tally| tally.merge(&other.tally));
        Ok(())
    }

    /// The replications of the run that are not in it, ascending: none of a whole run. O(parts).
    ///
    /// ```
    /// use ripple_effect::Organization;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let part = shop.simulate()?.replications(1_000).shard(1, 2).run()?;
    /// assert_eq!(part.missing(), [0..512]);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn missing(&self) -> Vec<Range<u64>> {
        self.missing_in(0..self.whole())
    }

    /// The replications of a range that are not in it, ascending.
    pub(crate) fn missing_in(&self, range: Range<u64>) -> Vec<Range<u64>> {
        let mut missing = Vec::new();
        let mut from = range.start;
        for &(start, end) in &self.parts {
            if start > from {
                missing.push(from..start.min(range.end));
            }
            from = from.max(end);
        }
        missing.push(from..range.end);
        missing.retain(|range| range.start < range.end);
        missing
    }

    /// How many replications the whole run has.
    pub(crate) fn whole(&self) -> u64 {
        self.meta.replications.saturating_add(self.meta.missing)
    }

    /// Refuses what is not of the same run.
    pub(crate) fn belongs(&self, other: &Outcome, whose: &str) -> Result<(), Error> {
        let mismatch = |path: &str, found: String, allowed: String| {
            Err(Error::new(ErrorKind::Mismatch, path, found, allowed, "Put together only what belongs to one run."))
        };
        let (mine, theirs) = (&self.meta, &other.meta);
        let model = |meta: &super::Meta| format!("\"{}\" ({:.12}...)", meta.model, meta.model_hash);
        let differs = |mine: String, theirs: String| (mine != theirs).then_some((mine, theirs));
        let whole = |outcome: &Outcome| outcome.whole().to_string();
        for (what, difference) in [
            (
                "model",
                (mine.model_hash != theirs.model_hash || mine.model != theirs.model)
                    .then(|| (model(mine), model(theirs))),
            ),
            ("seed", differs(mine.seed.to_string(), theirs.seed.to_string())),
            ("rounds", differs(mine.rounds.to_string(), theirs.rounds.to_string())),
            ("warm-up", differs(mine.warmup.to_string(), theirs.warmup.to_string())),
            ("detail", differs(mine.detail.name().to_owned(), theirs.detail.name().to_owned())),
            ("stream version", differs(mine.stream_version.to_string(), theirs.stream_version.to_string())),
            ("version", differs(mine.version.clone(), theirs.version.clone())),
            ("replications of the whole run", differs(whole(self), whole(other))),
        ] {
            if let Some((mine, theirs)) = difference {
                return mismatch("meta", format!("{what} {theirs}"), format!("{what} {mine}, {whose}"));
            }
        }
        if self.things != other.things {
            return mismatch(
                "exact.things",
                "the customers, services and dependencies in another order, or others".to_owned(),
                format!("the same in the same order, {whose}"),
            );
        }
        Ok(())
    }

    /// Adds replications, which must not be there already, and by `add` the sums that are of them.
    pub(crate) fn absorb(&mut self, parts: &[(u64, u64)], add: impl FnOnce(&mut Tally)) {
        let whole = self.whole();
        self.parts.extend_from_slice(parts);
        self.parts.sort_unstable();
        self.parts.dedup_by(|next, before| {
            let touching = before.1 == next.0;
            if touching {
                before.1 = next.1;
            }
            touching
        });
        add(&mut self.tally);
        self.meta.replications = self.tally.replications;
        self.meta.missing = whole.saturating_sub(self.meta.replications);
        self.meta.cut = self.tally.cut;
    }
}

/// What two ranges share.
pub(super) fn common(a: (u64, u64), b: (u64, u64)) -> Option<Range<u64>> {
    let range = a.0.max(b.0)..a.1.min(b.1);
    (range.start < range.end).then_some(range)
}

/// `replications 256 to 511`; both ends are in it.
pub(super) fn said(range: &Range<u64>) -> String {
    match range.end - range.start {
        1 => format!("replication {}", range.start),
        _ => format!("replications {} to {}", range.start, range.end - 1),
    }
}
