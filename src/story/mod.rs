//! One engagement told as a story: what each person promised and did, and what the customer felt in the end.
//!
//! | file | what lives there |
//! |---|---|
//! | `mod` | [`Story`]: one customer in one round of one replication |
//! | `event` | [`StoryEvent`]: one thing that happened, for programs |
//! | `choose` | which engagement: by number, the longest wait, a typical one |
//! | `replay` | a trace that fits its plan, and whose job was before whose |
//! | `chain` | backward from the customer: what fixed each start |
//! | `tell` | forward in time: the chain as events whose hours add up exactly |
//! | `mistakes` | what went wrong or stayed half done on the way, and who noticed |
//! | `words` | the events in plain words |
//! | `page` | the page that is read to a group |
//! | `xes` | replications as an event log for process mining |

mod chain;
mod choose;
mod event;
mod mistakes;
mod page;
mod replay;
mod tell;
mod words;
#[cfg(feature = "xes")]
mod xes;

use serde::Serialize;

pub use choose::Engagement;
pub use event::{StoryEvent, StoryKind};
#[cfg(feature = "xes")]
pub use xes::EventLog;

#[cfg(feature = "pictures")]
pub(crate) use choose::customer as known_customer;

use crate::{Error, Plan, Trace};
use replay::Replay;

/// How one customer's engagement in one round came about: the binding chain told forward in time.
///
/// Each of its [`events`](Story::events) says what it added to the wait beyond plan, or took off. These hours add up
/// exactly: their sum is `wait - planned_wait` (docs/reference/model.md).
///
/// ```
/// use ripple_effect::{Distribution, Organization};
/// use ripple_effect::story::Engagement;
///
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides("stock list", Distribution::exponential(2.0)))
///     .employee("Ben", |e| e.provides("advice", 1.0))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Ben", "what is in stock")
///     .serves("Ben", "Guests", "advice")
///     .build()?;
/// let story = shop.simulate()?.replications(1_000).story("Guests", Engagement::LongestWait)?;
/// println!("{}", story.report());
/// let added: f64 = story.events().iter().map(|event| event.adds).sum();
/// assert_eq!(added, story.wait - story.planned_wait);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Story {
    /// The model's name.
    pub model: String,
    /// The seed.
    pub seed: u64,
    /// The replication, from 0.
    pub replication: u64,
    /// The round, from 0.
    pub round: u32,
    /// The customer.
    pub customer: String,
    /// When the round was released, in hours since the first release.
    pub release: f64,
    /// The wait that was promised, in hours.
    pub promise: f64,
    /// The planned wait, in hours.
    pub planned_wait: f64,
    /// The wait, in hours.
    pub wait: f64,
    /// Hours beyond the promise.
    pub lateness: f64,
    /// Whether a mistake arrived.
    pub error: bool,
    /// The quality that arrived, `0..=1`.
    pub quality: f64,
    /// The quality that is good enough, `0..=1`.
    pub perfect_quality: f64,
    /// Satisfaction, `0..=100`.
    pub satisfaction: f64,
    /// On time, free of mistakes, and of good enough quality.
    pub perfect: bool,
    /// Hours in a working day, where the model says so.
    pub hours_per_day: Option<f64>,
    events: Vec<StoryEvent>,
}

/// What one person, in one way, added to a customer's wait beyond plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoryCause {
    /// Who.
    pub who: String,
    /// In which way.
    pub kind: StoryKind,
    /// Hours added; negative where it took hours off.
    pub hours: f64,
}

impl StoryCause {
    /// `Ana did not answer`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", self.who, words::way_of(self.kind, self.hours))
    }
}

impl Story {
    /// Tells the engagement of a customer in a round of a traced replication.
    ///
    /// # Errors
    /// [`ErrorKind::Name`](crate::ErrorKind::Name) if there is no such customer,
    /// [`ErrorKind::Range`](crate::ErrorKind::Range) if the trace has no such round,
    /// [`ErrorKind::Mismatch`](crate::ErrorKind::Mismatch) if the trace is not one of this plan.
    ///
    /// # Complexity
    /// O(rounds * (services + dependencies)).
    ///
    /// ```
    /// use ripple_effect::{Organization, story::Story};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let run = shop.simulate()?;
    /// let story = Story::of(run.plan(), &run.trace(3)?, "Guests", 0)?;
    /// assert!(story.perfect);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn of(plan: &Plan, trace: &Trace, customer: &str, round: u32) -> Result<Self, Error> {
        let index = choose::customer(plan, customer)?;
        let replay = Replay::new(plan, trace)?;
        if round as usize >= trace.rounds.len() {
            return Err(choose::no_such_round(round, trace.rounds.len()));
        }
        let chain = chain::backward(&replay, round as usize, index)?;
        let mut events = tell::forward(&replay, round as usize, index, &chain);
        mistakes::weave_in(&replay, round as usize, index, &chain, &mut events);
        let (planned, traced) = (&plan.customers[index], &trace.rounds[round as usize]);
        let felt = &traced.customers[index];
        Ok(Self {
            model: trace.model.clone(),
            seed: trace.seed,
            replication: trace.replication,
            round,
            customer: felt.customer.clone(),
            release: traced.release,
            promise: planned.promise,
            planned_wait: planned.ready,
            wait: felt.wait,
            lateness: felt.lateness,
            error: felt.error,
            quality: felt.quality,
            perfect_quality: planned.perfect_quality,
            satisfaction: felt.satisfaction,
            perfect: felt.perfect,
            hours_per_day: plan.organization.description().hours_per_day,
            events,
        })
    }

    /// Everything that happened on the way, in the order of time: the binding chain, and the mistakes and half-done work
    /// beside it.
    #[must_use]
    pub fn events(&self) -> &[StoryEvent] {
        &self.events
    }

    /// The hours of the chain by person and way, the largest first. Their sum is `wait - planned_wait`, exactly.
    #[must_use]
    pub fn causes(&self) -> Vec<StoryCause> {
        let mut causes: Vec<StoryCause> = Vec::new();
        for event in self.events.iter().filter(|event| event.adds != 0.0) {
            match causes.iter_mut().find(|cause| cause.who == event.who && cause.kind == event.kind) {
                Some(cause) => cause.hours += event.adds,
                None => causes.push(StoryCause { who: event.who.clone(), kind: event.kind, hours: event.adds }),
            }
        }
        causes.sort_by(|a, b| b.hours.abs().total_cmp(&a.hours.abs()).then_with(|| a.who.cmp(&b.who)));
        causes
    }

    /// The ids of the dependencies over which the chain went, from the first to the customer.
    #[must_use]
    pub fn dependencies(&self) -> Vec<&str> {
        let arrived = self.events.iter().filter(|event| event.kind == StoryKind::Arrived);
        arrived.filter_map(|event| event.dependency.as_deref()).collect()
    }
}
