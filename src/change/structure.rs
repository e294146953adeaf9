//! Changes of who does what and who depends on whom: backups, new colleagues, dependencies.

use unicode_normalization::UnicodeNormalization;

use super::access::{self, Thing};
use super::account::Moved;
use super::action::Colleague;
use super::apply::Workshop;
use super::parameter::Things;
use super::selection::Selection;
use crate::organization::resolve::Receiver;
use crate::organization::{Backup, Dependency, Employee};
use crate::{Error, ErrorKind};

fn composed(name: &str) -> String {
    name.nfc().collect()
}

/// The selection must be able to mean this sort of things.
fn only(select: &Selection, kind: Things, action: &str, path: &str) -> Result<(), Error> {
    match select.kind {
        Some(other) if other != kind => Err(Error::new(
            ErrorKind::Shape,
            format!("{path}.select.kind"),
            other.name(),
            format!("{:?} for {action:?}", kind.name()),
            format!("Leave the kind out: {action} is about {}.", kind.name()),
        )),
        _ => Ok(()),
    }
}

fn services(workshop: &Workshop, select: &Selection, action: &str, path: &str) -> Result<Vec<(usize, usize)>, Error> {
    only(select, Things::Services, action, path)?;
    let things = workshop.things(select, Things::Services, path)?;
    let service = |thing: Thing| if let Thing::Service(employee, at) = thing { Some((employee, at)) } else { None };
    Ok(things.into_iter().filter_map(service).collect())
}

pub(super) fn back_up(workshop: &mut Workshop, select: &Selection, backup: &Backup, path: &str) -> Result<(), Error> {
    let selected = services(workshop, select, "backup", path)?;
    let name = composed(&backup.employee);
    let path = format!("{path}.do.backup.employee");
    let Some(colleague) = workshop.description.employee_named(&name) else {
        let known = workshop.description.employees.iter().map(|employee| employee.name.as_str());
        let mend = crate::organization::names::nearest(&name, known, "Name a colleague who is in `employees`.");
        let found = format!("{name:?}, which is no employee");
        return Err(Error::new(ErrorKind::Name, path, found, "the name of an employee", mend));
    };
    if selected.iter().all(|&(employee, _)| employee == colleague) {
        let found = format!("{name:?}, whose own services are all that is selected");
        let mend = "Name a colleague, or select other services.";
        return Err(Error::new(ErrorKind::Name, path, found, "a colleague of whom is backed up", mend));
    }
    for (employee, at) in selected {
        if employee == colleague {
            continue;
        }
        let thing = Thing::Service(employee, at);
        let error_rate =
            access::read(&workshop.description, workshop.resolved(), thing, super::parameter::Parameter::ErrorRate);
        let mut new = backup.clone();
        new.employee.clone_from(&name);
        if let Some(access::Value::Number(rate)) = error_rate {
            new.error_rate.get_or_insert(rate.into());
        }
        let service = &mut workshop.description.employees[employee].services[at];
        let before = service.backup.replace(new.clone());
        if before.as_ref() != Some(&new) {
            let words = |one: &Backup| {
                let pace = one.pace.as_ref().map(|pace| format!(", pace {:.2}", pace.mean()));
                format!("{}{}", one.employee, pace.unwrap_or_default())
            };
            workshop.moved.push(Moved {
                path: thing.path("backup"),
                thing: thing.name(&workshop.description),
                what: "backup".to_owned(),
                before: before.as_ref().map_or("nobody".to_owned(), words),
                after: words(&new),
            });
        }
    }
    workshop.settle(&path)
}

pub(super) fn hire(workshop: &mut Workshop, select: &Selection, new: &Colleague, path: &str) -> Result<(), Error> {
    let selected = services(workshop, select, "hire", path)?;
    let path = format!("{path}.do.hire");
    let name = composed(&new.name);
    let taken =
        workshop.description.employee_named(&name).is_some() || workshop.description.customer_named(&name).is_some();
    if taken {
        let found = format!("{name:?}, who is there already");
        let mend = "Give the new colleague a name of their own.";
        return Err(Error::new(ErrorKind::Duplicate, format!("{path}.name"), found, "a new name", mend));
    }
    let resolved = workshop.resolved();
    // Which of all services are taken over, and how they are called before and after.
    let index = |&(employee, at): &(usize, usize)| {
        resolved.services.iter().position(|one| (one.employee, one.service) == (employee, at))
    };
    let taken: Vec<usize> = selected.iter().filter_map(index).collect();
    let ids: Vec<String> = taken.iter().map(|&one| resolved.services[one].id.clone()).collect();
    let was_in = selected.first().and_then(|&(employee, _)| resolved.employee_departments[employee]);
    let ends = resolved.dependencies.clone();
    let journeys = resolved.journeys.clone();
    let order = resolved.order.clone();

    let description = &mut workshop.description;
    let department = match &new.department {
        Some(name) => Some(composed(name)),
        None => was_in.map(|index| description.departments[index].name.clone()),
    };
    let mut colleague = Employee::new(name.clone());
    colleague.department.clone_from(&department);
    colleague.role.clone_from(&new.role);
    let mut labels = Vec::new();
    for (&(employee, at), id) in selected.iter().zip(&ids) {
        let owner = &description.employees[employee];
        let mut service = owner.services[at].clone();
        service.id = Some(id.clone());
        if service.name.is_none() && selected.len() > 1 {
            service.name = Some(owner.name.clone());
        }
        if owner.department != department {
            // What the old department said of its services holds for this one still.
            let said = owner.department.as_deref().and_then(|name| description.department_named(name));
            if let Some(said) = said.and_then(|index| description.departments[index].defaults.as_ref()) {
                service.error_rate = service.error_rate.or(said.error_rate);
                service.rush = service.rush.or(said.rush);
                service.workmanship = service.workmanship.or_else(|| said.workmanship.clone());
                service.buffer = service.buffer.or(said.buffer);
            }
        }
        let thing = Thing::Service(employee, at);
        workshop.moved.push(Moved {
            path: thing.path("name"),
            thing: thing.name(description),
            what: "provided by".to_owned(),
            before: owner.name.clone(),
            after: name.clone(),
        });
        labels.push(service.name.as_ref().map_or_else(|| name.clone(), |service| format!("{name}/{service}")));
        colleague.services.push(service);
    }
    let renamed = |service: usize| taken.iter().position(|&one| one == service).map(|place| labels[place].clone());
    for (dependency, &(provider, receiver)) in description.dependencies.iter_mut().zip(&ends) {
        if let Some(label) = renamed(provider) {
            dependency.provider = label;
        }
        if let Receiver::Service(receiver) = receiver
            && let Some(label) = renamed(receiver)
        {
            dependency.receiver = label;
        }
    }
    for (customer, stages) in description.customers.iter_mut().zip(&journeys) {
        for (stage, &service) in customer.journey.iter_mut().flatten().zip(stages) {
            if let Some(label) = renamed(service) {
                *stage = label;
            }
        }
    }
    for (place, &service) in description.order.iter_mut().flatten().zip(&order) {
        if let Some(label) = renamed(service) {
            *place = label;
        }
    }
    let mut gone = selected;
    gone.sort_unstable();
    for (employee, at) in gone.into_iter().rev() {
        description.employees[employee].services.remove(at);
    }
    description.employees.push(colleague);
    workshop.settle(&path)
}

pub(super) fn depend(
    workshop: &mut Workshop,
    select: &Selection,
    dependency: &Dependency,
    path: &str,
) -> Result<(), Error> {
    if !select.is_all() {
        return Err(Error::new(
            ErrorKind::Shape,
            format!("{path}.select"),
            select.to_string(),
            "no selection for \"depend\"",
            "Leave the selection out: the new dependency names its provider and its receiver.",
        ));
    }
    let thing = Thing::Dependency(workshop.description.dependencies.len());
    workshop.description.dependencies.push(dependency.clone());
    workshop.moved.push(Moved {
        path: thing.path("provider"),
        thing: thing.name(&workshop.description),
        what: "dependency".to_owned(),
        before: "none".to_owned(),
        after: dependency.need.clone().unwrap_or_else(|| "one".to_owned()),
    });
    workshop.settle(&format!("{path}.do.depend"))
}

pub(super) fn remove(workshop: &mut Workshop, select: &Selection, path: &str) -> Result<(), Error> {
    only(select, Things::Dependencies, "remove", path)?;
    if select.clone().of(Things::Dependencies) == Selection::all().of(Things::Dependencies) {
        return Err(Error::new(
            ErrorKind::Shape,
            format!("{path}.select"),
            "nothing said, which selects all dependencies",
            "a selection of the dependencies that shall go",
            "Name one, e.g. {\"dependency\": \"Ana -> Ben\"}.",
        ));
    }
    for thing in workshop.things(select, Things::Dependencies, path)?.into_iter().rev() {
        let Thing::Dependency(index) = thing else { continue };
        let (path, name) = (thing.path("provider"), thing.name(&workshop.description));
        let gone = workshop.description.dependencies.remove(index);
        workshop.moved.push(Moved {
            path,
            thing: name,
            what: "dependency".to_owned(),
            before: gone.need.unwrap_or_else(|| "one".to_owned()),
            after: "none".to_owned(),
        });
    }
    workshop.settle(&format!("{path}.do"))
}
