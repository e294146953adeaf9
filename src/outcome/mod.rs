//! What came of it: sums that merge exactly, and the figures drawn from them.
//!
//! | file | what lives there |
//! |---|---|
//! | `mod` | [`Outcome`]: what a run gives back |
//! | `summary` | the figures with their intervals, as they are written to JSON |
//! | `figures` | from sums to figures |
//! | `tally` | the exact sums |
//! | `count` | counting blocks |
//! | `adding`, `rows`, `counters`, `planes` | what a block adds to figures: at once, or in rows and bits until it ends |
//! | `people` | what services come to for those who provide them |
//! | `ledger` | the small sums of a worker's blocks |
//! | `one_by_one` | counting a replication at a time, to compare with in tests |
//! | `layout` | where each figure is kept |
//! | `things` | who and what the figures are about |

mod adding;
pub(crate) mod count;
mod counters;
mod figures;
pub(crate) mod layout;
mod ledger;
#[cfg(test)]
pub(crate) mod one_by_one;
mod people;
mod planes;
mod rows;
pub(crate) mod summary;
pub(crate) mod tally;
mod things;

use serde::{Deserialize, Serialize};

pub use summary::{
    CustomerFigures, DependencyFigures, InputFigures, Meta, Moments, OutcomeFormat, PersonFigures,
    RoundCustomerFigures, RoundFigures, ServiceFigures, Spread, StageFigures, Summary,
};
pub use things::Detail;
pub(crate) use things::Things;

use crate::{Error, ErrorKind};
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

/// The part of the written outcome that merges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Exact {
    parts: Vec<(u64, u64)>,
    things: Things,
    tally: Tally,
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

    /// Adds other replications of the same model, seed, rounds and detail, as [`shard`](crate::Simulation::shard) makes
    /// them: exactly, associative and commutative to the last bit.
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`] naming what differs, or which replications are there already; `self` is left as it was.
    pub fn merge(&mut self, other: &Outcome) -> Result<(), Error> {
        for (what, mine, theirs) in [
            ("model", &self.meta.model_hash, &other.meta.model_hash),
            ("seed", &self.meta.seed.to_string(), &other.meta.seed.to_string()),
            ("rounds", &self.meta.rounds.to_string(), &other.meta.rounds.to_string()),
            ("warm-up", &self.meta.warmup.to_string(), &other.meta.warmup.to_string()),
            ("stream version", &self.meta.stream_version.to_string(), &other.meta.stream_version.to_string()),
            ("version", &self.meta.version, &other.meta.version),
            ("detail", &format!("{:?}", self.meta.detail), &format!("{:?}", other.meta.detail)),
        ] {
            if mine != theirs {
                return Err(Error::new(
                    ErrorKind::Mismatch,
                    "meta",
                    format!("{what} {theirs}"),
                    format!("{what} {mine}, that of the outcome it is merged into"),
                    "Merge only parts of one run.",
                ));
            }
        }
        if self.layout() != other.layout() {
            return Err(Error::new(
                ErrorKind::Mismatch,
                "exact.things",
                "other things than those of the outcome it is merged into",
                "the same customers, services and dependencies",
                "Merge only parts of one run.",
            ));
        }
        for &(from, to) in &other.parts {
            if let Some((mine, _)) = self.parts.iter().find(|part| part.0 < to && from < part.1) {
                return Err(Error::new(
                    ErrorKind::Mismatch,
                    "exact.parts",
                    format!("replication {}", from.max(*mine)),
                    "replications that are not there already",
                    "Merge each part once.",
                ));
            }
        }
        self.parts.extend_from_slice(&other.parts);
        self.parts.sort_unstable();
        self.parts.dedup_by(|next, before| {
            let touching = before.1 == next.0;
            if touching {
                before.1 = next.1;
            }
            touching
        });
        self.tally.merge(&other.tally);
        self.meta.replications = self.tally.replications;
        self.meta.cut = self.tally.cut;
        Ok(())
    }

    /// Writes the outcome as JSON with its exact sums.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`to_json`](Outcome::to_json) wrote.
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`] if it is damaged, of another format, or carries figures without the exact sums.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| {
            Error::new(
                ErrorKind::Mismatch,
                "",
                error.to_string(),
                "an outcome in the format ripple-outcome/1 with its exact sums",
                "Write it with `Outcome::to_json`.",
            )
        })
    }
}

impl Serialize for Outcome {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut summary = self.summary();
        summary.exact =
            Some(Exact { parts: self.parts.clone(), things: self.things.clone(), tally: self.tally.clone() });
        summary.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Outcome {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        #[derive(Deserialize)]
        struct Written {
            #[serde(rename = "format")]
            _format: OutcomeFormat,
            meta: Meta,
            exact: Option<Exact>,
        }
        let Written { meta, exact, .. } = Written::deserialize(deserializer)?;
        let Some(Exact { parts, things, tally }) = exact else {
            return Err(D::Error::custom("figures without the exact sums (`exact`)"));
        };
        let rounds = 1..=crate::simulation::MAX_ROUNDS;
        if !rounds.contains(&meta.rounds)
            || meta.warmup >= meta.rounds
            || !(meta.hours_per_day > 0.0 && meta.hours_per_day <= 24.0)
            || meta.cut != tally.cut
        {
            return Err(D::Error::custom("a `meta` that no run has"));
        }
        let outcome = Self { meta, parts, things, tally };
        let [events, sums, spreads] = outcome.layout().counts;
        let tally = &outcome.tally;
        if (tally.events.len(), tally.sums.len(), tally.spreads.len()) != (events, sums, spreads)
            || tally.replications != outcome.meta.replications
            || outcome.parts.iter().any(|(from, to)| from >= to || *to > 1 << 40)
            || outcome.parts.windows(2).any(|pair| pair[0].1 >= pair[1].0)
            || outcome.parts.iter().map(|(from, to)| to - from).sum::<u64>() != tally.replications
        {
            return Err(D::Error::custom("sums that do not fit the things they are about"));
        }
        Ok(outcome)
    }
}
