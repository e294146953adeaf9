//! The library's side of the comparison with other tools: `benches/peers/run` calls it.
//!
//! - `peers_export export mixed 2000` prints the network as JSON: nodes, edges and distribution parameters.
//! - `peers_export run mixed 2000 services 4096 1` runs it on one thread, with seed 1, and prints CPU seconds, means and standard errors.

use std::process::ExitCode;

use cpu_time::ProcessTime;
use ripple_effect::{Detail, Estimate};
use serde_json::{Value, json};

#[allow(dead_code, reason = "each bench uses its part")]
mod workload;

use workload::Workload;

fn main() -> ExitCode {
    // Cargo adds `--bench` to what is asked of a bench.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match ask(&words) {
        Ok(Some(answer)) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Ok(None) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("peers_export: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn ask(words: &[&str]) -> Result<Option<Value>, String> {
    match *words {
        ["export", kind, services] => Ok(Some(json!(workload(kind, services)?))),
        ["run", kind, services, detail, replications, seed] => {
            let detail = match detail {
                "customers" => Detail::Customers,
                "services" => Detail::Services,
                "full" => Detail::Full,
                other => return Err(format!("{other}: customers, services or full")),
            };
            let number = |word: &str| word.parse().map_err(|error| format!("{word}: {error}"));
            run(&workload(kind, services)?, detail, number(replications)?, number(seed)?)
                .map(Some)
                .map_err(|error| error.to_string())
        }
        // A plain `cargo bench` runs every bench; this one has something to say only when it is asked.
        _ => Ok(None),
    }
}

fn workload(kind: &str, services: &str) -> Result<Workload, String> {
    let services = services.parse().map_err(|error| format!("{services}: {error}"))?;
    match kind {
        "mixed" => Ok(Workload::mixed(services)),
        "times" => Ok(Workload::times_only(services)),
        other => Err(format!("{other}: mixed or times")),
    }
}

fn run(workload: &Workload, detail: Detail, replications: u64, seed: u64) -> Result<Value, ripple_effect::Error> {
    let simulation =
        workload.organization()?.plan()?.simulate().replications(replications).seed(seed).detail(detail).threads(1);
    let from = ProcessTime::now();
    let outcome = simulation.run()?;
    let seconds = from.elapsed().as_secs_f64();
    let summary = outcome.summary();
    let customer = &summary.customers[0];
    let count = replications as f64;
    let mean = |estimate: Estimate, sd: Estimate| json!({ "mean": estimate.estimate, "error": sd.estimate.map(|sd| sd / count.sqrt()) });
    let errors = customer.error_free.complement();
    let share = errors.estimate.unwrap_or_default();
    Ok(json!({
        "seconds": seconds,
        "units": workload.units(),
        "replications": replications,
        "wait": mean(customer.wait.mean, customer.wait.sd),
        "lateness": mean(customer.lateness.mean, customer.lateness.sd),
        "wrong": { "mean": share, "error": (share * (1.0 - share) / count).sqrt() },
    }))
}
