//! Means and standard deviations of reals, summed in fixed point between blocks.

use ethnum::{I256, U256};
use serde::{Deserialize, Serialize};

use super::compact::{Compact, Fits};
use super::decimal;
use super::estimate::Estimate;
use super::fixed::{SCALE, quotient, to_fixed};
use super::gathered::Gathered;
use super::interval::t95;
use super::limits::{BLOCK, MAX_BLOCK_PRODUCTS, MAX_BLOCK_SQUARES, MAX_BLOCK_SUM, MAX_COUNT};
use super::ratio::RatioSums;
use super::wide::{Wide, power_of_two};

/// Partial sums of a block: lane `i` goes into partial sum `i % 8`.
pub(crate) const PARTIALS: usize = 8;

/// The sums of one block of replications; goes into an [`Average`].
///
/// # The order of the additions
/// Which `f64` additions happen, and in which order, is part of the reproducibility contract; an engine that computes
/// these sums by itself must do exactly this and nothing else (no fused multiply-add, no other order):
///
/// 1. Eight partial sums `p0..p7` for each of `s`, `s * s` and `s * c`, all starting at `+0.0`; `c` is converted to
///    `f64` (exact) before it is multiplied.
/// 2. Lanes in ascending order; the term of lane `i` is added to `p[i % 8]`. Lanes beyond the last replication of a
///    run are not pushed (adding a term of 0 for them would give the same bits, but they must not be counted).
/// 3. The block's sum is `((p0 + p1) + (p2 + p3)) + ((p4 + p5) + (p6 + p7))`.
/// 4. The three sums go into fixed point, in units of 2^-60, rounded to the nearest and to even. From there on all is
///    integer.
///
/// So a sum of times is exact while the partial sums stay below 2^23 h: all terms are multiples of 2^-30 h. Squares
/// and reals off the grid are rounded by the additions above, by less than 2^-47 of the sum of their sizes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BlockAverage {
    replications: u32,
    sums: [f64; PARTIALS],
    squares: [f64; PARTIALS],
    products: [f64; PARTIALS],
    weight: u64,
    weight_squares: u128,
}

impl BlockAverage {
    /// Counts the replication in `lane`: `s` summed over its `c` counted occurrences. O(1).
    ///
    /// A replication without any is pushed too, as (0, 0). A NaN, an infinity, or more than 256 replications make the
    /// [`Average`] unusable that the block is added to.
    pub(crate) fn push(&mut self, lane: usize, s: f64, c: u32) {
        let partial = lane % PARTIALS;
        self.replications = self.replications.saturating_add(1);
        self.sums[partial] += s;
        self.squares[partial] += s * s;
        self.products[partial] += s * f64::from(c);
        let c = u64::from(c);
        self.weight += c;
        self.weight_squares += u128::from(c * c);
    }
}

impl BlockAverage {
    /// The sums of steps 1 and 2 of the contract as they were worked out elsewhere, of so many replications.
    pub(crate) fn of_partials(
        replications: u32,
        [sums, squares, products]: [[f64; PARTIALS]; 3],
        weight: u64,
        weight_squares: u128,
    ) -> Self {
        Self { replications, sums, squares, products, weight, weight_squares }
    }
}

/// Step 3 of the contract.
pub(crate) fn fold(p: [f64; PARTIALS]) -> f64 {
    ((p[0] + p[1]) + (p[2] + p[3])) + ((p[4] + p[5]) + (p[6] + p[7]))
}

/// Mean and standard deviation over any number of blocks: integers that merge in any order to the same bits.
///
/// Keeps what the between-block variance needs as well, for parameters that are drawn once per block.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub(crate) struct Average {
    kept: Compact<Kept>,
}

/// The sums of an [`Average`], as they stand in JSON: decimal strings in units of 2^-60 (2^-120 where squared totals).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// Something could not be kept: not finite, out of range, or too many replications; everything else is then 0.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unusable: bool,
    /// Replications, at most 2^53.
    replications: u64,
    /// Sum of the weights `c`.
    #[serde(with = "decimal")]
    weight: u128,
    /// Sum of `c * c`.
    #[serde(with = "decimal")]
    weight_squares: u128,
    /// Sum of the values `s`, in 2^-60.
    #[serde(with = "decimal")]
    sum: I256,
    /// Sum of `s * s`, in 2^-60.
    #[serde(with = "decimal")]
    squares: I256,
    /// Sum of `s * c`, in 2^-60.
    #[serde(with = "decimal")]
    products: I256,
    /// Sum of `S * S`, in 2^-120, `S` being the sum of a block.
    #[serde(with = "decimal")]
    block_squares: I256,
    /// Sum of `S * C`, in 2^-60, `C` being the weight of a block.
    #[serde(with = "decimal")]
    block_products: I256,
    /// Sum of `C * C`.
    #[serde(with = "decimal")]
    block_weight_squares: u128,
}

/// The sums of hours on the time grid, unless they are enormous.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Small {
    replications: u64,
    weight: u64,
    weight_squares: u64,
    block_weight_squares: u64,
    sum: i128,
    squares: i128,
    products: i128,
    /// In 2^-60 and not 2^-120: block sums are multiples of 2^-30.
    block_squares: i128,
    block_products: i128,
}

impl Fits for Kept {
    type Small = Small;

    fn small(&self) -> Option<Small> {
        let below = I256::from((1i128 << SCALE) - 1);
        if self.unusable || self.block_squares & below != I256::ZERO {
            return None;
        }
        Some(Small {
            replications: self.replications,
            weight: self.weight.try_into().ok()?,
            weight_squares: self.weight_squares.try_into().ok()?,
            block_weight_squares: self.block_weight_squares.try_into().ok()?,
            sum: self.sum.try_into().ok()?,
            squares: self.squares.try_into().ok()?,
            products: self.products.try_into().ok()?,
            block_squares: (self.block_squares >> SCALE).try_into().ok()?,
            block_products: self.block_products.try_into().ok()?,
        })
    }

    fn of_small(small: &Small) -> Self {
        Self {
            unusable: false,
            replications: small.replications,
            weight: small.weight.into(),
            weight_squares: small.weight_squares.into(),
            sum: small.sum.into(),
            squares: small.squares.into(),
            products: small.products.into(),
            block_squares: I256::from(small.block_squares) << SCALE,
            block_products: small.block_products.into(),
            block_weight_squares: small.block_weight_squares.into(),
        }
    }

    fn plus_small(one: &Small, other: &Small) -> Option<Small> {
        let replications = one.replications.checked_add(other.replications)?;
        (replications <= MAX_COUNT).then_some(Small {
            replications,
            weight: one.weight.checked_add(other.weight)?,
            weight_squares: one.weight_squares.checked_add(other.weight_squares)?,
            block_weight_squares: one.block_weight_squares.checked_add(other.block_weight_squares)?,
            sum: one.sum.checked_add(other.sum)?,
            squares: one.squares.checked_add(other.squares)?,
            products: one.products.checked_add(other.products)?,
            block_squares: one.block_squares.checked_add(other.block_squares)?,
            block_products: one.block_products.checked_add(other.block_products)?,
        })
    }

    /// Adds every sum, or becomes unusable when the replications pass 2^53: below that no sum can overflow, so whether
    /// it happens does not depend on the order.
    fn add(&mut self, other: &Self) {
        *self = self.plus(other).unwrap_or_else(Self::unusable);
    }
}

impl Average {
    /// The bytes that one takes beside its size, about, where values may be off the time grid.
    pub(crate) const BOX: usize = Compact::<Kept>::BOX;

    /// Adds the replications of one block. O(1).
    pub(crate) fn add_block(&mut self, block: &BlockAverage) {
        self.add(Kept::of_block(block));
    }

    /// What cannot be kept makes it unusable.
    fn add(&mut self, more: Option<Kept>) {
        self.kept.add_whole(&more.unwrap_or_else(Kept::unusable));
    }

    /// Adds so many whole blocks in which each replication counts `weight` times: to the bits of adding them one by one. O(1).
    pub(crate) fn add_gathered(&mut self, gathered: &Gathered, blocks: u64, weight: u32) {
        self.add(Kept::of_gathered(gathered, blocks, weight));
    }

    /// Adds the same block so many times. O(1).
    pub(crate) fn add_same(&mut self, block: &BlockAverage, times: u64) {
        self.add(Kept::of_block(block).and_then(|kept| kept.times(times)));
    }

    /// Adds the replications of `other`: associative and commutative to the last bit. O(1).
    ///
    /// Beyond 2^53 replications the result is unusable.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.kept.add(&other.kept);
    }

    /// Replications counted, those without any occurrence included.
    #[cfg(test)]
    pub(crate) fn replications(&self) -> u64 {
        self.kept.whole().replications
    }

    /// Occurrences counted.
    #[cfg(test)]
    pub(crate) fn weight(&self) -> u128 {
        self.kept.whole().weight
    }

    /// `offset` plus the mean over all occurrences, with its 95 % interval; nothing without occurrences.
    ///
    /// The replication is the sampling unit: ratio estimator (Cochran 1977, section 6.3) with Student's t of n - 1
    /// degrees of freedom; where every replication has equally many occurrences, that is the textbook interval of the
    /// replications' means. No ends below two replications. The estimate is the nearest `f64` to the exact quotient of
    /// the sums plus `offset` (which is taken in units of 2^-60, and must stay below 2^40).
    pub(crate) fn mean_plus(&self, offset: f64) -> Estimate {
        let k = self.kept.whole();
        let mean = to_fixed(offset, MAX_BLOCK_SUM)
            .and_then(|offset| offset.checked_mul(I256::from(k.weight))?.checked_add(k.sum))
            .and_then(|sum| quotient(sum, k.weight, SCALE));
        let Some(mean) = mean else { return Estimate::default() };
        let half = self.sd().map(|sd| t95(k.replications - 1) * (sd / (k.replications as f64).sqrt()));
        Estimate::plus_minus(mean, half)
    }

    /// The standard deviation between replications, in the unit of the values; `None` below two replications.
    ///
    /// With equally many occurrences in every replication: that of the replications' means, by the n - 1 formula.
    /// Otherwise: that of the linearised values `(s - r c) / mean c`, `r` being the overall mean; so that the standard
    /// error of the mean is always this over the square root of the number of replications.
    ///
    /// The sum of squared residuals is exact in the kept sums. Those hold what `f64` summed inside of the blocks (right to
    /// some 100 roundings of 2^-53) and then rounded to 2^-60: a deviation below 2.4e-7 of the root mean square, or below
    /// some 2^-33 of the unit, would be rounding and comes out as 0. So a constant deviates by exactly 0.
    pub(crate) fn sd(&self) -> Option<f64> {
        let ratio = self.kept.whole().ratio()?;
        let (residuals, terms) = ratio.residuals()?;
        let noise = terms.shr(45).add(ratio.rounding()?)?;
        let residuals = if residuals <= noise { Wide::ZERO } else { residuals };
        Some(ratio.sd(residuals)? * power_of_two(-(SCALE as i32)))
    }

    /// [`sd`](Self::sd) as an estimate: always without an interval.
    ///
    /// A sound one needs the fourth moment of the values (or resampling), which is not kept; the chi-square interval
    /// holds for normal values only, and waits are not normal.
    pub(crate) fn sd_estimate(&self) -> Estimate {
        Estimate::bare(self.sd())
    }
}

impl Kept {
    /// Nothing can be said, for good.
    fn unusable() -> Self {
        Self { unusable: true, ..Self::default() }
    }

    /// Step 4 of the contract; `None` for what cannot be kept.
    fn of_block(block: &BlockAverage) -> Option<Self> {
        if block.replications > BLOCK {
            return None;
        }
        let sum = to_fixed(fold(block.sums), MAX_BLOCK_SUM)?;
        let weight = u128::from(block.weight);
        Some(Self {
            unusable: false,
            replications: block.replications.into(),
            weight,
            weight_squares: block.weight_squares,
            sum,
            squares: to_fixed(fold(block.squares), MAX_BLOCK_SQUARES)?,
            products: to_fixed(fold(block.products), MAX_BLOCK_PRODUCTS)?,
            // No overflow: the sum is below 2^100, the weight below 2^40. (Checked products cost 70 ns each.)
            block_squares: sum.wrapping_mul(sum),
            block_products: sum.wrapping_mul(I256::from(weight)),
            block_weight_squares: weight.checked_mul(weight)?,
        })
    }

    /// Blocks of 256 replications that count equally often; `None` for what cannot be kept.
    fn of_gathered(gathered: &Gathered, blocks: u64, weight: u32) -> Option<Self> {
        let (each, blocks) = (u128::from(weight), u128::from(blocks));
        let replications = blocks.checked_mul(BLOCK.into())?;
        let block_weight = each.checked_mul(BLOCK.into())?;
        // In 2^-60 from 2^-30. Below 2^69 before, so it stays below 2^127 times a weight of at most 2^40 (and products of
        // 128 bits cost a tenth of those of 256).
        let times = |factor: u128| {
            let product = gathered.sum.checked_mul(i128::try_from(factor).ok()?)?;
            Some(I256::from(product) << (SCALE / 2))
        };
        Some(Self {
            unusable: false,
            replications: u64::try_from(replications).ok()?,
            weight: replications.checked_mul(each)?,
            weight_squares: replications.checked_mul(each.checked_mul(each)?)?,
            sum: times(1)?,
            squares: I256::from(gathered.squares),
            products: times(each)?,
            block_squares: I256::from(gathered.block_squares) << SCALE,
            block_products: times(block_weight)?,
            block_weight_squares: blocks.checked_mul(block_weight.checked_mul(block_weight)?)?,
        })
    }

    /// So many times the same; `None` for what cannot be kept.
    fn times(&self, times: u64) -> Option<Self> {
        let (wide, signed) = (u128::from(times), I256::from(times));
        Some(Self {
            unusable: self.unusable,
            replications: self.replications.checked_mul(times)?,
            weight: self.weight.checked_mul(wide)?,
            weight_squares: self.weight_squares.checked_mul(wide)?,
            sum: self.sum.checked_mul(signed)?,
            squares: self.squares.checked_mul(signed)?,
            products: self.products.checked_mul(signed)?,
            block_squares: self.block_squares.checked_mul(signed)?,
            block_products: self.block_products.checked_mul(signed)?,
            block_weight_squares: self.block_weight_squares.checked_mul(wide)?,
        })
    }

    /// The sum; `None` when it is unusable.
    fn plus(&self, other: &Self) -> Option<Self> {
        let replications = self.replications.checked_add(other.replications)?;
        if self.unusable || other.unusable || replications > MAX_COUNT {
            return None;
        }
        Some(Self {
            unusable: false,
            replications,
            weight: self.weight.checked_add(other.weight)?,
            weight_squares: self.weight_squares.checked_add(other.weight_squares)?,
            sum: self.sum.checked_add(other.sum)?,
            squares: self.squares.checked_add(other.squares)?,
            products: self.products.checked_add(other.products)?,
            block_squares: self.block_squares.checked_add(other.block_squares)?,
            block_products: self.block_products.checked_add(other.block_products)?,
            block_weight_squares: self.block_weight_squares.checked_add(other.block_weight_squares)?,
        })
    }

    /// The sums of the ratio estimator, in steps of 2^-60 and their squares.
    fn ratio(&self) -> Option<RatioSums> {
        Some(RatioSums {
            replications: self.replications,
            sum: self.sum,
            weight: self.weight,
            // Below 2^193 before: see the bounds in `damage`.
            squares: self.squares.unsigned_abs().checked_mul(U256::ONE << SCALE)?,
            products: self.products,
            weight_squares: self.weight_squares,
        })
    }

    /// What no real sums can be, if anything; the bounds are those that keep every later sum in range.
    fn damage(&self) -> Option<&'static str> {
        let n = self.replications;
        if self.unusable {
            return (*self != Self::unusable()).then_some("unusable sums must all be 0");
        }
        if n > MAX_COUNT {
            return Some("more than 2^53 replications");
        }
        let count = U256::from(n);
        let at_most = |x: I256, bits: u32| x.unsigned_abs() <= count << bits;
        let (most, blocks_of) = (u128::from(u32::MAX), u128::from(BLOCK));
        let in_range = at_most(self.sum, MAX_BLOCK_SUM + SCALE)
            && at_most(self.squares, MAX_BLOCK_SQUARES + SCALE)
            && at_most(self.products, MAX_BLOCK_PRODUCTS + SCALE)
            && at_most(self.block_squares, 2 * (MAX_BLOCK_SUM + SCALE))
            && at_most(self.block_products, MAX_BLOCK_SUM + SCALE + 40)
            && self.weight <= u128::from(n) * most
            && self.weight_squares <= most * self.weight
            && self.block_weight_squares <= blocks_of.saturating_mul(self.weight_squares);
        if !in_range {
            return Some("a sum is out of range");
        }
        let product = |a: Wide, b: Wide| a.mul(b);
        let square = |x: Wide| x.mul(x);
        let (wide, signed) = (Wide::from, |x: I256| Wide::from(x.unsigned_abs()));
        let (n_wide, weights) = (wide(u128::from(n)), wide(self.weight_squares));
        // Each block rounds its sums by up to half a unit, and its squares by another 2^-47 of their size.
        let less_rounding = |x: I256| signed(x).sub(n_wide).unwrap_or(Wide::ZERO);
        let squares =
            signed(self.squares).add(n_wide).and_then(|x| x.add(x.shr(40))).and_then(|x| x.mul(wide(1 << SCALE)));
        let times = |other: Wide| squares.and_then(|squares| squares.mul(other));
        let checks = [
            (self.squares >= I256::ZERO && self.block_squares >= I256::ZERO, "a sum of squares is negative"),
            (
                self.weight <= self.weight_squares
                    && square(wide(self.weight)) <= product(n_wide, weights)
                    && self.weight_squares <= self.block_weight_squares
                    && Some(wide(self.block_weight_squares)) <= square(wide(self.weight)),
                "weights and their squares disagree",
            ),
            (square(less_rounding(self.sum)) <= times(n_wide), "the sum of squares is too small"),
            (square(less_rounding(self.products)) <= times(weights), "the sum of products is too large"),
            (
                square(signed(self.sum)) <= product(n_wide, signed(self.block_squares)),
                "the sum of squared block sums is too small",
            ),
            (
                square(signed(self.block_products))
                    <= product(signed(self.block_squares), wide(self.block_weight_squares)),
                "the sum of block products is too large",
            ),
        ];
        checks.iter().find(|(holds, _)| !holds).map(|(_, problem)| *problem)
    }
}

impl TryFrom<Kept> for Average {
    type Error = &'static str;

    fn try_from(kept: Kept) -> Result<Self, Self::Error> {
        kept.damage().map_or_else(|| Ok(Self { kept: Compact::of(kept) }), Err)
    }
}

impl From<Average> for Kept {
    fn from(average: Average) -> Self {
        average.kept.whole()
    }
}
