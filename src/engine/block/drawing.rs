//! What the kernels that draw are made of: compiled into their clones, and memory that they keep.

use super::kernels::{mask, on_grid};
use super::lanes::{Bits, Row};
use crate::Sampler;
use crate::distribution::WIDE;
use crate::grid::MAX_SAMPLE;
use crate::streams::{CHANCE_ROW, Chance, Facet, LANES, Stream};

/// The words of a facet that chances read, four a row.
pub(super) struct Reader {
    stream: Stream,
    next: u64,
}

impl Reader {
    #[inline(always)]
    pub(super) fn new(stream: Stream, facet: Facet) -> Self {
        Self { stream, next: facet.first() }
    }

    /// The next so many words.
    #[inline(always)]
    pub(super) fn read<const WORDS: usize>(&mut self) -> [u64; WORDS] {
        let mut words = [0; WORDS];
        for (index, word) in words.iter_mut().enumerate() {
            *word = self.stream.word_from(self.next, index as u64);
        }
        self.next = self.next.wrapping_add(WORDS as u64);
        words
    }
}

/// Lanes whose numbers begin with the bits of a chance that were read so far.
pub(super) struct Undecided {
    /// The bits of the chance that are not read yet, from the top.
    limit: u64,
    open: Bits,
    pub(super) hit: Bits,
}

impl Undecided {
    /// Of a chance that is not always: that has bits before the point.
    #[inline(always)]
    pub(super) fn new(chance: Chance, open: Bits) -> Self {
        debug_assert!(!chance.is_always());
        Self { limit: chance.bits(), open, hit: Bits::NONE }
    }

    /// Compares as many bits of the chance as there are rows, of numbers or of what they lack to the greatest one.
    #[inline(always)]
    pub(super) fn compare<const LACK: bool>(&mut self, words: &[u64]) {
        let (Bits(open), Bits(hit)) = (&mut self.open, &mut self.hit);
        for row in words.as_chunks::<CHANCE_ROW>().0 {
            let bit = mask(self.limit, 63);
            self.limit <<= 1;
            for (column, &word) in row.iter().enumerate() {
                let drawn = if LACK { !word } else { word };
                hit[column] |= open[column] & !drawn & bit;
                open[column] &= !(drawn ^ bit);
            }
        }
    }

    /// Whether any lane is still open: those that equal the chance to its last bit are not below it.
    #[inline(always)]
    pub(super) fn is_left(&self) -> bool {
        self.limit != 0 && !self.open.is_empty()
    }
}

/// So many lanes get their words together where few draw.
const VECTOR: usize = 16;

/// Draws in the first `count` lanes of the list, on the grid: each with its lane, and how often they were cut.
#[inline(always)]
pub(super) fn draw_listed<'s>(
    sampler: &Sampler,
    stream: Stream,
    facet: Facet,
    count: usize,
    scratch: &'s mut Scratch,
) -> (impl Iterator<Item = (&'s u8, &'s f64)>, u32) {
    let Scratch { words, halves, places, hours, sampler: inside } = scratch;
    let first = facet.first();
    let count = count.min(LANES);
    let (by_vector, _) = places.0.as_chunks::<VECTOR>();
    let places = &places.0[..count];
    // A whole number of vectors: what is drawn too much is dropped.
    let vectors = count.div_ceil(VECTOR);
    if sampler.takes_half() {
        let (halves, _) = halves.as_chunks_mut::<VECTOR>();
        let halves = &mut halves[..vectors];
        for (halves, places) in halves.iter_mut().zip(by_vector) {
            for lane in 0..VECTOR {
                halves[lane] = stream.half_from(first, u32::from(places[lane]));
            }
        }
        sampler.fill_halves(halves, count, hours.as_chunks_mut().0, inside, |x| x);
    } else {
        for (word, place) in words.iter_mut().zip(places) {
            *word = stream.word_from(first, u64::from(*place));
        }
        sampler.fill(&words[..count], hours, |x| x);
    }
    let mut over = false;
    for hours in hours.as_chunks_mut::<VECTOR>().0[..vectors].as_flattened_mut() {
        over |= *hours > MAX_SAMPLE;
        // More than can be is told apart below: it stays what it is.
        *hours = if *hours > MAX_SAMPLE { *hours } else { crate::grid::round(*hours) };
    }
    let cut = if over { cut_all(&mut hours[..count]) } else { 0 };
    (places.iter().zip(&*hours), cut)
}

/// Cuts hours that are more than can be; how many were.
#[cold]
fn cut_all(hours: &mut [f64]) -> u32 {
    let over = hours.iter().filter(|hours| **hours > MAX_SAMPLE).count();
    for hours in hours {
        *hours = on_grid(*hours);
    }
    over as u32
}

/// A draw in every lane, with something done to each.
#[inline(always)]
pub(super) fn draw_all(
    sampler: &Sampler,
    stream: Stream,
    facet: Facet,
    out: &mut Row,
    scratch: &mut Scratch,
    finish: impl Fn(f64) -> f64,
) {
    let first = facet.first();
    if sampler.takes_half() {
        let (pairs, _) = scratch.halves.as_chunks_mut::<2>();
        for (index, pair) in pairs.iter_mut().enumerate() {
            let word = stream.word_from(first, index as u64);
            *pair = [word as u32, (word >> 32) as u32];
        }
        let (out, _) = out.0.as_chunks_mut::<WIDE>();
        sampler.fill_halves(scratch.halves.as_chunks().0, LANES, out, &mut scratch.sampler, finish);
    } else {
        for (index, word) in scratch.words.iter_mut().enumerate() {
            *word = stream.word_from(first, index as u64);
        }
        sampler.fill(&scratch.words, &mut out.0, finish);
    }
}

/// Memory for draws, kept so that it need not be cleared each time.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct Scratch {
    pub(super) words: [u64; LANES],
    pub(super) halves: [u32; LANES],
    pub(super) places: Places,
    pub(super) hours: [f64; LANES],
    pub(super) sampler: crate::distribution::Scratch,
}

impl Scratch {
    pub(crate) fn new() -> Box<Self> {
        Box::new(Self {
            words: [0; LANES],
            halves: [0; LANES],
            places: Places([0; LANES + 8]),
            hours: [0.0; LANES],
            sampler: crate::distribution::Scratch::new(),
        })
    }
}

/// A list of lanes. Eight are written at once: no more than there is room for, and that can be seen without knowing how many there are.
#[derive(Debug)]
pub(super) struct Places(pub(super) [u8; LANES + 8]);

impl Places {
    /// Lists some lanes, rising; how many. Eight at a time and without a branch: how many there are, nobody can foretell.
    #[inline(always)]
    pub(super) fn list(&mut self, lanes: &Bits) -> usize {
        let mut count = 0_usize;
        for word in 0..LANES / 64 {
            // One by one: narrow instructions stored them.
            let mut left = lanes.0[word];
            for byte in 0..8 {
                let first = (64 * word + 8 * byte) as u64;
                let eight = &mut self.0[count & (LANES - 1)..][..8];
                // No lane is carried into the next.
                let lanes = EIGHT[left as usize & 0xFF].wrapping_add(first.wrapping_mul(0x0101_0101_0101_0101));
                eight.copy_from_slice(&lanes.to_le_bytes());
                count = count.wrapping_add((left as u8).count_ones() as usize);
                left >>= 8;
            }
        }
        count
    }
}

/// The places of the bits that are set in a byte, a byte each, from the lowest on.
const EIGHT: [u64; 256] = {
    let mut all = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut bit, mut found) = (0, 0);
        while bit < 8 {
            if byte >> bit & 1 == 1 {
                all[byte] |= bit << (8 * found);
                found += 1;
            }
            bit += 1;
        }
        byte += 1;
    }
    all
};
