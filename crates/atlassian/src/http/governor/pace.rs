//! How many calls a second the source accepts, learned from its refusals or stated by it.
//!
//! Atlassian's burst limits count calls a second, and its answer to one too many is a pause of at least one. Without a pace a
//! crawl would run from one pause into the next. The pace is what was accepted lately; it holds for a while after a refusal and then
//! grows, ever faster, until the next refusal or until it no longer binds. A further refusal soon after doubles the
//! while, so that probing costs less and less where the limit is constant.
//!
//! Calls before the first refusal tell little: a crawl begins with calls that wait for one another. Between two refusals the
//! source was used up at both ends, so the second one is the first to learn from, and what it taught is tried out soon.
//!
//! Where a source counts whole seconds, what was accepted lately is less than it accepts, since a pause that ends within a second
//! costs the rest of it. So a pace that has held is known to be accepted, and the next one lies above it, nearer to it
//! than to the one that was refused.

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
const LOWEST: f64 = 0.85;
/// How long a pace holds at first, and at most.
const HOLD: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(160));
/// The same for the first pace that is learned.
const FIRST_HOLD: Duration = Duration::from_secs(3);
/// Growth per square second behind the hold.
const GROWTH: f64 = 0.005;
/// A pace that has grown so many times without a refusal binds no longer.
const FORGOTTEN: f64 = 4.0;
/// How far above a pace that has held to go, of the way to the one that was refused.
const ABOVE: f64 = 0.3;
/// Calls that may catch up at once after a delay of our own.
const CATCH_UP: f64 = 2.0;

#[derive(Clone, Copy, Debug)]
struct Learned {
    per_second: f64,
    at: Instant,
    hold: Duration,
    /// A pace that has held all its while, if the last one did or the one before it.
    held: Option<f64>,
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
    /// The last refusal, in the same time.
    refused: Option<Duration>,
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

    /// The source asked for this pause, so there is nothing to catch up with.
    pub(super) fn paused(&mut self, until: Instant) {
        self.due = self.due.map(|due| due.max(until));
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
        let at = self.wanted_at(now);
        let between = self.refused.replace(at).and_then(|last| self.accepted_since(last, at));
        let measured = match (self.learned, between) {
            (None, None) => None,
            (_, between) => between.into_iter().chain(self.accepted_lately(at)).reduce(f64::max),
        };
        let measured = measured.map(|measured| measured * BELOW);
        let learned = match (self.learned, measured) {
            (None, None) => return,
            (None, Some(measured)) => Learned { per_second: measured, at: now, hold: FIRST_HOLD, held: None },
            (Some(before), measured) => {
                let current = before.per_second(now);
                let lowest = current * LOWEST;
                let since = now.saturating_duration_since(before.at);
                let has_held = since >= before.hold;
                // One that held may be what a limit was that is lower now, so it counts once more and no longer.
                let known = if has_held { Some(before.per_second) } else { before.held };
                let above = known.map_or(lowest, |known| (current - known).mul_add(ABOVE, known));
                let per_second = measured.unwrap_or(lowest).max(lowest).max(above).min(current);
                let hold = if since < before.hold * 4 { (before.hold * 2).clamp(HOLD.0, HOLD.1) } else { HOLD.0 };
                Learned { per_second, at: now, hold, held: known.filter(|_| has_held) }
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

    /// Accepted calls a second over the span.
    fn accepted_lately(&self, at: Duration) -> Option<f64> {
        let first = self.accepted.iter().find(|accepted| at - **accepted <= SPAN)?;
        let lately = self.accepted.iter().filter(|accepted| at - **accepted <= SPAN).count();
        per_second(lately, at - *first)
    }

    /// The same since a refusal that lies within the span.
    fn accepted_since(&self, refused: Duration, at: Duration) -> Option<f64> {
        let since = at.checked_sub(refused).filter(|since| *since <= SPAN)?;
        per_second(self.accepted.iter().filter(|accepted| **accepted > refused).count(), since)
    }

    fn wanted_at(&self, now: Instant) -> Duration {
        self.wanted + self.wanted_since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }
}

fn per_second(accepted: usize, span: Duration) -> Option<f64> {
    (accepted >= FEWEST && span >= LEAST).then(|| accepted as f64 / span.as_secs_f64())
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
