//! The scalar engine: one replication after the other, to be checked by eye against docs/reference/model.md.
//!
//! It runs single replications for traces, and is the oracle of the block engine, which gives the same bits.

use std::ops::Range;

use super::Keys;
use super::climate::Climate;
use super::draws::Draws;
use super::record::{CustomerRecord, DependencyRecord, PostRecord, Round, ServiceRecord};
use crate::grid::{self, later};
use crate::organization::Start;
use crate::plan::disturbance::Lost;
use crate::plan::{Group, Plan, PlannedKind, earliest};
use crate::streams::{Chance, Facet, Key, LANES};

/// What later rounds need to know of a service's past.
#[derive(Debug, Clone, Copy, Default)]
struct Past {
    ready: f64,
    finish: f64,
    error: bool,
    quality: f64,
    done_by: usize,
}

/// One worker's engine: runs any replications, one at a time, and keeps its memory between them.
#[derive(Debug)]
pub(crate) struct Engine<'p> {
    plan: &'p Plan,
    keys: &'p Keys,
    block: u64,
    lane: usize,
    /// When each round was released, as far as anybody has asked.
    releases: Vec<f64>,
    /// For each employee, when each of its servers is free.
    servers: Vec<Vec<f64>>,
    /// The paces of this round.
    employee_pace: Vec<f64>,
    department_pace: Vec<f64>,
    /// The last rounds of all services, as many as the longest lag looks back, and this one.
    past: Vec<Vec<Past>>,
    climate: Option<Climate<'p>>,
    round: Round,
    /// How many draws and times were cut to the largest allowed.
    pub(crate) cut: u64,
}

impl<'p> Engine<'p> {
    pub(crate) fn new(plan: &'p Plan, keys: &'p Keys, rounds: u32) -> Self {
        Self {
            plan,
            keys,
            block: 0,
            lane: 0,
            releases: Vec::new(),
            servers: plan.employees.iter().map(|employee| vec![0.0; employee.capacity]).collect(),
            employee_pace: vec![1.0; plan.employees.len()],
            department_pace: vec![1.0; plan.departments.len()],
            past: vec![vec![Past::default(); plan.services.len()]; plan.longest_lag.min(rounds as usize) + 1],
            climate: Climate::new(plan),
            round: Round {
                number: 0,
                release: 0.0,
                absent: vec![false; plan.employees.len()],
                posts: vec![PostRecord::default(); if plan.climate.is_some() { plan.employees.len() } else { 0 }],
                services: vec![ServiceRecord::default(); plan.services.len()],
                dependencies: vec![DependencyRecord::default(); plan.dependencies.len()],
                customers: vec![CustomerRecord::default(); plan.customers.len()],
            },
            cut: 0,
        }
    }

    /// Runs a replication and shows each of its rounds.
    pub(crate) fn replication(&mut self, number: u64, rounds: u32, mut show: impl FnMut(&Round)) {
        self.block = number / LANES as u64;
        self.lane = (number % LANES as u64) as usize;
        self.releases.clear();
        self.servers.iter_mut().flatten().for_each(|server| *server = 0.0);
        if let Some(climate) = &mut self.climate {
            climate.begin();
        }
        for number in 0..rounds {
            self.one_round(number);
            show(&self.round);
        }
    }

    fn one_round(&mut self, number: u32) {
        self.round.number = number;
        self.round.release = self.release(number);
        for department in 0..self.plan.departments.len() {
            let pace = &self.plan.departments[department].pace;
            self.department_pace[department] =
                self.draws(self.keys.departments[department], number).sample(pace, Facet::Time);
        }
        for employee in 0..self.plan.employees.len() {
            let pace = &self.plan.employees[employee].pace;
            self.employee_pace[employee] = self.draws(self.keys.employees[employee], number).sample(pace, Facet::Time);
            self.round.absent[employee] = self.is_absent(employee, number);
        }
        if let Some(climate) = &mut self.climate {
            climate.begin_round(&mut self.round.absent, &mut self.round.posts);
            for (pace, post) in self.employee_pace.iter_mut().zip(&self.round.posts) {
                *pace *= post.pace;
            }
        }
        for (employee, struck) in self.plan.disturbances.employees_in(number) {
            self.employee_pace[employee] *= struck.pace;
        }
        for service in 0..self.plan.services.len() {
            self.serve(service);
        }
        for customer in 0..self.plan.customers.len() {
            self.deliver(customer);
        }
        if let Some(climate) = &mut self.climate {
            let (keys, block, lane) = (self.keys, self.block, self.lane);
            climate.end_round(&mut self.round.posts, |employee, chance, facet| {
                Draws::new(keys.employees[employee], block, number, lane).happens(chance, facet)
            });
        }
    }

    fn draws(&self, key: Key, round: u32) -> Draws {
        Draws::new(key, self.block, round, self.lane)
    }

    /// When a round is released: the first at 0, the others a cadence apart, each drawn on its own.
    fn release(&mut self, number: u32) -> f64 {
        while self.releases.len() <= number as usize {
            let next = match self.releases.last() {
                None => 0.0,
                Some(last) => {
                    let round = self.releases.len() as u32;
                    let cadence = self.draws(self.keys.release, round).sample(&self.plan.cadence, Facet::Time);
                    last + sampled(cadence, &mut self.cut)
                }
            };
            self.releases.push(bounded(next, &mut self.cut));
        }
        self.releases[number as usize]
    }

    fn is_absent(&self, employee: usize, round: u32) -> bool {
        self.plan.disturbances.employee(round, employee).is_some_and(|struck| struck.absent)
            || self
                .draws(self.keys.employees[employee], round)
                .happens(self.plan.employees[employee].absence, Facet::Fault)
    }

    /// The release of the first round from `number` on in which the employee is there.
    fn back_at(&mut self, employee: usize, number: u32) -> f64 {
        let mut round = number;
        while self.is_absent(employee, round) && round < u32::MAX {
            round += 1;
        }
        self.release(round)
    }

    /// Hours that a shock costs in this round.
    fn lost(&mut self, lost: &Lost) -> f64 {
        let mut draws = self.draws(self.keys.shocks[lost.stream], self.round.number);
        sampled(draws.sample(&lost.hours, Facet::Time), &mut self.cut)
    }

    /// One service of this round: inputs, start, work, error, quality.
    fn serve(&mut self, index: usize) {
        let (plan, number, release) = (self.plan, self.round.number, self.round.release);
        let service = &plan.services[index];
        let struck = plan.disturbances.service(number, index);
        let mut draws = self.draws(self.keys.services[index], number);
        for input in service.inputs.clone() {
            self.round.dependencies[input] = self.arrive(input);
        }
        let (ready, last_input) = self.gather(service.inputs.clone(), &service.groups);

        // Who does it, and from when on.
        let own = service.employee;
        let cover = service.backup.as_ref().filter(|backup| !self.round.is_away(backup.employee));
        let absent = self.round.is_away(own);
        let (done_by, backup) = match cover {
            Some(backup) if absent => (backup.employee, Some(backup)),
            _ => (own, None),
        };
        let planned = release + service.start;
        let mut allowed = match plan.start {
            Start::Ready => release,
            Start::Planned => planned,
        };
        if self.round.absent[own] && backup.is_none() {
            allowed = later(allowed, self.back_at(own, number));
        }

        // The work.
        let duration = sampled(draws.sample(&service.duration, Facet::Time), &mut self.cut);
        let mut pace = self.employee_pace[done_by];
        if let Some(department) = plan.employees[done_by].department {
            pace *= self.department_pace[department];
        }
        if let Some(backup) = backup {
            pace *= draws.sample(&backup.pace, Facet::Third);
        }
        pace *= struck.map_or(1.0, |struck| struck.pace);
        let mut work = sampled(pace * duration, &mut self.cut);
        if let Some(struck) = struck {
            let by_employee = struck.lost_by_employee.iter().filter(|_| backup.is_none());
            for lost in struck.lost.iter().chain(by_employee) {
                work += self.lost(lost);
            }
        }
        let server = earliest(&mut self.servers[done_by]);
        let free = *server;
        let start = later(later(ready, allowed), free);
        let finish = bounded(start + work, &mut self.cut);
        *server = finish;

        // Helpful inputs count if they are there by now.
        for input in service.inputs.clone() {
            let record = &mut self.round.dependencies[input];
            if plan.dependencies[input].kind == PlannedKind::Helpful {
                record.used = record.needed && record.arrival <= start;
            }
        }
        let started_late = start > planned;
        let rate = backup.map_or(service.error_rate, |backup| backup.error_rate);
        let rate = rate + if started_late { service.rush } else { 0.0 };
        let rate = self.round.posts.get(done_by).map_or(rate, |post| rate * post.errors);
        let own_error = draws.happens(Chance::new(rate), Facet::Fault)
            || struck.is_some_and(|struck| struck.wrong || (struck.wrong_by_employee && backup.is_none()));
        let received = self.receive(service.inputs.clone());
        let mut workmanship = draws.sample(&service.workmanship, Facet::Second);
        if let Some(struck) = struck {
            workmanship *= struck.quality;
            workmanship *= if backup.is_none() { struck.quality_by_employee } else { 1.0 };
        }
        let record = ServiceRecord {
            ready,
            allowed,
            server: free,
            start,
            finish,
            duration,
            pace,
            work,
            done_by,
            started_late,
            own_error,
            error: own_error || received.error,
            workmanship,
            quality: workmanship * received.quality,
            last_input,
        };
        self.round.services[index] = record;
        if let Some(climate) = &mut self.climate {
            climate.served(index, &record, &self.round.dependencies);
        }
        let depth = self.past.len();
        self.past[number as usize % depth][index] =
            Past { ready, finish, error: record.error, quality: record.quality, done_by };
    }

    /// What a dependency brings this round, before the receiver has chosen what to use.
    fn arrive(&mut self, index: usize) -> DependencyRecord {
        let (plan, number) = (self.plan, self.round.number);
        let dependency = &plan.dependencies[index];
        let mut draws = self.draws(self.keys.dependencies[index], number);
        let mut record = DependencyRecord { quality: 1.0, ..DependencyRecord::default() };
        if (number as usize) < dependency.lag {
            // Nothing was delivered yet: it never binds, draws nothing, is correct and whole.
            record.needed = !dependency.needed.is_never();
            return record;
        }
        if !draws.happens(dependency.needed, Facet::Third) {
            return record;
        }
        record.needed = true;
        record.happened = true;
        let struck = plan.disturbances.dependency(number, index);
        let delivered = self.past[(number as usize - dependency.lag) % self.past.len()][dependency.provider];
        record.handoff = sampled(draws.sample(&dependency.handoff, Facet::Time), &mut self.cut);
        for lost in struck.iter().flat_map(|struck| &struck.lost) {
            record.handoff += self.lost(lost);
        }
        if let Some((probability, chase)) = &dependency.silence
            && draws.happens(*probability, Facet::Silence)
        {
            record.silent = true;
            record.chase = sampled(draws.sample(chase, Facet::Chase), &mut self.cut);
        }
        if let Some(chase) = struck.and_then(|struck| struck.unanswered.as_ref()) {
            // What would have gone unanswered anyhow takes the longer of the two.
            record.silent = true;
            record.chase = later(record.chase, sampled(draws.sample(chase, Facet::Chase), &mut self.cut));
        }
        record.error_in = delivered.error || struck.is_some_and(|struck| struck.wrong);
        if record.error_in {
            if draws.happens_above(dependency.detection, Facet::Fault) {
                record.caught = true;
                record.rework = sampled(draws.sample(&dependency.rework, Facet::Second), &mut self.cut);
            } else {
                record.passed = draws.happens(dependency.passed_on, Facet::Fault);
            }
        }
        let arrival = delivered.finish + record.handoff + record.chase + record.rework;
        record.arrival = bounded(arrival, &mut self.cut);
        let released = self.releases[number as usize - dependency.lag];
        record.planned = released + dependency.arrival;
        let counts_from = released + plan.services[dependency.provider].ready;
        record.response = record.arrival - later(delivered.ready, counts_from);
        record.quality = delivered.quality;
        record.provided_by = delivered.done_by;
        record
    }

    /// When everything waited for is there (at the release at the earliest), and what came last after the release;
    /// marks what is used of required inputs and groups.
    fn gather(&mut self, inputs: Range<usize>, groups: &[Group]) -> (f64, Option<usize>) {
        let mut ready = self.round.release;
        let mut last = None;
        let mut wait_for = |index: usize, record: &mut DependencyRecord| {
            record.used = true;
            if record.arrival > ready || (record.arrival == ready && last.is_some_and(|last| index < last)) {
                ready = record.arrival;
                last = Some(index);
            }
        };
        let records = &mut self.round.dependencies;
        for index in inputs {
            if self.plan.dependencies[index].kind == PlannedKind::Required && records[index].needed {
                wait_for(index, &mut records[index]);
            }
        }
        for group in groups {
            let mut members: Vec<usize> =
                group.members.iter().copied().filter(|&index| records[index].needed).collect();
            // Members ascend by id, and the sort is stable: ties go by id.
            members.sort_by(|&a, &b| records[a].arrival.total_cmp(&records[b].arrival));
            for index in members.into_iter().take(group.count) {
                wait_for(index, &mut records[index]);
            }
        }
        (ready, last)
    }

    /// The errors and the quality that the used inputs pass on (FDNA's weakest link).
    fn receive(&mut self, inputs: Range<usize>) -> Received {
        let mut error = false;
        let (mut sum, mut count, mut cap) = (0.0, 0.0, 1.0);
        for index in inputs {
            let dependency = &self.plan.dependencies[index];
            let record = &mut self.round.dependencies[index];
            record.passed &= record.used;
            error |= record.passed;
            let quality = match (record.used, dependency.kind) {
                (true, _) => record.quality,
                (false, PlannedKind::Helpful) if record.needed => 0.0,
                (false, _) => continue,
            };
            if dependency.strength > 0.0 {
                sum += 1.0 - dependency.strength * (1.0 - quality);
                count += 1.0;
            }
            let limit = quality + dependency.criticality;
            cap = if limit < cap { limit } else { cap };
        }
        let mean = if count > 0.0 { sum / count } else { 1.0 };
        Received { error, quality: if mean < cap { mean } else { cap } }
    }

    /// What a customer gets this round.
    fn deliver(&mut self, index: usize) {
        let customer = &self.plan.customers[index];
        for input in customer.inputs.clone() {
            self.round.dependencies[input] = self.arrive(input);
        }
        let (ready, last_input) = self.gather(customer.inputs.clone(), &customer.groups);
        for input in customer.inputs.clone() {
            let record = &mut self.round.dependencies[input];
            if self.plan.dependencies[input].kind == PlannedKind::Helpful {
                record.used = record.needed && record.arrival <= ready;
            }
        }
        let received = self.receive(customer.inputs.clone());
        let wait = ready - self.round.release;
        let on_time = wait <= customer.promise;
        let late_factor =
            if on_time { 1.0 } else { 1.0 - customer.satisfaction.lateness * (1.0 - customer.promise / wait) };
        let error_factor = if received.error { customer.satisfaction.error } else { 1.0 };
        self.round.customers[index] = CustomerRecord {
            wait,
            lateness: later(0.0, wait - customer.promise),
            on_time,
            error: received.error,
            quality: received.quality,
            perfect: on_time && !received.error && received.quality >= customer.perfect_quality,
            satisfaction: 100.0 * received.quality * error_factor * late_factor,
            last_input,
        };
    }
}

struct Received {
    error: bool,
    quality: f64,
}

fn sampled(hours: f64, cut: &mut u64) -> f64 {
    let (hours, over) = grid::sample(hours);
    *cut += u64::from(over);
    hours
}

fn bounded(hours: f64, cut: &mut u64) -> f64 {
    let (hours, over) = grid::absolute(hours);
    *cut += u64::from(over);
    hours
}
