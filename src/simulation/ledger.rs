//! What is done so far: the exact sums and the replications that they are of, together; and when they are written down.
//!
//! Every worker counts for itself. When a checkpoint is due, it is called: each worker enters what it has done when it ends
//! its block, and goes on; the last one to do so writes the checkpoint, while the others are at work. Nobody waits.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::checkpoint::Checkpoint;
use super::watch::Watch;
use super::worker::{Context, Worker};
use crate::streams::LANES;
use crate::{Error, Outcome};

/// Writing may take this share of the time at most: a checkpoint that takes a second is not written every second.
const SHARE: u32 = 20;
/// Blocks that a worker remembers at most.
const REMEMBERED: usize = 1 << 16;
/// No checkpoint is due.
const NEVER: u64 = u64::MAX;

/// The ledger of a run.
pub(super) struct Ledger<'a> {
    context: &'a Context<'a>,
    kept: Mutex<Kept>,
    book: Option<Book<'a>>,
}

struct Kept {
    outcome: Outcome,
    /// Workers at work.
    busy: usize,
    /// Of these, who has entered what it had since the last call.
    answered: usize,
    /// A checkpoint has been called and is not being written yet.
    called: bool,
    /// Why the last checkpoint could not be written; the next one makes up for it.
    failed: Option<Error>,
}

/// Where checkpoints go, and when.
struct Book<'a> {
    checkpoint: &'a Checkpoint,
    every: Duration,
    started: Instant,
    /// When the next one is due, in milliseconds after the start.
    due: AtomicU64,
    /// How many were called.
    calls: AtomicU64,
}

/// What a worker has done but not entered.
#[derive(Default)]
pub(super) struct Hand {
    blocks: Vec<u64>,
    /// The last call that it answered.
    call: u64,
}

impl Book<'_> {
    fn is_due(&self) -> bool {
        let due = self.due.load(Ordering::Relaxed);
        due != NEVER && self.started.elapsed().as_millis() as u64 >= due
    }

    fn next_in(&self, wait: Duration) {
        let due = self.started.elapsed().saturating_add(wait).as_millis().min(u128::from(NEVER - 1));
        self.due.store(due as u64, Ordering::Relaxed);
    }
}

impl<'a> Ledger<'a> {
    /// Goes on from an outcome, which may be empty.
    pub(super) fn new(
        context: &'a Context<'a>,
        outcome: Outcome,
        checkpoint: Option<(&'a Checkpoint, Duration)>,
    ) -> Self {
        let book = checkpoint.map(|(checkpoint, every)| {
            let book =
                Book { checkpoint, every, started: Instant::now(), due: AtomicU64::new(0), calls: AtomicU64::new(0) };
            book.next_in(every);
            book
        });
        let kept = Kept { outcome, busy: 0, answered: 0, called: false, failed: None };
        Self { context, kept: Mutex::new(kept), book }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A worker begins.
    pub(super) fn enter(&self) -> Hand {
        let mut kept = self.lock();
        kept.busy += 1;
        let call = self.book.as_ref().map_or(0, |book| book.calls.load(Ordering::Relaxed));
        // Whoever has nothing yet has nothing to enter.
        kept.answered += usize::from(kept.called);
        Hand { blocks: Vec::new(), call }
    }

    /// A worker has done a block.
    pub(super) fn done(&self, hand: &mut Hand, block: u64, worker: &mut Worker<'_>, watch: &Watch<'_>) {
        hand.blocks.push(block);
        if hand.blocks.len() >= REMEMBERED {
            self.enter_blocks(&mut self.lock(), hand, worker);
        }
        let Some(book) = &self.book else { return };
        let due = book.is_due();
        if !due && hand.call == book.calls.load(Ordering::Relaxed) {
            return;
        }
        let mut kept = self.lock();
        if due && book.is_due() && !kept.called {
            book.due.store(NEVER, Ordering::Relaxed);
            book.calls.fetch_add(1, Ordering::Relaxed);
            kept.called = true;
            kept.answered = 0;
        }
        let call = book.calls.load(Ordering::Relaxed);
        if hand.call != call {
            self.enter_blocks(&mut kept, hand, worker);
            hand.call = call;
            kept.answered += usize::from(kept.called);
        }
        self.write_if_complete(kept, book, watch);
    }

    /// A worker goes.
    pub(super) fn leave(&self, mut hand: Hand, worker: &mut Worker<'_>, watch: &Watch<'_>) {
        let mut kept = self.lock();
        self.enter_blocks(&mut kept, &mut hand, worker);
        kept.busy -= 1;
        let Some(book) = &self.book else { return };
        if kept.called && hand.call == book.calls.load(Ordering::Relaxed) {
            kept.answered -= 1;
        }
        self.write_if_complete(kept, book, watch);
    }

    fn enter_blocks(&self, kept: &mut Kept, hand: &mut Hand, worker: &mut Worker<'_>) {
        if hand.blocks.is_empty() {
            return;
        }
        let part = |block: u64| (block * LANES as u64, self.context.end(block));
        let parts: Vec<(u64, u64)> = hand.blocks.drain(..).map(part).collect();
        kept.outcome.absorb(&parts, |tally| worker.settle(tally));
    }

    /// Writes the checkpoint once everybody has entered what they had; the file is written outside of the lock.
    fn write_if_complete(&self, mut kept: MutexGuard<'_, Kept>, book: &Book<'_>, watch: &Watch<'_>) {
        if !kept.called || kept.answered < kept.busy {
            return;
        }
        kept.called = false;
        let began = Instant::now();
        let text = book.checkpoint.text(&kept.outcome);
        drop(kept);
        let written = text.and_then(|text| book.checkpoint.write(&text));
        self.note(written.err(), watch);
        book.next_in(book.every.max(began.elapsed().saturating_mul(SHARE)));
    }

    /// Remembers whether the last checkpoint could be written, and tells the first of several failures.
    fn note(&self, failed: Option<Error>, watch: &Watch<'_>) {
        let before = std::mem::replace(&mut self.lock().failed, failed.clone());
        if let (None, Some(error)) = (before, failed) {
            watch.checkpoint_failed(&error);
        }
    }

    /// Writes down all that is done; nobody is at work.
    pub(super) fn close(&self, watch: &Watch<'_>) -> Result<(), Error> {
        let Some(book) = &self.book else { return Ok(()) };
        let text = self.look(|outcome| book.checkpoint.text(outcome));
        let written = text.and_then(|text| book.checkpoint.write(&text));
        self.note(written.clone().err(), watch);
        written
    }

    /// Looks at all that is done.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Outcome) -> T) -> T {
        look(&self.lock().outcome)
    }

    /// All that was done.
    pub(super) fn into_outcome(self) -> Outcome {
        self.kept.into_inner().unwrap_or_else(PoisonError::into_inner).outcome
    }
}
