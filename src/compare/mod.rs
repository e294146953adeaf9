//! What helps: scenarios beside the organisation as it is, under the same random numbers.
//!
//! [`Organization::compare`] prepares a [`Comparing`]; running it gives a [`Comparison`]: for every customer and for all of
//! them together, how it is, how it would be, and the paired difference with its interval.
//!
//! ```
//! use ripple_effect::change::{Parameter, Scenario, Selection};
//! use ripple_effect::compare::Figure;
//! use ripple_effect::{Distribution, Organization};
//!
//! let shop = Organization::builder("Shop")
//!     .employee("Ana", |e| e.provides("stock list", Distribution::pert(1.0, 2.0, 6.0)))
//!     .customer("Guests", |c| c.promise(3.0))
//!     .serves("Ana", "Guests", "stock list")
//!     .build()?;
//! let quicker = Scenario::new("Quicker").change(Selection::employee("Ana").scale(Parameter::Duration, 0.9));
//! let comparison = shop.compare(&[quicker])?.replications(5_000).seed(7).run()?;
//! let wait = comparison.scenario("Quicker").unwrap().of("Guests", Figure::Wait).unwrap();
//! assert!(wait.difference.high.unwrap() < 0.0); // they wait less, for sure
//! # Ok::<(), ripple_effect::Error>(())
//! ```
//!
//! | file | what lives there |
//! |---|---|
//! | `figure` | [`Figure`]: what is compared, and which way is better |
//! | `request` | [`Comparing`]: what is asked for |
//! | `combination` | scenarios made one after the other, as one |
//! | `effects` | what practices do where their effect is uncertain: a draw for each block |
//! | `felt` | what customers feel in each replication of a block |
//! | `sums` | exact sums of it, and of the differences |
//! | `drive` | blocks on all threads |
//! | `progress` | what an observer is told |
//! | `figures` | from sums to figures |
//! | `comparison` | [`Comparison`]: what comes of it |
//!
//! Methods and their sources stand in `docs/reference/comparison.md`.

mod combination;
mod comparison;
mod drive;
mod effects;
pub(crate) mod felt;
mod figure;
mod figures;
pub(crate) mod progress;
mod request;
mod sums;

pub(crate) use combination::Combination;
pub use comparison::{Compared, Comparison, ComparisonFormat, Difference};
pub(crate) use drive::Ready;
pub use effects::Effects;
pub(crate) use effects::{drawn, varies};
pub use figure::Figure;
pub use request::Comparing;
pub(crate) use request::unique;

#[cfg(doc)]
use crate::Organization;
