//! How many hops lie between a shock and everybody else.

use std::collections::VecDeque;

use crate::Plan;
use crate::plan::To;
use crate::plan::disturbance::Disturbances;

/// Hops from the shock, along who needs whose work; none where nobody upstream is struck.
#[derive(Debug)]
pub(super) struct Rings {
    pub(super) employees: Vec<Option<u32>>,
    pub(super) customers: Vec<Option<u32>>,
}

impl Rings {
    /// Ring 0 are those who are struck: an employee; whose service it is; who provides what is struck on its way. O(V + E).
    pub(super) fn of(plan: &Plan, shocks: &Disturbances) -> Self {
        let mut employees = vec![None; plan.employees.len()];
        let mut customers = vec![None; plan.customers.len()];
        let mut open = VecDeque::new();
        let owner = |service: usize| plan.services[service].employee;
        let struck = shocks.employees().map(|(_, employee, _)| employee);
        let struck = struck.chain(shocks.services().map(|(_, service, _)| owner(service)));
        let providers = shocks.dependencies().map(|(_, dependency, _)| owner(plan.dependencies[dependency].provider));
        for employee in struck.chain(providers) {
            if employees[employee].is_none() {
                employees[employee] = Some(0);
                open.push_back(employee);
            }
        }
        let mut receivers = vec![Vec::new(); plan.employees.len()];
        for dependency in plan.dependencies.iter().filter(|dependency| !dependency.needed.is_never()) {
            receivers[owner(dependency.provider)].push(dependency.receiver);
        }
        while let Some(employee) = open.pop_front() {
            let next = employees[employee].map(|ring: u32| ring + 1);
            for receiver in &receivers[employee] {
                match *receiver {
                    To::Customer(customer) => customers[customer] = customers[customer].or(next),
                    To::Service(service) => {
                        let receiver = owner(service);
                        if employees[receiver].is_none() {
                            employees[receiver] = next;
                            open.push_back(receiver);
                        }
                    }
                }
            }
        }
        Self { employees, customers }
    }
}
