//! Where the library stands beside what a user would write first: `cargo bench --bench ratios`.
//!
//! All contenders run in one process, in turns, so that whatever else the machine does hits them alike. What counts is the
//! CPU time of the process, per service and dependency and replication: the least of the repeats, and their median.
//! `-- --million` adds a network of a million services, five replications of it, and what it takes to get there.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use ripple_effect::{Detail, Plan, Simulation};

#[allow(dead_code, reason = "each bench uses its part")]
mod agreement;
#[allow(dead_code, reason = "each bench uses its part")]
mod naive;
#[allow(dead_code, reason = "each bench uses its part")]
mod workload;

use naive::Twin;
use workload::Workload;

/// Replications of a run at least, four blocks of them: what sets a run up is spread over them.
const LEAST: u64 = 1_024;

/// How long a measurement takes.
#[derive(Clone, Copy)]
struct Effort {
    sizes: &'static [usize],
    repeats: usize,
    /// A repeat has as many replications as take this long.
    a_repeat: Duration,
    /// After this long, two repeats are enough.
    a_size: Duration,
}

const FULL: Effort = Effort {
    sizes: &[50, 2_000, 100_000],
    repeats: 7,
    a_repeat: Duration::from_millis(400),
    a_size: Duration::from_secs(60),
};
/// To see that it works.
const SHORT: Effort =
    Effort { sizes: &[50, 2_000], repeats: 1, a_repeat: Duration::from_millis(1), a_size: Duration::ZERO };

/// Something that runs so many replications.
struct Contender<'a> {
    name: &'static str,
    run: Box<dyn Fn(u64) + 'a>,
    replications: u64,
    took: Vec<Duration>,
}

impl<'a> Contender<'a> {
    fn new(name: &'static str, step: u64, a_repeat: Duration, run: impl Fn(u64) + 'a) -> Self {
        let mut replications = step;
        loop {
            let from = ProcessTime::now();
            run(replications);
            let took = from.elapsed();
            if took >= a_repeat {
                break;
            }
            // At most eightfold, as the first runs are slower than the rest.
            let wanted = a_repeat.as_secs_f64() / took.as_secs_f64().max(1e-6);
            replications = (replications as f64 * wanted.clamp(1.2, 8.0) / step as f64).ceil() as u64 * step;
        }
        Self { name, run: Box::new(run), replications, took: Vec::new() }
    }

    fn once(&mut self) {
        let from = ProcessTime::now();
        (self.run)(self.replications);
        self.took.push(from.elapsed());
    }

    /// Least and median nanoseconds per unit and replication.
    fn cost(&self, units: u64) -> (f64, f64) {
        let (least, median) = least_and_median(self.took.clone());
        let of = |took: Duration| took.as_secs_f64() * 1e9 / (units * self.replications) as f64;
        (of(least), of(median))
    }
}

fn least_and_median(mut took: Vec<Duration>) -> (Duration, Duration) {
    took.sort();
    (took[0], took[took.len() / 2])
}

fn run(simulation: &Simulation) {
    black_box(simulation.run().expect("the workload is sound"));
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let asked = |word: &str| words.iter().any(|other| other == word);
    // A filter meant for other benches: `cargo bench -- mixed`.
    if words.iter().any(|word| !word.starts_with('-') && !"ratios".contains(word.as_str())) {
        return;
    }
    let effort = if asked("--test") { SHORT } else { FULL };
    machine();
    for services in [50, 2_000] {
        let replications = if asked("--test") { 1_000 } else { 1_000_000 / services as u64 };
        if let Err(difference) = agreement::check(&Workload::mixed(services), replications) {
            eprintln!("library and twin do not compute the same: {difference}");
            std::process::exit(1);
        }
    }
    println!("The means of library and twin agree within 4 standard errors, at 50 and at 2,000 services.\n");
    println!(
        "Nanoseconds of CPU time per (service + dependency) x replication, one thread, least of at most {} turns (median)\n",
        effort.repeats
    );
    println!(
        "| services | dependencies | replications | library: customers | library: services | naive twin | twin / customers | services / customers |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
    for &services in effort.sizes {
        beside_the_twin(services, effort);
    }
    println!();
    threads(2_000, effort);
    if asked("--million") {
        println!();
        million();
    }
}

/// What the figures were measured on.
fn machine() {
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = information.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map_or("unknown", |(_, value)| value.trim()).to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let flags = field("flags");
    let widest = ["avx512f", "avx2", "sse2"].into_iter().find(|&flag| flags.split(' ').any(|other| other == flag));
    println!(
        "{} (family {}, model {}), {cores} cores, widest vectors {}; ripple-effect {}\n",
        field("model name"),
        field("cpu family"),
        field("model\t"),
        widest.unwrap_or("unknown"),
        env!("CARGO_PKG_VERSION"),
    );
}

fn plan(workload: &Workload) -> Plan {
    workload.organization().expect("the workload is sound").plan().expect("layers have no cycle")
}

fn beside_the_twin(services: usize, effort: Effort) {
    let workload = Workload::mixed(services);
    let plan = plan(&workload);
    let twin = Twin::of(&workload);
    let library = |detail: Detail| {
        let simulation = plan.simulate().detail(detail).threads(1);
        move |replications| run(&simulation.clone().replications(replications))
    };
    let mut contenders = [
        Contender::new("customers", LEAST, effort.a_repeat, library(Detail::Customers)),
        Contender::new("services", LEAST, effort.a_repeat, library(Detail::Services)),
        Contender::new("twin", 1, effort.a_repeat, |replications| drop(black_box(twin.run(replications, 1)))),
    ];
    let from = Instant::now();
    for turn in 0..effort.repeats {
        if turn >= 2 && from.elapsed() > effort.a_size {
            break;
        }
        contenders.iter_mut().for_each(Contender::once);
    }
    let [customers, detailed, twin] = [0, 1, 2].map(|at| contenders[at].cost(workload.units()));
    let cell = |(least, median): (f64, f64)| format!("{least:.2} ({median:.2})");
    let replications = contenders.each_ref().map(|contender| format!("{} {}", contender.replications, contender.name));
    println!(
        "| {services} | {} | {} | {} | {} | {} | {:.1} | {:.2} |",
        workload.dependencies(),
        replications.join(", "),
        cell(customers),
        cell(detailed),
        cell(twin),
        twin.0 / customers.0,
        detailed.0 / customers.0,
    );
}

/// Time by the clock, of the same run on one thread and on two.
fn threads(services: usize, effort: Effort) {
    let workload = Workload::mixed(services);
    let simulation = plan(&workload).simulate().detail(Detail::Customers);
    let one = Contender::new("one", LEAST, 2 * effort.a_repeat, {
        let simulation = simulation.clone().threads(1);
        move |replications| run(&simulation.clone().replications(replications))
    });
    let replications = one.replications;
    let simulation = simulation.replications(replications);
    let mut took = [Vec::new(), Vec::new()];
    for _ in 0..effort.repeats {
        for (took, threads) in took.iter_mut().zip([1, 2]) {
            let from = Instant::now();
            run(&simulation.clone().threads(threads));
            took.push(from.elapsed());
        }
    }
    let [(one, one_median), (two, two_median)] = took.map(least_and_median);
    println!("Milliseconds by the clock, {services} services, {replications} replications\n");
    println!("| 1 thread | 2 threads | times as fast |");
    println!("|---:|---:|---:|");
    let milliseconds = |took: Duration| took.as_secs_f64() * 1e3;
    println!(
        "| {:.1} ({:.1}) | {:.1} ({:.1}) | {:.2} |",
        milliseconds(one),
        milliseconds(one_median),
        milliseconds(two),
        milliseconds(two_median),
        one.as_secs_f64() / two.as_secs_f64(),
    );
}

/// From nothing to figures, for a network of a million services.
fn million() {
    const SERVICES: usize = 1_000_000;
    const REPLICATIONS: u64 = 5;
    let workload = Workload::mixed(SERVICES);
    let from = Instant::now();
    let organization = workload.organization().expect("the workload is sound");
    let described = from.elapsed();
    let from = Instant::now();
    let plan = organization.plan().expect("layers have no cycle");
    let planned = from.elapsed();
    let from = Instant::now();
    run(&plan.simulate().replications(REPLICATIONS).detail(Detail::Customers).threads(1));
    let ran = from.elapsed();
    println!("Seconds by the clock, {SERVICES} services, {} dependencies, one thread\n", workload.dependencies());
    println!("| check the description | plan | run {REPLICATIONS} replications | most memory, GiB |");
    println!("|---:|---:|---:|---:|");
    let [described, planned, ran] = [described, planned, ran].map(|took| took.as_secs_f64());
    println!("| {described:.1} | {planned:.1} | {ran:.1} | {} |", most_memory());
}

/// The most memory that this process has held so far, in GiB.
fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kib.map_or("unknown".to_owned(), |kib| format!("{:.1}", kib / f64::from(1 << 20)))
}
