//! Unsigned 512-bit integers: just what the ratio estimator needs to cancel nothing.

use std::cmp::Ordering;

use ethnum::U256;

/// An unsigned integer below 2^512, least significant limb first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wide([u64; 8]);

impl Wide {
    /// Zero.
    pub(super) const ZERO: Self = Self([0; 8]);

    /// The sum; `None` from 2^512.
    pub(super) fn add(self, other: Self) -> Option<Self> {
        let (mut sum, mut carry) = ([0; 8], 0);
        for (out, (a, b)) in sum.iter_mut().zip(self.0.into_iter().zip(other.0)) {
            let total = u128::from(a) + u128::from(b) + carry;
            *out = total as u64;
            carry = total >> 64;
        }
        (carry == 0).then_some(Self(sum))
    }

    /// The difference; `None` below zero.
    pub(super) fn sub(self, other: Self) -> Option<Self> {
        let (mut difference, mut borrow) = ([0; 8], false);
        for (out, (a, b)) in difference.iter_mut().zip(self.0.into_iter().zip(other.0)) {
            let (d, first) = a.overflowing_sub(b);
            let (d, second) = d.overflowing_sub(u64::from(borrow));
            *out = d;
            borrow = first || second;
        }
        (!borrow).then_some(Self(difference))
    }

    /// The product; `None` from 2^512.
    pub(super) fn mul(self, other: Self) -> Option<Self> {
        let mut product = [0u64; 16];
        for (i, &a) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (j, &b) in other.0.iter().enumerate() {
                let total = u128::from(a) * u128::from(b) + u128::from(product[i + j]) + carry;
                product[i + j] = total as u64;
                carry = total >> 64;
            }
            product[i + 8] = carry as u64;
        }
        let (low, high) = product.split_at(8);
        let mut limbs = [0; 8];
        limbs.copy_from_slice(low);
        high.iter().all(|&limb| limb == 0).then_some(Self(limbs))
    }

    /// `self / 2^bits`, rounded down.
    pub(super) fn shr(self, bits: usize) -> Self {
        let (limbs, bits) = (bits / 64, bits % 64);
        let limb = |i: usize| self.0.get(i).copied().unwrap_or(0);
        let mut out = [0; 8];
        for (i, o) in out.iter_mut().enumerate() {
            let pair = u128::from(limb(i + limbs)) | u128::from(limb(i + limbs + 1)) << 64;
            *o = (pair >> bits) as u64;
        }
        Self(out)
    }

    /// The nearest `f64`, ties to even.
    pub(super) fn to_f64(self) -> f64 {
        let bits = 512 - self.0.iter().rev().take_while(|&&limb| limb == 0).count() * 64;
        let Some(top) = bits.checked_sub(1) else { return 0.0 };
        let bits = bits - self.0[top / 64].leading_zeros() as usize;
        let drop = bits.saturating_sub(120);
        let kept = self.shr(drop);
        let sticky = (0..drop).any(|bit| self.0[bit / 64] >> (bit % 64) & 1 == 1);
        let head = u128::from(kept.0[0]) | u128::from(kept.0[1]) << 64 | u128::from(sticky);
        // 120 bits and a sticky one: the cast rounds once; the power of two is exact (2^392 at most).
        head as f64 * power_of_two(drop as i32)
    }
}

/// `2^exponent` for exponents of normal numbers; 0 or infinity beyond them.
pub(super) fn power_of_two(exponent: i32) -> f64 {
    match exponent {
        -1022..=1023 => f64::from_bits(((1023 + exponent) as u64) << 52),
        i32::MIN..=-1023 => 0.0,
        _ => f64::INFINITY,
    }
}

impl From<u128> for Wide {
    fn from(value: u128) -> Self {
        let mut limbs = [0; 8];
        limbs[0] = value as u64;
        limbs[1] = (value >> 64) as u64;
        Self(limbs)
    }
}

impl From<U256> for Wide {
    fn from(value: U256) -> Self {
        let (high, low) = value.into_words();
        Self([low as u64, (low >> 64) as u64, high as u64, (high >> 64) as u64, 0, 0, 0, 0])
    }
}

impl PartialOrd for Wide {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Wide {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_128_bits(a in any::<u64>(), b in any::<u64>(), c in any::<u64>(), bits in 0usize..130) {
            let (x, y) = (u128::from(a) * u128::from(b), u128::from(c));
            prop_assert_eq!(Wide::from(u128::from(a)).mul(Wide::from(u128::from(b))), Some(Wide::from(x)));
            prop_assert_eq!(Wide::from(x).sub(Wide::from(y)), x.checked_sub(y).map(Wide::from));
            prop_assert_eq!(Wide::from(x).cmp(&Wide::from(y)), x.cmp(&y));
            prop_assert_eq!(Wide::from(x).shr(bits), Wide::from(x.checked_shr(bits as u32).unwrap_or(0)));
            prop_assert_eq!(Wide::from(x).to_f64(), x as f64);
        }

        #[test]
        fn ring_laws_hold_at_full_width(a in any::<[u64; 3]>(), b in any::<[u64; 3]>(), c in any::<[u64; 3]>()) {
            let wide = |[x, y, z]: [u64; 3]| Wide([x, y, z, 0, 0, 0, 0, 0]);
            let (a, b, c) = (wide(a), wide(b), wide(c));
            let left = a.add(b).unwrap().mul(c).unwrap();
            let right = a.mul(c).unwrap().add(b.mul(c).unwrap()).unwrap();
            prop_assert_eq!(left, right);
            prop_assert_eq!(right.sub(b.mul(c).unwrap()), a.mul(c));
        }
    }

    #[test]
    fn rounds_to_nearest_even_far_up() {
        let two_53_plus = |low: u128| Wide::from((1 << 53 | 1) << 70 | low);
        let up = Wide::from(1 << 127).mul(Wide::from(1 << 127)).unwrap();
        let scale = power_of_two(254);
        assert_eq!(two_53_plus(0).mul(up).unwrap().to_f64(), power_of_two(123) * scale);
        let more = two_53_plus(0).mul(up).unwrap().add(Wide::from(1)).unwrap();
        assert_eq!(more.to_f64(), (power_of_two(53) + 2.0) * power_of_two(70) * scale);
        assert_eq!(Wide::ZERO.to_f64(), 0.0);
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let largest = Wide([u64::MAX; 8]);
        assert_eq!(largest.add(Wide::from(1)), None);
        assert_eq!(largest.mul(Wide::from(2)), None);
        assert_eq!(Wide::ZERO.sub(Wide::from(1)), None);
        assert_eq!(largest.to_f64(), power_of_two(512));
    }
}
