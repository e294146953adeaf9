//! Demonstrates: one engagement of the regional bank told as a story, forward from where it began to what the customer
//! felt; and pictures of it, written to the folder that is named (by default `target/pictures`).
//!
//!     cargo run --release --features pictures --example telling_the_story

use std::fs;
use std::path::PathBuf;

use ripple_effect::picture::{Forest, Hit, OrganizationPicture, Picture, Tornado};
use ripple_effect::story::Engagement;
use ripple_effect::{Detail, Error, Organization, Simulation};

const BANK: &str = include_str!("organizations/regional_bank.json");
const MANAGERS: &str = include_str!("organizations/high_tech_managers.json");

/// Who provides or receives, without the service.
fn person(label: &str) -> &str {
    label.split_once('/').map_or(label, |(person, _)| person)
}

/// The runs that the story and the pictures are about.
fn bank() -> Result<Simulation, Error> {
    Ok(Organization::from_json(BANK)?.simulate()?.rounds(4).replications(2_000).seed(7).detail(Detail::Services))
}

/// The pictures with the names of their files.
pub(crate) fn pictures() -> Result<Vec<(&'static str, Picture)>, Error> {
    let run = bank()?;
    let organization = run.plan().organization();
    let story = run.story("Business customers", Engagement::MedianLate)?;
    let summary = run.run()?.summary();
    let services = summary.services.iter().map(|service| (&service.name, service.on_time));
    let customers = summary.customers.iter().map(|customer| (&customer.name, customer.on_time));
    let mut hits =
        OrganizationPicture::new(organization).title("How often each comes late, and one chain that came late");
    for (name, on_time) in services.chain(customers) {
        let late = on_time.complement().estimate.unwrap_or(0.0);
        hits = hits.hit(name, Hit::new(late).label(format!("late {:.0} in 100", 100.0 * late)));
    }
    let mut delays = Forest::new("How late colleagues get what they need, on average", "hours after plan");
    for one in &summary.dependencies {
        delays = delays.figure(format!("{} for {}", person(&one.provider), person(&one.receiver)), one.delay.mean);
    }
    Ok(vec![
        ("organization", OrganizationPicture::new(organization).draw()),
        ("chain", hits.story(&story).draw()),
        ("causes", Tornado::of_story(&story).draw()),
        ("waits", run.waits("Business customers")?.draw()),
        ("delays", delays.draw()),
        ("managers", OrganizationPicture::new(&Organization::from_json(MANAGERS)?).draw()),
    ])
}

fn main() -> Result<(), Error> {
    println!("{}", bank()?.story("Business customers", Engagement::MedianLate)?.report());
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("target/pictures"), PathBuf::from);
    if let Err(error) = fs::create_dir_all(&folder) {
        println!("{}: {error}", folder.display());
        return Ok(());
    }
    for (name, picture) in pictures()? {
        let path = folder.join(format!("{name}.svg"));
        picture.save(&path)?;
        println!("drawn: {}", path.display());
    }
    Ok(())
}
