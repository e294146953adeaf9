//! Preferential attachment (Barabási & Albert 1999), each link running from the earlier service to the later.

use super::draws::{Draws, Question};
use super::settings::Link;

pub(super) fn links(services: u32, dependencies: u32, draws: Draws) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::with_capacity(services as usize * dependencies as usize);
    // Both ends of every link: an end drawn evenly is a service drawn in proportion to its links.
    let mut ends: Vec<u32> = Vec::with_capacity(2 * links.capacity());
    let mut chosen: Vec<u32> = Vec::with_capacity(dependencies as usize);
    for receiver in 0..services {
        chosen.clear();
        if receiver <= dependencies {
            chosen.extend(0..receiver);
        }
        let (mut attempt, reached) = (0u64, ends.len() as u64);
        while receiver > dependencies && chosen.len() < dependencies as usize {
            let provider = ends[draws.below(reached, Question::Need, receiver, attempt) as usize];
            attempt += 1;
            if !chosen.contains(&provider) {
                chosen.push(provider);
            }
        }
        for &provider in &chosen {
            links.push(Link { provider, receiver });
            ends.extend([provider, receiver]);
        }
    }
    links
}
