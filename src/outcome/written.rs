//! The outcome as JSON, and back.

use serde::{Deserialize, Serialize};

use super::tally::Tally;
use super::{Meta, Outcome, OutcomeFormat, Things};
use crate::{Error, ErrorKind};

/// The part of the written outcome that merges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Exact {
    parts: Vec<(u64, u64)>,
    things: Things,
    tally: Tally,
}

/// An outcome without its figures, written and read: all that is needed to go on from it.
#[derive(Debug)]
pub(crate) struct Kept<'a>(pub(crate) &'a Outcome);

impl Serialize for Kept<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Sums<'a> {
            parts: &'a [(u64, u64)],
            things: &'a Things,
            tally: &'a Tally,
        }
        #[derive(Serialize)]
        struct Written<'a> {
            format: OutcomeFormat,
            meta: &'a Meta,
            exact: Sums<'a>,
        }
        let Outcome { meta, parts, things, tally } = self.0;
        Written { format: OutcomeFormat::V1, meta, exact: Sums { parts, things, tally } }.serialize(serializer)
    }
}

impl Outcome {
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
            || outcome.whole() > 1 << 40
            || outcome.parts.iter().any(|(from, to)| from >= to || *to > outcome.whole())
            || outcome.parts.windows(2).any(|pair| pair[0].1 >= pair[1].0)
            || outcome.parts.iter().map(|(from, to)| to - from).sum::<u64>() != tally.replications
        {
            return Err(D::Error::custom("sums that do not fit the things they are about"));
        }
        Ok(outcome)
    }
}
