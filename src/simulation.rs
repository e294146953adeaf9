//! A run: how many replications of which plan, under which seed, at which detail.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::engine::Keys;
use crate::engine::block::{BlockEngine, Program};
use crate::engine::scalar::Engine;
use crate::outcome::count::Count;
use crate::outcome::layout::Layout;
use crate::outcome::tally::Tally;
use crate::outcome::{Meta, Things};
use crate::streams::{LANES, STREAM_VERSION};
use crate::{Detail, Error, ErrorKind, Organization, Outcome, Plan, Trace, grid};

/// Blocks that each worker takes between two looks at the observer.
const BLOCKS_A_WAVE: u64 = 16;
/// Engagements that are held at most for an observer, but for those of one block a worker.
const SAMPLES_HELD: u64 = 1 << 22;
const DEFAULT_REPLICATIONS: u64 = 10_000;
const MAX_REPLICATIONS: u64 = 1 << 40;
pub(crate) const MAX_ROUNDS: u32 = 1_000_000;

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

/// Watches a run. All methods do nothing unless they are written.
pub trait Observer {
    /// So many of all replications are done. Called now and then, and at the end, on a thread of the run.
    fn progress(&mut self, _done: u64, _of: u64) {}

    /// Whether [`samples`](Observer::samples) is wanted at all.
    fn wants_samples(&self) -> bool {
        false
    }

    /// Every engagement, ascending in replication, round and customer.
    fn samples(&mut self, _samples: &[Sample]) {}
}

/// Sees nothing.
struct Nobody;

impl Observer for Nobody {}

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
    plan: Plan,
    replications: u64,
    seed: u64,
    rounds: Option<u32>,
    warmup: Option<u32>,
    detail: Detail,
    threads: Option<usize>,
    shard: (u64, u64),
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
            plan,
            replications: DEFAULT_REPLICATIONS,
            seed: 1,
            rounds: None,
            warmup: None,
            detail: Detail::default(),
            threads: None,
            shard: (0, 1),
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

    /// Runs only the `index`-th of `of` parts of the replications, cut at multiples of 256; all of them unless said. The
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
    /// [`ErrorKind::Range`](crate::ErrorKind::Range) if replications, rounds or warm-up are out of range, or the last
    /// round would be released after 2^23 hours.
    ///
    /// # Complexity
    /// Time O(replications * rounds * (services + dependencies)). Memory does not grow with replications.
    pub fn run(&self) -> Result<Outcome, Error> {
        self.run_observed(&mut Nobody)
    }

    /// Runs it, and shows progress and every engagement to an observer, in order.
    ///
    /// # Errors
    /// As [`run`](Simulation::run).
    pub fn run_observed(&self, observer: &mut (dyn Observer + Send)) -> Result<Outcome, Error> {
        let (rounds, warmup) = self.checked()?;
        match self.threads {
            None => Ok(self.run_here(rounds, warmup, observer)),
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
                Ok(pool.install(|| self.run_here(rounds, warmup, observer)))
            }
        }
    }

    /// Everything that happens in one replication: every draw, arrival, start and finish.
    ///
    /// # Errors
    /// As [`run`](Simulation::run).
    pub fn trace(&self, replication: u64) -> Result<Trace, Error> {
        let (rounds, _) = self.checked()?;
        if replication >= MAX_REPLICATIONS {
            return Err(out_of_range("replication", replication, 0, MAX_REPLICATIONS - 1));
        }
        let keys = Keys::of(&self.plan, self.seed);
        let mut engine = Engine::new(&self.plan, &keys, rounds);
        let mut trace = Trace::new(&self.plan, self.seed, replication);
        engine.replication(replication, rounds, |round| trace.round(&self.plan, round));
        Ok(trace)
    }

    fn checked(&self) -> Result<(u32, u32), Error> {
        let rounds = self.rounds.unwrap_or(self.plan.rounds);
        let warmup = self.warmup.unwrap_or(self.plan.warmup);
        if !(1..=MAX_REPLICATIONS).contains(&self.replications) {
            return Err(out_of_range("replications", self.replications, 1, MAX_REPLICATIONS));
        }
        if !(1..=MAX_ROUNDS).contains(&rounds) {
            return Err(out_of_range("rounds", rounds.into(), 1, MAX_ROUNDS.into()));
        }
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
        Ok((rounds, warmup))
    }

    fn run_here(&self, rounds: u32, warmup: u32, observer: &mut (dyn Observer + Send)) -> Outcome {
        let plan = &self.plan;
        let things = Things::of(plan, self.detail);
        let layout = Layout::of(&things, self.detail, rounds);
        let keys = Keys::of(plan, self.seed);
        let blocks = self.replications.div_ceil(LANES as u64);
        let cut = |index: u64| (u128::from(blocks) * u128::from(index) / u128::from(self.shard.1)) as u64;
        let (first, last) = (cut(self.shard.0), cut(self.shard.0 + 1));
        let end = |block: u64| self.replications.min(block * LANES as u64);
        let count = (rayon::current_num_threads() as u64).min(last - first);
        let keep_samples = observer.wants_samples();
        let samples_a_block = LANES as u64 * u64::from(rounds - warmup) * plan.customers.len() as u64;
        let wave = if keep_samples {
            (SAMPLES_HELD / (samples_a_block * count.max(1))).clamp(1, BLOCKS_A_WAVE)
        } else {
            BLOCKS_A_WAVE
        };
        let program = Program::new(plan, rounds);
        let everything = self.detail >= Detail::Services;
        let mut workers: Vec<Worker> = (0..count)
            .map(|_| Worker {
                engine: BlockEngine::new(plan, &program, &keys, rounds, everything),
                count: Count::new(plan, &layout, rounds, warmup, keep_samples),
                samples: Vec::new(),
            })
            .collect();
        let mut from = first;
        while from < last {
            let to = last.min(from + wave * count);
            let next = AtomicU64::new(from);
            workers.par_iter_mut().for_each(|worker| {
                loop {
                    let block = next.fetch_add(1, Ordering::Relaxed);
                    if block >= to {
                        break;
                    }
                    worker.block(block, self.replications, keep_samples);
                }
            });
            if keep_samples {
                let mut samples: Vec<(u64, Vec<Sample>)> =
                    workers.iter_mut().flat_map(|worker| worker.samples.drain(..)).collect();
                samples.sort_by_key(|(block, _)| *block);
                samples.iter().for_each(|(_, samples)| observer.samples(samples));
            }
            from = to;
            observer.progress(end(from) - end(first), end(last) - end(first));
        }
        let mut tally = Tally::new(&layout, rounds - warmup);
        for worker in workers {
            tally.cut += worker.engine.cut();
            worker.count.settle(&mut tally);
        }
        let parts = if first < last { vec![(end(first), end(last))] } else { Vec::new() };
        Outcome { meta: self.meta(rounds, warmup, &tally), parts, things, tally }
    }

    fn meta(&self, rounds: u32, warmup: u32, tally: &Tally) -> Meta {
        let description = self.plan.organization.description();
        Meta {
            model: description.name.clone(),
            model_hash: self.plan.organization.fingerprint(),
            seed: self.seed,
            replications: tally.replications,
            rounds,
            warmup,
            detail: self.detail,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            stream_version: STREAM_VERSION,
            cadence: self.plan.cadence_mean,
            hours_per_day: description.hours_per_day.unwrap_or(8.0),
            currency: description.currency.clone(),
            cut: tally.cut,
            intervals:
                "95 %: means by Student's t over replications; probabilities exact binomial (Clopper-Pearson, at \
                        least 95 %) where a replication has one trial, else by replication; quantiles by order \
                        statistics, or over ten groups of blocks where rounds are correlated; null where none can be \
                        given"
                    .to_owned(),
            cite: format!("ripple-effect {} (see CITATION.cff)", env!("CARGO_PKG_VERSION")),
        }
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

struct Worker<'p> {
    engine: BlockEngine<'p>,
    count: Count<'p>,
    samples: Vec<(u64, Vec<Sample>)>,
}

impl Worker<'_> {
    fn block(&mut self, block: u64, replications: u64, keep_samples: bool) {
        let lanes = (replications - block * LANES as u64).min(LANES as u64) as usize;
        self.count.begin_block(block, lanes);
        self.engine.block(block, lanes, &mut self.count);
        self.count.end_block();
        if keep_samples {
            self.samples.push((block, std::mem::take(&mut self.count.samples)));
        }
    }
}
