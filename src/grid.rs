//! The grid of time: all times are multiples of 2^-30 hours (3.4 microseconds), so that sums and maxima are exact.
//!
//! A sampled time of at most 2^20 h and an absolute time below 2^23 h are then exact in an `f64`: ties and "later than
//! planned" mean what they say, and a chain of constants exactly on plan is on time, always.

/// Sampled hours above this are cut to it, and counted.
pub(crate) const MAX_SAMPLE: f64 = 1_048_576.0;
/// Absolute times above this are cut to it, and counted.
pub(crate) const MAX_TIME: f64 = 8_388_608.0;

/// Adding this to a number of absolute value below 2^21 leaves a multiple of 2^-30.
const ROUNDER: f64 = 6_291_456.0;

/// The nearest time on the grid, ties to even.
#[inline]
pub(crate) fn round(hours: f64) -> f64 {
    (hours + ROUNDER) - ROUNDER
}

/// A sampled time on the grid; whether it was cut to the largest.
#[inline]
pub(crate) fn sample(hours: f64) -> (f64, bool) {
    let over = hours > MAX_SAMPLE;
    (round(if over { MAX_SAMPLE } else { hours }), over)
}

/// An absolute time, cut to the largest; whether it was.
#[inline]
pub(crate) fn absolute(hours: f64) -> (f64, bool) {
    let over = hours > MAX_TIME;
    (if over { MAX_TIME } else { hours }, over)
}

/// The larger of two times.
#[inline]
pub(crate) fn later(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lies_on_the_grid_and_is_exact_there() {
        let step = 1.0 / f64::from(1u32 << 30);
        for hours in [0.0, step, 0.1, 1.0 / 3.0, 24.0, 1234.567, MAX_SAMPLE] {
            let on_grid = round(hours);
            assert!((on_grid - hours).abs() <= step / 2.0);
            assert_eq!((on_grid / step).fract(), 0.0);
            assert_eq!(round(on_grid), on_grid);
        }
    }

    #[test]
    fn cuts_and_says_so() {
        assert_eq!(sample(2e6), (MAX_SAMPLE, true));
        assert_eq!(sample(MAX_SAMPLE), (MAX_SAMPLE, false));
        assert_eq!(absolute(1e9), (MAX_TIME, true));
    }
}
