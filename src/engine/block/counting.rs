//! The loops over lanes that counting needs: how late, how long, how often, and their sums.

#![allow(clippy::too_many_arguments, reason = "a loop over lanes reads and writes many rows")]

use super::kernels::{bits, greater, kernels, mask};
use super::lanes::{Bits, Row, Term};
use crate::numeric::elementary::pick;
use crate::streams::LANES;

kernels! {
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
