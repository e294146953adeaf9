//! The documents: every command in them is run, every model in them is read, every link leads somewhere, and the
//! checked-in schema is that of the types. (Their Rust is run as doctests: see `documents` in src/lib.rs.)
//!
//! What the program prints stands in the documents as it is printed. After a change that was meant, refresh it with
//!
//!     TRYCMD=overwrite cargo test --features cli --test it documents::commands
//!     cargo run --features cli --bin ripple -- schema > docs/ripple-effect-1.schema.json
//!
//! and read the difference. A change of any figure breaks a promise (docs/reference/guarantees.md) unless the version of
//! the streams changes with it, or a defect was mended.

use std::fs;
use std::path::{Path, PathBuf};

use ripple_effect::Organization;
use serde_json::{Value, json};

const STARTER: &str = include_str!("../../src/bin/ripple/starter/model.json");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
}

/// README.md and everything in docs/, with its text.
fn documents() -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = [root().join("README.md")].into_iter().filter(|path| path.exists()).collect();
    files(&root().join("docs"), "md", &mut paths);
    let read = |path: PathBuf| (fs::read_to_string(&path).unwrap(), path);
    paths.into_iter().map(read).map(|(text, path)| (path, text)).collect()
}

/// A fenced block: the line on which it opens, what stands behind the fence, and what is inside.
struct Block {
    line: usize,
    info: String,
    body: String,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        match line.trim_start().strip_prefix("```") {
            Some(info) if !open => {
                blocks.push(Block { line: number + 1, info: info.trim().to_owned(), body: String::new() });
                open = true;
            }
            Some(_) => open = false,
            None if open => blocks.last_mut().unwrap().body.extend([line, "\n"]),
            None => {}
        }
    }
    assert!(!open, "a block that is not closed");
    blocks
}

/// People, departments and customers for fragments to refer to; everybody serves somebody, nobody waits for anybody.
fn stage() -> Value {
    let people = ["Ana", "Ben", "Cleo", "Dev", "Eva", "Omar"];
    let employee = |name: &str| match name {
        "Ana" => json!({"name": name, "services": [{"name": "account history", "duration": 1.0}]}),
        "Ben" => json!({"name": name, "services": [{"name": "answer", "duration": 1.0}]}),
        _ => json!({"name": name, "services": [{"duration": 1.0}]}),
    };
    json!({
        "format": "ripple-effect/1",
        "name": "A stage for fragments",
        "departments": [{"name": "Operations"}, {"name": "Branches"}, {"name": "Back office"}],
        "employees": people.map(employee),
        "customers": [{"name": "Customers"}, {"name": "Everybody"}],
        "dependencies": people.map(|name| json!({"provider": name, "receiver": "Everybody"})).into_iter()
            .chain([json!({"provider": "Ben", "receiver": "Customers", "id": "of the stage"})]).collect::<Vec<_>>(),
    })
}

fn add(model: &mut Value, list: &str, thing: Value) {
    model[list].as_array_mut().unwrap().push(thing);
}

/// The whole model that a fragment of this kind stands for.
fn whole(kind: &str, fragment: Value) -> Value {
    let mut model = stage();
    match kind {
        "settings" => {
            for (field, value) in fragment.as_object().unwrap() {
                model[field] = value.clone();
            }
        }
        "department" => add(&mut model, "departments", fragment),
        "employee" => {
            // Somebody of the stage may be described anew.
            model["employees"].as_array_mut().unwrap().retain(|other| other["name"] != fragment["name"]);
            add(&mut model, "employees", fragment);
        }
        "service" => {
            let employee = json!({"name": "Somebody", "department": "Operations", "services": [fragment]});
            add(&mut model, "employees", employee);
        }
        "customer" => {
            let name = fragment["name"].clone();
            add(&mut model, "customers", fragment);
            for provider in ["Ana", "Ben"] {
                add(&mut model, "dependencies", json!({"provider": provider, "receiver": name}));
            }
        }
        "dependency" => add(&mut model, "dependencies", fragment),
        "dependencies" => {
            for one in fragment.as_array().unwrap() {
                add(&mut model, "dependencies", one.clone());
            }
        }
        "distribution" => model["employees"][0]["services"][0]["duration"] = fragment,
        "distributions" => {
            for (index, one) in fragment.as_array().unwrap().iter().enumerate() {
                add(&mut model, "employees", json!({"name": format!("{index}"), "services": [{"duration": one}]}));
            }
        }
        other => panic!("json,{other}: say in tests/it/documents.rs what this is a fragment of"),
    }
    model
}

#[test]
fn models_and_fragments_can_be_run() {
    let mut seen = 0;
    for (path, text) in documents() {
        for block in blocks(&text) {
            let (language, kind) = block.info.split_once(',').unwrap_or((&block.info, ""));
            let place = format!("{}:{}", path.display(), block.line);
            assert_ne!(language, "", "{place}: a block must say what it holds");
            if language != "json" {
                continue;
            }
            seen += 1;
            let value: Value = serde_json::from_str(&block.body).unwrap_or_else(|error| panic!("{place}: {error}"));
            let model = if kind.is_empty() { block.body } else { whole(kind, value).to_string() };
            let organization = Organization::from_json(&model).unwrap_or_else(|error| panic!("{place}: {error}"));
            let simulation = organization.simulate().unwrap_or_else(|error| panic!("{place}: {error}"));
            simulation.replications(20).run().unwrap_or_else(|error| panic!("{place}: {error}"));
        }
    }
    assert!(seen >= 12, "{seen} blocks of JSON");
}

#[test]
fn rust_is_run() {
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for (path, text) in documents() {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let rust = blocks(&text).iter().any(|block| block.info.starts_with("rust"));
        assert!(!rust || library.contains(&name), "{name} holds Rust: include it in `documents` in src/lib.rs");
    }
}

/// How GitHub turns a heading into the name of its anchor.
fn anchor(heading: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    };
    heading.trim().to_lowercase().chars().filter_map(kept).collect()
}

fn anchors(text: &str) -> Vec<String> {
    let mut inside = false;
    let mut anchors = Vec::new();
    for line in text.lines() {
        inside ^= line.starts_with("```");
        if !inside && line.starts_with('#') {
            anchors.push(anchor(line.trim_start_matches('#')));
        }
    }
    anchors
}

#[test]
fn links_lead_somewhere() {
    let mut seen = 0;
    for (path, text) in documents() {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            if link.contains("://") || link.contains(char::is_whitespace) {
                continue;
            }
            seen += 1;
            let (file, heading) = link.split_once('#').map_or((link, None), |(file, heading)| (file, Some(heading)));
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(target.exists(), "{}: {link} leads nowhere", path.display());
            if let Some(heading) = heading {
                let found = anchors(&fs::read_to_string(&target).unwrap());
                assert!(found.iter().any(|a| a == heading), "{}: {link}: no such heading", path.display());
            }
        }
    }
    assert!(seen > 20, "{seen} links");
}

/// The models that come with the crate.
fn models() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    files(&root().join("examples/organizations"), "json", &mut paths);
    let read = |path: PathBuf| (path.display().to_string(), fs::read_to_string(path).unwrap());
    paths.into_iter().map(read).chain([("the starter".to_owned(), STARTER.to_owned())]).collect()
}

#[test]
fn models_that_come_with_the_crate_can_be_run() {
    for (name, text) in models() {
        let organization = Organization::from_json(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(organization.plan().unwrap().warnings().is_empty(), "{name}");
    }
}

#[cfg(feature = "schema")]
mod schema {
    use super::*;

    const CHECKED_IN: &str = include_str!("../../docs/ripple-effect-1.schema.json");

    #[test]
    fn is_that_of_the_types() {
        assert!(
            CHECKED_IN == ripple_effect::schema(),
            "docs/ripple-effect-1.schema.json is out of date: see the top of tests/it/documents.rs"
        );
    }

    #[test]
    fn accepts_what_can_be_run_and_refuses_misspelt_fields() {
        let schema: Value = serde_json::from_str(CHECKED_IN).unwrap();
        for (name, text) in models() {
            let model: Value = serde_json::from_str(&text).unwrap();
            fits(&schema, &schema, &model).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        }
        for (path, text) in documents() {
            for block in blocks(&text) {
                let Some(("json", kind)) =
                    block.info.split_once(',').or((block.info == "json").then_some(("json", "")))
                else {
                    continue;
                };
                let value: Value = serde_json::from_str(&block.body).unwrap();
                let model = if kind.is_empty() { value } else { whole(kind, value) };
                let place = format!("{}:{}", path.display(), block.line);
                fits(&schema, &schema, &model).unwrap_or_else(|problem| panic!("{place}: {problem}"));
            }
        }
        for (place, value) in [
            ("/custmers", json!([])),
            ("/employees/0/services/0/eror_rate", json!(0.1)),
            ("/employees/0/services/0/duration", json!({"pert": {"min": 1, "max": 2}})),
            ("/dependencies/0/lag", json!(-1)),
            ("/format", json!("ripple-effect/2")),
        ] {
            let mut model: Value = serde_json::from_str(STARTER).unwrap();
            let (parent, field) = place.rsplit_once('/').unwrap();
            model.pointer_mut(parent).unwrap()[field] = value;
            assert!(fits(&schema, &schema, &model).is_err(), "{place}");
        }
    }

    /// Structural validation by the keywords that the schema uses; any other keyword is a failure of this test.
    fn fits(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
        let Some(keywords) = schema.as_object() else { return Ok(()) };
        let number = |limit: &Value| (value.as_f64(), limit.as_f64().unwrap());
        for (keyword, rule) in keywords {
            let holds = match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" | "format" | "default" => true,
                "$ref" => {
                    let to = root.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap();
                    fits(root, to, value)?;
                    true
                }
                "type" => rule.as_array().map_or(vec![rule], |all| all.iter().collect()).iter().any(|name| match name
                    .as_str()
                    .unwrap()
                {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    other => panic!("type {other}"),
                }),
                "const" => rule == value,
                "enum" => rule.as_array().unwrap().contains(value),
                "minimum" => matches!(number(rule), (x, limit) if x.is_none_or(|x| x >= limit)),
                "maximum" => matches!(number(rule), (x, limit) if x.is_none_or(|x| x <= limit)),
                "minItems" => value.as_array().is_none_or(|all| all.len() as u64 >= rule.as_u64().unwrap()),
                "maxItems" => value.as_array().is_none_or(|all| all.len() as u64 <= rule.as_u64().unwrap()),
                "required" => value.as_object().is_none_or(|object| {
                    rule.as_array().unwrap().iter().all(|field| object.contains_key(field.as_str().unwrap()))
                }),
                "additionalProperties" => {
                    assert_eq!(rule, &Value::Bool(false));
                    let known = &keywords.get("properties").unwrap_or(&Value::Null);
                    value.as_object().is_none_or(|object| object.keys().all(|field| known.get(field).is_some()))
                }
                "properties" => {
                    for (field, rule) in rule.as_object().unwrap() {
                        if let Some(value) = value.get(field) {
                            fits(root, rule, value).map_err(|problem| format!("{field}: {problem}"))?;
                        }
                    }
                    true
                }
                "items" => {
                    for value in value.as_array().into_iter().flatten() {
                        fits(root, rule, value)?;
                    }
                    true
                }
                "anyOf" => rule.as_array().unwrap().iter().any(|one| fits(root, one, value).is_ok()),
                "oneOf" => rule.as_array().unwrap().iter().filter(|one| fits(root, one, value).is_ok()).count() == 1,
                other => panic!("the keyword {other} of JSON Schema is not known to this test"),
            };
            if !holds {
                return Err(format!("{keyword} {rule} does not hold for {value}"));
            }
        }
        Ok(())
    }
}

/// The starter with what the tutorial adds to it, in the order in which it stands there.
#[cfg(feature = "cli")]
fn tutorial_model(tutorial: &str) -> String {
    let mut model: Value = serde_json::from_str(STARTER).unwrap();
    for block in blocks(tutorial) {
        match block.info.as_str() {
            "json,employee" => add(&mut model, "employees", serde_json::from_str(&block.body).unwrap()),
            "json,dependency" => add(&mut model, "dependencies", serde_json::from_str(&block.body).unwrap()),
            _ => {}
        }
    }
    serde_json::to_string_pretty(&model).unwrap()
}

/// Runs every `console` block, those of one document one after the other in a folder of their own. The folder holds
/// what the documents speak of: the examples and the starter under examples/organizations, and the tutorial's
/// `my-organisation/with-cleo.json`.
#[cfg(feature = "cli")]
#[test]
fn commands() {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents();
    let tutorial = fs::read_to_string(root().join("docs/tutorial.md")).unwrap();
    let mut copies = Vec::new();
    for (path, text) in &documents {
        if !text.contains("```console") {
            continue;
        }
        let copy = folder.path().join(path.strip_prefix(root()).unwrap());
        let inside = copy.with_extension("in");
        fs::create_dir_all(inside.join("my-organisation")).unwrap();
        fs::create_dir_all(inside.join("examples/organizations")).unwrap();
        for (name, text) in models() {
            let name = Path::new(&name).file_name().unwrap().to_owned();
            fs::write(inside.join("examples/organizations").join(name), text).unwrap();
        }
        fs::write(inside.join("my-organisation/with-cleo.json"), tutorial_model(&tutorial)).unwrap();
        fs::write(&copy, text).unwrap();
        copies.push((copy, path));
    }
    let cases = trycmd::TestCases::new();
    for (copy, _) in &copies {
        cases.case(copy);
    }
    cases.register_bin("ripple", trycmd::cargo::cargo_bin("ripple"));
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cases.run()));
    if std::env::var("TRYCMD").as_deref() == Ok("overwrite") {
        for (copy, path) in &copies {
            fs::copy(copy, path).unwrap();
        }
    }
    if let Err(failed) = outcome {
        std::panic::resume_unwind(failed);
    }
}
