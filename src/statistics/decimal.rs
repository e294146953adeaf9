//! Big integers as decimal strings, for `#[serde(with = "decimal")]`: many JSON readers keep 53 bits of a number.

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Writes `value` as a decimal string.
pub(super) fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reads what [`serialize`] wrote: digits with at most a leading `-`.
///
/// # Errors
/// For anything else, and for numbers that the type cannot hold.
pub(super) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let digits = text.strip_prefix('-').unwrap_or(&text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(D::Error::custom("expected a whole number as a decimal string"));
    }
    text.parse().map_err(|_| D::Error::custom("the whole number is too large"))
}
