//! One shock on each of many things, alone: what a ranking is made of.

use serde::{Deserialize, Serialize};

use super::blow::path_by_name;
use super::check::{refusals, values_of};
use super::finder::{Finder, dependency_names};
use super::written::Shock;
use crate::change::{Selection, Things};
use crate::{Error, ErrorKind, Organization};

/// A thing that a shock cannot strike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// The service, dependency, employee or department.
    pub name: String,
    /// What is the matter with it, in a few words: `nothing says what chasing costs`.
    pub why: String,
}

/// One shock on each of the things of a sort, and the things that it cannot strike.
pub(crate) struct Each {
    pub(crate) shocks: Vec<Shock>,
    pub(crate) left_out: Vec<LeftOut>,
}

impl Shock {
    /// This shock on each service, dependency, employee or department alone, each named `name: thing`, in the order of the
    /// file: for [`Simulation::rank`](crate::Simulation::rank). What it selects does not matter. What it cannot strike is left
    /// out: somebody late who provides nothing, a request of which nobody says what chasing costs;
    /// [`Simulation::rank_each`](crate::Simulation::rank_each) says what that is.
    ///
    /// # Errors
    /// [`ErrorKind::Shape`] for the organisation or customers, which shocks cannot strike; what is wrong with the shock itself,
    /// at `shock`; where it can strike none of them, what is wrong with the first, at `shocks["name: thing"]`.
    ///
    /// # Complexity
    /// O(size of the organisation).
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::Things;
    /// use ripple_effect::shock::Shock;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c)
    ///     .serves("Ana", "Guests", "what is in stock")
    ///     .build()?;
    /// let silences = Shock::new("no answer").unanswered_for(8.0).on_each(&shop, Things::Dependencies)?;
    /// assert_eq!(silences[0].name, "no answer: Ana -> Guests");
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn on_each(&self, organization: &Organization, things: Things) -> Result<Vec<Self>, Error> {
        self.each(organization, things).map(|each| each.shocks)
    }

    /// The same, and what is left out.
    pub(crate) fn each(&self, organization: &Organization, things: Things) -> Result<Each, Error> {
        let (description, resolved) = (organization.description(), organization.resolved());
        let mut wrong = Vec::new();
        values_of(self, "shock", &mut wrong);
        if let Some(error) = Error::first_of(wrong) {
            return Err(error);
        }
        let selected: Vec<(String, Selection)> = match things {
            Things::Services => {
                let label = |one: &crate::organization::resolve::ServiceAt| one.label.clone();
                resolved.services.iter().map(label).map(|name| (name.clone(), Selection::service(name))).collect()
            }
            Things::Dependencies => {
                let names = dependency_names(description, resolved).into_iter();
                names.map(|name| (name.clone().into_owned(), Selection::dependency(name))).collect()
            }
            Things::Employees => {
                description.employees.iter().map(|one| (one.name.clone(), Selection::employee(&one.name))).collect()
            }
            Things::Departments => {
                description.departments.iter().map(|one| (one.name.clone(), Selection::department(&one.name))).collect()
            }
            Things::Organization | Things::Customers => {
                return Err(Error::new(
                    ErrorKind::Shape,
                    "things",
                    things.name(),
                    "services, dependencies, employees or departments",
                    "Strike one of these.",
                ));
            }
        };
        if selected.is_empty() {
            return Err(Error::new(
                ErrorKind::Shape,
                "things",
                format!("an organisation without {}", things.name()),
                "some to strike",
                "Strike employees or services in turn.",
            ));
        }
        let finder = Finder::new(description, resolved, selected.len());
        let mut each = Each { shocks: Vec::new(), left_out: Vec::new() };
        let mut first = None;
        for (name, select) in selected {
            let shock = Self { name: format!("{}: {name}", self.name), select, ..self.clone() };
            match refusals(&shock, &finder, &path_by_name(&shock.name)).into_iter().next() {
                None => each.shocks.push(shock),
                Some(refusal) => {
                    each.left_out.push(LeftOut { name, why: refusal.why.to_owned() });
                    first.get_or_insert(refusal.error);
                }
            }
        }
        match first {
            Some(error) if each.shocks.is_empty() => Err(error),
            _ => Ok(each),
        }
    }
}
