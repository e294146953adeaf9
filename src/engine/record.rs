//! What one round of one replication looked like. Times are hours since the first release, on the grid.

use super::climate::Moved;

/// What happened to one service.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ServiceRecord {
    /// When all it waited for was there, at the release at the earliest.
    pub(crate) ready: f64,
    /// When the timetable, or an absence, allowed it to start.
    pub(crate) allowed: f64,
    /// When its server was free.
    pub(crate) server: f64,
    pub(crate) start: f64,
    pub(crate) finish: f64,
    /// The drawn duration, before any pace.
    pub(crate) duration: f64,
    /// The product of all paces.
    pub(crate) pace: f64,
    /// Hours worked: duration times pace, on the grid.
    pub(crate) work: f64,
    /// Who did it.
    pub(crate) done_by: usize,
    pub(crate) started_late: bool,
    pub(crate) own_error: bool,
    pub(crate) error: bool,
    pub(crate) workmanship: f64,
    pub(crate) quality: f64,
    /// The input that was ready last, if one bound the start of work on this service or came after the release.
    pub(crate) last_input: Option<usize>,
}

/// What happened on one dependency.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct DependencyRecord {
    /// Whether this round needed it, and it carries something: false too in the first rounds of a lag.
    pub(crate) happened: bool,
    /// Whether the receiver needed it this round, carried or not.
    pub(crate) needed: bool,
    pub(crate) handoff: f64,
    pub(crate) silent: bool,
    pub(crate) chase: f64,
    pub(crate) error_in: bool,
    pub(crate) caught: bool,
    pub(crate) rework: f64,
    pub(crate) arrival: f64,
    /// The planned arrival: the release of the round of delivery and the planned offset.
    pub(crate) planned: f64,
    /// Hours since the provider had all it needed, and was planned to have it.
    pub(crate) response: f64,
    /// Whether the receiver used it.
    pub(crate) used: bool,
    /// Whether it carried an error into what the receiver made of it.
    pub(crate) passed: bool,
    /// Who did the provider's work.
    pub(crate) provided_by: usize,
    /// The quality that came over it.
    pub(crate) quality: f64,
}

/// What a customer got.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct CustomerRecord {
    pub(crate) wait: f64,
    pub(crate) lateness: f64,
    pub(crate) on_time: bool,
    pub(crate) error: bool,
    pub(crate) quality: f64,
    pub(crate) perfect: bool,
    pub(crate) satisfaction: f64,
    /// The input that arrived last.
    pub(crate) last_input: Option<usize>,
}

/// One employee's post, where there is a climate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct PostRecord {
    pub(crate) filled: bool,
    /// The morale with which the round was worked.
    pub(crate) morale: f64,
    /// What a newcomer still has to learn, `0..=1`.
    pub(crate) newness: f64,
    /// The factors on hours and on error rates; of an empty post, those of whoever covers for it.
    pub(crate) pace: f64,
    pub(crate) errors: f64,
    /// What the round did to morale; of an empty post, nothing.
    pub(crate) moved: Moved,
    /// Whether the employee leaves at the end of the round.
    pub(crate) left: bool,
}

/// One round of one replication; lists as in the plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct Round {
    pub(crate) number: u32,
    pub(crate) release: f64,
    pub(crate) absent: Vec<bool>,
    /// Empty without a climate.
    pub(crate) posts: Vec<PostRecord>,
    pub(crate) services: Vec<ServiceRecord>,
    pub(crate) dependencies: Vec<DependencyRecord>,
    pub(crate) customers: Vec<CustomerRecord>,
}

impl Round {
    /// Whether somebody else has to do an employee's work: absent, or the post is empty.
    pub(crate) fn is_away(&self, employee: usize) -> bool {
        self.absent[employee] || self.posts.get(employee).is_some_and(|post| !post.filled)
    }
}
