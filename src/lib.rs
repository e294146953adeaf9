//! How one person's late, wrong or half-done work travels through an organisation and lands on a customer.
#![cfg_attr(docsrs, feature(doc_cfg))]
mod distribution;
mod error;
mod numeric;
mod units;

pub use distribution::{Component, Distribution, Lognormal, Sampler};
pub use error::{Error, ErrorKind};
pub use units::{Hours, Probability, hours, minutes, percent};
