//! The sums of one worker: what whole blocks share is left out and worked out when they are settled into the exact sums.
//!
//! A figure that nothing is added to in a block costs nothing in that block. What the small sums cannot take (blocks cut
//! short, hours beyond all reason, figures off the time grid) goes into exact sums of its own at once.

use std::collections::HashMap;

use super::tally::Tally;
use crate::engine::block::lanes::Bits;
use crate::statistics::{Average, BlockAverage, BlockCounts, Counted, Gathered, MOST_BLOCKS, Proportion};
use crate::streams::LANES;

/// How often something can happen in a replication, or is added to a sum.
#[derive(Debug, Clone, Copy)]
pub(super) enum Times {
    Same(u32),
    /// As often as another event happens.
    HitsOf(u32),
}

/// What happened at most once in each replication, in whole blocks: fewer than [`MOST_BLOCKS`], so nothing overflows.
#[derive(Debug, Clone, Copy, Default)]
struct Hits {
    hits: u32,
    /// Sum of `H * H`, `H` being the hits of a block.
    squares: u32,
    /// Sum of `H * T`, `T` being the trials of a block; only where those are hits of another event.
    products: u32,
}

impl Hits {
    #[inline]
    fn add(&mut self, hits: u32, trials: u32) {
        self.hits += hits;
        self.squares += hits * hits;
        self.products += hits * trials;
    }
}

/// A figure in whole blocks: all that is needed to add to it, in one line of the cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Sum {
    gathered: Gathered,
    weight: Times,
}

/// A block's sum of a figure and of its squares, still to be added.
#[derive(Debug, Clone, Copy)]
struct Pending {
    place: u32,
    /// Where the figure counts as often as another event happens: how often it did.
    trials: u32,
    sum: f64,
    squares: f64,
}

/// So many sums are added together, so that waiting for memory overlaps.
const TOGETHER: usize = 512;

/// Exact sums of the few figures that need some of their own, and how many whole blocks went into each.
#[derive(Debug)]
struct Apart<T> {
    places: Vec<u32>,
    sums: Vec<(T, u64)>,
}

impl<T: Default> Apart<T> {
    fn new(places: usize) -> Self {
        Self { places: vec![0; places], sums: Vec::new() }
    }

    fn of(&mut self, place: usize) -> &mut (T, u64) {
        let at = &mut self.places[place];
        if *at == 0 {
            self.sums.push((T::default(), 0));
            *at = self.sums.len() as u32;
        }
        &mut self.sums[*at as usize - 1]
    }

    fn get(&self, place: usize) -> Option<&(T, u64)> {
        self.sums.get((self.places[place] as usize).wrapping_sub(1))
    }
}

/// Which figures were counted in a block that is cut short.
#[derive(Debug)]
struct Short {
    events: Vec<bool>,
    sums: Vec<bool>,
}

/// The largest weight that is the same in all replications, at least 1.
fn most(weights: &[Times]) -> f64 {
    let same = weights.iter().map(|weight| match weight {
        Times::Same(weight) => *weight,
        Times::HitsOf(_) => 1,
    });
    f64::from(same.fold(1, u32::max))
}

/// In square hours, once multiplied by the square of the weight.
const PLAIN_SQUARES: f64 = (1u64 << 36) as f64;

#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) trials: Vec<Times>,
    pub(super) weights: Vec<Times>,
    /// Where the sums of each figure stand: at another one's place, if it is the same by construction.
    pub(super) event_sources: Vec<u32>,
    pub(super) sum_sources: Vec<u32>,
    hits: Vec<Hits>,
    /// In the order in which something was first added to them, as they are added to in every block: memory is read and
    /// written from one end to the other, and figures that nothing is added to take none.
    sums: Vec<Sum>,
    /// One more than where each figure stands among them; 0 where nothing was added yet.
    sum_slots: Vec<u32>,
    /// A block's sum of squares below this is plain, whichever figure it is of that counts equally often everywhere.
    plain_below: f64,
    pending: Vec<Pending>,
    events_apart: Apart<Proportion>,
    sums_apart: Apart<Average>,
    /// Whole blocks.
    blocks: u64,
    replications: u32,
    short: Option<Short>,
}

impl Ledger {
    pub(super) const BYTES_AN_EVENT: u64 = (size_of::<Times>() + size_of::<Hits>() + 2 * size_of::<u32>()) as u64;
    pub(super) const BYTES_A_SUM: u64 = (size_of::<Times>() + size_of::<Sum>() + 3 * size_of::<u32>()) as u64;

    pub(super) fn new(trials: Vec<Times>, weights: Vec<Times>) -> Self {
        Self {
            event_sources: (0..trials.len() as u32).collect(),
            sum_sources: (0..weights.len() as u32).collect(),
            hits: vec![Hits::default(); trials.len()],
            sums: Vec::with_capacity(weights.len()),
            sum_slots: vec![0; weights.len()],
            plain_below: PLAIN_SQUARES / most(&weights).powi(2),
            pending: Vec::new(),
            events_apart: Apart::new(trials.len()),
            sums_apart: Apart::new(weights.len()),
            blocks: 0,
            replications: 0,
            short: None,
            trials,
            weights,
        }
    }

    pub(super) fn begin_block(&mut self, live: Bits) {
        self.catch_up();
        self.replications = live.count();
        let (events, sums) = (self.trials.len(), self.weights.len());
        self.short = (!live.is_all()).then(|| Short { events: vec![false; events], sums: vec![false; sums] });
    }

    /// Closes a block; whether the ledger is full and must be settled.
    pub(super) fn end_block(&mut self) -> bool {
        self.catch_up();
        let Some(Short { events, sums }) = self.short.take() else {
            self.blocks += 1;
            return self.blocks >= MOST_BLOCKS;
        };
        let replications = self.replications;
        for place in (0..events.len()).filter(|&place| !events[place]) {
            let trials = match self.trials[place] {
                Times::Same(trials) => trials,
                Times::HitsOf(_) => 0,
            };
            let (all, each) = (u64::from(trials) * u64::from(replications), u64::from(trials));
            self.events_apart.of(place).0.add_block(
                &BlockCounts {
                    replications,
                    with_miss: if trials > 0 { replications } else { 0 },
                    most_trials: if replications > 0 { trials } else { 0 },
                    trials: all,
                    trial_squares: u128::from(all) * u128::from(each),
                    ..BlockCounts::default()
                }
                .into(),
            );
        }
        for place in (0..sums.len()).filter(|&place| !sums[place]) {
            let block = self.block(&Pending { place: place as u32, trials: 0, sum: 0.0, squares: 0.0 });
            self.sums_apart.of(place).0.add_block(&block);
        }
        false
    }

    /// A block's sum of a figure on the time grid and of its squares; `trials` counts where it counts as often as another
    /// event happens, and each replication has at most one.
    #[inline]
    pub(super) fn sum(&mut self, place: usize, sum: f64, squares: f64, trials: u32) {
        self.pending.push(Pending { place: place as u32, trials, sum, squares });
        if self.pending.len() >= TOGETHER {
            self.catch_up();
        }
    }

    /// Adds what is pending.
    fn catch_up(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        let whole = self.short.is_none();
        for block in &pending {
            let place = block.place as usize;
            let slot = &mut self.sum_slots[place];
            if *slot == 0 {
                self.sums.push(Sum { gathered: Gathered::default(), weight: self.weights[place] });
                *slot = self.sums.len() as u32;
            }
            let Sum { gathered, weight } = &mut self.sums[*slot as usize - 1];
            let taken = whole
                && match *weight {
                    Times::Same(weight) => gathered.take(block.sum, block.squares, weight),
                    Times::HitsOf(_) => block.trials == 0,
                };
            if !taken {
                let block = self.block(block);
                self.sum_apart(place, &block);
            }
        }
        pending.clear();
        self.pending = pending;
    }

    /// A block's sum as it is kept; where products are not simply multiples, they are given elsewhere.
    fn block(&self, &Pending { place, trials, sum, squares }: &Pending) -> BlockAverage {
        let (each, replications) = match self.weights[place as usize] {
            Times::Same(weight) => (u64::from(weight), u64::from(self.replications)),
            Times::HitsOf(_) => (1, u64::from(trials)),
        };
        let partials = [only(sum), only(squares), only(sum * each as f64)];
        BlockAverage::of_partials(
            self.replications,
            partials,
            each * replications,
            u128::from(each * each) * u128::from(replications),
        )
    }

    /// Whether any sum on the grid that counts equally often in all replications may be given without its products.
    pub(super) fn is_surely_plain(&self, squares: f64) -> bool {
        squares < self.plain_below
    }

    /// Whether a sum on the grid may be given without its products.
    pub(super) fn is_plain(&self, place: usize, squares: f64) -> bool {
        match self.weights[place] {
            Times::Same(1) => true,
            Times::Same(weight) => squares * f64::from(weight) * f64::from(weight) < PLAIN_SQUARES,
            Times::HitsOf(_) => false,
        }
    }

    /// A block of any kind.
    pub(super) fn sum_apart(&mut self, place: usize, block: &BlockAverage) {
        let (average, blocks) = self.sums_apart.of(place);
        average.add_block(block);
        match &mut self.short {
            Some(short) => short.sums[place] = true,
            None => *blocks += 1,
        }
    }

    /// A block's hits where a replication has at most one, out of as many trials in all of them.
    #[inline]
    pub(super) fn hits(&mut self, place: usize, hits: u32) {
        if self.short.is_none() {
            self.hits[place].add(hits, 0);
            return;
        }
        let trials = match self.trials[place] {
            Times::Same(trials) => trials.min(1) * self.replications,
            Times::HitsOf(_) => 0,
        };
        self.hits_apart(place, hits, trials);
    }

    /// A block's hits and trials where a replication has at most one.
    #[inline]
    pub(super) fn hits_of(&mut self, place: usize, hits: u32, trials: u32) {
        if self.short.is_some() {
            self.hits_apart(place, hits, trials);
        } else {
            self.hits[place].add(hits, trials);
        }
    }

    /// The same of events whose places follow each other; for each whose trials are hits of another of them, which one.
    #[inline]
    pub(super) fn hits_together(&mut self, first: usize, hits: &[u32; 8], of: &[Option<usize>]) {
        let trials = |of: Option<usize>| of.map_or(0, |of| hits[of]);
        if self.short.is_none() {
            let places = &mut self.hits[first..first + of.len()];
            places.iter_mut().zip(hits).zip(of).for_each(|((kept, &hits), &of)| kept.add(hits, trials(of)));
            return;
        }
        for (number, (&hits, &of)) in hits.iter().zip(of).enumerate() {
            match of {
                Some(_) => self.hits_of(first + number, hits, trials(of)),
                None => self.hits(first + number, hits),
            }
        }
    }

    fn hits_apart(&mut self, place: usize, hits: u32, trials: u32) {
        let counts = BlockCounts {
            replications: self.replications,
            with_hit: hits,
            with_miss: trials.saturating_sub(hits),
            most_trials: u32::from(trials > 0),
            hits: hits.into(),
            trials: trials.into(),
            hit_squares: hits.into(),
            trial_squares: trials.into(),
            products: hits.into(),
        };
        self.event_apart(place, &counts);
    }

    /// A block of any kind.
    pub(super) fn event_apart(&mut self, place: usize, counts: &BlockCounts) {
        let (proportion, blocks) = self.events_apart.of(place);
        proportion.add_block(&(*counts).into());
        match &mut self.short {
            Some(short) => short.events[place] = true,
            None => *blocks += 1,
        }
    }

    /// Adds everything to the exact sums, and begins anew. `constants` are blocks that were the same every time.
    pub(super) fn settle(&mut self, tally: &mut Tally, constants: &HashMap<u32, BlockAverage>, one_round: bool) {
        for (all, &source) in tally.events.iter_mut().zip(&self.event_sources) {
            self.add_proportion(source as usize, one_round, all);
        }
        for (all, &source) in tally.sums.iter_mut().zip(&self.sum_sources) {
            self.add_average(source as usize, constants.get(&source), all);
        }
        self.hits.fill(Hits::default());
        self.sums.iter_mut().for_each(|sum| sum.gathered = Gathered::default());
        (self.events_apart, self.sums_apart) = (Apart::new(self.trials.len()), Apart::new(self.weights.len()));
        self.blocks = 0;
    }

    fn gathered(&self, place: usize) -> Gathered {
        let sum = self.sums.get((self.sum_slots[place] as usize).wrapping_sub(1));
        sum.map_or(Gathered::default(), |sum| sum.gathered)
    }

    fn add_average(&self, place: usize, constant: Option<&BlockAverage>, average: &mut Average) {
        let mut blocks = self.blocks;
        if let Some((apart, of_them)) = self.sums_apart.get(place) {
            average.merge(apart);
            blocks -= of_them;
        }
        match (constant, self.weights[place]) {
            (Some(block), _) => average.add_same(block, blocks),
            (None, Times::Same(weight)) => average.add_gathered(&self.gathered(place), blocks, weight),
            (None, Times::HitsOf(_)) => average.add_gathered(&Gathered::default(), blocks, 0),
        }
    }

    fn add_proportion(&self, place: usize, one_round: bool, proportion: &mut Proportion) {
        let mut blocks = self.blocks;
        if let Some((apart, of_them)) = self.events_apart.get(place) {
            proportion.merge(apart);
            blocks -= of_them;
        }
        let kept = self.hits[place];
        let replications = blocks * LANES as u64;
        let hits = u128::from(kept.hits);
        let (trials, each, block_trial_squares, block_products) = match self.trials[place] {
            Times::Same(trials) => {
                let in_block = u128::from(trials) * LANES as u128;
                (in_block * u128::from(blocks), trials, in_block * in_block * u128::from(blocks), in_block * hits)
            }
            // With several rounds these are all counted apart, but for those that never happened.
            Times::HitsOf(other) if one_round => {
                let other = self.hits[other as usize];
                (other.hits.into(), u32::from(other.hits > 0), other.squares.into(), kept.products.into())
            }
            Times::HitsOf(_) => (0, 0, 0, 0),
        };
        proportion.add_counted(&Counted {
            replications,
            with_hit: kept.hits.into(),
            with_miss: match self.trials[place] {
                Times::Same(0) => 0,
                Times::Same(1) => replications - u64::from(kept.hits),
                // Counted apart, but for blocks without a hit.
                Times::Same(_) => replications,
                Times::HitsOf(_) => trials as u64 - u64::from(kept.hits),
            },
            most_trials: if blocks > 0 { each } else { 0 },
            hits,
            trials,
            hit_squares: hits,
            trial_squares: trials * u128::from(each),
            products: hits * u128::from(each),
            block_hit_squares: kept.squares.into(),
            block_trial_squares,
            block_products,
        });
    }
}

/// Whole numbers and sums that are worked out already, as partial sums.
pub(super) fn only(first: f64) -> [f64; 8] {
    [first, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
}
