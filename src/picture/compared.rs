//! A comparison as pictures.

use super::{Forest, OverlaidWaits};
use crate::Estimate;
use crate::compare::{Comparison, Figure};

impl Comparison {
    /// What every scenario adds to a figure of a customer, or takes off: differences with the intervals that hold for all at
    /// once. Of all customers together where none is named; a name that nobody carries gives a picture without rows.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::{Parameter, Scenario, Selection};
    /// use ripple_effect::compare::Figure;
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves_with("Ana", "Guests", "stock list", |d| d.silent(0.2, 8.0))
    ///     .build()?;
    /// let answers = Scenario::new("Answers").change(Selection::all().scale(Parameter::SilenceProbability, 0.5));
    /// let comparison = shop.compare(&[answers])?.run()?;
    /// assert!(comparison.forest(Figure::Wait, None).draw().svg().contains("Answers"));
    /// assert!(comparison.waits("Guests").unwrap().draw().svg().contains("as it is"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn forest(&self, figure: Figure, customer: Option<&str>) -> Forest {
        let of_whom = customer.unwrap_or("all customers together");
        let title = format!("{}: what would help {of_whom}", self.model);
        let mean = if customer.is_none() && figure.quantile().is_some() { ", mean over customers" } else { "" };
        let axis = format!("difference in {}{mean}", figure.label());
        let mut forest = Forest::new(title, axis);
        if figure.more_is_better() {
            forest = forest.more_is_better();
        }
        for compared in &self.scenarios {
            let found = match customer {
                Some(customer) => compared.of(customer, figure),
                None => compared.everybody(figure),
            };
            if let Some(one) = found {
                let scaled: Estimate = one.all_at_once.scale(figure.label_scale());
                forest = forest.figure(&compared.scenario, scaled);
            }
        }
        forest
    }

    /// How long a customer waits as it is and in every scenario, one over the other. None where there is no such customer, or
    /// where waits were not kept (more than 2,048 customers times scenarios).
    #[must_use]
    pub fn waits(&self, customer: &str) -> Option<OverlaidWaits> {
        let place = self.promises.iter().position(|(name, _)| name == customer)?;
        let names = std::iter::once("as it is").chain(self.scenarios.iter().map(|one| one.scenario.as_str()));
        let mut picture = OverlaidWaits::new(customer, self.promises[place].1);
        for (name, waits) in names.zip(&self.waits) {
            picture = picture.quantiles(name, waits.get(place)?.clone());
        }
        Some(picture)
    }
}
