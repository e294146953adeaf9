//! How good one set of candidates is: the goal alone is counted.

use super::goal::Goal;
use crate::Plan;
use crate::compare::Ready;
use crate::compare::felt::{kept, push};
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::engine::block::{CustomerSeen, Watch, kernels};
use crate::simulation::Sized;
use crate::statistics::{GroupedHistogram, fold};
use crate::streams::LANES;

/// How good a set is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Score {
    /// The figure of the goal.
    pub(super) figure: f64,
    /// That of each customer, in the order of the plan.
    pub(super) of_customers: Vec<f64>,
}

/// Counts what the goal asks for, block after block.
struct Tally<'p> {
    plan: &'p Plan,
    goal: Goal,
    warmup: u32,
    counts: bool,
    block: u64,
    live: Bits,
    /// Perfect engagements, or satisfaction, of each customer.
    sums: Vec<f64>,
    waits: Vec<GroupedHistogram>,
    row: Box<Row>,
}

impl Watch for Tally<'_> {
    fn round(&mut self, round: u32) -> bool {
        self.counts = round >= self.warmup;
        self.counts
    }

    fn wants_everything(&self) -> bool {
        false
    }

    fn customer(&mut self, index: usize, seen: &CustomerSeen<'_>) {
        if !self.counts {
            return;
        }
        let customer = &self.plan.customers[index];
        match self.goal {
            Goal::Perfect | Goal::ValueLost => {
                let [.., perfect] = kept(seen, customer.promise, customer.perfect_quality);
                self.sums[index] += f64::from(perfect.and(self.live).count());
            }
            Goal::WaitP95 => push(&mut self.waits[index], self.block, self.live, seen.wait),
            Goal::Satisfaction => {
                kernels::fill(&mut self.row, Term::Each(seen.satisfaction));
                kernels::choose(&mut self.row, Term::Same(0.0), Bits::ALL.without(self.live));
                let [sum, ..] = kernels::partial_sums(&self.row, Term::Same(0.0));
                self.sums[index] += fold(sum);
            }
        }
    }
}

/// Runs so many replications from the first of a block on, on this thread, one block after the other. Also how often times
/// were cut.
pub(super) fn score(ready: &Ready, goal: Goal, size: &Sized, first_block: u64, replications: u64) -> (Score, u64) {
    let plan = &ready.plan;
    let customers = plan.customers.len();
    let mut tally = Tally {
        plan,
        goal,
        warmup: size.warmup,
        counts: false,
        block: 0,
        live: Bits::ALL,
        sums: vec![0.0; customers],
        waits: vec![GroupedHistogram::new(1); if goal == Goal::WaitP95 { customers } else { 0 }],
        row: Row::new(0.0),
    };
    let mut engine = ready.engine(size);
    for block in 0..replications.div_ceil(LANES as u64) {
        let lanes = (replications - block * LANES as u64).min(LANES as u64) as usize;
        (tally.block, tally.live) = (first_block + block, Bits::first(lanes));
        engine.block(first_block + block, lanes, &mut tally);
    }
    let engagements = replications as f64 * f64::from(size.rounds - size.warmup);
    let of_customer = |index: usize| match goal {
        Goal::Perfect | Goal::Satisfaction => tally.sums[index] / engagements,
        Goal::ValueLost => 1000.0 * plan.customers[index].value * (engagements - tally.sums[index]) / engagements,
        Goal::WaitP95 => tally.waits[index].pooled().quantile(0.95).unwrap_or(0.0),
    };
    // In the order of ids, whatever the order of the file.
    let of_customers: Vec<f64> = (0..customers).map(of_customer).collect();
    let sum = of_customers.iter().sum::<f64>();
    let figure = if goal == Goal::ValueLost { sum } else { sum / customers as f64 };
    (Score { figure, of_customers }, engine.take_cut())
}
