//! Things sorted by their ids, and where each of them comes to stand.

use rayon::prelude::*;

use crate::threads;

/// The first eight bytes of a text, which mostly decide an order without a look at the text itself.
pub(super) fn head(text: &str) -> u64 {
    text.bytes().chain(std::iter::repeat(0)).take(8).fold(0, |head, byte| head << 8 | u64::from(byte))
}

/// The things of the file, ascending in id. O(n log n).
pub(super) fn by_id(ids: &[String]) -> Vec<usize> {
    let mut keyed = threads::collect(ids.par_iter().enumerate().map(|(at, id)| (head(id), at)));
    keyed.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| ids[a.1].cmp(&ids[b.1])));
    keyed.into_iter().map(|(_, at)| at).collect()
}

/// For each thing of the file its place in an order of all.
pub(super) fn places(order: &[usize]) -> Vec<usize> {
    let mut places = vec![0; order.len()];
    for (place, &at) in order.iter().enumerate() {
        places[at] = place;
    }
    places
}
