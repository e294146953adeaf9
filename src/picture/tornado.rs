//! Causes as bars: what added hours to the right, what took them off to the left, the largest on top.

use super::axis::{Axis, minus};
use super::palette::{ACCENT, CALM, FAINT, INK, SOFT};
use super::svg::{Hold, Scene, plain, stroke};
use super::{Picture, text};
use crate::Story;

const MARGIN: f64 = 20.0;
const SIZE: f64 = 12.0;
const ROW: f64 = 24.0;
const MOST: usize = 15;

/// A tornado: causes with their hours, sorted by size.
///
/// ```
/// use ripple_effect::picture::Tornado;
/// let picture = Tornado::new("Why it was late").cause("Ana did not answer", 8.5).cause("Ben had time to spare", -2.0).draw();
/// assert!(picture.svg().contains("+8.5 h"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Tornado {
    title: String,
    unit: String,
    causes: Vec<(String, f64)>,
}

impl Tornado {
    /// A tornado with this title and no bars yet.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), unit: "h".to_owned(), causes: Vec::new() }
    }

    /// What made the wait of a story what it was.
    #[must_use]
    pub fn of_story(story: &Story) -> Self {
        let title = format!(
            "What made {} wait {:.1} h, where {:.1} h were planned",
            story.customer, story.wait, story.planned_wait
        );
        let causes = story.causes();
        causes.iter().fold(Self::new(title), |tornado, cause| tornado.cause(cause.words(), cause.hours))
    }

    /// A bar: a positive number points to the right. What is not a number is left out.
    #[must_use]
    pub fn cause(mut self, label: impl Into<String>, hours: f64) -> Self {
        if hours.is_finite() {
            self.causes.push((label.into(), hours));
        }
        self
    }

    /// What the numbers count; `h` unless said.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// Draws it: at most 15 bars, the others summed in a last one that says how many they are.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut bars = self.causes.clone();
        bars.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        let others = bars.split_off(bars.len().min(MOST));
        if !others.is_empty() {
            bars.push((format!("{} smaller causes", others.len()), others.iter().map(|(_, hours)| hours).sum()));
        }
        let width = 720.0;
        let label_room = bars.iter().map(|(label, _)| text::width(label, SIZE)).fold(60.0, f64::max).min(300.0);
        let value_room = 66.0;
        let (from, to) = (MARGIN + label_room + 16.0 + value_room, width - MARGIN - value_room);
        let low = bars.iter().map(|(_, hours)| *hours).fold(0.0, f64::min);
        let high = bars.iter().map(|(_, hours)| *hours).fold(0.0, f64::max);
        let axis = Axis::new(low, high, from, to, 6.0);

        let mut scene = Scene::default();
        let mut y = MARGIN;
        for line in text::wrapped(&self.title, 15.0 * 1.12, width - 2.0 * MARGIN) {
            y += 14.0;
            scene.text(MARGIN, y, plain(15.0).bold(), &line);
            y += 5.0;
        }
        let top = y + 14.0;
        let bottom = top + ROW * bars.len().max(1) as f64;
        for (value, label) in axis.ticks() {
            let x = axis.at(value);
            scene.line((x, top), (x, bottom), stroke(FAINT, 1.0));
            scene.text(x, bottom + 17.0, plain(11.0).colour(SOFT).held(Hold::Middle), &label);
        }
        let zero = axis.at(0.0);
        for (index, (label, hours)) in bars.iter().enumerate() {
            let middle = top + ROW * (index as f64 + 0.5);
            let label = text::fitted(label, SIZE, label_room);
            scene.text(MARGIN + label_room, middle + 4.0, plain(SIZE).held(Hold::Right), &label);
            let end = axis.at(*hours);
            let (x, length) = if end < zero { (end, zero - end) } else { (zero, end - zero) };
            let fill = if *hours > 0.0 { ACCENT } else { CALM };
            scene.rect((x, middle - 8.0), (length, 16.0), 0.0, fill, None);
            let sign = if *hours > 0.0 { "+" } else { "" };
            let value = format!("{sign}{} {}", minus(&format!("{hours:.1}")), self.unit);
            let (x, hold) = if *hours < 0.0 { (end - 6.0, Hold::Right) } else { (end + 6.0, Hold::Left) };
            scene.text(x, middle + 4.0, plain(11.0).held(hold), &value);
        }
        scene.line((zero, top - 4.0), (zero, bottom), stroke(INK, 1.5));
        let words =
            format!("{} added (right) and taken off (left)", if self.unit == "h" { "hours" } else { &self.unit });
        scene.text((from + to) / 2.0, bottom + 34.0, plain(11.0).colour(SOFT).held(Hold::Middle), &words);
        let said: Vec<String> =
            bars.iter().map(|(label, hours)| format!("{label}: {hours:.1} {}", self.unit)).collect();
        scene.finish(width, bottom + 44.0 + MARGIN / 2.0, &self.title, &said.join("; "))
    }
}
