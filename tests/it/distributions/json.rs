//! The JSON form, and what is refused.

use ripple_effect::{Distribution, ErrorKind};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Service {
    duration: Distribution,
}

fn read(json: &str) -> Result<Distribution, (String, String)> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let service: Result<Service, _> = serde_path_to_error::deserialize(&mut reader);
    service.map(|s| s.duration).map_err(|e| (e.path().to_string(), e.inner().to_string()))
}

#[test]
fn every_family_comes_back() {
    for json in [
        r#"2.5"#,
        r#"0.1"#,
        r#"{"uniform":{"min":1.0,"max":4.0}}"#,
        r#"{"triangular":{"min":1.0,"mode":2.0,"max":4.0}}"#,
        r#"{"pert":{"min":0.5,"mode":1.0,"max":4.0}}"#,
        r#"{"exponential":{"mean":0.5}}"#,
        r#"{"erlang":{"shape":3,"mean":2.0}}"#,
        r#"{"gamma":{"shape":2.5,"scale":2.0}}"#,
        r#"{"lognormal":{"mean":3.0,"sd":1.0}}"#,
        r#"{"lognormal":{"median":2.0,"p90":6.0}}"#,
        r#"{"weibull":{"shape":1.5,"scale":2.0}}"#,
        r#"{"normal":{"mean":3.0,"sd":1.0}}"#,
        r#"{"beta":{"a":2.0,"b":3.0,"min":0.0,"max":1.0}}"#,
        r#"{"empirical":{"values":[1.0,2.0]}}"#,
        r#"{"empirical":{"values":[1.0,2.0],"weights":[1.0,3.0]}}"#,
        r#"{"mixture":[{"weight":0.9,"of":1.0},{"weight":0.1,"of":{"exponential":{"mean":8.0}}}]}"#,
        r#"{"shifted":{"by":1.0,"of":{"pert":{"min":0.5,"mode":1.0,"max":4.0}}}}"#,
    ] {
        let of: Distribution = serde_json::from_str(json).unwrap_or_else(|e| panic!("{json}: {e}"));
        assert_eq!(serde_json::to_string(&of).unwrap(), json);
        assert!(of.validate().is_ok(), "{json}");
    }
    let constant: Distribution = serde_json::from_str(r#"{"constant": {"value": 2}}"#).unwrap();
    assert_eq!(constant, Distribution::from(2.0));
    assert_eq!(serde_json::to_string(&constant).unwrap(), "2.0");
    assert_eq!(serde_json::from_str::<Distribution>("-3").unwrap(), Distribution::from(-3.0));
}

#[test]
fn what_cannot_be_read_says_where() {
    for (json, path, message) in [
        (r#"{"duration": {"pert": {"min": 0.5, "mode": "x", "max": 4}}}"#, "duration.pert.mode", "invalid type"),
        (r#"{"duration": {"pert": {"min": 0.5, "mod": 1, "max": 4}}}"#, "duration.pert.mod", "unknown field `mod`"),
        (r#"{"duration": {"pert": {"min": 0.5, "max": 4}}}"#, "duration.pert", "missing field `mode`"),
        (r#"{"duration": {"prt": {"min": 0.5, "max": 4}}}"#, "duration", "unknown variant `prt`"),
        (r#"{"duration": {"erlang": {"shape": 1.5, "mean": 4}}}"#, "duration.erlang.shape", "invalid type"),
        (r#"{"duration": {"lognormal": {"mean": 1, "p90": 4}}}"#, "duration.lognormal", "either `mean` and `sd`"),
        (r#"{"duration": {"lognormal": {"mean": 1, "sd": null}}}"#, "duration.lognormal.sd", "invalid type"),
        (
            r#"{"duration": {"mixture": [{"weight": 1, "of": {"pert": {"min": true}}}]}}"#,
            "duration.mixture[0].of.pert.min",
            "invalid type",
        ),
        (
            r#"{"duration": {"mixture": [{"weight": 1, "of": 1, "x": 1}]}}"#,
            "duration.mixture[0].x",
            "unknown field `x`",
        ),
        (r#"{"duration": {"shifted": {"by": 1, "of": {"gamma": []}}}}"#, "duration.shifted.of.gamma", "invalid"),
        (r#"{"duration": {"uniform": {"min": 0, "max": 1}, "x": 1}}"#, "duration", "found `x` as well"),
        (r#"{"duration": {}}"#, "duration", "invalid type"),
        (r#"{"duration": "2 h"}"#, "duration", "expected a number of hours"),
        (r#"{"duration": null}"#, "duration", "expected a number of hours"),
    ] {
        let (found, text) = read(json).unwrap_err();
        assert!(found.starts_with(path) && text.contains(message), "{json}: at {found}: {text}");
    }
}

#[test]
fn what_is_out_of_range_says_where() {
    let nested = |depth: usize| (0..depth).fold(Distribution::exponential(1.0), |of, _| Distribution::shifted(0.0, of));
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    for (of, path) in [
        (Distribution::from(-1.0), ""),
        (Distribution::from(nan), ""),
        (Distribution::from(1_048_576.5), ""),
        (Distribution::uniform(-1.0, 1.0), "uniform.min"),
        (Distribution::uniform(2.0, 1.0), "uniform.max"),
        (Distribution::uniform(0.0, inf), "uniform.max"),
        (Distribution::triangular(1.0, 0.5, 2.0), "triangular.mode"),
        (Distribution::pert(1.0, 5.0, 2.0), "pert.mode"),
        (Distribution::pert(1.0, nan, 2.0), "pert.mode"),
        (Distribution::exponential(-0.5), "exponential.mean"),
        (Distribution::erlang(0, 1.0), "erlang.shape"),
        (Distribution::erlang(1, -1.0), "erlang.mean"),
        (Distribution::gamma(0.0, 1.0), "gamma.shape"),
        (Distribution::gamma(1.0, nan), "gamma.scale"),
        (Distribution::gamma(1e6, 1e3), ""),
        (Distribution::lognormal(1.0, -1.0), "lognormal.sd"),
        (Distribution::lognormal(0.0, 1.0), "lognormal.sd"),
        (Distribution::lognormal_median_p90(2.0, 1.0), "lognormal.p90"),
        (Distribution::lognormal_median_p90(0.0, 1.0), "lognormal.p90"),
        (Distribution::weibull(1e7, 1.0), "weibull.shape"),
        (Distribution::weibull(0.05, 1.0), ""),
        (Distribution::normal(-1.0, 1.0), "normal.mean"),
        (Distribution::normal(1.0, nan), "normal.sd"),
        (Distribution::beta(0.0, 1.0, 0.0, 1.0), "beta.a"),
        (Distribution::beta(1.0, nan, 0.0, 1.0), "beta.b"),
        (Distribution::beta(1.0, 1.0, 2.0, 1.0), "beta.max"),
        (Distribution::empirical([0.0; 0]), "empirical.values"),
        (Distribution::empirical([1.0, -2.0]), "empirical.values[1]"),
        (Distribution::weighted([1.0, 2.0], [1.0]), "empirical.weights"),
        (Distribution::weighted([1.0, 2.0], [1.0, nan]), "empirical.weights[1]"),
        (Distribution::weighted([1.0, 2.0], [0.0, 0.0]), "empirical.weights"),
        (Distribution::mixture([(1.0, 1.0); 0]), "mixture"),
        (Distribution::mixture([(1.0, 1.0), (-1.0, 2.0)]), "mixture[1].weight"),
        (Distribution::mixture([(1.0, 1.0), (1.0, -2.0)]), "mixture[1].of"),
        (Distribution::mixture([(1.0, Distribution::pert(1.0, 9.0, 2.0))]), "mixture[0].of.pert.mode"),
        (Distribution::shifted(-1.0, 1.0), "shifted.by"),
        (Distribution::shifted(1e6, 1e6), ""),
        (Distribution::shifted(1.0, Distribution::exponential(nan)), "shifted.of.exponential.mean"),
        (nested(16), "shifted.of.".repeat(16).trim_end_matches('.')),
    ] {
        let error = of.validate().expect_err(&format!("{of:?}"));
        assert_eq!((error.path(), error.kind()), (path, ErrorKind::Range), "{of:?}");
        assert!(!error.found().is_empty() && !error.allowed().is_empty() && error.mend().ends_with('.'), "{error}");
        assert!(of.mean().is_nan() && of.variance().is_nan() && of.cdf(1.0).is_nan() && of.quantile(0.5).is_nan());
    }
    assert!(nested(15).validate().is_ok());
    let all = Distribution::pert(-1.0, 2.0, nan).validate().unwrap_err();
    assert_eq!((all.path(), all.and_more().len()), ("pert.min", 1));
    assert!(Distribution::from(1.0).quantile(1.5).is_nan() && Distribution::from(1.0).cdf(nan).is_nan());
}

/// A number or one object for each family, the recursion closed by references.
#[cfg(feature = "schema")]
#[test]
fn the_schema_names_every_family() {
    let schema = schemars::schema_for!(Distribution).to_value();
    let accepted = schema["anyOf"].as_array().unwrap();
    assert_eq!(accepted[0]["type"], "number");
    let families: Vec<&String> =
        accepted[1..].iter().flat_map(|family| family["properties"].as_object().unwrap().keys()).collect();
    let text = read(r#"{"duration": {"none of them": 1}}"#).unwrap_err().1;
    assert_eq!(families.len(), 14);
    for family in families {
        assert!(text.contains(&format!("`{family}`")), "{family} is not in: {text}");
    }
    assert_eq!(schema["$defs"]["Component"]["properties"]["of"]["$ref"], "#");
    assert_eq!(accepted[4]["properties"]["pert"]["required"], serde_json::json!(["min", "mode", "max"]));
}
