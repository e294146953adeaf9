//! What comes of a choice.

use serde::{Deserialize, Serialize};

use super::goal::Goal;
use super::knowing::Knowing;
use crate::compare::{Comparison, Difference};
use crate::{Error, Estimate};

/// The format of a portfolio in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PortfolioFormat {
    /// The first.
    #[serde(rename = "ripple-portfolio/1")]
    V1,
}

/// The best set of candidates under a budget, and how sure that is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Portfolio {
    /// The format of the JSON.
    pub format: PortfolioFormat,
    /// The name of the organisation.
    pub model: String,
    /// Its [fingerprint](crate::Organization::fingerprint), as it is.
    pub model_hash: String,
    /// The seed of the sample on which the choice was made.
    pub seed: u64,
    /// Its replications, of each set.
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
    /// What it was chosen for.
    pub goal: Goal,
    /// What might be spent, in the currency of the model.
    pub budget: f64,
    /// Whether sets were left out by which some customer is worse off in the sample, by the figure of the goal.
    pub no_one_worse: bool,
    /// Whether all sets that the budget allows were run; else a part of them, by the search that the reference describes.
    pub is_exact: bool,
    /// How many sets were run, each counted once; of a search, at any length.
    pub tried: u64,
    /// How many of those that came up could not be made: what one candidate changes leaves no room for another.
    pub refused: u64,
    /// The candidates, in the order in which they are taken up.
    pub candidates: Vec<Candidate>,
    /// The figure of the goal without any of them, in the sample.
    pub as_it_is: f64,
    /// The best set. Of two equals the cheaper one, then the one with fewer candidates, then the one whose candidates come
    /// first.
    pub best: Choice,
    /// The next best ones, at most four.
    pub runners_up: Vec<Choice>,
    /// What less money buys: each set than which nothing that costs no more is better, by rising cost; the first is to do
    /// nothing, unless something costs nothing.
    pub frontier: Vec<Choice>,
    /// What the best set does to the figure of the goal, in the sample on which it was chosen: flattering on average, as the
    /// luckiest of many looks better than it is.
    pub in_sample: Option<Difference>,
    /// The same on fresh days, on which nothing was chosen, and all other figures: what to go by.
    pub fresh: Comparison,
    /// How much the sample flatters: the difference in the sample less that on fresh days, better counted as more.
    pub flattery: Estimate,
    /// The same on the fresh days, effects drawn from their distributions instead of being at their mean, where any is
    /// known as a range only.
    pub uncertain: Option<Difference>,
    /// What it would be worth to know effects, where that was asked for and any is known as a range only.
    pub knowing: Option<Knowing>,
    /// Times that were cut to the largest allowed, in all runs on the sample.
    pub cut: u64,
    /// How to cite.
    pub cite: String,
}

/// A candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Candidate {
    /// The name of the scenario.
    pub name: String,
    /// What its practices cost, in the currency of the model.
    pub cost: f64,
    /// Whether no practice stands in it: then nothing says what it costs, and it counts as free.
    pub is_plain: bool,
    /// What it alone does to the figure of the goal in the sample, better counted as more; none where it alone is beyond
    /// the budget, or was not run at full length.
    pub gain_alone: Option<f64>,
    /// Whether it is in the best set.
    pub is_chosen: bool,
}

/// A set of candidates.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Choice {
    /// Their names, in the order in which they are taken up.
    pub candidates: Vec<String>,
    /// What they cost together.
    pub cost: f64,
    /// The figure of the goal, in the sample.
    pub figure: f64,
    /// How much better than without any, better counted as more.
    pub gain: f64,
}

impl Portfolio {
    /// What the best set does to the figure of the goal, for all customers together, on fresh days.
    ///
    /// # Errors
    /// None that can be met: the figure of every goal is compared. It is an error rather than a panic all the same.
    pub fn difference(&self) -> Result<&Difference, Error> {
        self.fresh.scenarios.first().and_then(|one| one.everybody(self.goal.figure())).ok_or_else(|| {
            let mend = "Compare fewer customers.";
            Error::new(crate::ErrorKind::Shape, "goal", "a figure that was not kept", "one that was", mend)
        })
    }
}
