//! What can strike, and which sorts of things.

use super::written::Shock;
use crate::change::{Selection, Things};
use crate::{Error, ErrorKind};

/// What a shock does, named as its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Late,
    Wrong,
    Absent,
    Unanswered,
    Quality,
    Pace,
}

impl Shock {
    /// What it does, in the order of its fields.
    pub(super) fn effects(&self) -> impl Iterator<Item = Effect> {
        [
            (self.late.is_some(), Effect::Late),
            (self.wrong, Effect::Wrong),
            (self.absent, Effect::Absent),
            (self.unanswered.is_some(), Effect::Unanswered),
            (self.quality.is_some(), Effect::Quality),
            (self.pace.is_some(), Effect::Pace),
        ]
        .into_iter()
        .filter_map(|(happens, effect)| happens.then_some(effect))
    }
}

impl Effect {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Wrong => "wrong",
            Self::Absent => "absent",
            Self::Unanswered => "unanswered",
            Self::Quality => "quality",
            Self::Pace => "pace",
        }
    }

    /// The sorts of things that it strikes; the one that is meant where the selection names none comes first.
    fn things(self) -> &'static [Things] {
        match self {
            Self::Late | Self::Wrong => {
                &[Things::Services, Things::Employees, Things::Departments, Things::Dependencies]
            }
            Self::Absent => &[Things::Employees, Things::Departments],
            Self::Unanswered => &[Things::Dependencies, Things::Services, Things::Employees, Things::Departments],
            Self::Quality => &[Things::Services, Things::Employees, Things::Departments],
            Self::Pace => &[Things::Employees, Things::Services, Things::Departments],
        }
    }

    /// Which sort of things it strikes of a selection: that of which the selection speaks.
    pub(super) fn kind(self, select: &Selection, path: &str) -> Result<Things, Error> {
        let named = || {
            let person = select.employee.is_some() || select.department.is_some();
            let person = person.then_some(Things::Employees);
            select.service.is_some().then_some(Things::Services).or(person)
        };
        let said = select.kind.or_else(|| select.implied(self.things())).or_else(named);
        let kind = said.unwrap_or(self.things()[0]);
        if self.things().contains(&kind) {
            return Ok(kind);
        }
        let allowed: Vec<_> = self.things().iter().map(|things| things.name()).collect();
        let mend = match (self, kind) {
            (Self::Absent, Things::Services) => "Name the employee: whoever is absent does none of their services.",
            (Self::Absent, _) => "Name an employee or a department: nobody else can be absent.",
            (Self::Pace | Self::Quality, Things::Dependencies) => {
                "Name the provider's service or the employee; for a slower hand-off write `late`."
            }
            _ => "Select one of these, e.g. with \"employee\", or say which by \"kind\".",
        };
        let found = format!("{:?} of {}", self.name(), kind.name());
        let path = format!("{path}.{}", self.name());
        Err(Error::new(ErrorKind::Shape, path, found, allowed.join(", "), mend))
    }
}
