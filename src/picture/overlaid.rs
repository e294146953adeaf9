//! How long customers wait in several scenarios, one over the other.

use super::axis::Axis;
use super::palette::{FAINT, GROUPS, INK, SOFT};
use super::svg::{Hold, Scene, Stroke, plain, stroke};
use super::{Picture, text};

const MARGIN: f64 = 20.0;
/// The share of waits that the axis covers; the rest of a long tail goes on beyond.
const COVERED: f64 = 0.98;

/// Waits of several scenarios as curves: how many of 100 have everything within so many hours. Where a curve crosses the
/// promise, it shows how many are on time; of two curves the upper one is better.
///
/// ```
/// use ripple_effect::picture::OverlaidWaits;
/// let picture = OverlaidWaits::new("Guests", 4.0)
///     .quantiles("as it is", vec![1.0, 3.0, 9.0])
///     .quantiles("quicker", vec![1.0, 2.0, 5.0])
///     .draw();
/// assert!(picture.svg().contains("quicker"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OverlaidWaits {
    customer: String,
    promise: f64,
    curves: Vec<(String, Vec<f64>)>,
}

impl OverlaidWaits {
    /// A picture of this customer, to whom this wait in hours was promised.
    #[must_use]
    pub fn new(customer: impl Into<String>, promise: f64) -> Self {
        Self { customer: customer.into(), promise: if promise.is_finite() { promise } else { 0.0 }, curves: Vec::new() }
    }

    /// A curve: waits at equal steps of probability from 0 to 1, ascending. What is not a number is left out, and so is a
    /// curve of fewer than two.
    #[must_use]
    pub fn quantiles(mut self, name: impl Into<String>, waits: Vec<f64>) -> Self {
        let mut waits: Vec<f64> = waits.into_iter().filter(|wait| wait.is_finite()).collect();
        waits.sort_by(f64::total_cmp);
        if waits.len() > 1 {
            self.curves.push((name.into(), waits));
        }
        self
    }

    /// Draws it. The first curve is black and dashed, as what the others are compared with; the others also differ by the
    /// place of their names, which stand in the order in which the curves cross the promise, the best first.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let width = 720.0;
        let covered = |waits: &Vec<f64>| waits[((waits.len() - 1) as f64 * COVERED) as usize];
        let high = self.curves.iter().map(|(_, waits)| covered(waits)).fold(self.promise * 1.15, f64::max).max(0.01);
        let names = self.curves.iter().map(|(name, _)| text::width(name, 11.0)).fold(90.0, f64::max).min(220.0);
        let (left, right) = (MARGIN + 44.0, width - MARGIN - names - 74.0);
        let mut scene = Scene::default();
        let title = format!("How long {} wait", self.customer);
        scene.text(MARGIN, MARGIN + 14.0, plain(15.0).bold(), &text::fitted(&title, 15.0 * 1.12, width - 2.0 * MARGIN));
        let verdict =
            format!("of 100, how many have everything within so many hours; promised within {:.1} h", self.promise);
        scene.text(MARGIN, MARGIN + 34.0, plain(12.0), &text::fitted(&verdict, 12.0, width - 2.0 * MARGIN));
        let top = MARGIN + 70.0;
        let bottom = top + 240.0_f64.max(18.0 * self.curves.len() as f64);
        let axis = Axis::new(0.0, high, left, right, 8.0);
        let shares = Axis::new(0.0, 100.0, bottom, top, 5.0);
        for (value, label) in shares.ticks() {
            let y = shares.at(value);
            scene.line((left, y), (right, y), stroke(FAINT, 1.0));
            scene.text(left - 6.0, y + 4.0, plain(11.0).colour(SOFT).held(Hold::Right), &label);
        }
        for (value, label) in axis.ticks() {
            scene.line((axis.at(value), bottom), (axis.at(value), bottom + 4.0), stroke(INK, 1.0));
            scene.text(axis.at(value), bottom + 17.0, plain(11.0).colour(SOFT).held(Hold::Middle), &label);
        }
        scene.line((left, bottom), (right, bottom), stroke(INK, 1.2));
        let promised = axis.at(self.promise);
        scene.line((promised, top - 10.0), (promised, bottom), Stroke { dashed: true, ..stroke(INK, 1.2) });
        scene.text(promised, top - 14.0, plain(11.0).bold().held(Hold::Middle), "promise");

        let look = |index: usize| match index {
            0 => Stroke { dashed: true, ..stroke(INK, 2.0) },
            _ => stroke(GROUPS[(index - 1) % GROUPS.len()], 2.0),
        };
        for (index, (_, waits)) in self.curves.iter().enumerate().rev() {
            let last = (waits.len() - 1) as f64;
            let within = waits.iter().take_while(|wait| **wait <= axis.high());
            let mut path = String::new();
            for (step, wait) in within.enumerate() {
                let letter = if step == 0 { "M" } else { "L" };
                let y = shares.at(100.0 * step as f64 / last);
                path.push_str(&format!("{letter}{} {}", super::svg::number(axis.at(*wait)), super::svg::number(y)));
            }
            scene.path(&path, look(index));
        }

        let mut order: Vec<(usize, f64)> =
            self.curves.iter().enumerate().map(|(index, (_, waits))| (index, kept(waits, self.promise))).collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut said = Vec::new();
        for (place, &(index, share)) in order.iter().enumerate() {
            let y = top + 8.0 + 18.0 * place as f64;
            scene.line((right + 14.0, y - 4.0), (right + 34.0, y - 4.0), look(index));
            let name = text::fitted(&self.curves[index].0, 11.0, names);
            scene.text(right + 40.0, y, plain(11.0), &name);
            scene.text(width - MARGIN, y, plain(11.0).bold().held(Hold::Right), &format!("{:.0}", 100.0 * share));
            said.push(format!("{}: {:.0} of 100 on time", self.curves[index].0, 100.0 * share));
        }
        scene.text(width - MARGIN, top - 10.0, plain(11.0).colour(SOFT).held(Hold::Right), "of 100 on time");
        let middle = (left + right) / 2.0;
        let look = plain(11.0).colour(SOFT).held(Hold::Middle);
        scene.text(middle, bottom + 34.0, look, "hours from asking to having everything");
        scene.finish(width, bottom + 44.0 + MARGIN / 2.0, &title, &said.join("; "))
    }
}

/// The share of waits up to the promise, between the two quantiles that enclose it.
fn kept(waits: &[f64], promise: f64) -> f64 {
    let above = waits.partition_point(|wait| *wait <= promise);
    let last = (waits.len() - 1) as f64;
    match (above.checked_sub(1).map(|below| (below, waits[below])), waits.get(above)) {
        (None, _) => 0.0,
        (Some(_), None) => 1.0,
        (Some((below, low)), Some(high)) => (below as f64 + (promise - low) / (high - low)) / last,
    }
}
