//! Quantiles of values that are correlated within a replication.

use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::histogram::Histogram;
use super::interval::t95;

/// Groups of blocks: part of the meaning of every interval.
pub(crate) const GROUPS: usize = 10;

/// Values of several rounds of each replication, or of one.
///
/// With one counted round the values are independent, and one [`Histogram`] serves. With more, those of a replication are
/// correlated: block `b` then goes into group `b % 10`, groups are independent, and sectioning (Asmussen & Glynn 2007,
/// *Stochastic Simulation*, section III.5) gives the interval. The pooled histogram is the sum of the groups, made when
/// it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GroupedHistogram {
    /// One counted round per replication: independent values.
    Single(Box<Histogram>),
    /// Several: one histogram for each group of blocks.
    Groups(Box<[Histogram; GROUPS]>),
}

impl GroupedHistogram {
    /// An empty one for so many counted rounds per replication.
    pub(crate) fn new(counted_rounds: u32) -> Self {
        if counted_rounds <= 1 { Self::Single(Box::default()) } else { Self::Groups(Box::default()) }
    }

    /// The histogram that values of `block` (its index in the whole run, not in a shard) belong to.
    #[inline]
    pub(crate) fn of_block(&mut self, block: u64) -> &mut Histogram {
        match self {
            Self::Single(single) => single,
            Self::Groups(groups) => &mut groups[(block % GROUPS as u64) as usize],
        }
    }

    /// Adds the values of `other`: associative and commutative to the last bit. O(cells).
    ///
    /// One with groups and one without do not belong together: the result is unusable.
    pub(crate) fn merge(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Single(single), Self::Single(other)) => single.merge(other),
            (Self::Groups(groups), Self::Groups(others)) => {
                groups.iter_mut().zip(others.iter()).for_each(|(group, other)| group.merge(other));
            }
            _ => {
                let mut damaged = Histogram::default();
                damaged.push(f64::NAN);
                *self = Self::Single(Box::new(damaged));
            }
        }
    }

    /// All values together. O(cells).
    pub(crate) fn pooled(&self) -> Histogram {
        match self {
            Self::Single(single) => (**single).clone(),
            Self::Groups(groups) => groups.iter().fold(Histogram::default(), |mut sum, group| {
                sum.merge(group);
                sum
            }),
        }
    }

    /// The quantiles of all values together, each with a 95 % interval. O(cells) for each.
    ///
    /// Independent values: [`Histogram::quantile_estimate`]. Groups: the pooled quantile `q` plus and minus Student's t of
    /// 9 degrees of freedom times the root of `sum of n_g (q_g - q)^2 / (9 n)`, which for groups of equal size is the
    /// formula of the book; cut at 0. No ends unless every group holds values (ten blocks).
    pub(crate) fn quantile_estimates(&self, ps: &[f64]) -> Vec<Estimate> {
        let groups = match self {
            Self::Single(single) => return ps.iter().map(|&p| single.quantile_estimate(p)).collect(),
            Self::Groups(groups) => groups,
        };
        let pooled = self.pooled();
        let total = pooled.count() as f64;
        let estimate = |p: f64| {
            let q = pooled.quantile(p)?;
            let spread = groups.iter().try_fold(0.0, |sum, group| {
                let gap = group.quantile(p)? - q;
                Some(sum + group.count() as f64 * (gap * gap))
            });
            let freedom = (GROUPS - 1) as f64;
            let half = spread.map(|spread| t95(GROUPS as u64 - 1) * (spread / (freedom * total)).sqrt());
            let interval = Estimate::plus_minus(q, half);
            Some(Estimate { low: interval.low.map(|low| low.max(0.0)), ..interval })
        };
        ps.iter().map(|&p| estimate(p).unwrap_or_default()).collect()
    }
}
