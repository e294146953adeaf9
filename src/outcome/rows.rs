//! Sums in progress, a row each: opened when something is first added, given back when they are folded.

use crate::engine::block::kernels;
use crate::engine::block::lanes::{Bits, Row, Term};

/// A row for each sum that is being added to.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// One more than the number of its row, for each place; 0 where none is open.
    open: Vec<u32>,
    #[allow(clippy::vec_box, reason = "rows stay where they are while the list grows")]
    rows: Vec<Box<Row>>,
    free: Vec<u32>,
    /// Every place that was opened since the block began, and whether its values are on the time grid.
    pub(super) opened: Vec<(usize, bool)>,
}

impl Rows {
    pub(super) fn new(places: usize) -> Self {
        Self { open: vec![0; places], rows: Vec::new(), free: Vec::new(), opened: Vec::new() }
    }

    /// The row of a place, and whether nothing is in it yet.
    pub(super) fn of(&mut self, place: usize, on_grid: bool) -> (&mut Row, bool) {
        let at = &mut self.open[place];
        let first = *at == 0;
        if first {
            *at = self.free.pop().unwrap_or_else(|| {
                self.rows.push(Row::new(0.0));
                self.rows.len() as u32
            });
            self.opened.push((place, on_grid));
        }
        (&mut self.rows[*at as usize - 1], first)
    }

    /// Adds hours in some lanes.
    pub(super) fn add(&mut self, place: usize, values: &Row, lanes: Bits, on_grid: bool) {
        let (row, first) = self.of(place, on_grid);
        if first {
            kernels::fill(row, Term::Each(values));
            if !lanes.is_all() {
                kernels::choose(row, Term::Same(0.0), Bits::ALL.without(lanes));
            }
        } else if lanes.is_all() {
            kernels::increase(row, values);
        } else {
            kernels::increase_in(row, values, lanes);
        }
    }

    /// Gives a row back, if one is open, to be read once more.
    pub(super) fn close(&mut self, place: usize) -> Option<&mut Row> {
        let at = std::mem::take(&mut self.open[place]);
        self.free.extend((at > 0).then_some(at));
        self.rows.get_mut((at as usize).wrapping_sub(1)).map(|row| &mut **row)
    }
}
