//! What the best is the best for.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::compare::Figure;

/// What a portfolio is chosen for: a figure of all customers together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Goal {
    /// The most perfect engagements: their share, as the mean over customers.
    #[default]
    Perfect,
    /// The least value lost in 1,000 rounds, added up over customers.
    ValueLost,
    /// The shortest wait that 95 of 100 do not exceed: of each customer, and then the mean over customers. Of the engagements
    /// of all of them together more or fewer than 95 of 100 may be within it.
    WaitP95,
    /// The highest mean satisfaction, as the mean over customers.
    Satisfaction,
}

impl Goal {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Perfect, Self::ValueLost, Self::WaitP95, Self::Satisfaction];

    /// The figure that it is about.
    #[must_use]
    pub fn figure(self) -> Figure {
        match self {
            Self::Perfect => Figure::Perfect,
            Self::ValueLost => Figure::ValueLost,
            Self::WaitP95 => Figure::WaitP95,
            Self::Satisfaction => Figure::Satisfaction,
        }
    }

    /// The sign that makes more of it better.
    pub(super) fn sign(self) -> f64 {
        if self.figure().more_is_better() { 1.0 } else { -1.0 }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Perfect => "most perfect engagements",
            Self::ValueLost => "least value lost",
            Self::WaitP95 => "shortest wait that 95 of 100 do not exceed, as the mean over customers",
            Self::Satisfaction => "highest satisfaction",
        })
    }
}
