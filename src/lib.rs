//! How one person's late, wrong or half-done work travels through an organisation and lands on a customer.
//!
//! "Thankfully I don't have to deal with customers", says a clerk in bank operations. But when she leaves a request
//! unanswered, a branch waits, a project stalls, and in the end a customer leaves. Everyone has customers: an *internal
//! customer* is anyone who depends on the timing, quality and accuracy of a colleague's work to succeed in their own.
//! This crate makes that chain computable.
//!
//! ```text
//!   employees and their services                                 external customers
//!
//!   Ana: account history ──▶ Ben: account opening ──▶ handed over ──▶ Retail customers
//!            │  └── no answer? Ben chases, and loses a day                 on time?
//!            └────▶ Dev: loan offer ─────────────────────────────▶      free of error?
//!   Ruth: collateral check ─┘                                           good enough?
//! ```
//!
//! # A quick start
//!
//! ```
//! use ripple_effect::{Distribution, Organization};
//!
//! let bank = Organization::builder("Regional bank")
//!     .employee("Ana", |e| e.provides_with("account history", Distribution::pert(0.5, 1.0, 4.0), |s| s.error_rate(0.04)))
//!     .employee("Ben", |e| e.provides("account opening", 1.5))
//!     .customer("Retail customers", |c| c.promise(6.0).value(180.0))
//!     .serves_with("Ana", "Ben", "account history", |d| d.silent(0.1, 8.0).inspected(0.7, 1.5))
//!     .serves("Ben", "Retail customers", "an account")
//!     .build()?;
//! let outcome = bank.simulate()?.replications(20_000).seed(7).run()?;
//! let customers = outcome.customer("Retail customers").unwrap();
//! println!("{} of these customers are let down", customers.perfect.complement());
//! # assert!(customers.perfect.estimate.unwrap() < 0.9);
//! # Ok::<(), ripple_effect::Error>(())
//! ```
//!
//! # The tour: describe, plan, simulate, read
//!
//! 1. **Describe** who works, what each provides, who depends on it, and who is served in the end:
//!    [`Organization::builder`], or the JSON format with [`Organization::from_json`]. All problems come at once, each
//!    with its path, what was found, what is allowed and how to mend it ([`Error`]). The petgraph graph is
//!    [`Organization::graph`]; its projections are [`Organization::employee_graph`] and
//!    [`Organization::department_graph`]. Circles of people who wait for each other are mended by
//!    [`Organization::mend_cycles`].
//! 2. **Plan**: [`Organization::plan`] decides the order of work, the planned times and every promise, and names the
//!    bottleneck ([`Plan::sustainable`]).
//! 3. **Simulate**: [`Plan::simulate`] gives a [`Simulation`]; say how many replications, which seed, how much detail.
//!    [`Simulation::trace`] shows everything that happens in one replication.
//! 4. **Read**: an [`Outcome`] holds exact sums; [`Outcome::summary`] gives every figure with its 95 % interval, and
//!    [`Summary::report`](Summary) (feature `report`) says them in plain words.
//! 5. **Change** what could be different: [`Organization::apply`] makes another organisation of [`change`]s, in which
//!    nothing moves but what they name; [`practice`]s are such changes with evidence and a cost.
//! 6. **Shock**: [`Simulation::shocked`] lets somebody be late, wrong or away, in a round, under the same draws ([`shock`]).
//!    [`Simulation::ripple`] gives the [`Ripple`]: who is hit, how hard, how far it goes; [`Simulation::rank`] says which of
//!    many shocks hurts customers most.
//! 7. **Compare and choose**: [`Organization::compare`] puts scenarios beside the organisation as it is, on the same days;
//!    [`Organization::improve`] finds the best set of them for a budget.
//! 8. **Explain**: [`Simulation::explain`] follows every engagement back to where its wait arose, and gives an
//!    [`Explanation`]: whose overrun it was, who has no slack, what an hour less would give.
//!
//! Times are hours. Probabilities are 0 to 1. What the words mean exactly is in `docs/reference/model.md`.
//!
//! # Guarantees
//!
//! - The same model, seed and number of replications give the same bits for every reported number: on any number of
//!   threads, with any features, in debug and release, whatever else is built beside it.
//! - Random draws are addressed by the *id* of a thing, never by its place: another order in the file, or a new name with
//!   the id kept, changes nothing; a new colleague whom nobody needs changes no figure of anybody else.
//! - Outcomes of the same run merge exactly, in any order.
//! - Times lie on a grid of 2^-30 hours, on which sums and maxima are exact: what is exactly on plan is on time.
//! - Nothing panics on any input; what cannot be known (an interval of one replication) is absent, never a made-up number.
//!
//! Each of these lines is a test. The terms, and what a new version may change, are in `docs/reference/guarantees.md`.
//!
//! # Crate layout
//!
//! Data flows one way; each stage is usable alone.
//!
//! | module | what it holds |
//! |---|---|
//! | [`organization`] | what the user describes |
//! | [`distribution`] | how long work takes |
//! | [`plan`] | the organisation compiled: order, planned times, promises, bottleneck |
//! | [`Simulation`] | a run, in blocks of 256 replications over addressed random streams |
//! | [`change`] | what could be different: changes as data, applied to make another organisation |
//! | [`practice`] | what organisations can do, with evidence, cost, and when it backfires |
//! | [`shock`] | who is late, wrong or away, and in which round |
//! | [`ripple`] | the difference that shocks make, and which of many hurts customers most |
//! | [`compare`] | scenarios beside each other under the same random numbers |
//! | [`portfolio`] | the best set of practices for a budget |
//! | [`outcome`] | mergeable sums, and the figures drawn from them |
//! | [`explain`] | why customers waited, over all replications |
//! | [`story`] | one engagement, told from its beginning to the customer |
//! | [`generate`] | organisations made by rule and seed: hierarchies, small worlds, scale-free networks, layered processes |
//!
//! # Features
//!
//! No feature changes a number.
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `report` | yes | pages in plain words: `report()` of a summary, a plan, a trace, an explanation, a ripple, a ranking, a comparison, a portfolio |
//! | `pictures` | no | `picture`: SVG pictures of the organisation and of figures; DOT and GraphML |
//! | `xes` | no | `story::EventLog`: replications as XES, for process mining |
//! | `schema` | no | `schema()`, the JSON Schema of the file format |
//! | `cli` | no | the `ripple` command line |
#![cfg_attr(docsrs, feature(doc_cfg))]

// Tests share random organisations with those in tests/it, which use the crate by its name.
#[cfg(test)]
extern crate self as ripple_effect;

pub mod change;
pub mod compare;
pub mod distribution;
mod engine;
mod error;
pub mod explain;
pub mod generate;
mod grid;
mod numeric;
pub mod organization;
pub mod outcome;
#[cfg(feature = "pictures")]
pub mod picture;
pub mod plan;
pub mod portfolio;
pub mod practice;
#[cfg(feature = "report")]
mod report;
pub mod ripple;
pub mod shock;
mod simulation;
mod statistics;
pub mod story;
mod streams;
mod thousands;
mod threads;
mod together;
mod units;

pub use compare::Comparison;
pub use distribution::{Distribution, Sampler};
pub use engine::{Trace, TracedCustomer, TracedDependency, TracedPost, TracedRound, TracedService};
pub use error::{Error, ErrorKind};
pub use explain::Explanation;
#[cfg(feature = "schema")]
pub use organization::schema;
pub use organization::{Finding, Organization, OrganizationBuilder, Severity};
pub use outcome::{Detail, Outcome, Summary, save_text};
/// The graph library whose types [`Organization::graph`] gives.
pub use petgraph;
pub use plan::Plan;
pub use portfolio::Portfolio;
pub use ripple::Ripple;
pub use simulation::{Observer, Sample, Simulation};
pub use statistics::Estimate;
pub use story::Story;
pub use units::{Hours, Probability, hours, minutes, percent};

/// The Rust in the documents, run as doctests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    mod readme {}
    #[doc = include_str!("../docs/guides/for-analysts.md")]
    mod for_analysts {}
    #[doc = include_str!("../docs/guides/for-researchers.md")]
    mod for_researchers {}
    #[doc = include_str!("../docs/guides/what-helps.md")]
    mod what_helps {}
    #[doc = include_str!("../docs/reference/changes.md")]
    mod changes {}
    #[doc = include_str!("../docs/reference/shocks.md")]
    mod shocks {}
    #[doc = include_str!("../docs/guides/cycles-and-rounds.md")]
    mod cycles_and_rounds {}
    #[cfg(all(feature = "pictures", feature = "xes"))]
    #[doc = include_str!("../docs/guides/telling-the-story.md")]
    mod telling_the_story {}
    #[cfg(feature = "report")]
    #[doc = include_str!("../docs/guides/why-it-happened.md")]
    mod why_it_happened {}
    #[doc = include_str!("../docs/guides/a-year-in-the-office.md")]
    mod a_year_in_the_office {}
    #[cfg(all(feature = "pictures", feature = "report"))]
    #[doc = include_str!("../docs/guides/drop-a-stone.md")]
    mod drop_a_stone {}
    #[doc = include_str!("../docs/guides/synthetic-organisations.md")]
    mod synthetic_organisations {}
    #[doc = include_str!("../docs/reference/streams.md")]
    mod streams {}
}
