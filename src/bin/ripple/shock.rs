//! `ripple shock`: a stone is dropped, and the ripple shown; or many, each alone, and ranked.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ripple_effect::change::{Selection, Things};
use ripple_effect::picture::{Forest, OrganizationPicture};
use ripple_effect::ripple::Ranking;
use ripple_effect::shock::Shock;
use ripple_effect::{Distribution, Organization, Simulation};

use crate::arguments::Format;
use crate::run::check_targets;
use crate::{Failure, organization, output, write};

#[derive(Debug, Args)]
pub(crate) struct Drop {
    /// The model, a JSON file; - is standard input
    model: PathBuf,
    /// Shocks of the model, by name; several strike together
    #[arg(value_name = "NAME", conflicts_with = "on")]
    names: Vec<String>,
    /// Let each of the shocks strike alone, and rank them; without names all of the model
    #[arg(long, conflicts_with_all = ["on", "rank"])]
    each: bool,
    /// Strike this employee, service, dependency ('Ana -> Ben') or department
    #[arg(long, value_name = "WHOM", conflicts_with = "rank", requires = "effect")]
    on: Option<String>,
    /// Strike each of these alone, by what is said here or by the one shock that is named, and rank them
    #[arg(long, value_enum, value_name = "THINGS")]
    rank: Option<Ranked>,
    #[command(flatten)]
    effects: Effects,
    /// The first round that is struck, from 0
    #[arg(long, value_name = "K", default_value_t = 0, requires = "effect")]
    round: u32,
    /// How many rounds it lasts
    #[arg(long, value_name = "N", default_value_t = 1, requires = "effect")]
    for_rounds: u32,
    /// Hours for which nobody counts as hit
    #[arg(long, value_name = "HOURS", default_value_t = 0.0, allow_negative_numbers = true, conflicts_with_all = ["each", "rank"])]
    tolerance: f64,
    /// Independent replications, each with and without the shock
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    replications: u64,
    /// Rounds in each replication [default: those of the model]
    #[arg(long, value_name = "K")]
    rounds: Option<u32>,
    /// The seed of the run
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// Change a figure of the model, e.g. 'Ana.error_rate=0.1'; may be given again
    #[arg(long, value_name = "NAME.FIELD=VALUE")]
    set: Vec<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Draw the organisation with the ripple on it, or the ranking, as SVG
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Threads [default: one a core]
    #[arg(long, value_name = "T")]
    threads: Option<usize>,
}

/// What happens; several may.
#[derive(Debug, Args)]
#[group(id = "effect", multiple = true, required = false, conflicts_with = "each")]
struct Effects {
    /// They are late by so many hours: a number, or a distribution as the model has it
    #[arg(long, value_name = "HOURS", allow_negative_numbers = true)]
    late: Option<String>,
    /// Their results are wrong
    #[arg(long)]
    wrong: bool,
    /// They are away
    #[arg(long)]
    absent: bool,
    /// What is asked of them goes unanswered, and whoever asks loses these hours [default: as the model says]
    #[arg(long, value_name = "HOURS", num_args = 0..=1, default_missing_value = "", allow_negative_numbers = true)]
    unanswered: Option<String>,
    /// So much of their quality is left, 0 to 1
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    quality: Option<f64>,
    /// Their work takes so many times as long: 2 is half the pace
    #[arg(long, value_name = "TIMES", allow_negative_numbers = true)]
    pace: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ranked {
    /// Each service
    Services,
    /// Each dependency
    Dependencies,
    /// Each employee
    Employees,
    /// Each department
    Departments,
}

impl From<Ranked> for Things {
    fn from(ranked: Ranked) -> Self {
        match ranked {
            Ranked::Services => Self::Services,
            Ranked::Dependencies => Self::Dependencies,
            Ranked::Employees => Self::Employees,
            Ranked::Departments => Self::Departments,
        }
    }
}

pub(crate) fn shock(arguments: &Drop) -> Result<(), Failure> {
    let organization = organization(&arguments.model, &arguments.set)?;
    let mut simulation = organization.simulate()?.replications(arguments.replications).seed(arguments.seed);
    if let Some(rounds) = arguments.rounds {
        simulation = simulation.rounds(rounds);
    }
    if let Some(threads) = arguments.threads {
        simulation = simulation.threads(threads);
    }
    check_targets(&[("--out", &arguments.out), ("--picture", &arguments.picture)], &arguments.model)?;
    let text = if let Some(things) = arguments.rank {
        ranked(arguments, &simulation.rank_each(&shock_to_rank(arguments, &organization)?, things.into())?)?
    } else {
        let shocks = shocks(arguments, &organization)?;
        if arguments.each {
            ranked(arguments, &simulation.rank(&shocks)?)?
        } else {
            ripple(arguments, &organization, &simulation, &shocks)?
        }
    };
    write(&text, arguments.out.as_deref())
}

fn ripple(
    arguments: &Drop,
    organization: &Organization,
    simulation: &Simulation,
    shocks: &[Shock],
) -> Result<String, Failure> {
    let ripple = simulation.ripple_beyond(arguments.tolerance, shocks)?;
    if let Some(file) = &arguments.picture {
        let told: Vec<&str> = ripple.shocks.iter().map(|shock| shock.told.as_str()).collect();
        OrganizationPicture::new(organization).title(capital(&told.join("; "))).ripple(&ripple).draw().save(file)?;
    }
    Ok(match arguments.format {
        Format::Text => ripple.report(),
        Format::Json => output::json(&ripple),
        Format::Csv => output::ripple_csv(&ripple)?,
    })
}

fn ranked(arguments: &Drop, ranking: &Ranking) -> Result<String, Failure> {
    if let Some(file) = &arguments.picture {
        let title = format!("{}: which hurts customers most", ranking.model);
        Forest::of_ranking(title, ranking).draw().save(file)?;
    }
    Ok(match arguments.format {
        Format::Text => ranking.report(),
        Format::Json => output::json(ranking),
        Format::Csv => output::ranking_csv(ranking)?,
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The shock that strikes each thing in turn: the one of the model that is named, or one that is made here.
fn shock_to_rank(arguments: &Drop, organization: &Organization) -> Result<Shock, Failure> {
    match (made(arguments)?, arguments.names.as_slice()) {
        (Some(shock), []) => Ok(shock),
        (None, [name]) => Ok(organization.shock(name)?.clone()),
        (Some(_), _) => Err(Failure::File(
            "--rank: name a shock of the model, or say here what happens (e.g. --late 6); not both".to_owned(),
        )),
        (None, _) => Err(Failure::File(
            "--rank: say what happens to each of them (e.g. --late 6, --unanswered 8), or name one shock of the model"
                .to_owned(),
        )),
    }
}

/// The shocks that are asked for: those of the model, or one that is made here.
fn shocks(arguments: &Drop, organization: &Organization) -> Result<Vec<Shock>, Failure> {
    let made = made(arguments)?;
    match (made, &arguments.on) {
        (Some(shock), Some(on)) => return Ok(vec![shock.on(selection(on, organization)?)]),
        (Some(_), None) => {
            return Err(Failure::File(
                "whom? Add --on with a name, e.g. --on Ana or --on 'Ana -> Ben'; or --rank to strike each in turn"
                    .to_owned(),
            ));
        }
        (None, _) => {}
    }
    let all = organization.shocks();
    if !arguments.names.is_empty() {
        let mut named: Vec<Shock> = Vec::new();
        for name in &arguments.names {
            let shock = organization.shock(name)?;
            if !named.iter().any(|one| one.name == shock.name) {
                named.push(shock.clone());
            }
        }
        return Ok(named);
    }
    if arguments.each && !all.is_empty() {
        return Ok(all.to_vec());
    }
    let names: Vec<String> = all.iter().map(|shock| format!("{:?}", shock.name)).collect();
    Err(Failure::File(if names.is_empty() {
        "which shock? The model has none; make one, e.g. --on Ana --late 6, or --on 'Ana -> Ben' --unanswered 8"
            .to_owned()
    } else {
        format!("which shock? The model has {}; or make one, e.g. --on Ana --late 6", names.join(", "))
    }))
}

/// What happens, as it is said here.
fn made(arguments: &Drop) -> Result<Option<Shock>, Failure> {
    let effects = &arguments.effects;
    let mut said = Vec::new();
    let mut shock = Shock::new("").in_round(arguments.round).for_rounds(arguments.for_rounds);
    if let Some(text) = &effects.late {
        shock = shock.late(hours("--late", text)?);
        said.push("late");
    }
    if effects.wrong {
        shock = shock.wrong();
        said.push("wrong");
    }
    if effects.absent {
        shock = shock.absent();
        said.push("absent");
    }
    match effects.unanswered.as_deref() {
        None => {}
        Some("") => shock = shock.unanswered(),
        Some(text) => shock = shock.unanswered_for(hours("--unanswered", text)?),
    }
    said.extend(effects.unanswered.as_ref().map(|_| "unanswered"));
    if let Some(quality) = effects.quality {
        shock = shock.quality(quality);
        said.push("quality");
    }
    if let Some(pace) = effects.pace {
        shock = shock.pace(pace);
        said.push("pace");
    }
    shock.name = said.join(", ");
    Ok((!said.is_empty()).then_some(shock))
}

/// Hours, or a distribution of them.
fn hours(option: &str, text: &str) -> Result<Distribution, Failure> {
    serde_json::from_str(text).map_err(|_| {
        Failure::File(format!(
            "{option} {text:?}: write a number of hours, or a distribution, e.g. '{{\"pert\":{{\"min\":2,\"mode\":4,\"max\":12}}}}'"
        ))
    })
}

/// Whoever or whatever has this name.
fn selection(name: &str, organization: &Organization) -> Result<Selection, Failure> {
    let description = organization.description();
    if description.customers.iter().any(|one| one.name == name)
        && !description.employees.iter().any(|one| one.name == name)
        && !description.departments.iter().any(|one| one.name == name)
    {
        return Err(Failure::File(format!(
            "--on {name:?}: a customer cannot be struck. Name an employee, a department, a service or a dependency, e.g. one into \
             the customer: --on 'Ana -> {name}'"
        )));
    }
    let is_id = |id: &Option<String>| id.as_deref() == Some(name);
    let selection = if description.employees.iter().any(|one| one.name == name) {
        Selection::employee(name)
    } else if description.departments.iter().any(|one| one.name == name) {
        Selection::department(name)
    } else if description.dependencies.iter().any(|one| is_id(&one.id)) || name.contains(" -> ") {
        Selection::dependency(name)
    } else if name.contains('/') {
        Selection::service(name)
    } else {
        Selection::employee(name)
    };
    // With a word about the nearest name, where there is none of this one.
    let simulation = organization.simulate()?;
    let unknown = |selection: &Selection| {
        let probe = Shock::new("probe").on(selection.clone().of(kind(selection))).late(0.0);
        let error = simulation.clone().shocked(&[probe]).err()?;
        error.path().starts_with("shocks[0].select.").then_some(error)
    };
    let Some(error) = unknown(&selection) else { return Ok(selection) };
    if selection.employee.is_none() {
        return Err(Failure::File(format!("--on: found {}. {}", error.found(), error.mend())));
    }
    // A name alone may be meant for a person or for a department.
    let near = [Some(error), unknown(&Selection::department(name))].into_iter().flatten();
    let near = near.map(|error| error.mend().to_owned()).find(|mend| mend.starts_with("Did you mean"));
    Err(Failure::File(format!(
        "--on: found {name:?}, which is no employee, department, service or dependency. {}",
        near.unwrap_or_else(|| "Look at the names in the model.".to_owned())
    )))
}

/// The sort of things that a selection of one name speaks of.
fn kind(selection: &Selection) -> Things {
    if selection.dependency.is_some() {
        Things::Dependencies
    } else if selection.service.is_some() {
        Things::Services
    } else if selection.department.is_some() {
        Things::Departments
    } else {
        Things::Employees
    }
}
