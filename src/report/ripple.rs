//! A ripple as a page: who was hit, how hard, how far it went, and where it stopped.

use comfy_table::Table;

use super::words::{caution, change, count, hours, often, runs, signed, so_many_runs, thousands};
use super::{WORST, section, table};
use crate::Estimate;
use crate::ripple::{CustomerRipple, PersonRipple, Ripple, RippleFigures};

/// Rounds of a table; of a longer ripple the first are shown.
const ROUNDS: usize = 12;
/// Rounds after the last blow that say whether a ripple dies out.
const ENOUGH: u32 = 3;

impl Ripple {
    /// The ripple as a page of plain words and aligned tables: what happened, what customers feel of it, how far it went by
    /// hops and by rounds, who is most exposed, and where it stops.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::Selection;
    /// use ripple_effect::shock::Shock;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .employee("Ben", |e| e.provides("advice", 1.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Ben", "what is in stock")
    ///     .serves("Ben", "Guests", "advice")
    ///     .build()?;
    /// let silence = Shock::new("No answer").on(Selection::dependency("Ana -> Ben")).unanswered_for(6.0);
    /// let page = shop.simulate()?.ripple(&[silence])?.report();
    /// assert!(page.contains("In every run Guests wait longer, by 6.0 h on average."), "{page}");
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> String {
        let mut page = heading(self);
        let sections = [
            happened(self),
            customers(self),
            hops(self),
            exposed(self),
            stops(self),
            departments(self),
            round_by_round(self),
        ];
        for section in sections.into_iter().filter(|section| !section.is_empty()) {
            page.push('\n');
            page.push_str(&section);
        }
        page.push('\n');
        page.push_str(&footnote(self));
        page
    }
}

pub(super) fn value(estimate: Estimate) -> f64 {
    estimate.estimate.unwrap_or(0.0)
}

fn heading(ripple: &Ripple) -> String {
    let mut page = format!("{}: a ripple\n", ripple.model);
    for shock in &ripple.shocks {
        page.push_str(&format!("{}: {}.\n", shock.name, shock.told));
    }
    let rounds = match ripple.rounds {
        1 => String::new(),
        rounds => format!(", each over {} rounds", thousands(f64::from(rounds))),
    };
    page.push_str(&format!(
        "{} of everyone's work{rounds}, with it and without it, under the same luck (seed {}).\n",
        so_many_runs(ripple.replications),
        ripple.seed
    ));
    page
}

fn is_hit(figures: &RippleFigures) -> bool {
    value(figures.hit) > 0.0
}

/// What happens to somebody, as one says it.
fn told(name: &str, figures: &RippleFigures, rounds: u32, verbs: [&str; 4]) -> String {
    let [later, earlier, mistakes, quality] = verbs;
    let together = match rounds {
        1 => String::new(),
        rounds => format!(" in the {} rounds together", thousands(f64::from(rounds))),
    };
    let by = |hours_when: Estimate, sign: f64| {
        let by = sign * value(hours_when);
        if by < 0.05 { "by less than 0.05 h".to_owned() } else { format!("by {}", hours(Some(by))) }
    };
    let ways = [
        (figures.later, format!("{later}, {}{together} on average", by(figures.extra_hours_when_later, 1.0))),
        (figures.earlier, format!("{earlier}, {}{together} on average", by(figures.extra_hours_when_earlier, -1.0))),
        (figures.wrong, mistakes.to_owned()),
        (figures.worse, quality.to_owned()),
    ];
    let happens = ways.iter().filter(|(share, _)| value(*share) > 0.0);
    let mut clauses: Vec<String> =
        happens.map(|(share, what)| format!("{} {name} {what}", runs(share.estimate))).collect();
    if clauses.is_empty() {
        clauses.push(format!("{} {name} gain by it: mistakes fewer, or better quality", runs(figures.hit.estimate)));
    }
    clauses.iter_mut().skip(1).for_each(|clause| *clause = lower(std::mem::take(clause)));
    format!("{}.", clauses.join("; "))
}

fn person(one: &PersonRipple, rounds: u32) -> String {
    let name = match &one.department {
        Some(department) => format!("{} ({department})", one.name),
        None => one.name.clone(),
    };
    told(
        &name,
        &one.figures,
        rounds,
        ["is later", "is earlier", "delivers a mistake that was not there", "delivers less than the whole"],
    )
}

fn customer(one: &CustomerRipple, rounds: u32) -> String {
    told(
        &one.name,
        &one.figures,
        rounds,
        ["wait longer", "wait less", "get a mistake that was not there", "get less than the whole"],
    )
}

fn happened(ripple: &Ripple) -> String {
    const TOLD: usize = 3;
    let mut lines = Vec::new();
    let exposed = ripple.most_exposed();
    lines.extend(exposed.iter().take(TOLD).map(|one| person(one, ripple.rounds)));
    if exposed.len() > TOLD {
        lines.push(format!("So {} of {} people feel it.", exposed.len(), ripple.people.len()));
    } else if exposed.is_empty() {
        lines.push("No colleague feels anything of it.".to_owned());
    }
    let mut felt: Vec<&CustomerRipple> = ripple.customers.iter().filter(|one| is_hit(&one.figures)).collect();
    felt.sort_by(|a, b| value(b.figures.hit).total_cmp(&value(a.figures.hit)));
    lines.extend(felt.iter().take(TOLD).map(|one| customer(one, ripple.rounds)));
    if felt.is_empty() {
        lines.push("No customer feels anything of it.".to_owned());
    }
    if ripple.rounds > 1 && value(ripple.hit) > 0.0 {
        let still = ripple.died_out.still_there;
        lines.push(match ripple.died_out.round_90 {
            Some(0) => "In nine of ten runs nobody is hit at all.".to_owned(),
            Some(round) => format!("After round {round} it is over, in nine of ten runs."),
            None => {
                let still = format!("{} somebody is still hit in the last round.", lower(runs(still.estimate)));
                match ripple.rounds.saturating_sub(ripple.last_struck_round + 1) {
                    0 => format!("It strikes up to the end of the run, and {still} More rounds show whether it dies out."),
                    after if after < ENOUGH => {
                        let s = if after == 1 { "" } else { "s" };
                        format!("The run ends {after} round{s} after it struck, and {still} More rounds show whether it dies out.")
                    }
                    _ => format!("It does not die out: {still}"),
                }
            }
        });
    }
    let lines: String = lines.into_iter().map(|line| format!("  {line}\n")).collect();
    format!("WHAT HAPPENS\n{lines}")
}

fn lower(mut sentence: String) -> String {
    if let Some(first) = sentence.get_mut(0..1) {
        first.make_ascii_lowercase();
    }
    sentence
}

fn hop(ring: Option<u32>) -> String {
    ring.map_or("-".to_owned(), |ring| ring.to_string())
}

fn customers(ripple: &Ripple) -> String {
    let rounds = f64::from(ripple.rounds);
    let of = if ripple.rounds == 1 { String::new() } else { format!(", of {}", thousands(rounds)) };
    let (late, let_down) = (format!("late{of}"), format!("let down{of}"));
    let costs = ripple.customers.iter().any(|one| value(one.value_lost) != 0.0);
    let mut header = vec!["customer", "hops", "hit", "waits", &late, &let_down];
    if costs {
        header.push("lost a run");
    }
    let mut table = table(1, &header);
    for one in &ripple.customers {
        let (wait, more) = (value(one.wait_before) / rounds, value(one.figures.extra_hours) / rounds);
        let share = |before: f64, more: f64| {
            if ripple.rounds == 1 {
                return change(before, before + more);
            }
            let (before, after) = (format!("{before:.2}"), format!("{:.2}", before + more));
            if before == after { after } else { format!("{before} -> {after}") }
        };
        let (before, after) = (hours(Some(wait)), hours(Some(wait + more)));
        let mut row = vec![
            one.name.clone(),
            hop(one.ring),
            often(one.figures.hit.estimate),
            if before == after { after } else { format!("{before} -> {after}") },
            share(value(one.late_before), value(one.late)),
            share(rounds - value(one.perfect_before), value(one.perfect_lost)),
        ];
        if costs {
            let currency = ripple.currency.as_deref().map(|c| format!(" {c}")).unwrap_or_default();
            row.push(format!("{}{currency}", thousands(value(one.value_lost))));
        }
        table.add_row(row);
    }
    let counted = if ripple.rounds == 1 {
        String::new()
    } else {
        format!("\nLate and let down: how many of the {} engagements of a run.", thousands(rounds))
    };
    section(
        "WHAT CUSTOMERS FEEL",
        &format!("Without it -> with it; waits on average. Hops: how far from where it began.{counted}"),
        &table,
    )
}

fn hops(ripple: &Ripple) -> String {
    let mut header = vec!["hops", "people", "of them hit", "later all together", "slack took up"];
    header.extend(mistakes_column(ripple));
    let mut table = table(0, &header);
    for ring in ripple.rings.iter().filter(|ring| ring.people > 0) {
        let mut row = vec![
            ring.ring.to_string(),
            ring.people.to_string(),
            count(value(ring.people_hit)),
            signed(of_ring(ripple, Some(ring.ring), |figures| figures.extra_hours)),
            hours(ring.figures.absorbed_hours.estimate),
        ];
        row.extend(
            mistakes_column(ripple).map(|_| more(of_ring(ripple, Some(ring.ring), |figures| figures.extra_errors))),
        );
        table.add_row(row);
    }
    // Whom no chain reaches may be hit all the same, by somebody's being busy.
    let beside = ripple.people.iter().filter(|one| one.ring.is_none() && is_hit(&one.figures)).count();
    if beside > 0 {
        let mut row = vec![
            hop(None),
            beside.to_string(),
            count(of_ring(ripple, None, |figures| figures.hit)),
            signed(of_ring(ripple, None, |figures| figures.extra_hours)),
            hours(Some(of_ring(ripple, None, |figures| figures.absorbed_hours))),
        ];
        row.extend(mistakes_column(ripple).map(|_| more(of_ring(ripple, None, |figures| figures.extra_errors))));
        table.add_row(row);
    }
    if table.row_count() < 2 {
        return String::new();
    }
    let off =
        if beside > 0 { "\n-: hit although no chain of requests leads there, because somebody is busy." } else { "" };
    section(
        "HOW FAR IT GOES",
        &format!("By hops from where it began (0: those who are struck); an average run.{off}"),
        &table,
    )
}

/// A figure of a ring's people, without its customers; of those whom no chain reaches.
fn of_ring(ripple: &Ripple, ring: Option<u32>, figure: impl Fn(&RippleFigures) -> Estimate) -> f64 {
    ripple.people.iter().filter(|one| one.ring == ring).map(|one| value(figure(&one.figures))).sum()
}

/// Whether mistakes are made, or not made, at all because of it.
fn mistakes_column(ripple: &Ripple) -> Option<&'static str> {
    ripple.people.iter().any(|one| value(one.figures.extra_errors) != 0.0).then_some("mistakes")
}

/// Mistakes more, or fewer.
fn more(mistakes: f64) -> String {
    if mistakes < 0.0 { format!("-{}", count(-mistakes)) } else { count(mistakes) }
}

fn and_more(table: &mut Table, shown: usize, all: usize) {
    if all > shown {
        table.add_row([format!("... and {} more", thousands((all - shown) as f64))]);
    }
}

fn exposed(ripple: &Ripple) -> String {
    let exposed = ripple.most_exposed();
    if exposed.is_empty() {
        return String::new();
    }
    let lost = exposed.iter().any(|one| value(one.figures.quality_lost) != 0.0);
    let mut header = vec!["who", "department", "hops", "hit", "later", "then by", "nine in ten by"];
    header.extend(mistakes_column(ripple));
    if lost {
        header.push("quality lost");
    }
    let mut table = table(2, &header);
    for one in exposed.iter().take(WORST) {
        let mut row = vec![
            one.name.clone(),
            one.department.clone().unwrap_or_default(),
            hop(one.ring),
            often(one.figures.hit.estimate),
            often(one.figures.later.estimate),
            one.figures.extra_hours_when_later.estimate.map_or("-".to_owned(), signed),
            hours(one.figures.extra_hours_p90_when_later.estimate),
        ];
        row.extend(mistakes_column(ripple).map(|_| more(value(one.figures.extra_errors))));
        if lost {
            row.push(format!("{:.2}", value(one.figures.quality_lost)));
        }
        table.add_row(row);
    }
    and_more(&mut table, WORST, exposed.len());
    let together = match ripple.rounds {
        1 => " together".to_owned(),
        rounds => format!("\nin the {} rounds together", thousands(f64::from(rounds))),
    };
    section(
        "WHO IS MOST EXPOSED",
        &format!(
            "Who is hit without being struck. Then by: hours later in the runs in which they are later, all their work{together}."
        ),
        &table,
    )
}

fn stops(ripple: &Ripple) -> String {
    let stops = ripple.where_it_stops();
    if stops.is_empty() {
        return String::new();
    }
    let mut table = table(1, &["where", "slack took up", "mistakes caught", "a backup stood in"]);
    for one in stops.iter().take(WORST) {
        table.add_row([
            one.name.clone(),
            hours(one.figures.absorbed_hours.estimate),
            count(value(one.figures.errors_caught)),
            count(value(one.figures.covered)),
        ]);
    }
    and_more(&mut table, WORST, stops.len());
    section(
        "WHERE IT STOPS",
        "In an average run: hours that something came later without its being noticed; mistakes that were caught; times that a\n\
         colleague stood in.",
        &table,
    )
}

fn departments(ripple: &Ripple) -> String {
    if ripple.departments.len() < 2 || value(ripple.hit) == 0.0 {
        return String::new();
    }
    let mut header = vec!["department", "hit", "later all together", "slack took up"];
    header.extend(mistakes_column(ripple));
    let mut table = table(1, &header);
    for one in &ripple.departments {
        let mut row = vec![
            one.name.clone(),
            often(one.figures.hit.estimate),
            signed(value(one.figures.extra_hours)),
            hours(one.figures.absorbed_hours.estimate),
        ];
        row.extend(mistakes_column(ripple).map(|_| more(value(one.figures.extra_errors))));
        table.add_row(row);
    }
    section("DEPARTMENTS", "All their people together, in an average run.", &table)
}

fn round_by_round(ripple: &Ripple) -> String {
    if ripple.rounds < 2 || value(ripple.hit) == 0.0 {
        return String::new();
    }
    let mut table = table(0, &["round", "hit", "work hit", "customers hit", "customers wait longer", "over before"]);
    let rounds = ripple.by_round.iter().zip(&ripple.died_out.by);
    let felt: Vec<_> = rounds.filter(|(round, _)| value(round.hit) > 0.0).collect();
    for (round, out) in felt.iter().take(ROUNDS) {
        table.add_row([
            (round.round + 1).to_string(),
            often(round.hit.estimate),
            count(value(round.services_hit)),
            count(value(round.customers_hit)),
            signed(value(round.extra_wait)),
            often(out.estimate),
        ]);
    }
    if felt.len() > ROUNDS {
        table.add_row(["..."]);
    }
    section(
        "ROUND BY ROUND",
        "How often anybody is hit; how many pieces of work and customers; over before: nobody is hit in it or later.",
        &table,
    )
}

fn footnote(ripple: &Ripple) -> String {
    let half = |estimate: Estimate| Some((estimate.high? - estimate.low?) / 2.0);
    let widest = ripple.customers.iter().filter_map(|one| half(one.figures.extra_hours)).fold(0.0, f64::max);
    let tolerated = if ripple.tolerance > 0.0 {
        format!("Who is later by no more than {} h does not count as hit.\n", ripple.tolerance)
    } else {
        String::new()
    };
    let known = if ripple.replications == 1 {
        "one run tells nothing of chance; more replications give intervals.".to_owned()
    } else {
        let widest = if widest < 0.01 { "0.01".to_owned() } else { format!("{widest:.2}") };
        format!(
            "how much longer customers wait is known to within {widest} h a run (95 % intervals of\nevery figure stand in the JSON)."
        )
    };
    format!("{tolerated}Simulated, not observed: {known}\n{}", caution(ripple.times_cut))
}
