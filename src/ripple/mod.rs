//! The ripple of a shock: who is hit, how hard, how far it goes, and where it stops.
//!
//! A [`Ripple`] is the paired difference between the run with the shock and the run without it, under the same draws:
//! [`Simulation::ripple`]. A [`Ranking`] lets many shocks strike one and the same run, each alone: [`Simulation::rank`].
//!
//! | file | what lives there |
//! |---|---|
//! | `sums` | sums of one thing over all replications, exact whoever adds them |
//! | `rings` | how many hops lie between the shock and everybody else |
//! | `collect` | a shock as it is watched, block by block |
//! | `drive` | from a simulation to a ripple or a ranking: blocks on all threads, and memory foretold |
//! | `found` | [`Ripple`] and what it holds |
//! | `figures` | from the sums to the figures |
//! | `ranking` | [`Ranking`]: which of many shocks harms customers most |

mod collect;
mod drive;
mod figures;
mod found;
mod ranking;
mod rings;
mod sums;

#[cfg(doc)]
use crate::Simulation;
pub use found::{
    CustomerRipple, DepartmentRipple, DiedOut, PersonRipple, RingRipple, Ripple, RippleFigures, RoundRipple,
    ServiceRipple, Struck,
};
pub use ranking::{Harm, Ranked, Ranking};
