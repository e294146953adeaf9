//! A change: whom or what it is about, and what is done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Parameter, Selection};
use crate::Distribution;
use crate::organization::{Backup, Dependency};

/// Values by parameter, written as an object: `{"error_rate": 0.02}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Values<V>(pub BTreeMap<Parameter, V>);

/// Part of the way to a value: `x + by * (to - x)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Toward {
    /// Where it goes, in the unit and range of the parameter.
    pub to: f64,
    /// Which share of the way, `0..=1`.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))]
    pub by: f64,
}

/// Somebody new, who takes over services with their own time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Colleague {
    /// The new colleague's name, which nobody has yet.
    pub name: String,
    /// The department's name; default: that of whom the first of the services is taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// The role, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

impl Colleague {
    /// A new colleague of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), department: None, role: None }
    }
}

/// What is done to whatever is selected.
///
/// Numbers that would leave their range are refused, and nothing is cut silently: only `cap` and `at_least` cut, where
/// they say. In JSON the name of the action is the only key: `{"scale": {"duration": 0.8}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// Becomes this: a number, or a distribution for what is one.
    Set(Values<Distribution>),
    /// Times this, 0 or more. A distribution is scaled in its hours: 0.8 is a fifth quicker in every round.
    Scale(Values<f64>),
    /// Plus this, which may be negative. A distribution is moved as a whole; none of its values may fall below 0.
    Add(Values<f64>),
    /// At most this. Of a distribution, what would take longer takes this long.
    Cap(Values<f64>),
    /// At least this; numbers only.
    AtLeast(Values<f64>),
    /// Part of the way to a value; numbers only.
    Toward(Values<Toward>),
    /// A colleague does the selected services in rounds in which their employee is absent. The colleague's own services
    /// are passed over.
    Backup(Backup),
    /// Somebody new takes over the selected services, with the same ids, so that their draws stay as they were.
    Hire(Colleague),
    /// A new dependency; nothing is selected.
    Depend(Box<Dependency>),
    /// The selected dependencies are gone.
    Remove,
}

impl Action {
    /// The parameters that it changes.
    pub(super) fn parameters(&self) -> Vec<Parameter> {
        match self {
            Self::Set(values) => values.0.keys().copied().collect(),
            Self::Scale(values) | Self::Add(values) | Self::Cap(values) | Self::AtLeast(values) => {
                values.0.keys().copied().collect()
            }
            Self::Toward(values) => values.0.keys().copied().collect(),
            Self::Backup(_) | Self::Hire(_) | Self::Depend(_) | Self::Remove => Vec::new(),
        }
    }

    /// Whether it changes who is there, or who depends on whom.
    pub(crate) fn changes_structure(&self) -> bool {
        matches!(self, Self::Hire(_) | Self::Depend(_) | Self::Remove)
    }
}

/// One change to an organisation: a selection, and what is done to it.
///
/// ```
/// use ripple_effect::change::{Change, Parameter, Selection};
/// let change = Selection::between("Operations", "Branches").cap(Parameter::SilenceProbability, 0.02);
/// let read: Change = serde_json::from_str(
///     r#"{"select": {"between": ["Operations", "Branches"]}, "do": {"cap": {"silence.probability": 0.02}}}"#,
/// )?;
/// assert_eq!(change, read);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Change {
    /// Whom or what it is about; everything unless said.
    #[serde(default)]
    pub select: Selection,
    /// What is done.
    #[serde(rename = "do")]
    pub action: Action,
}

impl Change {
    /// Does this to whatever is selected.
    #[must_use]
    pub fn new(select: Selection, action: Action) -> Self {
        Self { select, action }
    }

    /// Adds a dependency.
    ///
    /// ```
    /// use ripple_effect::change::Change;
    /// use ripple_effect::organization::Dependency;
    /// let change = Change::depend(Dependency::new("Ana", "Ben").need("a second look").handoff(0.5));
    /// assert_eq!(serde_json::to_value(&change)?["do"]["depend"]["provider"], "Ana");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn depend(dependency: Dependency) -> Self {
        Self::new(Selection::all(), Action::Depend(Box::new(dependency)))
    }
}

fn one<V>(parameter: Parameter, value: V) -> Values<V> {
    Values(BTreeMap::from([(parameter, value)]))
}

impl Selection {
    /// Sets a parameter to a number or a distribution.
    #[must_use]
    pub fn set(self, parameter: Parameter, value: impl Into<Distribution>) -> Change {
        Change::new(self, Action::Set(one(parameter, value.into())))
    }

    /// Scales a parameter; a distribution is scaled in its hours.
    #[must_use]
    pub fn scale(self, parameter: Parameter, factor: f64) -> Change {
        Change::new(self, Action::Scale(one(parameter, factor)))
    }

    /// Adds to a parameter; a negative number takes away.
    #[must_use]
    pub fn add(self, parameter: Parameter, more: f64) -> Change {
        Change::new(self, Action::Add(one(parameter, more)))
    }

    /// Cuts a parameter at most here.
    #[must_use]
    pub fn cap(self, parameter: Parameter, most: f64) -> Change {
        Change::new(self, Action::Cap(one(parameter, most)))
    }

    /// Raises a parameter at least to here.
    #[must_use]
    pub fn at_least(self, parameter: Parameter, least: f64) -> Change {
        Change::new(self, Action::AtLeast(one(parameter, least)))
    }

    /// Moves a parameter this share (`0..=1`) of the way to a value.
    #[must_use]
    pub fn toward(self, parameter: Parameter, to: f64, by: f64) -> Change {
        Change::new(self, Action::Toward(one(parameter, Toward { to, by })))
    }

    /// Lets a colleague do the selected services in rounds in which their employee is absent.
    #[must_use]
    pub fn backed_up_by(self, backup: Backup) -> Change {
        Change::new(self, Action::Backup(backup))
    }

    /// Lets somebody new take over the selected services.
    #[must_use]
    pub fn taken_over_by(self, colleague: Colleague) -> Change {
        Change::new(self, Action::Hire(colleague))
    }

    /// Removes the selected dependencies.
    #[must_use]
    pub fn remove(self) -> Change {
        Change::new(self, Action::Remove)
    }
}

/// An object with a field for each parameter, all of them optional.
#[cfg(feature = "schema")]
impl<V: schemars::JsonSchema> schemars::JsonSchema for Values<V> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("ValuesOf_{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let of = generator.subschema_for::<V>();
        let fields = Parameter::ALL.iter().map(|one| (one.name().to_owned(), of.clone().to_value()));
        let fields: serde_json::Map<String, serde_json::Value> = fields.collect();
        schemars::json_schema!({
            "description": "Values by parameter.",
            "type": "object",
            "additionalProperties": false,
            "properties": fields,
        })
    }
}
