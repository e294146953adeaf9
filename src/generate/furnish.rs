//! People, names, hours, errors and customers, put on a network.

use rayon::prelude::*;

use super::draws::{Draws, Question};
use super::hierarchy;
use super::scaled::scaled;
use super::settings::{Link, Network, Settings, allowed, sixteenths};
use crate::Distribution;
use crate::organization::texts::{Ids, Texts};
use crate::organization::{Customer, Department, Dependency, Description, Employee, Service, Silence};
use crate::threads;
use crate::together::Ahead;

/// Neighbours of a small world who make up a team.
const TEAM: u32 = 25;

const DEPARTMENTS: [&str; 16] = [
    "Operations",
    "Branches",
    "Service centre",
    "Projects",
    "Finance",
    "Claims",
    "Technology",
    "Legal",
    "Purchasing",
    "Personnel",
    "Marketing",
    "Sales",
    "Logistics",
    "Quality",
    "Research",
    "Planning",
];

const CUSTOMERS: [&str; 8] = [
    "Retail customers",
    "Business customers",
    "Private clients",
    "Public bodies",
    "Partners",
    "Online customers",
    "Members",
    "Dealers",
];

pub(super) fn description(settings: &Settings) -> Description {
    let draws = Draws::new(settings.seed);
    let links = settings.network.links(settings.services, draws);
    let department_names: Vec<String> = (0..settings.departments()).map(department_name).collect();
    let customer_names: Vec<String> = (0..settings.customers()).map(customer_name).collect();
    let name = settings.name.clone().unwrap_or_else(|| title(settings));
    let mut description = Description::new(name);
    description.notes = Some(settings.notes());
    description.departments = department_names.iter().map(Department::new).collect();
    let customer = |(index, name)| Customer::new(name).id(format!("C{}", index + 1)).value(settings.value);
    description.customers = customer_names.iter().enumerate().map(customer).collect();
    description.employees = employees(settings, &department_names, draws);
    let labels = labels(settings, &description.employees);
    description.dependencies = dependencies(settings, &links, &labels, draws);
    let serving = serving(settings, &links, draws);
    let mut served = vec![0u32; customer_names.len()];
    for &(_, customer) in &serving {
        served[customer as usize] += 1;
    }
    description.dependencies.extend(serving.into_iter().map(|(service, customer)| {
        let (provider, receiver) = (labels.at(service as usize), &customer_names[customer as usize]);
        let mut dependency = Dependency::new(provider, receiver);
        let needed = settings.touches / f64::from(served[customer as usize]);
        if needed < 1.0 {
            dependency = dependency.needed(needed);
        }
        dependency
    }));
    description
}

fn title(settings: &Settings) -> String {
    let kind = match settings.network {
        Network::Hierarchy { .. } => "Hierarchy",
        Network::SmallWorld { .. } => "Small world",
        Network::ScaleFree { .. } => "Scale-free network",
        Network::Layered { .. } => "Layered process",
    };
    format!("{kind} of {} services", settings.services)
}

fn department_name(index: u32) -> String {
    DEPARTMENTS.get(index as usize).map_or_else(|| format!("Department {}", index + 1), ToString::to_string)
}

fn customer_name(index: u32) -> String {
    CUSTOMERS.get(index as usize).map_or_else(|| format!("Customer group {}", index + 1), ToString::to_string)
}

/// Where somebody works who provides this service first.
fn department_of(settings: &Settings, service: u32, draws: Draws) -> u32 {
    let departments = settings.departments();
    match settings.network {
        Network::Hierarchy { span: 1 } => service % departments,
        Network::Hierarchy { span } => hierarchy::branch(service, span, departments),
        Network::SmallWorld { .. } => service / TEAM % departments,
        Network::ScaleFree { .. } => draws.below_steadily(departments, Question::Department, service, 0),
        Network::Layered { .. } => {
            let tiers = settings.network.tiers(settings.services);
            let (tier, line) = (service % tiers, service / tiers);
            if departments <= tiers {
                (u64::from(tier) * u64::from(departments) / u64::from(tiers)) as u32
            } else {
                // Several departments to a tier; those of one tier lie `tiers` apart.
                let parts = (departments - tier).div_ceil(tiers);
                tier + line % parts * tiers
            }
        }
    }
}

fn employees(settings: &Settings, departments: &[String], draws: Draws) -> Vec<Employee> {
    let total: f64 = settings.durations.iter().map(|(weight, _)| weight).sum();
    // Every shape at every factor, made once: 8/16, 9/16, ..., 24/16.
    let factors: Vec<f64> = (8..=24).map(sixteenths).collect();
    let durations: Vec<Vec<(Distribution, f64)>> = settings
        .durations
        .iter()
        .map(|(_, of)| {
            let at = |&factor: &f64| {
                let duration = scaled(of, factor);
                let mean = duration.mean();
                (duration, mean)
            };
            factors.iter().map(at).collect()
        })
        .collect();
    let factor = |question, service| draws.below(factors.len() as u64, question, service, 0) as usize;
    let service = |index: u32| {
        let mut point = draws.word(Question::Shape, index, 0) as f64 / 18_446_744_073_709_551_616.0 * total;
        let mut shape = 0;
        for (candidate, (weight, _)) in settings.durations.iter().enumerate() {
            if *weight > 0.0 {
                shape = candidate;
                if point < *weight {
                    break;
                }
            }
            point -= weight;
        }
        let (duration, mean) = &durations[shape][factor(Question::Hours, index)];
        let mut service = Service::new(duration.clone());
        if settings.allowance != 1.0 {
            service = service.standard(allowed(*mean, settings.allowance));
        }
        let rate = settings.error_rate.get() * factors[factor(Question::ErrorRate, index)];
        if rate > 0.0 {
            service = service.error_rate(rate.min(1.0));
        }
        service
    };
    let each = settings.services_each;
    let employee = |index| {
        let first = index * each;
        let department = &departments[department_of(settings, first, draws) as usize];
        let mut employee =
            Employee::new(format!("{department} {}", index + 1)).id(format!("E{}", index + 1)).department(department);
        let last = (u64::from(first) + u64::from(each)).min(u64::from(settings.services)) as u32;
        employee.services.reserve_exact((last - first) as usize);
        for one in first..last {
            let service = service(one);
            let name = || format!("task {}", one - first + 1);
            employee.services.push(if each > 1 { service.name(name()) } else { service });
        }
        employee
    };
    threads::collect((0..settings.employees()).into_par_iter().map(employee))
}

/// What dependencies call each service.
fn labels(settings: &Settings, employees: &[Employee]) -> Ids {
    let each = settings.services_each as usize;
    Ids::of(settings.services as usize, |text, service| {
        let Employee { name, services, .. } = &employees[service / each];
        text.push_str(name);
        if let Some(service) = &services[service % each].name {
            text.push('/');
            text.push_str(service);
        }
    })
}

fn dependencies(settings: &Settings, links: &[Link], labels: &Ids, draws: Draws) -> Vec<Dependency> {
    let (handed, handoff) = &settings.handoffs;
    let (inspected, detection, rework) = &settings.inspected;
    let (silent, silence, chase) = &settings.silent;
    let handoff_mean = handoff.mean();
    let dependency = |link: &Link, provider: &str, receiver: &str| {
        let happens = |share: crate::Probability, question| {
            draws.happens(share.get(), question, link.provider, u64::from(link.receiver))
        };
        let mut dependency = Dependency::new(provider, receiver);
        if happens(*handed, Question::Handoff) {
            dependency.handoff = Some(handoff.clone());
            dependency.standard = (settings.allowance != 1.0).then(|| allowed(handoff_mean, settings.allowance));
        }
        if happens(*inspected, Question::Inspected) {
            (dependency.detection, dependency.rework) = (Some(*detection), Some(rework.clone()));
        }
        if happens(*silent, Question::Silent) {
            dependency.silence = Some(Silence { probability: *silence, chase: chase.clone() });
        }
        dependency.transmission = Some(settings.transmission).filter(|transmission| transmission.get() < 1.0);
        dependency
    };
    let feedback = settings.feedback.get();
    let is_answered =
        |link: &&Link| draws.happens(feedback, Question::Feedback, link.provider, u64::from(link.receiver));
    let back = |link: &Link| Link { provider: link.receiver, receiver: link.provider };
    let of = if feedback > 0.0 { links } else { &[] };
    let answered: Vec<Link> = of.iter().filter(is_answered).map(back).collect();
    let mut dependencies: Vec<Dependency> =
        Vec::with_capacity(links.len() + answered.len() + settings.services as usize);
    for (links, lag) in [(links, None), (&answered, Some(1))] {
        let new = || (Ahead::new(), Texts::default());
        dependencies.par_extend(links.par_iter().enumerate().map_init(new, |(ahead, texts), (index, link)| {
            let (at, next) = ahead.at(index, links.len());
            if let Some(next) = next {
                let ends = links[next].iter().flat_map(|link| [link.provider, link.receiver]);
                texts.gather(ends, |text, service| text.push_str(labels.at(service as usize)));
            }
            let mut dependency = dependency(link, texts.at(2 * at), texts.at(2 * at + 1));
            dependency.lag = lag;
            dependency
        }));
    }
    dependencies
}

/// Which last service serves which customer, every customer being served.
fn serving(settings: &Settings, links: &[Link], draws: Draws) -> Vec<(u32, u32)> {
    let customers = settings.customers();
    let mut needed = vec![false; settings.services as usize];
    for link in links {
        needed[link.provider as usize] = true;
    }
    let last: Vec<u32> = (0..settings.services).filter(|&service| !needed[service as usize]).collect();
    let mut is_served = vec![false; customers as usize];
    let mut serving = Vec::with_capacity(last.len() + customers as usize);
    for &service in &last {
        if draws.happens(settings.serving.get(), Question::Serves, service, 0) {
            let customer = draws.below_steadily(customers, Question::Customer, service, 0);
            is_served[customer as usize] = true;
            serving.push((service, customer));
        }
    }
    // An acyclic network has a last service.
    for customer in (0..customers).filter(|&customer| !is_served[customer as usize]) {
        serving.push((last[customer as usize % last.len()], customer));
    }
    serving
}
