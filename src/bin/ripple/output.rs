//! JSON and tidy tables.

use ripple_effect::ripple::{Harm, Ranking};
use ripple_effect::{Estimate, Plan, Ripple, Summary, Trace};
use serde::Serialize;
use serde_json::{Value, json};

use crate::Failure;

/// The columns of a table of figures.
const FIGURES: [&str; 6] = ["section", "name", "figure", "estimate", "low", "high"];

/// Pretty-printed JSON with a line break at its end.
pub(crate) fn json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

pub(crate) fn plan_json(plan: &Plan) -> String {
    let customer = |(name, planned_wait, promise): (String, f64, f64)| json!({"name": name, "planned_wait": planned_wait, "promise": promise});
    json(&json!({
        "services": plan.timetable(),
        "customers": plan.customer_waits().into_iter().map(customer).collect::<Vec<_>>(),
        "cadence": plan.cadence(),
        "sustainable_cadence": plan.sustainable(),
        "rounds": plan.rounds(),
        "warmup": plan.warmup(),
        "warnings": plan.warnings().iter().map(ToString::to_string).collect::<Vec<_>>(),
    }))
}

pub(crate) fn plan_csv(plan: &Plan) -> Result<String, Failure> {
    rows(&["service", "employee", "department", "ready", "start", "finish"], |table| {
        for row in plan.timetable() {
            table.push(vec![
                row.service,
                row.employee,
                row.department.unwrap_or_default(),
                row.ready.to_string(),
                row.start.to_string(),
                row.finish.to_string(),
            ]);
        }
    })
}

pub(crate) fn trace_csv(trace: &Trace) -> Result<String, Failure> {
    rows(&["round", "kind", "name", "event", "value"], |table| {
        for round in &trace.rounds {
            let mut push = |kind: &str, name: &str, thing: Value| {
                for (event, value) in thing.as_object().into_iter().flatten() {
                    let value = match value {
                        Value::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    table.push(vec![round.round.to_string(), kind.into(), name.into(), event.clone(), value]);
                }
            };
            push("round", "", json!({"release": round.release, "absent": round.absent.join("; ")}));
            for service in &round.services {
                push("service", &service.service, serde_json::to_value(service).unwrap_or_default());
            }
            for dependency in &round.dependencies {
                push("dependency", &dependency.dependency, serde_json::to_value(dependency).unwrap_or_default());
            }
            for customer in &round.customers {
                push("customer", &customer.customer, serde_json::to_value(customer).unwrap_or_default());
            }
        }
    })
}

/// All figures, one a row.
pub(crate) fn summary_csv(summary: &Summary) -> Result<String, Failure> {
    let written = serde_json::to_value(summary).unwrap_or_default();
    rows(&FIGURES, |table| {
        for section in ["customers", "services", "dependencies", "employees", "departments", "rounds"] {
            for thing in written[section].as_array().into_iter().flatten() {
                figures(section, "", "", thing, table);
            }
        }
        figures("climate", "", "", &written["climate"], table);
    })
}

/// All figures of a ripple, one a row.
pub(crate) fn ripple_csv(ripple: &Ripple) -> Result<String, Failure> {
    let written = serde_json::to_value(ripple).unwrap_or_default();
    rows(&FIGURES, |table| {
        for section in ["customers", "people", "services", "departments", "rings", "by_round"] {
            for thing in written[section].as_array().into_iter().flatten() {
                figures(section, "", "", thing, table);
            }
        }
        for (round, out) in ripple.died_out.by.iter().enumerate() {
            table.push(row("by_round", &round.to_string(), "died_out", *out));
        }
    })
}

/// What each shock does to all customers, and to each, one figure a row.
pub(crate) fn ranking_csv(ranking: &Ranking) -> Result<String, Failure> {
    rows(&FIGURES, |table| {
        let mut push = |section: &str, name: &str, harm: &Harm| {
            table.push(row(section, name, "hit", harm.hit));
            table.push(row(section, name, "extra_wait", harm.extra_wait));
            table.push(row(section, name, "late", harm.late));
            table.push(row(section, name, "extra_errors", harm.extra_errors));
            table.push(row(section, name, "satisfaction_lost", harm.satisfaction_lost));
            table.push(row(section, name, "perfect_lost", harm.perfect_lost));
            table.push(row(section, name, "value_lost", harm.value_lost));
        };
        for one in &ranking.shocks {
            push("shocks", &one.shock, &one.total);
            for (customer, harm) in &one.customers {
                push("shocks.customers", &format!("{} / {customer}", one.shock), harm);
            }
        }
    })
}

fn row(section: &str, name: &str, figure: &str, of: Estimate) -> Vec<String> {
    let cell = |value: Option<f64>| value.map_or(String::new(), |value| Value::from(value).to_string());
    vec![section.into(), name.into(), figure.into(), cell(of.estimate), cell(of.low), cell(of.high)]
}

/// Walks through a thing: what has an estimate is a row, a number alone is one without an interval, lists of things are
/// sections of their own.
fn figures(section: &str, of: &str, prefix: &str, thing: &Value, table: &mut Vec<Vec<String>>) {
    let Value::Object(fields) = thing else { return };
    let called = ["id", "name", "service", "provider", "round", "ring"].iter().find_map(|key| fields.get(*key));
    let called = match called {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let name = match (of, called.as_str()) {
        ("", called) => called.to_owned(),
        (of, "") => of.to_owned(),
        (of, called) => format!("{of} / {called}"),
    };
    for (key, value) in fields {
        let figure = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let cell = |value: Option<&Value>| match value {
            None | Some(Value::Null) => String::new(),
            Some(value) => value.to_string(),
        };
        match value {
            Value::Object(inner) if inner.contains_key("estimate") => table.push(vec![
                section.into(),
                name.clone(),
                figure,
                cell(inner.get("estimate")),
                cell(inner.get("low")),
                cell(inner.get("high")),
            ]),
            Value::Object(_) => figures(section, &name, &figure, value, table),
            Value::Number(_) if key != "round" && !(key == "ring" && section == "rings") => {
                table.push(vec![section.into(), name.clone(), figure, value.to_string(), String::new(), String::new()]);
            }
            Value::Array(inner) => {
                for thing in inner {
                    figures(&format!("{section}.{key}"), &name, "", thing, table);
                }
            }
            _ => {}
        }
    }
}

pub(crate) fn rows(header: &[&str], fill: impl FnOnce(&mut Vec<Vec<String>>)) -> Result<String, Failure> {
    let mut table = Vec::new();
    fill(&mut table);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer
        .write_record(header)
        .and_then(|()| table.iter().try_for_each(|row| writer.write_record(row)))
        .map_err(|error| Failure::File(error.to_string()));
    written?;
    let bytes = writer.into_inner().map_err(|error| Failure::File(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
