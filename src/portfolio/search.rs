//! A good set where there are too many to run them all: greedy, then exchanges, then the best of them at full length.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use super::evaluate::{Ground, Set, Tried};
use super::score::Score;
use crate::Error;
use crate::compare::progress::Progress;
use crate::streams::LANES;

/// Finalists of the search.
const FINALISTS: usize = 32;
/// Replications below which sets are not told apart well enough to leave any out.
const SHORTEST: u64 = 1_024;
/// Exchanges after which the search ends, come what may.
const MOST_MOVES: usize = 100;

/// Sets that were run at one length.
struct Run<'a, 'o> {
    ground: &'a Ground<'a>,
    progress: &'a Progress<'o>,
    replications: u64,
    nothing: Score,
    known: HashMap<Set, Option<Tried>>,
}

impl<'a, 'o> Run<'a, 'o> {
    fn new(ground: &'a Ground<'a>, progress: &'a Progress<'o>, replications: u64) -> Result<Self, Error> {
        let nothing = ground.nothing(replications)?;
        Ok(Self { ground, progress, replications, nothing, known: HashMap::new() })
    }

    /// Runs those of the sets that are not known yet, in parallel, and gives the allowed ones.
    fn of(&mut self, sets: &[Set]) -> Vec<Tried> {
        let mut new: Vec<Set> = sets.iter().copied().filter(|set| !self.known.contains_key(set)).collect();
        new.sort_unstable();
        new.dedup();
        let found: Vec<Option<Tried>> = new.par_iter().with_max_len(1).map(|set| self.try_one(*set)).collect();
        self.known.extend(new.into_iter().zip(found));
        let known = sets.iter().filter_map(|set| self.known.get(set).cloned().flatten());
        known.filter(|tried| tried.is_allowed).collect()
    }

    fn try_one(&self, set: Set) -> Option<Tried> {
        if self.progress.is_stopped() {
            None
        } else {
            self.ground.tried(set, &self.nothing, self.replications, self.progress)
        }
    }

    /// All sets that one more candidate makes, one fewer, and one for another, within the budget.
    fn neighbours(&self, set: Set) -> Vec<Set> {
        let count = self.ground.costs.len();
        let has = |place: usize| set >> place & 1 == 1;
        let inside = || (0..count).filter(|&place| has(place));
        let outside = || (0..count).filter(|&place| !has(place));
        let more = outside().map(|place| set | 1 << place);
        let fewer = inside().map(|place| set & !(1 << place));
        let other = inside().flat_map(|out| outside().map(move |into| (set & !(1 << out)) | 1 << into));
        more.chain(fewer).chain(other).filter(|set| self.ground.affords(self.ground.cost(*set))).collect()
    }

    /// Takes up one candidate after the other, each time the one that gains most, or most for its cost.
    fn greedy(&mut self, start: &Tried, by_cost: bool) -> Tried {
        let sign = self.ground.goal.sign();
        let mut at = start.clone();
        loop {
            let more: Vec<Set> = (0..self.ground.costs.len())
                .filter(|place| at.set >> place & 1 == 0)
                .map(|place| at.set | 1 << place)
                .filter(|set| self.ground.affords(self.ground.cost(*set)))
                .collect();
            let gain = |tried: &Tried| {
                let gain = sign * (tried.figure - at.figure);
                let cost = tried.cost - at.cost;
                if !by_cost {
                    gain
                } else if cost > 0.0 {
                    gain / cost
                } else if gain > 0.0 {
                    f64::INFINITY
                } else {
                    0.0
                }
            };
            let tried = self.of(&more);
            let better = tried.iter().filter(|tried| sign * tried.figure > sign * at.figure);
            let best = better.reduce(|best, one| match gain(one).total_cmp(&gain(best)) {
                std::cmp::Ordering::Greater => one,
                std::cmp::Ordering::Equal if self.ground.is_better(one, best) => one,
                _ => best,
            });
            match best {
                Some(best) => at = best.clone(),
                None => return at,
            }
        }
    }

    /// All sets of two within the budget: what helps only together is found by no single step.
    fn pairs(&self) -> Vec<Set> {
        let count = self.ground.costs.len();
        let pairs = (0..count).flat_map(|one| (one + 1..count).map(move |other| 1 << one | 1 << other));
        pairs.filter(|set| self.ground.affords(self.ground.cost(*set))).collect()
    }

    /// Goes to the best neighbour as long as it is better.
    fn exchange(&mut self, start: Tried) -> Tried {
        let mut at = start;
        for _ in 0..MOST_MOVES {
            let tried = self.of(&self.neighbours(at.set));
            match self.ground.best(&tried) {
                Some(best) if self.ground.is_better(best, &at) => at = best.clone(),
                _ => break,
            }
        }
        at
    }
}

/// Looks for the best set: the ones run at full length, the best among them.
///
/// Greedy twice, by gain and by gain for the cost, as either alone may be far off where costs differ (Khuller, Moss & Naor
/// 1999), and once from the best pair that the budget allows; then exchanges of one candidate until none is better; all on a
/// quarter of the replications, or 1,024, the same for
/// all. The best sets that were seen then run at twice the length, the better half of them at twice that, and so on to full
/// length (sequential halving: Karnin, Koren & Somekh 2013), with those of the frontier; and from the best of them exchanges
/// go on at full length, so that in the end no exchange of one candidate is better in the whole sample.
///
/// Also how many sets were run, at any length.
pub(super) fn search(ground: &Ground<'_>, progress: &Progress<'_>) -> Result<(Vec<Tried>, u64), Error> {
    let full = ground.size.replications;
    let screening = (full / 4).div_ceil(LANES as u64).max(SHORTEST / LANES as u64) * LANES as u64;
    let mut run = Run::new(ground, progress, screening.min(full))?;
    let Some(nothing) = run.of(&[0]).pop() else { return Ok((Vec::new(), 0)) };
    for by_cost in [false, true] {
        let start = run.greedy(&nothing, by_cost);
        run.exchange(start);
    }
    let pairs = run.pairs();
    let pairs = run.of(&pairs);
    if let Some(best) = ground.best(&pairs) {
        let start = run.greedy(best, false);
        run.exchange(start);
    }
    let mut all = Distinct::default();
    all.count(&run.known);
    let mut seen: Vec<Tried> = run.known.into_values().flatten().collect();
    seen.sort_unstable_by_key(|tried| tried.set);
    let frontier: Vec<Set> = ground.frontier(&seen).into_iter().map(|tried| tried.set).collect();
    let mut finalists = best_of(ground, seen, FINALISTS);
    let mut replications = screening.min(full);
    while replications < full {
        replications = (2 * replications).min(full);
        let mut longer = Run::new(ground, progress, replications)?;
        let sets: Vec<Set> = finalists.iter().map(|tried| tried.set).collect();
        let tried = longer.of(&sets);
        all.count(&longer.known);
        let kept = tried.len().div_ceil(2).max(1);
        finalists = best_of(ground, tried, if replications < full { kept } else { FINALISTS });
    }
    let mut last = Run::new(ground, progress, full)?;
    last.known.extend(finalists.iter().map(|tried| (tried.set, Some(tried.clone()))));
    let mut sets: Vec<Set> = finalists.iter().map(|tried| tried.set).chain(frontier).chain([0]).collect();
    sets.sort_unstable();
    sets.dedup();
    let tried = last.of(&sets);
    if let Some(best) = ground.best(&tried).cloned() {
        last.exchange(best);
    }
    all.count(&last.known);
    ground.refused.store(all.refused.len() as u64, Ordering::Relaxed);
    let mut tried: Vec<Tried> = last.known.into_values().flatten().collect();
    tried.sort_unstable_by_key(|tried| tried.set);
    Ok((tried, all.run.len() as u64))
}

/// The sets of all lengths, each once.
#[derive(Default)]
struct Distinct {
    run: BTreeSet<Set>,
    refused: BTreeSet<Set>,
}

impl Distinct {
    fn count(&mut self, known: &HashMap<Set, Option<Tried>>) {
        for (set, tried) in known {
            let among = if tried.is_some() { &mut self.run } else { &mut self.refused };
            among.insert(*set);
        }
    }
}

/// So many of the best.
fn best_of(ground: &Ground<'_>, mut tried: Vec<Tried>, count: usize) -> Vec<Tried> {
    tried.retain(|tried| tried.is_allowed);
    tried.sort_by(|a, b| if ground.is_better(a, b) { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater });
    tried.truncate(count);
    tried
}
