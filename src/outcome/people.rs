//! What people and departments come to: sums that several services, and those who receive from them, add to.

use super::adding::Figures;
use super::layout::{Layout, PersonEvent, PersonSum, ServiceEvent, ServiceSum};
use super::planes;
use crate::Plan;
use crate::engine::block::lanes::{Bits, Row};
use crate::engine::block::{DependencySeen, ServiceSeen, counting};
use crate::plan::{PlannedKind, PlannedService};

/// What one service comes to for those who provide it.
pub(super) struct Makes<'a> {
    pub(super) on_time: Bits,
    pub(super) delay: &'a Row,
    pub(super) waiting: &'a Row,
    pub(super) work: &'a Row,
    pub(super) covered: Bits,
    pub(super) own_error: Bits,
}

/// The counters of one person's, or one department's, errors.
#[derive(Debug, Clone, Copy, Default)]
struct Errors {
    made: usize,
    passed_on: usize,
    caught: usize,
}

/// Who provides a service, close together: receivers ask for their providers in no order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Provider {
    /// When it was planned to have all it needs.
    pub(super) ready: f64,
    /// The owner and the backup, each with the department.
    workers: [Option<(u32, Option<u32>)>; 2],
}

#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) providers: Vec<Provider>,
    /// Whether somebody's one service is theirs alone: what it comes to is what they come to.
    alone: Vec<bool>,
    employees: Vec<Errors>,
    departments: Vec<Errors>,
    /// For each service, the employees whom nobody waits for any more once it is done, in the only round there is.
    done_with: Vec<Vec<u32>>,
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
                workers(input.provider).for_each(|worker| last_receiver[worker] = Some(index));
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
        let mut done_with = vec![Vec::new(); if counted == 1 { plan.services.len() } else { 0 }];
        for (employee, last) in last_receiver.into_iter().enumerate() {
            if let Some(done_with) = last.and_then(|last: usize| done_with.get_mut(last)) {
                done_with.push(employee as u32);
            }
        }
        let mut errors = |most: Most, place: &dyn Fn(PersonSum) -> usize| {
            let mut counter = |sum, most: u64| figures.count_sum(place(sum), most * u64::from(counted));
            Errors {
                made: counter(PersonSum::ErrorsMade, most.services),
                passed_on: counter(PersonSum::ErrorsPassedOn, most.outputs),
                caught: counter(PersonSum::ErrorsCaught, most.inputs),
            }
        };
        let employees = most.iter().enumerate();
        let employees = employees.map(|(at, most)| errors(*most, &|sum| layout.employee_sum(at, sum))).collect();
        let departments = departments.iter().enumerate();
        let departments = departments.map(|(at, most)| errors(*most, &|sum| layout.department_sum(at, sum))).collect();
        let who = |employee: usize| (employee as u32, plan.employees[employee].department.map(|at| at as u32));
        let provider = |service: &PlannedService| Provider {
            ready: service.ready,
            workers: [Some(who(service.employee)), service.backup.as_ref().map(|backup| who(backup.employee))],
        };
        let providers = plan.services.iter().map(provider).collect();
        let people = Self { providers, alone, employees, departments, done_with };
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
            let Some((employee, department)) = worker.filter(|_| !lanes.is_empty()) else { continue };
            figures.one_more(self.employees[employee as usize].passed_on, lanes);
            if let Some(department) = department {
                figures.one_more(self.departments[department as usize].passed_on, lanes);
            }
        }
    }

    fn one_more(
        &self,
        plan: &Plan,
        employee: usize,
        which: impl Fn(&Errors) -> usize,
        lanes: Bits,
        figures: &mut Figures,
    ) {
        if lanes.is_empty() {
            return;
        }
        figures.one_more(which(&self.employees[employee]), lanes);
        if let Some(department) = plan.employees[employee].department {
            figures.one_more(which(&self.departments[department]), lanes);
        }
    }

    /// What a service comes to for those who did it.
    #[allow(clippy::too_many_arguments, reason = "what one service comes to")]
    pub(super) fn served(
        &self,
        plan: &Plan,
        layout: &Layout,
        index: usize,
        makes: &Makes<'_>,
        inputs: &[DependencySeen],
        scratch: &mut Row,
        figures: &mut Figures,
    ) {
        let service = &plan.services[index];
        let owner = service.employee;
        let alone = self.alone[owner];
        if !alone {
            figures.event(layout.employee_event(owner, PersonEvent::OnTime), makes.on_time);
            figures.part(layout.employee_sum(owner, PersonSum::Delay), makes.delay, Bits::ALL);
        }
        if let Some(department) = plan.employees[owner].department {
            figures.event(layout.department_event(department, PersonEvent::OnTime), makes.on_time);
            figures.part(layout.department_sum(department, PersonSum::Delay), makes.delay, Bits::ALL);
        }
        let workers = [
            Some((owner, Bits::ALL.without(makes.covered))),
            service.backup.as_ref().map(|backup| (backup.employee, makes.covered)),
        ];
        for (worker, lanes) in workers.into_iter().flatten() {
            if alone {
                figures.only(layout.employee_sum(worker, PersonSum::Work), makes.work, scratch);
            } else {
                figures.part(layout.employee_sum(worker, PersonSum::Work), makes.work, lanes);
                figures.part(layout.employee_sum(worker, PersonSum::Waiting), makes.waiting, lanes);
            }
            if let Some(department) = plan.employees[worker].department {
                figures.part(layout.department_sum(department, PersonSum::Work), makes.work, lanes);
                figures.part(layout.department_sum(department, PersonSum::Waiting), makes.waiting, lanes);
            }
            if alone && figures.one_round && plan.employees[worker].department.is_none() && inputs.len() < FEW_INPUTS {
                errors_at_once(layout, worker, makes.own_error, inputs, figures);
                continue;
            }
            self.one_more(plan, worker, |errors| errors.made, makes.own_error.and(lanes), figures);
            for input in inputs.iter().filter(|input| !input.caught.is_empty()) {
                self.one_more(plan, worker, |errors| errors.caught, input.caught.and(lanes), figures);
            }
        }
    }

    /// Hands the hours that a service waited to whoever provided what came last: the lowest of equals.
    #[allow(clippy::too_many_arguments, reason = "what one service comes to")]
    pub(super) fn made_wait(
        &self,
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
                let place = layout.employee_sum(employee as usize, PersonSum::MakingWait);
                match department {
                    None => {
                        let (row, first) = figures.row(place);
                        counting::ended(arrival, seen.ready, lanes, left, row, first);
                    }
                    Some(department) => {
                        counting::ended(arrival, seen.ready, lanes, left, scratch, true);
                        figures.part(place, scratch, Bits::ALL);
                        let place = layout.department_sum(department as usize, PersonSum::MakingWait);
                        figures.part(place, scratch, Bits::ALL);
                    }
                }
            }
        }
    }

    /// Folds what is complete once a service is done.
    pub(super) fn close(&self, layout: &Layout, service: usize, figures: &mut Figures) {
        for &employee in self.done_with.get(service).into_iter().flatten() {
            figures.fold(layout.employee_sum(employee as usize, PersonSum::MakingWait), true);
        }
    }
}

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
    for input in inputs {
        planes::add(&mut caught, input.caught.and(live));
    }
    if caught != [Bits::NONE; 3] {
        figures.number(layout.employee_sum(employee, PersonSum::ErrorsCaught), counting::whole_numbers(&caught));
    }
}
