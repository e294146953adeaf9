//! How long customers wait, with the promise marked.

use super::axis::{Axis, round_step};
use super::palette::{ACCENT, CALM, FAINT, INK, SOFT};
use super::svg::{Hold, Scene, Stroke, plain, stroke};
use super::{Picture, text};
use crate::story::known_customer;
use crate::{Error, Observer, Sample, Simulation};

const MARGIN: f64 = 20.0;
const BARS: f64 = 36.0;
/// The share of waits that the axis covers; of a long tail the rest is counted beside it.
const COVERED: f64 = 0.995;

/// The distribution of a customer's waits: bars up to the promise blue, beyond it vermillion, the share late in words.
///
/// ```
/// use ripple_effect::picture::WaitsPicture;
/// let picture = WaitsPicture::new("Guests", 4.0, vec![1.0, 2.0, 2.5, 3.0, 6.0]).draw();
/// assert!(picture.svg().contains("20 in 100 late"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct WaitsPicture {
    customer: String,
    promise: f64,
    waits: Vec<f64>,
}

struct Waits {
    customer: usize,
    found: Vec<f64>,
}

impl Observer for Waits {
    fn wants_samples(&self) -> bool {
        true
    }

    fn samples(&mut self, samples: &[Sample]) {
        let of_customer = samples.iter().filter(|sample| sample.customer == self.customer);
        self.found.extend(of_customer.map(|sample| sample.wait));
    }
}

impl Simulation {
    /// Runs it, and gives the waits of one customer as a picture.
    ///
    /// # Errors
    /// As [`run`](Simulation::run); [`ErrorKind::Name`](crate::ErrorKind::Name) if there is no such customer.
    ///
    /// # Complexity
    /// As [`run`](Simulation::run), and 8 bytes for each of the customer's engagements.
    pub fn waits(&self, customer: &str) -> Result<WaitsPicture, Error> {
        let planned = &self.plan().customers[known_customer(self.plan(), customer)?];
        let mut waits = Waits { customer: planned.at, found: Vec::new() };
        self.run_observed(&mut waits)?;
        Ok(WaitsPicture::new(customer, planned.promise, waits.found))
    }
}

impl WaitsPicture {
    /// A picture of these waits, in hours, of this customer, to whom this wait was promised. What is not a number is left
    /// out.
    #[must_use]
    pub fn new(customer: impl Into<String>, promise: f64, waits: Vec<f64>) -> Self {
        let mut waits: Vec<f64> = waits.into_iter().filter(|wait| wait.is_finite()).collect();
        waits.sort_by(f64::total_cmp);
        Self { customer: customer.into(), promise: if promise.is_finite() { promise } else { 0.0 }, waits }
    }

    /// Draws it. The promise always falls between two bars, so that no bar is half late.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let (width, height) = (640.0, 330.0);
        let count = self.waits.len();
        let late = count - self.waits.partition_point(|wait| *wait <= self.promise);
        let share = if count == 0 { 0.0 } else { late as f64 / count as f64 };
        let covered = self.waits.get(((count as f64 * COVERED) as usize).min(count.saturating_sub(1))).copied();
        let high = covered.unwrap_or(1.0).max(self.promise * 1.1).max(0.01);
        let (step, _) = round_step(high / BARS);
        let end = width - MARGIN - 14.0;
        let axis = Axis::new(0.0, high, MARGIN + 46.0, end, 8.0);

        // Bars are counted from the promise, to both sides; a wait on an edge belongs to the left.
        let bar_of = |wait: f64| ((wait - self.promise) / step).ceil() as i64;
        let (first, last) = (bar_of(0.0).min(0), bar_of(axis.high()));
        let mut bars = vec![0usize; (last - first).max(0) as usize + 1];
        let beyond = count - self.waits.partition_point(|wait| *wait <= axis.high());
        for wait in &self.waits[..count - beyond] {
            if let Some(bar) = bars.get_mut((bar_of(*wait) - first).max(0) as usize) {
                *bar += 1;
            }
        }
        let tallest = bars.iter().max().copied().unwrap_or(0).max(1) as f64;
        let (top, bottom) = (MARGIN + 82.0, height - MARGIN - 34.0);
        let shares = Axis::new(0.0, 100.0 * tallest / count.max(1) as f64, bottom, top, 4.0);

        let mut scene = Scene::default();
        let title = format!("How long {} wait", self.customer);
        let title = text::fitted(&title, 15.0 * 1.12, width - 2.0 * MARGIN);
        scene.text(MARGIN, MARGIN + 14.0, plain(15.0).bold(), &title);
        let verdict = format!("promised within {:.1} h; {} late", self.promise, often(share));
        scene.text(MARGIN, MARGIN + 34.0, plain(12.0), &verdict);
        for (value, label) in shares.ticks() {
            let y = shares.at(value);
            scene.line((MARGIN + 46.0, y), (end, y), stroke(FAINT, 1.0));
            scene.text(MARGIN + 40.0, y + 4.0, plain(11.0).colour(SOFT).held(Hold::Right), &format!("{label} %"));
        }
        for (index, bar) in bars.iter().enumerate().filter(|(_, bar)| **bar > 0) {
            let number = first + index as i64;
            let edge = |number: i64| axis.at((self.promise + step * number as f64).max(0.0));
            let (left, right) = (edge(number - 1), edge(number));
            let y = shares.at(100.0 * *bar as f64 / count as f64);
            let fill = if number > 0 { ACCENT } else { CALM };
            scene.rect((left + 0.5, y), ((right - left - 1.0).max(1.0), bottom - y), 0.0, fill, None);
        }
        scene.line((axis.at(0.0), bottom), (end, bottom), stroke(INK, 1.2));
        for (value, label) in axis.ticks() {
            let look = plain(11.0).colour(SOFT).held(Hold::Middle);
            scene.line((axis.at(value), bottom), (axis.at(value), bottom + 4.0), stroke(INK, 1.0));
            scene.text(axis.at(value), bottom + 17.0, look, &label);
        }
        let promised = axis.at(self.promise);
        scene.line((promised, top - 14.0), (promised, bottom), Stroke { dashed: true, ..stroke(INK, 1.6) });
        let hold = if promised > width / 2.0 { Hold::Right } else { Hold::Left };
        let beside = if hold == Hold::Right { -6.0 } else { 6.0 };
        let look = plain(11.0).bold().held(hold);
        scene.text(promised + beside, top - 10.0, look, "promise");
        let mut words = "hours from asking to having everything".to_owned();
        if beyond > 0 {
            words.push_str(&format!("; {} more beyond {:.0} h", often(beyond as f64 / count as f64), axis.high()));
        }
        let look = plain(11.0).colour(SOFT).held(Hold::Middle);
        scene.text((axis.at(0.0) + end) / 2.0, bottom + 35.0, look, &words);
        scene.finish(width, height, &title, &format!("{verdict}; {count} engagements."))
    }
}

fn often(share: f64) -> String {
    if share <= 0.0 {
        return "none".to_owned();
    }
    for of in [100.0, 1_000.0, 10_000.0] {
        let count = (share * of).round();
        if share * of >= 2.0 || of == 10_000.0 {
            let of = if of == 100.0 {
                "100"
            } else if of == 1_000.0 {
                "1,000"
            } else {
                "10,000"
            };
            return if count >= 100.0 && of == "100" { "all".to_owned() } else { format!("{count:.0} in {of}") };
        }
    }
    String::new()
}
