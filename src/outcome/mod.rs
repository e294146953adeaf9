//! What came of it: sums that merge exactly, and the figures drawn from them.
//!
//! | file | what lives there |
//! |---|---|
//! | `mod` | [`Outcome`]: what a run gives back |
//! | `summary` | the figures with their intervals, as they are written to JSON |
//! | `figures` | from sums to figures |
//! | `named` | a customer's figure by its name |
//! | `merging` | adding other replications; which are missing |
//! | `written` | to JSON and back |
//! | `files` | parts of a run as files, and merging them |
//! | `sealed` | text with its checksum, and files that are whole or not there |
//! | `tally` | the exact sums |
//! | `count` | counting blocks |
//! | `adding`, `rows`, `counters`, `planes` | what a block adds to figures: at once, or in rows and bits until it ends |
//! | `climate` | counting posts, morale and what moved it |
//! | `climate_figures` | the figures of them |
//! | `seen` | what a block showed of a dependency or a service: of all lanes at once, or lane by lane |
//! | `people` | what services come to for those who provide them |
//! | `ledger` | the small sums of a worker's blocks |
//! | `one_by_one` | counting a replication at a time, to compare with in tests |
//! | `layout` | where each figure is kept |
//! | `things` | who and what the figures are about |

mod adding;
mod climate;
mod climate_figures;
pub(crate) mod count;
mod counters;
mod figures;
mod files;
pub(crate) mod layout;
mod ledger;
mod merging;
pub(crate) mod named;
#[cfg(test)]
pub(crate) mod one_by_one;
mod people;
mod planes;
mod rows;
pub(crate) mod sealed;
mod seen;
pub(crate) mod summary;
pub(crate) mod tally;
mod things;
mod written;

pub use climate_figures::{ClimateCustomerFigures, ClimateFigures, ClimateRoundFigures, PostFigures, PostRoundFigures};
pub use sealed::save_text;
pub use summary::{
    CustomerFigures, DependencyFigures, InputFigures, Meta, Moments, OutcomeFormat, PersonFigures, Precision,
    RoundCustomerFigures, RoundFigures, ServiceFigures, Spread, StageFigures, Summary,
};
pub use things::Detail;
pub(crate) use things::Things;
pub(crate) use written::{Exact, Kept};

use layout::Layout;
use tally::Tally;

/// The outcome of a run: exact sums, from which all figures are drawn.
///
/// Two outcomes of the same model, seed, rounds and detail [`merge`](Outcome::merge) exactly: in whatever order, the
/// bits are those of one run. Written as JSON (`ripple-outcome/1`) it carries the figures for people and, under
/// `exact`, the sums for merging.
///
/// ```
/// use ripple_effect::Organization;
///
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides("stock list", 2.0))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Guests", "stock list")
///     .build()?;
/// let outcome = shop.simulate()?.replications(1_000).run()?;
/// let guests = outcome.customer("Guests").unwrap();
/// assert_eq!(guests.on_time.estimate, Some(1.0));
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub(crate) meta: Meta,
    /// The replications that are in it: ranges without their ends, ascending, none touching the next.
    pub(crate) parts: Vec<(u64, u64)>,
    pub(crate) things: Things,
    pub(crate) tally: Tally,
}

impl Outcome {
    pub(crate) fn layout(&self) -> Layout {
        Layout::of(&self.things, self.meta.detail, self.meta.rounds)
    }

    /// How the run was made: seed, replications, rounds, versions, the model's fingerprint, how to cite.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// All figures with their 95 % intervals. O(figures), and a millisecond or so for each thousand quantiles.
    #[must_use]
    pub fn summary(&self) -> Summary {
        figures::summary(self)
    }

    /// The figures of one customer.
    #[must_use]
    pub fn customer(&self, name: &str) -> Option<CustomerFigures> {
        let index = self.things.customers.iter().position(|customer| customer.name == name)?;
        Some(figures::customer(self, &self.layout(), index))
    }
}
