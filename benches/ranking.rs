//! What ranking single shocks costs beside as many runs: `cargo bench --bench ranking`.
//!
//! Each service of 2,000 is 8 hours late alone: in a layered network of one round, and in one with feedback over 20 rounds.
//! Both sides run in one process, on one thread; what counts is CPU time.

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ProcessTime;
use ripple_effect::change::Things;
use ripple_effect::generate;
use ripple_effect::shock::Shock;

fn main() {
    let is_test = std::env::args().any(|word| word == "--test");
    let services = if is_test { 50 } else { 2_000 };
    println!("| network | rounds | replications | a run, s | ranking, s | of as many runs |");
    println!("|---|---:|---:|---:|---:|---:|");
    for (name, feedback, rounds, replications) in [("layered", 0.0, 1, 10_000), ("with feedback", 0.1, 20, 512)] {
        let network = generate::layered(services).dependencies(4).feedback(feedback).seed(7);
        let organization = network.organization().expect("the network is sound");
        let replications = if is_test { 256 } else { replications };
        let run = organization.simulate().expect("the network is sound");
        let run = run.rounds(rounds).replications(replications).threads(1);
        let shocks = Shock::new("late").late(8.0).on_each(&organization, Things::Services).expect("services");
        let mut plain = Duration::MAX;
        for _ in 0..3 {
            let from = ProcessTime::now();
            black_box(run.run().expect("the network is sound"));
            plain = plain.min(from.elapsed());
        }
        let from = ProcessTime::now();
        black_box(run.rank(&shocks).expect("the shocks are sound"));
        let ranking = from.elapsed();
        let (plain, ranking) = (plain.as_secs_f64(), ranking.as_secs_f64());
        let share = 100.0 * ranking / (plain * shocks.len() as f64);
        println!("| {name} | {rounds} | {replications} | {plain:.3} | {ranking:.2} | {share:.2} % |");
    }
}
