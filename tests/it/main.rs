//! All integration tests, in one binary.

mod anchors;
mod bad_input;
mod distributions;
mod guarantees;
