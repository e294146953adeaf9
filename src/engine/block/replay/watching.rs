//! Who watches the engine do work again: somebody who takes what a customer got.

use super::difference::Got;
use crate::engine::block::kernels;
use crate::engine::block::lanes::Term;
use crate::engine::block::watch::{CustomerSeen, Watch};

/// Takes what a customer got.
pub(super) struct Take<'a>(pub(super) &'a mut Got);

impl Watch for Take<'_> {
    fn round(&mut self, _round: u32) -> bool {
        true
    }

    fn wants_everything(&self) -> bool {
        false
    }

    fn customer(&mut self, _index: usize, seen: &CustomerSeen<'_>) {
        kernels::fill(&mut self.0.wait, Term::Each(seen.wait));
        kernels::fill(&mut self.0.quality, seen.quality);
        kernels::fill(&mut self.0.satisfaction, Term::Each(seen.satisfaction));
        self.0.error = seen.error;
    }
}
