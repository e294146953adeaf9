//! The things as they are written. Every field with a default is optional, so that writing gives back what was read.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::climate::Climate;
use crate::change::Scenario;
use crate::shock::Shock;
use crate::{Distribution, Hours, Probability};

/// Declares one thing of the format: its fields, and a setter of the same name for each optional field.
macro_rules! thing {
    (
        $(#[$doc:meta])* $name:ident {
            $( $(#[$fdoc:meta])* $field:ident : $ty:ty ),* $(,)?
        } optional {
            $( $(#[$odoc:meta])* $option:ident : $oty:ty ),* $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$fdoc])* pub $field: $ty, )*
            $( $(#[$odoc])*
               #[serde(default, skip_serializing_if = "Option::is_none")]
               pub $option: Option<$oty>, )*
        }

        impl $name {
            $( $(#[$odoc])*
               #[must_use]
               pub fn $option(mut self, $option: impl Into<$oty>) -> Self {
                   self.$option = Some($option.into());
                   self
               } )*
        }
    };
}
pub(super) use thing;

/// The name of the file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Format {
    /// `"ripple-effect/1"`.
    #[default]
    #[serde(rename = "ripple-effect/1")]
    V1,
}

/// When work may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// As soon as all that is needed is there (PERT).
    #[default]
    Ready,
    /// Never before its planned start (a timetable).
    Planned,
}

/// In which order an employee takes the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Discipline {
    /// By round, and within a round by the total order of services.
    #[default]
    Sequence,
}

/// How a receiver treats an input.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    /// The receiver waits for it.
    #[default]
    Required,
    /// The receiver is glad of it, and never waits for it.
    Helpful,
    /// The receiver waits for the `count` earliest of the inputs that carry this group's name.
    Any {
        /// The group's name; groups belong to one receiver.
        group: String,
        /// How many of the group are enough, from 1 to the size of the group.
        count: u32,
    },
}

/// The provider does not answer, and the receiver has to chase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Silence {
    /// How often a request goes unanswered, `0..=1` per round.
    pub probability: Probability,
    /// Hours that the receiver then loses before the answer comes.
    pub chase: Distribution,
}

thing! {
    /// The colleague who does this work, with their own time, in rounds in which the employee is absent.
    Backup {
        /// The colleague's name.
        employee: String,
    } optional {
        /// A factor on the hours that the work takes the colleague, beside the colleague's own pace; default 1.
        pace: Distribution,
        /// The colleague's error rate at this work, `0..=1` per round; default: that of the service.
        error_rate: Probability,
    }
}

thing! {
    /// How satisfaction falls, `100 * quality * (error if wrong) * (1 - lateness * (1 - min(1, promise / wait)))`.
    #[derive(Default)]
    Satisfaction {} optional {
        /// The factor for an engagement with an error, `0..=1`; default 0.5.
        error: Probability,
        /// How much lateness matters, `0..=1`; default 1.
        lateness: Probability,
    }
}

thing! {
    /// What holds for a department's services that do not say otherwise.
    #[derive(Default)]
    Defaults {} optional {
        /// Probability of a wrong result, `0..=1` per round.
        error_rate: Probability,
        /// Extra probability of a wrong result when it starts later than planned, `0..=1`.
        rush: Probability,
        /// Quality of the work itself, a distribution on `0..=1`.
        workmanship: Distribution,
        /// Hours planned before its start.
        buffer: Hours,
    }
}

thing! {
    /// A group of employees; what reports aggregate to.
    Department {
        /// Its name, unique among departments.
        name: String,
    } optional {
        /// What random draws are keyed by; default: the name.
        id: String,
        /// A factor on all its people's durations, one draw a round (a bad day for all of it); default 1.
        pace: Distribution,
        /// What holds for its services that do not say otherwise.
        defaults: Defaults,
        /// For selections.
        tags: Vec<String>,
        /// Free text or an object, kept as it is.
        notes: Value,
    }
}

thing! {
    /// Somebody who works. A team is an entry with more capacity.
    Employee {
        /// The name, unique among employees and customers.
        name: String,
        /// What this employee provides.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        services: Vec<Service>,
    } optional {
        /// What random draws are keyed by; default: the name.
        id: String,
        /// The department's name.
        department: String,
        /// The role, in words.
        role: String,
        /// How many things can be worked on at once, `1..=1024`; default 1.
        capacity: u32,
        /// How many of them plans count with, `1..=1024`; default: `capacity`. To capacity what a standard is to a duration.
        planned_capacity: u32,
        /// A factor on all durations, one draw a round; default 1.
        pace: Distribution,
        /// Probability to be away for a round, `0..=0.99`; default 0.
        absence: Probability,
        /// For selections.
        tags: Vec<String>,
        /// Free text or an object, kept as it is.
        notes: Value,
    }
}

thing! {
    /// What an employee provides to colleagues or customers, once a round.
    Service {
        /// Hours of work.
        duration: Distribution,
    } optional {
        /// Its name, unique for its employee. An employee with one service needs none.
        name: String,
        /// What random draws are keyed by; default: `employee id/name`, or the employee's id where there is no name.
        id: String,
        /// Hours promised, what plans count with; default: the mean of `duration`.
        standard: Hours,
        /// Probability of a wrong result, `0..=1` per round; default: the department's, or 0.
        error_rate: Probability,
        /// Extra probability of a wrong result when it starts later than planned, `0..=1`; default: the department's, or 0.
        rush: Probability,
        /// Quality of the work itself, a distribution on `0..=1`; default: the department's, or 1.
        workmanship: Distribution,
        /// Hours planned before its start; default: the department's, or 0.
        buffer: Hours,
        /// Who does it in rounds in which the employee is absent; default: nobody, it waits.
        backup: Backup,
        /// For selections.
        tags: Vec<String>,
        /// Free text or an object, kept as it is.
        notes: Value,
    }
}

thing! {
    /// An external customer.
    Customer {
        /// The name, unique among employees and customers.
        name: String,
    } optional {
        /// What random draws are keyed by; default: the name.
        id: String,
        /// Hours from release to having everything; default: the planned wait.
        promise: Hours,
        /// What an engagement is worth, in `currency`; default 0.
        value: f64,
        /// The quality from which on an engagement can be perfect, `0..=1`; default 0.8.
        perfect_quality: Probability,
        /// How satisfaction falls with errors and lateness.
        satisfaction: Satisfaction,
        /// The services that the customer touches, in order (the engagement cycle). It adds no dependencies.
        journey: Vec<String>,
        /// For selections.
        tags: Vec<String>,
        /// Free text or an object, kept as it is.
        notes: Value,
    }
}

thing! {
    /// Somebody's success depends on somebody's work: a directed edge from a service to a service or a customer.
    Dependency {
        /// The service that provides: `"Ana"` (one service) or `"Ana/account history"`.
        provider: String,
        /// Who depends on it: a service in the same way (the internal customer), or a customer.
        receiver: String,
    } optional {
        /// What random draws are keyed by; default: `provider id -> receiver id`. Parallel ones must carry one.
        id: String,
        /// What is needed, in words.
        need: String,
        /// Required (default), helpful, or any of a group.
        kind: Kind,
        /// Probability that a round needs it, `0..=1`; default 1.
        needed: Probability,
        /// Rounds between delivery and use, `0..=65_535`; default 0: this round's delivery is used in this round.
        lag: u32,
        /// Response time: hours from when the provider has all it needs to arrival; default: the planned value.
        promise: Hours,
        /// Hours from the provider's finish to the receiver's having it; default 0.
        handoff: Distribution,
        /// Hours planned for the hand-off; default: the mean of `handoff`.
        standard: Hours,
        /// How often the provider does not answer, and what chasing costs; default: never.
        silence: Silence,
        /// Probability that an error that comes in is caught on receipt, `0..=1`; default 0.
        detection: Probability,
        /// Hours that a caught error costs, once, on this dependency; default 0.
        rework: Distribution,
        /// Probability that an error that was not caught is passed on, `0..=1`; default 1.
        transmission: Probability,
        /// How much the receiver's quality follows this input's, `0..=1` (FDNA's strength of dependency);
        /// default 0 between services, 1 into a customer.
        strength: Probability,
        /// The receiver's quality is at most the input's plus this, `0..=1` (FDNA's criticality of dependency);
        /// default 1: no cap.
        criticality: Probability,
        /// For selections.
        tags: Vec<String>,
        /// Free text or an object, kept as it is.
        notes: Value,
    }
}

thing! {
    /// A whole organisation as it is written: the file format `ripple-effect/1`.
    Description {
        /// Where an editor finds the JSON Schema of this format; nothing else looks at it.
        #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
        schema: Option<String>,
        /// `"ripple-effect/1"`.
        format: Format,
        /// The organisation's name.
        name: String,
        /// Groups of employees.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        departments: Vec<Department>,
        /// Who works.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        employees: Vec<Employee>,
        /// Who is served in the end.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        customers: Vec<Customer>,
        /// Who depends on whom.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        dependencies: Vec<Dependency>,
    } optional {
        /// When work may start; default `"ready"`.
        start: Start,
        /// In which order an employee takes the work; default `"sequence"`.
        discipline: Discipline,
        /// In which order services come within a round, as dependencies name them, first to last; default: by the
        /// longest path of standards, hand-offs and buffers. Whom it leaves out comes after whom it names. Nobody comes
        /// before what they depend on within the round.
        order: Vec<String>,
        /// Hours between the releases of two rounds; a distribution makes it a renewal process; default: the longest
        /// planned wait of a customer.
        cadence: Distribution,
        /// Rounds in a replication, `1..=1_000_000`; default 1, or 12 where a customer depends on a lag.
        rounds: u32,
        /// Rounds at the start of each replication that figures leave out; default 0.
        warmup: u32,
        /// Hours in a working day, for reports, above 0 and up to 24; default 8.
        hours_per_day: f64,
        /// The currency of `value`, in words; default: none.
        currency: String,
        /// How morale moves, who leaves and how newcomers learn; default: off.
        climate: Climate,
        /// What could be different: named sets of changes. Nothing of it happens until it is asked for.
        changes: Vec<Scenario>,
        /// What could strike: who is late, wrong or away, and in which round. Nothing of it happens until it is asked for.
        shocks: Vec<Shock>,
        /// For selections.
        tags: Vec<String>,
        /// Free text or an object, kept as it is.
        notes: Value,
    }
}

impl Description {
    /// An organisation with a name and nothing else.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            schema: None,
            format: Format::V1,
            name: name.into(),
            departments: Vec::new(),
            employees: Vec::new(),
            customers: Vec::new(),
            dependencies: Vec::new(),
            start: None,
            discipline: None,
            order: None,
            cadence: None,
            rounds: None,
            warmup: None,
            hours_per_day: None,
            currency: None,
            climate: None,
            changes: None,
            shocks: None,
            tags: None,
            notes: None,
        }
    }
}

impl Department {
    /// A department with a name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), id: None, pace: None, defaults: None, tags: None, notes: None }
    }
}

impl Employee {
    /// An employee with a name, who provides nothing yet.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            services: Vec::new(),
            id: None,
            department: None,
            role: None,
            capacity: None,
            planned_capacity: None,
            pace: None,
            absence: None,
            tags: None,
            notes: None,
        }
    }

    /// Provides a service with this name, which takes these hours.
    #[must_use]
    pub fn provides(self, service: impl Into<String>, duration: impl Into<Distribution>) -> Self {
        self.provides_with(service, duration, |service| service)
    }

    /// Provides a service with this name, which takes these hours, described further.
    ///
    /// ```
    /// use ripple_effect::{Distribution, organization::Employee};
    /// let ana = Employee::new("Ana").provides_with("account history", Distribution::pert(0.5, 1.0, 4.0), |s| {
    ///     s.standard(2.0).error_rate(0.04)
    /// });
    /// assert_eq!(ana.services.len(), 1);
    /// ```
    #[must_use]
    pub fn provides_with(
        mut self,
        service: impl Into<String>,
        duration: impl Into<Distribution>,
        describe: impl FnOnce(Service) -> Service,
    ) -> Self {
        self.services.push(describe(Service::new(duration).name(service)));
        self
    }

    /// Provides this service.
    #[must_use]
    pub fn service(mut self, service: Service) -> Self {
        self.services.push(service);
        self
    }
}

impl Service {
    /// A service without a name, which takes these hours.
    #[must_use]
    pub fn new(duration: impl Into<Distribution>) -> Self {
        Self {
            duration: duration.into(),
            name: None,
            id: None,
            standard: None,
            error_rate: None,
            rush: None,
            workmanship: None,
            buffer: None,
            backup: None,
            tags: None,
            notes: None,
        }
    }

    /// Is done by this colleague in rounds in which the employee is absent.
    #[must_use]
    pub fn backed_up_by(self, colleague: impl Into<String>) -> Self {
        self.backup(Backup::new(colleague))
    }
}

impl Backup {
    /// A backup by this colleague, at the colleague's own pace.
    #[must_use]
    pub fn new(employee: impl Into<String>) -> Self {
        Self { employee: employee.into(), pace: None, error_rate: None }
    }
}

impl Customer {
    /// A customer with a name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            id: None,
            promise: None,
            value: None,
            perfect_quality: None,
            satisfaction: None,
            journey: None,
            tags: None,
            notes: None,
        }
    }

    /// Touches these services, in this order.
    #[must_use]
    pub fn touches<I: IntoIterator<Item: Into<String>>>(self, services: I) -> Self {
        self.journey(services.into_iter().map(Into::into).collect::<Vec<String>>())
    }
}

impl Dependency {
    /// The receiver depends on the provider.
    #[must_use]
    pub fn new(provider: impl Into<String>, receiver: impl Into<String>) -> Self {
        Self {
            provider: provider.into(),
            receiver: receiver.into(),
            id: None,
            need: None,
            kind: None,
            needed: None,
            lag: None,
            promise: None,
            handoff: None,
            standard: None,
            silence: None,
            detection: None,
            rework: None,
            transmission: None,
            strength: None,
            criticality: None,
            tags: None,
            notes: None,
        }
    }

    /// Goes unanswered with this probability; the receiver then loses these hours.
    #[must_use]
    pub fn silent(self, probability: impl Into<Probability>, chase: impl Into<Distribution>) -> Self {
        self.silence(Silence { probability: probability.into(), chase: chase.into() })
    }

    /// Is welcome, and never waited for.
    #[must_use]
    pub fn helpful(self) -> Self {
        self.kind(Kind::Helpful)
    }

    /// Is one of a group of which the receiver waits for the `count` earliest.
    #[must_use]
    pub fn any(self, count: u32, group: impl Into<String>) -> Self {
        self.kind(Kind::Any { group: group.into(), count })
    }

    /// An error is caught on receipt with this probability, and then costs these hours.
    #[must_use]
    pub fn inspected(self, detection: impl Into<Probability>, rework: impl Into<Distribution>) -> Self {
        self.detection(detection).rework(rework)
    }
}
