//! Demonstrates: a ripple.
use ripple_effect::change::Things;
use ripple_effect::shock::Shock;
use ripple_effect::{Error, Organization};
fn main() -> Result<(), Error> {
    let bank = Organization::from_json(include_str!("organizations/domino.json"))?;
    println!("{}", bank.plan()?.report());
    let run = bank.simulate()?.replications(10_000).seed(7);
    println!("{}", run.ripple(std::slice::from_ref(bank.shock("The unanswered request")?))?.report());
    println!("{}", run.ripple(std::slice::from_ref(bank.shock("A bad Monday")?))?.report());
    println!("{}", run.rank(&Shock::new("no answer").unanswered().on_each(&bank, Things::Dependencies)?)?.report());
    let m = Organization::from_json(include_str!("organizations/high_tech_managers.json"))?;
    let run = m.simulate()?.replications(2_000).rounds(6);
    let one = &m.description().employees[0].name;
    println!("{}", run.ripple(&[Shock::new("late").on(ripple_effect::change::Selection::employee(one)).late(8.0).in_round(1)])?.report());
    println!("{}", run.rank(&Shock::new("late").late(8.0).on_each(&m, Things::Employees)?)?.report());
    Ok(())
}
