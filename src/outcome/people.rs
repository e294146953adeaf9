//! What people and departments come to: sums that several services, and those who receive from them, add to.

use super::adding::Figures;
use super::counters::Counter;
use super::layout::{Layout, PersonEvent, PersonSum, ServiceEvent, ServiceSum};
use super::planes;
use super::rows::Rows;
use crate::Plan;
use crate::engine::block::counting::Added;
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::engine::block::{DependencySeen, ServiceSeen, counting, kernels};
use crate::plan::{PlannedKind, PlannedService};

/// What one service comes to for those who provide it.
pub(super) struct Makes<'a> {
    pub(super) on_time: Bits,
    pub(super) delay: &'a Row,
    pub(super) waiting: &'a Row,
    pub(super) work: &'a Row,
    /// What the work comes to in all lanes, if that is known.
    pub(super) worked: Option<Added>,
    pub(super) covered: Bits,
    pub(super) own_error: Bits,
}

/// The counters of everybody's errors, or of all departments': those of one kind close together.
#[derive(Debug, Default)]
struct Errors {
    made: Vec<Counter>,
    passed_on: Vec<Counter>,
    caught: Vec<Counter>,
}

/// An employee, with the department.
type Worker = (u32, Option<u32>);

/// Who provides a service, close together: receivers ask for their providers in no order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Provider {
    /// When it was planned to have all it needs.
    pub(super) ready: f64,
    /// The owner and the backup.
    workers: [Option<Worker>; 2],
}

#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) providers: Vec<Provider>,
    /// Whether somebody's one service is theirs alone: what it comes to is what they come to.
    alone: Vec<bool>,
    employees: Errors,
    departments: Errors,
    /// The hours that others waited for each employee, in the block that is being counted.
    making_wait: Rows,
    /// The last service that may wait for an employee, and the employee, in order of work; only where one round is counted.
    done: Vec<(u32, u32)>,
    /// How many of those are added up.
    added_up: usize,
}

/// How much can happen to somebody in a round.
#[derive(Debug, Clone, Copy, Default)]
struct Most {
    services: u64,
    inputs: u64,
    outputs: u64,
}

impl People {
    pub(super) fn new(plan: &Plan, layout: &Layout, counted: u32, figures: &mut Figures) -> Self {
        let mut most = vec![Most::default(); plan.employees.len()];
        let mut departments = vec![Most::default(); plan.departments.len()];
        let mut only = vec![None; plan.employees.len()];
        let mut last_receiver = vec![None; plan.employees.len()];
        let mut outputs = vec![0; plan.services.len()];
        let workers = |service: usize| {
            let service = &plan.services[service];
            [Some(service.employee), service.backup.as_ref().map(|backup| backup.employee)].into_iter().flatten()
        };
        for (index, service) in plan.services.iter().enumerate() {
            for input in &plan.dependencies[service.inputs.clone()] {
                workers(input.provider).for_each(|worker| last_receiver[worker] = Some(index as u32));
            }
        }
        for dependency in &plan.dependencies {
            outputs[dependency.provider] += 1;
        }
        for (index, service) in plan.services.iter().enumerate() {
            for worker in workers(index) {
                let department = plan.employees[worker].department.and_then(|at| departments.get_mut(at));
                for most in [Some(&mut most[worker]), department].into_iter().flatten() {
                    most.services += 1;
                    most.inputs += service.inputs.len() as u64;
                    most.outputs += outputs[index];
                }
            }
            only[service.employee] = Some(index).filter(|_| service.backup.is_none());
        }
        let alone = only.iter().zip(&most).map(|(only, most)| only.is_some() && most.services == 1).collect();
        let receivers = last_receiver.into_iter().zip(0..).filter(|_| counted == 1);
        let mut done: Vec<(u32, u32)> =
            receivers.filter_map(|(last, employee)| last.map(|last| (last, employee))).collect();
        done.sort_unstable();
        let mut errors = |most: &[Most], place: &dyn Fn(usize, PersonSum) -> usize| {
            let mut counters = |sum, most_of: &dyn Fn(&Most) -> u64| {
                let all = most.iter().enumerate();
                all.map(|(at, most)| figures.count_sum(place(at, sum), most_of(most) * u64::from(counted))).collect()
            };
            Errors {
                passed_on: counters(PersonSum::ErrorsPassedOn, &|most| most.outputs),
                made: counters(PersonSum::ErrorsMade, &|most| most.services),
                caught: counters(PersonSum::ErrorsCaught, &|most| most.inputs),
            }
        };
        let employees = errors(&most, &|at, sum| layout.employee_sum(at, sum));
        let departments = errors(&departments, &|at, sum| layout.department_sum(at, sum));
        let who = |employee: usize| (employee as u32, plan.employees[employee].department.map(|at| at as u32));
        let provider = |service: &PlannedService| Provider {
            ready: service.ready,
            workers: [Some(who(service.employee)), service.backup.as_ref().map(|backup| who(backup.employee))],
        };
        let providers = plan.services.iter().map(provider).collect();
        let making_wait = Rows::new(plan.employees.len());
        let people = Self { providers, alone, employees, departments, making_wait, done, added_up: 0 };
        for (employee, service) in only.into_iter().enumerate() {
            if let Some(service) = service.filter(|_| people.alone[employee]) {
                let on_time = layout.service_event(service, ServiceEvent::OnTime);
                figures.same_event(layout.employee_event(employee, PersonEvent::OnTime), on_time);
                for (own, of_service) in
                    [(PersonSum::Delay, ServiceSum::Delay), (PersonSum::Waiting, ServiceSum::Waiting)]
                {
                    let of_service = layout.service_sum(service, of_service);
                    figures.same_sum(layout.employee_sum(employee, own), of_service);
                }
            }
        }
        people
    }

    /// Errors that a service passed on, of those who did it themselves, and of the backup.
    pub(super) fn passed_on(&self, service: usize, by: [Bits; 2], figures: &mut Figures) {
        for (worker, lanes) in self.providers[service].workers.into_iter().zip(by) {
            if let Some(worker) = worker {
                self.one_more(worker, |errors| &errors.passed_on, lanes, figures);
            }
        }
    }

    fn one_more(
        &self,
        (employee, department): Worker,
        which: impl Fn(&Errors) -> &[Counter],
        lanes: Bits,
        figures: &mut Figures,
    ) {
        if lanes.is_empty() {
            return;
        }
        figures.one_more(which(&self.employees)[employee as usize], lanes);
        if let Some(department) = department {
            figures.one_more(which(&self.departments)[department as usize], lanes);
        }
    }

    /// What a service comes to for those who did it.
    pub(super) fn served(
        &self,
        layout: &Layout,
        index: usize,
        makes: &Makes<'_>,
        inputs: &[DependencySeen],
        scratch: &mut Row,
        figures: &mut Figures,
    ) {
        let workers = self.providers[index].workers;
        let Some((owner, department)) = workers[0] else { return };
        let alone = self.alone[owner as usize];
        if !alone {
            figures.event(layout.employee_event(owner as usize, PersonEvent::OnTime), makes.on_time);
            figures.part(layout.employee_sum(owner as usize, PersonSum::Delay), makes.delay, Bits::ALL);
        }
        if let Some(department) = department {
            figures.event(layout.department_event(department as usize, PersonEvent::OnTime), makes.on_time);
            figures.part(layout.department_sum(department as usize, PersonSum::Delay), makes.delay, Bits::ALL);
        }
        for (number, worker) in workers.iter().enumerate() {
            let Some((employee, department)) = *worker else { continue };
            let lanes = if number == 0 { Bits::ALL.without(makes.covered) } else { makes.covered };
            let sum = |sum| layout.employee_sum(employee as usize, sum);
            if let (true, Some(worked)) = (alone, &makes.worked) {
                figures.added(sum(PersonSum::Work), worked);
            } else if alone {
                figures.only(sum(PersonSum::Work), makes.work, scratch);
            } else {
                figures.part(sum(PersonSum::Work), makes.work, lanes);
                figures.part(sum(PersonSum::Waiting), makes.waiting, lanes);
            }
            if let Some(department) = department {
                let sum = |sum| layout.department_sum(department as usize, sum);
                figures.part(sum(PersonSum::Work), makes.work, lanes);
                figures.part(sum(PersonSum::Waiting), makes.waiting, lanes);
            }
            if alone && figures.one_round && department.is_none() && inputs.len() < FEW_INPUTS {
                errors_at_once(layout, employee as usize, makes.own_error, inputs, figures);
                continue;
            }
            self.one_more((employee, department), |errors| &errors.made, makes.own_error.and(lanes), figures);
            for input in inputs.iter().filter(|input| !input.caught.is_empty()) {
                self.one_more((employee, department), |errors| &errors.caught, input.caught.and(lanes), figures);
            }
        }
    }

    /// Hands the hours that a service waited to whoever provided what came last: the lowest of equals.
    #[allow(clippy::too_many_arguments, reason = "what one service comes to")]
    pub(super) fn made_wait(
        &mut self,
        plan: &Plan,
        layout: &Layout,
        index: usize,
        seen: &ServiceSeen<'_>,
        left: &mut Row,
        scratch: &mut Row,
        figures: &mut Figures,
    ) {
        for (local, input) in plan.services[index].inputs.clone().enumerate() {
            let dependency = &plan.dependencies[input];
            let used = seen.inputs[local].used;
            if dependency.kind == PlannedKind::Helpful || used.is_empty() {
                continue;
            }
            let covered = seen.inputs[local].covered;
            let lanes = [used.without(covered), used.and(covered)];
            let arrival = &seen.arrivals[local];
            for (worker, lanes) in self.providers[dependency.provider].workers.into_iter().zip(lanes) {
                let Some((employee, department)) = worker.filter(|_| !lanes.is_empty()) else { continue };
                let (row, first) = self.making_wait.of(employee as usize, true);
                match department {
                    None if lanes.is_all() => counting::ended_everywhere(arrival, seen.ready, left, row, first),
                    None => counting::ended(arrival, seen.ready, lanes, left, row, first),
                    Some(department) => {
                        counting::ended(arrival, seen.ready, lanes, left, scratch, true);
                        if first {
                            kernels::fill(row, Term::Each(scratch));
                        } else {
                            kernels::increase(row, scratch);
                        }
                        let place = layout.department_sum(department as usize, PersonSum::MakingWait);
                        figures.part(place, scratch, Bits::ALL);
                    }
                }
            }
        }
    }

    /// Adds up the hours that others waited for those for whom nobody waits any more once a service is done: for several at
    /// a time, as it is seldom foreseen for which.
    pub(super) fn close(&mut self, layout: &Layout, service: usize, figures: &mut Figures) {
        if service % EVERY != EVERY - 1 {
            return;
        }
        while let Some(&(_, employee)) = self.done.get(self.added_up).filter(|(last, _)| *last as usize <= service) {
            self.add_up(layout, employee as usize, figures);
            self.added_up += 1;
        }
    }

    fn add_up(&mut self, layout: &Layout, employee: usize, figures: &mut Figures) {
        if let Some(row) = self.making_wait.close(employee) {
            figures.whole(layout.employee_sum(employee, PersonSum::MakingWait), row, true);
        }
    }

    /// Adds up what is left at the end of a block.
    pub(super) fn end_block(&mut self, layout: &Layout, figures: &mut Figures) {
        for (employee, _) in std::mem::take(&mut self.making_wait.opened) {
            self.add_up(layout, employee, figures);
        }
        self.added_up = 0;
    }
}

/// After so many services it is looked for whom nobody waits any more.
const EVERY: usize = 16;

/// Up to so many inputs, what was caught of them is counted in three planes.
const FEW_INPUTS: usize = 8;

/// The errors that somebody made and caught whose one service is theirs alone, in the only round.
fn errors_at_once(layout: &Layout, employee: usize, own_error: Bits, inputs: &[DependencySeen], figures: &mut Figures) {
    let live = figures.live();
    let made = own_error.and(live);
    if !made.is_empty() {
        figures.number(layout.employee_sum(employee, PersonSum::ErrorsMade), [f64::from(made.count()); 2]);
    }
    let mut caught = [Bits::NONE; 3];
    for input in inputs.iter().filter(|input| !input.caught.is_empty()) {
        planes::add(&mut caught, input.caught.and(live));
    }
    if caught != [Bits::NONE; 3] {
        figures.number(layout.employee_sum(employee, PersonSum::ErrorsCaught), counting::whole_numbers(&caught));
    }
}
