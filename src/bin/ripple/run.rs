//! `ripple run`: what is asked for, and the outcome.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ripple_effect::picture::Picture;
use ripple_effect::{Detail, Outcome, Simulation};

use crate::arguments::{OutcomeFormat, Run};
use crate::watcher::Watcher;
use crate::{Failure, organization, output, print, write};

/// Up to so many services the command line keeps figures of each.
const SERVICES_IN_DETAIL: usize = 5_000;

pub(crate) fn run(arguments: &Run) -> Result<(), Failure> {
    let format = match (arguments.format, arguments.shard) {
        (Some(format), Some(_)) if format != OutcomeFormat::Part => {
            return Err(Failure::File(
                "--format: a shard is written as a part; `ripple merge` writes the figures of the whole".to_owned(),
            ));
        }
        (Some(format), _) => format,
        (None, Some(_)) => OutcomeFormat::Part,
        (None, None) => OutcomeFormat::Text,
    };
    let organization = organization(&arguments.model, &arguments.set)?;
    let services: usize = organization.description().employees.iter().map(|employee| employee.services.len()).sum();
    let detail = arguments
        .detail
        .map_or(if services <= SERVICES_IN_DETAIL { Detail::Services } else { Detail::Customers }, Detail::from);
    let simulation = asked(arguments, organization.simulate()?.detail(detail))?;
    simulation.check()?;
    let files = [("--out", &arguments.out), ("--samples", &arguments.samples), ("--checkpoint", &arguments.checkpoint)];
    check_targets(&files, &arguments.model)?;
    for warning in simulation.plan().warnings() {
        eprintln!("{warning}");
    }
    let mut watcher = Watcher::new(&organization, arguments.samples.as_deref())?;
    let outcome = simulation.run_observed(&mut watcher);
    watcher.finish()?;
    let outcome = outcome?;
    show(&outcome, format, arguments.out.as_deref())?;
    for precision in &outcome.meta().precision {
        if !precision.reached {
            eprintln!(
                "warning: {} is known to within {}, not {}, after {} replications: allow more with --replications",
                precision.figure,
                precision.half_width.map_or("nothing that can be said".to_owned(), |width| width.to_string()),
                precision.wanted,
                outcome.meta().replications
            );
        }
    }
    if let Some(checkpoint) = &arguments.checkpoint {
        match fs::remove_file(checkpoint) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Failure::File(format!("{}: {error}", checkpoint.display())));
            }
            // Who has removed it meanwhile wanted the same.
            _ => {}
        }
    }
    Ok(())
}

fn asked(arguments: &Run, mut simulation: Simulation) -> Result<Simulation, Failure> {
    simulation = simulation.replications(arguments.replications).seed(arguments.seed);
    if let Some(rounds) = arguments.rounds {
        simulation = simulation.rounds(rounds);
    }
    if let Some(warmup) = arguments.warmup {
        simulation = simulation.warmup(warmup);
    }
    if let Some(threads) = arguments.threads {
        simulation = simulation.threads(threads);
    }
    if let Some(shard) = arguments.shard {
        simulation = simulation.shard(shard.number - 1, shard.of);
    }
    for wanted in &arguments.until_precision {
        // From the right: names may hold a `=`.
        let parsed =
            wanted.rsplit_once('=').and_then(|(figure, width)| Some((figure.trim(), width.trim().parse().ok()?)));
        let Some((figure, half_width)) = parsed else {
            return Err(Failure::File(format!(
                "--until-precision {wanted:?}: write FIGURE=HALF_WIDTH, e.g. 'Customers.wait.mean=0.05'"
            )));
        };
        simulation = simulation.until(figure, half_width);
    }
    if let Some(checkpoint) = &arguments.checkpoint {
        let Ok(every) = Duration::try_from_secs_f64(arguments.checkpoint_every) else {
            return Err(Failure::File(format!(
                "--checkpoint-every {}: write a number of seconds, 0 or more",
                arguments.checkpoint_every
            )));
        };
        simulation = simulation.checkpoint(checkpoint).checkpoint_every(every);
    }
    Ok(simulation)
}

/// Writes an outcome to a file, or to standard output where none is named.
pub(crate) fn show(outcome: &Outcome, format: OutcomeFormat, out: Option<&Path>) -> Result<(), Failure> {
    let text = match (format, out) {
        (OutcomeFormat::Part, Some(file)) => return Ok(outcome.save(file)?),
        (OutcomeFormat::Part, None) => return print(&outcome.to_part()?),
        (OutcomeFormat::Text, _) => outcome.summary().report(),
        (OutcomeFormat::Json, _) => output::json(&outcome.summary()),
        (OutcomeFormat::Csv, _) => output::summary_csv(&outcome.summary())?,
    };
    write(&text, out)
}

/// Options that name a picture.
const PICTURES: [&str; 2] = ["--picture", "--waits"];

/// Refuses, before time is spent, files that cannot be written, that are what is read, or that are one file by two names,
/// and pictures of another kind than can be drawn.
pub(crate) fn check_targets(files: &[(&str, &Option<PathBuf>)], read: &Path) -> Result<(), Failure> {
    let mut seen: Vec<(&str, PathBuf)> = Vec::new();
    for (option, file) in files {
        let Some(file) = file else { continue };
        if PICTURES.contains(option) {
            Picture::check_path(file)?;
        }
        check_target(file, read)?;
        let place = place(file);
        if let Some((other, _)) = seen.iter().find(|(_, other)| *other == place) {
            return Err(Failure::File(format!("{}: named by {other} and by {option}; name two files", file.display())));
        }
        seen.push((option, place));
    }
    Ok(())
}

/// Refuses, before time is spent, a file that cannot be written or that is what is read; leaves none behind that was
/// not there.
pub(crate) fn check_target(file: &Path, read: &Path) -> Result<(), Failure> {
    let cannot = |error: &dyn std::fmt::Display| Failure::File(format!("{}: {error}", file.display()));
    if read != Path::new("-") && place(file) == place(read) {
        return Err(cannot(&"is what is read; name another file"));
    }
    let there = fs::metadata(file);
    // Whoever reads from a pipe would take its being opened and closed for all there is.
    if there.as_ref().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return Ok(());
    }
    OpenOptions::new().append(true).create(true).open(file).map_err(|error| cannot(&error))?;
    match there {
        // Not the link, if it is one: that was there.
        Err(_) => fs::remove_file(place(file)).map_err(|error| cannot(&error)),
        Ok(_) => Ok(()),
    }
}

/// Which file a path leads to, however it is spelled: with links followed, or, of one that is not there, in its folder.
fn place(file: &Path) -> PathBuf {
    /// As many as Linux follows.
    const LINKS: usize = 40;
    let mut file = file.to_owned();
    for _ in 0..LINKS {
        if let Ok(place) = file.canonicalize() {
            return place;
        }
        let Ok(to) = fs::read_link(&file) else { break };
        file = file.parent().map_or(to.clone(), |folder| folder.join(&to));
    }
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match (folder.canonicalize(), file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file,
    }
}
