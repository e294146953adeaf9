//! Counting a block: from what is seen of it to sums that merge exactly.

use super::layout::{
    CustomerEvent, CustomerSpread, CustomerSum, DependencyEvent, DependencySum, InputEvent, Layout, PersonEvent,
    PersonSum, RoundSum, ServiceEvent, ServiceSum,
};
use super::planes;
use super::tally::Tally;
use super::things::Detail;
use crate::Plan;
use crate::engine::block::lanes::{Bits, Numbers, Row, Term};
use crate::engine::block::{CustomerSeen, DependencySeen, DependencyTimes, ServiceSeen, Watch, kernels};
use crate::plan::To;
use crate::simulation::Sample;
use crate::statistics::BlockAverage;
use crate::streams::LANES;

/// What the hits of an event are out of, in each replication.
#[derive(Debug, Clone, Copy)]
enum Trials {
    Same(u32),
    /// As many as another event has hits.
    HitsOf(usize),
}

/// How often a sum is added to, in each replication.
#[derive(Debug, Clone, Copy)]
enum Weight {
    Same(u32),
    HitsOf(usize),
}

/// Where a sum is kept until its block ends.
#[derive(Debug, Clone, Copy)]
enum Store {
    /// Nowhere: it is added to once a block.
    Nowhere,
    Row(usize),
    /// It is a sum of whole numbers: a counter.
    Counter(usize),
}

/// Counts blocks, one at a time.
#[derive(Debug)]
pub(crate) struct Count<'p> {
    plan: &'p Plan,
    layout: &'p Layout,
    warmup: u32,
    /// Whether customers' engagements are kept one by one.
    keep_samples: bool,
    pub(crate) samples: Vec<Sample>,
    counters: Counters,
    trials: Vec<Trials>,
    /// The event that counts how often a customer was late, for each customer.
    late: Vec<usize>,
    stores: Vec<Store>,
    weights: Vec<Weight>,
    rows: Vec<Box<Row>>,
    scratch: Scratch,
    block: u64,
    live: Bits,
    round: u32,
    rounds: u32,
    pub(crate) tally: Tally,
}

/// Counters of events, and of sums of whole numbers.
#[derive(Debug, Default)]
struct Counters {
    planes: Vec<Bits>,
    /// Where each begins; one more than there are counters.
    starts: Vec<usize>,
}

impl Counters {
    /// A counter up to `most`.
    fn open(&mut self, most: u64) -> usize {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.planes.resize(self.planes.len() + planes::planes(most), Bits::NONE);
        self.starts.push(self.planes.len());
        self.starts.len() - 2
    }

    fn of(&self, counter: usize) -> &[Bits] {
        &self.planes[self.starts[counter]..self.starts[counter + 1]]
    }

    fn add(&mut self, counter: usize, lanes: Bits) {
        planes::add(&mut self.planes[self.starts[counter]..self.starts[counter + 1]], lanes);
    }
}

#[derive(Debug)]
struct Scratch {
    value: Box<Row>,
    other: Box<Row>,
    waiting: Box<Row>,
    /// Of the inputs of the receiver that is being looked at: where the backup provided it.
    covered: Vec<Bits>,
    /// Where an error was caught on the way to it, an input after the other.
    caught: Vec<Bits>,
    /// In which lanes each input was last.
    last: Vec<Bits>,
}

impl<'p> Count<'p> {
    pub(crate) fn new(plan: &'p Plan, layout: &'p Layout, rounds: u32, warmup: u32, keep_samples: bool) -> Self {
        let counted = rounds - warmup;
        let [events, sums, _] = layout.counts;
        let mut count = Self {
            plan,
            layout,
            warmup,
            keep_samples,
            samples: Vec::new(),
            counters: Counters::default(),
            trials: vec![Trials::Same(counted); events],
            late: Vec::new(),
            stores: vec![Store::Nowhere; sums],
            weights: vec![Weight::Same(counted); sums],
            rows: Vec::new(),
            scratch: Scratch {
                value: Row::new(0.0),
                other: Row::new(0.0),
                waiting: Row::new(0.0),
                covered: Vec::new(),
                caught: Vec::new(),
                last: Vec::new(),
            },
            block: 0,
            live: Bits::ALL,
            round: 0,
            rounds,
            tally: Tally::new(layout, counted),
        };
        count.say_what_is_out_of_what(counted);
        count.find_places(counted);
        count
    }

    /// Trials and weights that are not simply the counted rounds.
    fn say_what_is_out_of_what(&mut self, counted: u32) {
        let (plan, layout) = (self.plan, self.layout);
        let first_hidden = self.trials.len();
        for (index, customer) in plan.customers.iter().enumerate() {
            let late = first_hidden + index;
            self.late.push(late);
            for input in 0..customer.inputs.len() {
                self.trials[layout.input_event(index, input, InputEvent::LastWhenLate)] = Trials::HitsOf(late);
            }
        }
        if layout.detail >= Detail::Full {
            for round in 0..self.rounds {
                for customer in 0..plan.customers.len() {
                    for event in [CustomerEvent::OnTime, CustomerEvent::ErrorFree, CustomerEvent::Perfect] {
                        self.trials[layout.round_event(round, customer, event)] = Trials::Same(1);
                    }
                    for sum in [RoundSum::Wait, RoundSum::Lateness] {
                        self.weights[layout.round_sum(round, customer, sum)] = Weight::Same(1);
                    }
                }
            }
        }
        if layout.detail < Detail::Services {
            return;
        }
        for (index, dependency) in plan.dependencies.iter().enumerate() {
            let event = |event| layout.dependency_event(index, event);
            let before = u32::try_from(dependency.lag).unwrap_or(u32::MAX).saturating_sub(self.warmup).min(counted);
            self.trials[event(DependencyEvent::Needed)] = Trials::Same(counted - before);
            for figure in [
                DependencyEvent::OnTime,
                DependencyEvent::PromiseKept,
                DependencyEvent::Silent,
                DependencyEvent::ErrorIn,
                DependencyEvent::ErrorPassed,
            ] {
                self.trials[event(figure)] = Trials::HitsOf(event(DependencyEvent::Needed));
            }
            self.trials[event(DependencyEvent::Caught)] = Trials::HitsOf(event(DependencyEvent::ErrorIn));
            for sum in [DependencySum::Delay, DependencySum::Response] {
                let weight = Weight::HitsOf(event(DependencyEvent::Needed));
                self.weights[layout.dependency_sum(index, sum)] = weight;
            }
        }
        let mut services = vec![0u32; plan.employees.len()];
        for service in &plan.services {
            services[service.employee] += 1;
        }
        let mut of_department = vec![(0u32, 0u32); plan.departments.len()];
        for (index, employee) in plan.employees.iter().enumerate() {
            self.trials[layout.employee_event(index, PersonEvent::OnTime)] = Trials::Same(services[index] * counted);
            self.weights[layout.employee_sum(index, PersonSum::Delay)] = Weight::Same(services[index] * counted);
            if let Some(department) = employee.department {
                of_department[department].0 += services[index];
                of_department[department].1 += 1;
            }
        }
        for (index, (services, people)) in of_department.into_iter().enumerate() {
            self.trials[layout.department_event(index, PersonEvent::OnTime)] = Trials::Same(services * counted);
            self.trials[layout.department_event(index, PersonEvent::Absent)] = Trials::Same(people * counted);
            self.weights[layout.department_sum(index, PersonSum::Delay)] = Weight::Same(services * counted);
        }
    }

    /// A counter for each event, and a store for each sum that is added to more than once a block.
    fn find_places(&mut self, counted: u32) {
        let layout = self.layout;
        for event in 0..self.trials.len() {
            let most = match self.trials[event] {
                Trials::Same(most) => most,
                Trials::HitsOf(_) => counted,
            };
            self.counters.open(most.into());
        }
        for _ in 0..self.late.len() {
            self.counters.open(counted.into());
        }
        let a_round = if layout.detail >= Detail::Full {
            layout.round_sum(0, 0, RoundSum::Wait)..layout.round_sum(self.rounds, 0, RoundSum::Wait)
        } else {
            0..0
        };
        if counted > 1 {
            for sum in (0..self.stores.len()).filter(|sum| !a_round.contains(sum)) {
                self.stores[sum] = Store::Row(0);
            }
        }
        if layout.detail >= Detail::Services {
            let people = (0..self.plan.employees.len()).map(|index| (index, true));
            for (index, is_employee) in people.chain((0..self.plan.departments.len()).map(|index| (index, false))) {
                let place =
                    |sum| if is_employee { layout.employee_sum(index, sum) } else { layout.department_sum(index, sum) };
                for sum in [PersonSum::Delay, PersonSum::Work, PersonSum::Waiting, PersonSum::MakingWait] {
                    self.stores[place(sum)] = Store::Row(0);
                }
                for sum in [PersonSum::ErrorsMade, PersonSum::ErrorsPassedOn, PersonSum::ErrorsCaught] {
                    // At most one an input, or a service, and round.
                    let things = self.plan.dependencies.len().max(self.plan.services.len()) as u64;
                    self.stores[place(sum)] = Store::Counter(self.counters.open(things * u64::from(counted)));
                }
            }
        }
        for store in &mut self.stores {
            if let Store::Row(row) = store {
                *row = self.rows.len();
                self.rows.push(Row::new(0.0));
            }
        }
    }

    pub(crate) fn begin_block(&mut self, block: u64, lanes: usize) {
        (self.block, self.live) = (block, Bits::first(lanes));
        self.counters.planes.fill(Bits::NONE);
        for row in &mut self.rows {
            row.0 = [0.0; LANES];
        }
        if self.keep_samples {
            let customers = self.plan.customers.len();
            let engagements = lanes * (self.rounds - self.warmup) as usize * customers;
            self.samples = vec![Sample::default(); engagements];
        }
    }

    fn is_counted(&self) -> bool {
        self.round >= self.warmup
    }

    pub(crate) fn end_block(&mut self) {
        let replications = self.live.count();
        for (event, total) in self.tally.events.iter_mut().enumerate() {
            let hits = self.counters.of(event);
            let counts = match self.trials[event] {
                Trials::Same(trials) => planes::out_of(hits, trials, self.live),
                Trials::HitsOf(trials) => planes::out_of_counted(hits, self.counters.of(trials), self.live),
            };
            total.add_block(&counts.into());
        }
        for (sum, total) in self.tally.sums.iter_mut().enumerate() {
            match self.stores[sum] {
                Store::Nowhere => {}
                Store::Counter(counter) => {
                    let counter = self.counters.of(counter);
                    let Weight::Same(weight) = self.weights[sum] else { continue };
                    total.add_block(&whole_numbers(counter, weight, replications));
                }
                Store::Row(row) => {
                    let row = &mut self.rows[row];
                    if self.live != Bits::ALL {
                        kernels::choose(row, Term::Same(0.0), Bits::ALL.without(self.live));
                    }
                    let block = match self.weights[sum] {
                        Weight::Same(weight) => same_weight(row, weight, replications),
                        Weight::HitsOf(event) => {
                            let counter = self.counters.of(event);
                            let weights = &mut self.scratch.other;
                            for lane in 0..LANES {
                                weights.0[lane] = planes::of_lane(counter, lane) as f64;
                            }
                            let partials = kernels::partial_sums(row, Term::Each(weights));
                            let (weight, squares) = (planes::total(counter), planes::squares(counter));
                            BlockAverage::of_partials(replications, partials, weight, squares)
                        }
                    };
                    total.add_block(&block);
                }
            }
        }
        self.tally.replications += u64::from(replications);
        if self.keep_samples {
            let order = |sample: &Sample| (sample.replication, sample.round, sample.customer);
            self.samples.sort_unstable_by_key(order);
        }
    }

    fn event(&mut self, place: usize, lanes: Bits) {
        self.counters.add(place, lanes.and(self.live));
    }

    /// Adds a row to a sum, in all live lanes or in some of them.
    fn sum(&mut self, place: usize, lanes: Bits) {
        let lanes = lanes.and(self.live);
        let value = &mut self.scratch.value;
        if lanes != Bits::ALL {
            kernels::choose(value, Term::Same(0.0), Bits::ALL.without(lanes));
        }
        match self.stores[place] {
            Store::Row(row) => kernels::increase(&mut self.rows[row], value),
            Store::Nowhere => {
                let partials = kernels::partial_sums(value, Term::Same(1.0));
                let weight = u64::from(lanes.count());
                let block = BlockAverage::of_partials(self.live.count(), partials, weight, weight.into());
                self.tally.sums[place].add_block(&block);
            }
            Store::Counter(_) => {}
        }
    }

    /// Counts one more in a sum of whole numbers.
    fn one_more(&mut self, place: usize, lanes: Bits) {
        if let Store::Counter(counter) = self.stores[place] {
            self.counters.add(counter, lanes.and(self.live));
        }
    }

    fn spread(&mut self, place: usize, lanes: Bits, values: &Row) {
        let histogram = self.tally.spreads[place].of_block(self.block);
        lanes.and(self.live).each(|lane| histogram.push(values.0[lane]));
    }

    /// Counts one more for a person and the department.
    fn person_event(&mut self, employee: usize, figure: PersonSum, lanes: Bits) {
        if lanes.is_empty() {
            return;
        }
        self.one_more(self.layout.employee_sum(employee, figure), lanes);
        if let Some(department) = self.plan.employees[employee].department {
            self.one_more(self.layout.department_sum(department, figure), lanes);
        }
    }

    /// Adds hours in some lanes to a person's sum and to the department's.
    fn person_hours(&mut self, employee: usize, figure: PersonSum, hours: &Row, lanes: Bits) {
        if lanes.is_empty() {
            return;
        }
        self.hours(self.layout.employee_sum(employee, figure), hours, lanes);
        if let Some(department) = self.plan.employees[employee].department {
            self.hours(self.layout.department_sum(department, figure), hours, lanes);
        }
    }

    fn hours(&mut self, place: usize, hours: &Row, lanes: Bits) {
        if let Store::Row(row) = self.stores[place] {
            let row = &mut self.rows[row];
            if lanes == Bits::ALL { kernels::increase(row, hours) } else { kernels::increase_in(row, hours, lanes) }
        }
    }
}

/// The sums of a row in which every replication counts as often.
fn same_weight(row: &Row, weight: u32, replications: u32) -> BlockAverage {
    let partials = kernels::partial_sums(row, Term::Same(weight.into()));
    let each = u64::from(weight);
    let (weight, squares) = (each * u64::from(replications), u128::from(each * each) * u128::from(replications));
    BlockAverage::of_partials(replications, partials, weight, squares)
}

/// The same sums of a counter: whole numbers, which are exact in any order.
fn whole_numbers(counter: &[Bits], weight: u32, replications: u32) -> BlockAverage {
    let sum = planes::total(counter) as f64;
    let only = |first: f64| [first, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let partials = [only(sum), only(planes::squares(counter) as f64), only(sum * f64::from(weight))];
    let each = u64::from(weight);
    let (weight, squares) = (each * u64::from(replications), u128::from(each * each) * u128::from(replications));
    BlockAverage::of_partials(replications, partials, weight, squares)
}

impl Watch for Count<'_> {
    fn round(&mut self, round: u32) -> bool {
        self.round = round;
        self.is_counted() || self.layout.detail >= Detail::Full
    }

    fn wants_everything(&self) -> bool {
        self.layout.detail >= Detail::Services && self.is_counted()
    }

    fn absence(&mut self, employee: usize, absent: Bits) {
        self.event(self.layout.employee_event(employee, PersonEvent::Absent), absent);
        if let Some(department) = self.plan.employees[employee].department {
            self.event(self.layout.department_event(department, PersonEvent::Absent), absent);
        }
    }

    fn dependency(&mut self, index: usize, seen: &DependencySeen, times: Option<DependencyTimes<'_>>) {
        let (plan, layout) = (self.plan, self.layout);
        let dependency = &plan.dependencies[index];
        if let To::Customer(customer) = dependency.receiver
            && self.is_counted()
        {
            let local = index - plan.customers[customer].inputs.start;
            self.event(layout.input_event(customer, local, InputEvent::BroughtError), seen.passed);
        }
        if !self.wants_everything() {
            return;
        }
        self.scratch.covered.push(seen.covered);
        self.scratch.caught.push(seen.caught);
        let event = |event| layout.dependency_event(index, event);
        self.event(event(DependencyEvent::Needed), seen.happened);
        let Some(times) = times else {
            // Nothing came over it in any replication.
            kernels::fill(&mut self.scratch.value, Term::Same(0.0));
            self.sum(layout.dependency_sum(index, DependencySum::Delay), Bits::NONE);
            self.sum(layout.dependency_sum(index, DependencySum::Response), Bits::NONE);
            return;
        };
        let provider = &plan.services[dependency.provider];
        let happened = seen.happened;

        // Since it was planned to arrive.
        planned_from(times.released, dependency.arrival, &mut self.scratch.other);
        kernels::subtract(times.arrival, Term::Each(&self.scratch.other), &mut self.scratch.value);
        let late = kernels::above(&self.scratch.value, Term::Same(0.0));
        self.event(event(DependencyEvent::OnTime), happened.without(late));
        self.sum(layout.dependency_sum(index, DependencySum::Delay), happened);

        // Since the provider had all it needed, and was planned to have it.
        planned_from(times.released, provider.ready, &mut self.scratch.other);
        kernels::latest(&mut self.scratch.other, times.provider_ready);
        kernels::subtract(times.arrival, Term::Each(&self.scratch.other), &mut self.scratch.value);
        let broken = kernels::above(&self.scratch.value, Term::Same(dependency.promise));
        self.event(event(DependencyEvent::PromiseKept), happened.without(broken));
        if layout.detail >= Detail::Full {
            let response = std::mem::replace(&mut self.scratch.value, Row::new(0.0));
            self.spread(layout.dependency_spread(index), happened, &response);
            self.scratch.value = response;
        }
        kernels::lessen(&mut self.scratch.value, dependency.promise);
        self.sum(layout.dependency_sum(index, DependencySum::Response), happened);

        self.event(event(DependencyEvent::Silent), seen.silent);
        self.event(event(DependencyEvent::ErrorIn), seen.error_in);
        self.event(event(DependencyEvent::ErrorPassed), seen.passed.and(happened));
        self.event(event(DependencyEvent::Caught), seen.caught);
        if dependency.matters {
            let passed = seen.passed.and(happened);
            self.person_event(provider.employee, PersonSum::ErrorsPassedOn, passed.without(seen.covered));
            if let Some(backup) = &provider.backup {
                self.person_event(backup.employee, PersonSum::ErrorsPassedOn, passed.and(seen.covered));
            }
        }
    }

    fn service(&mut self, index: usize, seen: &ServiceSeen<'_>) {
        let (plan, layout) = (self.plan, self.layout);
        let service = &plan.services[index];
        let event = |event| layout.service_event(index, event);
        let sum = |sum| layout.service_sum(index, sum);
        let owner = service.employee;
        let department = plan.employees[owner].department;

        planned_from(seen.release, service.finish, &mut self.scratch.other);
        kernels::subtract(seen.finish, Term::Each(&self.scratch.other), &mut self.scratch.value);
        let on_time = Bits::ALL.without(kernels::above(&self.scratch.value, Term::Same(0.0)));
        self.event(event(ServiceEvent::OnTime), on_time);
        self.event(layout.employee_event(owner, PersonEvent::OnTime), on_time);
        let delay = std::mem::replace(&mut self.scratch.value, Row::new(0.0));
        self.hours(layout.employee_sum(owner, PersonSum::Delay), &delay, Bits::ALL);
        if let Some(department) = department {
            self.event(layout.department_event(department, PersonEvent::OnTime), on_time);
            self.hours(layout.department_sum(department, PersonSum::Delay), &delay, Bits::ALL);
        }
        self.scratch.value = delay;
        self.sum(sum(ServiceSum::Delay), Bits::ALL);

        self.event(event(ServiceEvent::ErrorFree), Bits::ALL.without(seen.error));
        self.event(event(ServiceEvent::OwnError), seen.own_error);
        self.event(event(ServiceEvent::StartedLate), seen.started_late);

        // Waiting for inputs, and for the server.
        let mut waiting = std::mem::replace(&mut self.scratch.waiting, Row::new(0.0));
        kernels::fill(&mut self.scratch.other, seen.allowed);
        kernels::latest(&mut self.scratch.other, seen.server);
        kernels::subtract(seen.ready, Term::Each(&self.scratch.other), &mut waiting);
        kernels::latest(&mut waiting, Term::Same(0.0));
        kernels::fill(&mut self.scratch.value, Term::Each(&waiting));
        self.sum(sum(ServiceSum::Waiting), Bits::ALL);
        kernels::fill(&mut self.scratch.other, seen.allowed);
        kernels::latest(&mut self.scratch.other, Term::Each(seen.ready));
        kernels::fill(&mut self.scratch.value, seen.server);
        kernels::reduce(&mut self.scratch.value, &self.scratch.other);
        kernels::latest(&mut self.scratch.value, Term::Same(0.0));
        self.sum(sum(ServiceSum::Queued), Bits::ALL);
        kernels::fill(&mut self.scratch.value, seen.quality);
        self.sum(sum(ServiceSum::Quality), Bits::ALL);
        if layout.detail >= Detail::Full {
            let mut since = Row::new(0.0);
            kernels::subtract(seen.finish, seen.release, &mut since);
            self.spread(layout.service_spread(index), Bits::ALL, &since);
        }

        // Whoever did it.
        let workers = [
            Some((owner, Bits::ALL.without(seen.covered))),
            service.backup.as_ref().map(|b| (b.employee, seen.covered)),
        ];
        let mut caught = std::mem::take(&mut self.scratch.caught);
        for (worker, lanes) in workers.into_iter().flatten() {
            self.person_event(worker, PersonSum::ErrorsMade, seen.own_error.and(lanes));
            self.person_hours(worker, PersonSum::Work, seen.work, lanes);
            self.person_hours(worker, PersonSum::Waiting, &waiting, lanes);
            for caught in &caught {
                self.person_event(worker, PersonSum::ErrorsCaught, caught.and(lanes));
            }
        }
        caught.clear();
        self.scratch.caught = caught;

        // Whoever arrived last made the others wait; only where a customer is at the end of it.
        if service.matters {
            let waited = kernels::above(&waiting, Term::Same(0.0));
            for (local, input) in service.inputs.clone().enumerate() {
                let last = kernels::number_is(seen.last_input, input as u64).and(waited);
                let covered = self.scratch.covered[local];
                let provider = &plan.services[plan.dependencies[input].provider];
                self.person_hours(provider.employee, PersonSum::MakingWait, &waiting, last.without(covered));
                if let Some(backup) = &provider.backup {
                    self.person_hours(backup.employee, PersonSum::MakingWait, &waiting, last.and(covered));
                }
            }
        }
        self.scratch.covered.clear();
        self.scratch.waiting = waiting;
    }

    fn stage(&mut self, customer: usize, stage: usize, since_release: &Row) {
        if !self.is_counted() {
            return;
        }
        let service = self.plan.customers[customer].journey[stage];
        let planned = Term::Same(self.plan.services[service].finish);
        kernels::subtract(since_release, planned, &mut self.scratch.value);
        self.sum(self.layout.stage_sum(customer, stage), Bits::ALL);
        self.spread(self.layout.stage_spread(customer, stage), Bits::ALL, since_release);
    }

    fn customer(&mut self, index: usize, seen: &CustomerSeen<'_>) {
        let (plan, layout, round) = (self.plan, self.layout, self.round);
        let customer = &plan.customers[index];
        self.scratch.covered.clear();
        self.scratch.caught.clear();
        let late = kernels::above(seen.wait, Term::Same(customer.promise));
        let on_time = Bits::ALL.without(late);
        let error_free = Bits::ALL.without(seen.error);
        let good = match seen.quality {
            Term::Same(quality) => {
                if quality >= customer.perfect_quality {
                    Bits::ALL
                } else {
                    Bits::NONE
                }
            }
            Term::Each(quality) => Bits::ALL.without(kernels::below(quality, Term::Same(customer.perfect_quality))),
        };
        let perfect = on_time.and(error_free).and(good);
        let mut lateness = Row::new(0.0);
        kernels::subtract(seen.wait, Term::Same(customer.promise), &mut lateness);
        kernels::latest(&mut lateness, Term::Same(0.0));
        let waiting = |scratch: &mut Row| kernels::subtract(seen.wait, Term::Same(customer.ready), scratch);
        if layout.detail >= Detail::Full {
            self.event(layout.round_event(round, index, CustomerEvent::OnTime), on_time);
            self.event(layout.round_event(round, index, CustomerEvent::ErrorFree), error_free);
            self.event(layout.round_event(round, index, CustomerEvent::Perfect), perfect);
            waiting(&mut self.scratch.value);
            self.sum(layout.round_sum(round, index, RoundSum::Wait), Bits::ALL);
            kernels::fill(&mut self.scratch.value, Term::Each(&lateness));
            self.sum(layout.round_sum(round, index, RoundSum::Lateness), Bits::ALL);
        }
        if !self.is_counted() {
            return;
        }
        self.event(layout.customer_event(index, CustomerEvent::OnTime), on_time);
        self.event(layout.customer_event(index, CustomerEvent::ErrorFree), error_free);
        self.event(layout.customer_event(index, CustomerEvent::Perfect), perfect);
        self.event(self.late[index], late);
        waiting(&mut self.scratch.value);
        self.sum(layout.customer_sum(index, CustomerSum::Wait), Bits::ALL);
        kernels::fill(&mut self.scratch.value, Term::Each(&lateness));
        self.sum(layout.customer_sum(index, CustomerSum::Lateness), Bits::ALL);
        kernels::fill(&mut self.scratch.value, seen.quality);
        self.sum(layout.customer_sum(index, CustomerSum::Quality), Bits::ALL);
        kernels::fill(&mut self.scratch.value, Term::Each(seen.satisfaction));
        self.sum(layout.customer_sum(index, CustomerSum::Satisfaction), Bits::ALL);
        self.spread(layout.customer_spread(index, CustomerSpread::Wait), Bits::ALL, seen.wait);
        self.spread(layout.customer_spread(index, CustomerSpread::Lateness), Bits::ALL, &lateness);
        self.blame_the_last(index, late, seen.last_input);
        if self.keep_samples {
            self.keep(index, seen, &lateness, perfect);
        }
    }
}

impl Count<'_> {
    /// Counts for each input of a customer how often it came last when the customer was late.
    fn blame_the_last(&mut self, customer: usize, late: Bits, last_input: &Numbers) {
        let inputs = self.plan.customers[customer].inputs.clone();
        let mut last = std::mem::take(&mut self.scratch.last);
        last.clear();
        last.resize(inputs.len(), Bits::NONE);
        late.and(self.live).each(|lane| {
            let input = last_input.0[lane].wrapping_sub(inputs.start as u64);
            if let Some(lanes) = last.get_mut(input as usize) {
                lanes.0[lane / 64] |= 1 << (lane % 64);
            }
        });
        for (number, lanes) in last.iter().enumerate() {
            self.event(self.layout.input_event(customer, number, InputEvent::LastWhenLate), *lanes);
        }
        self.scratch.last = last;
    }

    fn keep(&mut self, index: usize, seen: &CustomerSeen<'_>, lateness: &Row, perfect: Bits) {
        let (customers, counted) = (self.plan.customers.len(), (self.rounds - self.warmup) as usize);
        let (live, at, first) = (self.live, self.plan.customers[index].at, self.block * LANES as u64);
        let (round, place) = (self.round, (self.round - self.warmup) as usize * customers + index);
        let samples = &mut self.samples;
        live.each(|lane| {
            if let Some(sample) = samples.get_mut(lane * counted * customers + place) {
                *sample = Sample {
                    replication: first + lane as u64,
                    round,
                    customer: at,
                    wait: seen.wait.0[lane],
                    lateness: lateness.0[lane],
                    error: seen.error.has(lane),
                    quality: match seen.quality {
                        Term::Same(quality) => quality,
                        Term::Each(quality) => quality.0[lane],
                    },
                    satisfaction: seen.satisfaction.0[lane],
                    perfect: perfect.has(lane),
                };
            }
        });
    }
}

/// A planned time: the release and an offset.
fn planned_from(release: Term<'_>, offset: f64, out: &mut Row) {
    match release {
        Term::Same(release) => kernels::fill(out, Term::Same(release + offset)),
        Term::Each(releases) => kernels::add(releases, Term::Same(offset), out),
    }
}
