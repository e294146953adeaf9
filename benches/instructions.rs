//! What `.ci/instructions` counts the instructions of: the mixed workload at 2,000 services, on one thread, for as many
//! replications as it is told. It prints the units of one replication.

use std::process::ExitCode;

use ripple_effect::Detail;

#[allow(dead_code, reason = "each bench uses its part")]
mod workload;

use workload::Workload;

const SERVICES: usize = 2_000;

fn main() -> ExitCode {
    // A plain `cargo bench` runs every bench; this one has something to do only when it is told how much.
    let Some(replications) = std::env::args().skip(1).find_map(|word| word.parse().ok()) else {
        return ExitCode::SUCCESS;
    };
    let workload = Workload::mixed(SERVICES);
    let outcome = workload
        .organization()
        .and_then(|organization| organization.plan())
        .and_then(|plan| plan.simulate().replications(replications).detail(Detail::Customers).threads(1).run());
    match outcome {
        Ok(outcome) => {
            std::hint::black_box(outcome);
            println!("{}", workload.units());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("instructions: {error}");
            ExitCode::FAILURE
        }
    }
}
