//! Parts of a run as files, and merging them.

use std::path::Path;

use super::merging::{common, said};
use super::sealed::{Seal, save_text};
use super::{Kept, Outcome};
use crate::{Error, ErrorKind};

impl Outcome {
    /// Writes the outcome to a file, without its figures but with all that they are drawn from, and a checksum
    /// (`ripple-part/1`). The file is there whole or, if anything goes wrong, as it was before.
    ///
    /// ```
    /// use ripple_effect::{Organization, Outcome};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let run = shop.simulate()?.replications(1_000);
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let folder = folder.path();
    /// let parts = [folder.join("part-1.json"), folder.join("part-2.json")];
    /// run.clone().shard(0, 2).run()?.save(&parts[0])?;
    /// run.clone().shard(1, 2).run()?.save(&parts[1])?;
    /// assert_eq!(Outcome::merge_files(&parts)?, run.run()?);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`] naming the file, and as [`to_part`](Outcome::to_part).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        save_text(path, &self.to_part()?)
    }

    /// What [`save`](Outcome::save) writes.
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`] if it cannot be written as JSON, which is so of no outcome of a run.
    pub fn to_part(&self) -> Result<String, Error> {
        Seal::Part.seal(&Kept(self))
    }

    /// Reads what [`to_part`](Outcome::to_part) wrote.
    ///
    /// ```
    /// use ripple_effect::{Organization, Outcome};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let part = shop.simulate()?.replications(1_000).shard(0, 2).run()?;
    /// assert_eq!(Outcome::from_part(&part.to_part()?)?, part);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Mismatch`] if it is damaged, cut off or something else.
    pub fn from_part(text: &str) -> Result<Self, Error> {
        Seal::Part.open(text)
    }

    /// Reads what [`save`](Outcome::save) wrote.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] or, if the file is damaged, cut off or something else, [`ErrorKind::Mismatch`]; naming the file.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        Seal::Part.read(path.as_ref())
    }

    /// Reads and merges files that [`save`](Outcome::save) wrote, in any order, one at a time: at most two of them are in
    /// memory. Whether all of the run is there, [`missing`](Outcome::missing) says.
    ///
    /// # Errors
    /// As [`load`](Outcome::load) and [`merge`](Outcome::merge), naming the file; [`ErrorKind::Range`] of no files.
    pub fn merge_files<P: AsRef<Path>>(paths: &[P]) -> Result<Self, Error> {
        let Some((first, others)) = paths.split_first() else {
            return Err(Error::new(ErrorKind::Range, "", "no files", "one file or more", "Name the parts of a run."));
        };
        let name = |path: &P| path.as_ref().display().to_string();
        let mut merged = Self::load(first)?;
        let mut sources = vec![(first, merged.parts.clone())];
        for path in others {
            let part = Self::load(path)?;
            merged.belongs(&part, &format!("that of {}", name(first))).map_err(|error| error.within(&name(path)))?;
            for (source, there) in &sources {
                let shared = |mine: &(u64, u64)| part.parts.iter().find_map(|theirs| common(*mine, *theirs));
                if let Some(twice) = there.iter().find_map(shared) {
                    return Err(Error::new(
                        ErrorKind::Mismatch,
                        name(path),
                        format!("{}, which {} brought already", said(&twice), name(source)),
                        "replications that no other part brings",
                        "Merge each part once.",
                    ));
                }
            }
            merged.absorb(&part.parts, |tally| tally.merge(&part.tally));
            sources.push((path, part.parts));
        }
        Ok(merged)
    }
}
