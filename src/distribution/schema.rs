//! The JSON Schema of a distribution: a number, or one of the families.

use super::family::{MAX_HOURS, MAX_VALUES, SHAPES};
use super::{Component, Distribution, Lognormal};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

fn hours(description: &str) -> Value {
    json!({ "type": "number", "minimum": 0, "maximum": MAX_HOURS, "description": format!("{description}, hours") })
}

fn shape() -> Value {
    json!({ "type": "number", "minimum": SHAPES.start(), "maximum": SHAPES.end(), "description": "no unit" })
}

/// An object of these fields, all of them required but those named last.
fn object<const N: usize>(fields: [(&str, Value); N], optional: &[&str]) -> Value {
    let required: Vec<_> = fields.iter().map(|(name, _)| *name).filter(|name| !optional.contains(name)).collect();
    let properties: Map<_, _> = fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// The fields of a three-point estimate.
fn estimate() -> Value {
    let mode = hours("the most likely value, from `min` to `max`");
    object([("min", hours("the least value")), ("mode", mode), ("max", hours("the greatest value"))], &[])
}

impl JsonSchema for Lognormal {
    fn schema_name() -> Cow<'static, str> {
        "Lognormal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let moments = object([("mean", hours("the mean")), ("sd", hours("the standard deviation"))], &[]);
        let p90 = hours("what nine in ten take at most; 1 to 10,000 times the median");
        let quantiles = object([("median", hours("what half take at most")), ("p90", p90)], &[]);
        json_schema!({ "description": "By the moments of the value itself, or by two quantiles.", "anyOf": [moments, quantiles] })
    }
}

impl JsonSchema for Distribution {
    fn schema_name() -> Cow<'static, str> {
        "Distribution".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let lognormal = generator.subschema_for::<Lognormal>();
        let component = generator.subschema_for::<Component>();
        let this = generator.subschema_for::<Self>();
        let steps =
            json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000, "description": "the number of steps" });
        let bounds = || [("min", hours("the least value")), ("max", hours("the greatest value"))];
        let [min, max] = bounds();
        let values = json!({ "type": "array", "items": hours("a value"), "minItems": 1, "maxItems": MAX_VALUES });
        let weights = json!({
            "type": ["array", "null"],
            "items": { "type": "number", "minimum": 0 },
            "description": "how often each value was seen; all alike when absent",
        });
        let families = [
            ("constant", object([("value", hours("the value"))], &[])),
            ("uniform", object(bounds(), &[])),
            ("triangular", estimate()),
            ("pert", estimate()),
            ("exponential", object([("mean", hours("the mean"))], &[])),
            ("erlang", object([("shape", steps), ("mean", hours("the mean of the whole"))], &[])),
            ("gamma", object([("shape", shape()), ("scale", hours("the scale"))], &[])),
            ("lognormal", lognormal.to_value()),
            ("weibull", object([("shape", shape()), ("scale", hours("the scale"))], &[])),
            (
                "normal",
                object([("mean", hours("of the underlying normal")), ("sd", hours("of the underlying normal"))], &[]),
            ),
            ("beta", object([("a", shape()), ("b", shape()), min, max], &[])),
            ("empirical", object([("values", values), ("weights", weights)], &["weights"])),
            ("mixture", json!({ "type": "array", "items": component.to_value(), "minItems": 1 })),
            ("shifted", object([("by", hours("how much later")), ("of", this.to_value())], &[])),
        ];
        let mut accepted = vec![hours("always this value")];
        accepted.extend(families.map(|family| object([family], &[])));
        json_schema!({ "description": "A number of hours, or a distribution.", "anyOf": accepted })
    }
}
