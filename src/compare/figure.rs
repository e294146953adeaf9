//! What is compared, and which way is better.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A figure of what a customer feels.
///
/// Of all customers together each is the mean over customers, who have one engagement a round each; value lost is the sum. Of
/// the median wait and the wait that 95 of 100 do not exceed, too, it is the mean of those of each customer, not the quantile
/// of the engagements of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Figure {
    /// The share of engagements that are on time, free of error and good enough.
    Perfect,
    /// The share on time.
    OnTime,
    /// The share free of error.
    ErrorFree,
    /// The mean wait, in hours.
    Wait,
    /// The median wait, in hours.
    WaitP50,
    /// The wait that 95 of 100 do not exceed, in hours.
    WaitP95,
    /// The mean lateness, in hours; 0 where in time.
    Lateness,
    /// The mean quality, `0..=1`.
    Quality,
    /// The mean satisfaction, `0..=100`.
    Satisfaction,
    /// What the imperfect ones of 1,000 engagements are worth, in the currency of the model; of all customers, those of
    /// 1,000 rounds.
    ValueLost,
}

impl Figure {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Perfect,
        Self::OnTime,
        Self::ErrorFree,
        Self::Wait,
        Self::WaitP50,
        Self::WaitP95,
        Self::Lateness,
        Self::Quality,
        Self::Satisfaction,
        Self::ValueLost,
    ];

    /// Its name in JSON and CSV.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Perfect => "perfect",
            Self::OnTime => "on_time",
            Self::ErrorFree => "error_free",
            Self::Wait => "wait",
            Self::WaitP50 => "wait_p50",
            Self::WaitP95 => "wait_p95",
            Self::Lateness => "lateness",
            Self::Quality => "quality",
            Self::Satisfaction => "satisfaction",
            Self::ValueLost => "value_lost",
        }
    }

    /// Whether more of it is better for the customer; of waits, lateness and value lost less is.
    ///
    /// ```
    /// use ripple_effect::compare::Figure;
    /// assert!(Figure::Perfect.more_is_better() && !Figure::Wait.more_is_better());
    /// ```
    #[must_use]
    pub fn more_is_better(self) -> bool {
        matches!(self, Self::Perfect | Self::OnTime | Self::ErrorFree | Self::Quality | Self::Satisfaction)
    }

    /// What it is, and its unit, as a label.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Perfect => "perfect engagements of 100",
            Self::OnTime => "on time, of 100",
            Self::ErrorFree => "free of error, of 100",
            Self::Wait => "mean wait, hours",
            Self::WaitP50 => "median wait, hours",
            Self::WaitP95 => "95 of 100 wait up to, hours",
            Self::Lateness => "mean lateness, hours",
            Self::Quality => "quality, of 100",
            Self::Satisfaction => "satisfaction, of 100",
            Self::ValueLost => "value lost per 1,000",
        }
    }

    /// How many of the unit of its label make one of its own.
    #[must_use]
    pub fn label_scale(self) -> f64 {
        if matches!(self, Self::Perfect | Self::OnTime | Self::ErrorFree | Self::Quality) { 100.0 } else { 1.0 }
    }

    /// The probability, of a quantile of the wait.
    pub(crate) fn quantile(self) -> Option<f64> {
        match self {
            Self::WaitP50 => Some(0.5),
            Self::WaitP95 => Some(0.95),
            _ => None,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
