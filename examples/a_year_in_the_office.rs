//! Demonstrates: a year with one neglected internal customer. Maria answers walk-in customers at a branch. What she needs
//! comes from colleagues elsewhere in the bank, who leave every third of her requests unanswered. Fifty-two weeks later:
//! what has become of her, of her post, and of the customers? And what would thanks have changed, or answers?
//!
//!     cargo run --release --example a_year_in_the_office

use ripple_effect::organization::{Climate, Dependency, Learning, Recognition, Service, Turnover};
use ripple_effect::outcome::{ClimateFigures, ClimateRoundFigures};
use ripple_effect::{Detail, Distribution, Error, Estimate, Organization, hours, percent};

const WEEKS: u32 = 52;
const YEARS: u64 = 4_096;
const MARIA: &str = "Maria";

/// What is tried in this year.
struct Year {
    name: &'static str,
    /// How often a request of hers goes unanswered.
    silence: f64,
    /// How often people are thanked in a week.
    thanks: f64,
}

const YEARS_TO_COMPARE: [Year; 4] = [
    Year { name: "as it is", silence: 0.33, thanks: 0.0 },
    Year { name: "thanks every other week", silence: 0.33, thanks: 0.5 },
    Year { name: "colleagues answer", silence: 0.03, thanks: 0.0 },
    Year { name: "answers and thanks", silence: 0.03, thanks: 0.5 },
];

/// Hours of work: at least, most likely, at most.
fn about(least: f64, likely: f64, most: f64) -> Distribution {
    Distribution::pert(least, likely, most)
}

/// Everything here is an assumption to be replaced: how much morale counts, how often people leave, how long they learn.
fn climate(thanks: f64) -> Climate {
    let learning = Learning::new(6.0).duration(1.5).errors(2.0);
    // One in six or so leaves in an ordinary year; an empty post stays empty for ten weeks on average.
    let turnover = Turnover::new(0.0035, 0.1).morale(4.0).cover(1.5).shared(0.5).learning(learning);
    let climate = Climate::default().frustration(0.1).pace(0.2).errors(0.5).turnover(turnover);
    // A third of all feedback does harm rather than good (Kluger & DeNisi 1996); thanks are taken to be better than that.
    climate.recognition(Recognition::new(thanks).lift(0.06).backfire(0.1).harm(0.03))
}

/// A branch, and those behind it whom customers never see.
fn bank(year: &Year) -> Result<Organization, Error> {
    let asked = |of: Dependency| of.silent(year.silence, about(4.0, 8.0, 16.0)).standard(hours(1.0)).handoff(0.5);
    let well = |of: Dependency| of.silent(0.02, about(2.0, 4.0, 8.0)).standard(hours(1.0)).handoff(0.5);
    let clerk = |s: Service| s.error_rate(percent(3.0)).rush(percent(3.0));
    Organization::builder("A year in the office")
        .with(|bank| bank.rounds(WEEKS).cadence(40.0).hours_per_day(8.0))
        .climate(|_| climate(year.thanks))
        .department("Branch")
        .department("Back office")
        .employee(MARIA, |e| {
            e.department("Branch").service(clerk(Service::new(about(4.0, 6.0, 9.0))).standard(hours(7.0)))
        })
        .employee("Jonas", |e| {
            e.department("Branch").service(clerk(Service::new(about(4.0, 6.0, 9.0))).standard(hours(7.0)))
        })
        .employee("Ana", |e| {
            e.department("Back office").service(clerk(Service::new(about(1.0, 2.0, 4.0))).standard(hours(3.0)))
        })
        .employee("Tom", |e| {
            e.department("Back office").service(clerk(Service::new(about(2.0, 3.0, 5.0))).standard(hours(4.0)))
        })
        .customer("Walk-in customers", |c| c.promise(16.0))
        .customer("Business customers", |c| c.promise(16.0))
        .serves_with("Ana", MARIA, "account history", asked)
        .serves_with("Tom", MARIA, "credit decision", asked)
        .serves_with("Ana", "Jonas", "account history", well)
        .serves_with("Tom", "Jonas", "credit decision", well)
        .serves(MARIA, "Walk-in customers", "an answer")
        .serves("Jonas", "Business customers", "an answer")
        .build()
}

/// The mean of a figure over the weeks of a quarter, 0 to 3.
fn in_quarter(year: &ClimateFigures, quarter: usize, of: impl Fn(&ClimateRoundFigures) -> Estimate) -> f64 {
    let weeks = year.rounds.len() / 4;
    let rounds = &year.rounds[weeks * quarter..weeks * (quarter + 1)];
    rounds.iter().filter_map(|round| of(round).estimate).sum::<f64>() / weeks as f64
}

/// A figure with the half-width of its 95 % interval.
fn with_error(figure: Estimate, scale: f64) -> String {
    match (figure.estimate, figure.low, figure.high) {
        (Some(estimate), Some(low), Some(high)) => {
            format!("{:.1} (+-{:.1})", scale * estimate, scale * (high - low) / 2.0)
        }
        (Some(estimate), ..) => format!("{:.1}", scale * estimate),
        _ => "-".to_owned(),
    }
}

fn main() -> Result<(), Error> {
    println!("A YEAR IN THE OFFICE");
    println!("Maria works at a branch. Of what she asks colleagues for, a third goes unanswered until she asks again.");
    println!("Played {YEARS} times, week by week, with the same luck for each of four years.\n");
    let mut years = Vec::new();
    for year in &YEARS_TO_COMPARE {
        let run = bank(year)?.simulate()?.replications(YEARS).seed(2026).detail(Detail::Full).run()?;
        let Some(figures) = run.summary().climate else { continue };
        years.push((year, figures));
    }
    println!("Maria, quarter by quarter: morale of 100, weeks in 100 in which her post is empty, and how many of her");
    println!("customers in 100 are let down (late, or with a mistake).\n");
    let quarters = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"];
    println!("{:24} {:>16} {:>16} {:>16} {:>16}", "", quarters[0], quarters[1], quarters[2], quarters[3]);
    for (year, figures) in &years {
        let row = |what: &str, of: &dyn Fn(usize) -> f64| {
            let cells: String = (0..4).map(|quarter| format!(" {:>16.0}", 100.0 * of(quarter))).collect();
            println!("{what:24}{cells}");
        };
        println!("{}", year.name);
        let maria = |round: &ClimateRoundFigures| round.employees[0].clone();
        row("  morale", &|quarter| in_quarter(figures, quarter, |round| maria(round).morale));
        row("  post empty", &|quarter| in_quarter(figures, quarter, |round| maria(round).filled.complement()));
        row("  let down", &|quarter| in_quarter(figures, quarter, |round| round.customers[0].perfect.complement()));
    }
    println!(
        "\nWhat moved her morale over the year, in points of 100, and how many people left her post in 100 years:\n"
    );
    println!(
        "{:24} {:>16} {:>16} {:>16} {:>16} {:>16}",
        "", "late or wrong", "overload", "thanks", "left", "over her morale"
    );
    for (year, figures) in &years {
        let maria = &figures.employees[0];
        let weeks = 100.0 * f64::from(WEEKS);
        println!(
            "{:24} {:>16} {:>16} {:>16} {:>16} {:>16}",
            year.name,
            with_error(maria.frustration, -weeks),
            with_error(maria.overload, -weeks),
            with_error(maria.recognition, weeks),
            with_error(maria.leavers, 100.0),
            with_error(maria.excess_leavers, 100.0),
        );
    }
    if let [(_, as_it_is), (_, thanked), (_, answered), _] = &years[..] {
        let left = |figures: &ClimateFigures| 100.0 * figures.employees[0].leavers.estimate.unwrap_or(0.0);
        println!(
            "\nIn 100 such years {:.0} people leave Maria's post; with thanks {:.0}, with answers {:.0}. Thanks soothe; answers",
            left(as_it_is),
            left(thanked),
            left(answered)
        );
        println!("remove the cause, and it is they that the customers feel.");
    }
    println!(
        "\n+- is the half-width of a 95 % interval. The sizes of effect are assumptions; see docs/reference/climate.md."
    );
    Ok(())
}
