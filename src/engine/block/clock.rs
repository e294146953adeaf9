//! When rounds are released.

use std::collections::VecDeque;

use super::kernels::{self, Scratch};
use super::lanes::{Bits, Row, Term};
use crate::Sampler;
use crate::grid;
use crate::streams::{Facet, Key};

/// The releases that somebody may still ask for, in all lanes of a block.
#[derive(Debug)]
pub(crate) struct Clock {
    cadence: Sampler,
    fixed: bool,
    key: Key,
    block: u64,
    live: Bits,
    /// The round of the first entry.
    first: usize,
    entries: VecDeque<Entry>,
    scratch: Box<Scratch>,
    /// How often a release, or the hours before it, were cut to the largest, in lanes that asked for it.
    pub(crate) cut: u64,
}

#[derive(Debug)]
struct Entry {
    /// The same in all lanes where the cadence is fixed.
    time: f64,
    times: Option<Box<Row>>,
    sample_cut: Bits,
    time_cut: Bits,
    asked: Bits,
}

impl Clock {
    pub(crate) fn new(cadence: &Sampler, key: Key) -> Self {
        let fixed = cadence.constant().is_some();
        Self {
            cadence: cadence.clone(),
            fixed,
            key,
            block: 0,
            live: Bits::ALL,
            first: 0,
            entries: VecDeque::new(),
            scratch: Scratch::new(),
            cut: 0,
        }
    }

    pub(crate) fn begin(&mut self, block: u64, live: Bits) {
        (self.block, self.live, self.first) = (block, live, 0);
        self.entries.clear();
    }

    /// Forgets the releases before a round.
    pub(crate) fn forget_before(&mut self, round: usize) {
        while self.first < round && self.entries.len() > 1 {
            self.entries.pop_front();
            self.first += 1;
        }
    }

    /// Some lanes ask when a round is released.
    pub(crate) fn ask(&mut self, round: usize, lanes: Bits) {
        while self.first + self.entries.len() <= round {
            self.one_more();
        }
        for entry in self.entries.range_mut(..=round - self.first).rev() {
            let new = lanes.and(self.live).without(entry.asked);
            if new.is_empty() {
                break;
            }
            entry.asked = entry.asked.or(new);
            self.cut += u64::from(new.and(entry.sample_cut).count()) + u64::from(new.and(entry.time_cut).count());
        }
    }

    fn one_more(&mut self) {
        let round = self.first + self.entries.len();
        let Some(last) = self.entries.back() else {
            let times = (!self.fixed).then(|| Row::new(0.0));
            let [sample_cut, time_cut, asked] = [Bits::NONE; 3];
            self.entries.push_back(Entry { time: 0.0, times, sample_cut, time_cut, asked });
            return;
        };
        let all = |yes: bool| if yes { Bits::ALL } else { Bits::NONE };
        let next = match (&last.times, self.cadence.constant()) {
            (Some(before), _) => {
                let mut times = Row::new(0.0);
                let stream = self.key.at(self.block, round as u32);
                let sample_cut =
                    kernels::draw_hours(&self.cadence, stream, Facet::Time, true, &mut times, &mut self.scratch);
                kernels::increase(&mut times, before);
                let time_cut = kernels::above(&times, Term::Same(grid::MAX_TIME));
                kernels::bound(&mut times, Bits::ALL);
                Entry { time: 0.0, times: Some(times), sample_cut, time_cut, asked: Bits::NONE }
            }
            (None, cadence) => {
                let (hours, sample_cut) = grid::sample(cadence.unwrap_or(0.0));
                let (time, time_cut) = grid::absolute(last.time + hours);
                let (sample_cut, time_cut) = (all(sample_cut), all(time_cut));
                Entry { time, times: None, sample_cut, time_cut, asked: Bits::NONE }
            }
        };
        self.entries.push_back(next);
    }

    /// The release of a round that was asked for, and not forgotten.
    pub(crate) fn release(&self, round: usize) -> Term<'_> {
        match self.entries.get(round.wrapping_sub(self.first)) {
            Some(Entry { times: Some(times), .. }) => Term::Each(times),
            Some(entry) => Term::Same(entry.time),
            None => Term::Same(0.0),
        }
    }
}
