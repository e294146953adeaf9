//! What would help, as a page.

use super::words::{money, of_100, thousands};
use super::{section, table};
use crate::compare::{Compared, Comparison, Difference, Figure};

impl Comparison {
    /// What would help, as a page of plain words and aligned tables: for all customers together and for each, what every
    /// scenario adds or takes off, and how sure that is.
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
    /// let page = shop.compare(&[answers])?.run()?.report();
    /// assert!(page.contains("WHAT WOULD HELP GUESTS"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> String {
        let rounds = self.rounds.saturating_sub(self.warmup);
        let rounds =
            if rounds > 1 { format!(", each over {} rounds", thousands(f64::from(rounds))) } else { String::new() };
        let mut page = format!(
            "{}: what would help\n{} runs of everyone's work{rounds}, the same days in all of them (seed {}, {} {}).\n",
            self.model,
            thousands(self.replications as f64),
            self.seed,
            env!("CARGO_PKG_NAME"),
            self.version,
        );
        let mut customers: Vec<Option<&str>> = Vec::new();
        for one in self.scenarios.first().map(|compared| compared.figures.as_slice()).unwrap_or_default() {
            if !customers.contains(&one.customer.as_deref()) {
                customers.push(one.customer.as_deref());
            }
        }
        // All together first; of one customer alone that says nothing more.
        customers.rotate_right(1);
        if customers.len() == 2 {
            customers.remove(0);
        }
        for customer in customers {
            page.push('\n');
            page.push_str(&helps(self, customer));
        }
        page.push('\n');
        page.push_str(&sure(self));
        if !self.pairs.is_empty() {
            page.push('\n');
            page.push_str(&pairs(self));
        }
        page.push('\n');
        page.push_str(&footnote(self));
        page
    }
}

fn figure<'c>(compared: &'c Compared, customer: Option<&str>, figure: Figure) -> Option<&'c Difference> {
    match customer {
        Some(customer) => compared.of(customer, figure),
        None => compared.everybody(figure),
    }
}

/// How it is, in the unit of the label.
fn level(one: &Difference) -> String {
    one.before.estimate.map_or("-".into(), |value| number(value * one.figure.label_scale(), one.figure))
}

fn number(value: f64, figure: Figure) -> String {
    if figure == Figure::ValueLost { thousands(value) } else { format!("{value:.1}") }
}

/// `+3.1 ± 0.2`, half the interval that holds for all at once.
pub(super) fn change(one: &Difference) -> String {
    let scale = one.figure.label_scale();
    let Some(mean) = one.difference.estimate.map(|mean| mean * scale) else { return "-".into() };
    let half = one.all_at_once.high.zip(one.all_at_once.low).map(|(high, low)| (high - low) / 2.0 * scale);
    if mean == 0.0 && half == Some(0.0) {
        return "0".into();
    }
    let decimals = match half {
        _ if one.figure == Figure::ValueLost => 0,
        Some(half) if half < 0.1 => 2,
        _ => 1,
    };
    let least = if decimals == 2 { 0.005 } else { 0.05 };
    let shown = if one.figure == Figure::ValueLost {
        format!("{}{}", if mean > 0.0 { "+" } else { "" }, thousands(mean))
    } else if mean.abs() < least {
        "0".to_owned()
    } else {
        format!("{mean:+.decimals$}")
    };
    match half {
        Some(half) if one.figure == Figure::ValueLost => format!("{shown} ± {}", thousands(half)),
        Some(half) => format!("{shown} ± {half:.decimals$}"),
        None => shown,
    }
}

const FIGURES: [Figure; 4] = [Figure::Perfect, Figure::Wait, Figure::WaitP95, Figure::ValueLost];

fn helps(all: &Comparison, customer: Option<&str>) -> String {
    let figures = || {
        FIGURES
            .into_iter()
            .filter(|one| all.scenarios.iter().any(|compared| figure(compared, customer, *one).is_some()))
    };
    let header = figures().map(|figure| match figure {
        Figure::Perfect => "perfect of 100".to_owned(),
        Figure::Wait => "mean wait, h".to_owned(),
        Figure::WaitP95 => "95 % within, h".to_owned(),
        _ => match &all.currency {
            Some(currency) => format!("lost per 1,000, {currency}"),
            None => "lost per 1,000".to_owned(),
        },
    });
    let header: Vec<String> = ["scenario".to_owned(), "costs".to_owned()].into_iter().chain(header).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut rows = table(1, &header);
    if let Some(first) = all.scenarios.first() {
        let cells = figures().map(|one| figure(first, customer, one).map_or("-".into(), level));
        rows.add_row(["as it is".to_owned(), "-".to_owned()].into_iter().chain(cells));
    }
    for compared in &all.scenarios {
        let cells = figures().map(|one| figure(compared, customer, one).map_or("-".into(), change));
        rows.add_row([compared.scenario.clone(), money(compared.cost)].into_iter().chain(cells));
    }
    let (title, explanation) = match customer {
        Some(name) => {
            (format!("WHAT WOULD HELP {}", name.to_uppercase()), "As it is, and what each adds or takes off.")
        }
        None => (
            "WHAT WOULD HELP ALL CUSTOMERS TOGETHER".to_owned(),
            "As it is, and what each adds or takes off: ± is the 95 % interval that holds for all rows at once, on average\n\
             over what effects may be. The mean over customers; what is lost is added up.",
        ),
    };
    section(&title, explanation, &rows)
}

fn sure(all: &Comparison) -> String {
    let mut rows =
        table(2, &["scenario", "more perfect", "surely so", "better days", "worse days", "noise", "effect unknown"]);
    for compared in &all.scenarios {
        let Some(one) = compared.everybody(Figure::Perfect) else { continue };
        let points = |value: Option<f64>| value.map_or("-".into(), |value| format!("± {:.2}", 196.0 * value));
        rows.add_row([
            compared.scenario.clone(),
            verdict(one).to_owned(),
            one.favourable.map_or("-".into(), probability),
            of_100(one.better),
            of_100(one.worse),
            points(one.sampling_error),
            if compared.uncertain { points(one.effect_sd) } else { "-".into() },
        ]);
    }
    let explanation = "Surely so: how likely it is that the mean gets better here, the effect being one of those that it may be.\n\
         More perfect: yes, where that is 97.5 % or more and 0 is outside of the ± above. Days: how often a single run is\n\
         better or worse, which is another thing. Noise shrinks with more runs; what is not known of an effect does not\n\
         (both: of 100, 95 %).";
    section("HOW SURE THAT IS", explanation, &rows)
}

fn pairs(all: &Comparison) -> String {
    let mut rows = table(2, &["scenario", "beside", "perfect, of 100", "mean wait, h", "surely better"]);
    for pair in &all.pairs {
        let cell = |figure| pair.everybody(figure).map_or("-".into(), change);
        rows.add_row([
            pair.scenario.clone(),
            pair.against.clone().unwrap_or_default(),
            cell(Figure::Perfect),
            cell(Figure::Wait),
            pair.everybody(Figure::Perfect).and_then(|one| one.favourable).map_or("-".into(), probability),
        ]);
    }
    section("ONE BESIDE THE OTHER", "All customers together: what the first has more or less than the second.", &rows)
}

fn verdict(one: &Difference) -> &'static str {
    match one.verdict() {
        Some(true) => "yes",
        Some(false) => "no: fewer",
        None if one.equal == Some(1.0) => "no difference",
        None => "perhaps",
    }
}

/// `97.5 %`; never quite 0 or 100.
pub(super) fn probability(p: f64) -> String {
    if p > 0.999 {
        "> 99.9 %".into()
    } else if p < 0.001 {
        "< 0.1 %".into()
    } else {
        format!("{:.1} %", 100.0 * p)
    }
}

/// Replications below which there are not two whole blocks, with an effect each.
pub(super) const FEWEST_DRAWN: u64 = 512;

fn footnote(all: &Comparison) -> String {
    let saved = |figure: Figure| {
        let factors = all.scenarios.iter().filter_map(move |one| one.everybody(figure)?.variance_saved);
        factors.fold(f64::INFINITY, |a, b| if b < a { b } else { a })
    };
    let mut note = String::new();
    let (perfect, wait) = (saved(Figure::Perfect), saved(Figure::Wait));
    if perfect.is_finite() && wait.is_finite() {
        note.push_str(&format!(
            "The same days in all of them: runs of their own would have to be at least {} times as many to know the\n\
             differences of perfect engagements as well, and {} times for the mean wait.\n",
            factor(perfect),
            factor(wait)
        ));
    }
    if all.scenarios.iter().any(|one| one.uncertain) && all.replications < FEWEST_DRAWN {
        note.push_str(&format!(
            "Effects are drawn once for each 256 runs: with fewer than {FEWEST_DRAWN} runs no ± can be given.\n"
        ));
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

fn factor(times: f64) -> String {
    if times < 10.0 { format!("{times:.1}") } else { thousands(times) }
}
