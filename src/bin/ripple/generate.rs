//! `ripple generate`: a synthetic organisation by kind, size and seed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ripple_effect::Organization;
use ripple_effect::generate::{self, Generator};

use crate::{Failure, counted, write};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A tree of managers and reports
    Hierarchy,
    /// A ring of neighbours with shortcuts (Watts & Strogatz 1998)
    SmallWorld,
    /// A few who are needed by very many (Barabasi & Albert 1999)
    ScaleFree,
    /// Tiers of a process
    Layered,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// The kind of network
    #[arg(value_enum)]
    kind: Kind,
    /// How many services, 10 to 1,000,000
    #[arg(long, value_name = "N")]
    services: u32,
    /// The seed: kind, options and seed decide the organisation
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// Dependencies of a service; not of a hierarchy [default: 4]
    #[arg(long, value_name = "K")]
    dependencies: Option<u32>,
    /// People of a manager; hierarchy only [default: 6]
    #[arg(long, value_name = "K")]
    span: Option<u32>,
    /// Tiers; layered only [default: 10]
    #[arg(long, value_name = "T")]
    tiers: Option<u32>,
    /// Probability that a link is thrown far; small-world only [default: 0.1]
    #[arg(long, value_name = "P")]
    rewiring: Option<f64>,
    /// Departments [default: 8]
    #[arg(long, value_name = "D")]
    departments: Option<u32>,
    /// External customers [default: 3]
    #[arg(long, value_name = "C")]
    customers: Option<u32>,
    /// Services that each employee provides
    #[arg(long, default_value_t = 1, value_name = "N")]
    services_each: u32,
    /// Share of dependencies that are answered a round later [default: 0; 1 in a hierarchy]
    #[arg(long, value_name = "SHARE")]
    feedback: Option<f64>,
    /// How often a request goes unanswered, on a quarter of the dependencies [default: 0.05]
    #[arg(long, value_name = "P")]
    silence: Option<f64>,
    /// Mean probability of a wrong result [default: 0.03]
    #[arg(long, value_name = "P")]
    error_rate: Option<f64>,
    /// The organisation's name [default: its kind and size]
    #[arg(long)]
    name: Option<String>,
    /// Where to write the model [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn generate(asked: &Generate) -> Result<(), Failure> {
    let kind = asked.kind;
    let misplaced = [
        ("--span", asked.span.is_some() && kind != Kind::Hierarchy),
        ("--dependencies", asked.dependencies.is_some() && kind == Kind::Hierarchy),
        ("--rewiring", asked.rewiring.is_some() && kind != Kind::SmallWorld),
        ("--tiers", asked.tiers.is_some() && kind != Kind::Layered),
    ];
    if let Some((option, _)) = misplaced.iter().find(|(_, misplaced)| *misplaced) {
        return Err(Failure::File(format!(
            "{option} is not for this kind of network: `ripple generate --help` says for which"
        )));
    }
    let organization = match kind {
        Kind::Hierarchy => {
            let generator = generate::hierarchy(asked.services);
            made(asked.span.map_or(generator.clone(), |span| generator.span(span)), asked)
        }
        Kind::SmallWorld => {
            let mut generator = generate::small_world(asked.services);
            if let Some(dependencies) = asked.dependencies {
                generator = generator.dependencies(dependencies);
            }
            made(asked.rewiring.map_or(generator.clone(), |rewiring| generator.rewiring(rewiring)), asked)
        }
        Kind::ScaleFree => {
            let generator = generate::scale_free(asked.services);
            made(
                asked.dependencies.map_or(generator.clone(), |dependencies| generator.dependencies(dependencies)),
                asked,
            )
        }
        Kind::Layered => {
            let mut generator = generate::layered(asked.services);
            if let Some(dependencies) = asked.dependencies {
                generator = generator.dependencies(dependencies);
            }
            made(asked.tiers.map_or(generator.clone(), |tiers| generator.tiers(tiers)), asked)
        }
    }?;
    write(&organization.to_json(), asked.out.as_deref())?;
    let description = organization.description();
    eprintln!(
        "{}: {}, {}, {}.",
        description.name,
        counted(description.employees.len(), "employee", "employees"),
        counted(description.dependencies.len(), "dependency", "dependencies"),
        counted(description.customers.len(), "customer", "customers"),
    );
    Ok(())
}

/// What can be asked of every kind.
fn made<Network>(mut generator: Generator<Network>, asked: &Generate) -> Result<Organization, Failure> {
    generator = generator.seed(asked.seed).services_each(asked.services_each);
    if let Some(departments) = asked.departments {
        generator = generator.departments(departments);
    }
    if let Some(customers) = asked.customers {
        generator = generator.customers(customers);
    }
    if let Some(share) = asked.feedback {
        generator = generator.feedback(share);
    }
    if let Some(probability) = asked.silence {
        generator = generator.silence(probability);
    }
    if let Some(mean) = asked.error_rate {
        generator = generator.error_rate(mean);
    }
    if let Some(name) = &asked.name {
        generator = generator.name(name);
    }
    Ok(generator.organization()?)
}
