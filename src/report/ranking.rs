//! A ranking as a page: which of many shocks hurts customers most.

use super::ripple::value;
use super::words::{caution, often, signed, so_many_runs, thousands};
use super::{section, table};
use crate::ripple::{Ranked, Ranking};

/// Rows of a ranking: enough to see where it levels off.
const SHOWN: usize = 12;
/// Names that are told of those that harm nobody, and of those that were left out for one reason.
const NAMED: usize = 6;

impl Ranking {
    /// The ranking as a page of plain words and an aligned table: the most harmful first, as [`worst`](Self::worst) has it,
    /// what reaches no customer, and what was left out.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::Things;
    /// use ripple_effect::shock::Shock;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .employee("Dev", |e| e.provides("prices", 5.0))
    ///     .customer("Guests", |c| c.promise(6.0))
    ///     .serves("Ana", "Guests", "what is in stock")
    ///     .serves("Dev", "Guests", "what it costs")
    ///     .build()?;
    /// let shocks = Shock::new("late").late(2.0).on_each(&shop, Things::Employees)?;
    /// let page = shop.simulate()?.rank(&shocks)?.report();
    /// assert!(page.contains("No customer feels anything of 1 of them: Ana."), "{page}");
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> String {
        let worst = self.worst();
        let (felt, unfelt): (Vec<&Ranked>, Vec<&Ranked>) = worst.into_iter().partition(|one| is_felt(one));
        let rounds = match self.rounds {
            1 => String::new(),
            rounds => format!(", each over {} rounds", thousands(f64::from(rounds))),
        };
        let mut page = format!(
            "{}: which hurts customers most\n{}, over the same {} of everyone's work{rounds} (seed {}).\n",
            self.model,
            match self.shocks.len() {
                1 => "One shock".to_owned(),
                many => {
                    let shared = self.shared_name().map_or(String::new(), |(name, _)| format!(" ({name})"));
                    format!("{} shocks{shared}, each alone", thousands(many as f64))
                }
            },
            so_many_runs(self.replications),
            self.seed
        );
        if let Some(first) = felt.first() {
            page.push_str(&format!("The worst: {}.\n\n", first.told));
            page.push_str(&self.table(&felt));
        }
        if felt.len() > SHOWN {
            page.push_str(&format!("\n{} more are felt less; they stand in the JSON.\n", felt.len() - SHOWN));
        }
        if !unfelt.is_empty() {
            page.push_str(&format!(
                "\nNo customer feels anything of {} of them: {}.\n",
                unfelt.len(),
                self.names(&unfelt)
            ));
        }
        page.push_str(&self.unstruck());
        page.push_str(&footnote(&felt, self.replications));
        page.push_str(&caution(self.times_cut));
        page
    }

    /// Without what all names have in common.
    fn short<'a>(&self, one: &'a Ranked) -> &'a str {
        let from = self.shared_name().map_or(0, |(_, length)| length);
        one.shock.get(from..).unwrap_or(&one.shock)
    }

    fn names(&self, unfelt: &[&Ranked]) -> String {
        named(unfelt.iter().map(|one| self.short(one)))
    }

    /// What was not struck, a line for each reason.
    fn unstruck(&self) -> String {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for one in &self.left_out {
            match reasons.iter_mut().find(|(why, _)| *why == one.why) {
                Some((_, names)) => names.push(&one.name),
                None => reasons.push((&one.why, vec![&one.name])),
            }
        }
        let told = |(why, names): (&str, Vec<&str>)| {
            let count = thousands(names.len() as f64);
            format!("\nLeft out, as {why}: {count} ({}).\n", named(names.into_iter()))
        };
        reasons.into_iter().map(told).collect()
    }

    fn table(&self, felt: &[&Ranked]) -> String {
        let costs = felt.iter().any(|one| value(one.total.value_lost) != 0.0);
        let mut header = vec!["what", "felt", "let down", "95 % interval", "late", "wait longer"];
        if costs {
            header.push("lost a run");
        }
        header.push("mostly");
        let mut table = table(1, &header);
        if let Some(column) = table.column_mut(header.len() - 1) {
            column.set_cell_alignment(comfy_table::CellAlignment::Left);
        }
        for one in felt.iter().take(SHOWN) {
            let harm = one.total;
            let mut row = vec![
                self.short(one).to_owned(),
                often(harm.hit.estimate),
                of_100(harm.perfect_lost.estimate),
                match (harm.perfect_lost.low, harm.perfect_lost.high) {
                    (Some(low), Some(high)) => format!("{} to {}", of_100(Some(low)), of_100(Some(high))),
                    _ => "-".to_owned(),
                },
                of_100(harm.late.estimate),
                signed(value(harm.extra_wait)),
            ];
            if costs {
                let currency = self.currency.as_deref().map(|c| format!(" {c}")).unwrap_or_default();
                row.push(format!("{}{currency}", thousands(value(harm.value_lost))));
            }
            row.push(mostly(one));
            table.add_row(row);
        }
        section(
            "THE WORST FIRST",
            "Felt: in how many runs a customer feels anything of it.\nEngagements let down, and late, that would not have been without it: in 100 runs. Hours that customers wait longer\n\
             in a run, all together. Mostly: who is let down most.",
            &table,
        )
    }
}

/// The first names.
fn named<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len() > NAMED;
    names.take(NAMED).chain(more.then_some("...")).collect::<Vec<_>>().join(", ")
}

fn is_felt(one: &Ranked) -> bool {
    value(one.total.hit) > 0.0
}

/// In 100 runs.
fn of_100(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| {
        let text = format!("{:.1}", 100.0 * share);
        if text == "-0.0" { "0.0".to_owned() } else { text }
    })
}

/// The customer who is let down most, or waits longest.
fn mostly(one: &Ranked) -> String {
    let harm = |of: &(String, crate::ripple::Harm)| [value(of.1.perfect_lost), value(of.1.extra_wait), value(of.1.hit)];
    let most = one.customers.iter().reduce(|most, other| {
        let (a, b) = (harm(most), harm(other));
        if b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1])).then(b[2].total_cmp(&a[2])).is_gt() { other } else { most }
    });
    most.map_or(String::new(), |(name, _)| name.clone())
}

fn footnote(felt: &[&Ranked], replications: u64) -> String {
    let mut note = String::new();
    if let [first, second, ..] = felt
        && let (Some(low), Some(high)) = (first.total.perfect_lost.low, second.total.perfect_lost.high)
        && high >= low
        && first.total.perfect_lost != second.total.perfect_lost
    {
        note.push_str("The first two may or may not differ: their intervals overlap.\n");
    }
    if replications == 1 {
        note.push_str("One run tells nothing of chance; more replications give intervals.\n");
    }
    format!(
        "\n{note}Simulated, not observed; all figures of each customer, with their 95 % intervals, stand in the JSON.\n"
    )
}
