//! One thread's engine and its counting: all that the run loop knows of how a block is made.

use super::observer::Sample;
use crate::engine::Keys;
use crate::engine::block::{BlockEngine, Program};
use crate::outcome::count::Count;
use crate::outcome::layout::Layout;
use crate::outcome::tally::Tally;
use crate::streams::LANES;
use crate::{Detail, Plan};

/// What all workers of a run share.
#[derive(Debug)]
pub(super) struct Context<'p> {
    pub(super) plan: &'p Plan,
    pub(super) layout: Layout,
    pub(super) keys: Keys,
    pub(super) program: Program,
    /// Of the whole run: where its last block ends.
    pub(super) replications: u64,
    pub(super) rounds: u32,
    pub(super) warmup: u32,
    pub(super) keep_samples: bool,
}

impl Context<'_> {
    /// Where a block ends: 256 replications on, but for the last one.
    pub(super) fn end(&self, block: u64) -> u64 {
        self.replications.min((block + 1) * LANES as u64)
    }

    /// Counting that has not begun.
    fn count(&self) -> Count<'_> {
        Count::new(self.plan, &self.layout, self.rounds, self.warmup, self.keep_samples)
    }
}

/// Runs blocks of 256 replications, and counts them.
pub(super) struct Worker<'c> {
    context: &'c Context<'c>,
    engine: BlockEngine<'c>,
    /// What was counted since it was last settled, if anything was.
    count: Option<Count<'c>>,
}

impl<'c> Worker<'c> {
    pub(super) fn new(context: &'c Context<'c>) -> Self {
        let Context { plan, keys, program, rounds, .. } = context;
        let everything = context.layout.detail >= Detail::Services;
        let engine = BlockEngine::new(plan, program, keys, *rounds, everything);
        Self { context, engine, count: None }
    }

    /// Runs and counts a block.
    pub(super) fn block(&mut self, block: u64) {
        let lanes = (self.context.end(block) - block * LANES as u64) as usize;
        let count = self.count.get_or_insert_with(|| self.context.count());
        count.begin_block(block, lanes);
        self.engine.block(block, lanes, count);
        count.end_block();
    }

    /// Takes the samples of the last block.
    pub(super) fn take_samples(&mut self) -> Vec<Sample> {
        self.count.as_mut().map(|count| std::mem::take(&mut count.samples)).unwrap_or_default()
    }

    /// Adds the blocks since it was last settled to the exact sums: to those of the run itself, as there may be gigabytes of them.
    pub(super) fn settle(&mut self, tally: &mut Tally) {
        if let Some(count) = self.count.take() {
            count.settle(tally);
        }
        tally.cut = tally.cut.saturating_add(self.engine.take_cut());
    }
}
