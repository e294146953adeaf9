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

    /// Writes the SVG to a file.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
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
