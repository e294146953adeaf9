//! The JSON form: a bare number, or an object whose only key is the name of the family.

use super::{Component, Distribution, Lognormal};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

// Externally tagged, so that the path of an error goes through: `duration.pert.mode`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Distribution", rename_all = "snake_case", deny_unknown_fields)]
enum Wire {
    Constant {
        value: f64,
    },
    Uniform {
        min: f64,
        max: f64,
    },
    Triangular {
        min: f64,
        mode: f64,
        max: f64,
    },
    Pert {
        min: f64,
        mode: f64,
        max: f64,
    },
    Exponential {
        mean: f64,
    },
    Erlang {
        shape: u32,
        mean: f64,
    },
    Gamma {
        shape: f64,
        scale: f64,
    },
    Lognormal(Lognormal),
    Weibull {
        shape: f64,
        scale: f64,
    },
    Normal {
        mean: f64,
        sd: f64,
    },
    Beta {
        a: f64,
        b: f64,
        min: f64,
        max: f64,
    },
    Empirical {
        values: Vec<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weights: Option<Vec<f64>>,
    },
    Mixture(Vec<Component>),
    Shifted {
        by: f64,
        of: Box<Distribution>,
    },
}

impl Serialize for Distribution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Constant { value } => serializer.serialize_f64(*value),
            _ => Wire::serialize(self, serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Distribution {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrFamily)
    }
}

struct NumberOrFamily;

impl<'de> Visitor<'de> for NumberOrFamily {
    type Value = Distribution;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"a number of hours or a distribution such as {"exponential": {"mean": 2.0}}"#)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Distribution, E> {
        Ok(Distribution::Constant { value })
    }

    fn visit_u64<E>(self, value: u64) -> Result<Distribution, E> {
        Ok(Distribution::Constant { value: value as f64 })
    }

    fn visit_i64<E>(self, value: i64) -> Result<Distribution, E> {
        Ok(Distribution::Constant { value: value as f64 })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Distribution, A::Error> {
        let distribution = Wire::deserialize(MapAccessDeserializer::new(&mut map))?;
        match map.next_key::<String>()? {
            None => Ok(distribution),
            Some(second) => Err(A::Error::custom(format!("one distribution has one name, found `{second}` as well"))),
        }
    }
}

impl<'de> Deserialize<'de> for Lognormal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Either {
            #[serde(default, deserialize_with = "number")]
            mean: Option<f64>,
            #[serde(default, deserialize_with = "number")]
            sd: Option<f64>,
            #[serde(default, deserialize_with = "number")]
            median: Option<f64>,
            #[serde(default, deserialize_with = "number")]
            p90: Option<f64>,
        }
        match Either::deserialize(deserializer)? {
            Either { mean: Some(mean), sd: Some(sd), median: None, p90: None } => Ok(Self::MeanSd { mean, sd }),
            Either { mean: None, sd: None, median: Some(median), p90: Some(p90) } => {
                Ok(Self::MedianP90 { median, p90 })
            }
            _ => Err(D::Error::custom("a lognormal has either `mean` and `sd`, or `median` and `p90`")),
        }
    }
}

/// A field that may be absent, but not null.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    f64::deserialize(deserializer).map(Some)
}
