//! Who watches a run.

use crate::Error;

/// One customer's engagement: a row of what [`Observer::samples`] is given.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Sample {
    /// The replication, from 0.
    pub replication: u64,
    /// The round, from 0; rounds of the warm-up are left out.
    pub round: u32,
    /// An index into `description().customers`.
    pub customer: usize,
    /// Hours from release to having everything.
    pub wait: f64,
    /// Hours beyond the promise.
    pub lateness: f64,
    /// Whether an error arrived.
    pub error: bool,
    /// Quality, `0..=1`.
    pub quality: f64,
    /// Satisfaction, `0..=100`.
    pub satisfaction: f64,
    /// On time, free of error, and of good enough quality.
    pub perfect: bool,
}

/// Watches a run, and may stop it. All methods do nothing unless they are written.
///
/// They are called on the threads of the run, one at a time. What takes long in them holds up the run, so show what you
/// are told and return.
///
/// ```
/// use ripple_effect::{ErrorKind, Observer, Organization};
///
/// /// Stops as soon as it may.
/// struct Impatient;
///
/// impl Observer for Impatient {
///     fn wants_to_stop(&self) -> bool {
///         true
///     }
/// }
///
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides("stock list", 2.0))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Guests", "stock list")
///     .build()?;
/// let error = shop.simulate()?.replications(1_000_000_000_000).run_observed(&mut Impatient).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Cancelled);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
pub trait Observer {
    /// So many of all replications are done, those of a checkpoint included. Called after the first block of 256
    /// replications, then after others, but not more often than 50 times a second, and at the end, when both numbers are the
    /// same.
    fn progress(&mut self, _done: u64, _of: u64) {}

    /// Whether the run is to be stopped. Asked whenever [`progress`](Observer::progress) is told, but for the last time.
    ///
    /// Each thread then ends its block of 256 replications, and the run ends with
    /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled): there is no outcome that could be mistaken for a whole one. With
    /// a [`checkpoint`](crate::Simulation::checkpoint) nothing that was done is lost.
    fn wants_to_stop(&self) -> bool {
        false
    }

    /// Whether [`samples`](Observer::samples) is wanted at all. Asked once, at the start.
    fn wants_samples(&self) -> bool {
        false
    }

    /// A [`checkpoint`](crate::Simulation::checkpoint) could not be written. The run goes on, and it is tried again after the
    /// next interval and at the end; what fails again before one has been written is not told again. A run that comes to its
    /// end gives its outcome all the same; one that is stopped gives this error if the last checkpoint cannot be written
    /// either.
    fn checkpoint_failed(&mut self, _error: &Error) {}

    /// Every engagement, ascending in replication, round and customer.
    ///
    /// Do not use rayon in here: while it waits, its thread may take up another share of the run, which waits for this
    /// method to return, and neither goes on. Hand what you are given to a thread of your own, or compute after the run.
    fn samples(&mut self, _samples: &[Sample]) {}
}

/// Sees nothing.
pub(super) struct Nobody;

impl Observer for Nobody {}
