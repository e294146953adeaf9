//! The exact sums of a run.

use serde::{Deserialize, Serialize};

use super::layout::Layout;
use crate::statistics::{Average, GroupedHistogram, Proportion};

/// The exact sums of any number of blocks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub(crate) replications: u64,
    /// Draws and times that were cut to the largest allowed.
    pub(crate) cut: u64,
    pub(crate) events: Vec<Proportion>,
    pub(crate) sums: Vec<Average>,
    pub(crate) spreads: Vec<GroupedHistogram>,
}

impl Tally {
    pub(crate) fn new(layout: &Layout, counted_rounds: u32) -> Self {
        let [events, sums, spreads] = layout.counts;
        Self {
            replications: 0,
            cut: 0,
            events: vec![Proportion::default(); events],
            sums: vec![Average::default(); sums],
            spreads: vec![GroupedHistogram::new(counted_rounds); spreads],
        }
    }

    /// How many bytes it takes, about, but for spreads that are not empty.
    pub(crate) fn bytes(layout: &Layout, counted_rounds: u32) -> u64 {
        let [events, sums, spreads] = layout.counts;
        let [boxed_events, boxed_sums] = layout.boxed(counted_rounds);
        let events = events * size_of::<Proportion>() + boxed_events * Proportion::BOX;
        let sums = sums * size_of::<Average>() + boxed_sums * Average::BOX;
        (events + sums + spreads * size_of::<GroupedHistogram>()) as u64
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.replications = self.replications.saturating_add(other.replications);
        self.cut = self.cut.saturating_add(other.cut);
        for (mine, theirs) in self.events.iter_mut().zip(&other.events) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.sums.iter_mut().zip(&other.sums) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.spreads.iter_mut().zip(&other.spreads) {
            mine.merge(theirs);
        }
    }
}
