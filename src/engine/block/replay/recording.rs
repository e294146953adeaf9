//! What is kept of a block for the shocks to come.

use super::difference::Got;
use crate::Plan;
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::engine::block::people::Day;
use crate::engine::block::program::Program;
use crate::engine::block::{BlockEngine, kernels};

/// How long after its provider something arrives: the hand-off, silence and rework as they were drawn.
#[derive(Debug)]
pub(super) struct Offset {
    hours: Hours,
    row: Option<Box<Row>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Hours {
    /// It does not come in any lane.
    Never,
    Same(f64),
    /// In the row: less than any time where it does not come.
    Each,
}

impl Offset {
    fn new() -> Self {
        Self { hours: Hours::Never, row: None }
    }

    fn never(&mut self) {
        self.hours = Hours::Never;
    }

    fn same(&mut self, hours: f64) {
        self.hours = Hours::Same(hours);
    }

    /// One a lane, to be written.
    fn each(&mut self) -> &mut Row {
        self.hours = Hours::Each;
        self.row.get_or_insert_with(|| Row::new(0.0))
    }

    pub(super) fn term(&self) -> Option<Term<'_>> {
        match (self.hours, &self.row) {
            (Hours::Same(hours), _) => Some(Term::Same(hours)),
            (Hours::Each, Some(row)) => Some(Term::Each(row)),
            _ => None,
        }
    }
}

/// A block as it ran without the shock. What services delivered lies in the engine's own results.
#[derive(Debug)]
pub(super) struct Recording {
    /// For each round, who was there.
    pub(super) days: Vec<Day>,
    /// For each round and service, when it started.
    pub(super) starts: Vec<Box<Row>>,
    /// For each round and dependency, how long after its provider it arrived, and the errors caught on it.
    pub(super) offsets: Vec<Offset>,
    pub(super) caught: Vec<Bits>,
    /// For each round and customer, what they got.
    pub(super) got: Vec<Got>,
    /// The servers that a service may take, as they were before it took one, and where those of a service begin.
    servers: Vec<Box<Row>>,
    places: Vec<usize>,
    services: usize,
}

impl Recording {
    pub(super) fn new(plan: &Plan, program: &Program, rounds: u32) -> Self {
        let rounds = rounds as usize;
        let mut places = vec![0];
        let mut count = 0;
        for service in &plan.services {
            count += service.employees().map(|employee| servers_of(plan, program, employee)).sum::<usize>();
            places.push(count);
        }
        Self {
            days: (0..rounds).map(|_| Day::new(plan)).collect(),
            starts: (0..rounds * plan.services.len()).map(|_| Row::new(0.0)).collect(),
            offsets: (0..rounds * plan.dependencies.len()).map(|_| Offset::new()).collect(),
            caught: vec![Bits::NONE; rounds * plan.dependencies.len()],
            got: (0..rounds * plan.customers.len()).map(|_| Got::new()).collect(),
            servers: (0..rounds * count).map(|_| Row::new(0.0)).collect(),
            places,
            services: plan.services.len(),
        }
    }

    /// Bytes that one takes, with all that the engine keeps for it.
    pub(super) fn bytes(plan: &Plan, program: &Program, rounds: u32) -> u128 {
        let row = size_of::<Row>() as u128;
        let busy = plan.services.iter().flat_map(|service| service.employees());
        let servers: usize = busy.map(|employee| servers_of(plan, program, employee)).sum();
        let quality = usize::from(program.any_quality);
        let rows = plan.services.len() * (2 + quality) + plan.dependencies.len() + servers + 4 * plan.customers.len();
        let bits = (2 * plan.services.len() + plan.dependencies.len()) * size_of::<Bits>();
        u128::from(rounds) * (rows as u128 * row + bits as u128 + u128::from(Day::bytes(plan)))
    }

    /// The servers of one of the employees who may do a service, as they were before it.
    pub(super) fn servers(
        &self,
        plan: &Plan,
        program: &Program,
        (round, service): (u32, usize),
        employee: usize,
    ) -> &[Box<Row>] {
        let range = self.range(plan, program, (round, service), employee);
        &self.servers[range]
    }

    /// The same, to be written.
    pub(super) fn servers_mut(
        &mut self,
        plan: &Plan,
        program: &Program,
        (round, service): (u32, usize),
        employee: usize,
    ) -> &mut [Box<Row>] {
        let range = self.range(plan, program, (round, service), employee);
        &mut self.servers[range]
    }

    /// Keeps how long after its provider each input arrived, and the errors caught on it.
    pub(super) fn keep_inputs(
        &mut self,
        plan: &Plan,
        program: &Program,
        engine: &BlockEngine<'_>,
        inputs: std::ops::Range<usize>,
    ) {
        let (seen, arrivals) = engine.inputs.all();
        let round = engine.round;
        for (local, index) in inputs.enumerate() {
            let dependency = &plan.dependencies[index];
            let at = round as usize * plan.dependencies.len() + index;
            let (seen, offset) = (&seen[local], &mut self.offsets[at]);
            self.caught[at] = seen.caught;
            if (round as usize) < dependency.lag || seen.happened.is_empty() {
                offset.never();
                continue;
            }
            let Some(home) = program.services[dependency.provider].home else { continue };
            match program.inputs[index].handoff {
                Some(hours) if seen.silent.is_empty() && seen.caught.is_empty() && seen.happened.is_all() => {
                    offset.same(hours);
                }
                _ => {
                    let finish = &engine.results.finish[home.at(round - dependency.lag as u32)];
                    let row = offset.each();
                    kernels::subtract(&arrivals[local], Term::Each(finish), row);
                    if !seen.happened.is_all() {
                        kernels::choose(row, Term::Same(f64::NEG_INFINITY), Bits::ALL.without(seen.happened));
                    }
                }
            }
        }
    }

    /// Errors caught on each input that were not caught without the shock.
    pub(super) fn caught_now(
        &self,
        plan: &Plan,
        engine: &BlockEngine<'_>,
        inputs: std::ops::Range<usize>,
        caught: &mut Vec<Bits>,
    ) {
        let (seen, _) = engine.inputs.all();
        caught.clear();
        caught.extend(inputs.zip(seen).map(|(index, seen)| {
            seen.caught.without(self.caught[engine.round as usize * plan.dependencies.len() + index])
        }));
    }

    fn range(
        &self,
        plan: &Plan,
        program: &Program,
        (round, service): (u32, usize),
        employee: usize,
    ) -> std::ops::Range<usize> {
        let mut first = round as usize * self.places[self.services] + self.places[service];
        for other in plan.services[service].employees() {
            let count = servers_of(plan, program, other);
            if other == employee {
                return first..first + count;
            }
            first += count;
        }
        first..first
    }
}

/// Servers that have to be kept of an employee: none of one who never keeps work waiting.
fn servers_of(plan: &Plan, program: &Program, employee: usize) -> usize {
    if program.busy[employee] { plan.employees[employee].capacity } else { 0 }
}
