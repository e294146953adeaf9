//! From an organisation to a plan.

use std::ops::Range;
use std::sync::Mutex;

use rayon::prelude::*;

use super::climate::PlannedClimate;
use super::disturbance::Disturbances;
use super::edges::{Edge, Standards};
use super::grouped::Grouped;
use super::people::People;
use super::received::{by_receiver, groups, placed};
use super::samplers::Samplers;
use super::sorted::{by_id, places};
use super::times::{Times, Timetable, Work};
use super::{
    Group, Plan, PlannedBackup, PlannedCustomer, PlannedDependency, PlannedService, SatisfactionCurve, To, order,
};
use crate::distribution::Tables;
use crate::organization::resolve::{Resolved, ServiceAt};
use crate::organization::{Defaults, Description, Service, Silence, cycles};
use crate::streams::Chance;
use crate::together::{Ahead, TOGETHER};
use crate::{Distribution, Error, ErrorKind, Hours, Organization, Probability, grid, threads};

const DEFAULT_PERFECT_QUALITY: f64 = 0.8;
const DEFAULT_SATISFACTION: SatisfactionCurve = SatisfactionCurve { error: 0.5, lateness: 1.0 };
const ROUNDS_WITH_LAG: u32 = 12;

pub(super) fn compile(organization: &Organization, tables: &mut Tables) -> Result<Plan, Error> {
    let (description, resolved) = (organization.description(), organization.resolved());
    let tables = Mutex::new(tables);
    let standards = Standards::of(description, resolved);
    let (by_path, (people, received)) = threads::both(
        standards.edges.len(),
        || order::by_path(resolved, &standards),
        || (People::of(description, resolved, &tables), by_receiver(resolved, &standards.edges)),
    );
    // The shortest circle is looked for only where there is one.
    let order = by_path.ok_or_else(|| circle(description, resolved))?;
    let order = order::as_written(resolved, &standards, order);
    // Large, and not needed beside what comes of them.
    let Standards { services: hours, buffers, edges } = standards;
    drop(edges);
    let customer_order = by_id(&resolved.customer_ids);
    let service_places = places(&order);
    let edges = placed(received, &order, &customer_order, &service_places);
    let groups = groups(description, &edges, order.len() + customer_order.len());
    let (rounds, warmup) = rounds(description, resolved, edges.items())?;
    let work = |&at: &usize| Work {
        buffer: buffers[at],
        hours: hours[at],
        employee: people.places[resolved.services[at].employee],
    };
    let work = threads::collect(order.par_iter().map(work));
    let servers = people.employees.iter().map(|employee| employee.planned_capacity);
    let places = Places { order: &order, edges: &edges, groups: &groups, people: &people };
    let (timetable, mut services) = threads::both(
        edges.items().len(),
        || Timetable::of(&work, servers, &edges, &groups),
        || services(description, resolved, &places, &tables),
    );
    let timetable = timetable?;
    for (service, times) in services.iter_mut().zip(&timetable.services) {
        (service.ready, service.start, service.finish) = (times.ready, times.start, times.finish);
    }
    let dependencies = dependencies(description, resolved, &places, &timetable, &tables);
    let customers: Vec<_> = (customer_order.iter().enumerate())
        .map(|(place, &at)| customer(description, resolved, &places, &timetable, &service_places, (place, at)))
        .collect();
    let longest = customers.iter().fold(0.0, |longest, customer| grid::later(longest, customer.ready));
    let longest = if longest > grid::MAX_SAMPLE { grid::MAX_SAMPLE } else { longest };
    // The cadence, by default the longest planned wait of a customer.
    let cadence = Samplers::new(&tables).of(description.cadence.as_ref(), longest);
    let cadence_mean = description.cadence.as_ref().map_or(longest, |cadence| match cadence.as_constant() {
        Some(constant) => grid::round(constant),
        None => cadence.mean(),
    });
    let People { departments, employees, .. } = people;
    let mut plan = Plan {
        organization: organization.clone(),
        longest_lag: edges.items().iter().map(|edge| edge.lag.into()).max().unwrap_or(0),
        departments,
        employees,
        services,
        dependencies,
        customers,
        start: description.start.unwrap_or_default(),
        cadence,
        cadence_mean,
        rounds,
        warmup,
        disturbances: Disturbances::default(),
        climate: None,
    };
    plan.climate = description.climate.as_ref().map(|climate| PlannedClimate::of(climate, &plan));
    Ok(plan)
}

fn circle(description: &Description, resolved: &Resolved) -> Error {
    cycles::error(description, resolved).unwrap_or_else(|| {
        let allowed = "circles only where some dependency has a lag of 1 round or more";
        let mend = "`Organization::mend_cycles` or `ripple mend MODEL` mends the whole model.";
        Error::new(ErrorKind::Cycle, "dependencies", "people who wait for each other within one round", allowed, mend)
    })
}

fn probability(value: Option<Probability>, default: f64) -> f64 {
    value.map_or(default, Probability::get)
}

/// How many rounds a replication has, and how many of them warm up.
fn rounds(description: &Description, resolved: &Resolved, edges: &[Edge]) -> Result<(u32, u32), Error> {
    let is_lagged = |edge: &Edge| edge.lag > 0 && edge.is_ever_needed && resolved.receiver_matters(edge.at as usize);
    let default_rounds = || if edges.iter().any(is_lagged) { ROUNDS_WITH_LAG } else { 1 };
    let rounds = description.rounds.unwrap_or_else(default_rounds);
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
    Ok((rounds, warmup))
}

/// Where everything stands in the plan.
struct Places<'a> {
    order: &'a [usize],
    edges: &'a Grouped<Edge>,
    groups: &'a [Vec<Group>],
    people: &'a People,
}

impl Places<'_> {
    /// The inputs of a receiver, and its groups.
    fn received(&self, receiver: usize) -> (Range<usize>, Vec<Group>) {
        (self.edges.range(receiver), self.groups[receiver].clone())
    }
}

fn dependencies(
    description: &Description,
    resolved: &Resolved,
    places: &Places<'_>,
    timetable: &Timetable,
    tables: &Mutex<&mut Tables>,
) -> Vec<PlannedDependency> {
    let services = places.order.len();
    let matter = |&service: &usize| resolved.services[service].matters;
    let matter: Vec<bool> = threads::collect(places.order.par_iter().map(matter));
    let planned = |samplers: &mut Samplers<'_, '_>, edge: &Edge, dependency: &Written<'_>| {
        let (at, provider, receiver) = (edge.at as usize, edge.provider as usize, edge.receiver as usize);
        let provided = &dependency.provided;
        let arrival = edge.handoff + provided.finish;
        let (receiver, strength) = match receiver.checked_sub(services) {
            None => (To::Service(receiver), 0.0),
            Some(customer) => (To::Customer(customer), 1.0),
        };
        let detection = probability(dependency.detection, 0.0);
        let transmission = probability(dependency.transmission, 1.0);
        let caught = Chance::new(detection);
        PlannedDependency {
            at,
            provider,
            receiver,
            kind: edge.kind,
            needed: Chance::new(probability(dependency.needed, 1.0)),
            lag: edge.lag.into(),
            handoff: samplers.of(dependency.handoff, 0.0),
            silence: (dependency.silence)
                .map(|silence| (Chance::new(silence.probability.get()), samplers.of(Some(&silence.chase), 0.0))),
            detection: caught,
            rework: samplers.of(dependency.rework, 0.0),
            passed_on: caught.beside((1.0 - detection) * transmission),
            strength: probability(dependency.strength, strength),
            criticality: probability(dependency.criticality, 1.0),
            arrival,
            promise: promise(dependency.promise, arrival - provided.ready),
            matters: match receiver {
                To::Service(service) => matter[service],
                To::Customer(_) => true,
            },
        }
    };
    let edges = places.edges.items();
    let new = || (Samplers::new(tables), Ahead::new(), Vec::with_capacity(TOGETHER));
    threads::collect(edges.par_iter().enumerate().map_init(new, |(samplers, ahead, written), (index, edge)| {
        let (at, next) = ahead.at(index, edges.len());
        if let Some(next) = next {
            written.clear();
            written.extend(edges[next].iter().map(|edge| Written::of(description, timetable, edge)));
        }
        planned(samplers, edge, &written[at])
    }))
}

/// What is known of a dependency, to be worked on.
struct Written<'d> {
    /// When its provider is planned to work.
    provided: Times,
    needed: Option<Probability>,
    promise: Option<Hours>,
    detection: Option<Probability>,
    transmission: Option<Probability>,
    strength: Option<Probability>,
    criticality: Option<Probability>,
    handoff: Option<&'d Distribution>,
    rework: Option<&'d Distribution>,
    silence: Option<&'d Silence>,
}

impl<'d> Written<'d> {
    fn of(description: &'d Description, timetable: &Timetable, edge: &Edge) -> Self {
        let dependency = &description.dependencies[edge.at as usize];
        Self {
            provided: timetable.services[edge.provider as usize],
            needed: dependency.needed,
            promise: dependency.promise,
            detection: dependency.detection,
            transmission: dependency.transmission,
            strength: dependency.strength,
            criticality: dependency.criticality,
            handoff: dependency.handoff.as_ref(),
            rework: dependency.rework.as_ref(),
            silence: dependency.silence.as_ref(),
        }
    }
}

/// Hours as promised, else as planned.
fn promise(written: Option<Hours>, planned: f64) -> f64 {
    written.map_or(planned, |hours| grid::round(hours.get()))
}

/// All services but for their planned times.
fn services(
    description: &Description,
    resolved: &Resolved,
    places: &Places<'_>,
    tables: &Mutex<&mut Tables>,
) -> Vec<PlannedService> {
    let planned = |samplers: &mut Samplers<'_, '_>, place: usize, found: &Found<'_>| {
        let Found { of, service, defaults, .. } = found;
        let error_rate = probability(found.error_rate.or(defaults.and_then(|defaults| defaults.error_rate)), 0.0);
        let workmanship = service.workmanship.as_ref().or(defaults.and_then(|defaults| defaults.workmanship.as_ref()));
        let backup = service.backup.as_ref().zip(of.backup).map(|(backup, colleague)| PlannedBackup {
            employee: places.people.places[colleague],
            pace: samplers.of(backup.pace.as_ref(), 1.0),
            error_rate: probability(backup.error_rate, error_rate),
        });
        let (inputs, groups) = places.received(place);
        PlannedService {
            at: places.order[place],
            employee: found.employee,
            duration: samplers.of(Some(&service.duration), 0.0),
            workmanship: samplers.of(workmanship, 1.0),
            error_rate,
            rush: probability(service.rush.or(defaults.and_then(|defaults| defaults.rush)), 0.0),
            backup,
            inputs,
            groups,
            matters: of.matters,
            ready: 0.0,
            start: 0.0,
            finish: 0.0,
        }
    };
    let find = |&at: &usize| {
        let of = &resolved.services[at];
        let service = &description.employees[of.employee].services[of.service];
        Found {
            of,
            service,
            defaults: resolved.defaults(description, of),
            employee: places.people.places[of.employee],
            error_rate: service.error_rate,
        }
    };
    let order = places.order;
    let new = || (Samplers::new(tables), Ahead::new(), Vec::with_capacity(TOGETHER));
    threads::collect((0..order.len()).into_par_iter().map_init(new, |(samplers, ahead, found), place| {
        let (at, next) = ahead.at(place, order.len());
        if let Some(next) = next {
            found.clear();
            found.extend(order[next].iter().map(find));
        }
        planned(samplers, place, &found[at])
    }))
}

/// A service that was found, to be worked on.
struct Found<'d> {
    of: &'d ServiceAt,
    service: &'d Service,
    defaults: Option<&'d Defaults>,
    employee: usize,
    /// Read from the service when it is found, so that it is waited for together with the others.
    error_rate: Option<Probability>,
}

fn customer(
    description: &Description,
    resolved: &Resolved,
    places: &Places<'_>,
    timetable: &Timetable,
    service_places: &[usize],
    (place, at): (usize, usize),
) -> PlannedCustomer {
    let customer = &description.customers[at];
    let curve = customer.satisfaction.as_ref();
    let (inputs, groups) = places.received(places.order.len() + place);
    let ready = timetable.customers[place];
    PlannedCustomer {
        at,
        inputs,
        groups,
        ready,
        promise: promise(customer.promise, ready),
        value: customer.value.unwrap_or(0.0),
        perfect_quality: probability(customer.perfect_quality, DEFAULT_PERFECT_QUALITY),
        satisfaction: SatisfactionCurve {
            error: probability(curve.and_then(|curve| curve.error), DEFAULT_SATISFACTION.error),
            lateness: probability(curve.and_then(|curve| curve.lateness), DEFAULT_SATISFACTION.lateness),
        },
        journey: resolved.journeys[at].iter().map(|&service| service_places[service]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::organization::Kind;
    use crate::{Organization, Plan, generate};

    /// Groups, inputs that are never needed or come a round later, promises, several servers and a written order.
    fn large() -> Organization {
        let mut description = generate::layered(12_000).dependencies(4).services_each(2).description().unwrap();
        for (at, dependency) in description.dependencies.iter_mut().enumerate() {
            // The inputs of one receiver follow each other.
            match at / 16 % 4 {
                0 => dependency.kind = Some(Kind::Any { group: "colleagues".to_owned(), count: 1 }),
                1 if at % 3 == 0 => dependency.lag = Some(1 + at as u32 % 2),
                2 if at % 3 == 0 => dependency.needed = Some(0.0.into()),
                2 if at % 3 == 1 => dependency.kind = Some(Kind::Helpful),
                3 if at % 3 == 0 => dependency.promise = Some((at as f64 / 1000.0).into()),
                _ => {}
            }
        }
        for (at, employee) in description.employees.iter_mut().enumerate() {
            employee.capacity = Some(1 + at as u32 % 3);
        }
        let last = description.employees.iter().rev().step_by(50);
        let named = last
            .map(|employee| format!("{}/{}", employee.name, employee.services[0].name.as_deref().unwrap_or_default()));
        description.order = Some(named.collect());
        Organization::new(description).unwrap()
    }

    /// What a plan says of each thing.
    fn said(plan: &Plan) -> [Vec<String>; 4] {
        let services = plan.services.iter().map(|one| {
            let times = (one.ready.to_bits(), one.start.to_bits(), one.finish.to_bits());
            format!(
                "{:?}",
                (one.at, one.employee, &one.inputs, &one.groups, one.matters, times, one.duration.sample(9))
            )
        });
        let dependencies = plan.dependencies.iter().map(|one| {
            let times = (one.arrival.to_bits(), one.promise.to_bits(), one.handoff.sample(9), one.rework.sample(9));
            let ends = (one.at, one.provider, one.receiver);
            format!("{:?}", (ends, one.kind, one.needed, one.lag, one.passed_on, one.strength, one.matters, times))
        });
        let employees = plan.employees.iter().map(|one| format!("{:?}", (one.at, one.department, one.capacity)));
        let customers = plan
            .customers
            .iter()
            .map(|one| format!("{:?}", (one.at, &one.inputs, &one.groups, one.ready.to_bits(), one.promise.to_bits())));
        [services.collect(), dependencies.collect(), employees.collect(), customers.collect()]
    }

    #[test]
    fn any_number_of_threads_plans_the_same() {
        let organization = large();
        let by = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| said(&organization.plan().unwrap()))
        };
        let one = by(1);
        assert!(crate::threads::are_many(one[1].len()), "{} dependencies", one[1].len());
        assert!(one[0].iter().any(|service| service.contains("Group {")));
        for threads in [2, 3, 11] {
            assert!(by(threads) == one, "{threads} threads");
        }
    }
}
