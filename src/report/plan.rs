//! The plan as a page: when everyone is to start and finish, and who sets the pace.

use super::words::hours;
use super::{section, table};
use crate::Plan;

impl Plan {
    /// The planned times, the order of work, the promises and the bottleneck, as a page.
    #[must_use]
    pub fn report(&self) -> String {
        let mut page = format!("{}: the plan\n\n", self.organization().description().name);
        let mut times = table(3, &["service", "done by", "department", "all is there", "start", "finish"]);
        for row in self.timetable() {
            times.add_row([
                row.service,
                row.employee,
                row.department.unwrap_or_default(),
                hours(Some(row.ready)),
                hours(Some(row.start)),
                hours(Some(row.finish)),
            ]);
        }
        page.push_str(&section(
            "WHO WORKS WHEN",
            "In the order in which work is taken; hours after a round is released, if all goes by the standards.",
            &times,
        ));
        let mut customers = table(1, &["customer", "planned wait", "promised"]);
        for (name, planned, promise) in self.customer_waits() {
            customers.add_row([name, hours(Some(planned)), hours(Some(promise))]);
        }
        page.push('\n');
        page.push_str(&section("WHAT CUSTOMERS ARE PROMISED", "Hours from release to having everything.", &customers));
        let sustainable = self.sustainable();
        page.push_str(&format!("\nA round every {}", hours(Some(self.cadence()))));
        match sustainable.bottleneck {
            Some(bottleneck) => page.push_str(&format!(
                "; the shortest that could be kept up is {}, set by {bottleneck}.\n",
                hours(Some(sustainable.hours))
            )),
            None => page.push_str(".\n"),
        }
        for warning in self.warnings() {
            page.push_str(&format!("{warning}\n"));
        }
        page
    }
}
