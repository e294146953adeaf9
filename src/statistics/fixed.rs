//! Reals as integers at scale 2^-60, and quotients of integers as correctly rounded reals.

use ethnum::{I256, U256};

use super::wide::power_of_two;

/// Binary digits after the point of a fixed-point number.
pub(super) const SCALE: u32 = 60;

/// `x` in units of 2^-60, to the nearest one and to the even one of two; `None` unless `|x| < 2^limit` (so for NaN).
///
/// Multiples of 2^-60 up to the limit come out exactly; so do all times, and the squares of times.
pub(crate) fn to_fixed(x: f64, limit: u32) -> Option<I256> {
    if x.is_nan() || x.abs() >= power_of_two(limit as i32) {
        return None;
    }
    let bits = x.abs().to_bits();
    let exponent = (bits >> 52) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let shift = exponent + SCALE as i32;
    let size = if shift >= 0 {
        U256::from(mantissa) << (shift as u32)
    } else if shift < -63 {
        U256::ZERO
    } else {
        let down = (-shift) as u32;
        let (whole, rest, half) = (mantissa >> down, mantissa & ((1 << down) - 1), 1u64 << (down - 1));
        U256::from(whole + u64::from(rest > half || (rest == half && whole & 1 == 1)))
    };
    let size = I256::try_from(size).ok()?;
    Some(if x < 0.0 { -size } else { size })
}

/// `numerator / denominator / 2^scale` as the nearest `f64`, ties to even.
///
/// `None` when the denominator is 0, or too large (from 2^190) to be normalised.
pub(super) fn quotient(numerator: I256, denominator: u128, scale: u32) -> Option<f64> {
    let (size, divisor) = (numerator.unsigned_abs(), U256::from(denominator));
    if denominator == 0 || bits(size) > 190 {
        return None;
    }
    if size == U256::ZERO {
        return Some(0.0);
    }
    // Shifted so that the quotient has 64 or 65 bits: more than 53, so a sticky bit makes the one rounding right.
    let shift = 64 + bits(divisor) as i32 - bits(size) as i32;
    let (top, bottom) =
        if shift >= 0 { (size << shift as u32, divisor) } else { (size, divisor << shift.unsigned_abs()) };
    let (whole, rest) = (top / bottom, top % bottom);
    let head = whole.as_u128() | u128::from(rest != U256::ZERO);
    let value = head as f64 * power_of_two(-shift - scale as i32);
    Some(if numerator < I256::ZERO { -value } else { value })
}

/// Binary digits of `x`; 0 of 0.
fn bits(x: U256) -> u32 {
    256 - x.leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fixed_point_is_exact_on_the_grid_and_rounds_to_even_beyond() {
        let unit = power_of_two(-60);
        assert_eq!(to_fixed(1.0, 40), Some(I256::from(1i128 << 60)));
        assert_eq!(to_fixed(-unit, 40), Some(I256::from(-1i128)));
        for (x, units) in [(0.5, 0), (1.5, 2), (2.5, 2), (0.75, 1), (1e-300, 0), (0.0, 0), (-0.0, 0), (-1.5, -2)] {
            assert_eq!(to_fixed(x * unit, 40), Some(I256::from(units as i128)), "{x}");
        }
        let largest = f64::from_bits(power_of_two(80).to_bits() - 1);
        assert_eq!(to_fixed(largest, 80), Some((I256::ONE << 140u32) - (I256::ONE << 87u32)));
        for x in [power_of_two(80), f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(to_fixed(x, 80), None);
        }
    }

    proptest! {
        #[test]
        fn fixed_point_and_back(k in -(1i64 << 53)..(1i64 << 53), scale in 0i32..60) {
            let x = k as f64 * power_of_two(-scale);
            let fixed = to_fixed(x, 80).unwrap();
            prop_assert_eq!(quotient(fixed, 1, 60), Some(x));
        }

        #[test]
        fn quotients_are_the_nearest(a in 1i64..1 << 53, b in 1u64..1 << 53) {
            // Of two integers that are doubles, IEEE division is the nearest double.
            prop_assert_eq!(quotient(I256::from(a), b.into(), 0), Some(a as f64 / b as f64));
            prop_assert_eq!(quotient(I256::from(-a), b.into(), 7), Some(-(a as f64 / b as f64) / 128.0));
        }
    }
}
