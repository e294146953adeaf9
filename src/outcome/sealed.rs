//! Text with its checksum, and files that are whole or not there.
//!
//! A sealed text is one line of JSON, `{"format":"ripple-part/1","sha256":"...","content":...}`, in which the checksum is the
//! SHA-256 of the bytes of the content just as they stand there. So it can be checked before anything is made of it, and
//! with any tool: cut the content out, and hash it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::{Error, ErrorKind};

/// What is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seal {
    /// Some replications of a run, or all of them.
    Part,
    /// A run that is not at its end.
    Checkpoint,
}

impl Seal {
    fn format(self) -> &'static str {
        match self {
            Self::Part => "ripple-part/1",
            Self::Checkpoint => "ripple-checkpoint/1",
        }
    }

    fn meant(self) -> &'static str {
        match self {
            Self::Part => "a part of a run, as it was written (ripple-part/1)",
            Self::Checkpoint => "a checkpoint of a run, as it was written (ripple-checkpoint/1)",
        }
    }

    fn mend(self) -> &'static str {
        match self {
            Self::Part => "Run this part again.",
            Self::Checkpoint => "Remove the file to begin from the start, or name another one.",
        }
    }

    /// The text of a content with its checksum.
    pub(crate) fn seal(self, content: &impl Serialize) -> String {
        let content = serde_json::to_string(content).unwrap_or_default();
        format!("{{\"format\":\"{}\",\"sha256\":\"{}\",\"content\":{content}}}\n", self.format(), checksum(&content))
    }

    /// The content of a text, if its checksum holds.
    pub(crate) fn open<T: DeserializeOwned>(self, text: &str) -> Result<T, Error> {
        let damaged = |found: String| Error::new(ErrorKind::Mismatch, "", found, self.meant(), self.mend());
        if text.trim().is_empty() {
            return Err(damaged("nothing".to_owned()));
        }
        let head = format!("{{\"format\":\"{}\",\"sha256\":\"", self.format());
        let Some((sum, rest)) = text.strip_prefix(&head).and_then(|rest| rest.split_once("\",\"content\":")) else {
            let start: String = text.chars().take(40).collect();
            return Err(damaged(format!("something else, which begins with {start:?}")));
        };
        let Some(content) = rest.trim_end().strip_suffix('}').filter(|content| checksum(content) == sum) else {
            return Err(damaged("content that does not fit its checksum: it was cut off or changed".to_owned()));
        };
        serde_json::from_str(content).map_err(|error| damaged(error.to_string()))
    }

    /// Writes a sealed content to a file that is there whole, or as it was before.
    pub(crate) fn write(self, path: &Path, text: &str) -> Result<(), Error> {
        replace(path, text.as_bytes()).map_err(|error| {
            Error::new(
                ErrorKind::Io,
                path.display().to_string(),
                error.to_string(),
                "a file in a folder that can be written to",
                "Name another file, or make room for it.",
            )
        })
    }

    /// Reads a file, and opens it.
    pub(crate) fn read<T: DeserializeOwned>(self, path: &Path) -> Result<T, Error> {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| {
            Error::new(ErrorKind::Io, name.clone(), error.to_string(), "a file that can be read", "Look at its name.")
        })?;
        let text = String::from_utf8(bytes).map_err(|_| {
            let found = "bytes that are not text: it was cut off or changed";
            Error::new(ErrorKind::Mismatch, name.clone(), found, self.meant(), self.mend())
        })?;
        self.open(&text).map_err(|error| error.within(&name))
    }
}

fn checksum(content: &str) -> String {
    Sha256::digest(content.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Puts a file in the place of another, if there is one, at once: whoever looks sees the old one or the new one, whole, even
/// if the program or the machine stops in between.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link; a pipe or a device cannot be replaced.
    let path = match fs::metadata(path) {
        Ok(there) if !there.is_file() => return fs::write(path, bytes),
        Ok(_) => fs::canonicalize(path)?,
        Err(_) => path.to_owned(),
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let Some(name) = path.file_name() else { return Err(io::ErrorKind::InvalidFilename.into()) };
    let mut aside = name.to_owned();
    aside.push(".unfinished");
    let aside = folder.join(aside);
    let mut file = File::create(&aside)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    let placed = written.and_then(|()| fs::rename(&aside, &path));
    if let Err(error) = placed {
        let _ = fs::remove_file(&aside);
        return Err(error);
    }
    // The new name is safe once the folder is; where folders cannot be synced the system sees to it.
    if cfg!(unix) {
        File::open(&folder)?.sync_all()?;
    }
    Ok(())
}
