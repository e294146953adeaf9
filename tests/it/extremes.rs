//! The ends of what may be written: nothing panics, hangs or leaves the range of its unit.

use ripple_effect::organization::{Description, Service, Start};
use ripple_effect::{Detail, Distribution, Organization, OrganizationBuilder, Trace, hours};
use serde_json::{Value, json};

const LONGEST: f64 = 8_388_608.0;

fn chain() -> OrganizationBuilder {
    Organization::builder("Shop")
        .customer("Guests", |c| c)
        .serves("Ana", "Ben", "list")
        .serves("Ben", "Guests", "advice")
}

/// Every time lies on the grid and in its range, and every share in 0 to 1.
pub(crate) fn assert_sound(trace: &Trace) {
    let on_grid = |time: f64| time * (1u64 << 30) as f64 == (time * (1u64 << 30) as f64).round();
    let time = |time: f64| (0.0..=LONGEST).contains(&time) && on_grid(time);
    for round in &trace.rounds {
        assert!(time(round.release));
        for one in &round.services {
            assert!(time(one.ready) && time(one.allowed) && time(one.start) && time(one.finish), "{one:?}");
            assert!(one.ready <= one.start && one.allowed <= one.start && one.start <= one.finish, "{one:?}");
            assert!((0.0..=1.0).contains(&one.quality), "{one:?}");
        }
        for one in &round.dependencies {
            assert!(time(one.arrival), "{one:?}");
        }
        for one in &round.customers {
            assert!(time(one.wait) && time(one.lateness), "{one:?}");
            assert!((0.0..=1.0).contains(&one.quality) && (0.0..=100.0).contains(&one.satisfaction), "{one:?}");
        }
    }
}

#[test]
fn hours_beyond_all_bounds_are_cut_and_counted() {
    let heavy = Distribution::exponential(1_000_000.0);
    let shop = chain()
        .with(|d| d.cadence(Distribution::from(1000.0)).rounds(12u32))
        .employee("Ana", |e| {
            e.pace(Distribution::from(1_000_000.0)).service(Service::new(heavy.clone()).standard(hours(1.0)))
        })
        .employee("Ben", |e| e.service(Service::new(Distribution::from(1_000_000.0)).standard(hours(1.0))))
        .build()
        .unwrap();
    let simulation = shop.simulate().unwrap().replications(300).detail(Detail::Full);
    for replication in 0..50 {
        assert_sound(&simulation.trace(replication).unwrap());
    }
    let outcome = simulation.run().unwrap();
    assert!(outcome.meta().cut > 0);
    let guests = outcome.customer("Guests").unwrap();
    assert!(guests.wait.mean.estimate.unwrap() > 1000.0);
    assert!(guests.wait.max.unwrap() <= LONGEST);
}

#[test]
fn releases_beyond_all_bounds_are_cut_and_counted() {
    let shop = chain()
        .with(|d| d.cadence(Distribution::exponential(1_000_000.0)).rounds(9u32))
        .employee("Ana", |e| e.absence(0.5).provides("list", 1.0))
        .employee("Ben", |e| e.provides("advice", 1.0))
        .build()
        .unwrap();
    let simulation = shop.simulate().unwrap().replications(300);
    for replication in 0..300 {
        assert_sound(&simulation.trace(replication).unwrap());
    }
    assert!(simulation.run().unwrap().meta().cut > 0);
}

#[test]
fn a_plan_beyond_all_bounds_is_refused() {
    let mut builder = Organization::builder("Shop").customer("Guests", |c| c);
    for number in 0..9 {
        builder = builder.employee(format!("P{number}"), |e| e.provides("work", 1_048_576.0));
        let next = if number == 8 { "Guests".to_owned() } else { format!("P{}", number + 1) };
        builder = builder.serves(format!("P{number}"), next, "work");
    }
    let error = builder.build().unwrap().plan().unwrap_err();
    assert_eq!(error.kind(), ripple_effect::ErrorKind::Range);
}

#[test]
fn lags_capacities_and_absences_at_their_ends() {
    for start in [Start::Ready, Start::Planned] {
        let shop = chain()
            .with(|d| d.rounds(40u32).start(start).cadence(Distribution::exponential(1.0)))
            .serves_with("Ben", "Ana", "what was sold", |d| d.lag(65_535u32).strength(1.0).criticality(0.0))
            .serves_with("Ana", "Ana", "last list", |d| d.lag(1u32))
            .employee("Ana", |e| e.absence(0.99).capacity(1024u32).service(Service::new(1.0).backed_up_by("Ben")))
            .employee("Ben", |e| e.absence(0.99).service(Service::new(0.0).backed_up_by("Ana")))
            .build()
            .unwrap();
        let simulation = shop.simulate().unwrap().replications(300).detail(Detail::Full);
        for replication in 0..100 {
            assert_sound(&simulation.trace(replication).unwrap());
        }
        assert_eq!(simulation.run().unwrap().meta().cut, 0);
    }
}

#[test]
fn nothing_takes_any_time() {
    let shop = chain()
        .with(|d| d.rounds(3u32))
        .employee("Ana", |e| e.provides("list", 0.0))
        .employee("Ben", |e| e.provides("advice", 0.0))
        .build()
        .unwrap();
    let outcome = shop.simulate().unwrap().replications(300).detail(Detail::Full).run().unwrap();
    let guests = outcome.customer("Guests").unwrap();
    assert_eq!((guests.on_time.estimate, guests.satisfaction.estimate), (Some(1.0), Some(100.0)));
    assert_eq!(ripple_effect::Outcome::from_json(&outcome.to_json()).unwrap(), outcome);
}

/// A hundred thousand steps in a row: nothing recurses, so that no stack is too small.
#[test]
fn a_long_chain_and_a_wide_one() {
    const STEPS: usize = 100_000;
    let mut long = Organization::builder("Long").customer("Guests", |c| c);
    let mut wide = Organization::builder("Wide").customer("Guests", |c| c);
    for number in 0..STEPS {
        let name = format!("P{number}");
        let next = if number + 1 == STEPS { "Guests".to_owned() } else { format!("P{}", number + 1) };
        long = long.employee(&name, |e| e.provides("work", 1.0)).serves(&name, next, "work");
        wide = wide.employee(&name, |e| e.provides("work", 1.0)).serves(&name, "Guests", "work");
    }
    for (builder, wait) in [(long, STEPS as f64), (wide, 1.0)] {
        let organization = builder.build().unwrap();
        let trace = organization.simulate().unwrap().trace(0).unwrap();
        assert_eq!(trace.rounds[0].customers[0].wait, wait);
    }
}

#[test]
fn a_large_circle_is_told_and_mended() {
    const PEOPLE: usize = 2_000;
    let mut ring = Organization::builder("Ring").customer("Guests", |c| c).serves("P0", "Guests", "work");
    for number in 0..PEOPLE {
        let (name, next) = (format!("P{number}"), format!("P{}", (number + 1) % PEOPLE));
        ring = ring.employee(&name, |e| e.provides("work", 1.0)).serves(&name, next, "work");
    }
    let organization = ring.build().unwrap();
    let error = organization.plan().unwrap_err();
    assert_eq!(error.kind(), ripple_effect::ErrorKind::Cycle);
    let (mended, changes) = organization.mend_cycles().unwrap();
    assert_eq!(changes.len(), 1);
    assert!(mended.plan().is_ok());
}

/// Fields that nothing computes with are kept as they are.
#[test]
fn notes_and_tags_are_kept_as_they_are() {
    for notes in [json!("as told"), json!({"asked": ["Ana", 1, 0.1, null]}), json!([]), json!(false)] {
        let mut description: Description = chain().employee("Ana", |e| e.provides("list", 1.0)).into_description();
        description = description
            .notes(notes.clone())
            .tags(Vec::new())
            .hours_per_day(7.5)
            .currency("EUR")
            .warmup(2u32)
            .rounds(3u32);
        let ben = ripple_effect::organization::Employee::new("Ben").provides("advice", 0.1).role("clerk").notes(notes);
        description.employees.push(ben.tags(vec!["new".to_owned(), String::new()]));
        let organization = Organization::new(description).unwrap();
        let read = Organization::from_json(&organization.to_json()).unwrap();
        assert_eq!(read.description(), organization.description());
    }
}

/// `null` is how JSON says that there is nothing.
#[test]
fn a_note_of_nothing_is_read_as_it_was_written() {
    let organization = chain()
        .employee("Ana", |e| e.provides("list", 1.0).notes(Value::Null))
        .employee("Ben", |e| e.provides("advice", 1.0))
        .build()
        .unwrap();
    let read = Organization::from_json(&organization.to_json()).unwrap();
    assert_eq!(read.description(), organization.description());
}
