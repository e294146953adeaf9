//! Counting a replication at a time, from the rounds of the scalar engine: what the counting of blocks is compared with.

use super::climate::hazard;
use super::layout::{
    ClimateCustomerEvent, ClimateCustomerSum, ClimateRoundSum, ClimateSum, CustomerEvent, CustomerSpread, CustomerSum,
    DependencyEvent, DependencySum, InputEvent, Layout, PersonEvent, PersonSum, RoundSum, ServiceEvent, ServiceSum,
};
use super::tally::Tally;
use super::things::Detail;
use crate::Plan;
use crate::engine::record::Round;
use crate::grid::later;
use crate::plan::To;
use crate::statistics::{BlockAverage, BlockProportion};

/// Counts the replications of one block at a time.
#[derive(Debug)]
pub(crate) struct Counter<'p> {
    plan: &'p Plan,
    layout: &'p Layout,
    warmup: u32,
    /// This replication: hits and trials, sums and weights.
    events: Vec<(u32, u32)>,
    sums: Vec<(f64, u32)>,
    block_events: Vec<BlockProportion>,
    block_sums: Vec<BlockAverage>,
    pub(crate) tally: Tally,
}

impl<'p> Counter<'p> {
    pub(crate) fn new(plan: &'p Plan, layout: &'p Layout, rounds: u32, warmup: u32) -> Self {
        let [events, sums, _] = layout.counts;
        Self {
            plan,
            layout,
            warmup,
            events: vec![(0, 0); events],
            sums: vec![(0.0, 0); sums],
            block_events: vec![BlockProportion::default(); events],
            block_sums: vec![BlockAverage::default(); sums],
            tally: Tally::new(layout, rounds - warmup),
        }
    }

    /// Closes a replication, the `lane`-th of its block.
    pub(crate) fn end_replication(&mut self, lane: usize) {
        for (block, (hits, trials)) in self.block_events.iter_mut().zip(&mut self.events) {
            block.push(*hits, *trials);
            (*hits, *trials) = (0, 0);
        }
        for (block, (sum, weight)) in self.block_sums.iter_mut().zip(&mut self.sums) {
            block.push(lane, *sum, *weight);
            (*sum, *weight) = (0.0, 0);
        }
        self.tally.replications += 1;
    }

    /// Closes a block.
    pub(crate) fn end_block(&mut self) {
        for (total, block) in self.tally.events.iter_mut().zip(&mut self.block_events) {
            total.add_block(block);
            *block = BlockProportion::default();
        }
        for (total, block) in self.tally.sums.iter_mut().zip(&mut self.block_sums) {
            total.add_block(block);
            *block = BlockAverage::default();
        }
    }

    fn event(&mut self, place: usize, happened: bool) {
        let (hits, trials) = &mut self.events[place];
        *hits += u32::from(happened);
        *trials += 1;
    }

    fn sum(&mut self, place: usize, value: f64) {
        let (sum, weight) = &mut self.sums[place];
        *sum += value;
        *weight += 1;
    }

    /// Adds to a sum that is counted once a round, whatever is added to it.
    fn part(&mut self, place: usize, value: f64) {
        self.sums[place].0 += value;
    }

    fn spread(&mut self, block: u64, place: usize, value: f64) {
        self.tally.spreads[place].of_block(block).push(value);
    }

    /// Counts a round.
    pub(crate) fn round(&mut self, block: u64, round: &Round) {
        let counted = round.number >= self.warmup;
        let detail = self.layout.detail;
        if detail >= Detail::Full {
            self.round_by_round(round);
        }
        if self.layout.climate.is_some() {
            self.climate(round, counted);
        }
        if counted {
            self.customers(block, round);
        }
        if counted && detail >= Detail::Services {
            self.begin_people();
            self.services(block, round);
            self.dependencies(block, round);
            self.absences(round);
        }
    }

    fn customers(&mut self, block: u64, round: &Round) {
        let (plan, layout) = (self.plan, self.layout);
        for (index, (customer, record)) in plan.customers.iter().zip(&round.customers).enumerate() {
            self.event(layout.customer_event(index, CustomerEvent::OnTime), record.on_time);
            self.event(layout.customer_event(index, CustomerEvent::ErrorFree), !record.error);
            self.event(layout.customer_event(index, CustomerEvent::Perfect), record.perfect);
            self.sum(layout.customer_sum(index, CustomerSum::Wait), record.wait - customer.ready);
            self.sum(layout.customer_sum(index, CustomerSum::Lateness), record.lateness);
            self.sum(layout.customer_sum(index, CustomerSum::Quality), record.quality);
            self.sum(layout.customer_sum(index, CustomerSum::Satisfaction), record.satisfaction);
            self.spread(block, layout.customer_spread(index, CustomerSpread::Wait), record.wait);
            self.spread(block, layout.customer_spread(index, CustomerSpread::Lateness), record.lateness);
            for (number, input) in customer.inputs.clone().enumerate() {
                if !record.on_time {
                    let last = record.last_input == Some(input);
                    self.event(layout.input_event(index, number, InputEvent::LastWhenLate), last);
                }
                let passed = round.dependencies[input].passed;
                self.event(layout.input_event(index, number, InputEvent::BroughtError), passed);
            }
            for (number, &stage) in customer.journey.iter().enumerate() {
                let finish = round.services[stage].finish - round.release;
                self.sum(layout.stage_sum(index, number), finish - plan.services[stage].finish);
                self.spread(block, layout.stage_spread(index, number), finish);
            }
        }
    }

    /// What is counted per round has this round as its weight, even if nothing of it happens.
    fn begin_people(&mut self) {
        use PersonSum::{ErrorsCaught, ErrorsMade, ErrorsPassedOn, MakingWait, Waiting, Work};
        let layout = self.layout;
        for figure in [ErrorsMade, ErrorsPassedOn, ErrorsCaught, Work, Waiting, MakingWait] {
            for employee in 0..self.plan.employees.len() {
                self.sums[layout.employee_sum(employee, figure)].1 += 1;
            }
            for department in 0..self.plan.departments.len() {
                self.sums[layout.department_sum(department, figure)].1 += 1;
            }
        }
    }

    /// Adds to a person's sum and to the department's.
    fn person(&mut self, employee: usize, figure: PersonSum, value: f64) {
        self.part(self.layout.employee_sum(employee, figure), value);
        if let Some(department) = self.plan.employees[employee].department {
            self.part(self.layout.department_sum(department, figure), value);
        }
    }

    fn services(&mut self, block: u64, round: &Round) {
        let (plan, layout) = (self.plan, self.layout);
        for (index, (service, record)) in plan.services.iter().zip(&round.services).enumerate() {
            let delay = record.finish - (round.release + service.finish);
            let free = later(record.allowed, record.server);
            let waiting = later(0.0, record.ready - free);
            let queued = later(0.0, record.server - later(record.allowed, record.ready));
            self.event(layout.service_event(index, ServiceEvent::OnTime), delay <= 0.0);
            self.event(layout.service_event(index, ServiceEvent::ErrorFree), !record.error);
            self.event(layout.service_event(index, ServiceEvent::OwnError), record.own_error);
            self.event(layout.service_event(index, ServiceEvent::StartedLate), record.started_late);
            self.sum(layout.service_sum(index, ServiceSum::Delay), delay);
            self.sum(layout.service_sum(index, ServiceSum::Waiting), waiting);
            self.sum(layout.service_sum(index, ServiceSum::Queued), queued);
            self.sum(layout.service_sum(index, ServiceSum::Quality), record.quality);
            if layout.detail >= Detail::Full {
                self.spread(block, layout.service_spread(index), record.finish - round.release);
            }
            let owner = service.employee;
            self.event(layout.employee_event(owner, PersonEvent::OnTime), delay <= 0.0);
            self.sum(layout.employee_sum(owner, PersonSum::Delay), delay);
            if let Some(department) = plan.employees[owner].department {
                self.event(layout.department_event(department, PersonEvent::OnTime), delay <= 0.0);
                self.sum(layout.department_sum(department, PersonSum::Delay), delay);
            }
            self.person(record.done_by, PersonSum::ErrorsMade, f64::from(u8::from(record.own_error)));
            self.person(record.done_by, PersonSum::Work, record.work);
            self.person(record.done_by, PersonSum::Waiting, waiting);
            // Whoever arrived last made the others wait; only where a customer is at the end of it.
            if let Some(input) = record.last_input
                && waiting > 0.0
                && service.matters
            {
                self.person(round.dependencies[input].provided_by, PersonSum::MakingWait, waiting);
            }
        }
    }

    fn dependencies(&mut self, block: u64, round: &Round) {
        let (plan, layout) = (self.plan, self.layout);
        for (index, (dependency, record)) in plan.dependencies.iter().zip(&round.dependencies).enumerate() {
            if (round.number as usize) < dependency.lag {
                continue;
            }
            self.event(layout.dependency_event(index, DependencyEvent::Needed), record.happened);
            if !record.happened {
                continue;
            }
            let delay = record.arrival - record.planned;
            self.event(layout.dependency_event(index, DependencyEvent::OnTime), delay <= 0.0);
            let kept = record.response <= dependency.promise;
            self.event(layout.dependency_event(index, DependencyEvent::PromiseKept), kept);
            self.event(layout.dependency_event(index, DependencyEvent::Silent), record.silent);
            self.event(layout.dependency_event(index, DependencyEvent::ErrorIn), record.error_in);
            self.event(layout.dependency_event(index, DependencyEvent::ErrorPassed), record.passed);
            if record.error_in {
                self.event(layout.dependency_event(index, DependencyEvent::Caught), record.caught);
            }
            self.sum(layout.dependency_sum(index, DependencySum::Delay), delay);
            self.sum(layout.dependency_sum(index, DependencySum::Response), record.response - dependency.promise);
            if layout.detail >= Detail::Full {
                self.spread(block, layout.dependency_spread(index), later(0.0, record.response));
            }
            if record.caught
                && let To::Service(receiver) = dependency.receiver
            {
                self.person(round.services[receiver].done_by, PersonSum::ErrorsCaught, 1.0);
            }
            if record.passed && dependency.matters {
                self.person(record.provided_by, PersonSum::ErrorsPassedOn, 1.0);
            }
        }
    }

    fn absences(&mut self, round: &Round) {
        for (index, employee) in self.plan.employees.iter().enumerate() {
            let absent = round.absent[index];
            self.event(self.layout.employee_event(index, PersonEvent::Absent), absent);
            if let Some(department) = employee.department {
                self.event(self.layout.department_event(department, PersonEvent::Absent), absent);
            }
        }
    }

    fn round_by_round(&mut self, round: &Round) {
        let (plan, layout, number) = (self.plan, self.layout, round.number);
        for (index, (customer, record)) in plan.customers.iter().zip(&round.customers).enumerate() {
            self.event(layout.round_event(number, index, CustomerEvent::OnTime), record.on_time);
            self.event(layout.round_event(number, index, CustomerEvent::ErrorFree), !record.error);
            self.event(layout.round_event(number, index, CustomerEvent::Perfect), record.perfect);
            self.sum(layout.round_sum(number, index, RoundSum::Wait), record.wait - customer.ready);
            self.sum(layout.round_sum(number, index, RoundSum::Lateness), record.lateness);
        }
    }

    fn climate(&mut self, round: &Round, counted: bool) {
        let (plan, layout, number) = (self.plan, self.layout, round.number);
        let Some(climate) = &layout.climate else { return };
        let [events, sums] = climate.first;
        let hazard = hazard(plan);
        for scope in 0..climate.scopes {
            for sum in [ClimateSum::Leavers, ClimateSum::Excess] {
                self.sums[sums + climate.sum(scope, sum)].1 = 1;
            }
            self.sums[sums + climate.sum(scope, ClimateSum::Headcount)].1 += u32::from(counted);
            if scope < climate.round_scopes {
                for sum in [ClimateRoundSum::Headcount, ClimateRoundSum::Leavers] {
                    self.sums[sums + climate.round_sum(number, scope, sum)].1 = 1;
                }
            }
        }
        for (index, (employee, post)) in plan.employees.iter().zip(&round.posts).enumerate() {
            let department = employee.department.map(|at| 1 + at);
            let scopes = [Some(0), department, Some(1 + plan.departments.len() + index)];
            for scope in scopes.into_iter().flatten().filter(|&scope| scope < climate.scopes) {
                let by_round = scope < climate.round_scopes;
                if counted {
                    self.event(events + climate.event(scope), post.filled);
                }
                if by_round {
                    self.event(events + climate.round_event(number, scope), post.filled);
                }
                if !post.filled {
                    continue;
                }
                let (newness, left) = (crate::grid::round(post.newness), f64::from(u8::from(post.left)));
                let moved = post.moved;
                let means =
                    [post.morale, newness, moved.back, moved.frustration, moved.overload, moved.recognition, moved.cut];
                if counted {
                    for (sum, value) in ClimateSum::MEANS.into_iter().zip(means) {
                        self.sum(sums + climate.sum(scope, sum), value);
                    }
                    self.part(sums + climate.sum(scope, ClimateSum::Headcount), 1.0);
                    self.part(sums + climate.sum(scope, ClimateSum::Leavers), left);
                    self.part(sums + climate.sum(scope, ClimateSum::Excess), left - hazard);
                }
                if by_round {
                    self.sum(sums + climate.round_sum(number, scope, ClimateRoundSum::Morale), post.morale);
                    self.sum(sums + climate.round_sum(number, scope, ClimateRoundSum::Newness), newness);
                    self.part(sums + climate.round_sum(number, scope, ClimateRoundSum::Headcount), 1.0);
                    self.part(sums + climate.round_sum(number, scope, ClimateRoundSum::Leavers), left);
                }
            }
        }
        for (index, (customer, record)) in plan.customers.iter().zip(&round.customers).enumerate() {
            let event = |event| events + climate.customer_event(number, index, event);
            self.event(event(ClimateCustomerEvent::OnTime), record.on_time);
            self.event(event(ClimateCustomerEvent::Perfect), record.perfect);
            let sum = |sum| sums + climate.customer_sum(number, index, sum);
            self.sum(sum(ClimateCustomerSum::Wait), record.wait - customer.ready);
            self.sum(sum(ClimateCustomerSum::Satisfaction), record.satisfaction);
        }
    }
}
