//! Adding to figures: at once where a block adds to them once, else in rows and counters until the block ends.

use std::collections::HashMap;

use super::counters::{Counter, Counters};
use super::ledger::{Ledger, Times, only};
use super::planes;
use super::rows::Rows;
use super::tally::Tally;
use crate::engine::block::counting::{self, Added};
use crate::engine::block::kernels;
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::statistics::{BlockAverage, fold};
use crate::streams::LANES;

/// What a counter counts.
#[derive(Debug, Clone, Copy)]
enum Counts {
    Event(usize),
    Sum(usize),
}

/// All figures of one worker.
#[derive(Debug)]
pub(super) struct Figures {
    ledger: Ledger,
    rows: Rows,
    counters: Counters,
    counts: Vec<Counts>,
    /// One more than the counter of an event; 0 where a block adds to it once.
    event_counters: Vec<u32>,
    /// Events that are counted, out of others that are counted.
    ratios: Vec<(usize, usize)>,
    /// Whether one round is counted.
    pub(super) one_round: bool,
    /// Whether what a block comes to can be added to the sums at once: one round is counted, in a whole block.
    pub(super) at_once: bool,
    live: Bits,
    weights: Box<Row>,
    /// Sums of the blocks before, where there were very many.
    before: Option<Box<Tally>>,
}

impl Figures {
    /// What a worker keeps of each figure, without rows.
    pub(super) const BYTES_AN_EVENT: u64 = Ledger::BYTES_AN_EVENT + 4;
    pub(super) const BYTES_A_SUM: u64 = Ledger::BYTES_A_SUM + 4;
    /// What it keeps of an event on top where several rounds are counted: planes of bits, and where they are.
    pub(super) const BYTES_A_COUNTER: u64 =
        (3 * size_of::<Bits>() + 2 * size_of::<Counter>() + size_of::<Counts>()) as u64;

    /// Events of `always_once` are added to once a block, even where several rounds are counted.
    pub(super) fn new(
        trials: Vec<Times>,
        weights: Vec<Times>,
        counted: u32,
        always_once: std::ops::Range<usize>,
    ) -> Self {
        let (events, sums) = (trials.len(), weights.len());
        let mut figures = Self {
            ledger: Ledger::new(trials, weights),
            rows: Rows::new(sums),
            counters: Counters::default(),
            counts: Vec::new(),
            event_counters: vec![0; events],
            ratios: Vec::new(),
            one_round: counted == 1,
            at_once: false,
            live: Bits::ALL,
            weights: Row::new(0.0),
            before: None,
        };
        for event in (0..events).filter(|event| !always_once.contains(event)) {
            let trials = figures.ledger.trials[event];
            let most = match trials {
                Times::Same(most) => most,
                Times::HitsOf(other) => {
                    if counted > 1 {
                        figures.ratios.push((event, other as usize));
                    }
                    counted
                }
            };
            if counted > 1 || most > 1 {
                figures.event_counters[event] = figures.counter(Counts::Event(event), most.into()).number + 1;
            }
        }
        figures
    }

    fn counter(&mut self, counts: Counts, most: u64) -> Counter {
        self.counts.push(counts);
        self.counters.open(most)
    }

    /// A counter for a sum of whole numbers up to `most`.
    pub(super) fn count_sum(&mut self, place: usize, most: u64) -> Counter {
        self.counter(Counts::Sum(place), most)
    }

    /// Says that an event, or a sum, is another one by construction: nothing is added to it.
    pub(super) fn same_event(&mut self, place: usize, source: usize) {
        self.ledger.event_sources[place] = source as u32;
    }

    /// As [`same_event`](Self::same_event).
    pub(super) fn same_sum(&mut self, place: usize, source: usize) {
        self.ledger.sum_sources[place] = source as u32;
    }

    pub(super) fn begin_block(&mut self, live: Bits) {
        (self.live, self.at_once) = (live, self.one_round && live.is_all());
        self.ledger.begin_block(live);
    }

    /// Closes a block; `constants` are values that are the same in every lane of every block.
    pub(super) fn end_block(&mut self, constants: impl Fn() -> Vec<(usize, f64)>) {
        let mut rows = std::mem::take(&mut self.rows);
        for (place, on_grid) in std::mem::take(&mut rows.opened) {
            if let Some(row) = rows.close(place) {
                self.whole(place, row, on_grid);
            }
        }
        self.rows = rows;
        let Self { ledger, counters, counts, live, .. } = self;
        for &counter in counters.touched() {
            let planes = counters.of(counter);
            match counts[counter.number as usize] {
                Counts::Event(event) => {
                    if let Times::Same(trials) = ledger.trials[event] {
                        ledger.event_apart(event, &planes::out_of(planes, trials, *live));
                    }
                }
                Counts::Sum(sum) => {
                    let [all, squares] = counting::whole_numbers(planes);
                    ledger.sum(sum, all, squares, 0);
                }
            }
        }
        for &(event, other) in &self.ratios {
            let [event_counter, other] =
                [event, other].map(|at| counters.numbered(self.event_counters[at] as usize - 1));
            if counters.is_touched(other) {
                let counts = planes::out_of_counted(counters.of(event_counter), counters.of(other), *live);
                ledger.event_apart(event, &counts);
            }
        }
        counters.clear();
        if !live.is_all() {
            for (place, value) in constants() {
                let mut row = Row::new(value);
                kernels::choose(&mut row, Term::Same(0.0), Bits::ALL.without(*live));
                if let Times::Same(weight) = ledger.weights[place] {
                    ledger.sum_apart(place, &same_weight(&row, weight, live.count()));
                }
            }
        }
        if self.ledger.end_block() {
            let mut before = self.before.take().unwrap_or_default();
            before.events.resize(self.event_counters.len(), Default::default());
            before.sums.resize(self.ledger.weights.len(), Default::default());
            self.settle(&mut before, constants());
            self.before = Some(before);
        }
    }

    /// Adds all blocks to the exact sums.
    pub(super) fn settle(&mut self, tally: &mut Tally, constants: Vec<(usize, f64)>) {
        let constant = |(place, value): (usize, f64)| {
            let Times::Same(weight) = self.ledger.weights[place] else {
                return (place as u32, BlockAverage::default());
            };
            (place as u32, same_weight(&Row::new(value), weight, LANES as u32))
        };
        let constants: HashMap<u32, BlockAverage> = constants.into_iter().map(constant).collect();
        self.ledger.settle(tally, &constants, self.one_round);
        if let Some(before) = self.before.take() {
            tally.events.iter_mut().zip(&before.events).for_each(|(all, before)| all.merge(before));
            tally.sums.iter_mut().zip(&before.sums).for_each(|(all, before)| all.merge(before));
        }
    }

    /// Something that each replication has as many trials of.
    pub(super) fn event(&mut self, place: usize, lanes: Bits) {
        let lanes = lanes.and(self.live);
        match self.event_counters[place] {
            0 => self.ledger.hits(place, lanes.count(), 0),
            counter => self.counters.add(self.counters.numbered(counter as usize - 1), lanes),
        }
    }

    /// Something whose trials are hits of another event, which are given.
    pub(super) fn event_of(&mut self, place: usize, lanes: Bits, trials: Bits) {
        let lanes = lanes.and(self.live);
        match self.event_counters[place] {
            0 => self.ledger.hits(place, lanes.count(), trials.and(self.live).count()),
            counter => self.counters.add(self.counters.numbered(counter as usize - 1), lanes),
        }
    }

    /// So many events whose places follow each other, with none beyond them; `trials` gives, of the hits of each, those that
    /// are trials of each.
    pub(super) fn events(
        &mut self,
        first: usize,
        events: usize,
        lanes: [Bits; 8],
        trials: impl Fn(&[u32; 8]) -> [u32; 8],
    ) {
        let lanes = lanes.map(|lanes| lanes.and(self.live));
        if self.one_round {
            let hits = counting::counts(&lanes);
            self.ledger.hits_together(first, events, &hits, &trials(&hits));
            return;
        }
        for (number, lanes) in lanes.into_iter().enumerate().take(events) {
            let counter = self.event_counters[first + number] as usize - 1;
            self.counters.add(self.counters.numbered(counter), lanes);
        }
    }

    /// The same in all lanes at once: in how many of them each happened.
    #[inline(always)]
    pub(super) fn counts(&mut self, first: usize, events: usize, hits: &[u32; 8], trials: &[u32; 8]) {
        self.ledger.hits_together(first, events, hits, trials);
    }

    /// What hours on the grid come to in all lanes, at once.
    #[inline]
    pub(super) fn added(&mut self, place: usize, added: &Added) {
        self.ledger.sum(place, fold(added.sums), fold(added.squares), LANES as u32);
    }

    /// Counts one more in a sum of whole numbers.
    pub(super) fn one_more(&mut self, counter: Counter, lanes: Bits) {
        self.counters.add(counter, lanes.and(self.live));
    }

    /// A whole number a lane in a sum to which only this adds, once: its sum and that of its squares.
    pub(super) fn number(&mut self, place: usize, [sum, squares]: [f64; 2]) {
        self.ledger.sum(place, sum, squares, 0);
    }

    pub(super) fn live(&self) -> Bits {
        self.live
    }

    /// Adds two rows of hours to sums to which each round adds once.
    pub(super) fn two(&mut self, places: [usize; 2], rows: [&mut Row; 2], lanes: Bits) {
        let lanes = lanes.and(self.live);
        let [one, other] = rows;
        if !self.one_round {
            self.rows.add(places[0], one, lanes, true);
            self.rows.add(places[1], other, lanes, true);
            return;
        }
        if !lanes.is_all() {
            kernels::choose(one, Term::Same(0.0), Bits::ALL.without(lanes));
            kernels::choose(other, Term::Same(0.0), Bits::ALL.without(lanes));
        }
        let sums = counting::sums_of_two(one, other);
        for (place, [sums, squares]) in places.into_iter().zip(sums) {
            self.now(place, fold(sums), fold(squares), lanes, true);
        }
    }

    /// Adds a row to a sum to which each round adds once; `once` where only one round does.
    pub(super) fn add(&mut self, place: usize, row: &mut Row, lanes: Bits, on_grid: bool, once: bool) {
        let lanes = lanes.and(self.live);
        if !once && !self.one_round {
            self.rows.add(place, row, lanes, on_grid);
            return;
        }
        if !lanes.is_all() {
            kernels::choose(row, Term::Same(0.0), Bits::ALL.without(lanes));
        }
        let [sums, squares] = counting::sums(row);
        self.now(place, fold(sums), fold(squares), lanes, on_grid);
    }

    #[inline]
    fn now(&mut self, place: usize, sum: f64, squares: f64, lanes: Bits, on_grid: bool) {
        if on_grid {
            self.ledger.sum(place, sum, squares, lanes.count());
        } else if !lanes.is_empty() || !self.live.is_all() {
            let weight = match self.ledger.weights[place] {
                Times::Same(_) => self.live.count(),
                Times::HitsOf(_) => lanes.count(),
            };
            let partials = [only(sum), only(squares), only(sum)];
            let block = BlockAverage::of_partials(self.live.count(), partials, weight.into(), weight.into());
            self.ledger.sum_apart(place, &block);
        }
    }

    /// Adds a row that must not change to a sum on the grid to which each round adds once, in all lanes.
    pub(super) fn only(&mut self, place: usize, row: &Row, scratch: &mut Row) {
        if self.at_once {
            let [sums, squares] = counting::sums(row);
            self.ledger.sum(place, fold(sums), fold(squares), 0);
        } else {
            kernels::fill(scratch, Term::Each(row));
            self.add(place, scratch, Bits::ALL, true, false);
        }
    }

    /// Adds hours in some lanes to a sum that several things add to.
    pub(super) fn part(&mut self, place: usize, hours: &Row, lanes: Bits) {
        if !lanes.is_empty() {
            self.rows.add(place, hours, lanes, true);
        }
    }

    /// Adds a row of its own, in which everything is that a block adds to a sum.
    pub(super) fn whole(&mut self, place: usize, row: &mut Row, on_grid: bool) {
        let Self { ledger, counters, event_counters, live, weights, one_round, .. } = self;
        if !live.is_all() {
            kernels::choose(row, Term::Same(0.0), Bits::ALL.without(*live));
        }
        let replications = live.count();
        // In one round, sums that several things add to count equally often everywhere: their weight need not be looked up.
        if on_grid && (*one_round || matches!(ledger.weights[place], Times::Same(_))) {
            let [sum, squares] = counting::sums(row);
            let (sum, squares) = (fold(sum), fold(squares));
            debug_assert!(matches!(ledger.weights[place], Times::Same(_)), "a sum of people");
            if ledger.is_surely_plain(squares) || ledger.is_plain(place, squares) {
                ledger.sum(place, sum, squares, 0);
                return;
            }
        }
        match ledger.weights[place] {
            Times::Same(weight) => {
                ledger.sum_apart(place, &same_weight(row, weight, replications));
            }
            Times::HitsOf(event) => {
                let number = (event_counters[event as usize] as usize).saturating_sub(1);
                let counter = counters.of(counters.numbered(number));
                for lane in 0..LANES {
                    weights.0[lane] = planes::of_lane(counter, lane) as f64;
                }
                let partials = kernels::partial_sums(row, Term::Each(weights));
                let (weight, squares) = (planes::total(counter), planes::squares(counter));
                ledger.sum_apart(place, &BlockAverage::of_partials(replications, partials, weight, squares));
            }
        }
    }
}

/// The sums of a row in which every replication counts as often.
fn same_weight(row: &Row, weight: u32, replications: u32) -> BlockAverage {
    let partials = kernels::partial_sums(row, Term::Same(weight.into()));
    let each = u64::from(weight);
    let (weight, squares) = (each * u64::from(replications), u128::from(each * each) * u128::from(replications));
    BlockAverage::of_partials(replications, partials, weight, squares)
}
