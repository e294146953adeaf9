//! Shocks: somebody is late, wrong or away, a request goes unanswered, a department works at half pace; in which round.
//!
//! A [`Shock`] is a [`Selection`](crate::change::Selection) of things and what strikes them, as the file format holds it
//! (`shocks`). Nothing of it happens until a run is asked for it: [`Simulation::shocked`](crate::Simulation::shocked).
//! Shocks change neither plan nor promises, and nobody's draws: hours that are drawn come from streams of their own.
//!
//! ```
//! use ripple_effect::change::Selection;
//! use ripple_effect::shock::Shock;
//! use ripple_effect::{Distribution, Organization};
//!
//! let shop = Organization::builder("Shop")
//!     .employee("Ana", |e| e.provides("stock list", Distribution::pert(1.0, 2.0, 6.0)))
//!     .employee("Ben", |e| e.provides("advice", 1.0))
//!     .customer("Guests", |c| c)
//!     .serves("Ana", "Ben", "stock list")
//!     .serves("Ben", "Guests", "advice")
//!     .build()?;
//! let silence = Shock::new("No answer").on(Selection::dependency("Ana -> Ben")).unanswered_for(8.0);
//! let late = Shock::new("A bad start").on(Selection::employee("Ben")).late(Distribution::uniform(1.0, 3.0));
//! let shocked = shop.simulate()?.shocked(&[silence, late])?;
//! assert_eq!(shocked.shocks().len(), 2);
//! # Ok::<(), ripple_effect::Error>(())
//! ```
//!
//! | file | what lives there |
//! |---|---|
//! | `written` | [`Shock`] and [`Unanswered`], as they are written |
//! | `effect` | what can strike, and which sorts of things |
//! | `finder` | what selections name, found in the lists of an organisation |
//! | `target` | what a selection strikes |
//! | `each` | one shock on each of many things |
//! | `check` | names, numbers, selections |
//! | `blow` | shocks resolved against a plan, and laid over the rounds of a run |
//! | `words` | a shock in plain words |

mod blow;
mod check;
mod each;
mod effect;
mod finder;
mod target;
#[cfg(test)]
mod tests;
mod words;
mod written;

pub(crate) use blow::{Blows, resolve, resolve_each};
pub(crate) use check::{fits, selection_errors, value_errors, warnings};
pub use each::LeftOut;
pub use written::{Shock, Unanswered};
