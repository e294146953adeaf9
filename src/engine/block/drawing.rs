//! What the kernels that draw are made of: compiled into their clones, and memory that they keep.

use super::kernels::{mask, on_grid};
use super::lanes::{Bits, Row};
use crate::Sampler;
use crate::distribution::WIDE;
use crate::grid::MAX_SAMPLE;
use crate::streams::{CHANCE_ROW, Facet, LANES, Stream};

/// Lanes whose numbers begin with the bits of a chance that were read so far.
pub(super) struct Undecided {
    pub(super) stream: Stream,
    pub(super) first: u64,
    /// The bits of the chance that are not read yet, from the top.
    pub(super) limit: u64,
    pub(super) row: u64,
    pub(super) open: Bits,
    pub(super) hit: Bits,
}

impl Undecided {
    /// Reads so many rows of words, and as many bits of the chance.
    #[inline(always)]
    pub(super) fn read<const ROWS: usize, const WORDS: usize>(&mut self) {
        let start = self.first.wrapping_add(self.row.wrapping_mul(CHANCE_ROW as u64));
        let mut words = [0; WORDS];
        for (index, word) in words.iter_mut().enumerate() {
            *word = self.stream.word_from(start, index as u64);
        }
        let (Bits(open), Bits(hit)) = (&mut self.open, &mut self.hit);
        for row in 0..ROWS {
            let bit = mask(self.limit, 63);
            self.limit <<= 1;
            for column in 0..CHANCE_ROW {
                let drawn = words[CHANCE_ROW * row + column];
                hit[column] |= open[column] & !drawn & bit;
                open[column] &= !(drawn ^ bit);
            }
        }
        self.row = self.row.wrapping_add(ROWS as u64);
    }
}

/// Adds drawn hours of which some may be more than can be; how many were.
#[cold]
pub(super) fn add_and_cut<'a>(drawn: impl Iterator<Item = (&'a u32, &'a f64)>, to: &mut Row) -> u32 {
    let mut cut = 0_u32;
    for (&place, &hours) in drawn {
        cut = cut.wrapping_add(u32::from(hours > MAX_SAMPLE));
        to.0[place as usize & (LANES - 1)] += on_grid(hours);
    }
    cut
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
        let (words, _) = scratch.words.split_at_mut(LANES / WIDE / 2);
        for (index, word) in words.as_flattened_mut().iter_mut().enumerate() {
            *word = stream.word_from(first, index as u64);
        }
        let (lower, upper) = scratch.halves.split_at_mut(LANES / WIDE / 2);
        for (half, word) in lower.as_flattened_mut().iter_mut().zip(words.as_flattened()) {
            *half = *word as u32;
        }
        for (half, word) in upper.as_flattened_mut().iter_mut().zip(words.as_flattened()) {
            *half = (*word >> 32) as u32;
        }
        let (out, _) = out.0.as_chunks_mut::<WIDE>();
        sampler.fill_halves(&scratch.halves, LANES, out, &mut scratch.sampler, finish);
    } else {
        let words = scratch.words.as_flattened_mut();
        for (index, word) in words.iter_mut().enumerate() {
            *word = stream.word_from(first, index as u64);
        }
        sampler.fill(words, &mut out.0, finish);
    }
}

/// Memory for draws, kept so that it need not be cleared each time.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct Scratch {
    pub(super) words: [[u64; WIDE]; LANES / WIDE],
    pub(super) halves: [[u32; WIDE]; LANES / WIDE],
    pub(super) places: [[u32; WIDE]; LANES / WIDE],
    pub(super) hours: [[f64; WIDE]; LANES / WIDE],
    pub(super) sampler: crate::distribution::Scratch,
}

impl Scratch {
    pub(crate) fn new() -> Box<Self> {
        Box::new(Self {
            words: [[0; WIDE]; LANES / WIDE],
            halves: [[0; WIDE]; LANES / WIDE],
            places: [[0; WIDE]; LANES / WIDE],
            hours: [[0.0; WIDE]; LANES / WIDE],
            sampler: crate::distribution::Scratch::new(),
        })
    }
}
