//! Demonstrates: a year with one neglected internal customer. Maria answers walk-in customers at a branch. What she needs
//! comes from colleagues in the back office, who leave every third of her requests unanswered. Fifty-two weeks later: what
//! has become of her, of her post, and of the customers? And what would thanks have changed, or answers?
//!
//!     cargo run --release --example a_year_in_the_office
//!
//! Everything in the model is an assumption to be replaced: how much morale counts, how often people leave, how long they
//! learn (docs/reference/climate.md). One in six or so leaves in an ordinary year; an empty post stays empty for ten weeks on
//! average; thanks misfire one time in ten.

use ripple_effect::outcome::{ClimateFigures, ClimateRoundFigures};
use ripple_effect::{Detail, Error, Estimate, Organization};

const MODEL: &str = include_str!("organizations/a_year_in_the_office.json");
const YEARS: u64 = 4_096;
const MARIA: usize = 0;
const WALK_IN_CUSTOMERS: usize = 0;

/// What is tried: its name, how often a request of Maria's goes unanswered, how often people are thanked in a week.
const WAYS: [(&str, &str, &str); 4] = [
    ("as it is", "0.33", "0"),
    ("thanks every other week", "0.33", "0.5"),
    ("colleagues answer", "0.03", "0"),
    ("answers and thanks", "0.03", "0.5"),
];

/// The climate of a year in which requests go unanswered and people are thanked so often.
fn year(silence: &str, thanks: &str) -> Result<Option<ClimateFigures>, Error> {
    let mut office = Organization::from_json(MODEL)?.description().clone();
    office.set("Ana -> Maria.silence.probability", silence)?;
    office.set("Tom -> Maria.silence.probability", silence)?;
    office.set("climate.recognition.probability", thanks)?;
    let run = Organization::new(office)?.simulate()?.replications(YEARS).seed(2026).detail(Detail::Full);
    Ok(run.run()?.summary().climate)
}

/// The mean of a figure over the weeks of a quarter, 0 to 3.
fn in_quarter(year: &ClimateFigures, quarter: usize, of: impl Fn(&ClimateRoundFigures) -> Estimate) -> f64 {
    let weeks = year.rounds.len() / 4;
    let rounds = &year.rounds[weeks * quarter..weeks * (quarter + 1)];
    rounds.iter().filter_map(|round| of(round).estimate).sum::<f64>() / weeks as f64
}

/// A figure with the half-width of its 95 % interval.
fn with_error(figure: Estimate) -> String {
    match (figure.estimate, figure.low, figure.high) {
        (Some(estimate), Some(low), Some(high)) => format!("{estimate:.1} ± {:.1}", (high - low) / 2.0),
        (Some(estimate), ..) => format!("{estimate:.1}"),
        _ => "-".to_owned(),
    }
}

fn main() -> Result<(), Error> {
    println!("A YEAR IN THE OFFICE");
    println!("Maria works at a branch. Of what she asks colleagues for, a third goes unanswered until she asks again.");
    println!("Played {YEARS} times, week by week, in four ways, with the same luck in each.\n");
    let mut years = Vec::new();
    for (name, silence, thanks) in WAYS {
        years.extend(year(silence, thanks)?.map(|figures| (name, figures)));
    }
    println!(
        "Quarter by quarter: Maria's morale (of 100), in how many weeks of 100 her post is empty, and how many of her"
    );
    println!("customers in 100 are let down (late, or with a mistake).\n");
    println!("{:26}{:>14}{:>14}{:>14}{:>14}", "", "1st quarter", "2nd quarter", "3rd quarter", "4th quarter");
    for (name, figures) in &years {
        let row = |what: &str, of: &dyn Fn(&ClimateRoundFigures) -> Estimate| {
            let cell = |quarter| format!("{:>14.0}", 100.0 * in_quarter(figures, quarter, of));
            println!("  {what:24}{}", (0..4).map(cell).collect::<String>());
        };
        println!("{name}");
        row("morale", &|week| week.employees[MARIA].morale);
        row("post empty", &|week| week.employees[MARIA].filled.complement());
        row("customers let down", &|week| week.customers[WALK_IN_CUSTOMERS].perfect.complement());
    }
    println!(
        "\nWhat moved her morale over the year, in points of 100; people who leave her post in 100 such years, and how many"
    );
    println!(
        "of them would have stayed at the usual morale. Morale comes back by itself week by week, to be lost again.\n"
    );
    println!("{:26}{:>16}{:>14}{:>14}{:>14}{:>14}", "", "late or wrong", "overload", "thanks", "leave", "over morale");
    for (name, figures) in &years {
        let maria = &figures.employees[MARIA];
        let points = 100.0 * figures.rounds.len() as f64;
        println!(
            "{name:26}{:>16}{:>14}{:>14}{:>14}{:>14}",
            with_error(maria.frustration.scale(-points)),
            with_error(maria.overload.scale(-points)),
            with_error(maria.recognition.scale(points)),
            with_error(maria.leavers.scale(100.0)),
            with_error(maria.excess_leavers.scale(100.0)),
        );
    }
    if let [(_, as_it_is), (_, thanked), (_, answered), _] = &years[..] {
        let left = |figures: &ClimateFigures| 100.0 * figures.employees[MARIA].leavers.estimate.unwrap_or(0.0);
        println!(
            "\nIn 100 such years {:.0} people leave Maria's post; with thanks {:.0}, with answers {:.0}. Thanks soothe. Answers remove",
            left(as_it_is),
            left(thanked),
            left(answered)
        );
        println!("the cause, and it is they that the customers feel.");
    }
    println!(
        "\n± is the half-width of a 95 % interval. The sizes of effect are assumptions; see docs/reference/climate.md."
    );
    Ok(())
}
