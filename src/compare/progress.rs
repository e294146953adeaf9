//! What an observer is told while scenarios or portfolios are run, and whether it wants them to end.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::{Error, ErrorKind, Observer};

/// Not more often than that.
const EVERY: Duration = Duration::from_millis(20);

/// Counts what is done on all threads.
pub(crate) struct Progress<'o> {
    observer: Mutex<(&'o mut (dyn Observer + Send), Option<Instant>)>,
    done: AtomicU64,
    of: u64,
    is_stopped: AtomicBool,
}

impl<'o> Progress<'o> {
    /// So many replications are to be run in all.
    pub(crate) fn new(observer: &'o mut (dyn Observer + Send), of: u64) -> Self {
        Self { observer: Mutex::new((observer, None)), done: AtomicU64::new(0), of, is_stopped: AtomicBool::new(false) }
    }

    /// So many more are done.
    pub(crate) fn add(&self, replications: u64) {
        let done = self.done.fetch_add(replications, Ordering::Relaxed) + replications;
        // Who finds somebody telling already goes on working: the next one tells.
        let Ok(mut held) = self.observer.try_lock() else { return };
        let (observer, last) = &mut *held;
        if last.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        *last = Some(Instant::now());
        observer.progress(done.min(self.of), self.of);
        if observer.wants_to_stop() {
            self.is_stopped.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Stops all threads, as one of them has failed.
    pub(crate) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// All is done: tells it, or says that it was stopped.
    pub(crate) fn end(self) -> Result<(), Error> {
        if self.is_stopped() {
            let done = self.done.load(Ordering::Relaxed);
            let found = format!("stopped after {done} of {} replications", self.of);
            return Err(Error::new(ErrorKind::Cancelled, "", found, "a run to its end", "Run it again."));
        }
        if let Ok((observer, _)) = self.observer.into_inner() {
            observer.progress(self.of, self.of);
        }
        Ok(())
    }
}

/// Sees nothing.
pub(crate) struct Nobody;

impl Observer for Nobody {}
