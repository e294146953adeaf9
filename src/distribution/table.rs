//! Inverse-CDF tables: any continuous shape sampled with `+ - *` alone.
//!
//! After the hierarchical inversion of Hörmann and Leydold (2003) and of Luk, Cheung et al. (2007): each tail is cut into
//! octaves of its probability `p`, each octave into equal cells, and in a cell the quantile is a parabola. The cell is found in
//! the bits of `p`: the exponent, and the upper bits of the mantissa. Parabolas come four from each cubic through the ends of a
//! wider interval with the right slopes there: a cell is 16 bytes, its start and two coefficients of 32 bits, as fetching it is
//! what a draw costs most.
//!
//! Where quantiles are high powers of `p` (gamma of a small shape) the table holds a root of them, 2, 4, 8, ... deep, which the
//! draw squares back. The number of cells is doubled until the error is small enough: see [`TOLERANCE`].

use super::sampler::{Scratch, split_twice};
use crate::numeric::beta::{beta_at, logit_quantile};
use crate::numeric::elementary::pick;
use crate::numeric::gamma::{gamma_at, ln_gamma_quantile};
use crate::numeric::normal::normal_density;
use crate::numeric::solve::{Solver, Tail};
use crate::numeric::{normal_cdf, normal_quantile};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Octaves of each tail: `p` from 2^-41 to 1/2. What lies farther out takes the value at 2^-41.
const OCTAVES: u64 = 40;
/// The biased exponent of 2^-41.
const LEAST_EXPONENT: u64 = 1023 - 41;
/// The least `p` that is told apart.
const LEAST: f64 = f64::from_bits(LEAST_EXPONENT << 52);
/// Cubics an octave, as a power of two: at first, and at most.
const CUBIC_BITS: std::ops::RangeInclusive<u32> = 4..=8;
/// Parabolas that a cubic becomes, as a power of two.
const SPLIT_BITS: u32 = 2;
/// Octaves next to the median in which the error is measured as the table is built: below them `p` itself is small.
const MEASURED: u64 = 4;
/// How far the distribution function of the cubics may lie from the true one, as measured in the middle of them, and that of the
/// parabolas from that of the cubics.
const TOLERANCE: f64 = 1e-7;

/// A continuous shape without its place and scale.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Of scale 1.
    Gamma(f64),
    /// On 0..1. The upper half holds the distance from 1.
    Beta(f64, f64),
    /// Of median 1; the standard deviation of the logarithm.
    Lognormal(f64),
    /// Of scale 1.
    Weibull(f64),
    /// Of mean 0 and standard deviation 1, on condition of more than minus this; infinity for all of it.
    Normal(f64),
}

impl Shape {
    fn key(self) -> (u8, u64, u64) {
        match self {
            Self::Gamma(a) => (0, a.to_bits(), 0),
            Self::Beta(a, b) => (1, a.to_bits(), b.to_bits()),
            Self::Lognormal(sigma) => (2, sigma.to_bits(), 0),
            Self::Weibull(k) => (3, k.to_bits(), 0),
            Self::Normal(cut) => (4, cut.to_bits(), 0),
        }
    }

    /// How often a draw from a half is squared, so that the table holds at most squares of `p`.
    fn squarings(self, tail: Tail) -> u32 {
        let power = match self {
            Self::Gamma(a) | Self::Weibull(a) => 1.0 / a,
            Self::Beta(a, b) => 1.0 / if tail == Tail::Lower { a } else { b },
            Self::Lognormal(sigma) => sigma,
            Self::Normal(_) => 0.0,
        };
        (0..6).find(|&n| power <= f64::from(2 << n)).unwrap_or(6)
    }

    /// The tabled value of a tail as a function of its probability, and the derivative of it.
    fn half(self, tail: Tail) -> Box<dyn FnMut(f64) -> (f64, f64)> {
        let root = 1.0 / f64::from(1_u32 << self.squarings(tail));
        let lower = tail == Tail::Lower;
        let sign = if lower { 1.0 } else { -1.0 };
        match self {
            Self::Gamma(a) => {
                let mut solver = Solver::new(tail, ln_gamma_quantile(0.5, a), move |s| gamma_at(a, s));
                Box::new(move |p| {
                    let found = solver.solve(p, 2e-3);
                    let y = libm::exp(found.s * root);
                    (y, sign * y * root / found.density)
                })
            }
            Self::Beta(a, b) => {
                let mut solver = Solver::new(tail, logit_quantile(0.5, 0.5, a, b), move |s| beta_at(a, b, s));
                Box::new(move |p| {
                    let found = solver.solve(p, 2e-3);
                    // ln x below, ln (1 - x) above, and the derivative by the logit of either.
                    let s = sign * found.s;
                    let ln = if s < 0.0 { s - libm::log1p(libm::exp(s)) } else { -libm::log1p(libm::exp(-s)) };
                    let y = libm::exp(ln * root);
                    (y, y * root / (1.0 + libm::exp(s)) / found.density)
                })
            }
            Self::Lognormal(sigma) => Box::new(move |p| {
                let z = sign * normal_quantile(p);
                let y = libm::exp(sigma * root * z);
                (y, sign * y * sigma * root / normal_density(z))
            }),
            Self::Weibull(k) => Box::new(move |p| {
                let t = if lower { -libm::log1p(-p) } else { -libm::log(p) };
                let y = libm::exp(libm::log(t) * (root / k));
                (y, sign * y * (root / k) / (t * if lower { 1.0 - p } else { p }))
            }),
            Self::Normal(cut) => {
                let (left, lost) = (normal_cdf(cut), normal_cdf(-cut));
                Box::new(move |p| {
                    let inside = p * left;
                    let z = if !lower {
                        -normal_quantile(inside)
                    } else if lost + inside <= 0.5 {
                        normal_quantile(lost + inside)
                    } else {
                        -normal_quantile((1.0 - p) * left)
                    };
                    (z, sign * left / normal_density(z))
                })
            }
        }
    }
}

/// The tables that were built so far, so that services of one shape share theirs.
#[derive(Debug, Default)]
pub(crate) struct Tables(HashMap<(u8, u64, u64), Arc<Table>>);

impl Tables {
    pub(super) fn get(&mut self, shape: Shape) -> Arc<Table> {
        Arc::clone(self.0.entry(shape.key()).or_insert_with(|| Arc::new(Table::new(shape))))
    }
}

/// The two halves of a quantile function.
pub(super) struct Table {
    /// Parabolas by rising `p`, those of the lower half first.
    cells: Box<[Cell]>,
    /// Where the upper half begins.
    half: u64,
    cell_bits: u32,
    /// The bits of twice the least `p` down to those that tell cells apart.
    first: u64,
    /// Of the lower half and of the upper.
    squarings: [u32; 2],
    /// The tabled value at the median.
    middle: f64,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("cells", &self.cells.len()).finish_non_exhaustive()
    }
}

impl Table {
    /// Some 1,400 quantiles, each found from the one before in one evaluation: 0.1 to 0.8 ms. Shapes in the thousands take up to 7 ms, by
    /// quadrature, and so do those near 0.05, by more cells.
    fn new(shape: Shape) -> Self {
        let mut cubic_bits = *CUBIC_BITS.start();
        let (middle, _) = shape.half(Tail::Lower)(0.5);
        loop {
            let last = cubic_bits == *CUBIC_BITS.end();
            let (mut cells, lower) = half(shape, Tail::Lower, cubic_bits, middle);
            let (mut above, upper) = half(shape, Tail::Upper, cubic_bits, middle);
            if last || (lower && upper) {
                let cell_bits = cubic_bits + SPLIT_BITS;
                let half = cells.len() as u64;
                cells.append(&mut above);
                return Self {
                    cells: cells.into(),
                    half,
                    first: (LEAST_EXPONENT + 1) << cell_bits,
                    cell_bits,
                    squarings: [Tail::Lower, Tail::Upper].map(|tail| shape.squarings(tail)),
                    middle,
                };
            }
            cubic_bits += 1;
        }
    }

    /// The cell of twice a tail probability, in (0, 1), and how far into it, 0..1.
    #[inline(always)]
    fn find(&self, twice: f64, above: u64) -> (u64, f64) {
        let bits = (if twice > 2.0 * LEAST { twice } else { 2.0 * LEAST }).to_bits();
        // Wrapping only in name: the probability lies in the octaves of the table.
        let cell = bits.wrapping_shr(52_u32.wrapping_sub(self.cell_bits)).wrapping_sub(self.first);
        let rest = bits.wrapping_shl(self.cell_bits) & 0x000F_FFFF_FFFF_FFFF;
        (cell.wrapping_add(self.half & above), f64::from_bits(0x3FF0_0000_0000_0000 | rest) - 1.0)
    }
}

/// `start + x (slope + x bend)`: the bits of the start, and above those of the slope, below those of the bend, 32 of each. The
/// slope is read with the bend as its lower bits, which saves an operation a draw.
#[derive(Debug, Clone, Copy)]
struct Cell([u64; 2]);

impl Cell {
    const LOW: u64 = 0xFFFF_FFFF;

    /// Rises, or falls, by no more than to `end`.
    fn new(start: f64, slope: f64, bend: f64, end: f64) -> Self {
        let bend = bend.to_bits() >> 32;
        let mut slope = slope.to_bits() & !Self::LOW;
        // No farther than to the start of the next cell.
        let last = 1.0 - 1.0 / 70_368_744_177_664.0;
        for _ in 0..64 {
            let cell = Self([start.to_bits(), slope | bend]);
            let over = cell.at(last);
            if (end >= start && over <= end) || (end < start && over >= end) {
                return cell;
            }
            // One step of 2^-20 less steep.
            slope = slope.saturating_sub(Self::LOW + 1);
        }
        Self([start.to_bits(), 0])
    }

    #[inline(always)]
    fn at(self, x: f64) -> f64 {
        let [start, curve] = self.0;
        parabola(start, curve, x)
    }
}

#[inline(always)]
fn parabola(start: u64, curve: u64, x: f64) -> f64 {
    f64::from_bits(start) + x * (f64::from_bits(curve) + x * f64::from_bits(curve << 32))
}

#[inline(always)]
fn square(y: f64, times: u32) -> f64 {
    let mut y = y;
    for _ in 0..times {
        y *= y;
    }
    y
}

/// A cubic by rising powers of `t`, 0..1.
#[inline(always)]
fn cubic_at(c: &[f64; 4], t: f64) -> f64 {
    c[0] + t * (c[1] + t * (c[2] + t * c[3]))
}

/// One half of a table by rising `p`, and whether it is accurate enough.
fn half(shape: Shape, tail: Tail, cubic_bits: u32, middle: f64) -> (Vec<Cell>, bool) {
    let count = OCTAVES << cubic_bits;
    let measured = count - (MEASURED << cubic_bits);
    let edge = |i: u64| f64::from_bits(((LEAST_EXPONENT << cubic_bits) + i) << (52 - cubic_bits));
    let mut quantile = shape.half(tail);
    let mut cells = Vec::with_capacity((count << SPLIT_BITS) as usize);
    let mut fine = true;
    let mut end = quantile(0.5);
    if !matches!(shape, Shape::Beta(..)) && shape.squarings(Tail::Lower) == shape.squarings(Tail::Upper) {
        // So that the halves, which hold the same there, meet to the last bit.
        end.0 = middle;
    }
    // From the median outwards, so that each quantile is near to the one before.
    for i in (0..count).rev() {
        let (p, width) = (edge(i), edge(i + 1) - edge(i));
        let middle = (i >= measured).then(|| quantile(p + 0.5 * width));
        let start = quantile(p);
        let (cubic, rising) = cubic(start, end, width);
        fine &= rising;
        if let Some((y, slope)) = middle {
            let error = (cubic_at(&cubic, 0.5) - y).abs();
            fine &= error <= TOLERANCE * slope.abs() || error <= 4e-16 * y.abs();
        }
        fine &= split(&cubic, end.0, width, &mut cells) || i < measured;
        end = start;
    }
    cells.reverse();
    (cells, fine)
}

/// The cubic of an interval that has the given values and derivatives at its ends, and whether it keeps its direction.
fn cubic((y0, slope0): (f64, f64), (y1, slope1): (f64, f64), width: f64) -> ([f64; 4], bool) {
    let (rise, m0, m1) = (y1 - y0, slope0 * width, slope1 * width);
    let mut c = [y0, m0, 3.0 * rise - 2.0 * m0 - m1, m0 + m1 - 2.0 * rise];
    // The least relative derivative: at an end, or at the vertex of the parabola where that lies between them.
    let vertex = -c[2] / (3.0 * c[3]);
    let between = if vertex > 0.0 && vertex < 1.0 { (m0 + c[2] * vertex) / rise } else { 1.0 };
    let rising = rise == 0.0 || (m0 / rise >= 0.25 && m1 / rise >= 0.25 && between >= 0.25);
    if !rising || rise == 0.0 || !c[3].is_finite() {
        c = [y0, rise, 0.0, 0.0];
    }
    (c, rising)
}

/// The parabolas of a cubic from its last to its first, and whether they are near to it.
///
/// Each has the cubic's values at its ends and in its middle: `x^3` becomes `(3 x^2 - x) / 2`, which is off by 0.0482 at most.
/// Evaluated in floating point it is monotone all the same: `x` comes in steps of at least 2^-46, 128 roundings of 1, and the
/// derivative is at least a fifth of the average one, so that `x * (...)` cannot fall; adding the start rounds monotonically.
fn split(c: &[f64; 4], end: f64, width: f64, cells: &mut Vec<Cell>) -> bool {
    let pieces = f64::from(1 << SPLIT_BITS);
    let step = 1.0 / pieces;
    let (mut end, mut fine) = (end, true);
    for piece in (0..1 << SPLIT_BITS).rev() {
        let t = f64::from(piece) * step;
        let start = cubic_at(c, t);
        let rise = end - start;
        let third = c[3] * (step * step * step);
        let bend = (c[2] + 3.0 * t * c[3]) * (step * step) + 1.5 * third;
        // By the rise, whose ends are rounded as they are, so that it ends where the next one starts.
        let slope = rise - bend;
        let steep_enough = slope / rise >= 0.2 && (slope + 2.0 * bend) / rise >= 0.2;
        let (slope, bend) = if steep_enough { (slope, bend) } else { (rise, 0.0) };
        let density = rise / (width * step);
        fine &= 0.0482 * third.abs() <= TOLERANCE * density.abs() || 0.0482 * third.abs() <= 4e-16 * start.abs();
        cells.push(Cell::new(start, slope, bend, end));
        end = start;
    }
    fine
}

/// Where a standardised shape is put.
pub(super) struct Placed {
    lower: (f64, f64),
    upper: (f64, f64),
    min: f64,
    max: f64,
}

impl Placed {
    /// A positive variable, by its scale.
    pub(super) fn scaled(scale: f64) -> Self {
        Self::moved(0.0, scale)
    }

    /// Cut off at 0.
    pub(super) fn moved(by: f64, scale: f64) -> Self {
        Self { lower: (by, scale), upper: (by, scale), min: 0.0, max: f64::MAX }
    }

    /// Stretched between two bounds, from each of which its half measures.
    pub(super) fn between(min: f64, max: f64) -> Self {
        Self { lower: (min, max - min), upper: (max, min - max), min, max }
    }
}

/// A table at its place: ready to draw.
#[derive(Debug, Clone)]
pub(super) struct Tabled {
    table: Arc<Table>,
    /// The lower and the upper one.
    halves: [Half; 2],
    /// Whether both are placed alike and nothing is squared back, which is quicker: the halves of the table then meet, and
    /// neither passes the median.
    alike: bool,
}

/// `base + scale * value`, kept in `min..=max`: the ends of the support, and the median between the halves.
#[derive(Debug, Clone, Copy)]
struct Half {
    base: f64,
    scale: f64,
    min: f64,
    max: f64,
}

impl Half {
    #[inline(always)]
    fn place(&self, value: f64) -> f64 {
        let x = self.base + self.scale * value;
        let x = if x > self.min { x } else { self.min };
        if x < self.max { x } else { self.max }
    }
}

impl Tabled {
    pub(super) fn new(table: Arc<Table>, placed: &Placed) -> Self {
        let &Placed { lower, upper, min, max } = placed;
        let whole = Half { base: lower.0, scale: lower.1, min, max };
        let middle = whole.place(square(table.middle, table.squarings[0]));
        Self {
            alike: lower == upper && table.squarings == [0, 0],
            table,
            halves: [Half { max: middle, ..whole }, Half { base: upper.0, scale: upper.1, min: middle, max }],
        }
    }

    #[inline(always)]
    pub(super) fn draw(&self, word: u64) -> f64 {
        let (twice, above) = split_twice(word);
        let (cell, x) = self.table.find(twice, above);
        let half = (above & 1) as usize;
        let y = self.table.cells[cell as usize].at(x);
        self.halves[half].place(square(y, self.table.squarings[half]))
    }

    /// At most 256 draws. Only the look-up itself is done one by one; what comes before and after turns into vector instructions.
    #[inline(always)]
    pub(super) fn fill(&self, words: &[u64], hours: &mut [f64], scratch: &mut Scratch, shift: f64) {
        let table = &*self.table;
        let Scratch { cells, inside, rows } = scratch;
        for ((&word, cell), x) in words.iter().zip(&mut *cells).zip(&mut *inside) {
            let (twice, above) = split_twice(word);
            (*cell, *x) = table.find(twice, above);
        }
        for (row, &cell) in rows.iter_mut().zip(&*cells).take(words.len()) {
            *row = table.cells[cell as usize].0;
        }
        let [lower, upper] = self.halves;
        if self.alike {
            for ((hours, row), &x) in hours.iter_mut().zip(&*rows).zip(&*inside) {
                let value = lower.base + lower.scale * parabola(row[0], row[1], x);
                *hours = (if value > lower.min { value } else { lower.min }) + shift;
            }
            return;
        }
        for ((hours, row), &x) in hours.iter_mut().zip(&*rows).zip(&*inside) {
            *hours = parabola(row[0], row[1], x);
        }
        let [few, many] = table.squarings;
        for step in 0..if few > many { few } else { many } {
            let [lower, upper] = [few, many].map(|times| u64::from(step < times).wrapping_neg());
            for (hours, &word) in hours.iter_mut().zip(words) {
                let above = split_twice(word).1;
                *hours = pick((above & upper) | (!above & lower), *hours * *hours, *hours);
            }
        }
        for (hours, &word) in hours.iter_mut().zip(words) {
            let above = split_twice(word).1;
            let half = Half {
                base: pick(above, upper.base, lower.base),
                scale: pick(above, upper.scale, lower.scale),
                min: pick(above, upper.min, lower.min),
                max: pick(above, upper.max, lower.max),
            };
            *hours = half.place(*hours) + shift;
        }
    }
}
