//! `ripple`: the command line of `ripple-effect`. It reads files, calls the library, and prints what comes of it.

mod arguments;
mod compare;
mod explain;
mod generate;
mod improve;
mod merge;
mod new;
mod output;
mod run;
mod shock;
mod story;
mod watcher;

use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use ripple_effect::organization::Description;
use ripple_effect::{Error, Finding, Organization, Severity};

use arguments::{Arguments, Command, Format};

/// What can end a command early; each is said in its own way.
enum Failure {
    /// Problems of a model, of a run, or of what was asked.
    Problems(Vec<Finding>),
    /// A file that cannot be read or written.
    File(String),
    /// Whoever read the output has gone: nothing is left to say.
    Closed,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let more = error.and_more().to_vec();
        let findings = std::iter::once(error).chain(more);
        Self::Problems(findings.map(|problem| finding(Severity::Error, problem)).collect())
    }
}

fn finding(severity: Severity, problem: Error) -> Finding {
    Finding::new(severity, problem)
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::New { folder } => new::new(&folder),
        Command::Check { model } => check(&model),
        Command::Mend { model, out } => mend(&model, out.as_deref()),
        Command::Plan { model, set, format } => plan(&model, &set, format),
        Command::Run(run) => run::run(&run),
        Command::Merge(merge) => merge::merge(&merge),
        Command::Trace { model, replication, seed, rounds, set, format } => {
            trace(&model, replication, seed, rounds, &set, format)
        }
        Command::Generate(asked) => generate::generate(&asked),
        Command::Story(tell) => story::story(&tell),
        Command::Compare(asked) => compare::compare(&asked),
        Command::Improve(asked) => improve::improve(&asked),
        Command::Shock(drop) => shock::shock(&drop),
        Command::Explain(asked) => explain::explain(&asked),
        Command::Schema => print(&ripple_effect::schema()),
    };
    match result {
        Ok(()) | Err(Failure::Closed) => ExitCode::SUCCESS,
        Err(Failure::Problems(findings)) => {
            eprint!("{}", listed(&findings));
            ExitCode::FAILURE
        }
        Err(Failure::File(message)) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Problems as people read them, one after the other.
fn listed(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let severity = match finding.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let problem = &finding.problem;
        let place = if problem.path().is_empty() { "the model" } else { problem.path() };
        text.push_str(&format!(
            "{severity}: {place}\n  found    {}\n  allowed  {}\n  mend     {}\n",
            problem.found(),
            problem.allowed(),
            problem.mend()
        ));
    }
    text
}

/// Writes to standard output.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => Failure::Closed,
        _ => Failure::File(format!("standard output: {error}")),
    })
}

/// Writes to a file, at once, or to standard output where none is named.
fn write(text: &str, out: Option<&Path>) -> Result<(), Failure> {
    match out {
        None => print(text),
        Some(path) => Ok(ripple_effect::save_text(path, text)?),
    }
}

/// Reads a model's text; `-` is standard input.
fn read(model: &Path) -> Result<String, Failure> {
    let cannot = |error: std::io::Error| {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => " (`ripple new FOLDER` writes a model to start from)",
            std::io::ErrorKind::InvalidData => " (a model is a JSON file in UTF-8)",
            _ => "",
        };
        Failure::File(format!("{}: {error}{hint}", model.display()))
    };
    if model == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(cannot)?;
        return Ok(text);
    }
    std::fs::read_to_string(model).map_err(cannot)
}

/// Reads a model and changes what `--set` says.
fn organization(model: &Path, set: &[String]) -> Result<Organization, Failure> {
    let organization = Organization::from_json(&read(model)?)?;
    if set.is_empty() {
        return Ok(organization);
    }
    let mut description: Description = organization.description().clone();
    for change in set {
        let Some((path, value)) = change.split_once('=') else {
            return Err(Failure::File(format!(
                "--set {change:?}: write NAME.FIELD=VALUE, e.g. --set 'Ana.error_rate=0.1'"
            )));
        };
        description.set(path.trim(), value.trim())?;
    }
    Ok(Organization::new(description)?)
}

fn check(model: &Path) -> Result<(), Failure> {
    let (organization, mut findings) = Organization::examine_json(&read(model)?);
    let mut said = String::new();
    if let Some(organization) = organization {
        match organization.plan() {
            Ok(plan) => {
                findings.extend(plan.warnings());
                let description = organization.description();
                let services: usize = description.employees.iter().map(|employee| employee.services.len()).sum();
                said = format!(
                    "{}: {} in {}, {}, {}, {}. It can be run.\n",
                    description.name,
                    counted(description.employees.len(), "employee", "employees"),
                    counted(description.departments.len(), "department", "departments"),
                    counted(services, "service", "services"),
                    counted(description.dependencies.len(), "dependency", "dependencies"),
                    counted(description.customers.len(), "customer", "customers"),
                );
            }
            Err(error) => findings.push(finding(Severity::Error, error)),
        }
    }
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(Failure::Problems(findings));
    }
    print(&listed(&findings))?;
    print(&said)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn mend(model: &Path, out: Option<&Path>) -> Result<(), Failure> {
    let (mended, changes) = Organization::from_json(&read(model)?)?.mend_cycles()?;
    write(&mended.to_json(), out)?;
    for change in &changes {
        eprintln!("lag 1: dependencies[{}], {} -> {}", change.index, change.provider, change.receiver);
    }
    eprintln!("{} dependencies now use what was delivered a round ago.", changes.len());
    Ok(())
}

fn plan(model: &Path, set: &[String], format: Format) -> Result<(), Failure> {
    let plan = organization(model, set)?.plan()?;
    match format {
        Format::Text => print(&plan.report()),
        Format::Json => print(&output::plan_json(&plan)),
        Format::Csv => print(&output::plan_csv(&plan)?),
    }
}

fn trace(
    model: &Path,
    replication: u64,
    seed: u64,
    rounds: Option<u32>,
    set: &[String],
    format: Format,
) -> Result<(), Failure> {
    let mut simulation = organization(model, set)?.simulate()?.seed(seed);
    if let Some(rounds) = rounds {
        simulation = simulation.rounds(rounds);
    }
    let trace = simulation.trace(replication)?;
    match format {
        Format::Text => print(&trace.report()),
        Format::Json => print(&output::json(&trace)),
        Format::Csv => print(&output::trace_csv(&trace)?),
    }
}

/// Whether somebody watches the terminal.
fn watched() -> bool {
    std::io::stderr().is_terminal()
}
