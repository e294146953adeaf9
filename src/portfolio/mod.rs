//! What to do with a budget: the best set of practices for a goal.
//!
//! [`Organization::improve`] prepares a choice among candidates, each a [`Scenario`] that is taken up as a whole or not;
//! running it gives a [`Portfolio`]: the best set, what it does to customers on days that it was not chosen on, what less and
//! more money would buy, and what it would be worth to know an uncertain effect.
//!
//! ```
//! use ripple_effect::Organization;
//! use ripple_effect::change::{Parameter, Scenario, Selection};
//! use ripple_effect::practice::{Cost, Kind, Practice};
//!
//! let shop = Organization::builder("Shop")
//!     .employee("Ana", |e| e.provides_with("stock list", 2.0, |s| s.error_rate(0.2)))
//!     .customer("Guests", |c| c.promise(4.0))
//!     .serves_with("Ana", "Guests", "stock list", |d| d.silent(0.2, 8.0))
//!     .build()?;
//! let for_500 = |kind| {
//!     let cost = Cost { fixed: Some(500.0), hours_per_person: Some(0.0), ..Cost::default() };
//!     Scenario::new(format!("{kind}")).practice(Practice::new(kind, Selection::all()).effect(0.5).cost(cost))
//! };
//! let candidates = [Kind::Training, Kind::AnsweringDiscipline, Kind::Recognition].map(for_500);
//! let portfolio = shop.improve(&candidates, 1_000.0)?.replications(2_048).run()?;
//! // Training and thanks would halve the same errors twice; one of them and answers do more.
//! assert_eq!(portfolio.best.candidates, ["training", "answering_discipline"]);
//! # Ok::<(), ripple_effect::Error>(())
//! ```
//!
//! | file | what lives there |
//! |---|---|
//! | `goal` | [`Goal`]: what the best is the best for |
//! | `request` | [`Improving`]: what is asked for, and what it will take |
//! | `score` | how good one set is |
//! | `evaluate` | sets made and run, and which of two is better |
//! | `exact` | all sets within the budget |
//! | `search` | a good set where there are too many |
//! | `knowing` | what it is worth to know an effect |
//! | `chosen` | [`Portfolio`]: what comes of it |
//!
//! Methods and their sources stand in `docs/reference/comparison.md`.

mod chosen;
mod evaluate;
mod exact;
mod goal;
mod knowing;
mod request;
mod score;
mod search;

pub use chosen::{Candidate, Choice, Portfolio, PortfolioFormat};
pub use goal::Goal;
pub use knowing::{Knowing, Worth};
pub use request::{Foretold, Improving};

#[cfg(doc)]
use crate::{Organization, change::Scenario};
