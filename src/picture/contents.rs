//! What of an organisation is drawn: its services, or its departments where they are too many to be read.

use std::collections::{BTreeMap, BTreeSet};

use super::organization::Grouping;
use crate::Organization;
use crate::organization::Node;
use crate::organization::resolve::Receiver;

/// Boxes that can be read on a page.
const BOXES: usize = 40;
/// Lines that can be followed on a page.
const LINES: usize = 100;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Boxed {
    /// The name by which hits find it: a service as dependencies name it, a customer, or a department.
    pub(super) name: String,
    pub(super) title: String,
    /// The service; what else can be said of it.
    pub(super) detail: Option<String>,
    /// An index into the groups that are told apart.
    pub(super) group: Option<usize>,
    pub(super) is_customer: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether all that it stands for is work of an earlier round.
    pub(super) lagged: bool,
    /// The dependencies that it stands for.
    pub(super) dependencies: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Contents {
    pub(super) boxes: Vec<Boxed>,
    pub(super) arrows: Vec<Drawn>,
    pub(super) groups: Vec<String>,
    /// What a reader has to know about what is not shown as it is.
    pub(super) notes: Vec<String>,
    pub(super) by_department: bool,
}

/// Decides, and says in the notes what was left out or drawn together.
pub(super) fn of(organization: &Organization, grouping: Grouping) -> Contents {
    let services = organization.resolved().services.len();
    let customers = organization.description().customers.len();
    let mut pairs: Vec<_> = organization.resolved().dependencies.iter().map(|(p, r)| (*p, key(*r))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let readable = services + customers <= BOXES && pairs.len() <= LINES;
    let by_department = match grouping {
        Grouping::Services => false,
        Grouping::Departments => true,
        Grouping::Readable => !readable && organization.description().departments.len() > 1,
    };
    let mut contents = if by_department { departments(organization) } else { self::services(organization) };
    if by_department {
        contents.notes.push(format!(
            "{services} services and {} dependencies drawn as {} departments; a line is the thicker the more it stands for.",
            organization.resolved().dependencies.len(),
            contents.groups.len()
        ));
    }
    if grouping == Grouping::Readable {
        thin(&mut contents);
    }
    contents
}

fn key(receiver: Receiver) -> (bool, usize) {
    match receiver {
        Receiver::Service(service) => (false, service),
        Receiver::Customer(customer) => (true, customer),
    }
}

fn services(organization: &Organization) -> Contents {
    let (description, resolved) = (organization.description(), organization.resolved());
    let boxes = organization.graph().node_weights().enumerate().map(|(index, node)| match *node {
        Node::Service { employee, service } => Boxed {
            name: resolved.services[index].label.clone(),
            title: description.employees[employee].name.clone(),
            detail: description.employees[employee].services[service].name.clone(),
            group: resolved.employee_departments[employee],
            is_customer: false,
        },
        Node::Customer(customer) => {
            let name = description.customers[customer].name.clone();
            Boxed { title: name.clone(), name, detail: None, group: None, is_customer: true }
        }
    });
    let boxes: Vec<Boxed> = boxes.collect();
    let groups = description.departments.iter().map(|department| department.name.clone()).collect();
    let place = |service: usize| service;
    let arrows = arrows(organization, place, resolved.services.len());
    Contents { boxes, arrows, groups, notes: Vec::new(), by_department: false }
}

fn departments(organization: &Organization) -> Contents {
    let (description, resolved) = (organization.description(), organization.resolved());
    let mut groups: Vec<String> = description.departments.iter().map(|department| department.name.clone()).collect();
    let named = groups.len();
    if resolved.employee_departments.iter().any(Option::is_none) {
        groups.push("Without a department".to_owned());
    }
    let people = |group: usize| {
        resolved.employee_departments.iter().filter(|department| department.unwrap_or(named) == group).count()
    };
    let mut boxes: Vec<Boxed> = groups
        .iter()
        .enumerate()
        .map(|(group, name)| Boxed {
            name: name.clone(),
            title: name.clone(),
            detail: Some(if people(group) == 1 { "1 employee".into() } else { format!("{} employees", people(group)) }),
            group: Some(group),
            is_customer: false,
        })
        .collect();
    boxes.extend(description.customers.iter().map(|customer| Boxed {
        name: customer.name.clone(),
        title: customer.name.clone(),
        detail: None,
        group: None,
        is_customer: true,
    }));
    let place = |service: usize| resolved.employee_departments[resolved.services[service].employee].unwrap_or(named);
    let mut arrows = arrows(organization, place, groups.len());
    arrows.retain(|arrow| arrow.from != arrow.to);
    let within = organization.resolved().dependencies.iter().filter(|(provider, receiver)| match receiver {
        Receiver::Service(receiver) => place(*provider) == place(*receiver),
        Receiver::Customer(_) => false,
    });
    let within = within.count();
    let notes = match within {
        0 => Vec::new(),
        count => vec![format!("{count} dependencies inside departments are not drawn.")],
    };
    Contents { boxes, arrows, groups, notes, by_department: true }
}

/// One line for all dependencies between two boxes.
fn arrows(organization: &Organization, place: impl Fn(usize) -> usize, customers_from: usize) -> Vec<Drawn> {
    let resolved = organization.resolved();
    let mut drawn: BTreeMap<(usize, usize), Drawn> = BTreeMap::new();
    for (index, (provider, receiver)) in resolved.dependencies.iter().enumerate() {
        let from = place(*provider);
        let to = match receiver {
            Receiver::Service(service) => place(*service),
            Receiver::Customer(customer) => customers_from + customer,
        };
        let lagged = organization.description().dependencies[index].lag.unwrap_or(0) > 0;
        let arrow =
            drawn.entry((from, to)).or_insert_with(|| Drawn { from, to, lagged: true, dependencies: Vec::new() });
        arrow.lagged &= lagged;
        arrow.dependencies.push(index);
    }
    drawn.into_values().collect()
}

/// Leaves out what nobody could read: lines for last round's work first, then boxes with the fewest dependencies, then
/// the lines that stand for the fewest.
fn thin(contents: &mut Contents) {
    if contents.arrows.len() > LINES {
        let before = contents.arrows.len();
        contents.arrows.retain(|arrow| !arrow.lagged);
        if contents.arrows.len() < before {
            contents
                .notes
                .push(format!("{} lines for work of earlier rounds are not drawn.", before - contents.arrows.len()));
        }
    }
    if contents.boxes.len() > BOXES {
        let mut weight = vec![0usize; contents.boxes.len()];
        for arrow in &contents.arrows {
            weight[arrow.from] += arrow.dependencies.len();
            weight[arrow.to] += arrow.dependencies.len();
        }
        let mut order: Vec<usize> = (0..contents.boxes.len()).collect();
        order.sort_by_key(|&index| (std::cmp::Reverse(weight[index]), index));
        let kept: BTreeSet<usize> = order.into_iter().take(BOXES).collect();
        let place: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, &old)| (old, new)).collect();
        let left_out = contents.boxes.len() - kept.len();
        contents.notes.push(format!("{left_out} boxes with the fewest dependencies are not drawn."));
        contents.boxes = kept.iter().map(|&old| contents.boxes[old].clone()).collect();
        contents.arrows.retain_mut(|arrow| match (place.get(&arrow.from), place.get(&arrow.to)) {
            (Some(&from), Some(&to)) => {
                (arrow.from, arrow.to) = (from, to);
                true
            }
            _ => false,
        });
    }
    if contents.arrows.len() > LINES {
        let left_out = contents.arrows.len() - LINES;
        contents.notes.push(format!("{left_out} of {} lines are not drawn.", contents.arrows.len()));
        contents.arrows.sort_by_key(|arrow| std::cmp::Reverse(arrow.dependencies.len()));
        contents.arrows.truncate(LINES);
        contents.arrows.sort_by_key(|arrow| (arrow.from, arrow.to));
    }
}
