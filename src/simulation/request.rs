//! What is asked for: how many replications of which plan, under which seed, at which detail, and how far.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::checkpoint::Checkpoint;
use super::observer::{Nobody, Observer};
use super::precision::{self, Target};
use crate::engine::Keys;
use crate::engine::scalar::Engine;
use crate::outcome::layout::Layout;
use crate::outcome::tally::Tally;
use crate::outcome::{Meta, Things};
use crate::shock::{Blows, Shock};
use crate::streams::{LANES, STREAM_VERSION};
use crate::{Detail, Error, ErrorKind, Organization, Outcome, Plan, Trace, grid};

const DEFAULT_REPLICATIONS: u64 = 10_000;
const MAX_REPLICATIONS: u64 = 1 << 40;
pub(crate) const MAX_ROUNDS: u32 = 1_000_000;
/// Engagements of a block that can be kept for an observer: more than a gigabyte on each thread.
const MAX_SAMPLES: u64 = 1 << 24;
/// Between two checkpoints: what may be lost of a long run.
const DEFAULT_EVERY: Duration = Duration::from_secs(5);

/// A run to be made: `plan.simulate().replications(100_000).seed(7).run()?`.
///
/// ```
/// use ripple_effect::{Detail, Organization};
///
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides("stock list", 2.0))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Guests", "stock list")
///     .build()?;
/// let outcome = shop.simulate()?.replications(5_000).seed(7).detail(Detail::Services).run()?;
/// assert_eq!(outcome.meta().replications, 5_000);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Simulation {
    /// Shared: a run that is asked for once more, or otherwise, costs no second plan.
    pub(super) plan: Arc<Plan>,
    pub(super) replications: u64,
    pub(super) seed: u64,
    pub(super) rounds: Option<u32>,
    warmup: Option<u32>,
    pub(super) shocks: Vec<Shock>,
    pub(super) blows: Blows,
    pub(super) detail: Detail,
    pub(super) threads: Option<usize>,
    shard: (u64, u64),
    pub(super) until: Vec<Target>,
    checkpoint: Option<PathBuf>,
    every: Duration,
}

/// What is asked for, checked, with what the model says where nothing else was said.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) rounds: u32,
    pub(super) warmup: u32,
}

/// The size of a run, for those who make it in their own way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sized {
    pub(crate) seed: u64,
    /// Of the whole run: where its last block ends.
    pub(crate) replications: u64,
    pub(crate) rounds: u32,
    pub(crate) warmup: u32,
    /// The first block, and the one after the last.
    pub(crate) blocks: (u64, u64),
}

impl Organization {
    /// Compiles the organisation and prepares a run: `organization.simulate()?.replications(10_000).run()?`.
    ///
    /// # Errors
    /// As [`plan`](Organization::plan).
    pub fn simulate(&self) -> Result<Simulation, Error> {
        Ok(self.plan()?.simulate())
    }
}

impl Plan {
    /// Prepares a run.
    #[must_use]
    pub fn simulate(&self) -> Simulation {
        Simulation::new(self.clone())
    }
}

impl Simulation {
    fn new(plan: Plan) -> Self {
        Self {
            plan: Arc::new(plan),
            replications: DEFAULT_REPLICATIONS,
            seed: 1,
            rounds: None,
            warmup: None,
            shocks: Vec::new(),
            blows: Blows::default(),
            detail: Detail::default(),
            threads: None,
            shard: (0, 1),
            until: Vec::new(),
            checkpoint: None,
            every: DEFAULT_EVERY,
        }
    }

    /// How many independent replications, `1..=2^40`; 10,000 unless said.
    #[must_use]
    pub fn replications(mut self, replications: u64) -> Self {
        self.replications = replications;
        self
    }

    /// The seed, which together with the model decides every draw; 1 unless said.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Rounds in a replication, `1..=1_000_000`; those of the model unless said.
    #[must_use]
    pub fn rounds(mut self, rounds: u32) -> Self {
        self.rounds = Some(rounds);
        self.lay_shocks();
        self
    }

    /// Rounds at the start of each replication that figures leave out; those of the model unless said.
    #[must_use]
    pub fn warmup(mut self, warmup: u32) -> Self {
        self.warmup = Some(warmup);
        self
    }

    /// How much is kept; what customers feel unless said.
    #[must_use]
    pub fn detail(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }

    /// How many threads; those of the rayon pool it runs in unless said. The outcome is the same, to the last bit.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Runs only the `index`-th of `of` parts of the replications, cut at multiples of 256; all of them unless said. Parts
    /// are counted from 0 here (`shard(0, 3)` is the first of three) and from 1 on the command line (`--shard 1/3`). The
    /// parts [`merge`](Outcome::merge) to the bits of the whole. A part is empty where there are more parts than blocks.
    ///
    /// ```
    /// use ripple_effect::Organization;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let whole = shop.simulate()?.replications(1_000);
    /// let mut merged = whole.clone().shard(1, 2).run()?;
    /// merged.merge(&whole.clone().shard(0, 2).run()?)?;
    /// assert_eq!(merged, whole.run()?);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn shard(mut self, index: u64, of: u64) -> Self {
        self.shard = (index, of);
        self
    }

    /// Ends the run as soon as the 95 % interval of a figure is no wider than `half_width` (in the unit of the figure) to
    /// either side; [`replications`](Simulation::replications) are then the most that are spent. May be said of several
    /// figures: all of them are then known that well. Whether they are, [`Meta::precision`](crate::outcome::Meta) says.
    ///
    /// The figure is one of a customer, by its name: `Guests.wait.mean`, `Guests.perfect`, `Guests.lateness.p95`;
    /// `Guests / Ana/stock list.time.p90` of a stage of the journey, `Guests / Ana.brought_error` of an input.
    ///
    /// It is decided after 2,560 replications and whenever a quarter more are done, so that the same run ends at the same
    /// replication on any machine. Stopping where an interval is narrow makes it cover a little less often than 95 % (Chow &
    /// Robbins 1965, *Annals of Mathematical Statistics* 36; Law & Kelton 1982, *Management Science* 28); the least number of
    /// replications and the few decisions keep that small. An interval of no width at all never ends a run early: it says
    /// only that nothing has varied yet.
    ///
    /// ```
    /// use ripple_effect::{Distribution, Organization};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", Distribution::exponential(2.0)))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let outcome = shop.simulate()?.replications(1_000_000).until("Guests.wait.mean", 0.05).run()?;
    /// assert!(outcome.meta().precision[0].reached);
    /// assert!(outcome.meta().replications < 10_000);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn until(mut self, figure: impl Into<String>, half_width: f64) -> Self {
        self.until.push(Target { figure: figure.into(), half_width });
        self
    }

    /// Writes what is done to a file every few seconds, and goes on from there if the file is there already: a run that was
    /// cut off at any moment ends with the same bits. The file is replaced at once, never half written, unless it is a pipe or
    /// a device; at the end of the run it holds all of it, and stays. A checkpoint waits until each thread has done the block
    /// of 256 replications that it is at.
    ///
    /// Where a checkpoint cannot be written on the way, the run goes on and tries again: see
    /// [`Observer::checkpoint_failed`].
    ///
    /// # Errors
    /// [`run`](Simulation::run) then fails with [`ErrorKind::Io`] where the file cannot be read, or not be written at the
    /// start, or where the run is stopped and its last checkpoint cannot be written; and with [`ErrorKind::Mismatch`], naming the file and what differs, where it is damaged or of another run. With an observer that
    /// wants samples it fails with [`ErrorKind::Range`]: those of before are gone when a run goes on.
    ///
    /// ```
    /// use ripple_effect::Organization;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// # let folder = tempfile::tempdir().unwrap();
    /// let file = folder.path().join("checkpoint.json");
    /// let outcome = shop.simulate()?.checkpoint(&file).run()?;
    /// // All is done: this reads it.
    /// assert_eq!(shop.simulate()?.checkpoint(&file).run()?, outcome);
    /// // This is another run.
    /// assert!(shop.simulate()?.seed(2).checkpoint(&file).run().is_err());
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn checkpoint(mut self, file: impl Into<PathBuf>) -> Self {
        self.checkpoint = Some(file.into());
        self
    }

    /// How long to work between two checkpoints at least; 5 seconds unless said. Where writing one takes long, it is
    /// 20 times that.
    #[must_use]
    pub fn checkpoint_every(mut self, time: Duration) -> Self {
        self.every = time;
        self
    }

    /// Checks that it can be run, before time is spent on it.
    ///
    /// # Errors
    /// As [`run`](Simulation::run).
    pub fn check(&self) -> Result<(), Error> {
        self.checked().map(|_| ())
    }

    /// The plan that is run.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Runs it.
    ///
    /// # Errors
    /// [`ErrorKind::Range`] if replications, rounds or warm-up are out of range, or the last round would be released after
    /// 2^23 hours, or a [shock](Simulation::shocked) begins after it; [`ErrorKind::Name`] of a figure in [`until`](Simulation::until) that there is not; and those of
    /// [`checkpoint`](Simulation::checkpoint).
    ///
    /// # Complexity
    /// Time O(replications * rounds * (services + dependencies)). Memory does not grow with replications.
    pub fn run(&self) -> Result<Outcome, Error> {
        self.run_observed(&mut Nobody)
    }

    /// Runs it, shows progress and every engagement to an observer, in order, and stops if the observer wants it.
    ///
    /// # Errors
    /// As [`run`](Simulation::run); [`ErrorKind::Cancelled`] if the observer stopped it; [`ErrorKind::Range`] if it wants
    /// samples and a block of 256 replications has more than 2^24 engagements (replications, at most 256, times rounds after
    /// the warm-up, times customers).
    pub fn run_observed(&self, observer: &mut (dyn Observer + Send)) -> Result<Outcome, Error> {
        let asked = self.checked()?;
        self.in_pool(|| self.run_here(&asked, observer))?
    }

    /// Works on as many threads as were asked for.
    pub(crate) fn in_pool<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
        match self.threads {
            None => Ok(work()),
            Some(threads) => {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| {
                    Error::new(
                        ErrorKind::Range,
                        "threads",
                        format!("{threads}: {error}"),
                        "a number of threads that the system can start",
                        "Ask for fewer.",
                    )
                })?;
                Ok(pool.install(work))
            }
        }
    }

    /// What is asked for, checked: the seed, all replications, the rounds of each and how many of them do not count.
    pub(crate) fn sized(&self) -> Result<Sized, Error> {
        let Asked { rounds, warmup } = self.checked()?;
        Ok(Sized { seed: self.seed, replications: self.replications, rounds, warmup, blocks: self.blocks() })
    }

    /// Everything that happens in one replication: every draw, arrival, start and finish.
    ///
    /// # Errors
    /// As [`run`](Simulation::run).
    pub fn trace(&self, replication: u64) -> Result<Trace, Error> {
        let Asked { rounds, .. } = self.checked()?;
        if replication >= MAX_REPLICATIONS {
            return Err(out_of_range("replication", replication, 0, MAX_REPLICATIONS - 1));
        }
        let keys = Keys::of(&self.plan, self.seed);
        let mut engine = Engine::new(&self.plan, &keys, rounds);
        let mut trace = Trace::new(&self.plan, self.seed, replication);
        engine.replication(replication, rounds, |round| trace.round(&self.plan, round));
        Ok(trace)
    }

    pub(super) fn checked(&self) -> Result<Asked, Error> {
        let rounds = self.rounds.unwrap_or(self.plan.rounds);
        let warmup = self.warmup.unwrap_or(self.plan.warmup);
        if !(1..=MAX_REPLICATIONS).contains(&self.replications) {
            return Err(out_of_range("replications", self.replications, 1, MAX_REPLICATIONS));
        }
        if !(1..=MAX_ROUNDS).contains(&rounds) {
            return Err(out_of_range("rounds", rounds.into(), 1, MAX_ROUNDS.into()));
        }
        self.blows.check(rounds)?;
        let (index, of) = self.shard;
        if !(1..=MAX_REPLICATIONS).contains(&of) {
            return Err(out_of_range("shard", of, 1, MAX_REPLICATIONS));
        }
        if index >= of {
            return Err(out_of_range("shard", index, 0, of - 1));
        }
        if warmup >= rounds {
            return Err(out_of_range("warmup", warmup.into(), 0, u64::from(rounds) - 1));
        }
        let things = self.plan.services.len().max(self.plan.employees.len()).max(self.plan.dependencies.len());
        let counts_everybody = self.detail >= Detail::Services || self.plan.climate.is_some();
        if counts_everybody && things as u64 * u64::from(rounds) > u64::from(u32::MAX) {
            return Err(Error::new(
                ErrorKind::Range,
                "rounds",
                format!("{rounds} rounds of {things} things"),
                "at most 2^32 - 1 things to count in a replication, where figures are kept for everybody",
                "Run fewer rounds, or ask for less detail.",
            ));
        }
        let last = self.plan.cadence_mean * f64::from(rounds - 1);
        if last > grid::MAX_TIME {
            return Err(Error::new(
                ErrorKind::Range,
                "cadence",
                format!("{rounds} rounds, {} hours apart: the last one after {last} hours", self.plan.cadence_mean),
                format!("a last round within 2^23 = {} hours", grid::MAX_TIME),
                "Run fewer rounds, or shorten the cadence.",
            ));
        }
        if of > 1 && !self.until.is_empty() {
            return Err(Error::new(
                ErrorKind::Range,
                "until",
                "a precision to be reached by one shard",
                "one that is reached by the whole run",
                "Leave it out, merge the shards that are done, and read the interval; run more of them if need be.",
            ));
        }
        let asked = Asked { rounds, warmup };
        if !self.until.is_empty() {
            precision::check(&self.until, &self.empty(&asked))?;
        }
        Ok(asked)
    }

    /// Checks that samples of a block can be kept.
    pub(super) fn check_samples(&self, asked: &Asked) -> Result<(), Error> {
        let (lanes, rounds) = (self.replications.min(LANES as u64), u64::from(asked.rounds - asked.warmup));
        let customers = self.plan.customers.len() as u64;
        let engagements = lanes * rounds * customers;
        if engagements <= MAX_SAMPLES {
            return Ok(());
        }
        let mend = match MAX_SAMPLES / (lanes * customers.max(1)) {
            0 => "Ask for fewer replications than 256, or for no samples.".to_owned(),
            fit => format!(
                "Ask for {fit} rounds after the warm-up or fewer, for fewer replications than 256, or no samples."
            ),
        };
        Err(Error::new(
            ErrorKind::Range,
            "samples",
            format!(
                "{engagements} engagements at a time: {lanes} replications of {rounds} rounds after the warm-up, \
                 {customers} customers"
            ),
            format!("2^24 = {MAX_SAMPLES} at most"),
            mend,
        ))
    }

    /// The first block, and the one after the last.
    pub(super) fn blocks(&self) -> (u64, u64) {
        let blocks = self.replications.div_ceil(LANES as u64);
        let (index, of) = self.shard;
        let cut = |index: u64| (u128::from(blocks) * u128::from(index) / u128::from(of)) as u64;
        (cut(index), cut(index + 1))
    }

    /// Where checkpoints go, and how often.
    pub(super) fn checkpoint_file(&self) -> Option<(Checkpoint, Duration)> {
        let path = self.checkpoint.clone()?;
        Some((Checkpoint { path, shard: self.shard, until: self.until.clone() }, self.every))
    }

    /// The outcome before anything is done.
    pub(super) fn empty(&self, asked: &Asked) -> Outcome {
        let &Asked { rounds, warmup } = asked;
        let things = Things::of(&self.plan, self.detail);
        let tally = Tally::new(&Layout::of(&things, self.detail, rounds), rounds - warmup);
        let description = self.plan.organization.description();
        let meta = Meta {
            model: description.name.clone(),
            model_hash: self.plan.fingerprint(),
            seed: self.seed,
            replications: 0,
            missing: self.replications,
            rounds,
            warmup,
            detail: self.detail,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            stream_version: STREAM_VERSION,
            cadence: self.plan.cadence_mean,
            hours_per_day: description.hours_per_day.unwrap_or(8.0),
            currency: description.currency.clone(),
            cut: 0,
            precision: Vec::new(),
            intervals:
                "95 %: means by Student's t over replications; probabilities exact binomial (Clopper-Pearson, at \
                        least 95 %) where a replication has one trial, else by replication; quantiles by order \
                        statistics, or over ten groups of blocks where rounds are correlated; null where none can be \
                        given"
                    .to_owned(),
            cite: format!("ripple-effect {} (see CITATION.cff)", env!("CARGO_PKG_VERSION")),
        };
        Outcome { meta, parts: Vec::new(), things, tally }
    }
}

fn out_of_range(path: &str, found: u64, low: u64, high: u64) -> Error {
    Error::new(
        ErrorKind::Range,
        path,
        found.to_string(),
        format!("{low} to {high}"),
        format!("Ask for {low} or more, {high} or fewer."),
    )
}
