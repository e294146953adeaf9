//! What a run costs: reading and planning a model, replications of 50 services with 4 dependencies each (by detail, by
//! threads), and draws by family. Compare figures of one run only: machines differ, and are noisy.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ripple_effect::organization::Service;
use ripple_effect::{Detail, Distribution, Organization, Sampler};

const SERVICES: usize = 50;
const INPUTS: usize = 4;
const REPLICATIONS: u64 = 1 << 12;

fn durations() -> [Distribution; 6] {
    [
        Distribution::pert(0.5, 1.0, 4.0),
        Distribution::exponential(1.0),
        Distribution::lognormal(1.0, 0.5),
        Distribution::triangular(0.5, 1.0, 2.0),
        Distribution::gamma(2.0, 0.5),
        Distribution::uniform(0.5, 1.5),
    ]
}

/// Five tiers; everybody needs four colleagues of the tier before. A quarter of the dependencies have a random hand-off,
/// half are inspected, all pass errors on with a probability.
fn organisation() -> Organization {
    let tier = SERVICES / 5;
    let mut builder = Organization::builder("bench").customer("C", |c| c.promise(12.0));
    for service in 0..SERVICES {
        let duration = durations()[service % 6].clone();
        builder = builder.employee(format!("S{service}"), |e| e.service(Service::new(duration).error_rate(0.05)));
        for input in 0..INPUTS {
            let describe = |d: ripple_effect::organization::Dependency| {
                let d = d.transmission(0.6);
                let d = if input == 0 { d.handoff(Distribution::exponential(0.2)) } else { d };
                if input % 2 == 0 { d.inspected(0.5, 0.5) } else { d }
            };
            if service >= tier {
                let from = service / tier * tier - tier + (service * 3 + input * 7) % tier;
                let id = format!("{service}.{input}");
                builder =
                    builder.serves_with(format!("S{from}"), format!("S{service}"), "", |d| describe(d).id(id.clone()));
            }
        }
        if service >= SERVICES - tier {
            builder = builder.serves(format!("S{service}"), "C", "");
        }
    }
    builder.build().expect("the bench's organisation is sound")
}

fn planning(criterion: &mut Criterion) {
    let organisation = organisation();
    let text = organisation.to_json();
    criterion.bench_function("read", |b| b.iter(|| Organization::from_json(black_box(&text))));
    criterion.bench_function("plan", |b| b.iter(|| black_box(&organisation).plan()));
}

fn running(criterion: &mut Criterion) {
    let organisation = organisation();
    let plan = organisation.plan().expect("the bench's organisation has no cycle");
    let units = (SERVICES + organisation.description().dependencies.len()) as u64 * REPLICATIONS;
    let mut group = criterion.benchmark_group("run, per service and dependency");
    group.throughput(Throughput::Elements(units)).sample_size(10);
    for detail in [Detail::Customers, Detail::Services, Detail::Full] {
        let simulation = plan.simulate().replications(REPLICATIONS).detail(detail).threads(1);
        group.bench_with_input(BenchmarkId::new("detail", format!("{detail:?}")), &simulation, |b, s| {
            b.iter(|| s.run())
        });
    }
    let simulation = plan.simulate().replications(REPLICATIONS).threads(2);
    group.bench_with_input(BenchmarkId::new("threads", 2), &simulation, |b, s| b.iter(|| s.run()));
    group.finish();
}

fn drawing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("draw");
    group.throughput(Throughput::Elements(256));
    let words: Vec<u64> = (1..=256u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    let mut hours = vec![0.0; 256];
    for distribution in durations() {
        let sampler = Sampler::new(&distribution).expect("the bench's distributions are sound");
        let name = format!("{distribution:?}").split([' ', '(']).next().unwrap_or_default().to_owned();
        group.bench_function(&name, |b| b.iter(|| sampler.sample_all(black_box(&words), &mut hours)));
    }
    group.finish();
}

criterion_group!(benches, planning, running, drawing);
criterion_main!(benches);
