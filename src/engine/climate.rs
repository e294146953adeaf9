//! What a climate does, number by number, in both engines; and the posts of one replication.
//!
//! Morale lies on the grid of time, and so does all that moves it: what it lost and gained adds up exactly.

use super::record::{DependencyRecord, PostRecord, ServiceRecord};
use crate::Plan;
use crate::grid;
use crate::plan::climate::{Coefficients, PlannedClimate};
use crate::plan::{PlannedBackup, PlannedKind};
use crate::streams::{Chance, Facet};

/// What moved a morale at the end of a round: `next` is the morale it had, and all of these.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Moved {
    /// Towards the set point.
    pub(crate) back: f64,
    /// Lost to what came late or wrong, and to hours beyond the plan: 0 or more.
    pub(crate) frustration: f64,
    pub(crate) overload: f64,
    /// Gained by recognition; below 0 where it misfired.
    pub(crate) recognition: f64,
    /// What was cut off at 0 and at 1.
    pub(crate) cut: f64,
    pub(crate) next: f64,
}

#[inline(always)]
fn at_least_0(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

/// The factor on the hours of somebody's work.
#[inline(always)]
pub(crate) fn pace(c: &Coefficients, morale: f64, newness: f64, load: f64) -> f64 {
    (1.0 + c.pace * (c.set_point - morale)) * (1.0 + c.first_duration * newness) * load
}

/// The factor on the error rates of somebody's work.
#[inline(always)]
pub(crate) fn errors(c: &Coefficients, morale: f64, newness: f64) -> f64 {
    at_least_0(1.0 + c.errors * (c.set_point - morale)) * at_least_0(1.0 + c.first_errors * newness)
}

/// The factor on the hours of those who are there: the hours that nobody backs up, to their own.
#[inline(always)]
pub(crate) fn load(c: &Coefficients, uncovered: f64, present: f64) -> f64 {
    if present > 0.0 { 1.0 + c.shared * (uncovered / present) } else { 1.0 }
}

/// The probability to leave at the end of a round, after it has moved morale; may pass 1.
#[inline(always)]
pub(crate) fn hazard(c: &Coefficients, morale: f64) -> f64 {
    c.hazard * at_least_0(1.0 + c.leaving * (c.set_point - morale))
}

/// How a round moves a morale.
#[inline(always)]
pub(crate) fn moved(
    c: &Coefficients,
    morale: f64,
    [failed, needed]: [f64; 2],
    [worked, planned]: [f64; 2],
    recognition: f64,
) -> Moved {
    let share = failed / needed;
    let share = if needed > 0.0 { share } else { 0.0 };
    let beyond = (worked - planned) / planned;
    let beyond = if planned > 0.0 && beyond > 0.0 { beyond } else { 0.0 };
    let beyond = if beyond < 1.0 { beyond } else { 1.0 };
    let back = grid::round(c.recovery * (c.set_point - morale));
    let frustration = grid::round(c.frustration * share);
    let overload = grid::round(c.overload * beyond);
    let sum = morale + back - frustration - overload + recognition;
    let next = if sum > 0.0 { sum } else { 0.0 };
    let next = if next < 1.0 { next } else { 1.0 };
    Moved { back, frustration, overload, recognition, cut: next - sum, next }
}

/// Whether an input counts as something that its receiver needed: what is enough of a group, not what comes on top.
#[inline(always)]
pub(crate) fn counts(kind: PlannedKind) -> bool {
    kind != PlannedKind::Any
}

/// The posts of one replication.
#[derive(Debug)]
pub(crate) struct Climate<'p> {
    plan: &'p Plan,
    climate: &'p PlannedClimate,
    posts: Vec<Post>,
    uncovered: Vec<f64>,
    present: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Post {
    filled: bool,
    morale: f64,
    newness: f64,
    needed: f64,
    failed: f64,
    worked: f64,
}

impl<'p> Climate<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Option<Self> {
        let climate = plan.climate.as_ref()?;
        let post = Post { filled: true, morale: 0.0, newness: 0.0, needed: 0.0, failed: 0.0, worked: 0.0 };
        let departments = vec![0.0; plan.departments.len()];
        Some(Self {
            plan,
            climate,
            posts: vec![post; plan.employees.len()],
            uncovered: departments.clone(),
            present: departments,
        })
    }

    /// Before the first round.
    pub(crate) fn begin(&mut self) {
        let morale = self.climate.coefficients.set_point;
        self.posts.fill(Post { filled: true, morale, newness: 0.0, needed: 0.0, failed: 0.0, worked: 0.0 });
    }

    /// Whose post is filled, and what that and their morale make of their work. Nobody is absent from an empty post.
    pub(crate) fn begin_round(&mut self, absent: &mut [bool], records: &mut [PostRecord]) {
        let c = &self.climate.coefficients;
        self.uncovered.fill(0.0);
        self.present.fill(0.0);
        for (absent, post) in absent.iter_mut().zip(&mut self.posts) {
            *absent &= post.filled;
            (post.needed, post.failed, post.worked) = (0.0, 0.0, 0.0);
        }
        let is_there = |employee: usize| self.posts[employee].filled && !absent[employee];
        for (index, employee) in self.plan.employees.iter().enumerate() {
            if let Some(department) = employee.department.filter(|_| is_there(index)) {
                self.present[department] += self.climate.hours[index];
            }
        }
        for service in &self.plan.services {
            let is_covered = |backup: &PlannedBackup| is_there(backup.employee);
            if !self.posts[service.employee].filled
                && !service.backup.as_ref().is_some_and(is_covered)
                && let Some(department) = self.plan.employees[service.employee].department
            {
                self.uncovered[department] += service.finish - service.start;
            }
        }
        for (index, (record, post)) in records.iter_mut().zip(&self.posts).enumerate() {
            let load = match self.plan.employees[index].department {
                Some(at) if self.uncovered[at] > 0.0 => load(c, self.uncovered[at], self.present[at]),
                _ => 1.0,
            };
            let Post { filled, morale, newness, .. } = *post;
            *record = PostRecord {
                filled,
                morale,
                newness,
                pace: if filled { pace(c, morale, newness, load) } else { c.cover },
                errors: if filled { errors(c, morale, newness) } else { 1.0 },
                moved: Moved::default(),
                left: false,
            };
        }
    }

    /// What a service came to for whoever did it.
    pub(crate) fn served(&mut self, index: usize, record: &ServiceRecord, dependencies: &[DependencyRecord]) {
        let post = &mut self.posts[record.done_by];
        post.worked += record.work;
        for input in self.plan.services[index].inputs.clone() {
            let input_record = &dependencies[input];
            if input_record.happened && (counts(self.plan.dependencies[input].kind) || input_record.used) {
                post.needed += 1.0;
                if input_record.arrival > input_record.planned || input_record.error_in {
                    post.failed += 1.0;
                }
            }
        }
    }

    /// What the round did to morale, who leaves, and which posts are filled for the next; `happens` decides for an employee.
    pub(crate) fn end_round(&mut self, records: &mut [PostRecord], happens: impl Fn(usize, Chance, Facet) -> bool) {
        let (climate, c) = (self.climate, &self.climate.coefficients);
        for (index, (post, record)) in self.posts.iter_mut().zip(records).enumerate() {
            if !post.filled {
                if happens(index, climate.filled, Facet::Filling) {
                    *post = Post { filled: true, morale: c.set_point, newness: 1.0, ..*post };
                }
                continue;
            }
            let recognition = match happens(index, climate.recognition, Facet::Recognition) {
                true if happens(index, climate.backfire, Facet::Backfire) => -c.harm,
                true => c.lift,
                false => 0.0,
            };
            let (needs, hours) = ([post.failed, post.needed], [post.worked, climate.hours[index]]);
            record.moved = moved(c, post.morale, needs, hours, recognition);
            post.morale = record.moved.next;
            post.newness *= c.decay;
            record.left = climate.turnover && happens(index, Chance::new(hazard(c, post.morale)), Facet::Leaving);
            post.filled = !record.left;
        }
    }
}
