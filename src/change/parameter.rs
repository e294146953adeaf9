//! What can be changed, of which things, in which range.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

/// A sort of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Things {
    /// The organisation as a whole.
    Organization,
    /// Departments.
    Departments,
    /// Employees.
    Employees,
    /// Services.
    Services,
    /// External customers.
    Customers,
    /// Dependencies.
    Dependencies,
}

impl Things {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Departments => "departments",
            Self::Employees => "employees",
            Self::Services => "services",
            Self::Customers => "customers",
            Self::Dependencies => "dependencies",
        }
    }
}

/// What the values of a parameter are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// A number of hours, `0..=2^20`.
    Hours,
    /// A probability, `0..=1`.
    Probability,
    /// An absence, `0..=0.99`.
    Absence,
    /// A whole number, `1..=1024`.
    Capacity,
    /// An amount of money, `0..=1e15`.
    Money,
    /// A distribution of hours.
    SpreadHours,
    /// A distribution of factors.
    SpreadFactor,
    /// A distribution on `0..=1`.
    SpreadQuality,
}

impl Measure {
    pub(crate) fn is_spread(self) -> bool {
        matches!(self, Self::SpreadHours | Self::SpreadFactor | Self::SpreadQuality)
    }

    /// The range of a number, or of every value of a distribution.
    pub(crate) fn range(self) -> (f64, f64) {
        match self {
            Self::Hours | Self::SpreadHours | Self::SpreadFactor => (0.0, 1_048_576.0),
            Self::Probability | Self::SpreadQuality => (0.0, 1.0),
            Self::Absence => (0.0, 0.99),
            Self::Capacity => (1.0, 1024.0),
            Self::Money => (0.0, 1e15),
        }
    }

    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Hours | Self::SpreadHours => " h",
            _ => "",
        }
    }
}

macro_rules! parameters {
    ( $( $(#[$doc:meta])* $name:ident = $text:literal, $measure:ident of $first:ident $(or $more:ident)* ; )* ) => {
        /// What can be changed, named as in the file format.
        ///
        /// Where two sorts of things have a field of the same name, the first one stands here; the selection may ask for
        /// the other one ([`Selection::of`](super::Selection::of)).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[non_exhaustive]
        pub enum Parameter {
            $( $(#[$doc])* #[serde(rename = $text)] $name, )*
        }

        impl Parameter {
            /// All of them.
            pub const ALL: &'static [Parameter] = &[ $( Self::$name, )* ];
            const NAMES: &'static [&'static str] = &[ $( $text, )* ];

            /// Its name in the file format.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $( Self::$name => $text, )* }
            }

            /// The sorts of things that have it; the one that is meant where nothing else is said comes first.
            #[must_use]
            pub fn things(self) -> &'static [Things] {
                match self { $( Self::$name => &[Things::$first $(, Things::$more)*], )* }
            }

            pub(crate) fn measure(self) -> Measure {
                match self { $( Self::$name => Measure::$measure, )* }
            }
        }
    };
}

parameters! {
    /// Hours of work, a distribution. The standard, and with it the plan, stays as it was.
    Duration = "duration", SpreadHours of Services;
    /// Hours that plans count with, of a service or of a hand-off. Planned times follow; promises do not.
    Standard = "standard", Hours of Services or Dependencies;
    /// Probability of a wrong result. The error rate of a backup stays as it was.
    ErrorRate = "error_rate", Probability of Services;
    /// Extra probability of a wrong result when work starts later than planned.
    Rush = "rush", Probability of Services;
    /// Quality of the work itself, a distribution on `0..=1`.
    Workmanship = "workmanship", SpreadQuality of Services;
    /// Hours planned before the start. Planned times follow; promises do not.
    Buffer = "buffer", Hours of Services;
    /// A factor on all durations, a distribution.
    Pace = "pace", SpreadFactor of Employees or Departments;
    /// Probability to be away for a round, up to 0.99.
    Absence = "absence", Absence of Employees;
    /// Things that can be worked on at once. What plans count with stays as it was.
    Capacity = "capacity", Capacity of Employees;
    /// The capacity that plans count with.
    PlannedCapacity = "planned_capacity", Capacity of Employees;
    /// Hours promised: to a customer, or by a provider.
    Promise = "promise", Hours of Customers or Dependencies;
    /// What an engagement is worth.
    CustomerValue = "value", Money of Customers;
    /// The quality from which on an engagement can be perfect.
    PerfectQuality = "perfect_quality", Probability of Customers;
    /// Probability that a round needs it.
    Needed = "needed", Probability of Dependencies;
    /// Hours of the hand-off, a distribution. Its standard stays as it was.
    Handoff = "handoff", SpreadHours of Dependencies;
    /// How often a request goes unanswered.
    SilenceProbability = "silence.probability", Probability of Dependencies;
    /// Hours lost by chasing, a distribution.
    SilenceChase = "silence.chase", SpreadHours of Dependencies;
    /// Probability that an error is caught on receipt.
    Detection = "detection", Probability of Dependencies;
    /// Hours that a caught error costs, a distribution.
    Rework = "rework", SpreadHours of Dependencies;
    /// Probability that an error that was not caught is passed on.
    Transmission = "transmission", Probability of Dependencies;
    /// How much the receiver's quality follows the input's.
    Strength = "strength", Probability of Dependencies;
    /// The receiver's quality is at most the input's plus this.
    Criticality = "criticality", Probability of Dependencies;
    /// Hours between two releases, a distribution.
    Cadence = "cadence", SpreadHours of Organization;
    /// How often an employee is recognised. Where there is no climate there is a still one then: morale moves and does nothing.
    Recognition = "climate.recognition.probability", Probability of Organization;
}

/// Read as the name of a field is, so that the path of an error ends in what was written.
impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = Parameter;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a parameter")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Parameter, E> {
                let found = Parameter::ALL.iter().find(|one| one.name() == name);
                found.copied().ok_or_else(|| E::unknown_field(name, Parameter::NAMES))
            }
        }

        deserializer.deserialize_identifier(Name)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The names of all, for errors.
pub(crate) fn names_of(things: Things) -> String {
    let of: Vec<_> = Parameter::ALL.iter().filter(|one| one.things().contains(&things)).map(|one| one.name()).collect();
    of.join(", ")
}
