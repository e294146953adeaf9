//! The sentence-like way to describe an organisation.

use super::{Climate, Customer, Department, Dependency, Description, Employee, Organization};
use crate::Error;

/// Describes an organisation sentence by sentence; [`build`](OrganizationBuilder::build) checks it all at once.
///
/// ```
/// use ripple_effect::{Distribution, Organization};
///
/// let bank = Organization::builder("Regional bank")
///     .department("Operations")
///     .employee("Ana", |e| e.department("Operations").provides("account history", Distribution::pert(0.5, 1.0, 4.0)))
///     .employee("Ben", |e| e.provides("answer", 0.5))
///     .customer("Retail customers", |c| c.promise(24.0).value(180.0))
///     .serves_with("Ana", "Ben", "account history", |d| d.silent(0.05, 8.0))
///     .serves("Ben", "Retail customers", "answer")
///     .build()?;
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct OrganizationBuilder {
    description: Description,
}

impl OrganizationBuilder {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self { description: Description::new(name) }
    }

    /// Settings of the whole: start, cadence, rounds, warm-up, hours in a working day, currency.
    #[must_use]
    pub fn with(mut self, describe: impl FnOnce(Description) -> Description) -> Self {
        self.description = describe(self.description);
        self
    }

    /// There is a department.
    #[must_use]
    pub fn department(self, name: impl Into<String>) -> Self {
        self.department_with(name, |department| department)
    }

    /// There is a department, described further.
    #[must_use]
    pub fn department_with(mut self, name: impl Into<String>, describe: impl FnOnce(Department) -> Department) -> Self {
        self.description.departments.push(describe(Department::new(name)));
        self
    }

    /// There is an employee.
    #[must_use]
    pub fn employee(mut self, name: impl Into<String>, describe: impl FnOnce(Employee) -> Employee) -> Self {
        self.description.employees.push(describe(Employee::new(name)));
        self
    }

    /// There is an external customer.
    #[must_use]
    pub fn customer(mut self, name: impl Into<String>, describe: impl FnOnce(Customer) -> Customer) -> Self {
        self.description.customers.push(describe(Customer::new(name)));
        self
    }

    /// The provider serves the receiver with what it needs.
    #[must_use]
    pub fn serves(self, provider: impl Into<String>, receiver: impl Into<String>, need: impl Into<String>) -> Self {
        self.serves_with(provider, receiver, need, |dependency| dependency)
    }

    /// The provider serves the receiver with what it needs, described further.
    #[must_use]
    pub fn serves_with(
        mut self,
        provider: impl Into<String>,
        receiver: impl Into<String>,
        need: impl Into<String>,
        describe: impl FnOnce(Dependency) -> Dependency,
    ) -> Self {
        self.description.dependencies.push(describe(Dependency::new(provider, receiver).need(need)));
        self
    }

    /// There is a climate: morale moves, people may leave. Off where this is not said.
    #[must_use]
    pub fn climate(mut self, describe: impl FnOnce(Climate) -> Climate) -> Self {
        self.description.climate = Some(describe(self.description.climate.unwrap_or_default()));
        self
    }

    /// The description so far.
    #[must_use]
    pub fn into_description(self) -> Description {
        self.description
    }

    /// Checks it all.
    ///
    /// # Errors
    /// The first problem, with all others in [`Error::and_more`]; paths count from 0 in the order of the calls.
    pub fn build(self) -> Result<Organization, Error> {
        Organization::new(self.description)
    }
}
