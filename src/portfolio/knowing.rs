//! What it is worth to know an uncertain effect before deciding.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::evaluate::{Ground, Set};
use crate::compare::progress::Progress;
use crate::compare::{drawn, varies};
use crate::practice::Practice;
use crate::streams::LANES;

/// Groups of draws that are left out one at a time for standard errors.
const GROUPS: usize = 10;
/// Draws at least: two in each group.
pub(super) const FEWEST_DRAWS: u64 = 2 * GROUPS as u64;

/// What it would be worth, at most, to know effects before deciding, in the unit of the goal's figure.
///
/// Sets are decided among those of the frontier and the best few. Effects are drawn from their distributions, and all sets run
/// with each draw on the same replications, those of each draw being its own. With perfect knowledge one would take the best
/// set of each draw.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Knowing {
    /// Draws of all effects together.
    pub draws: u64,
    /// Replications of each set with each draw.
    pub replications: u64,
    /// Sets among which is decided.
    pub sets: usize,
    /// The set that is best on average over effects, as they are known now.
    pub best: Vec<String>,
    /// To know all effects: the expected value of perfect information.
    pub all: Worth,
    /// To know one of them (the expected value of partial perfect information, by regression: Strong, Oakley & Brennan
    /// 2014, with quadratic polynomials), the most valuable first.
    pub each: Vec<Worth>,
}

/// What it is worth to know something.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Worth {
    /// What: the practice, and in which candidates.
    pub what: String,
    /// By how much the goal's figure would be better on average, 0 or more. Of all effects together noise adds to it, as the
    /// best of noisy figures is too good; of one of them the polynomial takes most of that away, and may miss what it
    /// does not bend to. One is never worth more than all.
    pub value: f64,
    /// Its standard error, by leaving out one of ten groups of draws at a time; a value below twice of it says nothing.
    pub standard_error: f64,
}

/// The uncertain practices of the candidates: each with a name and, for each draw, its effect.
fn uncertain(ground: &Ground<'_>, draws: u64) -> Vec<(String, Vec<f64>)> {
    let mut found: BTreeMap<String, (String, Vec<String>, &Practice)> = BTreeMap::new();
    for candidate in ground.candidates {
        for practice in &candidate.practices {
            if !varies(practice) {
                continue;
            }
            // Those that draw the same effect are one thing to know.
            let select = serde_json::to_string(&practice.select).unwrap_or_default();
            let key = format!("{} {select}", practice.kind);
            let (_, names, _) = found.entry(key).or_insert_with(|| (practice.kind.to_string(), Vec::new(), practice));
            if !names.contains(&candidate.name) {
                names.push(candidate.name.clone());
            }
        }
    }
    let effects = |practice: &Practice| {
        (0..draws).map(|draw| practice.effect_at(drawn(ground.size.seed, draw, practice))).collect()
    };
    found
        .into_values()
        .map(|(kind, names, practice)| (format!("{kind} ({})", names.join(", ")), effects(practice)))
        .collect()
}

/// None where no effect is uncertain.
pub(super) fn knowing(
    ground: &Ground<'_>,
    sets: &[Set],
    draws: u64,
    replications: u64,
    progress: &Progress<'_>,
) -> Option<Knowing> {
    let uncertain = uncertain(ground, draws);
    if uncertain.is_empty() || sets.is_empty() {
        return None;
    }
    let sign = ground.goal.sign();
    let figures = |draw: usize| -> Option<Vec<f64>> {
        sets.iter()
            .map(|&set| {
                if progress.is_stopped() {
                    return None;
                }
                let effect = |practice: &Practice| practice.effect_at(drawn(ground.size.seed, draw as u64, practice));
                let plan = ground.made(set, effect).ok()?;
                let blocks = replications.div_ceil(LANES as u64);
                let score = ground.score_from(plan, draw as u64 * blocks, replications);
                progress.add(replications);
                Some(sign * score.figure)
            })
            .collect()
    };
    let found: Vec<Option<Vec<f64>>> = (0..draws as usize).into_par_iter().with_max_len(1).map(figures).collect();
    // A draw with which some set cannot be made says nothing of the others beside it.
    let kept: Vec<usize> = (0..found.len()).filter(|&draw| found[draw].is_some()).collect();
    let rows: Vec<Vec<f64>> = found.into_iter().flatten().collect();
    if (rows.len() as u64) < FEWEST_DRAWS {
        return None;
    }
    let worth = |what: String, of: &dyn Fn(&[usize]) -> f64| {
        let all: Vec<usize> = (0..rows.len()).collect();
        let value = of(&all);
        let without: Vec<f64> = (0..GROUPS)
            .map(|group| {
                let rest: Vec<usize> = all.iter().copied().filter(|row| row % GROUPS != group).collect();
                of(&rest)
            })
            .collect();
        let mean = without.iter().sum::<f64>() / GROUPS as f64;
        let spread = without.iter().map(|one| (one - mean) * (one - mean)).sum::<f64>();
        Worth { what, value, standard_error: (spread * (GROUPS - 1) as f64 / GROUPS as f64).sqrt() }
    };
    let all = worth("all effects".to_owned(), &|chosen| perfect(&rows, chosen));
    let mut each: Vec<Worth> = uncertain
        .into_iter()
        .map(|(what, effects)| {
            let effects: Vec<f64> = kept.iter().map(|&draw| effects[draw]).collect();
            worth(what, &|chosen| partial(&rows, &effects, chosen).min(perfect(&rows, chosen)))
        })
        .collect();
    each.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| a.what.cmp(&b.what)));
    let means = means(&rows, &(0..rows.len()).collect::<Vec<_>>());
    let best = (0..sets.len()).fold(0, |best, set| if means[set] > means[best] { set } else { best });
    Some(Knowing {
        draws: rows.len() as u64,
        replications,
        sets: sets.len(),
        best: ground.names(sets[best]),
        all,
        each,
    })
}

fn means(rows: &[Vec<f64>], chosen: &[usize]) -> Vec<f64> {
    let count = rows.first().map_or(0, Vec::len);
    (0..count).map(|set| chosen.iter().map(|&row| rows[row][set]).sum::<f64>() / chosen.len() as f64).collect()
}

fn greatest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::NEG_INFINITY, |a, b| if b > a { b } else { a })
}

/// The mean of the best of each draw, less the best of the means.
fn perfect(rows: &[Vec<f64>], chosen: &[usize]) -> f64 {
    let best = chosen.iter().map(|&row| greatest(rows[row].iter().copied())).sum::<f64>() / chosen.len() as f64;
    (best - greatest(means(rows, chosen).into_iter())).max(0.0)
}

/// The same of what a quadratic polynomial in one effect tells of each set.
fn partial(rows: &[Vec<f64>], effects: &[f64], chosen: &[usize]) -> f64 {
    let n = chosen.len() as f64;
    let mean = |of: &dyn Fn(usize) -> f64| chosen.iter().map(|&row| of(row)).sum::<f64>() / n;
    // Polynomials that are orthogonal over the draws.
    let middle = mean(&|row| effects[row]);
    let first = |row: usize| effects[row] - middle;
    let spread = mean(&|row| first(row) * first(row));
    if spread == 0.0 {
        return 0.0;
    }
    let skew = mean(&|row| first(row) * first(row) * first(row)) / spread;
    let second = |row: usize| first(row) * first(row) - spread - skew * first(row);
    let second_spread = mean(&|row| second(row) * second(row));
    // Of an effect with two values nothing is left for a curve to tell but rounding.
    let is_curved = second_spread > 1e-9 * spread * spread;
    let means = means(rows, chosen);
    let slopes: Vec<(f64, f64)> = (0..means.len())
        .map(|set| {
            let slope = mean(&|row| rows[row][set] * first(row)) / spread;
            let curve = if is_curved { mean(&|row| rows[row][set] * second(row)) / second_spread } else { 0.0 };
            (slope, curve)
        })
        .collect();
    let told = |row: usize| {
        let sets = means.iter().zip(&slopes);
        greatest(sets.map(|(mean, (slope, curve))| mean + slope * first(row) + curve * second(row)))
    };
    (mean(&told) - greatest(means.iter().copied())).max(0.0)
}
