//! Units of what a user writes: hours and probabilities.
//!
//! Both are thin: a plain number goes in, its range is checked when the organisation is built, where the error can
//! name the path of the field. What the types add is that an `Hours` can never be passed where a `Probability` is meant.

use serde::{Deserialize, Serialize};

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, most $most:literal, about $about:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(description = $about))]
        #[serde(transparent)]
        pub struct $name(#[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = $most)))] f64);

        impl $name {
            /// The bare number.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl From<f64> for $name {
            fn from(value: f64) -> Self {
                Self(value)
            }
        }

        impl From<$name> for f64 {
            fn from(value: $name) -> Self {
                value.0
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
    Hours(value)
}

/// A time in minutes.
#[must_use]
pub const fn minutes(value: f64) -> Hours {
    Hours(value / 60.0)
}

/// A probability from a percentage, `0..=100`.
#[must_use]
pub const fn percent(value: f64) -> Probability {
    Probability(value / 100.0)
}
