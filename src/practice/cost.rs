//! What a practice costs.

use serde::{Deserialize, Serialize};

/// Money and hours of the people concerned, over the time that a decision is about (a year, say).
///
/// A practice costs `fixed + people * adoption * (per_person + hours_per_person * per_hour)`, and nothing at adoption 0.
/// Amounts are in the currency of the model. What is left out is that of the catalogue, and an hour costs 50: planning
/// assumptions, all of them, to be replaced by your own.
///
/// ```
/// use ripple_effect::practice::Cost;
/// let cost = Cost { fixed: Some(500.0), hours_per_person: Some(8.0), per_hour: Some(60.0), ..Cost::default() };
/// assert_eq!(cost.of(3, 0.5), 500.0 + 3.0 * 0.5 * 8.0 * 60.0);
/// assert_eq!(cost.of(3, 0.0), 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Money, once, however many people; 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<f64>,
    /// Money for each of the people concerned; 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_person: Option<f64>,
    /// Hours of each of the people concerned; 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_per_person: Option<f64>,
    /// Money for an hour; 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_hour: Option<f64>,
}

/// What an hour costs where nobody says: a planning assumption.
const AN_HOUR: f64 = 50.0;

impl Cost {
    /// Money and hours of a catalogue entry.
    pub(super) const fn assumed(fixed: f64, hours_per_person: f64) -> Self {
        Self { fixed: Some(fixed), per_person: Some(0.0), hours_per_person: Some(hours_per_person), per_hour: None }
    }

    /// What is said here, and else what is said there.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            fixed: self.fixed.or(other.fixed),
            per_person: self.per_person.or(other.per_person),
            hours_per_person: self.hours_per_person.or(other.hours_per_person),
            per_hour: self.per_hour.or(other.per_hour),
        }
    }

    /// The cost for so many people and this adoption (`0..=1`), in the currency of the model.
    #[must_use]
    pub fn of(self, people: usize, adoption: f64) -> f64 {
        if adoption == 0.0 {
            return 0.0;
        }
        let hours = self.hours_per_person.unwrap_or(0.0) * self.per_hour.unwrap_or(AN_HOUR);
        self.fixed.unwrap_or(0.0) + people as f64 * adoption * (self.per_person.unwrap_or(0.0) + hours)
    }

    /// Its amounts by name.
    pub(super) fn amounts(self) -> [(&'static str, Option<f64>); 4] {
        [
            ("fixed", self.fixed),
            ("per_person", self.per_person),
            ("hours_per_person", self.hours_per_person),
            ("per_hour", self.per_hour),
        ]
    }
}
