//! Tiers of a process, along which cases move, and across which colleagues of the tier before are needed.

use super::draws::{Draws, Question};
use super::settings::Link;

/// Tries for somebody who is not needed already, before the next free one is taken.
const TRIES: u64 = 64;

pub(super) fn links(services: u32, tiers: u32, dependencies: u32, draws: Draws) -> Vec<Link> {
    let mut links = Vec::with_capacity(services as usize * dependencies as usize);
    let mut chosen: Vec<u32> = Vec::with_capacity(dependencies as usize);
    for receiver in 0..services {
        let tier = receiver % tiers;
        if tier == 0 {
            continue;
        }
        // How many stand in the tier before.
        let width = (services - tier + 1).div_ceil(tiers);
        chosen.clear();
        chosen.push(receiver / tiers);
        for place in 1..dependencies {
            let drawn =
                |attempt| draws.below_steadily(width, Question::Need, receiver, u64::from(place) << 32 | attempt);
            let line = (0..TRIES).map(drawn).find(|line| !chosen.contains(line));
            let line = line.or_else(|| (0..width).find(|line| !chosen.contains(line)));
            chosen.extend(line);
        }
        links.extend(chosen.iter().map(|line| Link { provider: line * tiers + tier - 1, receiver }));
    }
    links
}
