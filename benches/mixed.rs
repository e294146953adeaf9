//! The mixed workload at three sizes, the library beside the naive twin: `cargo bench -- mixed`. The table that is printed
//! for readers is that of `ratios`; these are the same figures, to be compared over time.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use ripple_effect::Detail;

#[allow(dead_code, reason = "each bench uses its part")]
mod agreement;
#[allow(dead_code, reason = "each bench uses its part")]
mod naive;
#[allow(dead_code, reason = "each bench uses its part")]
mod workload;

use naive::Twin;
use workload::Workload;

/// Services, replications of the library (whole blocks of 256), and of the twin (whose cost is the same for each).
const SIZES: [(usize, u64, u64); 3] = [(50, 1 << 13, 1 << 11), (2_000, 1 << 10, 1 << 6), (100_000, 1 << 8, 1 << 2)];

fn mixed(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mixed, per service and dependency");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for (services, replications, of_the_twin) in SIZES {
        let workload = Workload::mixed(services);
        if services < 100_000 {
            agreement::check(&workload, 2_000).expect("library and twin compute the same");
        }
        let plan = workload.organization().and_then(|o| o.plan()).expect("the workload is sound");
        let simulation = plan.simulate().replications(replications).detail(Detail::Customers).threads(1);
        group.throughput(Throughput::Elements(workload.units() * replications));
        group.bench_function(BenchmarkId::new("library", services), |b| b.iter(|| simulation.run()));
        let twin = Twin::of(&workload);
        group.throughput(Throughput::Elements(workload.units() * of_the_twin));
        group.bench_function(BenchmarkId::new("twin", services), |b| b.iter(|| twin.run(of_the_twin, 1)));
    }
    group.finish();
}

criterion_group!(benches, mixed);
criterion_main!(benches);
