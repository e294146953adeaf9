//! What explaining costs beside the plain run, on the mixed workload: `cargo bench --bench explaining`.
//!
//! Both run in one process, in turns; what counts is the least CPU time of the repeats.

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ProcessTime;

#[allow(dead_code, reason = "each bench uses its part")]
mod workload;

use workload::Workload;

fn main() {
    let is_test = std::env::args().any(|word| word == "--test");
    println!("| services | replications | run, ns a unit | explain, ns a unit | ratio |");
    println!("|---:|---:|---:|---:|---:|");
    for (services, replications, repeats) in [(50, 1 << 15, 7), (2_000, 1 << 14, 5)] {
        let workload = Workload::mixed(services);
        let organization = workload.organization().expect("the workload is sound");
        let plan = organization.plan().expect("the workload is sound");
        let (replications, repeats) = if is_test { (256, 1) } else { (replications, repeats) };
        let run = plan.simulate().replications(replications).threads(1);
        let (mut plain, mut explained) = (Duration::MAX, Duration::MAX);
        for _ in 0..repeats {
            let from = ProcessTime::now();
            black_box(run.run().expect("the workload is sound"));
            plain = plain.min(from.elapsed());
            let from = ProcessTime::now();
            black_box(run.explain().expect("the workload is sound"));
            explained = explained.min(from.elapsed());
        }
        let of = |took: Duration| took.as_secs_f64() * 1e9 / (workload.units() * replications) as f64;
        let (plain, explained) = (of(plain), of(explained));
        println!("| {services} | {replications} | {plain:.2} | {explained:.2} | {:.2} |", explained / plain);
    }
}
