//! One thread's engine and its counting: all that the run loop knows of how a block is made.

use super::observer::Sample;
use crate::Plan;
use crate::engine::Keys;
use crate::engine::record::Round;
use crate::engine::scalar::Engine;
use crate::outcome::layout::Layout;
use crate::outcome::tally::{Counter, Tally};
use crate::streams::LANES;

/// What all workers of a run share.
#[derive(Debug)]
pub(super) struct Context<'p> {
    pub(super) plan: &'p Plan,
    pub(super) layout: Layout,
    pub(super) keys: Keys,
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

    /// An empty tally.
    pub(super) fn tally(&self) -> Tally {
        Tally::new(&self.layout, self.rounds - self.warmup)
    }
}

/// Runs blocks of 256 replications, and counts them.
pub(super) struct Worker<'c> {
    context: &'c Context<'c>,
    engine: Engine<'c>,
    counter: Counter<'c>,
    samples: Vec<Sample>,
}

impl<'c> Worker<'c> {
    pub(super) fn new(context: &'c Context<'c>) -> Self {
        Self {
            context,
            engine: Engine::new(context.plan, &context.keys, context.rounds),
            counter: Counter::new(context.plan, &context.layout, context.rounds, context.warmup),
            samples: Vec::new(),
        }
    }

    /// Runs and counts a block.
    pub(super) fn block(&mut self, block: u64) {
        let Self { context, engine, counter, samples } = self;
        let first = block * LANES as u64;
        for (lane, replication) in (first..context.end(block)).enumerate() {
            engine.replication(replication, context.rounds, |round| {
                counter.round(block, round);
                if context.keep_samples && round.number >= context.warmup {
                    sample(counter.plan(), replication, round, samples);
                }
            });
            counter.end_replication(lane);
        }
        counter.end_block();
    }

    /// Takes the samples of the blocks since they were last taken.
    pub(super) fn take_samples(&mut self) -> Vec<Sample> {
        std::mem::take(&mut self.samples)
    }

    /// Takes the exact sums of the blocks since they were last taken.
    pub(super) fn take_tally(&mut self) -> Tally {
        let mut tally = std::mem::replace(&mut self.counter.tally, self.context.tally());
        tally.cut += std::mem::take(&mut self.engine.cut);
        tally
    }
}

fn sample(plan: &Plan, replication: u64, round: &Round, samples: &mut Vec<Sample>) {
    let from = samples.len();
    for (customer, record) in plan.customers.iter().zip(&round.customers) {
        samples.push(Sample {
            replication,
            round: round.number,
            customer: customer.at,
            wait: record.wait,
            lateness: record.lateness,
            error: record.error,
            quality: record.quality,
            satisfaction: record.satisfaction,
            perfect: record.perfect,
        });
    }
    samples[from..].sort_by_key(|sample| sample.customer);
}
