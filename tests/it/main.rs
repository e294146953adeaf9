//! All integration tests, in one binary.

mod anchors;
mod distributions;
mod documents;
