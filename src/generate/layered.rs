//! Tiers of a process, along which cases move, and across which colleagues of the tier before are needed.

use rayon::prelude::*;

use super::draws::{Draws, Question};
use super::settings::Link;
use crate::threads;

/// Tries for somebody who is not needed already, before the next free one is taken.
const TRIES: u64 = 64;

pub(super) fn links(services: u32, tiers: u32, dependencies: u32, draws: Draws) -> Vec<Link> {
    let needed_by = |receiver: u32| {
        let tier = receiver % tiers;
        let mut chosen: Vec<u32> = Vec::new();
        if tier > 0 {
            // How many stand in the tier before.
            let width = (services - tier + 1).div_ceil(tiers);
            chosen.reserve_exact(dependencies as usize);
            chosen.push(receiver / tiers);
            for place in 1..dependencies {
                let drawn =
                    |attempt| draws.below_steadily(width, Question::Need, receiver, u64::from(place) << 32 | attempt);
                let line = (0..TRIES).map(drawn).find(|line| !chosen.contains(line));
                let line = line.or_else(|| (0..width).find(|line| !chosen.contains(line)));
                chosen.extend(line);
            }
        }
        chosen.into_iter().map(move |line| Link { provider: line * tiers + tier - 1, receiver })
    };
    if threads::are_many(services as usize) {
        (0..services).into_par_iter().flat_map_iter(needed_by).collect()
    } else {
        (0..services).flat_map(needed_by).collect()
    }
}
