//! What is asked for: which scenarios, how many replications, under which seed, with which effects.

use super::combination::Combination;
use super::drive;
use super::effects::Effects;
use super::progress::Nobody;
use crate::change::{Scenario, Workshop};
use crate::distribution::Tables;
use crate::practice::Practice;
use crate::{Comparison, Error, ErrorKind, Observer, Organization, Simulation};

/// Pairs times customers at most: some two kilobytes each, for every thread.
const MOST_PAIRED: usize = 65_536;

/// A comparison to be made: `organization.compare(&scenarios)?.replications(10_000).seed(7).run()?`.
#[derive(Debug, Clone)]
pub struct Comparing {
    pub(super) organization: Organization,
    pub(super) workshop: Workshop,
    pub(super) scenarios: Vec<Combination>,
    pub(super) simulation: Simulation,
    pub(super) effects: Effects,
    pub(super) each_with_each: bool,
}

impl Organization {
    /// Prepares a comparison of scenarios with the organisation as it is, under the same random numbers in all of them.
    ///
    /// # Errors
    /// [`ErrorKind::Shape`] if there is no scenario; [`ErrorKind::Duplicate`] if two carry one name; and those of
    /// [`apply`](Organization::apply), where a scenario cannot be: paths then begin with its name.
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
    /// let same = Scenario::new("Same").change(Selection::all().scale(Parameter::Duration, 1.0));
    /// let answers = Scenario::new("Answers").change(Selection::all().scale(Parameter::SilenceProbability, 0.5));
    /// let comparison = shop.compare(&[same, answers])?.replications(2_000).run()?;
    ///
    /// // What changes nothing differs by nothing, exactly.
    /// let nothing = comparison.scenario("Same").unwrap().everybody(Figure::Perfect).unwrap();
    /// assert_eq!((nothing.difference.low, nothing.difference.high), (Some(0.0), Some(0.0)));
    /// let more = comparison.scenario("Answers").unwrap().everybody(Figure::Perfect).unwrap();
    /// assert!(more.favourable.unwrap() > 0.999);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn compare(&self, scenarios: &[Scenario]) -> Result<Comparing, Error> {
        if scenarios.is_empty() {
            let (allowed, mend) = ("one scenario or more", "Add one to `changes` in the model, or write one.");
            return Err(Error::new(ErrorKind::Shape, "changes", "no scenario", allowed, mend));
        }
        unique(scenarios)?;
        Comparing::new(self, scenarios.iter().map(Combination::of).collect())
    }
}

impl Comparing {
    /// Checks that all of them can be made.
    pub(crate) fn new(organization: &Organization, scenarios: Vec<Combination>) -> Result<Self, Error> {
        let workshop = Workshop::new(organization)?;
        let mut tables = Tables::default();
        let plan = organization.plan_with(&mut tables)?;
        for scenario in &scenarios {
            let mut changed = workshop.clone();
            scenario
                .make(&mut changed, Practice::mean_effect)
                .and_then(|()| changed.done()?.organization().plan_with(&mut tables))
                .map_err(|error| error.within(&scenario.name))?;
        }
        Ok(Self {
            organization: organization.clone(),
            workshop,
            scenarios,
            simulation: plan.simulate(),
            effects: Effects::default(),
            each_with_each: false,
        })
    }
}

/// Refuses two scenarios of one name.
pub(crate) fn unique(scenarios: &[Scenario]) -> Result<(), Error> {
    let mut names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => {
            let found = format!("{:?} twice", pair[0]);
            let of_name = || scenarios.iter().filter(|scenario| scenario.name == pair[0]);
            let is_same = of_name().zip(of_name().skip(1)).all(|(one, other)| one == other);
            let mend = if is_same { "Name it once." } else { "Give one another name." };
            Err(Error::new(ErrorKind::Duplicate, "changes", found, "names that differ", mend))
        }
    }
}

impl Comparing {
    /// How many independent replications of each, `1..=2^40`; 10,000 unless said.
    #[must_use]
    pub fn replications(mut self, replications: u64) -> Self {
        self.simulation = self.simulation.replications(replications);
        self
    }

    /// The seed, which together with the model and the scenarios decides every draw; 1 unless said.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.simulation = self.simulation.seed(seed);
        self
    }

    /// Rounds in a replication, `1..=1_000_000`; those of the model unless said.
    #[must_use]
    pub fn rounds(mut self, rounds: u32) -> Self {
        self.simulation = self.simulation.rounds(rounds);
        self
    }

    /// Rounds at the start of each replication that figures leave out; those of the model unless said.
    #[must_use]
    pub fn warmup(mut self, warmup: u32) -> Self {
        self.simulation = self.simulation.warmup(warmup);
        self
    }

    /// How many threads; those of the rayon pool it runs in unless said. The comparison is the same, to the last bit.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.simulation = self.simulation.threads(threads);
        self
    }

    /// With which effects of practices; drawn from their distributions unless said.
    #[must_use]
    pub fn effects(mut self, effects: Effects) -> Self {
        self.effects = effects;
        self
    }

    /// Compares every scenario with every other one, too: [`Comparison::pairs`]. Their number counts in the intervals that
    /// hold for all of them at once.
    #[must_use]
    pub fn each_with_each(mut self) -> Self {
        self.each_with_each = true;
        self
    }

    /// Sums of every pair and customer are kept by every thread.
    fn check_pairs(&self) -> Result<(), Error> {
        let (alternatives, customers) = (self.scenarios.len() + 1, self.organization.description().customers.len() + 1);
        let places = (alternatives * (alternatives - 1) / 2).saturating_mul(customers);
        if !self.each_with_each || places <= MOST_PAIRED {
            return Ok(());
        }
        let found = format!("{} scenarios with each other, for {} customers", self.scenarios.len(), customers - 1);
        let allowed = format!("up to {MOST_PAIRED} pairs times customers and one, here {places}");
        let mend = "Name fewer scenarios, or compare each with the organisation as it is only.";
        Err(Error::new(ErrorKind::Range, "each_with_each", found, allowed, mend))
    }

    /// Runs all of them.
    ///
    /// # Errors
    /// As [`Simulation::run`]; as [`Organization::apply`] where an effect that was drawn cannot be; [`ErrorKind::Range`] if
    /// [`each_with_each`](Comparing::each_with_each) makes more than 65,536 pairs times customers, whose sums would take too
    /// much memory.
    ///
    /// # Complexity
    /// Time: that of a run for each scenario and one more, and for each block of 256 replications and each scenario with an
    /// uncertain effect the making of its plan. Memory does not grow with replications.
    pub fn run(&self) -> Result<Comparison, Error> {
        self.run_observed(&mut Nobody)
    }

    /// Runs all of them, shows progress to an observer, and stops if the observer wants it. Replications of all scenarios
    /// are counted together; samples are not given.
    ///
    /// # Errors
    /// As [`run`](Comparing::run); [`ErrorKind::Cancelled`] if the observer stopped it.
    pub fn run_observed(&self, observer: &mut (dyn Observer + Send)) -> Result<Comparison, Error> {
        let size = self.simulation.sized()?;
        self.check_pairs()?;
        self.simulation.in_pool(|| drive::run(self, size, observer))?
    }
}
