//! Morale, empty posts and newcomers in all lanes of a block.

#![allow(clippy::too_many_arguments, reason = "a loop over lanes reads and writes many rows")]

use super::inputs::Asks;
use super::kernels::{self, greater, kernels, mask};
use super::lanes::{Bits, Row, Term};
use super::watch::{DependencySeen, PostSeen, Watch};
use crate::Plan;
use crate::engine::{Keys, climate as both};
use crate::numeric::elementary::pick;
use crate::plan::PlannedBackup;
use crate::plan::climate::{Coefficients, PlannedClimate};
use crate::streams::{Chance, Facet, LANES, Stream};

kernels! {
    /// The factors on hours and error rates of somebody's work; the largest of the latter.
    fn factors(
        c: &Coefficients, filled: Bits, morale: &Row, newness: &Row, load: Term, pace: &mut Row, errors: &mut Row,
    ) -> f64 {
        for word in 0..LANES / 64 {
            let filled = filled.0[word];
            for lane in 0..64 {
                let at = 64 * word + lane;
                let load = match load {
                    Term::Same(load) => load,
                    Term::Each(load) => load.0[at],
                };
                let (here, morale, newness) = (mask(filled, lane), morale.0[at], newness.0[at]);
                pace.0[at] = pick(here, both::pace(c, morale, newness, load), c.cover);
                errors.0[at] = pick(here, both::errors(c, morale, newness), 1.0);
            }
        }
        most(errors)
    }

    /// The factor on the hours of those who are there, of the hours that nobody backs up.
    fn loads(c: &Coefficients, uncovered: &mut Row, present: &Row) {
        for at in 0..LANES {
            uncovered.0[at] = both::load(c, uncovered.0[at], present.0[at]);
        }
    }

    /// How a round moves morale; the rows of what moved it are given too.
    fn move_morale(
        c: &Coefficients, morale: &Row, failed: &Row, needed: &Row, worked: &Row, planned: f64, lifted: Bits,
        harmed: Bits, out: &mut Moves,
    ) {
        for word in 0..LANES / 64 {
            let (lifted, harmed) = (lifted.0[word], harmed.0[word]);
            for lane in 0..64 {
                let at = 64 * word + lane;
                let recognition = pick(mask(harmed, lane), -c.harm, pick(mask(lifted, lane), c.lift, 0.0));
                let (needs, hours) = ([failed.0[at], needed.0[at]], [worked.0[at], planned]);
                let moved = both::moved(c, morale.0[at], needs, hours, recognition);
                out.back.0[at] = moved.back;
                out.frustration.0[at] = moved.frustration;
                out.overload.0[at] = moved.overload;
                out.recognition.0[at] = moved.recognition;
                out.cut.0[at] = moved.cut;
                out.next.0[at] = moved.next;
            }
        }
    }

    /// The probabilities to leave; the largest of them.
    fn hazards(c: &Coefficients, morale: &Row, out: &mut Row) -> f64 {
        for at in 0..LANES {
            out.0[at] = both::hazard(c, morale.0[at]);
        }
        most(out)
    }
}

/// The largest of a row of numbers of 0 or more.
#[inline(always)]
fn most(row: &Row) -> f64 {
    let mut most = [0.0; 8];
    for lanes in row.0.chunks_exact(8) {
        for (most, &value) in most.iter_mut().zip(lanes) {
            *most = greater(value, *most);
        }
    }
    most.iter().fold(0.0, |most, &value| greater(value, most))
}

/// The lanes of `open` in which something happens whose probability is another one in each: at most `most`. What does not
/// happen with the largest happens with none, so that few lanes are left to be looked at one by one.
fn decide_each(stream: Stream, facet: Facet, most: f64, of: impl Fn(usize) -> f64, open: Bits) -> Bits {
    let mut happened = Bits::NONE;
    kernels::decide(stream, facet, Chance::new(most), open).each(|lane| {
        let chance = Chance::new(of(lane));
        if chance.is_always() || (!chance.is_never() && stream.happens(facet, lane, chance)) {
            happened.0[lane / 64] |= 1 << (lane % 64);
        }
    });
    happened
}

/// What moved a morale, in rows.
#[derive(Debug)]
pub(crate) struct Moves {
    pub(crate) back: Box<Row>,
    pub(crate) frustration: Box<Row>,
    pub(crate) overload: Box<Row>,
    pub(crate) recognition: Box<Row>,
    pub(crate) cut: Box<Row>,
    pub(crate) next: Box<Row>,
}

#[derive(Debug)]
struct Post {
    filled: Bits,
    morale: Box<Row>,
    newness: Box<Row>,
    pace: Box<Row>,
    errors: Box<Row>,
    most_errors: f64,
    needed: Box<Row>,
    failed: Box<Row>,
    worked: Box<Row>,
}

/// All posts of a plan, in all lanes of a block.
#[derive(Debug)]
pub(crate) struct Climate {
    posts: Vec<Post>,
    /// For each department, the hours that nobody backs up, and then the factor on the hours of those who are there.
    loads: Vec<Option<Box<Row>>>,
    present: Box<Row>,
    moves: Moves,
    other: Box<Row>,
    /// For each department, its people, and the services of each employee.
    people: Vec<Vec<usize>>,
    services: Vec<Vec<usize>>,
}

/// Rows that each post takes.
const ROWS_A_POST: u64 = 7;

impl Climate {
    pub(crate) fn new(plan: &Plan) -> Option<Self> {
        plan.climate.as_ref()?;
        let post = || Post {
            filled: Bits::ALL,
            morale: Row::new(0.0),
            newness: Row::new(0.0),
            pace: Row::new(1.0),
            errors: Row::new(1.0),
            most_errors: 1.0,
            needed: Row::new(0.0),
            failed: Row::new(0.0),
            worked: Row::new(0.0),
        };
        let mut people = vec![Vec::new(); plan.departments.len()];
        for (index, employee) in plan.employees.iter().enumerate() {
            if let Some(department) = employee.department {
                people[department].push(index);
            }
        }
        let mut services = vec![Vec::new(); plan.employees.len()];
        for (index, service) in plan.services.iter().enumerate() {
            services[service.employee].push(index);
        }
        let row = || Row::new(0.0);
        Some(Self {
            posts: plan.employees.iter().map(|_| post()).collect(),
            loads: plan.departments.iter().map(|_| None).collect(),
            present: row(),
            moves: Moves {
                back: row(),
                frustration: row(),
                overload: row(),
                recognition: row(),
                cut: row(),
                next: row(),
            },
            other: row(),
            people,
            services,
        })
    }

    /// Bytes that it takes.
    pub(crate) fn bytes(plan: &Plan) -> u64 {
        let rows = plan.employees.len() as u64 * ROWS_A_POST + plan.departments.len() as u64;
        if plan.climate.is_some() { rows * size_of::<Row>() as u64 } else { 0 }
    }

    /// Before the first round of a block.
    pub(crate) fn begin(&mut self, climate: &PlannedClimate) {
        for post in &mut self.posts {
            post.filled = Bits::ALL;
            kernels::fill(&mut post.morale, Term::Same(climate.coefficients.set_point));
            kernels::fill(&mut post.newness, Term::Same(0.0));
        }
    }

    /// Whose post is filled, and what that and their morale make of their work. Nobody is absent from an empty post.
    pub(crate) fn begin_round(&mut self, plan: &Plan, climate: &PlannedClimate, absent: &mut [Bits]) {
        let c = &climate.coefficients;
        for (absent, post) in absent.iter_mut().zip(&mut self.posts) {
            *absent = absent.and(post.filled);
            for row in [&mut post.needed, &mut post.failed, &mut post.worked] {
                kernels::fill(row, Term::Same(0.0));
            }
        }
        for department in 0..self.people.len() {
            self.share(plan, climate, absent, department);
        }
        for (post, employee) in self.posts.iter_mut().zip(&plan.employees) {
            let load = match employee.department.and_then(|at| self.loads[at].as_deref()) {
                Some(load) => Term::Each(load),
                None => Term::Same(1.0),
            };
            let Post { filled, morale, newness, pace, errors, .. } = post;
            post.most_errors = factors(c, *filled, morale, newness, load, pace, errors);
        }
    }

    /// Shares the hours of a department's empty posts among those who are there.
    fn share(&mut self, plan: &Plan, climate: &PlannedClimate, absent: &[Bits], department: usize) {
        let Self { posts, loads, present, people, services, .. } = self;
        let people = &people[department];
        loads[department] = None;
        if people.iter().all(|&employee| posts[employee].filled.is_all()) {
            return;
        }
        let is_there = |employee: usize| posts[employee].filled.without(absent[employee]);
        let mut uncovered = Row::new(0.0);
        kernels::fill(present, Term::Same(0.0));
        for &employee in people {
            kernels::add_in(present, climate.hours[employee], is_there(employee));
            let empty = Bits::ALL.without(posts[employee].filled);
            for service in services[employee].iter().map(|&service| &plan.services[service]) {
                let backed = |backup: &PlannedBackup| is_there(backup.employee);
                let open = empty.without(service.backup.as_ref().map_or(Bits::NONE, backed));
                if !open.is_empty() {
                    kernels::add_in(&mut uncovered, service.finish - service.start, open);
                }
            }
        }
        self::loads(&climate.coefficients, &mut uncovered, present);
        loads[department] = Some(uncovered);
    }

    pub(crate) fn filled(&self, employee: usize) -> Bits {
        self.posts[employee].filled
    }

    /// The factor on the hours of somebody's work this round.
    pub(crate) fn pace(&self, employee: usize) -> Term<'_> {
        Term::Each(&self.posts[employee].pace)
    }

    /// In which lanes work goes wrong that does so at this rate at the set point of morale.
    pub(crate) fn mistakes(&self, employee: usize, stream: Stream, rate: f64, lanes: Bits) -> Bits {
        let post = &self.posts[employee];
        decide_each(stream, Facet::Fault, rate * post.most_errors, |lane| rate * post.errors.0[lane], lanes)
    }

    /// What a service came to for those who did it.
    pub(crate) fn served(
        &mut self,
        climate: &PlannedClimate,
        asks: &Asks<'_>,
        (seen, arrivals): (&[DependencySeen], &[Box<Row>]),
        work: &Row,
        by: [Option<(usize, Bits)>; 2],
    ) {
        let c = &climate.coefficients;
        let by = by.into_iter().flatten().filter(|(_, lanes)| !lanes.is_empty());
        if c.overload > 0.0 {
            by.clone().for_each(|(worker, lanes)| kernels::increase_in(&mut self.posts[worker].worked, work, lanes));
        }
        if c.frustration == 0.0 {
            return;
        }
        for (local, index) in asks.inputs.clone().enumerate() {
            let (seen, dependency) = (&seen[local], &asks.plan.dependencies[index]);
            let counted = if both::counts(dependency.kind) { seen.happened } else { seen.happened.and(seen.used) };
            if counted.is_empty() {
                continue;
            }
            let planned = match asks.clock.release(asks.round as usize - dependency.lag) {
                Term::Same(released) => Term::Same(released + dependency.arrival),
                Term::Each(released) => {
                    kernels::add(released, Term::Same(dependency.arrival), &mut self.other);
                    Term::Each(&self.other)
                }
            };
            let failed = counted.and(kernels::above(&arrivals[local], planned).or(seen.error_in));
            for (worker, lanes) in by.clone() {
                kernels::add_in(&mut self.posts[worker].needed, 1.0, counted.and(lanes));
                let failed = failed.and(lanes);
                if !failed.is_empty() {
                    kernels::add_in(&mut self.posts[worker].failed, 1.0, failed);
                }
            }
        }
    }

    /// What the round did to morale, who leaves, and which posts are filled for the next.
    pub(crate) fn end_round<W: Watch>(
        &mut self,
        climate: &PlannedClimate,
        keys: &Keys,
        (block, round): (u64, u32),
        mut watch: Option<&mut W>,
    ) {
        let c = &climate.coefficients;
        let Self { posts, moves, other, .. } = self;
        for (index, post) in posts.iter_mut().enumerate() {
            let mut stream: Option<Stream> = None;
            let mut stream = || *stream.get_or_insert_with(|| keys.employees[index].at(block, round));
            let mut decide = |chance: Chance, facet: Facet, open: Bits| match open.is_empty() || chance.is_never() {
                true => Bits::NONE,
                false => kernels::decide(stream(), facet, chance, open),
            };
            let filled = post.filled;
            let recognised = decide(climate.recognition, Facet::Recognition, filled);
            let harmed = decide(climate.backfire, Facet::Backfire, recognised);
            let joined = decide(climate.filled, Facet::Filling, Bits::ALL.without(filled));
            let Post { morale, failed, needed, worked, .. } = &*post;
            move_morale(c, morale, failed, needed, worked, climate.hours[index], recognised, harmed, moves);
            let left = if climate.turnover {
                let most = hazards(c, &moves.next, other);
                decide_each(stream(), Facet::Leaving, most, |lane| other.0[lane], filled)
            } else {
                Bits::NONE
            };
            if let Some(watch) = &mut watch {
                let newness = &post.newness;
                watch.post(index, &PostSeen { filled, morale: &post.morale, newness, moves, left });
            }
            std::mem::swap(&mut post.morale, &mut moves.next);
            if climate.turnover {
                kernels::multiply(&mut post.newness, Term::Same(c.decay));
                if !joined.is_empty() {
                    kernels::choose(&mut post.newness, Term::Same(1.0), joined);
                    kernels::choose(&mut post.morale, Term::Same(c.set_point), joined);
                }
                post.filled = filled.without(left).or(joined);
            }
        }
    }
}
