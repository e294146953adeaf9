//! A shock as it is written: a name, what is struck, in which rounds, and what happens.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::change::Selection;
use crate::organization::names;
use crate::{Distribution, Error, ErrorKind, Organization};

/// What strikes whom, in which round: an element of `shocks` at the top of the file format.
///
/// Several things may happen at once; at least one must. The JSON has the same fields.
///
/// | field | strikes | what happens |
/// |---|---|---|
/// | `late` | services, employees, departments, dependencies | hours are lost |
/// | `wrong` | services, employees, departments, dependencies | the result is wrong |
/// | `absent` | employees, departments | nobody is there |
/// | `unanswered` | dependencies, and all that services, employees or departments are asked for | the receiver chases |
/// | `quality` | services, employees, departments | a factor on the workmanship |
/// | `pace` | services, employees, departments | a factor on the hours of work |
///
/// ```
/// use ripple_effect::change::Selection;
/// use ripple_effect::shock::Shock;
///
/// let shock = Shock::new("The unanswered request").on(Selection::dependency("Ana -> Ben")).unanswered().in_round(2);
/// let read: Shock = serde_json::from_str(
///     r#"{ "name": "The unanswered request", "select": { "dependency": "Ana -> Ben" }, "round": 2, "unanswered": true }"#,
/// )?;
/// assert_eq!(shock, read);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Shock {
    /// Its name, unique among the shocks of a file. Hours that are drawn hang on it.
    pub name: String,
    /// Whom or what it strikes; everything unless said.
    #[serde(default, skip_serializing_if = "Selection::is_all")]
    pub select: Selection,
    /// The first round that it strikes, counted from 0; default 0.
    #[serde(default, deserialize_with = "first_unless_said", skip_serializing_if = "is_first")]
    #[cfg_attr(feature = "schema", schemars(range(max = 999_999)))]
    pub round: u32,
    /// How many rounds it lasts, 1 or more; default 1.
    #[serde(default = "one", deserialize_with = "one_unless_said", skip_serializing_if = "is_one")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000)))]
    pub rounds: u32,
    /// Hours that are lost in each of these rounds: drawn anew in each, for each thing struck.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Distribution>,
    /// The result is wrong.
    #[serde(default, deserialize_with = "not_unless_said", skip_serializing_if = "is_not")]
    pub wrong: bool,
    /// Employees are away, as if drawn absent.
    #[serde(default, deserialize_with = "not_unless_said", skip_serializing_if = "is_not")]
    pub absent: bool,
    /// Requests go unanswered: `true`, or `{"chase": hours}`.
    #[serde(default, deserialize_with = "unanswered", skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<Unanswered>,
    /// A factor on the workmanship, `0..=1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))]
    pub quality: Option<f64>,
    /// A factor on the hours of work, above 0 and up to 1000: 2 is half the pace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 1000.0)))]
    pub pace: Option<f64>,
    /// Free text or an object, kept as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Value>,
}

impl Shock {
    /// A shock of this name, of which nothing more is said yet: it would strike everything, in round 0, with nothing.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            select: Selection::all(),
            round: 0,
            rounds: 1,
            late: None,
            wrong: false,
            absent: false,
            unanswered: None,
            quality: None,
            pace: None,
            notes: None,
        }
    }

    /// Strikes whatever is selected.
    #[must_use]
    pub fn on(mut self, select: Selection) -> Self {
        self.select = select;
        self
    }

    /// Strikes first in this round, counted from 0.
    #[must_use]
    pub fn in_round(mut self, round: u32) -> Self {
        self.round = round;
        self
    }

    /// Lasts so many rounds.
    #[must_use]
    pub fn for_rounds(mut self, rounds: u32) -> Self {
        self.rounds = rounds;
        self
    }

    /// These hours are lost: always the same, or drawn anew in each round for each thing struck.
    #[must_use]
    pub fn late(mut self, hours: impl Into<Distribution>) -> Self {
        self.late = Some(hours.into());
        self
    }

    /// The result is wrong.
    #[must_use]
    pub fn wrong(mut self) -> Self {
        self.wrong = true;
        self
    }

    /// Employees are away.
    #[must_use]
    pub fn absent(mut self) -> Self {
        self.absent = true;
        self
    }

    /// Requests go unanswered; what chasing costs, the dependency says (`silence.chase`).
    #[must_use]
    pub fn unanswered(mut self) -> Self {
        self.unanswered = Some(Unanswered { chase: None });
        self
    }

    /// Requests go unanswered, and whoever asked loses these hours before the answer comes.
    #[must_use]
    pub fn unanswered_for(mut self, chase: impl Into<Distribution>) -> Self {
        self.unanswered = Some(Unanswered { chase: Some(chase.into()) });
        self
    }

    /// The workmanship times this factor, `0..=1`.
    #[must_use]
    pub fn quality(mut self, factor: f64) -> Self {
        self.quality = Some(factor);
        self
    }

    /// The hours of work times this factor, above 0 and up to 1000: 2 is half the pace.
    #[must_use]
    pub fn pace(mut self, factor: f64) -> Self {
        self.pace = Some(factor);
        self
    }

    /// Its name in Unicode NFC, so that two ways to type one accented letter are one name.
    pub(super) fn composed_name(&self) -> String {
        self.name.nfc().collect()
    }
}

/// A request goes unanswered: `true` in JSON, or `{"chase": hours}`.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Unanswered {
    /// Hours that the receiver loses before the answer comes; default: what the dependency's `silence` says.
    pub chase: Option<Distribution>,
}

/// What chasing costs.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Chased {
    /// Hours that the receiver loses before the answer comes.
    chase: Distribution,
}

impl Serialize for Unanswered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.chase {
            None => serializer.serialize_bool(true),
            Some(chase) => Chased { chase: chase.clone() }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Unanswered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = || serde::de::Error::custom("nothing unanswered, expected true, or {\"chase\": hours}");
        unanswered(deserializer)?.ok_or_else(expected)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Unanswered {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Unanswered".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let chased = generator.subschema_for::<Chased>();
        schemars::json_schema!({
            "description": "A request goes unanswered: true, or what chasing costs.",
            "anyOf": [ { "type": "boolean" }, chased ],
        })
    }
}

// Read by hand, so that the path of an error goes through: `unanswered.chase.pert.mode`.
fn unanswered<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Unanswered>, D::Error> {
    struct SaidOrChased;

    impl<'de> Visitor<'de> for SaidOrChased {
        type Value = Option<Unanswered>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("true, or {\"chase\": hours}")
        }

        fn visit_bool<E: serde::de::Error>(self, is: bool) -> Result<Self::Value, E> {
            Ok(is.then(Unanswered::default))
        }

        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            let Chased { chase } = Chased::deserialize(MapAccessDeserializer::new(map))?;
            Ok(Some(Unanswered { chase: Some(chase) }))
        }
    }

    deserializer.deserialize_any(SaidOrChased)
}

fn one() -> u32 {
    1
}

fn is_one(rounds: &u32) -> bool {
    *rounds == 1
}

fn is_first(round: &u32) -> bool {
    *round == 0
}

fn is_not(happens: &bool) -> bool {
    !happens
}

fn first_unless_said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(0))
}

fn one_unless_said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(1))
}

fn not_unless_said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(false))
}

impl Organization {
    /// What could strike: the shocks of the file, in its order.
    #[must_use]
    pub fn shocks(&self) -> &[Shock] {
        self.description().shocks.as_deref().unwrap_or_default()
    }

    /// The shock of this name.
    ///
    /// # Errors
    /// [`ErrorKind::Name`] if there is none.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// let shop = Organization::from_json(r#"{ "format": "ripple-effect/1", "name": "Shop",
    ///   "employees": [ { "name": "Ana", "services": [ { "duration": 2 } ] } ],
    ///   "customers": [ { "name": "Guests", "promise": 4 } ],
    ///   "dependencies": [ { "provider": "Ana", "receiver": "Guests" } ],
    ///   "shocks": [ { "name": "A bad start", "select": { "employee": "Ana" }, "late": 6 } ] }"#)?;
    /// let shock = shop.shock("A bad start")?;
    /// let shocked = shop.simulate()?.shocked(std::slice::from_ref(shock))?;
    /// assert_eq!(shocked.shocks()[0].name, "A bad start");
    /// assert!(shop.shock("A bad stat").unwrap_err().mend().contains("A bad start"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn shock(&self, name: &str) -> Result<&Shock, Error> {
        let wanted: String = name.nfc().collect();
        self.shocks().iter().find(|one| one.name == wanted).ok_or_else(|| {
            let known = self.shocks().iter().map(|one| one.name.as_str());
            let mend = names::nearest(name, known, "Add it to `shocks` in the model.");
            let found = format!("{name:?}, which is no shock");
            Error::new(ErrorKind::Name, "shocks", found, "the name of one of `shocks`", mend)
        })
    }
}
