//! From a simulation to a ripple or a ranking: blocks on all threads, and memory foretold.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::collect::{Collector, Places, Tally};
use super::figures;
use super::ranking::{Ranking, Standing, Striker};
use super::rings::Rings;
use super::{Ripple, ranking};
use crate::change::Things;
use crate::engine::block::{Program, Replay};
use crate::engine::{Keys, Shocks, shock_keys};
use crate::plan::disturbance::Disturbances;
use crate::shock::{self, Blows, Shock};
use crate::simulation::Sized;
use crate::streams::{Key, LANES};
use crate::{Error, ErrorKind, Plan, Simulation};

/// Bytes that all workers together may take.
const MEMORY: u128 = 4 << 30;
/// Things struck by all shocks of a ranking, each counted in each round.
const MOST_STRUCK: usize = 1 << 21;

impl Simulation {
    /// The ripple of these shocks, which strike together: the run with them against the run without, under the same draws,
    /// over all rounds, those of the warm-up included. Shocks that strike the simulation anyhow
    /// ([`shocked`](Simulation::shocked)) are there in both.
    ///
    /// Whoever is later at all counts as hit; see [`ripple_beyond`](Simulation::ripple_beyond). A
    /// [`shard`](Simulation::shard) is compared alone; [`detail`](Simulation::detail), [`until`](Simulation::until) and
    /// [`checkpoint`](Simulation::checkpoint) do not matter. The same bits on any number of threads.
    ///
    /// # Errors
    /// As [`shocked`](Simulation::shocked) and [`run`](Simulation::run); [`ErrorKind::Shape`] without any shock;
    /// [`ErrorKind::Range`] where a block of 256 replications takes more than 4 GiB: about 4 kilobytes for each service and
    /// round and 2 for each dependency and round, and 12 for each service, employee, department, customer and ring.
    ///
    /// # Complexity
    /// Time: a run, and the work that is done again: that of all who are hit or might be.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::Selection;
    /// use ripple_effect::shock::Shock;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .employee("Ben", |e| e.provides("advice", 1.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Ben", "what is in stock")
    ///     .serves("Ben", "Guests", "advice")
    ///     .build()?;
    /// let silence = Shock::new("No answer").on(Selection::dependency("Ana -> Ben")).unanswered_for(6.0);
    /// let ripple = shop.simulate()?.ripple(&[silence])?;
    /// let guests = ripple.customer("Guests").unwrap();
    /// assert_eq!((guests.figures.hit.estimate, guests.figures.extra_hours.estimate), (Some(1.0), Some(6.0)));
    /// assert_eq!(guests.ring, Some(2));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn ripple(&self, shocks: &[Shock]) -> Result<Ripple, Error> {
        self.ripple_beyond(0.0, shocks)
    }

    /// As [`ripple`](Simulation::ripple), but whoever is later, or earlier, by no more than so many hours does not count as
    /// hit. Hours are summed in full all the same. Errors and quality always count.
    ///
    /// # Errors
    /// As [`ripple`](Simulation::ripple); [`ErrorKind::Range`] for a tolerance that is not `0..=2^20` hours.
    pub fn ripple_beyond(&self, tolerance: f64, shocks: &[Shock]) -> Result<Ripple, Error> {
        if !(0.0..=crate::grid::MAX_SAMPLE).contains(&tolerance) {
            return Err(Error::new(
                ErrorKind::Range,
                "tolerance",
                format!("{tolerance}"),
                "0 to 2^20 hours",
                "Tolerate 0 hours, or a few minutes: 0.25 is a quarter of an hour.",
            ));
        }
        let size = self.sized()?;
        fits(self.plan(), size)?;
        let struck = laid(self.plan(), shocks, size.rounds, false)?;
        self.in_pool(|| ripple(self.plan(), size, &struck[0], tolerance, shocks))?
    }

    /// Lets each of these shocks strike alone, all over one and the same run without them, and ranks them by what they do to
    /// customers: which single silence hurts most, whose lateness. [`Shock::on_each`] makes one for each service or
    /// dependency.
    ///
    /// # Errors
    /// As [`ripple`](Simulation::ripple); what is wrong with one of them stands at `shocks["its name"]`.
    ///
    /// # Complexity
    /// Time: a run that is kept, and for each shock the work that is done again: where nothing but later arrivals can matter,
    /// the draws of the run are reused and only what arrives later is looked at; what comes out as it was is dropped.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::{Selection, Things};
    /// use ripple_effect::shock::Shock;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .employee("Dev", |e| e.provides("prices", 5.0))
    ///     .customer("Guests", |c| c.promise(6.0))
    ///     .serves("Ana", "Guests", "what is in stock")
    ///     .serves("Dev", "Guests", "what it costs")
    ///     .build()?;
    /// let shocks = Shock::new("late").late(2.0).on_each(&shop, Things::Services)?;
    /// let ranking = shop.simulate()?.rank(&shocks)?;
    /// // Ana's list is wanted three hours after it is there.
    /// assert_eq!(ranking.worst()[0].shock, "late: Dev/prices");
    /// assert_eq!(ranking.worst()[1].total.extra_wait.estimate, Some(0.0));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn rank(&self, shocks: &[Shock]) -> Result<Ranking, Error> {
        let size = self.sized()?;
        fits(self.plan(), size)?;
        let laid = laid(self.plan(), shocks, size.rounds, true)?;
        self.in_pool(|| rank(self.plan(), size, &laid, shocks))?
    }

    /// Lets one shock strike each service, dependency, employee or department alone, and ranks them by what that does to
    /// customers: [`rank`](Simulation::rank) over [`Shock::on_each`]. What the shock cannot strike stands in
    /// [`left_out`](Ranking::left_out), with the reason.
    ///
    /// # Errors
    /// As [`Shock::on_each`] and [`rank`](Simulation::rank).
    ///
    /// # Complexity
    /// As [`rank`](Simulation::rank).
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::Things;
    /// use ripple_effect::shock::Shock;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .employee("Trainee", |e| e)
    ///     .customer("Guests", |c| c)
    ///     .serves("Ana", "Guests", "what is in stock")
    ///     .build()?;
    /// let ranking = shop.simulate()?.rank_each(&Shock::new("late").late(2.0), Things::Employees)?;
    /// assert_eq!(ranking.worst()[0].shock, "late: Ana");
    /// assert_eq!((ranking.left_out[0].name.as_str(), ranking.left_out[0].why.as_str()), ("Trainee", "nothing is provided there"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn rank_each(&self, shock: &Shock, things: Things) -> Result<Ranking, Error> {
        let each = shock.each(&self.plan().organization, things)?;
        Ok(Ranking { left_out: each.left_out, ..self.rank(&each.shocks)? })
    }
}

/// Refuses what no memory holds, before anything is laid over its rounds.
fn fits(plan: &Plan, size: Sized) -> Result<(), Error> {
    let program = Program::keeping(plan, &plan.disturbances, size.rounds);
    workers(plan, size, Replay::bytes(plan, &program, size.rounds)).map(|_| ())
}

/// What the shocks do, without what strikes anyhow: all together, or each alone.
fn laid(plan: &Plan, shocks: &[Shock], rounds: u32, alone: bool) -> Result<Vec<Disturbances>, Error> {
    if shocks.is_empty() {
        return Err(Error::new(
            ErrorKind::Shape,
            "shocks",
            "no shock",
            "one or more",
            "Write one under `shocks` in the model, or make one: Shock::new(\"No answer\").on(...).unanswered().",
        ));
    }
    if let Some(error) = Error::first_of(shock::value_errors(shocks)) {
        return Err(error);
    }
    let over = |blows: Result<Blows, Error>| {
        let blows = blows?;
        blows.check(rounds)?;
        Ok(blows.laid_over(rounds))
    };
    if !alone {
        return Ok(vec![over(shock::resolve(plan, shocks))?]);
    }
    let (mut laid, mut struck) = (Vec::with_capacity(shocks.len()), 0);
    for blows in shock::resolve_each(plan, shocks) {
        let one = over(blows)?;
        struck += one.len();
        if struck > MOST_STRUCK {
            return Err(Error::new(
                ErrorKind::Range,
                "shocks",
                format!("more than {MOST_STRUCK} things struck by all shocks of a ranking, each counted in each round"),
                format!("2^21 = {MOST_STRUCK} at most"),
                "Strike for fewer rounds, or rank fewer shocks at a time.",
            ));
        }
        laid.push(one);
    }
    Ok(laid)
}

/// The same, beside what strikes anyhow.
fn beside(plan: &Plan, struck: &Disturbances) -> Disturbances {
    let mut all = plan.disturbances.clone();
    all.add(struck);
    all
}

fn lanes(size: Sized, block: u64) -> usize {
    let from = block * LANES as u64;
    (size.replications.min(from + LANES as u64) - from) as usize
}

/// Replications of the shard.
fn replications(size: Sized) -> u64 {
    let end = |block: u64| size.replications.min(block * LANES as u64);
    end(size.blocks.1) - end(size.blocks.0)
}

/// How many workers there is work and memory for.
fn workers(plan: &Plan, size: Sized, bytes: u128) -> Result<usize, Error> {
    if bytes > MEMORY {
        let gib = |bytes: u128| bytes as f64 / f64::from(1 << 30);
        return Err(Error::new(
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
            "Ask for fewer rounds, or for a part of the organisation.",
        ));
    }
    let (first, last) = size.blocks;
    Ok((rayon::current_num_threads() as u64).min(last - first).min((MEMORY / bytes.max(1)) as u64) as usize)
}

/// Lets workers take one block after the other, and gives what each of them made.
fn on_all_threads<W: Send>(
    size: Sized,
    workers: usize,
    new: impl Fn() -> W + Sync,
    block: impl Fn(&mut W, u64) + Sync,
) -> Vec<W> {
    let (first, last) = size.blocks;
    let next = AtomicU64::new(first);
    let work = |_| {
        let mut worker = new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= last {
                break worker;
            }
            block(&mut worker, at);
        }
    };
    (0..workers).into_par_iter().with_max_len(1).map(work).collect()
}

fn ripple(plan: &Plan, size: Sized, own: &Disturbances, tolerance: f64, shocks: &[Shock]) -> Result<Ripple, Error> {
    let disturbances = &beside(plan, own);
    let program = &Program::keeping(plan, disturbances, size.rounds);
    let (keys, struck) = (&Keys::of(plan, size.seed), &shock_keys(disturbances, size.seed));
    // Who is struck anyhow is no nearer to what makes the difference.
    let rings = &Rings::of(plan, own);
    let places = Places::of(plan, rings);
    let bytes = Replay::bytes(plan, program, size.rounds) + Collector::bytes(plan, places, size.rounds);
    let workers = workers(plan, size, bytes)?;
    let new = || {
        let collector = Collector::new(plan, rings, places, size.rounds, tolerance);
        (Replay::new(plan, program, keys, size.rounds), collector, Tally::new(plan, places, size.rounds))
    };
    let made = on_all_threads(size, workers, new, |(replay, collector, tally), block| {
        let lanes = lanes(size, block);
        replay.record(block, lanes);
        collector.begin_block(lanes);
        for round in 0..size.rounds {
            (0..plan.customers.len()).for_each(|customer| collector.before(customer, replay.got(round, customer)));
        }
        replay.strike(Shocks { disturbances, keys: struck }, collector);
        collector.end_block(lanes, tally);
        tally.cut += replay.take_cut();
    });
    let mut tally = Tally::new(plan, places, size.rounds);
    made.iter().for_each(|(_, _, other)| tally.merge(other));
    let of = figures::Of { plan, size, rings, places, tally: &tally, replications: replications(size), tolerance };
    Ok(of.ripple(shocks, own))
}

fn rank(plan: &Plan, size: Sized, own: &[Disturbances], shocks: &[Shock]) -> Result<Ranking, Error> {
    let laid: &Vec<Disturbances> = &own.iter().map(|own| beside(plan, own)).collect();
    let mut all = plan.disturbances.clone();
    laid.iter().for_each(|laid| all.add(laid));
    let program = &Program::keeping(plan, &all, size.rounds);
    let keys = &Keys::of(plan, size.seed);
    let struck: &Vec<Vec<Key>> = &laid.iter().map(|laid| shock_keys(laid, size.seed)).collect();
    let bytes = Replay::bytes(plan, program, size.rounds) + Striker::bytes(plan, laid.len());
    let workers = workers(plan, size, bytes)?;
    let new = || {
        let standings: Vec<Standing> = laid.iter().map(|_| Standing::new(plan)).collect();
        (Replay::new(plan, program, keys, size.rounds), Striker::new(plan), standings, 0u64)
    };
    let made = on_all_threads(size, workers, new, |(replay, striker, standings, cut), block| {
        let lanes = lanes(size, block);
        replay.record(block, lanes);
        for ((disturbances, keys), standing) in laid.iter().zip(struck).zip(standings) {
            striker.begin(lanes);
            replay.strike(Shocks { disturbances, keys }, striker);
            striker.end(standing);
        }
        *cut += replay.take_cut();
    });
    let mut standings: Vec<Standing> = laid.iter().map(|_| Standing::new(plan)).collect();
    let mut cut = 0;
    for (_, _, others, times) in &made {
        cut += times;
        standings.iter_mut().zip(others).for_each(|(standing, other)| standing.merge(other));
    }
    Ok(ranking::ranking(plan, size, (replications(size), cut), shocks, &standings))
}
