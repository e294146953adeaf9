//! A figure and how sure one may be of it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A figure estimated from replications, with its 95 % confidence interval.
///
/// An interval is where the true figure of the *model* lies in 95 % of all runs with another seed; it says nothing of
/// how well the model fits its organisation. `low` or `high` is `None` when the replications cannot bound that side
/// (too few of them, or none of the kind asked for); `estimate` is `None` when there is nothing to estimate from.
///
/// ```
/// use ripple_effect::Estimate;
/// let on_time = Estimate { estimate: Some(0.873), low: Some(0.866), high: Some(0.880) };
/// assert_eq!(on_time.to_string(), "0.873 (0.866 to 0.880)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// The figure itself, in the unit of what is estimated.
    pub estimate: Option<f64>,
    /// Lower end of its 95 % interval, in the same unit.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval, in the same unit.
    pub high: Option<f64>,
}

impl Estimate {
    /// A figure that is known, not estimated: the interval is the figure.
    #[cfg(test)]
    pub(crate) fn exact(x: f64) -> Self {
        Self { estimate: Some(x), low: Some(x), high: Some(x) }
    }

    /// A figure with no interval.
    pub(crate) fn bare(estimate: Option<f64>) -> Self {
        Self { estimate, low: None, high: None }
    }

    /// The figure with `half_width` on either side; no interval when that is `None`.
    pub(crate) fn plus_minus(estimate: f64, half_width: Option<f64>) -> Self {
        Self {
            estimate: Some(estimate),
            low: half_width.map(|half| estimate - half),
            high: half_width.map(|half| estimate + half),
        }
    }

    /// The probability of the contrary, `1 - p`.
    ///
    /// ```
    /// use ripple_effect::Estimate;
    /// let late = Estimate { estimate: Some(0.25), low: Some(0.125), high: None }.complement();
    /// assert_eq!(late, Estimate { estimate: Some(0.75), low: None, high: Some(0.875) });
    /// ```
    #[must_use]
    pub fn complement(self) -> Self {
        let contrary = |p: f64| 1.0 - p;
        Self { estimate: self.estimate.map(contrary), low: self.high.map(contrary), high: self.low.map(contrary) }
    }

    /// The figure in another unit: times `factor`, which swaps the ends when it is negative.
    ///
    /// ```
    /// use ripple_effect::Estimate;
    /// let hours = Estimate { estimate: Some(1.5), low: Some(1.25), high: None };
    /// let minutes = Estimate { estimate: Some(90.0), low: Some(75.0), high: None };
    /// assert_eq!(hours.scale(60.0), minutes);
    /// ```
    #[must_use]
    pub fn scale(self, factor: f64) -> Self {
        let scaled = |x: f64| x * factor;
        let (low, high) = if factor < 0.0 { (self.high, self.low) } else { (self.low, self.high) };
        Self { estimate: self.estimate.map(scaled), low: low.map(scaled), high: high.map(scaled) }
    }

    /// Digits after the point: two significant ones of the interval's width; of a bare figure, four of the figure.
    fn digits(&self) -> usize {
        let leading = |x: f64| -(libm::log10(x.abs()).floor().clamp(-18.0, 18.0) as i32);
        let wanted = match (self.low, self.high, self.estimate) {
            (Some(low), Some(high), _) if high - low > 0.0 => leading(high - low) + 1,
            (_, _, Some(x)) if x != 0.0 => leading(x) + 3,
            _ => 0,
        };
        wanted.clamp(0, 12) as usize
    }
}

/// Rounds to what the interval supports: `0.873 (0.866 to 0.880)`; a precision (`{:.1}`) sets the digits instead.
///
/// A figure without an interval stands alone, an open end reads `0.873 (0.866 or more)`, nothing at all `unknown`.
impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(estimate) = self.estimate else { return f.write_str("unknown") };
        let fixed = f.precision();
        let digits = fixed.unwrap_or_else(|| self.digits());
        // A constant needs no digits that are all zero: 2, not 2.000.
        let tidy = fixed.is_none() && self.low == self.high;
        let number = |x: f64| {
            let text = format!("{x:.digits$}");
            let text = if tidy && digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
            let zero = !text.bytes().any(|b| b.is_ascii_digit() && b != b'0');
            text.strip_prefix('-').filter(|_| zero).unwrap_or(text).to_owned()
        };
        f.write_str(&number(estimate))?;
        match (self.low, self.high) {
            (Some(low), Some(high)) => write!(f, " ({} to {})", number(low), number(high)),
            (Some(low), None) => write!(f, " ({} or more)", number(low)),
            (None, Some(high)) => write!(f, " ({} or less)", number(high)),
            (None, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(estimate: f64, low: Option<f64>, high: Option<f64>) -> String {
        Estimate { estimate: Some(estimate), low, high }.to_string()
    }

    #[test]
    fn shows_the_digits_that_the_interval_supports() {
        assert_eq!(shown(0.873_412, Some(0.866_2), Some(0.880_4)), "0.873 (0.866 to 0.880)");
        assert_eq!(shown(12.345_6, Some(11.0), Some(13.7)), "12.3 (11.0 to 13.7)");
        assert_eq!(shown(123_456.7, Some(120_000.0), Some(126_000.0)), "123457 (120000 to 126000)");
        assert_eq!(shown(-0.000_01, Some(-0.12), Some(0.12)), "0.00 (-0.12 to 0.12)");
        assert_eq!(shown(0.5, Some(0.25), None), "0.5000 (0.2500 or more)");
        assert_eq!(shown(0.5, None, Some(0.75)), "0.5000 (0.7500 or less)");
        assert_eq!(shown(2.0, None, None), "2");
        assert_eq!(Estimate::exact(2.5).to_string(), "2.5 (2.5 to 2.5)");
        assert_eq!(Estimate::exact(0.0).to_string(), "0 (0 to 0)");
        assert_eq!(Estimate::default().to_string(), "unknown");
        assert_eq!(format!("{:.1}", Estimate::exact(2.0)), "2.0 (2.0 to 2.0)");
    }

    #[test]
    fn survives_odd_numbers() {
        for x in [f64::MAX, f64::MIN_POSITIVE, 5e-324, -1e300] {
            assert!(!shown(x, Some(x), None).is_empty());
            assert!(!shown(x, Some(-x), Some(x)).is_empty());
        }
    }

    #[test]
    fn json_has_null_for_unknown() {
        let json = serde_json::to_string(&Estimate::bare(Some(0.1))).unwrap();
        assert_eq!(json, r#"{"estimate":0.1,"low":null,"high":null}"#);
        assert_eq!(serde_json::from_str::<Estimate>(&json).unwrap(), Estimate::bare(Some(0.1)));
    }
}
