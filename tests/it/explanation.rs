//! Explanations: parts that add up exactly whatever the organisation, and are those of the stories; criticality, cruciality
//! and derivatives beside exact figures and finite differences; the same bits on any number of threads.

use std::collections::BTreeMap;

use proptest::prelude::*;
use ripple_effect::explain::{Cause, CauseFigures, CustomerExplanation};
use ripple_effect::organization::{Kind, Service};
use ripple_effect::story::{Story, StoryKind};
use ripple_effect::{Detail, Distribution, ErrorKind, Estimate, Explanation, Organization, Simulation};

use crate::organizations::{cases, organizations};

/// Within 4 standard errors, of which the 95 % interval is 1.96 to each side.
fn agrees(what: &str, found: Estimate, exact: f64) {
    let (estimate, low, high) = (found.estimate.unwrap(), found.low.unwrap(), found.high.unwrap());
    let standard_error = (high - low) / 2.0 / 1.96;
    assert!((estimate - exact).abs() <= 4.0 * standard_error + 1e-12, "{what}: {found} for {exact}");
}

fn near(what: &str, found: Option<f64>, exact: f64, within: f64) {
    let found = found.unwrap();
    assert!((found - exact).abs() <= within, "{what}: {found} for {exact}");
}

/// What stories say of the very same engagements: hours by cause, slack and what was left of busy servers in one.
fn by_stories(run: &Simulation, replications: u64, warmup: u32) -> BTreeMap<(String, &'static str), f64> {
    let mut hours = BTreeMap::new();
    for replication in 0..replications {
        let trace = run.trace(replication).unwrap();
        for round in warmup..trace.rounds.len() as u32 {
            for (customer, ..) in run.plan().customer_waits() {
                let story = Story::of(run.plan(), &trace, &customer, round).unwrap();
                for event in story.events() {
                    let way = match event.kind {
                        StoryKind::Worked => "work",
                        StoryKind::HandedOver => "handoff",
                        StoryKind::Unanswered => "silence",
                        StoryKind::Caught => "rework",
                        StoryKind::Absent | StoryKind::Timetable => "absence",
                        StoryKind::FellBack => "fallback",
                        StoryKind::TooClose => "too early",
                        _ => "slack",
                    };
                    *hours.entry((customer.clone(), way)).or_insert(0.0) += event.adds;
                    if event.kind == StoryKind::Worked {
                        *hours.entry((format!("{customer} through {}", event.who), way)).or_insert(0.0) += event.adds;
                    }
                }
            }
        }
    }
    hours
}

fn by_explanation(why: &Explanation) -> BTreeMap<(String, &'static str), f64> {
    let engagements = (why.replications * u64::from(why.rounds - why.warmup)) as f64;
    let mut hours = BTreeMap::new();
    let hours_of = |estimate: Estimate| estimate.estimate.unwrap() * engagements;
    for customer in &why.customers {
        for figures in &customer.causes {
            let way = match figures.cause {
                Cause::Work => "work",
                Cause::Handoff => "handoff",
                Cause::Silence => "silence",
                Cause::Rework => "rework",
                Cause::Absence => "absence",
                Cause::Fallback => "fallback",
                Cause::RoundTooEarly => "too early",
                _ => "slack",
            };
            *hours.entry((customer.name.clone(), way)).or_insert(0.0) += hours_of(figures.hours);
        }
        for person in &customer.people {
            for figures in person.causes.iter().filter(|figures| figures.cause == Cause::Work) {
                let who = format!("{} through {}", customer.name, person.name);
                hours.insert((who, "work"), hours_of(figures.hours));
            }
        }
    }
    hours
}

fn sum(parts: impl Iterator<Item = Estimate>) -> f64 {
    parts.map(|part| part.estimate.unwrap()).sum()
}

/// Every part, added up by cause, by person, and by thing.
fn adds_up(customer: &CustomerExplanation) {
    assert_eq!(customer.unexplained, 0);
    let beyond = customer.beyond_plan.estimate.unwrap();
    let near = |what: &str, added: f64| {
        assert!((added - beyond).abs() <= 1e-9 * (1.0 + beyond.abs()), "{what}: {added} for {beyond}");
    };
    near("causes", sum(customer.causes.iter().map(|figures| figures.hours)));
    // Slack before a customer, who is no employee, is nobody's; all else is somebody's.
    let added = |figures: &&CauseFigures| figures.cause != Cause::Slack;
    let of_people = sum(customer.people.iter().flat_map(|p| &p.causes).filter(added).map(|figures| figures.hours));
    let services = customer.services.iter().flat_map(|service| &service.causes);
    let things = services.chain(customer.dependencies.iter().flat_map(|dependency| &dependency.causes));
    let of_things = sum(things.filter(added).map(|figures| figures.hours));
    let of_causes = sum(customer.causes.iter().filter(added).map(|figures| figures.hours));
    for of in [of_things, of_causes] {
        assert!((of_people - of).abs() <= 1e-9 * (1.0 + of_people.abs()), "{of_people} and {of}");
    }
    for person in &customer.people {
        let added = person.causes.iter().filter(|figures| figures.cause != Cause::Slack);
        let added = sum(added.map(|figures| figures.hours));
        assert!((added - person.hours.estimate.unwrap()).abs() <= 1e-9 * (1.0 + added.abs()));
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn parts_add_up_exactly_and_are_those_of_the_stories(
        organization in organizations(),
        seed in any::<u64>(),
        is_shocked in any::<bool>(),
    ) {
        let mut run = organization.simulate().unwrap().seed(seed);
        if is_shocked {
            run = run.shocked(&crate::ripple::shocks(&organization)).unwrap();
        }
        let why = run.clone().replications(300).explain().unwrap();
        for customer in &why.customers {
            adds_up(customer);
        }
        let replications = 12;
        let why = run.clone().replications(replications).explain().unwrap();
        let (told, found) = (by_stories(&run, replications, why.warmup), by_explanation(&why));
        for key in told.keys().chain(found.keys()) {
            let of = |hours: &BTreeMap<_, f64>| hours.get(key).copied().unwrap_or(0.0);
            let (told, found) = (of(&told), of(&found));
            prop_assert!((told - found).abs() <= 1e-8 * (1.0 + told.abs()), "{:?}: {} for {}", key, found, told);
        }
    }
}

/// Services that each have an employee of their own, and what comes before each.
fn network(activities: &[(&str, Distribution, &[&str])], ends: &[&str]) -> Organization {
    let mut builder = Organization::builder("network");
    for (name, duration, _) in activities {
        builder = builder.employee(*name, |e| e.service(Service::new(duration.clone())));
    }
    for (name, _, before) in activities {
        for before in *before {
            builder = builder.serves(*before, *name, "");
        }
    }
    builder = builder.customer("end", |c| c.promise(5.0));
    for end in ends {
        builder = builder.serves(*end, "end", "");
    }
    builder.build().unwrap()
}

fn nelson(stretched: &str, by: f64) -> Organization {
    let exp = |name: &str| Distribution::exponential(if name == stretched { by } else { 1.0 });
    network(
        &[
            ("X1", exp("X1"), &[]),
            ("X2", exp("X2"), &[]),
            ("X3", exp("X3"), &["X1"]),
            ("X4", exp("X4"), &["X1"]),
            ("X5", exp("X5"), &["X2", "X3"]),
        ],
        &["X4", "X5"],
    )
}

const REPLICATIONS: u64 = 1 << 20;

/// Nelson (2013), Foundations and Methods of Stochastic Simulation; figures derived exactly from the Markov chain.
#[test]
fn nelsons_stochastic_activity_network() {
    let why = nelson("", 1.0).simulate().unwrap().replications(REPLICATIONS).seed(20_260_101).explain().unwrap();
    let end = &why.customers[0];
    assert_eq!(end.ties.estimate, Some(0.0));
    let exact = [
        ("X1", 19.0 / 24.0, 0.5272205566304621, 0.465915840743199, 0.8958333333333334),
        ("X2", 5.0 / 24.0, 0.26156678778565556, 0.12260943177452606, 0.4444444444444444),
        ("X3", 7.0 / 12.0, 0.4577418786248973, 0.343306408968673, 0.7777777777777778),
        ("X4", 5.0 / 24.0, 0.26156678778565556, 0.12260943177452606, 0.4444444444444444),
        ("X5", 19.0 / 24.0, 0.5272205566304621, 0.465915840743199, 0.8958333333333334),
    ];
    let mut all = 0.0;
    for (name, criticality, cruciality, sensitivity, derivative) in exact {
        let service = end.service(name).unwrap();
        agrees(name, service.criticality, criticality);
        assert_eq!(service.derivative_to_shift.unwrap().estimate, service.criticality.estimate);
        agrees(name, service.derivative.unwrap(), derivative);
        // A correlation of a million pairs is known to about 1 / 1,000.
        near(name, service.cruciality, cruciality, 0.005);
        near(name, service.sensitivity, sensitivity, 0.005);
        all += service.derivative.unwrap().estimate.unwrap();
    }
    // Of means of 1, the derivatives add up to the mean wait: the chain is all there is.
    let wait = end.planned_wait + end.beyond_plan.estimate.unwrap();
    assert!((all - wait).abs() < 1e-9, "{all} for {wait}");
    assert!((wait - 83.0 / 24.0).abs() < 0.01);
    // Over dependencies as well: X5 is critical through X2 or through X3.
    agrees("X3 -> X5", end.dependency("X3 -> X5").unwrap().criticality, 7.0 / 12.0);
    agrees("X2 -> X5", end.dependency("X2 -> X5").unwrap().criticality, 5.0 / 24.0);
    let overall: Vec<&str> = why.services.iter().map(|figures| figures.name.as_str()).collect();
    assert_eq!(overall.len(), 5);
}

fn mean_wait(run: &Simulation) -> f64 {
    run.run().unwrap().summary().customers[0].wait.mean.estimate.unwrap()
}

fn late(run: &Simulation) -> f64 {
    run.run().unwrap().summary().customers[0].on_time.complement().estimate.unwrap()
}

#[test]
fn derivatives_are_finite_differences_under_common_random_numbers() {
    let run = |name: &str, by: f64| nelson(name, by).simulate().unwrap().replications(1 << 18).seed(3);
    let why = run("", 1.0).explain().unwrap();
    for name in ["X1", "X2", "X3", "X4", "X5"] {
        // A description with another mean has another standard, but the same draws: waits are compared.
        let difference = (mean_wait(&run(name, 1.001)) - mean_wait(&run(name, 0.999))) / 0.002;
        let service = why.customers[0].service(name).unwrap();
        near(name, service.derivative.unwrap().estimate, difference, 2e-4);
        // That of P(wait > 5) is smoothed, and has a bias of the order of its window squared.
        let difference = (late(&run(name, 1.05)) - late(&run(name, 0.95))) / 0.1;
        let found = service.late_derivative.unwrap();
        near(name, found.estimate, difference, 0.02 + (found.high.unwrap() - found.low.unwrap()));
    }
}

/// Rounds, lag, servers, a group, a backup, departments' paces: all of what a derivative may go through.
fn office(stretched: usize, by: f64) -> Organization {
    let mut models = Organization::builder("office");
    let duration = |service: usize| Distribution::gamma(2.0, 0.5 * if service == stretched { by } else { 1.0 });
    models = models.with(|o| o.rounds(6u32).cadence(2.5));
    let team = |name: &str, service: usize| (name.to_owned(), service);
    for (name, service) in [team("Ana", 0), team("Ben", 1), team("Cy", 2)] {
        // Standards decide the order of work: they stay as they are.
        models = models.employee(name, |e| {
            let work = e.provides_with("work", duration(service), |s| s.standard(1.0));
            work.provides_with("checks", duration(service + 3), |s| s.standard(1.0))
        });
    }
    models = models.employee("Team", |e| {
        let calls = e.capacity(2u32).provides_with("calls", duration(6), |s| s.standard(1.0));
        calls.provides_with("letters", duration(7), |s| s.standard(1.0))
    });
    models
        .customer("Guests", |c| c.promise(6.0))
        .serves_with("Ana/work", "Ben/work", "", |d| d.handoff(Distribution::exponential(0.3)))
        .serves_with("Ben/work", "Ana/checks", "", |d| d.handoff(Distribution::exponential(0.2)))
        .serves_with("Cy/work", "Ana/checks", "", |d| d.kind(Kind::Any { group: "g".into(), count: 1 }))
        .serves_with("Ben/checks", "Ana/checks", "", |d| d.kind(Kind::Any { group: "g".into(), count: 1 }))
        .serves("Cy/work", "Team/calls", "")
        .serves("Ana/work", "Team/letters", "")
        .serves_with("Cy/checks", "Ana/work", "", |d| d.lag(1u32))
        .serves_with("Team/letters", "Cy/checks", "", |d| d.silent(0.2, Distribution::exponential(1.0)))
        .serves("Ana/checks", "Guests", "")
        .serves("Team/calls", "Guests", "")
        .serves("Cy/checks", "Guests", "")
        .build()
        .unwrap()
}

#[test]
fn derivatives_hold_across_rounds_and_servers() {
    let run = |service: usize, by: f64| office(service, by).simulate().unwrap().replications(1 << 14).seed(5);
    let why = run(99, 1.0).explain().unwrap();
    let guests = &why.customers[0];
    assert_eq!((guests.unexplained, guests.ties.estimate), (0, Some(0.0)));
    let names =
        ["Ana/work", "Ben/work", "Cy/work", "Ana/checks", "Ben/checks", "Cy/checks", "Team/calls", "Team/letters"];
    for (service, name) in names.into_iter().enumerate() {
        let difference = (mean_wait(&run(service, 1.0005)) - mean_wait(&run(service, 0.9995))) / 0.001;
        let found = guests.service(name).unwrap();
        near(name, found.derivative.unwrap().estimate, difference, 2e-3 * (1.0 + difference));
        assert!(found.on_chain.estimate.unwrap() >= found.criticality.estimate.unwrap() - 1e-12);
    }
    assert!(guests.services.iter().any(|service| service.on_chain.estimate > service.criticality.estimate));
}

fn discrete(values: &[(f64, f64)]) -> Distribution {
    Distribution::weighted(values.iter().map(|(value, _)| *value), values.iter().map(|(_, weight)| *weight))
}

/// Derived by full enumeration with exact rationals: zero float, with ties.
#[test]
fn discrete_activity_networks() {
    let bridge = network(
        &[
            ("A", discrete(&[(2.0, 1.0), (6.0, 1.0)]), &[]),
            ("B", discrete(&[(4.0, 1.0), (8.0, 1.0)]), &[]),
            ("C", discrete(&[(1.0, 3.0), (5.0, 1.0)]), &["A"]),
            ("D", discrete(&[(5.0, 1.0), (9.0, 1.0)]), &["A"]),
            ("E", discrete(&[(3.0, 2.0), (4.0, 1.0), (9.0, 1.0)]), &["B", "C"]),
        ],
        &["D", "E"],
    );
    agrees_with_enumeration(
        &bridge,
        &[
            ("A", 43.0 / 64.0, 0.47534488668356556, 0.4593220253346813),
            ("B", 31.0 / 64.0, 0.20829719753549503, 0.3311391345436075),
            ("C", 27.0 / 128.0, 0.22201927951119266, 0.12488584472504588),
            ("D", 65.0 / 128.0, 0.2884115042799162, 0.3471619958924917),
            ("E", 89.0 / 128.0, 0.6570261278227824, 0.5912027381787719),
        ],
    );
    let merge = network(
        &[
            ("A", discrete(&[(3.0, 1.0), (5.0, 1.0)]), &[]),
            ("B", discrete(&[(4.0, 2.0), (7.0, 1.0)]), &[]),
            ("C", discrete(&[(2.0, 1.0), (8.0, 1.0)]), &[]),
            ("D", discrete(&[(4.0, 1.0), (5.0, 1.0)]), &["A"]),
            ("E", discrete(&[(2.0, 2.0), (6.0, 1.0)]), &["B"]),
            ("F", discrete(&[(1.0, 1.0), (3.0, 1.0)]), &["C"]),
            ("G", discrete(&[(2.0, 9.0), (10.0, 1.0)]), &["D", "E", "F"]),
        ],
        &["G"],
    );
    agrees_with_enumeration(
        &merge,
        &[
            ("A", 29.0 / 72.0, 0.1033256886606324, 0.14268785576944473),
            ("B", 29.0 / 72.0, 0.194832786993875, 0.2017911008150848),
            ("C", 25.0 / 72.0, 0.18205002287825708, 0.36902031664511564),
            ("D", 29.0 / 72.0, 0.06396352155182004, 0.07134392788472237),
            ("E", 29.0 / 72.0, 0.2887700235802076, 0.26905480108677976),
            ("F", 25.0 / 72.0, 0.12300677221503856, 0.12300677221503856),
            ("G", 1.0, 0.8502228095503465, 0.8502228095503465),
        ],
    );
}

fn agrees_with_enumeration(organization: &Organization, exact: &[(&str, f64, f64, f64)]) {
    let why = organization.simulate().unwrap().replications(REPLICATIONS).seed(20_260_101).explain().unwrap();
    let end = &why.customers[0];
    assert!(end.ties.estimate.unwrap() > 0.05);
    for &(name, criticality, cruciality, sensitivity) in exact {
        let service = end.service(name).unwrap();
        agrees(name, service.criticality, criticality);
        near(name, service.cruciality, cruciality, 0.005);
        near(name, service.sensitivity, sensitivity, 0.005);
        // Where chains tie there is no derivative.
        assert_eq!((service.derivative, service.derivative_to_shift), (None, None));
    }
}

fn every_facet() -> Organization {
    Organization::from_json(include_str!("../golden/every_facet.json")).unwrap()
}

#[test]
fn is_the_same_on_any_number_of_threads() {
    let run = every_facet().simulate().unwrap().replications(1_900).seed(9);
    let one = run.clone().threads(1).explain().unwrap();
    for threads in [2, 3] {
        assert_eq!(one, run.clone().threads(threads).explain().unwrap());
    }
    assert_eq!(one.replications, 1_900);
    let read: Explanation = serde_json::from_str(&one.to_json()).unwrap();
    assert_eq!(read, one);
}

#[test]
fn is_about_the_replications_of_a_run() {
    let run = every_facet().simulate().unwrap().replications(1_000).seed(9);
    let (why, summary) = (run.explain().unwrap(), run.clone().detail(Detail::Services).run().unwrap().summary());
    for (found, felt) in why.customers.iter().zip(&summary.customers) {
        assert_eq!(found.name, felt.name);
        let wait = found.planned_wait + found.beyond_plan.estimate.unwrap();
        assert!((wait - felt.wait.mean.estimate.unwrap()).abs() < 1e-9);
        near("late", found.late.estimate, felt.on_time.complement().estimate.unwrap(), 1e-12);
        near("mistakes.share", found.mistakes.share.estimate, felt.error_free.complement().estimate.unwrap(), 1e-12);
    }
    let half = run.clone().shard(1, 2).explain().unwrap();
    assert_eq!(half.replications, 1_000 - 512);
    assert_eq!(half.customers[0].window, why.customers[0].window);
}

/// Ana errs always, Cy never; Ben lets half of what he gets through, and then so does the customer.
#[test]
fn mistakes_are_traced_to_who_made_them_and_where_they_went_through() {
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides_with("list", 1.0, |s| s.error_rate(1.0)))
        .employee("Cy", |e| e.provides_with("prices", 1.0, |s| s.error_rate(0.25)))
        .employee("Ben", |e| e.provides("advice", 1.0))
        .customer("Guests", |c| c.promise(6.0))
        .serves_with("Ana", "Ben", "", |d| d.inspected(0.5, 0.5))
        .serves("Cy", "Ben", "")
        .serves("Ben", "Guests", "")
        .build()
        .unwrap();
    let why = shop.simulate().unwrap().replications(1 << 16).explain().unwrap();
    let mistakes = &why.customers[0].mistakes;
    agrees("all", mistakes.share, 1.0 - 0.5 * 0.75);
    let made: Vec<(&str, f64)> = vec![("Ana/list", 0.5), ("Cy/prices", 0.25)];
    assert_eq!(mistakes.made_by.len(), made.len());
    for (found, (name, share)) in mistakes.made_by.iter().zip(made) {
        assert_eq!(found.service, name);
        agrees(name, found.share, share);
    }
    let at = |id: &str| mistakes.passed_at.iter().find(|at| at.dependency == id).unwrap();
    agrees("Ana to Ben", at("Ana/list -> Ben/advice").share, 0.5);
    assert_eq!(at("Ana/list -> Ben/advice").detection, 0.5);
    assert_eq!(at("Ben/advice -> Guests").share, mistakes.share);
}

/// Derivatives are given where they hold: not where somebody errs more in a rush.
#[test]
fn no_derivative_where_it_would_not_hold() {
    let shop = |rush: f64| {
        Organization::builder("Shop")
            .employee("Ana", |e| e.provides("list", Distribution::exponential(1.0)))
            .employee("Ben", |e| e.provides_with("advice", Distribution::exponential(1.0), |s| s.rush(rush)))
            .customer("Guests", |c| c.promise(3.0))
            .serves("Ana", "Ben", "")
            .serves("Ben", "Guests", "")
            .build()
            .unwrap()
    };
    let derivative = |rush: f64| {
        let why = shop(rush).simulate().unwrap().replications(500).explain().unwrap();
        why.customers[0].service("Ana/list").unwrap().derivative
    };
    assert!(derivative(0.0).is_some());
    assert_eq!(derivative(0.1), None);
}

#[test]
fn refuses_what_would_take_too_much_memory() {
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides("list", 1.0))
        .customer("Guests", |c| c.promise(3.0))
        .serves("Ana", "Guests", "")
        .build()
        .unwrap();
    let error = shop.simulate().unwrap().rounds(1_000_000).replications(1).explain().unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Range, "rounds"));
    assert!(error.found().contains("GiB"), "{error}");
}

/// Spearman's correlation by the book, of values of which equal ones share the mean of their ranks.
fn spearman(a: &[f64], b: &[f64]) -> f64 {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let below = |x: f64| values.iter().filter(|&&other| other < x).count() as f64;
        let alike = |x: f64| values.iter().filter(|&&other| other == x).count() as f64;
        values.iter().map(|&x| below(x) + (alike(x) + 1.0) / 2.0).collect()
    };
    let (a, b) = (ranks(a), ranks(b));
    let middle = (a.len() as f64 + 1.0) / 2.0;
    let sum =
        |one: &[f64], other: &[f64]| -> f64 { one.iter().zip(other).map(|(x, y)| (x - middle) * (y - middle)).sum() };
    sum(&a, &b) / (sum(&a, &a) * sum(&b, &b)).sqrt()
}

#[test]
fn ranks_go_with_the_wait_as_by_the_book() {
    let organization = network(
        &[
            ("X", Distribution::exponential(1.0), &[]),
            // Two values: many ties.
            ("Y", Distribution::mixture([(0.5, Distribution::from(0.5)), (0.5, Distribution::from(2.0))]), &[]),
            ("Z", Distribution::pert(0.0, 1.0, 3.0), &["X"]),
        ],
        &["Y", "Z"],
    );
    for replications in [256u64, 200] {
        let run = organization.simulate().unwrap().seed(4).replications(replications);
        let why = run.explain().unwrap();
        let traces: Vec<_> = (0..replications).map(|replication| run.trace(replication).unwrap()).collect();
        let waits: Vec<f64> = traces.iter().map(|trace| trace.rounds[0].customers[0].wait).collect();
        for name in ["X", "Y", "Z"] {
            let of = |trace: &ripple_effect::Trace| {
                let service =
                    trace.rounds[0].services.iter().find(|service| service.service.starts_with(name)).unwrap();
                service.work
            };
            let hours: Vec<f64> = traces.iter().map(of).collect();
            let expected = spearman(&hours, &waits);
            let services = &why.customers[0].services;
            let found =
                services.iter().find(|service| service.name.starts_with(name)).unwrap().rank_cruciality.unwrap();
            assert!((found - expected).abs() < 1e-12, "{name}: {found} for {expected}");
        }
    }
    // Pooled over blocks 0 and 16, of those in between nothing.
    let run = organization.simulate().unwrap().seed(4).threads(3);
    let of = |replications: u64| {
        let why = run.clone().replications(replications).explain().unwrap();
        why.customers[0].services[0].rank_cruciality.unwrap()
    };
    assert_eq!(of(256), of(16 * 256));
    assert_ne!(of(256), of(17 * 256));
}
