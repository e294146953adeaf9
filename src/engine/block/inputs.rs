//! What reaches a receiver: arrivals, what of them it waits for and uses, the errors and the quality that come with them.

use std::ops::Range;

use super::clock::Clock;
use super::kernels::{self, Received, Scratch, cloned, within};
use super::lanes::{Bits, Numbers, Row, Term};
use super::program::{Program, Quality};
use super::watch::{DependencySeen, DependencyTimes, Watch};
use crate::Plan;
use crate::engine::{Keys, Shocks};
use crate::plan::{Group, PlannedKind};
use crate::streams::{Facet, LANES};

/// Up to so many members of a group are ranked against each other; more are sorted.
const RANKED: usize = 16;

/// What services delivered, each at its place.
#[derive(Debug)]
pub(crate) struct Results {
    pub(crate) finish: Vec<Box<Row>>,
    pub(crate) error: Vec<Bits>,
    /// In which lanes the backup did it.
    pub(crate) covered: Vec<Bits>,
    /// Only where any quality varies.
    pub(crate) quality: Vec<Box<Row>>,
    /// When all was there that was waited for; only where somebody watches everything.
    pub(crate) ready: Vec<Box<Row>>,
}

/// What a receiver asks with.
pub(crate) struct Asks<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) program: &'a Program,
    pub(crate) keys: &'a Keys,
    pub(crate) shocks: Shocks<'a>,
    pub(crate) results: &'a Results,
    pub(crate) clock: &'a Clock,
    pub(crate) block: u64,
    pub(crate) round: u32,
    pub(crate) live: Bits,
    pub(crate) inputs: Range<usize>,
    pub(crate) groups: &'a [Group],
    /// Whether all inputs are required.
    pub(crate) plain: bool,
    /// Whether arrivals are kept for somebody who watches.
    pub(crate) keep_arrivals: bool,
    /// Whether it is kept what came last.
    pub(crate) keep_last: bool,
}

/// The inputs of one receiver after the other; memory is kept between them.
#[derive(Debug)]
pub(crate) struct Inputs {
    /// When everything waited for is there, at the release at the earliest.
    pub(crate) ready: Box<Row>,
    pub(crate) last: Box<Numbers>,
    seen: Vec<DependencySeen>,
    arrivals: Vec<Box<Row>>,
    arrival: Box<Row>,
    hours: Box<Row>,
    ranks: Box<Row>,
    received: Received,
    scratch: Box<Scratch>,
    /// How many draws and times were cut to the largest allowed.
    pub(crate) cut: u64,
}

cloned! {
    /// Lets all inputs arrive, and waits for those that are waited for.
    pub(super) fn gather(inputs: &mut Inputs, asks: &Asks) {
        inputs.gather(asks);
    }
}

impl Inputs {
    pub(crate) fn new() -> Self {
        Self {
            ready: Row::new(0.0),
            last: Numbers::new(),
            seen: Vec::new(),
            arrivals: Vec::new(),
            arrival: Row::new(0.0),
            hours: Row::new(0.0),
            ranks: Row::new(0.0),
            received: Received::new(),
            scratch: Scratch::new(),
            cut: 0,
        }
    }

    /// Lets all inputs arrive, and waits for those that are waited for.
    #[inline(always)]
    fn gather(&mut self, asks: &Asks<'_>) {
        within::fill(&mut self.ready, asks.clock.release(asks.round as usize));
        if asks.keep_last {
            self.last.0 = [Numbers::NONE; LANES];
        }
        self.seen.clear();
        let keep = asks.keep_arrivals || !asks.plain;
        if keep {
            while self.arrivals.len() < asks.inputs.len() {
                self.arrivals.push(Row::new(0.0));
            }
        }
        for (local, index) in asks.inputs.clone().enumerate() {
            let seen = self.arrive(asks, index, keep.then_some(local));
            self.seen.push(seen);
        }
        for group in asks.groups {
            self.choose(asks, group);
        }
    }

    /// One dependency; its arrival is kept where a place for it is given.
    #[inline(always)]
    fn arrive(&mut self, asks: &Asks<'_>, index: usize, keep: Option<usize>) -> DependencySeen {
        let dependency = &asks.plan.dependencies[index];
        let program = &asks.program.inputs[index];
        let mut seen = DependencySeen::default();
        if dependency.needed.is_never() {
            return seen;
        }
        let required = dependency.kind == PlannedKind::Required;
        if (asks.round as usize) < dependency.lag {
            // Nothing was delivered yet: it never binds, draws nothing, is correct and whole.
            seen.needed = Bits::ALL;
            seen.used = if required { Bits::ALL } else { Bits::NONE };
            if let Some(local) = keep {
                kernels::fill(&mut self.arrivals[local], Term::Same(0.0));
            }
            return seen;
        }
        let Some(home) = asks.program.services[dependency.provider].home else { return seen };
        let place = home.at(asks.round - dependency.lag as u32);
        let struck = asks.shocks.disturbances.dependency(asks.round, index);
        let finish = &asks.results.finish[place];
        let plainly_waited_for = required && !asks.keep_last && !asks.program.times_may_pass;
        if let (false, None, None, Some(hours)) = (program.draws, struck, keep, program.handoff)
            && plainly_waited_for
        {
            (seen.needed, seen.happened, seen.used) = (Bits::ALL, Bits::ALL, Bits::ALL);
            seen.covered = asks.results.covered[place];
            within::wait_for(&mut self.ready, finish, Term::Same(hours));
            return seen;
        }
        let stream = asks.keys.dependencies[index].at(asks.block, asks.round);

        let needed = if dependency.needed.is_always() {
            Bits::ALL
        } else {
            within::decide(stream, Facet::Third, dependency.needed, Bits::ALL)
        };
        (seen.needed, seen.happened) = (needed, needed);
        seen.used = if required { needed } else { Bits::NONE };
        seen.covered = asks.results.covered[place];
        if program.may_err {
            let wrong = if struck.is_some_and(|struck| struck.wrong) { Bits::ALL } else { Bits::NONE };
            let error_in = asks.results.error[place].or(wrong).and(needed);
            if !error_in.is_empty() {
                seen.error_in = error_in;
                let (caught, passed) = (dependency.detection, dependency.passed_on);
                if caught.is_never() {
                    seen.passed = within::decide(stream, Facet::Fault, passed, error_in);
                } else if caught.is_always() {
                    seen.caught = error_in;
                } else {
                    [seen.passed, seen.caught] = within::falls(stream, Facet::Fault, passed, caught, error_in);
                }
            }
        }
        if let Some((probability, _)) = &dependency.silence {
            seen.silent = within::decide(stream, Facet::Silence, *probability, needed);
        }

        let handoff = match program.handoff {
            Some(hours) => Term::Same(hours),
            None => {
                let may_pass = program.handoff_may_pass;
                let cut = kernels::draw_hours(
                    &dependency.handoff,
                    stream,
                    Facet::Time,
                    may_pass,
                    &mut self.hours,
                    &mut self.scratch,
                );
                self.cut += u64::from(cut.and(needed).and(asks.live).count());
                Term::Each(&self.hours)
            }
        };
        if plainly_waited_for && struck.is_none() && needed.is_all() {
            let (caught, silent) = (seen.caught.and(asks.live), seen.silent.and(asks.live));
            let more = match &dependency.silence {
                _ if silent.is_empty() => Some((&dependency.rework, Facet::Second, caught)),
                Some((_, chase)) if caught.is_empty() => Some((chase, Facet::Chase, silent)),
                _ => None,
            };
            if let Some((more, facet, lanes)) = more {
                let (ready, scratch) = (&mut self.ready, &mut self.scratch);
                let arrival = keep.map(|local| &mut *self.arrivals[local]);
                if lanes.is_empty() {
                    match arrival {
                        Some(arrival) => within::wait_for_and_keep(ready, arrival, finish, handoff),
                        None => within::wait_for(ready, finish, handoff),
                    }
                    return seen;
                }
                if lanes.count() < kernels::MANY && more.constant().is_none() {
                    let cut =
                        kernels::wait_for_drawn(more, stream, facet, lanes, ready, arrival, finish, handoff, scratch);
                    self.cut += u64::from(cut);
                    return seen;
                }
            }
        }
        let arrival = match keep {
            Some(local) => &mut self.arrivals[local],
            None => &mut self.arrival,
        };
        within::add(finish, handoff, arrival);
        let own_chase = dependency.silence.as_ref().map(|(_, chase)| chase);
        if let Some(unanswered) = struck.and_then(|struck| struck.unanswered.as_ref()) {
            // What would have gone unanswered anyhow takes the longer of the two.
            let (dense, scratch) = (&mut self.hours, &mut self.scratch);
            let (mut longer, mut own) = (Row::new(0.0), Row::new(0.0));
            let chases = [(Some(unanswered), needed, &mut longer), (own_chase, seen.silent, &mut own)];
            for (chase, lanes, to) in chases {
                if let Some(chase) = chase.filter(|_| !lanes.is_empty()) {
                    self.cut += kernels::add_hours(chase, stream, Facet::Chase, lanes, to, asks.live, dense, scratch);
                }
            }
            kernels::latest(&mut longer, Term::Each(&own));
            kernels::increase(arrival, &longer);
            seen.silent = needed;
        } else if let Some(chase) = own_chase
            && !seen.silent.is_empty()
        {
            let (lanes, dense, scratch) = (seen.silent, &mut self.hours, &mut self.scratch);
            self.cut += kernels::add_hours(chase, stream, Facet::Chase, lanes, arrival, asks.live, dense, scratch);
        }
        if !seen.caught.is_empty() {
            let (lanes, dense, scratch) = (seen.caught, &mut self.hours, &mut self.scratch);
            let rework = &dependency.rework;
            self.cut += kernels::add_hours(rework, stream, Facet::Second, lanes, arrival, asks.live, dense, scratch);
        }
        for lost in struck.iter().flat_map(|struck| &struck.lost) {
            let (dense, scratch) = (&mut self.hours, &mut self.scratch);
            let stream = asks.shocks.keys[lost.stream].at(asks.block, asks.round);
            self.cut +=
                kernels::add_hours(&lost.hours, stream, Facet::Time, needed, arrival, asks.live, dense, scratch);
        }
        if asks.program.times_may_pass {
            self.cut += u64::from(kernels::bound(arrival, needed.and(asks.live)));
        }
        if required {
            if asks.keep_last {
                kernels::wait_in_and_keep(&mut self.ready, &mut self.last, arrival, needed, index as u64);
            } else if needed.is_all() {
                within::latest(&mut self.ready, Term::Each(arrival));
            } else {
                within::wait_in(&mut self.ready, arrival, needed);
            }
        }
        seen
    }

    /// Waits for the earliest of a group, ties by id.
    fn choose(&mut self, asks: &Asks<'_>, group: &Group) {
        let first = asks.inputs.start;
        if group.members.len() > RANKED {
            self.choose_one_by_one(first, group);
        }
        for &member in group.members.iter().filter(|_| group.members.len() <= RANKED) {
            let local = member - first;
            let others: Vec<(&Row, Bits, bool)> = group
                .members
                .iter()
                .filter(|&&other| other != member)
                .map(|&other| (&*self.arrivals[other - first], self.seen[other - first].needed, other < member))
                .collect();
            kernels::rank(&self.arrivals[local], &others, &mut self.ranks);
            let earliest = kernels::below(&self.ranks, Term::Same(group.count as f64));
            self.seen[local].used = self.seen[local].needed.and(earliest);
        }
        for &member in &group.members {
            let local = member - first;
            let (arrival, used) = (&self.arrivals[local], self.seen[local].used);
            if asks.keep_last {
                kernels::wait_in_and_keep(&mut self.ready, &mut self.last, arrival, used, member as u64);
            } else {
                kernels::wait_in(&mut self.ready, arrival, used);
            }
        }
    }

    /// The same for a large group: sorted in every lane.
    fn choose_one_by_one(&mut self, first: usize, group: &Group) {
        for &member in &group.members {
            self.seen[member - first].used = Bits::NONE;
        }
        let mut arrived: Vec<(f64, usize)> = Vec::with_capacity(group.members.len());
        for lane in 0..LANES {
            arrived.clear();
            let needed =
                group.members.iter().map(|member| member - first).filter(|&local| self.seen[local].needed.has(lane));
            arrived.extend(needed.map(|local| (self.arrivals[local].0[lane], local)));
            // Stable: members ascend by id.
            arrived.sort_by(|a, b| a.0.total_cmp(&b.0));
            for &(_, local) in arrived.iter().take(group.count) {
                self.seen[local].used.0[lane / 64] |= 1 << (lane % 64);
            }
        }
    }

    /// Helpful inputs count if they are there by now; the errors that used inputs pass on.
    #[inline(always)]
    pub(crate) fn use_by(&mut self, asks: &Asks<'_>, now: Option<&Row>) -> Bits {
        let mut error = Bits::NONE;
        for (local, index) in asks.inputs.clone().enumerate() {
            let seen = &mut self.seen[local];
            if asks.plan.dependencies[index].kind == PlannedKind::Helpful && !seen.needed.is_empty() {
                let now = now.unwrap_or(&self.ready);
                seen.used = seen.needed.without(kernels::above(&self.arrivals[local], Term::Each(now)));
            }
            seen.passed = seen.passed.and(seen.used);
            error = error.or(seen.passed);
        }
        error
    }

    /// The quality that the used inputs pass on together: the weakest link of functional dependency network analysis.
    pub(crate) fn quality(&mut self, asks: &Asks<'_>) -> &Row {
        self.received.begin();
        for (local, index) in asks.inputs.clone().enumerate() {
            if !asks.program.inputs[index].quality_matters {
                continue;
            }
            let dependency = &asks.plan.dependencies[index];
            let seen = &self.seen[local];
            let provider = &asks.program.services[dependency.provider];
            let early = (asks.round as usize) < dependency.lag;
            let quality = match (provider.quality, provider.home) {
                _ if early => Term::Same(1.0),
                (Quality::Varies, Some(home)) => {
                    Term::Each(&asks.results.quality[home.at(asks.round - dependency.lag as u32)])
                }
                (Quality::Same(quality), _) => Term::Same(quality),
                (Quality::Varies, None) => continue,
            };
            let missing = match dependency.kind {
                PlannedKind::Helpful => seen.needed.without(seen.used),
                _ => Bits::NONE,
            };
            let (strength, criticality) = (dependency.strength, dependency.criticality);
            kernels::weakest(quality, seen.used, missing, strength, criticality, &mut self.received);
        }
        kernels::received(&mut self.received);
        &self.received.sum
    }

    /// What happened on each input of the receiver, and when it arrived, where arrivals are kept.
    pub(crate) fn all(&self) -> (&[DependencySeen], &[Box<Row>]) {
        (&self.seen, &self.arrivals)
    }

    /// Shows all inputs of a receiver, once it is done.
    pub(crate) fn show(&self, asks: &Asks<'_>, watch: &mut impl Watch) {
        for (local, index) in asks.inputs.clone().enumerate() {
            let dependency = &asks.plan.dependencies[index];
            let seen = &self.seen[local];
            let delivered = asks.program.services[dependency.provider].home;
            let times = match delivered {
                Some(home)
                    if asks.keep_arrivals
                        && !asks.results.ready.is_empty()
                        && asks.round as usize >= dependency.lag =>
                {
                    let round = asks.round - dependency.lag as u32;
                    Some(DependencyTimes {
                        arrival: &self.arrivals[local],
                        receiver_ready: &self.ready,
                        provider_ready: &asks.results.ready[home.at(round)],
                        released: asks.clock.release(round as usize),
                    })
                }
                _ => None,
            };
            watch.dependency(index, seen, times);
        }
    }
}
