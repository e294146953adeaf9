//! All integration tests, in one binary.

mod distributions;
mod anchors;
