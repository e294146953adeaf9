//! What went wrong or stayed half done on the way to a customer, and who noticed.

use std::collections::BTreeSet;
use std::ops::Range;

use super::chain::{Cause, Link};
use super::event::{StoryEvent, StoryKind};
use super::replay::{Job, Replay};
use super::tell;
use crate::plan::To;

/// Adds to the chain's events, in the order of time: mistakes that reached the customer, who let them pass, mistakes
/// that were noticed anywhere in what the customer used, and the work that was left half done where that mattered.
pub(super) fn weave_in(replay: &Replay, round: usize, customer: usize, chain: &[Link], events: &mut Vec<StoryEvent>) {
    let on_chain: BTreeSet<(usize, usize)> = chain
        .iter()
        .filter_map(|link| match link.cause {
            Cause::Input(dependency) => Some((link.job.map_or(round, |job| job.0), dependency)),
            _ => None,
        })
        .collect();
    let mut beside = Vec::new();
    reached(replay, round, customer, &mut beside);
    noticed(replay, round, customer, &on_chain, &mut beside);
    half_done(replay, round, customer, &mut beside);
    beside.sort_by(|a, b| a.time.total_cmp(&b.time));
    let chain = std::mem::take(events);
    let mut beside = beside.into_iter().peekable();
    for event in chain {
        while let Some(earlier) = beside.next_if(|other| other.time < event.time) {
            events.push(earlier);
        }
        // What the customer got is the end of the story.
        if event.kind == StoryKind::Received {
            events.extend(beside.by_ref());
        }
        events.push(event);
    }
}

fn inputs_of(replay: &Replay, job: Job) -> Range<usize> {
    replay.plan.services[job.1].inputs.clone()
}

/// Walks upstream from a customer over the inputs that `follow` accepts, and shows each job once.
fn upstream(
    replay: &Replay,
    round: usize,
    inputs: Range<usize>,
    mut follow: impl FnMut(usize, usize) -> bool,
    mut show: impl FnMut(Job),
) {
    let mut seen = BTreeSet::new();
    let mut open: Vec<(usize, Range<usize>)> = vec![(round, inputs)];
    while let Some((round, inputs)) = open.pop() {
        for input in inputs {
            if !follow(round, input) {
                continue;
            }
            if let Some(job) = replay.provider(round, input)
                && seen.insert(job)
            {
                show(job);
                open.push((job.0, inputs_of(replay, job)));
            }
        }
    }
}

fn reached(replay: &Replay, round: usize, customer: usize, events: &mut Vec<StoryEvent>) {
    let mut overlooked = Vec::new();
    let follow = |round: usize, input: usize| {
        let traced = replay.dependency(round, input);
        let through = traced.passed && traced.used;
        if through {
            overlooked.push((round, input));
        }
        through
    };
    let mut made = Vec::new();
    upstream(replay, round, replay.plan.customers[customer].inputs.clone(), follow, |job| made.push(job));
    for job in made {
        let traced = replay.service(job);
        if traced.own_error {
            let mut event = StoryEvent::new(StoryKind::Mistake, traced.finish, job.0 as u32, traced.done_by.clone());
            event.department = replay.department(&traced.done_by);
            event.service = Some(traced.service.clone());
            events.push(event);
        }
    }
    for (round, input) in overlooked {
        let (planned, traced) = (&replay.plan.dependencies[input], replay.dependency(round, input));
        // A customer who gets a mistake overlooked nothing: that is what was felt.
        if let (To::Service(service), Some(job)) = (planned.receiver, replay.provider(round, input)) {
            let who = replay.service((round, service)).done_by.clone();
            let mut event = StoryEvent::new(StoryKind::Overlooked, traced.arrival, round as u32, who);
            event.department = replay.department(&event.who);
            event.service = Some(replay.service(job).service.clone());
            event.for_whom = Some(replay.service(job).done_by.clone());
            event.dependency = Some(traced.dependency.clone());
            event.need = replay.need(planned);
            events.push(event);
        }
    }
}

fn noticed(
    replay: &Replay,
    round: usize,
    customer: usize,
    on_chain: &BTreeSet<(usize, usize)>,
    events: &mut Vec<StoryEvent>,
) {
    let mut found = BTreeSet::new();
    let follow = |round: usize, input: usize| {
        let traced = replay.dependency(round, input);
        if traced.used && traced.caught && !on_chain.contains(&(round, input)) {
            found.insert((round, input));
        }
        traced.used
    };
    upstream(replay, round, replay.plan.customers[customer].inputs.clone(), follow, |_| {});
    for (round, input) in found {
        if let Some(job) = replay.provider(round, input) {
            let arrival = replay.dependency(round, input).arrival;
            events.push(tell::caught(replay, round, input, job, arrival));
        }
    }
}

/// Where the customer's quality was not good enough: follows the weakest input until the work itself was the weakest.
fn half_done(replay: &Replay, round: usize, customer: usize, events: &mut Vec<StoryEvent>) {
    let planned = &replay.plan.customers[customer];
    if replay.round(round).customers[customer].quality >= planned.perfect_quality {
        return;
    }
    let weakest = |round: usize, inputs: Range<usize>| {
        let matters = |&input: &usize| {
            let planned = &replay.plan.dependencies[input];
            replay.dependency(round, input).used && (planned.strength > 0.0 || planned.criticality < 1.0)
        };
        let jobs = inputs.filter(matters).filter_map(|input| replay.provider(round, input));
        jobs.min_by(|&a, &b| replay.service(a).quality.total_cmp(&replay.service(b).quality))
    };
    let mut next = weakest(round, planned.inputs.clone());
    while let Some(job) = next {
        let traced = replay.service(job);
        next = weakest(job.0, inputs_of(replay, job))
            .filter(|&input| input < job && replay.service(input).quality < traced.workmanship);
        if next.is_none() {
            let mut event = StoryEvent::new(StoryKind::HalfDone, traced.finish, job.0 as u32, traced.done_by.clone());
            event.department = replay.department(&traced.done_by);
            event.service = Some(traced.service.clone());
            event.quality = Some(traced.quality);
            events.push(event);
        }
    }
}
