//! The sentence that says what to make.

use std::marker::PhantomData;

use super::furnish;
use super::settings::{Network, Settings};
use crate::organization::Description;
use crate::{Distribution, Error, Organization, Probability};

/// A kind of network: a tree of managers and reports.
#[derive(Debug, Clone, Copy)]
pub enum Hierarchy {}

/// A kind of network: a ring with shortcuts.
#[derive(Debug, Clone, Copy)]
pub enum SmallWorld {}

/// A kind of network: a few are needed by very many.
#[derive(Debug, Clone, Copy)]
pub enum ScaleFree {}

/// A kind of network: tiers of a process.
#[derive(Debug, Clone, Copy)]
pub enum Layered {}

/// An organisation to be made: its kind, its options, its seed. Made by the functions of [`generate`](super).
///
/// Every option has a default; nothing is checked before [`organization`](Generator::organization), which then names all that
/// lies outside of its range. Hours and error rates differ from service to service by a factor of 8/16 to 24/16, evenly.
///
/// | option | default | range | unit |
/// |---|---|---|---|
/// | number of services | - | 10 to 1,000,000 | |
/// | [`seed`](Self::seed) | 1 | any | |
/// | [`services_each`](Self::services_each) | 1 | 1 to all | services an employee |
/// | [`departments`](Self::departments) | 8 | 1 to 10,000, or as many as employees | |
/// | [`customers`](Self::customers) | 3 | 1 to 10,000, or as many as services | |
/// | [`serving`](Self::serving) | 1 | 0 to 1 | share of last services |
/// | [`touches`](Self::touches) | 3 | 0.1 to 1,000,000 | services an engagement |
/// | [`value`](Self::value) | 100 | 0 to 10^15 | money an engagement |
/// | [`feedback`](Self::feedback) | 0; 1 in a hierarchy | 0 to 1 | share of dependencies |
/// | [`durations`](Self::durations) | six families of mean 2 | see [`Distribution`] | hours |
/// | [`allowance`](Self::allowance) | 1.5 | 0.1 to 100 | times the mean |
/// | [`handoffs`](Self::handoffs) | 0.25, exponential of mean 0.5 | 0 to 1 | share, hours |
/// | [`error_rate`](Self::error_rate) | 0.03 | 0 to 1 | probability a round |
/// | [`transmission`](Self::transmission) | 0.6 | 0 to 1 | probability |
/// | [`inspected`](Self::inspected) | 0.5, 0.7, 1 | 0 to 1 | share, probability, hours |
/// | [`silent`](Self::silent) | 0.25, 0.05, PERT of 2, 4, 12 | 0 to 1 | share, probability a round, hours |
///
/// ```
/// use ripple_effect::{Distribution, generate, percent};
///
/// let chaotic = generate::scale_free(300)
///     .dependencies(3)
///     .silent(0.5, percent(20.0), Distribution::pert(2.0, 8.0, 24.0))
///     .seed(7)
///     .organization()?;
/// let let_down = chaotic.simulate()?.replications(512).run()?.summary().customers[0].perfect.complement();
/// assert!(let_down.estimate.unwrap() > 0.0);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a generator makes nothing before `organization` or `description` is called"]
pub struct Generator<Kind> {
    settings: Settings,
    kind: PhantomData<Kind>,
}

impl<Kind> Generator<Kind> {
    pub(super) fn new(services: u32, network: Network) -> Self {
        Self { settings: Settings::new(services, network), kind: PhantomData }
    }

    /// The organisation's name; its kind and size unless said.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.settings.name = Some(name.into());
        self
    }

    /// The seed; the kind, the options and the seed decide the organisation.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// How many services each employee provides; the last may have fewer. Services that follow each other go to one.
    pub fn services_each(mut self, services: u32) -> Self {
        self.settings.services_each = services;
        self
    }

    /// How many departments. In a hierarchy they are its branches, in a small world teams of 25 neighbours, in a layered
    /// process its tiers or parts of them, in a scale-free network drawn evenly.
    pub fn departments(mut self, departments: u32) -> Self {
        self.settings.departments = Some(departments);
        self
    }

    /// How many external customers (groups of people who are served alike).
    pub fn customers(mut self, customers: u32) -> Self {
        self.settings.customers = Some(customers);
        self
    }

    /// The share of the last services, those whom nobody inside needs within a round, that serve a customer. The others
    /// serve nobody, and checking the organisation warns of each. Every customer is served by one at least.
    pub fn serving(mut self, share: impl Into<Probability>) -> Self {
        self.settings.serving = share.into();
        self
    }

    /// How many of the services that serve a customer one engagement touches on average: each is `needed` with the
    /// probability that makes it so, and always where they are no more than that.
    pub fn touches(mut self, services: f64) -> Self {
        self.settings.touches = services;
        self
    }

    /// What an engagement is worth, in money.
    pub fn value(mut self, value: f64) -> Self {
        self.settings.value = value;
        self
    }

    /// The share of dependencies inside that are answered by another one, from the receiver back to the provider, used a
    /// round later: reports to a manager, questions, complaints. They make an organisation circular, with a lag of 1.
    pub fn feedback(mut self, share: impl Into<Probability>) -> Self {
        self.settings.feedback = share.into();
        self
    }

    /// How long work takes, in hours: each service has one of these, with the probability given by its weight, times its
    /// factor.
    pub fn durations(mut self, durations: impl IntoIterator<Item = (f64, impl Into<Distribution>)>) -> Self {
        self.settings.durations = durations.into_iter().map(|(weight, of)| (weight, of.into())).collect();
        self
    }

    /// The hours promised for work and hand-offs, as a factor on their means: above 1, plans hold slack.
    pub fn allowance(mut self, factor: f64) -> Self {
        self.settings.allowance = factor;
        self
    }

    /// The share of dependencies whose hand-off takes time, and how long, in hours.
    pub fn handoffs(mut self, share: impl Into<Probability>, hours: impl Into<Distribution>) -> Self {
        self.settings.handoffs = (share.into(), hours.into());
        self
    }

    /// The mean probability of a wrong result, per service and round.
    pub fn error_rate(mut self, mean: impl Into<Probability>) -> Self {
        self.settings.error_rate = mean.into();
        self
    }

    /// The probability that an error that was not caught is passed on, on dependencies inside; customers get what was done.
    pub fn transmission(mut self, probability: impl Into<Probability>) -> Self {
        self.settings.transmission = probability.into();
        self
    }

    /// The share of dependencies inside on which what comes in is inspected, the probability that an error is then caught,
    /// and the hours of rework that it costs.
    pub fn inspected(
        mut self,
        share: impl Into<Probability>,
        detection: impl Into<Probability>,
        rework: impl Into<Distribution>,
    ) -> Self {
        self.settings.inspected = (share.into(), detection.into(), rework.into());
        self
    }

    /// The share of dependencies inside on which a request may go unanswered, how often it does, and the hours that the
    /// receiver then loses.
    pub fn silent(
        mut self,
        share: impl Into<Probability>,
        probability: impl Into<Probability>,
        chase: impl Into<Distribution>,
    ) -> Self {
        self.settings.silent = (share.into(), probability.into(), chase.into());
        self
    }

    /// How often a request goes unanswered, where it may: the probability of [`silent`](Self::silent) alone.
    pub fn silence(mut self, probability: impl Into<Probability>) -> Self {
        self.settings.silent.1 = probability.into();
        self
    }

    /// Makes the description.
    ///
    /// Employee `n`, from 1, has the id `En` and is called by department and number, e.g. `Operations 12`; customers are `C1`,
    /// `C2`, ... The options stand in `notes`.
    ///
    /// # Errors
    /// [`ErrorKind::Range`](crate::ErrorKind::Range) for every option outside of its range, its name being the path.
    ///
    /// # Complexity
    /// O(services + dependencies), times the logarithm of the number of services in a layered process and a small world.
    pub fn description(&self) -> Result<Description, Error> {
        self.settings.check()?;
        Ok(furnish::description(&self.settings))
    }

    /// Makes the organisation.
    ///
    /// # Errors
    /// As [`description`](Self::description).
    ///
    /// # Complexity
    /// O(services + dependencies), as above. A million services with five million dependencies take seconds and gigabytes.
    pub fn organization(&self) -> Result<Organization, Error> {
        Organization::new(self.description()?)
    }
}

impl Generator<Hierarchy> {
    /// How many people each manager leads, 1 to 1,000; 6 unless said.
    pub fn span(mut self, people: u32) -> Self {
        self.settings.network = Network::Hierarchy { span: people };
        self
    }
}

impl Generator<SmallWorld> {
    /// How many services a service needs on average, 1 to 64, half the others at most; 4 unless said. On the ring it is joined
    /// with twice as many.
    pub fn dependencies(mut self, of_a_service: u32) -> Self {
        if let Network::SmallWorld { dependencies, .. } = &mut self.settings.network {
            *dependencies = Some(of_a_service);
        }
        self
    }

    /// The probability that a link is thrown to a service far away, 0 to 1; 0.1 unless said.
    pub fn rewiring(mut self, probability: impl Into<Probability>) -> Self {
        if let Network::SmallWorld { rewiring, .. } = &mut self.settings.network {
            *rewiring = probability.into().get();
        }
        self
    }
}

impl Generator<ScaleFree> {
    /// How many earlier services a service needs, 1 to 64; 4 unless said.
    pub fn dependencies(mut self, of_a_service: u32) -> Self {
        self.settings.network = Network::ScaleFree { dependencies: Some(of_a_service) };
        self
    }
}

impl Generator<Layered> {
    /// How many tiers, 2 to all; 10 unless said, fewer of fewer than 40 services.
    pub fn tiers(mut self, number: u32) -> Self {
        if let Network::Layered { tiers, .. } = &mut self.settings.network {
            *tiers = Some(number);
        }
        self
    }

    /// How many services of the tier before a service needs, 1 to 64, as many as stand there at most; 4 unless said.
    pub fn dependencies(mut self, of_a_service: u32) -> Self {
        if let Network::Layered { dependencies, .. } = &mut self.settings.network {
            *dependencies = Some(of_a_service);
        }
        self
    }
}
