//! Who waits for whom within one round: a shortest such circle, and its mending.

use std::collections::{HashMap, HashSet, VecDeque};

use petgraph::algo::{feedback_arc_set::greedy_feedback_arc_set, kosaraju_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::stable_graph::StableDiGraph;
use petgraph::visit::EdgeRef;

use super::description::Description;
use super::resolve::{Receiver, Resolved};
use crate::{Error, ErrorKind};

/// Steps after which a circle that was found is good enough: about a second.
const PATIENCE: u64 = 20_000_000;

/// A dependency to which [`Organization::mend_cycles`](super::Organization::mend_cycles) gave `lag` 1.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mended {
    /// Its index among the dependencies.
    pub index: usize,
    /// Who provides.
    pub provider: String,
    /// Who receives, a round later from now on.
    pub receiver: String,
}

/// The services and what they use of each other within one round. Nodes follow the ids, so that nothing depends on
/// the order of the file; edge weights are dependencies.
fn within_a_round(description: &Description, resolved: &Resolved) -> DiGraph<usize, usize> {
    let mut by_id: Vec<usize> = (0..resolved.services.len()).collect();
    by_id.sort_by(|a, b| resolved.services[*a].id.cmp(&resolved.services[*b].id));
    let mut position = vec![0; by_id.len()];
    for (place, &service) in by_id.iter().enumerate() {
        position[service] = place;
    }
    let mut edges: Vec<usize> =
        (0..resolved.dependencies.len()).filter(|&edge| resolved.is_within(description, edge)).collect();
    edges.sort_by_key(|&edge| resolved.dependency_ids.at(edge));
    let mut graph = DiGraph::with_capacity(by_id.len(), edges.len());
    for service in by_id {
        graph.add_node(service);
    }
    for edge in edges {
        if let (provider, Receiver::Service(receiver)) = resolved.dependencies[edge] {
            graph.add_edge(NodeIndex::new(position[provider]), NodeIndex::new(position[receiver]), edge);
        }
    }
    graph
}

/// A shortest circle of services that wait for each other within one round, as an error; `None` if there is none.
///
/// Breadth-first from each service of each strongly connected component, given up where no shorter one can be left, and
/// after [`PATIENCE`] steps in all: then it is a circle, though perhaps not the shortest. O(V + E).
pub(crate) fn error(description: &Description, resolved: &Resolved) -> Option<Error> {
    let graph = within_a_round(description, resolved);
    let mut shortest: Option<Vec<usize>> = None;
    let mut patience = PATIENCE;
    for component in kosaraju_scc(&graph) {
        let inside: HashSet<NodeIndex> = component.iter().copied().collect();
        for &start in &component {
            if shortest.as_ref().is_some_and(|shortest| shortest.len() <= 1 || patience == 0) {
                break;
            }
            let bound = shortest.as_ref().map_or(usize::MAX, Vec::len);
            if let Some(circle) = circle_through(&graph, start, &inside, bound, &mut patience) {
                shortest = Some(circle);
            }
        }
    }
    let circle = shortest?;
    let first = &description.dependencies[circle[0]];
    let people: Vec<&str> = circle
        .iter()
        .map(|&edge| resolved.services[resolved.dependencies[edge].0].label.as_str())
        .chain([resolved.services[resolved.dependencies[circle[0]].0].label.as_str()])
        .collect();
    Some(Error::new(
        ErrorKind::Cycle,
        format!("dependencies[{}]", circle[0]),
        format!("a circle of people who wait for each other within one round: {}", people.join(" -> ")),
        "circles only where some dependency has a lag of 1 round or more",
        format!(
            "Say where last round's delivery will do, e.g. \"lag\": 1 on {} -> {}; `Organization::mend_cycles` or \
             `ripple mend MODEL` does it for the whole model.",
            first.provider, first.receiver
        ),
    ))
}

/// The dependencies of a shortest circle through `start` that is shorter than `bound`.
fn circle_through(
    graph: &DiGraph<usize, usize>,
    start: NodeIndex,
    inside: &HashSet<NodeIndex>,
    bound: usize,
    patience: &mut u64,
) -> Option<Vec<usize>> {
    let mut came_by: HashMap<NodeIndex, (NodeIndex, usize)> = HashMap::new();
    let mut queue = VecDeque::from([(start, 0usize)]);
    while let Some((node, depth)) = queue.pop_front() {
        if depth + 1 >= bound {
            return None;
        }
        for edge in graph.edges(node) {
            let next = edge.target();
            *patience = patience.saturating_sub(1);
            if next == start {
                let mut circle = vec![*edge.weight()];
                let mut at = node;
                while at != start {
                    let (before, weight) = came_by[&at];
                    circle.push(weight);
                    at = before;
                }
                circle.reverse();
                return Some(circle);
            }
            if inside.contains(&next) && !came_by.contains_key(&next) {
                came_by.insert(next, (node, *edge.weight()));
                queue.push_back((next, depth + 1));
            }
        }
    }
    None
}

/// A small set of dependencies whose lag breaks every circle (the greedy heuristic of Eades, Lin & Smyth 1993, inside
/// each strongly connected component; O(V + E)).
pub(super) fn mend(description: &Description, resolved: &Resolved) -> Vec<Mended> {
    let graph = within_a_round(description, resolved);
    let mut mended = Vec::new();
    for component in kosaraju_scc(&graph) {
        let mut members = component;
        members.sort();
        let place: HashMap<NodeIndex, usize> = members.iter().enumerate().map(|(place, node)| (*node, place)).collect();
        let mut part: StableDiGraph<(), usize> = StableDiGraph::new();
        for _ in &members {
            part.add_node(());
        }
        for node in &members {
            let mut edges: Vec<_> = graph.edges(*node).filter(|edge| place.contains_key(&edge.target())).collect();
            edges.sort_by_key(|edge| edge.id());
            for edge in edges {
                let (from, to) = (NodeIndex::new(place[node]), NodeIndex::new(place[&edge.target()]));
                part.add_edge(from, to, *edge.weight());
            }
        }
        let arcs: Vec<usize> = greedy_feedback_arc_set(&part).map(|edge| *edge.weight()).collect();
        mended.extend(arcs);
    }
    mended.sort_unstable();
    mended
        .into_iter()
        .map(|index| {
            let (provider, receiver) = resolved.dependencies[index];
            let receiver = match receiver {
                Receiver::Service(service) => resolved.services[service].label.clone(),
                Receiver::Customer(customer) => description.customers[customer].name.clone(),
            };
            Mended { index, provider: resolved.services[provider].label.clone(), receiver }
        })
        .collect()
}
