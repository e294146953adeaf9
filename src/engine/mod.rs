//! What happens: replications of a plan under the streams of a seed.
//!
//! | file | what lives there |
//! |---|---|
//! | `block` | the engine of runs: 256 replications at a time |
//! | `scalar` | the engine of traces, and the oracle of the other: one replication, one round, one service after the other |
//! | `climate` | morale and turnover, number by number, in both |
//! | `draws` | the words of one thing in one round, asked for when they are needed |
//! | `record` | what one round of one replication looked like |
//! | `trace` | one replication in full, for people |
//!
//! Engines decide nothing about what is reported: the scalar one fills a [`Round`](record::Round) for each round, the other
//! shows what happens to whoever watches. Both give the same bits.

pub(crate) mod block;
pub(crate) mod climate;
mod draws;
pub(crate) mod record;
pub(crate) mod scalar;
mod trace;

pub(crate) use draws::Draws;
pub use trace::{Trace, TracedCustomer, TracedDependency, TracedPost, TracedRound, TracedService};

use crate::Plan;
use crate::plan::disturbance::Disturbances;
use crate::streams::{Key, Streams, Thing};

/// The stream keys of everything in a plan, for one seed.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) services: Vec<Key>,
    pub(crate) dependencies: Vec<Key>,
    pub(crate) employees: Vec<Key>,
    pub(crate) departments: Vec<Key>,
    pub(crate) release: Key,
    /// Those of the hours that the plan's shocks cost.
    pub(crate) shocks: Vec<Key>,
}

/// What shocks do, and the keys of the hours that they cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shocks<'p> {
    pub(crate) disturbances: &'p Disturbances,
    pub(crate) keys: &'p [Key],
}

impl<'p> Shocks<'p> {
    /// Those of a plan.
    pub(crate) fn of(plan: &'p Plan, keys: &'p Keys) -> Self {
        Self { disturbances: &plan.disturbances, keys: &keys.shocks }
    }
}

impl Keys {
    pub(crate) fn of(plan: &Plan, seed: u64) -> Self {
        let streams = Streams::new(seed);
        Self {
            services: (0..plan.services.len()).map(|at| streams.key(Thing::Service, plan.service_id(at))).collect(),
            dependencies: (0..plan.dependencies.len())
                .map(|at| streams.key(Thing::Dependency, plan.dependency_id(at)))
                .collect(),
            employees: (0..plan.employees.len()).map(|at| streams.key(Thing::Employee, plan.employee_id(at))).collect(),
            departments: (0..plan.departments.len())
                .map(|at| streams.key(Thing::Department, plan.department_id(at)))
                .collect(),
            release: streams.key(Thing::Release, ""),
            shocks: shock_keys(&plan.disturbances, seed),
        }
    }
}

/// The keys of the hours that shocks cost.
pub(crate) fn shock_keys(disturbances: &Disturbances, seed: u64) -> Vec<Key> {
    let streams = Streams::new(seed);
    disturbances.streams().iter().map(|id| streams.key(Thing::Shock, id)).collect()
}
