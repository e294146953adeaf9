//! Sets of candidates, made and run.

use std::sync::atomic::{AtomicU64, Ordering};

use super::goal::Goal;
use super::score::{Score, score};
use crate::change::{Scenario, Workshop};
use crate::compare::Ready;
use crate::compare::progress::Progress;
use crate::distribution::Tables;
use crate::practice::Practice;
use crate::simulation::Sized;
use crate::{Error, Plan};

/// A set of candidates: bit i is the i-th.
pub(super) type Set = u64;

/// What is chosen from, and for what.
pub(super) struct Ground<'a> {
    pub(super) candidates: &'a [Scenario],
    pub(super) costs: Vec<f64>,
    pub(super) budget: f64,
    pub(super) goal: Goal,
    pub(super) no_one_worse: bool,
    pub(super) size: Sized,
    pub(super) workshop: Workshop,
    pub(super) tables: Tables,
    pub(super) cut: AtomicU64,
    /// Sets that cannot be made: what one candidate changes leaves no room for another.
    pub(super) refused: AtomicU64,
}

/// A set that was run.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    pub(super) set: Set,
    pub(super) cost: f64,
    pub(super) figure: f64,
    /// Whether nobody is worse off than without any, where that is asked for.
    pub(super) is_allowed: bool,
}

impl Ground<'_> {
    /// What a set costs: candidates are added up in their order.
    pub(super) fn cost(&self, set: Set) -> f64 {
        self.costs.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1).fold(0.0, |sum, (_, cost)| sum + cost)
    }

    /// Whether so much may be spent: rounding of sums is forgiven.
    pub(super) fn affords(&self, cost: f64) -> bool {
        cost <= self.budget * (1.0 + 1e-12)
    }

    pub(super) fn names(&self, set: Set) -> Vec<String> {
        let named = self.candidates.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1);
        named.map(|(_, candidate)| candidate.name.clone()).collect()
    }

    pub(super) fn scenarios(&self, set: Set) -> Vec<Scenario> {
        let chosen = self.candidates.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1);
        chosen.map(|(_, candidate)| candidate.clone()).collect()
    }

    /// Takes up one candidate after others.
    pub(super) fn take_up(
        &self,
        workshop: &Workshop,
        candidate: usize,
        effect: impl Fn(&Practice) -> f64,
    ) -> Result<Workshop, Error> {
        let mut workshop = workshop.clone();
        workshop.scenario(&self.candidates[candidate], |_, practice| effect(practice))?;
        Ok(workshop)
    }

    /// A set with these effects, compiled.
    pub(super) fn made(&self, set: Set, effect: impl Fn(&Practice) -> f64) -> Result<Plan, Error> {
        let mut workshop = self.workshop.clone();
        for (place, candidate) in self.candidates.iter().enumerate() {
            if set >> place & 1 == 1 {
                workshop.scenario(candidate, |_, practice| effect(practice))?;
            }
        }
        self.compiled(workshop)
    }

    pub(super) fn compiled(&self, workshop: Workshop) -> Result<Plan, Error> {
        workshop.done()?.organization().plan_with(&mut self.tables.clone())
    }

    /// Runs so many replications of a plan.
    pub(super) fn score(&self, plan: Plan, replications: u64) -> Score {
        self.score_from(plan, 0, replications)
    }

    /// Runs so many replications of a plan, from a block on.
    pub(super) fn score_from(&self, plan: Plan, first_block: u64, replications: u64) -> Score {
        let (score, cut) = score(&Ready::new(plan, &self.size), self.goal, &self.size, first_block, replications);
        self.cut.fetch_add(cut, Ordering::Relaxed);
        score
    }

    /// How it is without any of them, in so many replications.
    pub(super) fn nothing(&self, replications: u64) -> Result<Score, Error> {
        Ok(self.score(self.made(0, Practice::mean_effect)?, replications))
    }

    /// Runs a set; none where it cannot be made.
    pub(super) fn tried(&self, set: Set, nothing: &Score, replications: u64, progress: &Progress<'_>) -> Option<Tried> {
        let plan = self.made(set, Practice::mean_effect).ok()?;
        progress.add(replications);
        Some(self.judged(set, &self.score(plan, replications), nothing))
    }

    /// A set beside nothing, run as long.
    pub(super) fn judged(&self, set: Set, score: &Score, nothing: &Score) -> Tried {
        let sign = self.goal.sign();
        let is_worse = |(now, before): (&f64, &f64)| sign * now < sign * before;
        let some_worse = score.of_customers.iter().zip(&nothing.of_customers).any(is_worse);
        Tried { set, cost: self.cost(set), figure: score.figure, is_allowed: !(self.no_one_worse && some_worse) }
    }

    /// Whether one is better than the other: by the goal, then cheaper, then with fewer candidates, so that none is taken up
    /// for nothing, then with its candidates earlier in the list.
    pub(super) fn is_better(&self, one: &Tried, other: &Tried) -> bool {
        let sign = self.goal.sign();
        let key =
            |tried: &Tried| (sign * tried.figure, -tried.cost, (64 - tried.set.count_ones(), tried.set.reverse_bits()));
        let (one, other) = (key(one), key(other));
        one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)).then(one.2.cmp(&other.2)).is_gt()
    }

    /// The best of those that are allowed.
    pub(super) fn best<'t>(&self, tried: impl IntoIterator<Item = &'t Tried>) -> Option<&'t Tried> {
        let allowed = tried.into_iter().filter(|tried| tried.is_allowed);
        allowed.reduce(|best, tried| if self.is_better(tried, best) { tried } else { best })
    }

    /// Those than which nothing that costs no more is better, by rising cost.
    pub(super) fn frontier(&self, tried: &[Tried]) -> Vec<Tried> {
        let mut order: Vec<&Tried> = tried.iter().filter(|tried| tried.is_allowed).collect();
        order.sort_by(|a, b| {
            a.cost
                .total_cmp(&b.cost)
                .then_with(|| if self.is_better(a, b) { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater })
        });
        let mut frontier: Vec<Tried> = Vec::new();
        for one in order {
            let is_more =
                frontier.last().is_none_or(|last| self.goal.sign() * one.figure > self.goal.sign() * last.figure);
            if is_more {
                frontier.push(one.clone());
            }
        }
        frontier
    }
}
