//! One value of a good file replaced by a bad one: it is refused with a reason, or it runs; nothing panics or hangs.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use ripple_effect::{Detail, Organization, Outcome};
use serde_json::{Map, Value, json};

use crate::extremes::assert_sound;
use crate::organizations::{cases, organizations};

fn bad_values() -> impl Strategy<Value = Value> {
    select(vec![
        Value::Null,
        json!(true),
        json!(""),
        json!("Ana"),
        json!("Zoë/report"),
        json!("Walk-ins"),
        json!("a/b/c"),
        json!(" \u{0}"),
        json!([]),
        json!({}),
        json!([[]]),
        json!(-1),
        json!(-0.0),
        json!(0),
        json!(0.0),
        json!(1),
        json!(2),
        json!(0.99),
        json!(1e-300),
        json!(1e300),
        json!(1_048_576.0),
        json!(1_048_576.1),
        json!(4_294_967_295u64),
        json!(u64::MAX),
        json!({"exponential": {"mean": 1_000_000.0}}),
        json!({"uniform": {"min": 2, "max": 1}}),
        json!({"weibull": {"shape": 0.05, "scale": 1.0}}),
        json!({"gamma": {"shape": 0.05, "scale": 1000.0}}),
        json!({"lognormal": {"mean": 1e-9, "sd": 1e5}}),
        json!({"normal": {"mean": 0.0, "sd": 1_000_000.0}}),
        json!({"empirical": {"values": []}}),
        json!({"empirical": {"values": [1, 2], "weights": [0, 0]}}),
        json!({"mixture": []}),
        json!({"any": {"group": "helpers", "count": 0}}),
    ])
}

/// All places in a document, the document itself left out.
fn places(value: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|one| {
            visit(one);
            places(one, visit);
        }),
        Value::Object(fields) => fields.values_mut().for_each(|one| {
            visit(one);
            places(one, visit);
        }),
        _ => {}
    }
}

/// Replaces one value, or adds a field that may be known there.
fn damage(document: &mut Value, place: Index, bad: Value, field: Option<&str>) {
    let mut count = 0;
    places(document, &mut |_| count += 1);
    let chosen = place.index(count);
    let mut at = 0;
    let mut bad = Some(bad);
    places(document, &mut |value| {
        if at == chosen
            && let Some(bad) = bad.take()
        {
            match (value, field) {
                (Value::Object(fields), Some(field)) => {
                    fields.insert(field.to_owned(), bad);
                }
                (value, _) => *value = bad,
            }
        }
        at += 1;
    });
}

const FIELDS: [&str; 20] = [
    "id", "name", "pace", "absence", "capacity", "duration", "standard", "buffer", "backup", "promise", "value",
    "journey", "needed", "lag", "handoff", "silence", "strength", "kind", "cadence", "warmup",
];

proptest! {
    #![proptest_config(cases(1_500))]

    #[test]
    fn a_damaged_file_is_refused_or_runs(
        organization in organizations(),
        damages in proptest::collection::vec((any::<Index>(), bad_values(), proptest::option::of(select(&FIELDS[..]))), 1..3),
    ) {
        let mut document: Value = serde_json::from_str(&organization.to_json()).expect("JSON");
        for (place, bad, field) in damages {
            damage(&mut document, place, bad, field);
            if !document.is_object() {
                document = Value::Object(Map::new());
            }
        }
        let text = document.to_string();
        let (examined, findings) = Organization::examine_json(&text);
        match Organization::from_json(&text) {
            Err(error) => {
                prop_assert!(examined.is_none());
                prop_assert!(!findings.is_empty() && !error.to_string().is_empty());
            }
            Ok(damaged) => {
                prop_assert!(examined.is_some());
                let read = Organization::from_json(&damaged.to_json()).expect("what was written can be read");
                prop_assert_eq!(read.description(), damaged.description());
                let (mended, _) = damaged.mend_cycles().expect("what was accepted can be mended");
                let Ok(plan) = mended.plan() else { return Ok(()) };
                let _ = (plan.warnings(), plan.sustainable());
                let simulation = plan.simulate().rounds(plan.rounds().min(20)).warmup(0).replications(3).detail(Detail::Full);
                let Ok(trace) = simulation.trace(0) else { return Ok(()) };
                assert_sound(&trace);
                let outcome = simulation.run().expect("what can be traced can be run");
                prop_assert!(Outcome::from_json(&outcome.to_json()).expect("readable") == outcome);
            }
        }
    }
}
