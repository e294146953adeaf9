//! What a block showed of a dependency, or of a service, added to its figures: of all lanes at once where one round is
//! counted, the block is whole, and it happened in all lanes with the same release (and, for a service, the same start allowed);
//! else by rows and masks of lanes.

use super::adding::Figures;
use super::layout::{DependencyEvent, ServiceEvent};
use crate::engine::block::counting::{self, Added};
use crate::engine::block::lanes::{Bits, Row, Term};
use crate::engine::block::{DependencySeen, DependencyTimes, ServiceSeen};
use crate::grid::later;
use crate::streams::LANES;

const ALL: u32 = LANES as u32;

/// What of a dependency's times is the same by construction as something else, and not counted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alike {
    Nothing,
    /// It hands on at once: as late as the provider.
    Delay,
    /// And another one takes as long.
    All,
}

/// A dependency, and where its figures are.
#[derive(Debug, Clone, Copy)]
pub(super) struct DependencyPlaces {
    pub(super) alike: Alike,
    /// Whether it is needed every time.
    pub(super) always: bool,
    /// When it is planned to arrive, and its provider to have all it needs, since the release.
    pub(super) planned: [f64; 2],
    pub(super) promise: f64,
    /// Its first event.
    pub(super) events: usize,
    /// Its delay and its response.
    pub(super) sums: [usize; 2],
}

impl DependencyPlaces {
    /// Of the hits of its events, those that are the trials of each: none where it is needed every time.
    #[inline]
    fn trials(&self, hits: &[u32; 8]) -> [u32; 8] {
        let needed = if self.always { 0 } else { hits[DependencyEvent::Needed as usize] };
        let mut trials = [needed; 8];
        trials[DependencyEvent::Needed as usize] = 0;
        trials[DependencyEvent::Caught as usize] = hits[DependencyEvent::ErrorIn as usize];
        trials
    }

    /// Adds it; the lanes in which it passed an error on.
    pub(super) fn add(
        &self,
        seen: &DependencySeen,
        times: &DependencyTimes<'_>,
        scratch: [&mut Row; 2],
        figures: &mut Figures,
    ) -> Bits {
        match times.released {
            Term::Same(released) if figures.at_once && seen.happened.is_all() => {
                self.add_at_once(seen, times, released, figures)
            }
            _ => self.add_by_rows(seen, times, scratch, figures),
        }
    }

    fn add_at_once(
        &self,
        seen: &DependencySeen,
        times: &DependencyTimes<'_>,
        released: f64,
        figures: &mut Figures,
    ) -> Bits {
        let [mut in_time, mut kept] = [0; 2];
        let (arrival, ready, planned) = (times.arrival, times.provider_ready, self.planned.map(|at| released + at));
        match self.alike {
            Alike::All => {}
            Alike::Delay => {
                let (broken, over) = counting::overran_everywhere(arrival, ready, planned[1], self.promise);
                kept = ALL - broken;
                figures.added(self.sums[1], &over);
            }
            Alike::Nothing => {
                let came = counting::arrived_everywhere(arrival, ready, planned, self.promise);
                [in_time, kept] = came.counts.map(|failed| ALL - failed);
                figures.added(self.sums[0], &came.delay);
                figures.added(self.sums[1], &came.over);
            }
        }
        let [silent, error_in, caught, passed] = counting::happenings(seen);
        let hits = [ALL, in_time, kept, silent, error_in, caught, passed, 0];
        figures.counts(self.events, DependencyEvent::COUNT, &hits, &self.trials(&hits));
        if passed > 0 { seen.passed } else { Bits::NONE }
    }

    fn add_by_rows(
        &self,
        seen: &DependencySeen,
        times: &DependencyTimes<'_>,
        [delay, over]: [&mut Row; 2],
        figures: &mut Figures,
    ) -> Bits {
        let happened = seen.happened;
        let (mut in_time, mut kept) = (Bits::NONE, Bits::NONE);
        if self.alike != Alike::All {
            let (arrival, ready, released) = (times.arrival, times.provider_ready, times.released);
            let [late, broken] = counting::arrived(arrival, ready, released, self.planned, self.promise, delay, over);
            kept = happened.without(broken);
            if self.alike == Alike::Nothing {
                in_time = happened.without(late);
                figures.two(self.sums, [delay, over], happened);
            } else {
                figures.add(self.sums[1], over, happened, true, false);
            }
        }
        let passed = seen.passed.and(happened);
        let lanes = [happened, in_time, kept, seen.silent, seen.error_in, seen.caught, passed, Bits::NONE];
        figures.events(self.events, DependencyEvent::COUNT, lanes, |hits| self.trials(hits));
        passed
    }
}

/// A service, and where its figures are.
#[derive(Debug, Clone, Copy)]
pub(super) struct ServicePlaces {
    /// When it is planned to be done, since the release.
    pub(super) finish: f64,
    /// Its first event.
    pub(super) events: usize,
    /// Its delay and its waiting.
    pub(super) sums: [usize; 2],
}

impl ServicePlaces {
    /// Adds it, and leaves its delay and its waiting in the rows: where it was late and where it waited, and what its work
    /// comes to if that was found in passing.
    pub(super) fn add(
        &self,
        seen: &ServiceSeen<'_>,
        [delay, waiting]: [&mut Row; 2],
        figures: &mut Figures,
    ) -> (Bits, Bits, Option<Added>) {
        if let (true, Term::Same(release), Term::Same(allowed), Term::Same(server)) =
            (figures.at_once, seen.release, seen.allowed, seen.server)
        {
            let (due, free) = (release + self.finish, later(allowed, server));
            let served = counting::served_everywhere(seen, due, free, delay, waiting);
            let [late, error, own_error, started_late] = served.counts;
            let hits = [ALL - late, ALL - error, own_error, started_late, 0, 0, 0, 0];
            figures.counts(self.events, ServiceEvent::COUNT, &hits, &[0; 8]);
            figures.added(self.sums[0], &served.delay);
            figures.added(self.sums[1], &served.waiting);
            return (served.late, served.waited, Some(served.work));
        }
        let (finish, ready, release) = (seen.finish, seen.ready, seen.release);
        let [late, waited] =
            counting::served(finish, ready, release, self.finish, seen.allowed, seen.server, delay, waiting);
        let none = Bits::NONE;
        let (on_time, error_free) = (Bits::ALL.without(late), Bits::ALL.without(seen.error));
        let lanes = [on_time, error_free, seen.own_error, seen.started_late, none, none, none, none];
        figures.events(self.events, ServiceEvent::COUNT, lanes, |_| [0; 8]);
        figures.two(self.sums, [delay, waiting], Bits::ALL);
        (late, waited, None)
    }
}
