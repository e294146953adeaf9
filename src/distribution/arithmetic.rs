//! Distributions scaled, moved and capped, draw by draw: the same word that drew x then draws what became of x.

use super::{Component, Distribution, Lognormal};

impl Distribution {
    /// Every value times `factor`, 0 or more; a draw is scaled exactly as the distribution is, but for rounding.
    ///
    /// ```
    /// use ripple_effect::Distribution;
    /// assert_eq!(Distribution::pert(1.0, 2.0, 4.0).scaled(0.5), Distribution::pert(0.5, 1.0, 2.0));
    /// ```
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        if factor == 1.0 {
            return self.clone();
        }
        if factor == 0.0 {
            return Self::Constant { value: 0.0 };
        }
        let times = |x: &f64| x * factor;
        match self {
            Self::Constant { value } => Self::Constant { value: times(value) },
            Self::Uniform { min, max } => Self::Uniform { min: times(min), max: times(max) },
            Self::Triangular { min, mode, max } => {
                Self::Triangular { min: times(min), mode: times(mode), max: times(max) }
            }
            Self::Pert { min, mode, max } => Self::Pert { min: times(min), mode: times(mode), max: times(max) },
            Self::Exponential { mean } => Self::Exponential { mean: times(mean) },
            Self::Erlang { shape, mean } => Self::Erlang { shape: *shape, mean: times(mean) },
            Self::Gamma { shape, scale } => Self::Gamma { shape: *shape, scale: times(scale) },
            Self::Lognormal(Lognormal::MeanSd { mean, sd }) => {
                Self::Lognormal(Lognormal::MeanSd { mean: times(mean), sd: times(sd) })
            }
            Self::Lognormal(Lognormal::MedianP90 { median, p90 }) => {
                Self::Lognormal(Lognormal::MedianP90 { median: times(median), p90: times(p90) })
            }
            Self::Weibull { shape, scale } => Self::Weibull { shape: *shape, scale: times(scale) },
            Self::Normal { mean, sd } => Self::Normal { mean: times(mean), sd: times(sd) },
            Self::Beta { a, b, min, max } => Self::Beta { a: *a, b: *b, min: times(min), max: times(max) },
            Self::Empirical { values, weights } => {
                Self::Empirical { values: values.iter().map(times).collect(), weights: weights.clone() }
            }
            Self::Mixture(components) => {
                let scaled = |one: &Component| Component { weight: one.weight, of: one.of.scaled(factor) };
                Self::Mixture(components.iter().map(scaled).collect())
            }
            Self::Shifted { by, of } => Self::Shifted { by: times(by), of: Box::new(of.scaled(factor)) },
        }
    }

    /// Every value `by` later, or earlier where `by` is negative; `None` where some value would fall below 0.
    ///
    /// ```
    /// use ripple_effect::Distribution;
    /// assert_eq!(Distribution::uniform(1.0, 4.0).moved(-0.5), Some(Distribution::uniform(0.5, 3.5)));
    /// assert_eq!(Distribution::exponential(2.0).moved(-0.5), None);
    /// ```
    #[must_use]
    pub fn moved(&self, by: f64) -> Option<Self> {
        if by == 0.0 {
            return Some(self.clone());
        }
        let plus = |x: &f64| Some(x + by).filter(|moved| *moved >= 0.0);
        Some(match self {
            Self::Constant { value } => Self::Constant { value: plus(value)? },
            Self::Uniform { min, max } => Self::Uniform { min: plus(min)?, max: plus(max)? },
            Self::Triangular { min, mode, max } => {
                Self::Triangular { min: plus(min)?, mode: plus(mode)?, max: plus(max)? }
            }
            Self::Pert { min, mode, max } => Self::Pert { min: plus(min)?, mode: plus(mode)?, max: plus(max)? },
            Self::Beta { a, b, min, max } => Self::Beta { a: *a, b: *b, min: plus(min)?, max: plus(max)? },
            Self::Empirical { values, weights } => {
                Self::Empirical { values: values.iter().map(plus).collect::<Option<_>>()?, weights: weights.clone() }
            }
            Self::Mixture(components) => {
                let moved = |one: &Component| Some(Component { weight: one.weight, of: one.of.moved(by)? });
                Self::Mixture(components.iter().map(moved).collect::<Option<_>>()?)
            }
            Self::Shifted { by: already, of } => match plus(already) {
                Some(shift) => Self::Shifted { by: shift, of: of.clone() },
                None => of.moved(already + by)?,
            },
            other if by > 0.0 => Self::Shifted { by, of: Box::new(other.clone()) },
            _ => return None,
        })
    }

    /// The smaller of every value and `most`: what would take longer takes `most`. It is not the distribution on the
    /// condition of at most `most`, which would move every draw. `None` where no family of the format says it exactly:
    /// it is there for constants, `uniform`, `empirical`, and mixtures and shifts of them; and for every family where
    /// `most` lies outside of its values.
    ///
    /// ```
    /// use ripple_effect::Distribution;
    /// assert_eq!(Distribution::empirical([1.0, 2.0, 8.0]).capped(4.0), Some(Distribution::empirical([1.0, 2.0, 4.0])));
    /// assert_eq!(Distribution::uniform(0.0, 4.0).capped(3.0).unwrap().mean(), 0.75 * 1.5 + 0.25 * 3.0);
    /// assert_eq!(Distribution::exponential(2.0).capped(4.0), None);
    /// ```
    #[must_use]
    pub fn capped(&self, most: f64) -> Option<Self> {
        if self.quantile(1.0) <= most {
            return Some(self.clone());
        }
        if self.quantile(0.0) >= most {
            return Some(Self::Constant { value: most });
        }
        let least = |x: f64| if x < most { x } else { most };
        Some(match self {
            Self::Uniform { min, max } => {
                Self::mixture([(most - min, Self::uniform(*min, most)), (max - most, Self::Constant { value: most })])
            }
            Self::Empirical { values, weights } => {
                Self::Empirical { values: values.iter().map(|&x| least(x)).collect(), weights: weights.clone() }
            }
            Self::Mixture(components) => {
                let capped = |one: &Component| Some(Component { weight: one.weight, of: one.of.capped(most)? });
                Self::Mixture(components.iter().map(capped).collect::<Option<_>>()?)
            }
            Self::Shifted { by, of } => Self::Shifted { by: *by, of: Box::new(of.capped(most - by)?) },
            _ => return None,
        })
    }

    /// The name of its family, as the format writes it.
    pub(crate) fn family_name(&self) -> &'static str {
        match self {
            Self::Constant { .. } => "constant",
            Self::Uniform { .. } => "uniform",
            Self::Triangular { .. } => "triangular",
            Self::Pert { .. } => "pert",
            Self::Exponential { .. } => "exponential",
            Self::Erlang { .. } => "erlang",
            Self::Gamma { .. } => "gamma",
            Self::Lognormal(_) => "lognormal",
            Self::Weibull { .. } => "weibull",
            Self::Normal { .. } => "normal",
            Self::Beta { .. } => "beta",
            Self::Empirical { .. } => "empirical",
            Self::Mixture(_) => "mixture",
            Self::Shifted { .. } => "shifted",
        }
    }
}
