//! All integration tests, in one binary.

mod anchors;
mod bad_input;
mod damaged;
mod distributions;
#[cfg(feature = "cli")]
mod documents;
mod engine_against_oracle;
mod extremes;
mod figures;
mod guarantees;
mod invariance;
mod oracle;
mod organizations;
mod rules;
mod streams;
