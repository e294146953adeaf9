//! Inverse-CDF tables: any continuous shape sampled with `+ - *` alone.
//!
//! After the hierarchical inversion of Hörmann and Leydold (2003) and of Luk, Cheung et al. (2007): each tail is cut into
//! octaves of its probability `p`, each octave into equal cells, and in a cell the quantile is a cubic that has its values and
//! slopes at the ends. The cell is found in the bits of `p`: the exponent, and the upper bits of the mantissa. A draw takes 32
//! random bits, and all until the value is put in its place is single precision: twice as many lanes a vector, and 16 bytes a
//! cell, as fetching them is what a draw costs most.
//!
//! Single precision has 24 bits, so a table holds what loses none that matter: how far a quantile lies from the median. Where
//! quantiles are high powers of `p` (gamma of a small shape) it holds the distance from the end of the support instead, or a root
//! of that, 2, 4, 8, ... deep, which the draw squares back. The number of cells is doubled until the error is small enough: see
//! [`TOLERANCE`].

use super::sampler::Scratch;
use crate::numeric::beta::{beta_at, logit_quantile};
use crate::numeric::elementary::pick;
use crate::numeric::gamma::{gamma_at, ln_gamma_quantile};
use crate::numeric::normal::normal_density;
use crate::numeric::solve::{Solver, Tail};
use crate::numeric::{normal_cdf, normal_quantile};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Octaves of each tail: `p` from 2^-33, the least that 32 bits tell apart, to 1/2.
const OCTAVES: u32 = 32;
/// Cells an octave, as a power of two: at first, and at most.
const CELL_BITS: std::ops::RangeInclusive<u32> = 4..=8;
/// Octaves next to the median in which the error is measured as the table is built: below them `p` itself is small.
const MEASURED: u32 = 4;
/// How far the distribution function of the cubics may lie from the true one, as measured in the middle of them.
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

    /// The power of a tail's probability as which its quantile approaches the end of the support, or how far it curves.
    fn power(self, tail: Tail) -> f64 {
        match self {
            Self::Gamma(a) | Self::Weibull(a) => 1.0 / a,
            Self::Beta(a, b) => 1.0 / if tail == Tail::Lower { a } else { b },
            Self::Lognormal(sigma) => sigma,
            Self::Normal(_) => 0.0,
        }
    }

    /// Whether a half holds distances from the end of the support, not from the median.
    fn is_from_end(self, tail: Tail) -> bool {
        self.power(tail) > 1.0
    }

    /// How often a draw from a half is squared, so that the table holds at most squares of `p`.
    fn squarings(self, tail: Tail) -> u32 {
        let power = self.power(tail);
        (0..6).find(|&n| power <= f64::from(2 << n)).unwrap_or(6)
    }

    fn median(self) -> Median {
        let (x, rest) = match self {
            Self::Gamma(a) => (libm::exp(ln_gamma_quantile(0.5, a)), f64::INFINITY),
            Self::Beta(a, b) => {
                let s = logit_quantile(0.5, 0.5, a, b);
                (1.0 / (1.0 + libm::exp(-s)), 1.0 / (1.0 + libm::exp(s)))
            }
            Self::Lognormal(_) => (1.0, f64::INFINITY),
            Self::Weibull(k) => (libm::exp(libm::log(std::f64::consts::LN_2) / k), f64::INFINITY),
            Self::Normal(cut) => (normal_at(cut, 0.5, Tail::Lower), f64::INFINITY),
        };
        Median { x, rest }
    }

    /// The tabled value of a tail as a function of its probability, and the derivative of it.
    fn half(self, tail: Tail) -> Box<dyn FnMut(f64) -> (f64, f64)> {
        let from_end = self.is_from_end(tail);
        let root = 1.0 / f64::from(1_u32 << self.squarings(tail));
        let lower = tail == Tail::Lower;
        let sign = if lower { 1.0 } else { -1.0 };
        let median = self.median();
        // The exponential of something, or how much more it is than at the median; and the exponential itself.
        let exponential = move |ln: f64, of_median: f64| {
            let y = libm::exp(ln * root);
            (if from_end { y } else { median.x * libm::expm1(ln - of_median) }, y)
        };
        match self {
            Self::Gamma(a) => {
                let middle = ln_gamma_quantile(0.5, a);
                let mut solver = Solver::new(tail, middle, move |s| gamma_at(a, s));
                Box::new(move |p| {
                    let found = solver.solve(p, 2e-3);
                    let (value, y) = exponential(found.s, middle);
                    (value, sign * y * root / found.density)
                })
            }
            Self::Beta(a, b) => {
                let mut solver = Solver::new(tail, logit_quantile(0.5, 0.5, a, b), move |s| beta_at(a, b, s));
                Box::new(move |p| {
                    let found = solver.solve(p, 2e-3);
                    if !from_end {
                        let (x, rest) = (1.0 / (1.0 + libm::exp(-found.s)), 1.0 / (1.0 + libm::exp(found.s)));
                        let value = if median.x <= median.rest { x - median.x } else { median.rest - rest };
                        return (value, sign * x * rest / found.density);
                    }
                    // ln x below, ln (1 - x) above, and the derivative by the logit of either.
                    let s = sign * found.s;
                    let ln = if s < 0.0 { s - libm::log1p(libm::exp(s)) } else { -libm::log1p(libm::exp(-s)) };
                    let y = libm::exp(ln * root);
                    (y, y * root / (1.0 + libm::exp(s)) / found.density)
                })
            }
            Self::Lognormal(sigma) => Box::new(move |p| {
                let z = sign * normal_quantile(p);
                let (value, y) = exponential(sigma * z, 0.0);
                (value, sign * y * sigma * root / normal_density(z))
            }),
            Self::Weibull(k) => {
                let middle = libm::log(std::f64::consts::LN_2) / k;
                Box::new(move |p| {
                    let t = if lower { -libm::log1p(-p) } else { -libm::log(p) };
                    let (value, y) = exponential(libm::log(t) / k, middle);
                    (value, sign * y * (root / k) / (t * if lower { 1.0 - p } else { p }))
                })
            }
            Self::Normal(cut) => {
                let left = normal_cdf(cut);
                Box::new(move |p| {
                    let z = normal_at(cut, p, tail);
                    (z - median.x, sign * left / normal_density(z))
                })
            }
        }
    }
}

/// The quantile of a normal variable on condition of more than `-cut`.
fn normal_at(cut: f64, p: f64, tail: Tail) -> f64 {
    let (left, lost) = (normal_cdf(cut), normal_cdf(-cut));
    let inside = p * left;
    if tail == Tail::Upper {
        -normal_quantile(inside)
    } else if lost + inside <= 0.5 {
        normal_quantile(lost + inside)
    } else {
        -normal_quantile((1.0 - p) * left)
    }
}

/// The median of a shape, and how far it lies below 1 for those that end there.
#[derive(Debug, Clone, Copy)]
struct Median {
    x: f64,
    rest: f64,
}

/// The tables that were built so far, so that services of one shape share theirs.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tables(HashMap<(u8, u64, u64), Arc<Table>>);

impl Tables {
    pub(super) fn get(&mut self, shape: Shape) -> Arc<Table> {
        Arc::clone(self.0.entry(shape.key()).or_insert_with(|| Arc::new(Table::new(shape))))
    }
}

/// The two halves of a quantile function.
pub(super) struct Table {
    /// Cubics by rising `p`, those of the lower half first.
    cells: Box<[Cell]>,
    places: Places,
    median: Median,
    /// Of the lower half and of the upper.
    from_end: [bool; 2],
    squarings: [u32; 2],
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("cells", &self.cells.len()).finish_non_exhaustive()
    }
}

impl Table {
    /// Some 1,100 quantiles, each found from the one before in one evaluation: 0.1 to 0.8 ms. Shapes in the thousands take up to 7 ms, by
    /// quadrature, and so do those near 0.05, by more cells.
    fn new(shape: Shape) -> Self {
        let mut cell_bits = *CELL_BITS.start();
        loop {
            let last = cell_bits == *CELL_BITS.end();
            let (mut cells, lower) = half(shape, Tail::Lower, cell_bits);
            let (mut above, upper) = half(shape, Tail::Upper, cell_bits);
            if last || (lower && upper) {
                let half = cells.len() as u32;
                cells.append(&mut above);
                return Self {
                    cells: cells.into(),
                    places: Places { cell_bits, first: (127 - OCTAVES) << cell_bits, half },
                    median: shape.median(),
                    from_end: [Tail::Lower, Tail::Upper].map(|tail| shape.is_from_end(tail)),
                    squarings: [Tail::Lower, Tail::Upper].map(|tail| shape.squarings(tail)),
                };
            }
            cell_bits += 1;
        }
    }
}

/// Where the cells of a table are: apart from it, so that a loop keeps it in registers.
#[derive(Debug, Clone, Copy)]
struct Places {
    cell_bits: u32,
    /// The bits of twice the least `p` down to those that tell cells apart.
    first: u32,
    /// Where the upper half begins.
    half: u32,
}

impl Places {
    /// The cell of 32 random bits, and how far into it they lie, 0..1.
    #[inline(always)]
    fn find(self, half: u32) -> (u32, f32) {
        let above = (half as i32 >> 31) as u32;
        // Twice the tail probability, in (0, 1).
        let twice = ((half ^ above) as i32 as f32 + 0.5) * (1.0 / 2_147_483_648.0);
        let bits = (if twice < BELOW_ONE { twice } else { BELOW_ONE }).to_bits();
        // Wrapping only in name: the probability lies in the octaves of the table.
        let cell = bits.wrapping_shr(23_u32.wrapping_sub(self.cell_bits)).wrapping_sub(self.first);
        let rest = bits.wrapping_shl(self.cell_bits) & 0x007F_FFFF;
        (cell.wrapping_add(self.half & above), f32::from_bits(0x3F80_0000 | rest) - 1.0)
    }
}

const BELOW_ONE: f32 = 1.0 - 1.0 / 16_777_216.0;

/// A cubic by rising powers of how far into the cell it is. Aligned so that it lies in one line of the cache.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(16))]
pub(super) struct Cell([f32; 4]);

impl Cell {
    /// Rises, or falls, from `c[0]` by no more than to `end`.
    ///
    /// Evaluated in floating point it is monotone: `x` comes in steps of at least 2^-19, 32 roundings of 1, and the derivative
    /// is at least a quarter of the average one, so that `x * (...)` cannot fall; adding the start rounds monotonically.
    fn new(c: &[f64; 4], end: f64, cell_bits: u32) -> Self {
        let (start, end) = (c[0] as f32, end as f32);
        // What rounding the ends did goes to the slope, unless it is most of the rise.
        let rise = f64::from(end) - f64::from(start);
        let lost = rise - (c[1] + c[2] + c[3]);
        let straight = [c[0], rise, 0.0, 0.0];
        let [_, slope, bend, third] = if lost.abs() <= 0.05 * rise.abs() { *c } else { straight };
        let slope = if lost.abs() <= 0.05 * rise.abs() { slope + lost } else { slope };
        // No farther than to the start of the next cell.
        let last = 1.0 - 1.0 / (1_u32 << (23 - cell_bits)) as f32;
        let mut steps = (slope as f32).to_bits();
        for _ in 0..64 {
            let cell = Self([start, f32::from_bits(steps), bend as f32, third as f32]);
            let over = cell.at(last);
            if (end >= start && over <= end) || (end < start && over >= end) {
                return cell;
            }
            // One step less steep.
            steps = steps.saturating_sub(1);
        }
        Self([start, 0.0, 0.0, 0.0])
    }

    #[inline(always)]
    fn at(self, x: f32) -> f32 {
        let [start, slope, bend, third] = self.0;
        start + x * (slope + x * (bend + x * third))
    }
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
fn half(shape: Shape, tail: Tail, cell_bits: u32) -> (Vec<Cell>, bool) {
    let count = OCTAVES << cell_bits;
    let measured = count - (MEASURED << cell_bits);
    // Half of what is found in the bits of twice `p`.
    let edge = |i: u32| 0.5 * f64::from(f32::from_bits((((127 - OCTAVES) << cell_bits) + i) << (23 - cell_bits)));
    let mut quantile = shape.half(tail);
    let mut cells = Vec::with_capacity(count as usize);
    let mut fine = true;
    let mut end = quantile(0.5);
    if !shape.is_from_end(tail) {
        end.0 = 0.0;
    } else if !matches!(shape, Shape::Beta(..)) {
        // So that the halves, which hold the same there, meet to the last bit.
        end.0 = shape.half(Tail::Lower)(0.5).0;
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
        cells.push(Cell::new(&cubic, end.0, cell_bits));
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
        let Median { x, rest } = table.median;
        // From the nearer end.
        let middle = if x <= rest { lower.0 + lower.1 * x } else { upper.0 + upper.1 * rest };
        let middle = Half { base: middle, scale: 0.0, min, max }.place(0.0);
        let [low, high] = table.from_end;
        let lower_at = if low { lower } else { (middle, lower.1) };
        let upper_at = if high { upper } else { (middle, lower.1) };
        let alike = lower_at == upper_at && table.squarings == [0, 0];
        let half = |(base, scale), min, max| Half { base, scale, min, max };
        let halves = if alike {
            [half(lower_at, min, max); 2]
        } else {
            [half(lower_at, min, middle), half(upper_at, middle, max)]
        };
        Self { table, halves, alike }
    }

    /// The value of 32 random bits.
    #[inline(always)]
    pub(super) fn draw(&self, bits: u32) -> f64 {
        let (cell, x) = self.table.places.find(bits);
        let half = (bits >> 31) as usize;
        let y = f64::from(self.table.cells[cell as usize].at(x));
        self.halves[half].place(square(y, self.table.squarings[half]))
    }

    /// Draws for the first `count` bits, with something done to each; those up to the next multiple of `N` are of no use.
    /// Only the look-up itself is done one by one; what comes before and after turns into vector instructions, as the loops have
    /// lengths that the compiler knows, but are too long for it to unroll.
    #[inline(always)]
    pub(super) fn fill<const N: usize>(
        &self,
        bits: &[[u32; N]],
        count: usize,
        hours: &mut [[f64; N]],
        scratch: &mut Scratch,
        finish: impl Fn(f64) -> f64,
    ) {
        let places = self.table.places;
        let Scratch { cells, inside, rows } = scratch;
        let (inside, _) = inside.as_chunks_mut::<N>();
        for ((bits, cells), inside) in bits.iter().zip(cells.as_chunks_mut::<N>().0).zip(&mut *inside) {
            for lane in 0..N {
                (cells[lane], inside[lane]) = places.find(bits[lane]);
            }
        }
        let all = &*self.table.cells;
        for (row, &cell) in rows.iter_mut().zip(&*cells).take(count) {
            *row = all[cell as usize];
        }
        // From here on it is how far into a cell they are that is not needed any more.
        for ((rows, inside), _) in rows.as_chunks::<N>().0.iter().zip(&mut *inside).zip(bits) {
            for lane in 0..N {
                inside[lane] = rows[lane].at(inside[lane]);
            }
        }
        let [lower, upper] = self.halves;
        if self.alike {
            for ((hours, values), _) in hours.iter_mut().zip(&*inside).zip(bits) {
                for lane in 0..N {
                    hours[lane] = finish(lower.place(f64::from(values[lane])));
                }
            }
            return;
        }
        let [few, many] = self.table.squarings;
        for ((hours, values), bits) in hours.iter_mut().zip(&*inside).zip(bits) {
            for lane in 0..N {
                hours[lane] = f64::from(values[lane]);
            }
            for step in 0..if few > many { few } else { many } {
                let [lower, upper] = [few, many].map(|times| u64::from(step < times).wrapping_neg());
                for lane in 0..N {
                    let (y, above) = (hours[lane], above(bits[lane]));
                    hours[lane] = pick((above & upper) | (!above & lower), y * y, y);
                }
            }
            for lane in 0..N {
                let above = above(bits[lane]);
                let half = Half {
                    base: pick(above, upper.base, lower.base),
                    scale: pick(above, upper.scale, lower.scale),
                    min: pick(above, upper.min, lower.min),
                    max: pick(above, upper.max, lower.max),
                };
                hours[lane] = finish(half.place(hours[lane]));
            }
        }
    }
}

/// All ones for the upper half of the distribution.
#[inline(always)]
fn above(bits: u32) -> u64 {
    i64::from(bits as i32 >> 31) as u64
}
