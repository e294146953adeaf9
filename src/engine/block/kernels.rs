//! The loops over lanes: straight-line code that the compiler turns into vector instructions, cloned for AVX-512, AVX2 and
//! the baseline and chosen as the program runs. All clones give the same bits: there is nothing in them but `+ - * /`,
//! square roots, comparisons, choices and integer operations, no sum of lanes in an order of the compiler's, and no fused
//! multiply-add.

#![allow(clippy::too_many_arguments, reason = "a loop over lanes reads and writes many rows")]

pub(crate) use super::drawing::Scratch;
use super::drawing::{Reader, Undecided, draw_all, draw_listed};
use super::lanes::{Bits, Numbers, Row, Term, bits};
use crate::Sampler;
use crate::grid::{MAX_SAMPLE, MAX_TIME};
use crate::numeric::elementary::pick;
use crate::streams::{Chance, Facet, LANES, Stream};

/// Up to so many lanes, a chance reads eight rows of words at first, else twelve.
const SOME: u32 = 64;
/// From so many lanes on, a draw is made for all of them.
pub(super) const MANY: u32 = 120;

/// All ones where the bit of `lane` among 64 is set.
#[inline(always)]
pub(super) fn mask(word: u64, lane: usize) -> u64 {
    (word >> lane & 1).wrapping_neg()
}

#[inline(always)]
pub(super) fn greater(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// On the grid, and no more than can be.
#[inline(always)]
pub(super) fn on_grid(hours: f64) -> f64 {
    crate::grid::round(if hours > MAX_SAMPLE { MAX_SAMPLE } else { hours })
}

/// A function, cloned for the instruction sets.
macro_rules! cloned {
    ($($function:tt)+) => {
        #[multiversion::multiversion(targets(
            "x86_64+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+avx2+bmi1+bmi2+lzcnt+popcnt",
            "x86_64+avx2+bmi1+bmi2+lzcnt+popcnt",
        ))]
        $($function)+
    };
}
pub(super) use cloned;

/// Such functions, and in `within` the same to be compiled into callers that are clones themselves: a call costs as much as some
/// loops, and bits that were stored by narrow instructions are slow to load by wide ones.
macro_rules! kernels {
    ($($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block)+) => {
        #[allow(unused_imports, dead_code, reason = "not all are called from clones")]
        pub(super) mod within {
            use super::*;
            $($(#[$doc])*
            #[inline(always)]
            pub(crate) fn $name($($argument: $type),*) $(-> $result)? $body)+
        }
        $(crate::engine::block::kernels::cloned! {
            $(#[$doc])*
            #[allow(dead_code, reason = "not all are called from elsewhere")]
            pub(crate) fn $name($($argument: $type),*) $(-> $result)? { within::$name($($argument),*) }
        })+
    };
}
pub(super) use kernels;

kernels! {
    /// A draw in every lane, as the distribution gives it.
    fn draw(sampler: &Sampler, stream: Stream, facet: Facet, out: &mut Row, scratch: &mut Scratch) {
        draw_all(sampler, stream, facet, out, scratch, |x| x);
    }

    /// Hours drawn in every lane, on the grid; the lanes in which they were cut.
    fn draw_hours(
        sampler: &Sampler, stream: Stream, facet: Facet, may_pass: bool, out: &mut Row, scratch: &mut Scratch,
    ) -> Bits {
        if !may_pass {
            draw_all(sampler, stream, facet, out, scratch, crate::grid::round);
            return Bits::NONE;
        }
        draw_all(sampler, stream, facet, out, scratch, |x| x);
        let cut = bits(|lane| out.0[lane] > MAX_SAMPLE);
        for hours in &mut out.0 {
            *hours = on_grid(*hours);
        }
        cut
    }

    /// Adds hours drawn in some lanes, on the grid; how often they were cut.
    fn add_drawn(
        sampler: &Sampler, stream: Stream, facet: Facet, lanes: Bits, to: &mut Row, scratch: &mut Scratch,
    ) -> u32 {
        let count = scratch.places.list(&lanes);
        let (drawn, cut) = draw_listed(sampler, stream, facet, count, scratch);
        for (&place, &hours) in drawn {
            to.0[place as usize] += hours;
        }
        cut
    }

    /// Waits for hours after something else, and in some lanes for hours drawn on top of them; keeps when it came, where there is a
    /// place for that. How often draws were cut.
    fn wait_for_drawn(
        sampler: &Sampler, stream: Stream, facet: Facet, lanes: Bits,
        ready: &mut Row, arrival: Option<&mut Row>, from: &Row, hours: Term, scratch: &mut Scratch,
    ) -> u32 {
        let count = scratch.places.list(&lanes);
        // What is on top is no less than nothing: the lanes with it may wait without it first, while their list is stored.
        let mut arrival = arrival;
        match &mut arrival {
            Some(arrival) => within::wait_for_and_keep(ready, arrival, from, hours),
            None => within::wait_for(ready, from, hours),
        }
        let (drawn, cut) = draw_listed(sampler, stream, facet, count, scratch);
        match (arrival, hours) {
            (Some(arrival), _) => for (&place, &more) in drawn {
                let (ready, arrival) = (&mut ready.0[place as usize], &mut arrival.0[place as usize]);
                *arrival += more;
                *ready = greater(*arrival, *ready);
            },
            (None, Term::Same(hours)) => for (&place, &more) in drawn {
                let ready = &mut ready.0[place as usize];
                *ready = greater(from.0[place as usize] + hours + more, *ready);
            },
            (None, Term::Each(hours)) => for (&place, &more) in drawn {
                let ready = &mut ready.0[place as usize];
                *ready = greater(from.0[place as usize] + hours.0[place as usize] + more, *ready);
            },
        }
        cut
    }

    /// The lanes of `open` in which an event happens.
    fn happens(stream: Stream, facet: Facet, chance: Chance, open: Bits) -> Bits {
        let (mut reader, mut left) = (Reader::new(stream, facet), Undecided::new(chance, open));
        // Each row of bits decides half of the lanes that are left: so many that few are left most times.
        if open.count() > SOME {
            left.compare::<false>(&reader.read::<48>());
        } else {
            left.compare::<false>(&reader.read::<32>());
        }
        while left.is_left() {
            left.compare::<false>(&reader.read::<16>());
        }
        left.hit
    }

    /// The lanes of `open` in which a number is among the lowest, and those in which it is among the highest.
    fn falls(stream: Stream, facet: Facet, low: Chance, high: Chance, open: Bits) -> [Bits; 2] {
        let mut reader = Reader::new(stream, facet);
        let (mut below, mut above) = (Undecided::new(low, open), Undecided::new(high, open));
        let words = reader.read::<32>();
        below.compare::<false>(&words);
        above.compare::<true>(&words);
        if open.count() > SOME {
            let words = reader.read::<16>();
            below.compare::<false>(&words);
            above.compare::<true>(&words);
        }
        while below.is_left() || above.is_left() {
            let words = reader.read::<16>();
            below.compare::<false>(&words);
            above.compare::<true>(&words);
        }
        [below.hit, above.hit]
    }

    /// The same, whatever its chance.
    fn decide(stream: Stream, facet: Facet, chance: Chance, open: Bits) -> Bits {
        if chance.is_never() || open.is_empty() {
            Bits::NONE
        } else if chance.is_always() {
            open
        } else {
            within::happens(stream, facet, chance, open)
        }
    }

    /// Waits for hours after something else.
    fn wait_for(ready: &mut Row, from: &Row, hours: Term) {
        match hours {
            Term::Same(hours) => for (ready, from) in ready.0.iter_mut().zip(&from.0) {
                *ready = greater(*from + hours, *ready);
            },
            Term::Each(hours) => for ((ready, from), hours) in ready.0.iter_mut().zip(&from.0).zip(&hours.0) {
                *ready = greater(*from + *hours, *ready);
            },
        }
    }

    /// Waits for hours after something else, and keeps when it came.
    fn wait_for_and_keep(ready: &mut Row, arrival: &mut Row, from: &Row, hours: Term) {
        let arrivals = arrival.0.iter_mut().zip(&from.0);
        match hours {
            Term::Same(hours) => for (ready, (arrival, from)) in ready.0.iter_mut().zip(arrivals) {
                *arrival = *from + hours;
                *ready = greater(*arrival, *ready);
            },
            Term::Each(hours) => for ((ready, (arrival, from)), hours) in ready.0.iter_mut().zip(arrivals).zip(&hours.0) {
                *arrival = *from + *hours;
                *ready = greater(*arrival, *ready);
            },
        }
    }

    /// Waits for what arrives in some lanes.
    fn wait_in(ready: &mut Row, arrival: &Row, lanes: Bits) {
        for word in 0..LANES / 64 {
            let lanes = lanes.0[word];
            for lane in 0..64 {
                let at = 64 * word + lane;
                // Nothing is earlier than 0.
                let arrival = pick(mask(lanes, lane), arrival.0[at], 0.0);
                ready.0[at] = greater(arrival, ready.0[at]);
            }
        }
    }

    /// Waits for what arrives in some lanes, and keeps the number of what came last: the lowest of equals.
    fn wait_in_and_keep(ready: &mut Row, last: &mut Numbers, arrival: &Row, lanes: Bits, number: u64) {
        for word in 0..LANES / 64 {
            let lanes = lanes.0[word];
            for lane in 0..64 {
                let at = 64 * word + lane;
                let arrival = pick(mask(lanes, lane), arrival.0[at], 0.0);
                let (ready_at, kept) = (ready.0[at], last.0[at]);
                let lower = arrival == ready_at && number < kept && kept != Numbers::NONE;
                let later = u64::from(arrival > ready_at || lower).wrapping_neg();
                ready.0[at] = pick(later, arrival, ready_at);
                last.0[at] = (number & later) | (last.0[at] & !later);
            }
        }
    }

    /// A row of one number.
    fn fill(row: &mut Row, with: Term) {
        match with {
            Term::Same(with) => row.0 = [with; LANES],
            Term::Each(with) => row.0 = with.0,
        }
    }

    /// The sum of a row and hours.
    fn add(from: &Row, hours: Term, out: &mut Row) {
        match hours {
            Term::Same(hours) => for (out, from) in out.0.iter_mut().zip(&from.0) {
                *out = *from + hours;
            },
            Term::Each(hours) => for ((out, from), hours) in out.0.iter_mut().zip(&from.0).zip(&hours.0) {
                *out = *from + *hours;
            },
        }
    }

    /// Adds a row, in place.
    fn increase(to: &mut Row, by: &Row) {
        for (to, by) in to.0.iter_mut().zip(&by.0) {
            *to += *by;
        }
    }

    /// Adds a row in some lanes, in place.
    fn increase_in(to: &mut Row, by: &Row, lanes: Bits) {
        for word in 0..LANES / 64 {
            let lanes = lanes.0[word];
            for lane in 0..64 {
                let at = 64 * word + lane;
                to.0[at] += pick(mask(lanes, lane), by.0[at], 0.0);
            }
        }
    }

    /// Adds the same hours in some lanes.
    fn add_in(to: &mut Row, hours: f64, lanes: Bits) {
        for word in 0..LANES / 64 {
            let lanes = lanes.0[word];
            for lane in 0..64 {
                to.0[64 * word + lane] += pick(mask(lanes, lane), hours, 0.0);
            }
        }
    }

    /// The difference of a row and something else.
    fn subtract(from: &Row, less: Term, out: &mut Row) {
        match less {
            Term::Same(less) => for (out, from) in out.0.iter_mut().zip(&from.0) {
                *out = *from - less;
            },
            Term::Each(less) => for ((out, from), less) in out.0.iter_mut().zip(&from.0).zip(&less.0) {
                *out = *from - *less;
            },
        }
    }

    /// From a start to a finish, less what was planned.
    fn overrun(finish: &Row, start: &Row, less: f64, out: &mut Row) {
        for ((out, finish), start) in out.0.iter_mut().zip(&finish.0).zip(&start.0) {
            *out = (*finish - *start) + less;
        }
    }

    /// The later of two, in place.
    fn latest(row: &mut Row, other: Term) {
        match other {
            Term::Same(other) => for row in &mut row.0 {
                *row = greater(*row, other);
            },
            Term::Each(other) => for (row, other) in row.0.iter_mut().zip(&other.0) {
                *row = greater(*row, *other);
            },
        }
    }

    /// The later of two in some lanes, in place.
    fn latest_in(row: &mut Row, other: Term, lanes: Bits) {
        for word in 0..LANES / 64 {
            let lanes = lanes.0[word];
            for lane in 0..64 {
                let at = 64 * word + lane;
                let other = match other {
                    Term::Same(other) => other,
                    Term::Each(other) => other.0[at],
                };
                row.0[at] = pick(mask(lanes, lane), greater(row.0[at], other), row.0[at]);
            }
        }
    }

    /// Cuts absolute times; in how many of the lanes.
    fn bound(times: &mut Row, lanes: Bits) -> u32 {
        let over = bits(|lane| times.0[lane] > MAX_TIME);
        if over.is_empty() {
            return 0;
        }
        for time in &mut times.0 {
            *time = if *time > MAX_TIME { MAX_TIME } else { *time };
        }
        over.and(lanes).count()
    }

    /// Where a row is more than something else.
    fn above(row: &Row, limit: Term) -> Bits {
        match limit {
            Term::Same(limit) => bits(|lane| row.0[lane] > limit),
            Term::Each(limit) => bits(|lane| row.0[lane] > limit.0[lane]),
        }
    }

    /// Where a row is less than something else.
    fn below(row: &Row, limit: Term) -> Bits {
        match limit {
            Term::Same(limit) => bits(|lane| row.0[lane] < limit),
            Term::Each(limit) => bits(|lane| row.0[lane] < limit.0[lane]),
        }
    }

    /// Where the kept number is this one.
    fn number_is(numbers: &Numbers, number: u64) -> Bits {
        bits(|lane| numbers.0[lane] == number)
    }

    /// Other numbers in some lanes.
    fn choose(row: &mut Row, other: Term, lanes: Bits) {
        for word in 0..LANES / 64 {
            let lanes = lanes.0[word];
            match other {
                Term::Same(other) => for lane in 0..64 {
                    let at = 64 * word + lane;
                    row.0[at] = pick(mask(lanes, lane), other, row.0[at]);
                },
                Term::Each(other) => for lane in 0..64 {
                    let at = 64 * word + lane;
                    row.0[at] = pick(mask(lanes, lane), other.0[at], row.0[at]);
                },
            }
        }
    }

    /// The product of two, in place.
    fn multiply(row: &mut Row, factor: Term) {
        match factor {
            Term::Same(factor) => for row in &mut row.0 {
                *row *= factor;
            },
            Term::Each(factor) => for (row, factor) in row.0.iter_mut().zip(&factor.0) {
                *row *= *factor;
            },
        }
    }

    /// Pace times duration on the grid, in place; the lanes in which it was cut.
    fn work(duration: &mut Row, pace: Term, may_pass: bool) -> Bits {
        match pace {
            Term::Same(pace) => for duration in &mut duration.0 {
                *duration *= pace;
            },
            Term::Each(pace) => for (duration, pace) in duration.0.iter_mut().zip(&pace.0) {
                *duration *= *pace;
            },
        }
        let cut = if may_pass { bits(|lane| duration.0[lane] > MAX_SAMPLE) } else { Bits::NONE };
        for duration in &mut duration.0 {
            *duration = on_grid(*duration);
        }
        cut
    }

    /// The servers that are free earliest, the lowest of equals: since when, and which.
    fn earliest(servers: &[Box<Row>], free: &mut Row, which: &mut Numbers) {
        let Some((first, others)) = servers.split_first() else { return };
        free.0 = first.0;
        which.0 = [0; LANES];
        for (number, server) in others.iter().enumerate() {
            for lane in 0..LANES {
                let earlier = u64::from(server.0[lane] < free.0[lane]).wrapping_neg();
                free.0[lane] = pick(earlier, server.0[lane], free.0[lane]);
                which.0[lane] = ((number as u64 + 1) & earlier) | (which.0[lane] & !earlier);
            }
        }
    }

    /// How many of some arrivals come before this one: earlier, or as early and with a lower number.
    fn rank(arrival: &Row, others: &[(&Row, Bits, bool)], out: &mut Row) {
        out.0 = [0.0; LANES];
        for (other, lanes, lower) in others {
            for word in 0..LANES / 64 {
                let lanes = lanes.0[word];
                for lane in 0..64 {
                    let at = 64 * word + lane;
                    let before = other.0[at] < arrival.0[at] || (*lower && other.0[at] == arrival.0[at]);
                    out.0[at] += pick(mask(lanes, lane) & u64::from(before).wrapping_neg(), 1.0, 0.0);
                }
            }
        }
    }

    /// One input's part in the quality of what is made of it: `used` lanes bring `quality`, `missing` ones bring 0.
    fn weakest(quality: Term, used: Bits, missing: Bits, strength: f64, criticality: f64, so_far: &mut Received) {
        let Received { sum, count, cap } = so_far;
        for word in 0..LANES / 64 {
            let (used, counted) = (used.0[word], used.0[word] | missing.0[word]);
            for lane in 0..64 {
                let at = 64 * word + lane;
                let brought = match quality {
                    Term::Same(quality) => quality,
                    Term::Each(quality) => quality.0[at],
                };
                let (brought, counted) = (pick(mask(used, lane), brought, 0.0), mask(counted, lane));
                if strength > 0.0 {
                    sum.0[at] += pick(counted, 1.0 - strength * (1.0 - brought), 0.0);
                    count.0[at] += pick(counted, 1.0, 0.0);
                }
                let limit = brought + criticality;
                let lower = u64::from(limit < cap.0[at]).wrapping_neg() & counted;
                cap.0[at] = pick(lower, limit, cap.0[at]);
            }
        }
    }

    /// The quality that all inputs pass on, into the first row.
    fn received(so_far: &mut Received) {
        let Received { sum, count, cap } = so_far;
        for lane in 0..LANES {
            let some = u64::from(count.0[lane] > 0.0).wrapping_neg();
            let mean = pick(some, sum.0[lane] / count.0[lane], 1.0);
            sum.0[lane] = if mean < cap.0[lane] { mean } else { cap.0[lane] };
        }
    }

    /// The sums of a row by lane modulo 8, of its squares, and of its products with weights: in the order that
    /// `BlockAverage` lays down.
    fn partial_sums(row: &Row, weights: Term) -> [[f64; 8]; 3] {
        let [mut sums, mut squares, mut products] = [[0.0; 8]; 3];
        match weights {
            Term::Same(weight) => for lanes in row.0.chunks_exact(8) {
                for (partial, &value) in lanes.iter().enumerate() {
                    sums[partial] += value;
                    squares[partial] += value * value;
                    products[partial] += value * weight;
                }
            },
            Term::Each(weights) => for (lanes, weights) in row.0.chunks_exact(8).zip(weights.0.chunks_exact(8)) {
                for (partial, (&value, &weight)) in lanes.iter().zip(weights).enumerate() {
                    sums[partial] += value;
                    squares[partial] += value * value;
                    products[partial] += value * weight;
                }
            },
        }
        [sums, squares, products]
    }

    /// The same, with a row of weights, of two times from a start to a finish, less what was planned. Two at once, as each sum waits
    /// for itself.
    fn sums_of_overruns(jobs: [(&Row, &Row, f64); 2], weights: &Row) -> [[[f64; 8]; 3]; 2] {
        let [(finish, start, less), (other_finish, other_start, other_less)] = jobs;
        let ([mut sums, mut squares, mut products], [mut other_sums, mut other_squares, mut other_products]) =
            ([[0.0; 8]; 3], [[0.0; 8]; 3]);
        for chunk in 0..LANES / 8 {
            for partial in 0..8 {
                let at = 8 * chunk + partial;
                let value = (finish.0[at] - start.0[at]) + less;
                let other = (other_finish.0[at] - other_start.0[at]) + other_less;
                sums[partial] += value;
                squares[partial] += value * value;
                products[partial] += value * weights.0[at];
                other_sums[partial] += other;
                other_squares[partial] += other * other;
                other_products[partial] += other * weights.0[at];
            }
        }
        [[sums, squares, products], [other_sums, other_squares, other_products]]
    }

    /// Satisfaction, `0..=100`.
    fn satisfaction(
        wait: &Row, promise: f64, quality: Term, errors: Bits, error_factor: f64, lateness_factor: f64, out: &mut Row,
    ) {
        for word in 0..LANES / 64 {
            let errors = errors.0[word];
            for lane in 0..64 {
                let at = 64 * word + lane;
                let on_time = u64::from(wait.0[at] <= promise).wrapping_neg();
                let late = pick(on_time, 1.0, 1.0 - lateness_factor * (1.0 - promise / wait.0[at]));
                let wrong = pick(mask(errors, lane), error_factor, 1.0);
                let quality = match quality {
                    Term::Same(quality) => quality,
                    Term::Each(quality) => quality.0[at],
                };
                out.0[at] = 100.0 * quality * wrong * late;
            }
        }
    }
}

/// What inputs bring together, in the terms of functional dependency network analysis.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) sum: Box<Row>,
    pub(crate) count: Box<Row>,
    pub(crate) cap: Box<Row>,
}

impl Received {
    pub(crate) fn new() -> Self {
        Self { sum: Row::new(0.0), count: Row::new(0.0), cap: Row::new(1.0) }
    }

    /// Before the first input.
    pub(crate) fn begin(&mut self) {
        self.sum.0 = [0.0; LANES];
        self.count.0 = [0.0; LANES];
        self.cap.0 = [1.0; LANES];
    }
}

/// Adds hours drawn in some lanes: one by one where they are few, else for all lanes at once.
pub(crate) fn add_hours(
    sampler: &Sampler,
    stream: Stream,
    facet: Facet,
    lanes: Bits,
    to: &mut Row,
    live: Bits,
    dense: &mut Row,
    scratch: &mut Scratch,
) -> u64 {
    if let Some(hours) = sampler.constant() {
        let (hours, over) = crate::grid::sample(hours);
        if hours > 0.0 {
            add_in(to, hours, lanes);
        }
        return if over { lanes.and(live).count().into() } else { 0 };
    }
    if lanes.count() < MANY {
        // What lies in lanes beyond the last replication is not counted.
        return add_drawn(sampler, stream, facet, lanes.and(live), to, scratch).into();
    }
    let cut = draw_hours(sampler, stream, facet, true, dense, scratch);
    increase_in(to, dense, lanes);
    cut.and(lanes).and(live).count().into()
}
