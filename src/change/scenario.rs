//! A named set of changes and practices: what a comparison runs the organisation with, and without.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::action::Change;
use super::apply::{Changed, Workshop};
use crate::organization::names;
use crate::practice::Practice;
use crate::{Error, ErrorKind, Organization};

/// A named set of changes and practices, as `changes` at the top of the file format holds it.
///
/// Changes are made first, then practices, each in the order in which they stand.
///
/// ```
/// use ripple_effect::change::{Parameter, Scenario, Selection};
/// use ripple_effect::practice::{Kind, Practice};
///
/// let quicker = Scenario::new("Quicker and surer")
///     .change(Selection::employee("Ana").scale(Parameter::Duration, 0.9))
///     .practice(Practice::new(Kind::Training, Selection::employee("Ana")).adoption(0.5));
/// assert_eq!(quicker.practices.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Scenario {
    /// Its name, unique among the scenarios of a file.
    pub name: String,
    /// Changes, made in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Practices, taken up in this order after the changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub practices: Vec<Practice>,
    /// Free text or an object, kept as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Value>,
}

impl Scenario {
    /// A scenario in which nothing is changed yet.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), changes: Vec::new(), practices: Vec::new(), notes: None }
    }

    /// Makes this change, too.
    #[must_use]
    pub fn change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// Takes up this practice, too.
    #[must_use]
    pub fn practice(mut self, practice: Practice) -> Self {
        self.practices.push(practice);
        self
    }

    /// The organisation as it then is, every practice at the mean of its effect.
    ///
    /// # Errors
    /// As [`Organization::apply`]; paths begin with `changes[0]` or `practices[0]`.
    pub fn apply(&self, organization: &Organization) -> Result<Changed, Error> {
        self.apply_with(organization, |_, practice| practice.mean_effect())
    }

    /// The organisation as it then is, the effect of each practice (its place in the list, and itself) as given: a draw
    /// of an uncertain effect, or one end of it ([`Practice::effect_at`]).
    ///
    /// # Errors
    /// As [`Organization::apply`]; paths begin with `changes[0]` or `practices[0]`.
    pub fn apply_with(
        &self,
        organization: &Organization,
        effect: impl FnMut(usize, &Practice) -> f64,
    ) -> Result<Changed, Error> {
        let mut workshop = Workshop::new(organization)?;
        workshop.scenario(self, effect)?;
        workshop.done()
    }

    /// What all its practices cost ([`Practice::cost_in`]).
    ///
    /// # Errors
    /// As [`Practice::cost_in`].
    pub fn cost_in(&self, organization: &Organization) -> Result<f64, Error> {
        self.cost_within(&Workshop::new(organization)?)
    }

    /// The same in an organisation that nothing was changed in yet.
    pub(crate) fn cost_within(&self, workshop: &Workshop) -> Result<f64, Error> {
        self.practices.iter().map(|practice| practice.cost_within(workshop)).sum()
    }
}

impl Organization {
    /// What could be different: the scenarios of the file, in its order.
    #[must_use]
    pub fn scenarios(&self) -> &[Scenario] {
        self.description().changes.as_deref().unwrap_or_default()
    }

    /// The scenario of this name.
    ///
    /// # Errors
    /// [`ErrorKind::Name`] if there is none.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// let shop = Organization::from_json(r#"{ "format": "ripple-effect/1", "name": "Shop",
    ///   "employees": [ { "name": "Ana", "services": [ { "duration": 2, "error_rate": 0.1 } ] } ],
    ///   "customers": [ { "name": "Guests", "promise": 4 } ],
    ///   "dependencies": [ { "provider": "Ana", "receiver": "Guests" } ],
    ///   "changes": [ { "name": "Surer",
    ///     "changes": [ { "select": { "employee": "Ana" }, "do": { "scale": { "error_rate": 0.5 } } } ] } ] }"#)?;
    /// let surer = shop.scenario("Surer")?.apply(&shop)?;
    /// assert_eq!(surer.moved()[0].to_string(), "Ana: error_rate from 0.1 to 0.05");
    /// assert!(shop.scenario("Sure").unwrap_err().mend().contains("Surer"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn scenario(&self, name: &str) -> Result<&Scenario, Error> {
        self.scenarios().iter().find(|one| one.name == name).ok_or_else(|| {
            let known = self.scenarios().iter().map(|one| one.name.as_str());
            let mend = names::nearest(name, known, "Add it to `changes` in the model.");
            let found = format!("{name:?}, which is no scenario");
            Error::new(ErrorKind::Name, "changes", found, "the name of one of `changes`", mend)
        })
    }
}
