//! What a run costs, and what it grows with: reading and planning, detail, threads, rounds, shards and their merging, and
//! draws by family. Compare figures of one run only: machines differ, and are noisy.

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use ripple_effect::{Detail, Distribution, Organization, Sampler, Simulation};

#[allow(dead_code, reason = "each bench uses its part")]
mod workload;

use workload::Workload;

const SERVICES: usize = 200;
const REPLICATIONS: u64 = 1 << 10;

/// A group that takes a few seconds a figure, counted per service and dependency.
fn group<'c>(criterion: &'c mut Criterion, name: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    group
}

fn simulation(services: usize) -> (Simulation, u64) {
    let workload = Workload::mixed(services);
    let plan = workload.organization().and_then(|o| o.plan()).expect("the workload is sound");
    (plan.simulate().replications(REPLICATIONS).threads(1), workload.units())
}

/// From text to a plan, per service and dependency.
fn planning(criterion: &mut Criterion) {
    let mut group = group(criterion, "plan");
    for services in [50, 2_000] {
        let workload = Workload::mixed(services);
        let organization = workload.organization().expect("the workload is sound");
        let text = organization.to_json();
        group.throughput(Throughput::Elements(workload.units()));
        group.bench_function(BenchmarkId::new("read", services), |b| {
            b.iter(|| Organization::from_json(black_box(&text)))
        });
        group.bench_function(BenchmarkId::new("compile", services), |b| b.iter(|| black_box(&organization).plan()));
    }
    group.finish();
}

fn details(criterion: &mut Criterion) {
    let (simulation, units) = simulation(SERVICES);
    let mut group = group(criterion, "detail");
    group.throughput(Throughput::Elements(units * REPLICATIONS));
    for detail in [Detail::Customers, Detail::Services, Detail::Full] {
        let simulation = simulation.clone().detail(detail);
        let name = format!("{detail:?}").to_lowercase();
        group.bench_function(name, |b| b.iter(|| simulation.run()));
    }
    group.finish();
}

fn threads(criterion: &mut Criterion) {
    let (simulation, units) = simulation(SERVICES);
    let simulation = simulation.replications(4 * REPLICATIONS);
    let mut group = group(criterion, "threads");
    group.throughput(Throughput::Elements(units * 4 * REPLICATIONS));
    for threads in [1, 2, 4] {
        let simulation = simulation.clone().threads(threads);
        group.bench_function(BenchmarkId::from_parameter(threads), |b| b.iter(|| simulation.run()));
    }
    group.finish();
}

fn rounds(criterion: &mut Criterion) {
    let (simulation, units) = simulation(50);
    let mut group = group(criterion, "rounds");
    for rounds in [1, 4, 16, 64] {
        let simulation = simulation.clone().rounds(rounds);
        group.throughput(Throughput::Elements(units * REPLICATIONS * u64::from(rounds)));
        group.bench_function(BenchmarkId::from_parameter(rounds), |b| b.iter(|| simulation.run()));
    }
    group.finish();
}

/// A run cut into parts, and what it takes to put two parts together.
fn shards(criterion: &mut Criterion) {
    let (simulation, units) = simulation(SERVICES);
    let mut group = group(criterion, "shards");
    for shards in [1, 4] {
        group.throughput(Throughput::Elements(units * REPLICATIONS));
        group.bench_function(BenchmarkId::new("run", shards), |b| {
            b.iter(|| (0..shards).map(|index| simulation.clone().shard(index, shards).run()).collect::<Vec<_>>())
        });
    }
    for detail in [Detail::Customers, Detail::Services, Detail::Full] {
        let part = |index| simulation.clone().detail(detail).shard(index, 2).run().expect("the workload is sound");
        let (first, second) = (part(0), part(1));
        group.throughput(Throughput::Elements(units));
        group.bench_function(BenchmarkId::new("merge", format!("{detail:?}").to_lowercase()), |b| {
            b.iter_batched_ref(|| first.clone(), |into| into.merge(&second), criterion::BatchSize::LargeInput)
        });
        group.bench_function(BenchmarkId::new("summary", format!("{detail:?}").to_lowercase()), |b| {
            b.iter(|| first.summary())
        });
    }
    group.finish();
}

/// A draw of each family, per draw.
fn families(criterion: &mut Criterion) {
    let families = [
        ("constant", Distribution::from(1.0)),
        ("uniform", Distribution::uniform(0.5, 1.5)),
        ("triangular", Distribution::triangular(0.5, 1.0, 2.0)),
        ("pert", Distribution::pert(0.5, 1.0, 4.0)),
        ("exponential", Distribution::exponential(1.0)),
        ("erlang", Distribution::erlang(3, 1.0)),
        ("gamma", Distribution::gamma(2.0, 0.5)),
        ("lognormal", Distribution::lognormal(1.0, 0.5)),
        ("weibull", Distribution::weibull(1.5, 1.0)),
        ("normal", Distribution::normal(1.0, 0.5)),
        ("beta", Distribution::beta(2.0, 3.0, 0.0, 2.0)),
        ("empirical", Distribution::empirical((1..=100).map(f64::from))),
        ("mixture", Distribution::mixture([(0.9, 1.0.into()), (0.1, Distribution::exponential(11.0))])),
        ("shifted", Distribution::shifted(1.0, Distribution::exponential(2.0))),
    ];
    let words: Vec<u64> = (1..=1024u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    let mut hours = vec![0.0; words.len()];
    let mut group = group(criterion, "draw");
    group.throughput(Throughput::Elements(words.len() as u64));
    for (name, distribution) in families {
        let sampler = Sampler::new(&distribution).expect("the bench's distributions are sound");
        group.bench_function(name, |b| b.iter(|| sampler.sample_all(black_box(&words), &mut hours)));
    }
    group.finish();
}

criterion_group!(benches, planning, details, threads, rounds, shards, families);
criterion_main!(benches);
