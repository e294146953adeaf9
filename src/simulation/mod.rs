//! A run: how many replications of which plan, under which seed, at which detail; and how it is carried out.
//!
//! | file | what lives there |
//! |---|---|
//! | `request` | [`Simulation`]: what is asked for |
//! | `observer` | [`Observer`]: who watches, and may stop it |
//! | `precision` | going on until figures are known well enough |
//! | `drive` | from what is asked for to the outcome |
//! | `memory` | how much memory a run takes |
//! | `crew` | blocks of replications on all threads |
//! | `worker` | one thread's engine and its counting |
//! | `watch` | what the observer is told, and samples in order |
//! | `ledger` | what is done so far, and when it is written down |
//! | `checkpoint` | a run that is not at its end, as a file |
//!
//! Blocks are independent and their sums are integers, so nothing here can change a figure: who does which block, in which
//! order, and how often the run was cut off and went on.

mod checkpoint;
mod crew;
mod drive;
mod ledger;
mod memory;
mod observer;
mod precision;
mod request;
mod shocked;
mod watch;
mod worker;

pub use observer::{Observer, Sample};
pub use request::Simulation;
pub(crate) use request::{MAX_ROUNDS, Sized};
