//! A shock in a recorded block.

use super::difference::{Delivered, Differences, Got, ServiceDifference};
use super::recording::Recording;
use super::watching::Take;
use super::ways::Ways;
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::engine::block::program::{Program, Quality};
use crate::engine::block::watch::Nobody;
use crate::engine::block::{BlockEngine, kernels};
use crate::engine::{Keys, Shocks};
use crate::plan::{Plan, PlannedKind, To};

/// Nowhere in a list.
const NOWHERE: u32 = u32::MAX;

/// A service that delivers something else than without the shock.
#[derive(Debug)]
struct Touched {
    /// Where its results lie.
    place: usize,
    finish: Box<Row>,
    quality: Option<Box<Row>>,
    error: Bits,
    covered: Bits,
    /// Nothing is earlier than it was, and nothing else differs than the time.
    only_later: bool,
}

/// Where an employee's servers stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Servers {
    /// As without the shock.
    AsBefore,
    /// Free later than without the shock, nowhere earlier.
    Later,
    Different,
}

/// One worker's blocks: run once, and again where shocks make a difference.
#[derive(Debug)]
pub(crate) struct Replay<'p> {
    plan: &'p Plan,
    program: &'p Program,
    engine: BlockEngine<'p>,
    /// What strikes anyhow.
    base: Shocks<'p>,
    ways: Ways,
    rounds: u32,
    lanes: usize,
    recording: Recording,
    /// Services to be done again, a bit each, a row of words a round; and those that the engine has to do.
    pending: Vec<u64>,
    by_engine: Vec<u64>,
    words: usize,
    pending_customers: Vec<bool>,
    struck_customers: Vec<bool>,
    touched: Vec<Touched>,
    touched_at: Vec<u32>,
    servers: Vec<Servers>,
    /// Employees whose servers are not as before.
    moved: Vec<usize>,
    pool: Vec<Box<Row>>,
    rows: [Box<Row>; 4],
    got: Got,
    caught: Vec<Bits>,
    cut: u64,
}

impl<'p> Replay<'p> {
    /// `program` keeps what every service delivers, and holds for all shocks that will strike.
    pub(crate) fn new(plan: &'p Plan, program: &'p Program, keys: &'p Keys, rounds: u32) -> Self {
        let words = plan.services.len().div_ceil(64);
        let customers = plan.customers.len() * rounds as usize;
        Self {
            plan,
            program,
            engine: BlockEngine::new(plan, program, keys, rounds, false),
            base: Shocks::of(plan, keys),
            ways: Ways::of(plan),
            rounds,
            lanes: 0,
            recording: Recording::new(plan, program, rounds),
            pending: vec![0; words * rounds as usize],
            by_engine: vec![0; words * rounds as usize],
            words,
            pending_customers: vec![false; customers],
            struck_customers: vec![false; customers],
            touched: Vec::new(),
            touched_at: vec![NOWHERE; plan.services.len() * rounds as usize],
            servers: vec![Servers::AsBefore; plan.employees.len()],
            moved: Vec::new(),
            pool: Vec::new(),
            rows: std::array::from_fn(|_| Row::new(0.0)),
            got: Got::new(),
            caught: Vec::new(),
            cut: 0,
        }
    }

    /// Bytes that one takes, to within some kilobytes, but for the results of services that shocks make different.
    pub(crate) fn bytes(plan: &Plan, program: &Program, rounds: u32) -> u128 {
        Recording::bytes(plan, program, rounds) + u128::from(BlockEngine::bytes(plan, program, false))
    }

    /// Runs the first `lanes` replications of a block without the shock, and keeps all of it.
    pub(crate) fn record(&mut self, block: u64, lanes: usize) {
        let Self { plan, program, engine, recording, rounds, .. } = self;
        let (plan, program) = (*plan, *program);
        engine.shocks = self.base;
        engine.keep_inputs = true;
        engine.begin(block, lanes);
        self.lanes = lanes;
        for round in 0..*rounds {
            engine.round = round;
            engine.clock.ask(round as usize, Bits::ALL);
            std::mem::swap(&mut engine.people.day, &mut recording.days[round as usize]);
            engine.begin_day();
            for (index, service) in plan.services.iter().enumerate() {
                for employee in service.employees() {
                    let kept = recording.servers_mut(plan, program, (round, index), employee);
                    for (kept, server) in kept.iter_mut().zip(&engine.people.servers[employee]) {
                        kernels::fill(kept, Term::Each(server));
                    }
                }
                engine.serve(index);
                let start = &mut recording.starts[round as usize * plan.services.len() + index];
                kernels::fill(start, Term::Each(&engine.rows.start));
                recording.keep_inputs(plan, program, engine, service.inputs.clone());
            }
            for (index, customer) in plan.customers.iter().enumerate() {
                let mut got = Take(&mut recording.got[round as usize * plan.customers.len() + index]);
                engine.deliver(index, Some(&mut got));
                kernels::fill(&mut got.0.ready, Term::Each(&engine.inputs.ready));
                recording.keep_inputs(plan, program, engine, customer.inputs.clone());
            }
            engine.end_day(None::<&mut Nobody>);
            std::mem::swap(&mut engine.people.day, &mut recording.days[round as usize]);
        }
        self.cut += self.engine.take_cut();
    }

    /// How many draws and times were cut to the largest allowed, in recordings and strikes, since it was last asked.
    pub(crate) fn take_cut(&mut self) -> u64 {
        std::mem::take(&mut self.cut)
    }

    /// What a customer got in a round without the shock.
    pub(crate) fn got(&self, round: u32, customer: usize) -> &Got {
        &self.recording.got[round as usize * self.plan.customers.len() + customer]
    }

    /// Lets shocks strike the block that was recorded; they hold all that strikes anyhow, too.
    pub(crate) fn strike<D: Differences>(&mut self, shocks: Shocks<'p>, watch: &mut D) {
        self.engine.shocks = shocks;
        self.engine.keep_inputs = watch.wants_services();
        // What one round does to people's morale can be felt by anybody in all rounds to come: all is done again.
        let in_a_climate = self.plan.climate.is_some();
        if in_a_climate {
            self.engine.begin(self.engine.block, self.lanes);
            for round in 0..self.rounds {
                (0..self.plan.services.len()).for_each(|service| self.pend(round, service, true));
                (0..self.plan.customers.len()).for_each(|customer| self.pend_customer(round, customer, true));
            }
        } else {
            self.mark(shocks);
        }
        for round in 0..self.rounds {
            let words = round as usize * self.words..(round as usize + 1) * self.words;
            let customers = round as usize * self.plan.customers.len();
            let nobody = !self.pending_customers[customers..customers + self.plan.customers.len()].contains(&true);
            if nobody && self.pending[words.clone()].iter().all(|word| *word == 0) {
                continue;
            }
            self.engine.round = round;
            std::mem::swap(&mut self.engine.people.day, &mut self.recording.days[round as usize]);
            if in_a_climate {
                self.engine.clock.ask(round as usize, Bits::ALL);
                self.engine.begin_day();
            }
            for at in words.clone() {
                // Whoever comes later in the order may be added while the word is worked off.
                while self.pending[at] != 0 {
                    let bit = self.pending[at].trailing_zeros() as usize;
                    self.pending[at] &= self.pending[at] - 1;
                    let by_engine = self.by_engine[at] >> bit & 1 == 1;
                    self.by_engine[at] &= !(1 << bit);
                    self.again(round, 64 * (at - words.start) + bit, by_engine, watch);
                }
            }
            for customer in 0..self.plan.customers.len() {
                if std::mem::take(&mut self.pending_customers[customers + customer]) {
                    let struck = std::mem::take(&mut self.struck_customers[customers + customer]);
                    self.serve_again(round, customer, struck, watch);
                }
            }
            self.engine.end_day(None::<&mut Nobody>);
            std::mem::swap(&mut self.engine.people.day, &mut self.recording.days[round as usize]);
        }
        self.leave(shocks);
    }

    fn pend(&mut self, round: u32, service: usize, by_engine: bool) {
        if round < self.rounds {
            let (word, bit) = (round as usize * self.words + service / 64, 1 << (service % 64));
            self.pending[word] |= bit;
            self.by_engine[word] |= if by_engine { bit } else { 0 };
        }
    }

    fn pend_customer(&mut self, round: u32, customer: usize, struck: bool) {
        if round < self.rounds {
            let at = round as usize * self.plan.customers.len() + customer;
            self.pending_customers[at] = true;
            self.struck_customers[at] |= struck;
        }
    }

    /// Marks all that is struck, and changes the days on which somebody is.
    fn mark(&mut self, shocks: Shocks<'p>) {
        let plan = self.plan;
        for (round, service, _) in shocks.disturbances.services() {
            self.pend(round, service, true);
        }
        for (round, dependency, _) in shocks.disturbances.dependencies() {
            match plan.dependencies[dependency].receiver {
                To::Service(service) => self.pend(round, service, true),
                To::Customer(customer) => self.pend_customer(round, customer, true),
            }
        }
        for (round, employee, struck) in shocks.disturbances.employees() {
            let (keys, block, last) = (self.engine.keys, self.engine.block, self.rounds - 1);
            let days = &mut self.recording.days;
            if let Some(day) = days.get_mut(round as usize) {
                day.begin_employee(plan, keys, shocks, employee, (block, round));
            }
            let mut first = round.min(self.rounds);
            if struck.absent {
                // Whoever waits for the end of an absence that is longer now, past the last round even.
                while first > 0 && !days[first as usize - 1].absent[employee].is_empty() {
                    first -= 1;
                    days[first as usize].forget_return(employee);
                }
            }
            for round in first..=round.min(last) {
                for at in 0..self.ways.jobs(employee).len() {
                    self.pend(round, self.ways.jobs(employee)[at], true);
                }
            }
        }
    }

    /// Leaves everything as it was before the shock.
    fn leave(&mut self, shocks: Shocks<'p>) {
        for touched in self.touched.drain(..) {
            let results = &mut self.engine.results;
            self.touched_at[touched.place] = NOWHERE;
            self.pool.push(std::mem::replace(&mut results.finish[touched.place], touched.finish));
            if let Some(quality) = touched.quality {
                self.pool.push(std::mem::replace(&mut results.quality[touched.place], quality));
            }
            results.error[touched.place] = touched.error;
            results.covered[touched.place] = touched.covered;
        }
        for employee in self.moved.drain(..) {
            self.servers[employee] = Servers::AsBefore;
        }
        // In a climate, every shock begins all days anew.
        let disturbances = Some(shocks.disturbances).filter(|_| self.plan.climate.is_none());
        for (round, employee, _) in disturbances.into_iter().flat_map(|disturbances| disturbances.employees()) {
            let (keys, block) = (self.engine.keys, self.engine.block);
            let days = &mut self.recording.days;
            if let Some(day) = days.get_mut(round as usize) {
                day.begin_employee(self.plan, keys, self.base, employee, (block, round));
            }
            days.iter_mut().take(round as usize).for_each(|day| day.forget_return(employee));
        }
        self.cut += self.engine.take_cut();
    }

    /// Does the work of a service in a round again, and hands on what differs.
    fn again<D: Differences>(&mut self, round: u32, service: usize, by_engine: bool, watch: &mut D) {
        let place = self.place(round, service);
        let start_at = round as usize * self.plan.services.len() + service;
        if !by_engine && !watch.wants_services() && self.only_later_matters(round, service) {
            self.later(round, service, place);
            return;
        }
        let (plan, program) = (self.plan, self.program);
        let planned = &plan.services[service];
        for employee in planned.employees() {
            if self.servers[employee] == Servers::AsBefore {
                let kept = self.recording.servers(plan, program, (round, service), employee);
                for (server, kept) in self.engine.people.servers[employee].iter_mut().zip(kept) {
                    kernels::fill(server, Term::Each(kept));
                }
            }
        }
        let Self { engine, recording, .. } = self;
        let (error, covered) = (engine.results.error[place], engine.results.covered[place]);
        engine.serve(service);

        // The engine has exchanged the rows: what was delivered before lies in its own.
        let varies = program.services[service].quality == Quality::Varies;
        let after = Delivered {
            finish: &engine.results.finish[place],
            error: engine.results.error[place],
            covered: engine.results.covered[place],
            quality: quality_of(program, service, &engine.results.quality, place),
        };
        let before = Delivered {
            finish: &engine.rows.finish,
            error,
            covered,
            quality: if varies { Term::Each(&engine.rows.quality) } else { after.quality },
        };
        let live = engine.live;
        let later = kernels::above(after.finish, Term::Each(before.finish)).and(live);
        let earlier = kernels::below(after.finish, Term::Each(before.finish)).and(live);
        let other_quality = match (before.quality, after.quality) {
            (Term::Each(before), Term::Each(after)) => !kernels::above(before, Term::Each(after))
                .or(kernels::below(before, Term::Each(after)))
                .and(live)
                .is_empty(),
            _ => false,
        };
        let same_bits = |one: Bits, other: Bits| one.and(live) == other.and(live);
        let same_error = same_bits(before.error, after.error);
        let same_covered = same_bits(before.covered, after.covered);
        if watch.wants_services() {
            let [arrived_later, started_later, later, scratch] = &mut self.rows;
            kernels::subtract(&engine.rows.start, Term::Each(&recording.starts[start_at]), started_later);
            let inputs = planned.inputs.clone();
            let touched_at = |round: u32, provider: usize| {
                let place = program.services[provider].home?.at(round);
                (self.touched_at[place] != NOWHERE).then_some(self.touched_at[place] as usize)
            };
            let rows = [&mut **arrived_later, later, scratch];
            arrivals_later(plan, engine, recording, inputs.clone(), touched_at, &self.touched, rows);
            recording.caught_now(plan, engine, inputs, &mut self.caught);
            let (arrived_later, started_later) = (&**arrived_later, &**started_later);
            let seen = ServiceDifference { before, after, arrived_later, started_later, caught: &self.caught };
            watch.service(round, service, &seen);
        }
        let differs = !later.or(earlier).is_empty() || !same_error || !same_covered || other_quality;
        if differs {
            let only_later = earlier.is_empty() && same_error && same_covered && !other_quality;
            let finish = std::mem::replace(&mut engine.rows.finish, take(&mut self.pool));
            let quality = varies.then(|| std::mem::replace(&mut engine.rows.quality, take(&mut self.pool)));
            self.touch(Touched { place, finish, quality, error, covered, only_later });
            self.hand_on(round, service);
        } else {
            // To the bit as it was: only lanes beyond the last replication may differ, which nobody counts.
            let results = &mut engine.results;
            std::mem::swap(&mut results.finish[place], &mut engine.rows.finish);
            if varies {
                std::mem::swap(&mut results.quality[place], &mut engine.rows.quality);
            }
            (results.error[place], results.covered[place]) = (error, covered);
        }
        for employee in planned.employees() {
            self.compare_servers(employee, (round, service));
        }
    }

    /// Whether nothing but later arrivals, or a server that is free later, can make a difference to a service.
    fn only_later_matters(&self, round: u32, service: usize) -> bool {
        let (planned, compiled) = (&self.plan.services[service], &self.program.services[service]);
        let own = planned.employee;
        let one_server = match self.servers[own] {
            Servers::AsBefore => true,
            Servers::Later => self.plan.employees[own].capacity == 1,
            Servers::Different => false,
        };
        // A new state of several servers would have to be worked out.
        let simple = planned.backup.is_none()
            && (!self.program.busy[own] || self.plan.employees[own].capacity == 1)
            && planned.rush == 0.0
            && compiled.plain
            && !self.program.times_may_pass;
        simple && one_server && self.inputs_only_later(round, planned.inputs.clone())
    }

    fn inputs_only_later(&self, round: u32, inputs: std::ops::Range<usize>) -> bool {
        self.plan.dependencies[inputs].iter().all(|dependency| {
            (round as usize) < dependency.lag || {
                let place = self.place(round - dependency.lag as u32, dependency.provider);
                self.touched_at[place] == NOWHERE || self.touched[self.touched_at[place] as usize].only_later
            }
        })
    }

    fn place(&self, round: u32, service: usize) -> usize {
        self.program.services[service].home.map_or(0, |home| home.at(round))
    }

    /// Does a service again where nothing but later times can matter: the recorded draws are added to the new times.
    fn later(&mut self, round: u32, service: usize, place: usize) {
        let planned = &self.plan.services[service];
        let own = planned.employee;
        let before = &self.recording.starts[round as usize * self.plan.services.len() + service];
        let [start, later, ..] = &mut self.rows;
        kernels::fill(start, Term::Each(before));
        for index in planned.inputs.clone() {
            let dependency = &self.plan.dependencies[index];
            if (round as usize) < dependency.lag {
                continue;
            }
            let from = round - dependency.lag as u32;
            let provider = self.program.services[dependency.provider].home.map_or(0, |home| home.at(from));
            if self.touched_at[provider] == NOWHERE {
                continue;
            }
            let offset = &self.recording.offsets[round as usize * self.plan.dependencies.len() + index];
            if let Some(offset) = offset.term() {
                kernels::wait_for(start, &self.engine.results.finish[provider], offset);
            }
        }
        if self.servers[own] == Servers::Later {
            kernels::latest(start, Term::Each(&self.engine.people.servers[own][0]));
        }
        if kernels::above(start, Term::Each(before)).and(self.engine.live).is_empty() {
            self.settle_servers(own);
            return;
        }
        kernels::subtract(start, Term::Each(before), later);
        let mut finish = take(&mut self.pool);
        kernels::add(&self.engine.results.finish[place], Term::Each(later), &mut finish);
        if self.program.busy[own] {
            kernels::fill(&mut self.engine.people.servers[own][0], Term::Each(&finish));
            self.move_servers(own, Servers::Later);
            if let Some((round, next)) = self.ways.next(own, (round, service)) {
                self.pend(round, next, false);
            }
        }
        let finish = std::mem::replace(&mut self.engine.results.finish[place], finish);
        let (error, covered) = (self.engine.results.error[place], self.engine.results.covered[place]);
        self.touch(Touched { place, finish, quality: None, error, covered, only_later: true });
        self.hand_on(round, service);
    }

    fn touch(&mut self, touched: Touched) {
        self.touched_at[touched.place] = self.touched.len() as u32;
        self.touched.push(touched);
    }

    /// Everybody who takes in what a service delivers.
    fn hand_on(&mut self, round: u32, service: usize) {
        for at in 0..self.ways.receivers(service).len() {
            let (to, lag) = self.ways.receivers(service)[at];
            let Some(round) = u32::try_from(lag).ok().and_then(|lag| round.checked_add(lag)) else { continue };
            match to {
                To::Service(receiver) => self.pend(round, receiver, false),
                To::Customer(customer) => self.pend_customer(round, customer, false),
            }
        }
    }

    fn move_servers(&mut self, employee: usize, to: Servers) {
        if self.servers[employee] == Servers::AsBefore {
            self.moved.push(employee);
        }
        self.servers[employee] = to;
    }

    fn settle_servers(&mut self, employee: usize) {
        if self.servers[employee] != Servers::AsBefore {
            self.servers[employee] = Servers::AsBefore;
            self.moved.retain(|moved| *moved != employee);
        }
    }

    /// Whether an employee's servers are after a job what they were, as the record of the next job has it.
    fn compare_servers(&mut self, employee: usize, at: (u32, usize)) {
        if !self.program.busy[employee] {
            return;
        }
        let Some(next) = self.ways.next(employee, at).filter(|(round, _)| *round < self.rounds) else {
            return self.settle_servers(employee);
        };
        let kept = self.recording.servers(self.plan, self.program, next, employee);
        let (mut later, mut earlier) = (Bits::NONE, Bits::NONE);
        for (server, kept) in self.engine.people.servers[employee].iter().zip(kept) {
            later = later.or(kernels::above(server, Term::Each(kept)));
            earlier = earlier.or(kernels::below(server, Term::Each(kept)));
        }
        let live = self.engine.live;
        if later.or(earlier).and(live).is_empty() {
            return self.settle_servers(employee);
        }
        let to = if earlier.and(live).is_empty() { Servers::Later } else { Servers::Different };
        self.move_servers(employee, to);
        self.pend(next.0, next.1, false);
    }

    /// Serves a customer again.
    fn serve_again<D: Differences>(&mut self, round: u32, customer: usize, struck: bool, watch: &mut D) {
        let planned = &self.plan.customers[customer];
        let compiled = &self.program.customers[customer];
        let before = &self.recording.got[round as usize * self.plan.customers.len() + customer];
        let simple = !struck
            && !watch.wants_services()
            && compiled.plain
            && !self.program.times_may_pass
            && self.inputs_only_later(round, planned.inputs.clone());
        if !simple {
            self.engine.deliver(customer, Some(&mut Take(&mut self.got)));
            kernels::fill(&mut self.got.ready, Term::Each(&self.engine.inputs.ready));
            self.recording.caught_now(self.plan, &self.engine, planned.inputs.clone(), &mut self.caught);
            watch.customer(round, customer, before, &self.got, &self.caught);
            return;
        }
        let got = &mut self.got;
        kernels::fill(&mut got.ready, Term::Each(&before.ready));
        for index in planned.inputs.clone() {
            let dependency = &self.plan.dependencies[index];
            if (round as usize) < dependency.lag {
                continue;
            }
            let from = round - dependency.lag as u32;
            let provider = self.program.services[dependency.provider].home.map_or(0, |home| home.at(from));
            if self.touched_at[provider] == NOWHERE {
                continue;
            }
            let offset = &self.recording.offsets[round as usize * self.plan.dependencies.len() + index];
            if let Some(offset) = offset.term() {
                kernels::wait_for(&mut got.ready, &self.engine.results.finish[provider], offset);
            }
        }
        kernels::subtract(&got.ready, self.engine.clock.release(round as usize), &mut got.wait);
        kernels::fill(&mut got.quality, Term::Each(&before.quality));
        got.error = before.error;
        let (curve, quality) = (planned.satisfaction, Term::Each(&before.quality));
        let out = &mut got.satisfaction;
        kernels::satisfaction(&got.wait, planned.promise, quality, got.error, curve.error, curve.lateness, out);
        watch.customer(round, customer, before, got, &[]);
    }
}

fn take(pool: &mut Vec<Box<Row>>) -> Box<Row> {
    pool.pop().unwrap_or_else(|| Row::new(0.0))
}

fn quality_of<'a>(program: &Program, service: usize, rows: &'a [Box<Row>], place: usize) -> Term<'a> {
    match program.services[service].quality {
        Quality::Same(quality) => Term::Same(quality),
        Quality::Varies => Term::Each(&rows[place]),
    }
}

/// How much later the latest of the inputs that were waited for came, than that input itself without the shock.
fn arrivals_later(
    plan: &Plan,
    engine: &BlockEngine<'_>,
    recording: &Recording,
    inputs: std::ops::Range<usize>,
    before: impl Fn(u32, usize) -> Option<usize>,
    touched: &[Touched],
    [most, later, scratch]: [&mut Row; 3],
) {
    kernels::fill(most, Term::Same(0.0));
    let (seen, arrivals) = engine.inputs.all();
    for (local, index) in inputs.enumerate() {
        let dependency = &plan.dependencies[index];
        let offset = &recording.offsets[engine.round as usize * plan.dependencies.len() + index];
        let Some(offset) = offset.term() else { continue };
        if dependency.kind == PlannedKind::Helpful {
            continue;
        }
        let from = engine.round - dependency.lag as u32;
        let finish = match before(from, dependency.provider) {
            Some(touched_at) => &touched[touched_at].finish,
            None => match engine.program.services[dependency.provider].home {
                Some(home) => &engine.results.finish[home.at(from)],
                None => continue,
            },
        };
        kernels::add(finish, offset, scratch);
        kernels::subtract(&arrivals[local], Term::Each(scratch), later);
        kernels::wait_in(most, later, seen[local].happened);
    }
}
