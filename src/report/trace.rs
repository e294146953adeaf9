//! One replication as a page: every round, everybody's work, everything that came in.

use super::table;
use crate::Trace;

impl Trace {
    /// The replication as a page.
    #[must_use]
    pub fn report(&self) -> String {
        let mut page = format!(
            "{}: replication {} of seed {}\nTimes are hours since the first release.\n",
            self.model, self.replication, self.seed
        );
        let time = |hours: f64| format!("{hours:.2}");
        for round in &self.rounds {
            page.push_str(&format!("\nROUND {}, released at {} h", round.round + 1, time(round.release)));
            if !round.absent.is_empty() {
                page.push_str(&format!(", without {}", round.absent.join(", ")));
            }
            page.push_str("\n\n");
            let mut rows =
                table(2, &["service", "done by", "all there", "start", "worked", "finish", "planned", "remarks"]);
            for service in &round.services {
                let mut remarks = Vec::new();
                if service.start > service.planned_start {
                    remarks.push("started late".to_owned());
                }
                match (service.own_error, service.error) {
                    (true, _) => remarks.push("a mistake".to_owned()),
                    (false, true) => remarks.push("wrong, by what came in".to_owned()),
                    _ => {}
                }
                if service.quality < 1.0 {
                    remarks.push(format!("quality {:.2}", service.quality));
                }
                rows.add_row([
                    service.service.clone(),
                    service.done_by.clone(),
                    time(service.ready),
                    time(service.start),
                    time(service.work),
                    time(service.finish),
                    time(service.planned_finish),
                    remarks.join(", "),
                ]);
            }
            page.push_str(&indented(&rows));
            page.push('\n');
            let mut rows = table(2, &["from", "to", "hand-off", "chase", "rework", "arrives", "planned", "remarks"]);
            for dependency in round.dependencies.iter().filter(|dependency| dependency.delivered) {
                let mut remarks = Vec::new();
                for (said, remark) in [
                    (dependency.silent, "no answer"),
                    (dependency.caught, "a mistake, caught"),
                    (dependency.passed, "a mistake, passed on"),
                    (!dependency.used, "not used"),
                ] {
                    if said {
                        remarks.push(remark);
                    }
                }
                rows.add_row([
                    dependency.provider.clone(),
                    dependency.receiver.clone(),
                    time(dependency.handoff),
                    time(dependency.chase),
                    time(dependency.rework),
                    time(dependency.arrival),
                    time(dependency.planned_arrival),
                    remarks.join(", "),
                ]);
            }
            page.push_str(&indented(&rows));
            page.push('\n');
            for customer in &round.customers {
                let verdict = if customer.perfect { "as promised" } else { "let down" };
                page.push_str(&format!(
                    "  {}: waited {} h ({} h late){}, quality {:.2}: {verdict}.\n",
                    customer.customer,
                    time(customer.wait),
                    time(customer.lateness),
                    if customer.error { ", with a mistake" } else { "" },
                    customer.quality,
                ));
            }
        }
        page
    }
}

fn indented(table: &comfy_table::Table) -> String {
    table.lines().map(|line| format!("  {}\n", line.trim_end())).collect()
}
