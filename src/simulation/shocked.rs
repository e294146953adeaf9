//! A run that shocks strike.

use std::sync::Arc;

use super::Simulation;
use crate::Error;
use crate::shock::{self, Shock};

impl Simulation {
    /// Lets these shocks strike, beside those that do so already. Several on one thing add up: hours add, factors
    /// multiply, and who is struck by one absence is absent.
    ///
    /// Draws, plan and promises stay as they are: the run differs from the one without shocks by what the shocks do. Its
    /// outcome carries another `model_hash`, so that parts of the two never merge. No shock at all changes nothing.
    ///
    /// A shock goes on to the end of the run where it would last longer. Rounds before the end of the warm-up may be
    /// struck, too.
    ///
    /// # Errors
    /// - [`ErrorKind::Name`](crate::ErrorKind::Name): a name points to nothing, or nothing fits a selection.
    /// - [`ErrorKind::Duplicate`](crate::ErrorKind::Duplicate): two shocks of one name.
    /// - [`ErrorKind::Shape`](crate::ErrorKind::Shape): nothing happens, or what happens cannot happen to what is selected,
    ///   or nobody says what chasing costs.
    /// - [`ErrorKind::Range`](crate::ErrorKind::Range): hours, factors or rounds out of range.
    ///
    /// All of these come at once, with paths that begin with `shocks[0]`, counted over all shocks of the run.
    /// [`run`](Self::run) then fails with [`ErrorKind::Range`](crate::ErrorKind::Range) if a shock begins after the last
    /// round, or if more than 2^21 things are struck, each counted in each round.
    ///
    /// # Complexity
    /// O(size of the organisation) for each shock, and O(things struck * rounds struck).
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::Selection;
    /// use ripple_effect::shock::Shock;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let plain = shop.simulate()?;
    /// let late = Shock::new("A bad start").on(Selection::employee("Ana")).late(6.0);
    /// let shocked = plain.clone().shocked(&[late])?;
    /// assert_ne!(shocked.run()?.meta().model_hash, plain.run()?.meta().model_hash);
    ///
    /// let error = plain.shocked(&[Shock::new("Flu").on(Selection::employee("Anna")).absent()]).unwrap_err();
    /// assert_eq!((error.path(), error.mend()), ("shocks[0].select.employee", "Did you mean \"Ana\"?"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn shocked(mut self, shocks: &[Shock]) -> Result<Self, Error> {
        if shocks.is_empty() {
            return Ok(self);
        }
        self.shocks.extend_from_slice(shocks);
        if let Some(error) = Error::first_of(shock::value_errors(&self.shocks)) {
            return Err(error);
        }
        self.blows = shock::resolve(&self.plan, &self.shocks)?;
        self.lay_shocks();
        Ok(self)
    }

    /// The shocks that strike.
    #[must_use]
    pub fn shocks(&self) -> &[Shock] {
        &self.shocks
    }

    /// Lays the shocks over the rounds of the run.
    pub(super) fn lay_shocks(&mut self) {
        if !self.shocks.is_empty() {
            Arc::make_mut(&mut self.plan).disturbances = self.blows.laid_over(self.rounds.unwrap_or(self.plan.rounds));
        }
    }
}
