//! How long work takes, and every other number that varies from round to round.
//!
//! | file | what lives there |
//! |---|---|
//! | `mod` | [`Distribution`]: what a user writes, and what can be asked of it |
//! | `build` | its constructors |
//! | `arithmetic` | scaled, moved, capped, draw by draw |
//! | `family` | what every family can do, and how its parameters are checked |
//! | `uniform`, `triangular`, `beta` (and PERT), `exponential`, `gamma` (and Erlang), `lognormal`, `weibull`, `normal`, `empirical`, `mixture`, `shifted` | one family each |
//! | `table` | inverse-CDF tables: sampling any continuous shape with `+ - *` alone |
//! | `steps` | inversion of discrete probabilities in integers |
//! | `sampler` | [`Sampler`]: a distribution compiled to one draw a word |
//! | `wire`, `schema` | its JSON form, and the JSON Schema of that |
mod arithmetic;
mod beta;
mod build;
mod empirical;
mod exponential;
mod family;
mod gamma;
mod lognormal;
mod mixture;
mod normal;
mod sampler;
#[cfg(feature = "schema")]
mod schema;
mod shifted;
mod steps;
mod table;
mod triangular;
mod uniform;
mod weibull;
mod wire;

pub use lognormal::Lognormal;
pub use mixture::Component;
pub use sampler::Sampler;
pub(crate) use sampler::{Scratch, WIDE};
pub(crate) use table::Tables;

use crate::Error;
use family::{Check, Family};

/// How long something takes, in hours: a number, or a distribution of numbers.
///
/// A pace or a workmanship, which have no unit, is described by the same type. In JSON a distribution is a bare number, or an
/// object with the name of the family as its only key: `2.0`, `{"pert": {"min": 0.5, "mode": 1.0, "max": 4.0}}`.
///
/// Every parameter in hours lies in `0..=1_048_576` (2^20), every shape in `0.05..=1_000_000`. A distribution without spread
/// (`min` = `max`, `sd` = 0, `mean` = 0) is a constant and no error. Nothing is checked until [`validate`](Self::validate), or
/// until an organisation is built; what has not passed answers every question with NaN.
///
/// ```
/// use ripple_effect::Distribution;
/// let report = Distribution::pert(0.5, 1.0, 4.0);
/// assert!((report.mean() - 8.5 / 6.0).abs() < 1e-12);
/// assert!(report.quantile(0.9) < 2.5);
/// let read: Distribution = serde_json::from_str(r#"{"pert": {"min": 0.5, "mode": 1.0, "max": 4.0}}"#)?;
/// assert_eq!(read, report);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Distribution {
    /// Always the same.
    Constant {
        /// The value, hours.
        value: f64,
    },
    /// Anything between two bounds, equally likely.
    Uniform {
        /// The least value, hours.
        min: f64,
        /// The greatest value, hours.
        max: f64,
    },
    /// A density that rises in a straight line to the mode and falls in another.
    Triangular {
        /// The least value, hours.
        min: f64,
        /// The most likely value, hours.
        mode: f64,
        /// The greatest value, hours.
        max: f64,
    },
    /// The Beta-PERT of project planning (Malcolm et al. 1959; Vose 2000): a beta distribution of shapes
    /// `1 + 4 (mode - min) / (max - min)` and `1 + 4 (max - mode) / (max - min)`, whose mean is `(min + 4 mode + max) / 6`.
    Pert {
        /// The least value, hours.
        min: f64,
        /// The most likely value, hours.
        mode: f64,
        /// The greatest value, hours.
        max: f64,
    },
    /// Without memory: how long it has taken says nothing about how long it will still take.
    Exponential {
        /// The mean, hours.
        mean: f64,
    },
    /// The sum of `shape` exponential steps in a row.
    Erlang {
        /// The number of steps, `1..=1_000_000`.
        shape: u32,
        /// The mean of the whole, hours.
        mean: f64,
    },
    /// The gamma distribution, of mean `shape * scale`.
    Gamma {
        /// The shape, `0.05..=1_000_000`.
        shape: f64,
        /// The scale, hours.
        scale: f64,
    },
    /// A value whose logarithm is normal: many small factors.
    Lognormal(Lognormal),
    /// The Weibull distribution: `exp(-(x / scale)^shape)` is the probability of more than `x`.
    Weibull {
        /// The shape, `0.05..=1_000_000`.
        shape: f64,
        /// The scale, hours.
        scale: f64,
    },
    /// A normal distribution on the condition that it is not negative, so that its mean lies above `mean`.
    Normal {
        /// The mean of the underlying normal, hours.
        mean: f64,
        /// The standard deviation of the underlying normal, hours.
        sd: f64,
    },
    /// A beta distribution between two bounds.
    Beta {
        /// The shape toward the least value, `0.05..=1_000_000`.
        a: f64,
        /// The shape toward the greatest value, `0.05..=1_000_000`.
        b: f64,
        /// The least value, hours.
        min: f64,
        /// The greatest value, hours.
        max: f64,
    },
    /// What was observed, as it was observed: no smoothing.
    Empirical {
        /// The values, hours; `1..=1_000_000` of them.
        values: Vec<f64>,
        /// How often each was seen; all alike when absent. Not negative, not all zero; they need not sum to 1.
        weights: Option<Vec<f64>>,
    },
    /// One of several distributions, with the probabilities given by their weights.
    Mixture(Vec<Component>),
    /// Another distribution, later by a fixed time.
    Shifted {
        /// How much later, hours.
        by: f64,
        /// The distribution that is shifted.
        of: Box<Distribution>,
    },
}

impl Distribution {
    /// Whether every parameter is what it may be.
    ///
    /// # Errors
    /// Where one is not: which, what was found, what is allowed, how to mend it. All of them at once, see
    /// [`Error::and_more`].
    ///
    /// ```
    /// use ripple_effect::Distribution;
    /// assert!(Distribution::uniform(1.0, 4.0).validate().is_ok());
    /// let error = Distribution::pert(1.0, 5.0, 4.0).validate().unwrap_err();
    /// assert_eq!(error.path(), "pert.mode");
    /// ```
    pub fn validate(&self) -> Result<(), Error> {
        let mut errors = Vec::new();
        self.check("", &mut errors);
        Error::first_of(errors).map_or(Ok(()), Err)
    }

    /// Adds what is wrong, with the path of this distribution before the path of the parameter.
    pub(crate) fn check(&self, path: &str, errors: &mut Vec<Error>) {
        self.check_at(&mut Check::new(path, errors));
    }

    fn check_at(&self, check: &mut Check<'_>) {
        let before = check.found();
        self.with(|family| family.check(check));
        if check.found() == before {
            let mean = self.as_constant().unwrap_or_else(|| self.with(|family| family.mean()));
            check.mean(mean);
        }
    }

    fn sound(&self) -> bool {
        let mut errors = Vec::new();
        self.check("", &mut errors);
        errors.is_empty()
    }

    /// The one value of a distribution without spread.
    ///
    /// ```
    /// use ripple_effect::Distribution;
    /// assert_eq!(Distribution::pert(2.0, 2.0, 2.0).as_constant(), Some(2.0));
    /// assert_eq!(Distribution::exponential(2.0).as_constant(), None);
    /// ```
    #[must_use]
    pub fn as_constant(&self) -> Option<f64> {
        self.with(|family| family.constant())
    }

    /// The mean, hours. NaN where [`validate`](Self::validate) finds an error.
    ///
    /// ```
    /// use ripple_effect::Distribution;
    /// assert_eq!(Distribution::triangular(2.0, 5.0, 14.0).mean(), 7.0);
    /// ```
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.sound() { self.raw_mean() } else { f64::NAN }
    }

    /// The variance, hours squared. NaN where [`validate`](Self::validate) finds an error.
    ///
    /// ```
    /// use ripple_effect::Distribution;
    /// assert_eq!(Distribution::exponential(3.0).variance(), 9.0);
    /// ```
    #[must_use]
    pub fn variance(&self) -> f64 {
        if self.sound() { self.raw_variance() } else { f64::NAN }
    }

    /// The probability of at most `x` hours: continuous from the right. NaN where [`validate`](Self::validate) finds an error.
    ///
    /// Constant time, but linear in the number of empirical values.
    ///
    /// ```
    /// use ripple_effect::Distribution;
    /// let seen = Distribution::empirical([1.0, 2.0, 2.0, 4.0]);
    /// assert_eq!(seen.cdf(2.0), 0.75);
    /// ```
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        if !x.is_nan() && self.sound() { self.raw_cdf(x) } else { f64::NAN }
    }

    /// The least value that is not exceeded with probability `p`, hours; at 0 and 1 the ends of the support, which may be infinite.
    /// NaN where `p` lies outside of `0..=1` or [`validate`](Self::validate) finds an error.
    ///
    /// Some ten evaluations of the distribution function at most, 64 for a mixture; sorting for empirical values. For many
    /// draws make a [`Sampler`].
    ///
    /// ```
    /// use ripple_effect::Distribution;
    /// assert_eq!(Distribution::lognormal_median_p90(2.0, 6.0).quantile(0.5), 2.0);
    /// ```
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        if (0.0..=1.0).contains(&p) && self.sound() { self.raw_quantile(p) } else { f64::NAN }
    }

    /// The mean of a distribution that was checked.
    pub(crate) fn raw_mean(&self) -> f64 {
        self.as_constant().unwrap_or_else(|| self.with(|family| family.mean()))
    }

    fn raw_variance(&self) -> f64 {
        if self.as_constant().is_some() { 0.0 } else { self.with(|family| family.variance()) }
    }

    fn raw_cdf(&self, x: f64) -> f64 {
        match self.as_constant() {
            Some(value) => f64::from(u8::from(x >= value)),
            None => self.with(|family| family.cdf(x)),
        }
    }

    fn raw_quantile(&self, p: f64) -> f64 {
        self.as_constant().unwrap_or_else(|| self.with(|family| family.quantile(p)))
    }

    /// Hands the family with its parameters to a function.
    fn with<R>(&self, f: impl FnOnce(&dyn Family) -> R) -> R {
        match self {
            &Self::Constant { value } => f(&family::Constant { value }),
            &Self::Uniform { min, max } => f(&uniform::Uniform { min, max }),
            &Self::Triangular { min, mode, max } => f(&triangular::Triangular { min, mode, max }),
            &Self::Pert { min, mode, max } => f(&beta::Pert { min, mode, max }),
            &Self::Exponential { mean } => f(&exponential::Exponential { mean }),
            &Self::Erlang { shape, mean } => f(&gamma::Erlang { shape, mean }),
            &Self::Gamma { shape, scale } => f(&gamma::Gamma { shape, scale }),
            Self::Lognormal(lognormal) => f(lognormal),
            &Self::Weibull { shape, scale } => f(&weibull::Weibull { shape, scale }),
            &Self::Normal { mean, sd } => f(&normal::Normal { mean, sd }),
            &Self::Beta { a, b, min, max } => f(&beta::Beta { a, b, min, max }),
            Self::Empirical { values, weights } => f(&empirical::Empirical { values, weights: weights.as_deref() }),
            Self::Mixture(components) => f(&mixture::Mixture { components }),
            Self::Shifted { by, of } => f(&shifted::Shifted { by: *by, of }),
        }
    }
}
