//! The climate in plain words: what work from colleagues does to morale, who leaves over it, and what customers see of it.

use super::words::{count, often};
use super::{WORST, section, table};
use crate::Estimate;
use crate::outcome::{ClimateFigures, ClimateRoundFigures, PostFigures, Summary};

/// So many stretches of rounds are told one by one: the quarters of a year.
const STRETCHES: usize = 4;

/// All there is to say of it; nothing where there is no climate.
pub(super) fn sections(summary: &Summary) -> Vec<String> {
    let Some(climate) = &summary.climate else { return Vec::new() };
    vec![what_moved(summary, climate), lowest(climate), by_stretch(climate)]
}

/// Morale as points of 100.
fn points(figure: Estimate) -> String {
    figure.estimate.map_or("-".into(), |morale| format!("{:.0}", 100.0 * morale))
}

/// What moved morale over a whole run, in points of 100.
fn moved(figure: Estimate, rounds: f64, sign: f64) -> String {
    figure.estimate.map_or("-".into(), |moved| {
        let points = (sign * moved * rounds * 1000.0).round() / 10.0;
        if points == 0.0 { "0".into() } else { format!("{points:+.1}") }
    })
}

fn number(figure: Estimate) -> String {
    figure.estimate.map_or("-".into(), |value| if value < 0.0 { format!("-{}", count(-value)) } else { count(value) })
}

fn what_moved(summary: &Summary, climate: &ClimateFigures) -> String {
    let rounds = f64::from(summary.meta.rounds - summary.meta.warmup);
    let mut header = vec!["who", "morale", "late or wrong", "overload", "thanks", "by itself", "posts filled", "left"];
    if climate.hazard > 0.0 {
        header.push("more than usual");
    }
    let mut table = table(1, &header);
    let everybody = PostFigures { name: "everybody".to_owned(), ..climate.organization.clone() };
    for posts in std::iter::once(&everybody).chain(&climate.departments) {
        let by_itself = match (posts.recovery.estimate, posts.cut.estimate) {
            (Some(recovery), Some(cut)) => Estimate { estimate: Some(recovery + cut), low: None, high: None },
            _ => posts.recovery,
        };
        let mut row = vec![
            posts.name.clone(),
            points(posts.morale),
            moved(posts.frustration, rounds, -1.0),
            moved(posts.overload, rounds, -1.0),
            moved(posts.recognition, rounds, 1.0),
            moved(by_itself, rounds, 1.0),
            posts.headcount.estimate.map_or("-".into(), |filled| format!("{filled:.1} of {}", posts.posts)),
            number(posts.leavers),
        ];
        if climate.hazard > 0.0 {
            row.push(number(posts.excess_leavers));
        }
        table.add_row(row);
    }
    let more = if climate.hazard > 0.0 {
        "\nMore than usual: those who left beyond what there would be at the usual morale."
    } else {
        ""
    };
    let explanation = format!(
        "Morale runs from 0 to 100 and comes back to {:.0} by itself. The next columns are the points that a person lost or\n\
         gained in {rounds:.0} rounds: lost to what came late or wrong from colleagues, and to hours beyond the plan.{more}",
        100.0 * climate.set_point
    );
    section("WHAT IT DOES TO THE PEOPLE", &explanation, &table)
}

fn lowest(climate: &ClimateFigures) -> String {
    if climate.employees.len() < 2 {
        return String::new();
    }
    let mut people: Vec<&PostFigures> = climate.employees.iter().collect();
    let morale = |posts: &PostFigures| posts.morale.estimate.unwrap_or(1.0);
    people.sort_by(|a, b| morale(a).total_cmp(&morale(b)).then_with(|| a.name.cmp(&b.name)));
    let mut table = table(1, &["who", "morale", "post filled", "left"]);
    for posts in people.into_iter().take(WORST) {
        table.add_row([posts.name.clone(), points(posts.morale), often(posts.filled.estimate), number(posts.leavers)]);
    }
    section(
        "WHO SUFFERS MOST",
        "The lowest morale, how often the post was filled, and how many people left it.",
        &table,
    )
}

fn by_stretch(climate: &ClimateFigures) -> String {
    let rounds: Vec<&ClimateRoundFigures> = climate.rounds.iter().filter(|round| !round.warmup).collect();
    let (Some(first), true) = (rounds.first(), rounds.len() > 1) else { return String::new() };
    let names: Vec<String> = first.customers.iter().map(|customer| format!("{} let down", customer.name)).collect();
    let mut header = vec!["rounds", "morale", "posts filled", "experience", "left"];
    header.extend(names.iter().map(String::as_str));
    let mut table = table(1, &header);
    let stretches = rounds.len().min(STRETCHES);
    for stretch in 0..stretches {
        let rounds = &rounds[rounds.len() * stretch / stretches..rounds.len() * (stretch + 1) / stretches];
        let mean = |of: &dyn Fn(&ClimateRoundFigures) -> Estimate| {
            let values: Vec<f64> = rounds.iter().filter_map(|round| of(round).estimate).collect();
            let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
            Estimate { estimate: mean, low: None, high: None }
        };
        let left: f64 = rounds.iter().filter_map(|round| round.organization.leavers.estimate).sum();
        let [from, to] = [rounds.first(), rounds.last()].map(|round| round.map_or(0, |round| round.round + 1));
        let headcount = mean(&|round| round.organization.headcount).estimate;
        let mut row = vec![
            if from == to { from.to_string() } else { format!("{from} to {to}") },
            points(mean(&|round| round.organization.morale)),
            headcount.map_or("-".into(), |filled| format!("{filled:.1} of {}", climate.organization.posts)),
            super::words::of_100(mean(&|round| round.organization.experience).estimate),
            count(left),
        ];
        for customer in 0..first.customers.len() {
            let perfect = |round: &ClimateRoundFigures| {
                round.customers.get(customer).map_or(Estimate::default(), |customer| customer.perfect)
            };
            row.push(often(mean(&perfect).complement().estimate));
        }
        table.add_row(row);
    }
    section("AS TIME GOES BY", "Morale, posts and what newcomers know, and how often customers are let down.", &table)
}
