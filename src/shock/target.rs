//! What a selection strikes: services, employees or dependencies, by their places in the file.

use petgraph::graph::NodeIndex;

use super::effect::Effect;
use super::finder::Finder;
use super::written::Shock;
use crate::change::Thing;
use crate::organization::Description;
use crate::organization::resolve::Resolved;
use crate::{Error, ErrorKind};

/// Why a shock cannot strike: the error, and in a few words what is the matter with whatever was selected.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) error: Error,
    pub(crate) why: &'static str,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self { error, why: "nothing there fits" }
    }
}

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
    pub(super) fn of(shock: &Shock, effect: Effect, finder: &Finder<'_>, path: &str) -> Result<Self, Refusal> {
        let kind = effect.kind(&shock.select, path)?;
        let things = finder.things(&shock.select, kind, &format!("{path}.select"));
        let nobody = |error| Refusal { error, why: "nobody is in it" };
        let things = if shock.select.department.is_some() { things.map_err(nobody)? } else { things? };
        let target = Self::of_things(&things, finder.resolved);
        if matches!(&target, Self::Employees(people) if people.is_empty()) {
            return Err(nobody(nothing(path, format!("{}, with nobody in it", shock.select), "somebody")));
        }
        match effect {
            Effect::Unanswered => target.asked_of(shock, finder, path),
            Effect::Late | Effect::Wrong | Effect::Quality => {
                target.with_services(shock, effect, finder.description, path)
            }
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
            let at = |&(employee, service): &(usize, usize)| {
                resolved.services.partition_point(|at| (at.employee, at.service) < (employee, service))
            };
            return Self::Services(services.iter().map(at).collect());
        }
        if dependencies.is_empty() { Self::Employees(people) } else { Self::Dependencies(dependencies) }
    }

    /// All that they are asked for, and that chasing it costs something that is known.
    fn asked_of(self, shock: &Shock, finder: &Finder<'_>, path: &str) -> Result<Self, Refusal> {
        let resolved = finder.resolved;
        let own = |employee: usize| {
            let first = resolved.services.partition_point(|at| at.employee < employee);
            first..resolved.services.partition_point(|at| at.employee <= employee)
        };
        let asked = |providers: &mut dyn Iterator<Item = usize>| -> Vec<usize> {
            let asked = providers.flat_map(|one| resolved.graph.edges(NodeIndex::new(one)).map(|edge| *edge.weight()));
            let mut asked: Vec<usize> = asked.collect();
            asked.sort_unstable();
            asked
        };
        let dependencies = match self {
            Self::Services(services) => asked(&mut services.into_iter()),
            Self::Employees(people) => asked(&mut people.into_iter().flat_map(own)),
            Self::Dependencies(dependencies) => dependencies,
        };
        if dependencies.is_empty() {
            let found = format!("{}, of whom nobody asks anything", shock.select);
            let error = nothing(path, found, "somebody on whom somebody depends");
            return Err(Refusal { error, why: "nobody asks for anything there" });
        }
        let says_nothing = |&&one: &&usize| finder.description.dependencies[one].silence.is_none();
        let is_said = shock.unanswered.as_ref().is_some_and(|unanswered| unanswered.chase.is_some());
        if let Some(&unknown) = dependencies.iter().find(says_nothing).filter(|_| !is_said) {
            let error = unknown_chase(unknown, finder.description, path);
            return Err(Refusal { error, why: "nothing says what chasing costs" });
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
    ) -> Result<Self, Refusal> {
        if let Self::Employees(people) = &self
            && people.iter().all(|&employee| description.employees[employee].services.is_empty())
        {
            let found = format!("{}, with no service that could be struck by {:?}", shock.select, effect.name());
            let error = nothing(path, found, "somebody who provides something");
            return Err(Refusal { error, why: "nothing is provided there" });
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
