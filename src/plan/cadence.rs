//! The shortest sustainable cadence and its bottleneck.

use std::fmt;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use serde::Serialize;

use super::{Plan, PlannedKind, To};
use crate::grid::MAX_SAMPLE;
use crate::organization::Finding;
use crate::{Error, ErrorKind};

/// Differences of a cadence below this are rounding, not a better circle.
const TOLERANCE: f64 = 1e-9;

/// The shortest cadence that can be kept up for ever, were every duration its standard.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Sustainable {
    /// Hours between two releases.
    pub hours: f64,
    /// Who sets it; nobody where it is 0.
    pub bottleneck: Option<Bottleneck>,
}

/// Who sets the shortest sustainable cadence.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Bottleneck {
    /// One employee's work fills the cadence.
    Employee {
        /// Who.
        name: String,
    },
    /// A circle of services that wait for each other across rounds.
    Circle {
        /// The services on it, in the order of work.
        services: Vec<String>,
        /// How many rounds the work takes to come round.
        rounds: usize,
    },
}

impl fmt::Display for Bottleneck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bottleneck::Employee { name } => write!(f, "the work of {name}"),
            Bottleneck::Circle { services, rounds } => {
                let rounds = if *rounds == 1 { "1 round".to_owned() } else { format!("{rounds} rounds") };
                write!(f, "the circle {} (back after {rounds})", chain(services))
            }
        }
    }
}

/// `Ana -> Ben -> ...`, the first few of many.
fn chain(services: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown = services[..services.len().min(SHOWN)].join(" -> ");
    if services.len() > SHOWN { format!("{shown} -> ... ({} in all)", services.len()) } else { shown }
}

struct Arc {
    from: usize,
    to: usize,
    hours: f64,
    rounds: usize,
}

pub(super) fn sustainable(plan: &Plan) -> Sustainable {
    let standard = |service: usize| plan.services[service].finish - plan.services[service].start;
    let mut jobs: Vec<Vec<usize>> = vec![Vec::new(); plan.employees.len()];
    for (index, service) in plan.services.iter().enumerate() {
        jobs[service.employee].push(index);
    }
    let mut best = Sustainable::default();
    for (employee, jobs) in jobs.iter().enumerate() {
        let load = jobs.iter().map(|&job| standard(job)).sum::<f64>() / plan.employees[employee].capacity as f64;
        if load > best.hours {
            let name = plan.employee_name(employee).to_owned();
            best = Sustainable { hours: load, bottleneck: Some(Bottleneck::Employee { name }) };
        }
    }
    let mut arcs = Vec::new();
    for (index, dependency) in plan.dependencies.iter().enumerate() {
        if let To::Service(to) = dependency.receiver
            && !dependency.needed.is_never()
            && is_waited_for(plan, index, to)
        {
            let from = dependency.provider;
            let handoff = dependency.arrival - plan.services[from].finish;
            arcs.push(Arc { from, to, hours: standard(from) + handoff, rounds: dependency.lag });
        }
    }
    for (employee, jobs) in jobs.iter().enumerate() {
        if plan.employees[employee].capacity == 1 && !jobs.is_empty() {
            for pair in jobs.windows(2) {
                arcs.push(Arc { from: pair[0], to: pair[1], hours: standard(pair[0]), rounds: 0 });
            }
            let last = jobs[jobs.len() - 1];
            arcs.push(Arc { from: last, to: jobs[0], hours: standard(last), rounds: 1 });
        }
    }
    keep_circular(plan.services.len(), &mut arcs);
    // Relaxed in this order, one pass settles everything that happens within a round.
    arcs.sort_by_key(|arc| (arc.from, arc.to));
    while let Some(circle) = circle_above(plan.services.len(), &arcs, best.hours) {
        let hours: f64 = circle.iter().map(|&arc| arcs[arc].hours).sum();
        let rounds: usize = circle.iter().map(|&arc| arcs[arc].rounds).sum();
        let cadence = hours / rounds as f64;
        if cadence <= best.hours + TOLERANCE {
            break;
        }
        let services = circle.iter().map(|&arc| plan.service_label(arcs[arc].from).to_owned()).collect();
        best = Sustainable { hours: cadence, bottleneck: Some(Bottleneck::Circle { services, rounds }) };
    }
    best
}

/// Required, or of a group that needs all its members.
fn is_waited_for(plan: &Plan, dependency: usize, receiver: usize) -> bool {
    match plan.dependencies[dependency].kind {
        PlannedKind::Required => true,
        PlannedKind::Helpful => false,
        PlannedKind::Any => plan.services[receiver]
            .groups
            .iter()
            .any(|group| group.members.contains(&dependency) && group.count == group.members.len()),
    }
}

/// Leaves out what lies on no circle at all: arcs from one strongly connected component to another.
fn keep_circular(services: usize, arcs: &mut Vec<Arc>) {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(services, arcs.len());
    for _ in 0..services {
        graph.add_node(());
    }
    for arc in arcs.iter() {
        graph.add_edge(NodeIndex::new(arc.from), NodeIndex::new(arc.to), ());
    }
    let mut component = vec![0; services];
    for (number, members) in kosaraju_scc(&graph).into_iter().enumerate() {
        for member in members {
            component[member.index()] = number;
        }
    }
    arcs.retain(|arc| component[arc.from] == component[arc.to]);
}

/// Arcs of a circle whose hours exceed `cadence` times its rounds, in order; `None` if there is none.
fn circle_above(services: usize, arcs: &[Arc], cadence: f64) -> Option<Vec<usize>> {
    let mut potential = vec![0.0; services];
    let mut came_by: Vec<Option<usize>> = vec![None; services];
    for _ in 0..=services {
        let mut moved = false;
        for (index, arc) in arcs.iter().enumerate() {
            let reached = potential[arc.from] + arc.hours - cadence * arc.rounds as f64;
            if reached > potential[arc.to] + TOLERANCE {
                potential[arc.to] = reached;
                came_by[arc.to] = Some(index);
                moved = true;
            }
        }
        if !moved {
            return None;
        }
        if let Some(circle) = circle_of(arcs, &came_by) {
            return Some(circle);
        }
    }
    None
}

/// A circle among the arcs by which each service was last reached.
fn circle_of(arcs: &[Arc], came_by: &[Option<usize>]) -> Option<Vec<usize>> {
    let mut seen_from = vec![usize::MAX; came_by.len()];
    for start in 0..came_by.len() {
        let mut at = start;
        while seen_from[at] == usize::MAX {
            seen_from[at] = start;
            match came_by[at] {
                Some(arc) => at = arcs[arc].from,
                None => break,
            }
        }
        if seen_from[at] == start && came_by[at].is_some() {
            let mut circle = Vec::new();
            let mut here = at;
            while let Some(arc) = came_by[here] {
                circle.push(arc);
                here = arcs[arc].from;
                if here == at {
                    circle.reverse();
                    return Some(circle);
                }
            }
        }
    }
    None
}

pub(super) fn warnings(plan: &Plan) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut warn = |kind, path: String, found: String, allowed: String, mend: &str| {
        findings.push(Finding::warning(Error::new(kind, path, found, allowed, mend)));
    };
    let sustainable = sustainable(plan);
    if plan.rounds > 1
        && plan.cadence_mean + TOLERANCE < sustainable.hours
        && let Some(bottleneck) = &sustainable.bottleneck
    {
        warn(
            ErrorKind::Range,
            "cadence".into(),
            format!("a round every {:.2} h", plan.cadence_mean),
            format!("{:.2} h or more, which {bottleneck} needs", sustainable.hours),
            "Delays will grow round by round: lengthen the cadence, shorten the standards or add capacity.",
        );
    }
    if plan.rounds > 1 && plan.cadence_mean == 0.0 {
        warn(
            ErrorKind::Range,
            "cadence".into(),
            "0 h: all rounds are released at once".into(),
            format!("hours above 0, up to {MAX_SAMPLE}"),
            "Write the hours between two rounds, e.g. \"cadence\": 40.",
        );
    }
    for customer in &plan.customers {
        let promised = plan.organization.description().customers[customer.at].promise.is_some();
        if !promised && customer.ready == 0.0 {
            warn(
                ErrorKind::Range,
                format!("customers[{}].promise", customer.at),
                "no promise, and nothing within the round that is waited for: 0 h is promised".into(),
                "hours, 0 to 1048576".into(),
                "Write the hours that the customer is promised.",
            );
        }
        if customer.promise < customer.ready {
            warn(
                ErrorKind::Range,
                format!("customers[{}].promise", customer.at),
                format!("a promise of {:.2} h, where the plan itself takes {:.2} h", customer.promise, customer.ready),
                "a promise of at least the planned wait".into(),
                "Promise more time, or shorten the standards on the way.",
            );
        }
    }
    findings
}
