//! Tests of the accumulators against exact oracles, and of merging in any order.

mod average;
mod compact;
mod histogram;
mod merging;
mod proportion;

/// A step of splitmix64 (Steele, Lea & Flood 2014): plenty for test data, and the same on every machine.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Uniform on `0..1`.
fn uniform(state: &mut u64) -> f64 {
    (next(state) >> 11) as f64 / (1u64 << 53) as f64
}

/// Reading `json` with one field replaced must fail with an error that says `expected`.
fn refused<T: serde::de::DeserializeOwned>(json: &str, field: &str, value: &str, expected: &str) {
    let mut object: serde_json::Value = serde_json::from_str(json).unwrap();
    object[field] = serde_json::from_str(value).unwrap();
    let error = serde_json::from_value::<T>(object).err().unwrap_or_else(|| panic!("{field} = {value} was taken"));
    assert!(error.to_string().contains(expected), "{field} = {value}: {error}");
}
