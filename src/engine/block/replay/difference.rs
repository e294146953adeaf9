//! What is shown of a shock.

use crate::engine::block::lanes::{Bits, Row, Term};

/// What a service delivered in one round, in all lanes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delivered<'a> {
    pub(crate) finish: &'a Row,
    pub(crate) error: Bits,
    /// In which lanes the backup did it.
    pub(crate) covered: Bits,
    pub(crate) quality: Term<'a>,
}

/// A service that was done again, as it was without the shock and as it is with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServiceDifference<'a> {
    pub(crate) before: Delivered<'a>,
    pub(crate) after: Delivered<'a>,
    /// Hours that its latest input came later than without the shock, and that it started later: what lies between was
    /// absorbed by slack.
    pub(crate) arrived_later: &'a Row,
    pub(crate) started_later: &'a Row,
    /// For each input, where an error was caught on it that was not caught without the shock.
    pub(crate) caught: &'a [Bits],
}

/// What a customer got in one round, in all lanes.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) ready: Box<Row>,
    pub(crate) wait: Box<Row>,
    pub(crate) error: Bits,
    pub(crate) quality: Box<Row>,
    pub(crate) satisfaction: Box<Row>,
}

impl Got {
    pub(super) fn new() -> Self {
        Self {
            ready: Row::new(0.0),
            wait: Row::new(0.0),
            error: Bits::NONE,
            quality: Row::new(1.0),
            satisfaction: Row::new(0.0),
        }
    }
}

/// Sees what a shock makes different.
pub(crate) trait Differences {
    /// Whether services are shown, with what was absorbed at each; else customers only, which is much quicker.
    fn wants_services(&self) -> bool;

    /// A service that was done again in a round, in the order of work; nothing may differ.
    fn service(&mut self, round: u32, service: usize, seen: &ServiceDifference<'_>);

    /// A customer who was served again in a round; nothing may differ. For each input, where an error was caught on it that
    /// was not caught without the shock, if services are wanted.
    fn customer(&mut self, round: u32, customer: usize, before: &Got, after: &Got, caught: &[Bits]);
}
