//! Orders in which words of the streams meet in use. A stream that is fine by itself says little: a run puts words of
//! many streams side by side, and any likeness between neighbours would show there.

use std::io::{self, Write};

use super::contract::{DEPENDENCY, EMPLOYEE, FACETS, FAULT, LANES, SERVICE, TIME, Thing};

/// Takes words until it has enough.
pub(crate) type Give<'g> = &'g mut dyn FnMut(u64) -> io::Result<()>;

/// A name, what stands beside what, and the words in that order, without end, from a seed.
pub(crate) struct Interleaving {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) words: fn(u64, Give) -> io::Result<()>,
}

pub(crate) const INTERLEAVINGS: &[Interleaving] = &[
    Interleaving { name: "lanes", what: "lanes of one facet, block after block", words: lanes },
    Interleaving { name: "blocks", what: "one lane, block after block", words: blocks },
    Interleaving { name: "rounds", what: "one lane, round after round", words: rounds },
    Interleaving { name: "ids", what: "one lane of services s0, s1, s2, ...", words: ids },
    Interleaving { name: "kinds", what: "one lane of service, dependency and employee s0, s1, ...", words: kinds },
    Interleaving { name: "facets", what: "facets 0 to 6, lane after lane, block after block", words: facets },
    Interleaving { name: "seeds", what: "one lane under seeds 0, 1, 2, ...", words: seeds },
    Interleaving { name: "mixed", what: "seed, id, round, block, facet, lane; lane fastest", words: mixed },
    Interleaving { name: "inverted", what: "lane, facet, block, round, id, seed; seed fastest", words: inverted },
    Interleaving { name: "chances", what: "numbers of chances, lane after lane", words: chances },
    Interleaving { name: "first-bits", what: "first bits of chances, lane after lane", words: first_bits },
    Interleaving { name: "halves", what: "halves of words 0 to 127, the lower one first", words: halves },
];

/// What a battery must find fault with: a linear congruential generator modulo 2^64, read at its lower halves.
pub(crate) const CONTROL: Interleaving =
    Interleaving { name: "control", what: "a generator that fails", words: congruential };

fn congruential(seed: u64, give: Give) -> io::Result<()> {
    let mut state = seed;
    let mut lower_half = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state & 0xFFFF_FFFF
    };
    loop {
        give(lower_half() | lower_half() << 32)?;
    }
}

fn lanes(seed: u64, give: Give) -> io::Result<()> {
    let thing = Thing::new(seed, SERVICE, "s0");
    (0..).try_for_each(|block| {
        let stream = thing.stream(block, 0);
        (0..LANES).try_for_each(|lane| give(stream.word(TIME, lane)))
    })
}

fn blocks(seed: u64, give: Give) -> io::Result<()> {
    let thing = Thing::new(seed, SERVICE, "s0");
    (0..).try_for_each(|block| give(thing.stream(block, 0).word(TIME, 0)))
}

fn rounds(seed: u64, give: Give) -> io::Result<()> {
    let thing = Thing::new(seed, SERVICE, "s0");
    (0..).try_for_each(|block| (0..=u32::MAX).try_for_each(|round| give(thing.stream(block, round).word(TIME, 0))))
}

fn ids(seed: u64, give: Give) -> io::Result<()> {
    let mut id = Id::default();
    (0..).try_for_each(|number| give(Thing::new(seed, SERVICE, id.numbered(number)).stream(0, 0).word(TIME, 0)))
}

fn kinds(seed: u64, give: Give) -> io::Result<()> {
    let mut id = Id::default();
    (0..).try_for_each(|number| {
        let id = id.numbered(number);
        [SERVICE, DEPENDENCY, EMPLOYEE]
            .into_iter()
            .try_for_each(|kind| give(Thing::new(seed, kind, id).stream(0, 0).word(TIME, 0)))
    })
}

fn facets(seed: u64, give: Give) -> io::Result<()> {
    let thing = Thing::new(seed, SERVICE, "s0");
    (0..).try_for_each(|block| {
        let stream = thing.stream(block, 0);
        (0..LANES).try_for_each(|lane| (0..FACETS).try_for_each(|facet| give(stream.word(facet, lane))))
    })
}

fn seeds(first: u64, give: Give) -> io::Result<()> {
    (first..).try_for_each(|seed| give(Thing::new(seed, SERVICE, "s0").stream(0, 0).word(TIME, 0)))
}

/// Things, rounds and blocks of a small organisation.
const THINGS: u64 = 9;
const ROUNDS: u32 = 4;
const BLOCKS: u64 = 4;

fn things(seed: u64, id: &mut Id) -> [Thing; THINGS as usize] {
    std::array::from_fn(|index| {
        let kind = [SERVICE, DEPENDENCY, EMPLOYEE][index % 3];
        Thing::new(seed, kind, id.numbered(index as u64 / 3))
    })
}

fn mixed(first: u64, give: Give) -> io::Result<()> {
    let mut id = Id::default();
    for seed in first.. {
        for thing in things(seed, &mut id) {
            for round in 0..ROUNDS {
                for block in 0..BLOCKS {
                    let stream = thing.stream(block, round);
                    for facet in 0..FACETS {
                        (0..LANES).try_for_each(|lane| give(stream.word(facet, lane)))?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn inverted(first: u64, give: Give) -> io::Result<()> {
    const SEEDS: u64 = 16;
    let mut id = Id::default();
    for group in (first..).step_by(SEEDS as usize) {
        let streams: Vec<Vec<_>> = (group..group + SEEDS).map(|seed| things(seed, &mut id).to_vec()).collect();
        let streams: Vec<_> = (0..BLOCKS)
            .flat_map(|block| (0..ROUNDS).map(move |round| (block, round)))
            .flat_map(|(block, round)| (0..THINGS as usize).map(move |thing| (block, round, thing)))
            .flat_map(|(block, round, thing)| streams.iter().map(move |of_seed| of_seed[thing].stream(block, round)))
            .collect();
        for lane in 0..LANES {
            for facet in 0..FACETS {
                streams.iter().try_for_each(|stream| give(stream.word(facet, lane)))?;
            }
        }
    }
    Ok(())
}

fn chances(seed: u64, give: Give) -> io::Result<()> {
    let thing = Thing::new(seed, DEPENDENCY, "s0 -> s1");
    (0..).try_for_each(|block| {
        let stream = thing.stream(block, 0);
        (0..LANES).try_for_each(|lane| give(stream.number(FAULT, lane)))
    })
}

/// The words whose bits are the first ones of the 256 lanes' numbers: what decides half of all chances.
fn first_bits(seed: u64, give: Give) -> io::Result<()> {
    let thing = Thing::new(seed, DEPENDENCY, "s0 -> s1");
    (0..).try_for_each(|block| {
        let stream = thing.stream(block, 0);
        (0..LANES / 64).try_for_each(|word| give(stream.word(FAULT, word)))
    })
}

/// Draws of 32 bits, lane after lane, two to a word that is given.
fn halves(seed: u64, give: Give) -> io::Result<()> {
    let thing = Thing::new(seed, SERVICE, "s0");
    (0..).try_for_each(|block| {
        let stream = thing.stream(block, 0);
        let half = |lane| u64::from(stream.half(TIME, lane));
        (0..LANES).step_by(2).try_for_each(|lane| give(half(lane) | half(lane + 1) << 32))
    })
}

/// An id that is written over, as millions of them are needed.
#[derive(Default)]
struct Id(String);

impl Id {
    fn numbered(&mut self, number: u64) -> &str {
        use std::fmt::Write as _;
        self.0.clear();
        write!(self.0, "s{number}").expect("a string takes what it is given");
        &self.0
    }
}

/// What a battery that takes 32 bits at a time gets of each word.
#[derive(Clone, Copy)]
pub(crate) enum Reading {
    /// The lower half, then the upper one.
    Whole,
    /// The same backwards, as most tests look at upper bits only.
    Reversed,
    Lower,
    Upper,
}

impl Reading {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "whole" => Self::Whole,
            "reversed" => Self::Reversed,
            "lower" => Self::Lower,
            "upper" => Self::Upper,
            _ => return None,
        })
    }

    pub(crate) fn write(self, word: u64, to: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Whole => to.write_all(&word.to_ne_bytes()),
            Self::Reversed => to.write_all(&word.reverse_bits().to_ne_bytes()),
            Self::Lower => to.write_all(&(word as u32).to_ne_bytes()),
            Self::Upper => to.write_all(&((word >> 32) as u32).to_ne_bytes()),
        }
    }
}
