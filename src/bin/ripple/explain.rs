//! `ripple explain`: why customers waited.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ripple_effect::picture::Tornado;

use crate::run::check_targets;
use crate::{Failure, organization, output, write};

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The model, a JSON file; - is standard input
    model: PathBuf,
    /// Only this customer [default: all; the first in a picture]
    #[arg(long, value_name = "NAME")]
    customer: Option<String>,
    /// Independent replications
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
    format: ExplanationFormat,
    /// Draw what made the customer wait, as SVG
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Threads [default: one a core]
    #[arg(long, value_name = "T")]
    threads: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ExplanationFormat {
    /// Plain words and aligned tables
    #[default]
    Text,
    /// JSON
    Json,
}

pub(crate) fn explain(arguments: &Explain) -> Result<(), Failure> {
    let organization = organization(&arguments.model, &arguments.set)?;
    if let Some(name) = &arguments.customer {
        let customers = &organization.description().customers;
        if !customers.iter().any(|customer| customer.name == *name) {
            let names: Vec<String> = customers.iter().map(|customer| format!("{:?}", customer.name)).collect();
            return Err(Failure::File(format!("--customer {name:?}: the model has {}", names.join(", "))));
        }
    }
    let mut simulation = organization.simulate()?.replications(arguments.replications).seed(arguments.seed);
    if let Some(rounds) = arguments.rounds {
        simulation = simulation.rounds(rounds);
    }
    if let Some(threads) = arguments.threads {
        simulation = simulation.threads(threads);
    }
    check_targets(&[("--out", &arguments.out), ("--picture", &arguments.picture)], &arguments.model)?;
    let mut why = simulation.explain()?;
    if let Some(name) = &arguments.customer {
        why.customers.retain(|customer| customer.name == *name);
    }
    if let (Some(file), Some(customer)) = (&arguments.picture, why.customers.first()) {
        Tornado::of_explanation(customer).draw().save(file)?;
    }
    let text = match arguments.format {
        ExplanationFormat::Text => why.report(),
        ExplanationFormat::Json => output::json(&why),
    };
    write(&text, arguments.out.as_deref())
}
