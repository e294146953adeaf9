//! How much memory a run takes, before it is begun.

use super::request::Simulation;
use crate::engine::block::{BlockEngine, Program};
use crate::outcome::Things;
use crate::outcome::count::Count;
use crate::outcome::layout::Layout;
use crate::outcome::tally::Tally;
use crate::{Detail, Error};

impl Simulation {
    /// About how many bytes the run takes beside the plan: the exact sums, and for each thread the results that somebody still waits
    /// for and the figures that are counted. It does not grow with replications; it does with services, detail, threads, the longest
    /// lag, and (at detail `full`) rounds. Engagements kept for an observer come on top.
    ///
    /// ```
    /// use ripple_effect::{Detail, generate};
    /// let process = generate::layered(200).seed(1).organization()?;
    /// let run = process.simulate()?.replications(1 << 30).threads(2);
    /// assert!(run.memory()? < run.clone().detail(Detail::Full).memory()?);
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`run`](Simulation::run).
    ///
    /// # Complexity
    /// O(services + dependencies).
    pub fn memory(&self) -> Result<u64, Error> {
        let asked = self.checked()?;
        let plan = self.plan();
        let layout = Layout::of(&Things::of(plan, self.detail), self.detail, asked.rounds);
        let program = Program::new(plan, asked.rounds);
        let engine = BlockEngine::bytes(plan, &program, self.detail >= Detail::Services);
        let counting = Count::bytes(plan, &layout, asked.rounds, asked.warmup);
        let workers = self.threads.unwrap_or_else(rayon::current_num_threads) as u64;
        let exact = Tally::bytes(&layout, asked.rounds - asked.warmup);
        Ok(workers.saturating_mul(engine.saturating_add(counting)).saturating_add(exact))
    }
}
