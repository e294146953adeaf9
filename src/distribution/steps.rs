//! Inversion of discrete probabilities in integers: exact to 2^-64, the same everywhere, in about constant time.

/// A sum that carries what each addition loses (Neumaier 1974).
#[derive(Default)]
pub(super) struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    pub(super) fn add(&mut self, x: f64) {
        let sum = self.sum + x;
        self.lost += if self.sum.abs() >= x.abs() { (self.sum - sum) + x } else { (x - sum) + self.sum };
        self.sum = sum;
    }

    pub(super) fn get(&self) -> f64 {
        self.sum + self.lost
    }
}

pub(super) fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut sum = Sum::default();
    values.for_each(|x| sum.add(x));
    sum.get()
}

/// The words 0..2^64 cut into consecutive steps, one for each weight, as long as it says.
#[derive(Debug)]
pub(super) enum Steps {
    /// All of one length.
    Equal { count: u64 },
    /// The first word after each step but the last, and where to begin looking (a guide table, Chen and Asau 1974).
    Unequal { ends: Vec<u64>, guide: Vec<u32>, shift: u32 },
}

impl Steps {
    /// At least one weight, all positive, at most 2^32 of them.
    pub(super) fn new(weights: impl Iterator<Item = f64> + Clone) -> Self {
        let mut all = weights.clone();
        let first = all.next();
        if all.all(|weight| Some(weight) == first) {
            return Self::Equal { count: weights.count().max(1) as u64 };
        }
        let total = sum(weights.clone());
        let mut running = Sum::default();
        let mut ends: Vec<u64> = Vec::new();
        for weight in weights {
            running.add(weight);
            // A cast from float saturates.
            let end = (running.get() / total * TWO_TO_64) as u64;
            ends.push(ends.last().map_or(end, |&last| end.max(last)));
        }
        ends.pop();
        let buckets = ends.len().next_power_of_two().clamp(2, 65_536);
        let shift = 64 - buckets.trailing_zeros();
        let mut guide: Vec<u32> =
            (0..buckets as u64).map(|bucket| ends.partition_point(|&end| end <= bucket << shift) as u32).collect();
        guide.push(ends.len() as u32);
        Self::Unequal { ends, guide, shift }
    }

    /// The step that a word lies in.
    #[inline(always)]
    pub(super) fn find(&self, word: u64) -> usize {
        match self {
            Self::Equal { count } => high(word, *count) as usize,
            Self::Unequal { ends, guide, shift } => {
                let bucket = (word >> shift) as usize;
                let (from, to) = (guide[bucket] as usize, guide[bucket + 1] as usize);
                from + ends[from..to].partition_point(|&end| end <= word)
            }
        }
    }

    /// The first word of a step and the number of its words.
    pub(super) fn extent(&self, step: usize) -> (u64, u128) {
        let start = |step: usize| match self {
            Self::Equal { count } => ((step as u128) << 64).div_ceil(u128::from(*count)),
            Self::Unequal { .. } if step == 0 => 0,
            Self::Unequal { ends, .. } => ends.get(step - 1).map_or(1 << 64, |&end| u128::from(end)),
        };
        let (from, to) = (start(step), start(step + 1));
        (from as u64, to - from)
    }
}

const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;

/// The upper word of a product.
#[inline(always)]
fn high(a: u64, b: u64) -> u64 {
    ((u128::from(a) * u128::from(b)) >> 64) as u64
}

/// Stretches the words of one step over all words: what is left of a draw once it has chosen a component.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    start: u64,
    lead: u32,
    factor: u64,
}

impl Stretch {
    pub(super) fn new((start, words): (u64, u128)) -> Self {
        match u64::try_from(words) {
            Ok(words) if words > 0 => {
                let lead = words.leading_zeros();
                // 2^128 / words, less the 2^64 that is always part of it.
                let factor = (u128::MAX / u128::from(words << lead)) as u64;
                Self { start, lead, factor }
            }
            // All words, which stay what they are; or none, which are never asked for.
            _ => Self { start, lead: 0, factor: 0 },
        }
    }

    #[inline(always)]
    pub(super) fn apply(&self, word: u64) -> u64 {
        let rest = word.wrapping_sub(self.start) << self.lead;
        rest.wrapping_add(high(rest, self.factor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_in_the_step_that_says_so() {
        for weights in
            [vec![1.0], vec![2.0; 7], vec![0.9, 0.1], vec![1e-30, 1.0, 1e-30, 5.0], (1..999).map(f64::from).collect()]
        {
            let steps = Steps::new(weights.iter().copied());
            let mut next = 0_u128;
            for step in 0..weights.len() {
                let (start, words) = steps.extent(step);
                assert_eq!(u128::from(start), next % (1 << 64), "step {step} of {weights:?}");
                next += words;
                if words > 0 {
                    let stretch = Stretch::new((start, words));
                    let last = (u128::from(start) + words - 1) as u64;
                    assert_eq!((steps.find(start), steps.find(last)), (step, step));
                    assert_eq!(stretch.apply(start), 0);
                    assert!(u128::from(u64::MAX - stretch.apply(last)) <= (1 << 64) / words + 1);
                }
            }
            assert_eq!(next, 1 << 64);
        }
    }
}
