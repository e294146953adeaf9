//! Who is there, how fast they are today, and when they are free.

use super::climate::Climate;
use super::kernels::{self, Scratch};
use super::lanes::{Bits, Numbers, Row, Term};
use super::program::Program;
use crate::Plan;
use crate::engine::Keys;
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

/// The employees and departments of a plan, in all lanes of a block.
#[derive(Debug)]
pub(crate) struct People {
    /// For each employee, when each of its servers is free; none where there is always a free one.
    servers: Vec<Vec<Box<Row>>>,
    /// Who is absent this round.
    pub(crate) absent: Vec<Bits>,
    /// For each employee whose return somebody asked for this round: in which round, and in which lanes.
    returns: Vec<Option<Vec<(u32, Bits)>>>,
    employee_pace: Vec<Pace>,
    department_pace: Vec<Pace>,
    pub(crate) climate: Option<Climate>,
    which: Box<Numbers>,
    scratch: Box<Scratch>,
}

impl People {
    pub(crate) fn new(plan: &Plan, program: &Program) -> Self {
        let pace = |constant: Option<f64>| constant.map_or_else(|| Pace::Each(Row::new(1.0)), Pace::Same);
        let servers = plan.employees.iter().zip(&program.busy).map(|(employee, busy)| {
            let count = if *busy { employee.capacity } else { 0 };
            (0..count).map(|_| Row::new(0.0)).collect()
        });
        Self {
            servers: servers.collect(),
            absent: vec![Bits::NONE; plan.employees.len()],
            returns: vec![None; plan.employees.len()],
            employee_pace: plan
                .employees
                .iter()
                .map(|employee| pace(employee.pace.constant().filter(|_| plan.climate.is_none())))
                .collect(),
            department_pace: plan.departments.iter().map(|department| pace(department.pace.constant())).collect(),
            climate: Climate::new(plan),
            which: Numbers::new(),
            scratch: Scratch::new(),
        }
    }

    pub(crate) fn begin(&mut self, plan: &Plan) {
        if let (Some(climate), Some(planned)) = (&mut self.climate, &plan.climate) {
            climate.begin(planned);
        }
        for server in self.servers.iter_mut().flatten() {
            kernels::fill(server, Term::Same(0.0));
        }
    }

    pub(crate) fn begin_round(&mut self, plan: &Plan, keys: &Keys, block: u64, round: u32) {
        for (department, key) in keys.departments.iter().enumerate() {
            if let Pace::Each(row) = &mut self.department_pace[department] {
                kernels::draw(
                    &plan.departments[department].pace,
                    key.at(block, round),
                    Facet::Time,
                    row,
                    &mut self.scratch,
                );
            }
        }
        for (employee, key) in keys.employees.iter().enumerate() {
            let planned = &plan.employees[employee];
            if let Pace::Each(row) = &mut self.employee_pace[employee] {
                match planned.pace.constant() {
                    Some(pace) => kernels::fill(row, Term::Same(pace)),
                    None => kernels::draw(&planned.pace, key.at(block, round), Facet::Time, row, &mut self.scratch),
                }
            }
            if !planned.absence.is_never() {
                self.returns[employee] = None;
                self.absent[employee] = kernels::decide(key.at(block, round), Facet::Fault, planned.absence, Bits::ALL);
            }
        }
        if let (Some(climate), Some(planned)) = (&mut self.climate, &plan.climate) {
            climate.begin_round(plan, planned, &mut self.absent);
            for (employee, pace) in self.employee_pace.iter_mut().enumerate() {
                if let Pace::Each(row) = pace {
                    kernels::multiply(row, climate.pace(employee));
                }
            }
        }
    }

    /// In which lanes somebody else has to do an employee's work: absent, or the post is empty.
    pub(crate) fn away(&self, employee: usize) -> Bits {
        match &self.climate {
            Some(climate) => self.absent[employee].or(Bits::ALL.without(climate.filled(employee))),
            None => self.absent[employee],
        }
    }

    /// In which lanes somebody's work goes wrong that does so at this rate at the set point of morale.
    pub(crate) fn mistakes(&self, employee: usize, stream: Stream, rate: f64, lanes: Bits) -> Bits {
        match &self.climate {
            Some(climate) => climate.mistakes(employee, stream, rate, lanes),
            None => kernels::decide(stream, Facet::Fault, Chance::new(rate), lanes),
        }
    }

    /// When an employee who is absent this round is there again: rounds, and the lanes in which it is that one.
    pub(crate) fn returns(
        &mut self,
        plan: &Plan,
        keys: &Keys,
        employee: usize,
        block: u64,
        round: u32,
    ) -> &[(u32, Bits)] {
        let (absent, absence) = (self.absent[employee], plan.employees[employee].absence);
        self.returns[employee].get_or_insert_with(|| {
            let (mut away, mut later, mut found) = (absent, round, Vec::new());
            while !away.is_empty() && later < u32::MAX {
                later += 1;
                let still = kernels::decide(keys.employees[employee].at(block, later), Facet::Fault, absence, away);
                let returned = away.without(still);
                if !returned.is_empty() {
                    found.push((later, returned));
                }
                away = still;
            }
            found
        })
    }

    /// The pace at which somebody works this round, their department's included.
    pub(crate) fn pace<'a>(&'a self, plan: &Plan, employee: usize, scratch: &'a mut Row) -> Term<'a> {
        let own = &self.employee_pace[employee];
        let Some(department) = plan.employees[employee].department.map(|at| &self.department_pace[at]) else {
            return own.term();
        };
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
            [one] if lanes == Bits::ALL => kernels::fill(one, Term::Each(finish)),
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
