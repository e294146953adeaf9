//! A distribution compiled to one draw a word.

use super::Distribution;
use super::exponential::standard;
use super::steps::{Steps, Stretch};
use super::table::{Cell, Placed, Table, Tabled, Tables};
use crate::Error;
use crate::numeric::elementary::pick;
use crate::streams::LANES;
use std::sync::Arc;

/// A distribution, compiled: every draw takes one word of 64 random bits, whatever the family, and gives the same bits on every
/// machine.
///
/// Draws are by **inversion**, so that common random numbers stay in step: a greater word never gives a smaller value, but in a
/// mixture, where it does so within each component. The word stands for the uniform number `u`: of its two halves, the upper one
/// (bit 63 set) is the upper tail. Let `m` be the word, with all bits flipped in the upper half; then `p = ((m >> 11) + 0.5) * 2^-53`
/// lies in `(0, 0.5)`, exactly, and `u` is `p` in the lower half and `1 - p` in the upper. Both tails are resolved to 2^-54.
///
/// Drawing uses `+ - *`, square roots, integer operations and selects only. Constant, uniform, triangular and empirical draws invert
/// exactly, up to rounding. The others take the upper 32 bits of the word, so that both tails are resolved to 2^-33, and single
/// precision: exponential draws by a polynomial for the logarithm, the rest by a table of the inverse distribution function. The
/// distribution function of the draws lies within 2e-7 of the true one.
///
/// Cheap to clone and to share. Measured without special instruction sets, a draw of [`sample_all`](Self::sample_all) takes 1 to 6 ns
/// (11 from a mixture), one of [`sample`](Self::sample) up to twice that. Compiling a table takes 0.1 to 0.8 ms, up to 20 ms for shapes
/// in the thousands or near 0.05.
///
/// ```
/// use ripple_effect::{Distribution, Sampler};
/// let sampler = Sampler::new(&Distribution::pert(0.5, 1.0, 4.0))?;
/// let median = sampler.sample(1 << 63);
/// assert!((Distribution::pert(0.5, 1.0, 4.0).cdf(median) - 0.5).abs() < 2e-7);
/// assert!(sampler.sample(0) >= 0.5 && sampler.sample(u64::MAX) <= 4.0);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Sampler {
    shift: f64,
    draw: Draw,
}

/// How to draw, before the shift. Two words wide: plans of millions of dependencies hold several of each.
#[derive(Debug, Clone)]
pub(super) enum Draw {
    Constant { value: f64 },
    Uniform(Arc<Uniform>),
    Triangular(Arc<Triangular>),
    Exponential { mean: f64 },
    Tabled(Arc<Tabled>),
    Discrete(Arc<Discrete>),
    Mixture(Arc<Blend>),
}

/// The ends, what lies between them, and the middle.
#[derive(Debug)]
pub(super) struct Uniform {
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) width: f64,
    pub(super) middle: f64,
}

/// The three corners, the probability left of the mode, and what is under the root on either side.
#[derive(Debug)]
pub(super) struct Triangular {
    pub(super) min: f64,
    pub(super) mode: f64,
    pub(super) max: f64,
    pub(super) rising: f64,
    pub(super) rise: f64,
    pub(super) fall: f64,
}

/// Values by rising order, and how likely they are.
#[derive(Debug)]
pub(super) struct Discrete {
    pub(super) values: Box<[f64]>,
    pub(super) steps: Steps,
}

/// The components of a mixture.
#[derive(Debug)]
pub(super) struct Blend {
    parts: Vec<Part>,
    steps: Steps,
}

#[derive(Debug)]
struct Part {
    weight: f64,
    stretch: Stretch,
    sampler: Sampler,
}

impl Sampler {
    /// Compiles a distribution.
    ///
    /// # Errors
    /// Where [`Distribution::validate`] finds one.
    ///
    /// ```
    /// use ripple_effect::{Distribution, Sampler};
    /// assert_eq!(Sampler::new(&Distribution::from(2.0))?.sample(7), 2.0);
    /// assert!(Sampler::new(&Distribution::exponential(-2.0)).is_err());
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn new(of: &Distribution) -> Result<Self, Error> {
        Self::with(of, &mut Tables::default())
    }

    /// Compiles a distribution, taking tables from those that were built before and adding what is missing.
    pub(crate) fn with(of: &Distribution, tables: &mut Tables) -> Result<Self, Error> {
        of.validate()?;
        Ok(Self::of_valid(of, tables))
    }

    /// Compiles a distribution that was checked.
    pub(super) fn of_valid(of: &Distribution, tables: &mut Tables) -> Self {
        match of.as_constant() {
            Some(value) => Self::of(Draw::Constant { value }),
            None => of.with(|family| family.sampler(tables)),
        }
    }

    pub(super) fn of(draw: Draw) -> Self {
        Self { shift: 0.0, draw }
    }

    pub(super) fn tabled(table: Arc<Table>, placed: &Placed) -> Self {
        Self::of(Draw::Tabled(Arc::new(Tabled::new(table, placed))))
    }

    pub(super) fn shifted(self, by: f64) -> Self {
        Self { shift: self.shift + by, ..self }
    }

    /// The components of this sampler as those of a mixture around it.
    pub(super) fn flatten(self, weight: f64, into: &mut Vec<(f64, Self)>) {
        match &self.draw {
            // Two shifts would round otherwise than one after the other.
            Draw::Mixture(blend) if self.shift == 0.0 => {
                into.extend(blend.parts.iter().map(|part| (weight * part.weight, part.sampler.clone())));
            }
            _ => into.push((weight, self)),
        }
    }

    /// A mixture; a part may be one only where it is shifted.
    pub(super) fn mixture(mut parts: Vec<(f64, Self)>) -> Self {
        parts.retain(|&(weight, _)| weight > 0.0);
        if parts.len() == 1
            && let Some((_, only)) = parts.pop()
        {
            return only;
        }
        let steps = Steps::new(parts.iter().map(|&(weight, _)| weight));
        let parts = parts.into_iter().enumerate().map(|(i, (weight, sampler))| {
            let stretch = Stretch::new(steps.extent(i));
            Part { weight, stretch, sampler }
        });
        let parts = parts.collect();
        Self::of(Draw::Mixture(Arc::new(Blend { parts, steps })))
    }

    /// The value of a sampler that always gives the same, hours.
    #[inline]
    pub(crate) fn constant(&self) -> Option<f64> {
        match self.draw {
            Draw::Constant { value } => Some(value + self.shift),
            _ => None,
        }
    }

    /// The greatest value that a draw can give, hours.
    pub(crate) fn greatest(&self) -> f64 {
        match &self.draw {
            Draw::Mixture(blend) => {
                let each = blend.parts.iter().map(|part| part.sampler.greatest());
                each.fold(0.0, |a, b| if a > b { a } else { b }) + self.shift
            }
            _ => self.sample(u64::MAX),
        }
    }

    /// The value that a word stands for, hours.
    ///
    /// ```
    /// use ripple_effect::{Distribution, Sampler};
    /// let sampler = Sampler::new(&Distribution::uniform(1.0, 3.0))?;
    /// assert_eq!(sampler.sample(1 << 62), 1.5 + 2.0_f64.powi(-53));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn sample(&self, word: u64) -> f64 {
        match &self.draw {
            Draw::Mixture(blend) => blend.sample(word) + self.shift,
            _ => self.sample_one(word),
        }
    }

    /// The same, compiled into the caller but for a mixture in a mixture: what was cloned for an instruction set must not call what
    /// was not, one draw at a time.
    #[inline(always)]
    fn sample_one(&self, word: u64) -> f64 {
        let x = match &self.draw {
            &Draw::Constant { value } => value,
            Draw::Uniform(of) => {
                let &Uniform { min, max, width, middle } = &**of;
                let (p, above) = split(word);
                uniform(p, above, min, max, width, middle)
            }
            Draw::Triangular(of) => {
                let &Triangular { min, mode, max, rising, rise, fall } = &**of;
                let (p, above) = split(word);
                triangular(p, above, min, mode, max, [rising, rise, fall])
            }
            &Draw::Exponential { mean } => mean * f64::from(standard((word >> 32) as u32)),
            Draw::Tabled(tabled) => tabled.draw((word >> 32) as u32),
            Draw::Discrete(discrete) => discrete.values[discrete.steps.find(word)],
            Draw::Mixture(blend) => blend.sample_inside(word),
        };
        x + self.shift
    }

    /// The values of many words, as many as the shorter slice holds: what [`sample`](Self::sample) gives for each, sooner.
    ///
    /// ```
    /// use ripple_effect::{Distribution, Sampler};
    /// let sampler = Sampler::new(&Distribution::exponential(2.0))?;
    /// let mut hours = [0.0; 2];
    /// sampler.sample_all(&[5, 1 << 60], &mut hours);
    /// assert_eq!(hours, [sampler.sample(5), sampler.sample(1 << 60)]);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn sample_all(&self, words: &[u64], hours: &mut [f64]) {
        let mut scratch = Scratch::new();
        for (words, hours) in words.chunks(LANES).zip(hours.chunks_mut(LANES)) {
            if !self.takes_half() {
                self.fill(words, hours, |x| x);
                continue;
            }
            let (mut halves, mut drawn) = ([[0; WIDE]; LANES / WIDE], [[0.0; WIDE]; LANES / WIDE]);
            for (half, word) in halves.as_flattened_mut().iter_mut().zip(words) {
                *half = (word >> 32) as u32;
            }
            self.fill_halves(&halves, words.len(), &mut drawn, &mut scratch, |x| x);
            for (hours, drawn) in hours.iter_mut().zip(drawn.as_flattened()) {
                *hours = *drawn;
            }
        }
    }

    /// Whether a draw takes the upper half of a word only, so that the lower one can serve another.
    #[inline(always)]
    pub(crate) fn takes_half(&self) -> bool {
        matches!(self.draw, Draw::Tabled(_) | Draw::Exponential { .. })
    }

    /// The draws of the first `count` of at most 256 halves, of a sampler that takes half a word, with something done to each, to be compiled into callers that were
    /// cloned for an instruction set. Of any other sampler nothing is drawn.
    #[inline(always)]
    pub(crate) fn fill_halves(
        &self,
        halves: &[[u32; WIDE]],
        count: usize,
        hours: &mut [[f64; WIDE]],
        scratch: &mut Scratch,
        finish: impl Fn(f64) -> f64,
    ) {
        let shift = self.shift;
        match &self.draw {
            Draw::Tabled(tabled) => tabled.fill(halves, count, hours, scratch, |x| finish(x + shift)),
            &Draw::Exponential { mean } => {
                // In two steps, as vectors of single precision hold twice as many.
                for ((hours, halves), values) in hours.iter_mut().zip(halves).zip(&mut scratch.inside) {
                    for lane in 0..WIDE {
                        values[lane] = standard(halves[lane]);
                    }
                    for lane in 0..WIDE {
                        hours[lane] = finish(mean * f64::from(values[lane]) + shift);
                    }
                }
            }
            _ => {}
        }
    }

    /// The body of `sample_all` for whole words, with something done to each value, to be compiled into callers that were cloned
    /// for an instruction set.
    #[inline(always)]
    pub(crate) fn fill(&self, words: &[u64], hours: &mut [f64], finish: impl Fn(f64) -> f64) {
        let shift = self.shift;
        // The family is told apart once, outside of the loop, which the compiler can then turn into vector instructions.
        let mut each = Each { words, hours };
        match &self.draw {
            &Draw::Constant { value } => each.fill(|_| finish(value + shift)),
            Draw::Uniform(of) => {
                let &Uniform { min, max, width, middle } = &**of;
                each.fill(|word| {
                    let (p, above) = split(word);
                    finish(uniform(p, above, min, max, width, middle) + shift)
                });
            }
            Draw::Triangular(of) => {
                let &Triangular { min, mode, max, rising, rise, fall } = &**of;
                each.fill(|word| {
                    let (p, above) = split(word);
                    finish(triangular(p, above, min, mode, max, [rising, rise, fall]) + shift)
                });
            }
            &Draw::Exponential { mean } => {
                each.fill(|word| finish(mean * f64::from(standard((word >> 32) as u32)) + shift));
            }
            Draw::Tabled(tabled) => each.fill(|word| finish(tabled.draw((word >> 32) as u32) + shift)),
            Draw::Discrete(discrete) => each.fill(|word| finish(discrete.values[discrete.steps.find(word)] + shift)),
            // Not by a closure, which might stay a function of its own, compiled for any processor.
            Draw::Mixture(blend) => {
                for (hours, &word) in each.hours.iter_mut().zip(each.words) {
                    *hours = finish(blend.sample(word) + shift);
                }
            }
        }
    }
}

/// Draws that are made together: a few vectors.
pub(crate) const WIDE: usize = 64;

/// Memory that many draws at once need in between, kept so that it need not be cleared each time.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct Scratch {
    pub(super) cells: [[u32; WIDE]; LANES / WIDE],
    pub(super) inside: [[f32; WIDE]; LANES / WIDE],
    pub(super) rows: [[Cell; WIDE]; LANES / WIDE],
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self {
            cells: [[0; WIDE]; LANES / WIDE],
            inside: [[0.0; WIDE]; LANES / WIDE],
            rows: [[Cell::default(); WIDE]; LANES / WIDE],
        }
    }
}

struct Each<'a> {
    words: &'a [u64],
    hours: &'a mut [f64],
}

impl Each<'_> {
    #[inline(always)]
    fn fill(&mut self, draw: impl Fn(u64) -> f64) {
        for (hours, &word) in self.hours.iter_mut().zip(self.words) {
            *hours = draw(word);
        }
    }
}

impl Blend {
    #[inline(always)]
    fn sample(&self, word: u64) -> f64 {
        let part = &self.parts[self.steps.find(word)];
        part.sampler.sample_one(part.stretch.apply(word))
    }

    #[inline(never)]
    fn sample_inside(&self, word: u64) -> f64 {
        let part = &self.parts[self.steps.find(word)];
        part.sampler.sample(part.stretch.apply(word))
    }
}

/// One word of the generator a draw; ask for it as `rng.sample(&sampler)`.
///
/// ```
/// use rand::{RngExt, SeedableRng, rngs::StdRng};
/// use ripple_effect::{Distribution, Sampler};
/// let sampler = Sampler::new(&Distribution::uniform(1.0, 4.0))?;
/// let hours: f64 = StdRng::seed_from_u64(1).sample(&sampler);
/// assert!((1.0..4.0).contains(&hours));
/// # Ok::<(), ripple_effect::Error>(())
/// ```
impl rand::distr::Distribution<f64> for Sampler {
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        Self::sample(self, rng.next_u64())
    }
}

/// The tail probability that a word stands for, and all ones if it is that of the upper tail.
#[inline(always)]
fn split(word: u64) -> (f64, u64) {
    let above = (word >> 63).wrapping_neg();
    let m = word ^ above;
    // 52 bits as the mantissa of a number from 1 on: a conversion that every instruction set does in vectors. Taking away what
    // is too much gives twice the probability, exactly.
    let twice = f64::from_bits(0x3FF0_0000_0000_0000 | (m >> 11)) - (1.0 - 1.0 / 9_007_199_254_740_992.0);
    (0.5 * twice, above)
}

#[inline(always)]
fn uniform(p: f64, above: u64, min: f64, max: f64, width: f64, middle: f64) -> f64 {
    let (low, high) = (min + width * p, max - width * p);
    // Rounding must not let the halves pass each other.
    let low = if low < middle { low } else { middle };
    let high = if high > middle { high } else { middle };
    pick(above, high, low)
}

#[inline(always)]
fn triangular(p: f64, above: u64, min: f64, mode: f64, max: f64, [rising, rise, fall]: [f64; 3]) -> f64 {
    let (u, rest) = (pick(above, 1.0 - p, p), pick(above, p, 1.0 - p));
    let rises = u64::from(u < rising).wrapping_neg();
    // One root for both sides: it is what takes longest.
    let root = pick(rises, u * rise, rest * fall).sqrt();
    let (low, high) = (min + root, max - root);
    let low = if low < mode { low } else { mode };
    let high = if high > mode { high } else { mode };
    pick(rises, low, high)
}
