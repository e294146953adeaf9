//! `ripple story`: one engagement told, drawn, and written as an event log.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use ripple_effect::picture::OrganizationPicture;
use ripple_effect::story::{Engagement, EventLog, Story};
use serde_json::json;

use crate::arguments::{StoryFormat, Tell, Which};
use crate::run::check_targets;
use crate::{Failure, organization, output, write};

pub(crate) fn story(arguments: &Tell) -> Result<(), Failure> {
    let organization = organization(&arguments.model, &arguments.set)?;
    let customer = match (&arguments.customer, organization.description().customers.first()) {
        (Some(customer), _) => customer.clone(),
        (None, Some(first)) => first.name.clone(),
        (None, None) => return Err(Failure::File("the model has no customer of whom a story could be told".into())),
    };
    let mut simulation = organization.simulate()?.replications(arguments.replications).seed(arguments.seed);
    if let Some(rounds) = arguments.rounds {
        simulation = simulation.rounds(rounds);
    }
    let files = [("--out", &arguments.out), ("--picture", &arguments.picture), ("--events", &arguments.events)];
    check_targets(&files, &arguments.model)?;
    let which = match (arguments.replication, arguments.which) {
        (Some(replication), _) => Engagement::At { replication, round: arguments.round.unwrap_or(0) },
        (None, Which::Late) => Engagement::MedianLate,
        (None, Which::Longest) => Engagement::LongestWait,
        (None, Which::Median) => Engagement::MedianWait,
        (None, Which::Unhappiest) => Engagement::LeastSatisfied,
    };
    let told = simulation.story(&customer, which)?;
    if let Some(file) = &arguments.picture {
        OrganizationPicture::new(&organization).title(title(&told)).story(&told).draw().save(file)?;
    }
    if let Some(file) = &arguments.events {
        let log = EventLog::new(&simulation).replications(told.replication..told.replication + 1);
        to_file(file, |to| log.write(to))?;
    }
    let text = match arguments.format {
        StoryFormat::Text => told.report(),
        StoryFormat::Json => output::json(&json!({ "story": told, "causes": told.causes() })),
    };
    write(&text, arguments.out.as_deref())
}

fn title(story: &Story) -> String {
    format!("{}, replication {}, round {}", story.customer, story.replication, story.round)
}

fn to_file(
    file: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), ripple_effect::Error>,
) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| Failure::File(format!("{}: {error}", file.display()));
    let mut to = BufWriter::new(File::create(file).map_err(cannot)?);
    fill(&mut to)?;
    to.flush().map_err(cannot)
}
