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

    /// How many bytes it takes, but for spreads that are not empty.
    pub(crate) fn bytes(layout: &Layout) -> u64 {
        let [events, sums, spreads] = layout.counts;
        let each = [size_of::<Proportion>(), size_of::<Average>(), size_of::<GroupedHistogram>()];
        (events * each[0] + sums * each[1] + spreads * each[2]) as u64
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
