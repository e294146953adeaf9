//! How one person's late, wrong or half-done work travels through an organisation and lands on a customer.
#![cfg_attr(docsrs, feature(doc_cfg))]
mod distribution;
mod error;
mod numeric;
#[allow(dead_code)] // Until the engine uses it: to be removed at integration.
mod statistics;
mod units;

pub use distribution::{Component, Distribution, Lognormal, Sampler};
pub use error::{Error, ErrorKind};
pub use statistics::Estimate;
pub use units::{Hours, Probability, hours, minutes, percent};
