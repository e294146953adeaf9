//! What an organisation can do: practices, each with the size of its effect, the evidence for it, its cost, and when it
//! backfires.
//!
//! A [`Practice`] is a [`Kind`] from the [catalogue](catalogue()), a [`Selection`](crate::change::Selection), and how far it is
//! taken up: an `adoption` from 0 (not a bit changes) to 1. It becomes [changes](crate::change) to the organisation; what
//! it does is therefore data that can be read, and a cost in money, so that a portfolio can be put together under a
//! budget. The size of its effect may be a number or a distribution.
//!
//! ```
//! use ripple_effect::Organization;
//! use ripple_effect::change::{Scenario, Selection};
//! use ripple_effect::practice::{Kind, Practice, entry};
//!
//! let shop = Organization::builder("Shop")
//!     .employee("Ana", |e| e.provides_with("stock list", 2.0, |s| s.error_rate(0.1)))
//!     .customer("Guests", |c| c.promise(4.0))
//!     .serves("Ana", "Guests", "stock list")
//!     .build()?;
//! let training = Practice::new(Kind::Training, Selection::employee("Ana")).adoption(0.5);
//! let trained = Scenario::new("Train Ana").practice(training).apply(&shop)?;
//! assert_eq!(trained.moved()[0].to_string(), "Ana/stock list: error_rate from 0.1 to 0.089833");
//! println!("Because {}", entry(Kind::Training).sources[0]);
//! # Ok::<(), ripple_effect::Error>(())
//! ```
//!
//! | file | what lives there |
//! |---|---|
//! | `kind` | [`Kind`]: the practices by name, [`Certainty`], [`Source`] |
//! | `catalogue` | what each does, how much, by which evidence, when it backfires |
//! | `evidence` | the publications that sizes come from |
//! | `cost` | [`Cost`]: money and hours of the people concerned |
//! | `practice` | [`Practice`]: one of them, for somebody, taken up so far |
//! | `steps` | the changes that a practice consists of |

mod catalogue;
mod cost;
mod evidence;
mod kind;
#[allow(clippy::module_inception)]
mod practice;
mod steps;

pub use catalogue::{Entry, as_markdown, catalogue, entry};
pub use cost::Cost;
pub use kind::{Certainty, Kind, Source};
pub use practice::{Case, Practice};
