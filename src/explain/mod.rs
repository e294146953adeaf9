//! Why customers waited: whose overrun became their wait, who had no slack, what an hour less would give.
//!
//! | file | what lives there |
//! |---|---|
//! | `mod` | [`Cause`]: the ways in which something adds to a wait |
//! | `explanation` | [`Explanation`]: what is found, by customer, person, service and dependency |
//! | `drive` | from a simulation to an explanation: blocks on all threads, memory foretold |
//! | `history` | what is kept of a block for the way back |
//! | `backward` | the way back: binding chain, zero float, mistakes |
//! | `layout`, `sums` | where each figure is summed, exactly, and its interval |
//! | `moments` | how closely hours go with the wait |
//! | `ranks` | ranks of hours among the replications of one block |
//! | `figures` | from sums to an explanation |
//!
//! Nothing is drawn twice or anew: an explanation is of the very replications that a run with the same seed counts.

mod backward;
mod drive;
mod explanation;
mod figures;
mod history;
mod layout;
mod moments;
mod ranks;
mod sums;

use serde::{Deserialize, Serialize};

pub use explanation::{
    CauseFigures, CustomerExplanation, DependencyExplanation, Explanation, FloatFigures, MistakeAt, MistakeBy,
    MistakesExplained, PersonExplanation, ServiceExplanation,
};

/// A way in which something adds hours to a customer's wait beyond plan, or takes some off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause {
    /// Work took other than its standard: of whoever did it.
    Work,
    /// A hand-off took other than its standard: of the provider.
    Handoff,
    /// A request went unanswered, and was chased: of the provider who did not answer.
    Silence,
    /// A mistake was put right on receipt: of the provider who delivered it.
    Rework,
    /// Somebody was away and nobody stood in: of whoever was away.
    Absence,
    /// A job was still being done that was planned to be over: of whoever was busy with it.
    Queue,
    /// Of several colleagues, one planned to come later had to do: of the one who came.
    Fallback,
    /// What was used was planned to come later than the round could use it: rounds follow too closely. Of the provider.
    RoundTooEarly,
    /// Slack in the plan, used up: takes hours off. Of whoever had it.
    Slack,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Work,
        Self::Handoff,
        Self::Silence,
        Self::Rework,
        Self::Absence,
        Self::Queue,
        Self::Fallback,
        Self::RoundTooEarly,
        Self::Slack,
    ];

    /// In plain words: `slow work`, `no answer`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Work => "slow work",
            Self::Handoff => "slow hand-off",
            Self::Silence => "no answer",
            Self::Rework => "mistakes put right",
            Self::Absence => "away",
            Self::Queue => "busy with something else",
            Self::Fallback => "a colleague planned for later had to do",
            Self::RoundTooEarly => "rounds too close",
            Self::Slack => "slack used up",
        }
    }
}
