//! How many calls a second the source accepts, learned from its refusals or stated by it.
//!
//! Atlassian's burst limits count calls a second, and its answer to one too many is a pause of at least one. Without a pace a
//! crawl would run from one pause into the next. The pace is what was accepted lately; it holds for a while after a refusal and then
//! grows, ever faster, until the next refusal or until it no longer binds. A further refusal soon after doubles the
//! while, so that probing costs less and less where the limit is constant.

use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// The span that is measured, of the time in which calls were wanted.
const SPAN: Duration = Duration::from_secs(10);
/// Less than this is a burst and says nothing.
const LEAST: Duration = Duration::from_secs(1);
/// The fewest accepted calls that a pace is learned from.
const FEWEST: usize = 5;
/// How far below the measured pace to stay.
const BELOW: f64 = 0.97;
/// A refusal never lowers a pace by more than this.
const LOWEST: f64 = 0.7;
/// How long a pace holds at first, and at most.
const HOLD: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(160));
/// Growth per square second behind the hold.
const GROWTH: f64 = 0.005;
/// A pace that has grown so many times without a refusal binds no longer.
const FORGOTTEN: f64 = 4.0;
/// Calls that may catch up at once after a delay of our own.
const CATCH_UP: f64 = 2.0;

#[derive(Clone, Copy, Debug)]
struct Learned {
    per_second: f64,
    at: Instant,
    hold: Duration,
}

#[derive(Debug, Default)]
pub(super) struct Pace {
    learned: Option<Learned>,
    stated: Option<f64>,
    /// When the next call is due, if a pace holds.
    due: Option<Instant>,
    /// Accepted calls, by the time in which calls were wanted.
    accepted: VecDeque<Duration>,
    wanted: Duration,
    wanted_since: Option<Instant>,
}

impl Pace {
    /// Somebody wants a call.
    pub(super) fn busy(&mut self, now: Instant) {
        self.wanted_since.get_or_insert(now);
    }

    /// Nobody does.
    pub(super) fn idle(&mut self, now: Instant) {
        self.wanted = self.wanted_at(now);
        self.wanted_since = None;
    }

    /// When the next call is due; `None` at once.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        self.per_second(now)?;
        self.due.filter(|due| *due > now)
    }

    /// A call leaves.
    pub(super) fn sent(&mut self, now: Instant) {
        self.due = self.per_second(now).map(|per_second| {
            let step = Duration::from_secs_f64(1.0 / per_second);
            let earliest = now.checked_sub(step.mul_f64(CATCH_UP)).unwrap_or(now);
            self.due.map_or(now, |due| due.max(earliest)) + step
        });
    }

    /// A call was answered; `stated` is the pace that its headers allow.
    pub(super) fn accepted(&mut self, now: Instant, stated: Option<f64>) {
        self.stated = stated.or(self.stated);
        let at = self.wanted_at(now);
        self.accepted.push_back(at);
        while self.accepted.front().is_some_and(|first| at - *first > SPAN) {
            self.accepted.pop_front();
        }
        if self.learned.is_some_and(|learned| learned.growth(now) >= FORGOTTEN) {
            self.learned = None;
        }
    }

    /// A round of calls was refused for pace.
    pub(super) fn refused(&mut self, now: Instant, stated: Option<f64>) {
        self.stated = stated.or(self.stated);
        let measured = self.measured(now).map(|measured| measured * BELOW);
        let learned = match (self.learned, measured) {
            (None, None) => return,
            (None, Some(measured)) => Learned { per_second: measured, at: now, hold: HOLD.0 },
            (Some(before), measured) => {
                let current = before.per_second(now);
                let lowest = current * LOWEST;
                let per_second = measured.unwrap_or(lowest).max(lowest).min(current);
                let soon = now.saturating_duration_since(before.at) < before.hold * 4;
                Learned { per_second, at: now, hold: if soon { (before.hold * 2).min(HOLD.1) } else { HOLD.0 } }
            }
        };
        self.learned = Some(learned);
    }

    fn per_second(&self, now: Instant) -> Option<f64> {
        let learned = self.learned.map(|learned| learned.per_second(now));
        match (learned, self.stated) {
            (Some(learned), Some(stated)) => Some(learned.min(stated)),
            (learned, stated) => learned.or(stated),
        }
    }

    fn measured(&self, now: Instant) -> Option<f64> {
        let at = self.wanted_at(now);
        let first = self.accepted.iter().find(|accepted| at - **accepted <= SPAN)?;
        let lately = self.accepted.iter().filter(|accepted| at - **accepted <= SPAN).count();
        let span = at - *first;
        (lately >= FEWEST && span >= LEAST).then(|| lately as f64 / span.as_secs_f64())
    }

    fn wanted_at(&self, now: Instant) -> Duration {
        self.wanted + self.wanted_since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }
}

impl Learned {
    fn per_second(self, now: Instant) -> f64 {
        self.per_second * self.growth(now)
    }

    fn growth(self, now: Instant) -> f64 {
        let behind = now.saturating_duration_since(self.at).saturating_sub(self.hold).as_secs_f64();
        GROWTH.mul_add(behind * behind, 1.0)
    }
}
