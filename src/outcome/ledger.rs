//! The sums of one worker: what whole blocks share is left out and worked out when they are settled into the exact sums.
//!
//! A figure that nothing is added to in a block costs nothing in that block. A block that is cut short is kept as it was
//! counted. What the small sums cannot take (hours beyond all reason, figures off the time grid) goes into exact sums of its
//! own at once.

use std::collections::HashMap;

use super::tally::Tally;
use crate::engine::block::lanes::Bits;
use crate::statistics::{Average, BlockAverage, BlockCounts, Gathered, MOST_BLOCKS, Once, Proportion};
use crate::streams::LANES;

/// How often something can happen in a replication, or is added to a sum.
#[derive(Debug, Clone, Copy)]
pub(super) enum Times {
    Same(u32),
    /// As often as another event happens.
    HitsOf(u32),
}

/// What happened at most once in each replication, in whole blocks: fewer than [`MOST_BLOCKS`], so nothing overflows. A kind
/// of sum after the other, as those of neighbours are added together.
#[derive(Debug)]
struct Hits {
    hits: Vec<u32>,
    /// Sums of `H * H`, `H` being the hits of a block.
    squares: Vec<u32>,
    /// Sums of `H * T`, `T` being the trials of a block; only where those are hits of another event.
    products: Vec<u32>,
}

/// So many events are added together.
const EIGHT: usize = 8;

impl Hits {
    fn new(events: usize) -> Self {
        // With room for those that are added together with the last ones.
        let none = || vec![0; events + EIGHT];
        Self { hits: none(), squares: none(), products: none() }
    }

    #[inline]
    fn add(&mut self, place: usize, hits: u32, trials: u32) {
        self.hits[place] += hits;
        self.squares[place] += hits * hits;
        self.products[place] += hits * trials;
    }

    #[inline(always)]
    fn add_eight(&mut self, first: usize, hits: &[u32; EIGHT], trials: &[u32; EIGHT]) {
        // Lanes, or none: said for the compiler, which then multiplies short numbers.
        let [hits, trials] = [hits, trials].map(|counts| counts.map(|count| count & 0x1FF));
        let times = |other: &[u32; EIGHT]| std::array::from_fn(|event| hits[event].wrapping_mul(other[event]));
        let more: [[u32; EIGHT]; 3] = [hits, times(&hits), times(&trials)];
        for (sums, more) in [&mut self.hits, &mut self.squares, &mut self.products].into_iter().zip(more) {
            let sums = &mut sums[first..][..EIGHT];
            for event in 0..EIGHT {
                sums[event] = sums[event].wrapping_add(more[event]);
            }
        }
    }

    fn clear(&mut self) {
        [&mut self.hits, &mut self.squares, &mut self.products].into_iter().for_each(|sums| sums.fill(0));
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

/// What came to a figure in a block that is cut short.
#[derive(Debug, Clone, Copy)]
enum Came<T> {
    Nothing,
    Once(T),
    /// It went into exact sums of its own.
    Apart,
}

/// A block that is cut short: a run has one at most, its last.
#[derive(Debug)]
struct Short {
    replications: u32,
    /// Hits, and trials where they are hits of another event.
    events: Vec<Came<(u32, u32)>>,
    /// As they are pending.
    sums: Vec<Came<(f64, f64, u32)>>,
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
    hits: Hits,
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
    /// The block that is being counted, if it is a short one, and those before.
    short: Option<Short>,
    short_before: Vec<Short>,
}

impl Ledger {
    pub(super) const BYTES_AN_EVENT: u64 =
        (size_of::<Times>() + 5 * size_of::<u32>() + size_of::<Came<(u32, u32)>>()) as u64;
    pub(super) const BYTES_A_SUM: u64 =
        (size_of::<Times>() + size_of::<Sum>() + 3 * size_of::<u32>() + size_of::<Came<(f64, f64, u32)>>()) as u64;

    pub(super) fn new(trials: Vec<Times>, weights: Vec<Times>) -> Self {
        Self {
            event_sources: (0..trials.len() as u32).collect(),
            sum_sources: (0..weights.len() as u32).collect(),
            hits: Hits::new(trials.len()),
            sums: Vec::with_capacity(weights.len()),
            sum_slots: vec![0; weights.len()],
            plain_below: PLAIN_SQUARES / most(&weights).powi(2),
            pending: Vec::new(),
            events_apart: Apart::new(trials.len()),
            sums_apart: Apart::new(weights.len()),
            blocks: 0,
            short: None,
            short_before: Vec::new(),
            trials,
            weights,
        }
    }

    pub(super) fn begin_block(&mut self, live: Bits) {
        self.catch_up();
        self.short = (!live.is_all()).then(|| Short {
            replications: live.count(),
            events: vec![Came::Nothing; self.trials.len()],
            sums: vec![Came::Nothing; self.weights.len()],
        });
    }

    /// Closes a block; whether the ledger is full and must be settled.
    pub(super) fn end_block(&mut self) -> bool {
        self.catch_up();
        match self.short.take() {
            Some(short) => self.short_before.push(short),
            None => self.blocks += 1,
        }
        self.blocks >= MOST_BLOCKS
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
        if let Some(short) = &mut self.short {
            for Pending { place, trials, sum, squares } in pending.drain(..) {
                short.sums[place as usize] = Came::Once((sum, squares, trials));
            }
        }
        for block in &pending {
            let place = block.place as usize;
            let slot = &mut self.sum_slots[place];
            if *slot == 0 {
                self.sums.push(Sum { gathered: Gathered::default(), weight: self.weights[place] });
                *slot = self.sums.len() as u32;
            }
            let Sum { gathered, weight } = &mut self.sums[*slot as usize - 1];
            let taken = match *weight {
                Times::Same(weight) => gathered.take(block.sum, block.squares, weight),
                Times::HitsOf(_) => block.trials == 0,
            };
            if !taken {
                let block = self.block(place, LANES as u32, (block.sum, block.squares, block.trials));
                self.sum_apart(place, &block);
            }
        }
        pending.clear();
        self.pending = pending;
    }

    /// A block's sum as it is kept; where products are not simply multiples, they are given elsewhere.
    fn block(&self, place: usize, replications: u32, (sum, squares, trials): (f64, f64, u32)) -> BlockAverage {
        let (each, times) = match self.weights[place] {
            Times::Same(weight) => (u64::from(weight), u64::from(replications)),
            Times::HitsOf(_) => (1, u64::from(trials)),
        };
        let partials = [only(sum), only(squares), only(sum * each as f64)];
        BlockAverage::of_partials(replications, partials, each * times, u128::from(each * each) * u128::from(times))
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
            Some(short) => short.sums[place] = Came::Apart,
            None => *blocks += 1,
        }
    }

    /// A block's hits where a replication has at most one; `trials` count where they are hits of another event.
    #[inline]
    pub(super) fn hits(&mut self, place: usize, hits: u32, trials: u32) {
        match &mut self.short {
            Some(short) => short.events[place] = Came::Once((hits, trials)),
            None => self.hits.add(place, hits, trials),
        }
    }

    /// The same of so many events whose places follow each other; what lies beyond them is 0.
    #[inline(always)]
    pub(super) fn hits_together(&mut self, first: usize, events: usize, hits: &[u32; EIGHT], trials: &[u32; EIGHT]) {
        if self.short.is_none() {
            self.hits.add_eight(first, hits, trials);
        } else {
            let each = (first..first + events).zip(hits).zip(trials);
            each.for_each(|((place, &hits), &trials)| self.hits(place, hits, trials));
        }
    }

    /// A block of any kind.
    pub(super) fn event_apart(&mut self, place: usize, counts: &BlockCounts) {
        let (proportion, blocks) = self.events_apart.of(place);
        proportion.add_block(&(*counts).into());
        match &mut self.short {
            Some(short) => short.events[place] = Came::Apart,
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
        self.hits.clear();
        self.sums.iter_mut().for_each(|sum| sum.gathered = Gathered::default());
        (self.events_apart, self.sums_apart) = (Apart::new(self.trials.len()), Apart::new(self.weights.len()));
        self.short_before.clear();
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
        for short in &self.short_before {
            match short.sums[place] {
                Came::Nothing => average.add_block(&self.block(place, short.replications, (0.0, 0.0, 0))),
                Came::Once(came) => average.add_block(&self.block(place, short.replications, came)),
                Came::Apart => {}
            }
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
        for &Short { replications, ref events, .. } in &self.short_before {
            match (events[place], self.trials[place]) {
                (Came::Once((hits, _)), Times::Same(trials)) => {
                    proportion.add_once(&Once::block(replications, hits, trials.min(1) * replications));
                }
                (Came::Once((hits, trials)), Times::HitsOf(_)) => {
                    proportion.add_once(&Once::block(replications, hits, trials));
                }
                (Came::Nothing, Times::Same(trials)) => proportion.add_missed(1, replications, trials),
                (Came::Nothing, Times::HitsOf(_)) => proportion.add_missed(1, replications, 0),
                (Came::Apart, _) => {}
            }
        }
        let sums = |place: usize| {
            let Hits { hits, squares, products } = &self.hits;
            [hits[place], squares[place], products[place]].map(u64::from)
        };
        let [hits, block_hit_squares, products] = sums(place);
        let trials = match self.trials[place] {
            Times::Same(trials @ 0..=1) => {
                let in_block = u64::from(trials) * LANES as u64;
                [in_block * blocks, in_block * in_block * blocks, in_block * hits]
            }
            // Counted apart, but for blocks without a hit.
            Times::Same(trials) => return proportion.add_missed(blocks, LANES as u32, trials),
            // With several rounds these are all counted apart, but for those that never happened.
            Times::HitsOf(other) if one_round => {
                let [trials, block_trial_squares, _] = sums(other as usize);
                [trials, block_trial_squares, products]
            }
            Times::HitsOf(_) => [0; 3],
        };
        let replications = blocks * LANES as u64;
        let [trials, block_trial_squares, block_products] = trials;
        let once = Once { replications, hits, trials, block_hit_squares, block_trial_squares, block_products };
        proportion.add_once(&once);
    }
}

/// Whole numbers and sums that are worked out already, as partial sums.
pub(super) fn only(first: f64) -> [f64; 8] {
    [first, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
}
