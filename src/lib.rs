//! How one person's late, wrong or half-done work travels through an organisation and lands on a customer.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod distribution;
mod engine;
mod error;
mod grid;
mod numeric;
pub mod organization;
pub mod outcome;
pub mod plan;
#[cfg(feature = "report")]
mod report;
mod simulation;
mod statistics;
mod streams;
mod units;

pub use distribution::{Distribution, Sampler};
pub use engine::{Trace, TracedCustomer, TracedDependency, TracedRound, TracedService};
pub use error::{Error, ErrorKind};
#[cfg(feature = "schema")]
pub use organization::schema;
pub use organization::{Finding, Organization, OrganizationBuilder, Severity};
pub use outcome::{Detail, Outcome, Summary};
pub use plan::Plan;
pub use simulation::{Observer, Sample, Simulation};
pub use statistics::Estimate;
pub use units::{Hours, Probability, hours, minutes, percent};

/// The Rust in the documents, run as doctests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../docs/guides/for-analysts.md")]
    mod for_analysts {}
    #[doc = include_str!("../docs/guides/for-researchers.md")]
    mod for_researchers {}
    #[doc = include_str!("../docs/guides/cycles-and-rounds.md")]
    mod cycles_and_rounds {}
    #[doc = include_str!("../docs/reference/streams.md")]
    mod streams {}
}
