//! Many things put into groups.

use rayon::iter::repeat_n;
use rayon::prelude::*;

use crate::threads;

/// More threads than these would wait for the memory.
const PARTS: usize = 8;

/// Items by the group to which they belong, in the order in which they came, without a list for each group.
pub(super) struct Grouped<T> {
    starts: Vec<usize>,
    items: Vec<T>,
}

impl<T: Copy + Default + Send> Grouped<T> {
    /// Of the items that `item` gives for `0..count`, each with its group. Up to [`PARTS`] threads look at all items, and take those of
    /// their groups: O(groups + count).
    pub(super) fn new(groups: usize, count: usize, item: impl Fn(usize) -> Option<(usize, T)> + Sync) -> Self {
        let threads = if threads::are_many(count) { rayon::current_num_threads().min(PARTS) } else { 1 };
        let each = groups.div_ceil(threads).max(1);
        let all = || (0..count).filter_map(&item);
        let mut starts = vec![0; groups + 1];
        let counted = starts[1..].par_chunks_mut(each).enumerate().map(|(part, counts)| {
            for (group, _) in all() {
                if let Some(count) = counts.get_mut(group.wrapping_sub(part * each)) {
                    *count += 1;
                }
            }
        });
        threads::run(count, counted);
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut items = threads::collect(repeat_n(T::default(), total));
        let mut rest = items.as_mut_slice();
        let parts: Vec<(usize, &mut [T])> = (0..groups)
            .step_by(each)
            .map(|first| {
                let length = starts[groups.min(first + each)] - starts[first];
                (first, rest.split_off_mut(..length).unwrap_or_default())
            })
            .collect();
        let placed = parts.into_par_iter().map(|(first, items)| {
            let mut next: Vec<usize> =
                starts[first..groups.min(first + each)].iter().map(|start| start - starts[first]).collect();
            for (group, item) in all() {
                if let Some(next) = next.get_mut(group.wrapping_sub(first)) {
                    items[*next] = item;
                    *next += 1;
                }
            }
        });
        threads::run(count, placed);
        Self { starts, items }
    }

    /// Groups of so many items that are still to be put in. O(groups + items).
    pub(super) fn with_sizes(sizes: impl Iterator<Item = usize>) -> Self {
        let mut starts = vec![0];
        let mut total = 0;
        starts.extend(sizes.map(|size| {
            total += size;
            total
        }));
        Self { starts, items: threads::collect(repeat_n(T::default(), total)) }
    }

    pub(super) fn of(&self, group: usize) -> &[T] {
        &self.items[self.range(group)]
    }

    /// Where the items of a group stand among all.
    pub(super) fn range(&self, group: usize) -> std::ops::Range<usize> {
        self.starts[group]..self.starts[group + 1]
    }

    /// All items, group after group.
    pub(super) fn items(&self) -> &[T] {
        &self.items
    }

    /// The items of each group, to be changed.
    pub(super) fn groups(&mut self) -> Vec<&mut [T]> {
        let mut rest = self.items.as_mut_slice();
        self.starts.windows(2).map(|ends| rest.split_off_mut(..ends[1] - ends[0]).unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stand_in_their_groups_in_the_order_in_which_they_came() {
        for (groups, count) in [(0, 0), (1, 0), (3, 0), (1, 5), (7, 100), (10_001, 40_000), (3, 40_000)] {
            let group = |item: usize| item.wrapping_mul(2_654_435_761) % 11 % groups.max(1) * (groups / 11).max(1);
            let item = |item| (item % 5 != 0 && group(item) < groups).then(|| (group(item), item));
            let mut grouped = Grouped::new(groups, count, item);
            let mut expected = vec![Vec::new(); groups];
            (0..count).filter_map(item).for_each(|(group, item)| expected[group].push(item));
            for (group, expected) in expected.iter().enumerate() {
                assert_eq!(grouped.of(group), expected);
            }
            assert_eq!(grouped.items(), expected.concat());
            let empty = Grouped::<usize>::with_sizes(expected.iter().map(Vec::len));
            assert_eq!((&empty.starts, empty.items.len()), (&grouped.starts, grouped.items.len()));
            assert!(grouped.groups().into_iter().eq(&expected));
        }
    }
}
