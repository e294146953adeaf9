//! Changes: what is selected moves as it was asked to, and nothing else does, to the last bit.

use std::collections::HashMap;

use proptest::prelude::*;
use ripple_effect::change::{Action, Change, Colleague, Parameter, Scenario, Selection, Things};
use ripple_effect::organization::{Backup, Dependency, Start};
use ripple_effect::{Detail, Distribution, ErrorKind, Organization, Sampler, Trace};

use crate::organizations::{cases, organizations};

const REPLICATIONS: u64 = 300;

fn bits(organization: &Organization) -> String {
    let simulation = organization.simulate().expect("no circles").seed(11).replications(REPLICATIONS);
    serde_json::to_string(&simulation.detail(Detail::Full).run().expect("runs")).expect("JSON")
}

/// Four people in two departments, with standards, promises, cadence and order left to be worked out.
fn bank() -> Organization {
    Organization::builder("Regional bank")
        .department_with("Operations", |d| {
            d.defaults(
                serde_json::from_str::<ripple_effect::organization::Defaults>(r#"{"error_rate": 0.05}"#).unwrap(),
            )
        })
        .department("Branches")
        .with(|bank| bank.rounds(3u32))
        .employee("Ana", |e| {
            e.department("Operations")
                .absence(0.2)
                .tags(vec!["clerk".to_owned()])
                .provides_with("history", Distribution::pert(0.5, 1.0, 4.0), |s| s.rush(0.1).backed_up_by("Dev"))
                .provides("report", Distribution::exponential(1.0))
        })
        .employee("Dev", |e| e.department("Operations").provides("check", Distribution::lognormal(1.0, 0.5)))
        .employee("Ben", |e| {
            e.department("Branches").pace(Distribution::uniform(0.8, 1.2)).provides_with(
                "answer",
                Distribution::triangular(0.5, 1.0, 2.0),
                |s| s.error_rate(0.1),
            )
        })
        .employee("Ute", |e| e.department("Branches").provides("letter", 0.5))
        .customer("Retail", |c| c.value(100.0).journey(vec!["Ana/report".to_owned(), "Ben".to_owned()]))
        .customer("Firms", |c| c.promise(6.0))
        .serves_with("Ana/history", "Ben", "history", |d| d.silent(0.3, 2.0).inspected(0.5, 1.0))
        .serves_with("Ana/report", "Ben", "report", |d| d.handoff(Distribution::exponential(0.25)))
        .serves("Dev", "Ana/report", "a checked list")
        .serves_with("Ben", "Ute", "answer", |d| d.transmission(0.9).needed(0.8))
        .serves("Ben", "Retail", "answer")
        .serves_with("Ute", "Firms", "letter", |d| d.handoff(0.5))
        .build()
        .unwrap()
}

/// Everything that is drawn in a trace, by thing and round.
fn draws(trace: &Trace) -> HashMap<(u32, String), String> {
    let mut draws = HashMap::new();
    for round in &trace.rounds {
        for one in &round.services {
            let drawn = format!("{:?}", (one.duration.to_bits(), one.workmanship.to_bits()));
            draws.insert((round.round, one.service.clone()), drawn);
        }
        for one in &round.dependencies {
            let drawn = format!("{:?}", (one.needed, one.handoff.to_bits(), one.silent, one.chase.to_bits()));
            draws.insert((round.round, one.dependency.clone()), drawn);
        }
    }
    draws
}

#[test]
fn a_faster_colleague_moves_no_plan_no_promise_no_order_and_nobody_elses_draws() {
    let bank = bank();
    let change = Selection::service("Ana/history").scale(Parameter::Duration, 0.5);
    let changed = bank.apply(&[change]).unwrap();
    assert_eq!(changed.moved().len(), 1);
    let (before, after) = (bank.plan().unwrap(), changed.organization().plan().unwrap());
    assert_eq!(before.timetable(), after.timetable());
    assert_eq!(before.customer_waits(), after.customer_waits());
    assert_eq!(before.cadence().to_bits(), after.cadence().to_bits());
    assert_eq!((before.rounds(), before.warmup()), (after.rounds(), after.warmup()));
    for replication in 0..64 {
        let trace = |of: &Organization| of.simulate().unwrap().seed(3).trace(replication).unwrap();
        let (before, after) = (draws(&trace(&bank)), draws(&trace(changed.organization())));
        assert_eq!(before.len(), after.len());
        for (key, drawn) in &before {
            assert_eq!(*drawn != after[key], key.1 == "Ana/history", "{key:?}");
        }
        for (one, other) in trace(&bank).rounds.iter().zip(&trace(changed.organization()).rounds) {
            let hours = |of: &ripple_effect::TracedRound| {
                of.services.iter().find(|s| s.service == "Ana/history").unwrap().duration
            };
            assert!((hours(other) - 0.5 * hours(one)).abs() < 1e-9, "in step: half the hours of the same draw");
            let planned =
                |of: &ripple_effect::TracedRound| of.dependencies.iter().map(|d| d.planned_arrival).collect::<Vec<_>>();
            assert_eq!(one.release, other.release);
            assert_eq!(planned(one), planned(other));
        }
    }
}

/// Had nothing been written out, the mean of the faster work would have become its standard.
#[test]
fn a_faster_colleague_without_what_was_decided_once_would_move_the_plan() {
    let mut description = bank().description().clone();
    description.set("Ana/history.duration", r#"{"pert": {"min": 0.25, "mode": 0.5, "max": 2.0}}"#).unwrap();
    let rebuilt = Organization::new(description).unwrap();
    assert_ne!(bank().plan().unwrap().customer_waits(), rebuilt.plan().unwrap().customer_waits());
}

#[test]
fn one_more_colleague_moves_no_planned_time() {
    let bank = bank();
    let changed = bank.apply(&[Selection::employee("Ana").add(Parameter::Capacity, 1.0)]).unwrap();
    assert_eq!(changed.account(), "Ana: capacity from 1 to 2\n");
    assert_eq!(bank.plan().unwrap().timetable(), changed.organization().plan().unwrap().timetable());
    let planned = bank.apply(&[
        Selection::employee("Ana").add(Parameter::Capacity, 1.0),
        Selection::employee("Ana").add(Parameter::PlannedCapacity, 1.0),
    ]);
    assert_ne!(bank.plan().unwrap().timetable(), planned.unwrap().organization().plan().unwrap().timetable());
}

/// A backup's error rate is by default that of the service: it is decided once, too.
#[test]
fn training_somebody_does_not_train_the_stand_in() {
    let changed = bank().apply(&[Selection::employee("Ana").scale(Parameter::ErrorRate, 0.1)]).unwrap();
    let service = &changed.organization().description().employees[0].services[0];
    assert_eq!(service.error_rate.unwrap().get(), 0.05 * 0.1);
    assert_eq!(service.backup.as_ref().unwrap().error_rate.unwrap().get(), 0.05);
}

#[test]
fn a_standard_and_a_buffer_move_planned_times_and_no_promise() {
    let bank = bank();
    for change in [
        Selection::employee("Ana").set(Parameter::Standard, 3.0),
        Selection::employee("Ana").add(Parameter::Buffer, 2.0),
        Selection::everything_to("Ben").add(Parameter::Standard, 1.0),
    ] {
        let changed = bank.apply(&[change]).unwrap();
        let (before, after) = (bank.plan().unwrap(), changed.organization().plan().unwrap());
        assert_ne!(before.timetable(), after.timetable());
        assert_eq!(before.cadence(), after.cadence());
        for (one, other) in before.customer_waits().iter().zip(&after.customer_waits()) {
            assert_eq!(one.2, other.2, "the promise to {}", one.0);
        }
        let order =
            |plan: &ripple_effect::Plan| plan.timetable().into_iter().map(|one| one.service).collect::<Vec<_>>();
        assert_eq!(order(&before), order(&after));
    }
}

/// An oracle: of a chain of one, the wait is the duration, so that half the hours are half of every figure of the wait.
#[test]
fn half_the_hours_of_all_are_half_the_wait() {
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides("list", Distribution::exponential(2.0)))
        .customer("Guests", |c| c)
        .serves("Ana", "Guests", "list")
        .build()
        .unwrap();
    let half = shop.apply(&[Selection::all().scale(Parameter::Duration, 0.5)]).unwrap().into_organization();
    let wait = |of: &Organization| {
        of.simulate().unwrap().run().unwrap().customer("Guests").unwrap().wait.mean.estimate.unwrap()
    };
    assert!((wait(&half) - 0.5 * wait(&shop)).abs() < 1e-9);
}

fn scaled(distribution: Distribution, factor: f64) {
    let (before, after) = (Sampler::new(&distribution).unwrap(), Sampler::new(&distribution.scaled(factor)).unwrap());
    for word in words() {
        let (x, y) = (before.sample(word), after.sample(word));
        assert!((y - factor * x).abs() <= 1e-9 * (1.0 + x), "{distribution:?}: {x} became {y}");
    }
}

fn words() -> impl Iterator<Item = u64> {
    (0..2_000_u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (i << 40))
}

fn every_family() -> Vec<Distribution> {
    vec![
        Distribution::from(2.0),
        Distribution::uniform(1.0, 4.0),
        Distribution::triangular(1.0, 2.0, 5.0),
        Distribution::pert(0.5, 1.0, 4.0),
        Distribution::exponential(2.0),
        Distribution::erlang(3, 2.0),
        Distribution::gamma(2.5, 0.5),
        Distribution::lognormal(2.0, 1.0),
        Distribution::lognormal_median_p90(2.0, 6.0),
        Distribution::weibull(1.5, 2.0),
        Distribution::normal(2.0, 1.0),
        Distribution::beta(2.0, 3.0, 1.0, 4.0),
        Distribution::weighted([1.0, 3.0, 5.0], [1.0, 2.0, 1.0]),
        Distribution::mixture([(0.7, Distribution::from(1.0)), (0.3, Distribution::uniform(2.0, 4.0))]),
        Distribution::shifted(1.0, Distribution::exponential(1.0)),
    ]
}

#[test]
fn every_family_is_scaled_draw_by_draw() {
    for distribution in every_family() {
        assert_eq!(distribution.scaled(1.0), distribution);
        assert_eq!(distribution.scaled(0.0).as_constant(), Some(0.0));
        scaled(distribution.clone(), 0.5);
        scaled(distribution.clone(), 3.0);
        assert!((distribution.scaled(0.7).mean() - 0.7 * distribution.mean()).abs() < 1e-9);
    }
}

#[test]
fn moved_and_capped_are_moved_and_capped_draw_by_draw() {
    for distribution in every_family() {
        let before = Sampler::new(&distribution).unwrap();
        for by in [0.75, -0.75] {
            let Some(moved) = distribution.moved(by) else {
                assert!(by < 0.0 && distribution.quantile(0.0) < 0.75, "{distribution:?}");
                continue;
            };
            let after = Sampler::new(&moved).unwrap();
            for word in words() {
                let (x, y) = (before.sample(word), after.sample(word));
                assert!((y - (x + by)).abs() < 1e-9 * (1.0 + x), "{distribution:?}: {x} became {y}");
            }
        }
        for most in [0.4, 2.5, 100.0] {
            let Some(capped) = distribution.capped(most) else { continue };
            let after = Sampler::new(&capped).unwrap();
            for word in words() {
                let (x, y) = (before.sample(word), after.sample(word));
                assert!((y - x.min(most)).abs() < 1e-9, "{distribution:?} at {most}: {x} became {y}");
            }
        }
    }
    assert!(Distribution::pert(0.5, 1.0, 4.0).capped(2.5).is_none(), "no family of the format says it exactly");
    assert!(
        Distribution::mixture([(1.0, Distribution::uniform(0.0, 4.0)), (1.0, Distribution::from(1.0))])
            .capped(2.5)
            .is_some()
    );
}

/// A change of one parameter of one employee's things, by a number from 0 to 1.
fn change_of(employee: &str, which: usize, by: f64) -> Change {
    let select = Selection::employee(employee);
    match which {
        0 => select.scale(Parameter::Duration, 0.5 + by),
        1 => select.toward(Parameter::ErrorRate, 0.2, by),
        2 => select.scale(Parameter::Rush, by),
        3 => select.add(Parameter::Capacity, 1.0),
        4 => select.set(Parameter::Pace, 0.5 + by),
        5 => select.toward(Parameter::Absence, 0.3, by),
        6 => select.add(Parameter::Standard, by),
        7 => select.add(Parameter::Buffer, by),
        8 => select.scale(Parameter::Workmanship, by),
        _ => select.set(Parameter::Absence, 0.5),
    }
}

fn delivery_of(employee: &str, which: usize, by: f64) -> Change {
    let select = Selection::everything_from(employee);
    match which {
        0 => select.set(Parameter::SilenceProbability, by),
        1 => select.add(Parameter::SilenceChase, by),
        2 => select.add(Parameter::Handoff, by),
        3 => select.toward(Parameter::Detection, 1.0, by),
        4 => select.scale(Parameter::Transmission, by),
        5 => select.toward(Parameter::Needed, 0.5, by),
        6 => select.add(Parameter::Rework, by),
        7 => select.toward(Parameter::Strength, 0.5, by),
        8 => select.toward(Parameter::Criticality, 0.1, by),
        _ => select.scale(Parameter::Promise, by),
    }
}

proptest! {
    #![proptest_config(cases(48))]

    /// Two changes of different people's work are the same in either order, and one after the other, to the last bit.
    #[test]
    fn changes_that_share_nothing_commute(organization in organizations(), which in 0usize..10, other in 0usize..10, by in 0.0..1.0, delivery: bool) {
        let people: Vec<&str> = organization.description().employees.iter().filter(|e| !e.services.is_empty()).map(|e| e.name.as_str()).collect();
        prop_assume!(people.len() >= 2);
        let one = change_of(people[0], which, by);
        let two = if delivery { delivery_of(people[1], other, by) } else { change_of(people[1], other, by) };
        prop_assume!(organization.apply(std::slice::from_ref(&two)).is_ok());
        let forth = organization.apply(&[one.clone(), two.clone()]).unwrap().into_organization();
        let back = organization.apply(&[two.clone(), one.clone()]).unwrap().into_organization();
        prop_assert_eq!(forth.to_json(), back.to_json());
        prop_assert_eq!(bits(&forth), bits(&back));
        let first = organization.apply(&[one]).unwrap().into_organization();
        let in_turn = first.apply(&[two]).unwrap().into_organization();
        prop_assert_eq!(bits(&forth), bits(&in_turn));
    }

    /// A factor of 1, a cap that nothing reaches, nothing added, no part of the way: not a bit of the outcome changes.
    #[test]
    fn what_changes_nothing_changes_no_bit(organization in organizations()) {
        let before = bits(&organization);
        let mut changes = Vec::new();
        for &parameter in Parameter::ALL {
            changes.push(Selection::all().scale(parameter, 1.0));
            changes.push(Selection::all().add(parameter, 0.0));
            if [Parameter::ErrorRate, Parameter::Detection, Parameter::Needed, Parameter::Promise].contains(&parameter) {
                changes.push(Selection::all().toward(parameter, 0.5, 0.0));
                changes.push(Selection::all().at_least(parameter, 0.0));
            }
        }
        changes.push(Selection::all().cap(Parameter::ErrorRate, 1.0));
        // Where there is no department that has a pace, nothing fits.
        changes.retain(|change| !matches!(&change.action, Action::Scale(values) if values.0.is_empty()));
        if organization.description().dependencies.is_empty() { return Ok(()); }
        let same = organization.apply(&changes).unwrap();
        prop_assert!(same.moved().is_empty());
        prop_assert_eq!(bits(same.organization()), before);
    }

    /// What is decided once, written out, is what was decided: an organisation in which only what is never looked at has
    /// changed (the value of a customer) goes through the same rounds, draw by draw and hour by hour.
    #[test]
    fn what_was_decided_once_is_written_out_as_it_was(organization in organizations()) {
        let changed = organization.apply(&[Selection::all().add(Parameter::CustomerValue, 1.0)]).unwrap().into_organization();
        prop_assert_eq!(organization.plan().unwrap().timetable(), changed.plan().unwrap().timetable());
        prop_assert_eq!(organization.plan().unwrap().customer_waits(), changed.plan().unwrap().customer_waits());
        prop_assert!(changed.description().order.is_some());
        for replication in 0..8 {
            let trace = |of: &Organization| serde_json::to_string(&of.simulate().unwrap().seed(5).trace(replication).unwrap()).unwrap();
            prop_assert_eq!(trace(&organization), trace(&changed));
        }
        // Reading back what was written gives the same bits.
        let read = Organization::from_json(&changed.to_json()).unwrap();
        prop_assert_eq!(bits(&read), bits(&changed));
    }
}

#[test]
fn somebody_new_takes_over_with_the_same_draws() {
    let bank = bank();
    let take = Selection::service("Ana/report").taken_over_by(Colleague::new("Cleo"));
    let changed = bank.apply(&[take]).unwrap();
    assert_eq!(changed.account(), "Ana/report: provided by from Ana to Cleo\n");
    let organization = changed.organization();
    let description = organization.description();
    assert_eq!(description.customers[0].journey.as_ref().unwrap()[0], "Cleo/report");
    assert_eq!(description.dependencies[1].provider, "Cleo/report");
    assert_eq!(description.employees[4].department.as_deref(), Some("Operations"));
    let ids = |of: &Organization| {
        let trace = of.simulate().unwrap().trace(0).unwrap();
        trace.rounds[0].dependencies.iter().map(|one| one.dependency.clone()).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(ids(&bank), ids(organization));
    for replication in 0..16 {
        let hours = |of: &Organization, service: &str| {
            let trace = of.simulate().unwrap().trace(replication).unwrap();
            trace
                .rounds
                .iter()
                .flat_map(|round| round.services.clone())
                .filter(|one| one.service == service)
                .map(|one| one.duration.to_bits())
                .collect::<Vec<_>>()
        };
        assert_eq!(hours(&bank, "Ana/report"), hours(organization, "Cleo/report"));
        assert_eq!(hours(&bank, "Ana/history"), hours(organization, "Ana/history"));
    }
    // In another department, what the old one said of its services still holds.
    let mut elsewhere = Colleague::new("Cleo");
    elsewhere.department = Some("Branches".into());
    let changed = bank.apply(&[Selection::service("Ana/report").taken_over_by(elsewhere)]).unwrap();
    assert_eq!(changed.organization().description().employees[4].services[0].error_rate.unwrap().get(), 0.05);
}

#[test]
fn dependencies_come_and_go() {
    let bank = bank();
    let added = bank.apply(&[Change::depend(Dependency::new("Ute", "Dev").need("a stamp").lag(1u32))]).unwrap();
    assert_eq!(added.account(), "Ute -> Dev: dependency from none to a stamp\n");
    assert_eq!(added.organization().plan().unwrap().rounds(), 3);
    let removed = added.organization().apply(&[Selection::dependency("Ute -> Dev").remove()]).unwrap();
    assert_eq!(
        removed.organization().description().dependencies,
        bank.apply(&[Selection::all().add(Parameter::CustomerValue, 1.0)])
            .unwrap()
            .organization()
            .description()
            .dependencies
    );

    let circle = bank.apply(&[Change::depend(Dependency::new("Ute", "Dev"))]).unwrap_err();
    assert_eq!((circle.kind(), circle.path()), (ErrorKind::Cycle, "changes[0].do.depend"));
    let deserted = bank.apply(&[Selection::everything_to("Firms").remove()]).unwrap_err();
    assert_eq!(deserted.kind(), ErrorKind::Unreachable);
    assert!(deserted.found().contains("Firms"), "{deserted}");
    let everything = bank.apply(&[Selection::all().remove()]).unwrap_err();
    assert_eq!(everything.path(), "changes[0].select");
}

/// A dependency against the written order moves whom it must, and nobody else: Dev now needs Ute's stamp of this round.
#[test]
fn a_new_dependency_moves_the_order_only_as_far_as_it_must() {
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides("a", 1.0))
        .employee("Ben", |e| e.provides("b", 2.0))
        .employee("Cleo", |e| e.provides("c", 3.0))
        .customer("Guests", |c| c)
        .serves("Ana", "Guests", "")
        .serves("Ben", "Guests", "")
        .serves("Cleo", "Guests", "")
        .build()
        .unwrap();
    let order =
        |of: &Organization| of.plan().unwrap().timetable().into_iter().map(|one| one.employee).collect::<Vec<_>>();
    assert_eq!(order(&shop), ["Ana", "Ben", "Cleo"]);
    let changed = shop.apply(&[Change::depend(Dependency::new("Cleo", "Ana"))]).unwrap().into_organization();
    assert_eq!(order(&changed), ["Cleo", "Ana", "Ben"]);
}

#[test]
fn an_order_can_be_written() {
    let shop = |order: Option<Vec<&str>>| {
        let builder = Organization::builder("Shop")
            .employee("Ana", |e| e.provides("a", 1.0).provides("b", 1.0))
            .employee("Ben", |e| e.provides("c", 1.0))
            .customer("Guests", |c| c)
            .serves("Ana/a", "Guests", "")
            .serves("Ana/b", "Ben", "")
            .serves("Ben", "Guests", "");
        let mut description = builder.into_description();
        description.order = order.map(|names| names.into_iter().map(str::to_owned).collect());
        Organization::new(description)
    };
    let start = |of: &Organization| {
        of.plan().unwrap().timetable().into_iter().map(|one| (one.service, one.start)).collect::<Vec<_>>()
    };
    let named = |names: [(&str, f64); 3]| names.map(|(name, start)| (name.to_owned(), start)).to_vec();
    assert_eq!(start(&shop(None).unwrap()), named([("Ana/a", 0.0), ("Ana/b", 1.0), ("Ben/c", 2.0)]));
    let first = shop(Some(vec!["Ana/b"])).unwrap();
    assert_eq!(start(&first), named([("Ana/b", 0.0), ("Ana/a", 1.0), ("Ben/c", 1.0)]));
    // Nobody comes before what they depend on.
    assert_eq!(
        start(&shop(Some(vec!["Ben", "Ana/a"])).unwrap()),
        named([("Ana/b", 0.0), ("Ben/c", 1.0), ("Ana/a", 1.0)])
    );
    let error = shop(Some(vec!["Ana/a", "Ana/a", "Ana/bb"])).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Duplicate, "order[1]"));
    assert_eq!(error.and_more()[0].mend(), "Did you mean \"Ana/b\"?");
}

#[test]
fn selections_choose_what_they_say() {
    let bank = bank();
    let moved = |select: Selection, parameter| {
        let changed = bank.apply(&[select.set(parameter, 0.125)]).unwrap();
        changed.moved().iter().map(|one| one.thing.clone()).collect::<Vec<_>>()
    };
    let handoff = Parameter::Handoff;
    assert_eq!(moved(Selection::employee("Ana"), Parameter::ErrorRate), ["Ana/history", "Ana/report"]);
    assert_eq!(moved(Selection::service("Ana/report"), Parameter::ErrorRate), ["Ana/report"]);
    assert_eq!(moved(Selection::department("Branches"), Parameter::ErrorRate), ["Ben/answer", "Ute/letter"]);
    assert_eq!(moved(Selection::all().tagged("clerk"), Parameter::Absence), ["Ana"]);
    assert_eq!(moved(Selection::employee("Ana"), handoff), ["Ana/history -> Ben", "Ana/report -> Ben"]);
    assert_eq!(
        moved(Selection::between("Operations", "Branches"), handoff),
        ["Ana/history -> Ben", "Ana/report -> Ben"]
    );
    assert_eq!(moved(Selection::everything_to("Firms"), handoff), ["Ute -> Firms"]);
    assert_eq!(moved(Selection::customer("Firms"), handoff), ["Ute -> Firms"]);
    assert_eq!(moved(Selection::customer("Firms"), Parameter::Promise), ["Firms"]);
    assert_eq!(moved(Selection::everything_to("Firms"), Parameter::Promise), ["Ute -> Firms"]);
    assert_eq!(moved(Selection::department("Branches"), Parameter::Pace), ["Ben", "Ute"]);
    assert_eq!(moved(Selection::department("Branches").of(Things::Departments), Parameter::Pace), ["Branches"]);
    assert_eq!(moved(Selection::all(), Parameter::Cadence), ["Regional bank"]);
    assert_eq!(moved(Selection::all().of(Things::Dependencies), Parameter::Standard).len(), 6);
}

#[test]
fn refuses_and_says_what_to_do() {
    let bank = bank();
    let refuse = |change: Change| bank.apply(&[change]).unwrap_err();
    let error = refuse(Selection::between("Operatoins", "Branches").cap(Parameter::SilenceProbability, 0.1));
    assert_eq!((error.kind(), error.path()), (ErrorKind::Name, "changes[0].select.between[0]"));
    assert_eq!(error.mend(), "Did you mean \"Operations\"?");
    let error = refuse(Selection::all().tagged("clark").scale(Parameter::Duration, 0.9));
    assert_eq!((error.path(), error.mend()), ("changes[0].select", "Did you mean \"clerk\"?"));
    let error = refuse(Selection::between("Dev", "Ute").scale(Parameter::Handoff, 0.9));
    assert!(error.found().contains("no dependencies that fit between"), "{error}");
    let error = refuse(Selection::employee("Ben").scale(Parameter::ErrorRate, 20.0));
    assert_eq!((error.kind(), error.path()), (ErrorKind::Range, "changes[0].do.scale.error_rate"));
    assert!(error.found().contains("error_rate of Ben/answer, which would be 2"), "{error}");
    for change in [
        Selection::all().scale(Parameter::Duration, -1.0),
        Selection::all().scale(Parameter::Duration, f64::NAN),
        Selection::all().scale(Parameter::Duration, f64::INFINITY),
        Selection::all().scale(Parameter::Duration, 1e9),
        Selection::all().add(Parameter::ErrorRate, f64::NAN),
        Selection::all().add(Parameter::Duration, -1.0),
        Selection::all().add(Parameter::Duration, f64::NAN),
        Selection::all().cap(Parameter::Duration, 0.7),
        Selection::all().cap(Parameter::ErrorRate, 1.5),
        Selection::all().at_least(Parameter::Duration, 0.7),
        Selection::all().toward(Parameter::ErrorRate, 0.5, 1.5),
        Selection::all().toward(Parameter::ErrorRate, -0.5, 0.5),
        Selection::all().set(Parameter::ErrorRate, Distribution::uniform(0.0, 0.1)),
        Selection::all().set(Parameter::ErrorRate, 1.5),
        Selection::all().set(Parameter::Duration, Distribution::pert(3.0, 2.0, 1.0)),
        Selection::all().set(Parameter::Workmanship, 1.5),
        Selection::employee("Ana").set(Parameter::Absence, 1.0),
        Selection::employee("Ana").scale(Parameter::Capacity, 1.5),
        Selection::employee("Ana").add(Parameter::Capacity, -1.0),
    ] {
        let error = refuse(change.clone());
        assert_eq!(error.kind(), ErrorKind::Range, "{change:?}: {error}");
        assert!(error.path().starts_with("changes[0].do."), "{error}");
        assert!(!error.mend().is_empty() && !error.allowed().is_empty());
    }
    for (change, kind) in [
        (Selection::employee("Ana").scale(Parameter::Promise, 2.0).clone(), ErrorKind::Name),
        (Selection::all().of(Things::Services).scale(Parameter::Promise, 2.0), ErrorKind::Shape),
        (Selection::employee("Ana").set(Parameter::Cadence, 8.0), ErrorKind::Name),
        (Selection::employee("Ana").backed_up_by(Backup::new("Anna")), ErrorKind::Name),
        (Selection::employee("Ana").backed_up_by(Backup::new("Ana")), ErrorKind::Name),
        (Selection::employee("Ana").taken_over_by(Colleague::new("Ben")), ErrorKind::Duplicate),
        (Change::depend(Dependency::new("Ana/nothing", "Ben")), ErrorKind::Name),
        (Selection::dependency("Ana -> Ben").remove(), ErrorKind::Name),
        (Selection::service("Ana").scale(Parameter::Duration, 1.0), ErrorKind::Name),
    ] {
        let error = refuse(change.clone());
        assert_eq!(error.kind(), kind, "{change:?}: {error}");
    }
}

#[test]
fn json_says_the_same_and_refuses_what_it_does_not_know() {
    let change =
        Selection::department("Branches").tagged("clerk").of(Things::Services).toward(Parameter::ErrorRate, 0.0, 0.5);
    let text = serde_json::to_string(&change).unwrap();
    assert_eq!(
        text,
        r#"{"select":{"kind":"services","department":"Branches","tag":"clerk"},"do":{"toward":{"error_rate":{"to":0.0,"by":0.5}}}}"#
    );
    assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), change);
    let model = |changes: &str| {
        let mut model: serde_json::Value = serde_json::from_str(&bank().to_json()).unwrap();
        model["changes"] = serde_json::from_str(changes).unwrap();
        Organization::from_json(&model.to_string())
    };
    for (changes, path) in [
        (
            r#"[{"name": "x", "changes": [{"do": {"scale": {"durration": 0.8}}}]}]"#,
            "changes[0].changes[0].do.scale.durration",
        ),
        (r#"[{"name": "x", "changes": [{"do": {"shrink": {"duration": 0.8}}}]}]"#, "changes[0].changes[0].do"),
        (r#"[{"name": "x", "changes": [{"selekt": {}, "do": "remove"}]}]"#, "changes[0].changes[0].selekt"),
        (
            r#"[{"name": "x", "changes": [{"select": {"employe": "Ana"}, "do": "remove"}]}]"#,
            "changes[0].changes[0].select.employe",
        ),
        (
            r#"[{"name": "x", "changes": [{"select": {"employee": "Anna"}, "do": {"scale": {"duration": 0.8}}}]}]"#,
            "changes[0].changes[0].select.employee",
        ),
        (
            r#"[{"name": "x", "practices": [{"practice": "training", "select": {"tag": "clark"}}]}]"#,
            "changes[0].practices[0].select",
        ),
        (
            r#"[{"name": "x", "practices": [{"practice": "training", "adoption": 2}]}]"#,
            "changes[0].practices[0].adoption",
        ),
        (r#"[{"name": "x"}, {"name": "x"}]"#, "changes[1].name"),
    ] {
        let error = model(changes).unwrap_err();
        assert_eq!(error.path(), path, "{error}");
    }
    // Somebody who comes by one change may be named in the next one.
    let hired = model(
        r#"[{"name": "One more", "changes": [
            {"select": {"service": "Ana/report"}, "do": {"hire": {"name": "Cleo"}}},
            {"select": {"employee": "Cleo"}, "do": {"scale": {"duration": 1.2}}}]}]"#,
    )
    .unwrap();
    let changed = hired.scenario("One more").unwrap().apply(&hired).unwrap();
    assert_eq!(changed.moved()[1].thing, "Cleo/report");
    assert!(changed.organization().scenarios().is_empty());
    // What could be different changes nothing of what is.
    assert_eq!(bits(&hired), bits(&bank()));
    assert_eq!(hired.fingerprint(), bank().fingerprint());
}

#[test]
fn a_timetable_stays_a_timetable() {
    let mut description = bank().description().clone();
    description.start = Some(Start::Planned);
    let bank = Organization::new(description).unwrap();
    let scenario = Scenario::new("x").change(Selection::all().scale(Parameter::Duration, 0.5));
    let changed = scenario.apply(&bank).unwrap().into_organization();
    let starts = |of: &Organization| {
        of.simulate().unwrap().trace(0).unwrap().rounds[0].services.iter().map(|one| one.allowed).collect::<Vec<_>>()
    };
    assert_eq!(starts(&bank), starts(&changed));
}
