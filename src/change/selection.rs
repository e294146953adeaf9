//! Whom or what a change is about.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::access::Thing;
use super::action::Action;
use super::parameter::{Parameter, Things, names_of};
use crate::organization::Description;
use crate::organization::names;
use crate::organization::resolve::{Receiver, Resolved};
use crate::{Error, ErrorKind};

/// Whom or what a change is about: everything that fits all that is said here; everything, where nothing is said.
///
/// An employee's services go with the employee, and a department's people with the department. Asked for dependencies,
/// `employee`, `service` and `department` choose those that they provide, and `customer` those into the customer. The
/// ends in `from`, `to` and `between` are employees, services, departments or customers. `tag` chooses what carries it,
/// and what belongs to an employee or a department that carries it.
///
/// ```
/// use ripple_effect::change::{Selection, Things};
/// let clerks = Selection::department("Operations").tagged("clerk");
/// assert_eq!(clerks.to_string(), "department \"Operations\", tag \"clerk\"");
/// let deliveries = Selection::everything_from("Operations").of(Things::Dependencies);
/// assert_eq!(serde_json::to_string(&deliveries)?, r#"{"kind":"dependencies","from":"Operations"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Selection {
    /// Which sort of things; unless said, the one that has the parameter (the first one, where there are two).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Things>,
    /// An employee, and what belongs to the employee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee: Option<String>,
    /// A service: `"Ana/account history"`, or `"Ana"` where she provides one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// A department, and what belongs to its people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// An external customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// One dependency: its id, or `"Ana -> Ben"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependency: Option<String>,
    /// Dependencies that are provided here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Dependencies that are received here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Dependencies between the two, in both directions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<[String; 2]>,
    /// What carries this tag, or belongs to an employee or a department that does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

impl Selection {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// An employee, and what belongs to the employee.
    #[must_use]
    pub fn employee(name: impl Into<String>) -> Self {
        Self { employee: Some(name.into()), ..Self::default() }
    }

    /// A service: `Ana/account history`, or `Ana` where she provides one.
    #[must_use]
    pub fn service(name: impl Into<String>) -> Self {
        Self { service: Some(name.into()), ..Self::default() }
    }

    /// A department, and what belongs to its people.
    #[must_use]
    pub fn department(name: impl Into<String>) -> Self {
        Self { department: Some(name.into()), ..Self::default() }
    }

    /// An external customer.
    #[must_use]
    pub fn customer(name: impl Into<String>) -> Self {
        Self { customer: Some(name.into()), ..Self::default() }
    }

    /// One dependency: its id, or `Ana -> Ben`.
    #[must_use]
    pub fn dependency(name: impl Into<String>) -> Self {
        Self { dependency: Some(name.into()), ..Self::default() }
    }

    /// Dependencies that are provided by an employee, a service or a department.
    #[must_use]
    pub fn everything_from(name: impl Into<String>) -> Self {
        Self { from: Some(name.into()), ..Self::default() }
    }

    /// Dependencies that are received by an employee, a service, a department or a customer.
    #[must_use]
    pub fn everything_to(name: impl Into<String>) -> Self {
        Self { to: Some(name.into()), ..Self::default() }
    }

    /// Dependencies between the two, in both directions.
    #[must_use]
    pub fn between(one: impl Into<String>, other: impl Into<String>) -> Self {
        Self { between: Some([one.into(), other.into()]), ..Self::default() }
    }

    /// Only what carries this tag, or belongs to an employee or a department that does.
    #[must_use]
    pub fn tagged(mut self, tag: impl Into<String>) -> Self {
        self.tag = Some(tag.into());
        self
    }

    /// Only things of this sort.
    #[must_use]
    pub fn of(mut self, things: Things) -> Self {
        self.kind = Some(things);
        self
    }

    /// Whether nothing at all is said.
    pub(crate) fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// What is said, by field.
    fn said(&self) -> Vec<(&'static str, String)> {
        let pair = self.between.as_ref().map(|[one, other]| format!("{one}\" and \"{other}"));
        [
            ("kind", self.kind.map(|kind| kind.name().to_owned())),
            ("employee", self.employee.clone()),
            ("service", self.service.clone()),
            ("department", self.department.clone()),
            ("customer", self.customer.clone()),
            ("dependency", self.dependency.clone()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("between", pair),
            ("tag", self.tag.clone()),
        ]
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)))
        .collect()
    }

    /// Which sort of things a parameter is changed of.
    pub(crate) fn kind_for(&self, parameter: Parameter, path: &str) -> Result<Things, Error> {
        let kind = self.kind.or_else(|| self.implied(parameter.things())).unwrap_or(parameter.things()[0]);
        if parameter.things().contains(&kind) {
            return Ok(kind);
        }
        let having: Vec<_> = parameter.things().iter().map(|things| things.name()).collect();
        let known = names_of(kind);
        let nearest = names::nearest(
            parameter.name(),
            known.split(", "),
            &format!("{parameter:?} is one of {}: select those.", having.join(" or ")),
        );
        let found = format!("{:?} of {}", parameter.name(), kind.name());
        Err(Error::new(ErrorKind::Shape, path, found, format!("{}: {known}", kind.name()), nearest))
    }

    /// Which of these sorts the words of the selection ask for.
    pub(crate) fn implied(&self, among: &[Things]) -> Option<Things> {
        if self.dependency.is_some() || self.from.is_some() || self.to.is_some() || self.between.is_some() {
            return Some(Things::Dependencies);
        }
        let customers = self.customer.is_some().then_some(Things::Customers)?;
        Some(if among.contains(&customers) { customers } else { Things::Dependencies })
    }

    /// All selected things of a sort, in the order of the file.
    ///
    /// # Errors
    /// Where a name points to nothing, or nothing fits all that is said.
    pub(crate) fn things(
        &self,
        kind: Things,
        description: &Description,
        resolved: &Resolved,
        path: &str,
    ) -> Result<Vec<Thing>, Error> {
        let fit = Fit::new(self, description, resolved, path)?;
        let found: Vec<Thing> = match kind {
            Things::Organization => self.is_but_kind().then_some(Thing::Organization).into_iter().collect(),
            Things::Departments => {
                (0..description.departments.len()).filter(|&one| fit.department(one)).map(Thing::Department).collect()
            }
            Things::Employees => {
                (0..description.employees.len()).filter(|&one| fit.employee(one)).map(Thing::Employee).collect()
            }
            Things::Services => (0..resolved.services.len())
                .filter(|&one| fit.service(one))
                .map(|one| Thing::Service(resolved.services[one].employee, resolved.services[one].service))
                .collect(),
            Things::Customers => {
                (0..description.customers.len()).filter(|&one| fit.customer(one)).map(Thing::Customer).collect()
            }
            Things::Dependencies => {
                (0..description.dependencies.len()).filter(|&one| fit.dependency(one)).map(Thing::Dependency).collect()
            }
        };
        if found.is_empty() {
            let mend = match (&self.tag, kind) {
                (_, Things::Organization) => "Select nothing: the whole has this once.".to_owned(),
                (Some(tag), _) => {
                    let tags = all_tags(description);
                    names::nearest(tag, tags.iter().map(String::as_str), "Look at the tags in the model.")
                }
                _ => "Say less, or look at who depends on whom (`ripple check`).".to_owned(),
            };
            let found = format!("no {} that fit {self}", kind.name());
            return Err(Error::new(ErrorKind::Name, path, found, "a selection of at least one thing", mend));
        }
        Ok(found)
    }

    /// Whether it fits something, as an action on services, dependencies or these parameters.
    pub(crate) fn check_in(
        &self,
        action: &Action,
        description: &Description,
        resolved: &Resolved,
        path: &str,
    ) -> Result<(), Error> {
        let at = format!("{path}.select");
        for parameter in action.parameters() {
            let kind = self.kind_for(parameter, &format!("{path}.do"))?;
            self.things(kind, description, resolved, &at)?;
        }
        match action {
            Action::Backup(_) | Action::Hire(_) => {
                self.things(Things::Services, description, resolved, &at).map(|_| ())
            }
            Action::Remove => self.things(Things::Dependencies, description, resolved, &at).map(|_| ()),
            _ => Ok(()),
        }
    }

    fn is_but_kind(&self) -> bool {
        Self { kind: None, ..self.clone() }.is_all()
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said: Vec<_> = self.said().into_iter().map(|(field, value)| format!("{field} \"{value}\"")).collect();
        f.write_str(&if said.is_empty() { "everything".to_owned() } else { said.join(", ") })
    }
}

fn all_tags(description: &Description) -> Vec<String> {
    let people = description.employees.iter();
    let mut tags: Vec<String> = Vec::new();
    tags.extend(description.departments.iter().filter_map(|one| one.tags.clone()).flatten());
    tags.extend(people.clone().filter_map(|one| one.tags.clone()).flatten());
    tags.extend(people.flat_map(|one| &one.services).filter_map(|one| one.tags.clone()).flatten());
    tags.extend(description.customers.iter().filter_map(|one| one.tags.clone()).flatten());
    tags.extend(description.dependencies.iter().filter_map(|one| one.tags.clone()).flatten());
    tags.sort();
    tags.dedup();
    tags
}

/// One end of a dependency.
#[derive(Debug, Clone, Copy)]
enum End {
    Employee(usize),
    Service(usize, usize),
    Department(usize),
    Customer(usize),
}

/// A selection whose names all point to something.
struct Fit<'a> {
    description: &'a Description,
    resolved: &'a Resolved,
    tag: Option<&'a str>,
    employee: Option<usize>,
    service: Option<(usize, usize)>,
    department: Option<usize>,
    customer: Option<usize>,
    dependency: Option<usize>,
    from: Option<End>,
    to: Option<End>,
    between: Option<[End; 2]>,
}

impl<'a> Fit<'a> {
    fn new(
        selection: &'a Selection,
        description: &'a Description,
        resolved: &'a Resolved,
        path: &str,
    ) -> Result<Self, Error> {
        let missing = |field: &str, name: &str, what: &str| {
            let mend = description.nearest_of(what, name, "Look at the names in the model.");
            let found = format!("{name:?}, which is no {what}");
            Error::new(
                ErrorKind::Name,
                format!("{path}.{field}"),
                found,
                format!("the name of {}", article(what)),
                mend,
            )
        };
        let named = |field: &str, name: &Option<String>, what: &str, find: &dyn Fn(&str) -> Option<usize>| match name {
            Some(name) => find(&composed(name)).map(Some).ok_or_else(|| missing(field, name, what)),
            None => Ok(None),
        };
        let end = |field: &str, name: &str| {
            let wanted = composed(name);
            let person = description.employee_named(&wanted).map(End::Employee);
            let service = || description.service_named(&wanted).map(|(employee, one)| End::Service(employee, one));
            let department = || description.department_named(&wanted).map(End::Department);
            let customer = || description.customer_named(&wanted).map(End::Customer);
            let found = person.or_else(service).or_else(department).or_else(customer);
            found.ok_or_else(|| missing(field, name, "employee, service, department or customer"))
        };
        let service = match &selection.service {
            Some(name) => {
                let found = description.service_named(&composed(name));
                Some(found.ok_or_else(|| missing("service", name, "service"))?)
            }
            None => None,
        };
        let dependency = match &selection.dependency {
            Some(name) => {
                let wanted = composed(name);
                let by_id = || resolved.dependency_ids.iter().position(|id| id == wanted).map(Ok);
                // The first of several between two has an id all the same, which names it alone.
                match by_id().or_else(|| description.dependency_named(&wanted)) {
                    Some(found) => Some(found?),
                    None => {
                        let ids = resolved.dependency_ids.iter();
                        let mend = names::nearest(&wanted, ids, "Look at who depends on whom (`ripple check`).");
                        let allowed = "the id of a dependency, or two names as in \"Ana -> Ben\"";
                        let found = format!("{name:?}, which is no dependency");
                        return Err(Error::new(ErrorKind::Name, format!("{path}.dependency"), found, allowed, mend));
                    }
                }
            }
            None => None,
        };
        let between = match &selection.between {
            Some([one, other]) => Some([end("between[0]", one)?, end("between[1]", other)?]),
            None => None,
        };
        Ok(Self {
            description,
            resolved,
            tag: selection.tag.as_deref(),
            employee: named("employee", &selection.employee, "employee", &|name| description.employee_named(name))?,
            service,
            department: named("department", &selection.department, "department", &|name| {
                description.department_named(name)
            })?,
            customer: named("customer", &selection.customer, "customer", &|name| description.customer_named(name))?,
            dependency,
            from: selection.from.as_deref().map(|name| end("from", name)).transpose()?,
            to: selection.to.as_deref().map(|name| end("to", name)).transpose()?,
            between,
        })
    }

    fn names_dependencies(&self) -> bool {
        self.dependency.is_some() || self.from.is_some() || self.to.is_some() || self.between.is_some()
    }

    fn carries(&self, tags: Option<&Vec<String>>) -> bool {
        self.tag.is_none_or(|wanted| tags.is_some_and(|tags| tags.iter().any(|tag| tag == wanted)))
    }

    fn department(&self, index: usize) -> bool {
        let other = self.employee.is_some() || self.service.is_some() || self.customer.is_some();
        !other
            && !self.names_dependencies()
            && self.department.is_none_or(|wanted| wanted == index)
            && self.carries(self.description.departments[index].tags.as_ref())
    }

    fn employee_carries(&self, employee: usize) -> bool {
        let department = self.resolved.employee_departments[employee];
        self.carries(self.description.employees[employee].tags.as_ref())
            || department.is_some_and(|index| self.carries(self.description.departments[index].tags.as_ref()))
    }

    fn employee(&self, index: usize) -> bool {
        self.service.is_none()
            && self.customer.is_none()
            && !self.names_dependencies()
            && self.employee.is_none_or(|wanted| wanted == index)
            && self.department.is_none_or(|wanted| self.resolved.employee_departments[index] == Some(wanted))
            && self.employee_carries(index)
    }

    /// Whether a service is one of those that employee, service and department speak of.
    fn is_of(&self, service: usize) -> bool {
        let at = &self.resolved.services[service];
        self.employee.is_none_or(|wanted| wanted == at.employee)
            && self.service.is_none_or(|wanted| wanted == (at.employee, at.service))
            && self.department.is_none_or(|wanted| self.resolved.employee_departments[at.employee] == Some(wanted))
    }

    fn service(&self, index: usize) -> bool {
        let at = &self.resolved.services[index];
        self.customer.is_none()
            && !self.names_dependencies()
            && self.is_of(index)
            && (self.carries(self.description.employees[at.employee].services[at.service].tags.as_ref())
                || self.employee_carries(at.employee))
    }

    fn customer(&self, index: usize) -> bool {
        let other = self.employee.is_some() || self.service.is_some() || self.department.is_some();
        !other
            && !self.names_dependencies()
            && self.customer.is_none_or(|wanted| wanted == index)
            && self.carries(self.description.customers[index].tags.as_ref())
    }

    fn dependency(&self, index: usize) -> bool {
        let (provider, receiver) = self.resolved.dependencies[index];
        let provider_is = |end: End| self.service_is(provider, end);
        let receiver_is = |end: End| match receiver {
            Receiver::Service(service) => self.service_is(service, end),
            Receiver::Customer(customer) => matches!(end, End::Customer(wanted) if wanted == customer),
        };
        self.dependency.is_none_or(|wanted| wanted == index)
            && self.from.is_none_or(provider_is)
            && self.to.is_none_or(receiver_is)
            && self.between.is_none_or(|[one, other]| {
                (provider_is(one) && receiver_is(other)) || (provider_is(other) && receiver_is(one))
            })
            && self.is_of(provider)
            && self.customer.is_none_or(|wanted| receiver == Receiver::Customer(wanted))
            && self.carries(self.description.dependencies[index].tags.as_ref())
    }

    fn service_is(&self, service: usize, end: End) -> bool {
        let at = &self.resolved.services[service];
        match end {
            End::Employee(employee) => at.employee == employee,
            End::Service(employee, one) => (at.employee, at.service) == (employee, one),
            End::Department(department) => self.resolved.employee_departments[at.employee] == Some(department),
            End::Customer(_) => false,
        }
    }
}

fn composed(name: &str) -> String {
    name.nfc().collect()
}

fn article(what: &str) -> String {
    let vowel = what.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {what}", if vowel { "an" } else { "a" })
}
