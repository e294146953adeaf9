//! Rules of the model that are easily got wrong, one small organisation each; and that random organisations meet them.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use ripple_effect::organization::{Backup, Kind, Start};
use ripple_effect::{Distribution, Organization, Trace, TracedDependency};

use crate::organizations::{cases, organizations};

fn dependency<'t>(trace: &'t Trace, round: usize, id: &str) -> &'t TracedDependency {
    trace.rounds[round].dependencies.iter().find(|one| one.dependency == id).expect("a dependency")
}

/// Two lists of which one is enough, the second of them never needed and a round old.
fn with_a_list_that_is_never_needed() -> Organization {
    Organization::builder("Shop")
        .employee("Ana", |e| e.provides("list", 2.0))
        .employee("Ben", |e| e.provides("list", 2.0))
        .employee("Cleo", |e| e.provides("advice", 1.0))
        .customer("Guests", |c| c)
        .serves_with("Ana", "Cleo", "a list", |d| d.any(1, "lists"))
        .serves_with("Ben", "Cleo", "a list", |d| d.any(1, "lists").needed(0.0).lag(1u32))
        .serves("Cleo", "Guests", "advice")
        .build()
        .unwrap()
}

/// `needed` 0: the edge is absent in every round, so that the first rounds of a lag do not know it either.
#[test]
fn what_is_never_needed_is_absent_in_the_first_rounds_of_a_lag_too() {
    let trace = with_a_list_that_is_never_needed().simulate().unwrap().rounds(2).trace(0).unwrap();
    let waits: Vec<f64> = trace.rounds.iter().map(|round| round.customers[0].wait).collect();
    assert_eq!(waits, [3.0, 3.0]);
    assert!(!dependency(&trace, 0, "Ben/list -> Cleo/advice").used);
}

/// Nor does the plan count on it.
#[test]
fn what_is_never_needed_takes_no_part_in_the_plan() {
    let plan = with_a_list_that_is_never_needed().plan().unwrap();
    assert_eq!(plan.customer_waits(), [("Guests".to_owned(), 3.0, 3.0)]);
}

/// Under one seed, shares over many replications are those that were written, within 5 standard errors.
#[test]
fn chances_are_those_that_were_written() {
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| {
            e.absence(0.3).provides_with("list", Distribution::empirical([1.0, 3.0]), |s| {
                let mut backup = Backup::new("Ben");
                backup.error_rate = Some(0.6.into());
                s.standard(1.0).error_rate(0.1).rush(0.25).backup(backup)
            })
        })
        .employee("Ben", |e| e.provides("nothing of use", 0.0))
        .employee("Cleo", |e| {
            e.provides_with("advice", Distribution::weighted([1.0, 2.0], [3.0, 1.0]), |s| {
                s.standard(1.0).error_rate(0.2).rush(0.3)
            })
        })
        .customer("Guests", |c| c)
        .serves_with("Ana", "Cleo", "list", |d| {
            d.needed(0.8).silent(0.2, 1.0).detection(0.7).transmission(0.6).handoff(Distribution::uniform(0.0, 1.0))
        })
        .serves("Cleo", "Guests", "advice")
        .build()
        .unwrap();
    let simulation = shop.simulate().unwrap().rounds(4).seed(3);
    let mut shares: BTreeMap<&str, (f64, u32, u32)> = BTreeMap::new();
    let mut count = |what: &'static str, probability: f64, happened: bool| {
        let share = shares.entry(what).or_insert((probability, 0, 0));
        share.1 += u32::from(happened);
        share.2 += 1;
    };
    for replication in 0..8_000 {
        for round in simulation.trace(replication).unwrap().rounds {
            let absent = round.absent.iter().any(|name| name == "Ana");
            count("absence", 0.3, absent);
            for service in &round.services {
                let late = service.start > service.planned_start;
                match (service.service.as_str(), service.done_by.as_str(), late) {
                    ("Ana/list", "Ana", false) => {
                        count("error, owner", 0.1, service.own_error);
                        count("duration, owner", 0.5, service.duration == 3.0);
                    }
                    ("Ana/list", "Ana", true) => count("error, owner, late", 0.35, service.own_error),
                    ("Ana/list", "Ben", false) => count("error, backup", 0.6, service.own_error),
                    ("Ana/list", "Ben", true) => count("error, backup, late", 0.85, service.own_error),
                    ("Cleo/advice", _, false) => count("error, receiver", 0.2, service.own_error),
                    ("Cleo/advice", _, true) => {
                        count("error, receiver, late", 0.5, service.own_error);
                        count("duration, receiver, late", 0.25, service.duration == 2.0);
                    }
                    _ => {}
                }
            }
            let list = round.dependencies.iter().find(|one| one.receiver == "Cleo/advice").unwrap();
            count("need", 0.8, list.needed);
            if list.needed {
                count("silence", 0.2, list.silent);
                count("hand-off below a quarter", 0.25, list.handoff < 0.25);
                if list.silent {
                    count("hand-off below a quarter, silent", 0.25, list.handoff < 0.25);
                }
            }
            if list.error_in {
                count("detection", 0.7, list.caught);
                if !list.caught {
                    count("transmission", 0.6, list.passed);
                }
            }
        }
    }
    for (what, (probability, happened, of)) in shares {
        let (share, of) = (f64::from(happened) / f64::from(of), f64::from(of));
        let error = (probability * (1.0 - probability) / of).sqrt();
        assert!(of > 100.0, "{what}: only {of}");
        assert!((share - probability).abs() < 5.0 * error, "{what}: {share}, where {probability} was written ({of})");
    }
}

/// A comparison says nothing of a rule that no case meets.
#[test]
fn random_organizations_meet_every_rule() {
    let mut met: BTreeMap<&str, u32> = BTreeMap::new();
    let mut meet = |what: &'static str, happened: bool| *met.entry(what).or_default() += u32::from(happened);
    let config = cases(1);
    let mut runner = TestRunner::new(config);
    for _ in 0..300 {
        let organization = organizations().new_tree(&mut runner).expect("an organisation").current();
        let description = organization.description();
        let trace = organization.simulate().unwrap().trace(0).unwrap();
        let owner_of = |label: &str| label.split('/').next().unwrap_or_default().to_owned();
        let capacity =
            |name: &str| description.employees.iter().find(|e| e.name == name).and_then(|e| e.capacity).unwrap_or(1);
        for round in &trace.rounds {
            for service in &round.services {
                let owner = owner_of(&service.service);
                let owner_absent = round.absent.contains(&owner);
                let later = |other: &&ripple_effect::TracedService| {
                    other.done_by == service.done_by && other.start < service.start
                };
                let at = round.services.iter().position(|s| s.service == service.service).unwrap();
                meet("a backup does it", service.done_by != owner);
                meet(
                    "both are absent, it waits",
                    owner_absent && service.done_by == owner && service.allowed > round.release,
                );
                meet(
                    "it waits for its employee",
                    service.server_free > service.ready && service.server_free > service.allowed,
                );
                meet(
                    "a later item overtakes",
                    capacity(&service.done_by) > 1 && round.services[at..].iter().any(|s| later(&s)),
                );
                meet(
                    "a timetable holds it back",
                    description.start == Some(Start::Planned)
                        && service.start == service.allowed
                        && service.allowed > service.ready.max(service.server_free),
                );
                meet("it starts exactly as planned", service.start == service.planned_start);
                meet("it starts late", service.start > service.planned_start);
                meet("a wrong result is inherited", service.error && !service.own_error);
                meet("quality falls below workmanship", service.quality < service.workmanship);
                meet("a pace", service.pace != 1.0);
            }
            for one in &round.dependencies {
                let written =
                    description.dependencies.iter().find(|written| written.id.as_ref() == Some(&one.dependency));
                let in_group = matches!(written.and_then(|w| w.kind.as_ref()), Some(Kind::Any { .. }));
                meet("not needed", !one.needed);
                meet("needed before its first delivery", one.needed && !one.delivered);
                meet("silent", one.silent && one.chase > 0.0);
                meet("caught, with rework", one.caught && one.rework > 0.0);
                meet("caught, not used", one.caught && !one.used);
                meet("used, not passed on", one.error_in && one.used && !one.caught && !one.passed);
                meet("passed on", one.passed);
                meet("too late to help", one.needed && !one.waited_for && !one.used);
                meet("a help", !one.waited_for && one.used && one.delivered);
                meet("left over in a group", in_group && one.needed && !one.used);
                let tied = |other: &&TracedDependency| {
                    other.receiver == one.receiver
                        && other.arrival == one.arrival
                        && other.used != one.used
                        && other.needed
                };
                meet("left over by a tie", in_group && one.needed && round.dependencies.iter().any(|d| tied(&d)));
                meet("across rounds", one.delivered && one.planned_arrival < round.release);
            }
            for customer in &round.customers {
                meet("a perfect engagement", customer.perfect);
                meet("a late customer", customer.lateness > 0.0);
                meet("an error reaches a customer", customer.error);
                meet("quality reaches a customer", customer.quality > 0.0 && customer.quality < 1.0);
            }
        }
        meet("rounds at one instant", trace.rounds.len() > 1 && trace.rounds.iter().all(|round| round.release == 0.0));
        meet("a renewal process", description.cadence.as_ref().is_some_and(|c| c.as_constant().is_none()));
    }
    for (what, times) in &met {
        assert!(*times >= 10, "{what}: met {times} times only; all: {met:?}");
    }
}

/// Hours from when the provider had all it needed, in the round of the delivery, to arrival.
#[test]
fn response_is_counted_from_the_round_of_the_delivery() {
    for (lag, handoff) in [(0u32, 0.0), (1, 0.0), (2, 0.0), (1, 0.5)] {
        let shop = Organization::builder("Shop")
            .with(|d| d.cadence(Distribution::from(1.0)))
            .employee("Ana", |e| e.provides("list", 1.5))
            .customer("Guests", |c| c)
            .serves_with("Ana", "Guests", "list", |d| d.lag(lag).handoff(Distribution::from(handoff)))
            .build()
            .unwrap();
        for round in lag..8 {
            let simulation = shop.simulate().unwrap().rounds(round + 1).warmup(round).replications(1);
            let rounds = simulation.trace(0).unwrap().rounds;
            let delivered = &rounds[(round - lag) as usize].services[0];
            let expected = delivered.finish + handoff - delivered.ready;
            let summary = simulation.detail(ripple_effect::Detail::Services).run().unwrap().summary();
            let response = summary.dependencies[0].response.estimate;
            assert_eq!(response, Some(expected), "lag {lag}, hand-off {handoff}, round {round}");
        }
    }
}
