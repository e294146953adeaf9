//! What is kept of a block for the way back: when everything started and ended, and what was there at that very moment.

use crate::Plan;
use crate::engine::block::lanes::{Bits, Numbers, Row, Term};
use crate::engine::block::{CustomerSeen, DependencySeen, DependencyTimes, Program, ServiceSeen, Watch, kernels};
use crate::plan::{PlannedKind, To};
use crate::streams::LANES;

/// A service in a round.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) start: Box<Row>,
    pub(super) finish: Box<Row>,
    /// In which lanes the backup did it.
    pub(super) covered: Bits,
    /// Where it started at the release.
    pub(super) at_release: Bits,
    /// Where it started as soon as all it waited for was there.
    pub(super) at_ready: Bits,
    /// Where it started as soon as its server was free.
    pub(super) at_server: Bits,
    /// Where it started as soon as the timetable, or the end of an absence, allowed.
    pub(super) at_allowed: Bits,
    pub(super) own_error: Bits,
    /// The job before on its server, where that has to be kept.
    pub(super) before: Option<Box<Numbers>>,
}

impl Job {
    fn new() -> Self {
        Self {
            start: Row::new(0.0),
            finish: Row::new(0.0),
            covered: Bits::NONE,
            at_release: Bits::NONE,
            at_ready: Bits::NONE,
            at_server: Bits::NONE,
            at_allowed: Bits::NONE,
            own_error: Bits::NONE,
            before: None,
        }
    }
}

/// A dependency in a round.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Input {
    /// Where its receiver waited for it, and had everything as it arrived.
    pub(super) last: Bits,
    pub(super) silent: Bits,
    pub(super) caught: Bits,
    /// Where it carried a mistake into what its receiver made of it.
    pub(super) passed: Bits,
}

/// A customer in a round.
#[derive(Debug)]
pub(super) struct Got {
    pub(super) wait: Box<Row>,
    pub(super) error: Bits,
}

#[derive(Debug)]
pub(super) struct Round {
    pub(super) release: f64,
    /// Where releases vary.
    pub(super) releases: Option<Box<Row>>,
    pub(super) jobs: Vec<Job>,
    pub(super) inputs: Vec<Input>,
    pub(super) customers: Vec<Got>,
}

impl Round {
    pub(super) fn release(&self) -> Term<'_> {
        self.releases.as_deref().map_or(Term::Same(self.release), Term::Each)
    }

    #[inline]
    pub(super) fn released(&self, lane: usize) -> f64 {
        self.releases.as_ref().map_or(self.release, |releases| releases.0[lane])
    }
}

/// The servers of an employee with several, in all lanes.
#[derive(Debug)]
struct Servers {
    free: Vec<Row>,
    last: Vec<Numbers>,
}

/// A block, as it is watched.
#[derive(Debug)]
pub(super) struct History<'p> {
    plan: &'p Plan,
    pub(super) rounds: Vec<Round>,
    servers: Vec<Option<Servers>>,
    round: usize,
}

impl<'p> History<'p> {
    pub(super) fn new(plan: &'p Plan, program: &Program, rounds: u32) -> Self {
        let round = |_| Round {
            release: 0.0,
            releases: plan.cadence.constant().is_none().then(|| Row::new(0.0)),
            jobs: plan.services.iter().map(|_| Job::new()).collect(),
            inputs: vec![Input::default(); plan.dependencies.len()],
            customers: plan.customers.iter().map(|_| Got { wait: Row::new(0.0), error: Bits::NONE }).collect(),
        };
        let servers = plan.employees.iter().zip(&program.busy).map(|(employee, busy)| {
            (*busy && employee.capacity > 1).then(|| Servers {
                free: vec![Row([0.0; LANES]); employee.capacity],
                last: vec![Numbers([Numbers::NONE; LANES]); employee.capacity],
            })
        });
        Self { plan, rounds: (0..rounds).map(round).collect(), servers: servers.collect(), round: 0 }
    }

    /// Bytes that one takes.
    pub(super) fn bytes(plan: &Plan, program: &Program, rounds: u32) -> u128 {
        let (row, bits) = (size_of::<Row>(), size_of::<Bits>());
        let several = |employee: usize| program.busy[employee] && plan.employees[employee].capacity > 1;
        let before = plan.services.iter().filter(|service| {
            several(service.employee) || service.backup.as_ref().is_some_and(|backup| several(backup.employee))
        });
        let round = plan.services.len() * (2 * row + size_of::<Job>())
            + before.count() * row
            + plan.dependencies.len() * size_of::<Input>()
            + plan.customers.len() * (row + bits)
            + row;
        let servers: usize =
            (0..plan.employees.len()).filter(|&e| several(e)).map(|e| plan.employees[e].capacity * 2 * row).sum();
        round as u128 * u128::from(rounds) + servers as u128
    }

    pub(super) fn begin_block(&mut self) {
        for servers in self.servers.iter_mut().flatten() {
            servers.free.iter_mut().for_each(|row| row.0 = [0.0; LANES]);
            servers.last.iter_mut().for_each(|row| row.0 = [Numbers::NONE; LANES]);
        }
    }

    /// The number of a job, as `before` names it.
    fn number(&self, service: usize) -> u64 {
        (self.round * self.plan.services.len() + service) as u64
    }

    /// Lets an employee with several servers take a job in some lanes, as the engine does: the server that is free
    /// earliest, the lowest of equals.
    fn take(&mut self, employee: usize, service: usize, lanes: Bits) {
        let number = self.number(service);
        let Some(servers) = &mut self.servers[employee] else { return };
        let job = &mut self.rounds[self.round].jobs[service];
        let before = job.before.get_or_insert_with(Numbers::new);
        lanes.each(|lane| {
            let mut server = 0;
            for other in 1..servers.free.len() {
                if servers.free[other].0[lane] < servers.free[server].0[lane] {
                    server = other;
                }
            }
            before.0[lane] = servers.last[server].0[lane];
            servers.free[server].0[lane] = job.finish.0[lane];
            servers.last[server].0[lane] = number;
        });
    }

    /// Whether the jobs before each other are kept of an employee.
    pub(super) fn keeps_before(&self, employee: usize) -> bool {
        self.servers[employee].is_some()
    }
}

/// Where the first is not later than the second.
fn not_later(row: &Row, than: Term<'_>) -> Bits {
    Bits::ALL.without(kernels::above(row, than))
}

impl Watch for History<'_> {
    fn round(&mut self, round: u32) -> bool {
        self.round = round as usize;
        true
    }

    fn wants_everything(&self) -> bool {
        true
    }

    fn dependency(&mut self, index: usize, seen: &DependencySeen, times: Option<DependencyTimes<'_>>) {
        let waited_for = self.plan.dependencies[index].kind != PlannedKind::Helpful;
        let last = match times {
            Some(times) if waited_for => {
                let used = seen.used.and(seen.happened);
                // What is used never comes later than everything is there.
                used.without(kernels::above(times.receiver_ready, Term::Each(times.arrival)))
            }
            _ => Bits::NONE,
        };
        self.rounds[self.round].inputs[index] =
            Input { last, silent: seen.silent, caught: seen.caught, passed: seen.passed };
    }

    fn service(&mut self, index: usize, seen: &ServiceSeen<'_>) {
        let round = &mut self.rounds[self.round];
        match (seen.release, &mut round.releases) {
            (Term::Same(release), _) => round.release = release,
            (Term::Each(releases), Some(kept)) if index == 0 => kernels::fill(kept, Term::Each(releases)),
            _ => {}
        }
        let job = &mut round.jobs[index];
        kernels::fill(&mut job.start, Term::Each(seen.start));
        kernels::fill(&mut job.finish, Term::Each(seen.finish));
        job.covered = seen.covered;
        job.at_release = not_later(seen.start, seen.release);
        job.at_ready = not_later(seen.start, Term::Each(seen.ready));
        job.at_server = match seen.server {
            Term::Same(_) => Bits::NONE,
            free => not_later(seen.start, free),
        };
        job.at_allowed = match (seen.allowed, seen.release) {
            (Term::Same(allowed), Term::Same(release)) if allowed == release => job.at_release,
            (allowed, _) => not_later(seen.start, allowed),
        };
        job.own_error = seen.own_error;
        let service = &self.plan.services[index];
        let (own, backup) = (service.employee, service.backup.as_ref().map(|backup| backup.employee));
        self.take(own, index, Bits::ALL.without(seen.covered));
        if let Some(backup) = backup.filter(|_| !seen.covered.is_empty()) {
            self.take(backup, index, seen.covered);
        }
    }

    fn customer(&mut self, index: usize, seen: &CustomerSeen<'_>) {
        let got = &mut self.rounds[self.round].customers[index];
        kernels::fill(&mut got.wait, Term::Each(seen.wait));
        got.error = seen.error;
    }
}

/// Which jobs each employee does, in the order of work: the service, and whether as its backup.
#[derive(Debug)]
pub(super) struct Rota {
    jobs: Vec<Vec<(usize, bool)>>,
    /// For each service, its place in the list of its own employee and of the backup.
    places: Vec<(usize, usize)>,
}

impl Rota {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut jobs: Vec<Vec<(usize, bool)>> = vec![Vec::new(); plan.employees.len()];
        let mut places = Vec::with_capacity(plan.services.len());
        for (index, service) in plan.services.iter().enumerate() {
            let own = jobs[service.employee].len();
            jobs[service.employee].push((index, false));
            let mut place = (own, 0);
            if let Some(backup) = &service.backup {
                place.1 = jobs[backup.employee].len();
                jobs[backup.employee].push((index, true));
            }
            places.push(place);
        }
        Self { jobs, places }
    }

    /// The services that an employee may do.
    pub(super) fn of_employee(&self, employee: usize) -> impl Iterator<Item = usize> + '_ {
        self.jobs[employee].iter().map(|(service, _)| *service)
    }

    /// Shows the jobs that an employee of one server did before a job, with the lanes in which each of them was that.
    pub(super) fn before(
        &self,
        rounds: &[Round],
        employee: usize,
        (mut round, service, as_backup): (usize, usize, bool),
        mut lanes: Bits,
        mut show: impl FnMut((usize, usize), Bits),
    ) {
        let jobs = &self.jobs[employee];
        let (own, backup) = self.places[service];
        let mut place = if as_backup { backup } else { own };
        while !lanes.is_empty() {
            if place == 0 {
                if round == 0 {
                    break;
                }
                round -= 1;
                place = jobs.len();
            }
            place -= 1;
            let (other, as_backup) = jobs[place];
            let covered = rounds[round].jobs[other].covered;
            let did = if as_backup { covered } else { Bits::ALL.without(covered) };
            let found = lanes.and(did);
            if !found.is_empty() {
                show((round, other), found);
                lanes = lanes.without(found);
            }
        }
    }
}

/// The services that may decide how long a customer waits: upstream of it, and what those who do these do before.
pub(super) fn reach(plan: &Plan, program: &Program, rota: &Rota, customer: usize, rounds: u32) -> Vec<bool> {
    let mut reached = vec![false; plan.services.len()];
    let mut known = vec![false; plan.employees.len()];
    let mut open: Vec<To> = vec![To::Customer(customer)];
    while let Some(at) = open.pop() {
        let inputs = match at {
            To::Service(service) => plan.services[service].inputs.clone(),
            To::Customer(customer) => plan.customers[customer].inputs.clone(),
        };
        let mut found: Vec<usize> = Vec::new();
        for dependency in &plan.dependencies[inputs] {
            if !dependency.needed.is_never() && dependency.lag < rounds as usize {
                found.push(dependency.provider);
            }
        }
        if let To::Service(service) = at {
            let service = &plan.services[service];
            for employee in [Some(service.employee), service.backup.as_ref().map(|b| b.employee)].into_iter().flatten()
            {
                if program.busy[employee] && !std::mem::replace(&mut known[employee], true) {
                    found.extend(rota.of_employee(employee));
                }
            }
        }
        for service in found {
            if !std::mem::replace(&mut reached[service], true) {
                open.push(To::Service(service));
            }
        }
    }
    reached
}
