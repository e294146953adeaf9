//! What each facet of the model adds: one after the other, on the same plain network. A facet that a model does not use
//! should cost it nothing.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use ripple_effect::organization::{Backup, Description, Start};
use ripple_effect::{Distribution, Organization};

#[allow(dead_code, reason = "each bench uses its part")]
mod workload;

use workload::Workload;

const SERVICES: usize = 200;
const REPLICATIONS: u64 = 1 << 9;
/// What facets that look back are run for; `plain, 4 rounds` is what to compare them with.
const ROUNDS: u32 = 4;

/// The network of the mixed workload with uniform durations and nothing else: constant hand-offs, no errors.
fn plain() -> Description {
    let mut description =
        Workload::mixed(SERVICES).organization().expect("the workload is sound").description().clone();
    for employee in &mut description.employees {
        for service in &mut employee.services {
            service.duration = Distribution::uniform(0.5, 1.5);
            service.error_rate = None;
        }
    }
    for dependency in &mut description.dependencies {
        (dependency.handoff, dependency.detection, dependency.rework) = (None, None, None);
        dependency.transmission = None;
    }
    description
}

/// Changes every dependency between two services, given its place among them.
fn between_services(
    description: &mut Description,
    mut change: impl FnMut(usize, &mut ripple_effect::organization::Dependency),
) {
    let between = description.dependencies.iter_mut().filter(|dependency| dependency.receiver.starts_with('S'));
    between.enumerate().for_each(|(place, dependency)| change(place, dependency));
}

fn every_service(description: &mut Description, mut change: impl FnMut(&mut ripple_effect::organization::Service)) {
    description.employees.iter_mut().flat_map(|employee| &mut employee.services).for_each(&mut change);
}

/// A facet's name, and how it changes the plain network.
type Facet = (&'static str, fn(&mut Description));

const FACETS: [Facet; 20] = [
    ("plain", |_| {}),
    ("random hand-off", |d| {
        between_services(d, |_, dependency| dependency.handoff = Some(Distribution::exponential(0.2)));
    }),
    ("silence", |d| {
        between_services(d, |_, dependency| {
            *dependency = dependency.clone().silent(0.05, Distribution::exponential(4.0))
        });
    }),
    ("errors", |d| every_service(d, |service| *service = service.clone().error_rate(0.05))),
    ("errors, inspection", |d| {
        every_service(d, |service| *service = service.clone().error_rate(0.05));
        between_services(d, |_, dependency| {
            *dependency = dependency.clone().inspected(0.7, Distribution::exponential(0.5)).transmission(0.3);
        });
    }),
    ("rush", |d| every_service(d, |service| *service = service.clone().error_rate(0.05).rush(0.05))),
    ("needed", |d| between_services(d, |_, dependency| *dependency = dependency.clone().needed(0.5))),
    ("any 2 of 4", |d| between_services(d, |_, dependency| *dependency = dependency.clone().any(2, "colleagues"))),
    ("helpful", |d| {
        between_services(d, |place, dependency| {
            if place % workload::INPUTS == 0 {
                *dependency = dependency.clone().helpful();
            }
        });
    }),
    ("quality", |d| {
        every_service(d, |service| *service = service.clone().workmanship(Distribution::uniform(0.8, 1.0)));
        between_services(d, |_, dependency| *dependency = dependency.clone().strength(0.5).criticality(0.9));
    }),
    ("pace", |d| d.employees.iter_mut().for_each(|employee| employee.pace = Some(Distribution::uniform(0.8, 1.2)))),
    ("absence, backup", |d| {
        let names: Vec<String> = d.employees.iter().map(|employee| employee.name.clone()).collect();
        for (place, employee) in d.employees.iter_mut().enumerate() {
            employee.absence = Some(0.05.into());
            let colleague = &names[(place + 1) % names.len()];
            employee.services.iter_mut().for_each(|service| service.backup = Some(Backup::new(colleague.clone())));
        }
    }),
    ("two services an employee", |d| share(d, 1)),
    ("two services an employee, capacity 2", |d| share(d, 2)),
    ("timetable", |d| d.start = Some(Start::Planned)),
    ("journey", |d| {
        // From the customer backward: the first input of each.
        let mut stage = "C".to_owned();
        let mut journey = Vec::new();
        while let Some(dependency) = d.dependencies.iter().find(|dependency| dependency.receiver == stage) {
            stage.clone_from(&dependency.provider);
            journey.push(stage.clone());
        }
        journey.reverse();
        d.customers[0].journey = Some(journey);
    }),
    ("plain, 4 rounds", |d| d.rounds = Some(ROUNDS)),
    ("lag, 4 rounds", |d| {
        d.rounds = Some(ROUNDS);
        between_services(d, |place, dependency| {
            if place % workload::INPUTS == 0 {
                dependency.lag = Some(1);
            }
        });
    }),
    ("random cadence, 4 rounds", |d| {
        d.rounds = Some(ROUNDS);
        d.cadence = Some(Distribution::exponential(30.0));
    }),
    ("pace of a department", |d| {
        d.departments.push(ripple_effect::organization::Department::new("All").pace(Distribution::uniform(0.8, 1.2)));
        d.employees.iter_mut().for_each(|employee| employee.department = Some("All".to_owned()));
    }),
];

/// Gives every second employee's work to the one before, who then has two services.
fn share(description: &mut Description, capacity: u32) {
    let mut kept = Vec::new();
    let mut moved = Vec::new();
    for pair in description.employees.chunks(2) {
        let mut first = pair[0].clone().capacity(capacity);
        for second in &pair[1..] {
            let services = second.services.iter().map(|service| service.clone().name(second.name.clone()));
            first.services[0].name = Some(first.name.clone());
            first.services.extend(services);
            moved.push((first.name.clone(), format!("{0}/{0}", first.name)));
            moved.push((second.name.clone(), format!("{}/{}", first.name, second.name)));
        }
        kept.push(first);
    }
    description.employees = kept;
    let now = |reference: &mut String| {
        if let Some((_, to)) = moved.iter().find(|(from, _)| from == reference) {
            reference.clone_from(to);
        }
    };
    for dependency in &mut description.dependencies {
        now(&mut dependency.provider);
        now(&mut dependency.receiver);
    }
}

fn facets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("facet");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for (name, add) in FACETS {
        let mut description = plain();
        add(&mut description);
        let units = description.employees.iter().map(|employee| employee.services.len()).sum::<usize>();
        let units = (units + description.dependencies.len()) as u64;
        let plan =
            Organization::new(description).and_then(|o| o.plan()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let rounds = u64::from(plan.rounds());
        group.throughput(Throughput::Elements(units * rounds * REPLICATIONS));
        let simulation = plan.simulate().replications(REPLICATIONS).threads(1);
        group.bench_function(name, |b| b.iter(|| simulation.run()));
    }
    group.finish();
}

criterion_group!(benches, facets);
criterion_main!(benches);
