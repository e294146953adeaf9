//! What to do with a budget, as a page.

use super::comparison::{FEWEST_DRAWN, change, probability};
use super::words::{money, thousands};
use super::{section, table};
use crate::Portfolio;
use crate::compare::Figure;
use crate::portfolio::{Choice, Goal};

impl Portfolio {
    /// What to do with the budget, as a page of plain words and aligned tables: the best set and its price, what it does on
    /// fresh days, what else comes close, what less money buys, and what it would be worth to know an effect.
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
    /// let page = shop.improve(&[answers], 100.0)?.replications(1_024).run()?.report();
    /// assert!(page.contains("WHAT TO DO"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> String {
        let currency = self.currency.as_deref().map(|currency| format!(" {currency}")).unwrap_or_default();
        let count = self.candidates.len();
        let how = match (self.is_exact, self.tried) {
            (true, 1) => format!("The one set of {count} candidates that this buys"),
            (true, tried) => format!("All {} sets of {count} candidates that this buys", thousands(tried as f64)),
            (false, tried) => format!("{} sets of {count} candidates, by a search", thousands(tried as f64)),
        };
        let mut page = format!(
            "{}: the best for {}{currency}\nGoal: {}{}.\n{how}: {} runs of everyone's work for each, the same\n\
             days for all (seed {}, {} {}).\n",
            self.model,
            thousands(self.budget),
            self.goal,
            if self.no_one_worse { ", and no customer worse off" } else { "" },
            thousands(self.replications as f64),
            self.seed,
            env!("CARGO_PKG_NAME"),
            self.version,
        );
        let sections = [what_to_do(self), fresh(self), close(self), frontier(self), knowing(self)];
        for section in sections.into_iter().filter(|section| !section.is_empty()) {
            page.push('\n');
            page.push_str(&section);
        }
        page.push('\n');
        page.push_str(&footnote(self));
        page
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The figure of the goal, with its unit.
fn figure(all: &Portfolio, value: f64) -> String {
    match all.goal {
        Goal::Perfect => format!("{:.2} of 100", 100.0 * value),
        Goal::ValueLost => thousands(value),
        Goal::WaitP95 => format!("{value:.2} h"),
        Goal::Satisfaction => format!("{value:.2} of 100"),
    }
}

/// A gain, better counted as more.
fn gain(all: &Portfolio, value: f64) -> String {
    let scale = all.goal.figure().label_scale();
    let value = value * scale;
    if all.goal == Goal::ValueLost {
        format!("{}{}", if value > 0.0 { "+" } else { "" }, thousands(value))
    } else if value.abs() < 0.005 {
        "0".to_owned()
    } else {
        format!("{value:+.2}")
    }
}

/// What a gain is a gain of.
fn gained(all: &Portfolio) -> String {
    let currency = all.currency.as_deref().map(|currency| format!(", {currency}")).unwrap_or_default();
    match all.goal {
        Goal::Perfect => "more perfect, of 100".to_owned(),
        Goal::ValueLost => format!("less lost per 1,000{currency}"),
        Goal::WaitP95 => "sooner, h".to_owned(),
        Goal::Satisfaction => "more satisfied, of 100".to_owned(),
    }
}

fn named(choice: &Choice) -> String {
    if choice.candidates.is_empty() { "nothing".to_owned() } else { choice.candidates.join(" + ") }
}

fn what_to_do(all: &Portfolio) -> String {
    let column = format!("alone: {}", gained(all));
    let mut rows = table(2, &["", "candidate", "costs", &column]);
    for candidate in &all.candidates {
        rows.add_row([
            if candidate.is_chosen { "DO" } else { "" }.to_owned(),
            candidate.name.clone(),
            money(candidate.cost),
            candidate.gain_alone.map_or("-".into(), |alone| gain(all, alone)),
        ]);
    }
    let explanation = format!(
        "{} for {}: from {} to {} on the days on which it was chosen.\nGains do not add up: practices overlap.",
        capital(&match all.best.candidates.len() {
            0 => "nothing".to_owned(),
            1 => "one of them".to_owned(),
            count => format!("{count} of them"),
        }),
        thousands(all.best.cost),
        figure(all, all.as_it_is),
        figure(all, all.best.figure),
    );
    section("WHAT TO DO", &explanation, &rows)
}

fn fresh(all: &Portfolio) -> String {
    let Some(best) = all.fresh.scenarios.first() else { return String::new() };
    let mut rows = table(
        1,
        &["customer", "perfect of 100", "mean wait, h", "95 % within, h", "satisfied of 100", "surely better"],
    );
    let mut customers: Vec<Option<&str>> = Vec::new();
    for one in &best.figures {
        if !customers.contains(&one.customer.as_deref()) {
            customers.push(one.customer.as_deref());
        }
    }
    // Nobody, who stands for all of them, and each.
    let several = customers.len() > 2;
    for customer in customers {
        let of = |figure| match customer {
            Some(customer) => best.of(customer, figure),
            None => best.everybody(figure),
        };
        let cell = |figure| of(figure).map_or("-".into(), change);
        rows.add_row([
            customer.unwrap_or("all together").to_owned(),
            cell(Figure::Perfect),
            cell(Figure::Wait),
            cell(Figure::WaitP95),
            cell(Figure::Satisfaction),
            of(all.goal.figure()).and_then(|one| one.favourable).map_or("-".into(), probability),
        ]);
    }
    let mut explanation = format!(
        "{} fresh runs, on which nothing was chosen: go by these, effects at their mean. ± is the 95 % interval\n\
         for all rows at once.{}",
        thousands(all.fresh.replications as f64),
        if several { " All together: the mean over customers." } else { "" }
    );
    if let (Some(flattery), Some(low), Some(high)) = (all.flattery.estimate, all.flattery.low, all.flattery.high) {
        let half = (high - low) / 2.0 * all.goal.figure().label_scale();
        let half = if all.goal == Goal::ValueLost { thousands(half) } else { format!("{half:.2}") };
        let way = if flattery < 0.0 { "worse" } else { "better" };
        explanation.push_str(&format!(
            "\nOn the days on which it was chosen it looks {way} by {} ± {half} ({}).",
            gain(all, flattery.abs()).trim_start_matches('+'),
            gained(all)
        ));
    }
    if let Some(one) = &all.uncertain {
        explanation.push_str(&format!(
            "\nWith effects as uncertain as they are, on average {} in {};\n",
            change(one),
            one.figure.label(),
        ));
        explanation.push_str(&match (one.favourable, one.favourable_on_average) {
            (Some(favourable), _) => {
                format!("here, with one of those effects, better with {}.", probability(favourable))
            }
            (None, Some(average)) => {
                format!(
                    "that average is better with {}; how sure one is here, a quantile does not tell.",
                    probability(average)
                )
            }
            _ if all.fresh.replications < FEWEST_DRAWN => {
                format!("how sure that is, fewer than {FEWEST_DRAWN} fresh runs do not tell.")
            }
            _ if one.difference.estimate == Some(0.0) => "nothing differs.".to_owned(),
            _ => "how sure that is, so few fresh runs do not tell.".to_owned(),
        });
    }
    section("WHAT IT DOES ON OTHER DAYS", &explanation, &rows)
}

fn choices(all: &Portfolio, choices: &[Choice]) -> comfy_table::Table {
    let column = gained(all);
    let mut rows = table(1, &["set", "costs", &column]);
    for choice in choices {
        rows.add_row([named(choice), money(choice.cost), gain(all, choice.gain)]);
    }
    rows
}

fn close(all: &Portfolio) -> String {
    if all.runners_up.is_empty() {
        return String::new();
    }
    let mut shown = vec![all.best.clone()];
    shown.extend(all.runners_up.iter().cloned());
    section(
        "WHAT COMES CLOSE",
        "The best, and the next best, on the days on which it was chosen; on others close ones may change places.",
        &choices(all, &shown),
    )
}

fn frontier(all: &Portfolio) -> String {
    /// More are more than a group reads.
    const MOST: usize = 12;
    if all.frontier.len() < 2 {
        return String::new();
    }
    let count = all.frontier.len();
    // The ends, and between them as evenly as can be.
    let shown: Vec<Choice> = if count <= MOST {
        all.frontier.clone()
    } else {
        (0..MOST).map(|row| all.frontier[row * (count - 1) / (MOST - 1)].clone()).collect()
    };
    let left = if count > MOST { format!(" {MOST} of {count} rows; all stand in the JSON.") } else { String::new() };
    let explanation = format!("The best set for each amount, on the days on which it was chosen.{left}");
    section("WHAT LESS MONEY BUYS", &explanation, &choices(all, &shown))
}

fn knowing(all: &Portfolio) -> String {
    let Some(knowing) = &all.knowing else { return String::new() };
    let column = format!("worth: {}", gained(all));
    let mut rows = table(1, &["to know", &column, "±", ""]);
    for one in std::iter::once(&knowing.all).chain(&knowing.each) {
        let error = 2.0 * one.standard_error * all.goal.figure().label_scale();
        let error = if all.goal == Goal::ValueLost { thousands(error) } else { format!("{error:.2}") };
        let told = if one.value > 2.0 * one.standard_error { "" } else { "nothing that can be told" };
        rows.add_row([one.what.clone(), gain(all, one.value), error, told.to_owned()]);
    }
    let explanation = format!(
        "By how much one would do better on average if an effect were known before deciding: what a pilot could bring at\n\
         most. {} draws of the effects, {} sets. Noise makes the first row too large on average, the others little.",
        thousands(knowing.draws as f64),
        knowing.sets
    );
    section("WHAT IT IS WORTH TO KNOW AN EFFECT", &explanation, &rows)
}

fn footnote(all: &Portfolio) -> String {
    let mut note = if all.is_exact {
        "No set within the budget is better in this sample: all were run, overlaps of practices included.\n".to_owned()
    } else {
        "A search does not see all sets: there may be a better one.\n".to_owned()
    };
    if all.refused > 0 {
        note.push_str(&format!(
            "{} sets could not be made: what one candidate changes leaves no room for another.\n",
            thousands(all.refused as f64)
        ));
    }
    let plain = all.candidates.iter().filter(|one| one.is_chosen && one.is_plain);
    let plain: Vec<&str> = plain.map(|one| one.name.as_str()).collect();
    if !plain.is_empty() {
        note.push_str(&format!("Counted as free, as no practice says what it costs: {}.\n", plain.join(", ")));
    }
    note.push_str("Simulated, not observed: whether practices do here what they did elsewhere, no simulation knows.\n");
    if all.cut > 0 {
        note.push_str(&format!(
            "CAUTION: {} times were cut to the largest allowed; the figures are wrong by them.\n",
            thousands(all.cut as f64)
        ));
    }
    note
}
