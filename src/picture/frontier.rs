//! What each amount of money buys.

use super::axis::{Axis, minus};
use super::palette::{ACCENT, CALM, FAINT, INK, SOFT};
use super::svg::{Hold, Scene, Stroke, plain, stroke};
use super::{Picture, text};
use crate::Portfolio;
use crate::portfolio::Goal;

const MARGIN: f64 = 20.0;

/// The best gain for each amount of money, as a staircase: what is bought at a step, by numbers that are told below.
///
/// ```
/// use ripple_effect::picture::FrontierPicture;
/// let picture = FrontierPicture::new("What money buys", "EUR", "more perfect, of 100")
///     .names(["training", "answers"])
///     .step(0.0, 0.0, &[])
///     .step(500.0, 2.5, &[1])
///     .step(800.0, 3.5, &[0, 1])
///     .draw();
/// assert!(picture.svg().contains("1 + 2"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FrontierPicture {
    title: String,
    cost: String,
    gain: String,
    names: Vec<String>,
    steps: Vec<(f64, f64, Vec<usize>)>,
}

impl FrontierPicture {
    /// A picture with this title and these labels at its axes.
    #[must_use]
    pub fn new(title: impl Into<String>, cost: impl Into<String>, gain: impl Into<String>) -> Self {
        Self { title: title.into(), cost: cost.into(), gain: gain.into(), names: Vec::new(), steps: Vec::new() }
    }

    /// What can be bought.
    #[must_use]
    pub fn names<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.names = names.into_iter().map(Into::into).collect();
        self
    }

    /// So much money buys so much, by these of the names. What is not a number is left out.
    #[must_use]
    pub fn step(mut self, cost: f64, gain: f64, bought: &[usize]) -> Self {
        if cost.is_finite() && gain.is_finite() {
            self.steps.push((cost, gain, bought.to_vec()));
        }
        self
    }

    /// Draws it, steps in the order of what they cost; the last is what was chosen.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let (width, height) = (720.0, 300.0);
        let mut steps = self.steps.clone();
        steps.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let most = |of: fn(&(f64, f64, Vec<usize>)) -> f64| match steps.iter().map(of).fold(0.0, f64::max) {
            most if most > 0.0 => most,
            _ => 1.0,
        };
        let least = steps.iter().map(|step| step.1).fold(0.0, f64::min);
        let (left, right) = (MARGIN + 50.0, width - MARGIN - 90.0);
        let (top, bottom) = (MARGIN + 64.0, height);
        let costs = Axis::new(0.0, most(|step| step.0), left, right, 7.0);
        let gains = Axis::new(least, most(|step| step.1), bottom, top, 5.0);
        let mut scene = Scene::default();
        let title = text::fitted(&self.title, 15.0 * 1.12, width - 2.0 * MARGIN);
        scene.text(MARGIN, MARGIN + 14.0, plain(15.0).bold(), &title);
        scene.text(MARGIN, MARGIN + 32.0, plain(11.0).colour(SOFT), &self.gain);
        for (value, label) in gains.ticks() {
            let y = gains.at(value);
            scene.line((left, y), (right, y), stroke(FAINT, 1.0));
            scene.text(left - 6.0, y + 4.0, plain(11.0).colour(SOFT).held(Hold::Right), &label);
        }
        for (value, label) in costs.ticks() {
            let x = costs.at(value);
            scene.line((x, bottom), (x, bottom + 4.0), stroke(INK, 1.0));
            scene.text(x, bottom + 17.0, plain(11.0).colour(SOFT).held(Hold::Middle), &label);
        }
        scene.line((left, bottom), (right, bottom), stroke(INK, 1.2));
        for pair in steps.windows(2) {
            let (from, to) = ((costs.at(pair[0].0), gains.at(pair[0].1)), (costs.at(pair[1].0), gains.at(pair[1].1)));
            scene.line(from, (to.0, from.1), stroke(CALM, 2.0));
            scene.line((to.0, from.1), to, Stroke { dashed: true, ..stroke(CALM, 1.2) });
        }
        let mut said = Vec::new();
        let last = steps.len().saturating_sub(1);
        // Labels that would lie on each other are left out, the last one never: the description has them all.
        let mut shown = vec![false; steps.len()];
        let mut above = f64::NEG_INFINITY;
        for (place, (_, gain, _)) in steps.iter().enumerate().rev() {
            shown[place] = gains.at(*gain) >= above + 16.0;
            if shown[place] {
                above = gains.at(*gain);
            }
        }
        for (place, (cost, gain, bought)) in steps.iter().enumerate() {
            let at = (costs.at(*cost), gains.at(*gain));
            let colour = if place == last { ACCENT } else { CALM };
            scene.circle(at, 4.5, colour, None);
            let numbers: Vec<String> = bought.iter().map(|place| (place + 1).to_string()).collect();
            let label = if numbers.is_empty() { "nothing".to_owned() } else { numbers.join(" + ") };
            if shown[place] {
                let look = if place == last { plain(11.0).bold() } else { plain(11.0) };
                let room = (left + right) / 2.0 - left;
                let label = text::fitted(&label, 11.0, room);
                if at.0 > (left + right) / 2.0 {
                    scene.text(at.0 - 9.0, at.1 - 6.0, look.held(Hold::Right), &label);
                } else {
                    scene.text(at.0 + 9.0, at.1 + 12.0, look, &label);
                }
            }
            let names: Vec<&str> =
                bought.iter().filter_map(|place| self.names.get(*place)).map(String::as_str).collect();
            said.push(format!(
                "{}: {} for {}",
                names.join(", "),
                minus(&format!("{gain:.2}")),
                minus(&format!("{cost:.0}"))
            ));
        }
        let look = plain(11.0).colour(SOFT).held(Hold::Middle);
        scene.text((left + right) / 2.0, bottom + 34.0, look, &self.cost);
        let mut y = bottom + 58.0;
        let chosen = steps.last().map(|step| step.2.as_slice()).unwrap_or_default();
        let column = (width - 2.0 * MARGIN) / 2.0;
        for (place, name) in self.names.iter().enumerate() {
            let x = MARGIN + column * (place % 2) as f64;
            let look = if chosen.contains(&place) { plain(11.0).bold() } else { plain(11.0) };
            scene.text(x, y, look, &text::fitted(&format!("{}  {name}", place + 1), 11.0, column - 10.0));
            if place % 2 == 1 || place + 1 == self.names.len() {
                y += 16.0;
            }
        }
        scene.finish(width, y + MARGIN / 2.0, &title, &said.join("; "))
    }
}

impl Portfolio {
    /// The frontier as a picture: the best gain for each amount of money, in the sample.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::{Parameter, Scenario, Selection};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves_with("Ana", "Guests", "stock list", |d| d.silent(0.2, 8.0))
    ///     .build()?;
    /// let answers = Scenario::new("Answers").change(Selection::all().scale(Parameter::SilenceProbability, 0.5));
    /// let portfolio = shop.improve(&[answers], 100.0)?.replications(1_024).run()?;
    /// assert!(portfolio.frontier_picture().draw().svg().contains("Answers"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn frontier_picture(&self) -> FrontierPicture {
        let gain = match self.goal {
            Goal::Perfect => "more perfect engagements, of 100".to_owned(),
            Goal::ValueLost => "less value lost in 1,000 rounds".to_owned(),
            Goal::WaitP95 => "hours sooner that 95 of 100 have it, mean over customers".to_owned(),
            Goal::Satisfaction => "more satisfied, of 100".to_owned(),
        };
        let cost = self.currency.clone().unwrap_or_else(|| "cost".to_owned());
        let title = format!("{}: what each amount of money buys", self.model);
        let names: Vec<&str> = self.candidates.iter().map(|candidate| candidate.name.as_str()).collect();
        let mut picture = FrontierPicture::new(title, cost, gain).names(names.iter().copied());
        for choice in &self.frontier {
            let bought = choice.candidates.iter().filter_map(|name| names.iter().position(|other| other == name));
            let bought: Vec<usize> = bought.collect();
            picture = picture.step(choice.cost, choice.gain * self.goal.figure().label_scale(), &bought);
        }
        picture
    }
}
