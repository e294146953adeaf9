//! What is told about each node and edge of the graph to other programs.

use crate::organization::Node;
use crate::outcome::Summary;
use crate::{Estimate, Organization};

/// An attribute's value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(f64),
    Whole(u64),
}

pub(super) type Attributes = Vec<(&'static str, Value)>;

/// The names of all attributes, nodes first, with their types: what GraphML has to declare.
pub(super) const OF_NODES: [(&str, &str); 13] = [
    ("label", "string"),
    ("kind", "string"),
    ("employee", "string"),
    ("department", "string"),
    ("planned", "double"),
    ("promise", "double"),
    ("on_time", "double"),
    ("error_free", "double"),
    ("perfect", "double"),
    ("mean_delay", "double"),
    ("mean_wait", "double"),
    ("mean_lateness", "double"),
    ("mean_quality", "double"),
];
pub(super) const OF_EDGES: [(&str, &str); 9] = [
    ("id", "string"),
    ("need", "string"),
    ("lag", "long"),
    ("promise", "double"),
    ("on_time", "double"),
    ("promise_kept", "double"),
    ("silent", "double"),
    ("error_in", "double"),
    ("mean_delay", "double"),
];

fn figure(to: &mut Attributes, name: &'static str, estimate: Estimate) {
    if let Some(value) = estimate.estimate {
        to.push((name, Value::Number(value)));
    }
}

/// Each node's attributes, in the order of the graph.
pub(super) fn nodes(organization: &Organization, summary: Option<&Summary>) -> Vec<Attributes> {
    let (description, resolved) = (organization.description(), organization.resolved());
    let node = |(index, node): (usize, &Node)| match *node {
        Node::Service { employee, .. } => {
            let label = &resolved.services[index].label;
            let mut of = vec![
                ("label", Value::Text(label.clone())),
                ("kind", Value::Text("service".into())),
                ("employee", Value::Text(description.employees[employee].name.clone())),
            ];
            if let Some(department) = resolved.employee_departments[employee] {
                of.push(("department", Value::Text(description.departments[department].name.clone())));
            }
            if let Some(figures) = summary.and_then(|s| s.services.iter().find(|service| &service.name == label)) {
                of.push(("planned", Value::Number(figures.planned_finish)));
                figure(&mut of, "on_time", figures.on_time);
                figure(&mut of, "error_free", figures.error_free);
                figure(&mut of, "mean_delay", figures.delay.mean);
                figure(&mut of, "mean_quality", figures.quality);
            }
            of
        }
        Node::Customer(customer) => {
            let name = &description.customers[customer].name;
            let mut of = vec![("label", Value::Text(name.clone())), ("kind", Value::Text("customer".into()))];
            if let Some(figures) = summary.and_then(|s| s.customers.iter().find(|customer| &customer.name == name)) {
                of.push(("planned", Value::Number(figures.planned_wait)));
                of.push(("promise", Value::Number(figures.promise)));
                figure(&mut of, "on_time", figures.on_time);
                figure(&mut of, "error_free", figures.error_free);
                figure(&mut of, "perfect", figures.perfect);
                figure(&mut of, "mean_wait", figures.wait.mean);
                figure(&mut of, "mean_lateness", figures.lateness.mean);
                figure(&mut of, "mean_quality", figures.quality);
            }
            of
        }
    };
    organization.graph().node_weights().enumerate().map(node).collect()
}

/// Each edge's ends and attributes, in the order of the file.
pub(super) fn edges(organization: &Organization, summary: Option<&Summary>) -> Vec<(usize, usize, Attributes)> {
    let (description, resolved) = (organization.description(), organization.resolved());
    let graph = organization.graph();
    let edge = |index: petgraph::graph::EdgeIndex| {
        let (from, to) = graph.edge_endpoints(index)?;
        let at = graph[index];
        let (dependency, id) = (&description.dependencies[at], resolved.dependency_ids.at(at));
        let mut of = vec![("id", Value::Text(id.to_owned()))];
        of.extend(dependency.need.iter().map(|need| ("need", Value::Text(need.clone()))));
        of.push(("lag", Value::Whole(u64::from(dependency.lag.unwrap_or(0)))));
        if let Some(figures) = summary.and_then(|s| s.dependencies.iter().find(|dependency| dependency.id == id)) {
            of.push(("promise", Value::Number(figures.promise)));
            figure(&mut of, "on_time", figures.on_time);
            figure(&mut of, "promise_kept", figures.promise_kept);
            figure(&mut of, "silent", figures.silent);
            figure(&mut of, "error_in", figures.error_in);
            figure(&mut of, "mean_delay", figures.delay.mean);
        }
        Some((from.index(), to.index(), of))
    };
    graph.edge_indices().filter_map(edge).collect()
}
