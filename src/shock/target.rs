//! What a selection strikes: services, employees or dependencies, by their places in the file.

use super::effect::Effect;
use super::written::Shock;
use crate::change::Thing;
use crate::organization::Description;
use crate::organization::resolve::Resolved;
use crate::{Error, ErrorKind};

/// What is struck, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Among all services of the organisation.
    Services(Vec<usize>),
    Employees(Vec<usize>),
    Dependencies(Vec<usize>),
}

impl Target {
    /// What an effect of a shock strikes.
    ///
    /// # Errors
    /// Where the selection speaks of things that the effect does not strike, names what is not there, or fits nothing, or
    /// where nothing can happen to what it fits.
    pub(super) fn of(
        shock: &Shock,
        effect: Effect,
        description: &Description,
        resolved: &Resolved,
        path: &str,
    ) -> Result<Self, Error> {
        let kind = effect.kind(&shock.select, path)?;
        let things = shock.select.things(kind, description, resolved, &format!("{path}.select"))?;
        let target = Self::of_things(&things, resolved);
        if matches!(&target, Self::Employees(people) if people.is_empty()) {
            return Err(nothing(path, format!("{}, with nobody in it", shock.select), "somebody"));
        }
        match effect {
            Effect::Unanswered => target.asked_of(shock, resolved, path),
            Effect::Late | Effect::Wrong | Effect::Quality => target.with_services(shock, effect, description, path),
            Effect::Absent | Effect::Pace => Ok(target),
        }
    }

    /// A department stands for its people.
    fn of_things(things: &[Thing], resolved: &Resolved) -> Self {
        let (mut services, mut people, mut dependencies) = (Vec::new(), Vec::new(), Vec::new());
        let mut departments = Vec::new();
        for thing in things {
            match *thing {
                Thing::Department(index) => departments.push(index),
                Thing::Employee(index) => people.push(index),
                Thing::Service(employee, service) => services.push((employee, service)),
                Thing::Dependency(index) => dependencies.push(index),
                Thing::Organization | Thing::Customer(_) => {}
            }
        }
        if !departments.is_empty() {
            let of = &resolved.employee_departments;
            let belongs = |&employee: &usize| of[employee].is_some_and(|one| departments.binary_search(&one).is_ok());
            people = (0..of.len()).filter(belongs).collect();
        }
        if !services.is_empty() {
            let at = |&service: &usize| {
                let at = &resolved.services[service];
                services.binary_search(&(at.employee, at.service)).is_ok()
            };
            return Self::Services((0..resolved.services.len()).filter(at).collect());
        }
        if dependencies.is_empty() { Self::Employees(people) } else { Self::Dependencies(dependencies) }
    }

    /// All that they are asked for.
    fn asked_of(self, shock: &Shock, resolved: &Resolved, path: &str) -> Result<Self, Error> {
        let asked = |provider: usize| match &self {
            Self::Services(services) => services.binary_search(&provider).is_ok(),
            Self::Employees(people) => people.binary_search(&resolved.services[provider].employee).is_ok(),
            Self::Dependencies(_) => false,
        };
        if let Self::Dependencies(_) = self {
            return Ok(self);
        }
        let provided = |&one: &usize| asked(resolved.dependencies[one].0);
        let dependencies: Vec<usize> = (0..resolved.dependencies.len()).filter(provided).collect();
        if dependencies.is_empty() {
            let found = format!("{}, of whom nobody asks anything", shock.select);
            return Err(nothing(path, found, "somebody on whom somebody depends"));
        }
        Ok(Self::Dependencies(dependencies))
    }

    /// Whoever provides nothing can be neither late nor wrong.
    fn with_services(
        self,
        shock: &Shock,
        effect: Effect,
        description: &Description,
        path: &str,
    ) -> Result<Self, Error> {
        if let Self::Employees(people) = &self
            && people.iter().all(|&employee| description.employees[employee].services.is_empty())
        {
            let found = format!("{}, with no service that could be struck by {:?}", shock.select, effect.name());
            return Err(nothing(path, found, "somebody who provides something"));
        }
        Ok(self)
    }
}

fn nothing(path: &str, found: String, allowed: &str) -> Error {
    let mend = "Strike somebody else, or look at who depends on whom (`ripple check`).";
    Error::new(ErrorKind::Name, format!("{path}.select"), found, allowed, mend)
}

/// Nobody says what chasing costs on a dependency.
pub(super) fn unknown_chase(dependency: usize, description: &Description, path: &str) -> Error {
    let name = Thing::Dependency(dependency).name(description);
    Error::new(
        ErrorKind::Shape,
        format!("{path}.unanswered"),
        format!("true, of {name:?}, which does not say what chasing costs"),
        "the hours that are lost, here or in the `silence` of the dependency",
        "Write them here, e.g. {\"chase\": 8} in place of true, or give the dependency a `silence`.",
    )
}
