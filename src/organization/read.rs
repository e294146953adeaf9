//! JSON in: the first syntax error alone, or every problem of shape and meaning at once.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::description::{Customer, Department, Dependency, Description, Employee};
use super::{Organization, names};
use crate::{Error, ErrorKind};

/// Above this size only the first problem of shape is looked for.
const LARGE: usize = 64 << 20;
/// More problems than these in one element are not looked for.
const PROBLEMS_AN_ELEMENT: usize = 32;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It can be run, but is probably not what was meant.
    Warning,
    /// It cannot be run.
    Error,
}

/// Something that was found when a model was checked.
///
/// ```
/// use ripple_effect::Organization;
/// let (organization, findings) = Organization::examine_json("{");
/// assert!(organization.is_none());
/// assert!(findings[0].to_string().starts_with("error: line 1, column 1"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where, what, what is allowed, and how to mend it.
    pub problem: Error,
}

impl Finding {
    /// A problem of this severity.
    #[must_use]
    pub fn new(severity: Severity, problem: Error) -> Self {
        Self { severity, problem }
    }

    pub(crate) fn error(problem: Error) -> Self {
        Self { severity: Severity::Error, problem }
    }

    pub(crate) fn warning(problem: Error) -> Self {
        Self { severity: Severity::Warning, problem }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}: {}", self.problem)
    }
}

/// The errors among the findings as one.
pub(super) fn first_error(findings: Vec<Finding>) -> Error {
    let errors = findings.into_iter().filter(|f| f.severity == Severity::Error).map(|f| f.problem).collect();
    Error::first_of(errors).unwrap_or_else(|| {
        Error::new(
            ErrorKind::Shape,
            "",
            "a model that cannot be read",
            "a `ripple-effect/1` model",
            "Start from `ripple new`.",
        )
    })
}

pub(super) fn examine(text: &str) -> (Option<Organization>, Vec<Finding>) {
    match strict(text) {
        Ok(description) => Organization::examine(description),
        Err(Failure::Syntax(error)) => (None, vec![Finding::error(error)]),
        Err(Failure::Shape(error)) => {
            let (repaired, mut findings) = lenient(text, error);
            if let Some(description) = repaired {
                let spoilt: Vec<String> = findings.iter().map(|f| f.problem.path().to_owned()).collect();
                let (_, meaning) = Organization::examine(description);
                findings.extend(meaning.into_iter().filter(|finding| {
                    let path = finding.problem.path();
                    !spoilt.iter().any(|spoilt| lies_in(path, spoilt) || lies_in(spoilt, path))
                }));
            }
            (None, findings)
        }
    }
}

enum Failure {
    Syntax(Error),
    Shape(Error),
}

fn strict(text: &str) -> Result<Description, Failure> {
    let text = text.trim_start_matches('\u{feff}');
    if let Some(first) = text.trim_start().chars().next()
        && first != '{'
    {
        let found = if first == '[' { "a list".to_owned() } else { format!("{first:?} at the start") };
        return Err(Failure::Syntax(Error::new(
            ErrorKind::Syntax,
            "line 1, column 1",
            found,
            "a JSON object",
            "Begin with {\"format\": \"ripple-effect/1\", ...}; `ripple new` writes a model to start from.",
        )));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let parsed = serde_path_to_error::deserialize(&mut reader);
    match parsed {
        Ok(description) => match reader.end() {
            Ok(()) => Ok(description),
            Err(error) => Err(Failure::Syntax(syntax(&error))),
        },
        Err(error) => {
            if error.inner().is_data() {
                Err(Failure::Shape(shape(&join("", &error.path().to_string()), &error.inner().to_string()).1))
            } else {
                Err(Failure::Syntax(syntax(error.inner())))
            }
        }
    }
}

fn syntax(error: &serde_json::Error) -> Error {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let mend = if error.is_eof() {
        "The text ends too early: is a bracket open, or the file cut off?"
    } else {
        "Look for a missing comma, quote or bracket just before this place."
    };
    Error::new(ErrorKind::Syntax, format!("line {}, column {}", error.line(), error.column()), message, "JSON", mend)
}

/// A problem of shape in a thing called `name`.
pub(super) fn shape_error(name: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    shape(&join(name, &error.path().to_string()), &error.inner().to_string()).1
}

/// What a problem of shape asks of a repair.
enum Repair {
    Remove,
    Insert(String),
}

/// Turns serde's words into ours.
fn shape(path: &str, message: &str) -> (Repair, Error) {
    let message = message.split(" at line ").next().unwrap_or_default();
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    let expected = message.split_once(", expected ").map_or("", |(_, expected)| expected);
    let options: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let allowed = if options.is_empty() { expected.to_owned() } else { options.join(", ") };
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let name = quoted(message);
        let what = if message.starts_with("unknown field") { "a field" } else { "a word" };
        let mend = names::nearest(&name, options.iter().copied(), "Remove it, or use one of those allowed.");
        let allowed = if allowed.is_empty() { "no fields here".to_owned() } else { allowed };
        let error =
            Error::new(ErrorKind::Shape, path, format!("{what} {name:?} that is not known here"), allowed, mend);
        (Repair::Remove, error)
    } else if message.starts_with("missing field") {
        let name = quoted(message);
        let error = Error::new(
            ErrorKind::Shape,
            join(path, &name),
            "nothing",
            format!("the field {name:?} must be there"),
            format!("Add \"{name}\"."),
        );
        (Repair::Insert(name), error)
    } else if message.starts_with("duplicate field") {
        let name = quoted(message);
        let error = Error::new(
            ErrorKind::Shape,
            path,
            format!("the field {name:?} twice"),
            "each field once",
            "Remove one of the two.",
        );
        (Repair::Remove, error)
    } else {
        let found = message.split(", expected ").next().unwrap_or(message);
        let found = found.trim_start_matches("invalid type: ").trim_start_matches("invalid value: ");
        let allowed = match allowed.as_str() {
            "" => "what the schema says (`ripple schema`)",
            "f64" => "a number",
            "u32" => "a whole number, 0 or more",
            "a sequence" => "a list [...]",
            other => other,
        };
        let mend = "Write it as the file format says (docs/reference/file-format.md).";
        (Repair::Remove, Error::new(ErrorKind::Shape, path, found, allowed, mend))
    }
}

/// Reads each element on its own, notes every problem of shape and repairs it, so that meaning can be checked too.
/// `None` where something could not be repaired.
fn lenient(text: &str, first: Error) -> (Option<Description>, Vec<Finding>) {
    if text.len() > LARGE {
        return (None, vec![Finding::error(first)]);
    }
    let mut whole = match serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(whole)) => whole,
        Ok(_) => return (None, vec![Finding::error(first)]),
        Err(error) => return (None, vec![Finding::error(syntax(&error))]),
    };
    let mut findings = Vec::new();
    let departments = elements::<Department>(&mut whole, "departments", &mut findings);
    let employees = elements::<Employee>(&mut whole, "employees", &mut findings);
    let customers = elements::<Customer>(&mut whole, "customers", &mut findings);
    let dependencies = elements::<Dependency>(&mut whole, "dependencies", &mut findings);
    let rest = element::<Description>(Value::Object(whole), "", &mut findings);
    if findings.is_empty() {
        // Only the strict reading sees it, e.g. a field that is there twice.
        findings.push(Finding::error(first));
    }
    let description = (|| {
        let mut description = rest?;
        description.departments = departments?;
        description.employees = employees?;
        description.customers = customers?;
        description.dependencies = dependencies?;
        Some(description)
    })();
    (description, findings)
}

fn elements<T: DeserializeOwned>(
    whole: &mut Map<String, Value>,
    field: &str,
    findings: &mut Vec<Finding>,
) -> Option<Vec<T>> {
    match whole.remove(field) {
        None => Some(Vec::new()),
        Some(Value::Array(values)) => {
            let read = |(index, value)| element(value, &format!("{field}[{index}]"), findings);
            let read: Vec<Option<T>> = values.into_iter().enumerate().map(read).collect();
            read.into_iter().collect()
        }
        Some(other) => {
            findings.push(Finding::error(Error::new(
                ErrorKind::Shape,
                field,
                kind_of(&other),
                "a list [...]",
                "Put square brackets around its elements.",
            )));
            None
        }
    }
}

fn kind_of(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "true or false".into(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the text {text:?}"),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object {...}".into(),
    }
}

fn element<T: DeserializeOwned>(mut value: Value, prefix: &str, findings: &mut Vec<Finding>) -> Option<T> {
    if !value.is_object() {
        findings.push(Finding::error(Error::new(
            ErrorKind::Shape,
            prefix,
            kind_of(&value),
            "an object {...}",
            "Write its fields between braces.",
        )));
        return None;
    }
    for _ in 0..PROBLEMS_AN_ELEMENT {
        let error = match serde_path_to_error::deserialize::<_, T>(value.clone()) {
            Ok(read) => return Some(read),
            Err(error) => error,
        };
        let path = error.path().to_string();
        let (repair, mut problem) = shape(&join(prefix, &path), &error.inner().to_string());
        let steps = steps(&path);
        if let Repair::Remove = repair
            && let Some(Value::Number(number)) = at(&mut value, &steps)
            && problem.found().starts_with("floating point")
        {
            let found = format!("the number {number}");
            problem = Error::new(ErrorKind::Shape, problem.path(), found, problem.allowed(), problem.mend());
        }
        findings.push(Finding::error(problem));
        let mended = match repair {
            Repair::Remove => remove(&mut value, &steps),
            Repair::Insert(field) => match at(&mut value, &steps) {
                Some(Value::Object(object)) => {
                    let stand_in = if matches!(field.as_str(), "name" | "provider" | "receiver" | "group" | "employee")
                    {
                        json!(prefix.replace('.', " "))
                    } else if field == "format" {
                        json!("ripple-effect/1")
                    } else {
                        json!(0)
                    };
                    object.insert(field, stand_in).is_none()
                }
                _ => false,
            },
        };
        if !mended {
            return None;
        }
    }
    None
}

/// Whether a path is another one or lies inside of it.
fn lies_in(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']) || other.is_empty())
}

fn join(prefix: &str, path: &str) -> String {
    match (prefix, path) {
        (prefix, "." | "") => prefix.to_owned(),
        ("", path) => path.to_owned(),
        (prefix, path) => format!("{prefix}.{path}"),
    }
}

enum Step {
    Field(String),
    Index(usize),
}

/// `services[0].duration.pert.mode` as steps.
fn steps(path: &str) -> Vec<Step> {
    if path == "." {
        return Vec::new();
    }
    let mut steps = Vec::new();
    for part in path.split('.') {
        let mut pieces = part.split('[');
        if let Some(field) = pieces.next().filter(|field| !field.is_empty()) {
            steps.push(Step::Field(field.to_owned()));
        }
        for index in pieces {
            if let Ok(index) = index.trim_end_matches(']').parse() {
                steps.push(Step::Index(index));
            }
        }
    }
    steps
}

fn at<'v>(value: &'v mut Value, steps: &[Step]) -> Option<&'v mut Value> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Field(field) => value.get_mut(field.as_str()),
        Step::Index(index) => value.get_mut(*index),
    })
}

/// Removes the field at the path; an element of a list, or a required part of something, goes with what holds it.
fn remove(value: &mut Value, steps: &[Step]) -> bool {
    for length in (1..=steps.len()).rev() {
        let (Step::Field(field), parents) = (&steps[length - 1], &steps[..length - 1]) else { continue };
        if let Some(Value::Object(object)) = at(value, parents) {
            return object.remove(field).is_some();
        }
    }
    false
}
