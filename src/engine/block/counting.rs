//! The loops over lanes that counting needs: how late, how long, how often, and their sums.

#![allow(clippy::too_many_arguments, reason = "a loop over lanes reads and writes many rows")]

use super::kernels::{greater, kernels, mask};
use super::lanes::{Bits, Row, Term, bits, word};
use super::watch::{DependencySeen, ServiceSeen};
use crate::numeric::elementary::pick;
use crate::streams::LANES;

/// What a value comes to over all lanes: sums by lane modulo 8, in the order that `BlockAverage` lays down; to be folded.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Added {
    pub(crate) sums: [f64; 8],
    pub(crate) squares: [f64; 8],
}

impl Added {
    #[inline(always)]
    fn add(&mut self, partial: usize, value: f64) {
        self.sums[partial] += value;
        self.squares[partial] += value * value;
    }
}

/// What came over a dependency over all lanes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived {
    /// In how many lanes it was late, and broke its promise.
    pub(crate) counts: [u32; 2],
    pub(crate) delay: Added,
    pub(crate) over: Added,
}

/// What a service comes to over all lanes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Served {
    /// In how many lanes it was late, wrong, erred in itself, and was started late.
    pub(crate) counts: [u32; 4],
    pub(crate) late: Bits,
    pub(crate) waited: Bits,
    pub(crate) delay: Added,
    pub(crate) waiting: Added,
    pub(crate) work: Added,
}

kernels! {
    /// How late something arrived that came in all lanes, and how much longer than promised the provider took, where it was planned
    /// for the same time in all of them.
    fn arrived_everywhere(arrival: &Row, ready: &Row, planned: [f64; 2], promise: f64) -> Arrived {
        let [planned_arrival, planned_ready] = planned;
        let ([mut late_by, mut over_by], mut counts) = ([Added::default(); 2], [0; 2]);
        for (arrival, ready) in arrival.0.chunks_exact(64).zip(ready.0.chunks_exact(64)) {
            let [mut delay, mut over] = [[0.0; 64]; 2];
            for first in (0..64).step_by(8) {
                for partial in 0..8 {
                    let at = first + partial;
                    delay[at] = arrival[at] - planned_arrival;
                    over[at] = arrival[at] - greater(planned_ready, ready[at]) - promise;
                    late_by.add(partial, delay[at]);
                    over_by.add(partial, over[at]);
                }
            }
            counts[0] += word(|lane| delay[lane] > 0.0).count_ones();
            counts[1] += word(|lane| over[lane] > 0.0).count_ones();
        }
        Arrived { counts, delay: late_by, over: over_by }
    }

    /// The same of how much longer than promised it took alone: what it comes to, and in how many lanes the promise was broken.
    fn overran_everywhere(arrival: &Row, ready: &Row, planned_ready: f64, promise: f64) -> (u32, Added) {
        let (mut over_by, mut broken) = (Added::default(), 0);
        for (arrival, ready) in arrival.0.chunks_exact(64).zip(ready.0.chunks_exact(64)) {
            let mut over = [0.0; 64];
            for first in (0..64).step_by(8) {
                for partial in 0..8 {
                    let at = first + partial;
                    over[at] = arrival[at] - greater(planned_ready, ready[at]) - promise;
                    over_by.add(partial, over[at]);
                }
            }
            broken += word(|lane| over[lane] > 0.0).count_ones();
        }
        (broken, over_by)
    }

    /// In how many lanes something went unanswered, came with an error, was caught, and passed an error on.
    fn happenings(seen: &DependencySeen) -> [u32; 4] {
        [seen.silent.count(), seen.error_in.count(), seen.caught.count(), seen.passed.count()]
    }

    /// How late a service was done, how long it waited for its inputs alone, and how long it took, where it was due and free to start
    /// at the same time in all lanes.
    fn served_everywhere(
        seen: &ServiceSeen, due: f64, free: f64, delay: &mut Row, waiting: &mut Row,
    ) -> Served {
        let [mut late_by, mut waited_for, mut worked] = [Added::default(); 3];
        let rows = seen.finish.0.chunks_exact(8).zip(seen.ready.0.chunks_exact(8)).zip(seen.work.0.chunks_exact(8));
        let kept = delay.0.chunks_exact_mut(8).zip(waiting.0.chunks_exact_mut(8));
        for (((finish, ready), work), (delay, waiting)) in rows.zip(kept) {
            for partial in 0..8 {
                delay[partial] = finish[partial] - due;
                waiting[partial] = greater(ready[partial] - free, 0.0);
                late_by.add(partial, delay[partial]);
                waited_for.add(partial, waiting[partial]);
                worked.add(partial, work[partial]);
            }
        }
        let late = bits(|lane| delay.0[lane] > 0.0);
        Served {
            late,
            counts: [late, seen.error, seen.own_error, seen.started_late].map(Bits::count),
            waited: bits(|lane| waiting.0[lane] > 0.0),
            delay: late_by,
            waiting: waited_for,
            work: worked,
        }
    }

    /// How late something arrived, and how much longer than promised the provider took: where it was late, and where the
    /// promise was broken.
    fn arrived(
        arrival: &Row, ready: &Row, released: Term, planned: [f64; 2], promise: f64, delay: &mut Row, over: &mut Row,
    ) -> [Bits; 2] {
        let [planned_arrival, planned_ready] = planned;
        match released {
            Term::Same(released) => {
                let (planned_arrival, planned_ready) = (released + planned_arrival, released + planned_ready);
                for at in 0..LANES {
                    delay.0[at] = arrival.0[at] - planned_arrival;
                    over.0[at] = arrival.0[at] - greater(planned_ready, ready.0[at]) - promise;
                }
            }
            Term::Each(released) => for at in 0..LANES {
                let (planned_arrival, planned_ready) = (released.0[at] + planned_arrival, released.0[at] + planned_ready);
                delay.0[at] = arrival.0[at] - planned_arrival;
                over.0[at] = arrival.0[at] - greater(planned_ready, ready.0[at]) - promise;
            },
        }
        [bits(|lane| delay.0[lane] > 0.0), bits(|lane| over.0[lane] > 0.0)]
    }

    /// How late a service was done, and how long it waited for its inputs alone: where it was late, and where it waited.
    fn served(
        finish: &Row, ready: &Row, release: Term, planned: f64, allowed: Term, server: Term, delay: &mut Row,
        waiting: &mut Row,
    ) -> [Bits; 2] {
        match release {
            Term::Same(release) => for at in 0..LANES {
                delay.0[at] = finish.0[at] - (release + planned);
            },
            Term::Each(release) => for at in 0..LANES {
                delay.0[at] = finish.0[at] - (release.0[at] + planned);
            },
        }
        match (allowed, server) {
            (Term::Same(allowed), Term::Same(server)) => {
                let free = greater(allowed, server);
                for at in 0..LANES {
                    waiting.0[at] = greater(ready.0[at] - free, 0.0);
                }
            }
            (allowed, server) => for at in 0..LANES {
                let allowed = match allowed {
                    Term::Same(allowed) => allowed,
                    Term::Each(allowed) => allowed.0[at],
                };
                let server = match server {
                    Term::Same(server) => server,
                    Term::Each(server) => server.0[at],
                };
                waiting.0[at] = greater(ready.0[at] - greater(allowed, server), 0.0);
            },
        }
        [bits(|lane| delay.0[lane] > 0.0), bits(|lane| waiting.0[lane] > 0.0)]
    }

    /// How long a service that was ready and allowed to start waited for its server.
    fn queued(ready: &Row, allowed: Term, server: &Row, out: &mut Row) {
        for at in 0..LANES {
            let allowed = match allowed {
                Term::Same(allowed) => allowed,
                Term::Each(allowed) => allowed.0[at],
            };
            out.0[at] = greater(server.0[at] - greater(allowed, ready.0[at]), 0.0);
        }
    }

    /// Of the hours that were waited, in some lanes, those that this arrival ended; they are no longer left to others.
    fn ended(arrival: &Row, ready: &Row, lanes: Bits, left: &mut Row, to: &mut Row, first: bool) {
        for word in 0..LANES / 64 {
            let lanes = lanes.0[word];
            for lane in 0..64 {
                let at = 64 * word + lane;
                let last = u64::from(arrival.0[at] == ready.0[at]).wrapping_neg() & mask(lanes, lane);
                let hours = pick(last, left.0[at], 0.0);
                left.0[at] = pick(last, 0.0, left.0[at]);
                to.0[at] = if first { hours } else { to.0[at] + hours };
            }
        }
    }

    /// The same where it may have ended them in any lane.
    fn ended_everywhere(arrival: &Row, ready: &Row, left: &mut Row, to: &mut Row, first: bool) {
        let rows = arrival.0.iter().zip(&ready.0).zip(&mut left.0).zip(&mut to.0);
        if first {
            for (((arrival, ready), left), to) in rows {
                let last = u64::from(arrival == ready).wrapping_neg();
                *to = pick(last, *left, 0.0);
                *left = pick(last, 0.0, *left);
            }
        } else {
            for (((arrival, ready), left), to) in rows {
                let last = u64::from(arrival == ready).wrapping_neg();
                *to += pick(last, *left, 0.0);
                *left = pick(last, 0.0, *left);
            }
        }
    }

    /// The sums of a row by lane modulo 8, and of its squares, in the order that `BlockAverage` lays down; to be folded.
    fn sums(row: &Row) -> [[f64; 8]; 2] {
        unfolded(row)
    }

    /// The same of two rows.
    fn sums_of_two(one: &Row, other: &Row) -> [[[f64; 8]; 2]; 2] {
        [unfolded(one), unfolded(other)]
    }

    /// The sum of a number a lane, given by its bits, and of its squares: exact in any order below 2^53.
    fn whole_numbers(planes: &[Bits]) -> [f64; 2] {
        let [mut sum, mut squares] = [0.0; 2];
        let mut scale = 1.0;
        for (number, plane) in planes.iter().enumerate() {
            let count = f64::from(plane.count());
            sum += count * scale;
            squares += count * scale * scale;
            let mut other_scale = 2.0 * scale * scale * 2.0;
            for other in planes.iter().skip(number.wrapping_add(1)) {
                squares += f64::from(plane.and(*other).count()) * other_scale;
                other_scale *= 2.0;
            }
            scale *= 2.0;
        }
        [sum, squares]
    }

    /// In how many lanes each of several things happened.
    fn counts(things: &[Bits; 8]) -> [u32; 8] {
        let mut counts = [0; 8];
        for (count, thing) in counts.iter_mut().zip(things) {
            *count = thing.count();
        }
        counts
    }
}

/// Folded elsewhere: together with the folding, the compiler would not see vectors in the sums.
#[inline(always)]
fn unfolded(row: &Row) -> [[f64; 8]; 2] {
    let [mut sums, mut squares] = [[0.0; 8]; 2];
    for lanes in row.0.chunks_exact(8) {
        for (partial, &value) in lanes.iter().enumerate() {
            sums[partial] += value;
            squares[partial] += value * value;
        }
    }
    [sums, squares]
}
