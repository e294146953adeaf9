//! What a ripple is: who was hit, how hard, how far it went, and where it stopped.

use serde::{Deserialize, Serialize};

use crate::Estimate;

/// The difference that shocks make: [`Simulation::ripple`](crate::Simulation::ripple).
///
/// Hours, errors and quality are sums over the rounds of a replication, averaged over replications, each with its 95 %
/// interval (Student's t over replications, as means of paired differences). Extra hours may be negative: whoever uses the
/// first of several answers may get another one sooner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ripple {
    /// The organisation's name.
    pub model: String,
    /// The SHA-256 of the model: of the same model as an outcome's.
    pub model_hash: String,
    /// What `value` is in, where the model says so.
    pub currency: Option<String>,
    /// The shocks.
    pub shocks: Vec<Struck>,
    /// The dependencies that they strike on the way, by their ids: answers that do not come, or come late or wrong.
    pub struck_dependencies: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// Replications, with and without the shocks.
    pub replications: u64,
    /// Rounds of each.
    pub rounds: u32,
    /// Hours that nobody counts as hit for.
    pub tolerance: f64,
    /// The last round in which a shock strikes, from 0.
    pub last_struck_round: u32,
    /// How many draws and times were cut to the largest allowed, with and without the shocks: figures are wrong by them.
    pub times_cut: u64,
    /// The share of replications in which anybody is hit at all, `0..=1`.
    pub hit: Estimate,
    /// External customers, in the order of the file.
    pub customers: Vec<CustomerRipple>,
    /// Employees, in the order of the file.
    pub people: Vec<PersonRipple>,
    /// Services, in the order of the file.
    pub services: Vec<ServiceRipple>,
    /// Departments, in the order of the file.
    pub departments: Vec<DepartmentRipple>,
    /// Hops from the shock, from 0 on.
    pub rings: Vec<RingRipple>,
    /// Rounds, from 0 on.
    pub by_round: Vec<RoundRipple>,
    /// When it has died out.
    pub died_out: DiedOut,
}

/// A shock that struck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Struck {
    /// Its name.
    pub name: String,
    /// What happens to whom, in plain words.
    pub told: String,
}

/// What a shock does to somebody or something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RippleFigures {
    /// The share of replications in which it is hit in any round, `0..=1`: later or earlier than is tolerated, wrong or right
    /// otherwise, or of another quality.
    pub hit: Estimate,
    /// The share of replications in which it is later by more than is tolerated in any round, `0..=1`.
    pub later: Estimate,
    /// The same of earlier.
    pub earlier: Estimate,
    /// The share in which a result is wrong in any round that was not, `0..=1`.
    pub wrong: Estimate,
    /// The share in which quality is lower in any round, `0..=1`.
    pub worse: Estimate,
    /// Hours later, all rounds together; summed in full, what is tolerated included.
    pub extra_hours: Estimate,
    /// The mean of these hours over the replications in which it is later by more than is tolerated in any round; none where
    /// there are none.
    pub extra_hours_when_later: Estimate,
    /// Their 90th percentile over the same replications; hours earlier count as 0.
    pub extra_hours_p90_when_later: Estimate,
    /// Their mean over the replications in which it is earlier by more than is tolerated in any round: negative as a rule;
    /// none where there are none.
    pub extra_hours_when_earlier: Estimate,
    /// Wrong results more.
    pub extra_errors: Estimate,
    /// Quality lost, `0..=1` a round, all rounds together.
    pub quality_lost: Estimate,
    /// Hours that what it waits for came later, but that it did not start later for: slack took them up. The largest delay
    /// of any of its inputs, less the hours that it started later; all rounds together. 0 for customers, who do no work.
    pub absorbed_hours: Estimate,
    /// Errors that came in only because of the shock, and were caught here.
    pub errors_caught: Estimate,
    /// Times that a backup did the work only because of the shock.
    pub covered: Estimate,
}

/// What a shock does to a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomerRipple {
    /// The customer.
    pub name: String,
    /// Hops from the shock; none where no chain leads there.
    pub ring: Option<u32>,
    /// Their waits, errors and quality.
    pub figures: RippleFigures,
    /// Engagements more that break their promise, a replication.
    pub late: Estimate,
    /// The same without the shock: engagements that break it.
    pub late_before: Estimate,
    /// Perfect engagements fewer, a replication.
    pub perfect_lost: Estimate,
    /// The same without the shock: engagements that are perfect.
    pub perfect_before: Estimate,
    /// Hours that all engagements of a replication wait without the shock.
    pub wait_before: Estimate,
    /// Satisfaction lost, in points of 100, all rounds together.
    pub satisfaction_lost: Estimate,
    /// Value of the perfect engagements lost, in the currency of the model.
    pub value_lost: Estimate,
}

/// What a shock does to an employee's services, all together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PersonRipple {
    /// The employee.
    pub name: String,
    /// Their department.
    pub department: Option<String>,
    /// Hops from the shock: 0 for those who are struck, or of whom something is asked in vain; none where no chain leads
    /// there.
    pub ring: Option<u32>,
    /// Whether they themselves or a service of theirs are struck: not where only what they hand on is.
    pub struck: bool,
    /// Their services'.
    pub figures: RippleFigures,
}

/// What a shock does to a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ServiceRipple {
    /// The service, as dependencies name it.
    pub name: String,
    /// Whose it is.
    pub employee: String,
    /// Its own.
    pub figures: RippleFigures,
}

/// What a shock does to a department's people, all together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DepartmentRipple {
    /// The department.
    pub name: String,
    /// Its people's.
    pub figures: RippleFigures,
}

/// What a shock does so many hops away, all together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RingRipple {
    /// Hops from the shock.
    pub ring: u32,
    /// How many employees are there.
    pub people: usize,
    /// How many customers are there.
    pub customers: usize,
    /// How many of the employees are hit, on average.
    pub people_hit: Estimate,
    /// All of theirs.
    pub figures: RippleFigures,
}

/// What a shock does in one round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RoundRipple {
    /// The round, from 0.
    pub round: u32,
    /// The share of replications in which anybody is hit in it, `0..=1`.
    pub hit: Estimate,
    /// How many services are hit, on average.
    pub services_hit: Estimate,
    /// How many customers are hit, on average.
    pub customers_hit: Estimate,
    /// Hours that customers wait longer, all together.
    pub extra_wait: Estimate,
}

/// When a ripple has died out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DiedOut {
    /// For each round, the share of replications in which nobody is hit in it or later, `0..=1`.
    pub by: Vec<Estimate>,
    /// The first round by which it has died out in nine of ten replications; none where it has not by the end.
    pub round_90: Option<u32>,
    /// The share of replications in which somebody is still hit in the last round.
    pub still_there: Estimate,
}

impl Ripple {
    /// The customer of this name.
    #[must_use]
    pub fn customer(&self, name: &str) -> Option<&CustomerRipple> {
        self.customers.iter().find(|customer| customer.name == name)
    }

    /// The employee of this name.
    #[must_use]
    pub fn person(&self, name: &str) -> Option<&PersonRipple> {
        self.people.iter().find(|person| person.name == name)
    }

    /// The service of this name, as dependencies name it.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&ServiceRipple> {
        self.services.iter().find(|service| service.name == name)
    }

    /// The department of this name.
    #[must_use]
    pub fn department(&self, name: &str) -> Option<&DepartmentRipple> {
        self.departments.iter().find(|department| department.name == name)
    }

    /// Who is most exposed: all who are ever hit and not themselves [struck](PersonRipple::struck), the most often first, then by hours.
    #[must_use]
    pub fn most_exposed(&self) -> Vec<&PersonRipple> {
        let estimate = |estimate: Estimate| estimate.estimate.unwrap_or(0.0);
        let hit = |person: &&PersonRipple| !person.struck && estimate(person.figures.hit) > 0.0;
        let mut exposed: Vec<&PersonRipple> = self.people.iter().filter(hit).collect();
        let key = |person: &PersonRipple| [person.figures.hit, person.figures.extra_hours].map(estimate);
        exposed.sort_by(|a, b| {
            let (a, b) = (key(a), key(b));
            b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1]))
        });
        exposed
    }

    /// Where it stops: services at which slack took up hours, errors were caught, or a backup stood in; the most hours first,
    /// then errors, then rounds covered. Customers are not among them: they do no work and have no slack; mistakes caught on
    /// the way to them are in their own [figures](CustomerRipple::figures).
    #[must_use]
    pub fn where_it_stops(&self) -> Vec<&ServiceRipple> {
        let estimate = |estimate: Estimate| estimate.estimate.unwrap_or(0.0);
        let key = |service: &ServiceRipple| {
            [service.figures.absorbed_hours, service.figures.errors_caught, service.figures.covered].map(estimate)
        };
        let mut stops: Vec<&ServiceRipple> = self.services.iter().filter(|one| key(one) != [0.0; 3]).collect();
        stops.sort_by(|a, b| {
            let (a, b) = (key(a), key(b));
            b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1])).then(b[2].total_cmp(&a[2]))
        });
        stops
    }
}
