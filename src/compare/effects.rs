//! What practices do where their effect is uncertain: a draw for each block of replications.

use crate::change::Scenario;
use crate::practice::{Case, Practice};
use crate::streams::{Facet, Streams, Thing};

/// With which effects practices are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Effects {
    /// Drawn from their distributions, once for each block of 256 replications, so that what is not known of the effect is
    /// part of the figures and reported apart from sampling noise.
    #[default]
    Drawn,
    /// All at their mean, or at one end.
    At(Case),
}

/// Whether any practice of a scenario has an effect of which only a range is known.
pub(crate) fn is_uncertain(scenario: &Scenario) -> bool {
    scenario.practices.iter().any(varies)
}

/// Whether the effect of a practice that is taken up at all is anything but one number.
pub(crate) fn varies(practice: &Practice) -> bool {
    practice.adoption.is_none_or(|adoption| adoption.get() > 0.0) && practice.effect_size().as_constant().is_none()
}

/// The probability at which the effect of a practice is drawn in a block. The same practice for the same people draws the
/// same one in all scenarios, however far it is taken up and whatever its effect is said to be.
pub(crate) fn drawn(seed: u64, block: u64, practice: &Practice) -> f64 {
    let select = serde_json::to_string(&practice.select).unwrap_or_default();
    let key = Streams::new(seed).key(Thing::Parameter, &format!("{} {select}", practice.kind));
    // In the middle of 2^53 equal parts: never 0, never 1.
    ((key.at(block, 0).word(Facet::Time, 0) >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
}
