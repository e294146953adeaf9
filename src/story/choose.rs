//! Which engagement is told.

use super::Story;
use crate::{Error, ErrorKind, Observer, Plan, Sample, Simulation};

/// Which of a customer's engagements is told. Those of the warm-up are not looked for; of equal ones the first is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Engagement {
    /// This one.
    At {
        /// The replication, from 0.
        replication: u64,
        /// The round, from 0.
        round: u32,
    },
    /// The one with the longest wait.
    LongestWait,
    /// The one in the middle, ordered by wait: half waited at most as long.
    MedianWait,
    /// The one in the middle of those that came later than promised.
    MedianLate,
    /// The one that satisfied least, the longest wait among equals.
    LeastSatisfied,
}

impl Simulation {
    /// Tells one engagement of a customer. To find one, the run is made once for its waits; the figures of a run with
    /// the same seed and replications are about the very same engagements.
    ///
    /// # Errors
    /// As [`run`](Simulation::run); [`ErrorKind::Name`] if there is no such customer; [`ErrorKind::Range`] if there is
    /// no such round, or no engagement that was late.
    ///
    /// # Complexity
    /// As [`run`](Simulation::run) where one has to be found, and 40 bytes for each of the customer's engagements.
    ///
    /// ```
    /// use ripple_effect::{Distribution, Organization, story::Engagement};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", Distribution::exponential(2.0)))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let late = shop.simulate()?.replications(1_000).story("Guests", Engagement::MedianLate)?;
    /// assert!(late.wait > 4.0);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn story(&self, customer: &str, which: Engagement) -> Result<Story, Error> {
        let plan = self.plan();
        let index = plan.customers[self::customer(plan, customer)?].at;
        let (replication, round) = match which {
            Engagement::At { replication, round } => (replication, round),
            _ => {
                let mut waits = Waits { customer: index, found: Vec::new() };
                self.run_observed(&mut waits)?;
                pick(waits.found, which).ok_or_else(|| nothing_late(customer))?
            }
        };
        Story::of(plan, &self.trace(replication)?, customer, round)
    }
}

#[derive(Debug, Clone, Copy)]
struct Felt {
    wait: f64,
    satisfaction: f64,
    late: bool,
    replication: u64,
    round: u32,
}

struct Waits {
    customer: usize,
    found: Vec<Felt>,
}

impl Observer for Waits {
    fn wants_samples(&self) -> bool {
        true
    }

    fn samples(&mut self, samples: &[Sample]) {
        let of_customer = samples.iter().filter(|sample| sample.customer == self.customer);
        self.found.extend(of_customer.map(|sample| Felt {
            wait: sample.wait,
            satisfaction: sample.satisfaction,
            late: sample.lateness > 0.0,
            replication: sample.replication,
            round: sample.round,
        }));
    }
}

/// The sort is stable, and engagements come in the order of replications and rounds.
fn pick(mut found: Vec<Felt>, which: Engagement) -> Option<(u64, u32)> {
    if which == Engagement::MedianLate {
        found.retain(|felt| felt.late);
    }
    let felt = match which {
        Engagement::LongestWait => {
            found.sort_by(|a, b| b.wait.total_cmp(&a.wait));
            found.first()
        }
        Engagement::LeastSatisfied => {
            found.sort_by(|a, b| a.satisfaction.total_cmp(&b.satisfaction).then(b.wait.total_cmp(&a.wait)));
            found.first()
        }
        _ => {
            found.sort_by(|a, b| a.wait.total_cmp(&b.wait));
            found.get(found.len().saturating_sub(1) / 2)
        }
    };
    felt.map(|felt| (felt.replication, felt.round))
}

pub(crate) fn customer(plan: &Plan, name: &str) -> Result<usize, Error> {
    plan.customers.iter().position(|customer| plan.customer_name(customer) == name).ok_or_else(|| {
        let names: Vec<&str> = plan.customers.iter().map(|customer| plan.customer_name(customer)).collect();
        let close = |known: &&&str| strsim::jaro_winkler(known, name) > 0.75;
        let mend = match names.iter().find(close) {
            Some(known) => format!("Did you mean {known:?}?"),
            None => "Stories are told from a customer's side: name one of them.".to_owned(),
        };
        Error::new(ErrorKind::Name, "customer", format!("{name:?}"), names.join(", "), mend)
    })
}

pub(super) fn no_such_round(round: u32, rounds: usize) -> Error {
    Error::new(
        ErrorKind::Range,
        "round",
        round.to_string(),
        format!("0 to {}", rounds.saturating_sub(1)),
        "Ask for a round that was run, or run more rounds.",
    )
}

fn nothing_late(customer: &str) -> Error {
    Error::new(
        ErrorKind::Range,
        "engagement",
        format!("no engagement of {customer:?} that came later than promised"),
        "a run in which one did",
        "Run more replications, or ask for the longest wait.",
    )
}
