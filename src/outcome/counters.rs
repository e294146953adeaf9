//! Counters of events that can happen several times in a replication.

use super::planes;
use crate::engine::block::lanes::Bits;

/// A counter, and where its planes are: whoever keeps it need not look them up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counter {
    pub(super) number: u32,
    first: u32,
    planes: u32,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    all: Vec<Counter>,
    planes: Vec<Bits>,
    /// Those that something was added to since the block began.
    touched: Vec<Counter>,
}

impl Counters {
    /// A counter up to `most`.
    pub(super) fn open(&mut self, most: u64) -> Counter {
        let planes = planes::planes(most);
        let counter = Counter { number: self.all.len() as u32, first: self.planes.len() as u32, planes: planes as u32 };
        self.planes.resize(self.planes.len() + planes, Bits::NONE);
        self.all.push(counter);
        counter
    }

    /// The counter of this number.
    pub(super) fn numbered(&self, number: usize) -> Counter {
        self.all[number]
    }

    pub(super) fn of(&self, counter: Counter) -> &[Bits] {
        &self.planes[counter.first as usize..][..counter.planes as usize]
    }

    pub(super) fn add(&mut self, counter: Counter, lanes: Bits) {
        if lanes.is_empty() {
            return;
        }
        let planes = &mut self.planes[counter.first as usize..][..counter.planes as usize];
        if is_zero(planes) {
            self.touched.push(counter);
        }
        planes::add(planes, lanes);
    }

    pub(super) fn is_touched(&self, counter: Counter) -> bool {
        !is_zero(self.of(counter))
    }

    /// Those that something was added to.
    pub(super) fn touched(&self) -> &[Counter] {
        &self.touched
    }

    /// All at zero.
    pub(super) fn clear(&mut self) {
        for counter in self.touched.drain(..) {
            self.planes[counter.first as usize..][..counter.planes as usize].fill(Bits::NONE);
        }
    }
}

fn is_zero(planes: &[Bits]) -> bool {
    planes.iter().all(|plane| plane.is_empty())
}
