//! The changes that a practice consists of.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::entry;
use super::kind::Kind;
use super::practice::Practice;
use crate::change::{Action, Change, Parameter, Selection, Thing, Things, Value, Values, Workshop, read};
use crate::organization::resolve::{Receiver, Resolved};
use crate::organization::{Backup, Description};
use crate::{Error, ErrorKind, Hours};

impl Kind {
    /// What a practice of this kind is for: services, employees, or dependencies.
    fn things(self) -> Things {
        match self {
            Self::Training
            | Self::CrossTraining
            | Self::Recognition
            | Self::Coaching
            | Self::Buffers
            | Self::PeerSharing => Things::Services,
            Self::Hiring => Things::Employees,
            Self::ServiceStandards
            | Self::HandoffChecklist
            | Self::JobShadowing
            | Self::Bridging
            | Self::AnsweringDiscipline
            | Self::Inspection => Things::Dependencies,
        }
    }
}

fn at(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}

impl Practice {
    /// Whether its numbers may be, and what it needs is said.
    pub(super) fn check(&self, effect: f64, path: &str) -> Result<(), Error> {
        let range = |field: &str, value: f64, high: f64, mend: &str| {
            if (0.0..=high).contains(&value) {
                return Ok(());
            }
            let allowed = format!("a number, 0 to {high}");
            Err(Error::new(ErrorKind::Range, at(path, field), value.to_string(), allowed, mend))
        };
        range("adoption", self.adopted(), 1.0, "Write 0 for not at all, 1 for wholly.")?;
        if let Some(written) = &self.effect {
            let mut errors = Vec::new();
            written.check(&at(path, "effect"), &mut errors);
            Error::first_of(errors).map_or(Ok(()), Err)?;
        }
        range("effect", effect, 1e6, "Write a factor: 0.8 takes a fifth away, 1 does nothing.")?;
        if let Some(hours) = self.hours {
            range("hours", hours.get(), 1_048_576.0, "Write hours.")?;
        }
        for (field, amount) in self.cost.unwrap_or_default().amounts() {
            range(&format!("cost.{field}"), amount.unwrap_or(0.0), 1e15, "Write an amount of 0 or more.")?;
        }
        if self.kind == Kind::CrossTraining && self.with.is_none() {
            let (allowed, mend) = ("the colleague who learns the work", "Add \"with\": the colleague's name.");
            return Err(Error::new(ErrorKind::Shape, at(path, "with"), "nobody", allowed, mend));
        }
        Ok(())
    }

    /// Whether it can be taken up at all, as far as its own words go.
    pub(crate) fn check_in(&self, description: &Description, resolved: &Resolved, path: &str) -> Result<(), Error> {
        self.check(self.mean_effect(), path)?;
        self.selected(description, resolved, path).map(|_| ())
    }

    fn selected(&self, description: &Description, resolved: &Resolved, path: &str) -> Result<Vec<Thing>, Error> {
        let kind = self.kind.things();
        if let Some(other) = self.select.kind
            && other != kind
        {
            let allowed = format!("{}, which {} is for", kind.name(), self.kind);
            let path = at(path, "select.kind");
            return Err(Error::new(ErrorKind::Shape, path, other.name(), allowed, "Leave the kind out."));
        }
        self.select.things(kind, description, resolved, &at(path, "select"))
    }

    /// Whose work is selected: owners of services, employees, or both ends of dependencies.
    pub(super) fn people(&self, workshop: &Workshop, path: &str) -> Result<BTreeSet<usize>, Error> {
        let resolved = workshop.resolved();
        let mut people = BTreeSet::new();
        for thing in self.selected(workshop.description(), workshop.resolved(), path)? {
            match thing {
                Thing::Employee(employee) | Thing::Service(employee, _) => {
                    people.insert(employee);
                }
                Thing::Dependency(index) => {
                    let (provider, receiver) = resolved.dependencies[index];
                    people.insert(resolved.services[provider].employee);
                    if let Receiver::Service(receiver) = receiver {
                        people.insert(resolved.services[receiver].employee);
                    }
                }
                _ => {}
            }
        }
        Ok(people)
    }

    /// The changes with this effect, in the organisation as it is in the workshop; none at adoption 0.
    pub(crate) fn changes_in(&self, workshop: &Workshop, effect: f64, path: &str) -> Result<Vec<Change>, Error> {
        self.check(effect, path)?;
        let things = self.selected(workshop.description(), workshop.resolved(), path)?;
        let adoption = self.adopted();
        if adoption == 0.0 {
            return Ok(Vec::new());
        }
        let factor = 1.0 + adoption * (effect - 1.0);
        let scale = |parameters: &[Parameter]| {
            let factors = parameters.iter().map(|&one| (one, bounded(workshop, &things, one, factor))).collect();
            Change::new(self.select.clone(), Action::Scale(Values(factors)))
        };
        let hours = self.hours.map(Hours::get).or(entry(self.kind).hours);
        Ok(match self.kind {
            Kind::ServiceStandards => {
                let quicker = scale(&[Parameter::SilenceProbability, Parameter::Handoff]);
                let of = self.select.clone().of(Things::Dependencies);
                let promise = hours.map(|hours| of.toward(Parameter::Promise, hours, adoption));
                [Some(quicker), promise].into_iter().flatten().collect()
            }
            Kind::HandoffChecklist => vec![scale(&[Parameter::Transmission])],
            Kind::Training | Kind::Coaching => vec![scale(&[Parameter::ErrorRate, Parameter::Rush])],
            Kind::Recognition | Kind::PeerSharing => vec![scale(&[Parameter::ErrorRate])],
            Kind::Bridging => vec![scale(&[Parameter::SilenceProbability, Parameter::Handoff])],
            Kind::AnsweringDiscipline => vec![scale(&[Parameter::SilenceProbability])],
            Kind::JobShadowing => {
                let mut changes = vec![scale(&[Parameter::Transmission])];
                changes.extend(stand_ins(workshop, &things, adoption));
                changes
            }
            Kind::CrossTraining => {
                let colleague = self.with.clone().unwrap_or_default();
                backups(workshop, &things, &colleague, effect, adoption, path)?
            }
            Kind::Inspection => {
                // An effect above 1 misses more than before: part of the way to seeing nothing.
                let (to, by) = if factor <= 1.0 { (1.0, 1.0 - factor) } else { (0.0, (factor - 1.0).min(1.0)) };
                let seen = self.select.clone().toward(Parameter::Detection, to, by);
                let look = self.select.clone().add(Parameter::Handoff, adoption * hours.unwrap_or(0.0));
                vec![seen, look]
            }
            Kind::Buffers => {
                vec![self.select.clone().add(Parameter::Buffer, adoption * effect * hours.unwrap_or(0.0))]
            }
            Kind::Hiring => {
                let posts = (adoption * effect + 0.5).floor();
                let more = || self.select.clone().add(Parameter::Capacity, posts);
                (posts > 0.0).then(more).into_iter().collect()
            }
        })
    }
}

/// The factor, but no more than what takes the largest of these probabilities to 1.
fn bounded(workshop: &Workshop, things: &[Thing], parameter: Parameter, factor: f64) -> f64 {
    if factor <= 1.0 {
        return factor;
    }
    let number = |&thing: &Thing| match read(workshop.description(), workshop.resolved(), thing, parameter) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    };
    let largest = things.iter().filter_map(number).fold(0.0, |a, b| if b > a { b } else { a });
    if largest * factor > 1.0 { (1.0 / largest).min(factor).max(1.0).next_down().max(1.0) } else { factor }
}

/// A colleague as a backup: fully trained as said, half trained half as slow and half as often wrong again.
fn trained(workshop: &Workshop, thing: Thing, colleague: &str, pace: f64, adoption: f64) -> Backup {
    let untrained = 2.0 - adoption;
    let rate = match read(workshop.description(), workshop.resolved(), thing, Parameter::ErrorRate) {
        Some(Value::Number(rate)) => rate * untrained,
        _ => 0.0,
    };
    Backup::new(colleague).pace(pace * untrained).error_rate(if rate > 1.0 { 1.0 } else { rate })
}

/// Those of the services that nobody stands in for get this colleague.
fn backups(
    workshop: &Workshop,
    things: &[Thing],
    colleague: &str,
    pace: f64,
    adoption: f64,
    path: &str,
) -> Result<Vec<Change>, Error> {
    let description = workshop.description();
    let Some(known) = description.employee_named(colleague) else {
        let names = description.employees.iter().map(|employee| employee.name.as_str());
        let mend = crate::organization::names::nearest(colleague, names, "Name a colleague who is in `employees`.");
        let found = format!("{colleague:?}, which is no employee");
        return Err(Error::new(ErrorKind::Name, at(path, "with"), found, "the name of an employee", mend));
    };
    let mut changes = Vec::new();
    for &thing in things {
        if let Thing::Service(employee, service) = thing
            && employee != known
            && description.employees[employee].services[service].backup.is_none()
        {
            let backup = trained(workshop, thing, colleague, pace, adoption);
            changes.push(Selection::service(thing.name(description)).backed_up_by(backup));
        }
    }
    Ok(changes)
}

/// Whoever receives these dependencies stands in for the service that provides them, where nobody does: the first in the
/// order of the file.
fn stand_ins(workshop: &Workshop, things: &[Thing], adoption: f64) -> Vec<Change> {
    /// As slow as the slower end of what cross-training reaches: a day is no training.
    const PACE: f64 = 1.5;
    let (description, resolved) = (workshop.description(), workshop.resolved());
    let mut by_service: BTreeMap<usize, usize> = BTreeMap::new();
    for &thing in things {
        if let Thing::Dependency(index) = thing
            && let (provider, Receiver::Service(receiver)) = resolved.dependencies[index]
            && resolved.services[provider].backup.is_none()
            && resolved.services[provider].employee != resolved.services[receiver].employee
        {
            by_service.entry(provider).or_insert(resolved.services[receiver].employee);
        }
    }
    let change = |(provider, colleague): (usize, usize)| {
        let at = &resolved.services[provider];
        let thing = Thing::Service(at.employee, at.service);
        let name = &description.employees[colleague].name;
        let backup = trained(workshop, thing, name, PACE, adoption);
        Selection::service(thing.name(description)).backed_up_by(backup)
    };
    by_service.into_iter().map(change).collect()
}
