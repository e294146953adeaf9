//! The ends of dependencies, their ids, and the graph that they make.

use std::array::from_fn;

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, EdgeFiltered, Reversed};
use rayon::iter::repeat_n;
use rayon::prelude::*;

use super::description::{Dependency, Description};
use super::resolve::{BATCH, Customers, Employees, Node, Receiver, ServiceAt, is_ever_needed};
use super::texts::Texts;
use crate::threads;

/// What becomes of dependencies, in the order of the file.
pub(super) struct Links {
    /// The provider and the receiver, where both are known.
    pub(super) ends: Vec<Option<(usize, Receiver)>>,
    /// Nothing where the ends are not known: that stands for nothing, even if it carries an id.
    pub(super) ids: Vec<String>,
    pub(super) ever_needed: Vec<bool>,
}

/// Nodes: services, then customers; edges: dependencies; both in the order of the file.
pub(super) struct Graph {
    pub(super) graph: DiGraph<Node, usize>,
    /// Which nodes lead to a customer.
    pub(super) matters: Vec<bool>,
}

impl Links {
    /// Looks up the ends, by all threads, several together.
    pub(super) fn of(
        description: &Description,
        employees: &Employees<'_>,
        customers: &Customers<'_>,
        services: &[ServiceAt],
    ) -> Self {
        let all = &description.dependencies;
        let mut ends: Vec<Option<(usize, Receiver)>> = threads::collect(repeat_n(None, all.len()));
        let mut ids: Vec<String> = threads::collect(repeat_n(String::new(), all.len()));
        let batches = all.par_chunks(BATCH).zip(ends.par_chunks_mut(BATCH)).zip(ids.par_chunks_mut(BATCH));
        threads::run(
            all.len(),
            batches.map_init(Texts::default, |texts, ((all, ends), ids)| {
                let each = |reference: fn(&Dependency) -> &String| {
                    employees.each_service(from_fn(|at| all.get(at).map_or("", |dependency| reference(dependency))))
                };
                let (providers, receivers) = (each(|of| &of.provider), each(|of| &of.receiver));
                for (at, dependency) in all.iter().enumerate() {
                    let receiver = match customers.by_name.get(dependency.receiver.as_str()) {
                        Some(&customer) => Some(Receiver::Customer(customer)),
                        None => receivers[at].map(Receiver::Service),
                    };
                    ends[at] = providers[at].zip(receiver);
                }
                texts.gather(ends.iter().zip(all), |text, (ends, dependency)| match (*ends, &dependency.id) {
                    (None, _) => {}
                    (_, Some(id)) => text.push_str(id),
                    (Some((provider, receiver)), None) => {
                        text.push_str(&services[provider].id);
                        text.push_str(" -> ");
                        text.push_str(match receiver {
                            Receiver::Service(service) => &services[service].id,
                            Receiver::Customer(customer) => &customers.ids[customer],
                        });
                    }
                });
                ids.iter_mut().enumerate().for_each(|(at, id)| *id = texts.at(at).to_owned());
            }),
        );
        let ever_needed = threads::collect(all.par_iter().map(is_ever_needed));
        Self { ends, ids, ever_needed }
    }

    /// The graph, if all ends are known.
    pub(super) fn graph(&self, services: &[ServiceAt], customers: usize) -> Option<Graph> {
        let mut graph = DiGraph::with_capacity(services.len() + customers, self.ends.len());
        for at in services {
            graph.add_node(Node::Service { employee: at.employee, service: at.service });
        }
        let customers: Vec<NodeIndex> =
            (0..customers).map(|customer| graph.add_node(Node::Customer(customer))).collect();
        for (index, ends) in self.ends.iter().enumerate() {
            let (provider, receiver) = (*ends)?;
            let to = match receiver {
                Receiver::Service(service) => NodeIndex::new(service),
                Receiver::Customer(customer) => customers[customer],
            };
            graph.add_edge(NodeIndex::new(provider), to, index);
        }
        let ever_needed = EdgeFiltered::from_fn(&graph, |edge| self.ever_needed[*edge.weight()]);
        let mut matters = vec![false; graph.node_count()];
        let mut walk = Dfs::empty(Reversed(&ever_needed));
        walk.stack = customers;
        while let Some(node) = walk.next(Reversed(&ever_needed)) {
            matters[node.index()] = true;
        }
        Some(Graph { graph, matters })
    }
}
