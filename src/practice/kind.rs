//! The practices by name, how sure we are, and where it comes from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The practices of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "PracticeKind"))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A response time agreed with each internal customer.
    ServiceStandards,
    /// A standard list of what is said and checked when work is handed over.
    HandoffChecklist,
    /// Training for the work itself.
    Training,
    /// A day in each other's shoes.
    JobShadowing,
    /// A colleague learns the work, and does it when its owner is away.
    CrossTraining,
    /// Two departments brought together: shared mission sessions, brown-bag lunches, open houses.
    Bridging,
    /// Every request gets an answer, if only to say when the answer comes.
    AnsweringDiscipline,
    /// Looked at before it is handed over.
    Inspection,
    /// Recognition and thanks.
    Recognition,
    /// Regular feedback on one's own work.
    Coaching,
    /// Hours planned before work that others wait for.
    Buffers,
    /// One more colleague.
    Hiring,
    /// Front-line staff share what they have learned.
    PeerSharing,
}

impl Kind {
    /// All of them, in the order of the catalogue.
    pub const ALL: &'static [Kind] = &[
        Kind::ServiceStandards,
        Kind::HandoffChecklist,
        Kind::Training,
        Kind::JobShadowing,
        Kind::CrossTraining,
        Kind::Bridging,
        Kind::AnsweringDiscipline,
        Kind::Inspection,
        Kind::Recognition,
        Kind::Coaching,
        Kind::Buffers,
        Kind::Hiring,
        Kind::PeerSharing,
    ];

    /// Its name in the file format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ServiceStandards => "service_standards",
            Self::HandoffChecklist => "handoff_checklist",
            Self::Training => "training",
            Self::JobShadowing => "job_shadowing",
            Self::CrossTraining => "cross_training",
            Self::Bridging => "bridging",
            Self::AnsweringDiscipline => "answering_discipline",
            Self::Inspection => "inspection",
            Self::Recognition => "recognition",
            Self::Coaching => "coaching",
            Self::Buffers => "buffers",
            Self::Hiring => "hiring",
            Self::PeerSharing => "peer_sharing",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How sure the size of an effect is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Certainty {
    /// No study of this size was found. The number is there so that one can plan with it; put your own in its place.
    Assumption,
    /// A study says which way it goes; the size is converted, or carried over from something related.
    Low,
    /// Studies measured it, elsewhere or by another yardstick; the size is converted with care.
    Medium,
    /// It follows from the model itself: nothing is estimated.
    Arithmetic,
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Assumption => "no study found: a planning assumption",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::Arithmetic => "arithmetic of the model",
        })
    }
}

/// Where something comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Source {
    /// The authors.
    pub authors: &'static str,
    /// The year.
    pub year: u16,
    /// Where it was published.
    pub published: &'static str,
    /// What it found, as far as it matters here.
    pub found: &'static str,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {}): {}", self.authors, self.year, self.published, self.found)
    }
}
