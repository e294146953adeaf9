//! Dependencies looked at one by one, their ends and ids, and the graph that they make.

use std::array::from_fn;
use std::fmt::Display;

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, EdgeFiltered, Reversed};
use rayon::iter::repeat_n;
use rayon::prelude::*;

use super::check::{Checker, finds, places_where};
use super::description::{Dependency, Description};
use super::distinct::repeated;
use super::people::{Customers, Employees, ServiceAt, names, parts};
use super::texts::Ids;
use crate::together::TOGETHER;
use crate::{ErrorKind, threads};

/// A node of the dependency graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Node {
    /// A service: indices into `description().employees` and that employee's `services`.
    Service {
        /// The employee.
        employee: usize,
        /// The service among the employee's.
        service: usize,
    },
    /// A customer: an index into `description().customers`.
    Customer(usize),
}

/// Who receives a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Receiver {
    Service(usize),
    Customer(usize),
}

/// What becomes of dependencies, in the order of the file.
pub(super) struct Links {
    /// The provider and the receiver, where both are known.
    pub(super) ends: Vec<Option<(usize, Receiver)>>,
    /// Nothing where the ends are not known: that stands for nothing, even if it carries an id.
    pub(super) ids: Ids,
    /// Whether some round may need it.
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
        let mut ids = Ids::of_pieces(all.len());
        let batches = all.par_chunks(TOGETHER).zip(ends.par_chunks_mut(TOGETHER)).zip(ids.pieces().par_iter_mut());
        threads::run(
            all.len(),
            batches.map(|((all, ends), ids)| {
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
                ids.gather(ends.iter().zip(all), |text, (ends, dependency)| match (*ends, &dependency.id) {
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

fn is_ever_needed(dependency: &Dependency) -> bool {
    dependency.needed.is_none_or(|needed| needed.get() > 0.0)
}

impl Checker {
    /// Says why a reference, `Ana` or `Ana/account history`, names no service, if it names none.
    fn unknown_service(
        &mut self,
        description: &Description,
        employees: &Employees<'_>,
        path: impl Display,
        reference: &str,
    ) {
        if employees.service(reference).is_some() {
            return;
        }
        let (person, service) = parts(reference);
        let Some(employee) = employees.names.find(person) else {
            self.error(
                ErrorKind::Name,
                path.to_string(),
                format!("{person:?}, which is no employee"),
                "the name of an employee, or employee/service",
                self.nearest(person, names(description), "Add it to `employees`."),
            );
            return;
        };
        let offers = &description.employees[employee].services;
        let list = || {
            let names: Vec<_> = offers.iter().filter_map(|service| service.name.as_deref()).take(8).collect();
            names.join(", ")
        };
        let (found, mend) = match service {
            Some(name) if offers.iter().any(|offer| offer.name.is_some()) => (
                format!("{name:?}, which {person} does not provide"),
                self.nearest(
                    name,
                    offers.iter().filter_map(|offer| offer.name.as_deref()),
                    &format!("{person} provides: {}.", list()),
                ),
            ),
            Some(name) => (
                format!("{name:?}, which {person} does not provide"),
                format!("Write {person:?} alone, or name the service."),
            ),
            None if offers.is_empty() => {
                (format!("{person:?}, who provides no service"), format!("Give {person} a service."))
            }
            None => (
                format!("{person:?}, who provides {} services", offers.len()),
                format!("Say which one, e.g. \"{person}/{}\" ({}).", offers[0].name.as_deref().unwrap_or(""), list()),
            ),
        };
        self.error(
            ErrorKind::Name,
            path.to_string(),
            found,
            "the name of an employee with one service, or employee/service",
            mend,
        );
    }

    /// Says what is wrong with dependencies, in the order of the file.
    pub(super) fn dependencies(
        &mut self,
        description: &Description,
        employees: &Employees<'_>,
        customers: &Customers<'_>,
        links: &Links,
    ) {
        let (all, Links { ends, ids, .. }) = (&description.dependencies, links);
        let twice = repeated(ids.len(), |index| ends[index].map(|_| ids.at(index)));
        let is_odd = |index: usize, dependency: &Dependency| {
            ends[index].is_none()
                || twice.contains_key(&index)
                || finds(|check| check.dependency(format_args!("dependencies[{index}]"), dependency))
        };
        for index in places_where(all, is_odd) {
            let path = format_args!("dependencies[{index}]");
            self.dependency(path, &all[index]);
            if ends[index].is_none() {
                self.unknown_ends(description, employees, customers, path, &all[index]);
            }
            if let Some(first) = twice.get(&index) {
                let (first, mend) =
                    (format!("dependencies[{first}].id"), "Give each of the parallel dependencies an id of its own.");
                self.twice(ids.at(index), format!("{path}.id"), &first, "a dependency's id", mend);
            }
        }
    }

    /// Says which end of a dependency is not known, or both.
    fn unknown_ends(
        &mut self,
        description: &Description,
        employees: &Employees<'_>,
        customers: &Customers<'_>,
        path: impl Display,
        dependency: &Dependency,
    ) {
        self.unknown_service(description, employees, format_args!("{path}.provider"), &dependency.provider);
        if !customers.by_name.contains_key(dependency.receiver.as_str()) {
            self.unknown_receiver(description, employees, customers, path, &dependency.receiver);
        }
    }

    fn unknown_receiver(
        &mut self,
        description: &Description,
        employees: &Employees<'_>,
        customers: &Customers<'_>,
        path: impl Display,
        name: &str,
    ) {
        let (person, _) = parts(name);
        if employees.names.find(person).is_none() {
            let known = names(description).chain(customers.by_name.keys().copied());
            self.error(
                ErrorKind::Name,
                format!("{path}.receiver"),
                format!("{name:?}, which is neither employee nor customer"),
                "the name of an employee, employee/service, or the name of a customer",
                self.nearest(name, known, "Add it to `employees` or `customers`."),
            );
            return;
        }
        self.unknown_service(description, employees, format_args!("{path}.receiver"), name);
    }

    /// All about a dependency but its ends, and whether the id is there once.
    fn dependency(&mut self, path: impl Display + Copy, dependency: &Dependency) {
        self.id(path, dependency.id.as_ref());
        self.probability(path, "needed", dependency.needed);
        self.hours(path, "promise", dependency.promise);
        self.hours(path, "standard", dependency.standard);
        self.distribution(path, "handoff", dependency.handoff.as_ref());
        self.distribution(path, "rework", dependency.rework.as_ref());
        self.probability(path, "detection", dependency.detection);
        self.probability(path, "transmission", dependency.transmission);
        self.probability(path, "strength", dependency.strength);
        self.probability(path, "criticality", dependency.criticality);
        if let Some(silence) = &dependency.silence {
            let path = format_args!("{path}.silence");
            self.probability(path, "probability", Some(silence.probability));
            self.distribution(path, "chase", Some(&silence.chase));
        }
        if let Some(lag) = dependency.lag {
            self.number(format_args!("{path}.lag"), f64::from(lag), 0.0, 65_535.0, "a whole number");
        }
    }
}
