//! What is seen of a block as it runs: whoever counts, explains or compares implements [`Watch`].

use super::climate::Moves;
use super::lanes::{Bits, Numbers, Row, Term};

/// What happened on one dependency in one round, in all lanes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DependencySeen {
    /// Whether the receiver needed it this round, carried or not.
    pub(crate) needed: Bits,
    /// Whether it was needed and carried something: never in the first rounds of a lag.
    pub(crate) happened: Bits,
    pub(crate) silent: Bits,
    pub(crate) error_in: Bits,
    pub(crate) caught: Bits,
    /// Whether it carried an error into what the receiver made of it.
    pub(crate) passed: Bits,
    pub(crate) used: Bits,
    /// In which lanes the provider's work was done by the backup.
    pub(crate) covered: Bits,
}

/// What of a dependency is kept in rows, where somebody wants to see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DependencyTimes<'a> {
    /// The arrival, where it happened.
    pub(crate) arrival: &'a Row,
    /// When its receiver had all that it waited for, at the release at the earliest.
    pub(crate) receiver_ready: &'a Row,
    /// When the provider had all it needed.
    pub(crate) provider_ready: &'a Row,
    /// The release of the round in which it was delivered.
    pub(crate) released: Term<'a>,
}

/// What happened to one service in one round, in all lanes. Times are hours since the first release, on the grid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServiceSeen<'a> {
    pub(crate) release: Term<'a>,
    /// When all it waited for was there, at the release at the earliest.
    pub(crate) ready: &'a Row,
    /// When the timetable, or an absence, allowed it to start.
    pub(crate) allowed: Term<'a>,
    /// When its server was free.
    pub(crate) server: Term<'a>,
    pub(crate) start: &'a Row,
    pub(crate) finish: &'a Row,
    /// Hours worked.
    pub(crate) work: &'a Row,
    /// In which lanes the backup did it.
    pub(crate) covered: Bits,
    pub(crate) started_late: Bits,
    pub(crate) own_error: Bits,
    pub(crate) error: Bits,
    pub(crate) quality: Term<'a>,
    /// What happened on each of its inputs, and when it arrived, where it was used.
    pub(crate) inputs: &'a [DependencySeen],
    pub(crate) arrivals: &'a [Box<Row>],
}

/// What a customer got in one round, in all lanes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CustomerSeen<'a> {
    pub(crate) wait: &'a Row,
    pub(crate) error: Bits,
    pub(crate) quality: Term<'a>,
    pub(crate) satisfaction: &'a Row,
    /// The input that arrived last, where one came after the release.
    pub(crate) last_input: &'a Numbers,
}

/// An employee's post in one round, where there is a climate, in all lanes; of empty posts, only that they are empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PostSeen<'a> {
    pub(crate) filled: Bits,
    /// The morale with which the round was worked.
    pub(crate) morale: &'a Row,
    /// What a newcomer still has to learn, `0..=1`.
    pub(crate) newness: &'a Row,
    /// What the round did to morale.
    pub(crate) moves: &'a Moves,
    /// Who leaves at the end of the round.
    pub(crate) left: Bits,
}

/// Watches a block, round by round, in the order of work: whoever does not say otherwise, nothing but customers.
pub(crate) trait Watch {
    /// A round begins; whether it is watched at all.
    fn round(&mut self, round: u32) -> bool;

    /// Whether dependencies and services are watched too, or customers and stages only.
    fn wants_everything(&self) -> bool;

    fn absence(&mut self, _employee: usize, _absent: Bits) {}

    /// A dependency, after its receiver. Times only where everything is wanted.
    fn dependency(&mut self, _index: usize, _seen: &DependencySeen, _times: Option<DependencyTimes<'_>>) {}

    /// A service, after its inputs; only where everything is wanted.
    fn service(&mut self, _index: usize, _seen: &ServiceSeen<'_>) {}

    /// A stage of a customer's journey is done: hours since the release.
    fn stage(&mut self, _customer: usize, _stage: usize, _since_release: &Row) {}

    /// A customer, after its inputs.
    fn customer(&mut self, index: usize, seen: &CustomerSeen<'_>);

    /// An employee's post at the end of a round, where there is a climate.
    fn post(&mut self, _employee: usize, _seen: &PostSeen<'_>) {}
}

/// Sees nothing.
pub(super) struct Nobody;

impl Watch for Nobody {
    fn round(&mut self, _round: u32) -> bool {
        false
    }

    fn wants_everything(&self) -> bool {
        false
    }

    fn customer(&mut self, _index: usize, _seen: &CustomerSeen<'_>) {}
}
