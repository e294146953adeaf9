//! The one error of this crate: what is wrong, where, what is allowed, how to mend it.

use std::fmt;

/// What sort of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not JSON, or ends too early.
    Syntax,
    /// A field is missing, unknown, or holds another type of value.
    Shape,
    /// A number lies outside of its range, or contradicts another one.
    Range,
    /// A name points to nothing, is empty, or holds a character that names may not hold.
    Name,
    /// Two things carry one name or one id.
    Duplicate,
    /// People wait for each other within one round.
    Cycle,
    /// Nothing leads to a customer, or to a stage of a journey.
    Unreachable,
    /// Two outcomes do not belong together, or a part is damaged.
    Mismatch,
    /// A file could not be read or written.
    Io,
    /// The run was stopped by whoever watched it.
    Cancelled,
}

/// What is wrong, at which path of the input, what was found, what is allowed, and how to mend it.
///
/// One error may stand for several: [`and_more`](Error::and_more) gives the others that the same reading found.
///
/// ```
/// use ripple_effect::{ErrorKind, Organization};
/// let error = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides("stock list", 2.0))
///     .customer("Guests", |c| c.promise(8.0))
///     .serves_with("Ana", "Guests", "stock list", |d| d.detection(1.2))
///     .build()
///     .unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Range);
/// assert_eq!(error.path(), "dependencies[0].detection");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    path: String,
    found: String,
    allowed: String,
    mend: String,
    more: Vec<Error>,
}

impl Error {
    pub(crate) fn new(
        kind: ErrorKind,
        path: impl Into<String>,
        found: impl Into<String>,
        allowed: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            path: path.into(),
            found: found.into(),
            allowed: allowed.into(),
            mend: mend.into(),
            more: Vec::new(),
        }))
    }

    /// The first of several errors, carrying the others; `None` of none.
    pub(crate) fn first_of(errors: Vec<Error>) -> Option<Self> {
        let mut errors = errors.into_iter();
        let mut first = errors.next()?;
        first.0.more.extend(errors);
        Some(first)
    }

    /// The same in a named file.
    pub(crate) fn within(mut self, file: &str) -> Self {
        let path = &mut self.0.path;
        *path = if path.is_empty() { file.to_owned() } else { format!("{file}: {path}") };
        self
    }

    /// What sort of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Where in the input, e.g. `employees[3].services[0].duration.pert.mode`; empty for the input as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What was found there.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.0.found
    }

    /// What is allowed there.
    #[must_use]
    pub fn allowed(&self) -> &str {
        &self.0.allowed
    }

    /// How to mend it.
    #[must_use]
    pub fn mend(&self) -> &str {
        &self.0.mend
    }

    /// The other errors that the same reading found.
    #[must_use]
    pub fn and_more(&self) -> &[Error] {
        &self.0.more
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if !inner.path.is_empty() {
            write!(f, "{}: ", inner.path)?;
        }
        write!(f, "found {}; allowed: {}. {}", inner.found, inner.allowed, inner.mend)?;
        match inner.more.len() {
            0 => Ok(()),
            1 => write!(f, " (and 1 more problem)"),
            n => write!(f, " (and {n} more problems)"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
