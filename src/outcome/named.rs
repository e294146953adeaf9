//! A customer's figures by their names: `Retail customers.wait.p95`.

use super::summary::{CustomerFigures, Spread};
use super::{Outcome, figures};
use crate::Estimate;

impl Outcome {
    /// Every figure that has an interval, of the customers that are asked for, by name: the customer, a dot, and the figure as it is called in the
    /// outcome, or `customer / stage.time.p90` and `customer / provider.brought_error` for what lies within, as in the CSV.
    ///
    /// Two inputs from one service share a name.
    pub(crate) fn named_figures(&self, of: impl Fn(&str) -> bool) -> Vec<(String, Estimate)> {
        let layout = self.layout();
        let mut named = Vec::new();
        for (index, customer) in self.things.customers.iter().enumerate() {
            if of(&customer.name) {
                of_customer(&figures::customer(self, &layout, index), &mut named);
            }
        }
        named
    }
}

fn of_customer(customer: &CustomerFigures, named: &mut Vec<(String, Estimate)>) {
    let name = &customer.name;
    let mut add = |of: &str, figure: &str, estimate: Estimate| named.push((format!("{of}.{figure}"), estimate));
    add(name, "on_time", customer.on_time);
    add(name, "error_free", customer.error_free);
    add(name, "perfect", customer.perfect);
    of_spread(&customer.wait, |figure, estimate| add(name, &format!("wait.{figure}"), estimate));
    of_spread(&customer.lateness, |figure, estimate| add(name, &format!("lateness.{figure}"), estimate));
    add(name, "quality", customer.quality);
    add(name, "satisfaction", customer.satisfaction);
    add(name, "value_lost_per_1000", customer.value_lost_per_1000);
    for stage in &customer.stages {
        let of = format!("{name} / {}", stage.service);
        of_spread(&stage.time, |figure, estimate| add(&of, &format!("time.{figure}"), estimate));
    }
    for input in &customer.inputs {
        let of = format!("{name} / {}", input.provider);
        add(&of, "last_when_late", input.last_when_late);
        add(&of, "brought_error", input.brought_error);
    }
}

/// All but the standard deviation and the largest, which have no interval.
fn of_spread(spread: &Spread, mut add: impl FnMut(&str, Estimate)) {
    let Spread { mean, p50, p80, p90, p95, p99, .. } = *spread;
    for (figure, estimate) in [("mean", mean), ("p50", p50), ("p80", p80), ("p90", p90), ("p95", p95), ("p99", p99)] {
        add(figure, estimate);
    }
}
