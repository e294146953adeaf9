//! A tree in which everybody but the first has a manager, and every manager but the last has `span` people.

use super::settings::Link;

pub(super) fn links(services: u32, span: u32) -> Vec<Link> {
    (1..services).map(|service| Link { provider: manager(service, span), receiver: service }).collect()
}

fn manager(service: u32, span: u32) -> u32 {
    (service - 1) / span
}

/// The branch in which a service stands: its forefather (or itself) on the first level that has as many as `branches`.
pub(super) fn branch(service: u32, span: u32, branches: u32) -> u32 {
    let (mut first, mut width) = (0u64, 1u64);
    while width < u64::from(branches) {
        first += width;
        width *= u64::from(span);
    }
    let mut at = service;
    while u64::from(at) >= first + width {
        at = manager(at, span);
    }
    (u64::from(at).saturating_sub(first) % u64::from(branches)) as u32
}
