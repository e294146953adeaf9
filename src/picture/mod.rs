//! Pictures of an organisation and of figures, as SVG; and its graph for other programs, as DOT and GraphML.
//!
//! A picture is a self-contained SVG with the same bytes for the same input on every machine. Colours are those of
//! Okabe and Ito (2008), which people with any colour vision can tell apart, and none is the only sign of anything: a
//! picture printed in grey says the same.
//!
//! | file | what lives there |
//! |---|---|
//! | `mod` | [`Picture`]: a finished SVG |
//! | `organization` | [`OrganizationPicture`]: who depends on whom, in layers, hits and chains on top |
//! | `contents` | what of an organisation is drawn: its services, or its departments where they are too many |
//! | `layers` | where boxes and lines go |
//! | `tornado`, `waits`, `forest` | [`Tornado`]: causes; [`WaitsPicture`]: waits and a promise; [`Forest`]: intervals |
//! | `compared`, `overlaid` | a comparison as a [`Forest`], and its waits as [`OverlaidWaits`] |
//! | `frontier` | [`FrontierPicture`]: what each amount of money buys |
//! | `ripple` | ripples, rankings and explanations as these pictures |
//! | `axis` | ticks at round numbers |
//! | `svg`, `text`, `palette` | shapes, widths of words, colours |
//! | `export`, `dot`, `graphml` | the graph with its figures for other programs |

mod axis;
mod compared;
mod contents;
mod dot;
mod export;
mod forest;
mod frontier;
mod graphml;
mod layers;
mod organization;
mod overlaid;
mod palette;
mod ripple;
mod svg;
mod text;
mod tornado;
mod waits;

use std::fmt;
use std::path::Path;

pub use forest::Forest;
pub use frontier::FrontierPicture;
pub use organization::{Grouping, Hit, OrganizationPicture};
pub use overlaid::OverlaidWaits;
pub use tornado::Tornado;
pub use waits::WaitsPicture;

use crate::{Error, ErrorKind};

/// A finished picture.
///
/// ```
/// use ripple_effect::picture::Tornado;
///
/// let picture = Tornado::new("Where the hours came from").cause("Ana did not answer", 8.5).cause("slack", -2.0).draw();
/// assert!(picture.svg().starts_with("<svg"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    svg: String,
}

impl Picture {
    /// The SVG.
    #[must_use]
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// Checks, before anything is drawn, that a path is a place for a picture: one that ends in `.svg`, or a pipe.
    ///
    /// # Errors
    /// [`ErrorKind::Name`] for any other ending, or none.
    ///
    /// ```
    /// use ripple_effect::picture::Picture;
    /// assert!(Picture::check_path("causes.svg").is_ok());
    /// assert_eq!(Picture::check_path("causes.png").unwrap_err().path(), "causes.png");
    /// ```
    pub fn check_path(path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned());
        let is_pipe = || std::fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir());
        if ending.as_deref().is_some_and(|ending| ending.eq_ignore_ascii_case("svg")) || is_pipe() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Name,
            path.display().to_string(),
            ending.map_or("a file name without an ending".to_owned(), |ending| format!("the ending .{ending}")),
            ".svg: pictures are written as SVG",
            format!(
                "Name it {:?}; other programs turn an SVG into pixels.",
                path.with_extension("svg").display().to_string()
            ),
        ))
    }

    /// Writes the SVG to a file.
    ///
    /// # Errors
    /// As [`check_path`](Self::check_path); [`ErrorKind::Io`] if it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        Self::check_path(path)?;
        std::fs::write(path, &self.svg).map_err(|error| {
            Error::new(
                ErrorKind::Io,
                path.display().to_string(),
                error.to_string(),
                "a file that can be written",
                "Choose another place.",
            )
        })
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.svg)
    }
}
