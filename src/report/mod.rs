//! The outcome in plain words and aligned tables: what a trainer puts on a screen.
//!
//! | file | what lives there |
//! |---|---|
//! | `mod` | the page: who was let down, through whom, what lies behind it |
//! | `climate` | what it does to the people |
//! | `plan`, `trace`, `explanation` | the same for a plan, for one replication, and for why customers waited |
//! | `comparison`, `portfolio` | what would help, and what to do with a budget |
//! | `ripple`, `ranking` | for the ripple of a shock, and for which of many hurts most |
//! | `words` | figures as people say them |

mod climate;
mod comparison;
mod explanation;
mod plan;
mod portfolio;
mod ranking;
mod ripple;
mod trace;
mod words;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use crate::outcome::{CustomerFigures, DependencyFigures, Meta, PersonFigures, Summary};
use words::{hours, hours_and_days, of_100, often, thousands};

/// Columns of a projected screen or a terminal of ordinary width.
const WIDTH: u16 = 100;
/// Rows of a list of the worst; more are more than a group reads.
const WORST: usize = 6;

impl Summary {
    /// The figures as a page of plain words and aligned tables.
    ///
    /// ```
    /// use ripple_effect::Organization;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let page = shop.simulate()?.run()?.summary().report();
    /// assert!(page.contains("WHO WAS LET DOWN"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> String {
        let mut page = heading(&self.meta);
        let sections = [
            customers(self),
            through_whom(self),
            journeys(self),
            promises(self),
            people(self),
            departments(self),
            round_by_round(self),
        ];
        for section in sections.into_iter().chain(climate::sections(self)).filter(|section| !section.is_empty()) {
            page.push('\n');
            page.push_str(&section);
        }
        page.push('\n');
        page.push_str(&footnote(self));
        page
    }
}

fn heading(meta: &Meta) -> String {
    let rounds = match meta.rounds.saturating_sub(meta.warmup) {
        1 => String::new(),
        counted => format!(", each over {} rounds", thousands(f64::from(counted))),
    };
    format!(
        "{}\n{} runs of everyone's work{rounds} (seed {}, {} {}).\n",
        meta.model,
        thousands(meta.replications as f64),
        meta.seed,
        env!("CARGO_PKG_NAME"),
        meta.version,
    ) + &part(meta)
}

/// Says, before anything else, that figures are those of a part of a run only.
fn part(meta: &Meta) -> String {
    match meta.missing {
        0 => String::new(),
        missing => format!("A PART OF THE RUN ONLY: {} more runs are missing.\n", thousands(missing as f64)),
    }
}

/// A section: its title, a sentence that says how to read it, and its table.
fn section(title: &str, explanation: &str, table: &Table) -> String {
    let rows: String = table.lines().map(|line| format!("  {}\n", line.trim_end())).collect();
    format!("{title}\n{explanation}\n\n{rows}")
}

/// A table whose first columns are words and whose other columns are figures.
fn table(words: usize, header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH).set_header(header);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        column.set_cell_alignment(if index < words { CellAlignment::Left } else { CellAlignment::Right });
    }
    table
}

fn customers(summary: &Summary) -> String {
    let mut table =
        table(1, &["customer", "let down", "late", "then by", "mistakes", "quality", "satisfied", "lost per 1,000"]);
    for customer in &summary.customers {
        table.add_row([
            customer.name.clone(),
            often(customer.perfect.complement().estimate),
            often(customer.on_time.complement().estimate),
            when_late(customer, &summary.meta),
            often(customer.error_free.complement().estimate),
            of_100(customer.quality.estimate),
            customer.satisfaction.estimate.map_or("-".into(), |x| format!("{x:.0} %")),
            if customer.value > 0.0 {
                let currency = summary.meta.currency.as_deref().map(|c| format!(" {c}")).unwrap_or_default();
                customer.value_lost_per_1000.estimate.map_or("-".into(), |x| format!("{}{currency}", thousands(x)))
            } else {
                "-".into()
            },
        ]);
    }
    let explanation = format!(
        "A customer is let down when the work comes late, with a mistake in it, or half done.\n\
         Then by: how late the late ones are (a working day has {} hours). Lost: what was at stake in those let down.",
        summary.meta.hours_per_day
    );
    section("WHO WAS LET DOWN", &explanation, &table)
}

/// The mean lateness of those that are late.
fn when_late(customer: &CustomerFigures, meta: &Meta) -> String {
    match (customer.lateness.mean.estimate, customer.on_time.complement().estimate) {
        (Some(mean), Some(late)) if late > 0.0 => hours_and_days(mean / late, meta.hours_per_day),
        _ => "-".into(),
    }
}

fn through_whom(summary: &Summary) -> String {
    let mut table = table(2, &["customer", "served by", "came last when late", "brought a mistake"]);
    let mut rows = 0;
    for customer in &summary.customers {
        let mut inputs: Vec<_> = customer.inputs.iter().collect();
        inputs.sort_by(|a, b| {
            let weight = |input: &crate::outcome::InputFigures| {
                input.last_when_late.estimate.unwrap_or(0.0) + input.brought_error.estimate.unwrap_or(0.0)
            };
            weight(b).total_cmp(&weight(a)).then_with(|| a.provider.cmp(&b.provider))
        });
        for (index, input) in inputs.into_iter().take(WORST).enumerate() {
            let name = if index == 0 { customer.name.as_str() } else { "" };
            table.add_row([
                name.to_owned(),
                with_need(&input.provider, input.need.as_deref()),
                often(input.last_when_late.estimate),
                often(input.brought_error.estimate),
            ]);
            rows += 1;
        }
    }
    if rows == 0 {
        return String::new();
    }
    section(
        "THROUGH WHOM IT REACHED THEM",
        "Of the late engagements, how often this was the last thing to arrive; and how often it brought a mistake.",
        &table,
    )
}

/// `Ana: account history`; the service where no need is told.
fn with_need(provider: &str, need: Option<&str>) -> String {
    match need {
        Some(need) if !need.is_empty() => {
            let person = provider.split_once('/').map_or(provider, |(person, _)| person);
            format!("{person}: {need}")
        }
        _ => provider.to_owned(),
    }
}

fn journeys(summary: &Summary) -> String {
    let mut table = table(2, &["customer", "stage", "planned", "on average", "nine in ten by"]);
    let mut rows = 0;
    for customer in &summary.customers {
        for (index, stage) in customer.stages.iter().enumerate() {
            let name = if index == 0 { customer.name.as_str() } else { "" };
            table.add_row([
                name.to_owned(),
                stage.service.clone(),
                hours(Some(stage.planned)),
                hours(stage.time.mean.estimate),
                hours(stage.time.p90.estimate),
            ]);
            rows += 1;
        }
    }
    if rows == 0 {
        return String::new();
    }
    section("THE CUSTOMER'S JOURNEY", "When each stage is done, in hours after the customer came.", &table)
}

fn promises(summary: &Summary) -> String {
    let slip = |d: &DependencyFigures| d.response.estimate.map_or(0.0, |response| response - d.promise);
    let mut dependencies: Vec<&DependencyFigures> = summary.dependencies.iter().filter(|d| slip(d) > 0.0).collect();
    if dependencies.is_empty() {
        return String::new();
    }
    dependencies.sort_by(|a, b| slip(b).total_cmp(&slip(a)).then_with(|| a.id.cmp(&b.id)));
    let mut table = table(2, &["from", "to", "promised in", "takes", "broken", "no answer", "too late"]);
    for dependency in dependencies.into_iter().take(WORST) {
        table.add_row([
            with_need(&dependency.provider, dependency.need.as_deref()),
            dependency.receiver.clone(),
            hours(Some(dependency.promise)),
            hours(dependency.response.estimate),
            often(dependency.promise_kept.complement().estimate),
            often(dependency.silent.estimate),
            often(dependency.on_time.complement().estimate),
        ]);
    }
    section(
        "WHERE PROMISES BETWEEN COLLEAGUES SLIPPED MOST",
        "Everyone has customers. The hours count from when the provider had all that was needed; \"too late\" is what the\n\
         receiver sees of it.",
        &table,
    )
}

fn people(summary: &Summary) -> String {
    let mut people: Vec<&PersonFigures> = summary
        .employees
        .iter()
        .filter(|person| person.making_wait.estimate.is_some_and(|hours| hours > 0.0))
        .collect();
    if people.is_empty() {
        return String::new();
    }
    let making = |person: &PersonFigures| person.making_wait.estimate.unwrap_or(0.0);
    people.sort_by(|a, b| making(b).total_cmp(&making(a)).then_with(|| a.name.cmp(&b.name)));
    let mut header =
        vec!["who", "department", "makes others wait", "waits for others", "mistakes made", "passed on", "caught"];
    header.extend(busy_column(summary));
    let mut table = table(2, &header);
    for person in people.into_iter().take(WORST) {
        let count = |figure: crate::Estimate| figure.estimate.map_or("-".into(), words::count);
        let mut row = vec![
            person.name.clone(),
            person.department.clone().unwrap_or_default(),
            hours(person.making_wait.estimate),
            hours(person.waiting.estimate),
            count(person.errors_made),
            count(person.errors_passed_on),
            count(person.errors_caught),
        ];
        row.extend(busy_column(summary).map(|_| of_100(person.utilisation.estimate)));
        table.add_row(row);
    }
    section(
        "WHO MADE OTHERS WAIT MOST",
        "Hours and mistakes per round. Those who make others wait are often those who wait for somebody themselves.",
        &table,
    )
}

fn departments(summary: &Summary) -> String {
    if summary.departments.len() < 2 {
        return String::new();
    }
    let mut header = vec!["department", "work on time", "makes others wait", "waits for others", "mistakes made"];
    header.extend(busy_column(summary));
    let mut table = table(1, &header);
    for department in &summary.departments {
        let mut row = vec![
            department.name.clone(),
            often(department.on_time.estimate),
            hours(department.making_wait.estimate),
            hours(department.waiting.estimate),
            department.errors_made.estimate.map_or("-".into(), words::count),
        ];
        row.extend(busy_column(summary).map(|_| of_100(department.utilisation.estimate)));
        table.add_row(row);
    }
    section("DEPARTMENTS", "All their people together, per round.", &table)
}

/// How busy people are is a share of the time between two rounds: of one round alone it says nothing.
fn busy_column(summary: &Summary) -> Option<&'static str> {
    (summary.meta.rounds > 1).then_some("busy")
}

fn round_by_round(summary: &Summary) -> String {
    if summary.rounds.len() < 2 {
        return String::new();
    }
    let names: Vec<&str> = summary.customers.iter().map(|customer| customer.name.as_str()).collect();
    let mut header = vec!["round"];
    header.extend(&names);
    let mut table = table(0, &header);
    for round in &summary.rounds {
        let mut row = vec![(round.round + 1).to_string()];
        row.extend(round.customers.iter().map(|customer| often(customer.perfect.complement().estimate)));
        table.add_row(row);
    }
    section("LET DOWN, ROUND BY ROUND", "How often each customer is let down in each round.", &table)
}

fn footnote(summary: &Summary) -> String {
    let widest = summary
        .customers
        .iter()
        .filter_map(|customer| Some((customer.perfect.high? - customer.perfect.low?) / 2.0))
        .fold(0.0, f64::max);
    let mut note = format!(
        "Simulated, not observed: how often customers are let down is known to within {} in 100 (95 % intervals of\n\
         every figure stand in the JSON).\n",
        if widest < 0.001 { "0.1".to_owned() } else { format!("{:.1}", 100.0 * widest) }
    );
    for precision in &summary.meta.precision {
        let known = match precision.half_width {
            None => "nothing can be said yet".to_owned(),
            Some(half_width) if half_width < 0.001 => format!("it is known to within {half_width:.1e}"),
            Some(half_width) => format!("it is known to within {half_width:.4}"),
        };
        let reached = if precision.reached { "reached" } else { "NOT REACHED" };
        note.push_str(&format!("Wanted: {} to within {}. {reached}: {known}.\n", precision.figure, precision.wanted));
    }
    if summary.meta.cut > 0 {
        note.push_str(&format!(
            "CAUTION: {} times were cut to the largest allowed; the figures are wrong by them. Look for a distribution \
             with far too heavy a tail.\n",
            thousands(summary.meta.cut as f64)
        ));
    }
    note
}
