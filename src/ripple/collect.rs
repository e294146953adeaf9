//! A shock as it is watched, block by block.

use super::rings::Rings;
use super::sums::{BlockSums, Hit, Mean, Sums, Values};
use crate::Plan;
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::engine::block::{Differences, Got, ServiceDifference, kernels};
use crate::streams::LANES;

/// What is summed of a customer, beside what is summed of everybody.
#[derive(Debug)]
pub(super) struct BlockCustomer {
    pub(super) late: Values,
    pub(super) perfect: Values,
    pub(super) satisfaction: Values,
    /// As it is without the shock.
    pub(super) late_before: Values,
    pub(super) perfect_before: Values,
    pub(super) wait_before: Values,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Customer {
    pub(super) late: Mean,
    pub(super) perfect: Mean,
    pub(super) satisfaction: Mean,
    pub(super) late_before: Mean,
    pub(super) perfect_before: Mean,
    pub(super) wait_before: Mean,
}

impl Customer {
    fn each(&mut self) -> [&mut Mean; 6] {
        let Self { late, perfect, satisfaction, late_before, perfect_before, wait_before } = self;
        [late, perfect, satisfaction, late_before, perfect_before, wait_before]
    }
}

impl BlockCustomer {
    fn new() -> Self {
        let [late, perfect, satisfaction, late_before, perfect_before, wait_before] =
            std::array::from_fn(|_| Values::new());
        Self { late, perfect, satisfaction, late_before, perfect_before, wait_before }
    }

    fn each(&mut self) -> [&mut Values; 6] {
        let Self { late, perfect, satisfaction, late_before, perfect_before, wait_before } = self;
        [late, perfect, satisfaction, late_before, perfect_before, wait_before]
    }
}

/// What is summed of a round.
#[derive(Debug)]
pub(super) struct BlockRound {
    hit: Bits,
    services: Values,
    customers: Values,
    wait: Values,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Round {
    /// Replications in which anybody is hit, and in which nobody is hit later.
    pub(super) hit: u64,
    pub(super) last: u64,
    pub(super) services: Mean,
    pub(super) customers: Mean,
    pub(super) wait: Mean,
}

/// Where everything is kept that is summed like everything else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    pub(super) employees: usize,
    pub(super) departments: usize,
    pub(super) customers: usize,
    pub(super) rings: usize,
    pub(super) count: usize,
}

impl Places {
    /// Services come first.
    pub(super) fn of(plan: &Plan, rings: &Rings) -> Self {
        let employees = plan.services.len();
        let departments = employees + plan.employees.len();
        let customers = departments + plan.departments.len();
        let places = customers + plan.customers.len();
        let most = rings.employees.iter().chain(&rings.customers).flatten().max();
        Self {
            employees,
            departments,
            customers,
            rings: places,
            count: places + most.map_or(0, |most| *most as usize + 1),
        }
    }
}

/// All sums of a ripple.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub(super) sums: Vec<Sums>,
    /// For each ring, how many people of it were hit.
    pub(super) people: Vec<Mean>,
    pub(super) customers: Vec<Customer>,
    pub(super) rounds: Vec<Round>,
    /// Replications in which anybody is hit at all.
    pub(super) hit: u64,
    /// Draws and times that were cut to the largest allowed.
    pub(super) cut: u64,
}

impl Tally {
    pub(super) fn new(plan: &Plan, places: Places, rounds: u32) -> Self {
        Self {
            sums: vec![Sums::default(); places.count],
            people: vec![Mean::default(); places.count - places.rings],
            customers: vec![Customer::default(); plan.customers.len()],
            rounds: vec![Round::default(); rounds as usize],
            hit: 0,
            cut: 0,
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(sums, other)| sums.merge(other));
        self.people.iter_mut().zip(&other.people).for_each(|(people, other)| people.merge(other));
        for (customer, other) in self.customers.iter_mut().zip(&other.customers) {
            let mut other = other.clone();
            customer.each().into_iter().zip(other.each()).for_each(|(mean, other)| mean.merge(other));
        }
        for (round, other) in self.rounds.iter_mut().zip(&other.rounds) {
            round.hit += other.hit;
            round.last += other.last;
            round.services.merge(&other.services);
            round.customers.merge(&other.customers);
            round.wait.merge(&other.wait);
        }
        self.hit += other.hit;
        self.cut += other.cut;
    }
}

/// One worker's watching of a shock.
pub(super) struct Collector<'a> {
    plan: &'a Plan,
    rings: &'a Rings,
    places: Places,
    tolerance: f64,
    live: Bits,
    sums: Vec<BlockSums>,
    customers: Vec<BlockCustomer>,
    rounds: Vec<BlockRound>,
    rows: [Box<Row>; 3],
}

impl<'a> Collector<'a> {
    pub(super) fn new(plan: &'a Plan, rings: &'a Rings, places: Places, rounds: u32, tolerance: f64) -> Self {
        let round =
            || BlockRound { hit: Bits::NONE, services: Values::new(), customers: Values::new(), wait: Values::new() };
        Self {
            plan,
            rings,
            places,
            tolerance,
            live: Bits::ALL,
            sums: (0..places.count).map(|_| BlockSums::new()).collect(),
            customers: plan.customers.iter().map(|_| BlockCustomer::new()).collect(),
            rounds: (0..rounds).map(|_| round()).collect(),
            rows: std::array::from_fn(|_| Row::new(0.0)),
        }
    }

    /// Bytes that one takes.
    pub(super) fn bytes(plan: &Plan, places: Places, rounds: u32) -> u128 {
        let rows = 6 * (places.count + plan.customers.len()) + 3 * rounds as usize;
        (rows * size_of::<Row>()) as u128
    }

    pub(super) fn begin_block(&mut self, lanes: usize) {
        self.live = Bits::first(lanes);
    }

    /// What a customer got in a round without the shock.
    pub(super) fn before(&mut self, customer: usize, got: &Got) {
        let of = &mut self.customers[customer];
        of.wait_before.add(&got.wait);
        of.late_before.count(late(self.plan, customer, got).and(self.live), 1.0);
        of.perfect_before.count(perfect(self.plan, customer, got).and(self.live), 1.0);
    }

    /// Adds a block of so many replications to the tally.
    pub(super) fn end_block(&mut self, lanes: usize, tally: &mut Tally) {
        let rings = self.places.rings;
        let mut people: Vec<Values> = tally.people.iter().map(|_| Values::new()).collect();
        for (employee, ring) in self.rings.employees.iter().enumerate() {
            if let Some(ring) = ring {
                people[*ring as usize].count(self.sums[self.places.employees + employee].hit.any, 1.0);
            }
        }
        tally.people.iter_mut().zip(&mut people).for_each(|(mean, people)| mean.take(people, lanes));
        debug_assert_eq!(tally.sums.len() - rings, tally.people.len());
        tally.sums.iter_mut().zip(&mut self.sums).for_each(|(sums, block)| sums.take(block, lanes));
        for (all, block) in tally.customers.iter_mut().zip(&mut self.customers) {
            all.each().into_iter().zip(block.each()).for_each(|(mean, values)| mean.take(values, lanes));
        }
        let mut later = Bits::NONE;
        for (all, block) in tally.rounds.iter_mut().zip(&mut self.rounds).rev() {
            let hit = std::mem::take(&mut block.hit).and(self.live);
            all.hit += u64::from(hit.count());
            all.last += u64::from(hit.without(later).count());
            later = later.or(hit);
            all.services.take(&mut block.services, lanes);
            all.customers.take(&mut block.customers, lanes);
            all.wait.take(&mut block.wait, lanes);
        }
        tally.hit += u64::from(later.count());
    }

    fn hit(&self, hours: &Row, error: (Bits, Bits), quality: &Row) -> Hit {
        hit(hours, self.tolerance, error, quality, self.live)
    }
}

/// Where hours differ by more than is tolerated, a result is wrong or right otherwise, or quality lost differs from none.
pub(super) fn hit(hours: &Row, tolerance: f64, (more, fewer): (Bits, Bits), quality_lost: &Row, live: Bits) -> Hit {
    let later = kernels::above(hours, Term::Same(tolerance)).and(live);
    let earlier = kernels::below(hours, Term::Same(-tolerance)).and(live);
    let worse = kernels::above(quality_lost, Term::Same(0.0)).and(live);
    let better = kernels::below(quality_lost, Term::Same(0.0)).and(live);
    let wrong = more.and(live);
    let any = later.or(earlier).or(wrong).or(fewer.and(live)).or(worse).or(better);
    Hit { any, later, earlier, wrong, worse }
}

/// Where a customer's promise was broken.
pub(super) fn late(plan: &Plan, customer: usize, got: &Got) -> Bits {
    kernels::above(&got.wait, Term::Same(plan.customers[customer].promise))
}

/// Where a customer's engagement was perfect.
pub(super) fn perfect(plan: &Plan, customer: usize, got: &Got) -> Bits {
    let poor = kernels::below(&got.quality, Term::Same(plan.customers[customer].perfect_quality));
    Bits::ALL.without(late(plan, customer, got)).without(got.error).without(poor)
}

/// Where only the first holds, and where only the second.
pub(super) fn only(one: Bits, other: Bits, live: Bits) -> (Bits, Bits) {
    (one.without(other).and(live), other.without(one).and(live))
}

impl Differences for Collector<'_> {
    fn wants_services(&self) -> bool {
        true
    }

    fn service(&mut self, round: u32, service: usize, seen: &ServiceDifference<'_>) {
        let [mut hours, mut quality, mut absorbed] =
            std::mem::replace(&mut self.rows, std::array::from_fn(|_| Box::new(Row([0.0; LANES]))));
        kernels::subtract(seen.after.finish, Term::Each(seen.before.finish), &mut hours);
        kernels::fill(&mut quality, seen.before.quality);
        let lost = quality.clone();
        kernels::subtract(&lost, seen.after.quality, &mut quality);
        for lane in 0..LANES {
            let (arrived, started) = (seen.arrived_later.0[lane], seen.started_later.0[lane]);
            let passed = if started > 0.0 { started } else { 0.0 };
            absorbed.0[lane] = if arrived > passed { arrived - passed } else { 0.0 };
        }
        let (more, fewer) = only(seen.after.error, seen.before.error, self.live);
        let (covered, _) = only(seen.after.covered, seen.before.covered, self.live);
        let hit = self.hit(&hours, (more, fewer), &quality);

        let planned = &self.plan.services[service];
        let employee = planned.employee;
        let department = self.plan.employees[employee].department.map(|at| self.places.departments + at);
        let ring = self.rings.employees[employee].map(|ring| self.places.rings + ring as usize);
        let places = [Some(service), Some(self.places.employees + employee), department, ring];
        for place in places.into_iter().flatten() {
            let sums = &mut self.sums[place];
            sums.hit.add(&hit);
            sums.hours.add(&hours);
            sums.quality.add(&quality);
            sums.absorbed.add(&absorbed);
            sums.errors.count(more, 1.0);
            sums.errors.count(fewer, -1.0);
            sums.covered.count(covered, 1.0);
            seen.caught.iter().for_each(|caught| sums.caught.count(caught.and(self.live), 1.0));
        }
        let round = &mut self.rounds[round as usize];
        round.hit = round.hit.or(hit.any);
        round.services.count(hit.any, 1.0);
        self.rows = [hours, quality, absorbed];
    }

    fn customer(&mut self, round: u32, customer: usize, before: &Got, after: &Got, caught: &[Bits]) {
        let [mut hours, mut quality, mut satisfaction] =
            std::mem::replace(&mut self.rows, std::array::from_fn(|_| Box::new(Row([0.0; LANES]))));
        kernels::subtract(&after.wait, Term::Each(&before.wait), &mut hours);
        kernels::subtract(&before.quality, Term::Each(&after.quality), &mut quality);
        kernels::subtract(&before.satisfaction, Term::Each(&after.satisfaction), &mut satisfaction);
        let (more, fewer) = only(after.error, before.error, self.live);
        let hit = self.hit(&hours, (more, fewer), &quality);
        let ring = self.rings.customers[customer].map(|ring| self.places.rings + ring as usize);
        for place in [Some(self.places.customers + customer), ring].into_iter().flatten() {
            let sums = &mut self.sums[place];
            sums.hit.add(&hit);
            sums.hours.add(&hours);
            sums.quality.add(&quality);
            sums.errors.count(more, 1.0);
            sums.errors.count(fewer, -1.0);
            caught.iter().for_each(|caught| sums.caught.count(caught.and(self.live), 1.0));
        }
        let of = &mut self.customers[customer];
        of.satisfaction.add(&satisfaction);
        let (later, earlier) = only(late(self.plan, customer, after), late(self.plan, customer, before), self.live);
        of.late.count(later, 1.0);
        of.late.count(earlier, -1.0);
        let (gained, lost) = only(perfect(self.plan, customer, after), perfect(self.plan, customer, before), self.live);
        of.perfect.count(lost, 1.0);
        of.perfect.count(gained, -1.0);
        let round = &mut self.rounds[round as usize];
        round.hit = round.hit.or(hit.any);
        round.customers.count(hit.any, 1.0);
        round.wait.add(&hours);
        self.rows = [hours, quality, satisfaction];
    }
}
