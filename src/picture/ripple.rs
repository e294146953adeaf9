//! Ripples, rankings and explanations as pictures.

use std::collections::{BTreeMap, BTreeSet};

use super::{Forest, Hit, OrganizationPicture, Tornado};
use crate::Estimate;
use crate::explain::{Cause, CustomerExplanation};
use crate::ripple::{Ranking, Ripple, RippleFigures};

/// Rows of a ranking that can be compared at a glance.
const ROWS: usize = 12;
/// Hours that are not shown as 0.0.
const SMALLEST: f64 = 0.05;

impl OrganizationPicture {
    /// Draws a ripple of this organisation on it: how often each is hit as shade, with the hours by which it is then later, the
    /// hops from where it began, and as thick lines the way outward: from who is hit, or struck on the way, to who is hit and no
    /// nearer to where it began. Hours of a department are those of its people together.
    ///
    /// ```
    /// use ripple_effect::change::Selection;
    /// use ripple_effect::shock::Shock;
    /// use ripple_effect::{Organization, picture::OrganizationPicture};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .employee("Ben", |e| e.provides("advice", 1.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Ben", "what is in stock")
    ///     .serves("Ben", "Guests", "advice")
    ///     .build()?;
    /// let silence = Shock::new("No answer").on(Selection::dependency("Ana -> Ben")).unanswered_for(6.0);
    /// let ripple = shop.simulate()?.ripple(&[silence])?;
    /// let picture = OrganizationPicture::new(&shop).title("No answer").ripple(&ripple).draw();
    /// assert!(picture.svg().contains("always, +6.0 h"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn ripple(self, ripple: &Ripple) -> Self {
        let rings: BTreeMap<&str, Option<u32>> =
            ripple.people.iter().map(|person| (person.name.as_str(), person.ring)).collect();
        let ring = |person: &str| rings.get(person).copied().flatten();
        let mut picture = self;
        // A service or a customer of a department's name is drawn as itself, so those come after.
        let departments = ripple.departments.iter().map(|one| {
            let people = ripple.people.iter().filter(|person| person.department.as_deref() == Some(&one.name));
            (&one.name, hit(&one.figures, people.filter_map(|person| person.ring).min(), " together"))
        });
        let services = ripple.services.iter().map(|one| (&one.name, hit(&one.figures, ring(&one.employee), "")));
        let customers = ripple.customers.iter().map(|one| (&one.name, hit(&one.figures, one.ring, "")));
        for (name, hit) in departments.chain(services).chain(customers) {
            if let Some(hit) = hit {
                picture = picture.hit(name, hit);
            }
        }
        let outward = outward(&picture, ripple);
        picture.shaded_by("the darker, the more often hit; hours: how much later then").mark(outward, "the way outward")
    }
}

/// How one is drawn who is hit, or who is struck without being hit.
fn hit(figures: &RippleFigures, ring: Option<u32>, whose: &str) -> Option<Hit> {
    let share = value(figures.hit);
    let drawn = ring.map_or(Hit::new(share), |ring| Hit::new(share).ring(ring));
    if share <= 0.0 {
        return (ring == Some(0)).then_some(drawn);
    }
    let in_a_way = |of: Estimate, hours: Estimate| {
        let (of, hours) = (value(of), value(hours));
        let sign = if hours > 0.0 { "+" } else { "\u{2212}" };
        // As they are read: what is not told apart in so many of 100 need not be said twice.
        let when = if often(of) == often(share) { String::new() } else { format!(" in {}", often(of)) };
        (of > 0.0 && hours.abs() >= 0.05).then(|| format!(", {sign}{:.1} h{whose}{when}", hours.abs()))
    };
    let how = in_a_way(figures.later, figures.extra_hours_when_later)
        .or_else(|| in_a_way(figures.earlier, figures.extra_hours_when_earlier))
        .unwrap_or_else(|| if value(figures.wrong) > 0.0 { ", mistakes".to_owned() } else { String::new() });
    Some(drawn.label(format!("{}{how}", often(share))))
}

fn value(estimate: Estimate) -> f64 {
    estimate.estimate.unwrap_or(0.0)
}

/// `31 in 100`, `always`, `rarely`.
fn often(share: f64) -> String {
    if share >= 1.0 {
        "always".to_owned()
    } else if share < 0.005 {
        "rarely".to_owned()
    } else {
        format!("{:.0} in 100", 100.0 * share)
    }
}

/// Dependencies into whoever is hit, from whoever is hit and no further from where it began, and those that were struck.
fn outward(picture: &OrganizationPicture, ripple: &Ripple) -> Vec<String> {
    let struck: BTreeSet<&str> = ripple.struck_dependencies.iter().map(String::as_str).collect();
    let rings: BTreeMap<&str, Option<u32>> =
        ripple.people.iter().map(|person| (person.name.as_str(), person.ring)).collect();
    let services = ripple.services.iter().map(|one| {
        let ring = rings.get(one.employee.as_str()).copied().flatten();
        (one.name.as_str(), &one.figures, ring)
    });
    let customers = ripple.customers.iter().map(|one| (one.name.as_str(), &one.figures, one.ring));
    let are_hit: BTreeMap<&str, Option<u32>> = services
        .chain(customers)
        .filter(|(_, figures, _)| value(figures.hit) > 0.0)
        .map(|(name, _, ring)| (name, ring))
        .collect();
    let goes = |(id, provider, receiver): &(&str, &str, &str)| match (are_hit.get(provider), are_hit.get(receiver)) {
        (_, Some(_)) if struck.contains(id) => true,
        // Whom no chain reaches is hit by somebody's being busy, and hands it on from there.
        (Some(from), Some(to)) => from.is_none() || to.is_none() || from <= to,
        _ => false,
    };
    picture.dependencies().filter(goes).map(|(id, ..)| id.to_owned()).collect()
}

impl Forest {
    /// The worst 12 of a ranking, as [`Ranking::worst`] has them, without what their names have in common: engagements let down in 100 runs because of each, with their
    /// intervals; hours that customers wait longer where none lets anybody down.
    ///
    /// ```
    /// use ripple_effect::change::Things;
    /// use ripple_effect::shock::Shock;
    /// use ripple_effect::{Organization, picture::Forest};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "what is in stock")
    ///     .build()?;
    /// let late = Shock::new("late").late(6.0).on_each(&shop, Things::Employees)?;
    /// let picture = Forest::of_ranking("Who must not be late", &shop.simulate()?.rank(&late)?).draw();
    /// assert!(picture.svg().contains("Ana"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn of_ranking(title: impl Into<String>, ranking: &Ranking) -> Self {
        let lets_down = ranking.shocks.iter().any(|one| value(one.total.perfect_lost) != 0.0);
        let (worst, axis) = if lets_down {
            (ranking.worst(), "let down because of it, in 100 runs")
        } else {
            (ranking.worst_by_wait(), "hours that customers wait longer")
        };
        let shared = ranking.shared_name().map_or(0, |(_, length)| length);
        worst.into_iter().take(ROWS).fold(Self::new(title, axis), |forest, one| {
            let figure = if lets_down { one.total.perfect_lost.scale(100.0) } else { one.total.extra_wait };
            forest.figure(one.shock.get(shared..).unwrap_or(&one.shock), figure)
        })
    }
}

impl Tornado {
    /// What made a customer wait, on average: for each person in which way, as [`Explanation`](crate::Explanation) has it.
    #[must_use]
    pub fn of_explanation(customer: &CustomerExplanation) -> Self {
        let title = format!(
            "What made {} wait {:.1} h on average, where {:.1} h were planned",
            customer.name,
            customer.planned_wait + value(customer.beyond_plan),
            customer.planned_wait
        );
        let parts = customer.people.iter().flat_map(|person| {
            let added = person.causes.iter().filter(|part| part.cause != Cause::Slack);
            added.map(|part| (format!("{}: {}", person.name, way(part.cause, value(part.hours))), value(part.hours)))
        });
        let slack = customer.cause(Cause::Slack).map(|slack| (Cause::Slack.words().to_owned(), value(slack)));
        let (shown, rest): (Vec<_>, Vec<_>) = parts.chain(slack).partition(|(_, hours)| hours.abs() >= SMALLEST);
        let rest: f64 = rest.iter().map(|(_, hours)| hours).sum();
        let tornado = shown.into_iter().fold(Self::new(title), |tornado, (label, hours)| tornado.cause(label, hours));
        if rest.abs() < SMALLEST { tornado } else { tornado.cause("all smaller parts", rest) }
    }
}

/// A way in which hours were added or taken off.
fn way(cause: Cause, hours: f64) -> &'static str {
    match cause {
        Cause::Work if hours < 0.0 => "quick work",
        Cause::Handoff if hours < 0.0 => "quick hand-off",
        _ => cause.words(),
    }
}
