//! The employee graph and the department graph, drawn from the graph of services.

use std::collections::BTreeMap;

use petgraph::graph::{DiGraph, NodeIndex};

use super::description::Description;
use super::resolve::{Receiver, Resolved};

/// An edge of a projection: the dependencies that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Indices into `description().dependencies`, ascending.
    pub dependencies: Vec<usize>,
}

pub(super) fn employees(description: &Description, resolved: &Resolved) -> DiGraph<usize, Link> {
    project(description.employees.len(), resolved, Some)
}

pub(super) fn departments(description: &Description, resolved: &Resolved) -> DiGraph<usize, Link> {
    project(description.departments.len(), resolved, |employee| resolved.employee_departments[employee])
}

fn project(nodes: usize, resolved: &Resolved, group: impl Fn(usize) -> Option<usize>) -> DiGraph<usize, Link> {
    let mut links: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, (provider, receiver)) in resolved.dependencies.iter().enumerate() {
        let Receiver::Service(receiver) = receiver else { continue };
        let from = group(resolved.services[*provider].employee);
        let to = group(resolved.services[*receiver].employee);
        if let (Some(from), Some(to)) = (from, to) {
            links.entry((from, to)).or_default().push(index);
        }
    }
    let mut graph = DiGraph::with_capacity(nodes, links.len());
    for node in 0..nodes {
        graph.add_node(node);
    }
    for ((from, to), dependencies) in links {
        graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), Link { dependencies });
    }
    graph
}
