//! How closely the hours of each service go with a customer's wait.

use ethnum::I256;

use super::history::{History, reach};
use super::ranks::Ranks;
use crate::Plan;
use crate::engine::block::Program;
use crate::engine::block::kernels;
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::statistics::fixed::to_fixed;

use super::history::Rota;

/// What a block's sums stay below, in binary digits: the square of 2^23 hours, 256 times.
const LIMIT: u32 = 60;
/// What is left of squares that cancel but for so many binary digits is rounding.
const NOISE: u32 = 44;

/// The services that a customer's wait may depend on, and the sums that their correlation with it needs.
#[derive(Debug, Clone)]
pub(super) struct Moments {
    /// Which services, ascending.
    pub(super) services: Vec<usize>,
    /// The places among them of those whose hours are not always the same.
    varying: Vec<usize>,
    /// Of each: the sums of its hours over the standard, of their squares, and of their products with the wait.
    sums: Vec<[I256; 3]>,
    /// Those of the wait beyond plan, and of its squares.
    wait: [I256; 2],
    count: u64,
    /// Of each, the sums of the products of its ranks with those of the wait, and of their squares; those of the wait.
    ranks: Vec<[i128; 2]>,
    wait_ranks: i128,
}

/// Correlation with the wait, and the ratio of standard deviations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Together {
    pub(super) correlation: Option<f64>,
    pub(super) ratio: Option<f64>,
    /// Spearman's correlation with the wait.
    pub(super) of_ranks: Option<f64>,
}

impl Moments {
    pub(super) fn of(plan: &Plan, program: &Program, rota: &Rota, customer: usize, rounds: u32) -> Self {
        let reached = reach(plan, program, rota, customer, rounds);
        let services: Vec<usize> = (0..plan.services.len()).filter(|&service| reached[service]).collect();
        Self {
            varying: (0..services.len()).filter(|&place| varies(plan, services[place])).collect(),
            sums: vec![[I256::ZERO; 3]; services.len()],
            ranks: vec![[0; 2]; services.len()],
            services,
            wait: [I256::ZERO; 2],
            count: 0,
            wait_ranks: 0,
        }
    }

    pub(super) fn empty(&self) -> Self {
        Self {
            services: self.services.clone(),
            varying: self.varying.clone(),
            sums: vec![[I256::ZERO; 3]; self.services.len()],
            wait: [I256::ZERO; 2],
            count: 0,
            ranks: vec![[0; 2]; self.services.len()],
            wait_ranks: 0,
        }
    }

    /// Adds one round of a block; its ranks, too, if `ranked`.
    pub(super) fn round(
        &mut self,
        plan: &Plan,
        history: &History<'_>,
        (customer, round): (usize, usize),
        live: Bits,
        [wait, hours]: [&mut Row; 2],
        mut ranked: Option<&mut [Ranks; 2]>,
    ) {
        let seen = &history.rounds[round];
        let dead = Bits::ALL.without(live);
        kernels::subtract(&seen.customers[customer].wait, Term::Same(plan.customers[customer].ready), wait);
        kernels::choose(wait, Term::Same(0.0), dead);
        let [sums, squares, _] = kernels::partial_sums(wait, Term::Same(0.0));
        add(&mut self.wait, [sums, squares]);
        self.count += u64::from(live.count());
        if let Some([of_wait, _]) = &mut ranked {
            of_wait.rank(wait, live);
            self.wait_ranks += i128::from(of_wait.squares());
        }
        let Self { services, varying, sums, ranks, .. } = self;
        let job = |place: usize| {
            let service = services[place];
            let (planned, job) = (&plan.services[service], &seen.jobs[service]);
            (&*job.finish, &*job.start, planned.start - planned.finish)
        };
        if ranked.is_none() && dead.is_empty() {
            for pair in varying.chunks(2) {
                let (&one, other) = (&pair[0], pair.get(1));
                let [of_one, of_other] = kernels::sums_of_overruns([job(one), job(*other.unwrap_or(&one))], wait);
                add(&mut sums[one], of_one);
                if let Some(&other) = other {
                    add(&mut sums[other], of_other);
                }
            }
            return;
        }
        for &place in &*varying {
            let (finish, start, less) = job(place);
            kernels::overrun(finish, start, less, hours);
            kernels::choose(hours, Term::Same(0.0), dead);
            add(&mut sums[place], kernels::partial_sums(hours, Term::Each(wait)));
            if let Some([of_wait, of_hours]) = &mut ranked {
                of_hours.rank(hours, live);
                ranks[place][0] += i128::from(of_hours.with(of_wait));
                ranks[place][1] += i128::from(of_hours.squares());
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let to = self.sums.iter_mut().flatten().chain(&mut self.wait);
        to.zip(other.sums.iter().flatten().chain(&other.wait)).for_each(|(to, from)| *to += *from);
        self.count += other.count;
        let to = self.ranks.iter_mut().flatten().chain([&mut self.wait_ranks]);
        to.zip(other.ranks.iter().flatten().chain([&other.wait_ranks])).for_each(|(to, from)| *to += *from);
    }

    /// Pearson's correlation with the wait, and the standard deviation over that of the wait, by place in `services`.
    pub(super) fn together(&self, place: usize) -> Together {
        let [x, xx, xw] = self.sums[place];
        let [w, ww] = self.wait;
        let (of_hours, of_wait) = (self.spread(x, x, xx), self.spread(w, w, ww));
        if of_hours == 0.0 || of_wait == 0.0 {
            return Together { correlation: None, ratio: None, of_ranks: None };
        }
        let correlation = self.spread(x, w, xw) / (of_hours.sqrt() * of_wait.sqrt());
        let [product, squares] = self.ranks[place];
        let scale = (squares as f64).sqrt() * (self.wait_ranks as f64).sqrt();
        Together {
            correlation: Some(correlation.clamp(-1.0, 1.0)),
            ratio: Some((of_hours / of_wait).sqrt()),
            of_ranks: (scale > 0.0).then(|| (product as f64 / scale).clamp(-1.0, 1.0)),
        }
    }

    /// `n * sum(a b) - sum(a) sum(b)`, in squared steps of 2^-60; 0 where it is but rounding.
    fn spread(&self, a: I256, b: I256, ab: I256) -> f64 {
        let all = I256::from(self.count).wrapping_mul(ab << 60);
        let mean = a.wrapping_mul(b);
        let spread = all - mean;
        if spread.unsigned_abs() <= all.unsigned_abs() >> NOISE { 0.0 } else { spread.as_f64() }
    }
}

fn varies(plan: &Plan, service: usize) -> bool {
    let service = &plan.services[service];
    let pace_varies = |employee: usize| {
        let employee = &plan.employees[employee];
        let of_department = employee.department.map(|department| &plan.departments[department].pace);
        employee.pace.constant().is_none() || of_department.is_some_and(|pace| pace.constant().is_none())
    };
    service.duration.constant().is_none() || service.backup.is_some() || pace_varies(service.employee)
}

/// Adds the partial sums of a block, each folded as a block's are everywhere.
fn add<const N: usize>(to: &mut [I256; N], partials: [[f64; 8]; N]) {
    for (to, p) in to.iter_mut().zip(partials) {
        let sum = ((p[0] + p[1]) + (p[2] + p[3])) + ((p[4] + p[5]) + (p[6] + p[7]));
        *to += to_fixed(sum, LIMIT).unwrap_or(I256::ZERO);
    }
}
