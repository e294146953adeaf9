//! Demonstrates: one request that nobody answers, and who feels it. A clerk in bank operations leaves it lying; a branch waits,
//! a project stalls, and customers go. Then every request between colleagues is left unanswered in turn: which single silence
//! hurts customers most? The bank is made up.
//!
//!     cargo run --release --features pictures --example domino
//!
//! With the name of a folder, pictures are written there: `-- target/pictures`.

use std::fs;
use std::path::Path;

use ripple_effect::change::Things;
use ripple_effect::picture::{Forest, OrganizationPicture, Picture, Tornado};
use ripple_effect::ripple::Ranking;
use ripple_effect::shock::Shock;
use ripple_effect::{Error, Organization, Ripple, Simulation};

const BANK: &str = include_str!("organizations/domino.json");

fn bank() -> Result<Simulation, Error> {
    Ok(Organization::from_json(BANK)?.simulate()?.replications(10_000).seed(7))
}

/// Ana does not answer Ben, once.
fn stone(bank: &Simulation) -> Result<Ripple, Error> {
    let request = bank.plan().organization().shock("The unanswered request")?;
    bank.ripple(std::slice::from_ref(request))
}

/// Every request between colleagues left unanswered, each in its turn.
fn silences(bank: &Simulation) -> Result<Ranking, Error> {
    bank.rank_each(&Shock::new("no answer").unanswered(), Things::Dependencies)
}

/// The pictures with the names of their files.
pub(crate) fn pictures() -> Result<Vec<(&'static str, Picture)>, Error> {
    let bank = bank()?;
    let ripple = OrganizationPicture::new(bank.plan().organization())
        .title("Ana does not answer Ben, once: who feels it, and how far it goes")
        .ripple(&stone(&bank)?);
    let mut drawn = vec![
        ("domino", ripple.draw()),
        ("silences", Forest::of_ranking("Which single silence hurts customers most", &silences(&bank)?).draw()),
    ];
    if let Some(customer) = bank.explain()?.customer("Online customers") {
        drawn.push(("overruns", Tornado::of_explanation(customer).draw()));
    }
    Ok(drawn)
}

fn main() -> Result<(), Error> {
    let bank = bank()?;
    println!("\"Thankfully I don't have to deal with customers.\" - Ana, operations clerk\n");
    println!("On Monday Ben asks Ana for an account history. She means to answer, and forgets.\n");
    println!("{}", stone(&bank)?.report());

    let silences = silences(&bank)?;
    println!("WHICH SINGLE SILENCE HURTS MOST?");
    println!("Before you read on: write down who, of all who are asked for something here, must not forget it.\n");
    println!("{}", silences.report());
    if let [most, .., least] = silences.worst().as_slice() {
        let down = |one: &ripple_effect::ripple::Ranked| 100.0 * one.total.perfect_lost.estimate.unwrap_or(0.0);
        println!("A hundred times \"{}\": {:.0} customers let down who would not have been.", most.told, down(most));
        println!("A hundred times \"{}\": {:.0}.", least.told, down(least));
        println!("The same silence; the difference is who stands behind whoever asked. Everyone has customers.");
    }

    if let Some(folder) = std::env::args().nth(1) {
        if let Err(error) = fs::create_dir_all(&folder) {
            println!("{folder}: {error}");
            return Ok(());
        }
        for (name, picture) in pictures()? {
            let path = Path::new(&folder).join(format!("{name}.svg"));
            picture.save(&path)?;
            println!("drawn: {}", path.display());
        }
    }
    Ok(())
}
