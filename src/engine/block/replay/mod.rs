//! A block that is run once, and again only where a shock makes a difference.
//!
//! | file | what lives there |
//! |---|---|
//! | `recording` | what is kept of a block: everything that later shocks are compared with, and the draws that they reuse |
//! | `ways` | whom a difference can reach next: receivers, and the next job of the same employee |
//! | `strike` | a shock in a recorded block: what is done again, what is left as it was |
//! | `watching` | who watches the engine as it does work again |
//! | `difference` | what whoever watches is shown |
//!
//! Work is done again in the order of rounds and of the total order, so each service of a round is done at most once more. It
//! is done again where it is struck, or where something differs that it takes in: an arrival, an error, a quality, or the
//! time at which its server is free. What comes out as it was is dropped. Where nothing but later arrivals can matter, the
//! recorded draws are added to them; elsewhere the engine itself does the work again, over the same draws. In a climate, where
//! one late answer moves a morale and that all that comes after it, everything is done again.

mod difference;
mod recording;
mod strike;
#[cfg(test)]
mod tests;
mod watching;
mod ways;

pub(crate) use difference::{Differences, Got, ServiceDifference};
pub(crate) use strike::Replay;
