//! A ring of neighbours with some links thrown far (Watts & Strogatz 1998), each link running forward in a random order.

use std::collections::HashSet;

use super::draws::{Draws, Question};
use super::settings::Link;

/// Tries for a far service that is not joined already, before a link stays where it was.
const TRIES: u64 = 64;

pub(super) fn links(services: u32, dependencies: u32, rewiring: f64, draws: Draws) -> Vec<Link> {
    let far = rewired(services, dependencies, rewiring, draws);
    let rank = |service: u32| (draws.word(Question::Rank, service, 0), service);
    let mut links: Vec<Link> = Vec::with_capacity(far.len());
    for (place, &b) in far.iter().enumerate() {
        let a = (place / dependencies as usize) as u32;
        let (provider, receiver) = if rank(a) < rank(b) { (a, b) } else { (b, a) };
        links.push(Link { provider, receiver });
    }
    links.sort_unstable_by_key(|link| (link.receiver, link.provider));
    links
}

/// The other end of the `step`-th link of each service, at `service * dependencies + step - 1`.
fn rewired(services: u32, dependencies: u32, rewiring: f64, draws: Draws) -> Vec<u32> {
    let at = |service: u32, step: u32| service as usize * dependencies as usize + step as usize - 1;
    let neighbour = |service: u32, step: u32| {
        let on = service + step;
        if on >= services { on - services } else { on }
    };
    let mut ends: Vec<u32> =
        (0..services).flat_map(|service| (1..=dependencies).map(move |step| neighbour(service, step))).collect();
    let mut thrown: HashSet<(u32, u32)> = HashSet::new();
    // In the order of the paper: the nearest neighbours of everybody first.
    for step in 1..=dependencies {
        for service in 0..services {
            if !draws.happens(rewiring, Question::Rewire, service, u64::from(step)) {
                continue;
            }
            let is_free = |&other: &u32| {
                let stands = |a: u32, b: u32| {
                    let apart = if b >= a { b - a } else { services - a + b };
                    (1..=dependencies).contains(&apart) && ends[at(a, apart)] == b
                };
                let pair = (service.min(other), service.max(other));
                other != service && !stands(service, other) && !stands(other, service) && !thrown.contains(&pair)
            };
            let drawn =
                |attempt| draws.below_steadily(services, Question::Need, service, u64::from(step) << 32 | attempt);
            if let Some(other) = (0..TRIES).map(drawn).find(is_free) {
                ends[at(service, step)] = other;
                thrown.insert((service.min(other), service.max(other)));
            }
        }
    }
    ends
}
