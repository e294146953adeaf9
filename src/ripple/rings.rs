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
    /// Employees who are struck themselves, or of whom a service is.
    pub(super) struck: Vec<bool>,
}

impl Rings {
    /// Ring 0 are those who are struck: an employee; whose service it is; who provides what is struck on its way, of which
    /// only the receiver is in ring 1, as is who stands in for somebody who is away. O(V + E).
    pub(super) fn of(plan: &Plan, shocks: &Disturbances) -> Self {
        let owner = |service: usize| plan.services[service].employee;
        let mut reached = Reached {
            employees: vec![None; plan.employees.len()],
            customers: vec![None; plan.customers.len()],
            open: VecDeque::new(),
        };
        let people = shocks.employees().map(|(_, employee, _)| employee);
        let mut struck = vec![false; plan.employees.len()];
        for employee in people.chain(shocks.services().map(|(_, service, _)| owner(service))) {
            reached.employee(employee, 0);
            struck[employee] = true;
        }
        let mut away = vec![false; plan.employees.len()];
        shocks.employees().filter(|(.., struck)| struck.absent).for_each(|(_, employee, _)| away[employee] = true);
        for service in plan.services.iter().filter(|service| away[service.employee]) {
            service.backup.iter().for_each(|backup| reached.employee(backup.employee, 1));
        }
        for (_, dependency, _) in shocks.dependencies() {
            reached.receiver(plan, plan.dependencies[dependency].receiver, 1);
        }
        let mut receivers = vec![Vec::new(); plan.employees.len()];
        for dependency in plan.dependencies.iter().filter(|dependency| !dependency.needed.is_never()) {
            receivers[owner(dependency.provider)].push(dependency.receiver);
        }
        while let Some((employee, ring)) = reached.open.pop_front() {
            for receiver in &receivers[employee] {
                reached.receiver(plan, *receiver, ring + 1);
            }
        }
        let Reached { mut employees, customers, .. } = reached;
        for (_, dependency, _) in shocks.dependencies() {
            employees[owner(plan.dependencies[dependency].provider)] = Some(0);
        }
        Self { employees, customers, struck }
    }
}

/// Who is reached so far, nearest first.
struct Reached {
    employees: Vec<Option<u32>>,
    customers: Vec<Option<u32>>,
    open: VecDeque<(usize, u32)>,
}

impl Reached {
    fn employee(&mut self, employee: usize, ring: u32) {
        if self.employees[employee].is_none() {
            self.employees[employee] = Some(ring);
            self.open.push_back((employee, ring));
        }
    }

    fn receiver(&mut self, plan: &Plan, receiver: To, ring: u32) {
        match receiver {
            To::Customer(customer) => self.customers[customer] = self.customers[customer].or(Some(ring)),
            To::Service(service) => self.employee(plan.services[service].employee, ring),
        }
    }
}
