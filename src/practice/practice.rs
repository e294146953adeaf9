//! One practice, for somebody, taken up so far.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalogue::entry;
use super::cost::Cost;
use super::kind::Kind;
use crate::change::{Change, Changed, Selection, Workshop};
use crate::{Distribution, Error, Hours, Organization, Probability};

/// Which end of an uncertain effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Case {
    /// One in twenty does better: the 0.05 quantile of the factor.
    Best,
    /// The mean.
    Expected,
    /// One in twenty does worse: the 0.95 quantile.
    Worst,
}

/// A practice of the catalogue, for somebody, taken up so far.
///
/// The effect is a factor (see [`Entry::effect_on`](super::Entry::effect_on)): at adoption *a* an effect of *f* scales by
/// `1 + a * (f - 1)`. Where it backfires, a probability stops at 1.
///
/// ```
/// use ripple_effect::change::Selection;
/// use ripple_effect::practice::{Kind, Practice};
/// let practice = Practice::new(Kind::Bridging, Selection::between("Operations", "Branches")).adoption(0.5);
/// let read: Practice = serde_json::from_str(
///     r#"{"practice": "bridging", "select": {"between": ["Operations", "Branches"]}, "adoption": 0.5}"#,
/// )?;
/// assert_eq!(practice, read);
/// assert!((practice.mean_effect() - 2.5 / 3.0).abs() < 1e-12);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Practice {
    /// Which practice.
    #[serde(rename = "practice")]
    pub kind: Kind,
    /// For whom, or between whom; for everybody unless said.
    #[serde(default)]
    pub select: Selection,
    /// How far it is taken up, `0..=1`; default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adoption: Option<Probability>,
    /// The factor that it is when taken up wholly, a number or a distribution of 0 or more; default: the catalogue's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Distribution>,
    /// The colleague who learns the work; for cross-training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// The response time of a standard, the hours of a look, the hours of a buffer; default: the catalogue's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// What it costs; what is left out is the catalogue's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// Free text or an object, kept as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Value>,
}

impl Practice {
    /// A practice, taken up wholly, with the effect and the cost of the catalogue.
    #[must_use]
    pub fn new(kind: Kind, select: Selection) -> Self {
        Self { kind, select, adoption: None, effect: None, with: None, hours: None, cost: None, notes: None }
    }

    /// How far it is taken up, `0..=1`.
    #[must_use]
    pub fn adoption(mut self, adoption: impl Into<Probability>) -> Self {
        self.adoption = Some(adoption.into());
        self
    }

    /// The factor that it is when taken up wholly: a number, or a distribution where it is uncertain.
    #[must_use]
    pub fn effect(mut self, effect: impl Into<Distribution>) -> Self {
        self.effect = Some(effect.into());
        self
    }

    /// The colleague who learns the work.
    #[must_use]
    pub fn with(mut self, colleague: impl Into<String>) -> Self {
        self.with = Some(colleague.into());
        self
    }

    /// The response time of a standard, the hours of a look, the hours of a buffer.
    #[must_use]
    pub fn hours(mut self, hours: impl Into<Hours>) -> Self {
        self.hours = Some(hours.into());
        self
    }

    /// What it costs; what is left out is the catalogue's.
    #[must_use]
    pub fn cost(mut self, cost: Cost) -> Self {
        self.cost = Some(cost);
        self
    }

    /// How far it is taken up.
    pub(super) fn adopted(&self) -> f64 {
        self.adoption.map_or(1.0, Probability::get)
    }

    /// The size of the effect: what is said here, else the catalogue's.
    #[must_use]
    pub fn effect_size(&self) -> Distribution {
        self.effect.clone().unwrap_or_else(|| entry(self.kind).effect)
    }

    /// The mean of the effect. NaN where the distribution is not a valid one.
    #[must_use]
    pub fn mean_effect(&self) -> f64 {
        self.effect_size().mean()
    }

    /// The effect at a probability, `0..=1`: a draw of an uncertain effect for a uniform number, by inversion.
    ///
    /// ```
    /// use ripple_effect::change::Selection;
    /// use ripple_effect::practice::{Kind, Practice};
    /// let discipline = Practice::new(Kind::AnsweringDiscipline, Selection::all());
    /// assert_eq!(discipline.effect_at(0.5), 0.75);
    /// ```
    #[must_use]
    pub fn effect_at(&self, probability: f64) -> f64 {
        self.effect_size().quantile(probability)
    }

    /// The effect at one end, or its mean.
    #[must_use]
    pub fn effect_in(&self, case: Case) -> f64 {
        match case {
            Case::Best => self.effect_at(0.05),
            Case::Expected => self.mean_effect(),
            Case::Worst => self.effect_at(0.95),
        }
    }

    /// The changes that it consists of in this organisation, with this effect; none at adoption 0.
    ///
    /// # Errors
    /// As [`Organization::apply`]; [`ErrorKind::Range`](crate::ErrorKind::Range) if adoption, effect, hours or cost is
    /// out of range, and [`ErrorKind::Shape`](crate::ErrorKind::Shape) if something that it needs is not said.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::{Parameter, Selection};
    /// use ripple_effect::practice::{Kind, Practice};
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let discipline = Practice::new(Kind::AnsweringDiscipline, Selection::all()).adoption(0.5);
    /// let change = Selection::all().scale(Parameter::SilenceProbability, 0.75);
    /// assert_eq!(discipline.changes(&shop, 0.5)?, [change]);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn changes(&self, organization: &Organization, effect: f64) -> Result<Vec<Change>, Error> {
        self.changes_in(&Workshop::new(organization)?, effect, "")
    }

    /// The organisation with this practice alone, at the mean of its effect.
    ///
    /// # Errors
    /// As [`changes`](Self::changes).
    pub fn apply(&self, organization: &Organization) -> Result<Changed, Error> {
        let mut workshop = Workshop::new(organization)?;
        workshop.practice(self, self.mean_effect(), "")?;
        workshop.done()
    }

    /// How many people it concerns: whose work is selected, both ends of what is selected, and who learns it.
    ///
    /// # Errors
    /// As [`changes`](Self::changes).
    pub fn people_in(&self, organization: &Organization) -> Result<usize, Error> {
        self.people_within(&Workshop::new(organization)?)
    }

    fn people_within(&self, workshop: &Workshop) -> Result<usize, Error> {
        let mut people: BTreeSet<usize> = self.people(workshop, "")?;
        people.extend(self.with.as_deref().and_then(|name| workshop.description().employee_named(name)));
        Ok(people.len())
    }

    /// What it costs, in the currency of the model: for the people that it concerns, as far as it is taken up.
    ///
    /// # Errors
    /// As [`changes`](Self::changes).
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::Selection;
    /// use ripple_effect::practice::{Cost, Kind, Practice};
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let training = Practice::new(Kind::Training, Selection::employee("Ana"))
    ///     .cost(Cost { fixed: Some(0.0), per_hour: Some(40.0), ..Cost::default() });
    /// assert_eq!(training.cost_in(&shop)?, 16.0 * 40.0);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn cost_in(&self, organization: &Organization) -> Result<f64, Error> {
        self.cost_within(&Workshop::new(organization)?)
    }

    /// The same in an organisation that nothing was changed in yet.
    pub(crate) fn cost_within(&self, workshop: &Workshop) -> Result<f64, Error> {
        self.check(self.mean_effect(), "")?;
        let cost = self.cost.unwrap_or_default().or(entry(self.kind).cost);
        Ok(cost.of(self.people_within(workshop)?, self.adopted()))
    }
}
