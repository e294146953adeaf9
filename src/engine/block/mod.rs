//! The block engine: 256 replications run together through the plan, so that each service is looked at once a block and the
//! inner loops turn into vector instructions.
//!
//! | file | what lives there |
//! |---|---|
//! | `lanes` | what holds something for each of the 256 lanes |
//! | `kernels` | the loops over lanes, cloned for the instruction sets |
//! | `counting` | those that counting needs |
//! | `drawing` | what those of them that draw are made of |
//! | `program` | a plan compiled: what can never happen left out, a place for every result |
//! | `clock` | when rounds are released |
//! | `people` | who is there, how fast, and when they are free |
//! | `climate` | their morale, empty posts and newcomers |
//! | `inputs` | what reaches a receiver, and what of it is used |
//! | `run` | the engine: a block, a round, a service after the other |
//! | `replay` | a block that is run once, and again only where a shock makes a difference |
//! | `watch` | what is seen as it runs |
//!
//! It gives the bits of the scalar engine, lane by lane, in every figure.

#![allow(clippy::vec_box, reason = "rows are exchanged by their boxes: a copy costs as much as a step of the work")]

pub(crate) mod climate;
mod clock;
pub(crate) mod counting;
mod drawing;
mod inputs;
pub(crate) mod kernels;
pub(crate) mod lanes;
mod people;
mod program;
mod replay;
mod run;
#[cfg(test)]
mod tests;
mod watch;

pub(crate) use program::Program;
pub(crate) use replay::{Differences, Got, Replay, ServiceDifference};
pub(crate) use run::BlockEngine;
pub(crate) use watch::{CustomerSeen, DependencySeen, DependencyTimes, PostSeen, ServiceSeen, Watch};
