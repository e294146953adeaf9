//! What each practice does, how much, by which evidence, what it costs and when it backfires.
//!
//! Sizes are factors: 0.8 takes a fifth away, 1 does nothing, above 1 it backfires. Correlations were not turned into
//! effects. Where a study gives a standardised difference *d*, a third of *d* is taken as the share by which performance
//! moves: the rate at which two meta-analyses report both (Stajkovic & Luthans 2003: .47 and 16 %; Tannenbaum & Cerasoli
//! 2013: .67 and 20-25 %). That better performance means fewer errors in the same proportion is an assumption.

use std::fmt::Write;

use super::cost::Cost;
use super::evidence as from;
use super::kind::{Certainty, Kind, Source};
use crate::Distribution;

/// What is known about a practice.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Entry {
    /// Which practice.
    pub kind: Kind,
    /// What people do.
    pub does: &'static str,
    /// What the effect is a factor on, or how many hours it is.
    pub effect_on: &'static str,
    /// The size of the effect unless said otherwise.
    pub effect: Distribution,
    /// Why this size.
    pub why_so_much: &'static str,
    /// How sure the size is.
    pub certainty: Certainty,
    /// Where it comes from; never empty.
    pub sources: &'static [Source],
    /// What it costs unless said otherwise: planning assumptions.
    pub cost: Cost,
    /// When it does harm, or nothing.
    pub backfires: &'static str,
    /// Hours that belong to it, unless said otherwise: what is waited for, planned or spent. None where it has none.
    pub hours: Option<f64>,
}

/// The catalogue, in the order of [`Kind::ALL`].
///
/// ```
/// use ripple_effect::practice::catalogue;
/// assert!(catalogue().iter().all(|entry| !entry.sources.is_empty()));
/// ```
#[must_use]
pub fn catalogue() -> Vec<Entry> {
    Kind::ALL.iter().map(|&kind| entry(kind)).collect()
}

/// What is known about one practice.
#[must_use]
pub fn entry(kind: Kind) -> Entry {
    match kind {
        Kind::ServiceStandards => Entry {
            kind,
            does: "A response time is agreed with each internal customer, written down and looked at; with `hours`, it becomes the promise",
            effect_on: "factor on silence.probability and handoff",
            effect: Distribution::uniform(0.6, 1.0),
            why_so_much: "between nothing and two fifths less; that timeliness matters is found, how much a standard adds is not",
            certainty: Certainty::Assumption,
            sources: &[from::GITTELL, from::FROST],
            cost: Cost::assumed(0.0, 6.0),
            backfires: "A standard for what is easily counted draws work away from what is not; a promise that cannot be kept lets down on time",
            hours: None,
        },
        Kind::HandoffChecklist => Entry {
            kind,
            does: "What is handed over follows a standard list, said aloud and read back",
            effect_on: "factor on transmission",
            effect: Distribution::triangular(0.53, 0.77, 1.0),
            why_so_much: "most likely what the trial found, at best what mentored sites reached, at worst nothing; carried over from hospitals",
            certainty: Certainty::Medium,
            sources: &[from::STARMER_2014, from::STARMER_2023],
            cost: Cost::assumed(500.0, 4.0),
            backfires: "A form that is filled in for its own sake takes time and catches nothing: the trials trained people for it",
            hours: None,
        },
        Kind::Training => Entry {
            kind,
            does: "People are trained for the work that they do",
            effect_on: "factor on error_rate and rush",
            effect: Distribution::triangular(0.6, 0.79, 1.0),
            why_so_much: "d .62, a third of it: .79; at best twice that, at worst nothing",
            certainty: Certainty::Medium,
            sources: &[from::ARTHUR],
            cost: Cost::assumed(1_000.0, 16.0),
            backfires: "Where errors come from what was passed in, or from haste, the trained person makes them still",
            hours: None,
        },
        Kind::JobShadowing => Entry {
            kind,
            does: "Provider and internal customer spend a day in each other's shoes; the customer who has seen it made can stand in, where nobody does",
            effect_on: "factor on transmission between the two",
            effect: Distribution::triangular(0.8, 0.95, 1.0),
            why_so_much: "a small effect, as the review says; its size is ours",
            certainty: Certainty::Low,
            sources: &[from::CROSS],
            cost: Cost::assumed(0.0, 16.0),
            backfires: "A stand-in's own work waits while they stand in; a tour without real work teaches little",
            hours: None,
        },
        Kind::CrossTraining => Entry {
            kind,
            does: "A colleague (`with`) learns the work and does it in rounds in which its owner is away, where nobody does yet",
            effect_on: "the colleague's pace at it, fully trained: hours are times this",
            effect: Distribution::uniform(1.0, 1.5),
            why_so_much: "from as quick as the owner to half as slow again; how a half-trained colleague does is ours, too",
            certainty: Certainty::Assumption,
            sources: &[from::CROSS],
            cost: Cost::assumed(0.0, 40.0),
            backfires: "The colleague's own customers wait while they stand in, and nothing is gained where nobody is ever away",
            hours: None,
        },
        Kind::Bridging => Entry {
            kind,
            does: "Two departments meet: shared mission sessions, brown-bag lunches, an open house",
            effect_on: "factor on silence.probability and handoff across",
            effect: Distribution::triangular(0.65, 0.85, 1.0),
            why_so_much: "a medium effect (d about .5, a third of it); that it is silence and hand-offs which improve is ours",
            certainty: Certainty::Low,
            sources: &[from::GITTELL, from::MCEWAN],
            cost: Cost::assumed(500.0, 8.0),
            backfires: "One lunch is forgotten by the next quarter; people met without a common goal may like each other less",
            hours: None,
        },
        Kind::AnsweringDiscipline => Entry {
            kind,
            does: "Every request is answered the same day, if only to say when the answer comes",
            effect_on: "factor on silence.probability",
            effect: Distribution::uniform(0.5, 1.0),
            why_so_much: "between nothing and half; the nearest evidence is that behaviour which is measured and fed back improves by a sixth",
            certainty: Certainty::Assumption,
            sources: &[from::STAJKOVIC],
            cost: Cost::assumed(0.0, 8.0),
            backfires: "An answer that says nothing stops the chasing and not the waiting",
            hours: None,
        },
        Kind::Inspection => Entry {
            kind,
            does: "What goes over is looked at first; each look takes `hours` on the hand-off",
            effect_on: "factor on the errors that are missed, 1 - detection",
            effect: Distribution::uniform(0.2, 0.3),
            why_so_much: "around the 23 % that trained inspectors missed; carried over from visual inspection",
            certainty: Certainty::Low,
            sources: &[from::SCHOONARD],
            cost: Cost::assumed(0.0, 8.0),
            backfires: "Every look takes time and caught errors cost rework: where errors are rare it delays more than it saves, and who is inspected may take less care",
            hours: Some(0.25),
        },
        Kind::Recognition => Entry {
            kind,
            does: "Good work for colleagues is noticed and thanked for, by name",
            effect_on: "factor on error_rate",
            effect: Distribution::triangular(0.84, 0.92, 1.0),
            why_so_much: "at best the 16 % of the studies, which fades; half of it most likely, nothing at worst",
            certainty: Certainty::Low,
            sources: &[from::STAJKOVIC, from::BRADLER, from::GELADE],
            cost: Cost::assumed(0.0, 4.0),
            backfires: "Thanks for everybody, or for the wrong people, are heard as noise or as injustice; the effect fades",
            hours: None,
        },
        Kind::Coaching => Entry {
            kind,
            does: "People get regular feedback on their own work",
            effect_on: "factor on error_rate and rush",
            effect: Distribution::normal(0.86, 0.34),
            why_so_much: "d .41, a third of it: .86; spread so that it makes worse in 34 of 100 cases",
            certainty: Certainty::Medium,
            sources: &[from::KLUGER],
            cost: Cost::assumed(0.0, 20.0),
            backfires: "In more than a third of the studies: feedback that is about the person instead of the task lowers performance",
            hours: None,
        },
        Kind::Buffers => Entry {
            kind,
            does: "`hours` are planned before work that others wait for; planned times move, promises do not",
            effect_on: "factor on the hours that are planned",
            effect: Distribution::Constant { value: 1.0 },
            why_so_much: "a buffer is as long as it is planned",
            certainty: Certainty::Arithmetic,
            sources: &[from::HERROELEN],
            cost: Cost::assumed(0.0, 0.0),
            backfires: "With a timetable everybody after it starts later; without one it makes nobody quicker, and only fewer starts count as late",
            hours: Some(1.0),
        },
        Kind::Hiring => Entry {
            kind,
            does: "One more colleague at the same work (capacity + 1), from adoption 0.5 on",
            effect_on: "factor on the posts that are filled",
            effect: Distribution::Constant { value: 1.0 },
            why_so_much: "what capacity does to waiting is what the model computes",
            certainty: Certainty::Arithmetic,
            sources: &[from::BOUSHEY, from::BROOKS],
            cost: Cost::assumed(0.0, 2_057.0),
            backfires: "Where nobody queues it buys nothing; newcomers take the time of those who teach them, which is not modelled",
            hours: None,
        },
        Kind::PeerSharing => Entry {
            kind,
            does: "Front-line staff meet regularly and share what went wrong and what worked",
            effect_on: "factor on error_rate",
            effect: Distribution::triangular(0.78, 0.9, 1.0),
            why_so_much: "at best what structured debriefs reach; less most likely, as meetings drift",
            certainty: Certainty::Low,
            sources: &[from::DEBRIEF],
            cost: Cost::assumed(0.0, 12.0),
            backfires: "Without a structure it becomes a round of complaints; shared habits may be wrong ones",
            hours: None,
        },
    }
}

fn size(effect: &Distribution) -> String {
    match effect {
        Distribution::Constant { value } => format!("{value}"),
        Distribution::Uniform { min, max } => format!("uniform {min} to {max}"),
        Distribution::Triangular { min, mode, max } => format!("triangular {min}, {mode}, {max}"),
        Distribution::Normal { mean, sd } => format!("normal {mean}, sd {sd}"),
        other => format!("{:.2} on average", other.mean()),
    }
}

/// The catalogue as a table in Markdown, which is what `docs/reference/practices.md` shows.
///
/// ```
/// assert!(ripple_effect::practice::as_markdown().contains("| `training` |"));
/// ```
#[must_use]
pub fn as_markdown() -> String {
    let mut text =
        "| practice | what people do | effect | why so much, how sure | source | cost | when it backfires |\n\
                    |---|---|---|---|---|---|---|\n"
            .to_owned();
    for entry in catalogue() {
        let sources: Vec<_> = entry.sources.iter().map(ToString::to_string).collect();
        let fixed = entry.cost.fixed.filter(|&fixed| fixed > 0.0).map(|fixed| format!("{fixed} + "));
        let hours = entry.hours.map(|hours| format!("; `hours`: {hours}"));
        let (does, on, why, backfires) = (entry.does, entry.effect_on, entry.why_so_much, entry.backfires);
        let line = writeln!(
            text,
            "| `{}` | {does} | {on}: {}{} | {why}. **{}** | {} | {}{} h a person | {backfires} |",
            entry.kind,
            size(&entry.effect),
            hours.unwrap_or_default(),
            entry.certainty,
            sources.join("; "),
            fixed.unwrap_or_default(),
            entry.cost.hours_per_person.unwrap_or(0.0),
        );
        debug_assert!(line.is_ok(), "text grows without fail");
    }
    text
}
