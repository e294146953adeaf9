//! Functions of the sampling kernel: only `+ - * /`, integer operations and selects, so that a loop of them turns into vector
//! instructions and gives the same bits everywhere.

const LN2_HI: f64 = 0.693_147_180_369_123_8;
const LN2_LO: f64 = 1.908_214_929_270_587_7e-10;

/// `a` where the mask is all ones, `b` where it is 0: a choice that is never a jump, which random words would mispredict.
#[inline(always)]
pub(crate) fn pick(mask: u64, a: f64, b: f64) -> f64 {
    f64::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}

/// `-ln(1 - u)` for the `u` that a word stands for, given its `p` in (0, 1/2) and its half: `u` is `p` below, and `1 - p` above,
/// where the mask is all ones. Both tails keep their precision.
#[inline(always)]
pub(crate) fn exponential(p: f64, above: u64) -> f64 {
    // Below: 1 - p = 2^k (1 + f) exactly, with f = -p or, nearer to 1/2, k = -1 and f = 1 - 2 p.
    let near = u64::from(p < 0.292_893).wrapping_neg();
    let k_below = pick(near, 0.0, -1.0);
    let f_below = pick(near, -p, 1.0 - 2.0 * p);
    let (k_above, f_above) = reduce(p);
    -ln_1p_scaled(pick(above, k_above, k_below), pick(above, f_above, f_below))
}

/// `(k, f)` with `x = 2^k (1 + f)` and `1 + f` in `sqrt(1/2)..sqrt(2)`.
#[inline(always)]
fn reduce(x: f64) -> (f64, f64) {
    const SQRT_HALF: u64 = 0x3FE6_A09E_0000_0000;
    const ONE: u64 = 0x3FF0_0000_0000_0000;
    let shifted = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    let m = f64::from_bits((shifted & 0x000F_FFFF_FFFF_FFFF).wrapping_add(SQRT_HALF));
    // The biased exponent, put into the mantissa of 2^52: a conversion that every instruction set does in vectors.
    let k = f64::from_bits(0x4330_0000_0000_0000 | (shifted >> 52)) - (4_503_599_627_370_496.0 + 1023.0);
    (k, m - 1.0)
}

/// `k ln 2 + ln(1 + f)`, `sqrt(1/2) <= 1 + f <= sqrt(2)` or a little more, within 1 ulp: the polynomial of fdlibm's `e_log.c`
/// (Sun Microsystems 1993) without its branches.
#[inline(always)]
fn ln_1p_scaled(k: f64, f: f64) -> f64 {
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let t1 = w * (0.399_999_999_994_094_2 + w * (0.222_221_984_321_497_84 + w * 0.153_138_376_992_093_73));
    let t2 = z
        * (0.666_666_666_666_673_5
            + w * (0.285_714_287_436_623_9 + w * (0.181_835_721_616_180_5 + w * 0.147_981_986_051_165_86)));
    let half = 0.5 * f * f;
    k * LN2_HI - ((half - (s * (half + (t1 + t2)) + k * LN2_LO)) - f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tails_of_the_exponential() {
        let mut p = 0.5 - 1e-16;
        while p > 1e-17 {
            let (below, above) = (exponential(p, 0), exponential(p, u64::MAX));
            assert!((below + libm::log1p(-p)).abs() <= 2.3e-16 * below, "below {p}");
            assert!((above + libm::log(p)).abs() <= 2.3e-16 * above, "above {p}");
            p *= 0.93;
        }
    }
}
