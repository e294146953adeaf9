//! The options as numbers: their defaults, their ranges, and what is said of one outside of them.

use serde_json::{Value, json};

use super::draws::Draws;
use super::{hierarchy, layered, scale_free, small_world};
use crate::{Distribution, Error, ErrorKind, Hours, Probability};

const SERVICES: std::ops::RangeInclusive<u32> = 10..=1_000_000;
/// Dependencies of one service, and people of one manager, at most.
const MOST_DEPENDENCIES: u32 = 64;
const MOST_SPAN: u32 = 1_000;
/// Dependencies in all that are worth making: some 12 GiB of organisation.
const MOST_LINKS: u64 = 20_000_000;
const DEPENDENCIES: u32 = 4;
const TIERS: u32 = 10;
const DEPARTMENTS: u32 = 8;
const CUSTOMERS: u32 = 3;
const MOST_GROUPS: u32 = 10_000;

/// Somebody needs something within a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) provider: u32,
    pub(super) receiver: u32,
}

/// Who needs whom within a round.
#[derive(Debug, Clone, Copy)]
pub(super) enum Network {
    Hierarchy { span: u32 },
    SmallWorld { dependencies: Option<u32>, rewiring: f64 },
    ScaleFree { dependencies: Option<u32> },
    Layered { tiers: Option<u32>, dependencies: Option<u32> },
}

impl Network {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Hierarchy { .. } => "hierarchy",
            Self::SmallWorld { .. } => "small_world",
            Self::ScaleFree { .. } => "scale_free",
            Self::Layered { .. } => "layered",
        }
    }

    fn dependencies(self, services: u32) -> u32 {
        match self {
            Self::Hierarchy { .. } => 1,
            Self::SmallWorld { dependencies, .. } | Self::ScaleFree { dependencies } => {
                dependencies.unwrap_or(DEPENDENCIES)
            }
            Self::Layered { dependencies, .. } => {
                dependencies.unwrap_or(DEPENDENCIES.min(services / self.tiers(services).max(1)))
            }
        }
    }

    /// The tiers of a layered network; fewer than usual of few services.
    pub(super) fn tiers(self, services: u32) -> u32 {
        match self {
            Self::Layered { tiers, .. } => tiers.unwrap_or((services / 4).clamp(2, TIERS)),
            _ => 1,
        }
    }

    pub(super) fn links(self, services: u32, draws: Draws) -> Vec<Link> {
        let dependencies = self.dependencies(services);
        match self {
            Self::Hierarchy { span } => hierarchy::links(services, span),
            Self::SmallWorld { rewiring, .. } => small_world::links(services, dependencies, rewiring, draws),
            Self::ScaleFree { .. } => scale_free::links(services, dependencies, draws),
            Self::Layered { .. } => layered::links(services, self.tiers(services), dependencies, draws),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) network: Network,
    pub(super) services: u32,
    pub(super) name: Option<String>,
    pub(super) seed: u64,
    pub(super) services_each: u32,
    pub(super) departments: Option<u32>,
    pub(super) customers: Option<u32>,
    pub(super) serving: Probability,
    pub(super) touches: f64,
    pub(super) value: f64,
    pub(super) feedback: Probability,
    pub(super) durations: Vec<(f64, Distribution)>,
    pub(super) allowance: f64,
    pub(super) handoffs: (Probability, Distribution),
    pub(super) error_rate: Probability,
    pub(super) transmission: Probability,
    pub(super) inspected: (Probability, Probability, Distribution),
    pub(super) silent: (Probability, Probability, Distribution),
}

impl Settings {
    pub(super) fn new(services: u32, network: Network) -> Self {
        let feedback = if matches!(network, Network::Hierarchy { .. }) { 1.0 } else { 0.0 };
        Self {
            network,
            services,
            name: None,
            seed: 1,
            services_each: 1,
            departments: None,
            customers: None,
            serving: Probability::from(1.0),
            touches: 3.0,
            value: 100.0,
            feedback: Probability::from(feedback),
            // Each of mean 2 hours. Spreads are proportions that survive a factor to the last bit, so that tables are shared.
            durations: vec![
                (1.0, Distribution::pert(0.75, 1.5, 5.25)),
                (1.0, Distribution::triangular(0.5, 1.5, 4.0)),
                (1.0, Distribution::lognormal(2.0, 1.0)),
                (1.0, Distribution::gamma(4.0, 0.5)),
                (1.0, Distribution::exponential(2.0)),
                (1.0, Distribution::uniform(1.0, 3.0)),
            ],
            allowance: 1.5,
            handoffs: (Probability::from(0.25), Distribution::exponential(0.5)),
            error_rate: Probability::from(0.03),
            transmission: Probability::from(0.6),
            inspected: (Probability::from(0.5), Probability::from(0.7), Distribution::constant(1.0)),
            silent: (Probability::from(0.25), Probability::from(0.05), Distribution::pert(2.0, 4.0, 12.0)),
        }
    }

    pub(super) fn employees(&self) -> u32 {
        self.services.div_ceil(self.services_each)
    }

    pub(super) fn departments(&self) -> u32 {
        self.departments.unwrap_or(DEPARTMENTS.min(self.employees()))
    }

    pub(super) fn customers(&self) -> u32 {
        self.customers.unwrap_or(CUSTOMERS)
    }

    /// What was asked for, to stand in the notes of what is made.
    pub(super) fn notes(&self) -> Value {
        let mut notes = json!({
            "generator": self.network.name(),
            "services": self.services,
            "seed": self.seed,
            "services_each": self.services_each,
            "departments": self.departments(),
            "customers": self.customers(),
            "serving": self.serving.get(),
            "touches": self.touches,
            "value": self.value,
            "feedback": self.feedback.get(),
            "durations": self.durations,
            "allowance": self.allowance,
            "handoffs": {"share": self.handoffs.0.get(), "hours": self.handoffs.1},
            "error_rate": self.error_rate.get(),
            "transmission": self.transmission.get(),
            "inspected": {"share": self.inspected.0.get(), "detection": self.inspected.1.get(), "rework": self.inspected.2},
            "silent": {"share": self.silent.0.get(), "probability": self.silent.1.get(), "chase": self.silent.2},
        });
        let more = match self.network {
            Network::Hierarchy { span } => json!({"span": span}),
            Network::SmallWorld { rewiring, .. } => json!({"rewiring": rewiring}),
            Network::ScaleFree { .. } => json!({}),
            Network::Layered { .. } => json!({"tiers": self.network.tiers(self.services)}),
        };
        let dependencies = match self.network {
            Network::Hierarchy { .. } => None,
            network => Some(json!({"dependencies": network.dependencies(self.services)})),
        };
        for part in [Some(more), dependencies].into_iter().flatten() {
            if let (Value::Object(notes), Value::Object(part)) = (&mut notes, part) {
                notes.extend(part);
            }
        }
        notes
    }

    /// Everything outside of its range.
    pub(super) fn check(&self) -> Result<(), Error> {
        let mut faults = Faults(Vec::new());
        faults.whole("services", self.services, *SERVICES.start(), *SERVICES.end(), "services");
        if !SERVICES.contains(&self.services) {
            return faults.result();
        }
        if self.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            faults.0.push(Error::new(ErrorKind::Name, "name", "an empty name", "any text", "Name the organisation."));
        }
        faults.whole("services_each", self.services_each, 1, self.services, "services an employee");
        if self.services_each > 0 {
            let most = self.employees().min(MOST_GROUPS);
            faults.whole("departments", self.departments(), 1, most, "departments, each with an employee at least");
        }
        faults.whole(
            "customers",
            self.customers(),
            1,
            self.services.min(MOST_GROUPS),
            "customers, as many as services at most",
        );
        self.check_network(&mut faults);
        for (path, share) in [
            ("serving", self.serving),
            ("feedback", self.feedback),
            ("handoffs.share", self.handoffs.0),
            ("error_rate", self.error_rate),
            ("transmission", self.transmission),
            ("inspected.share", self.inspected.0),
            ("inspected.detection", self.inspected.1),
            ("silent.share", self.silent.0),
            ("silent.probability", self.silent.1),
        ] {
            faults.number(path, share.get(), 0.0, 1.0, "a probability or a share");
        }
        faults.number("touches", self.touches, 0.1, 1e6, "services that an engagement touches on average");
        faults.number("value", self.value, 0.0, 1e15, "an amount of money");
        faults.number("allowance", self.allowance, 0.1, 100.0, "a factor on the mean hours");
        self.check_hours(&mut faults);
        faults.result()
    }

    fn check_network(&self, faults: &mut Faults) {
        let services = self.services;
        let dependencies = self.network.dependencies(services);
        match self.network {
            Network::Hierarchy { span } => faults.whole("span", span, 1, MOST_SPAN, "people of one manager"),
            Network::SmallWorld { rewiring, .. } => {
                let most = MOST_DEPENDENCIES.min((services - 1) / 2);
                faults.whole("dependencies", dependencies, 1, most, "dependencies a service, half the others at most");
                faults.number("rewiring", rewiring, 0.0, 1.0, "a probability");
            }
            Network::ScaleFree { .. } => {
                let most = MOST_DEPENDENCIES.min(services - 1);
                faults.whole("dependencies", dependencies, 1, most, "dependencies a service, fewer than services");
            }
            Network::Layered { .. } => {
                let tiers = self.network.tiers(services);
                faults.whole("tiers", tiers, 2, services, "tiers, each with a service at least");
                if (2..=services).contains(&tiers) {
                    let most = MOST_DEPENDENCIES.min(services / tiers);
                    faults.whole(
                        "dependencies",
                        dependencies,
                        1,
                        most,
                        "dependencies a service, as many as stand in a tier at most",
                    );
                }
            }
        }
        let links = u64::from(services) * u64::from(dependencies.min(MOST_DEPENDENCIES));
        if links > MOST_LINKS {
            faults.0.push(Error::new(
                ErrorKind::Range,
                "dependencies",
                format!("{links} dependencies in all"),
                format!("{MOST_LINKS} in all at most"),
                format!("Write {} or fewer, or make fewer services.", MOST_LINKS / u64::from(services)),
            ));
        }
    }

    fn check_hours(&self, faults: &mut Faults) {
        for (path, hours) in [
            ("handoffs.hours", &self.handoffs.1),
            ("inspected.rework", &self.inspected.2),
            ("silent.chase", &self.silent.2),
        ] {
            hours.check(path, &mut faults.0);
        }
        for (index, (weight, hours)) in self.durations.iter().enumerate() {
            faults.number(&format!("durations[{index}].weight"), *weight, 0.0, 1e9, "a weight");
            hours.check(&format!("durations[{index}]"), &mut faults.0);
        }
        let total: f64 = self.durations.iter().map(|(weight, _)| weight).sum();
        if self.durations.is_empty() || total == 0.0 {
            faults.0.push(Error::new(
                ErrorKind::Range,
                "durations",
                "no distribution that is ever taken",
                "at least one with a weight above 0",
                "Give one, e.g. (1.0, Distribution::pert(0.5, 1.0, 4.0)).",
            ));
        }
    }
}

/// Hours on a scale of sixteenths, so that proportions between them keep their last bit.
pub(super) fn sixteenths(steps: u64) -> f64 {
    steps as f64 / 16.0
}

/// The promised hours of work whose mean is `mean`.
pub(super) fn allowed(mean: f64, allowance: f64) -> Hours {
    Hours::from(mean * allowance)
}

struct Faults(Vec<Error>);

impl Faults {
    fn whole(&mut self, path: &str, found: u32, low: u32, high: u32, what: &str) {
        if !(low..=high).contains(&found) {
            let mend = if found < low { format!("Write {low} or more.") } else { format!("Write {high} or fewer.") };
            self.0.push(Error::new(ErrorKind::Range, path, found.to_string(), format!("{low} to {high} {what}"), mend));
        }
    }

    fn number(&mut self, path: &str, found: f64, low: f64, high: f64, what: &str) {
        if !(low..=high).contains(&found) {
            let mend = if found > high { format!("Write {high} or less.") } else { format!("Write {low} or more.") };
            self.0.push(Error::new(
                ErrorKind::Range,
                path,
                found.to_string(),
                format!("{what}, {low} to {high}"),
                mend,
            ));
        }
    }

    fn result(self) -> Result<(), Error> {
        Error::first_of(self.0).map_or(Ok(()), Err)
    }
}
