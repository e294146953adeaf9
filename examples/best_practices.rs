//! What helps a regional bank most, for a budget: nine things that its trainer could do, beside each other and together.
//!
//! Run it with `cargo run --release --example best_practices`. The model is `examples/organizations/regional_bank.json`; the
//! practices, their effects and their costs come from the catalogue (`docs/reference/practices.md`), where their sources stand
//! and whether a size was measured or assumed.

use ripple_effect::portfolio::Goal;
use ripple_effect::{Error, Organization};

const BANK: &str = include_str!("organizations/regional_bank.json");
/// What may be spent, in the currency of the model.
const BUDGET: f64 = 6_000.0;

fn main() -> Result<(), Error> {
    let bank = Organization::from_json(BANK)?;

    println!("1. EACH ALONE\n");
    let comparison = bank.compare(bank.scenarios())?.rounds(4).replications(20_000).seed(7).run()?;
    println!("{}", comparison.report());

    println!("2. TOGETHER, FOR {BUDGET} EUR\n");
    let asked = bank
        .improve(bank.scenarios(), BUDGET)?
        .goal(Goal::Perfect)
        .no_one_worse()
        .rounds(4)
        .seed(7)
        .value_of_knowing(200);
    let portfolio = asked.run()?;
    println!("{}", portfolio.report());

    println!("3. WHAT TO TELL THE ROOM\n");
    println!("For {:.0} EUR, do this:", portfolio.best.cost);
    for name in &portfolio.best.candidates {
        println!("  - {name}");
    }
    let more = portfolio.difference()?;
    let of_1000 = |share: Option<f64>| 1_000.0 * share.unwrap_or(f64::NAN);
    println!(
        "Of 1,000 engagements, {:.0} more go perfectly then ({:.0} to {:.0}).",
        of_1000(more.difference.estimate),
        of_1000(more.difference.low),
        of_1000(more.difference.high)
    );
    if let Some(best) = comparison
        .scenarios
        .iter()
        .filter_map(|one| Some((one, one.everybody(Goal::Perfect.figure())?.difference.estimate?)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
    {
        println!("If you can do one thing only: {}.", best.0.scenario);
    }
    Ok(())
}
