//! Which of many shocks harms customers most.

use serde::{Deserialize, Serialize};

use super::collect::{hit, late, only, perfect};
use super::sums::{Mean, Values, share};
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::engine::block::{Differences, Got, ServiceDifference, kernels};
use crate::shock::{LeftOut, Shock};
use crate::simulation::Sized;
use crate::{Estimate, Plan};

/// What shocks do to customers, each alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ranking {
    /// The organisation's name.
    pub model: String,
    /// The SHA-256 of the model: of the same model as an outcome's.
    pub model_hash: String,
    /// What `value` is in, where the model says so.
    pub currency: Option<String>,
    /// The seed.
    pub seed: u64,
    /// Replications, of which each shock struck every one.
    pub replications: u64,
    /// Rounds of each.
    pub rounds: u32,
    /// How many draws and times were cut to the largest allowed, without a shock and with each: figures are wrong by them.
    pub times_cut: u64,
    /// The shocks, in the order in which they were given.
    pub shocks: Vec<Ranked>,
    /// What the shock cannot strike, and therefore is not among these, in the order of the file:
    /// [`Simulation::rank_each`](crate::Simulation::rank_each). Nothing where the shocks themselves were given.
    pub left_out: Vec<LeftOut>,
}

/// What one shock does to customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ranked {
    /// Its name.
    pub shock: String,
    /// What happens to whom, in plain words.
    pub told: String,
    /// To all of them together.
    pub total: Harm,
    /// To each of them, in the order of the file.
    pub customers: Vec<(String, Harm)>,
}

/// What a shock does to customers, a replication: summed over its rounds, with 95 % intervals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Harm {
    /// The share of replications in which it is felt in any round, `0..=1`: somebody waits longer or less, or gets a mistake
    /// more or less, or another quality.
    pub hit: Estimate,
    /// Hours that engagements take longer.
    pub extra_wait: Estimate,
    /// Engagements more that break their promise.
    pub late: Estimate,
    /// Wrong results more.
    pub extra_errors: Estimate,
    /// Satisfaction lost, in points of 100.
    pub satisfaction_lost: Estimate,
    /// Perfect engagements fewer.
    pub perfect_lost: Estimate,
    /// Value of these, in the currency of the model.
    pub value_lost: Estimate,
}

impl Ranking {
    /// The most harmful first: by perfect engagements lost, then by hours waited longer, then by satisfaction lost,
    /// then in the order given.
    #[must_use]
    pub fn worst(&self) -> Vec<&Ranked> {
        self.sorted(|harm| [harm.perfect_lost, harm.extra_wait, harm.satisfaction_lost])
    }

    /// The most harmful first, by value lost, then as [`worst`](Self::worst).
    #[must_use]
    pub fn worst_by_value(&self) -> Vec<&Ranked> {
        self.sorted(|harm| [harm.value_lost, harm.perfect_lost, harm.extra_wait])
    }

    /// The most harmful first, by hours waited longer, then as [`worst`](Self::worst).
    #[must_use]
    pub fn worst_by_wait(&self) -> Vec<&Ranked> {
        self.sorted(|harm| [harm.extra_wait, harm.perfect_lost, harm.satisfaction_lost])
    }

    /// The shock of this name.
    #[must_use]
    pub fn shock(&self, name: &str) -> Option<&Ranked> {
        self.shocks.iter().find(|shock| shock.shock == name)
    }

    /// The name that all of them share, as those of [`Shock::on_each`] do, and how many bytes of each it takes.
    #[cfg(any(feature = "report", feature = "pictures"))]
    pub(crate) fn shared_name(&self) -> Option<(&str, usize)> {
        let (name, _) = self.shocks.first()?.shock.split_once(": ")?;
        let shared = self.shocks.len() > 1
            && self.shocks.iter().all(|one| one.shock.split_once(": ").is_some_and(|(of, _)| of == name));
        shared.then_some((name, name.len() + 2))
    }

    fn sorted(&self, by: impl Fn(&Harm) -> [Estimate; 3]) -> Vec<&Ranked> {
        let mut sorted: Vec<&Ranked> = self.shocks.iter().collect();
        let key = |ranked: &Ranked| by(&ranked.total).map(|estimate| estimate.estimate.unwrap_or(0.0));
        sorted.sort_by(|a, b| {
            let (a, b) = (key(a), key(b));
            b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1])).then(b[2].total_cmp(&a[2]))
        });
        sorted
    }
}

/// The sums of one shock.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    /// Customers, then all of them together.
    harms: Vec<Sums>,
}

#[derive(Debug, Clone, Default)]
struct Sums {
    hit: u64,
    wait: Mean,
    late: Mean,
    errors: Mean,
    satisfaction: Mean,
    perfect: Mean,
    value: Mean,
}

#[derive(Debug)]
struct BlockSums {
    hit: Bits,
    wait: Values,
    late: Values,
    errors: Values,
    satisfaction: Values,
    perfect: Values,
    value: Values,
}

impl Standing {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { harms: vec![Sums::default(); plan.customers.len() + 1] }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (sums, other) in self.harms.iter_mut().zip(&other.harms) {
            sums.hit += other.hit;
            sums.wait.merge(&other.wait);
            sums.late.merge(&other.late);
            sums.errors.merge(&other.errors);
            sums.satisfaction.merge(&other.satisfaction);
            sums.perfect.merge(&other.perfect);
            sums.value.merge(&other.value);
        }
    }
}

/// One worker's watching of one shock after the other.
pub(super) struct Striker<'a> {
    plan: &'a Plan,
    lanes: usize,
    sums: Vec<BlockSums>,
    hours: Box<Row>,
    quality: Box<Row>,
    satisfaction: Box<Row>,
}

impl<'a> Striker<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let sums = || BlockSums {
            hit: Bits::NONE,
            wait: Values::new(),
            late: Values::new(),
            errors: Values::new(),
            satisfaction: Values::new(),
            perfect: Values::new(),
            value: Values::new(),
        };
        let sums = (0..=plan.customers.len()).map(|_| sums()).collect();
        Self { plan, lanes: 0, sums, hours: Row::new(0.0), quality: Row::new(0.0), satisfaction: Row::new(0.0) }
    }

    /// Bytes that one takes, with its standings.
    pub(super) fn bytes(plan: &Plan, shocks: usize) -> u128 {
        let customers = plan.customers.len() + 1;
        (customers * 6 * size_of::<Row>() + shocks * customers * size_of::<Sums>()) as u128
    }

    pub(super) fn begin(&mut self, lanes: usize) {
        self.lanes = lanes;
    }

    pub(super) fn end(&mut self, standing: &mut Standing) {
        for (all, block) in standing.harms.iter_mut().zip(&mut self.sums) {
            all.hit += u64::from(std::mem::take(&mut block.hit).count());
            all.wait.take(&mut block.wait, self.lanes);
            all.late.take(&mut block.late, self.lanes);
            all.errors.take(&mut block.errors, self.lanes);
            all.satisfaction.take(&mut block.satisfaction, self.lanes);
            all.perfect.take(&mut block.perfect, self.lanes);
            all.value.take(&mut block.value, self.lanes);
        }
    }
}

impl Differences for Striker<'_> {
    fn wants_services(&self) -> bool {
        false
    }

    fn service(&mut self, _round: u32, _service: usize, _seen: &ServiceDifference<'_>) {}

    fn customer(&mut self, _round: u32, customer: usize, before: &Got, after: &Got, _caught: &[Bits]) {
        let live = Bits::first(self.lanes);
        kernels::subtract(&after.wait, Term::Each(&before.wait), &mut self.hours);
        kernels::subtract(&before.quality, Term::Each(&after.quality), &mut self.quality);
        kernels::subtract(&before.satisfaction, Term::Each(&after.satisfaction), &mut self.satisfaction);
        let (more, fewer) = only(after.error, before.error, live);
        let hit = hit(&self.hours, 0.0, (more, fewer), &self.quality, live).any;
        let (later, earlier) = only(late(self.plan, customer, after), late(self.plan, customer, before), live);
        let (gained, lost) = only(perfect(self.plan, customer, after), perfect(self.plan, customer, before), live);
        let value = self.plan.customers[customer].value;
        let total = self.sums.len() - 1;
        for at in [customer, total] {
            let sums = &mut self.sums[at];
            sums.hit = sums.hit.or(hit);
            sums.wait.add(&self.hours);
            sums.errors.count(more, 1.0);
            sums.errors.count(fewer, -1.0);
            sums.satisfaction.add(&self.satisfaction);
            sums.late.count(later, 1.0);
            sums.late.count(earlier, -1.0);
            sums.perfect.count(lost, 1.0);
            sums.perfect.count(gained, -1.0);
            sums.value.count(lost, value);
            sums.value.count(gained, -value);
        }
    }
}

/// The figures of all shocks.
pub(super) fn ranking(
    plan: &Plan,
    size: Sized,
    (replications, times_cut): (u64, u64),
    shocks: &[Shock],
    standings: &[Standing],
) -> Ranking {
    let harm = |sums: &Sums| Harm {
        hit: share(sums.hit, replications),
        extra_wait: sums.wait.estimate(replications),
        late: sums.late.estimate(replications),
        extra_errors: sums.errors.estimate(replications),
        satisfaction_lost: sums.satisfaction.estimate(replications),
        perfect_lost: sums.perfect.estimate(replications),
        value_lost: sums.value.estimate(replications),
    };
    let mut order: Vec<usize> = (0..plan.customers.len()).collect();
    order.sort_by_key(|&customer| plan.customers[customer].at);
    let ranked = |(shock, standing): (&Shock, &Standing)| Ranked {
        shock: shock.name.clone(),
        told: shock.told(size.rounds),
        total: harm(&standing.harms[plan.customers.len()]),
        customers: order
            .iter()
            .map(|&at| (plan.customer_name(&plan.customers[at]).to_owned(), harm(&standing.harms[at])))
            .collect(),
    };
    Ranking {
        model: plan.organization.description().name.clone(),
        model_hash: plan.fingerprint(),
        currency: plan.organization.description().currency.clone(),
        seed: size.seed,
        replications,
        rounds: size.rounds,
        times_cut,
        shocks: shocks.iter().zip(standings).map(ranked).collect(),
        left_out: Vec::new(),
    }
}
