//! Inverting the tail of a log-concave distribution.
//!
//! A log-concave density has log-concave tails (Prékopa 1973), and Newton's method on a concave increasing function lands on
//! its far side at most once and then climbs without overshooting. So no bracket is needed, whatever the parameters.
//! Gamma variables are log-concave in `ln x`, beta variables in `ln(x / (1 - x))`, for every shape.

/// What is known of a distribution at a point `s`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    /// `P(S <= s)`.
    pub(crate) lower: f64,
    /// `P(S > s)`.
    pub(crate) upper: f64,
    /// The density at `s`.
    pub(crate) density: f64,
    /// The derivative of the logarithm of the density.
    pub(crate) slope: f64,
}

/// Which tail a probability counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tail {
    Lower,
    Upper,
}

/// A quantile and the density there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Root {
    pub(crate) s: f64,
    pub(crate) density: f64,
}

/// A solver that starts each search where the last one ended.
pub(crate) struct Solver<F> {
    eval: F,
    tail: Tail,
    s: f64,
    at: At,
}

impl<F: FnMut(f64) -> At> Solver<F> {
    /// Starts at `s`.
    pub(crate) fn new(tail: Tail, s: f64, mut eval: F) -> Self {
        let at = eval(s);
        Self { eval, tail, s, at }
    }

    /// The `s` with the tail probability `p`, to about `tolerance` cubed relative to `p`: two or three evaluations from
    /// afar, one from a neighbour.
    pub(crate) fn solve(&mut self, p: f64, tolerance: f64) -> Root {
        let target = libm::log(p);
        let sign = if self.tail == Tail::Lower { 1.0 } else { -1.0 };
        let mut last = self.s;
        for _ in 0..200 {
            let probability = if self.tail == Tail::Lower { self.at.lower } else { self.at.upper };
            let hazard = self.at.density / probability;
            // A step so far that the probability underflows: come half of the way back.
            if !(hazard > 0.0 && hazard.is_finite()) {
                self.s = 0.5 * (self.s + last);
                self.at = (self.eval)(self.s);
                continue;
            }
            let gap = libm::log(probability) - target;
            let newton = -gap / (sign * hazard);
            // Chebyshev's third-order correction, once it is small.
            let bend = -0.5 * (self.at.slope - sign * hazard) * newton * newton;
            let step = if gap.abs() < 0.5 && bend.abs() < 0.5 * newton.abs() { newton + bend } else { newton };
            if gap.abs() < tolerance || step.abs() <= 2e-16 * self.s.abs() {
                return Root { s: self.s + step, density: self.at.density * libm::exp(self.at.slope * step) };
            }
            last = self.s;
            self.s += step;
            self.at = (self.eval)(self.s);
        }
        Root { s: self.s, density: self.at.density }
    }
}
