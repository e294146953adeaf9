//! Who is there, how fast they are today, and when they are free.

use super::climate::Climate;
use super::kernels::{self, Scratch, within};
use super::lanes::{Bits, Numbers, Row, Term};
use super::program::Program;
use crate::Plan;
use crate::engine::{Keys, Shocks};
use crate::plan::disturbance::EmployeeDisturbance;
use crate::streams::{Chance, Facet, Stream};

/// A pace: the same for all, or one a lane.
#[derive(Debug)]
pub(crate) enum Pace {
    Same(f64),
    Each(Box<Row>),
}

impl Pace {
    pub(crate) fn term(&self) -> Term<'_> {
        match self {
            Pace::Same(pace) => Term::Same(*pace),
            Pace::Each(row) => Term::Each(row),
        }
    }

    pub(crate) fn is_one(&self) -> bool {
        matches!(self, Pace::Same(pace) if *pace == 1.0)
    }
}

/// Who is there in one round, and how fast, in all lanes of a block.
#[derive(Debug)]
pub(crate) struct Day {
    pub(crate) absent: Vec<Bits>,
    /// For each employee whose return somebody asked for: in which round, and in which lanes.
    returns: Vec<Option<Vec<(u32, Bits)>>>,
    employee_pace: Vec<Pace>,
    department_pace: Vec<Pace>,
    /// Whom shocks strike: the factor on their pace.
    struck: Vec<(usize, f64)>,
}

impl Day {
    pub(crate) fn new(plan: &Plan) -> Self {
        let pace = |constant: Option<f64>| constant.map_or_else(|| Pace::Each(Row::new(1.0)), Pace::Same);
        Self {
            absent: vec![Bits::NONE; plan.employees.len()],
            returns: vec![None; plan.employees.len()],
            employee_pace: plan
                .employees
                .iter()
                .map(|employee| pace(employee.pace.constant().filter(|_| plan.climate.is_none())))
                .collect(),
            department_pace: plan.departments.iter().map(|department| pace(department.pace.constant())).collect(),
            struck: Vec::new(),
        }
    }

    /// Bytes that the paces of one take.
    pub(crate) fn bytes(plan: &Plan) -> u64 {
        let varies = |pace: &crate::Sampler| pace.constant().is_none();
        let employees = plan.employees.iter().filter(|one| plan.climate.is_some() || varies(&one.pace)).count();
        let departments = plan.departments.iter().filter(|one| varies(&one.pace)).count();
        (employees + departments) as u64 * size_of::<Row>() as u64
    }

    pub(crate) fn begin(
        &mut self,
        plan: &Plan,
        keys: &Keys,
        shocks: Shocks<'_>,
        (block, round): (u64, u32),
        scratch: &mut Scratch,
    ) {
        for (department, key) in keys.departments.iter().enumerate() {
            if let Pace::Each(row) = &mut self.department_pace[department] {
                kernels::draw(&plan.departments[department].pace, key.at(block, round), Facet::Time, row, scratch);
            }
        }
        for (employee, _) in self.struck.drain(..) {
            // Whoever is never absent otherwise is there again.
            self.absent[employee] = Bits::NONE;
        }
        for (employee, key) in keys.employees.iter().enumerate() {
            let planned = &plan.employees[employee];
            if let Pace::Each(row) = &mut self.employee_pace[employee] {
                match planned.pace.constant() {
                    Some(pace) => kernels::fill(row, Term::Same(pace)),
                    None => kernels::draw(&planned.pace, key.at(block, round), Facet::Time, row, scratch),
                }
            }
            if !planned.absence.is_never() {
                self.returns[employee] = None;
                self.absent[employee] = kernels::decide(key.at(block, round), Facet::Fault, planned.absence, Bits::ALL);
            }
        }
        for (employee, struck) in shocks.disturbances.employees_in(round) {
            self.strike(employee, struck);
        }
    }

    /// Whether one employee is there, and what strikes them, once more.
    pub(crate) fn begin_employee(
        &mut self,
        plan: &Plan,
        keys: &Keys,
        shocks: Shocks<'_>,
        employee: usize,
        (block, round): (u64, u32),
    ) {
        self.struck.retain(|(struck, _)| *struck != employee);
        self.returns[employee] = None;
        let stream = keys.employees[employee].at(block, round);
        self.absent[employee] = kernels::decide(stream, Facet::Fault, plan.employees[employee].absence, Bits::ALL);
        if let Some(struck) = shocks.disturbances.employee(round, employee) {
            self.strike(employee, struck);
        }
    }

    /// Forgets when somebody is there again: the absence may have become another one.
    pub(crate) fn forget_return(&mut self, employee: usize) {
        self.returns[employee] = None;
    }

    /// Lets a shock strike somebody.
    fn strike(&mut self, employee: usize, struck: &EmployeeDisturbance) {
        self.struck.push((employee, struck.pace));
        if struck.absent {
            self.absent[employee] = Bits::ALL;
            self.returns[employee] = None;
        }
    }

    /// The factor of shocks on somebody's pace.
    fn struck(&self, employee: usize) -> f64 {
        self.struck.iter().find(|(struck, _)| *struck == employee).map_or(1.0, |(_, pace)| *pace)
    }

    /// When an employee who is absent in this round is there again: rounds, and the lanes in which it is that one.
    pub(crate) fn returns(
        &mut self,
        plan: &Plan,
        keys: &Keys,
        shocks: Shocks<'_>,
        employee: usize,
        (block, round): (u64, u32),
    ) -> &[(u32, Bits)] {
        let (absent, absence) = (self.absent[employee], plan.employees[employee].absence);
        self.returns[employee].get_or_insert_with(|| {
            let (mut away, mut later, mut found) = (absent, round, Vec::new());
            while !away.is_empty() && later < u32::MAX {
                later += 1;
                let stream = keys.employees[employee].at(block, later);
                let still = match shocks.disturbances.employee(later, employee) {
                    Some(struck) if struck.absent => away,
                    _ => kernels::decide(stream, Facet::Fault, absence, away),
                };
                let returned = away.without(still);
                if !returned.is_empty() {
                    found.push((later, returned));
                }
                away = still;
            }
            found
        })
    }

    /// The pace at which somebody works, their department's included.
    #[inline(always)]
    pub(crate) fn pace<'a>(&'a self, plan: &Plan, employee: usize, scratch: &'a mut Row) -> Term<'a> {
        let own = &self.employee_pace[employee];
        let department = plan.employees[employee].department.map(|at| &self.department_pace[at]);
        let struck = self.struck(employee);
        if struck != 1.0 {
            kernels::fill(scratch, own.term());
            kernels::multiply(scratch, Term::Same(struck));
            if let Some(department) = department {
                kernels::multiply(scratch, department.term());
            }
            return Term::Each(scratch);
        }
        let Some(department) = department else { return own.term() };
        match (own, department) {
            (Pace::Same(own), Pace::Same(department)) => Term::Same(own * department),
            (own, department) if department.is_one() => own.term(),
            (own, department) if own.is_one() => department.term(),
            (own, department) => {
                kernels::fill(scratch, own.term());
                kernels::multiply(scratch, department.term());
                Term::Each(scratch)
            }
        }
    }
}

/// When the employees of a plan are free, in all lanes of a block.
#[derive(Debug)]
pub(crate) struct People {
    /// For each employee, when each of its servers is free; none where there is always a free one.
    pub(crate) servers: Vec<Vec<Box<Row>>>,
    /// This round.
    pub(crate) day: Day,
    pub(crate) climate: Option<Climate>,
    which: Box<Numbers>,
}

impl People {
    pub(crate) fn new(plan: &Plan, program: &Program) -> Self {
        let servers = plan.employees.iter().zip(&program.busy).map(|(employee, busy)| {
            let count = if *busy { employee.capacity } else { 0 };
            (0..count).map(|_| Row::new(0.0)).collect()
        });
        Self { servers: servers.collect(), day: Day::new(plan), climate: Climate::new(plan), which: Numbers::new() }
    }

    pub(crate) fn begin(&mut self, plan: &Plan) {
        if let (Some(climate), Some(planned)) = (&mut self.climate, &plan.climate) {
            climate.begin(planned);
        }
        for server in self.servers.iter_mut().flatten() {
            kernels::fill(server, Term::Same(0.0));
        }
    }

    /// Who is there in a round, and how fast.
    pub(crate) fn begin_day(
        &mut self,
        plan: &Plan,
        keys: &Keys,
        shocks: Shocks<'_>,
        at: (u64, u32),
        scratch: &mut Scratch,
    ) {
        let day = &mut self.day;
        day.begin(plan, keys, shocks, at, scratch);
        if let (Some(climate), Some(planned)) = (&mut self.climate, &plan.climate) {
            climate.begin_round(plan, planned, &mut day.absent);
            for (employee, pace) in day.employee_pace.iter_mut().enumerate() {
                if let Pace::Each(row) = pace {
                    kernels::multiply(row, climate.pace(employee));
                }
            }
        }
    }

    /// In which lanes somebody else has to do an employee's work: absent, or the post is empty.
    #[inline(always)]
    pub(crate) fn away(&self, employee: usize) -> Bits {
        match &self.climate {
            Some(climate) => self.day.absent[employee].or(Bits::ALL.without(climate.filled(employee))),
            None => self.day.absent[employee],
        }
    }

    /// In which lanes somebody's work goes wrong that does so at this rate at the set point of morale.
    #[inline(always)]
    pub(crate) fn mistakes(&self, employee: usize, stream: Stream, rate: f64, lanes: Bits) -> Bits {
        if lanes.is_empty() {
            return Bits::NONE;
        }
        match &self.climate {
            Some(climate) => climate.mistakes(employee, stream, rate, lanes),
            None => within::decide(stream, Facet::Fault, Chance::new(rate), lanes),
        }
    }

    /// Whether somebody may have to wait for this employee.
    pub(crate) fn is_busy(&self, employee: usize) -> bool {
        !self.servers[employee].is_empty()
    }

    /// Since when the server is free that this employee's next work takes.
    pub(crate) fn free(&mut self, employee: usize, out: &mut Row) {
        match &self.servers[employee][..] {
            [] => kernels::fill(out, Term::Same(0.0)),
            [one] => kernels::fill(out, Term::Each(one)),
            several => kernels::earliest(several, out, &mut self.which),
        }
    }

    /// Keeps that server until the work is done, in some lanes.
    pub(crate) fn keep(&mut self, employee: usize, free: &mut Row, finish: &Row, lanes: Bits) {
        match &mut self.servers[employee][..] {
            [] => {}
            [one] if lanes.is_all() => kernels::fill(one, Term::Each(finish)),
            [one] => kernels::choose(one, Term::Each(finish), lanes),
            several => {
                // Asked again: a backup's servers may have been asked in between.
                kernels::earliest(several, free, &mut self.which);
                for (number, server) in several.iter_mut().enumerate() {
                    let taken = kernels::number_is(&self.which, number as u64).and(lanes);
                    kernels::choose(server, Term::Each(finish), taken);
                }
            }
        }
    }

    /// The pace of a backup at a colleague's work, which has a draw of its own.
    pub(crate) fn backup_pace(pace: &crate::Sampler, stream: Stream, out: &mut Row, scratch: &mut Scratch) {
        match pace.constant() {
            Some(pace) => kernels::fill(out, Term::Same(pace)),
            None => kernels::draw(pace, stream, Facet::Third, out, scratch),
        }
    }
}
