//! Units of what a user writes: hours and probabilities.
//!
//! Both are thin: a plain number goes in, its range is checked when the organisation is built, where the error can
//! name the path of the field. What the types add is that an `Hours` can never be passed where a `Probability` is meant,
//! and that an `Option` of one takes no more room than it does: most of what may be written is left out, a million times over.

use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

/// The bits of a number turned round. They are all set in one NaN alone, which is taken for another.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(from = "f64", into = "f64")]
struct Number(NonZeroU64);

impl Number {
    const fn new(value: f64) -> Self {
        match NonZeroU64::new(!value.to_bits()) {
            Some(bits) => Self(bits),
            None => Self::new(f64::NAN),
        }
    }

    const fn get(self) -> f64 {
        f64::from_bits(!self.0.get())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl Default for Number {
    fn default() -> Self {
        Self::new(0.0)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.get().partial_cmp(&other.get())
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::new(value)
    }
}

impl From<Number> for f64 {
    fn from(value: Number) -> Self {
        value.get()
    }
}

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, most $most:literal, about $about:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(description = $about))]
        #[serde(transparent)]
        pub struct $name(#[cfg_attr(feature = "schema", schemars(with = "f64", range(min = 0.0, max = $most)))] Number);

        impl $name {
            /// The bare number.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0.get()
            }
        }

        impl From<f64> for $name {
            fn from(value: f64) -> Self {
                Self(Number::new(value))
            }
        }

        impl From<$name> for f64 {
            fn from(value: $name) -> Self {
                value.get()
            }
        }
    };
}

unit! {
    /// A time in hours, `0..=1_048_576` (2^20, about 120 years).
    ///
    /// ```
    /// use ripple_effect::{hours, minutes};
    /// assert_eq!(minutes(90.0), hours(1.5));
    /// ```
    Hours, most 1_048_576.0, about "A time in hours."
}

unit! {
    /// A probability, `0..=1`.
    ///
    /// ```
    /// use ripple_effect::{percent, Probability};
    /// assert_eq!(percent(4.0), Probability::from(0.04));
    /// ```
    Probability, most 1.0, about "A probability."
}

/// A time in hours.
#[must_use]
pub const fn hours(value: f64) -> Hours {
    Hours(Number::new(value))
}

/// A time in minutes.
#[must_use]
pub const fn minutes(value: f64) -> Hours {
    Hours(Number::new(value / 60.0))
}

/// A probability from a percentage, `0..=100`.
#[must_use]
pub const fn percent(value: f64) -> Probability {
    Probability(Number::new(value / 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_comes_back_and_an_option_takes_no_more_room() {
        assert_eq!(size_of::<Option<Hours>>(), size_of::<f64>());
        for value in [0.0, -0.0, 1.5, f64::MIN_POSITIVE, f64::MAX, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Hours::from(value).get().to_bits(), value.to_bits());
        }
        for bits in [u64::MAX, u64::MAX - 1, 0x7FF8_0000_0000_0000] {
            assert!(Some(Hours::from(f64::from_bits(bits))).is_some_and(|hours| hours.get().is_nan()));
        }
        assert!(Hours::from(f64::NAN) != Hours::from(f64::NAN) && Hours::from(0.0) == Hours::from(-0.0));
        assert_eq!(format!("{:?} {:?}", hours(1.5), percent(50.0)), "Hours(1.5) Probability(0.5)");
    }
}
