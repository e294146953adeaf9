//! From an organisation to a plan: total order, planned offsets, promises, samplers.

use std::collections::{BTreeMap, HashMap};
use std::mem::{Discriminant, discriminant};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::climate::PlannedClimate;
use super::disturbance::Disturbances;
use super::{
    Group, Plan, PlannedBackup, PlannedCustomer, PlannedDepartment, PlannedDependency, PlannedEmployee, PlannedKind,
    PlannedService, SatisfactionCurve, To,
};
use crate::distribution::Tables;
use crate::grid;
use crate::organization::resolve::{Receiver, Resolved, ServiceAt};
use crate::organization::{Dependency, Description, Kind, cycles};
use crate::streams::Chance;
use crate::threads;
use crate::{Distribution, Error, ErrorKind, Hours, Organization, Probability, Sampler};

const DEFAULT_PERFECT_QUALITY: f64 = 0.8;
const DEFAULT_SATISFACTION: SatisfactionCurve = SatisfactionCurve { error: 0.5, lateness: 1.0 };
const ROUNDS_WITH_LAG: u32 = 12;

pub(super) fn compile(organization: &Organization, tables: &mut Tables) -> Result<Plan, Error> {
    let (description, resolved) = (organization.description(), organization.resolved());
    let standards = Standards::of(description, resolved);
    // The shortest circle is looked for only where there is one.
    let Some(order) = total_order(description, resolved, &standards) else {
        return Err(cycles::error(description, resolved).unwrap_or_else(|| {
            let allowed = "circles only where some dependency has a lag of 1 round or more";
            let mend = "`Organization::mend_cycles` or `ripple mend MODEL` mends the whole model.";
            Error::new(
                ErrorKind::Cycle,
                "dependencies",
                "people who wait for each other within one round",
                allowed,
                mend,
            )
        }));
    };
    let order = super::order::as_written(description, resolved, order);
    let mut plan = things(organization, &standards, &order, tables)?;
    offsets(&mut plan, &standards)?;
    promises(&mut plan);
    pace_of_rounds(&mut plan);
    plan.climate = description.climate.as_ref().map(|climate| PlannedClimate::of(climate, &plan));
    Ok(plan)
}

fn grid_hours(hours: Option<Hours>) -> f64 {
    hours.map_or(0.0, |hours| grid::round(hours.get()))
}

fn probability(value: Option<Probability>, default: f64) -> f64 {
    value.map_or(default, Probability::get)
}

/// Hours promised for work and hand-offs, on the grid, in the order of the file.
struct Standards {
    services: Vec<f64>,
    buffers: Vec<f64>,
    handoffs: Vec<f64>,
}

impl Standards {
    fn of(description: &Description, resolved: &Resolved) -> Self {
        let standard = |written: Option<Hours>, of: Option<&Distribution>| {
            grid::round(written.map_or_else(|| of.map_or(0.0, Distribution::raw_mean), Hours::get))
        };
        let service = |at: &ServiceAt| &description.employees[at.employee].services[at.service];
        let of_service = |at: &ServiceAt| standard(service(at).standard, Some(&service(at).duration));
        let buffer = |at: &ServiceAt| {
            let default = resolved.defaults(description, at).and_then(|defaults| defaults.buffer);
            grid_hours(service(at).buffer.or(default))
        };
        let handoff = |dependency: &Dependency| standard(dependency.standard, dependency.handoff.as_ref());
        Self {
            services: threads::collect(resolved.services.par_iter().map(of_service)),
            buffers: threads::collect(resolved.services.par_iter().map(buffer)),
            handoffs: threads::collect(description.dependencies.par_iter().map(handoff)),
        }
    }
}

/// All services, ascending in (length of the longest path of standards, hand-offs and buffers to their start; depth in
/// edges; id), over all dependencies within a round; `None` if there is a circle among them.
fn total_order(description: &Description, resolved: &Resolved, standards: &Standards) -> Option<Vec<usize>> {
    let count = resolved.services.len();
    let edges = 0..resolved.dependencies.len();
    let within = threads::collect(edges.into_par_iter().map(|edge| resolved.is_within(description, edge)));
    // Who waits, and for how long the hand-off takes; together, and so what is known of a service: networks are larger than caches.
    let receivers = Grouped::new(count, within.len(), |edge| match resolved.dependencies[edge] {
        (provider, Receiver::Service(receiver)) if within[edge] => {
            Some((provider, (receiver, standards.handoffs[edge])))
        }
        _ => None,
    });
    let mut paths: Vec<Path> =
        standards.buffers.iter().map(|&buffer| Path { length: buffer, buffer, waits_for: 0, depth: 0 }).collect();
    for &(receiver, _) in &receivers.items {
        paths[receiver].waits_for += 1;
    }
    let mut ready: Vec<usize> = (0..count).filter(|&service| paths[service].waits_for == 0).collect();
    let mut done = 0;
    while let Some(service) = ready.pop() {
        done += 1;
        let (end, depth) = (paths[service].length + standards.services[service], paths[service].depth + 1);
        for &(receiver, handoff) in receivers.of(service) {
            let path = &mut paths[receiver];
            path.length = grid::later(path.length, end + handoff + path.buffer);
            path.depth = path.depth.max(depth);
            path.waits_for -= 1;
            if path.waits_for == 0 {
                ready.push(receiver);
            }
        }
    }
    if done < count {
        return None;
    }
    let id = |service: usize| resolved.services[service].id.as_str();
    let key = |service: usize| (paths[service].length, paths[service].depth, head(id(service)), service);
    let mut order: Vec<(f64, u32, u64, usize)> = threads::collect((0..count).into_par_iter().map(key));
    order.par_sort_unstable_by(|a, b| {
        a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)).then_with(|| id(a.3).cmp(id(b.3)))
    });
    Some(order.into_iter().map(|(.., service)| service).collect())
}

/// The longest path to the start of a service, as far as it is known.
#[derive(Debug, Clone, Copy)]
struct Path {
    length: f64,
    buffer: f64,
    /// Inputs whose providers' paths are not known yet.
    waits_for: u32,
    depth: u32,
}

/// The first eight bytes of a text, which mostly decide an order without a look at the text itself.
fn head(text: &str) -> u64 {
    text.bytes().chain(std::iter::repeat(0)).take(8).fold(0, |head, byte| head << 8 | u64::from(byte))
}

/// Items by the group to which they belong, in the order in which they came, without a list for each group.
struct Grouped<T> {
    starts: Vec<usize>,
    items: Vec<T>,
}

impl<T: Copy + Default> Grouped<T> {
    /// Of the items that `item` gives for `0..count`, each with its group.
    fn new(groups: usize, count: usize, item: impl Fn(usize) -> Option<(usize, T)>) -> Self {
        let mut starts = vec![0; groups + 1];
        for (group, _) in (0..count).filter_map(&item) {
            starts[group + 1] += 1;
        }
        for group in 0..groups {
            starts[group + 1] += starts[group];
        }
        let mut next = starts.clone();
        let mut items = vec![T::default(); starts[groups]];
        for (group, item) in (0..count).filter_map(&item) {
            items[next[group]] = item;
            next[group] += 1;
        }
        Self { starts, items }
    }

    fn of(&self, group: usize) -> &[T] {
        &self.items[self.starts[group]..self.starts[group + 1]]
    }

    fn groups(&mut self) -> Vec<&mut [T]> {
        let mut rest = self.items.as_mut_slice();
        self.starts.windows(2).map(|ends| rest.split_off_mut(..ends[1] - ends[0]).unwrap_or_default()).collect()
    }
}

/// Positions sorted by id, and for each thing of the file its place in that sorting.
fn by_id(ids: &[String]) -> (Vec<usize>, Vec<usize>) {
    let mut keyed = threads::collect(ids.par_iter().enumerate().map(|(at, id)| (head(id), at)));
    keyed.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| ids[a.1].cmp(&ids[b.1])));
    let sorted: Vec<usize> = keyed.into_iter().map(|(_, at)| at).collect();
    let mut place = vec![0; ids.len()];
    for (position, &at) in sorted.iter().enumerate() {
        place[at] = position;
    }
    (sorted, place)
}

/// Compiles distributions, and keeps them by family and mean: many are alike. Each piece of the work that a thread takes has its own,
/// so that threads do not count the users of one sampler against each other; tables are shared.
struct Samplers<'t> {
    tables: &'t Mutex<&'t mut Tables>,
    kept: HashMap<(Discriminant<Distribution>, u64), (Distribution, Sampler)>,
}

impl<'t> Samplers<'t> {
    /// So many are kept at most.
    const ROOM: usize = 1024;

    fn new(tables: &'t Mutex<&'t mut Tables>) -> Self {
        Self { tables, kept: HashMap::new() }
    }

    /// Distributions of an organisation were checked with it.
    fn of(&mut self, of: Option<&Distribution>, otherwise: f64) -> Sampler {
        let Some(of) = of else { return Sampler::always(otherwise) };
        if let Some(constant) = of.as_constant() {
            return Sampler::always(constant);
        }
        let compiled = || Sampler::of_valid(of, &mut self.tables.lock().unwrap_or_else(PoisonError::into_inner));
        // Empirical values are long to compare.
        if matches!(of, Distribution::Empirical { .. } | Distribution::Mixture(_)) {
            return compiled();
        }
        let key = (discriminant(of), of.raw_mean().to_bits());
        match self.kept.get(&key) {
            Some((kept, sampler)) if kept == of => return sampler.clone(),
            None if self.kept.len() == Self::ROOM => self.kept.clear(),
            _ => {}
        }
        let sampler = compiled();
        self.kept.insert(key, (of.clone(), sampler.clone()));
        sampler
    }
}

/// Everything but planned times.
fn things(
    organization: &Organization,
    standards: &Standards,
    order: &[usize],
    tables: &mut Tables,
) -> Result<Plan, Error> {
    let (description, resolved) = (organization.description(), organization.resolved());
    let tables = Mutex::new(tables);
    let new = || Samplers::new(&tables);
    let mut samplers = new();
    let (department_order, department_place) = by_id(&resolved.department_ids);
    let (employee_order, employee_place) = by_id(&resolved.employee_ids);
    let (customer_order, customer_place) = by_id(&resolved.customer_ids);
    let mut service_place = vec![0; order.len()];
    for (place, &service) in order.iter().enumerate() {
        service_place[service] = place;
    }

    let mut departments = Vec::with_capacity(department_order.len());
    for at in department_order {
        departments.push(PlannedDepartment { at, pace: samplers.of(description.departments[at].pace.as_ref(), 1.0) });
    }
    let employee = |samplers: &mut Samplers<'_>, at: usize| {
        let employee = &description.employees[at];
        PlannedEmployee {
            at,
            department: resolved.employee_departments[at].map(|department| department_place[department]),
            capacity: employee.capacity.unwrap_or(1) as usize,
            planned_capacity: employee.planned_capacity.or(employee.capacity).unwrap_or(1) as usize,
            pace: samplers.of(employee.pace.as_ref(), 1.0),
            absence: Chance::new(probability(employee.absence, 0.0)),
        }
    };
    let employees = threads::collect(employee_order.into_par_iter().map_init(new, employee));

    let place_of = |receiver: Receiver| match receiver {
        Receiver::Service(service) => To::Service(service_place[service]),
        Receiver::Customer(customer) => To::Customer(customer_place[customer]),
    };
    let rank_of = |receiver: Receiver| match place_of(receiver) {
        To::Service(service) => service,
        To::Customer(customer) => order.len() + customer,
    };
    let receivers = order.len() + customer_order.len();
    let mut edges = Grouped::new(receivers, resolved.dependencies.len(), |edge| {
        Some((rank_of(resolved.dependencies[edge].1), edge))
    });
    let id_of = |edge: usize| resolved.dependency_ids[edge].as_str();
    let sort = |inputs: &mut [usize]| inputs.sort_unstable_by(|&a, &b| id_of(a).cmp(id_of(b)));
    threads::run(resolved.dependencies.len(), edges.groups().into_par_iter().map(sort));
    let dependency = |samplers: &mut Samplers<'_>, at: usize| {
        let dependency = &description.dependencies[at];
        let (provider, receiver) = resolved.dependencies[at];
        let into_customer = matches!(receiver, Receiver::Customer(_));
        let detection = probability(dependency.detection, 0.0);
        let transmission = probability(dependency.transmission, 1.0);
        let caught = Chance::new(detection);
        let silence = dependency.silence.as_ref();
        PlannedDependency {
            at,
            provider: service_place[provider],
            receiver: place_of(receiver),
            kind: match &dependency.kind {
                None | Some(Kind::Required) => PlannedKind::Required,
                Some(Kind::Helpful) => PlannedKind::Helpful,
                Some(Kind::Any { .. }) => PlannedKind::Any,
            },
            needed: Chance::new(probability(dependency.needed, 1.0)),
            lag: dependency.lag.unwrap_or(0) as usize,
            handoff: samplers.of(dependency.handoff.as_ref(), 0.0),
            silence: silence
                .map(|silence| (Chance::new(silence.probability.get()), samplers.of(Some(&silence.chase), 0.0))),
            detection: caught,
            rework: samplers.of(dependency.rework.as_ref(), 0.0),
            passed_on: caught.beside((1.0 - detection) * transmission),
            strength: probability(dependency.strength, if into_customer { 1.0 } else { 0.0 }),
            criticality: probability(dependency.criticality, 1.0),
            arrival: standards.handoffs[at],
            promise: 0.0,
            matters: resolved.receiver_matters(at),
        }
    };
    let dependencies = threads::collect(edges.items.into_par_iter().map_init(new, dependency));
    let inputs = Inputs::of(&dependencies, description, order.len(), customer_order.len());

    let service = |samplers: &mut Samplers<'_>, (place, &at): (usize, &usize)| {
        let of = &resolved.services[at];
        let service = &description.employees[of.employee].services[of.service];
        let defaults = resolved.defaults(description, of);
        let error_rate = probability(service.error_rate.or(defaults.and_then(|defaults| defaults.error_rate)), 0.0);
        let workmanship = service.workmanship.as_ref().or(defaults.and_then(|defaults| defaults.workmanship.as_ref()));
        let backup = service.backup.as_ref().zip(of.backup).map(|(backup, colleague)| PlannedBackup {
            employee: employee_place[colleague],
            pace: samplers.of(backup.pace.as_ref(), 1.0),
            error_rate: probability(backup.error_rate, error_rate),
        });
        PlannedService {
            at,
            employee: employee_place[of.employee],
            duration: samplers.of(Some(&service.duration), 0.0),
            workmanship: samplers.of(workmanship, 1.0),
            error_rate,
            rush: probability(service.rush.or(defaults.and_then(|defaults| defaults.rush)), 0.0),
            backup,
            inputs: inputs.ranges[place].clone(),
            groups: inputs.groups[place].clone(),
            matters: of.matters,
            ready: 0.0,
            start: standards.buffers[at],
            finish: 0.0,
        }
    };
    let services = threads::collect(order.par_iter().enumerate().map_init(new, service));
    let mut customers = Vec::with_capacity(customer_order.len());
    for (place, at) in customer_order.into_iter().enumerate() {
        let customer = &description.customers[at];
        let curve = customer.satisfaction.as_ref();
        customers.push(PlannedCustomer {
            at,
            inputs: inputs.ranges[order.len() + place].clone(),
            groups: inputs.groups[order.len() + place].clone(),
            ready: 0.0,
            promise: 0.0,
            value: customer.value.unwrap_or(0.0),
            perfect_quality: probability(customer.perfect_quality, DEFAULT_PERFECT_QUALITY),
            satisfaction: SatisfactionCurve {
                error: probability(curve.and_then(|curve| curve.error), DEFAULT_SATISFACTION.error),
                lateness: probability(curve.and_then(|curve| curve.lateness), DEFAULT_SATISFACTION.lateness),
            },
            journey: resolved.journeys[at].iter().map(|&service| service_place[service]).collect(),
        });
    }

    let lagged =
        |dependency: &PlannedDependency| dependency.lag > 0 && !dependency.needed.is_never() && dependency.matters;
    let default_rounds = if dependencies.iter().any(lagged) { ROUNDS_WITH_LAG } else { 1 };
    let rounds = description.rounds.unwrap_or(default_rounds);
    let warmup = description.warmup.unwrap_or(0);
    if warmup >= rounds {
        return Err(Error::new(
            ErrorKind::Range,
            "warmup",
            format!("{warmup} of {rounds} rounds"),
            "fewer warm-up rounds than rounds",
            "Add \"rounds\", or warm up for fewer.",
        ));
    }
    Ok(Plan {
        organization: organization.clone(),
        longest_lag: dependencies.iter().map(|dependency| dependency.lag).max().unwrap_or(0),
        departments,
        employees,
        services,
        dependencies,
        customers,
        start: description.start.unwrap_or_default(),
        cadence: samplers.of(description.cadence.as_ref(), 0.0),
        cadence_mean: description.cadence.as_ref().map_or(0.0, |cadence| match cadence.as_constant() {
            Some(constant) => grid::round(constant),
            None => cadence.mean(),
        }),
        rounds,
        warmup,
        disturbances: Disturbances::default(),
        climate: None,
    })
}

/// For each receiver (services in the total order, then customers), its inputs and its groups.
struct Inputs {
    ranges: Vec<std::ops::Range<usize>>,
    groups: Vec<Vec<Group>>,
}

impl Inputs {
    fn of(dependencies: &[PlannedDependency], description: &Description, services: usize, customers: usize) -> Self {
        let mut ranges = vec![0..0; services + customers];
        let mut groups = vec![Vec::new(); services + customers];
        let mut from = 0;
        for receiver in 0..services + customers {
            let rank = |dependency: &PlannedDependency| match dependency.receiver {
                To::Service(service) => service,
                To::Customer(customer) => services + customer,
            };
            let to = from + dependencies[from..].iter().take_while(|d| rank(d) == receiver).count();
            let mut named: BTreeMap<&str, Group> = BTreeMap::new();
            for (offset, dependency) in dependencies[from..to].iter().enumerate() {
                if dependency.kind == PlannedKind::Any
                    && let Some(Kind::Any { group, count }) = &description.dependencies[dependency.at].kind
                {
                    let new = || Group { count: *count as usize, members: Vec::new() };
                    named.entry(group).or_insert_with(new).members.push(from + offset);
                }
            }
            groups[receiver] = named.into_values().collect();
            ranges[receiver] = from..to;
            from = to;
        }
        Self { ranges, groups }
    }
}

/// The planned times: inputs of the round itself, every server free at release, all needed, standards for work and
/// hand-offs, groups by planned arrival. Before it, starts are buffers, and arrivals the hours of hand-offs.
fn offsets(plan: &mut Plan, standards: &Standards) -> Result<(), Error> {
    let mut servers: Vec<Vec<f64>> =
        plan.employees.iter().map(|employee| vec![0.0; employee.planned_capacity]).collect();
    for index in 0..plan.services.len() {
        let buffer = plan.services[index].start;
        let services = &plan.services;
        let arrival = |dependency: &PlannedDependency| services[dependency.provider].finish + dependency.arrival;
        let service = &services[index];
        let ready = planned_ready(&plan.dependencies, service.inputs.clone(), &service.groups, arrival);
        let service = &mut plan.services[index];
        let server = earliest(&mut servers[service.employee]);
        service.ready = ready;
        service.start = grid::later(ready, *server) + buffer;
        service.finish = service.start + standards.services[service.at];
        *server = service.finish;
        if service.finish > grid::MAX_TIME {
            return Err(too_long("employees", service.finish));
        }
    }
    let services = &plan.services;
    let add = |dependency: &mut PlannedDependency| dependency.arrival += services[dependency.provider].finish;
    threads::run(plan.dependencies.len(), plan.dependencies.par_iter_mut().map(add));
    if let Some(late) = plan.dependencies.iter().find(|dependency| dependency.arrival > grid::MAX_TIME) {
        return Err(too_long("dependencies", late.arrival));
    }
    let arrival = |dependency: &PlannedDependency| dependency.arrival;
    for customer in &mut plan.customers {
        customer.ready = planned_ready(&plan.dependencies, customer.inputs.clone(), &customer.groups, arrival);
    }
    Ok(())
}

/// The server that is free earliest, the lowest of equals.
pub(crate) fn earliest(servers: &mut [f64]) -> &mut f64 {
    let mut best = 0;
    for server in 1..servers.len() {
        if servers[server] < servers[best] {
            best = server;
        }
    }
    &mut servers[best]
}

/// When what is needed of a round itself is there, by planned arrivals.
fn planned_ready(
    dependencies: &[PlannedDependency],
    inputs: std::ops::Range<usize>,
    groups: &[Group],
    arrival: impl Fn(&PlannedDependency) -> f64,
) -> f64 {
    let is_ever = |dependency: &&PlannedDependency| !dependency.needed.is_never();
    let mut ready = 0.0;
    for dependency in dependencies[inputs].iter().filter(is_ever) {
        if dependency.kind == PlannedKind::Required && dependency.lag == 0 {
            ready = grid::later(ready, arrival(dependency));
        }
    }
    for group in groups {
        // A member of an earlier round is there already.
        let members = group.members.iter().map(|&member| &dependencies[member]).filter(is_ever);
        let (now, earlier): (Vec<_>, Vec<_>) = members.partition(|dependency| dependency.lag == 0);
        let mut arrivals: Vec<f64> = now.into_iter().map(&arrival).collect();
        arrivals.sort_by(f64::total_cmp);
        let waited_for = group.count.saturating_sub(earlier.len()).min(arrivals.len());
        if waited_for > 0 {
            ready = grid::later(ready, arrivals[waited_for - 1]);
        }
    }
    ready
}

fn too_long(path: &str, hours: f64) -> Error {
    Error::new(
        ErrorKind::Range,
        path,
        format!("work planned to end {hours} hours after its release"),
        format!("planned times up to 2^23 = {} hours", grid::MAX_TIME),
        "Shorten the standards or the chain.",
    )
}

fn promises(plan: &mut Plan) {
    let description = plan.organization.description();
    let services = &plan.services;
    threads::run(
        plan.dependencies.len(),
        plan.dependencies.par_iter_mut().map(|dependency| {
            let planned = dependency.arrival - services[dependency.provider].ready;
            let promise = description.dependencies[dependency.at].promise;
            dependency.promise = promise.map_or(planned, |promise| grid::round(promise.get()));
        }),
    );
    for customer in &mut plan.customers {
        let promise = description.customers[customer.at].promise;
        customer.promise = promise.map_or(customer.ready, |promise| grid::round(promise.get()));
    }
}

/// The cadence, by default the longest planned wait of a customer.
fn pace_of_rounds(plan: &mut Plan) {
    if plan.organization.description().cadence.is_none() {
        let longest = plan.customers.iter().fold(0.0, |longest, customer| grid::later(longest, customer.ready));
        let longest = if longest > grid::MAX_SAMPLE { grid::MAX_SAMPLE } else { longest };
        plan.cadence = Sampler::always(longest);
        plan.cadence_mean = longest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions_of_one_family_and_mean_are_told_apart() {
        let hours = [Distribution::uniform(1.0, 3.0), Distribution::uniform(0.0, 4.0), Distribution::uniform(1.0, 3.0)];
        let mut builder = Organization::builder("Shop").customer("Guests", |guests| guests);
        for (person, hours) in ["Ana", "Ben", "Cem"].into_iter().zip(&hours) {
            builder =
                builder.employee(person, |e| e.provides("advice", hours.clone())).serves(person, "Guests", "advice");
        }
        let plan = builder.build().unwrap().plan().unwrap();
        let least: Vec<f64> = plan.services.iter().map(|service| service.duration.sample(0).round()).collect();
        assert_eq!(least, [1.0, 0.0, 1.0]);
    }
}
