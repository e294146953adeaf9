//! Random organisations with every facet of the model, small enough to read when one fails.

use std::collections::{BTreeMap, HashMap, HashSet};

use proptest::collection::vec;
use proptest::option::{of, weighted as maybe};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use ripple_effect::organization::{
    Backup, Climate, Customer, Department, Dependency, Description, Employee, Kind, Learning, Recognition,
    Satisfaction, Service, Start, Turnover,
};
use ripple_effect::{Distribution, Organization, hours};

/// Not in the order of the alphabet, and not all in ASCII.
const PEOPLE: [&str; 8] = ["Zoë", "ana", "Ben", "Ça va", "Émile", "Dora", "Li 李", "Ana"];
const OFFERS: [&str; 3] = ["report", "advice", "Check"];
const DEPARTMENTS: [&str; 3] = ["Sales", "operations", "Back office"];
const CUSTOMERS: [&str; 3] = ["Walk-ins", "Accounts", "the public"];
const GROUPS: [&str; 2] = ["approvers", "helpers"];

/// A number of cases from one fixed seed, so that a test that passes passes again. `PROPTEST_CASES` and
/// `PROPTEST_RNG_SEED` look further.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { given.cases } else { cases },
        rng_seed: match given.rng_seed {
            RngSeed::Random => RngSeed::Fixed(7),
            fixed => fixed,
        },
        failure_persistence: None,
        ..given
    }
}

/// Organisations whose rounds can be run: nobody waits for anybody in a circle within one round.
pub(crate) fn organizations() -> impl Strategy<Value = Organization> {
    descriptions().prop_map(|description| {
        let written = Organization::new(description.clone())
            .unwrap_or_else(|error| panic!("{error}\n{}", serde_json_of(&description)));
        let (mended, _) = written.mend_cycles().expect("what was accepted can be mended");
        mended
    })
}

/// The same, every other one with a climate.
pub(crate) fn organizations_in_a_climate() -> impl Strategy<Value = Organization> {
    (organizations(), maybe(0.5, climate())).prop_map(|(organization, climate)| {
        let mut description = organization.description().clone();
        description.climate = climate;
        Organization::new(description).expect("a climate in its range")
    })
}

/// Climates in which everything happens often.
pub(crate) fn climate() -> impl Strategy<Value = Climate> {
    let share = || of(select(vec![0.0, 0.1, 0.5, 1.0]));
    let factor = || of(select(vec![0.5, 1.0, 2.5]));
    let learning = (select(vec![0.5, 1.0, 3.0]), factor(), factor());
    let turnover = (
        (select(vec![0.0, 0.1, 0.4, 1.0]), select(vec![0.0, 0.3, 1.0])),
        (of(select(vec![0.0, 1.0, 20.0])), factor(), share()),
        maybe(0.7, learning),
    );
    let recognition = (select(vec![0.0, 0.3, 1.0]), share(), share(), share());
    let morale = (share(), share(), share(), share(), share(), of(select(vec![0.0, 1.0, 5.0])));
    (morale, maybe(0.7, recognition), maybe(0.7, turnover)).prop_map(|(morale, recognition, turnover)| {
        let (set_point, recovery, frustration, overload, pace, errors) = morale;
        let mut climate = Climate::default();
        climate.set_point = set_point.map(Into::into);
        climate.recovery = recovery.map(Into::into);
        climate.frustration = frustration.map(Into::into);
        climate.overload = overload.map(Into::into);
        climate.pace = pace.map(Into::into);
        climate.errors = errors;
        climate.recognition = recognition.map(|(probability, lift, backfire, harm)| {
            let mut recognition = Recognition::new(probability);
            recognition.lift = lift.map(Into::into);
            recognition.backfire = backfire.map(Into::into);
            recognition.harm = harm.map(Into::into);
            recognition
        });
        climate.turnover = turnover.map(|((hazard, filled), (morale, cover, shared), learning)| {
            let mut turnover = Turnover::new(hazard, filled);
            turnover.morale = morale;
            turnover.cover = cover;
            turnover.shared = shared.map(Into::into);
            turnover.learning = learning.map(|(half_life, duration, errors)| {
                let mut learning = Learning::new(half_life);
                learning.duration = duration;
                learning.errors = errors;
                learning
            });
            turnover
        });
        climate
    })
}

fn serde_json_of(description: &Description) -> String {
    serde_json::to_string(description).unwrap_or_default()
}

/// Descriptions without problems of meaning; they may hold circles within one round.
pub(crate) fn descriptions() -> impl Strategy<Value = Description> {
    (
        vec(department(), 0..=3),
        vec(employee(), 2..=8),
        vec(customer(), 1..=3),
        vec(dependency(), 0..=24),
        maybe(0.5, select(vec![Start::Ready, Start::Planned])),
        cadence(),
        of(1u32..=6),
        any::<bool>(),
    )
        .prop_map(|(departments, employees, customers, dependencies, start, cadence, rounds, acyclic)| {
            let mut description = Description::new("Random");
            description.start = start;
            description.cadence = cadence;
            description.rounds = rounds;
            for (number, (pace, id)) in departments.into_iter().enumerate() {
                let mut department = Department::new(DEPARTMENTS[number]);
                department.pace = pace;
                department.id = id.then(|| format!("d{}", 9 - number));
                description.departments.push(department);
            }
            employees_into(&mut description, employees);
            dependencies_into(&mut description, &customers, dependencies, acyclic);
            customers_into(&mut description, customers);
            description
        })
}

fn time() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => select(vec![0.0, 0.5, 1.0, 1.0, 2.0, 3.0]),
        1 => select(vec![0.1, 0.7, 1.0 / 3.0, 1e-9, 40.0]),
    ]
}

/// Hours: ties are common, so that every rule for ties is met.
fn time_distribution() -> impl Strategy<Value = Distribution> {
    prop_oneof![
        6 => time().prop_map(Distribution::from),
        6 => vec(time(), 1..4).prop_map(Distribution::empirical),
        2 => vec((time(), 0u32..4), 1..4).prop_map(|pairs| {
            let weights: Vec<f64> = pairs.iter().map(|(_, weight)| f64::from(*weight)).collect();
            let weights = if weights.iter().sum::<f64>() > 0.0 { weights } else { vec![1.0; pairs.len()] };
            Distribution::weighted(pairs.iter().map(|(value, _)| *value).collect::<Vec<_>>(), weights)
        }),
        3 => select(vec![
            Distribution::uniform(0.5, 2.0),
            Distribution::triangular(0.0, 1.0, 3.0),
            Distribution::pert(0.5, 1.0, 4.0),
            Distribution::exponential(1.0),
            Distribution::lognormal(2.0, 1.0),
            Distribution::normal(1.0, 1.0),
            Distribution::shifted(0.5, Distribution::exponential(0.5)),
            Distribution::mixture([(0.7, Distribution::from(1.0)), (0.3, Distribution::uniform(2.0, 4.0))]),
        ]),
    ]
}

fn pace() -> impl Strategy<Value = Distribution> {
    select(vec![
        Distribution::from(1.5),
        Distribution::from(0.7),
        Distribution::empirical([0.5, 1.0, 2.0]),
        Distribution::empirical([0.9, 1.1]),
        Distribution::uniform(0.8, 1.3),
    ])
}

fn workmanship() -> impl Strategy<Value = Distribution> {
    select(vec![
        Distribution::from(0.9),
        Distribution::from(0.0),
        Distribution::empirical([0.3, 0.75, 1.0]),
        Distribution::uniform(0.5, 1.0),
        Distribution::beta(4.0, 2.0, 0.0, 1.0),
    ])
}

fn probability() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 1 => Just(1.0), 4 => select(vec![0.1, 0.3, 0.5, 0.8])]
}

fn cadence() -> impl Strategy<Value = Option<Distribution>> {
    prop_oneof![
        Just(None),
        select(vec![0.0, 1.0, 4.0, 0.1, 8.0]).prop_map(|value| Some(Distribution::from(value))),
        time_distribution().prop_map(Some),
    ]
}

fn department() -> impl Strategy<Value = (Option<Distribution>, bool)> {
    (maybe(0.5, pace()), any::<bool>())
}

#[derive(Debug, Clone)]
struct EmployeeGene {
    services: Vec<ServiceGene>,
    named: bool,
    department: Option<Index>,
    capacity: Option<u32>,
    pace: Option<Distribution>,
    absence: Option<f64>,
    id: bool,
}

fn employee() -> impl Strategy<Value = EmployeeGene> {
    (
        prop_oneof![1 => vec(service(), 0..=0), 5 => vec(service(), 1..=1), 4 => vec(service(), 2..=3)],
        any::<bool>(),
        maybe(0.7, any::<Index>()),
        maybe(0.4, 1u32..=3),
        maybe(0.3, pace()),
        maybe(0.4, select(vec![0.0, 0.2, 0.5])),
        maybe(0.3, Just(())),
    )
        .prop_map(|(services, named, department, capacity, pace, absence, id)| EmployeeGene {
            services,
            named,
            department,
            capacity,
            pace,
            absence,
            id: id.is_some(),
        })
}

#[derive(Debug, Clone)]
struct ServiceGene {
    duration: Distribution,
    standard: Option<f64>,
    buffer: Option<f64>,
    error_rate: Option<f64>,
    rush: Option<f64>,
    workmanship: Option<Distribution>,
    backup: Option<(Index, Option<Distribution>, Option<f64>)>,
    id: bool,
}

fn service() -> impl Strategy<Value = ServiceGene> {
    (
        time_distribution(),
        maybe(0.4, time()),
        maybe(0.3, time()),
        maybe(0.6, probability()),
        maybe(0.3, probability()),
        maybe(0.4, workmanship()),
        maybe(0.5, (any::<Index>(), maybe(0.5, pace()), maybe(0.3, probability()))),
        maybe(0.2, Just(())),
    )
        .prop_map(|(duration, standard, buffer, error_rate, rush, workmanship, backup, id)| ServiceGene {
            duration,
            standard,
            buffer,
            error_rate,
            rush,
            workmanship,
            backup,
            id: id.is_some(),
        })
}

fn employees_into(description: &mut Description, genes: Vec<EmployeeGene>) {
    let count = genes.len();
    for (number, gene) in genes.into_iter().enumerate() {
        let mut employee = Employee::new(PEOPLE[number]);
        employee.id = gene.id.then(|| format!("p{}", 9 - number));
        employee.capacity = gene.capacity;
        employee.pace = gene.pace;
        employee.absence = gene.absence.map(Into::into);
        if !description.departments.is_empty() {
            let department = gene.department.map(|index| index.get(&description.departments).name.clone());
            employee.department = department;
        }
        let single = gene.services.len() == 1;
        for (place, written) in gene.services.into_iter().enumerate() {
            let mut service = Service::new(written.duration);
            service.name = (gene.named || !single).then(|| OFFERS[place].to_owned());
            service.id = written.id.then(|| format!("s{}", 99 - 10 * number - place));
            service.standard = written.standard.map(hours);
            service.buffer = written.buffer.map(hours);
            service.error_rate = written.error_rate.map(Into::into);
            service.rush = written.rush.map(Into::into);
            service.workmanship = written.workmanship;
            service.backup = written.backup.map(|(colleague, pace, error_rate)| {
                let colleague = (number + 1 + colleague.index(count - 1)) % count;
                let mut backup = Backup::new(PEOPLE[colleague]);
                backup.pace = pace;
                backup.error_rate = error_rate.map(Into::into);
                backup
            });
            employee.services.push(service);
        }
        description.employees.push(employee);
    }
    if description.employees.iter().all(|employee| employee.services.is_empty()) {
        description.employees[0].services.push(Service::new(1.0));
    }
}

#[derive(Debug, Clone)]
struct CustomerGene {
    serves: DependencyGene,
    promise: Option<f64>,
    perfect_quality: Option<f64>,
    satisfaction: Option<(Option<f64>, Option<f64>)>,
    journey: Vec<Index>,
    id: bool,
}

fn customer() -> impl Strategy<Value = CustomerGene> {
    (
        dependency(),
        maybe(0.6, time().prop_map(|time| 3.0 * time)),
        maybe(0.5, probability()),
        maybe(0.5, (of(probability()), of(probability()))),
        vec(any::<Index>(), 0..3),
        maybe(0.3, Just(())),
    )
        .prop_map(|(serves, promise, perfect_quality, satisfaction, journey, id)| CustomerGene {
            serves,
            promise,
            perfect_quality,
            satisfaction,
            journey,
            id: id.is_some(),
        })
}

/// Last of all: a journey leads through what lies upstream.
fn customers_into(description: &mut Description, genes: Vec<CustomerGene>) {
    for (number, gene) in genes.into_iter().enumerate() {
        let mut customer = Customer::new(CUSTOMERS[number]);
        customer.id = gene.id.then(|| format!("c{}", 9 - number));
        customer.value = Some(100.0);
        customer.promise = gene.promise.map(hours);
        customer.perfect_quality = gene.perfect_quality.map(Into::into);
        customer.satisfaction = gene.satisfaction.map(|(error, lateness)| {
            let mut curve = Satisfaction::default();
            curve.error = error.map(Into::into);
            curve.lateness = lateness.map(Into::into);
            curve
        });
        let upstream = upstream_of(description, CUSTOMERS[number]);
        let journey: Vec<String> = gene.journey.iter().map(|index| index.get(&upstream).clone()).collect();
        customer.journey = (!journey.is_empty()).then_some(journey);
        description.customers.push(customer);
    }
}

/// The services on which a customer depends in the end, as dependencies write them.
fn upstream_of(description: &Description, customer: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    let mut at = vec![customer.to_owned()];
    while let Some(receiver) = at.pop() {
        for dependency in &description.dependencies {
            let is_needed = dependency.needed.is_none_or(|needed| needed.get() > 0.0);
            if is_needed && dependency.receiver == receiver && seen.insert(dependency.provider.clone()) {
                found.push(dependency.provider.clone());
                at.push(dependency.provider.clone());
            }
        }
    }
    found
}

#[derive(Debug, Clone)]
struct DependencyGene {
    provider: Index,
    receiver: Index,
    kind: u8,
    count: Index,
    needed: Option<f64>,
    lag: Option<u32>,
    promise: Option<f64>,
    handoff: Option<Distribution>,
    standard: Option<f64>,
    silence: Option<(f64, Distribution)>,
    detection: Option<f64>,
    rework: Option<Distribution>,
    transmission: Option<f64>,
    strength: Option<f64>,
    criticality: Option<f64>,
    id: bool,
}

fn dependency() -> impl Strategy<Value = DependencyGene> {
    let ends = (any::<Index>(), any::<Index>(), 0u8..8, any::<Index>(), maybe(0.2, Just(())));
    let when = (maybe(0.3, probability()), maybe(0.3, 0u32..=3));
    let times = (
        maybe(0.2, time()),
        maybe(0.5, time_distribution()),
        maybe(0.2, time()),
        maybe(0.3, (probability(), time_distribution())),
        maybe(0.5, time_distribution()),
    );
    let faults = (maybe(0.5, probability()), maybe(0.4, probability()));
    let qualities = (maybe(0.5, probability()), maybe(0.4, probability()));
    (ends, when, times, faults, qualities).prop_map(
        |(
            (provider, receiver, kind, count, id),
            (needed, lag),
            (promise, handoff, standard, silence, rework),
            (detection, transmission),
            (strength, criticality),
        )| DependencyGene {
            provider,
            receiver,
            kind,
            count,
            needed,
            lag,
            promise,
            handoff,
            standard,
            silence,
            detection,
            rework,
            transmission,
            strength,
            criticality,
            id: id.is_some(),
        },
    )
}

/// With `acyclic`, lag-0 dependencies follow the order of the file; otherwise circles are left to be mended.
fn dependencies_into(
    description: &mut Description,
    customers: &[CustomerGene],
    genes: Vec<DependencyGene>,
    acyclic: bool,
) {
    let services: Vec<String> = description
        .employees
        .iter()
        .flat_map(|employee| {
            employee.services.iter().map(|service| match &service.name {
                // One service may be called by the employee's name alone, even where it has a name.
                Some(_) if employee.services.len() == 1 && employee.id.is_some() => employee.name.clone(),
                Some(name) => format!("{}/{name}", employee.name),
                None => employee.name.clone(),
            })
        })
        .collect();
    let mut ends: Vec<(usize, usize, DependencyGene)> = Vec::new();
    for (number, customer) in customers.iter().enumerate() {
        let mut gene = customer.serves.clone();
        gene.needed = gene.needed.filter(|needed| *needed > 0.0);
        ends.push((gene.provider.index(services.len()), services.len() + number, gene));
    }
    for mut gene in genes {
        let mut from = gene.provider.index(services.len());
        let mut to = gene.receiver.index(services.len() + customers.len());
        if to == from {
            gene.lag = Some(gene.lag.unwrap_or(0).max(1));
        } else if acyclic && to < from && gene.lag.unwrap_or(0) == 0 {
            (from, to) = (to, from);
        }
        ends.push((from, to, gene));
    }
    // Parallel dependencies carry ids; the members of a group agree on its count.
    let mut pairs: HashSet<(usize, usize)> = HashSet::new();
    let mut groups: BTreeMap<(usize, u8), (usize, Index)> = BTreeMap::new();
    for (_, to, gene) in &ends {
        if gene.kind < 4 {
            groups.entry((*to, gene.kind % 2)).or_insert((0, gene.count)).0 += 1;
        }
    }
    let counts: HashMap<(usize, u8), u32> =
        groups.into_iter().map(|(key, (size, count))| (key, 1 + count.index(size) as u32)).collect();
    for (number, (from, to, gene)) in ends.into_iter().enumerate() {
        let receiver = services.get(to).map_or_else(|| CUSTOMERS[to - services.len()].to_owned(), Clone::clone);
        let mut dependency = Dependency::new(services[from].clone(), receiver);
        let is_first = pairs.insert((from, to));
        dependency.id = (gene.id || !is_first).then(|| format!("e{}", 99 - number));
        dependency.kind = match gene.kind {
            0..4 => {
                let group = gene.kind % 2;
                Some(Kind::Any { group: GROUPS[group as usize].to_owned(), count: counts[&(to, group)] })
            }
            4 => Some(Kind::Helpful),
            5 => Some(Kind::Required),
            _ => None,
        };
        dependency.needed = gene.needed.map(Into::into);
        dependency.lag = gene.lag;
        dependency.promise = gene.promise.map(hours);
        dependency.handoff = gene.handoff;
        dependency.standard = gene.standard.map(hours);
        if let Some((probability, chase)) = gene.silence {
            dependency = dependency.silent(probability, chase);
        }
        dependency.detection = gene.detection.map(Into::into);
        dependency.rework = gene.rework;
        dependency.transmission = gene.transmission.map(Into::into);
        dependency.strength = gene.strength.map(Into::into);
        dependency.criticality = gene.criticality.map(Into::into);
        description.dependencies.push(dependency);
    }
}
