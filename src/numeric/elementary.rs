//! Functions of the sampling kernel: only `+ - * /`, integer operations and selects, so that a loop of them turns into vector
//! instructions and gives the same bits everywhere.

const LN2_HI: f64 = 6.931_471_803_691_238_164_90e-1;
const LN2_LO: f64 = 1.908_214_929_270_587_700_02e-10;

/// `ln x` for a positive normal `x`, within 1 ulp: the reduction and polynomial of fdlibm's `e_log.c` (Sun Microsystems 1993)
/// without its branches. Other arguments give some number.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    let (k, f) = reduce(x);
    ln_1p_scaled(k, f)
}

/// `-ln(1 - u)` for the `u` that a word stands for, given its `p` in (0, 1/2) and its half: `u` is `p` below, `1 - p` above.
/// Both tails keep their precision.
#[inline(always)]
pub(crate) fn exponential(p: f64, above: bool) -> f64 {
    // Below: 1 - p = 2^k (1 + f) exactly, with f = -p or, nearer to 1/2, k = -1 and f = 1 - 2 p.
    let near = p < 0.292_893;
    let k_below = if near { 0.0 } else { -1.0 };
    let f_below = if near { -p } else { 1.0 - 2.0 * p };
    let (k_above, f_above) = reduce(p);
    let k = if above { k_above } else { k_below };
    let f = if above { f_above } else { f_below };
    -ln_1p_scaled(k, f)
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

/// `k ln 2 + ln(1 + f)`, `sqrt(1/2) <= 1 + f <= sqrt(2)` or a little more.
#[inline(always)]
fn ln_1p_scaled(k: f64, f: f64) -> f64 {
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let t1 = w * (3.999_999_999_940_941_908e-1 + w * (2.222_219_843_214_978_396e-1 + w * 1.531_383_769_920_937_332e-1));
    let t2 = z
        * (6.666_666_666_666_735_130e-1
            + w * (2.857_142_874_366_239_149e-1
                + w * (1.818_357_216_161_805_012e-1 + w * 1.479_819_860_511_658_591e-1)));
    let half = 0.5 * f * f;
    k * LN2_HI - ((half - (s * (half + (t1 + t2)) + k * LN2_LO)) - f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within_one_ulp_of_libm() {
        let mut x = 1e-300;
        while x < 1e300 {
            for y in [x, x * 1.1, x * 1.37, x * 1.4142, x * 1.5, x * 1.9] {
                let (found, expected) = (ln(y), libm::log(y));
                assert!((found - expected).abs() <= 1.2e-16 * expected.abs() * 2.0, "ln {y}: {found} {expected}");
            }
            x *= 1.7;
        }
        assert_eq!(ln(1.0), 0.0);
    }

    #[test]
    fn both_tails_of_the_exponential() {
        let mut p = 0.5 - 1e-16;
        while p > 1e-17 {
            let (below, above) = (exponential(p, false), exponential(p, true));
            assert!((below + libm::log1p(-p)).abs() <= 2.3e-16 * below, "below {p}");
            assert!((above + libm::log(p)).abs() <= 2.3e-16 * above, "above {p}");
            p *= 0.93;
        }
    }
}
