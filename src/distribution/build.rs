//! The constructors. They take plain numbers or [`Hours`] and check nothing: that is done where the path is known.

use super::{Component, Distribution, Lognormal};
use crate::Hours;

impl Distribution {
    /// Always `value` hours.
    ///
    /// ```
    /// use ripple_effect::{Distribution, minutes};
    /// assert_eq!(Distribution::constant(minutes(90.0)), Distribution::from(1.5));
    /// ```
    #[must_use]
    pub fn constant(value: impl Into<f64>) -> Self {
        Self::Constant { value: value.into() }
    }

    /// Anything between `min` and `max` hours, equally likely.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::uniform(1.0, 4.0).mean(), 2.5);
    /// ```
    #[must_use]
    pub fn uniform(min: impl Into<f64>, max: impl Into<f64>) -> Self {
        Self::Uniform { min: min.into(), max: max.into() }
    }

    /// From `min` to `max` hours with a peak at `mode`, in straight lines.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::triangular(1.0, 3.0, 5.0).mean(), 3.0);
    /// ```
    #[must_use]
    pub fn triangular(min: impl Into<f64>, mode: impl Into<f64>, max: impl Into<f64>) -> Self {
        Self::Triangular { min: min.into(), mode: mode.into(), max: max.into() }
    }

    /// A three-point estimate: at best `min`, most likely `mode`, at worst `max` hours.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::pert(1.0, 3.0, 5.0).mean(), 3.0);
    /// ```
    #[must_use]
    pub fn pert(min: impl Into<f64>, mode: impl Into<f64>, max: impl Into<f64>) -> Self {
        Self::Pert { min: min.into(), mode: mode.into(), max: max.into() }
    }

    /// Exponential, of a mean in hours.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::exponential(2.0).mean(), 2.0);
    /// ```
    #[must_use]
    pub fn exponential(mean: impl Into<f64>) -> Self {
        Self::Exponential { mean: mean.into() }
    }

    /// The sum of `shape` exponential steps, with the mean of the whole in hours.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::erlang(4, 2.0).variance(), 1.0);
    /// ```
    #[must_use]
    pub fn erlang(shape: u32, mean: impl Into<f64>) -> Self {
        Self::Erlang { shape, mean: mean.into() }
    }

    /// Gamma, of a shape and a scale in hours.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::gamma(2.5, 2.0).mean(), 5.0);
    /// ```
    #[must_use]
    pub fn gamma(shape: impl Into<f64>, scale: impl Into<f64>) -> Self {
        Self::Gamma { shape: shape.into(), scale: scale.into() }
    }

    /// Lognormal, by the mean and standard deviation of the value itself in hours.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::lognormal(3.0, 1.0).mean(), 3.0);
    /// ```
    #[must_use]
    pub fn lognormal(mean: impl Into<f64>, sd: impl Into<f64>) -> Self {
        Self::Lognormal(Lognormal::MeanSd { mean: mean.into(), sd: sd.into() })
    }

    /// Lognormal, by the hours that half of the cases take at most, and the hours that nine in ten take at most.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert!((Distribution::lognormal_median_p90(2.0, 6.0).quantile(0.9) - 6.0).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn lognormal_median_p90(median: impl Into<f64>, p90: impl Into<f64>) -> Self {
        Self::Lognormal(Lognormal::MedianP90 { median: median.into(), p90: p90.into() })
    }

    /// Weibull, of a shape and a scale in hours.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::weibull(1.0, 2.0).mean(), 2.0);
    /// ```
    #[must_use]
    pub fn weibull(shape: impl Into<f64>, scale: impl Into<f64>) -> Self {
        Self::Weibull { shape: shape.into(), scale: scale.into() }
    }

    /// Normal on the condition that it is not negative, by the mean and standard deviation of the underlying normal in hours.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert!(Distribution::normal(1.0, 1.0).mean() > 1.25);
    /// ```
    #[must_use]
    pub fn normal(mean: impl Into<f64>, sd: impl Into<f64>) -> Self {
        Self::Normal { mean: mean.into(), sd: sd.into() }
    }

    /// Beta, of shapes `a` and `b`, between `min` and `max` hours.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::beta(2.0, 2.0, 1.0, 3.0).mean(), 2.0);
    /// ```
    #[must_use]
    pub fn beta(a: impl Into<f64>, b: impl Into<f64>, min: impl Into<f64>, max: impl Into<f64>) -> Self {
        Self::Beta { a: a.into(), b: b.into(), min: min.into(), max: max.into() }
    }

    /// One of the observed hours, each as likely as the others.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::empirical([1.0, 2.0, 6.0]).mean(), 3.0);
    /// ```
    #[must_use]
    pub fn empirical(values: impl IntoIterator<Item = impl Into<f64>>) -> Self {
        Self::Empirical { values: values.into_iter().map(Into::into).collect(), weights: None }
    }

    /// One of the observed hours, as likely as its weight says.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::weighted([1.0, 5.0], [3.0, 1.0]).mean(), 2.0);
    /// ```
    #[must_use]
    pub fn weighted(
        values: impl IntoIterator<Item = impl Into<f64>>,
        weights: impl IntoIterator<Item = impl Into<f64>>,
    ) -> Self {
        Self::Empirical {
            values: values.into_iter().map(Into::into).collect(),
            weights: Some(weights.into_iter().map(Into::into).collect()),
        }
    }

    /// One of several distributions, as likely as its weight says.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// let usually_quick = Distribution::mixture([(0.9, Distribution::from(1.0)), (0.1, Distribution::exponential(11.0))]);
    /// assert!((usually_quick.mean() - 2.0).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn mixture(components: impl IntoIterator<Item = (f64, impl Into<Self>)>) -> Self {
        Self::Mixture(components.into_iter().map(|(weight, of)| Component { weight, of: of.into() }).collect())
    }

    /// Another distribution, `by` hours later.
    ///
    /// ```
    /// # use ripple_effect::Distribution;
    /// assert_eq!(Distribution::shifted(1.0, Distribution::exponential(2.0)).mean(), 3.0);
    /// ```
    #[must_use]
    pub fn shifted(by: impl Into<f64>, of: impl Into<Self>) -> Self {
        Self::Shifted { by: by.into(), of: Box::new(of.into()) }
    }
}

/// A number is a constant.
impl From<f64> for Distribution {
    fn from(value: f64) -> Self {
        Self::Constant { value }
    }
}

/// A time is a constant.
impl From<Hours> for Distribution {
    fn from(value: Hours) -> Self {
        Self::Constant { value: value.get() }
    }
}
