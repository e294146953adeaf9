//! `ripple run`: a progress bar, samples, and the outcome.

use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use ripple_effect::{Detail, Observer, Organization, Sample};

use crate::arguments::{Format, Run};
use crate::{Failure, organization, output, watched, write};

/// Up to so many services the command line keeps figures of each.
const SERVICES_IN_DETAIL: usize = 5_000;

pub(crate) fn run(arguments: &Run) -> Result<(), Failure> {
    let organization = organization(&arguments.model, &arguments.set)?;
    let services: usize = organization.description().employees.iter().map(|employee| employee.services.len()).sum();
    let detail = arguments
        .detail
        .map_or(if services <= SERVICES_IN_DETAIL { Detail::Services } else { Detail::Customers }, Detail::from);
    let mut simulation =
        organization.simulate()?.replications(arguments.replications).seed(arguments.seed).detail(detail);
    if let Some(rounds) = arguments.rounds {
        simulation = simulation.rounds(rounds);
    }
    if let Some(warmup) = arguments.warmup {
        simulation = simulation.warmup(warmup);
    }
    if let Some(threads) = arguments.threads {
        simulation = simulation.threads(threads);
    }
    simulation.check()?;
    for file in [&arguments.out, &arguments.samples].into_iter().flatten() {
        check_target(file, &arguments.model)?;
    }
    for warning in simulation.plan().warnings() {
        eprintln!("{warning}");
    }
    let mut watcher = Watcher::new(&organization, arguments.samples.as_deref())?;
    let outcome = simulation.run_observed(&mut watcher)?;
    watcher.finish()?;
    let summary = outcome.summary();
    let text = match arguments.format {
        Format::Text => summary.report(),
        Format::Json => output::json(&summary),
        Format::Csv => output::summary_csv(&summary)?,
    };
    write(&text, arguments.out.as_deref())
}

/// Refuses, before time is spent, a file that cannot be written or that is the model itself.
fn check_target(file: &Path, model: &Path) -> Result<(), Failure> {
    let cannot = |error: &dyn std::fmt::Display| Failure::File(format!("{}: {error}", file.display()));
    if file.exists() && file.canonicalize().ok() == model.canonicalize().ok() {
        return Err(cannot(&"is the model itself; name another file"));
    }
    OpenOptions::new().append(true).create(true).open(file).map(|_| ()).map_err(|error| cannot(&error))
}

/// Shows progress on a terminal, and writes samples.
struct Watcher<'a> {
    bar: ProgressBar,
    customers: Vec<&'a str>,
    samples: Option<csv::Writer<BufWriter<File>>>,
    path: Option<&'a Path>,
    failed: Option<String>,
}

impl<'a> Watcher<'a> {
    fn new(organization: &'a Organization, path: Option<&'a Path>) -> Result<Self, Failure> {
        let bar = if watched() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} replications, {eta} left")
        {
            bar.set_style(style);
        }
        let customers = organization.description().customers.iter().map(|customer| customer.name.as_str()).collect();
        let mut watcher = Self { bar, customers, samples: None, path, failed: None };
        if let Some(path) = path {
            let file = File::create(path).map_err(|error| Failure::File(format!("{}: {error}", path.display())))?;
            let mut writer = csv::Writer::from_writer(BufWriter::new(file));
            let header =
                ["replication", "round", "customer", "wait", "lateness", "error", "quality", "satisfaction", "perfect"];
            watcher.note(writer.write_record(header));
            watcher.samples = Some(writer);
        }
        Ok(watcher)
    }

    fn note(&mut self, result: Result<(), csv::Error>) {
        if let Err(error) = result {
            self.failed.get_or_insert(error.to_string());
        }
    }

    fn finish(mut self) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        if let Some(mut samples) = self.samples.take() {
            let flushed = samples.flush().map_err(csv::Error::from);
            self.note(flushed);
        }
        match (self.failed, self.path) {
            (Some(error), Some(path)) => Err(Failure::File(format!("{}: {error}", path.display()))),
            _ => Ok(()),
        }
    }
}

impl Observer for Watcher<'_> {
    fn progress(&mut self, done: u64, of: u64) {
        self.bar.set_length(of);
        self.bar.set_position(done);
    }

    fn wants_samples(&self) -> bool {
        self.samples.is_some()
    }

    fn samples(&mut self, samples: &[Sample]) {
        let Some(mut writer) = self.samples.take() else { return };
        for sample in samples {
            let written = writer.write_record([
                sample.replication.to_string(),
                sample.round.to_string(),
                self.customers[sample.customer].to_owned(),
                sample.wait.to_string(),
                sample.lateness.to_string(),
                u8::from(sample.error).to_string(),
                sample.quality.to_string(),
                sample.satisfaction.to_string(),
                u8::from(sample.perfect).to_string(),
            ]);
            self.note(written);
        }
        self.samples = Some(writer);
    }
}
