//! What the observer is told, when, and samples in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::observer::{Observer, Sample};
use crate::Error;

/// Milliseconds between two reports of progress: 50 a second look smooth and cost nothing.
const BETWEEN_REPORTS: u64 = 20;
/// Nothing has been told yet: the first block is told at once.
const NEVER: u64 = u64::MAX;
/// Engagements that are held at most for an observer, but for those of one block a worker.
const SAMPLES_HELD: u64 = 1 << 22;

/// The observer, and what all threads need to tell it.
pub(super) struct Watch<'o> {
    observer: Mutex<&'o mut (dyn Observer + Send)>,
    done: AtomicU64,
    of: u64,
    started: Instant,
    /// When progress was last told, in milliseconds after the start.
    told: AtomicU64,
    stopped: AtomicBool,
    line: Option<Line>,
}

/// Blocks of samples that wait for their turn.
struct Line {
    /// So many blocks may be under way or waiting.
    room: u64,
    waiting: Mutex<Waiting>,
    moved: Condvar,
}

struct Waiting {
    /// Whose turn it is.
    next: u64,
    blocks: BTreeMap<u64, Vec<Sample>>,
}

impl<'o> Watch<'o> {
    /// `samples_a_block`: none where the observer does not want them.
    pub(super) fn new(
        observer: &'o mut (dyn Observer + Send),
        done: u64,
        of: u64,
        workers: u64,
        samples_a_block: Option<u64>,
    ) -> Self {
        let line = samples_a_block.map(|samples| Line {
            room: (SAMPLES_HELD / samples.max(1)).max(workers).max(1),
            waiting: Mutex::new(Waiting { next: 0, blocks: BTreeMap::new() }),
            moved: Condvar::new(),
        });
        Self {
            observer: Mutex::new(observer),
            done: AtomicU64::new(done),
            of,
            started: Instant::now(),
            told: AtomicU64::new(NEVER),
            stopped: AtomicBool::new(false),
            line,
        }
    }

    /// Ends the run as soon as every worker has ended its block.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        if let Some(line) = &self.line {
            // Under the lock, so that nobody falls asleep between looking and waiting.
            let _waiting = line.lock();
            line.moved.notify_all();
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Waits until the block whose turn is `turn` may be begun; false if the run has been stopped.
    pub(super) fn may_begin(&self, turn: u64) -> bool {
        if let Some(line) = &self.line {
            let mut waiting = line.lock();
            while turn - waiting.next >= line.room && !self.is_stopped() {
                waiting = line.moved.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            }
        }
        !self.is_stopped()
    }

    /// A block is done.
    pub(super) fn done(&self, turn: u64, replications: u64, samples: Vec<Sample>) {
        self.done.fetch_add(replications, Ordering::Relaxed);
        if let Some(line) = &self.line {
            line.lock().blocks.insert(turn, samples);
            self.hand_on(line);
        }
        self.tell();
    }

    /// Hands on all blocks whose turn it is, unless somebody else is at it.
    fn hand_on(&self, line: &Line) {
        while line.has_next() {
            // Whoever holds the observer looks again after letting go of it, so nothing is left lying.
            let Ok(mut observer) = self.observer.try_lock() else { return };
            while let Some(samples) = line.take_next() {
                observer.samples(&samples);
            }
        }
    }

    fn tell(&self) {
        let now = self.started.elapsed().as_millis() as u64;
        let told = self.told.load(Ordering::Relaxed);
        if told != NEVER && now - told.min(now) < BETWEEN_REPORTS {
            return;
        }
        let Ok(mut observer) = self.observer.try_lock() else { return };
        if !self.is_stopped() {
            self.told.store(now, Ordering::Relaxed);
            observer.progress(self.done.load(Ordering::Relaxed), self.of);
            if observer.wants_to_stop() {
                self.stop();
            }
        }
        drop(observer);
        if let Some(line) = &self.line {
            self.hand_on(line);
        }
    }

    /// Tells that a checkpoint could not be written. A run with checkpoints has no samples that could be left lying meanwhile.
    pub(super) fn checkpoint_failed(&self, error: &Error) {
        self.observer.lock().unwrap_or_else(PoisonError::into_inner).checkpoint_failed(error);
    }

    /// How many replications are done.
    pub(super) fn count(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// How many there are to be done at most.
    pub(super) fn of(&self) -> u64 {
        self.of
    }

    /// Tells the last progress: all that there was to do is done.
    pub(super) fn end(&self) {
        let done = self.count();
        self.observer.lock().unwrap_or_else(PoisonError::into_inner).progress(done, done);
    }

    /// Stops the run if its holder panics, so that nobody waits for a turn that never comes.
    pub(super) fn alarm(&self) -> Alarm<'_, 'o> {
        Alarm(self)
    }
}

impl Line {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_next(&self) -> bool {
        let waiting = self.lock();
        waiting.blocks.contains_key(&waiting.next)
    }

    fn take_next(&self) -> Option<Vec<Sample>> {
        let mut waiting = self.lock();
        let next = waiting.next;
        let samples = waiting.blocks.remove(&next)?;
        waiting.next += 1;
        self.moved.notify_all();
        Some(samples)
    }
}

pub(super) struct Alarm<'w, 'o>(&'w Watch<'o>);

impl Drop for Alarm<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}
