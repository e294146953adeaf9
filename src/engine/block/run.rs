//! The block engine: 256 replications at a time, a service after the other.

use super::clock::Clock;
use super::inputs::{Asks, Inputs, Results, gather};
use super::kernels::{self, Scratch, cloned, within};
use super::lanes::{Bits, Row, Term};
use super::people::People;
use super::program::{Program, Quality};
use super::watch::{CustomerSeen, Nobody, ServiceSeen, Watch};
use crate::engine::{Keys, Shocks};
use crate::organization::Start;
use crate::plan::{Plan, PlannedBackup};
use crate::streams::Facet;

/// One worker's engine: runs any blocks, one at a time, and keeps its memory between them.
#[derive(Debug)]
pub(crate) struct BlockEngine<'p> {
    pub(super) plan: &'p Plan,
    pub(super) program: &'p Program,
    pub(super) keys: &'p Keys,
    pub(super) shocks: Shocks<'p>,
    pub(super) rounds: u32,
    pub(super) block: u64,
    /// The lanes that are replications of the run: all but in its last block.
    pub(super) live: Bits,
    pub(super) round: u32,
    pub(super) clock: Clock,
    pub(super) people: People,
    pub(super) inputs: Inputs,
    pub(super) results: Results,
    pub(super) rows: Rows,
    pub(super) scratch: Box<Scratch>,
    pub(super) cut: u64,
    /// Whether it is kept when inputs arrived, though nobody watches.
    pub(super) keep_inputs: bool,
}

/// What is worked out for one service at a time.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) work: Box<Row>,
    /// Stale where it is kept when a service was ready, and it starts just then.
    pub(super) start: Box<Row>,
    pub(super) finish: Box<Row>,
    pub(super) planned: Box<Row>,
    pub(super) allowed: Box<Row>,
    pub(super) free: Box<Row>,
    pub(super) other: Box<Row>,
    pub(super) pace: Box<Row>,
    pub(super) backup_pace: Box<Row>,
    pub(super) quality: Box<Row>,
}

cloned! {
    /// Runs the first `lanes` replications of a block and shows each of their rounds.
    fn run<W: Watch>(engine: &mut BlockEngine, block: u64, lanes: usize, watch: &mut W) {
        engine.run(block, lanes, watch);
    }
}

cloned! {
    /// One service of this round, seen by nobody.
    fn serve(engine: &mut BlockEngine, index: usize) {
        engine.serve_watched(index, None::<&mut Nobody>);
    }
}

impl<'p> BlockEngine<'p> {
    /// One for runs that are watched in everything, or in what customers feel only.
    pub(crate) fn new(plan: &'p Plan, program: &'p Program, keys: &'p Keys, rounds: u32, watched: bool) -> Self {
        let rows = |count: usize| (0..count).map(|_| Row::new(0.0)).collect();
        Self {
            plan,
            program,
            keys,
            shocks: Shocks::of(plan, keys),
            rounds,
            block: 0,
            live: Bits::ALL,
            round: 0,
            clock: Clock::new(&plan.cadence, keys.release),
            people: People::new(plan, program),
            inputs: Inputs::new(),
            results: Results {
                finish: rows(program.places),
                error: vec![Bits::NONE; program.places],
                covered: vec![Bits::NONE; program.places],
                quality: rows(if program.any_quality { program.places } else { 0 }),
                ready: rows(if watched { program.places } else { 0 }),
            },
            rows: Rows {
                work: Row::new(0.0),
                start: Row::new(0.0),
                finish: Row::new(0.0),
                planned: Row::new(0.0),
                allowed: Row::new(0.0),
                free: Row::new(0.0),
                other: Row::new(0.0),
                pace: Row::new(1.0),
                backup_pace: Row::new(1.0),
                quality: Row::new(1.0),
            },
            scratch: Scratch::new(),
            cut: 0,
            keep_inputs: false,
        }
    }

    /// How much memory one takes, in bytes, to within some kilobytes.
    pub(crate) fn bytes(plan: &Plan, program: &Program, watched: bool) -> u64 {
        let row = size_of::<Row>() as u64;
        let receivers = plan.services.iter().map(|service| (service.inputs.len(), &service.groups));
        let receivers =
            receivers.chain(plan.customers.iter().map(|customer| (customer.inputs.len(), &customer.groups)));
        let watched_or_felt = watched || plan.climate.is_some();
        let kept =
            receivers.filter(|(_, groups)| watched_or_felt || !groups.is_empty()).map(|(inputs, _)| inputs).max();
        let most_inputs = plan.dependencies.len().min(kept.unwrap_or(0)) as u64;
        let places = program.places as u64;
        let paces = plan.employees.iter().map(|employee| (&employee.pace, plan.climate.is_some()));
        let paces = paces.chain(plan.departments.iter().map(|department| (&department.pace, false)));
        let varying = paces.filter(|(pace, varies)| *varies || pace.constant().is_none()).count() as u64;
        let busy = plan.employees.iter().zip(&program.busy).filter(|(_, busy)| **busy);
        let servers: u64 = busy.map(|(employee, _)| employee.capacity as u64).sum();
        let releases = if plan.cadence.constant().is_some() { 0 } else { plan.longest_lag as u64 + 2 };
        let rows = places * (1 + u64::from(program.any_quality) + u64::from(watched))
            + most_inputs
            + varying
            + servers
            + releases;
        let climate = super::climate::Climate::bytes(plan);
        climate
            + rows * row
            + places * 2 * size_of::<Bits>() as u64
            + plan.employees.len() as u64 * size_of::<Bits>() as u64
    }

    /// How many draws and times were cut to the largest allowed since it was last asked.
    pub(crate) fn take_cut(&mut self) -> u64 {
        let counts = [&mut self.cut, &mut self.inputs.cut, &mut self.clock.cut];
        counts.into_iter().map(std::mem::take).sum()
    }

    /// Runs the first `lanes` replications of a block and shows each of their rounds.
    pub(crate) fn block<W: Watch>(&mut self, block: u64, lanes: usize, watch: &mut W) {
        run(self, block, lanes, watch);
    }

    #[inline(always)]
    fn run<W: Watch>(&mut self, block: u64, lanes: usize, watch: &mut W) {
        self.begin(block, lanes);
        for round in 0..self.rounds {
            self.round = round;
            self.clock.forget_before((round as usize).saturating_sub(self.plan.longest_lag));
            self.clock.ask(round as usize, Bits::ALL);
            self.begin_day();
            let mut watch = watch.round(round).then_some(&mut *watch);
            if let Some(watch) = &mut watch
                && watch.wants_everything()
            {
                for (employee, absent) in self.people.day.absent.iter().enumerate() {
                    watch.absence(employee, *absent);
                }
            }
            for service in 0..self.plan.services.len() {
                self.serve_watched(service, watch.as_deref_mut());
            }
            for customer in 0..self.plan.customers.len() {
                self.deliver(customer, watch.as_deref_mut());
            }
            self.end_day(watch);
        }
    }

    /// Begins a block.
    pub(super) fn begin(&mut self, block: u64, lanes: usize) {
        (self.block, self.live) = (block, Bits::first(lanes));
        self.clock.begin(block, self.live);
        self.people.begin(self.plan);
    }

    /// Who is there this round, and how fast.
    pub(super) fn begin_day(&mut self) {
        let at = (self.block, self.round);
        self.people.begin_day(self.plan, self.keys, self.shocks, at, &mut self.scratch);
    }

    /// What the round has made of the people.
    pub(super) fn end_day<W: Watch>(&mut self, watch: Option<&mut W>) {
        if let (Some(climate), Some(planned)) = (&mut self.people.climate, &self.plan.climate) {
            climate.end_round(planned, self.keys, (self.block, self.round), watch);
        }
    }

    /// One service of this round, seen by nobody.
    pub(super) fn serve(&mut self, index: usize) {
        serve(self, index);
    }

    /// One service of this round: inputs, start, work, error, quality.
    #[inline(always)]
    fn serve_watched<W: Watch>(&mut self, index: usize, watch: Option<&mut W>) {
        let Self {
            plan,
            program,
            keys,
            shocks,
            clock,
            people,
            inputs,
            results,
            rows,
            scratch,
            block,
            live,
            round,
            keep_inputs,
            ..
        } = self;
        let (plan, program, shocks, block, live, round) = (*plan, *program, *shocks, *block, *live, *round);
        let (service, compiled) = (&plan.services[index], &program.services[index]);
        let struck = shocks.disturbances.service(round, index);
        let watch = watch.filter(|watch| watch.wants_everything() || !compiled.stages.is_empty());
        let everything = watch.as_ref().is_some_and(|watch| watch.wants_everything());
        let stream = keys.services[index].at(block, round);

        // Who does it: known first, as an absence may have to ask for later releases.
        let own = service.employee;
        let absent = people.away(own);
        let covered = match &service.backup {
            Some(backup) if !absent.is_empty() => absent.without(people.away(backup.employee)),
            _ => Bits::NONE,
        };
        let away = people.day.absent[own].without(covered).and(live);
        let mut back = Vec::new();
        if !away.is_empty() {
            for &(later, lanes) in people.day.returns(plan, keys, shocks, own, (block, round)) {
                let returned = lanes.and(away);
                if !returned.is_empty() {
                    clock.ask(later as usize, returned);
                    back.push((later, returned));
                }
            }
        }

        let asks = Asks {
            plan,
            program,
            keys,
            shocks,
            results,
            clock,
            block,
            round,
            live,
            inputs: service.inputs.clone(),
            groups: &service.groups,
            plain: compiled.plain,
            keep_arrivals: everything || *keep_inputs || plan.climate.is_some(),
            keep_last: false,
        };
        gather(inputs, &asks);

        // When it starts: the latest of all there is to wait for.
        let release = clock.release(round as usize);
        let planned = match release {
            Term::Same(release) => Term::Same(release + service.start),
            Term::Each(releases) => {
                kernels::add(releases, Term::Same(service.start), &mut rows.planned);
                Term::Each(&rows.planned)
            }
        };
        let mut allowed = if plan.start == Start::Planned { planned } else { release };
        if !back.is_empty() {
            kernels::fill(&mut rows.allowed, allowed);
            for (later, lanes) in &back {
                kernels::latest_in(&mut rows.allowed, clock.release(*later as usize), *lanes);
            }
            allowed = Term::Each(&rows.allowed);
        }
        let backup = service.backup.as_ref().filter(|_| !covered.is_empty());
        let may_queue = people.is_busy(own) || backup.is_some_and(|backup| people.is_busy(backup.employee));
        let is_held_back = plan.start == Start::Planned || !back.is_empty();
        // When it had all it needs is kept for whoever watches; nothing is copied where it starts just then.
        let keep_ready = everything || !results.ready.is_empty();
        let starts_ready = keep_ready && !is_held_back && !may_queue;
        if !keep_ready {
            std::mem::swap(&mut rows.start, &mut inputs.ready);
        } else if !starts_ready {
            within::fill(&mut rows.start, Term::Each(&inputs.ready));
        }
        if is_held_back {
            within::latest(&mut rows.start, allowed);
        }
        let mut server = Term::Same(0.0);
        if may_queue {
            people.free(own, &mut rows.free);
            if let Some(backup) = backup {
                people.free(backup.employee, &mut rows.other);
                kernels::choose(&mut rows.free, Term::Each(&rows.other), covered);
            }
            within::latest(&mut rows.start, Term::Each(&rows.free));
            server = Term::Each(&rows.free);
        }

        // The work.
        let cut = kernels::draw_hours(
            &service.duration,
            stream,
            Facet::Time,
            compiled.duration_may_pass,
            &mut rows.work,
            scratch,
        );
        self.cut += u64::from(cut.and(live).count());
        let own_pace = people.day.pace(plan, own, &mut rows.pace);
        let struck_pace = struck.map_or(1.0, |struck| struck.pace);
        match backup {
            None if struck_pace == 1.0 => {
                if !matches!(own_pace, Term::Same(pace) if pace == 1.0) {
                    let cut = kernels::work(&mut rows.work, own_pace, compiled.work_may_pass);
                    self.cut += u64::from(cut.and(live).count());
                }
            }
            None => {
                kernels::fill(&mut rows.other, own_pace);
                kernels::multiply(&mut rows.other, Term::Same(struck_pace));
                let cut = kernels::work(&mut rows.work, Term::Each(&rows.other), compiled.work_may_pass);
                self.cut += u64::from(cut.and(live).count());
            }
            Some(backup) => {
                kernels::fill(&mut rows.other, own_pace);
                let (paces, pace) = (&mut rows.backup_pace, &mut rows.pace);
                kernels::fill(paces, people.day.pace(plan, backup.employee, pace));
                People::backup_pace(&backup.pace, stream, pace, scratch);
                kernels::multiply(paces, Term::Each(pace));
                kernels::choose(&mut rows.other, Term::Each(paces), covered);
                kernels::multiply(&mut rows.other, Term::Same(struck_pace));
                let cut = kernels::work(&mut rows.work, Term::Each(&rows.other), compiled.work_may_pass);
                self.cut += u64::from(cut.and(live).count());
            }
        }
        let present = Bits::ALL.without(covered);
        if let Some(struck) = struck {
            let all = struck.lost.iter().map(|lost| (lost, Bits::ALL));
            for (lost, lanes) in all.chain(struck.lost_by_employee.iter().map(|lost| (lost, present))) {
                let stream = shocks.keys[lost.stream].at(block, round);
                let (to, dense) = (&mut rows.work, &mut rows.other);
                self.cut += kernels::add_hours(&lost.hours, stream, Facet::Time, lanes, to, live, dense, scratch);
            }
        }
        let start = if starts_ready { &inputs.ready } else { &rows.start };
        within::add(start, Term::Each(&rows.work), &mut rows.finish);
        if program.times_may_pass {
            self.cut += u64::from(kernels::bound(&mut rows.finish, live));
        }
        if may_queue {
            people.keep(own, &mut rows.other, &rows.finish, present);
            if let Some(backup) = backup {
                people.keep(backup.employee, &mut rows.other, &rows.finish, covered);
            }
        }

        // What is wrong with it.
        let received = inputs.use_by(&asks, (!starts_ready).then_some(&rows.start));
        let start = if starts_ready { &inputs.ready } else { &rows.start };
        let started_late = if service.rush > 0.0 || everything { within::above(start, planned) } else { Bits::NONE };
        let mut own_error = match struck {
            Some(struck) if struck.wrong => Bits::ALL,
            Some(struck) if struck.wrong_by_employee => present,
            _ => Bits::NONE,
        };
        let rate = service.error_rate;
        own_error = own_error.or(people.mistakes(own, stream, rate, present.without(started_late)));
        own_error = own_error.or(people.mistakes(own, stream, rate + service.rush, present.and(started_late)));
        if let Some(&PlannedBackup { employee, error_rate: rate, .. }) = backup {
            own_error = own_error.or(people.mistakes(employee, stream, rate, covered.without(started_late)));
            own_error = own_error.or(people.mistakes(employee, stream, rate + service.rush, covered.and(started_late)));
        }
        if let (Some(climate), Some(planned)) = (&mut people.climate, &plan.climate) {
            let by = [Some((own, present)), backup.map(|backup| (backup.employee, covered))];
            climate.served(planned, &asks, inputs.all(), &rows.work, by);
        }
        let error = own_error.or(received);

        // How good it is.
        let quality = match compiled.quality {
            Quality::Same(quality) => Term::Same(quality),
            Quality::Varies => {
                match service.workmanship.constant() {
                    Some(workmanship) => kernels::fill(&mut rows.quality, Term::Same(workmanship)),
                    None => kernels::draw(&service.workmanship, stream, Facet::Second, &mut rows.quality, scratch),
                }
                if let Some(struck) = struck {
                    kernels::multiply(&mut rows.quality, Term::Same(struck.quality));
                    kernels::fill(&mut rows.other, Term::Each(&rows.quality));
                    kernels::multiply(&mut rows.other, Term::Same(struck.quality_by_employee));
                    kernels::choose(&mut rows.quality, Term::Each(&rows.other), present);
                }
                kernels::multiply(&mut rows.quality, Term::Each(inputs.quality(&asks)));
                Term::Each(&rows.quality)
            }
        };

        if let Some(watch) = watch {
            if everything {
                inputs.show(&asks, watch);
                let (seen, arrivals) = inputs.all();
                watch.service(
                    index,
                    &ServiceSeen {
                        release,
                        ready: &inputs.ready,
                        allowed,
                        server,
                        start: if starts_ready { &inputs.ready } else { &rows.start },
                        finish: &rows.finish,
                        work: &rows.work,
                        covered,
                        started_late,
                        own_error,
                        error,
                        quality,
                        inputs: seen,
                        arrivals,
                    },
                );
            }
            if !compiled.stages.is_empty() {
                kernels::subtract(&rows.finish, release, &mut rows.other);
                for &(customer, stage) in &compiled.stages {
                    watch.stage(customer, stage, &rows.other);
                }
            }
        }
        if let Some(home) = compiled.home {
            let place = home.at(round);
            std::mem::swap(&mut results.finish[place], &mut rows.finish);
            results.error[place] = error;
            results.covered[place] = covered;
            if compiled.quality == Quality::Varies {
                std::mem::swap(&mut results.quality[place], &mut rows.quality);
            }
            if let Some(ready) = results.ready.get_mut(place) {
                std::mem::swap(ready, &mut inputs.ready);
            }
        }
    }

    /// What a customer gets this round.
    pub(super) fn deliver<W: Watch>(&mut self, index: usize, watch: Option<&mut W>) {
        let Self { plan, program, keys, shocks, clock, inputs, results, rows, block, live, round, keep_inputs, .. } =
            self;
        let (plan, program, round) = (*plan, *program, *round);
        let (customer, compiled) = (&plan.customers[index], &program.customers[index]);
        if watch.is_none() && !compiled.may_be_cut {
            return;
        }
        let asks = Asks {
            plan,
            program,
            keys,
            shocks: *shocks,
            results,
            clock,
            block: *block,
            round,
            live: *live,
            inputs: customer.inputs.clone(),
            groups: &customer.groups,
            plain: compiled.plain,
            keep_arrivals: watch.as_ref().is_some_and(|watch| watch.wants_everything()) || *keep_inputs,
            keep_last: true,
        };
        gather(inputs, &asks);
        let Some(watch) = watch else { return };
        let error = inputs.use_by(&asks, None);
        let quality = match compiled.quality {
            Quality::Same(quality) => Term::Same(quality),
            Quality::Varies => {
                kernels::fill(&mut rows.quality, Term::Each(inputs.quality(&asks)));
                Term::Each(&rows.quality)
            }
        };
        kernels::subtract(&inputs.ready, clock.release(round as usize), &mut rows.other);
        let curve = customer.satisfaction;
        let (wait, satisfaction) = (&rows.other, &mut rows.work);
        kernels::satisfaction(wait, customer.promise, quality, error, curve.error, curve.lateness, satisfaction);
        inputs.show(&asks, watch);
        watch.customer(index, &CustomerSeen { wait, error, quality, satisfaction, last_input: &inputs.last });
    }
}
