//! What the sampling kernel needs beside `+ - *`.

/// `a` where the mask is all ones, `b` where it is 0: a choice that is never a jump, which random words would mispredict.
#[inline(always)]
pub(crate) fn pick(mask: u64, a: f64, b: f64) -> f64 {
    f64::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}
