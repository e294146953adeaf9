//! What the user describes: departments, employees, their services, external customers, and who depends on whom.
//!
//! | file | what lives there |
//! |---|---|
//! | `description` | the things as they are written, in Rust or in JSON, every field optional that has a default |
//! | `climate` | morale, recognition, turnover and learning, as they are written |
//! | `builder` | the sentence-like way to write them |
//! | `read` | JSON in: the first syntax error, or every problem of shape at once |
//! | `people` | departments, employees, customers and services: looked at, and found by their names |
//! | `links` | dependencies looked at, their ends and ids, and the graph that they make |
//! | `resolve` | names become indices |
//! | `check`, `reach` | every problem of meaning at once: numbers, names, what leads to a customer |
//! | `cycles` | who waits for whom within one round, the shortest such circle, and its mending |
//! | `projections` | the petgraph graph and the employee and department graphs drawn from it |
//! | `schema` | the JSON Schema of the format |
//! | `distinct` | texts, found by what they say, and whether they differ from each other |
//! | `fingerprint` | by what two descriptions are known to be one model |
//! | `order` | the order of work, where it is written |
//! | `scenarios` | what could be different, and what could strike, checked as far as can be |
//! | `set` | one field changed by its name |
//! | `lookup` | a thing found by the name that people give it |
//! | `texts` | texts in one piece, and pieces of them for what very many things are called |
//! | `names` | what a name may be, and the nearest one to a misspelt one |

mod builder;
mod check;
mod climate;
pub(crate) mod cycles;
mod description;
mod distinct;
mod fingerprint;
mod links;
mod lookup;
pub(crate) mod names;
mod order;
mod people;
mod projections;
mod reach;
mod read;
pub(crate) mod resolve;
mod scenarios;
#[cfg(feature = "schema")]
mod schema;
mod set;
pub(crate) mod texts;

use std::sync::{Arc, OnceLock};

use petgraph::graph::DiGraph;

pub use builder::OrganizationBuilder;
pub use climate::{Climate, Learning, Recognition, Turnover};
pub use cycles::Mended;
pub use description::{
    Backup, Customer, Defaults, Department, Dependency, Description, Discipline, Employee, Format, Kind, Satisfaction,
    Service, Silence, Start,
};
pub use links::Node;
pub(crate) use names::nearest;
pub use projections::Link;
pub use read::{Finding, Severity};
#[cfg(feature = "schema")]
pub use schema::schema;

use crate::Error;
use crate::shock::{self, Shock};
use resolve::Resolved;

/// A checked organisation: people, services, customers and who depends on whom.
///
/// Made by [`Organization::builder`], by [`Organization::from_json`] or from a [`Description`]; immutable afterwards.
/// Cycles are allowed here (real organisations are full of them); what must not be is a cycle within one round, which
/// [`plan`](Organization::plan) refuses and [`mend_cycles`](Organization::mend_cycles) mends.
///
/// ```
/// use ripple_effect::{Distribution, Organization};
///
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides("stock list", Distribution::pert(0.5, 1.0, 4.0)))
///     .employee("Ben", |e| e.provides("advice", 1.0))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Ben", "what is in stock")
///     .serves("Ben", "Guests", "advice")
///     .build()?;
/// assert_eq!(shop.graph().node_count(), 3);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Organization {
    description: Arc<Description>,
    resolved: Arc<Resolved>,
    fingerprint: Arc<OnceLock<String>>,
}

impl Organization {
    /// Starts to describe an organisation.
    #[must_use]
    pub fn builder(name: impl Into<String>) -> OrganizationBuilder {
        OrganizationBuilder::new(name)
    }

    /// Checks a description, names and numbers.
    ///
    /// # Errors
    /// The first problem, with all others in [`Error::and_more`].
    ///
    /// # Complexity
    /// O(n log n) in the size of the description, on all threads of rayon's pool where it is large, and one walk of the graph for
    /// each customer with a journey, to see that every stage lies upstream of them.
    pub fn new(description: Description) -> Result<Self, Error> {
        let (organization, findings) = Self::examine(description);
        organization.ok_or_else(|| read::first_error(findings))
    }

    /// Checks a description and gives everything that was found, warnings too.
    #[must_use]
    pub fn examine(mut description: Description) -> (Option<Self>, Vec<Finding>) {
        names::normalize(&mut description);
        let mut findings = Vec::new();
        let resolved = resolve::resolve(&description, &mut findings);
        let organization = resolved.map(|resolved| Self {
            description: Arc::new(description),
            resolved: Arc::new(resolved),
            fingerprint: Arc::default(),
        });
        (organization, findings)
    }

    /// Reads the JSON format `ripple-effect/1`.
    ///
    /// # Errors
    /// The first syntax error with its line and column; otherwise the first problem of shape or meaning with all others
    /// in [`Error::and_more`].
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// let error = Organization::from_json(r#"{"format": "ripple-effect/1", "name": "Shop", "custmers": []}"#).unwrap_err();
    /// assert!(error.to_string().contains("custmers"));
    /// ```
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let (organization, findings) = read::examine(text);
        organization.ok_or_else(|| read::first_error(findings))
    }

    /// Reads JSON and gives everything that is wrong or odd with it: the first syntax error alone, or all problems of
    /// shape and meaning, element by element, and warnings.
    #[must_use]
    pub fn examine_json(text: &str) -> (Option<Self>, Vec<Finding>) {
        read::examine(text)
    }

    /// Writes the JSON format, pretty-printed. Reading it back gives the same organisation.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self.description()).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The description that this organisation was made from (names in Unicode NFC).
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The dependency graph: services and customers are nodes, dependencies are edges from provider to receiver.
    ///
    /// Node and edge weights index the lists of [`description`](Self::description).
    #[must_use]
    pub fn graph(&self) -> &DiGraph<Node, usize> {
        &self.resolved.graph
    }

    /// Who depends on whom among employees: an edge for each pair with at least one dependency between their services.
    ///
    /// Node weights index `description().employees`; [`Link::dependencies`] index `description().dependencies`.
    #[must_use]
    pub fn employee_graph(&self) -> DiGraph<usize, Link> {
        projections::employees(&self.description, &self.resolved)
    }

    /// Which department depends on which: an edge for each pair with at least one dependency between their people,
    /// loops (work inside a department) included. People without a department are left out.
    ///
    /// Node weights index `description().departments`; [`Link::dependencies`] index `description().dependencies`.
    #[must_use]
    pub fn department_graph(&self) -> DiGraph<usize, Link> {
        projections::departments(&self.description, &self.resolved)
    }

    /// Breaks every circle of people who wait for each other within one round: inside each strongly connected
    /// component a small feedback arc set (Eades, Lin & Smyth 1993) gets `lag` 1, so that its receivers use what was
    /// delivered a round ago. Returns the mended organisation and what was changed.
    ///
    /// # Errors
    /// None in practice: the mended description passes the checks that this one has passed.
    pub fn mend_cycles(&self) -> Result<(Self, Vec<Mended>), Error> {
        let mended = cycles::mend(&self.description, &self.resolved);
        let mut description = Description::clone(&self.description);
        for one in &mended {
            description.dependencies[one.index].lag = Some(1);
        }
        Ok((Self::new(description)?, mended))
    }

    /// A fingerprint of the description (SHA-256, hexadecimal): the same whatever the order of its lists, and whatever
    /// its notes, tags and roles say. O(size) at the first time, and kept.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.fingerprint.get_or_init(|| fingerprint::of(&self.description, &self.resolved)).clone()
    }

    /// The same with these shocks in the model, but for those that strike nothing in it.
    pub(crate) fn with_shocks(mut self, mut shocks: Vec<Shock>) -> Self {
        shocks.retain(|one| shock::fits(one, &self.description, &self.resolved));
        Arc::make_mut(&mut self.description).shocks = Some(shocks);
        self
    }

    pub(crate) fn resolved(&self) -> &Resolved {
        &self.resolved
    }
}
