//! Demonstrates: why customers waited. Among the 21 managers of a high-tech company (Krackhardt 1987; the hours and the
//! customers are illustrations), the page shows whose overrun became a customer's wait and who has no slack; below it, who
//! matters most is compared with who has the most ties: being asked often is not the same as deciding how long customers
//! wait.
//!
//!     cargo run --release --example who_matters_most

use std::collections::BTreeMap;

use ripple_effect::{Error, Organization};

const MODEL: &str = include_str!("organizations/high_tech_managers.json");

fn main() -> Result<(), Error> {
    let company = Organization::from_json(MODEL)?;
    let why = company.simulate()?.replications(5_000).seed(1987).explain()?;
    println!("{}", why.report());

    let mut ties: BTreeMap<&str, usize> = BTreeMap::new();
    for dependency in &company.description().dependencies {
        let person = dependency.provider.split('/').next().unwrap_or_default();
        *ties.entry(person).or_default() += 1;
    }
    println!("WHO MATTERS MOST, AND WHO IS ASKED MOST\n");
    println!("  {:<28}{:>10}{:>34}", "", "asked by", "no slack for some customer");
    for figures in why.services.iter().take(8) {
        let person = figures.name.split('/').next().unwrap_or_default();
        let asked = ties.get(person).copied().unwrap_or(0);
        let share = figures.criticality.estimate.unwrap_or(0.0);
        println!("  {:<28}{asked:>10}{:>30.0} %", figures.name, 100.0 * share);
    }
    Ok(())
}
