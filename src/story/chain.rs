//! Backward from the customer: what fixed each start, across rounds where the chain goes there.

use super::replay::{Job, Replay, mismatch};
use crate::Error;

/// What fixed a start. Of several at once: the release, then an input (the first by id), then the job before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cause {
    Release,
    /// Over this dependency, in the round of the receiver.
    Input(usize),
    /// The server's job before.
    Before(Job),
    Timetable,
    /// Nobody stood in.
    Absence,
}

/// A link of the chain: a job, or at its end the customer, and what fixed its start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// The job; none for the customer.
    pub(super) job: Option<Job>,
    pub(super) cause: Cause,
    /// The receiver's planned start less the planned time of the cause, in hours.
    pub(super) allowance: f64,
}

/// The chain that ends at a customer, the first link first.
pub(super) fn backward(replay: &Replay, round: usize, customer: usize) -> Result<Vec<Link>, Error> {
    let (planned, traced) = (&replay.plan.customers[customer], replay.round(round));
    let wait = traced.customers[customer].wait;
    let cause = if wait > 0.0 {
        let ready = traced.release + wait;
        Cause::Input(replay.binding(round, planned.inputs.clone(), ready).ok_or_else(torn)?)
    } else {
        Cause::Release
    };
    let mut link =
        Link { job: None, cause, allowance: allowance(replay, round, traced.release + planned.ready, cause) };
    let mut chain = Vec::new();
    let mut at = round;
    loop {
        chain.push(link);
        let job = match link.cause {
            Cause::Input(dependency) => replay.provider(at, dependency).ok_or_else(torn)?,
            Cause::Before(job) => job,
            Cause::Release | Cause::Timetable | Cause::Absence => break,
        };
        // Providers come earlier in the order of work, or a round earlier: the chain ends.
        if link.job.is_some_and(|receiver| job >= receiver) {
            return Err(torn());
        }
        let service = replay.service(job);
        let cause = cause_of(replay, job)?;
        link = Link { job: Some(job), cause, allowance: allowance(replay, job.0, service.planned_start, cause) };
        at = job.0;
    }
    chain.reverse();
    Ok(chain)
}

fn cause_of(replay: &Replay, job: Job) -> Result<Cause, Error> {
    let service = replay.service(job);
    if service.start <= replay.round(job.0).release {
        return Ok(Cause::Release);
    }
    if service.start == service.ready {
        let inputs = replay.plan.services[job.1].inputs.clone();
        return Ok(Cause::Input(replay.binding(job.0, inputs, service.ready).ok_or_else(torn)?));
    }
    if service.start == service.server_free {
        return Ok(Cause::Before(replay.before(job).ok_or_else(torn)?));
    }
    Ok(if service.start == service.planned_start { Cause::Timetable } else { Cause::Absence })
}

fn allowance(replay: &Replay, round: usize, planned_start: f64, cause: Cause) -> f64 {
    match cause {
        Cause::Input(dependency) => planned_start - replay.dependency(round, dependency).planned_arrival,
        Cause::Before(job) => planned_start - replay.service(job).planned_finish,
        Cause::Release | Cause::Absence => planned_start - replay.round(round).release,
        Cause::Timetable => 0.0,
    }
}

fn torn() -> Error {
    mismatch("a start that nothing in the trace explains".to_owned())
}
