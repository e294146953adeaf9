//! Replications as an event log for process mining: XES (IEEE 1849-2016).

use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

use super::replay::{Job, Replay};
use crate::plan::To;
use crate::{Error, ErrorKind, Simulation, Trace};

/// A log of replications, as process-mining tools read it.
///
/// A *trace* is one engagement: one customer in one round of one replication. It holds the work of that round that the
/// customer's engagement used, with its start and its completion; the chasing of colleagues who did not answer, and the
/// putting right of mistakes that were noticed; and when the customer asked and had everything. Work that two customers
/// used stands in the traces of both, and work of earlier rounds in the traces of those rounds alone.
///
/// | of an event | is |
/// |---|---|
/// | `concept:name` | the service, or `ask again: ...`, `put right: ...`, `asks`, `has everything` |
/// | `org:resource`, `org:group` | who did it, and their department |
/// | `time:timestamp` | the first day and the hours of the model, to the millisecond: an hour is an hour, nights are not added |
/// | `lifecycle:transition` | `start` or `complete` |
///
/// ```
/// use ripple_effect::{Organization, story::EventLog};
///
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides("stock list", 2.0))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Guests", "stock list")
///     .build()?;
/// let mut log = Vec::new();
/// EventLog::new(&shop.simulate()?).replications(0..10).write(&mut log)?;
/// assert!(String::from_utf8_lossy(&log).contains("2001-01-01T02:00:00.000+00:00"));
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct EventLog {
    simulation: Simulation,
    replications: Range<u64>,
    first_day: (i32, u32, u32),
}

impl EventLog {
    /// A log of the first replication, which begins on Monday, 1 January 2001, unless more is said.
    #[must_use]
    pub fn new(simulation: &Simulation) -> Self {
        Self { simulation: simulation.clone(), replications: 0..1, first_day: (2001, 1, 1) }
    }

    /// Which replications.
    #[must_use]
    pub fn replications(mut self, replications: Range<u64>) -> Self {
        self.replications = replications;
        self
    }

    /// The day on which every replication begins, at midnight UTC: year `1..=8000`, month, day.
    #[must_use]
    pub fn begins(mut self, year: i32, month: u32, day: u32) -> Self {
        self.first_day = (year, month, day);
        self
    }

    /// Writes the log, a replication at a time: memory does not grow with their number.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if it cannot be written; [`ErrorKind::Range`] if there is no such day; as
    /// [`trace`](Simulation::trace).
    pub fn write(&self, to: &mut impl Write) -> Result<(), Error> {
        let (year, month, day) = self.first_day;
        if !(1..=8000).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
            return Err(Error::new(
                ErrorKind::Range,
                "begins",
                format!("{year:04}-{month:02}-{day:02}"),
                "a day of the years 1 to 8000",
                "Name a day that there is.",
            ));
        }
        self.simulation.check()?;
        let mut writer = Writer::new_with_indent(to, b' ', 1);
        let mut failed = None;
        self.log(&mut writer, &mut failed).map_err(io)?;
        match failed {
            Some(error) => Err(error),
            None => writer.into_inner().write_all(b"\n").map_err(io),
        }
    }

    fn log<W: Write>(&self, writer: &mut Writer<W>, failed: &mut Option<Error>) -> std::io::Result<()> {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let plan = self.simulation.plan();
        let log = writer.create_element("log").with_attributes([
            ("xes.version", "1849.2016"),
            ("xes.features", "nested-attributes"),
            ("xmlns", "http://www.xes-standard.org/"),
        ]);
        log.write_inner_content(|writer| {
            for (name, prefix) in
                [("Concept", "concept"), ("Organizational", "org"), ("Time", "time"), ("Lifecycle", "lifecycle")]
            {
                let uri = format!("http://www.xes-standard.org/{prefix}.xesext");
                let of = [("name", name), ("prefix", prefix), ("uri", uri.as_str())];
                writer.create_element("extension").with_attributes(of).write_empty()?;
            }
            global(writer, "trace", &[("concept:name", "")])?;
            let of_events = [("concept:name", ""), ("org:resource", ""), ("lifecycle:transition", "complete")];
            global(writer, "event", &of_events)?;
            let of = [("name", "Activity"), ("keys", "concept:name")];
            writer.create_element("classifier").with_attributes(of).write_empty()?;
            string(writer, "concept:name", &plan.organization.description().name)?;
            string(writer, "lifecycle:model", "standard")?;
            for replication in self.replications.clone() {
                match self.simulation.trace(replication) {
                    Ok(trace) => self.replication(writer, &trace, failed)?,
                    Err(error) => *failed = Some(error),
                }
                if failed.is_some() {
                    break;
                }
            }
            Ok(())
        })?;
        Ok(())
    }

    fn replication<W: Write>(
        &self,
        writer: &mut Writer<W>,
        trace: &Trace,
        failed: &mut Option<Error>,
    ) -> std::io::Result<()> {
        let replay = match Replay::new(self.simulation.plan(), trace) {
            Ok(replay) => replay,
            Err(error) => {
                *failed = Some(error);
                return Ok(());
            }
        };
        for round in 0..trace.rounds.len() {
            for customer in 0..trace.rounds[round].customers.len() {
                self.engagement(writer, &replay, round, customer)?;
            }
        }
        Ok(())
    }

    fn engagement<W: Write>(
        &self,
        writer: &mut Writer<W>,
        replay: &Replay,
        round: usize,
        customer: usize,
    ) -> std::io::Result<()> {
        let traced = replay.round(round);
        let felt = &traced.customers[customer];
        let mut events = events_of(replay, round, customer);
        events.sort_by(|a, b| (a.0.total_cmp(&b.0)).then(a.1.cmp(&b.1)));
        let element = writer.create_element("trace");
        element.write_inner_content(|writer| {
            let name = format!("{}, replication {}, round {}", felt.customer, replay.trace.replication, round);
            string(writer, "concept:name", &name)?;
            string(writer, "customer", &felt.customer)?;
            of_type(writer, "int", "replication", &replay.trace.replication.to_string())?;
            of_type(writer, "int", "round", &round.to_string())?;
            of_type(writer, "float", "wait", &felt.wait.to_string())?;
            of_type(writer, "float", "lateness", &felt.lateness.to_string())?;
            of_type(writer, "boolean", "error", if felt.error { "true" } else { "false" })?;
            of_type(writer, "boolean", "perfect", if felt.perfect { "true" } else { "false" })?;
            for (time, _, happened) in &events {
                let element = writer.create_element("event");
                element.write_inner_content(|writer| {
                    string(writer, "concept:name", &happened.name)?;
                    if let Some(instance) = &happened.instance {
                        string(writer, "concept:instance", instance)?;
                    }
                    string(writer, "org:resource", &happened.who)?;
                    if let Some(group) = &happened.group {
                        string(writer, "org:group", group)?;
                    }
                    of_type(writer, "date", "time:timestamp", &self.timestamp(*time))?;
                    string(writer, "lifecycle:transition", if happened.starts { "start" } else { "complete" })
                })?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The hours since the first release as a moment, to the millisecond.
    fn timestamp(&self, hours: f64) -> String {
        let milliseconds = (hours * 3_600_000.0).round() as i64;
        let (days, rest) = (milliseconds.div_euclid(86_400_000), milliseconds.rem_euclid(86_400_000));
        let (year, month, day) = self.first_day;
        let (year, month, day) = date(days_since_epoch(year, month, day) + days);
        let (seconds, thousandths) = (rest / 1000, rest % 1000);
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{thousandths:03}+00:00",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )
    }
}

struct Happened {
    name: String,
    instance: Option<String>,
    who: String,
    group: Option<String>,
    starts: bool,
}

/// Events with their times; of the same time, what ends before what begins.
fn events_of(replay: &Replay, round: usize, customer: usize) -> Vec<(f64, u8, Happened)> {
    let (plan, traced) = (replay.plan, replay.round(round));
    let felt = &traced.customers[customer];
    let mut events = Vec::new();
    let mut span = |name: String, instance: &str, who: &str, from: f64, to: f64| {
        for (time, starts) in [(from, true), (to, false)] {
            let group = replay.department(who);
            let happened = Happened {
                name: name.clone(),
                instance: Some(instance.to_owned()),
                who: who.to_owned(),
                group,
                starts,
            };
            // What takes no time begins before it ends.
            let rank = if starts == (from < to) { 3 } else { 2 };
            events.push((time, rank, happened));
        }
    };
    let mut open: Vec<Range<usize>> = vec![plan.customers[customer].inputs.clone()];
    let mut seen: BTreeSet<Job> = BTreeSet::new();
    while let Some(inputs) = open.pop() {
        for input in inputs {
            let (planned, over) = (&plan.dependencies[input], replay.dependency(round, input));
            let Some(job) = replay.provider(round, input).filter(|_| over.used) else { continue };
            let receiver = match planned.receiver {
                To::Service(service) => &replay.service((round, service)).done_by,
                To::Customer(_) => &over.receiver,
            };
            let asked = over.arrival - over.rework - over.chase;
            if over.silent {
                span(format!("ask again: {}", over.dependency), &over.dependency, receiver, asked, asked + over.chase);
            }
            if over.caught {
                let from = over.arrival - over.rework;
                span(format!("put right: {}", over.dependency), &over.dependency, receiver, from, over.arrival);
            }
            if job.0 == round && seen.insert(job) {
                let work = replay.service(job);
                span(work.service.clone(), &work.service, &work.done_by, work.start, work.finish);
                open.push(plan.services[job.1].inputs.clone());
            }
        }
    }
    for (time, rank, name) in [(traced.release, 0, "asks"), (traced.release + felt.wait, 4, "has everything")] {
        let who = felt.customer.clone();
        events.push((time, rank, Happened { name: name.into(), instance: None, who, group: None, starts: false }));
    }
    events
}

fn global<W: Write>(writer: &mut Writer<W>, scope: &str, strings: &[(&str, &str)]) -> std::io::Result<()> {
    let element = writer.create_element("global").with_attribute(("scope", scope));
    element.write_inner_content(|writer| {
        strings.iter().try_for_each(|(key, value)| string(writer, key, value))?;
        match scope {
            "event" => of_type(writer, "date", "time:timestamp", "1970-01-01T00:00:00.000+00:00"),
            _ => Ok(()),
        }
    })?;
    Ok(())
}

fn string<W: Write>(writer: &mut Writer<W>, key: &str, value: &str) -> std::io::Result<()> {
    let fits = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..) && c != '\u{FFFE}';
    // XML 1.0 has no place for most control characters.
    let value: String = value.chars().map(|c| if fits(c) { c } else { '\u{FFFD}' }).collect();
    of_type(writer, "string", key, &value)
}

fn of_type<W: Write>(writer: &mut Writer<W>, kind: &str, key: &str, value: &str) -> std::io::Result<()> {
    writer.create_element(kind).with_attributes([("key", key), ("value", value)]).write_empty()?;
    Ok(())
}

fn io(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io, "event log", error.to_string(), "a place that can be written to", "Choose another place.")
}

fn days_in(year: i32, month: u32) -> u32 {
    let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    (days_since_epoch(next.0, next.1, 1) - days_since_epoch(year, month, 1)) as u32
}

/// Days since 1 January 1970 in the Gregorian calendar, and back (Hinnant, "chrono-compatible low-level date
/// algorithms", 2013).
fn days_since_epoch(year: i32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(days_since_epoch(1970, 1, 1), 0);
        assert_eq!(days_since_epoch(2000, 3, 1), 11_017);
        assert_eq!(days_since_epoch(2001, 1, 1), 11_323);
        assert_eq!((days_in(2000, 2), days_in(1900, 2), days_in(2024, 12)), (29, 28, 31));
        for days in (-700_000..3_000_000).step_by(997) {
            let (year, month, day) = date(days);
            assert_eq!(days_since_epoch(year as i32, month as u32, day as u32), days);
        }
    }
}
