//! Blocks of replications on all threads.
//!
//! Workers take one block after the other until none is left; there is no step at which they wait for each other, so the
//! only idle time is the last block of each.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::ledger::Ledger;
use super::watch::Watch;
use super::worker::{Context, Worker};

/// The blocks that are still to be done, ascending; a `turn` counts them from 0.
#[derive(Debug)]
pub(super) struct Todo {
    /// The turn and the number of the first block of each range of blocks.
    ranges: Vec<(u64, u64)>,
    turns: u64,
}

impl Todo {
    /// From ranges of blocks, ascending.
    pub(super) fn new(blocks: impl Iterator<Item = std::ops::Range<u64>>) -> Self {
        let (mut ranges, mut turns) = (Vec::new(), 0);
        for range in blocks {
            ranges.push((turns, range.start));
            turns += range.end - range.start;
        }
        Self { ranges, turns }
    }

    pub(super) fn turns(&self) -> u64 {
        self.turns
    }

    /// How many turns there are before a block.
    pub(super) fn before(&self, block: u64) -> u64 {
        let at = self.ranges.partition_point(|(_, first)| *first < block);
        let Some(&(turn, first)) = at.checked_sub(1).and_then(|at| self.ranges.get(at)) else { return 0 };
        let end = self.ranges.get(at).map_or(self.turns, |(turn, _)| *turn);
        end.min(turn + (block - first))
    }

    fn block(&self, turn: u64) -> u64 {
        let at = self.ranges.partition_point(|(first, _)| *first <= turn);
        at.checked_sub(1).and_then(|at| self.ranges.get(at)).map_or(turn, |(first, block)| block + (turn - first))
    }
}

/// All workers of a run.
pub(super) struct Crew<'a> {
    context: &'a Context<'a>,
    todo: &'a Todo,
    workers: Vec<Worker<'a>>,
    /// Up to this turn all is done.
    done: u64,
}

impl<'a> Crew<'a> {
    pub(super) fn new(context: &'a Context<'a>, todo: &'a Todo, workers: u64) -> Self {
        Self { context, todo, workers: (0..workers).map(|_| Worker::new(context)).collect(), done: 0 }
    }

    /// Does all blocks up to a turn, and enters them into the ledger; fewer if the run is stopped.
    pub(super) fn work(&mut self, to: u64, watch: &Watch<'_>, ledger: &Ledger<'_>) {
        let next = AtomicU64::new(self.done);
        let (context, todo) = (self.context, self.todo);
        self.workers.par_iter_mut().with_max_len(1).for_each(|worker| {
            let _alarm = watch.alarm();
            let mut hand = ledger.enter();
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                if turn >= to || !watch.may_begin(turn) {
                    break;
                }
                let block = todo.block(turn);
                worker.block(block);
                ledger.done(&mut hand, block, worker, watch);
                let first = block * crate::streams::LANES as u64;
                watch.done(turn, context.end(block) - first, worker.take_samples());
            }
            ledger.leave(hand, worker, watch);
        });
        self.done = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_count_the_blocks_that_are_left() {
        let todo = Todo::new([2..5, 7..8, 10..12].into_iter());
        let blocks = [2, 3, 4, 7, 10, 11];
        assert_eq!(todo.turns(), 6);
        for (turn, block) in (0..).zip(blocks) {
            assert_eq!(todo.block(turn), block);
        }
        for block in 0..14 {
            assert_eq!(todo.before(block), blocks.iter().filter(|left| **left < block).count() as u64, "{block}");
        }
    }
}
