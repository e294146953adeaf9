//! What it takes to choose among all 32,768 sets of 15 candidates, 50 services, 4,096 replications, on two threads:
//! `cargo bench --bench choosing`.

use std::time::Instant;

use cpu_time::ProcessTime;

#[path = "../tests/it/fifteen.rs"]
#[allow(unreachable_pub, reason = "shared with the tests")]
mod fifteen;

fn main() {
    let is_test = std::env::args().any(|word| word == "--test");
    let (organization, mut candidates) = fifteen::fifteen(1, |_| 1.0);
    if is_test {
        candidates.truncate(4);
    }
    let asked = organization.improve(&candidates, 1e9).expect("the candidates are sound");
    let asked = asked.replications(4_096).threads(2);
    let (clock, processor) = (Instant::now(), ProcessTime::now());
    let portfolio = asked.run().expect("the candidates are sound");
    println!(
        "{} sets: {:.1} s by the clock, {:.1} s of processor time",
        portfolio.tried,
        clock.elapsed().as_secs_f64(),
        processor.elapsed().as_secs_f64()
    );
}
