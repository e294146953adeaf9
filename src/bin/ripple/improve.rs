//! `ripple improve`: the best set of a model's scenarios under a budget.

use ripple_effect::Portfolio;
use ripple_effect::change::Scenario;
use ripple_effect::portfolio::{Choice, Goal};

use crate::arguments::{For, Format, Improve};
use crate::run::check_targets;
use crate::watcher::Watcher;
use crate::{Failure, organization, output, write};

pub(crate) fn improve(arguments: &Improve) -> Result<(), Failure> {
    let organization = organization(&arguments.model, &arguments.set)?;
    let candidates: Vec<Scenario> = if arguments.candidates.is_empty() {
        organization.scenarios().to_vec()
    } else {
        let named = arguments.candidates.iter().map(|name| organization.scenario(name).cloned());
        named.collect::<Result<_, _>>()?
    };
    let goal = match arguments.goal {
        For::Perfect => Goal::Perfect,
        For::Value => Goal::ValueLost,
        For::P95 => Goal::WaitP95,
        For::Satisfaction => Goal::Satisfaction,
    };
    let mut asked = organization
        .improve(&candidates, arguments.budget)?
        .goal(goal)
        .replications(arguments.replications)
        .fresh_replications(arguments.fresh_replications)
        .seed(arguments.seed)
        .exact_up_to(arguments.exact_up_to)
        .value_of_knowing(arguments.knowing);
    if arguments.no_one_worse {
        asked = asked.no_one_worse();
    }
    if let Some(rounds) = arguments.rounds {
        asked = asked.rounds(rounds);
    }
    if let Some(warmup) = arguments.warmup {
        asked = asked.warmup(warmup);
    }
    if let Some(threads) = arguments.threads {
        asked = asked.threads(threads);
    }
    check_targets(&[("--out", &arguments.out), ("--picture", &arguments.picture)], &arguments.model)?;
    let foretold = asked.foretell()?;
    eprintln!(
        "{} {} of {}, {:.1} million replications: about {}",
        if foretold.is_exact { "all" } else { "about" },
        crate::counted(usize::try_from(foretold.sets).unwrap_or(usize::MAX), "set", "sets"),
        crate::counted(candidates.len(), "candidate", "candidates"),
        foretold.replications as f64 / 1e6,
        time(foretold.seconds)
    );
    if arguments.foretell {
        return Ok(());
    }
    let mut watcher = Watcher::new(&organization, None)?;
    let portfolio = asked.run_observed(&mut watcher);
    watcher.finish()?;
    let portfolio = portfolio?;
    if let Some(file) = &arguments.picture {
        portfolio.frontier_picture().draw().save(file)?;
    }
    let text = match arguments.format {
        Format::Text => portfolio.report(),
        Format::Json => output::json(&portfolio),
        Format::Csv => csv(&portfolio)?,
    };
    write(&text, arguments.out.as_deref())
}

fn time(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 1.0 => "a second".to_owned(),
        seconds if seconds < 100.0 => format!("{seconds:.0} seconds"),
        seconds if seconds < 6_000.0 => format!("{:.0} minutes", seconds / 60.0),
        seconds => format!("{:.0} hours", seconds / 3_600.0),
    }
}

/// A set a row: the best, the next best ones, and what less money buys.
fn csv(portfolio: &Portfolio) -> Result<String, Failure> {
    output::rows(&["list", "set", "cost", "figure", "gain"], |table| {
        let mut push = |list: &str, choice: &Choice| {
            table.push(vec![
                list.to_owned(),
                choice.candidates.join("; "),
                choice.cost.to_string(),
                choice.figure.to_string(),
                choice.gain.to_string(),
            ]);
        };
        push("best", &portfolio.best);
        portfolio.runners_up.iter().for_each(|choice| push("runner_up", choice));
        portfolio.frontier.iter().for_each(|choice| push("frontier", choice));
    })
}
