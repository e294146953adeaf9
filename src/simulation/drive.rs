//! From what is asked for to the outcome.

use super::crew::{Crew, Todo};
use super::ledger::Ledger;
use super::observer::Observer;
use super::precision::{is_enough, looks, reached};
use super::request::{Asked, Simulation};
use super::watch::Watch;
use super::worker::Context;
use crate::engine::Keys;
use crate::engine::block::Program;
use crate::outcome::layout::Layout;
use crate::streams::LANES;
use crate::{Error, ErrorKind, Outcome};

impl Simulation {
    /// Runs it in the current pool of threads.
    pub(super) fn run_here(&self, asked: &Asked, observer: &mut (dyn Observer + Send)) -> Result<Outcome, Error> {
        let empty = self.empty(asked);
        let context = Context {
            plan: &self.plan,
            layout: Layout::of(&empty.things, self.detail, asked.rounds),
            keys: Keys::of(&self.plan, self.seed),
            program: Program::new(&self.plan, asked.rounds),
            replications: self.replications,
            rounds: asked.rounds,
            warmup: asked.warmup,
            keep_samples: observer.wants_samples(),
        };
        if context.keep_samples {
            self.check_samples(asked)?;
        }
        let checkpoint = self.checkpoint_file();
        if checkpoint.is_some() && context.keep_samples {
            return Err(Error::new(
                ErrorKind::Range,
                "checkpoint",
                "samples are wanted too",
                "a checkpoint or samples: those of before are gone when a run goes on",
                "Leave one of them out; for samples of a long run, run shards.",
            ));
        }
        let resumed = match &checkpoint {
            Some((checkpoint, _)) => checkpoint.resume(empty)?,
            None => empty,
        };
        let (first, last) = self.blocks();
        let replications = |blocks: u64| self.replications.min(blocks * LANES as u64);
        let all = replications(first)..replications(last);
        let missing = resumed.missing_in(all.clone());
        let blocks = |from: u64, to: u64| from / LANES as u64..to.div_ceil(LANES as u64);
        let todo = Todo::new(missing.iter().map(|range| blocks(range.start, range.end)));
        let before = resumed.meta().replications;
        let between = |at: u64| at.is_multiple_of(LANES as u64) || at == self.replications;
        let cut_inside = resumed.parts.iter().any(|(from, to)| !between(*from) || !between(*to));
        if cut_inside
            || before + missing.iter().map(|range| range.end - range.start).sum::<u64>() != all.end - all.start
        {
            return Err(Error::new(
                ErrorKind::Mismatch,
                "checkpoint",
                "replications that are not of this shard",
                "replications of this shard",
                "Remove the file to begin from the start.",
            ));
        }

        let count = (rayon::current_num_threads() as u64).min(todo.turns());
        let samples_a_block = LANES as u64 * u64::from(asked.rounds - asked.warmup) * self.plan.customers.len() as u64;
        let samples_a_block = context.keep_samples.then_some(samples_a_block);
        let watch = Watch::new(observer, before, all.end - all.start, count, samples_a_block);
        let ledger =
            Ledger::new(&context, resumed, checkpoint.as_ref().map(|(checkpoint, every)| (checkpoint, *every)));
        let mut crew = Crew::new(&context, &todo, count);

        // Decisions that lie behind were for going on; the one that the work stopped at is made again, the same way.
        let decisions = looks().take_while(|look| !self.until.is_empty() && *look < last);
        let mut enough = false;
        for look in decisions {
            crew.work(todo.before(look), &watch, &ledger);
            if watch.is_stopped() {
                break;
            }
            if ledger.look(|outcome| outcome.parts == [(0, replications(look))]) {
                enough = is_enough(&ledger.look(|outcome| reached(&self.until, outcome)));
                if enough {
                    break;
                }
            }
        }
        if !enough && !watch.is_stopped() {
            crew.work(todo.turns(), &watch, &ledger);
        }
        let closed = ledger.close(&watch);
        let is_whole = ledger.look(|outcome| outcome.missing_in(all).is_empty());
        if !(enough || is_whole) {
            closed?;
            return Err(cancelled(watch.count(), &watch, checkpoint.is_some()));
        }
        watch.end();
        let mut outcome = ledger.into_outcome();
        if enough {
            outcome.meta.missing = 0;
        }
        outcome.meta.precision = reached(&self.until, &outcome);
        Ok(outcome)
    }
}

fn cancelled(done: u64, watch: &Watch<'_>, kept: bool) -> Error {
    Error::new(
        ErrorKind::Cancelled,
        "",
        format!("stopped after {done} of {} replications", watch.of()),
        "a run to its end",
        if kept { "Run it again: it goes on from its checkpoint." } else { "Run it again." },
    )
}
