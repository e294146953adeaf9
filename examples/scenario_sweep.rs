//! Demonstrates: a sweep over generated organisations. How much do customers lose when requests go unanswered, and does it
//! matter how the organisation is built? Every kind of network, in two sizes, at five probabilities of silence, under common
//! random numbers; one row of CSV for each customer of each scenario.
//!
//!     cargo run --release --example scenario_sweep              # the rows to standard output
//!     cargo run --release --example scenario_sweep sweep.csv    # the rows to a file
//!
//! | column | meaning |
//! |---|---|
//! | `kind`, `services`, `silence` | the scenario: network, number of services, probability that a request goes unanswered |
//! | `dependencies` | how many the organisation has |
//! | `customer` | whose figures follow |
//! | `planned_wait` | hours that the plan foresees, and that are promised |
//! | `wait_mean`, `wait_p90` | hours |
//! | `on_time`, `error_free`, `perfect` | shares of engagements |
//! | `perfect_low`, `perfect_high` | the 95 % interval of `perfect` |
//! | `satisfaction` | 0 to 100 |
//! | `value_lost_per_1000` | money that was at stake in 1,000 engagements and is let down |

use std::fmt::Write as _;
use std::time::Instant;

use ripple_effect::{Error, Estimate, Organization, generate};

const SIZES: [u32; 2] = [100, 400];
const SILENCES: [f64; 5] = [0.0, 0.05, 0.1, 0.2, 0.4];
const REPLICATIONS: u64 = 1_024;
const SEED: u64 = 7;

type Make = fn(u32, f64) -> Result<Organization, Error>;

/// The kinds of network, all else being equal. Customers are promised what the plan foresees, with half as much again in it.
const KINDS: [(&str, Make); 4] = [
    ("hierarchy", |services, silence| generate::hierarchy(services).silence(silence).seed(SEED).organization()),
    ("small world", |services, silence| generate::small_world(services).silence(silence).seed(SEED).organization()),
    ("scale-free", |services, silence| generate::scale_free(services).silence(silence).seed(SEED).organization()),
    ("layered", |services, silence| generate::layered(services).silence(silence).seed(SEED).organization()),
];

/// A field as CSV has it: quoted where it must be.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// A figure, or nothing where it is not known.
fn figure(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn estimate(estimate: Estimate) -> String {
    figure(estimate.estimate)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let started = Instant::now();
    let mut rows = String::from(
        "kind,services,silence,dependencies,customer,planned_wait,wait_mean,wait_p90,on_time,error_free,perfect,\
         perfect_low,perfect_high,satisfaction,value_lost_per_1000\n",
    );
    let mut table = String::new();
    for (kind, make) in KINDS {
        for services in SIZES {
            let _ = write!(table, "  {kind:<12} {services:>8}  ");
            for silence in SILENCES {
                let organization = make(services, silence)?;
                let summary = organization.simulate()?.replications(REPLICATIONS).seed(SEED).run()?.summary();
                let dependencies = organization.description().dependencies.len();
                let mut late = 0.0;
                for customer in &summary.customers {
                    late += 100.0 * customer.on_time.complement().estimate.unwrap_or(f64::NAN);
                    let figures = [
                        figure(Some(customer.planned_wait)),
                        estimate(customer.wait.mean),
                        estimate(customer.wait.p90),
                        estimate(customer.on_time),
                        estimate(customer.error_free),
                        estimate(customer.perfect),
                        figure(customer.perfect.low),
                        figure(customer.perfect.high),
                        estimate(customer.satisfaction),
                        estimate(customer.value_lost_per_1000),
                    ];
                    let name = quoted(&customer.name);
                    writeln!(rows, "{kind},{services},{silence},{dependencies},{name},{}", figures.join(","))?;
                }
                let _ = write!(table, "{:>7.0}", late / summary.customers.len() as f64);
            }
            table.push('\n');
        }
    }
    match std::env::args().nth(1) {
        Some(file) => std::fs::write(file, &rows)?,
        None => print!("{rows}"),
    }
    eprintln!("LATE ENGAGEMENTS IN 100, when a quarter of all requests go unanswered this often:\n");
    let silences: String = SILENCES.iter().map(|silence| format!("{:>5.0} %", 100.0 * silence)).collect();
    eprintln!("  network      services  {silences}\n{table}");
    let scenarios = KINDS.len() * SIZES.len() * SILENCES.len();
    eprintln!("{scenarios} scenarios of {REPLICATIONS} replications in {:.1} s.", started.elapsed().as_secs_f64());
    Ok(())
}
