//! Shows progress on a terminal, and writes samples.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use ripple_effect::{Error, Observer, Organization, Sample};

use crate::{Failure, watched};

/// Shows progress on a terminal, and writes samples.
pub(crate) struct Watcher<'a> {
    bar: ProgressBar,
    customers: Vec<&'a str>,
    samples: Option<csv::Writer<BufWriter<File>>>,
    path: Option<&'a Path>,
    failed: Option<String>,
}

impl<'a> Watcher<'a> {
    pub(crate) fn new(organization: &'a Organization, path: Option<&'a Path>) -> Result<Self, Failure> {
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

    pub(crate) fn finish(mut self) -> Result<(), Failure> {
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

    fn checkpoint_failed(&mut self, error: &Error) {
        self.bar.suspend(|| {
            eprintln!("warning: checkpoint {}: {}; the run goes on, and tries again", error.path(), error.found());
        });
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
