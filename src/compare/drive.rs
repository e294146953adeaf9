//! Blocks of all alternatives on all threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::combination::Combination;
use super::effects::{Effects, drawn};
use super::felt::{Felt, largest_value};
use super::figures;
use super::progress::Progress;
use super::request::Comparing;
use super::sums::Sums;
use crate::distribution::Tables;
use crate::engine::Keys;
use crate::engine::block::lanes::Bits;
use crate::engine::block::{BlockEngine, Program};
use crate::simulation::Sized;
use crate::streams::LANES;
use crate::{Comparison, Error, Observer, Plan};

/// Customers times alternatives up to which waits are kept in histograms: some hundred kilobytes each.
const MOST_HISTOGRAMS: usize = 2_048;

/// A plan that can be run.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) plan: Plan,
    pub(crate) program: Program,
    pub(crate) keys: Keys,
}

impl Ready {
    pub(crate) fn new(plan: Plan, size: &Sized) -> Self {
        let (program, keys) = (Program::new(&plan, size.rounds), Keys::of(&plan, size.seed));
        Self { plan, program, keys }
    }

    pub(crate) fn engine(&self, size: &Sized) -> BlockEngine<'_> {
        BlockEngine::new(&self.plan, &self.program, &self.keys, size.rounds, false)
    }
}

/// What is compared.
pub(super) enum Alternative<'c> {
    /// The same in all blocks.
    Fixed(Box<Ready>),
    /// With effects that are drawn anew for each block.
    Drawn(&'c Combination),
}

/// What all workers of a comparison share.
pub(super) struct Context<'c> {
    pub(super) comparing: &'c Comparing,
    pub(super) size: Sized,
    /// The organisation as it is first.
    pub(super) alternatives: Vec<Alternative<'c>>,
    /// Which alternative is compared with which.
    pub(super) pairs: Vec<(usize, usize)>,
    pub(super) plan: Plan,
    pub(super) largest_value: f64,
    quantiles: bool,
    tables: Tables,
}

impl<'c> Context<'c> {
    fn new(comparing: &'c Comparing, size: Sized) -> Result<Self, Error> {
        let mut tables = Tables::default();
        let plan = comparing.organization.plan_with(&mut tables)?;
        let mut alternatives = vec![Alternative::Fixed(Box::new(Ready::new(plan.clone(), &size)))];
        let mut largest = largest_value(&plan);
        for scenario in &comparing.scenarios {
            let is_drawn = comparing.effects == Effects::Drawn && scenario.is_uncertain();
            let case = match comparing.effects {
                Effects::At(case) => case,
                Effects::Drawn => crate::practice::Case::Expected,
            };
            let mut workshop = comparing.workshop.clone();
            let scenario_plan = scenario
                .make(&mut workshop, |practice| practice.effect_in(case))
                .and_then(|()| workshop.done()?.organization().plan_with(&mut tables))
                .map_err(|error| error.within(&scenario.name))?;
            let sized = scenario_plan.simulate().replications(size.replications).rounds(size.rounds);
            sized.warmup(size.warmup).check().map_err(|error| error.within(&scenario.name))?;
            largest = largest.max(largest_value(&scenario_plan));
            alternatives.push(if is_drawn {
                Alternative::Drawn(scenario)
            } else {
                Alternative::Fixed(Box::new(Ready::new(scenario_plan, &size)))
            });
        }
        let count = alternatives.len();
        let mut pairs: Vec<(usize, usize)> = (1..count).map(|scenario| (scenario, 0)).collect();
        if comparing.each_with_each {
            pairs.extend((2..count).flat_map(|one| (1..one).map(move |other| (one, other))));
        }
        let quantiles = count * plan.customers.len() <= MOST_HISTOGRAMS;
        Ok(Self { comparing, size, alternatives, pairs, plan, largest_value: largest, quantiles, tables })
    }

    fn sums(&self) -> Sums {
        Sums::new(self.alternatives.len(), self.pairs.len(), self.plan.customers.len(), self.quantiles)
    }

    pub(super) fn is_drawn(&self, alternative: usize) -> bool {
        matches!(self.alternatives[alternative], Alternative::Drawn(_))
    }

    fn lanes(&self, block: u64) -> usize {
        let from = block * LANES as u64;
        (self.size.replications.min(from + LANES as u64) - from) as usize
    }

    /// A scenario with the effects of a block.
    fn draw(&self, scenario: &Combination, block: u64, tables: &mut Tables) -> Result<Ready, Error> {
        let mut workshop = self.comparing.workshop.clone();
        let seed = self.size.seed;
        let plan = scenario
            .make(&mut workshop, |practice| practice.effect_at(drawn(seed, block, practice)))
            .and_then(|()| workshop.done()?.organization().plan_with(tables))
            .map_err(|error| error.within(&scenario.name))?;
        Ok(Ready::new(plan, &self.size))
    }
}

/// One thread's engines.
struct Worker<'c> {
    context: &'c Context<'c>,
    /// Of what is the same in all blocks.
    engines: Vec<Option<BlockEngine<'c>>>,
    /// Of each alternative, or, where none is compared but with the first, of the first and of the one at hand.
    felt: Vec<Felt>,
    tables: Tables,
    sums: Sums,
}

impl<'c> Worker<'c> {
    fn new(context: &'c Context<'c>) -> Self {
        let engine = |alternative: &'c Alternative<'c>| match alternative {
            Alternative::Fixed(ready) => Some(ready.engine(&context.size)),
            Alternative::Drawn(_) => None,
        };
        let alternatives = context.alternatives.len();
        let kept = if context.comparing.each_with_each { alternatives } else { alternatives.min(2) };
        let customers = context.plan.customers.len();
        let felt = |_| Felt::new(customers, context.size.warmup);
        Self {
            context,
            engines: context.alternatives.iter().map(engine).collect(),
            felt: (0..kept).map(felt).collect(),
            tables: context.tables.clone(),
            sums: context.sums(),
        }
    }

    fn block(&mut self, block: u64, progress: &Progress<'_>) -> Result<(), Error> {
        let context = self.context;
        let lanes = context.lanes(block);
        let live = Bits::first(lanes);
        let place = |alternative: usize| {
            if context.comparing.each_with_each { alternative } else { alternative.min(1) }
        };
        for (number, alternative) in context.alternatives.iter().enumerate() {
            if progress.is_stopped() {
                return Ok(());
            }
            let felt = &mut self.felt[place(number)];
            std::mem::swap(&mut felt.waits, &mut self.sums.waits[number]);
            match (alternative, &mut self.engines[number]) {
                (Alternative::Fixed(ready), Some(engine)) => {
                    felt.begin_block(&ready.plan, context.largest_value, block, live);
                    engine.block(block, lanes, felt);
                    self.sums.cut += engine.take_cut();
                }
                (Alternative::Fixed(_), None) => {}
                (Alternative::Drawn(scenario), _) => {
                    let ready = context.draw(scenario, block, &mut self.tables)?;
                    felt.begin_block(&ready.plan, context.largest_value, block, live);
                    let mut engine = ready.engine(&context.size);
                    engine.block(block, lanes, felt);
                    self.sums.cut += engine.take_cut();
                }
            }
            felt.end_block();
            std::mem::swap(&mut felt.waits, &mut self.sums.waits[number]);
            let is_whole = live.is_all();
            self.sums.add(number, felt, is_whole);
            for (pair, &(one, other)) in context.pairs.iter().enumerate() {
                if one == number {
                    self.sums.add_pair(pair, &self.felt[place(one)], &self.felt[place(other)], is_whole);
                }
            }
            progress.add(lanes as u64);
        }
        self.sums.count_block(live);
        Ok(())
    }
}

pub(super) fn run(
    comparing: &Comparing,
    size: Sized,
    observer: &mut (dyn Observer + Send),
) -> Result<Comparison, Error> {
    let context = Context::new(comparing, size)?;
    let (first, last) = size.blocks;
    let progress = Progress::new(observer, size.replications.saturating_mul(context.alternatives.len() as u64));
    let workers = (rayon::current_num_threads() as u64).min(last - first);
    let next = AtomicU64::new(first);
    // The error of the first block that has one, whoever comes to it first.
    let failed: Mutex<Option<(u64, Error)>> = Mutex::new(None);
    let all: Vec<Sums> = (0..workers as usize)
        .into_par_iter()
        .with_max_len(1)
        .map(|_| {
            let mut worker = Worker::new(&context);
            loop {
                let block = next.fetch_add(1, Ordering::Relaxed);
                if block >= last || progress.is_stopped() {
                    break worker.sums;
                }
                if let Err(error) = worker.block(block, &progress) {
                    if let Ok(mut failed) = failed.lock()
                        && failed.as_ref().is_none_or(|(before, _)| block < *before)
                    {
                        *failed = Some((block, error));
                    }
                    progress.stop();
                    break worker.sums;
                }
            }
        })
        .collect();
    if let Ok(Some((_, error))) = failed.into_inner() {
        return Err(error);
    }
    progress.end()?;
    let mut sums = context.sums();
    all.iter().for_each(|other| sums.merge(other));
    figures::comparison(&context, &sums)
}
