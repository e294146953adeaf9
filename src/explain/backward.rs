//! Backward from a customer through a block, in all lanes at once: the binding chain, what else had no float, and the
//! mistakes that arrived.
//!
//! Jobs are visited in the opposite of the order of work, so that everything that leads to a job has been there before it.
//! Three sets of lanes travel along: those whose chain goes through a job, those in which it has no float, and those in
//! which a mistake went through it.

use super::Cause;
use super::history::{History, Input, Rota};
use super::layout::{CustomerFigure, DependencyFigure, Layout, ServiceFigure};
use super::sums::BlockSums;
use crate::engine::block::kernels;
use crate::engine::block::lanes::{Bits, Numbers, Row, Term};
use crate::engine::{Draws, Keys};
use crate::grid;
use crate::plan::{Plan, PlannedDependency, PlannedKind};
use crate::streams::{Facet, LANES};

/// What all workers of a run share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terrain<'p> {
    pub(super) plan: &'p Plan,
    pub(super) keys: &'p Keys,
    pub(super) rota: &'p Rota,
    pub(super) layout: Layout,
}

/// Lanes that lead to a job.
#[derive(Debug, Clone, Copy, Default)]
struct Marks {
    chain: Bits,
    critical: Bits,
    wrong: Bits,
}

impl Marks {
    fn is_empty(&self) -> bool {
        self.chain.or(self.critical).or(self.wrong).is_empty()
    }
}

/// Marks of all jobs that are still to be visited.
struct Open {
    marks: Vec<Marks>,
    services: usize,
    /// How many there are in each round.
    count: Vec<usize>,
    total: usize,
}

impl Open {
    fn mark(&mut self, (round, service): (usize, usize), marks: Marks) {
        if marks.is_empty() {
            return;
        }
        let at = &mut self.marks[round * self.services + service];
        if at.is_empty() {
            self.count[round] += 1;
            self.total += 1;
        }
        at.chain = at.chain.or(marks.chain);
        at.critical = at.critical.or(marks.critical);
        at.wrong = at.wrong.or(marks.wrong);
    }

    fn take(&mut self, round: usize, service: usize) -> Option<Marks> {
        let at = &mut self.marks[round * self.services + service];
        if at.is_empty() {
            return None;
        }
        self.count[round] -= 1;
        self.total -= 1;
        Some(std::mem::take(at))
    }
}

/// Things and the lanes in which something was true of them.
pub(super) struct Found {
    lanes: Vec<Bits>,
    touched: Vec<usize>,
}

impl Found {
    pub(super) fn new(things: usize) -> Self {
        Self { lanes: vec![Bits::NONE; things], touched: Vec::new() }
    }

    pub(super) fn add(&mut self, thing: usize, lanes: Bits) {
        if lanes.is_empty() {
            return;
        }
        let at = &mut self.lanes[thing];
        if at.is_empty() {
            self.touched.push(thing);
        }
        *at = at.or(lanes);
    }

    pub(super) fn drain(&mut self, mut show: impl FnMut(usize, Bits)) {
        while let Some(thing) = self.touched.pop() {
            show(thing, std::mem::take(&mut self.lanes[thing]));
        }
    }
}

/// The memory of the way back, kept between blocks.
pub(super) struct Backward<'p> {
    terrain: Terrain<'p>,
    open: Open,
    critical_services: Found,
    critical_inputs: Found,
    wrong_services: Found,
    wrong_inputs: Found,
    /// What of the wait beyond plan is not explained yet.
    rest: Box<Row>,
    ready: Box<Row>,
    tied: Bits,
    /// Where the wait is close to the promise.
    close: Bits,
    block: u64,
    live: Bits,
}

/// What had no float in one round of the block, whoever the customer.
pub(super) struct Anybody {
    pub(super) services: Found,
    pub(super) dependencies: Found,
}

impl<'p> Backward<'p> {
    pub(super) fn new(terrain: Terrain<'p>, rounds: u32) -> Self {
        let (services, dependencies) = (terrain.plan.services.len(), terrain.plan.dependencies.len());
        let rounds = rounds as usize;
        Self {
            terrain,
            open: Open { marks: vec![Marks::default(); rounds * services], services, count: vec![0; rounds], total: 0 },
            critical_services: Found::new(services),
            critical_inputs: Found::new(dependencies),
            wrong_services: Found::new(services),
            wrong_inputs: Found::new(dependencies),
            rest: Row::new(0.0),
            ready: Row::new(0.0),
            tied: Bits::NONE,
            close: Bits::NONE,
            block: 0,
            live: Bits::NONE,
        }
    }

    /// Bytes that one takes.
    pub(super) fn bytes(plan: &Plan, rounds: u32) -> u128 {
        let things = plan.services.len() + plan.dependencies.len();
        plan.services.len() as u128 * u128::from(rounds) * size_of::<Marks>() as u128
            + 2 * things as u128 * size_of::<Bits>() as u128
    }

    pub(super) fn begin_block(&mut self, block: u64, live: Bits) {
        (self.block, self.live) = (block, live);
    }

    /// Explains what a customer felt in one round, in all lanes.
    pub(super) fn engagement(
        &mut self,
        history: &History<'_>,
        (customer, round): (usize, usize),
        close: f64,
        sums: &mut BlockSums,
        anybody: &mut Anybody,
    ) {
        let Terrain { plan, layout, .. } = self.terrain;
        let (planned, seen) = (&plan.customers[customer], &history.rounds[round]);
        let got = &seen.customers[customer];
        let figure = |figure| layout.customer(figure);

        // What is to be explained.
        kernels::subtract(&got.wait, Term::Same(planned.ready), &mut self.rest);
        self.live.each(|lane| sums.hours(figure(CustomerFigure::BeyondPlan), lane, self.rest.0[lane]));
        let late = kernels::above(&got.wait, Term::Same(planned.promise)).and(self.live);
        let early = kernels::below(&got.wait, Term::Same(planned.promise)).and(self.live);
        sums.count(figure(CustomerFigure::Late), late);
        sums.count(figure(CustomerFigure::AtPromise), self.live.without(late).without(early));
        sums.count(figure(CustomerFigure::Mistakes), got.error.and(self.live));
        let (low, high) = (planned.promise - close, planned.promise + close);
        let apart = kernels::below(&got.wait, Term::Same(low)).or(kernels::above(&got.wait, Term::Same(high)));
        self.close = self.live.without(apart);
        kernels::fill(&mut self.ready, seen.release());
        kernels::increase(&mut self.ready, &got.wait);

        let waits = kernels::above(&got.wait, Term::Same(0.0)).and(self.live);
        self.tied = Bits::NONE;
        self.release_slack(sums, figure(CustomerFigure::Slack), None, self.live.without(waits), planned.ready);
        let marks = Marks { chain: waits, critical: self.live, wrong: got.error.and(self.live) };
        let ready = std::mem::replace(&mut self.ready, Row::new(0.0));
        let offset = planned.ready;
        let receiver = Receiver { round, offset, at: &ready, whose: None };
        let rest = self.inputs(history, &receiver, planned.inputs.clone(), marks, Bits::ALL, sums);
        // Whatever the chain leaves here came at the release, and was tied with it.
        debug_assert!(rest.is_empty());
        self.ready = ready;

        for round in (0..=round).rev() {
            for service in (0..plan.services.len()).rev() {
                if self.open.count[round] == 0 {
                    break;
                }
                if let Some(marks) = self.open.take(round, service) {
                    self.job(history, (round, service), marks, sums);
                }
            }
            if self.open.total == 0 {
                break;
            }
        }

        let unexplained = kernels::above(&self.rest, Term::Same(0.0)).or(kernels::below(&self.rest, Term::Same(0.0)));
        sums.count(figure(CustomerFigure::Unexplained), unexplained.and(self.live));
        sums.count(figure(CustomerFigure::Tied), self.tied);
        self.critical_services.drain(|service, lanes| {
            sums.count(layout.service(service, ServiceFigure::Critical), lanes);
            anybody.services.add(service, lanes);
        });
        self.critical_inputs.drain(|input, lanes| {
            sums.count(layout.dependency(input, DependencyFigure::Critical), lanes);
            anybody.dependencies.add(input, lanes);
        });
        self.wrong_services.drain(|service, lanes| sums.count(layout.service(service, ServiceFigure::Mistakes), lanes));
        self.wrong_inputs.drain(|input, lanes| sums.count(layout.dependency(input, DependencyFigure::Mistakes), lanes));
    }

    /// A job: its work, and what fixed its start.
    fn job(&mut self, history: &History<'_>, (round, service): (usize, usize), marks: Marks, sums: &mut BlockSums) {
        let Terrain { plan, layout, .. } = self.terrain;
        let (planned, seen) = (&plan.services[service], &history.rounds[round]);
        let job = &seen.jobs[service];
        let backup = planned.backup.as_ref().map(|backup| backup.employee);
        let whose = Whose { own: planned.employee, backup, covered: job.covered };
        let figure = |figure| layout.service(service, figure);
        self.critical_services.add(service, marks.critical);
        self.wrong_services.add(service, marks.wrong.and(job.own_error));

        let chain = marks.chain;
        if !chain.is_empty() {
            sums.count(figure(ServiceFigure::Steps), chain);
            sums.count(figure(ServiceFigure::StepsWhenClose), chain.and(self.close));
            let standard = planned.finish - planned.start;
            chain.each(|lane| {
                let work = job.finish.0[lane] - job.start.0[lane];
                sums.hours(figure(ServiceFigure::Work), lane, work);
                if self.close.has(lane) {
                    sums.hours(figure(ServiceFigure::WorkWhenClose), lane, work);
                }
                let over = work - standard;
                sums.hours(figure(ServiceFigure::Overrun), lane, over);
                sums.hours(layout.person(whose.of(lane), Cause::Work), lane, over);
                self.rest.0[lane] -= over;
            });
        }

        // The release, then an input, then the job before: the same rule as that of a story.
        let released = chain.and(job.at_release);
        self.release_slack(sums, figure(ServiceFigure::Slack), Some(&whose), released, planned.start);
        let receiver = Receiver { round, offset: planned.start, at: &job.start, whose: Some(&whose) };
        let waits = Marks { chain: chain.without(released), ..marks };
        let rest = self.inputs(history, &receiver, planned.inputs.clone(), waits, job.at_ready, sums);
        let at_server = (rest.or(marks.critical)).and(job.at_server);
        let mut queued = Bits::NONE;
        if !at_server.is_empty() {
            for (employee, as_backup, lanes) in
                [(Some(whose.own), false, at_server.without(job.covered)), (backup, true, at_server.and(job.covered))]
            {
                let Some(employee) = employee.filter(|_| !lanes.is_empty()) else { continue };
                self.before(history, employee, (round, service, as_backup), lanes, |this, before, lanes| {
                    let chain = lanes.and(rest);
                    queued = queued.or(chain);
                    this.tied = this.tied.or(lanes.and(marks.critical).without(chain));
                    this.open.mark(before, Marks { chain, critical: lanes.and(marks.critical), wrong: Bits::NONE });
                    this.queue(history, (round, service), before, employee, chain, sums);
                });
            }
        }
        // The timetable, or an absence.
        let held = rest.without(queued);
        held.each(|lane| {
            let late = job.start.0[lane] - (seen.released(lane) + planned.start);
            sums.hours(figure(ServiceFigure::Absence), lane, late);
            sums.hours(layout.person(whose.own, Cause::Absence), lane, late);
            self.rest.0[lane] -= late;
        });
        self.tied = self.tied.or(chain.without(released).without(held).and(job.at_allowed));
    }

    /// What was there at that moment; gives back the lanes in which the chain goes through none of it.
    fn inputs(
        &mut self,
        history: &History<'_>,
        receiver: &Receiver<'_>,
        inputs: std::ops::Range<usize>,
        marks: Marks,
        at_ready: Bits,
        sums: &mut BlockSums,
    ) -> Bits {
        let plan = self.terrain.plan;
        let seen = &history.rounds[receiver.round];
        let mut rest = marks.chain;
        for index in inputs {
            let input = &seen.inputs[index];
            let last = input.last.and(at_ready);
            let (critical, chain) = (marks.critical.and(last), rest.and(last));
            let wrong = marks.wrong.and(input.passed);
            if critical.or(wrong).is_empty() {
                continue;
            }
            let dependency = &plan.dependencies[index];
            let Some(delivered) = receiver.round.checked_sub(dependency.lag) else { continue };
            rest = rest.without(chain);
            self.tied = self.tied.or(critical.without(chain));
            self.critical_inputs.add(index, critical);
            self.wrong_inputs.add(index, wrong);
            self.open.mark((delivered, dependency.provider), Marks { chain, critical, wrong });
            if !chain.is_empty() {
                self.over(history, receiver, (index, delivered), input, chain, sums);
            }
        }
        rest
    }

    /// The chain over a dependency: hand-off, silence, rework, and what the plan left between.
    fn over(
        &mut self,
        history: &History<'_>,
        receiver: &Receiver<'_>,
        (index, delivered): (usize, usize),
        input: &Input,
        lanes: Bits,
        sums: &mut BlockSums,
    ) {
        let Terrain { plan, keys, layout, .. } = self.terrain;
        let dependency = &plan.dependencies[index];
        let provider = &plan.services[dependency.provider];
        let (seen, there) = (&history.rounds[receiver.round], &history.rounds[delivered]);
        let job = &there.jobs[dependency.provider];
        let whose = Whose {
            own: provider.employee,
            backup: provider.backup.as_ref().map(|backup| backup.employee),
            covered: job.covered,
        };
        let figure = |figure| layout.dependency(index, figure);
        let standard = dependency.arrival - provider.finish;
        sums.count(figure(DependencyFigure::Steps), lanes);
        let silent = input.silent.and(lanes);
        let caught = input.caught.and(lanes);
        lanes.each(|lane| {
            let mut hours = receiver.at.0[lane] - job.finish.0[lane];
            let who = whose.of(lane);
            let mut part = |cause, at, hours: f64| {
                sums.hours(figure(at), lane, hours);
                sums.hours(layout.person(who, cause), lane, hours);
            };
            if silent.has(lane) || caught.has(lane) {
                let mut draws = Draws::new(keys.dependencies[index], self.block, receiver.round as u32, lane);
                if silent.has(lane) {
                    let struck = plan.disturbances.dependency(receiver.round as u32, index);
                    let struck = struck.and_then(|struck| struck.unanswered.as_ref());
                    let own = dependency
                        .silence
                        .as_ref()
                        .filter(|(probability, _)| struck.is_none() || draws.happens(*probability, Facet::Silence));
                    let own = own.map(|(_, chase)| chase);
                    let mut chase = 0.0;
                    for sampler in struck.into_iter().chain(own) {
                        chase = grid::later(chase, grid::sample(draws.sample(sampler, Facet::Chase)).0);
                    }
                    hours -= chase;
                    part(Cause::Silence, DependencyFigure::Silence, chase);
                    self.rest.0[lane] -= chase;
                }
                if caught.has(lane) {
                    let (rework, _) = grid::sample(draws.sample(&dependency.rework, Facet::Second));
                    hours -= rework;
                    part(Cause::Rework, DependencyFigure::Rework, rework);
                    self.rest.0[lane] -= rework;
                }
            }
            part(Cause::Handoff, DependencyFigure::Overrun, hours - standard);
            self.rest.0[lane] -= hours - standard;
            sums.hours(figure(DependencyFigure::Handoff), lane, hours);
        });
        let allowed = |lane| (seen.released(lane) + receiver.offset) - (there.released(lane) + dependency.arrival);
        let mut allow = |lanes: Bits, allowance: f64| {
            let (cause, at) = way_of(dependency, allowance);
            sums.same_hours(figure(at), lanes, -allowance);
            match (cause, receiver.whose) {
                (Cause::Slack, Some(receiver)) => receiver.add(&layout, sums, cause, lanes, -allowance),
                (Cause::Slack, None) => sums.same_hours(layout.cause(cause), lanes, -allowance),
                _ => whose.add(&layout, sums, cause, lanes, -allowance),
            }
        };
        if seen.releases.is_none() || dependency.lag == 0 {
            // The same in all lanes.
            let allowance = allowed(0);
            if allowance != 0.0 {
                allow(lanes, allowance);
                lanes.each(|lane| self.rest.0[lane] += allowance);
            }
        } else {
            lanes.each(|lane| {
                allow(only(lane), allowed(lane));
                self.rest.0[lane] += allowed(lane);
            });
        }
    }

    /// What the plan left between a job and the one before it at an employee.
    fn queue(
        &mut self,
        history: &History<'_>,
        (round, service): (usize, usize),
        (other_round, other): (usize, usize),
        employee: usize,
        lanes: Bits,
        sums: &mut BlockSums,
    ) {
        let Terrain { plan, layout, .. } = self.terrain;
        let (seen, there) = (&history.rounds[round], &history.rounds[other_round]);
        let (planned, before) = (plan.services[service].start, plan.services[other].finish);
        lanes.each(|lane| {
            let allowance = (seen.released(lane) + planned) - (there.released(lane) + before);
            let (cause, at) = if allowance > 0.0 {
                (Cause::Slack, ServiceFigure::Slack)
            } else {
                (Cause::Queue, ServiceFigure::Queue)
            };
            sums.hours(layout.service(service, at), lane, -allowance);
            sums.hours(layout.person(employee, cause), lane, -allowance);
            self.rest.0[lane] += allowance;
        });
    }

    /// Slack between the release and a planned start, where the work began at the release.
    fn release_slack(
        &mut self,
        sums: &mut BlockSums,
        figure: usize,
        whose: Option<&Whose>,
        lanes: Bits,
        allowance: f64,
    ) {
        if allowance == 0.0 || lanes.is_empty() {
            return;
        }
        let layout = self.terrain.layout;
        sums.same_hours(figure, lanes, -allowance);
        match whose {
            Some(whose) => whose.add(&layout, sums, Cause::Slack, lanes, -allowance),
            None => sums.same_hours(layout.cause(Cause::Slack), lanes, -allowance),
        }
        lanes.each(|lane| self.rest.0[lane] += allowance);
    }

    /// The jobs before, on the servers of an employee.
    fn before(
        &mut self,
        history: &History<'_>,
        employee: usize,
        (round, service, as_backup): (usize, usize, bool),
        lanes: Bits,
        mut show: impl FnMut(&mut Self, (usize, usize), Bits),
    ) {
        let Terrain { plan, rota, .. } = self.terrain;
        if history.keeps_before(employee) {
            let Some(before) = &history.rounds[round].jobs[service].before else { return };
            let services = plan.services.len();
            lanes.each(|lane| {
                let number = before.0[lane];
                if number != Numbers::NONE {
                    let number = number as usize;
                    show(self, (number / services, number % services), only(lane));
                }
            });
        } else if plan.employees[employee].capacity == 1 {
            rota.before(&history.rounds, employee, (round, service, as_backup), lanes, |before, lanes| {
                show(self, before, lanes);
            });
        }
    }
}

/// Who waits for inputs.
struct Receiver<'a> {
    round: usize,
    /// Its planned start, from the release.
    offset: f64,
    /// When it had what it waited for.
    at: &'a Row,
    /// Who it is; none for a customer.
    whose: Option<&'a Whose>,
}

/// Who did a job.
struct Whose {
    own: usize,
    backup: Option<usize>,
    covered: Bits,
}

impl Whose {
    #[inline]
    fn of(&self, lane: usize) -> usize {
        match self.backup {
            Some(backup) if self.covered.has(lane) => backup,
            _ => self.own,
        }
    }

    /// Adds the same hours to whoever did it.
    fn add(&self, layout: &Layout, sums: &mut BlockSums, cause: Cause, lanes: Bits, hours: f64) {
        sums.same_hours(layout.person(self.own, cause), lanes.without(self.covered), hours);
        if let Some(backup) = self.backup {
            sums.same_hours(layout.person(backup, cause), lanes.and(self.covered), hours);
        }
    }
}

/// What it is that the plan left between an arrival and a start: less than nothing is a cause of its own.
fn way_of(dependency: &PlannedDependency, allowance: f64) -> (Cause, DependencyFigure) {
    if allowance >= 0.0 {
        (Cause::Slack, DependencyFigure::Slack)
    } else if dependency.lag == 0 && dependency.kind == PlannedKind::Any {
        (Cause::Fallback, DependencyFigure::Fallback)
    } else {
        (Cause::RoundTooEarly, DependencyFigure::RoundTooEarly)
    }
}

/// One lane.
fn only(lane: usize) -> Bits {
    let mut bits = [0; LANES / 64];
    bits[lane / 64] = 1 << (lane % 64);
    Bits(bits)
}
