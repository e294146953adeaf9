//! Counters of events that can happen several times in a replication.

use super::planes;
use crate::engine::block::lanes::Bits;

#[derive(Debug, Default)]
pub(super) struct Counters {
    planes: Vec<Bits>,
    /// Where each begins; one more than there are counters.
    starts: Vec<usize>,
    is_touched: Vec<bool>,
    /// Those that something was added to since the block began.
    touched: Vec<u32>,
}

impl Counters {
    /// A counter up to `most`.
    pub(super) fn open(&mut self, most: u64) -> usize {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.planes.resize(self.planes.len() + planes::planes(most), Bits::NONE);
        self.starts.push(self.planes.len());
        self.is_touched.push(false);
        self.is_touched.len() - 1
    }

    pub(super) fn of(&self, counter: usize) -> &[Bits] {
        &self.planes[self.starts[counter]..self.starts[counter + 1]]
    }

    pub(super) fn add(&mut self, counter: usize, lanes: Bits) {
        if lanes.is_empty() {
            return;
        }
        if !std::mem::replace(&mut self.is_touched[counter], true) {
            self.touched.push(counter as u32);
        }
        planes::add(&mut self.planes[self.starts[counter]..self.starts[counter + 1]], lanes);
    }

    pub(super) fn is_touched(&self, counter: usize) -> bool {
        self.is_touched[counter]
    }

    /// Those that something was added to.
    pub(super) fn touched(&self) -> &[u32] {
        &self.touched
    }

    /// All at zero.
    pub(super) fn clear(&mut self) {
        for counter in self.touched.drain(..) {
            let counter = counter as usize;
            self.is_touched[counter] = false;
            self.planes[self.starts[counter]..self.starts[counter + 1]].fill(Bits::NONE);
        }
    }
}
