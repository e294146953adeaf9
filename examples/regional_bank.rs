//! Demonstrates: an operations clerk who "does not deal with customers", and what becomes of a request for information
//! that she leaves unanswered. Branches, the service centre and a project team wait for her; retail and business
//! customers feel it.
//!
//!     cargo run --release --example regional_bank

use ripple_effect::organization::{Employee, Service};
use ripple_effect::{Detail, Distribution, Error, Estimate, Organization, Summary, hours, percent};

/// Hours of work: at least, most likely, at most.
fn about(least: f64, likely: f64, most: f64) -> Distribution {
    Distribution::pert(least, likely, most)
}

/// Somebody in a branch, who provides one thing.
fn branch_clerk(what: &'static str, takes: Distribution) -> impl FnOnce(Employee) -> Employee {
    move |e| e.department("Branches").provides_with(what, takes, |s| s.error_rate(percent(2.0)))
}

/// The bank. One request to Ana in so many goes unanswered; a working day or so passes before anybody asks again.
fn bank(silence: f64) -> Result<Organization, Error> {
    let a_day_or_so = || about(4.0, 8.0, 16.0);
    Organization::builder("Regional bank")
        .with(|bank| bank.hours_per_day(8.0).currency("EUR").cadence(40.0))
        .department("Operations")
        .department("Branches")
        .department("Service centre")
        .department("Projects")
        // Operations: nobody here ever meets a customer.
        .employee("Ana", |e| {
            e.department("Operations").role("operations clerk").provides_with(
                "account history",
                about(0.5, 1.0, 4.0),
                |s| s.standard(hours(2.0)).error_rate(percent(4.0)).rush(percent(6.0)),
            )
        })
        .employee("Omar", |e| {
            e.department("Operations").role("payments").provides_with("payment trace", about(0.5, 1.5, 5.0), |s| {
                s.standard(hours(2.0)).error_rate(percent(3.0))
            })
        })
        .employee("Ruth", |e| {
            e.department("Operations").role("collateral").absence(percent(5.0)).provides_with(
                "collateral check",
                about(1.0, 3.0, 8.0),
                |s| s.standard(hours(4.0)).error_rate(percent(3.0)).backed_up_by("Omar"),
            )
        })
        // Branches.
        .employee("Ben", branch_clerk("account opening", about(1.0, 1.5, 3.0)))
        .employee("Carla", branch_clerk("complaint reply", about(0.5, 1.0, 3.0)))
        .employee("Dev", |e| {
            e.department("Branches").role("business adviser").provides_with("loan offer", about(2.0, 4.0, 10.0), |s| {
                s.standard(hours(5.0)).error_rate(percent(3.0)).rush(percent(5.0))
            })
        })
        // The service centre: a team that can work on four things at once.
        .employee("Phone team", |e| {
            e.department("Service centre")
                .capacity(4u32)
                .service(Service::new(about(0.2, 0.4, 1.5)).name("answer").error_rate(percent(3.0)))
        })
        // A project that wants to spare customers the waiting.
        .employee("Eva", |e| {
            e.department("Projects").role("project lead").provides_with("online view", about(4.0, 8.0, 24.0), |s| {
                s.workmanship(about(0.7, 0.95, 1.0)).buffer(hours(2.0))
            })
        })
        .customer("Retail customers", |c| c.promise(hours(10.0)).value(180.0).touches(["Phone team", "Carla", "Ben"]))
        .customer("Business customers", |c| c.promise(hours(16.0)).value(2_400.0).touches(["Dev"]))
        // Who depends on Ana.
        .serves_with("Ana", "Ben", "account history", |d| d.silent(silence, a_day_or_so()).inspected(0.7, 1.5))
        .serves_with("Ana", "Carla", "what happened", |d| d.silent(silence, a_day_or_so()).inspected(0.5, 1.0))
        .serves_with("Ana", "Phone team", "account history", |d| {
            d.silent(silence, about(2.0, 4.0, 8.0)).needed(percent(40.0))
        })
        .serves_with("Ana", "Dev", "turnover", |d| d.silent(silence, a_day_or_so()).inspected(0.6, 2.0))
        .serves_with("Ana", "Eva", "sample accounts", |d| d.silent(silence, about(8.0, 16.0, 40.0)).strength(0.3))
        // Everybody else has internal customers too.
        .serves_with("Omar", "Carla", "payment trace", |d| d.needed(percent(50.0)).inspected(0.5, 1.0))
        .serves_with("Omar", "Phone team", "payment trace", |d| d.needed(percent(30.0)))
        .serves_with("Ruth", "Dev", "collateral check", |d| d.handoff(hours(1.0)).inspected(0.6, 2.0))
        .serves_with("Eva", "Phone team", "online view", |d| d.lag(1u32).helpful().strength(0.2))
        // And the customers get what comes of it all.
        .serves_with("Ben", "Retail customers", "an account", |d| d.handoff(hours(0.5)))
        .serves_with("Carla", "Retail customers", "a reply", |d| d.handoff(Distribution::exponential(0.5)))
        .serves("Phone team", "Retail customers", "an answer")
        .serves_with("Dev", "Business customers", "a loan offer", |d| d.handoff(hours(1.0)))
        .build()
}

fn run(silence: f64) -> Result<Summary, Error> {
    let bank = bank(silence)?;
    Ok(bank.simulate()?.rounds(4).replications(20_000).seed(7).detail(Detail::Services).run()?.summary())
}

fn let_down(perfect: Estimate) -> f64 {
    100.0 * perfect.complement().estimate.unwrap_or(f64::NAN)
}

fn main() -> Result<(), Error> {
    println!("\"Thankfully I don't have to deal with customers.\" - Ana, operations clerk\n");
    let as_it_is = run(0.10)?;
    println!("{}", as_it_is.report());

    println!("WHAT IF ANA ANSWERED EVERY REQUEST?");
    println!("The same people, the same work, the same luck; only the silence is gone.\n");
    let answered = run(0.0)?;
    for (before, after) in as_it_is.customers.iter().zip(&answered.customers) {
        println!(
            "  {:<20}let down {:>3.0} -> {:>2.0} in 100     lost per 1,000 engagements {:>9.0} -> {:>7.0} EUR",
            before.name,
            let_down(before.perfect),
            let_down(after.perfect),
            before.value_lost_per_1000.estimate.unwrap_or(f64::NAN),
            after.value_lost_per_1000.estimate.unwrap_or(f64::NAN),
        );
    }
    Ok(())
}
