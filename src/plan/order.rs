//! The total order of services, where part of it is written.

use crate::organization::Description;
use crate::organization::resolve::{Receiver, Resolved};

/// The written order, then whom it leaves out in the order of the longest paths; but whoever provides something within
/// the round comes before who needs it. A written order that keeps to that stays as it is. A walk in depth, O(V + E).
pub(super) fn as_written(description: &Description, resolved: &Resolved, by_path: Vec<usize>) -> Vec<usize> {
    if resolved.order.is_empty() {
        return by_path;
    }
    let mut place = vec![usize::MAX; by_path.len()];
    for (written, &service) in resolved.order.iter().enumerate() {
        place[service] = written;
    }
    for (later, &service) in by_path.iter().enumerate() {
        if place[service] == usize::MAX {
            place[service] = resolved.order.len() + later;
        }
    }
    let mut wanted = by_path;
    wanted.sort_by_key(|&service| place[service]);
    let mut providers: Vec<Vec<usize>> = vec![Vec::new(); wanted.len()];
    for (edge, &(provider, receiver)) in resolved.dependencies.iter().enumerate() {
        if let Receiver::Service(receiver) = receiver
            && resolved.is_within(description, edge)
        {
            providers[receiver].push(provider);
        }
    }
    for list in &mut providers {
        // The first of them is taken from the end.
        list.sort_by_key(|&provider| std::cmp::Reverse(place[provider]));
    }
    let mut order = Vec::with_capacity(wanted.len());
    let mut seen = vec![false; wanted.len()];
    for first in wanted {
        let mut path = if std::mem::replace(&mut seen[first], true) { Vec::new() } else { vec![first] };
        while let Some(&service) = path.last() {
            match providers[service].pop() {
                Some(provider) if std::mem::replace(&mut seen[provider], true) => {}
                Some(provider) => path.push(provider),
                None => {
                    order.push(service);
                    path.pop();
                }
            }
        }
    }
    order
}
