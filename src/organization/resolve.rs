//! Names become indices, and every problem of meaning is found at once.

use petgraph::graph::DiGraph;

use super::check::Checker;
use super::description::{Defaults, Description};
pub(crate) use super::links::Receiver;
use super::links::{Graph, Links, Node};
pub(crate) use super::people::ServiceAt;
use super::read::Finding;
use super::texts::Ids;
use crate::threads;

/// A description whose names all point to something. Indices follow the order of the file.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// Nodes: services, then customers; edges: dependencies; both in the order of the file.
    pub(crate) graph: DiGraph<Node, usize>,
    pub(crate) department_ids: Vec<String>,
    pub(crate) employee_ids: Vec<String>,
    pub(crate) employee_departments: Vec<Option<usize>>,
    pub(crate) customer_ids: Vec<String>,
    pub(crate) dependency_ids: Ids,
    pub(crate) services: Vec<ServiceAt>,
    pub(crate) dependencies: Vec<(usize, Receiver)>,
    /// Whether some round may need them; the others take no part in plans, cycles or reachability. Walks of a graph ask it of links
    /// in any order, and a description is large.
    pub(crate) ever_needed: Vec<bool>,
    pub(crate) journeys: Vec<Vec<usize>>,
    /// The services that the written order names, in that order.
    pub(crate) order: Vec<usize>,
}

impl Resolved {
    /// What holds for a service that does not say otherwise, if its department says.
    pub(crate) fn defaults<'d>(&self, description: &'d Description, service: &ServiceAt) -> Option<&'d Defaults> {
        description.departments[self.employee_departments[service.employee]?].defaults.as_ref()
    }

    /// Whether it is waited for within the round, if at all.
    pub(crate) fn is_within(&self, description: &Description, dependency: usize) -> bool {
        self.ever_needed[dependency] && description.dependencies[dependency].lag.unwrap_or(0) == 0
    }

    pub(crate) fn receiver_matters(&self, dependency: usize) -> bool {
        match self.dependencies[dependency].1 {
            Receiver::Service(service) => self.services[service].matters,
            Receiver::Customer(_) => true,
        }
    }
}

/// Resolves a description; `None` if anything is an error.
pub(super) fn resolve(description: &Description, findings: &mut Vec<Finding>) -> Option<Resolved> {
    let mut check = Checker::default();
    check.settings(description);
    check.climate(description);
    check.shocks(description);
    let departments = check.departments(description);
    let employees = check.employees(description, &departments);
    let customers = check.customers(description, &employees);
    let mut services = check.services(description, &employees);
    let links = Links::of(description, &employees, &customers, &services);
    let (graph, ()) = threads::both(
        links.ids.len(),
        || links.graph(&services, customers.ids.len()),
        || check.dependencies(description, &employees, &customers, &links),
    );
    let Links { ends, ids, ever_needed } = links;
    let dependencies: Option<Vec<(usize, Receiver)>> = ends.into_iter().collect();
    let resolved =
        graph.zip(dependencies).filter(|_| !check.failed()).map(|(Graph { graph, matters }, dependencies)| {
            for (service, matters) in services.iter_mut().zip(matters) {
                service.matters = matters;
            }
            Resolved {
                graph,
                department_ids: departments.ids,
                employee_ids: employees.ids,
                employee_departments: employees.departments,
                customer_ids: customers.ids,
                dependency_ids: ids,
                services,
                dependencies,
                ever_needed,
                journeys: Vec::new(),
                order: Vec::new(),
            }
        });
    let resolved = resolved.and_then(|mut resolved| {
        check.groups(description, &resolved);
        if check.failed() {
            return None;
        }
        check.reach(description, &mut resolved);
        resolved.order = check.order(description, &resolved);
        check.scenarios(description, &resolved);
        check.struck(description, &resolved);
        (!check.failed()).then_some(resolved)
    });
    findings.append(&mut check.findings);
    resolved
}
