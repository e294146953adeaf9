//! `ripple compare`: scenarios beside the organisation as it is.

use ripple_effect::change::Scenario;
use ripple_effect::compare::{Comparison, Effects, Figure};
use ripple_effect::practice::Case;

use crate::arguments::{Compare, Effect, Format, Of};
use crate::run::check_targets;
use crate::watcher::Watcher;
use crate::{Failure, organization, output, write};

pub(crate) fn compare(arguments: &Compare) -> Result<(), Failure> {
    let organization = organization(&arguments.model, &arguments.set)?;
    let scenarios: Vec<Scenario> = if arguments.scenarios.is_empty() {
        organization.scenarios().to_vec()
    } else {
        let named = arguments.scenarios.iter().map(|name| organization.scenario(name).cloned());
        named.collect::<Result<_, _>>()?
    };
    let mut asked = organization.compare(&scenarios)?.replications(arguments.replications).seed(arguments.seed);
    asked = asked.effects(effects(arguments.effects));
    if let Some(rounds) = arguments.rounds {
        asked = asked.rounds(rounds);
    }
    if let Some(warmup) = arguments.warmup {
        asked = asked.warmup(warmup);
    }
    if let Some(threads) = arguments.threads {
        asked = asked.threads(threads);
    }
    if arguments.each_with_each {
        asked = asked.each_with_each();
    }
    if let Some(customer) = &arguments.customer {
        known(&organization, customer)?;
    }
    let files = [("--out", &arguments.out), ("--picture", &arguments.picture), ("--waits", &arguments.waits)];
    check_targets(&files, &arguments.model)?;
    if arguments.picture.is_some() && arguments.figure == Of::Value {
        valued(&organization)?;
    }
    let mut watcher = Watcher::new(&organization, None)?;
    let comparison = asked.run_observed(&mut watcher);
    watcher.finish()?;
    let comparison = comparison?;
    if let Some(file) = &arguments.picture {
        comparison.forest(figure(arguments.figure), arguments.customer.as_deref()).draw().save(file)?;
    }
    if let Some(file) = &arguments.waits {
        let first = organization.description().customers.first().map(|customer| customer.name.clone());
        let customer = arguments.customer.clone().or(first).unwrap_or_default();
        match comparison.waits(&customer) {
            Some(picture) => picture.draw().save(file)?,
            None => {
                return Err(Failure::File("--waits: too many customers and scenarios to keep all waits".to_owned()));
            }
        }
    }
    let text = match arguments.format {
        Format::Text => comparison.report(),
        Format::Json => output::json(&comparison),
        Format::Csv => csv(&comparison)?,
    };
    write(&text, arguments.out.as_deref())
}

fn known(organization: &ripple_effect::Organization, customer: &str) -> Result<(), Failure> {
    let names: Vec<&str> = organization.description().customers.iter().map(|one| one.name.as_str()).collect();
    if names.contains(&customer) {
        return Ok(());
    }
    Err(Failure::File(format!("--customer {customer:?}: no customer of this name; there are {}", names.join(", "))))
}

fn valued(organization: &ripple_effect::Organization) -> Result<(), Failure> {
    let has_value = |one: &ripple_effect::organization::Customer| one.value.is_some_and(|value| value > 0.0);
    if organization.description().customers.iter().any(has_value) {
        return Ok(());
    }
    let what = "--figure value: no customer has a value; give customers a `value`, or choose another figure";
    Err(Failure::File(what.to_owned()))
}

pub(crate) fn effects(of: Effect) -> Effects {
    match of {
        Effect::Drawn => Effects::Drawn,
        Effect::Mean => Effects::At(Case::Expected),
        Effect::Best => Effects::At(Case::Best),
        Effect::Worst => Effects::At(Case::Worst),
    }
}

fn figure(of: Of) -> Figure {
    match of {
        Of::Perfect => Figure::Perfect,
        Of::OnTime => Figure::OnTime,
        Of::ErrorFree => Figure::ErrorFree,
        Of::Wait => Figure::Wait,
        Of::P50 => Figure::WaitP50,
        Of::P95 => Figure::WaitP95,
        Of::Lateness => Figure::Lateness,
        Of::Quality => Figure::Quality,
        Of::Satisfaction => Figure::Satisfaction,
        Of::Value => Figure::ValueLost,
    }
}

/// A difference a row.
fn csv(comparison: &Comparison) -> Result<String, Failure> {
    let header = [
        "scenario",
        "against",
        "cost",
        "customer",
        "figure",
        "before",
        "with",
        "difference",
        "low",
        "high",
        "low_all_at_once",
        "high_all_at_once",
        "standard_error",
        "sampling_error",
        "effect_sd",
        "favourable",
        "favourable_on_average",
        "better",
        "equal",
        "worse",
        "variance_saved",
    ];
    output::rows(&header, |table| {
        for compared in comparison.scenarios.iter().chain(&comparison.pairs) {
            for one in &compared.figures {
                let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
                let mut row = vec![
                    compared.scenario.clone(),
                    compared.against.clone().unwrap_or_default(),
                    compared.cost.to_string(),
                    one.customer.clone().unwrap_or_default(),
                    one.figure.to_string(),
                ];
                row.extend(
                    [
                        one.before.estimate,
                        one.with.estimate,
                        one.difference.estimate,
                        one.difference.low,
                        one.difference.high,
                        one.all_at_once.low,
                        one.all_at_once.high,
                        one.standard_error,
                        one.sampling_error,
                        one.effect_sd,
                        one.favourable,
                        one.favourable_on_average,
                        one.better,
                        one.equal,
                        one.worse,
                        one.variance_saved,
                    ]
                    .map(number),
                );
                table.push(row);
            }
        }
    })
}
