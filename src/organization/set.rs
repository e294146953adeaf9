//! One parameter changed by its name: `Ana.error_rate`, `Ana -> Ben.silence.probability`, `cadence`.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::description::Description;
use super::{names, read};
use crate::{Error, ErrorKind};

/// Fields of an employee; every other field named on an employee is one of the only service.
const OF_EMPLOYEES: [&str; 10] =
    ["name", "id", "department", "role", "capacity", "pace", "absence", "tags", "notes", "services"];

impl Description {
    /// Changes one field of one thing, named as people name it.
    ///
    /// The path is the name of an employee, a service (`Ana/account history`), a customer, a department or a dependency
    /// (its id, or `Ana -> Ben`), a dot, and the field as the file format names it; or a field of the whole (`cadence`).
    /// On an employee with one service, fields of that service may be named directly. The value is JSON, or plain text.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let mut description = shop.description().clone();
    /// description.set("Ana.error_rate", "0.1")?;
    /// description.set("Ana -> Guests.handoff", r#"{"exponential": {"mean": 0.5}}"#)?;
    /// description.set("cadence", "8")?;
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Name`] if nothing is so called, [`ErrorKind::Shape`] if the field does not exist or takes another
    /// type of value. Ranges are checked when the organisation is built.
    pub fn set(&mut self, path: &str, value: &str) -> Result<(), Error> {
        let path: &str = &path.nfc().collect::<String>();
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        for (dot, _) in path.rmatch_indices('.') {
            let (name, field) = (&path[..dot], &path[dot + 1..]);
            if let Some(done) = self.set_named(name, field, &value) {
                return done;
            }
        }
        let field = path.split('.').next().unwrap_or_default();
        if ["departments", "employees", "customers", "dependencies"].contains(&field) {
            return Err(Error::new(
                ErrorKind::Shape,
                path,
                "a whole list",
                "one field of one thing, e.g. Ana.error_rate",
                "Change lists in the model itself.",
            ));
        }
        let mut whole = self.clone();
        whole.departments.clear();
        whole.employees.clear();
        whole.customers.clear();
        whole.dependencies.clear();
        if !path.contains('.') || known_field(field) {
            change(&mut whole, "", path, &value)?;
            whole.departments.append(&mut self.departments);
            whole.employees.append(&mut self.employees);
            whole.customers.append(&mut self.customers);
            whole.dependencies.append(&mut self.dependencies);
            *self = whole;
            return Ok(());
        }
        let wanted = path.rsplit_once('.').map_or(path, |(name, _)| name);
        let services = self.employees.iter().flat_map(|employee| {
            let named = employee.services.iter().filter_map(|service| service.name.as_ref());
            named.map(|service| format!("{}/{service}", employee.name))
        });
        let things = self.employees.iter().map(|employee| employee.name.clone());
        let things = things.chain(self.customers.iter().map(|customer| customer.name.clone()));
        let things = things.chain(self.departments.iter().map(|department| department.name.clone()));
        let known: Vec<String> = things.chain(services).collect();
        Err(Error::new(
            ErrorKind::Name,
            path,
            format!("{wanted:?}, which is no employee, service, customer, department or dependency"),
            "NAME.FIELD, e.g. Ana.error_rate or Ana -> Ben.handoff",
            names::nearest(wanted, known.iter().map(String::as_str), "Look at the names in the model."),
        ))
    }

    /// Changes the thing of this name, if there is one.
    fn set_named(&mut self, name: &str, field: &str, value: &Value) -> Option<Result<(), Error>> {
        let first = field.split('.').next().unwrap_or_default();
        if let Some(employee) = self.employees.iter_mut().find(|employee| employee.name == name) {
            if OF_EMPLOYEES.contains(&first) || employee.services.len() != 1 {
                return Some(change(employee, name, field, value));
            }
            return Some(change(&mut employee.services[0], name, field, value));
        }
        if let Some((person, service)) = name.split_once('/')
            && let Some(employee) = self.employees.iter_mut().find(|employee| employee.name == person)
            && let Some(service) = employee.services.iter_mut().find(|s| s.name.as_deref() == Some(service))
        {
            return Some(change(service, name, field, value));
        }
        if let Some(customer) = self.customers.iter_mut().find(|customer| customer.name == name) {
            return Some(change(customer, name, field, value));
        }
        if let Some(found) = self.dependency_named(name) {
            return Some(found.and_then(|index| change(&mut self.dependencies[index], name, field, value)));
        }
        let department = self.departments.iter_mut().find(|department| department.name == name)?;
        Some(change(department, name, field, value))
    }
}

impl Description {
    /// The dependency of this id, or else the only one between these two.
    fn dependency_named(&self, name: &str) -> Option<Result<usize, Error>> {
        if let Some(index) = self.dependencies.iter().position(|dependency| dependency.id.as_deref() == Some(name)) {
            return Some(Ok(index));
        }
        let (provider, receiver) = name.split_once(" -> ")?;
        let is = |written: &str, wanted: &str| {
            written == wanted || written.split_once('/').is_some_and(|(person, _)| person == wanted)
        };
        let between =
            |dependency: &super::Dependency| is(&dependency.provider, provider) && is(&dependency.receiver, receiver);
        let found: Vec<usize> =
            (0..self.dependencies.len()).filter(|&index| between(&self.dependencies[index])).collect();
        match found.as_slice() {
            [] => None,
            [index] => Some(Ok(*index)),
            several => Some(Err(Error::new(
                ErrorKind::Name,
                name,
                format!("{} dependencies between these two", several.len()),
                "the id of one dependency, or the names of two services with one dependency between them",
                "Give the dependencies ids, and name one of these.",
            ))),
        }
    }
}

fn known_field(field: &str) -> bool {
    ["name", "start", "discipline", "cadence", "rounds", "warmup", "hours_per_day", "currency", "tags", "notes"]
        .contains(&field)
}

/// Writes the value at `field` of a thing and reads the thing again.
fn change<T: Serialize + DeserializeOwned>(thing: &mut T, name: &str, field: &str, value: &Value) -> Result<(), Error> {
    let mut written = serde_json::to_value(&*thing).unwrap_or_default();
    let mut at = &mut written;
    let mut steps = field.split('.').peekable();
    while let Some(step) = steps.next() {
        let Value::Object(object) = at else {
            return Err(Error::new(
                ErrorKind::Shape,
                format!("{name}.{field}"),
                format!("{step:?} inside of something that has no fields"),
                "a field of the file format",
                "Set the whole of it instead, as JSON.",
            ));
        };
        if steps.peek().is_none() {
            object.insert(step.to_owned(), value.clone());
            break;
        }
        at = object.entry(step).or_insert_with(|| Value::Object(serde_json::Map::new()));
    }
    *thing = serde_path_to_error::deserialize(written).map_err(|error| read::shape_error(name, &error))?;
    Ok(())
}
