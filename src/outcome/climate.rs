//! Counting the climate: posts, morale and what moved it, for the organisation, its departments and its employees, over
//! the whole run and round by round; and what customers felt in each round.

use super::layout::{ClimateCustomerEvent, ClimateCustomerSum, ClimateLayout, ClimateRoundSum, ClimateSum};
use super::tally::Tally;
use crate::Plan;
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::engine::block::{PostSeen, kernels};
use crate::grid;
use crate::statistics::{Average, BlockAverage, BlockCounts, Proportion};
use crate::streams::LANES;

/// What is kept as a mean over filled posts, in the order of [`ClimateSum`].
const MEANS: usize = 7;

/// The rows of one scope: an employee, a department, or everybody.
#[derive(Debug)]
struct Rows {
    filled: Box<Row>,
    left: Box<Row>,
    /// Means over filled posts: all of them of a whole run, the first two of a round.
    sums: Vec<Row>,
}

impl Rows {
    fn new(sums: usize) -> Self {
        let row = || Row::new(0.0);
        Self { filled: row(), left: row(), sums: vec![Row([0.0; LANES]); sums] }
    }

    fn clear(&mut self) {
        let Self { filled, left, sums } = self;
        let counts = [&mut **filled, &mut **left];
        counts.into_iter().chain(sums).for_each(|row| kernels::fill(row, Term::Same(0.0)));
    }

    /// Adds one post.
    fn add(&mut self, filled: Bits, left: Bits, sums: &[&Row]) {
        if filled.is_empty() {
            return;
        }
        kernels::add_in(&mut self.filled, 1.0, filled);
        if !left.is_empty() {
            kernels::add_in(&mut self.left, 1.0, left);
        }
        for (row, sum) in self.sums.iter_mut().zip(sums) {
            if filled.is_all() {
                kernels::increase(row, sum);
            } else {
                kernels::increase_in(row, sum, filled);
            }
        }
    }
}

/// Counts the climate of blocks, one at a time.
#[derive(Debug)]
pub(super) struct ClimateCount {
    layout: ClimateLayout,
    hazard: f64,
    /// For each employee, the scopes to which it belongs, everybody first.
    scopes: Vec<Vec<usize>>,
    /// How many posts each scope has.
    posts: Vec<u32>,
    whole: Vec<Rows>,
    round: Vec<Rows>,
    newness: Box<Row>,
    scratch: Box<Row>,
    live: Bits,
    counted: u32,
    events: Vec<Proportion>,
    sums: Vec<Average>,
}

impl ClimateCount {
    pub(super) fn new(plan: &Plan, layout: &ClimateLayout, counted: u32) -> Self {
        let everybody_else = layout.scopes > 1;
        let scopes: Vec<Vec<usize>> = plan
            .employees
            .iter()
            .enumerate()
            .map(|(index, employee)| {
                let department = employee.department.filter(|_| everybody_else).map(|at| 1 + at);
                let employee = everybody_else.then_some(1 + plan.departments.len() + index);
                [Some(0), department, employee].into_iter().flatten().collect()
            })
            .collect();
        let mut posts = vec![0; layout.scopes];
        scopes.iter().flatten().for_each(|&scope| posts[scope] += 1);
        Self {
            layout: layout.clone(),
            hazard: hazard(plan),
            posts,
            scopes,
            whole: (0..layout.scopes).map(|_| Rows::new(MEANS)).collect(),
            round: (0..layout.round_scopes).map(|_| Rows::new(2)).collect(),
            newness: Row::new(0.0),
            scratch: Row::new(0.0),
            live: Bits::ALL,
            counted,
            events: vec![Proportion::default(); layout.events],
            sums: vec![Average::default(); layout.sums],
        }
    }

    /// Bytes that it takes.
    pub(super) fn bytes(layout: &ClimateLayout) -> u64 {
        let rows = layout.scopes * (MEANS + 2) + layout.round_scopes * 4;
        let events = layout.events * (size_of::<Proportion>() + Proportion::BOX);
        let figures = events + layout.sums * (size_of::<Average>() + Average::BOX);
        (rows * size_of::<Row>() + figures) as u64
    }

    pub(super) fn begin_block(&mut self, live: Bits) {
        self.live = live;
        self.whole.iter_mut().chain(&mut self.round).for_each(Rows::clear);
    }

    /// A post at the end of a round.
    pub(super) fn post(&mut self, employee: usize, seen: &PostSeen<'_>, is_counted: bool) {
        let (filled, left) = (seen.filled.and(self.live), seen.left.and(self.live));
        let moves = seen.moves;
        for (out, newness) in self.newness.0.iter_mut().zip(&seen.newness.0) {
            *out = grid::round(*newness);
        }
        let newness = &*self.newness;
        let sums: [&Row; MEANS] =
            [seen.morale, newness, &moves.back, &moves.frustration, &moves.overload, &moves.recognition, &moves.cut];
        for &scope in &self.scopes[employee] {
            if is_counted {
                self.whole[scope].add(filled, left, &sums);
            }
            if let Some(round) = self.round.get_mut(scope) {
                round.add(filled, left, &sums);
            }
        }
    }

    /// Closes a round.
    pub(super) fn end_round(&mut self, round: u32) {
        for scope in 0..self.round.len() {
            let rows = &self.round[scope];
            let event = out_of(&rows.filled, self.posts[scope], self.live);
            self.events[self.layout.round_event(round, scope)].add_block(&event.into());
            for (sum, row) in [ClimateRoundSum::Morale, ClimateRoundSum::Newness].into_iter().zip(&rows.sums) {
                let block = weighted(row, &rows.filled, self.live);
                self.sums[self.layout.round_sum(round, scope, sum)].add_block(&block);
            }
            for (sum, row) in [(ClimateRoundSum::Headcount, &rows.filled), (ClimateRoundSum::Leavers, &rows.left)] {
                self.sums[self.layout.round_sum(round, scope, sum)].add_block(&plain(row, 1, self.live));
            }
            self.round[scope].clear();
        }
    }

    /// What a customer felt in a round; `wait` is that beyond the plan.
    pub(super) fn customer(
        &mut self,
        (round, customer): (u32, usize),
        [on_time, perfect]: [Bits; 2],
        [wait, satisfaction]: [&Row; 2],
    ) {
        for (event, lanes) in [(ClimateCustomerEvent::OnTime, on_time), (ClimateCustomerEvent::Perfect, perfect)] {
            let mut counts = BlockCounts {
                replications: self.live.count(),
                with_hit: lanes.and(self.live).count(),
                most_trials: 1,
                ..BlockCounts::default()
            };
            counts.with_miss = counts.replications - counts.with_hit;
            (counts.hits, counts.trials) = (counts.with_hit.into(), counts.replications.into());
            (counts.hit_squares, counts.trial_squares) = (counts.hits.into(), counts.trials.into());
            counts.products = counts.hits.into();
            self.events[self.layout.customer_event(round, customer, event)].add_block(&counts.into());
        }
        for (sum, row) in [(ClimateCustomerSum::Wait, wait), (ClimateCustomerSum::Satisfaction, satisfaction)] {
            kernels::fill(&mut self.scratch, Term::Each(row));
            kernels::choose(&mut self.scratch, Term::Same(0.0), Bits::ALL.without(self.live));
            let block = plain(&self.scratch, 1, self.live);
            self.sums[self.layout.customer_sum(round, customer, sum)].add_block(&block);
        }
    }

    pub(super) fn end_block(&mut self) {
        for scope in 0..self.whole.len() {
            let rows = &self.whole[scope];
            let event = out_of(&rows.filled, self.posts[scope] * self.counted, self.live);
            self.events[self.layout.event(scope)].add_block(&event.into());
            for (sum, row) in ClimateSum::MEANS.into_iter().zip(&rows.sums) {
                let block = weighted(row, &rows.filled, self.live);
                self.sums[self.layout.sum(scope, sum)].add_block(&block);
            }
            let scratch = &mut self.scratch;
            for at in 0..LANES {
                scratch.0[at] = rows.left.0[at] - self.hazard * rows.filled.0[at];
            }
            for (sum, row, weight) in [
                (ClimateSum::Headcount, &rows.filled, self.counted),
                (ClimateSum::Leavers, &rows.left, 1),
                (ClimateSum::Excess, scratch, 1),
            ] {
                self.sums[self.layout.sum(scope, sum)].add_block(&plain(row, weight, self.live));
            }
        }
    }

    /// Adds all blocks to the exact sums.
    pub(super) fn settle(self, tally: &mut Tally) {
        let [events, sums] = self.layout.first;
        tally.events[events..].iter_mut().zip(&self.events).for_each(|(all, mine)| all.merge(mine));
        tally.sums[sums..].iter_mut().zip(&self.sums).for_each(|(all, mine)| all.merge(mine));
    }
}

/// The probability to leave at the set point, on the grid, so that what is beyond it adds up exactly.
pub(super) fn hazard(plan: &Plan) -> f64 {
    plan.climate.as_ref().map_or(0.0, |climate| grid::round(climate.coefficients.hazard))
}

/// A row in which every replication counts as often.
fn plain(row: &Row, weight: u32, live: Bits) -> BlockAverage {
    let (replications, each) = (live.count(), u64::from(weight));
    let partials = kernels::partial_sums(row, Term::Same(weight.into()));
    let (weight, squares) = (each * u64::from(replications), u128::from(each * each) * u128::from(replications));
    BlockAverage::of_partials(replications, partials, weight, squares)
}

/// A row in which every replication counts as often as another row says: whole numbers, so that their sums are exact.
fn weighted(row: &Row, weights: &Row, live: Bits) -> BlockAverage {
    let partials = kernels::partial_sums(row, Term::Each(weights));
    let (weight, squares) = whole_numbers(weights);
    BlockAverage::of_partials(live.count(), partials, weight, squares)
}

/// The sum of a row of whole numbers, and of their squares: those may pass what a float holds.
fn whole_numbers(row: &Row) -> (u64, u128) {
    row.0.iter().fold((0, 0), |(sum, squares), &value| {
        let value = value as u64;
        (sum + value, squares + u128::from(value) * u128::from(value))
    })
}

/// Whole numbers of hits out of as many trials in each of the `live` lanes.
fn out_of(hits: &Row, trials: u32, live: Bits) -> BlockCounts {
    let replications = live.count();
    let (count, squares) = whole_numbers(hits);
    let with_hit = kernels::above(hits, Term::Same(0.0)).count();
    let with_miss = kernels::below(hits, Term::Same(trials.into())).and(live).count();
    let each = u64::from(trials);
    BlockCounts {
        replications,
        with_hit,
        with_miss,
        most_trials: if replications > 0 { trials } else { 0 },
        hits: count,
        trials: each * u64::from(replications),
        hit_squares: squares,
        trial_squares: u128::from(each * each) * u128::from(replications),
        products: u128::from(count) * u128::from(each),
    }
}
