//! A plan compiled for blocks: what can never happen is left out, and every result has its place.

use crate::Sampler;
use crate::grid::{self, MAX_SAMPLE, MAX_TIME};
use crate::organization::Start;
use crate::plan::disturbance::Disturbances;
use crate::plan::{Plan, PlannedDependency, PlannedKind, PlannedService, To};

/// Where what a service delivers is kept: at one place, or at one for each of the last rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Home {
    base: usize,
    depth: usize,
}

impl Home {
    pub(crate) fn at(self, round: u32) -> usize {
        self.base + round as usize % self.depth
    }
}

/// The quality of what somebody delivers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Quality {
    /// Always this one.
    Same(f64),
    /// It varies.
    Varies,
}

#[derive(Debug, Clone)]
pub(crate) struct ServiceProgram {
    /// Where its result is kept; `None` where nobody asks for it.
    pub(crate) home: Option<Home>,
    pub(crate) quality: Quality,
    /// Whether all its inputs are required.
    pub(crate) plain: bool,
    /// The stages of journeys that it is: customer, number of the stage.
    pub(crate) stages: Vec<(usize, usize)>,
    /// Whether a drawn duration, or the work made of it, can pass the largest.
    pub(crate) duration_may_pass: bool,
    pub(crate) work_may_pass: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct InputProgram {
    /// Whether anything about it is drawn, unless a shock strikes it.
    pub(crate) draws: bool,
    /// Whether what comes over it can be wrong.
    pub(crate) may_err: bool,
    /// Whether its quality can change that of what is made of it.
    pub(crate) quality_matters: bool,
    /// The hand-off, where it is always the same, on the grid and not cut.
    pub(crate) handoff: Option<f64>,
    pub(crate) handoff_may_pass: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct CustomerProgram {
    pub(crate) plain: bool,
    /// Whether anything on the way to it can be cut to the largest.
    pub(crate) may_be_cut: bool,
    pub(crate) quality: Quality,
}

#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) services: Vec<ServiceProgram>,
    pub(crate) inputs: Vec<InputProgram>,
    pub(crate) customers: Vec<CustomerProgram>,
    /// Employees for whose servers somebody may have to wait.
    pub(crate) busy: Vec<bool>,
    /// Places for results.
    pub(crate) places: usize,
    /// Whether any quality varies.
    pub(crate) any_quality: bool,
    /// Whether absolute times can pass the largest.
    pub(crate) times_may_pass: bool,
}

impl Program {
    /// O(V + E), but for circles across rounds: those take a pass each time they change what can happen.
    pub(crate) fn new(plan: &Plan, rounds: u32) -> Self {
        Self::with(plan, &plan.disturbances, rounds, Homes::of(plan, rounds))
    }

    /// One that keeps what every service delivers in every round, and holds whichever of the given shocks strike.
    pub(crate) fn keeping(plan: &Plan, disturbances: &Disturbances, rounds: u32) -> Self {
        Self::with(plan, disturbances, rounds, Homes::keeping(plan, rounds))
    }

    fn with(plan: &Plan, disturbances: &Disturbances, rounds: u32, homes: Homes) -> Self {
        let may_err = may_err(plan, disturbances);
        let (qualities, customer_qualities) = qualities(plan, disturbances);
        let busy = busy(plan, rounds);
        let mut stages = vec![Vec::new(); plan.services.len()];
        for (number, customer) in plan.customers.iter().enumerate() {
            for (stage, &service) in customer.journey.iter().enumerate() {
                stages[service].push((number, stage));
            }
        }
        let struck = Struck::by(disturbances);
        let plain = |inputs: std::ops::Range<usize>| {
            plan.dependencies[inputs].iter().all(|dependency| dependency.kind == PlannedKind::Required)
        };
        let services = plan.services.iter().zip(stages).enumerate().map(|(index, (service, stages))| {
            let longest = service.duration.greatest();
            ServiceProgram {
                home: homes.homes[index],
                quality: qualities[index],
                plain: plain(service.inputs.clone()),
                stages,
                duration_may_pass: longest > MAX_SAMPLE,
                // Less what rounding to the grid may add.
                work_may_pass: (longest + 1.0) * slowest(plan, service) * struck.pace > MAX_SAMPLE - 1.0,
            }
        });
        let inputs = plan.dependencies.iter().enumerate().map(|(index, dependency)| {
            let constant = dependency.handoff.constant().map(grid::sample);
            let handoff = constant.filter(|(_, cut)| !cut).map(|(hours, _)| hours);
            let may_err = (may_err[dependency.provider] || struck.wrong_on_the_way.contains(&index))
                && !dependency.needed.is_never();
            InputProgram {
                draws: may_err || handoff.is_none() || dependency.silence.is_some() || !dependency.needed.is_always(),
                may_err,
                quality_matters: quality_matters(dependency),
                handoff,
                handoff_may_pass: dependency.handoff.greatest() > MAX_SAMPLE,
            }
        });
        let customers = plan.customers.iter().zip(customer_qualities);
        let times_may_pass = struck.away
            || plan.employees.iter().any(|employee| !employee.absence.is_never())
            || (latest(plan, rounds, struck.pace) + struck.hours > MAX_TIME);
        let may_be_cut = |dependency: &PlannedDependency| {
            let chase = dependency.silence.as_ref().map_or(0.0, |(_, chase)| chase.greatest());
            [chase, dependency.handoff.greatest(), dependency.rework.greatest()].iter().any(|hours| *hours > MAX_SAMPLE)
        };
        let customers = customers.map(|(customer, quality)| CustomerProgram {
            plain: plain(customer.inputs.clone()),
            may_be_cut: times_may_pass
                || struck.hours > 0.0
                || plan.dependencies[customer.inputs.clone()].iter().any(may_be_cut),
            quality,
        });
        Self {
            services: services.collect(),
            inputs: inputs.collect(),
            customers: customers.collect(),
            busy,
            places: homes.places,
            any_quality: qualities.contains(&Quality::Varies),
            times_may_pass,
        }
    }
}

/// Bounds on what shocks do.
struct Struck {
    /// Somebody is away.
    away: bool,
    /// The largest factor on any pace, 1 at least.
    pace: f64,
    /// All hours lost.
    hours: f64,
    /// Dependencies over which something wrong comes.
    wrong_on_the_way: Vec<usize>,
}

impl Struck {
    fn by(disturbances: &Disturbances) -> Self {
        // A service is struck at its own pace and at the pace of whoever does it and of their department's people.
        let services = disturbances.services().map(|(_, _, struck)| struck.pace).fold(1.0, grid::later);
        let employees = disturbances.employees().map(|(_, _, struck)| struck.pace).fold(1.0, grid::later);
        let mut hours = 0.0;
        for (_, _, struck) in disturbances.services() {
            hours += struck.lost.iter().chain(&struck.lost_by_employee).map(|lost| limited(&lost.hours)).sum::<f64>();
        }
        let mut wrong_on_the_way = Vec::new();
        for (_, dependency, struck) in disturbances.dependencies() {
            hours += struck.lost.iter().map(|lost| limited(&lost.hours)).sum::<f64>();
            hours += struck.unanswered.as_ref().map_or(0.0, limited);
            if struck.wrong {
                wrong_on_the_way.push(dependency);
            }
        }
        Self {
            away: disturbances.employees().any(|(_, _, struck)| struck.absent),
            pace: services * employees,
            hours,
            wrong_on_the_way,
        }
    }
}

/// The slowest pace at which a service can be done.
fn slowest(plan: &Plan, service: &PlannedService) -> f64 {
    let pace = |index: usize| {
        let employee = &plan.employees[index];
        let department = employee.department.map_or(1.0, |department| plan.departments[department].pace.greatest());
        let climate = plan.climate.as_ref().map_or(1.0, |climate| climate.slowest(index));
        employee.pace.greatest() * department * climate
    };
    let backup = service.backup.as_ref().map_or(0.0, |backup| pace(backup.employee) * backup.pace.greatest());
    grid::later(pace(service.employee), backup)
}

/// Which services can ever deliver something wrong: those that make mistakes, and those that mistakes reach.
fn may_err(plan: &Plan, disturbances: &Disturbances) -> Vec<bool> {
    let makes = |service: &PlannedService| {
        let backup = service.backup.as_ref().map_or(0.0, |backup| backup.error_rate);
        service.error_rate > 0.0 || service.rush > 0.0 || backup > 0.0
    };
    let mut may: Vec<bool> = plan.services.iter().map(makes).collect();
    for (_, service, struck) in disturbances.services() {
        may[service] |= struck.wrong || struck.wrong_by_employee;
    }
    for (_, dependency, struck) in disturbances.dependencies() {
        if let To::Service(receiver) = plan.dependencies[dependency].receiver {
            may[receiver] |= struck.wrong;
        }
    }
    if may.iter().all(|may| *may) {
        return may;
    }
    let mut receivers: Vec<Vec<usize>> = vec![Vec::new(); plan.services.len()];
    for dependency in &plan.dependencies {
        let passes = !dependency.passed_on.is_never();
        if let To::Service(receiver) = dependency.receiver
            && passes
            && !dependency.needed.is_never()
        {
            receivers[dependency.provider].push(receiver);
        }
    }
    let mut open: Vec<usize> = (0..may.len()).filter(|&service| may[service]).collect();
    while let Some(service) = open.pop() {
        for &receiver in &receivers[service] {
            if !std::mem::replace(&mut may[receiver], true) {
                open.push(receiver);
            }
        }
    }
    may
}

fn quality_matters(dependency: &PlannedDependency) -> bool {
    !dependency.needed.is_never() && (dependency.strength > 0.0 || dependency.criticality < 1.0)
}

/// The quality of services and customers, where it is always the same.
///
/// It is the workmanship where no input can lower it: each that matters brings quality 1 and is waited for.
fn qualities(plan: &Plan, disturbances: &Disturbances) -> (Vec<Quality>, Vec<Quality>) {
    let mut lowered: Vec<Vec<usize>> = vec![Vec::new(); plan.services.len()];
    let mut own: Vec<Option<f64>> = plan.services.iter().map(|service| service.workmanship.constant()).collect();
    for (_, service, struck) in disturbances.services() {
        if struck.quality * struck.quality_by_employee != 1.0 {
            own[service] = None;
        }
    }
    let mut whole: Vec<bool> = own.iter().map(|own| *own == Some(1.0)).collect();
    for dependency in plan.dependencies.iter().filter(|dependency| quality_matters(dependency)) {
        if let To::Service(receiver) = dependency.receiver {
            lowered[dependency.provider].push(receiver);
            whole[receiver] &= dependency.kind != PlannedKind::Helpful;
        }
    }
    let mut open: Vec<usize> = (0..whole.len()).filter(|&service| !whole[service]).collect();
    while let Some(service) = open.pop() {
        for &receiver in &lowered[service] {
            if std::mem::replace(&mut whole[receiver], false) {
                open.push(receiver);
            }
        }
    }
    let quality = |inputs: std::ops::Range<usize>, own: Option<f64>| {
        let lowers = |dependency: &PlannedDependency| {
            quality_matters(dependency) && (!whole[dependency.provider] || dependency.kind == PlannedKind::Helpful)
        };
        match own {
            Some(own) if !plan.dependencies[inputs].iter().any(lowers) => Quality::Same(own),
            _ => Quality::Varies,
        }
    };
    let services = plan.services.iter().zip(own).map(|(s, own)| quality(s.inputs.clone(), own)).collect();
    let customers = plan.customers.iter().map(|c| quality(c.inputs.clone(), Some(1.0))).collect();
    (services, customers)
}

/// Whether somebody may have to wait for an employee: with no more jobs than servers there is always a free one.
fn busy(plan: &Plan, rounds: u32) -> Vec<bool> {
    let mut jobs = vec![0usize; plan.employees.len()];
    for service in &plan.services {
        jobs[service.employee] += 1;
        if let Some(backup) = &service.backup {
            jobs[backup.employee] += 1;
        }
    }
    let enough = |(employee, jobs): (&crate::plan::PlannedEmployee, usize)| jobs * rounds as usize > employee.capacity;
    plan.employees.iter().zip(jobs).map(enough).collect()
}

/// A bound on all times of a run without absence.
fn latest(plan: &Plan, rounds: u32, struck_pace: f64) -> f64 {
    let last_release = plan.cadence.greatest() * f64::from(rounds - 1);
    // Within a round, counted from its release or from the end of all work of the rounds before.
    let mut finish = vec![0.0; plan.services.len()];
    let mut servers = vec![0.0; plan.employees.len()];
    let mut longest = 0.0;
    let comes = |dependency: &PlannedDependency, finish: &[f64]| {
        let from = if dependency.lag == 0 { finish[dependency.provider] } else { 0.0 };
        let chase = dependency.silence.as_ref().map_or(0.0, |(_, chase)| limited(chase));
        from + limited(&dependency.handoff) + chase + limited(&dependency.rework)
    };
    for (index, service) in plan.services.iter().enumerate() {
        let mut start = if plan.start == Start::Planned { service.start } else { 0.0 };
        for dependency in &plan.dependencies[service.inputs.clone()] {
            start = grid::later(start, comes(dependency, &finish));
        }
        let workers = [Some(service.employee), service.backup.as_ref().map(|backup| backup.employee)];
        for worker in workers.into_iter().flatten() {
            start = grid::later(start, servers[worker]);
        }
        let work = limited(&service.duration) * slowest(plan, service) * struck_pace;
        finish[index] = start + if work < MAX_SAMPLE { work } else { MAX_SAMPLE };
        for worker in workers.into_iter().flatten() {
            servers[worker] = finish[index];
        }
        longest = grid::later(longest, finish[index]);
    }
    // What reaches a service in its own round is counted in its finish.
    let others = |dependency: &&PlannedDependency| dependency.lag > 0 || matches!(dependency.receiver, To::Customer(_));
    for dependency in plan.dependencies.iter().filter(others) {
        longest = grid::later(longest, comes(dependency, &finish));
    }
    // Rounding to the grid adds at most half a step a draw, far below an hour.
    last_release + f64::from(rounds) * longest + 1.0
}

fn limited(hours: &Sampler) -> f64 {
    let greatest = hours.greatest();
    if greatest < MAX_SAMPLE { greatest } else { MAX_SAMPLE }
}

/// Places for results: one is used again once its last reader has read it.
struct Homes {
    homes: Vec<Option<Home>>,
    places: usize,
}

impl Homes {
    /// A place for every service in every round.
    fn keeping(plan: &Plan, rounds: u32) -> Self {
        let depth = rounds as usize;
        let homes = (0..plan.services.len()).map(|service| Some(Home { base: service * depth, depth }));
        Self { homes: homes.collect(), places: plan.services.len() * depth }
    }

    fn of(plan: &Plan, rounds: u32) -> Self {
        let services = plan.services.len();
        // The step that reads a result last in its own round, and how many rounds later it is still read.
        let mut last_reader = vec![None; services];
        let mut look_back = vec![0; services];
        for dependency in plan.dependencies.iter().filter(|dependency| !dependency.needed.is_never()) {
            let step = match dependency.receiver {
                To::Service(receiver) => receiver,
                To::Customer(customer) => services + customer,
            };
            let reader = &mut last_reader[dependency.provider];
            if dependency.lag < rounds as usize {
                *reader = Some(reader.map_or(step, |reader: usize| reader.max(step)));
                look_back[dependency.provider] = look_back[dependency.provider].max(dependency.lag);
            }
        }
        let mut free_after: Vec<Vec<usize>> = vec![Vec::new(); services];
        let (mut free, mut places) = (Vec::new(), 0);
        let mut homes = vec![None; services];
        for service in 0..services {
            free.append(&mut free_after[service]);
            let Some(last) = last_reader[service] else { continue };
            let depth = look_back[service] + 1;
            let base = match free.pop() {
                Some(place) if depth == 1 => place,
                other => {
                    free.extend(other);
                    places += depth;
                    places - depth
                }
            };
            homes[service] = Some(Home { base, depth });
            if depth == 1 && last < services {
                free_after[last].push(base);
            }
        }
        Self { homes, places }
    }
}
