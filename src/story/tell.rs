//! Forward in time: the chain as events whose hours add up exactly.
//!
//! All times lie on the grid of 2^-30 hours below 2^23, so each difference and each partial sum is exact.

use super::chain::{Cause, Link};
use super::event::{StoryEvent, StoryKind};
use super::replay::{Job, Replay};
use crate::plan::{PlannedKind, To};

/// The chain's events; the last is what the customer got.
pub(super) fn forward(replay: &Replay, round: usize, customer: usize, chain: &[Link]) -> Vec<StoryEvent> {
    let mut teller = Teller { replay, events: Vec::new(), behind: 0.0 };
    for link in chain {
        match link.cause {
            Cause::Release => teller.began(link, round, customer),
            Cause::Timetable => teller.held(link),
            Cause::Absence => teller.absent(link),
            Cause::Before(_) => teller.busy(link),
            Cause::Input(dependency) => {
                let at = link.job.map_or(round, |job| job.0);
                teller.arrives(at, dependency, link);
            }
        }
        if let Some(job) = link.job {
            teller.worked(job);
        }
    }
    let (planned, traced) = (&replay.plan.customers[customer], replay.round(round));
    let felt = &traced.customers[customer];
    let mut end = StoryEvent::new(StoryKind::Received, traced.release + felt.wait, traced.round, felt.customer.clone());
    (end.hours, end.planned_hours) = (felt.wait, planned.ready);
    teller.tell(end);
    teller.events
}

struct Teller<'r, 'a> {
    replay: &'r Replay<'a>,
    events: Vec<StoryEvent>,
    behind: f64,
}

impl Teller<'_, '_> {
    fn tell(&mut self, mut event: StoryEvent) {
        self.behind += event.adds;
        event.behind = Some(self.behind);
        self.events.push(event);
    }

    /// An event about a job, by whoever did it.
    fn about(&self, kind: StoryKind, time: f64, job: Job) -> StoryEvent {
        let traced = self.replay.service(job);
        let mut event = StoryEvent::new(kind, time, job.0 as u32, traced.done_by.clone());
        event.department = self.replay.department(&traced.done_by);
        event.service = Some(traced.service.clone());
        event
    }

    fn owner(&self, job: Job) -> &str {
        self.replay.plan.employee_name(self.replay.plan.services[job.1].employee)
    }

    fn began(&mut self, link: &Link, round: usize, customer: usize) {
        let at = link.job.map_or(round, |job| job.0);
        let release = self.replay.round(at).release;
        let mut event = match link.job {
            Some(job) => self.about(StoryKind::Began, release, job),
            None => {
                let name = self.replay.round(round).customers[customer].customer.clone();
                StoryEvent::new(StoryKind::Began, release, at as u32, name)
            }
        };
        event.planned_hours = link.allowance;
        event.adds = -link.allowance;
        self.tell(event);
    }

    fn held(&mut self, link: &Link) {
        let Some(job) = link.job else { return };
        let start = self.replay.service(job).start;
        let mut event = self.about(StoryKind::Timetable, start, job);
        event.hours = start - self.replay.round(job.0).release;
        event.planned_hours = event.hours;
        self.tell(event);
    }

    /// Away since the round began, so the whole time counts, less what the plan had left before the start.
    fn absent(&mut self, link: &Link) {
        let Some(job) = link.job else { return };
        let start = self.replay.service(job).start;
        let mut event = self.about(StoryKind::Absent, start, job);
        event.who = self.owner(job).to_owned();
        event.department = self.replay.department(&event.who);
        event.hours = start - self.replay.round(job.0).release;
        event.planned_hours = link.allowance;
        event.adds = event.hours - link.allowance;
        self.tell(event);
    }

    fn busy(&mut self, link: &Link) {
        let Some(job) = link.job else { return };
        let traced = self.replay.service(job);
        let lay_ready = if traced.ready > traced.allowed { traced.ready } else { traced.allowed };
        let mut event = self.about(StoryKind::Busy, traced.start, job);
        if let Cause::Before(before) = link.cause {
            event.for_whom = Some(self.replay.service(before).service.clone());
        }
        event.hours = traced.start - lay_ready;
        event.planned_hours = link.allowance;
        event.adds = -link.allowance;
        self.tell(event);
    }

    fn worked(&mut self, job: Job) {
        let traced = self.replay.service(job);
        let mut event = self.about(StoryKind::Worked, traced.finish, job);
        let owner = self.owner(job);
        if owner != traced.done_by {
            event.for_whom = Some(owner.to_owned());
        }
        event.hours = traced.finish - traced.start;
        event.planned_hours = traced.planned_finish - traced.planned_start;
        event.adds = event.hours - event.planned_hours;
        self.tell(event);
    }

    /// What came over a dependency: hand-over, chasing, rework, arrival, slack.
    fn arrives(&mut self, round: usize, dependency: usize, link: &Link) {
        let replay = self.replay;
        let (plan, planned) = (replay.plan, &replay.plan.dependencies[dependency]);
        let (traced, Some(job)) = (replay.dependency(round, dependency), replay.provider(round, dependency)) else {
            return;
        };
        let provided = replay.service(job);
        let (receiver, department) = match planned.receiver {
            To::Service(service) => {
                let name = &replay.service((round, service)).done_by;
                (name.clone(), replay.department(name))
            }
            To::Customer(customer) => (plan.customer_name(&plan.customers[customer]).to_owned(), None),
        };
        let over = |mut event: StoryEvent| {
            event.for_whom = Some(receiver.clone());
            event.dependency = Some(traced.dependency.clone());
            event.need = replay.need(planned);
            event
        };
        let handoff = traced.arrival - provided.finish - traced.chase - traced.rework;
        let standard = planned.arrival - plan.services[planned.provider].finish;
        let mut time = provided.finish + handoff;
        let mut event = over(self.about(StoryKind::HandedOver, time, job));
        (event.hours, event.planned_hours, event.adds) = (handoff, standard, handoff - standard);
        self.tell(event);
        if traced.silent {
            time += traced.chase;
            let mut event = over(self.about(StoryKind::Unanswered, time, job));
            (event.hours, event.adds) = (traced.chase, traced.chase);
            self.tell(event);
        }
        if traced.caught {
            time += traced.rework;
            let mut event = caught(replay, round, dependency, job, time);
            event.adds = traced.rework;
            self.tell(event);
        }
        let counts_from = replay.round(job.0).release + plan.services[planned.provider].ready;
        let counts_from = if provided.ready > counts_from { provided.ready } else { counts_from };
        let mut event = over(self.about(StoryKind::Arrived, traced.arrival, job));
        (event.hours, event.planned_hours) = (traced.arrival - counts_from, planned.promise);
        self.tell(event);
        if link.allowance != 0.0 {
            let kind = if link.allowance > 0.0 {
                StoryKind::Slack
            } else if planned.lag > 0 {
                StoryKind::TooClose
            } else if planned.kind == PlannedKind::Any {
                StoryKind::FellBack
            } else {
                StoryKind::TooClose
            };
            let mut event = over(StoryEvent::new(kind, traced.arrival, round as u32, receiver.clone()));
            event.department = department;
            event.service = Some(traced.receiver.clone());
            event.for_whom = Some(provided.done_by.clone());
            event.hours = link.allowance.abs();
            event.adds = -link.allowance;
            self.tell(event);
        }
    }
}

/// A mistake that was noticed on receipt.
pub(super) fn caught(replay: &Replay, round: usize, dependency: usize, job: Job, time: f64) -> StoryEvent {
    let (planned, traced) = (&replay.plan.dependencies[dependency], replay.dependency(round, dependency));
    let provided = replay.service(job);
    let who = match planned.receiver {
        To::Service(service) => replay.service((round, service)).done_by.clone(),
        To::Customer(_) => traced.receiver.clone(),
    };
    let mut event = StoryEvent::new(StoryKind::Caught, time, round as u32, who);
    event.department = replay.department(&event.who);
    event.service = Some(provided.service.clone());
    event.for_whom = Some(provided.done_by.clone());
    event.dependency = Some(traced.dependency.clone());
    event.need = replay.need(planned);
    event.hours = traced.rework;
    event
}
