//! Counting a block: from what is seen of it to sums that merge exactly.

use super::adding::Figures;
use super::climate::ClimateCount;
use super::layout::{
    CustomerEvent, CustomerSpread, CustomerSum, DependencyEvent, DependencySum, InputEvent, Layout, PersonEvent,
    PersonSum, RoundSum, ServiceEvent, ServiceSum,
};
use super::ledger::Times;
use super::people::{Makes, People};
use super::seen::{Alike, DependencyPlaces, ServicePlaces};
use super::tally::Tally;
use super::things::Detail;
use crate::Plan;
use crate::engine::block::lanes::{Bits, Numbers, Row, Term};
use crate::engine::block::{
    CustomerSeen, DependencySeen, DependencyTimes, PostSeen, ServiceSeen, Watch, counting, kernels,
};
use crate::grid::later;
use crate::plan::{PlannedDependency, To};
use crate::simulation::Sample;
use crate::statistics::GroupedHistogram;
use crate::streams::LANES;

/// Counts blocks, one at a time.
#[derive(Debug)]
pub(crate) struct Count<'p> {
    plan: &'p Plan,
    layout: &'p Layout,
    warmup: u32,
    /// Whether customers' engagements are kept one by one.
    keep_samples: bool,
    pub(crate) samples: Vec<Sample>,
    /// The event that counts how often a customer was late: the first of them.
    late: usize,
    figures: Figures,
    people: People,
    climate: Option<ClimateCount>,
    /// What of a dependency is the same by construction as something else.
    alike: Vec<Alike>,
    /// The quality of a service, where it is always the same; else not a number.
    qualities: Vec<f64>,
    spreads: Vec<GroupedHistogram>,
    replications: u64,
    scratch: Scratch,
    /// Of the inputs of a customer: in which lanes each was last.
    last: Vec<Bits>,
    block: u64,
    live: Bits,
    round: u32,
    rounds: u32,
}

#[derive(Debug)]
struct Scratch {
    one: Box<Row>,
    other: Box<Row>,
    part: Box<Row>,
}

impl<'p> Count<'p> {
    pub(crate) fn new(plan: &'p Plan, layout: &'p Layout, rounds: u32, warmup: u32, keep_samples: bool) -> Self {
        let counted = rounds - warmup;
        let ([events, _], [.., spreads]) = (layout.plain_counts(), layout.counts);
        let (trials, weights) = out_of_what(plan, layout, rounds, warmup);
        let round_events = if layout.detail >= Detail::Full {
            layout.round_event(0, 0, CustomerEvent::OnTime)..layout.round_event(rounds, 0, CustomerEvent::OnTime)
        } else {
            0..0
        };
        let mut figures = Figures::new(trials, weights, counted, round_events);
        let everything = layout.detail >= Detail::Services;
        let people = if everything { People::new(plan, layout, counted, &mut figures) } else { People::default() };
        let alike = if everything { alike(plan, layout, &mut figures) } else { Vec::new() };
        Self {
            plan,
            layout,
            warmup,
            keep_samples,
            samples: Vec::new(),
            late: events,
            figures,
            people,
            climate: layout.climate.as_ref().map(|climate| ClimateCount::new(plan, climate, counted)),
            alike,
            qualities: vec![f64::NAN; if everything { plan.services.len() } else { 0 }],
            spreads: vec![GroupedHistogram::new(counted); spreads],
            replications: 0,
            scratch: Scratch { one: Row::new(0.0), other: Row::new(0.0), part: Row::new(0.0) },
            last: Vec::new(),
            block: 0,
            live: Bits::ALL,
            round: 0,
            rounds,
        }
    }

    /// About how many bytes one worker's counting takes at most, without customers' engagements: small sums for every
    /// figure; where several rounds are counted, a row for every sum that is not another one's; else rows for people whose
    /// sums several services add to, and for those in whose results somebody still has to wait. O(services + dependencies).
    pub(crate) fn bytes(plan: &Plan, layout: &Layout, rounds: u32, warmup: u32) -> u64 {
        let counted = rounds - warmup;
        let climate = layout.climate.as_ref().map_or(0, ClimateCount::bytes);
        let ([events, sums], spreads) = (layout.plain_counts().map(|count| count as u64), layout.counts[2] as u64);
        let figures = events * Figures::BYTES_AN_EVENT + sums * Figures::BYTES_A_SUM;
        let counters = if counted > 1 { events * Figures::BYTES_A_COUNTER } else { 0 };
        let row = size_of::<Row>() as u64;
        let people = plan.employees.len() as u64 + plan.departments.len() as u64;
        let rows = match (counted, layout.detail) {
            (1, Detail::Customers) => 0,
            (1, _) => 4 * people,
            _ => sums,
        };
        // A histogram of waits that span sixteen quarters of an octave.
        let histogram = 240 + 768 * 16;
        climate + figures + counters + rows * row + spreads * histogram * if counted > 1 { 10 } else { 1 }
    }

    pub(crate) fn begin_block(&mut self, block: u64, lanes: usize) {
        (self.block, self.live) = (block, Bits::first(lanes));
        self.figures.begin_block(self.live);
        if let Some(climate) = &mut self.climate {
            climate.begin_block(self.live);
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
        let Self { figures, people, qualities, layout, rounds, warmup, .. } = self;
        people.end_block(layout, figures);
        figures.end_block(|| constants(qualities, layout, *rounds - *warmup));
        if let Some(climate) = &mut self.climate {
            climate.end_block();
        }
        self.replications += u64::from(self.live.count());
        if self.keep_samples {
            let order = |sample: &Sample| (sample.replication, sample.round, sample.customer);
            self.samples.sort_unstable_by_key(order);
        }
    }

    /// Adds all blocks to the exact sums.
    pub(crate) fn settle(mut self, tally: &mut Tally) {
        let constants = constants(&self.qualities, self.layout, self.rounds - self.warmup);
        let [events, sums] = self.layout.plain_counts();
        let mut of_climate =
            Tally { events: tally.events.split_off(events), sums: tally.sums.split_off(sums), ..Tally::default() };
        self.figures.settle(tally, constants);
        tally.events.append(&mut of_climate.events);
        tally.sums.append(&mut of_climate.sums);
        if let Some(climate) = self.climate.take() {
            climate.settle(tally);
        }
        tally.replications = tally.replications.saturating_add(self.replications);
        tally.spreads.iter_mut().zip(&self.spreads).for_each(|(all, spread)| all.merge(spread));
    }

    fn spread(&mut self, place: usize, lanes: Bits, values: &Row) {
        let histogram = self.spreads[place].of_block(self.block);
        lanes.and(self.live).each(|lane| histogram.push(values.0[lane]));
    }
}

/// Finds dependencies that always hand on at once: as late as their provider, and as long after it had all it needed.
fn alike(plan: &Plan, layout: &Layout, figures: &mut Figures) -> Vec<Alike> {
    let mut struck = vec![false; plan.dependencies.len()];
    plan.disturbances.dependencies().for_each(|(_, dependency, _)| struck[dependency] = true);
    let mut first = vec![None; plan.services.len()];
    let alike = |(index, dependency): (usize, &PlannedDependency)| {
        let provider = dependency.provider;
        let at_once = !struck[index]
            && dependency.lag == 0
            && dependency.needed.is_always()
            && dependency.handoff.constant() == Some(0.0)
            && dependency.silence.is_none()
            && dependency.detection.is_never()
            && dependency.arrival == plan.services[provider].finish;
        if !at_once {
            return Alike::Nothing;
        }
        figures.same_event(
            layout.dependency_event(index, DependencyEvent::OnTime),
            layout.service_event(provider, ServiceEvent::OnTime),
        );
        figures.same_sum(
            layout.dependency_sum(index, DependencySum::Delay),
            layout.service_sum(provider, ServiceSum::Delay),
        );
        let (other, promise) = *first[provider].get_or_insert((index, dependency.promise));
        if other == index || promise != dependency.promise {
            return Alike::Delay;
        }
        let kept = |index| layout.dependency_event(index, DependencyEvent::PromiseKept);
        figures.same_event(kept(index), kept(other));
        let response = |index| layout.dependency_sum(index, DependencySum::Response);
        figures.same_sum(response(index), response(other));
        Alike::All
    };
    plan.dependencies.iter().enumerate().map(alike).collect()
}

/// What each lane's sum comes to, for figures that are the same in every round.
fn constants(qualities: &[f64], layout: &Layout, counted: u32) -> Vec<(usize, f64)> {
    let all = qualities.iter().enumerate().filter(|(_, quality)| !quality.is_nan());
    // Added up round by round, as anything else is.
    let sum = |quality: f64| (0..counted).fold(0.0, |sum, _| sum + quality);
    all.map(|(service, quality)| (layout.service_sum(service, ServiceSum::Quality), sum(*quality))).collect()
}

/// What the hits of each event are out of, and how often each sum is added to, in each replication. After the events of
/// the layout come those of being late, one a customer.
fn out_of_what(plan: &Plan, layout: &Layout, rounds: u32, warmup: u32) -> (Vec<Times>, Vec<Times>) {
    let counted = rounds - warmup;
    let [events, sums] = layout.plain_counts();
    let mut trials = vec![Times::Same(counted); events + plan.customers.len()];
    let mut weights = vec![Times::Same(counted); sums];
    for (index, customer) in plan.customers.iter().enumerate() {
        for input in 0..customer.inputs.len() {
            trials[layout.input_event(index, input, InputEvent::LastWhenLate)] = Times::HitsOf((events + index) as u32);
        }
    }
    if layout.detail >= Detail::Full {
        for round in 0..rounds {
            for customer in 0..plan.customers.len() {
                for event in [CustomerEvent::OnTime, CustomerEvent::ErrorFree, CustomerEvent::Perfect] {
                    trials[layout.round_event(round, customer, event)] = Times::Same(1);
                }
                for sum in [RoundSum::Wait, RoundSum::Lateness] {
                    weights[layout.round_sum(round, customer, sum)] = Times::Same(1);
                }
            }
        }
    }
    if layout.detail < Detail::Services {
        return (trials, weights);
    }
    for (index, dependency) in plan.dependencies.iter().enumerate() {
        let event = |event| layout.dependency_event(index, event);
        let before = u32::try_from(dependency.lag).unwrap_or(u32::MAX).saturating_sub(warmup).min(counted);
        let chances = Times::Same(counted - before);
        trials[event(DependencyEvent::Needed)] = chances;
        let needed =
            if dependency.needed.is_always() { chances } else { Times::HitsOf(event(DependencyEvent::Needed) as u32) };
        for figure in [
            DependencyEvent::OnTime,
            DependencyEvent::PromiseKept,
            DependencyEvent::Silent,
            DependencyEvent::ErrorIn,
            DependencyEvent::ErrorPassed,
        ] {
            trials[event(figure)] = needed;
        }
        trials[event(DependencyEvent::Caught)] = Times::HitsOf(event(DependencyEvent::ErrorIn) as u32);
        for sum in [DependencySum::Delay, DependencySum::Response] {
            weights[layout.dependency_sum(index, sum)] = needed;
        }
    }
    let mut services = vec![0u32; plan.employees.len()];
    for service in &plan.services {
        services[service.employee] += 1;
    }
    let mut of_department = vec![(0u32, 0u32); plan.departments.len()];
    for (index, employee) in plan.employees.iter().enumerate() {
        trials[layout.employee_event(index, PersonEvent::OnTime)] = Times::Same(services[index] * counted);
        weights[layout.employee_sum(index, PersonSum::Delay)] = Times::Same(services[index] * counted);
        if let Some(department) = employee.department {
            of_department[department].0 += services[index];
            of_department[department].1 += 1;
        }
    }
    for (index, (services, people)) in of_department.into_iter().enumerate() {
        trials[layout.department_event(index, PersonEvent::OnTime)] = Times::Same(services * counted);
        trials[layout.department_event(index, PersonEvent::Absent)] = Times::Same(people * counted);
        weights[layout.department_sum(index, PersonSum::Delay)] = Times::Same(services * counted);
    }
    (trials, weights)
}

impl Watch for Count<'_> {
    fn round(&mut self, round: u32) -> bool {
        self.round = round;
        self.is_counted() || self.layout.detail >= Detail::Full || self.climate.is_some()
    }

    fn wants_everything(&self) -> bool {
        self.layout.detail >= Detail::Services && self.is_counted()
    }

    fn absence(&mut self, employee: usize, absent: Bits) {
        if absent.is_empty() {
            return;
        }
        self.figures.event(self.layout.employee_event(employee, PersonEvent::Absent), absent);
        if let Some(department) = self.plan.employees[employee].department {
            self.figures.event(self.layout.department_event(department, PersonEvent::Absent), absent);
        }
    }

    fn dependency(&mut self, index: usize, seen: &DependencySeen, times: Option<DependencyTimes<'_>>) {
        let (plan, layout) = (self.plan, self.layout);
        let dependency = &plan.dependencies[index];
        if let To::Customer(customer) = dependency.receiver
            && self.is_counted()
        {
            let local = index - plan.customers[customer].inputs.start;
            self.figures.event(layout.input_event(customer, local, InputEvent::BroughtError), seen.passed);
        }
        // Nothing came over it in any replication where there are no times.
        let Some(times) = times.filter(|_| self.wants_everything()) else { return };
        let happened = seen.happened;
        let Scratch { one: delay, other: over, .. } = &mut self.scratch;
        let (released, planned) =
            (times.released, [dependency.arrival, self.people.providers[dependency.provider].ready]);
        if layout.detail >= Detail::Full {
            counting::arrived(times.arrival, times.provider_ready, released, planned, 0.0, delay, over);
            let histogram = self.spreads[layout.dependency_spread(index)].of_block(self.block);
            // An answer that came before it was due took no time.
            happened.and(self.live).each(|lane| histogram.push(later(0.0, over.0[lane])));
        }
        let came = DependencyPlaces {
            alike: self.alike[index],
            always: dependency.needed.is_always(),
            planned,
            promise: dependency.promise,
            events: layout.dependency_event(index, DependencyEvent::Needed),
            sums: [DependencySum::Delay, DependencySum::Response].map(|sum| layout.dependency_sum(index, sum)),
        };
        let passed = came.add(seen, &times, [delay, over], &mut self.figures);
        if dependency.matters && !passed.is_empty() {
            let by = [passed.without(seen.covered), passed.and(seen.covered)];
            self.people.passed_on(dependency.provider, by, &mut self.figures);
        }
    }

    fn service(&mut self, index: usize, seen: &ServiceSeen<'_>) {
        let (plan, layout) = (self.plan, self.layout);
        let service = &plan.services[index];
        let sum = |sum| layout.service_sum(index, sum);
        let Self { figures, people, scratch: Scratch { one: delay, other: waiting, part }, .. } = self;
        let served = ServicePlaces {
            finish: service.finish,
            events: layout.service_event(index, ServiceEvent::OnTime),
            sums: [sum(ServiceSum::Delay), sum(ServiceSum::Waiting)],
        };
        let (late, waited, worked) = served.add(seen, [delay, waiting], figures);
        let on_time = Bits::ALL.without(late);
        // Where there is always a free server, nobody queues.
        if let Term::Each(server) = seen.server {
            counting::queued(seen.ready, seen.allowed, server, part);
            figures.add(sum(ServiceSum::Queued), part, Bits::ALL, true, false);
        }
        match seen.quality {
            Term::Same(quality) => self.qualities[index] = quality,
            Term::Each(quality) => {
                kernels::fill(part, Term::Each(quality));
                figures.add(sum(ServiceSum::Quality), part, Bits::ALL, false, false);
            }
        }
        let makes = Makes {
            on_time,
            delay,
            waiting,
            work: seen.work,
            worked,
            covered: seen.covered,
            own_error: seen.own_error,
        };
        people.served(layout, index, &makes, seen.inputs, part, figures);
        // Whoever arrived last made the others wait; only where a customer is at the end of it.
        if service.matters && !waited.is_empty() {
            people.made_wait(plan, layout, index, seen, waiting, part, figures);
        }
        people.close(layout, index, figures);
        if layout.detail >= Detail::Full {
            let mut since = Row::new(0.0);
            kernels::subtract(seen.finish, seen.release, &mut since);
            self.spread(layout.service_spread(index), Bits::ALL, &since);
        }
    }

    fn post(&mut self, employee: usize, seen: &PostSeen<'_>) {
        self.post_of_climate(employee, seen);
    }

    fn stage(&mut self, customer: usize, stage: usize, since_release: &Row) {
        if !self.is_counted() {
            return;
        }
        let service = self.plan.customers[customer].journey[stage];
        let planned = Term::Same(self.plan.services[service].finish);
        kernels::subtract(since_release, planned, &mut self.scratch.one);
        self.figures.add(self.layout.stage_sum(customer, stage), &mut self.scratch.one, Bits::ALL, true, false);
        self.spread(self.layout.stage_spread(customer, stage), Bits::ALL, since_release);
    }

    fn customer(&mut self, index: usize, seen: &CustomerSeen<'_>) {
        let (plan, layout, round) = (self.plan, self.layout, self.round);
        let customer = &plan.customers[index];
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
        let Self { figures, scratch: Scratch { one: value, .. }, .. } = self;
        let since_planned = |value: &mut Row| kernels::subtract(seen.wait, Term::Same(customer.ready), value);
        if layout.detail >= Detail::Full {
            figures.event(layout.round_event(round, index, CustomerEvent::OnTime), on_time);
            figures.event(layout.round_event(round, index, CustomerEvent::ErrorFree), error_free);
            figures.event(layout.round_event(round, index, CustomerEvent::Perfect), perfect);
            since_planned(value);
            figures.add(layout.round_sum(round, index, RoundSum::Wait), value, Bits::ALL, true, true);
            kernels::fill(value, Term::Each(&lateness));
            figures.add(layout.round_sum(round, index, RoundSum::Lateness), value, Bits::ALL, true, true);
        }
        if let Some(climate) = &mut self.climate {
            since_planned(value);
            climate.customer((round, index), [on_time, perfect], [value, seen.satisfaction]);
        }
        if self.round < self.warmup {
            return;
        }
        figures.event(layout.customer_event(index, CustomerEvent::OnTime), on_time);
        figures.event(layout.customer_event(index, CustomerEvent::ErrorFree), error_free);
        figures.event(layout.customer_event(index, CustomerEvent::Perfect), perfect);
        figures.event(self.late + index, late);
        since_planned(value);
        figures.add(layout.customer_sum(index, CustomerSum::Wait), value, Bits::ALL, true, false);
        kernels::fill(value, Term::Each(&lateness));
        figures.add(layout.customer_sum(index, CustomerSum::Lateness), value, Bits::ALL, true, false);
        kernels::fill(value, seen.quality);
        figures.add(layout.customer_sum(index, CustomerSum::Quality), value, Bits::ALL, false, false);
        kernels::fill(value, Term::Each(seen.satisfaction));
        figures.add(layout.customer_sum(index, CustomerSum::Satisfaction), value, Bits::ALL, false, false);
        self.spread(layout.customer_spread(index, CustomerSpread::Wait), Bits::ALL, seen.wait);
        self.spread(layout.customer_spread(index, CustomerSpread::Lateness), Bits::ALL, &lateness);
        self.blame_the_last(index, late, seen.last_input);
        if self.keep_samples {
            self.keep(index, seen, &lateness, perfect);
        }
    }
}

impl Count<'_> {
    /// What a climate did, post by post; the last of them closes the round.
    fn post_of_climate(&mut self, employee: usize, seen: &PostSeen<'_>) {
        let is_counted = self.is_counted();
        let (round, last) = (self.round, employee + 1 == self.plan.employees.len());
        if let Some(climate) = &mut self.climate {
            climate.post(employee, seen, is_counted);
            if last {
                climate.end_round(round);
            }
        }
    }

    /// Counts for each input of a customer how often it came last when the customer was late.
    fn blame_the_last(&mut self, customer: usize, late: Bits, last_input: &Numbers) {
        let inputs = self.plan.customers[customer].inputs.clone();
        let mut last = std::mem::take(&mut self.last);
        last.clear();
        last.resize(inputs.len(), Bits::NONE);
        late.and(self.live).each(|lane| {
            let input = last_input.0[lane].wrapping_sub(inputs.start as u64);
            if let Some(lanes) = last.get_mut(input as usize) {
                lanes.0[lane / 64] |= 1 << (lane % 64);
            }
        });
        for (number, lanes) in last.iter().enumerate() {
            let place = self.layout.input_event(customer, number, InputEvent::LastWhenLate);
            self.figures.event_of(place, *lanes, late);
        }
        self.last = last;
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
