//! What comes of a comparison.

use serde::{Deserialize, Serialize};

use super::figure::Figure;
use crate::Estimate;

/// The format of a comparison in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComparisonFormat {
    /// The first.
    #[serde(rename = "ripple-comparison/1")]
    V1,
}

/// Scenarios beside the organisation as it is: every figure, and the paired differences.
///
/// All of it can be written as JSON; [`report`](Comparison::report) (feature `report`) says it in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The format of the JSON.
    pub format: ComparisonFormat,
    /// The name of the organisation.
    pub model: String,
    /// Its [fingerprint](crate::Organization::fingerprint), as it is.
    pub model_hash: String,
    /// The seed.
    pub seed: u64,
    /// Replications of each.
    pub replications: u64,
    /// Rounds in each replication.
    pub rounds: u32,
    /// Rounds at its start that figures leave out.
    pub warmup: u32,
    /// The version of this crate.
    pub version: String,
    /// The version of the random streams.
    pub stream_version: u32,
    /// The currency of the model.
    pub currency: Option<String>,
    /// Working hours a day.
    pub hours_per_day: f64,
    /// How many differences of one figure there are: the intervals of [`Difference::all_at_once`] hold for all of them
    /// together with 95 %.
    pub differences: usize,
    /// Times that were cut to the largest allowed, in all of them.
    pub cut: u64,
    /// How intervals are made.
    pub intervals: String,
    /// How to cite.
    pub cite: String,
    /// Every scenario beside the organisation as it is, in the order in which they were given.
    pub scenarios: Vec<Compared>,
    /// Every scenario beside every one before it, where that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<Compared>,
    /// For each alternative (the organisation as it is first) and customer: the waits at 0, 1/200, ..., 1.
    #[serde(skip)]
    pub(crate) waits: Vec<Vec<Vec<f64>>>,
    /// For each customer: its name, and what it is promised as it is.
    #[serde(skip)]
    pub(crate) promises: Vec<(String, f64)>,
}

/// A scenario beside another one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Compared {
    /// The name of the scenario.
    pub scenario: String,
    /// The name of the one that it stands beside; none where that is the organisation as it is.
    pub against: Option<String>,
    /// What its practices cost, in the currency of the model.
    pub cost: f64,
    /// Whether the effect of a practice in either of them was drawn anew for each block of 256 replications.
    pub uncertain: bool,
    /// Customer by customer in the order of the file, then all together.
    pub figures: Vec<Difference>,
}

/// One figure of one customer, or of all of them: as it is, as it would be, and the paired difference.
///
/// Estimates are of means over replications, each of which counts with its mean over its rounds after the warm-up.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The customer; none where all are meant.
    pub customer: Option<String>,
    /// Which figure.
    pub figure: Figure,
    /// As it is, or in the scenario that this one stands beside.
    pub before: Estimate,
    /// In the scenario.
    pub with: Estimate,
    /// In the scenario less as it is, replication by replication, with the 95 % interval of this one difference.
    pub difference: Estimate,
    /// The same with the interval that holds for all differences of this figure at once with 95 % (Bonferroni; Dunn 1961).
    pub all_at_once: Estimate,
    /// The standard error of the difference, from sampling and from drawn effects together.
    pub standard_error: Option<f64>,
    /// What of it is sampling noise, and would go with more replications; of quantiles nothing is told apart.
    pub sampling_error: Option<f64>,
    /// How far the true difference varies with the effects of practices of which only a range is known (a standard
    /// deviation): replications do not make it smaller, knowing the effect would. 0 where no effect was drawn.
    pub effect_sd: Option<f64>,
    /// The probability that the mean difference is for the better here, given the sample and what is known of the effects:
    /// where effects were drawn, that of a normal distribution about the estimate with the standard deviation
    /// sqrt(`effect_sd`^2 + `sampling_error`^2), which more replications do not bring to 0 or 1; else
    /// [`favourable_on_average`](Self::favourable_on_average). None where nothing differs, and of quantiles where effects were
    /// drawn.
    pub favourable: Option<f64>,
    /// The probability, given the sample, that the difference is for the better on average over all that the effects may be:
    /// by Student's t about the estimate. With enough replications it is 0 or 1, however uncertain an effect is. None where
    /// nothing differs.
    pub favourable_on_average: Option<f64>,
    /// The share of replications that are better with the scenario than without: another thing, as single days vary more
    /// than means. None of quantiles, which no single replication has.
    pub better: Option<f64>,
    /// The share that is exactly the same.
    pub equal: Option<f64>,
    /// The share that is worse.
    pub worse: Option<f64>,
    /// How many times fewer replications than under seeds of their own give the same standard error: the squares of the
    /// standard errors of both, added up, over that of the difference; from blocks where effects were drawn. None where the
    /// difference does not vary, and of quantiles.
    pub variance_saved: Option<f64>,
}

impl Comparison {
    /// A scenario beside the organisation as it is.
    #[must_use]
    pub fn scenario(&self, name: &str) -> Option<&Compared> {
        self.scenarios.iter().find(|compared| compared.scenario == name)
    }

    /// A scenario beside another one, in either order as it was compared, where
    /// [`each_with_each`](super::Comparing::each_with_each) was asked for.
    #[must_use]
    pub fn pair(&self, one: &str, other: &str) -> Option<&Compared> {
        let is = |compared: &&Compared| {
            let names = [compared.scenario.as_str(), compared.against.as_deref().unwrap_or_default()];
            names == [one, other] || names == [other, one]
        };
        self.pairs.iter().find(is)
    }
}

impl Compared {
    /// A figure of a customer.
    #[must_use]
    pub fn of(&self, customer: &str, figure: Figure) -> Option<&Difference> {
        self.figures.iter().find(|one| one.customer.as_deref() == Some(customer) && one.figure == figure)
    }

    /// A figure of all customers together: the mean over customers; of value lost, the sum.
    #[must_use]
    pub fn everybody(&self, figure: Figure) -> Option<&Difference> {
        self.figures.iter().find(|one| one.customer.is_none() && one.figure == figure)
    }
}

impl Difference {
    /// Whether it is better (`Some(true)`) or worse (`Some(false)`) without much doubt: the interval that holds for all at
    /// once leaves out 0, and [`favourable`](Self::favourable) is at least 0.975, or at most 0.025. None where that cannot be
    /// said, as where an effect may do good or harm.
    #[must_use]
    pub fn verdict(&self) -> Option<bool> {
        let (low, high) = self.all_at_once.low.zip(self.all_at_once.high)?;
        let more = if low > 0.0 {
            true
        } else if high < 0.0 {
            false
        } else {
            return None;
        };
        let is_better = more == self.figure.more_is_better();
        let favourable = self.favourable?;
        let is_sure = if is_better { favourable >= 0.975 } else { favourable <= 0.025 };
        is_sure.then_some(is_better)
    }
}
