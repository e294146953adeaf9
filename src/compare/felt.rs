//! What customers feel in each replication of a block.

use crate::Plan;
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::engine::block::{CustomerSeen, Watch, kernels};
use crate::statistics::GroupedHistogram;
use crate::streams::LANES;

/// What is summed in each replication, over the rounds that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sum {
    OnTime,
    ErrorFree,
    Perfect,
    Wait,
    Lateness,
    Quality,
    Satisfaction,
    /// Imperfect engagements, each at the customer's share of the largest value.
    Lost,
}

impl Sum {
    pub(crate) const COUNT: usize = 8;
}

/// The sums of each replication of a block: of each customer, and then of all together.
#[derive(Debug)]
pub(crate) struct Felt {
    warmup: u32,
    counts: bool,
    block: u64,
    live: Bits,
    of: Vec<OfCustomer>,
    /// By customer, then by sum.
    pub(crate) rows: Vec<Row>,
    /// Of each customer, over all blocks, where quantiles are wanted: lent for a block.
    pub(crate) waits: Vec<GroupedHistogram>,
    lateness: Box<Row>,
}

#[derive(Debug, Clone, Copy)]
struct OfCustomer {
    promise: f64,
    perfect_quality: f64,
    share_of_value: f64,
}

/// The largest value of an engagement of any customer.
pub(crate) fn largest_value(plan: &Plan) -> f64 {
    plan.customers.iter().map(|customer| customer.value).fold(0.0, |a, b| if b > a { b } else { a })
}

impl Felt {
    /// One for this many customers.
    pub(crate) fn new(customers: usize, warmup: u32) -> Self {
        Self {
            warmup,
            counts: false,
            block: 0,
            live: Bits::ALL,
            of: Vec::with_capacity(customers),
            rows: (0..(customers + 1) * Sum::COUNT).map(|_| *Row::new(0.0)).collect(),
            waits: Vec::new(),
            lateness: Row::new(0.0),
        }
    }

    /// Begins a block of this plan.
    pub(crate) fn begin_block(&mut self, plan: &Plan, largest_value: f64, block: u64, live: Bits) {
        (self.block, self.live) = (block, live);
        self.of.clear();
        self.of.extend(plan.customers.iter().map(|customer| OfCustomer {
            promise: customer.promise,
            perfect_quality: customer.perfect_quality,
            share_of_value: if largest_value > 0.0 { customer.value / largest_value } else { 0.0 },
        }));
        self.rows.iter_mut().for_each(|row| row.0.fill(0.0));
    }

    /// Adds all customers up. Lanes that are no replications of the run come to nothing.
    pub(crate) fn end_block(&mut self) {
        let dead = Bits::ALL.without(self.live);
        let (customers, all) = self.rows.split_at_mut(self.of.len() * Sum::COUNT);
        for of_customer in customers.chunks_mut(Sum::COUNT) {
            for (row, sum) in of_customer.iter_mut().zip(all.iter_mut()) {
                if !dead.is_empty() {
                    kernels::choose(row, Term::Same(0.0), dead);
                }
                sum.0.iter_mut().zip(&row.0).for_each(|(sum, value)| *sum += value);
            }
        }
    }
}

fn count(row: &mut Row, lanes: Bits, weight: f64) {
    for (word, chunk) in lanes.0.into_iter().zip(row.0.chunks_exact_mut(64)) {
        for (lane, value) in chunk.iter_mut().enumerate() {
            *value += f64::from((word >> lane & 1) as u32) * weight;
        }
    }
}

fn add(row: &mut Row, values: Term<'_>) {
    match values {
        Term::Same(value) => row.0.iter_mut().for_each(|sum| *sum += value),
        Term::Each(values) => row.0.iter_mut().zip(&values.0).for_each(|(sum, value)| *sum += value),
    }
}

/// On time, free of error, and both and good enough.
pub(crate) fn kept(seen: &CustomerSeen<'_>, promise: f64, perfect_quality: f64) -> [Bits; 3] {
    let on_time = Bits::ALL.without(kernels::above(seen.wait, Term::Same(promise)));
    let error_free = Bits::ALL.without(seen.error);
    let good = match seen.quality {
        Term::Same(quality) if quality >= perfect_quality => Bits::ALL,
        Term::Same(_) => Bits::NONE,
        Term::Each(quality) => Bits::ALL.without(kernels::below(quality, Term::Same(perfect_quality))),
    };
    [on_time, error_free, on_time.and(error_free).and(good)]
}

/// Adds waits to the histogram of their block.
pub(crate) fn push(waits: &mut GroupedHistogram, block: u64, live: Bits, wait: &Row) {
    let histogram = waits.of_block(block);
    if live.is_all() {
        (0..LANES).for_each(|lane| histogram.push(wait.0[lane]));
    } else {
        live.each(|lane| histogram.push(wait.0[lane]));
    }
}

impl Watch for Felt {
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
        let of = self.of[index];
        let [on_time, error_free, perfect] = kept(seen, of.promise, of.perfect_quality);
        kernels::subtract(seen.wait, Term::Same(of.promise), &mut self.lateness);
        kernels::latest(&mut self.lateness, Term::Same(0.0));
        let rows = &mut self.rows[index * Sum::COUNT..];
        count(&mut rows[Sum::OnTime as usize], on_time, 1.0);
        count(&mut rows[Sum::ErrorFree as usize], error_free, 1.0);
        count(&mut rows[Sum::Perfect as usize], perfect, 1.0);
        add(&mut rows[Sum::Wait as usize], Term::Each(seen.wait));
        add(&mut rows[Sum::Lateness as usize], Term::Each(&self.lateness));
        add(&mut rows[Sum::Quality as usize], seen.quality);
        add(&mut rows[Sum::Satisfaction as usize], Term::Each(seen.satisfaction));
        count(&mut rows[Sum::Lost as usize], Bits::ALL.without(perfect), of.share_of_value);
        if let Some(waits) = self.waits.get_mut(index) {
            push(waits, self.block, self.live, seen.wait);
        }
    }
}
