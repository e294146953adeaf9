//! Text with its checksum, and files that are whole or not there.
//!
//! A sealed text is one line of JSON, `{"format":"ripple-part/1","sha256":"...","content":...}`, in which the checksum is the
//! SHA-256 of the bytes of the content just as they stand there. So it can be checked before anything is made of it, and
//! with any tool: cut the content out, and hash it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

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
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`] if the content cannot be written as JSON: nothing is sealed in its place.
    pub(crate) fn seal(self, content: &impl Serialize) -> Result<String, Error> {
        let content = serde_json::to_string(content).map_err(|error| {
            let mend = "Please report it, with the model.";
            Error::new(ErrorKind::Mismatch, "", error.to_string(), "a content that can be written as JSON", mend)
        })?;
        let sum = checksum(&content);
        Ok(format!("{{\"format\":\"{}\",\"sha256\":\"{sum}\",\"content\":{content}}}\n", self.format()))
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

/// Writes a text to a file at once: whoever looks sees the old file or the new one, whole, even if the program or the machine
/// stops in between. The text is on the disk when this returns. A file that is replaced keeps its mode, and a link stays a
/// link. A pipe or a device is written to as it is: nothing can take its place.
///
/// The text is first written beside the file, as `NAME.PROCESS-COUNT.unfinished`; a process that is killed meanwhile leaves
/// that behind, and it may be removed.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let file = folder.path().join("report.txt");
/// ripple_effect::save_text(&file, "All is well.\n")?;
/// assert_eq!(std::fs::read_to_string(&file).unwrap(), "All is well.\n");
/// # Ok::<(), ripple_effect::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Io`] naming the file, which is then as it was before.
pub fn save_text(path: impl AsRef<Path>, text: &str) -> Result<(), Error> {
    let path = path.as_ref();
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

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // What the process was given open is written to as it is, even where a file lies behind it: others write to it too.
    let given = ["/dev/fd", "/dev/stdout", "/dev/stderr", "/proc"].iter().any(|given| path.starts_with(given));
    let (path, mode) = match fs::metadata(path) {
        Ok(there) if given || !there.is_file() => return fs::write(path, bytes),
        Ok(there) => (fs::canonicalize(path)?, Some(there.permissions())),
        Err(_) => (end_of_links(path), None),
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let Some(name) = path.file_name() else { return Err(io::ErrorKind::InvalidFilename.into()) };
    let (mut file, aside) = beside(&folder, name)?;
    // Before there is anything in it that not everybody may read. Elsewhere than on Unix there is but one bit, read-only, and
    // with it nothing is replaced at all.
    let allowed = match mode {
        Some(mode) if cfg!(unix) => file.set_permissions(mode),
        _ => Ok(()),
    };
    let written = allowed.and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all());
    drop(file);
    let placed = written.and_then(|()| fs::rename(&aside, &path));
    if let Err(error) = placed {
        let _ = fs::remove_file(&aside);
        return Err(error);
    }
    // The new name is safe once the folder is. Not every folder can be opened or synced; the file is in its place all the
    // same.
    if cfg!(unix)
        && let Ok(folder) = File::open(&folder)
    {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Where a link leads that leads to nothing yet; any other path as it is.
fn end_of_links(path: &Path) -> PathBuf {
    /// As many as Linux follows.
    const LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let Ok(to) = fs::read_link(&path) else { break };
        path = path.parent().map_or(to.clone(), |folder| folder.join(&to));
    }
    path
}

/// A new file beside another, of a name that no other writer has: not in this process, and not in one of the same number on
/// another machine that shares the folder.
fn beside(folder: &Path, name: &OsStr) -> io::Result<(File, PathBuf)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    loop {
        let mut aside = name.to_owned();
        aside.push(format!(".{}-{}.unfinished", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        let aside = folder.join(aside);
        match File::create_new(&aside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => return other.map(|file| (file, aside)),
        }
    }
}
