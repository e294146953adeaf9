//! Many things by all threads, few by the one that asks: to wake another takes as long as hundreds of them, or thousands where
//! processors are shared.

use rayon::iter::plumbing::{Producer, ProducerCallback};
use rayon::prelude::*;

/// So many are worth other threads.
const MANY: usize = 1 << 15;

/// Whether so many things are worth other threads.
pub(crate) fn are_many(things: usize) -> bool {
    things >= MANY
}

/// All items, in their order.
pub(crate) fn collect<I: IndexedParallelIterator>(items: I) -> Vec<I::Item> {
    if are_many(items.len()) { items.collect() } else { items.with_producer(OneByOne) }
}

/// Goes through all items for what is done on the way to so many things.
pub(crate) fn run(things: usize, items: impl IndexedParallelIterator<Item = ()>) {
    if are_many(things) {
        items.for_each(|()| {});
    } else {
        items.with_producer(OneByOne);
    }
}

/// Does both at once where there are many things.
pub(crate) fn both<A: Send, B: Send>(
    things: usize,
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    if are_many(things) { rayon::join(a, b) } else { (a(), b()) }
}

struct OneByOne;

impl<T> ProducerCallback<T> for OneByOne {
    type Output = Vec<T>;

    fn callback<P: Producer<Item = T>>(self, producer: P) -> Self::Output {
        producer.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_come_in_their_order() {
        for count in [0, 1, MANY - 1, MANY, 3 * MANY] {
            let squares = collect((0..count).into_par_iter().map_init(|| 2, |power, x: usize| x.pow(*power)));
            assert!(squares.into_iter().eq((0..count).map(|x| x * x)));
        }
    }

    #[test]
    fn few_are_done_by_the_thread_that_asks() {
        let caller = std::thread::current().id();
        let threads = collect((0..MANY - 1).into_par_iter().map(|_| std::thread::current().id()));
        assert!(threads.into_iter().all(|thread| thread == caller));
    }
}
