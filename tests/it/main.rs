//! All integration tests, in one binary.

mod anchors;
mod bad_input;
mod changes;
mod climate;
mod comparison;
mod damaged;
mod distributions;
#[cfg(feature = "cli")]
mod documents;
mod engine_against_oracle;
mod explanation;
mod extremes;
mod fifteen;
mod figures;
mod generators;
mod guarantees;
mod invariance;
mod oracle;
mod organizations;
#[cfg(feature = "pictures")]
mod pictures;
mod portfolios;
mod practices;
mod replaced_files;
mod ripple;
mod rules;
#[cfg(feature = "cli")]
mod runs;
mod shocks;
#[cfg(feature = "report")]
mod story;
mod streams;
