//! What each receives: dependencies by their receivers, and the groups of which some are enough.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::edges::Edge;
use super::grouped::Grouped;
use super::{Group, PlannedKind};
use crate::organization::resolve::Resolved;
use crate::organization::{Description, Kind};
use crate::threads;

/// All dependencies by their receivers in the order of the file, and by id within.
pub(super) fn by_receiver(resolved: &Resolved, edges: &[Edge]) -> Grouped<Edge> {
    let receivers = resolved.services.len() + resolved.customer_ids.len();
    let mut received = Grouped::new(receivers, edges.len(), |at| Some((edges[at].receiver as usize, edges[at])));
    let id_of = |edge: &Edge| resolved.dependency_ids.at(edge.at as usize);
    let order = |a: &Edge, b: &Edge| a.head.cmp(&b.head).then_with(|| id_of(a).cmp(id_of(b)));
    let sort = |inputs: &mut [Edge]| inputs.sort_unstable_by(order);
    threads::run(edges.len(), received.groups().into_par_iter().map(sort));
    received
}

/// The same by the places of receivers; all ends are places.
pub(super) fn placed(
    received: Grouped<Edge>,
    order: &[usize],
    customers: &[usize],
    service_places: &[usize],
) -> Grouped<Edge> {
    let receivers: Vec<usize> =
        order.iter().copied().chain(customers.iter().map(|customer| order.len() + customer)).collect();
    let put = |place: usize, inputs: &mut [Edge]| {
        for (edge, received) in inputs.iter_mut().zip(received.of(receivers[place])) {
            let provider = service_places[received.provider as usize] as u32;
            *edge = Edge { provider, receiver: place as u32, ..*received };
        }
    };
    let mut edges = Grouped::with_sizes(receivers.iter().map(|&receiver| received.range(receiver).len()));
    let count = edges.items().len();
    threads::run(count, edges.groups().into_par_iter().enumerate().map(|(place, inputs)| put(place, inputs)));
    edges
}

/// For each receiver, the groups of which some are enough, by name.
pub(super) fn groups(description: &Description, edges: &Grouped<Edge>, receivers: usize) -> Vec<Vec<Group>> {
    let of = |receiver: usize| {
        let mut named: BTreeMap<&str, Group> = BTreeMap::new();
        for member in edges.range(receiver) {
            let edge = &edges.items()[member];
            if edge.kind == PlannedKind::Any
                && let Some(Kind::Any { group, count }) = &description.dependencies[edge.at as usize].kind
            {
                let new = || Group { count: *count as usize, members: Vec::new() };
                named.entry(group).or_insert_with(new).members.push(member);
            }
        }
        named.into_values().collect()
    };
    threads::collect((0..receivers).into_par_iter().map(of))
}

#[cfg(test)]
mod tests {
    use crate::Organization;
    use crate::organization::{Customer, Dependency, Description, Employee, Service};

    #[test]
    fn inputs_come_by_their_ids_however_alike_and_wherever_they_stand() {
        let ids = ["account", "account history", "account history, old", "account\u{e9}", "accounts", "b"];
        for turn in 0..ids.len() {
            let mut shop = Description::new("Shop");
            shop.employees = vec![Employee::new("Ana").service(Service::new(1.0))];
            shop.customers = vec![Customer::new("Guests")];
            let mut written = ids;
            written.rotate_left(turn);
            shop.dependencies = written.map(|id| Dependency::new("Ana", "Guests").id(id)).into();
            let plan = Organization::new(shop).unwrap().plan().unwrap();
            let planned: Vec<&str> = (0..ids.len()).map(|dependency| plan.dependency_id(dependency)).collect();
            assert_eq!(
                planned,
                ["account", "account history", "account history, old", "accounts", "account\u{e9}", "b"]
            );
        }
    }
}
