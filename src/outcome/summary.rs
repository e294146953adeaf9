//! The figures of a run with their intervals: what is written to JSON, what reports read.

use serde::{Deserialize, Serialize};

use super::{ClimateFigures, Detail, Exact};
use crate::Estimate;

/// The name of the outcome's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum OutcomeFormat {
    /// `"ripple-outcome/1"`.
    #[default]
    #[serde(rename = "ripple-outcome/1")]
    V1,
}

/// How a run was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Meta {
    /// The model's name.
    pub model: String,
    /// The model's fingerprint (SHA-256), the same whatever the order of its lists.
    pub model_hash: String,
    /// The seed of the run.
    pub seed: u64,
    /// Replications.
    pub replications: u64,
    /// Replications of the run that are not in these figures: above 0, they are those of a part of it.
    #[serde(skip_serializing_if = "nothing", default)]
    pub missing: u64,
    /// Rounds in each replication.
    pub rounds: u32,
    /// Rounds at the start of each that the figures leave out.
    pub warmup: u32,
    /// How much was kept.
    pub detail: Detail,
    /// The version of this crate.
    pub version: String,
    /// The version of the random streams.
    pub stream_version: u32,
    /// Mean hours between two releases.
    pub cadence: f64,
    /// Hours in a working day.
    pub hours_per_day: f64,
    /// The currency of values.
    pub currency: Option<String>,
    /// Draws and times that were cut to the largest allowed (2^20 h, 2^23 h): above 0, the figures are wrong by them.
    pub cut: u64,
    /// How precisely figures were to be known, where the run was to go on until they are.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub precision: Vec<Precision>,
    /// How intervals were made.
    pub intervals: String,
    /// How to cite.
    pub cite: String,
}

fn nothing(count: &u64) -> bool {
    *count == 0
}

/// How precisely a figure was to be known, and whether it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Precision {
    /// The figure, e.g. `Guests.wait.mean`.
    pub figure: String,
    /// The half-width of its 95 % interval that was asked for, in the unit of the figure.
    pub wanted: f64,
    /// The half-width that was reached; none where the interval has an open end.
    pub half_width: Option<f64>,
    /// Whether that is as narrow as was asked for.
    pub reached: bool,
}

/// A mean and its spread, in hours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// The mean.
    pub mean: Estimate,
    /// The standard deviation between replications (of each one's mean over its rounds).
    pub sd: Estimate,
}

/// How something is distributed, in hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The mean.
    pub mean: Estimate,
    /// The standard deviation between replications (of each one's mean over its rounds).
    pub sd: Estimate,
    /// Half lie at or below it; this and the other quantiles pool all rounds.
    pub p50: Estimate,
    /// 80 % lie at or below it.
    pub p80: Estimate,
    /// 90 % lie at or below it.
    pub p90: Estimate,
    /// 95 % lie at or below it.
    pub p95: Estimate,
    /// 99 % lie at or below it.
    pub p99: Estimate,
    /// The largest that was seen.
    pub max: Option<f64>,
}

/// What an external customer feels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomerFigures {
    /// The customer.
    pub name: String,
    /// The wait that is promised, in hours.
    pub promise: f64,
    /// The planned wait, in hours.
    pub planned_wait: f64,
    /// What an engagement is worth.
    pub value: f64,
    /// P(wait <= promise).
    pub on_time: Estimate,
    /// P(no error arrives).
    pub error_free: Estimate,
    /// P(on time, free of error, and of good enough quality).
    pub perfect: Estimate,
    /// Hours from release to having everything.
    pub wait: Spread,
    /// Hours beyond the promise, 0 when on time.
    pub lateness: Spread,
    /// Mean quality, `0..=1`.
    pub quality: Estimate,
    /// Mean satisfaction, `0..=100`.
    pub satisfaction: Estimate,
    /// 1000 * value * (1 - P(perfect)).
    pub value_lost_per_1000: Estimate,
    /// The journey.
    pub stages: Vec<StageFigures>,
    /// Who serves the customer directly.
    pub inputs: Vec<InputFigures>,
}

/// A stage of a customer's journey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StageFigures {
    /// The service.
    pub service: String,
    /// Planned hours from release to its finish.
    pub planned: f64,
    /// Hours from release to its finish.
    pub time: Spread,
}

/// What comes to a customer directly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InputFigures {
    /// The service that provides it.
    pub provider: String,
    /// What is needed.
    pub need: Option<String>,
    /// Of the late engagements, how often it arrived last.
    pub last_when_late: Estimate,
    /// How often it brought an error.
    pub brought_error: Estimate,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ServiceFigures {
    /// The service, as dependencies name it.
    pub name: String,
    /// Who provides it.
    pub employee: String,
    /// The employee's department.
    pub department: Option<String>,
    /// Planned hours from release to finish.
    pub planned_finish: f64,
    /// P(finish <= planned finish).
    pub on_time: Estimate,
    /// P(what is delivered is correct).
    pub error_free: Estimate,
    /// P(a mistake is made here).
    pub own_error: Estimate,
    /// P(start > planned start).
    pub started_late: Estimate,
    /// Finish - planned finish, in hours.
    pub delay: Moments,
    /// Mean hours in which it could have started but for a missing input.
    pub waiting: Estimate,
    /// Mean hours in which all was there but the employee was busy.
    pub queued: Estimate,
    /// Mean quality of what is delivered, `0..=1`.
    pub quality: Estimate,
    /// Hours from release to finish; at full detail.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub time: Option<Spread>,
}

/// One dependency: the internal customer's view, and the provider's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DependencyFigures {
    /// Its id.
    pub id: String,
    /// The service that provides.
    pub provider: String,
    /// The service or customer that receives.
    pub receiver: String,
    /// What is needed.
    pub need: Option<String>,
    /// Rounds between delivery and use.
    pub lag: usize,
    /// Planned hours from the release of the round in which it is made to its arrival.
    pub planned_arrival: f64,
    /// The promised response time, in hours.
    pub promise: f64,
    /// P(a round needs it).
    pub needed: Estimate,
    /// P(arrival <= planned arrival): the internal customer's view.
    pub on_time: Estimate,
    /// P(response time <= promise): the provider's own part of it.
    pub promise_kept: Estimate,
    /// P(the provider does not answer).
    pub silent: Estimate,
    /// P(an error comes in).
    pub error_in: Estimate,
    /// Of the errors that come in, the share that is caught.
    pub caught: Estimate,
    /// P(an error comes in, is not caught, and gets into what the receiver makes of it).
    pub error_passed: Estimate,
    /// Arrival - planned arrival, in hours.
    pub delay: Moments,
    /// Mean hours from when the provider has all it needs to arrival.
    pub response: Estimate,
    /// The same with its quantiles; at full detail.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub response_time: Option<Spread>,
}

/// An employee, or a department's people together. `on_time` and `delay` are about the services that they own; hours and
/// errors are those of whoever did the work, a backup included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PersonFigures {
    /// The name.
    pub name: String,
    /// The employee's department; none for departments.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub department: Option<String>,
    /// P(a service is finished as planned or earlier).
    pub on_time: Estimate,
    /// P(absent in a round).
    pub absent: Estimate,
    /// Finish - planned finish of a service, in hours.
    pub delay: Moments,
    /// Mistakes made, per round.
    pub errors_made: Estimate,
    /// Errors, made here or not, that went on to somebody on whom a customer depends, per round.
    pub errors_passed_on: Estimate,
    /// Errors of others that were caught here, per round.
    pub errors_caught: Estimate,
    /// Hours worked, per round.
    pub work: Estimate,
    /// Hours worked / (capacity * cadence); none where the cadence is 0.
    pub utilisation: Estimate,
    /// Hours in which work waited for others, per round.
    pub waiting: Estimate,
    /// Hours for which others, on whom a customer depends, waited because this was what they got last, per round.
    pub making_wait: Estimate,
}

/// One round, over all replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RoundFigures {
    /// The round, from 0.
    pub round: u32,
    /// Whether figures leave it out.
    pub warmup: bool,
    /// What customers felt in it.
    pub customers: Vec<RoundCustomerFigures>,
}

/// What a customer felt in one round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RoundCustomerFigures {
    /// The customer.
    pub name: String,
    /// P(wait <= promise).
    pub on_time: Estimate,
    /// P(no error arrives).
    pub error_free: Estimate,
    /// P(on time, free of error, and of good enough quality).
    pub perfect: Estimate,
    /// Mean wait, in hours.
    pub wait: Estimate,
    /// Mean lateness, in hours.
    pub lateness: Estimate,
}

/// All figures of a run, in the order of the file; services in the order of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// `"ripple-outcome/1"`.
    pub format: OutcomeFormat,
    /// How the run was made.
    pub meta: Meta,
    /// What customers feel.
    pub customers: Vec<CustomerFigures>,
    /// Every service; from detail `services` on.
    pub services: Vec<ServiceFigures>,
    /// Every dependency; from detail `services` on.
    pub dependencies: Vec<DependencyFigures>,
    /// Every employee; from detail `services` on.
    pub employees: Vec<PersonFigures>,
    /// Every department; from detail `services` on.
    pub departments: Vec<PersonFigures>,
    /// Round by round; at full detail.
    pub rounds: Vec<RoundFigures>,
    /// Morale, turnover and learning, where there is a climate.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub climate: Option<ClimateFigures>,
    /// The exact sums, where the outcome is to be merged again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) exact: Option<Exact>,
}
