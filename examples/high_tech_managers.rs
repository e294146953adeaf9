//! Demonstrates: a real organisation, run over rounds: who asks whom for advice and who reports to whom among the 21
//! managers of a high-tech company, 4 departments and their chief executive (Krackhardt 1987). The ties are data; the
//! hours, the probabilities and the customers of the departments are illustrations.
//!
//!     cargo run --release --example high_tech_managers

use petgraph::graph::NodeIndex;
use ripple_effect::{Detail, Error, Organization};

const MODEL: &str = include_str!("organizations/high_tech_managers.json");

fn main() -> Result<(), Error> {
    let company = Organization::from_json(MODEL)?;

    // Advice goes in circles: the file says where last round's advice is used. Without that, nobody could begin.
    let mut circular = company.description().clone();
    for dependency in &mut circular.dependencies {
        dependency.lag = None;
    }
    let circular = Organization::new(circular)?;
    if let Err(error) = circular.plan() {
        println!("If everybody waited for everybody within a week, there would be\n  {}.", error.found());
    }
    let (_, mended) = circular.mend_cycles()?;
    let ties = company.description().dependencies.len();
    println!("So {} of the {ties} ties use what was said a week ago.\n", mended.len());

    let departments = company.department_graph();
    let name = |node: NodeIndex| &company.description().departments[departments[node]].name;
    println!("WHO HELPS WHOM ACROSS DEPARTMENTS (ties)\n");
    for edge in departments.edge_indices() {
        if let Some((from, to)) = departments.edge_endpoints(edge).filter(|(from, to)| from != to) {
            println!("  {:<14} -> {:<14}{:>4}", name(from), name(to), departments[edge].dependencies.len());
        }
    }

    let outcome = company.simulate()?.replications(20_000).seed(1987).detail(Detail::Full).run()?;
    println!("\n{}", outcome.summary().report());
    Ok(())
}
