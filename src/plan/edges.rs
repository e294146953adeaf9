//! What of services and dependencies counts for order and planned times: small, so that networks of millions are gone through quickly.

use rayon::prelude::*;

use super::PlannedKind;
use super::sorted::head;
use crate::grid;
use crate::organization::resolve::{Receiver, Resolved, ServiceAt};
use crate::organization::{Dependency, Description, Kind};
use crate::threads;
use crate::{Distribution, Hours};

/// A dependency. Who receives: a service, or after all services a customer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Edge {
    /// Hours of the hand-off by its standard, on the grid.
    pub(super) handoff: f64,
    /// The head of its id.
    pub(super) head: u64,
    /// The index in the description.
    pub(super) at: u32,
    pub(super) provider: u32,
    pub(super) receiver: u32,
    pub(super) lag: u16,
    pub(super) kind: PlannedKind,
    /// Whether some round may need it.
    pub(super) is_ever_needed: bool,
}

impl Edge {
    /// Whether it is needed of the round itself.
    pub(super) fn is_within(&self) -> bool {
        self.is_ever_needed && self.lag == 0
    }
}

/// Hours promised for work and hand-offs, on the grid, and who waits for whom, in the order of the file.
pub(super) struct Standards {
    pub(super) services: Vec<f64>,
    pub(super) buffers: Vec<f64>,
    pub(super) edges: Vec<Edge>,
}

impl Standards {
    pub(super) fn of(description: &Description, resolved: &Resolved) -> Self {
        let standard = |written: Option<Hours>, of: Option<&Distribution>| {
            grid::round(written.map_or_else(|| of.map_or(0.0, Distribution::raw_mean), Hours::get))
        };
        let service = |at: &ServiceAt| &description.employees[at.employee].services[at.service];
        let of_service = |at: &ServiceAt| standard(service(at).standard, Some(&service(at).duration));
        let buffer = |at: &ServiceAt| {
            let default = resolved.defaults(description, at).and_then(|defaults| defaults.buffer);
            service(at).buffer.or(default).map_or(0.0, |buffer| grid::round(buffer.get()))
        };
        // The graph counts its nodes and edges by 32 bits, and lags were checked with the organisation.
        let edge = |(at, dependency): (usize, &Dependency)| {
            let (provider, receiver) = resolved.dependencies[at];
            Edge {
                handoff: standard(dependency.standard, dependency.handoff.as_ref()),
                head: head(resolved.dependency_ids.at(at)),
                at: at as u32,
                provider: provider as u32,
                receiver: match receiver {
                    Receiver::Service(service) => service as u32,
                    Receiver::Customer(customer) => (resolved.services.len() + customer) as u32,
                },
                lag: dependency.lag.unwrap_or(0) as u16,
                kind: match &dependency.kind {
                    None | Some(Kind::Required) => PlannedKind::Required,
                    Some(Kind::Helpful) => PlannedKind::Helpful,
                    Some(Kind::Any { .. }) => PlannedKind::Any,
                },
                is_ever_needed: resolved.ever_needed[at],
            }
        };
        Self {
            services: threads::collect(resolved.services.par_iter().map(of_service)),
            buffers: threads::collect(resolved.services.par_iter().map(buffer)),
            edges: threads::collect(description.dependencies.par_iter().enumerate().map(edge)),
        }
    }
}
