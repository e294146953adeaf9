//! Demonstrates: one engagement of the regional bank told as a story, forward from where it began to what the customer
//! felt; and pictures of it, written to the folder that is named (by default `target/pictures`).
//!
//!     cargo run --release --features pictures --example telling_the_story

use std::fs;
use std::path::PathBuf;

use ripple_effect::picture::{Forest, Hit, OrganizationPicture, Tornado};
use ripple_effect::story::Engagement;
use ripple_effect::{Detail, Error, Organization};

const BANK: &str = include_str!("organizations/regional_bank.json");
const MANAGERS: &str = include_str!("organizations/high_tech_managers.json");

fn main() -> Result<(), Error> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("target/pictures"), PathBuf::from);
    if let Err(error) = fs::create_dir_all(&folder) {
        println!("{}: {error}", folder.display());
        return Ok(());
    }
    let bank = Organization::from_json(BANK)?;
    let run = bank.simulate()?.rounds(4).replications(2_000).seed(7).detail(Detail::Services);
    let story = run.story("Business customers", Engagement::MedianLate)?;
    println!("{}", story.report());

    let summary = run.run()?.summary();
    let mut hits = OrganizationPicture::new(&bank).title("How often each comes late, and one chain that came late");
    for service in &summary.services {
        let late = service.on_time.complement().estimate.unwrap_or(0.0);
        hits = hits.hit(&service.name, Hit::new(late).label(format!("late {:.0} in 100", 100.0 * late)));
    }
    for customer in &summary.customers {
        let late = customer.on_time.complement().estimate.unwrap_or(0.0);
        hits = hits.hit(&customer.name, Hit::new(late).label(format!("late {:.0} in 100", 100.0 * late)));
    }
    let mut promises = Forest::new("Hours by which colleagues miss the plan, on average", "hours late");
    for dependency in &summary.dependencies {
        promises = promises.figure(&dependency.id, dependency.delay.mean);
    }
    for (name, picture) in [
        ("organization", OrganizationPicture::new(&bank).draw()),
        ("chain", hits.story(&story).draw()),
        ("causes", Tornado::of_story(&story).draw()),
        ("waits", run.waits("Business customers")?.draw()),
        ("delays", promises.draw()),
        ("managers", OrganizationPicture::new(&Organization::from_json(MANAGERS)?).draw()),
    ] {
        picture.save(folder.join(format!("{name}.svg")))?;
        println!("drawn: {}", folder.join(format!("{name}.svg")).display());
    }
    Ok(())
}
