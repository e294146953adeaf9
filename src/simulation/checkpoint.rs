//! A run that is not at its end, as a file.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::precision::Target;
use crate::outcome::Kept;
use crate::outcome::sealed::{Seal, save_text};
use crate::{Error, ErrorKind, Outcome};

/// Where checkpoints of a run go, and what of the run the outcome does not say.
#[derive(Debug)]
pub(super) struct Checkpoint {
    pub(super) path: PathBuf,
    pub(super) shard: (u64, u64),
    pub(super) until: Vec<Target>,
}

#[derive(Serialize)]
struct Written<'a> {
    shard: (u64, u64),
    until: &'a [Target],
    outcome: Kept<'a>,
}

#[derive(Deserialize)]
struct Read {
    shard: (u64, u64),
    until: Vec<Target>,
    outcome: Outcome,
}

impl Checkpoint {
    pub(super) fn text(&self, outcome: &Outcome) -> Result<String, Error> {
        Seal::Checkpoint.seal(&Written { shard: self.shard, until: &self.until, outcome: Kept(outcome) })
    }

    pub(super) fn write(&self, text: &str) -> Result<(), Error> {
        save_text(&self.path, text)
    }

    /// What was done when the run was cut off; `empty` if it is to begin from the start.
    ///
    /// # Errors
    /// Naming the file and what differs, if it is of another run.
    pub(super) fn resume(&self, empty: Outcome) -> Result<Outcome, Error> {
        let name = self.path.display().to_string();
        if !there(&self.path) {
            // Better now than after the first seconds of work.
            self.write(&self.text(&empty)?)?;
            return Ok(empty);
        }
        let read: Read = Seal::Checkpoint.read(&self.path)?;
        let mismatch = |found: String, allowed: String| {
            let mend = "Ask for the same run again; or remove the file to begin another one from the start.";
            Err(Error::new(ErrorKind::Mismatch, name.clone(), found, format!("{allowed}, as is asked for now"), mend))
        };
        if let Err(error) = empty.belongs(&read.outcome, "as is asked for now") {
            return Err(error.within(&name));
        }
        let shard = |(index, of): (u64, u64)| match of {
            1 => "the whole run".to_owned(),
            // As the command line counts them, and as `Simulation::shard` does.
            _ => format!("shard {}/{of} (index {index} of {of} in a program)", u128::from(index) + 1),
        };
        if read.shard != self.shard {
            return mismatch(shard(read.shard), shard(self.shard));
        }
        let until = |targets: &[Target]| match targets {
            [] => "a run without a precision to be reached".to_owned(),
            _ => targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and "),
        };
        if read.until != self.until {
            return mismatch(until(&read.until), until(&self.until));
        }
        Ok(read.outcome)
    }
}

fn there(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| !file.is_file() || file.len() > 0)
}
