//! Planned times: inputs of the round itself, every server free at release, all needed, standards for work and hand-offs.

use super::edges::Edge;
use super::grouped::Grouped;
use super::{Group, PlannedKind};
use crate::{Error, ErrorKind, grid};

/// What a service takes, and whose server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    pub(super) buffer: f64,
    pub(super) hours: f64,
    pub(super) employee: usize,
}

/// When a service is planned to happen, in hours from the release of its round.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    pub(super) ready: f64,
    pub(super) start: f64,
    pub(super) finish: f64,
}

/// The planned times of services in the total order, and when customers have all that is planned for them. Edges stand by receiver, and
/// all their ends are places.
pub(super) struct Timetable {
    pub(super) services: Vec<Times>,
    pub(super) customers: Vec<f64>,
}

impl Timetable {
    /// Of the work of all services in the total order, and how many servers each employee has. O(services * servers + edges), and sorting
    /// the members of groups.
    pub(super) fn of(
        work: &[Work],
        servers: impl Iterator<Item = usize>,
        edges: &Grouped<Edge>,
        groups: &[Vec<Group>],
    ) -> Result<Self, Error> {
        let mut firsts = vec![0];
        firsts.extend(servers.scan(0, |sum, servers| {
            *sum += servers;
            Some(*sum)
        }));
        let mut free = vec![0.0; firsts.last().copied().unwrap_or(0)];
        let mut services = vec![Times::default(); work.len()];
        for (place, work) in work.iter().enumerate() {
            let arrival = |edge: &Edge| services[edge.provider as usize].finish + edge.handoff;
            let ready = planned_ready(edges, place, &groups[place], arrival);
            let server = earliest(&mut free[firsts[work.employee]..firsts[work.employee + 1]]);
            let start = grid::later(ready, *server) + work.buffer;
            let finish = start + work.hours;
            *server = finish;
            if finish > grid::MAX_TIME {
                return Err(too_long("employees", finish));
            }
            services[place] = Times { ready, start, finish };
        }
        let arrival = |edge: &Edge| edge.handoff + services[edge.provider as usize].finish;
        if let Some(late) = edges.items().iter().map(arrival).find(|arrival| *arrival > grid::MAX_TIME) {
            return Err(too_long("dependencies", late));
        }
        let receivers = services.len()..groups.len();
        let customers = receivers.map(|receiver| planned_ready(edges, receiver, &groups[receiver], arrival)).collect();
        Ok(Self { services, customers })
    }
}

/// The server that is free earliest, the lowest of equals.
pub(crate) fn earliest(servers: &mut [f64]) -> &mut f64 {
    let mut best = 0;
    for server in 1..servers.len() {
        if servers[server] < servers[best] {
            best = server;
        }
    }
    &mut servers[best]
}

/// When what a receiver needs of a round itself is there, by planned arrivals.
fn planned_ready(edges: &Grouped<Edge>, receiver: usize, groups: &[Group], arrival: impl Fn(&Edge) -> f64) -> f64 {
    let mut ready = 0.0;
    for edge in edges.of(receiver).iter().filter(|edge| edge.is_within() && edge.kind == PlannedKind::Required) {
        ready = grid::later(ready, arrival(edge));
    }
    for group in groups {
        // A member of an earlier round is there already.
        let members = group.members.iter().map(|&member| &edges.items()[member]).filter(|edge| edge.is_ever_needed);
        let (now, earlier): (Vec<_>, Vec<_>) = members.partition(|edge| edge.lag == 0);
        let mut arrivals: Vec<f64> = now.into_iter().map(&arrival).collect();
        arrivals.sort_by(f64::total_cmp);
        let waited_for = group.count.saturating_sub(earlier.len()).min(arrivals.len());
        if waited_for > 0 {
            ready = grid::later(ready, arrivals[waited_for - 1]);
        }
    }
    ready
}

fn too_long(path: &str, hours: f64) -> Error {
    Error::new(
        ErrorKind::Range,
        path,
        format!("work planned to end {hours} hours after its release"),
        format!("planned times up to 2^23 = {} hours", grid::MAX_TIME),
        "Shorten the standards or the chain.",
    )
}
