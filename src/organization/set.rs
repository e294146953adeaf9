//! One parameter changed by its name: `Ana.error_rate`, `Ana -> Ben.silence.probability`, `cadence`.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::description::Description;
use super::read;
use crate::{Error, ErrorKind};

/// Fields of an employee; every other field named on an employee is one of the only service.
const OF_EMPLOYEES: [&str; 11] = [
    "name",
    "id",
    "department",
    "role",
    "capacity",
    "planned_capacity",
    "pace",
    "absence",
    "tags",
    "notes",
    "services",
];

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
        if ["departments", "employees", "customers", "dependencies", "order", "changes", "shocks"].contains(&field) {
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
        Err(Error::new(
            ErrorKind::Name,
            path,
            format!("{wanted:?}, which is no employee, service, customer, department or dependency"),
            "NAME.FIELD, e.g. Ana.error_rate or Ana -> Ben.handoff",
            self.nearest_name(wanted, "Look at the names in the model."),
        ))
    }

    /// Changes the thing of this name, if there is one.
    fn set_named(&mut self, name: &str, field: &str, value: &Value) -> Option<Result<(), Error>> {
        let first = field.split('.').next().unwrap_or_default();
        if let Some(index) = self.employee_named(name) {
            let employee = &mut self.employees[index];
            if OF_EMPLOYEES.contains(&first) || employee.services.len() != 1 {
                return Some(change(employee, name, field, value));
            }
            return Some(change(&mut employee.services[0], name, field, value));
        }
        if let Some((employee, service)) = self.service_named(name) {
            return Some(change(&mut self.employees[employee].services[service], name, field, value));
        }
        if let Some(index) = self.customer_named(name) {
            return Some(change(&mut self.customers[index], name, field, value));
        }
        if let Some(found) = self.dependency_named(name) {
            return Some(found.and_then(|index| change(&mut self.dependencies[index], name, field, value)));
        }
        let index = self.department_named(name)?;
        Some(change(&mut self.departments[index], name, field, value))
    }
}

fn known_field(field: &str) -> bool {
    [
        "name",
        "start",
        "discipline",
        "cadence",
        "rounds",
        "warmup",
        "hours_per_day",
        "currency",
        "climate",
        "tags",
        "notes",
    ]
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
