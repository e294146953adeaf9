//! Scenarios made one after the other, as one.

use super::effects::is_uncertain;
use crate::Error;
use crate::change::{Scenario, Workshop};
use crate::practice::Practice;

/// Scenarios made one after the other, in this order, under one name.
#[derive(Debug, Clone)]
pub(crate) struct Combination {
    pub(crate) name: String,
    pub(crate) scenarios: Vec<Scenario>,
}

impl Combination {
    pub(crate) fn of(scenario: &Scenario) -> Self {
        Self { name: scenario.name.clone(), scenarios: vec![scenario.clone()] }
    }

    /// Makes all of them.
    pub(crate) fn make(&self, workshop: &mut Workshop, mut effect: impl FnMut(&Practice) -> f64) -> Result<(), Error> {
        let several = self.scenarios.len() > 1;
        for scenario in &self.scenarios {
            workshop
                .scenario(scenario, |_, practice| effect(practice))
                .map_err(|error| if several { error.within(&scenario.name) } else { error })?;
        }
        Ok(())
    }

    /// Whether any effect of a practice in it is known as a range only.
    pub(crate) fn is_uncertain(&self) -> bool {
        self.scenarios.iter().any(is_uncertain)
    }

    pub(crate) fn cost_within(&self, workshop: &Workshop) -> Result<f64, Error> {
        self.scenarios.iter().map(|scenario| scenario.cost_within(workshop)).sum()
    }
}
