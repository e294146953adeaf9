//! Why customers waited, as a page.

use super::words::{hours_and_days, of_100, often, thousands};
use super::{WORST, section, table, with_need};
use crate::Estimate;
use crate::explain::{Cause, CustomerExplanation, Explanation, ServiceExplanation};

impl Explanation {
    /// Why customers waited, as a page of plain words and aligned tables: for each of them whose overrun became the wait,
    /// over which request; that the parts add up; who has no slack; what an hour less of each person's work would give;
    /// whose mistakes arrived.
    ///
    /// ```
    /// use ripple_effect::{Distribution, Organization};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", Distribution::exponential(2.0)))
    ///     .customer("Guests", |c| c.promise(2.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let page = shop.simulate()?.explain()?.report();
    /// assert!(page.contains("WHY GUESTS WAITED"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> String {
        let rounds = self.rounds.saturating_sub(self.warmup);
        let rounds =
            if rounds > 1 { format!(", each over {} rounds", thousands(f64::from(rounds))) } else { String::new() };
        let mut page = format!(
            "{}: why it happened\n{} runs of everyone's work{rounds} (seed {}).\n",
            self.model,
            thousands(self.replications as f64),
            self.seed
        );
        for customer in &self.customers {
            let sections = [waited(self, customer), over(customer), no_slack(customer), mistakes(customer)];
            for section in sections.into_iter().filter(|section| !section.is_empty()) {
                page.push('\n');
                page.push_str(&section);
            }
        }
        if self.cut > 0 {
            page.push_str(&format!(
                "\nCAUTION: {} times were cut to the largest allowed; the figures are wrong by them.\n",
                thousands(self.cut as f64)
            ));
        }
        page
    }
}

fn value(estimate: Estimate) -> f64 {
    estimate.estimate.unwrap_or(0.0)
}

/// `+1.25 h`; short times in minutes say nothing to a group.
fn signed(hours: f64) -> String {
    if hours.abs() < 0.005 { "0".into() } else { format!("{hours:+.2} h") }
}

fn waited(all: &Explanation, customer: &CustomerExplanation) -> String {
    let beyond = value(customer.beyond_plan);
    let day = all.hours_per_day.unwrap_or(8.0);
    let mut rows = table(3, &["who", "department", "mostly", "added"]);
    for person in customer.people.iter().filter(|person| value(person.hours).abs() >= 0.005).take(WORST) {
        let added = person.causes.iter().filter(|figures| figures.cause != Cause::Slack);
        let most = added.max_by(|a, b| value(a.hours).total_cmp(&value(b.hours)));
        rows.add_row([
            person.name.clone(),
            person.department.clone().unwrap_or_default(),
            most.map_or("", |figures| figures.cause.words()).to_owned(),
            signed(value(person.hours)),
        ]);
    }
    let direction = if beyond < 0.0 { "before" } else { "after" };
    let mut parts = table(1, &["added up", ""]);
    for figures in customer.causes.iter().filter(|figures| value(figures.hours).abs() >= 0.005) {
        parts.add_row([figures.cause.words().to_owned(), signed(value(figures.hours))]);
    }
    parts.add_row(["beyond plan".to_owned(), signed(beyond)]);
    let adds_up = match customer.unexplained {
        0 => "In every single engagement the parts add up, exactly.".to_owned(),
        some => format!("CAUTION: in {some} engagements the parts do not add up."),
    };
    let explanation = format!(
        "Planned after {}; on average {} {direction} that; late {}.\nHours that people added to an average wait, \
         followed back from the customer to where they arose.",
        hours_and_days(customer.planned_wait, day),
        hours_and_days(beyond.abs(), day),
        often(customer.late.estimate),
    );
    let title = format!("WHY {} WAITED", customer.name.to_uppercase());
    let people = section(&title, &explanation, &rows);
    let parts: String = parts.lines().map(|line| format!("  {}\n", line.trim_end())).collect();
    format!("{people}\n{parts}  {adds_up}\n")
}

fn over(customer: &CustomerExplanation) -> String {
    let mut found: Vec<_> = customer.dependencies.iter().filter(|d| value(d.on_chain) > 0.0).collect();
    found.sort_by(|a, b| value(b.on_chain).total_cmp(&value(a.on_chain)).then_with(|| a.id.cmp(&b.id)));
    let mut rows = table(2, &["from", "to", "decided it", "added on the way"]);
    for dependency in found.into_iter().take(WORST) {
        let added = dependency.causes.iter().filter(|figures| figures.cause != Cause::Slack);
        rows.add_row([
            with_need(&dependency.provider, dependency.need.as_deref()),
            dependency.receiver.clone(),
            often(dependency.criticality.estimate),
            signed(added.map(|figures| value(figures.hours)).sum()),
        ]);
    }
    if rows.row_count() == 0 {
        return String::new();
    }
    section(
        "THROUGH WHICH REQUESTS",
        "How often the least delay of it would have reached the customer; what silence, hand-off and rework added there.",
        &rows,
    )
}

/// The hours that an hour less of each piece of work would take off the mean wait, at most: waits are convex in hours, but
/// for colleagues who stand in for each other. Nothing is said where the derivative does not hold.
fn an_hour_less(service: &ServiceExplanation) -> String {
    service.derivative_to_shift.map_or("-".to_owned(), |at_most| {
        let at_most = value(at_most);
        if at_most >= 0.005 { format!("{at_most:.2} h") } else { "0".into() }
    })
}

fn no_slack(customer: &CustomerExplanation) -> String {
    let mut rows = table(2, &["service", "who", "no slack", "an hour less gives up to", "goes with the wait"]);
    for service in customer.services.iter().filter(|service| value(service.criticality) > 0.0).take(WORST) {
        rows.add_row([
            service.name.clone(),
            service.employee.clone(),
            often(service.criticality.estimate),
            an_hour_less(service),
            of_100(service.cruciality),
        ]);
    }
    if rows.row_count() == 0 {
        return String::new();
    }
    let unknown = if customer.services.iter().any(|service| service.derivative_to_shift.is_none()) {
        "\n-: cannot be read off one run here; change the hours and compare two runs."
    } else {
        ""
    };
    let words = "How often any delay of it is a delay for the customer; what an hour less of this work, each time, takes off the\n\
         average wait at most; how closely its hours go with the wait (100 %: in step).";
    section("WHO HAS NO SLACK", &format!("{words}{unknown}"), &rows)
}

fn mistakes(customer: &CustomerExplanation) -> String {
    let mistakes = &customer.mistakes;
    if mistakes.made_by.is_empty() {
        return String::new();
    }
    let mut rows = table(2, &["made by", "in", "reached the customer"]);
    for made in mistakes.made_by.iter().take(WORST) {
        rows.add_row([made.employee.clone(), made.service.clone(), often(made.share.estimate)]);
    }
    let made = section(
        "WHOSE MISTAKES ARRIVED",
        &format!("How often a mistake reached this customer: {}.", often(mistakes.share.estimate)),
        &rows,
    );
    let mut rows = table(2, &["from", "to", "went through", "caught there"]);
    for at in mistakes.passed_at.iter().take(WORST) {
        rows.add_row([
            at.provider.clone(),
            at.receiver.clone(),
            often(at.share.estimate),
            if at.detection > 0.0 { of_100(Some(at.detection)) } else { "nobody looks".into() },
        ]);
    }
    let passed =
        section("WHERE THEY COULD HAVE BEEN CAUGHT", "On their way to the customer they went through here.", &rows);
    format!("{made}\n{passed}")
}
