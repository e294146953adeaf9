//! The climate of the place as it is written: morale, recognition, turnover, learning.

use serde::{Deserialize, Serialize};

use super::check::Checker;
use super::description::{Description, thing};
use crate::{ErrorKind, Probability};

thing! {
    /// How morale moves and what it does, who leaves and how newcomers learn. Off where it is left out.
    ///
    /// Every coefficient is data; the defaults are weak. What each means, and on what evidence: docs/reference/climate.md.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::organization::{Climate, Recognition, Turnover};
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .climate(|c| c.recognition(Recognition::new(0.25)).turnover(Turnover::new(0.004, 0.1)))
    ///     .with(|whole| whole.rounds(52u32))
    ///     .build()?;
    /// let year = shop.simulate()?.replications(1_000).run()?.summary();
    /// assert_eq!(year.climate.unwrap().rounds.len(), 52);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[derive(Default)]
    Climate {} optional {
        /// The morale that everybody starts with and comes back to, `0..=1`; default 0.7.
        set_point: Probability,
        /// The share of the way back to the set point that morale goes in a round, `0..=1`; default 0.1.
        recovery: Probability,
        /// Morale lost in a round in which everything that was needed came late or wrong, `0..=1`; default 0.05.
        frustration: Probability,
        /// Morale lost in a round of twice the planned hours or more, `0..=1`; default 0.05.
        overload: Probability,
        /// How much longer work takes for each unit of morale below the set point, as a share, `0..=1`; default 0.1.
        pace: Probability,
        /// How much more often work goes wrong for each unit of morale below the set point, as a share, `0..=10`; default 0.2.
        errors: f64,
        /// Thanks for good work; default: none.
        recognition: Recognition,
        /// Who leaves, and how long posts stay empty; default: nobody leaves.
        turnover: Turnover,
    }
}

thing! {
    /// Recognition and thanks: an event that lifts an employee's morale, or lowers it where it misfires.
    Recognition {
        /// How often an employee is recognised, `0..=1` per round.
        probability: Probability,
    } optional {
        /// Morale gained by it, `0..=1`; default 0.05.
        lift: Probability,
        /// How often it misfires, `0..=1` of all recognition; default 0.33.
        backfire: Probability,
        /// Morale lost where it misfires, `0..=1`; default 0.02.
        harm: Probability,
    }
}

thing! {
    /// Who leaves, how long the post stays empty, who does the work meanwhile, and how newcomers learn.
    Turnover {
        /// Probability to leave at the end of a round at the set point of morale, `0..=1`.
        hazard: Probability,
        /// Probability that an empty post is filled for the next round, `0..=1`.
        filled: Probability,
    } optional {
        /// How much more often people leave for each unit of morale below the set point, as a share, `0..=100`; default 1.
        morale: f64,
        /// A factor on the hours of work that nobody backs up while the post is empty, `0.01..=100`; default 1.25.
        cover: f64,
        /// The share of the hours of such work that falls on the department's colleagues, `0..=1`; default 1.
        shared: Probability,
        /// How newcomers learn; default: they know it all from the start.
        learning: Learning,
    }
}

thing! {
    /// A newcomer's learning curve: a factor of `1 + (first - 1) * 2^(-rounds / half_life)`.
    Learning {
        /// Rounds in which half of what is still missing is learnt, `0.01..=1_000_000`.
        half_life: f64,
    } optional {
        /// The factor on durations in a newcomer's first round, `0.01..=100`; default 1.5.
        duration: f64,
        /// The factor on error rates in a newcomer's first round, `0..=100`; default 1.5.
        errors: f64,
    }
}

impl Climate {
    /// A climate in which nothing moves: every coefficient that has a default other than zero is zero.
    #[must_use]
    pub fn still() -> Self {
        Self::default().recovery(0.0).frustration(0.0).overload(0.0).pace(0.0).errors(0.0)
    }
}

impl Recognition {
    /// Recognition that reaches an employee with this probability a round.
    #[must_use]
    pub fn new(probability: impl Into<Probability>) -> Self {
        Self { probability: probability.into(), lift: None, backfire: None, harm: None }
    }
}

impl Turnover {
    /// People leave with the first probability a round, empty posts are filled with the second.
    #[must_use]
    pub fn new(hazard: impl Into<Probability>, filled: impl Into<Probability>) -> Self {
        Self { hazard: hazard.into(), filled: filled.into(), morale: None, cover: None, shared: None, learning: None }
    }
}

impl Learning {
    /// Half of what is missing is learnt in so many rounds.
    #[must_use]
    pub fn new(half_life: f64) -> Self {
        Self { half_life, duration: None, errors: None }
    }
}

impl Checker {
    /// Every coefficient in its range, and what is odd about them.
    pub(super) fn climate(&mut self, description: &Description) {
        let Some(climate) = &description.climate else { return };
        let number = |check: &mut Self, path: &str, value: Option<f64>, low: f64, high: f64| {
            if let Some(value) = value {
                check.number(format_args!("climate.{path}"), value, low, high, "a number");
            }
        };
        self.probability("climate", "set_point", climate.set_point);
        self.probability("climate", "recovery", climate.recovery);
        self.probability("climate", "frustration", climate.frustration);
        self.probability("climate", "overload", climate.overload);
        self.probability("climate", "pace", climate.pace);
        number(self, "errors", climate.errors, 0.0, 10.0);
        if let Some(recognition) = &climate.recognition {
            let path = "climate.recognition";
            self.probability(path, "probability", Some(recognition.probability));
            self.probability(path, "lift", recognition.lift);
            self.probability(path, "backfire", recognition.backfire);
            self.probability(path, "harm", recognition.harm);
        }
        if let Some(turnover) = &climate.turnover {
            let path = "climate.turnover";
            self.probability(path, "hazard", Some(turnover.hazard));
            self.probability(path, "filled", Some(turnover.filled));
            self.probability(path, "shared", turnover.shared);
            number(self, "turnover.morale", turnover.morale, 0.0, 100.0);
            number(self, "turnover.cover", turnover.cover, 0.01, 100.0);
            if let Some(learning) = &turnover.learning {
                number(self, "turnover.learning.half_life", Some(learning.half_life), 0.01, 1e6);
                number(self, "turnover.learning.duration", learning.duration, 0.01, 100.0);
                number(self, "turnover.learning.errors", learning.errors, 0.0, 100.0);
            }
            if turnover.hazard.get() > 0.0 && turnover.filled.get() == 0.0 {
                self.warn(
                    ErrorKind::Range,
                    format!("{path}.filled"),
                    "0: empty posts stay empty for ever".to_owned(),
                    "a probability above 0, where people leave",
                    "Write how likely an empty post is filled for the next round, e.g. 0.1 for ten rounds on average.",
                );
            }
        }
        if description.rounds.is_none_or(|rounds| rounds < 2) && description.climate.is_some() {
            self.few_rounds(description);
        }
    }

    fn few_rounds(&mut self, description: &Description) {
        let lagged = description.dependencies.iter().any(|dependency| dependency.lag.unwrap_or(0) > 0);
        if description.rounds.is_some() || !lagged {
            self.warn(
                ErrorKind::Range,
                "rounds".to_owned(),
                format!("{} round, in which a climate cannot move", description.rounds.unwrap_or(1)),
                "several rounds, where there is a climate",
                "Write how many rounds to play, e.g. 52 weeks of a year.",
            );
        }
    }
}
