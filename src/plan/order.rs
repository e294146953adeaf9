//! The total order of services: by the longest paths, or as it is written.

use rayon::prelude::*;

use super::edges::Standards;
use super::grouped::Grouped;
use super::sorted::head;
use crate::organization::resolve::Resolved;
use crate::{grid, threads};

/// The longest path to the start of a service, as far as it is known.
#[derive(Debug, Clone, Copy)]
struct Path {
    length: f64,
    buffer: f64,
    /// Inputs whose providers' paths are not known yet.
    waits_for: u32,
    depth: u32,
}

/// All services, ascending in (length of the longest path of standards, hand-offs and buffers to their start; depth in
/// edges; id), over all dependencies within a round; `None` if there is a circle among them. O(V log V + E).
pub(super) fn by_path(resolved: &Resolved, standards: &Standards) -> Option<Vec<usize>> {
    let count = resolved.services.len();
    // Who waits, and for how long the hand-off takes; together, and so what is known of a service: networks are larger than caches.
    let receivers = Grouped::new(count, standards.edges.len(), |at| {
        let edge = &standards.edges[at];
        let is_service = (edge.receiver as usize) < count;
        (is_service && edge.is_within()).then_some((edge.provider as usize, (edge.receiver, edge.handoff)))
    });
    let mut paths: Vec<Path> =
        standards.buffers.iter().map(|&buffer| Path { length: buffer, buffer, waits_for: 0, depth: 0 }).collect();
    for &(receiver, _) in receivers.items() {
        paths[receiver as usize].waits_for += 1;
    }
    let mut ready: Vec<usize> = Vec::with_capacity(count);
    ready.extend((0..count).filter(|&service| paths[service].waits_for == 0));
    let mut done = 0;
    while let Some(&service) = ready.get(done) {
        done += 1;
        let (end, depth) = (paths[service].length + standards.services[service], paths[service].depth + 1);
        for &(receiver, handoff) in receivers.of(service) {
            let path = &mut paths[receiver as usize];
            path.length = grid::later(path.length, end + handoff + path.buffer);
            path.depth = path.depth.max(depth);
            path.waits_for -= 1;
            if path.waits_for == 0 {
                ready.push(receiver as usize);
            }
        }
    }
    if done < count {
        return None;
    }
    let id = |service: usize| resolved.services[service].id.as_str();
    let key = |service: usize| (paths[service].length, paths[service].depth, head(id(service)), service);
    let mut order: Vec<(f64, u32, u64, usize)> = threads::collect((0..count).into_par_iter().map(key));
    order.par_sort_unstable_by(|a, b| {
        a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)).then_with(|| id(a.3).cmp(id(b.3)))
    });
    Some(order.into_iter().map(|(.., service)| service).collect())
}

/// The written order, then whom it leaves out in the order of the longest paths; but whoever provides something within
/// the round comes before who needs it. A written order that keeps to that stays as it is. A walk in depth, O(V + E).
pub(super) fn as_written(resolved: &Resolved, standards: &Standards, by_path: Vec<usize>) -> Vec<usize> {
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
    for edge in standards.edges.iter().filter(|edge| edge.is_within()) {
        if let Some(providers) = providers.get_mut(edge.receiver as usize) {
            providers.push(edge.provider as usize);
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
