//! What leads to a customer and what does not: groups, services that nobody needs, customers whom nobody serves, journeys.

use std::collections::{HashMap, HashSet};

use petgraph::Direction;
use petgraph::graph::{EdgeReference, NodeIndex};
use petgraph::visit::{Dfs, EdgeFiltered, IntoNeighborsDirected, Reversed};

use super::check::{Checker, places_where};
use super::description::{Dependency, Description, Kind};
use super::resolve::{Receiver, Resolved, ServiceAt};
use crate::ErrorKind;

impl Checker {
    /// Groups belong to one receiver; their counts agree, and are at most their sizes.
    pub(super) fn groups(&mut self, description: &Description, resolved: &Resolved) {
        let receiver = |index: usize| resolved.dependencies[index].1;
        let mut groups: HashMap<(Receiver, &str), Vec<usize>> = HashMap::new();
        let mut order = Vec::new();
        let is_member = |_, dependency: &Dependency| matches!(dependency.kind, Some(Kind::Any { .. }));
        for index in places_where(&description.dependencies, is_member) {
            if let Some(Kind::Any { group, .. }) = &description.dependencies[index].kind {
                let members = groups.entry((receiver(index), group)).or_default();
                if members.is_empty() {
                    order.push((receiver(index), group.as_str()));
                }
                members.push(index);
            }
        }
        let count_of = |index: usize| match &description.dependencies[index].kind {
            Some(Kind::Any { count, .. }) => *count,
            _ => 0,
        };
        for key in order {
            let members = &groups[&key];
            let (size, first) = (members.len(), count_of(members[0]));
            let ever = members.iter().filter(|&&index| resolved.ever_needed[index]).count();
            if first as usize > ever && first as usize <= size {
                self.warn(
                    ErrorKind::Range,
                    format!("dependencies[{}].kind.any.count", members[0]),
                    format!("any {first} of a group of {size}, of whom only {ever} are ever needed"),
                    "a count of those that are sometimes needed, or fewer",
                    "Lower the count, or drop the members with \"needed\": 0.",
                );
            }
            for &index in members {
                let count = count_of(index);
                let path = format!("dependencies[{index}].kind.any.count");
                if count != first {
                    self.error(
                        ErrorKind::Range,
                        path,
                        format!("{count}, where dependencies[{}] of the same group says {first}", members[0]),
                        "one count for a group",
                        "Write the same count in all of its members.",
                    );
                } else if count == 0 || count as usize > size {
                    self.error(
                        ErrorKind::Range,
                        path,
                        format!("any {count} of {size}"),
                        &format!(
                            "1 to {size}, the size of group {:?} at {:?}",
                            key.1, description.dependencies[index].receiver
                        ),
                        "Lower the count, or add members to the group.",
                    );
                }
            }
        }
    }

    /// What does not lead to a customer, and journeys.
    pub(super) fn reach(&mut self, description: &Description, resolved: &mut Resolved) {
        let services = resolved.services.len();
        let ever_needed = EdgeFiltered::from_fn(&resolved.graph, |edge: EdgeReference<'_, usize>| {
            resolved.ever_needed[*edge.weight()]
        });
        for service in &resolved.services {
            if !service.matters {
                self.warn(
                    ErrorKind::Unreachable,
                    format!("employees[{}].services[{}]", service.employee, service.service),
                    format!("{:?}, which nobody needs", service.label),
                    "services on which some customer depends in the end",
                    "Add a dependency on it, or leave it out: it takes time and serves nobody.",
                );
            }
        }
        // A service goes by its label, or by the employee's name where it is the only one.
        let only = |service: &ServiceAt| {
            let employee = &description.employees[service.employee];
            (employee.services.len() == 1).then_some(employee.name.as_str())
        };
        let mut stages_by_name: HashMap<&str, usize> = HashMap::new();
        if description
            .customers
            .iter()
            .any(|customer| customer.journey.as_ref().is_some_and(|stages| !stages.is_empty()))
        {
            for (index, service) in resolved.services.iter().enumerate() {
                let names = [Some(service.label.as_str()), only(service)];
                stages_by_name.extend(names.into_iter().flatten().map(|name| (name, index)));
            }
        }
        let mut journeys = Vec::with_capacity(description.customers.len());
        for (index, customer) in description.customers.iter().enumerate() {
            let node = NodeIndex::new(services + index);
            if (&ever_needed).neighbors_directed(node, Direction::Incoming).next().is_none() {
                self.error(
                    ErrorKind::Unreachable,
                    format!("customers[{index}]"),
                    format!("{:?}, whom nobody serves", customer.name),
                    "customers with at least one dependency that is sometimes needed",
                    "Add a dependency with this customer as its receiver.",
                );
            }
            let stages = customer.journey.as_deref().unwrap_or_default();
            let mut journey = Vec::new();
            if !stages.is_empty() {
                let mut upstream = HashSet::new();
                let mut walk = Dfs::new(Reversed(&ever_needed), node);
                while let Some(node) = walk.next(Reversed(&ever_needed)) {
                    upstream.insert(node.index());
                }
                for (number, stage) in stages.iter().enumerate() {
                    let path = format!("customers[{index}].journey[{number}]");
                    let Some(service) = self.stage(&stages_by_name, &path, stage) else { continue };
                    if !upstream.contains(&service) {
                        self.error(
                            ErrorKind::Unreachable,
                            path,
                            format!("{stage:?}, on which {:?} does not depend", customer.name),
                            "services upstream of the customer",
                            "Add the dependency that leads from it to the customer, or drop the stage.",
                        );
                    }
                    journey.push(service);
                }
            }
            journeys.push(journey);
        }
        resolved.journeys = journeys;
    }

    fn stage(&mut self, services: &HashMap<&str, usize>, path: &str, stage: &str) -> Option<usize> {
        let found = services.get(stage).copied();
        if found.is_none() {
            let labels = services.keys().copied();
            self.error(
                ErrorKind::Name,
                path.to_owned(),
                format!("{stage:?}, which is no service"),
                "the name of an employee with one service, or employee/service",
                self.nearest(stage, labels, "Name a service that the customer touches."),
            );
        }
        found
    }
}
