//! Estimates with their intervals, one below the other (a forest plot, Lewis & Clarke 2001).

use super::axis::{Axis, minus};
use super::palette::{ACCENT, CALM, FAINT, INK, LINE, SOFT};
use super::svg::{Hold, Scene, Stroke, plain, stroke};
use super::{Picture, text};
use crate::Estimate;

const MARGIN: f64 = 20.0;
const SIZE: f64 = 12.0;
const ROW: f64 = 26.0;

/// Differences, or other estimates, with their intervals.
///
/// An interval that contains the reference (0 unless said) is drawn grey and hollow: nothing can be said. Others are drawn
/// full, blue to the left of it and vermillion to the right; the other way round where [more is
/// better](Forest::more_is_better).
///
/// ```
/// use ripple_effect::picture::Forest;
/// let picture = Forest::new("Hours that customers wait less", "hours")
///     .row("Ana answers every request", -2.4, Some((-2.6, -2.2)))
///     .row("everybody works 5 % faster", -0.1, Some((-0.3, 0.1)))
///     .draw();
/// assert!(picture.svg().contains("−2.4"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    title: String,
    axis: String,
    reference: f64,
    more_is_better: bool,
    rows: Vec<Row>,
}

/// A label, an estimate, and its interval.
type Row = (String, f64, Option<(f64, f64)>);

impl Forest {
    /// A plot with this title and this label at its axis.
    #[must_use]
    pub fn new(title: impl Into<String>, axis: impl Into<String>) -> Self {
        Self { title: title.into(), axis: axis.into(), reference: 0.0, more_is_better: false, rows: Vec::new() }
    }

    /// Where nothing differs; 0 unless said.
    #[must_use]
    pub fn reference(mut self, reference: f64) -> Self {
        if reference.is_finite() {
            self.reference = reference;
        }
        self
    }

    /// More of it is better: what lies to the right is drawn blue then, and what lies to the left vermillion.
    #[must_use]
    pub fn more_is_better(mut self) -> Self {
        self.more_is_better = true;
        self
    }

    /// A row: an estimate and, where there is one, its interval. What is not a number is left out.
    #[must_use]
    pub fn row(mut self, label: impl Into<String>, estimate: f64, interval: Option<(f64, f64)>) -> Self {
        if estimate.is_finite() {
            let interval = interval.filter(|(low, high)| low.is_finite() && high.is_finite());
            self.rows.push((label.into(), estimate, interval));
        }
        self
    }

    /// A row from a figure of a summary; none where the figure is not known.
    #[must_use]
    pub fn figure(self, label: impl Into<String>, figure: Estimate) -> Self {
        match figure.estimate {
            Some(estimate) => self.row(label, estimate, figure.low.zip(figure.high)),
            None => self,
        }
    }

    /// What is said of the intervals: of those that are there.
    fn intervals(&self) -> &'static str {
        match self.rows.iter().filter(|row| row.2.is_some()).count() {
            0 => "",
            some if some < self.rows.len() => " (lines: 95 % intervals, where they are known)",
            _ => " (95 % intervals)",
        }
    }

    /// Draws it, rows in the order in which they were given.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let width = 720.0;
        let bounds = |row: &Row| row.2.unwrap_or((row.1, row.1));
        let low = self.rows.iter().map(|row| bounds(row).0.min(row.1)).fold(self.reference, f64::min);
        let high = self.rows.iter().map(|row| bounds(row).1.max(row.1)).fold(self.reference, f64::max);
        let spread = high - low;
        let decimals = if spread >= 100.0 {
            0
        } else if spread >= 5.0 {
            1
        } else {
            2
        };
        let shown = |value: f64| minus(&format!("{value:.decimals$}"));
        let figures: Vec<String> = self
            .rows
            .iter()
            .map(|row| match row.2 {
                Some((low, high)) => format!("{}  ({} to {})", shown(row.1), shown(low), shown(high)),
                None => shown(row.1),
            })
            .collect();
        let label_room = self.rows.iter().map(|row| text::width(&row.0, SIZE)).fold(60.0, f64::max).min(260.0);
        let figure_room = figures.iter().map(|figure| text::width(figure, 11.0)).fold(60.0, f64::max).min(190.0);
        let axis = Axis::new(low, high, MARGIN + label_room + 24.0, width - MARGIN - figure_room - 24.0, 5.0);

        let mut scene = Scene::default();
        let mut y = MARGIN;
        for line in text::wrapped(&self.title, 15.0 * 1.12, width - 2.0 * MARGIN) {
            y += 14.0;
            scene.text(MARGIN, y, plain(15.0).bold(), &line);
            y += 5.0;
        }
        let top = y + 14.0;
        let bottom = top + ROW * self.rows.len().max(1) as f64;
        for (value, label) in axis.ticks() {
            let x = axis.at(value);
            scene.line((x, top), (x, bottom), stroke(FAINT, 1.0));
            scene.text(x, bottom + 17.0, plain(11.0).colour(SOFT).held(Hold::Middle), &label);
        }
        let zero = axis.at(self.reference);
        scene.line((zero, top - 4.0), (zero, bottom), Stroke { dashed: true, ..stroke(INK, 1.2) });
        for (index, (row, figure)) in self.rows.iter().zip(&figures).enumerate() {
            let middle = top + ROW * (index as f64 + 0.5);
            let label = text::fitted(&row.0, SIZE, label_room);
            scene.text(MARGIN + label_room, middle + 4.0, plain(SIZE).held(Hold::Right), &label);
            let (low, high) = bounds(row);
            let unclear = row.2.is_none_or(|_| low <= self.reference && self.reference <= high);
            let colour = if unclear {
                LINE
            } else if (row.1 > self.reference) != self.more_is_better {
                ACCENT
            } else {
                CALM
            };
            if row.2.is_some() {
                let (from, to) = (axis.at(low), axis.at(high));
                scene.line((from, middle), (to, middle), stroke(colour, 2.0));
                for x in [from, to] {
                    scene.line((x, middle - 5.0), (x, middle + 5.0), stroke(colour, 2.0));
                }
            }
            let fill = if unclear { super::palette::PAPER } else { colour };
            scene.circle((axis.at(row.1), middle), 4.5, fill, Some(stroke(colour, 2.0)));
            let figure = text::fitted(figure, 11.0, figure_room);
            scene.text(width - MARGIN, middle + 4.0, plain(11.0).held(Hold::Right), &figure);
        }
        let middle = (axis.at(axis.low()) + axis.at(axis.high())) / 2.0;
        let words = format!("{}{}", self.axis, self.intervals());
        let room = 2.0 * (middle - MARGIN).min(width - MARGIN - middle);
        let look = plain(11.0).colour(SOFT).held(Hold::Middle);
        scene.text(middle, bottom + 34.0, look, &text::fitted(&words, 11.0, room));
        let said: Vec<String> =
            self.rows.iter().zip(&figures).map(|(row, figure)| format!("{}: {figure}", row.0)).collect();
        scene.finish(width, bottom + 44.0 + MARGIN / 2.0, &self.title, &said.join("; "))
    }
}
