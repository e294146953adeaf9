//! Demonstrates: thirty lines of an analyst who embeds the crate: a model from a file, a sweep over one figure of it under
//! the same random draws, and the answer with its interval.
//!
//!     cargo run --release --example embed

use ripple_effect::{Error, Organization};

const MODEL: &str = include_str!("organizations/service_desk.json");

fn main() -> Result<(), Error> {
    let desk = Organization::from_json(MODEL)?;
    println!("{}: how sure must the second look be?\n", desk.description().name);
    println!("mistakes caught   clients let down (95 % interval)   nine in ten served within");
    for detection in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let mut description = desk.description().clone();
        description.set("Noor -> Ivo.detection", &detection.to_string())?;
        let outcome = Organization::new(description)?.simulate()?.replications(100_000).seed(42).run()?;
        if let Some(clients) = outcome.customer("Clients") {
            let let_down = clients.perfect.complement().scale(100.0);
            let show = |figure: Option<f64>| figure.map_or("-".to_owned(), |figure| format!("{figure:.2}"));
            println!(
                "{:>13.0} %   {:>9} in 100 ({} to {})   {:>17} h",
                100.0 * detection,
                show(let_down.estimate),
                show(let_down.low),
                show(let_down.high),
                show(clients.wait.p90.estimate),
            );
        }
    }
    Ok(())
}
