//! Which run of a source is due, from its cycles and from what was done before. Pure: time is passed in.
//!
//! Nobody has to think about cycles: a run that takes longer than its cycle rests as long as it took, a source that is
//! small enough is swept instead of asked for changes, and a larger kind of run counts for the smaller ones.

use model::{Cycles, Duration, Millis, RunKind, RunStatus};
use std::collections::BTreeMap;

/// How soon a run that gave up is tried again, if its cycle is longer.
const AFTER_FAILURE: Duration = Duration(10 * 60_000);

/// How soon a run that somebody cancelled is made again, if its cycle is longer.
const AFTER_CANCELLING: Duration = Duration::hours(1);

/// How long after something could not be read it is tried again by itself.
const FIRST_RETRY: Duration = Duration(5 * 60_000);
/// The longest that this grows to.
const LAST_RETRY: Duration = Duration::hours(12);

/// A sweep that took at most this part of the incremental cycle is cheap enough to be the cycle.
const SMALL: i64 = 4;

/// The last run of one kind that is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LastRun {
    /// When it began.
    pub started: Millis,
    /// When it was closed.
    pub ended: Millis,
    /// How.
    pub status: RunStatus,
}

/// What the next run of a source depends on.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Agenda {
    /// How often each kind is wanted.
    pub cycles: Cycles,
    /// The last run of each kind.
    pub last: BTreeMap<RunKind, LastRun>,
    /// Whether everything was read once.
    pub backfilled: bool,
    /// What runs could not read.
    pub debts: Option<Debts>,
}

/// What is owed of a source: what runs could not read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Debts {
    /// How many things.
    pub things: u64,
    /// When the first of them is to be tried again; past if somebody has asked for one.
    pub next: Millis,
}

impl Debts {
    /// How long a thing rests that was tried so often in vain: ever longer, each by itself.
    pub fn rest(attempts: u32) -> Duration {
        let rest = FIRST_RETRY.0.saturating_mul(1 << attempts.saturating_sub(1).min(16));
        Duration(rest.min(LAST_RETRY.0))
    }
}

/// Kinds from the largest to the smallest. When several are due the largest is made: it does what the others would, and
/// would never be made if the small ones went first.
const BY_SIZE: [RunKind; 4] = [RunKind::Full, RunKind::Sweep, RunKind::Incremental, RunKind::Permissions];

impl Agenda {
    /// The run to begin now, if one is due.
    pub fn due(&self, now: Millis) -> Option<RunKind> {
        let due = BY_SIZE.into_iter().find(|kind| self.next(*kind) <= now);
        let Some(kind) = due else { return (self.retry() <= now).then_some(RunKind::Retry) };
        Some(if kind == RunKind::Incremental && self.is_small() { RunKind::Sweep } else { kind })
    }

    /// When the next run is due.
    pub fn wakes(&self) -> Millis {
        BY_SIZE.into_iter().map(|kind| self.next(kind)).min().unwrap_or_default().min(self.retry())
    }

    /// When something that is owed is tried again.
    pub fn retry(&self) -> Millis {
        self.debts.filter(|_| self.backfilled).map_or(Millis(i64::MAX), |debts| debts.next)
    }

    /// When a run of this kind is due. Before everything was read once nothing else is.
    pub fn next(&self, kind: RunKind) -> Millis {
        if kind != RunKind::Full && !self.backfilled {
            return Millis(i64::MAX);
        }
        let cycle = self.cycles.of(kind);
        let counted = self.last.iter().filter(|(done, _)| done.covers(kind));
        let next = counted.map(|(done, last)| {
            let wait = match last.status {
                RunStatus::Failed => cycle.0.min(AFTER_FAILURE.0),
                RunStatus::Cancelled => cycle.0.min(AFTER_CANCELLING.0),
                _ => cycle.0,
            };
            // A long crawl is no reason to look for changes any later.
            let rest = if *done == kind { 2 * last.ended.since(last.started).0.max(0) } else { 0 };
            last.started.0.saturating_add(wait.max(rest))
        });
        Millis(next.max().unwrap_or(i64::MIN))
    }

    fn is_small(&self) -> bool {
        self.last.get(&RunKind::Sweep).is_some_and(|last| {
            last.status == RunStatus::Succeeded && last.ended.since(last.started).0 * SMALL <= self.cycles.incremental.0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1000;

    fn agenda(last: &[(RunKind, i64, i64, RunStatus)]) -> Agenda {
        let run = |&(kind, started, took, status): &(RunKind, i64, i64, RunStatus)| {
            let (started, ended) = (Millis(started * SECOND), Millis((started + took) * SECOND));
            (kind, LastRun { started, ended, status })
        };
        let backfilled = last.iter().any(|(kind, ..)| *kind == RunKind::Full);
        Agenda { cycles: Cycles::default(), last: last.iter().map(run).collect(), backfilled, debts: None }
    }

    fn due(agenda: &Agenda, at: i64) -> Option<RunKind> {
        agenda.due(Millis(at * SECOND))
    }

    #[test]
    fn everything_is_read_once_before_anything_else() {
        let new = agenda(&[]);
        assert_eq!(due(&new, 0), Some(RunKind::Full));
        assert_eq!(new.wakes(), Millis(i64::MIN));
    }

    #[test]
    fn each_kind_comes_with_its_cycle_and_a_larger_one_counts_for_the_smaller() {
        let full = (RunKind::Full, 0, 30, RunStatus::Succeeded);
        let after = agenda(&[full]);
        assert_eq!(due(&after, 59), None);
        assert_eq!(due(&after, 60), Some(RunKind::Incremental));
        assert_eq!(due(&after, 300), Some(RunKind::Incremental), "it is the larger of the two");
        let changed = agenda(&[full, (RunKind::Incremental, 299, 1, RunStatus::Succeeded)]);
        assert_eq!(due(&changed, 300), Some(RunKind::Permissions));
        assert_eq!(due(&changed, 900), Some(RunKind::Sweep));
        let swept = agenda(&[full, (RunKind::Sweep, 900, 30, RunStatus::Succeeded)]);
        assert_eq!((due(&swept, 959), due(&swept, 960)), (None, Some(RunKind::Incremental)));
        assert_eq!(due(&swept, 7 * 24 * 3600), Some(RunKind::Full));
        assert_eq!(swept.wakes(), Millis(960 * SECOND));
    }

    #[test]
    fn a_run_that_takes_longer_than_its_cycle_rests_as_long_as_it_took() {
        let full = (RunKind::Full, 0, 30, RunStatus::Succeeded);
        let slow = agenda(&[full, (RunKind::Sweep, 1000, 1200, RunStatus::Partial)]);
        assert_ne!(due(&slow, 2300), Some(RunKind::Sweep));
        assert_eq!(due(&slow, 1000 + 2400), Some(RunKind::Sweep));
    }

    #[test]
    fn a_run_that_gave_up_is_tried_again_soon() {
        let failed = Agenda { backfilled: false, ..agenda(&[(RunKind::Full, 0, 10, RunStatus::Failed)]) };
        assert_eq!((due(&failed, 599), due(&failed, 600)), (None, Some(RunKind::Full)));
        let cancelled = Agenda { backfilled: false, ..agenda(&[(RunKind::Full, 0, 10, RunStatus::Cancelled)]) };
        assert_eq!((due(&cancelled, 3599), due(&cancelled, 3600)), (None, Some(RunKind::Full)));
    }

    #[test]
    fn after_hours_of_crawling_changes_are_looked_for_at_once() {
        let full = agenda(&[(RunKind::Full, 0, 18_000, RunStatus::Succeeded)]);
        assert_eq!(due(&full, 18_000), Some(RunKind::Sweep), "which finds what changed meanwhile");
        let swept = agenda(&[
            (RunKind::Full, 0, 18_000, RunStatus::Succeeded),
            (RunKind::Sweep, 18_000, 600, RunStatus::Succeeded),
        ]);
        assert_eq!(due(&swept, 18_600), Some(RunKind::Incremental));
    }

    #[test]
    fn what_is_owed_is_tried_again_ever_later() {
        let full = (RunKind::Full, 0, 10, RunStatus::Partial);
        let swept = (RunKind::Incremental, 10_000_000, 1, RunStatus::Succeeded);
        let at = |attempts, seconds: i64| {
            let debts = Some(Debts { things: 3, next: Millis(Debts::rest(attempts).0) });
            let cycles = Cycles { incremental: Duration(i64::MAX / 4), ..Cycles::default() };
            let quiet = Cycles {
                permissions: cycles.incremental,
                sweep: cycles.incremental,
                full: cycles.incremental,
                ..cycles
            };
            Agenda { debts, cycles: quiet, ..agenda(&[full, swept]) }.due(Millis(seconds * SECOND))
        };
        assert_eq!((at(1, 299), at(1, 300)), (None, Some(RunKind::Retry)));
        assert_eq!((at(3, 1199), at(3, 1200)), (None, Some(RunKind::Retry)));
        assert_eq!((at(40, 43_199), at(40, 43_200)), (None, Some(RunKind::Retry)));
    }

    #[test]
    fn on_a_small_site_the_sweep_is_the_cycle() {
        let full = (RunKind::Full, 0, 10, RunStatus::Succeeded);
        let small = agenda(&[full, (RunKind::Sweep, 900, 15, RunStatus::Succeeded)]);
        assert_eq!(due(&small, 960), Some(RunKind::Sweep));
        let troubled = agenda(&[full, (RunKind::Sweep, 900, 15, RunStatus::Partial)]);
        assert_eq!(due(&troubled, 960), Some(RunKind::Incremental));
    }
}
