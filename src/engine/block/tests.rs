//! The block engine gives the bits of the scalar engine.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

#[path = "../../../tests/it/organizations.rs"]
#[allow(unreachable_pub, dead_code, clippy::field_reassign_with_default)]
pub(super) mod organizations;

use crate::engine::Keys;
use crate::engine::scalar::Engine;
use crate::generate;
use crate::organization::Dependency;
use crate::outcome::layout::Layout;
use crate::outcome::one_by_one::Counter;
use crate::outcome::tally::Tally;
use crate::outcome::{Detail, Things};
use crate::streams::LANES;
use crate::{Distribution, Observer, Organization, Plan, Sample, Sampler};
use organizations::{cases, organizations_in_a_climate};

/// The sums of a run by the scalar engine, a replication at a time.
fn one_by_one(plan: &Plan, seed: u64, replications: u64, rounds: u32, warmup: u32, detail: Detail) -> Tally {
    let layout = Layout::of(&Things::of(plan, detail), detail, rounds);
    let keys = Keys::of(plan, seed);
    let mut engine = Engine::new(plan, &keys, rounds);
    let mut counter = Counter::new(plan, &layout, rounds, warmup);
    for replication in 0..replications {
        let block = replication / LANES as u64;
        engine.replication(replication, rounds, |round| counter.round(block, round));
        counter.end_replication((replication % LANES as u64) as usize);
        if replication % LANES as u64 == LANES as u64 - 1 || replication == replications - 1 {
            counter.end_block();
        }
    }
    counter.tally.cut = engine.cut;
    counter.tally
}

/// Compares sum by sum, so that the first difference is named.
fn compare(organization: &Organization, seed: u64, replications: u64, warmup: u32, detail: Detail) {
    compare_plans(&organization.plan().expect("circles were mended"), seed, replications, warmup, detail);
}

fn compare_plans(plan: &Plan, seed: u64, replications: u64, warmup: u32, detail: Detail) {
    let rounds = plan.rounds().max(warmup + 1);
    let scalar = one_by_one(plan, seed, replications, rounds, warmup, detail);
    let run = plan.simulate().seed(seed).replications(replications).rounds(rounds).warmup(warmup).detail(detail);
    let block = run.threads(1).run().expect("runs").tally;
    for (place, (scalar, block)) in scalar.events.iter().zip(&block.events).enumerate() {
        assert_eq!(scalar, block, "event {place} (left: scalar, right: block)");
    }
    for (place, (scalar, block)) in scalar.sums.iter().zip(&block.sums).enumerate() {
        assert_eq!(scalar, block, "sum {place} (left: scalar, right: block)");
    }
    for (place, (scalar, block)) in scalar.spreads.iter().zip(&block.spreads).enumerate() {
        assert_eq!(scalar, block, "spread {place} (left: scalar, right: block)");
    }
    assert_eq!(scalar, block, "replications or cuts");
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn blocks_give_the_bits_of_the_scalar_engine(organization in organizations_in_a_climate(), seed in 0u64..1_000, warmup in 0u32..2) {
        for detail in [Detail::Customers, Detail::Services, Detail::Full] {
            compare(&organization, seed, 300, warmup, detail);
        }
    }
}

/// What nothing is drawn on is waited for without a key; each thing that can be drawn, alone on one dependency, is drawn.
#[test]
fn each_facet_alone_is_drawn() {
    type Facet = fn(Dependency) -> Dependency;
    let facets: [Facet; 7] = [
        |dependency| dependency.handoff(0.25),
        |dependency| dependency.handoff(Distribution::exponential(0.5)),
        |dependency| dependency.silent(0.4, Distribution::exponential(3.0)),
        |dependency| dependency.needed(0.5).handoff(2.0),
        |dependency| dependency.detection(0.5).rework(4.0).transmission(0.5),
        |dependency| dependency.detection(0.5).rework(Distribution::exponential(1.0)).transmission(0.5),
        // More than a draw can be, now and then.
        |dependency| dependency.detection(0.5).rework(Distribution::exponential(400_000.0)),
    ];
    for (number, facet) in facets.into_iter().enumerate() {
        let office = Organization::builder("Office")
            .employee("Ana", |e| {
                e.provides_with("list", Distribution::exponential(1.0), |s| {
                    s.error_rate(if number >= 4 { 0.3 } else { 0.0 })
                })
            })
            .employee("Ben", |e| e.provides("answer", 1.0))
            .customer("Firms", |c| c.promise(4.0))
            .serves_with("Ana", "Ben", "list", facet)
            .serves("Ben", "Firms", "answer")
            .build()
            .expect("sound");
        compare(&office, number as u64, 300, 0, Detail::Customers);
    }
}

/// A number of shocks of every kind, on anything in any round.
pub(super) fn shocks(plan: &Plan) -> impl Strategy<Value = Plan> + use<> {
    let long = Just(Distribution::from(1_000_000.0));
    shocks_of(plan, prop_oneof![3 => some_hours(), 1 => long].boxed(), (0..11).boxed())
}

/// A number of shocks that cost some hours at one service or another, and do nothing else.
pub(super) fn late(plan: &Plan) -> impl Strategy<Value = Plan> + use<> {
    shocks_of(plan, some_hours().boxed(), (0..2).boxed())
}

fn some_hours() -> impl Strategy<Value = Distribution> {
    let exponential = Distribution::exponential(2.0);
    prop_oneof![Just(Distribution::from(0.5)), Just(exponential), Just(Distribution::pert(0.0, 1.0, 9.0))]
}

fn shocks_of(
    plan: &Plan,
    hours: BoxedStrategy<Distribution>,
    what: BoxedStrategy<i32>,
) -> impl Strategy<Value = Plan> + use<> {
    let plan = plan.clone();
    let shock = (0u32..4, any::<Index>(), what, hours);
    vec(shock, 1..8).prop_map(move |shocks| {
        let mut plan = plan.clone();
        let Plan { disturbances, services, dependencies, employees, .. } = &mut plan;
        for (number, (round, at, what, hours)) in shocks.into_iter().enumerate() {
            let sampler = Sampler::new(&hours).expect("sound");
            let lost = disturbances.lost(format!("shock {number}"), sampler.clone());
            if what < 7 {
                let struck = disturbances.service_mut(round, at.index(services.len()));
                match what {
                    0 => struck.lost.push(lost),
                    1 => struck.lost_by_employee.push(lost),
                    2 => struck.wrong = true,
                    3 => struck.wrong_by_employee = true,
                    4 => struck.quality *= 0.3,
                    5 => struck.quality_by_employee *= 0.7,
                    _ => struck.pace *= 1.7,
                }
            } else if what < 9 {
                let struck = disturbances.employee_mut(round, at.index(employees.len()));
                struck.absent |= what == 7;
                struck.pace *= if what == 8 { 2.3 } else { 1.0 };
            } else if !dependencies.is_empty() {
                let struck = disturbances.dependency_mut(round, at.index(dependencies.len()));
                match what {
                    9 => struck.lost.push(lost),
                    _ if number % 2 == 0 => struck.wrong = true,
                    _ => struck.unanswered = Some(sampler),
                }
            }
        }
        plan
    })
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn shocks_strike_alike_in_both_engines(
        plan in organizations_in_a_climate().prop_map(|organization| organization.plan().expect("circles were mended"))
            .prop_flat_map(|plan| shocks(&plan)),
        seed in 0u64..1_000,
    ) {
        for detail in [Detail::Customers, Detail::Full] {
            compare_plans(&plan, seed, 300, 0, detail);
        }
    }
}

/// Keeps every engagement.
#[derive(Default)]
struct Keep(Vec<Sample>);

impl Observer for Keep {
    fn wants_samples(&self) -> bool {
        true
    }

    fn samples(&mut self, samples: &[Sample]) {
        self.0.extend_from_slice(samples);
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn engagements_are_those_of_the_scalar_engine(organization in organizations_in_a_climate(), seed in 0u64..1_000) {
        let plan = organization.plan().expect("circles were mended");
        let run = plan.simulate().seed(seed).replications(260);
        let mut keep = Keep::default();
        run.run_observed(&mut keep).expect("runs");
        let mut kept = keep.0.into_iter();
        for replication in 0..260 {
            let trace = run.trace(replication).expect("a trace");
            for round in &trace.rounds {
                let mut order: Vec<usize> = (0..round.customers.len()).collect();
                order.sort_by_key(|&customer| plan.customers[customer].at);
                for customer in order {
                    let (traced, sample) = (&round.customers[customer], kept.next().expect("an engagement"));
                    prop_assert_eq!((sample.replication, sample.round), (replication, round.round));
                    prop_assert_eq!((sample.wait, sample.lateness), (traced.wait, traced.lateness));
                    prop_assert_eq!((sample.error, sample.perfect), (traced.error, traced.perfect));
                    prop_assert_eq!((sample.quality, sample.satisfaction), (traced.quality, traced.satisfaction));
                }
            }
        }
        prop_assert_eq!(kept.count(), 0);
    }
}

/// What random organisations do not meet: hours that are cut, large groups and teams, long lags and absences.
#[test]
fn extremes_give_the_bits_of_the_scalar_engine() {
    use crate::organization::{Backup, Dependency, Description, Employee, Kind, Service};
    let cut = Distribution::mixture([(0.5, Distribution::from(1.0)), (0.5, Distribution::exponential(900_000.0))]);
    let base = || {
        let mut team = Employee::new("Team").service(Service::new(Distribution::exponential(2.0)).name("a"));
        team = team.service(Service::new(Distribution::from(0.7)).name("b"));
        team.capacity = Some(40);
        let mut builder = Organization::builder("Extremes")
            .customer("C", |c| c.promise(3.0))
            .employee("Lea", |e| e.service(Service::new(Distribution::uniform(0.5, 1.5)).error_rate(0.2)));
        for member in 0..24 {
            builder = builder.employee(format!("M{member}"), |e| e.provides("x", Distribution::exponential(1.0)));
        }
        let mut description: Description = builder.serves("Lea", "C", "").build().expect("sound").description().clone();
        description.employees.push(team);
        for member in 0..24 {
            let mut dependency = Dependency::new(format!("M{member}"), "Team/a");
            dependency.kind = Some(Kind::Any { group: "few".into(), count: 3 });
            description.dependencies.push(dependency);
        }
        description.dependencies.push(Dependency::new("Team/a", "Lea"));
        description.dependencies.push(Dependency::new("Team/b", "C"));
        description.rounds = Some(5);
        description.cadence = Some(Distribution::exponential(4.0));
        description
    };
    let mut variants = vec![base()];
    // Draws and times that are cut, in warm-up rounds too.
    let mut hours = base();
    hours.dependencies.iter_mut().for_each(|dependency| dependency.handoff = Some(cut.clone()));
    hours.cadence = Some(Distribution::exponential(600_000.0));
    hours.rounds = Some(8);
    variants.push(hours);
    // Lags beyond the rounds, and beyond the warm-up.
    let mut lags = base();
    lags.dependencies.push(Dependency::new("Lea", "Team/b").lag(3u32));
    lags.dependencies.push(Dependency::new("Lea", "Team/a").lag(9u32).id("never"));
    variants.push(lags);
    // Long absences, covered and not.
    let mut absent = base();
    for employee in &mut absent.employees {
        employee.absence = Some(0.9.into());
    }
    absent.employees[0].services[0].backup = Some(Backup::new("M1"));
    variants.push(absent);
    for description in variants {
        let organization = Organization::new(description).expect("sound");
        for (replications, warmup) in [(1, 0), (256, 4), (257, 2)] {
            for detail in [Detail::Customers, Detail::Services, Detail::Full] {
                compare(&organization, 3, replications, warmup, detail);
            }
        }
    }
}

/// What small organisations do not meet: many receivers one after the other, and several whole blocks.
#[test]
fn many_services_give_the_bits_of_the_scalar_engine() {
    for (services_each, departments) in [(1, false), (1, true), (3, false)] {
        let generator = generate::layered(120).dependencies(4).services_each(services_each).seed(5);
        let mut description = generator.description().expect("sound");
        if !departments {
            description.departments.clear();
            description.employees.iter_mut().for_each(|employee| employee.department = None);
        }
        // Some hand on at once and promise no more, so that their times are their provider's.
        for dependency in description.dependencies.iter_mut().step_by(3) {
            (dependency.handoff, dependency.standard) = (None, None);
        }
        for (rounds, warmup, replications) in [(1, 0, 600), (3, 2, 300), (2, 0, 300)] {
            description.rounds = Some(rounds);
            let organization = Organization::new(description.clone()).expect("sound");
            compare(&organization, 7, replications, warmup, Detail::Services);
        }
    }
}
