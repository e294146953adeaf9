//! From sums to figures.

use super::comparison::{Compared, Comparison, ComparisonFormat, Difference};
use super::drive::Context;
use super::felt::Sum;
use super::figure::Figure;
use super::sums::{Blocked, Components, Sums};
use crate::Estimate;
use crate::numeric::{beta_cdf, normal_cdf, student_t_quantile};
use crate::statistics::GroupedHistogram;
use crate::statistics::grouped::GROUPS;
use crate::streams::STREAM_VERSION;

/// Steps in which distributions are kept for pictures.
const STEPS: u32 = 200;

/// How many standard errors intervals reach to either side.
#[derive(Debug, Clone, Copy)]
struct Reach {
    freedom: f64,
    one: f64,
    all: f64,
}

impl Reach {
    fn new(freedom: u64, differences: usize) -> Option<Self> {
        let quantile = |tail: f64| student_t_quantile(1.0 - tail, freedom as f64);
        let all = quantile(0.025 / differences.max(1) as f64);
        (freedom > 0).then(|| Self { freedom: freedom as f64, one: quantile(0.025), all })
    }

    /// The probability that a Student's t is at most this.
    fn below(self, t: f64) -> f64 {
        let tail = beta_cdf(self.freedom / (self.freedom + t * t), self.freedom / 2.0, 0.5) / 2.0;
        if t < 0.0 { tail } else { 1.0 - tail }
    }
}

/// All that figures are worked out from.
struct Figures<'a> {
    context: &'a Context<'a>,
    sums: &'a Sums,
    /// By replications, by whole blocks, by groups of blocks.
    replications: Option<Reach>,
    blocks: Option<Reach>,
    groups: Option<Reach>,
    /// Quantiles of the wait of each alternative and customer: of all, and of each group with its count.
    quantiles: Vec<Vec<[Quantile; 2]>>,
}

/// A quantile of all waits, and of those of each group of blocks.
#[derive(Debug, Clone, Copy, Default)]
struct Quantile {
    of_all: Option<f64>,
    of_groups: [Option<f64>; GROUPS],
    counts: [u64; GROUPS],
}

impl Quantile {
    fn of(waits: &GroupedHistogram, p: f64) -> Self {
        let GroupedHistogram::Groups(groups) = waits else { return Self::default() };
        Self {
            of_all: waits.pooled().quantile(p),
            of_groups: std::array::from_fn(|group| groups[group].quantile(p)),
            counts: std::array::from_fn(|group| groups[group].count()),
        }
    }

    /// The mean over customers.
    fn mean(of: impl Iterator<Item = Self>) -> Self {
        let all: Vec<Self> = of.collect();
        let share = 1.0 / all.len().max(1) as f64;
        let mean = |of: &dyn Fn(&Self) -> Option<f64>| {
            all.iter().try_fold(0.0, |sum, one| Some(sum + of(one)?)).map(|sum| sum * share)
        };
        Self {
            of_all: mean(&|one| one.of_all),
            of_groups: std::array::from_fn(|group| mean(&|one| one.of_groups[group])),
            counts: all.first().map(|one| one.counts).unwrap_or_default(),
        }
    }

    /// The standard error by sectioning (Asmussen & Glynn 2007, section III.5).
    fn error(&self) -> Option<f64> {
        let (of_all, total) = (self.of_all?, self.counts.iter().sum::<u64>() as f64);
        let spread = self.of_groups.iter().zip(self.counts).try_fold(0.0, |sum, (of_group, count)| {
            let gap = (*of_group)? - of_all;
            Some(sum + count as f64 * gap * gap)
        })?;
        Some((spread / ((GROUPS - 1) as f64 * total)).sqrt())
    }

    fn less(&self, other: &Self) -> Self {
        let less = |one: Option<f64>, other: Option<f64>| Some(one? - other?);
        Self {
            of_all: less(self.of_all, other.of_all),
            of_groups: std::array::from_fn(|group| less(self.of_groups[group], other.of_groups[group])),
            counts: self.counts,
        }
    }
}

/// The standard errors of a figure, or of a difference.
#[derive(Debug, Clone, Copy)]
struct Errors {
    is_drawn: bool,
    all: Option<f64>,
    sampling: Option<f64>,
    effect: Option<f64>,
    reach: Option<Reach>,
}

impl Errors {
    /// Half of an interval.
    fn half(&self, of: fn(Reach) -> f64) -> Option<f64> {
        self.reach.zip(self.all).map(|(reach, error)| of(reach) * error)
    }

    /// The probability that the average over effects is for the better, where it differs by so much.
    fn favourable_on_average(&self, better: f64) -> Option<f64> {
        let (reach, error) = self.reach.zip(self.all)?;
        if error > 0.0 { Some(reach.below(better / error)) } else { certainly(better) }
    }

    /// The same of one organisation, in which the effect is one of those that it may be: the normal distribution about the
    /// mean, with what is not known of the effect and the noise of sampling together.
    fn favourable(&self, better: f64) -> Option<f64> {
        let spread = self.effect?.hypot(self.sampling?);
        if spread > 0.0 { Some(normal_cdf(better / spread)) } else { certainly(better) }
    }
}

/// None where nothing differs.
fn certainly(better: f64) -> Option<f64> {
    (better != 0.0).then(|| f64::from(u8::from(better > 0.0)))
}

impl Figures<'_> {
    fn customers(&self) -> usize {
        self.context.plan.customers.len()
    }

    /// A customer's name; none of all together, who come after the last.
    fn name(&self, customer: usize) -> Option<String> {
        let customer = self.context.plan.customers.get(customer)?;
        Some(self.context.plan.customer_name(customer).to_owned())
    }

    /// Which sum a figure is drawn from, and how many of its unit one of the sum is.
    fn source(&self, figure: Figure, customer: usize) -> Option<(Sum, f64)> {
        let size = &self.context.size;
        let counted = f64::from(size.rounds - size.warmup);
        let of_all = customer == self.customers();
        let each = 1.0 / (counted * if of_all { self.customers() as f64 } else { 1.0 });
        Some(match figure {
            Figure::Perfect => (Sum::Perfect, each),
            Figure::OnTime => (Sum::OnTime, each),
            Figure::ErrorFree => (Sum::ErrorFree, each),
            Figure::Wait => (Sum::Wait, each),
            Figure::Lateness => (Sum::Lateness, each),
            Figure::Quality => (Sum::Quality, each),
            Figure::Satisfaction => (Sum::Satisfaction, each),
            Figure::ValueLost => (Sum::Lost, 1000.0 * self.context.largest_value / counted),
            Figure::WaitP50 | Figure::WaitP95 => return None,
        })
    }

    /// The standard errors of a mean: from blocks where effects are drawn, from replications elsewhere.
    fn errors(&self, of: &Blocked, is_drawn: bool, scale: f64) -> Errors {
        if is_drawn {
            let components = of.components(self.sums.whole_blocks);
            let root = |of: fn(Components) -> f64| components.map(|all| of(all).sqrt() * scale);
            Errors {
                is_drawn,
                all: root(|all| all.of_mean),
                sampling: root(|all| all.of_sampling),
                effect: root(|all| all.of_effect),
                reach: self.blocks,
            }
        } else {
            let error = of.error_of_sampling(self.sums.replications).map(|error| error * scale);
            Errors { is_drawn, all: error, sampling: error, effect: Some(0.0), reach: self.replications }
        }
    }

    fn difference(&self, pair: usize, customer: usize, figure: Figure) -> Option<Difference> {
        let (with, before) = self.context.pairs[pair];
        let Some((sum, scale)) = self.source(figure, customer) else {
            return self.difference_of_quantiles(pair, customer, figure);
        };
        if figure == Figure::ValueLost && scale == 0.0 {
            return None;
        }
        let place = customer * Sum::COUNT + sum as usize;
        let (sums, n) = (self.sums, self.sums.replications);
        let paired = &sums.pairs[pair][place];
        let alone = [before, with].map(|alternative| {
            let of = &sums.alternatives[alternative][place];
            let errors = self.errors(of, self.context.is_drawn(alternative), scale);
            (Estimate::plus_minus(of.all.mean(n) * scale, errors.half(|reach| reach.one)), errors.all)
        });
        let is_drawn = self.context.is_drawn(with) || self.context.is_drawn(before);
        let errors = self.errors(&paired.of, is_drawn, scale);
        let (better, worse) =
            if figure.more_is_better() { (paired.more, paired.less) } else { (paired.less, paired.more) };
        let share = |count: u64| Some(count as f64 / n as f64);
        let saved = |error: f64| {
            let [one, other] = alone.map(|(_, error)| error);
            Some((one? * one? + other? * other?) / (error * error))
        };
        Some(Difference {
            better: share(better),
            equal: share(n - better - worse),
            worse: share(worse),
            variance_saved: errors.all.filter(|error| *error > 0.0).and_then(saved),
            ..self.described(
                (customer, figure),
                alone.map(|(estimate, _)| estimate),
                paired.of.all.mean(n) * scale,
                errors,
            )
        })
    }

    fn difference_of_quantiles(&self, pair: usize, customer: usize, figure: Figure) -> Option<Difference> {
        let (one, other) = self.context.pairs[pair];
        let which = usize::from(figure == Figure::WaitP95);
        let of = |alternative: usize| -> Option<Quantile> {
            let all = self.quantiles.get(alternative)?;
            if customer < all.len() {
                Some(all[customer][which])
            } else {
                Some(Quantile::mean(all.iter().map(|one| one[which])))
            }
        };
        let (before, with) = (of(other)?, of(one)?);
        let estimate = |of: &Quantile| {
            let half = of.error().zip(self.groups).map(|(error, reach)| reach.one * error);
            of.of_all.map(|quantile| Estimate::plus_minus(quantile, half))
        };
        let difference = with.less(&before);
        let error = difference.error();
        let is_drawn = [one, other].into_iter().any(|alternative| self.context.is_drawn(alternative));
        let errors = Errors { is_drawn, all: error, sampling: None, effect: None, reach: self.groups };
        let estimates = [estimate(&before)?, estimate(&with)?];
        Some(self.described((customer, figure), estimates, difference.of_all?, errors))
    }

    fn described(
        &self,
        (customer, figure): (usize, Figure),
        [before, with]: [Estimate; 2],
        mean: f64,
        errors: Errors,
    ) -> Difference {
        let better = if figure.more_is_better() { mean } else { -mean };
        let favourable_on_average = errors.favourable_on_average(better);
        let favourable = if errors.is_drawn { errors.favourable(better) } else { favourable_on_average };
        Difference {
            customer: self.name(customer),
            figure,
            before,
            with,
            difference: Estimate::plus_minus(mean, errors.half(|reach| reach.one)),
            all_at_once: Estimate::plus_minus(mean, errors.half(|reach| reach.all)),
            standard_error: errors.all,
            sampling_error: errors.sampling,
            effect_sd: errors.effect,
            favourable,
            favourable_on_average,
            better: None,
            equal: None,
            worse: None,
            variance_saved: None,
        }
    }

    fn compared(&self, pair: usize, costs: &[f64]) -> Compared {
        let (with, before) = self.context.pairs[pair];
        let scenarios = &self.context.comparing.scenarios;
        let mut order: Vec<usize> = (0..self.customers()).collect();
        order.sort_by_key(|&customer| self.context.plan.customers[customer].at);
        order.push(self.customers());
        let figures = |customer: usize| Figure::ALL.map(|figure| self.difference(pair, customer, figure));
        Compared {
            scenario: scenarios[with - 1].name.clone(),
            against: before.checked_sub(1).map(|before| scenarios[before].name.clone()),
            cost: costs[with - 1],
            uncertain: self.context.is_drawn(with) || self.context.is_drawn(before),
            figures: order.into_iter().flat_map(figures).flatten().collect(),
        }
    }
}

pub(super) fn comparison(context: &Context<'_>, sums: &Sums) -> Result<Comparison, crate::Error> {
    let comparing = context.comparing;
    let differences = context.pairs.len() * (context.plan.customers.len() + 1);
    let quantiles = sums.waits.iter().filter(|waits| !waits.is_empty()).map(|waits| {
        let of = |figure: Figure, waits| figure.quantile().map(|p| Quantile::of(waits, p)).unwrap_or_default();
        waits.iter().map(|waits| [of(Figure::WaitP50, waits), of(Figure::WaitP95, waits)]).collect()
    });
    let figures = Figures {
        context,
        sums,
        replications: Reach::new(sums.replications.saturating_sub(1), differences),
        blocks: Reach::new(sums.whole_blocks.saturating_sub(1), differences),
        groups: Reach::new(GROUPS as u64 - 1, differences),
        quantiles: quantiles.collect(),
    };
    let costs = comparing.scenarios.iter().map(|scenario| scenario.cost_within(&comparing.workshop));
    let costs = costs.collect::<Result<Vec<f64>, _>>()?;
    let compared: Vec<Compared> = (0..context.pairs.len()).map(|pair| figures.compared(pair, &costs)).collect();
    let (scenarios, pairs) = {
        let mut scenarios = compared;
        let pairs = scenarios.split_off(comparing.scenarios.len());
        (scenarios, pairs)
    };
    let steps = |waits: &GroupedHistogram| {
        let pooled = waits.pooled();
        (0..=STEPS).filter_map(|step| pooled.quantile(f64::from(step) / f64::from(STEPS))).collect()
    };
    let description = comparing.organization.description();
    let promise =
        |customer: &crate::plan::PlannedCustomer| (context.plan.customer_name(customer).to_owned(), customer.promise);
    Ok(Comparison {
        format: ComparisonFormat::V1,
        model: description.name.clone(),
        model_hash: comparing.organization.fingerprint(),
        seed: context.size.seed,
        replications: sums.replications,
        rounds: context.size.rounds,
        warmup: context.size.warmup,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        stream_version: STREAM_VERSION,
        currency: description.currency.clone(),
        hours_per_day: description.hours_per_day.unwrap_or(8.0),
        differences,
        cut: sums.cut,
        intervals: "95 %: means by Student's t over replications (over blocks of 256 where effects are drawn), quantiles \
                    over ten groups of blocks; all_at_once by Bonferroni over all differences of one figure; null where \
                    none can be given"
            .to_owned(),
        cite: format!("ripple-effect {} (see CITATION.cff)", env!("CARGO_PKG_VERSION")),
        scenarios,
        pairs,
        waits: sums.waits.iter().map(|waits| waits.iter().map(steps).collect()).collect(),
        promises: context.plan.customers.iter().map(promise).collect(),
    })
}
