//! What is found.

use serde::{Deserialize, Serialize};

use super::Cause;
use crate::Estimate;

/// Why customers waited, over all replications of a run: [`Simulation::explain`](crate::Simulation::explain).
///
/// Each engagement (a customer in a counted round of a replication) is followed backward along its *binding chain*: through
/// the input, the busy colleague's job before, or the release that fixed each start, across rounds where the chain goes
/// there. What each link added to the wait beyond plan, less the slack that it used up, adds up to it, exactly, in every
/// engagement: [`unexplained`](CustomerExplanation::unexplained) counts those in which it did not, and is 0.
///
/// ```
/// use ripple_effect::{Distribution, Organization};
///
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides_with("stock list", Distribution::exponential(2.0), |s| s.standard(1.0)))
///     .employee("Ben", |e| e.provides("advice", 1.0))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Ben", "what is in stock")
///     .serves("Ben", "Guests", "advice")
///     .build()?;
/// let why = shop.simulate()?.replications(10_000).explain()?;
/// let guests = why.customer("Guests").unwrap();
/// // Ana's work takes an hour longer than promised, and all of it reaches the guests.
/// assert_eq!(guests.people[0].name, "Ana");
/// assert_eq!(guests.people[0].hours, guests.beyond_plan);
/// assert_eq!(guests.unexplained, 0);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The model's name.
    pub model: String,
    /// The SHA-256 of the model: of the same model as an outcome's.
    pub model_hash: String,
    /// The seed.
    pub seed: u64,
    /// Replications explained.
    pub replications: u64,
    /// Rounds of each.
    pub rounds: u32,
    /// Rounds at the start that are not explained themselves, though chains may go there.
    pub warmup: u32,
    /// Times that were cut to the largest allowed; where any were, derivatives are wrong by them.
    pub cut: u64,
    /// How the intervals are made.
    pub intervals: String,
    /// Hours in a working day, where the model says so.
    pub hours_per_day: Option<f64>,
    /// What each customer felt, in the order of the file.
    pub customers: Vec<CustomerExplanation>,
    /// How often each service had no float for *any* customer, the most often first; those that never had none are left out.
    pub services: Vec<FloatFigures>,
    /// The same of dependencies, by id.
    pub dependencies: Vec<FloatFigures>,
}

/// How often something had no float: the least delay of it would have reached a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FloatFigures {
    /// The service, as dependencies name it, or the id of the dependency.
    pub name: String,
    /// Criticality index, `0..=1`: the share of engagements (of rounds, where it is about any customer).
    pub criticality: Estimate,
}

/// Why one customer waited. Hours are means over engagements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomerExplanation {
    /// The customer.
    pub name: String,
    /// The promise, in hours.
    pub promise: f64,
    /// The planned wait, in hours.
    pub planned_wait: f64,
    /// The wait beyond plan, in hours: what is explained.
    pub beyond_plan: Estimate,
    /// The share of engagements that came later than promised, `0..=1`.
    pub late: Estimate,
    /// Engagements in which the parts did not add up exactly to the wait beyond plan: 0.
    pub unexplained: u64,
    /// The share of engagements in which more than one chain was binding, `0..=1`: hours are then those of the chain
    /// through the release before an input before the job before, and the input with the lowest id; criticality counts all.
    pub ties: Estimate,
    /// What each cause added, in hours an engagement, in the order of [`Cause::ALL`]; those that never did are left out.
    /// They add up to [`beyond_plan`](Self::beyond_plan).
    pub causes: Vec<CauseFigures>,
    /// What each person added, the most first.
    pub people: Vec<PersonExplanation>,
    /// The services that the wait can depend on, the most often critical first.
    pub services: Vec<ServiceExplanation>,
    /// The dependencies that were critical, or over which a mistake came, the most often critical first.
    pub dependencies: Vec<DependencyExplanation>,
    /// The mistakes that arrived.
    pub mistakes: MistakesExplained,
    /// Half the width of the window around the promise in which changes of P(late) were estimated, in hours.
    pub window: f64,
}

/// What one cause added to the wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CauseFigures {
    /// The cause.
    pub cause: Cause,
    /// Hours an engagement; negative where it took some off.
    pub hours: Estimate,
}

/// What one person added to a customer's wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PersonExplanation {
    /// The employee; none of what lies between the release and a customer whom nobody kept waiting.
    pub name: String,
    /// Their department.
    pub department: Option<String>,
    /// Hours an engagement that they added, whatever slack took off again.
    pub hours: Estimate,
    /// The same by cause, and the slack that was theirs.
    pub causes: Vec<CauseFigures>,
}

/// What one service means to a customer's wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ServiceExplanation {
    /// The service, as dependencies name it.
    pub name: String,
    /// Whose it is.
    pub employee: String,
    /// What it added, in hours an engagement, by cause.
    pub causes: Vec<CauseFigures>,
    /// How often it was on the chain, per engagement: several times where the chain goes through several rounds.
    pub on_chain: Estimate,
    /// Criticality index, `0..=1`: the share of engagements in which it had no float, ties included (Martin 1965; Dodin &
    /// Elmaghraby 1985).
    pub criticality: Estimate,
    /// Hours that the mean wait changes by for each hour that its mean duration changes by, all of its hours being scaled
    /// (infinitesimal perturbation analysis: Ho & Cao 1991; Glasserman 1991). None where it would not hold: there is a
    /// climate, somebody upstream makes more mistakes in a rush, chains were tied, or what is used decides which mistakes are reworked.
    pub derivative: Option<Estimate>,
    /// The same for each hour that is added to, or taken off, every piece of its work.
    pub derivative_to_shift: Option<Estimate>,
    /// How much P(late) changes for each hour of mean duration: a kernel estimate over the engagements whose wait lay within
    /// the [`window`](CustomerExplanation::window) (Hong & Liu 2010). None where the above are, or where waits are the
    /// promise exactly too often to have a density there.
    pub late_derivative: Option<Estimate>,
    /// The same for each hour that is added to every piece of its work.
    pub late_derivative_to_shift: Option<Estimate>,
    /// Cruciality, `-1..=1`: Pearson's correlation of the hours worked with the wait of the same round, over all engagements
    /// (Williams 1992). None where either never varied.
    pub cruciality: Option<f64>,
    /// The same by ranks, `-1..=1`: Spearman's correlation, which asks only whether longer work goes with longer waits. Ranks are
    /// taken among the replications of one block and pooled, over each sixteenth block of 256 from the first on (each
    /// sixty-fourth of more than 256 services). None where
    /// either never varied there, or a shard holds no such block.
    pub rank_cruciality: Option<f64>,
    /// Schedule sensitivity index: criticality * sd of hours worked / sd of the wait (PMI 2004; Vanhoucke 2010).
    pub sensitivity: Option<f64>,
}

/// What one dependency means to a customer's wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DependencyExplanation {
    /// Its id.
    pub id: String,
    /// The provider's service.
    pub provider: String,
    /// The receiver: a service or the customer.
    pub receiver: String,
    /// What is needed.
    pub need: Option<String>,
    /// What it added, in hours an engagement, by cause.
    pub causes: Vec<CauseFigures>,
    /// How often it was on the chain, per engagement.
    pub on_chain: Estimate,
    /// Criticality index, `0..=1`.
    pub criticality: Estimate,
    /// Hours that the mean wait changes by for each hour that its mean hand-off changes by, all hand-offs being scaled; none
    /// where it takes no time, or as for services.
    pub derivative: Option<Estimate>,
}

/// The mistakes that reached a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MistakesExplained {
    /// The share of engagements with a mistake, `0..=1`.
    pub share: Estimate,
    /// Who made them, the most first. An engagement may have several.
    pub made_by: Vec<MistakeBy>,
    /// Over which dependencies they came, and so where they could have been caught, the most first.
    pub passed_at: Vec<MistakeAt>,
}

/// Whose mistakes reached a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MistakeBy {
    /// The service.
    pub service: String,
    /// Whose it is; a backup's mistakes at it are counted here too.
    pub employee: String,
    /// The share of engagements that its mistakes reached, `0..=1`.
    pub share: Estimate,
}

/// Where a mistake that reached a customer went through unnoticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MistakeAt {
    /// The dependency.
    pub dependency: String,
    /// The provider's service.
    pub provider: String,
    /// Who received it unnoticed: a service or the customer.
    pub receiver: String,
    /// How often a mistake is caught there, `0..=1`.
    pub detection: f64,
    /// The share of engagements that a mistake reached over it, `0..=1`.
    pub share: Estimate,
}

impl Explanation {
    /// What is found of a customer.
    #[must_use]
    pub fn customer(&self, name: &str) -> Option<&CustomerExplanation> {
        self.customers.iter().find(|customer| customer.name == name)
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl CustomerExplanation {
    /// A service, as dependencies name it.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&ServiceExplanation> {
        self.services.iter().find(|service| service.name == name)
    }

    /// A dependency, by its id.
    #[must_use]
    pub fn dependency(&self, id: &str) -> Option<&DependencyExplanation> {
        self.dependencies.iter().find(|dependency| dependency.id == id)
    }

    /// What a cause added; nothing where it never did.
    #[must_use]
    pub fn cause(&self, cause: Cause) -> Option<Estimate> {
        self.causes.iter().find(|figures| figures.cause == cause).map(|figures| figures.hours)
    }
}
