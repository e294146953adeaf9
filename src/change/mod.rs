//! What could be different: changes to an organisation as data, and the organisation as it then is.
//!
//! A [`Change`] is a [`Selection`] of things and what is done to them ([`Action`]). [`Organization::apply`] makes a new
//! organisation and an account of what moved. Nothing outside the selection moves: what an organisation decides once
//! (standards, promises, cadence, the order of work, the capacity that plans count with) is written out as it was before
//! anything is changed, and every random draw hangs on the id of its thing.
//!
//! ```
//! use ripple_effect::change::{Parameter, Selection};
//! use ripple_effect::{Distribution, Organization};
//!
//! let shop = Organization::builder("Shop")
//!     .employee("Ana", |e| e.provides("stock list", Distribution::pert(1.0, 2.0, 6.0)))
//!     .customer("Guests", |c| c)
//!     .serves("Ana", "Guests", "stock list")
//!     .build()?;
//! let changed = shop.apply(&[Selection::employee("Ana").scale(Parameter::Duration, 0.8)])?;
//! assert_eq!(changed.moved()[0].to_string(), "Ana/stock list: duration from 2.5 h on average (pert) to 2 h on average (pert)");
//! // The faster colleague does not tighten the promise.
//! assert_eq!(changed.organization().plan()?.customer_waits(), shop.plan()?.customer_waits());
//! # Ok::<(), ripple_effect::Error>(())
//! ```
//!
//! | file | what lives there |
//! |---|---|
//! | `selection` | [`Selection`]: whom or what a change is about |
//! | `parameter` | [`Parameter`]: what can be changed, of which things, in which range |
//! | `action` | [`Change`] and [`Action`]: set, scale, add, cap, backup, hire, ... |
//! | `scenario` | [`Scenario`]: a named set of changes and practices, as the file format holds it |
//! | `access` | a parameter read from and written to one thing of a description |
//! | `arithmetic` | what set, scale, add, cap make of one value |
//! | `written_out` | what was decided once, as numbers in the description |
//! | `apply` | [`Organization::apply`] and [`Changed`] |
//! | `structure` | backups, new colleagues, dependencies added and removed |
//! | `account` | [`Moved`]: what changed, in words |

mod access;
mod account;
mod action;
mod apply;
mod arithmetic;
mod parameter;
mod scenario;
mod selection;
mod structure;
mod written_out;

pub use account::Moved;
pub use action::{Action, Change, Colleague, Toward, Values};
pub use apply::Changed;
pub use parameter::{Parameter, Things};
pub use scenario::Scenario;
pub use selection::Selection;

#[cfg(doc)]
use crate::Organization;
pub(crate) use access::{Thing, Value, read};
pub(crate) use apply::Workshop;
