//! What selections name, found in the lists of an organisation; where many are looked for, by indices made once.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::Error;
use crate::change::{Selection, Thing, Things};
use crate::organization::Description;
use crate::organization::resolve::Resolved;

/// So many are found sooner by going through the lists than by making indices of all names.
const FEW: usize = 16;

/// Finds what shocks select.
#[derive(Debug)]
pub(crate) struct Finder<'a> {
    pub(super) description: &'a Description,
    pub(super) resolved: &'a Resolved,
    names: Option<Names<'a>>,
}

/// Where each name stands.
#[derive(Debug)]
struct Names<'a> {
    employees: HashMap<&'a str, usize>,
    /// The people of each department.
    departments: HashMap<&'a str, Vec<usize>>,
    /// An employee, and which of its services, by label.
    services: HashMap<&'a str, (usize, usize)>,
    dependencies: HashMap<Cow<'a, str>, usize>,
}

impl<'a> Finder<'a> {
    /// Finds what so many shocks select.
    ///
    /// # Complexity
    /// O(size of the organisation) where there are many; O(1) where there are few, which takes O(size of the organisation)
    /// for each of them.
    pub(crate) fn new(description: &'a Description, resolved: &'a Resolved, shocks: usize) -> Self {
        let names = (shocks > FEW).then(|| Names::of(description, resolved));
        Self { description, resolved, names }
    }

    /// All that a selection selects of a sort, in the order of the file.
    pub(super) fn things(&self, select: &Selection, kind: Things, path: &str) -> Result<Vec<Thing>, Error> {
        let named = self.names.as_ref().and_then(|names| names.only(select, kind));
        named.map_or_else(|| select.things(kind, self.description, self.resolved, path), Ok)
    }
}

impl<'a> Names<'a> {
    fn of(description: &'a Description, resolved: &'a Resolved) -> Self {
        let employees = description.employees.iter().enumerate().map(|(at, one)| (one.name.as_str(), at)).collect();
        let mut people = vec![Vec::new(); description.departments.len()];
        for (employee, department) in resolved.employee_departments.iter().enumerate() {
            if let Some(department) = department {
                people[*department].push(employee);
            }
        }
        let departments = description.departments.iter().map(|one| one.name.as_str()).zip(people).collect();
        let services = resolved.services.iter().map(|one| (one.label.as_str(), (one.employee, one.service))).collect();
        let named = dependency_names(description, resolved).into_iter().enumerate().map(|(at, name)| (name, at));
        let ids = resolved.dependency_ids.iter().enumerate().map(|(at, id)| (Cow::Borrowed(id), at));
        Self { employees, departments, services, dependencies: named.chain(ids).collect() }
    }

    /// What a selection of one name alone selects; none where it says anything else, or the name is not one of these.
    fn only(&self, select: &Selection, kind: Things) -> Option<Vec<Thing>> {
        let Selection { employee, service, department, dependency, .. } = select;
        let said = [employee, service, department, dependency].into_iter().flatten().count();
        let more = [&select.customer, &select.from, &select.to, &select.tag].into_iter().any(Option::is_some);
        if said != 1 || more || select.between.is_some() {
            return None;
        }
        match kind {
            Things::Services => {
                let &(employee, one) = self.services.get(service.as_deref()?)?;
                Some(vec![Thing::Service(employee, one)])
            }
            Things::Dependencies => Some(vec![Thing::Dependency(*self.dependencies.get(dependency.as_deref()?)?)]),
            Things::Employees => match (employee, department) {
                (Some(name), _) => Some(vec![Thing::Employee(*self.employees.get(name.as_str())?)]),
                (_, Some(name)) => {
                    let people = self.departments.get(name.as_str()).filter(|people| !people.is_empty())?;
                    Some(people.iter().copied().map(Thing::Employee).collect())
                }
                _ => None,
            },
            Things::Organization | Things::Departments | Things::Customers => None,
        }
    }
}

/// Dependencies as they are written, `Ana -> Ben`, where that names one of them alone; else by their ids.
///
/// # Complexity
/// O(dependencies).
pub(super) fn dependency_names<'a>(description: &'a Description, resolved: &'a Resolved) -> Vec<Cow<'a, str>> {
    let all = &description.dependencies;
    // Those without an id of their own between two, whether services are written out or not.
    let mut between: HashMap<(&str, &str), usize> = HashMap::new();
    let person = |written: &'a str| written.split_once('/').map(|(person, _)| person);
    for one in all.iter().filter(|one| one.id.is_none()) {
        for provider in [Some(one.provider.as_str()), person(&one.provider)].into_iter().flatten() {
            for receiver in [Some(one.receiver.as_str()), person(&one.receiver)].into_iter().flatten() {
                *between.entry((provider, receiver)).or_default() += 1;
            }
        }
    }
    let own: HashSet<&str> = all.iter().filter_map(|one| one.id.as_deref()).collect();
    let of = |(one, id): (&'a crate::organization::Dependency, &'a str)| {
        let alone = one.id.is_none() && between.get(&(one.provider.as_str(), one.receiver.as_str())) == Some(&1);
        let written = alone.then(|| format!("{} -> {}", one.provider, one.receiver));
        let written = written.filter(|written| !own.contains(written.as_str()));
        written.map_or(Cow::Borrowed(id), Cow::Owned)
    };
    all.iter().zip(resolved.dependency_ids.iter()).map(of).collect()
}
