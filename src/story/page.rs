//! The page that is read to a group: what was felt, how it came about, where the hours came from.

use super::Story;
use super::event::{StoryEvent, StoryKind};
use super::words::{self, hours};

/// Columns of a projected screen or a terminal of ordinary width.
const WIDTH: usize = 100;
/// Lines that a group can follow; of a longer chain the most important are told, the others counted.
const LINES: usize = 20;
/// Rows of the split that are named; the others are summed.
const ROWS: usize = 8;

impl Story {
    /// The story as a page of plain words: at most 20 lines of events, the most important of a long chain, the others
    /// counted. Hours are shown to a tenth, and rounded so that what is shown adds up as well.
    ///
    /// ```
    /// use ripple_effect::{Organization, story::Engagement};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(1.5))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let page = shop.simulate()?.story("Guests", Engagement::LongestWait)?.report();
    /// assert!(page.contains("HOW IT CAME ABOUT"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> String {
        let mut page = format!("{}: what happened to {}\n", self.model, self.customer);
        page.push_str(&format!(
            "Replication {}, round {} (seed {}).\n\n",
            words::thousands(self.replication as f64),
            self.round + 1,
            self.seed
        ));
        for line in wrapped(&self.felt(), WIDTH - 2) {
            page.push_str(&format!("  {line}\n"));
        }
        page.push_str(&self.how());
        page.push_str(&self.where_from());
        page
    }

    /// What the customer felt, in a few sentences.
    fn felt(&self) -> String {
        let mut text = format!(
            "Promised: everything within {}. Planned: {}. {} waited {}",
            hours(self.promise),
            hours(self.planned_wait),
            self.customer,
            self.with_days(self.wait)
        );
        if self.lateness > 0.0 {
            text.push_str(&format!(", {} late. ", self.with_days(self.lateness)));
        } else {
            text.push_str(", on time. ");
        }
        text.push_str(if self.error { "It had a mistake in it" } else { "It was free of mistakes" });
        let whole = if self.quality < self.perfect_quality {
            format!(", and was half done: {:.0} % of it, where {:.0} % would do", 100.0 * self.quality, {
                100.0 * self.perfect_quality
            })
        } else if self.quality >= 0.995 {
            ", and was whole".to_owned()
        } else {
            format!(", and was good enough ({:.0} %)", 100.0 * self.quality)
        };
        text.push_str(&whole);
        text.push_str(if self.perfect { ": as promised." } else { ": let down." });
        text
    }

    fn with_days(&self, time: f64) -> String {
        match self.hours_per_day {
            Some(day) if time >= day / 2.0 => format!("{} = {:.1} working days", hours(time), time / day),
            _ => hours(time),
        }
    }

    fn how(&self) -> String {
        let per_day = self.hours_per_day.map_or(String::new(), |day| format!("; a working day has {day} hours"));
        let mut page = format!(
            "\nHOW IT CAME ABOUT\nHours after round {} began{per_day}.\nBehind: how far behind plan things then were; a \
             minus is ahead.\n\n",
            self.round + 1,
        );
        let day_head = if self.hours_per_day.is_some() { "  day" } else { "" };
        page.push_str(&format!("  {:>9}{day_head}  {:>9}  what happened\n", "when", "behind"));
        let lines = self.lines();
        let indent = 2 + 9 + day_head.len() + 2 + 9 + 2;
        for line in &lines {
            let day = match self.hours_per_day {
                Some(day) if line.time >= 0.0 => format!("{:>5}", (line.time / day).floor() + 1.0),
                Some(_) => " ".repeat(5),
                None => String::new(),
            };
            let when = if line.time.abs() < 0.05 { "0.0 h".to_owned() } else { hours_tenth(line.time) };
            let behind = line.behind.map_or(String::new(), |behind| tenth(rounded(behind)));
            page.push_str(&format!("  {when:>9}{day}  {behind:>9}  "));
            for (index, part) in wrapped(&line.text, WIDTH - indent).iter().enumerate() {
                if index > 0 {
                    page.push_str(&" ".repeat(indent));
                }
                page.push_str(part);
                page.push('\n');
            }
        }
        page
    }

    /// What is told: all of it, or the most important and how much was left out between.
    fn lines(&self) -> Vec<Line> {
        let told: Vec<&StoryEvent> = self.events.iter().filter(|event| words::is_worth_telling(event)).collect();
        let mut ranks: Vec<f64> = told.iter().map(|event| weight(event)).collect();
        ranks.sort_by(|a, b| b.total_cmp(a));
        let least = if told.len() > LINES { ranks[LINES - 1] } else { f64::NEG_INFINITY };
        let mut room = if told.len() > LINES { LINES } else { told.len() };
        let mut lines: Vec<Line> = Vec::new();
        let mut left_out = 0usize;
        let last = told.len().saturating_sub(1);
        for (index, event) in told.iter().enumerate() {
            if index != last && (weight(event) < least || room <= 1) {
                left_out += 1;
                continue;
            }
            room = room.saturating_sub(1);
            push_left_out(&mut lines, &mut left_out, event.time - self.release);
            let text = if event.round == self.round || event.kind == StoryKind::Began {
                words::sentence(event)
            } else {
                format!("(Round {}) {}", event.round + 1, words::sentence(event))
            };
            lines.push(Line { time: event.time - self.release, behind: event.behind, text });
        }
        lines
    }

    fn where_from(&self) -> String {
        let mut page = format!(
            "\nWHERE THE HOURS CAME FROM\nWhat made the wait of {} out of the {} that were planned.\n\n",
            hours(self.wait),
            hours(self.planned_wait)
        );
        let causes = self.causes();
        let (named, others) = causes.split_at(causes.len().min(ROWS));
        let mut shown = 0i64;
        let mut exact = 0.0;
        let mut row = |hours: f64, text: String| {
            exact += hours;
            let tenths = rounded(exact) - shown;
            shown += tenths;
            page.push_str(&format!("  {:>9}  {text}\n", signed(tenths)));
        };
        for cause in named {
            row(cause.hours, cause.words());
        }
        if !others.is_empty() {
            row(others.iter().map(|cause| cause.hours).sum(), format!("{} smaller causes", others.len()));
        }
        if causes.is_empty() {
            row(0.0, "everything went by plan".to_owned());
        }
        page.push_str(&format!("  {:>9}  more than planned\n", signed(shown)));
        if self.promise != self.planned_wait {
            let tenths = shown - rounded(self.wait - self.promise);
            page.push_str(&format!("  {:>9}  promised beyond the plan\n", signed(-tenths)));
        }
        let after = rounded(self.wait - self.promise);
        let words = if after > 0 { "late" } else { "late: on time" };
        page.push_str(&format!("  {:>9}  {words}\n", tenth(after.max(0))));
        page
    }
}

struct Line {
    time: f64,
    behind: Option<f64>,
    text: String,
}

fn push_left_out(lines: &mut Vec<Line>, left_out: &mut usize, time: f64) {
    if *left_out > 0 {
        let time = lines.last().map_or(time, |line| line.time);
        let text = format!("... {left_out} smaller {}", if *left_out == 1 { "step" } else { "steps" });
        lines.push(Line { time, behind: None, text });
        *left_out = 0;
    }
}

/// How important an event is: the hours that it moved; what began and ended the story, and mistakes, always are.
fn weight(event: &StoryEvent) -> f64 {
    match event.kind {
        StoryKind::Began | StoryKind::Received | StoryKind::Mistake | StoryKind::HalfDone => f64::INFINITY,
        StoryKind::Arrived => (event.hours - event.planned_hours) / 2.0,
        // Beside the chain they delayed nobody: a line is for them when there is room.
        StoryKind::Caught | StoryKind::Overlooked if event.behind.is_none() => event.hours / 100.0,
        _ => event.adds.abs(),
    }
}

/// To tenths of an hour.
fn rounded(hours: f64) -> i64 {
    (hours * 10.0).round() as i64
}

fn tenth(tenths: i64) -> String {
    let (whole, rest) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    format!("{}{}.{rest} h", if tenths < 0 { "-" } else { "" }, words::thousands(whole as f64))
}

fn hours_tenth(hours: f64) -> String {
    tenth(rounded(hours))
}

fn signed(tenths: i64) -> String {
    if tenths > 0 { format!("+{}", tenth(tenths)) } else { tenth(tenths) }
}

/// Words on lines of at most so many letters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
