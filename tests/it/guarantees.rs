//! What is guaranteed of results: the same bits, and exactness where nothing is random.

use ripple_effect::organization::Service;
use ripple_effect::{Detail, Distribution, Organization, Outcome};
use sha2::{Digest, Sha256};

const MODEL: &str = include_str!("../golden/every_facet.json");
/// Of `ripple run tests/golden/every_facet.json --replications 2000 --seed 5 --detail full --format json`, as `.ci/run`
/// checks for the program in debug and release. It changes with the version of the crate, and with any draw or figure.
const GOLDEN: &str = include_str!("../golden/every_facet.sha256");

fn every_facet() -> Organization {
    Organization::from_json(MODEL).unwrap()
}

#[test]
fn golden_figures() {
    let outcome = every_facet().simulate().unwrap().replications(2_000).seed(5).detail(Detail::Full).run().unwrap();
    let mut text = serde_json::to_string_pretty(&outcome.summary()).unwrap();
    text.push('\n');
    let digest: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, GOLDEN.split_whitespace().next().unwrap());
}

#[test]
fn threads_cannot_be_seen() {
    let run = |threads: usize| {
        let simulation = every_facet().simulate().unwrap().replications(5_000).seed(3).detail(Detail::Full);
        simulation.threads(threads).run().unwrap().to_json()
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(7));
}

#[test]
fn outcomes_read_back_as_they_were_written() {
    let outcome = every_facet().simulate().unwrap().replications(700).detail(Detail::Full).run().unwrap();
    let text = outcome.to_json();
    let read = Outcome::from_json(&text).unwrap();
    assert_eq!(read, outcome);
    assert_eq!(read.to_json(), text);
    assert!(Outcome::from_json(&serde_json::to_string(&outcome.summary()).unwrap()).is_err());
    assert!(Outcome::from_json(&text.replacen("\"replications\":700", "\"replications\":701", 1)).is_err());
}

#[test]
fn outcomes_of_other_runs_are_not_merged() {
    let run = |seed: u64, rounds: u32| {
        every_facet().simulate().unwrap().replications(256).seed(seed).rounds(rounds).run().unwrap()
    };
    let mut outcome = run(1, 5);
    let before = outcome.clone();
    for (other, named) in [(run(2, 5), "seed"), (run(1, 4), "rounds")] {
        let error = outcome.merge(&other).unwrap_err();
        assert!(error.found().contains(named), "{error}");
        assert_eq!(outcome, before);
    }
    let error = outcome.merge(&before).unwrap_err();
    assert!(error.found().contains("replications 0 to 255"), "{error}");
    assert_eq!(outcome, before);
}

#[test]
fn shards_merge_to_the_whole_in_any_order() {
    let whole = every_facet().simulate().unwrap().replications(3_000).seed(9).detail(Detail::Full);
    let expected = whole.run().unwrap();
    for (of, order) in [(2, vec![1, 0]), (5, vec![3, 0, 4, 1, 2]), (13, (0..13).rev().collect())] {
        let mut parts = order.into_iter().map(|index| {
            let part = whole.clone().shard(index, of).run().unwrap();
            Outcome::from_json(&part.to_json()).unwrap()
        });
        let mut merged = parts.next().unwrap();
        parts.for_each(|part| merged.merge(&part).unwrap());
        assert_eq!(merged.to_json(), expected.to_json());
    }
    assert!(whole.clone().shard(2, 2).run().is_err());
    assert!(whole.clone().shard(0, 0).run().is_err());
}

/// Constants that no binary fraction holds, with hand-offs, a buffer, busy servers, lags and 100 rounds: on plan is on
/// time, everywhere and always.
#[test]
fn a_chain_of_constants_on_plan_is_on_time_in_every_round() {
    for start in [ripple_effect::organization::Start::Ready, ripple_effect::organization::Start::Planned] {
        let mut builder = Organization::builder("constants")
            .with(|o| o.rounds(100u32).start(start).cadence(33.3))
            .customer("C", |c| c)
            .customer("by hand-off", |c| c)
            .serves_with("P9/b", "C", "", |d| d.handoff(0.1))
            .serves_with("P3/a", "by hand-off", "", |d| d.handoff(1.0 / 3.0).lag(2u32));
        for k in 0..10usize {
            builder = builder.employee(format!("P{k}"), |e| {
                e.service(Service::new(0.1 + k as f64 / 7.0).name("a").buffer(0.0))
                    .service(Service::new(1.0 / 3.0).name("b").standard(1.0 / 3.0))
            });
            if k > 0 {
                builder = builder
                    .serves_with(format!("P{}/a", k - 1), format!("P{k}/a"), "", |d| d.handoff(0.7))
                    .serves(format!("P{}/b", k - 1), format!("P{k}/b"), "")
                    .serves(format!("P{k}/a"), format!("P{k}/b"), "");
            }
        }
        let organization = builder.build().unwrap();
        let outcome = organization.simulate().unwrap().replications(300).detail(Detail::Full).run().unwrap();
        let summary = outcome.summary();
        for customer in &summary.customers {
            assert_eq!(customer.on_time.estimate, Some(1.0), "{}", customer.name);
            assert_eq!(customer.lateness.max, Some(0.0));
        }
        let customer = &summary.customers[0];
        assert_eq!(customer.wait.mean.estimate, Some(customer.planned_wait));
        assert_eq!(
            (customer.wait.p50.estimate, customer.wait.max),
            (customer.wait.p99.estimate, Some(customer.planned_wait))
        );
        assert_eq!(customer.wait.sd.estimate, Some(0.0));
        assert!(summary.rounds.iter().all(|round| round.customers.iter().all(|c| c.on_time.estimate == Some(1.0))));
        assert!(summary.services.iter().all(|service| service.on_time.estimate == Some(1.0)));
        assert!(summary.dependencies.iter().all(|d| d.on_time.estimate == Some(1.0)));
    }
}

/// Who is exactly on plan keeps every promise, though inputs came early and a timetable or other work held it back.
#[test]
fn what_is_on_plan_keeps_its_promise() {
    let outcome = |organization: Organization| {
        let simulation = organization.simulate().unwrap().replications(2_000).detail(Detail::Services);
        simulation.run().unwrap().summary().dependencies
    };
    let timetable = Organization::builder("timetable")
        .with(|o| o.start(ripple_effect::organization::Start::Planned))
        .employee("Ana", |e| e.service(Service::new(Distribution::uniform(0.5, 1.5)).standard(1.5)))
        .employee("Ben", |e| e.service(Service::new(1.0)))
        .customer("C", |c| c)
        .serves("Ana", "Ben", "")
        .serves("Ben", "C", "");
    let busy = Organization::builder("busy")
        .employee("Ana", |e| e.provides("a", 2.0).provides("b", 1.0))
        .employee("Ben", |e| e.service(Service::new(Distribution::uniform(0.0, 1.9)).standard(1.9)))
        .customer("C", |c| c)
        .serves("Ana/a", "C", "")
        .serves("Ana/b", "C", "")
        .serves("Ben", "Ana/b", "");
    for organization in [timetable, busy] {
        for dependency in outcome(organization.build().unwrap()) {
            assert_eq!(dependency.on_time.estimate, Some(1.0), "{}", dependency.id);
            assert_eq!(dependency.promise_kept.estimate, Some(1.0), "{}", dependency.id);
        }
    }
}

/// What a department's defaults say is what its services would say themselves, unless they say otherwise.
#[test]
fn departments_give_defaults() {
    let quality = || Distribution::uniform(0.5, 1.0);
    let shop = |told: bool| {
        let service = |s: Service| match told {
            true => s.error_rate(0.2).rush(0.3).workmanship(quality()).buffer(1.5),
            false => s,
        };
        Organization::builder("shop")
            .department_with("Back", |d| match told {
                true => d,
                false => d.defaults(
                    ripple_effect::organization::Defaults::default()
                        .error_rate(0.2)
                        .rush(0.3)
                        .workmanship(quality())
                        .buffer(1.5),
                ),
            })
            .employee("Ana", |e| {
                e.department("Back").provides_with("a", Distribution::exponential(1.0), service).provides_with(
                    "b",
                    1.0,
                    |s| s.error_rate(0.0).rush(0.0).workmanship(1.0).buffer(0.0),
                )
            })
            .employee("Ben", |e| e.provides("c", 1.0))
            .customer("C", |c| c)
            .serves("Ana/a", "C", "")
            .serves("Ana/b", "C", "")
            .serves("Ben", "C", "")
            .build()
            .unwrap()
            .simulate()
            .unwrap()
            .replications(2_000)
            .detail(Detail::Services)
            .run()
            .unwrap()
            .summary()
    };
    let (written, by_default) = (shop(true), shop(false));
    assert_eq!(written.services, by_default.services);
    assert_eq!(written.customers, by_default.customers);
    let own_error = |name: &str| {
        by_default.services.iter().find(|service| service.name == name).unwrap().own_error.estimate.unwrap()
    };
    assert!(own_error("Ana/a") > 0.15);
    assert_eq!((own_error("Ana/b"), own_error("Ben/c")), (0.0, 0.0));
}

/// A tail without end is cut at 2^20 hours, and the cuts are counted.
#[test]
fn cuts_are_counted() {
    let organization = Organization::builder("heavy")
        .employee("Ana", |e| e.service(Service::new(Distribution::exponential(1e6)).standard(1.0)))
        .customer("C", |c| c)
        .serves("Ana", "C", "")
        .build()
        .unwrap();
    let outcome = organization.simulate().unwrap().replications(10_000).run().unwrap();
    assert!(outcome.meta().cut > 0);
    assert_eq!(outcome.summary().customers[0].wait.max, Some(1_048_576.0));
}

/// The sustainable cadence: an employee's load, a circle across rounds, and both together, by hand.
#[test]
fn bottlenecks() {
    let cadence = |organization: Organization| {
        let plan = organization.plan().unwrap();
        let sustainable = plan.sustainable();
        (sustainable.hours, sustainable.bottleneck.map(|bottleneck| bottleneck.to_string()).unwrap())
    };
    let two = |lag: u32, hours: f64| {
        Organization::builder("circle")
            .employee("Ana", |e| e.service(Service::new(hours)))
            .employee("Ben", |e| e.capacity(2u32).service(Service::new(3.0)))
            .customer("C", |c| c)
            .serves("Ana", "Ben", "")
            .serves_with("Ben", "Ana", "", |d| d.lag(lag).handoff(1.0))
            .serves("Ben", "C", "")
            .build()
            .unwrap()
    };
    assert_eq!(cadence(two(1, 2.0)).0, 6.0);
    assert!(cadence(two(1, 2.0)).1.contains("Ana -> Ben") || cadence(two(1, 2.0)).1.contains("Ben -> Ana"));
    assert_eq!(cadence(two(2, 2.0)).0, 3.0);
    assert_eq!(cadence(two(2, 5.0)), (5.0, "the work of Ana".to_owned()));
    // Delays grow where the cadence is shorter, and stay bounded where it is not.
    let grows = |hours: f64| {
        let mut description = two(1, 2.0).description().clone();
        description.cadence = Some(Distribution::constant(hours));
        description.rounds = Some(200);
        let organization = Organization::new(description).unwrap();
        assert_eq!(organization.plan().unwrap().warnings().is_empty(), hours >= 6.0);
        let trace = organization.simulate().unwrap().trace(0).unwrap();
        trace.rounds[199].customers[0].wait - trace.rounds[99].customers[0].wait
    };
    assert!((grows(5.9) - 10.0).abs() < 1e-6);
    assert_eq!(grows(6.0), 0.0);
}
