//! `ripple new`: a small model to start from, and a README that explains it.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::{Failure, print};

const MODEL: &str = include_str!("starter/model.json");
const README: &str = include_str!("starter/README.md");

pub(crate) fn new(folder: &Path) -> Result<(), Failure> {
    let cannot = |path: &Path, error: std::io::Error| {
        let hint = match error.kind() {
            std::io::ErrorKind::AlreadyExists => " (nothing was overwritten; name another folder)",
            _ => "",
        };
        Failure::File(format!("{}: {error}{hint}", path.display()))
    };
    std::fs::create_dir_all(folder).map_err(|error| cannot(folder, error))?;
    for (name, text) in [("model.json", MODEL), ("README.md", README)] {
        let path = folder.join(name);
        let mut file =
            OpenOptions::new().write(true).create_new(true).open(&path).map_err(|error| cannot(&path, error))?;
        file.write_all(text.as_bytes()).map_err(|error| cannot(&path, error))?;
    }
    let model = folder.join("model.json");
    print(&format!(
        "Wrote {} and a README beside it that explains it. Now try:\n  ripple check {}\n  ripple run {}\n",
        model.display(),
        model.display(),
        model.display()
    ))
}
