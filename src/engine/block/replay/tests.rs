//! What a shock makes different is the difference of two whole runs.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Differences, Got, Replay, ServiceDifference};
use crate::Plan;
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::engine::block::tests::{late, organizations, shocks};
use crate::engine::block::{BlockEngine, CustomerSeen, Program, ServiceSeen, Watch, kernels};
use crate::engine::{Keys, Shocks, shock_keys};
use crate::streams::Chance;
use organizations::{cases, organizations_in_a_climate};

/// What was delivered: hours and quality by lane, the error.
type Delivery = (Vec<f64>, Vec<f64>, Bits);

/// Everything that a block delivers, by round and service, and by round and customer.
#[derive(Debug, Default, Clone)]
struct Everything {
    lanes: usize,
    round: u32,
    services: BTreeMap<(u32, usize), Delivery>,
    customers: BTreeMap<(u32, usize), Delivery>,
    /// Whether a replay shows services.
    wants: bool,
}

impl Everything {
    fn result(&self, hours: &Row, quality: Term<'_>, error: Bits) -> Delivery {
        let mut row = Row::new(0.0);
        kernels::fill(&mut row, quality);
        let lanes = self.lanes;
        (hours.0[..lanes].to_vec(), row.0[..lanes].to_vec(), error.and(Bits::first(lanes)))
    }
}

impl Watch for Everything {
    fn round(&mut self, round: u32) -> bool {
        self.round = round;
        true
    }

    fn wants_everything(&self) -> bool {
        true
    }

    fn service(&mut self, index: usize, seen: &ServiceSeen<'_>) {
        self.services.insert((self.round, index), self.result(seen.finish, seen.quality, seen.error));
    }

    fn customer(&mut self, index: usize, seen: &CustomerSeen<'_>) {
        let mut row = Row::new(0.0);
        kernels::fill(&mut row, seen.quality);
        kernels::multiply(&mut row, Term::Each(seen.satisfaction));
        self.customers.insert((self.round, index), self.result(seen.wait, Term::Each(&row), seen.error));
    }
}

impl Differences for Everything {
    fn wants_services(&self) -> bool {
        self.wants
    }

    fn service(&mut self, round: u32, service: usize, seen: &ServiceDifference<'_>) {
        let before = self.result(seen.before.finish, seen.before.quality, seen.before.error);
        assert_eq!(self.services[&(round, service)], before);
        let after = self.result(seen.after.finish, seen.after.quality, seen.after.error);
        self.services.insert((round, service), after);
        for lane in 0..self.lanes {
            let (arrived, started) = (seen.arrived_later.0[lane], seen.started_later.0[lane]);
            assert!(arrived >= 0.0 && started.is_finite(), "{arrived} {started}");
        }
    }

    fn customer(&mut self, round: u32, customer: usize, before: &Got, after: &Got, _caught: &[Bits]) {
        let of = |got: &Got| {
            let mut row = got.quality.clone();
            kernels::multiply(&mut row, Term::Each(&got.satisfaction));
            self.result(&got.wait, Term::Each(&row), got.error)
        };
        let (before, after) = (of(before), of(after));
        assert_eq!(self.customers[&(round, customer)], before);
        self.customers.insert((round, customer), after);
    }
}

fn whole(plan: &Plan, seed: u64, block: u64, lanes: usize, rounds: u32) -> Everything {
    let (program, keys) = (Program::new(plan, rounds), Keys::of(plan, seed));
    let mut everything = Everything { lanes, ..Everything::default() };
    BlockEngine::new(plan, &program, &keys, rounds, true).block(block, lanes, &mut everything);
    everything
}

/// Compares the replays of several shocks, one after the other over one recording, with whole runs.
fn compare(base: &Plan, more: &[&Plan], seed: u64, block: u64, lanes: usize) -> Result<(), TestCaseError> {
    let rounds = base.rounds();
    let before = whole(base, seed, block, lanes, rounds);
    let struck = |more: &&Plan| {
        let mut struck = base.clone();
        struck.disturbances.add(&more.disturbances);
        struck
    };
    let struck: Vec<Plan> = more.iter().map(struck).collect();
    let mut all = base.disturbances.clone();
    struck.iter().for_each(|plan| all.add(&plan.disturbances));
    let program = Program::keeping(base, &all, rounds);
    let keys = Keys::of(base, seed);
    let shock_keys: Vec<_> = struck.iter().map(|plan| shock_keys(&plan.disturbances, seed)).collect();
    let mut replay = Replay::new(base, &program, &keys, rounds);
    replay.record(block + 1, 256);
    replay.record(block, lanes);
    for wants in [true, false] {
        for (plan, keys) in struck.iter().zip(&shock_keys) {
            let mut seen = Everything { wants, ..before.clone() };
            replay.strike(Shocks { disturbances: &plan.disturbances, keys }, &mut seen);
            let expected = whole(plan, seed, block, lanes, rounds);
            let differs = |(at, one): (&(u32, usize), &Delivery)| (*one != seen.customers[at]).then_some(*at);
            prop_assert_eq!(expected.customers.iter().find_map(differs), None);
            let differs = |(at, one): (&(u32, usize), &Delivery)| (*one != seen.services[at]).then_some(*at);
            prop_assert_eq!(expected.services.iter().filter(|_| wants).find_map(differs), None);
        }
    }
    Ok(())
}

fn plans() -> impl Strategy<Value = Plan> {
    organizations_in_a_climate().prop_map(|organization| organization.plan().expect("circles were mended"))
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_replay_is_the_difference_of_two_runs(
        (plan, one, other) in plans().prop_flat_map(|plan| (Just(plan.clone()), shocks(&plan), shocks(&plan))),
        seed in 0u64..1_000,
        block in 0u64..3,
        lanes in prop_oneof![Just(256usize), Just(100), Just(1)],
        is_shocked_before in any::<bool>(),
    ) {
        let base = if is_shocked_before { &one } else { &plan };
        compare(base, &[&one, &other, &plan], seed, block, lanes)?;
    }

    /// Where most of it goes the short way: nobody is absent, and nothing but hours is lost.
    #[test]
    fn what_is_only_later_is_the_difference_too(
        (plan, one, other) in plans()
            .prop_map(|mut plan| {
                plan.employees.iter_mut().for_each(|employee| employee.absence = Chance::new(0.0));
                plan
            })
            .prop_flat_map(|plan| (Just(plan.clone()), late(&plan), late(&plan))),
        seed in 0u64..1_000,
    ) {
        compare(&plan, &[&one, &other, &plan], seed, 1, 256)?;
    }
}
