//! Quantiles of values from counts in fixed cells: what merges exactly where a sketch would not.

use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::interval::order_statistic_ranks;
use super::limits::MAX_COUNT;

/// Cells an octave is cut into are 2^7.
const CELL_BITS: u32 = 7;
/// A cell's number is the top bits of a value, from here on.
const SHIFT: u32 = 52 - CELL_BITS;
/// The largest value taken: 2^23.
const LARGEST: f64 = 8_388_608.0;
/// The top bits of 2^-30, the first value with a cell of its own.
const FIRST: u64 = (1023 - 30) << CELL_BITS;
/// Cells of positive values: 53 octaves and one cell for 2^23 itself.
const CELLS: usize = (53 << CELL_BITS) + 1;
/// Cells are allocated a quarter of an octave at a time.
const PAGE: usize = 32;
/// Pages that cover all cells.
const PAGES: usize = CELLS.div_ceil(PAGE);

/// How many values fell into a cell, and the smallest and largest of them.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    count: u64,
    low: f64,
    high: f64,
}

impl Cell {
    const EMPTY: Self = Self { count: 0, low: f64::INFINITY, high: 0.0 };

    #[inline]
    fn push(&mut self, x: f64) {
        self.count += 1;
        // Selects: twice as fast here as branches.
        self.low = if x < self.low { x } else { self.low };
        self.high = if x > self.high { x } else { self.high };
    }

    fn merge(&mut self, other: &Self) {
        // No overflow: the counts of a histogram stay below 2^53 together.
        self.count += other.count;
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
    }

    /// The value of rank `r` in `1..=count`: linear between the smallest and the largest.
    fn at(&self, r: u64) -> f64 {
        if r >= self.count {
            return self.high;
        }
        // Not above `high`: rounding can take the product past the width by its last bit.
        let step = (self.high - self.low) * (r - 1) as f64 / (self.count - 1) as f64;
        (self.low + step).min(self.high)
    }
}

/// Values in `0..=2^23`, counted in log-linear cells: 128 an octave and one for zero, numbered by the bits of the value.
///
/// Octaves are cut as in HdrHistogram (Tene 2012); beyond it, each cell keeps its smallest and its largest value beside
/// the count. Merging adds and compares, so it is exact in any order. Constants, the smallest, the largest and cells with
/// one distinct value come out exactly; any other value to better than 1/128 of its size. Positive values below 2^-30
/// share the first cell. A negative value, one above 2^23 or NaN makes the histogram unusable.
///
/// Memory: 240 bytes, and 768 for each quarter of an octave that holds a value.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Sparse", into = "Sparse")]
pub(crate) struct Histogram {
    /// Values that were zero.
    zeros: u64,
    /// Where each page lies in `cells`, from 1; 0 for those without a value.
    pages: [u8; PAGES],
    /// The pages in the order in which they were opened.
    cells: Vec<Cell>,
    /// Something could not be counted.
    unusable: bool,
}

/// The JSON form: occupied cells in ascending order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sparse {
    /// Something could not be counted; there are no cells then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unusable: bool,
    /// Cell (0 for zero, else 1 and up), count, smallest value, largest value.
    cells: Vec<(u16, u64, f64, f64)>,
}

/// The cell of `x > 0`, from 0.
#[inline]
fn cell_of(x: f64) -> usize {
    ((x.to_bits() >> SHIFT).saturating_sub(FIRST)) as usize
}

impl Default for Histogram {
    fn default() -> Self {
        Self { zeros: 0, pages: [0; PAGES], cells: Vec::new(), unusable: false }
    }
}

impl Histogram {
    /// Counts `x`. O(1).
    #[inline]
    pub(crate) fn push(&mut self, x: f64) {
        if x > 0.0 && x <= LARGEST {
            let index = cell_of(x);
            let page = usize::from(self.pages[index / PAGE]);
            // Page 0 is none: the wrapped place lies outside.
            let place = (page.wrapping_sub(1)).wrapping_mul(PAGE).wrapping_add(index % PAGE);
            match self.cells.get_mut(place) {
                Some(cell) if page > 0 => cell.push(x),
                _ => self.open(index).push(x),
            }
        } else if x == 0.0 {
            self.zeros += 1;
        } else {
            self.unusable = true;
        }
    }

    /// The cell `index`, allocated if need be.
    #[cold]
    #[inline(never)]
    fn open(&mut self, index: usize) -> &mut Cell {
        if self.pages[index / PAGE] == 0 {
            self.cells.resize(self.cells.len() + PAGE, Cell::EMPTY);
            // At most 213 pages.
            self.pages[index / PAGE] = (self.cells.len() / PAGE) as u8;
        }
        let page = usize::from(self.pages[index / PAGE]) - 1;
        &mut self.cells[page * PAGE + index % PAGE]
    }

    /// Adds the values of `other`: associative and commutative to the last bit. O(cells).
    ///
    /// Beyond 2^53 values the result is unusable.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.unusable || other.unusable || self.count().saturating_add(other.count()) > MAX_COUNT {
            *self = Self { unusable: true, ..Self::default() };
            return;
        }
        self.zeros += other.zeros;
        for (page, cells) in other.occupied_pages() {
            self.open(page * PAGE);
            for (i, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.count > 0) {
                self.open(page * PAGE + i).merge(cell);
            }
        }
    }

    /// Pages that hold values, ascending.
    fn occupied_pages(&self) -> impl Iterator<Item = (usize, &[Cell])> {
        self.pages.iter().enumerate().filter_map(|(page, &at)| {
            let start = usize::from(at).checked_sub(1)? * PAGE;
            Some((page, self.cells.get(start..start + PAGE)?))
        })
    }

    /// Occupied cells ascending, zero first as cell 0; none of an unusable histogram.
    fn occupied(&self) -> impl Iterator<Item = (usize, Cell)> {
        let zero = Cell { count: self.zeros, low: 0.0, high: 0.0 };
        let positive = self
            .occupied_pages()
            .flat_map(|(page, cells)| cells.iter().enumerate().map(move |(i, cell)| (page * PAGE + i + 1, *cell)));
        std::iter::once((0, zero)).chain(positive).filter(|(_, cell)| cell.count > 0 && !self.unusable)
    }

    /// Values counted; 0 of an unusable histogram. O(cells).
    pub(crate) fn count(&self) -> u64 {
        self.occupied().map(|(_, cell)| cell.count).sum()
    }

    /// The smallest value.
    #[cfg(test)]
    pub(crate) fn min(&self) -> Option<f64> {
        self.occupied().next().map(|(_, cell)| cell.low)
    }

    /// The largest value.
    pub(crate) fn max(&self) -> Option<f64> {
        self.occupied().last().map(|(_, cell)| cell.high)
    }

    /// The value of rank `r`, from 1, among the values in ascending order; `None` outside of `1..=count`. O(cells).
    ///
    /// Inside a cell, linear by rank from its smallest to its largest value.
    pub(crate) fn at_rank(&self, r: u64) -> Option<f64> {
        let mut left = r.checked_sub(1)?;
        for (_, cell) in self.occupied() {
            if left < cell.count {
                return Some(cell.at(left + 1));
            }
            left -= cell.count;
        }
        None
    }

    /// The `p` quantile, `p` in `0..=1`: the value of rank `p * n`, rounded up (the inverse of the empirical
    /// distribution, type 1 of Hyndman & Fan 1996). O(cells).
    ///
    /// `p` is read as the number meant, not as its nearest `f64`: 0.07 of 100 values is the 7th.
    pub(crate) fn quantile(&self, p: f64) -> Option<f64> {
        self.at_rank(quantile_rank(p, self.count())?)
    }

    /// [`quantile`](Self::quantile) of *independent* values with a distribution-free 95 % interval: two order statistics
    /// (see [`order_statistic_ranks`]); an end that the values do not reach is `None`.
    pub(crate) fn quantile_estimate(&self, p: f64) -> Estimate {
        let (low, high) = order_statistic_ranks(self.count(), p);
        let at = |rank: Option<u64>| rank.and_then(|r| self.at_rank(r));
        match self.quantile(p) {
            None => Estimate::default(),
            estimate => Estimate { estimate, low: at(low), high: at(high) },
        }
    }
}

/// The rank of the `p` quantile among `n` values: the smallest `r` with `r / n >= p`; `None` without values or for NaN.
///
/// A `p` that is the nearest `f64` to some `r / n` stands for that `r`: so 0.95 of 1000 is 950 whichever side of
/// 0.95 its `f64` lies on.
fn quantile_rank(p: f64, n: u64) -> Option<u64> {
    if n == 0 || p.is_nan() {
        return None;
    }
    let p = p.clamp(0.0, 1.0);
    let near = (p * n as f64).round() as u64;
    // The product is off by less than one rank, for n <= 2^53.
    let rank = (near.saturating_sub(1)..=near + 1).find(|&r| r as f64 / n as f64 >= p);
    Some(rank.unwrap_or(n).clamp(1, n))
}

impl TryFrom<Sparse> for Histogram {
    type Error = String;

    fn try_from(sparse: Sparse) -> Result<Self, Self::Error> {
        let mut histogram = Self { unusable: sparse.unusable, ..Self::default() };
        if sparse.unusable && !sparse.cells.is_empty() {
            return Err("an unusable histogram has no cells".to_owned());
        }
        let (mut last, mut total) = (None, 0u64);
        for (number, count, low, high) in sparse.cells {
            let inside = |x: f64| match number {
                0 => x.to_bits() == 0,
                _ => x > 0.0 && x <= LARGEST && cell_of(x) + 1 == usize::from(number),
            };
            total = total.saturating_add(count);
            let problem = if last.is_some_and(|last| last >= number) {
                "does not ascend"
            } else if count == 0 {
                "is empty"
            } else if !(inside(low) && inside(high)) {
                "holds values of another cell"
            } else if low > high || (count == 1 && low != high) {
                "has a smallest value that does not fit the largest"
            } else if total > MAX_COUNT {
                "takes the count beyond 2^53"
            } else {
                last = Some(number);
                match usize::from(number).checked_sub(1) {
                    None => histogram.zeros = count,
                    Some(index) => *histogram.open(index) = Cell { count, low, high },
                }
                continue;
            };
            return Err(format!("cell {number} {problem}"));
        }
        Ok(histogram)
    }
}

impl From<Histogram> for Sparse {
    fn from(histogram: Histogram) -> Self {
        let cells =
            histogram.occupied().map(|(number, cell)| (number as u16, cell.count, cell.low, cell.high)).collect();
        Self { unusable: histogram.unusable, cells }
    }
}

impl PartialEq for Histogram {
    /// The same values counted: the order in which pages were opened does not matter.
    fn eq(&self, other: &Self) -> bool {
        self.unusable == other.unusable && self.occupied().eq(other.occupied())
    }
}
