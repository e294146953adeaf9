//! One thing that happened, for programs.

use serde::Serialize;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StoryKind {
    /// The round was released, and with it the first work of the chain.
    Began,
    /// The timetable did not let the work start earlier.
    Timetable,
    /// Somebody was away, and nobody stood in: `hours` until they were back.
    Absent,
    /// Somebody was still busy with another job: `hours` in which this one lay ready.
    Busy,
    /// Somebody worked: `hours` worked, `planned_hours` their standard.
    Worked,
    /// It was handed over: `hours` taken, `planned_hours` their standard.
    HandedOver,
    /// Somebody did not answer: `hours` lost until the answer came.
    Unanswered,
    /// A mistake was noticed on receipt: `hours` lost putting it right.
    Caught,
    /// The receiver had it: `hours` since the provider had all that was needed, `planned_hours` the promise.
    Arrived,
    /// Time was left between the planned arrival and the planned start: `hours` of slack.
    Slack,
    /// Of several colleagues, one planned to come later had to do: `hours` later than the plan counted on.
    FellBack,
    /// What was used was planned to be there `hours` later than the round could use it: rounds follow too closely.
    TooClose,
    /// A mistake was made that reached the customer.
    Mistake,
    /// A mistake went through unnoticed, on its way to the customer.
    Overlooked,
    /// Work was left half done, which is what made the whole not good enough: see `quality`.
    HalfDone,
    /// The customer had everything: `hours` of waiting, `planned_hours` the planned wait.
    Received,
}

/// One thing that happened. Times and spans are hours.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoryEvent {
    /// When it was over, since the first release.
    pub time: f64,
    /// The round to which the work belongs, from 0: an earlier one where the chain goes there.
    pub round: u32,
    /// What happened.
    pub kind: StoryKind,
    /// Whose doing it was: an employee, or the customer at the end.
    pub who: String,
    /// Their department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// The service that it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// For whom: an employee or a customer. For [`StoryKind::Caught`] whose mistake it was; for [`StoryKind::Worked`]
    /// for whom somebody stood in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_whom: Option<String>,
    /// The dependency, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dependency: Option<String>,
    /// What was needed, in the words of the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
    /// How long: see the kind.
    pub hours: f64,
    /// How long it should have been: see the kind.
    pub planned_hours: f64,
    /// What it added to the customer's wait beyond plan; negative where it took hours off, 0 beside the chain.
    pub adds: f64,
    /// How far the chain was behind its plan afterwards, negative where ahead; none beside the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<f64>,
    /// The quality, for [`StoryKind::HalfDone`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<f64>,
}

impl StoryEvent {
    pub(super) fn new(kind: StoryKind, time: f64, round: u32, who: String) -> Self {
        Self {
            time,
            round,
            kind,
            who,
            department: None,
            service: None,
            for_whom: None,
            dependency: None,
            need: None,
            hours: 0.0,
            planned_hours: 0.0,
            adds: 0.0,
            behind: None,
            quality: None,
        }
    }
}
