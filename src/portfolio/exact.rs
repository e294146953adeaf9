//! All sets within the budget, run.

use super::evaluate::{Ground, Set, Tried};
use super::score::Score;
use crate::change::Workshop;
use crate::compare::progress::Progress;
use crate::practice::Practice;
use std::sync::atomic::Ordering;

/// How many sets the budget allows, counted without running any; none beyond so many.
pub(super) fn count(ground: &Ground<'_>, most: u64) -> Option<u64> {
    count_below(ground, 0, 0.0, most)
}

/// How many there are from a candidate on, where so much is spent already.
fn count_below(ground: &Ground<'_>, candidate: usize, cost: f64, most: u64) -> Option<u64> {
    fn below(ground: &Ground<'_>, candidate: usize, cost: f64, left: &mut u64) -> Option<()> {
        if candidate == ground.costs.len() {
            *left = left.checked_sub(1)?;
            return Some(());
        }
        below(ground, candidate + 1, cost, left)?;
        let dearer = cost + ground.costs[candidate];
        if ground.affords(dearer) { below(ground, candidate + 1, dearer, left) } else { Some(()) }
    }
    let mut left = most;
    below(ground, candidate, cost, &mut left)?;
    Some(most - left)
}

/// Runs all sets that the budget allows, in the order of their candidates as binary digits, the first the least.
///
/// They are the leaves of a tree in which each level takes up one more candidate or does not, so that what sets have in
/// common is made once. Branches run in parallel; each set is run by one thread, so nothing depends on their number.
pub(super) fn all(ground: &Ground<'_>, nothing: &Score, progress: &Progress<'_>) -> Vec<Tried> {
    let tree = Tree { ground, nothing, progress };
    let mut tried = tree.below(ground.workshop.clone(), 0, 0, 0.0);
    tried.sort_unstable_by_key(|tried| tried.set);
    tried
}

struct Tree<'a, 'o> {
    ground: &'a Ground<'a>,
    nothing: &'a Score,
    progress: &'a Progress<'o>,
}

impl Tree<'_, '_> {
    fn below(&self, workshop: Workshop, candidate: usize, set: Set, cost: f64) -> Vec<Tried> {
        let ground = self.ground;
        if self.progress.is_stopped() {
            return Vec::new();
        }
        if candidate == ground.costs.len() {
            return self.leaf(workshop, set).into_iter().collect();
        }
        let dearer = cost + ground.costs[candidate];
        if !ground.affords(dearer) {
            return self.below(workshop, candidate + 1, set, cost);
        }
        let taken_up = ground.take_up(&workshop, candidate, Practice::mean_effect);
        let without = || self.below(workshop, candidate + 1, set, cost);
        let with = || match taken_up {
            Ok(workshop) => self.below(workshop, candidate + 1, set | 1 << candidate, dearer),
            Err(_) => {
                // None of those that would take up more can be made, either.
                let sets = count_below(ground, candidate + 1, dearer, u64::MAX).unwrap_or(u64::MAX);
                ground.refused.fetch_add(sets, Ordering::Relaxed);
                Vec::new()
            }
        };
        let (mut tried, more) = rayon::join(without, with);
        tried.extend(more);
        tried
    }

    fn leaf(&self, workshop: Workshop, set: Set) -> Option<Tried> {
        let replications = self.ground.size.replications;
        let Ok(plan) = self.ground.compiled(workshop) else {
            self.ground.refused.fetch_add(1, Ordering::Relaxed);
            return None;
        };
        let score = self.ground.score(plan, replications);
        self.progress.add(replications);
        Some(self.ground.judged(set, &score, self.nothing))
    }
}
