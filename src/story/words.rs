//! Events in plain words, in the past tense: names may be of one person or of many.

pub(super) use crate::thousands::thousands;

use super::event::{StoryEvent, StoryKind};

/// `6.3 h`, `1,234 h`; two digits where one would say nothing.
pub(super) fn hours(hours: f64) -> String {
    let size = hours.abs();
    if size >= 1000.0 {
        format!("{} h", thousands(hours))
    } else if size < 0.05 && size > 0.0 {
        format!("{hours:.2} h")
    } else {
        format!("{hours:.1} h")
    }
}

/// What is made: the name of the service, without the person.
pub(super) fn work(label: Option<&str>) -> &str {
    label.and_then(|label| label.split_once('/')).map_or("the work", |(_, service)| service)
}

/// What is handed over: the need in the words of the model, else the service.
fn thing(event: &StoryEvent) -> &str {
    event.need.as_deref().unwrap_or_else(|| work(event.service.as_deref()))
}

/// `Ana (Operations)`.
fn with_department(event: &StoryEvent) -> String {
    match &event.department {
        Some(department) => format!("{} ({department})", event.who),
        None => event.who.clone(),
    }
}

/// Whether a reader needs to know: what went as planned on the way is left out.
pub(super) fn is_worth_telling(event: &StoryEvent) -> bool {
    match event.kind {
        StoryKind::HandedOver => event.adds.abs() >= 0.05,
        StoryKind::Arrived => event.hours > event.planned_hours,
        StoryKind::Slack => event.adds.abs() >= 0.05,
        _ => true,
    }
}

/// What happened, as one says it.
pub(super) fn sentence(event: &StoryEvent) -> String {
    let (who, other) = (with_department(event), event.for_whom.as_deref().unwrap_or("somebody"));
    let (took, planned) = (hours(event.hours), hours(event.planned_hours));
    let work = work(event.service.as_deref());
    let thing = thing(event);
    let before = event.behind.unwrap_or(0.0) - event.adds;
    match event.kind {
        StoryKind::Began if event.adds < 0.0 && event.service.is_some() => {
            format!("Round {} began. {who} could start at once, {planned} earlier than planned.", event.round + 1)
        }
        StoryKind::Began => format!("Round {} began.", event.round + 1),
        StoryKind::Timetable => format!("{who} was to start on {work} now, by the timetable, and did."),
        StoryKind::Absent => format!("{who} was away and nobody stood in: {took} went by before {work} was begun."),
        StoryKind::Busy => {
            let busy = match event.for_whom.as_deref() {
                Some(label) if label == event.service.as_deref().unwrap_or_default() => "the round before".to_owned(),
                Some(label) => self::work(Some(label)).to_owned(),
                None => "other work".to_owned(),
            };
            if event.hours > 0.0 {
                format!("{who} had been busy with {busy}: {work} had lain ready for {took}.")
            } else {
                format!("{who} turned from {busy} to {work}.")
            }
        }
        StoryKind::Worked => {
            let stood_in = match &event.for_whom {
                Some(owner) => format!(", standing in for {owner},"),
                None => String::new(),
            };
            let compared =
                if event.adds == 0.0 { ", as planned".to_owned() } else { format!("; {planned} were planned") };
            format!("{who}{stood_in} finished {work} after {took}{compared}.")
        }
        StoryKind::HandedOver => format!("Handing {thing} over to {other} took {took}; {planned} were planned."),
        StoryKind::Unanswered => format!("{} did not answer {other}, who lost {took} asking again.", event.who),
        StoryKind::Caught => format!("{who} found a mistake in {thing} from {other}, and put it right: {took} lost."),
        StoryKind::Arrived => {
            format!("{other} got {thing}. {} had promised it within {planned}; it took {took}.", event.who)
        }
        StoryKind::Slack => {
            if before <= 0.0 {
                format!("{who} was not to need it for another {took}, and was ahead already.")
            } else if event.hours >= before {
                format!("{who} had {took} to spare: enough to take up all of the delay.")
            } else {
                format!("{who} had {took} to spare, which took up part of the delay.")
            }
        }
        StoryKind::FellBack => format!("{who} fell back on {other}, who was planned to come {took} later than others."),
        StoryKind::TooClose => {
            format!(
                "{who} counted on {thing} from {other} {took} before it could be there by plan: rounds are too close."
            )
        }
        StoryKind::Mistake => format!("{who} made a mistake in {work}. It went all the way."),
        StoryKind::Overlooked => format!("{who} did not notice the mistake in {thing} from {other}."),
        StoryKind::HalfDone => {
            let done = event.quality.map_or(String::new(), |quality| format!(": {:.0} % of it", 100.0 * quality));
            format!("{who} left {work} half done{done}.")
        }
        StoryKind::Received => format!("{} had everything.", event.who),
    }
}

/// In which way hours were added or taken off.
pub(super) fn way(kind: StoryKind) -> &'static str {
    match kind {
        StoryKind::Began => "could start early",
        StoryKind::Timetable => "kept to the timetable",
        StoryKind::Absent => "was away",
        StoryKind::Busy => "was busy with other work",
        StoryKind::Worked => "took longer or shorter than planned",
        StoryKind::HandedOver => "handed over late or early",
        StoryKind::Unanswered => "did not answer",
        StoryKind::Caught => "put a mistake right",
        StoryKind::Slack => "had time to spare",
        StoryKind::FellBack => "fell back on a later colleague",
        StoryKind::TooClose => "had rounds too close together",
        StoryKind::Mistake => "made a mistake",
        StoryKind::Overlooked => "overlooked a mistake",
        StoryKind::HalfDone => "left it half done",
        StoryKind::Arrived | StoryKind::Received => "received it",
    }
}

/// The way, where it is known whether hours were added.
pub(super) fn way_of(kind: StoryKind, hours: f64) -> &'static str {
    match (kind, hours > 0.0) {
        (StoryKind::Worked, true) => "took longer than planned",
        (StoryKind::Worked, false) => "was faster than planned",
        (StoryKind::HandedOver, true) => "handed over late",
        (StoryKind::HandedOver, false) => "handed over early",
        (StoryKind::Busy, false) => "was free earlier than needed",
        (kind, _) => way(kind),
    }
}
