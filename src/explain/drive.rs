//! From a simulation to an explanation: blocks on all threads, and memory foretold.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::backward::{Anybody, Backward, Found, Terrain};
use super::history::{History, Rota};
use super::layout::{Layout, ServiceFigure};
use super::moments::Moments;
use super::ranks::Ranks;
use super::sums::{BlockSums, Size, Sums};
use super::{Cause, Explanation, figures};
use crate::engine::Keys;
use crate::engine::block::lanes::{Bits, Row};
use crate::engine::block::{BlockEngine, Program};
use crate::simulation::Sized;
use crate::streams::LANES;
use crate::{Error, ErrorKind, Plan, Simulation, grid};

/// Bytes that all workers together may take.
const MEMORY: u128 = 4 << 30;
/// One block in so many is ranked, and in an organisation of more than so many services one in more: sorting all of them would
/// take longer than all the rest.
const RANKED: u64 = 16;
const LARGE: usize = 256;
const RANKED_IF_LARGE: u64 = 64;

/// What all workers of a run share.
pub(super) struct Context<'p> {
    pub(super) plan: &'p Plan,
    pub(super) program: &'p Program,
    pub(super) size: Sized,
    pub(super) layout: Layout,
    rota: &'p Rota,
    keys: &'p Keys,
    /// For each customer, half the width of the window around the promise.
    pub(super) windows: Vec<f64>,
    moments: Vec<Moments>,
}

impl Context<'_> {
    fn lanes(&self, block: u64) -> usize {
        let from = block * LANES as u64;
        (self.size.replications.min(from + LANES as u64) - from) as usize
    }
}

/// What is found so far.
pub(super) struct Tally {
    pub(super) size: Size,
    pub(super) customers: Vec<(Sums, Moments)>,
    pub(super) anybody: Sums,
    pub(super) cut: u64,
}

impl Tally {
    fn new(context: &Context<'_>) -> Self {
        let rounds = context.size.rounds - context.size.warmup;
        Self {
            size: Size { rounds, ..Size::default() },
            customers: context.moments.iter().map(|moments| (Sums::new(&context.layout), moments.empty())).collect(),
            anybody: Sums::new(&context.layout),
            cut: 0,
        }
    }

    fn merge(&mut self, other: &Self) {
        self.size.merge(&other.size);
        for ((sums, moments), (other_sums, other_moments)) in self.customers.iter_mut().zip(&other.customers) {
            sums.merge(other_sums);
            moments.merge(other_moments);
        }
        self.anybody.merge(&other.anybody);
        self.cut += other.cut;
    }
}

/// One thread's engine, and its way back.
struct Worker<'c> {
    context: &'c Context<'c>,
    engine: BlockEngine<'c>,
    history: History<'c>,
    backward: Backward<'c>,
    sums: BlockSums,
    /// For each round that counts.
    anybody: Vec<Anybody>,
    rows: [Box<Row>; 2],
    ranks: [Ranks; 2],
    tally: Tally,
}

impl<'c> Worker<'c> {
    fn new(context: &'c Context<'c>) -> Self {
        let &Context { plan, program, size, layout, rota, keys, .. } = context;
        let anybody = |_| Anybody {
            services: Found::new(plan.services.len()),
            dependencies: Found::new(plan.dependencies.len()),
        };
        Self {
            context,
            engine: BlockEngine::new(plan, program, keys, size.rounds, true),
            history: History::new(plan, program, size.rounds),
            backward: Backward::new(Terrain { plan, keys, rota, layout }, size.rounds),
            sums: BlockSums::new(&layout),
            anybody: (size.warmup..size.rounds).map(anybody).collect(),
            rows: [Row::new(0.0), Row::new(0.0)],
            ranks: [Ranks::new(), Ranks::new()],
            tally: Tally::new(context),
        }
    }

    /// Bytes that one takes.
    fn bytes(plan: &Plan, program: &Program, layout: &Layout, size: Sized) -> u128 {
        let counted = u128::from(size.rounds - size.warmup);
        let things = (plan.services.len() + plan.dependencies.len()) as u128;
        History::bytes(plan, program, size.rounds)
            + Backward::bytes(plan, size.rounds)
            + layout.len() as u128 * BlockSums::FIGURE as u128
            + counted * things * size_of::<Bits>() as u128
    }

    fn run(&mut self, block: u64) -> Bits {
        let lanes = self.context.lanes(block);
        self.history.begin_block();
        self.engine.block(block, lanes, &mut self.history);
        Bits::first(lanes)
    }

    fn block(&mut self, block: u64) {
        let live = self.run(block);
        let Context { plan, size, layout, windows, .. } = self.context;
        let replications = live.count() as usize;
        self.backward.begin_block(block, live);
        let each = if plan.services.len() > LARGE { RANKED_IF_LARGE } else { RANKED };
        for (customer, &window) in windows.iter().enumerate() {
            let (sums, moments) = &mut self.tally.customers[customer];
            let [wait, hours] = &mut self.rows;
            for round in size.warmup as usize..size.rounds as usize {
                let anybody = &mut self.anybody[round - size.warmup as usize];
                let at = (customer, round);
                self.backward.engagement(&self.history, at, window, &mut self.sums, anybody);
                let ranked = block.is_multiple_of(each).then_some(&mut self.ranks);
                moments.round(plan, &self.history, at, live, [wait, hours], ranked);
            }
            for employee in 0..plan.employees.len() {
                for cause in Cause::ALL {
                    let of_person = layout.person(employee, cause);
                    self.sums.add_to(of_person, layout.cause(cause));
                    if cause != Cause::Slack {
                        self.sums.add_to(of_person, layout.person_in_all(employee));
                    }
                }
            }
            sums.take(&mut self.sums, replications);
        }
        for anybody in &mut self.anybody {
            anybody.services.drain(|service, lanes| {
                self.sums.count(layout.service(service, ServiceFigure::Critical), lanes);
            });
            anybody.dependencies.drain(|dependency, lanes| {
                self.sums.count(layout.dependency(dependency, super::layout::DependencyFigure::Critical), lanes);
            });
        }
        self.tally.anybody.take(&mut self.sums, replications);
        self.tally.size.add_block(replications);
        self.tally.cut += self.engine.take_cut();
    }
}

impl Simulation {
    /// Explains why customers waited, over the very replications that [`run`](Simulation::run) counts: whose overrun, silence
    /// or mistake became their wait, who had no slack, and what an hour less of each person's work would give. Thresholds of
    /// [`until`](Simulation::until), [`checkpoint`](Simulation::checkpoint) and [`detail`](Simulation::detail) do not matter
    /// here; all replications are explained. A [`shard`](Simulation::shard) is explained alone. The same bits on any number of threads.
    ///
    /// # Errors
    /// As [`run`](Simulation::run); [`ErrorKind::Range`] where a block of 256 replications takes more than 4 GiB: about 4.3
    /// kilobytes for each service and round, 0.16 for each dependency and round, and 0.7 for each service, dependency and
    /// employee. Fewer threads are used where all of them together would take more.
    ///
    /// # Complexity
    /// Time: that of the run, and O(replications * length of the chain) and, for each customer and counted round, a visit in
    /// O(1) of each service and dependency upstream for each 64 replications, in every round to which chains go back.
    /// Memory: see above.
    ///
    /// ```
    /// use ripple_effect::{Distribution, Organization};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", Distribution::exponential(2.0)))
    ///     .employee("Dev", |e| e.provides("prices", Distribution::exponential(1.0)))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "what is in stock")
    ///     .serves("Dev", "Guests", "what it costs")
    ///     .build()?;
    /// let why = shop.simulate()?.replications(20_000).explain()?;
    /// // Of two exponential times, the one with mean 2 is the longer one in 2 cases of 3.
    /// let critical = why.customer("Guests").unwrap().service("Ana/stock list").unwrap().criticality;
    /// assert!((critical.estimate.unwrap() - 2.0 / 3.0).abs() < 0.01);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn explain(&self) -> Result<Explanation, Error> {
        let size = self.sized()?;
        self.in_pool(|| explain(self.plan(), size))?
    }
}

fn explain(plan: &Plan, size: Sized) -> Result<Explanation, Error> {
    let program = &Program::new(plan, size.rounds);
    let layout = Layout::of(plan);
    let bytes = Worker::bytes(plan, program, &layout, size);
    if bytes > MEMORY {
        return Err(too_large(plan, size, bytes));
    }
    let (rota, keys) = (&Rota::of(plan), &Keys::of(plan, size.seed));
    let moments = (0..plan.customers.len()).map(|customer| Moments::of(plan, program, rota, customer, size.rounds));
    let windows = vec![0.0; plan.customers.len()];
    let mut context = Context { plan, program, size, layout, rota, keys, windows, moments: moments.collect() };
    context.windows = windows_of(&context);

    let (first, last) = size.blocks;
    let workers = (rayon::current_num_threads() as u64).min(last - first).min((MEMORY / bytes.max(1)) as u64);
    let next = AtomicU64::new(first);
    let tallies: Vec<Tally> = (0..workers as usize)
        .into_par_iter()
        .with_max_len(1)
        .map(|_| {
            let mut worker = Worker::new(&context);
            loop {
                let block = next.fetch_add(1, Ordering::Relaxed);
                if block >= last {
                    break worker.tally;
                }
                worker.block(block);
            }
        })
        .collect();
    let mut tally = Tally::new(&context);
    tallies.iter().for_each(|other| tally.merge(other));
    tally.size.settle();
    Ok(figures::explanation(&context, &tally))
}

/// Windows around the promises, by Scott's (1992) rule from the waits of the first block, whichever shard is run.
fn windows_of(context: &Context<'_>) -> Vec<f64> {
    let Context { plan, size, .. } = context;
    let mut worker = Worker::new(context);
    let live = worker.run(0);
    let rounds = &worker.history.rounds[size.warmup as usize..];
    let engagements = size.replications as f64 * rounds.len() as f64;
    let narrower = libm::pow(engagements, -0.2);
    let window = |customer: usize| {
        let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
        for round in rounds {
            let wait = &round.customers[customer].wait;
            live.each(|lane| {
                let over = wait.0[lane] - plan.customers[customer].ready;
                (sum, squares, count) = (sum + over, squares + over * over, count + 1.0);
            });
        }
        let variance = squares / count - (sum / count) * (sum / count);
        if variance > 0.0 { grid::round(1.06 * variance.sqrt() * narrower) } else { 0.0 }
    };
    (0..plan.customers.len()).map(window).collect()
}

fn too_large(plan: &Plan, size: Sized, bytes: u128) -> Error {
    let gib = |bytes: u128| bytes as f64 / f64::from(1 << 30);
    Error::new(
        ErrorKind::Range,
        "rounds",
        format!(
            "{} services and {} dependencies over {} rounds: {:.1} GiB for a block of replications",
            plan.services.len(),
            plan.dependencies.len(),
            size.rounds,
            gib(bytes)
        ),
        format!("up to {:.0} GiB", gib(MEMORY)),
        "Explain fewer rounds, or a part of the organisation.",
    )
}
