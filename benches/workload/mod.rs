//! The workloads that everything in this folder measures, defined once. `docs/performance.md` says the same in words, in
//! enough detail to build them again elsewhere; who changes one changes both.

use ripple_effect::organization::{Customer, Dependency, Description, Employee, Service};
use ripple_effect::{Distribution, Error, Organization};
use serde::Serialize;

/// Dependencies of every service outside the first layer.
pub(crate) const INPUTS: usize = 4;
const CUSTOMER: &str = "C";

/// What holds for a dependency, by its place among the inputs of its receiver.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Input {
    /// Hours from the provider's finish to the receiver's having it.
    pub(crate) handoff: Distribution,
    /// Probability that an error that comes in is caught.
    pub(crate) detection: f64,
    /// Hours that a caught error costs.
    pub(crate) rework: Distribution,
    /// Probability that an error that was not caught is passed on.
    pub(crate) transmission: f64,
}

/// A layered network of services that ends in one customer.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Workload {
    /// Services, in layers of `width`, one layer after the other.
    pub(crate) services: usize,
    /// Services in a layer; the last may have fewer.
    pub(crate) width: usize,
    /// Service i takes `durations[i % durations.len()]`.
    pub(crate) durations: Vec<Distribution>,
    /// Probability that a service makes an error of its own.
    pub(crate) error_rate: f64,
    /// What each service needs, in the order of `fields`; nothing in the first layer.
    pub(crate) inputs: Vec<Vec<usize>>,
    /// What holds for the inputs of a service, by place.
    pub(crate) fields: Vec<Input>,
    /// The services that serve the customer: those of the last layer, and those that no service needs.
    pub(crate) serving: Vec<usize>,
    /// What holds for the inputs of the customer.
    pub(crate) delivery: Input,
    /// Hours promised to the customer: about the mean wait, so that being on time is the toss of a coin.
    pub(crate) promise: f64,
}

/// SplitMix64 (Steele, Lea & Flood 2014).
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// So many distinct numbers below `bound`: a number that was drawn already is drawn again.
    fn distinct(&mut self, count: usize, bound: usize) -> Vec<usize> {
        let mut found = Vec::with_capacity(count);
        while found.len() < count {
            let next = (self.next() % bound as u64) as usize;
            if !found.contains(&next) {
                found.push(next);
            }
        }
        found
    }
}

impl Workload {
    /// All that the library is asked for every day: six kinds of distribution, errors, inspection and rework.
    pub(crate) fn mixed(services: usize) -> Self {
        let input = |handoff: Distribution, detection: f64, rework: Distribution| Input {
            handoff,
            detection,
            rework,
            transmission: 0.3,
        };
        let none = || Distribution::from(0.0);
        let rework = || Distribution::exponential(0.5);
        Self::layered(
            services,
            vec![
                Distribution::pert(0.5, 1.0, 4.0),
                Distribution::exponential(1.0),
                Distribution::lognormal(1.0, 0.5),
                Distribution::triangular(0.5, 1.0, 2.0),
                Distribution::gamma(2.0, 0.5),
                Distribution::uniform(0.5, 1.5),
            ],
            0.05,
            vec![
                input(Distribution::exponential(0.2), 0.7, rework()),
                input(none(), 0.0, none()),
                input(none(), 0.7, rework()),
                input(none(), 0.0, none()),
            ],
            Input { handoff: none(), detection: 0.0, rework: none(), transmission: 1.0 },
            promise(2.76, 3.8, 3.0, services),
        )
    }

    /// Times and nothing else: an hour of work, and an exponential hand-off on every edge.
    pub(crate) fn times_only(services: usize) -> Self {
        let input = || Input {
            handoff: Distribution::exponential(0.5),
            detection: 0.0,
            rework: Distribution::from(0.0),
            transmission: 1.0,
        };
        let fields = (0..INPUTS).map(|_| input()).collect();
        let promise = promise(2.7, 1.5, 1.0, services);
        Self::layered(services, vec![Distribution::from(1.0)], 0.0, fields, input(), promise)
    }

    fn layered(
        services: usize,
        durations: Vec<Distribution>,
        error_rate: f64,
        fields: Vec<Input>,
        delivery: Input,
        promise: f64,
    ) -> Self {
        let width = width(services);
        assert!(
            width >= INPUTS,
            "a layer of {width} services cannot give {INPUTS} distinct ones: use 8 services or more"
        );
        let mut random = SplitMix64(services as u64);
        let mut is_needed = vec![false; services];
        let mut inputs = vec![Vec::new(); width.min(services)];
        for service in width..services {
            let first_of_layer_before = (service / width - 1) * width;
            let providers: Vec<usize> =
                random.distinct(INPUTS, width).into_iter().map(|place| first_of_layer_before + place).collect();
            providers.iter().for_each(|&provider| is_needed[provider] = true);
            inputs.push(providers);
        }
        let serving = (0..services).filter(|&service| !is_needed[service]).collect();
        Self { services, width, durations, error_rate, inputs, fields, serving, delivery, promise }
    }

    /// Hours that a service takes.
    pub(crate) fn duration(&self, service: usize) -> &Distribution {
        &self.durations[service % self.durations.len()]
    }

    /// Services and dependencies: what a replication is counted in.
    pub(crate) fn units(&self) -> u64 {
        (self.services + self.dependencies()) as u64
    }

    /// Dependencies, those into the customer included.
    pub(crate) fn dependencies(&self) -> usize {
        self.inputs.iter().map(Vec::len).sum::<usize>() + self.serving.len()
    }

    /// The workload as the library knows it: each service has an employee of its own.
    pub(crate) fn organization(&self) -> Result<Organization, Error> {
        let name = |service: usize| format!("S{service}");
        let mut description = Description::new("workload");
        let errors = (self.error_rate > 0.0).then_some(self.error_rate);
        description.employees = (0..self.services)
            .map(|service| {
                let work = Service::new(self.duration(service).clone());
                let work = errors.map_or(work.clone(), |rate| work.error_rate(rate));
                Employee::new(name(service)).service(work)
            })
            .collect();
        description.customers.push(Customer::new(CUSTOMER).promise(self.promise));
        for (receiver, providers) in self.inputs.iter().enumerate() {
            for (&provider, fields) in providers.iter().zip(&self.fields) {
                description.dependencies.push(fields.dependency(name(provider), name(receiver)));
            }
        }
        for &provider in &self.serving {
            description.dependencies.push(self.delivery.dependency(name(provider), CUSTOMER.to_owned()));
        }
        Organization::new(description)
    }
}

impl Input {
    fn dependency(&self, provider: String, receiver: String) -> Dependency {
        let mut dependency = Dependency::new(provider, receiver);
        if self.handoff.mean() > 0.0 {
            dependency = dependency.handoff(self.handoff.clone());
        }
        if self.detection > 0.0 {
            dependency = dependency.inspected(self.detection, self.rework.clone());
        }
        dependency.transmission(self.transmission)
    }
}

/// Services in a layer: the square root of twice the services, rounded up.
fn width(services: usize) -> usize {
    let mut width = (2 * services).isqrt();
    while width * width < 2 * services {
        width += 1;
    }
    width
}

/// About the mean wait, in whole hundredths of an hour: each layer adds the latest of a few random times, later ones a
/// little more than early ones. The coefficients were fitted to measured means, from 5 to 224 layers.
fn promise(a_layer: f64, bend: f64, base: f64, services: usize) -> f64 {
    let layers = services.div_ceil(width(services)) as f64;
    ((a_layer * layers - bend * layers.ln() + base) * 100.0).round() / 100.0
}
