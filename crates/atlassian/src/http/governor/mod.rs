//! How many calls one credential makes, how fast, and in whose favour.
//!
//! One governor per credential, shared by all sources that use it and kept across runs, because Atlassian counts per tenant
//! and not per run. It grows by one call in flight per round of successes, halves when it is refused for pace or when answers
//! become slow, holds everybody back while the source asks to wait, and learns from refusals how many calls a second
//! are accepted. Turns are fair between sources; a small run gets more of them than a large crawl, never all.

mod budget;
mod latency;
mod pace;
mod registry;
mod turns;

pub use registry::Governors;
pub use turns::RunSize;

use super::Endpoint;
use super::limits::Limits;
use access::SourceId;
use budget::Budget;
use latency::Latencies;
use pace::Pace;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use turns::{Party, Ticket, Turns};

/// Calls in flight at the start; sheet 6.3.
const START: f64 = 4.0;
/// The most that are ever in flight.
const MOST: f64 = 10.0;

/// Paces all calls of one credential. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Governor {
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
}

#[derive(Debug)]
struct State {
    limit: f64,
    in_flight: usize,
    paused_until: Option<Instant>,
    /// Refusals of calls that left before this belong to the round that was already answered for.
    halved_at: Option<Instant>,
    pace: Pace,
    latencies: Latencies,
    turns: Turns,
    budgets: BTreeMap<SourceId, Budget>,
}

/// One source's part in a governor while something reads it.
#[derive(Debug)]
pub(crate) struct Share {
    governor: Governor,
    party: Party,
    budget: Option<SourceId>,
}

/// One call's place in the queue, kept over all its tries: a call that was refused does not go to the end again.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    share: &'a Share,
    ticket: Ticket,
}

/// A wait that is longer than the caller's patience.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Held {
    pub(crate) left: Duration,
    /// Whether an administrator's budget holds the call back, and not the source.
    pub(crate) by_budget: bool,
}

/// The right to have one call in flight; given back on drop.
#[derive(Debug)]
pub(crate) struct Permit {
    governor: Governor,
    sent: Instant,
}

impl Default for Governor {
    fn default() -> Self {
        let state = State {
            limit: START,
            in_flight: 0,
            paused_until: None,
            halved_at: None,
            pace: Pace::default(),
            latencies: Latencies::default(),
            turns: Turns::default(),
            budgets: BTreeMap::new(),
        };
        Self { state: Arc::new(Mutex::new(state)), changed: Arc::default() }
    }
}

impl Governor {
    /// Joins in. A budget is kept by source, so that a further run does not begin with a full one.
    pub(crate) fn share(&self, size: RunSize, budget: Option<(SourceId, u32)>) -> Share {
        let mut state = self.lock();
        let party = state.turns.join(size, budget.map(|(source, _)| source));
        if let Some((source, per_hour)) = budget {
            let now = Instant::now();
            let known = state.budgets.entry(source).or_insert_with(|| Budget::new(per_hour, now));
            known.set(per_hour, now);
        }
        Share { governor: self.clone(), party, budget: budget.map(|(source, _)| source) }
    }

    /// How many calls may be in flight now.
    #[cfg(test)]
    fn limit(&self) -> usize {
        whole(self.lock().limit)
    }

    /// Holds all calls back for at least this long.
    pub(crate) fn pause(&self, wait: Duration) {
        self.lock().pause(Instant::now(), wait);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// Takes a place in the queue for one call.
    pub(crate) fn place(&self) -> Place<'_> {
        let ticket = self.governor.lock().turns.ticket();
        Place { share: self, ticket }
    }

    pub(crate) fn governor(&self) -> &Governor {
        &self.governor
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.governor.lock().turns.part(self.party);
    }
}

impl Place<'_> {
    /// Waits for a turn. Gives up when the wait is known to last longer than `patience`.
    pub(crate) async fn permit(&self, patience: Duration) -> Result<Permit, Held> {
        let governor = &self.share.governor;
        let _waiting = Waiting::enter(self);
        loop {
            // Enrolled before the look at the state, so that a change in between is not missed.
            let mut changed = std::pin::pin!(governor.changed.notified());
            changed.as_mut().enable();
            let turn = governor.lock().take(self, Instant::now(), patience)?;
            match turn {
                Turn::Taken(sent) => return Ok(Permit { governor: governor.clone(), sent }),
                Turn::At(when) => tokio::select! {
                    () = sleep_until(when) => {}
                    () = changed => {}
                },
                Turn::Later => changed.await,
            }
        }
    }
}

enum Turn {
    Taken(Instant),
    At(Instant),
    Later,
}

/// Stands in the queue until dropped, whether the turn came or the call was cancelled.
struct Waiting<'a>(&'a Place<'a>);

impl<'a> Waiting<'a> {
    fn enter(place: &'a Place<'a>) -> Self {
        let mut state = place.share.governor.lock();
        state.turns.enter(place.share.party, place.ticket);
        state.pace.busy(Instant::now());
        Self(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let governor = &self.0.share.governor;
        let mut state = governor.lock();
        state.turns.leave(self.0.share.party, self.0.ticket);
        state.rest();
        drop(state);
        governor.changed.notify_waiters();
    }
}

impl State {
    fn take(&mut self, place: &Place<'_>, now: Instant, patience: Duration) -> Result<Turn, Held> {
        let party = place.share.party;
        let later = |when: Instant, by_budget| match when - now {
            left if left > patience => Err(Held { left, by_budget }),
            _ => Ok(Turn::At(when)),
        };
        if let Some(until) = self.paused_until.filter(|until| *until > now) {
            return later(until, false);
        }
        let own = place.share.budget.and_then(|source| self.budgets.get(&source));
        if let Some(when) = own.and_then(|own| own.ready(now)) {
            return later(when, true);
        }
        let budgets = &self.budgets;
        let ready = |source: SourceId| budgets.get(&source).is_none_or(|own| own.ready(now).is_none());
        if self.in_flight >= whole(self.limit) || !self.turns.is_next(party, place.ticket, ready) {
            return Ok(Turn::Later);
        }
        if let Some(when) = self.pace.next(now) {
            return later(when, false);
        }
        self.in_flight += 1;
        self.pace.sent(now);
        self.turns.served(party);
        if let Some(own) = place.share.budget.and_then(|source| self.budgets.get_mut(&source)) {
            own.spend(now);
        }
        Ok(Turn::Taken(now))
    }

    fn pause(&mut self, now: Instant, wait: Duration) {
        let until = now + wait;
        self.pace.paused(until);
        self.paused_until = Some(self.paused_until.map_or(until, |known| known.max(until)));
    }

    /// Halves, once for all calls that were under way together.
    fn halve(&mut self, sent: Instant, now: Instant) -> bool {
        let first = self.halved_at.is_none_or(|at| sent > at);
        if first {
            self.limit = (self.limit / 2.0).max(1.0);
            self.halved_at = Some(now);
        }
        first
    }

    /// Time in which nobody wants a call says nothing about how many are accepted.
    fn rest(&mut self) {
        if self.in_flight == 0 && self.turns.nobody_waits() {
            self.pace.idle(Instant::now());
        }
    }
}

impl Permit {
    /// The call was answered.
    pub(crate) fn accepted(&self, endpoint: Endpoint, limits: &Limits) {
        let now = Instant::now();
        let mut state = self.governor.lock();
        state.pace.accepted(now, limits.per_second);
        if state.latencies.rises(endpoint, now - self.sent) {
            state.halve(self.sent, now);
        } else if limits.near {
            state.limit = (state.limit - 1.0).max(1.0);
        } else {
            state.limit = (state.limit + 1.0 / state.limit).min(MOST);
        }
        if let Some(wait) = limits.used_up {
            state.pause(now, wait);
        }
    }

    /// The call was refused for pace: holds all calls back for as long as the source asked, if it did.
    pub(crate) fn refused(&self, wait: Option<Duration>, limits: &Limits) {
        let now = Instant::now();
        let mut state = self.governor.lock();
        if state.halve(self.sent, now) {
            state.pace.refused(now, limits.per_second);
        }
        state.pause(now, wait.unwrap_or_default());
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.governor.lock();
        state.in_flight -= 1;
        state.rest();
        drop(state);
        self.governor.changed.notify_waiters();
    }
}

fn whole(limit: f64) -> usize {
    // Between one and MOST, so the cast keeps the value.
    limit.clamp(1.0, MOST) as usize
}

#[cfg(test)]
mod tests;
