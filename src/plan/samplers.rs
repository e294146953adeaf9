//! Distributions compiled, those that are alike once.

use std::mem::{Discriminant, discriminant};
use std::sync::{Mutex, PoisonError};

use foldhash::{HashMap, HashMapExt};

use crate::distribution::Tables;
use crate::{Distribution, Sampler};

/// Compiles distributions, and keeps them by family and mean: many are alike. Each piece of the work that a thread takes has its own,
/// so that threads do not count the users of one sampler against each other; tables are shared.
pub(super) struct Samplers<'t, 'm> {
    tables: &'t Mutex<&'m mut Tables>,
    kept: HashMap<(Discriminant<Distribution>, u64), (Distribution, Sampler)>,
}

impl<'t, 'm> Samplers<'t, 'm> {
    /// So many are kept at most.
    const ROOM: usize = 1024;

    pub(super) fn new(tables: &'t Mutex<&'m mut Tables>) -> Self {
        Self { tables, kept: HashMap::new() }
    }

    /// Distributions of an organisation were checked with it.
    pub(super) fn of(&mut self, of: Option<&Distribution>, otherwise: f64) -> Sampler {
        let Some(of) = of else { return Sampler::always(otherwise) };
        if let Some(constant) = of.as_constant() {
            return Sampler::always(constant);
        }
        let compiled = || Sampler::of_valid(of, &mut self.tables.lock().unwrap_or_else(PoisonError::into_inner));
        // Empirical values are long to compare.
        if matches!(of, Distribution::Empirical { .. } | Distribution::Mixture(_)) {
            return compiled();
        }
        let key = (discriminant(of), of.raw_mean().to_bits());
        match self.kept.get(&key) {
            Some((kept, sampler)) if kept == of => return sampler.clone(),
            None if self.kept.len() == Self::ROOM => self.kept.clear(),
            _ => {}
        }
        let sampler = compiled();
        self.kept.insert(key, (of.clone(), sampler.clone()));
        sampler
    }
}

#[cfg(test)]
mod tests {
    use crate::Distribution;
    use crate::Organization;

    #[test]
    fn distributions_of_one_family_and_mean_are_told_apart() {
        let hours = [Distribution::uniform(1.0, 3.0), Distribution::uniform(0.0, 4.0), Distribution::uniform(1.0, 3.0)];
        let mut builder = Organization::builder("Shop").customer("Guests", |guests| guests);
        for (person, hours) in ["Ana", "Ben", "Cem"].into_iter().zip(&hours) {
            builder =
                builder.employee(person, |e| e.provides("advice", hours.clone())).serves(person, "Guests", "advice");
        }
        let plan = builder.build().unwrap().plan().unwrap();
        let least: Vec<f64> = plan.services.iter().map(|service| service.duration.sample(0).round()).collect();
        assert_eq!(least, [1.0, 0.0, 1.0]);
    }
}
