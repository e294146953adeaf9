//! The JSON Schema of the file format, made from the types.

use super::Description;

/// The JSON Schema (draft 2020-12) of the file format `ripple-effect/1`, pretty-printed.
///
/// ```
/// assert!(ripple_effect::schema().contains("\"title\": \"Description\""));
/// ```
#[cfg_attr(docsrs, doc(cfg(feature = "schema")))]
#[must_use]
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Description)).unwrap_or_default();
    text.push('\n');
    text
}
