//! Axes with ticks at round numbers.

/// A scale from numbers to places, with its ticks.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    step: f64,
    decimals: usize,
}

impl Axis {
    /// From `low` to `high`, widened to ticks, drawn between two places; about so many ticks, at 1, 2 or 5 times a
    /// power of ten (Heckbert 1990).
    pub(super) fn new(low: f64, high: f64, from: f64, to: f64, ticks: f64) -> Self {
        let sound = |x: f64| if x.is_finite() { x.clamp(-1e15, 1e15) } else { 0.0 };
        let (low, high) = (sound(low), sound(high));
        let (low, high) = if high > low { (low, high) } else { (low - 0.5, low + 0.5) };
        let (step, decimals) = round_step((high - low) / ticks);
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { low, high, from, to, step, decimals }
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.from + (self.to - self.from) * share
    }

    pub(super) fn low(&self) -> f64 {
        self.low
    }

    pub(super) fn high(&self) -> f64 {
        self.high
    }

    /// The ticks and what to write at them.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let count = ((self.high - self.low) / self.step).round().clamp(1.0, 100.0) as usize;
        (0..=count).map(|index| self.low + self.step * index as f64).map(|value| (value, self.label(value))).collect()
    }

    fn label(&self, value: f64) -> String {
        let text = format!("{value:.*}", self.decimals);
        if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') { "0".to_owned() } else { minus(&text) }
    }
}

/// A number's text with the sign that is as wide as a plus; nothing is not negative.
pub(super) fn minus(number: &str) -> String {
    let is_nothing = number.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if is_nothing { number.replace('-', "") } else { number.replace('-', "−") }
}

/// The next 1, 2 or 5 times a power of ten, and the decimals that it needs.
pub(super) fn round_step(rough: f64) -> (f64, usize) {
    let mut power = 1.0;
    let mut decimals = 0;
    while power * 10.0 <= rough && power < 1e15 {
        power *= 10.0;
    }
    while power > rough && decimals < 12 {
        decimals += 1;
        power = 1.0 / 10f64.powi(decimals);
    }
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough);
    match factor {
        Some(factor) => (factor * power, decimals as usize),
        None => (10.0 * power, (decimals - 1).max(0) as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        let labels = |low, high| -> Vec<String> {
            Axis::new(low, high, 0.0, 100.0, 5.0).ticks().into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(labels(0.0, 10.0), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(labels(-0.3, 0.9), ["−0.5", "0", "0.5", "1.0"]);
        assert_eq!(labels(0.0, 0.037), ["0", "0.01", "0.02", "0.03", "0.04"]);
        assert!(labels(3.0, 3.0).len() >= 2);
        assert!(labels(f64::NAN, f64::INFINITY).len() >= 2);
        for (low, high) in [(0.0, 7.3), (-1234.0, 98765.0), (0.001, 0.0011), (1e12, 3e12)] {
            assert!((2..=8).contains(&labels(low, high).len()), "{low} to {high}");
        }
    }
}
