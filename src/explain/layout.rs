//! Where each figure of a customer is summed.

use super::Cause;
use crate::Plan;

/// Figures of a service, seen from one customer.
#[derive(Debug, Clone, Copy)]
pub(super) enum ServiceFigure {
    /// How often it was on the chain.
    Steps,
    /// Engagements in which it had no float.
    Critical,
    /// Hours worked on the chain.
    Work,
    /// The first of these again, where the wait was close to the promise.
    StepsWhenClose,
    WorkWhenClose,
    /// Engagements that its mistakes reached.
    Mistakes,
    /// What it added to the wait: more than its standard, a busy server, slack, an absence.
    Overrun,
    Queue,
    Slack,
    Absence,
}

/// Figures of a dependency, seen from one customer.
#[derive(Debug, Clone, Copy)]
pub(super) enum DependencyFigure {
    Steps,
    Critical,
    /// Hours of hand-off on the chain.
    Handoff,
    /// Engagements that a mistake reached over it.
    Mistakes,
    /// What it added to the wait.
    Overrun,
    Silence,
    Rework,
    Slack,
    Fallback,
    RoundTooEarly,
}

/// Figures of the customer.
#[derive(Debug, Clone, Copy)]
pub(super) enum CustomerFigure {
    /// Hours of waiting beyond plan.
    BeyondPlan,
    Late,
    /// Engagements with a mistake.
    Mistakes,
    /// Engagements in which the chain was not the only one.
    Tied,
    /// Engagements in which the wait was the promise exactly.
    AtPromise,
    /// Hours of slack where nothing came after the release.
    Slack,
    /// Engagements in which the parts did not add up: none, ever.
    Unexplained,
}

const SERVICE: usize = ServiceFigure::Absence as usize + 1;
const DEPENDENCY: usize = DependencyFigure::RoundTooEarly as usize + 1;
const CUSTOMER: usize = CustomerFigure::Unexplained as usize + 1;
const CAUSES: usize = Cause::ALL.len();
/// Of a person: all causes, and all but slack together.
const PERSON: usize = CAUSES + 1;

/// The places of all figures of one customer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    services: usize,
    dependencies: usize,
    people: usize,
}

impl Layout {
    pub(super) fn of(plan: &Plan) -> Self {
        let (services, dependencies) = (plan.services.len(), plan.dependencies.len());
        Self { services, dependencies, people: plan.employees.len() }
    }

    pub(super) fn len(&self) -> usize {
        self.cause_base() + CAUSES
    }

    fn cause_base(&self) -> usize {
        CUSTOMER + SERVICE * self.services + DEPENDENCY * self.dependencies + PERSON * self.people
    }

    pub(super) fn customer(&self, figure: CustomerFigure) -> usize {
        figure as usize
    }

    pub(super) fn service(&self, service: usize, figure: ServiceFigure) -> usize {
        CUSTOMER + SERVICE * service + figure as usize
    }

    pub(super) fn dependency(&self, dependency: usize, figure: DependencyFigure) -> usize {
        CUSTOMER + SERVICE * self.services + DEPENDENCY * dependency + figure as usize
    }

    /// What an employee added to the wait, in one way.
    pub(super) fn person(&self, employee: usize, cause: Cause) -> usize {
        CUSTOMER + SERVICE * self.services + DEPENDENCY * self.dependencies + PERSON * employee + cause as usize
    }

    /// What an employee added, whatever slack took off.
    pub(super) fn person_in_all(&self, employee: usize) -> usize {
        self.person(employee, Cause::Work) + CAUSES
    }

    /// What everybody added to the wait, in one way.
    pub(super) fn cause(&self, cause: Cause) -> usize {
        self.cause_base() + cause as usize
    }
}
