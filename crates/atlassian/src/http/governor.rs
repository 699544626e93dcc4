//! How many calls one credential makes at a time, and when all of them pause.
//!
//! Grows by one per round of successes, halves on a refusal for pace, and holds everybody back while the source asks
//! to wait. Atlassian counts per tenant and endpoint, so a pause of one request alone would only draw the next refusal.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// Calls in flight at the start; sheet 6.3.
const START: f64 = 4.0;
/// The most that are ever in flight.
const MOST: f64 = 10.0;
/// Refusals that arrive within this span count as one: they answer calls of the same round.
const ROUND: Duration = Duration::from_millis(500);

#[derive(Debug)]
struct State {
    limit: f64,
    in_flight: usize,
    paused_until: Option<Instant>,
    halved_at: Option<Instant>,
}

/// Shared by all calls of one credential. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Governor {
    state: Arc<Mutex<State>>,
    freed: Arc<Notify>,
}

/// The right to have one call in flight; given back on drop.
#[derive(Debug)]
pub struct Permit(Governor);

impl Default for Governor {
    fn default() -> Self {
        let state = State { limit: START, in_flight: 0, paused_until: None, halved_at: None };
        Self { state: Arc::new(Mutex::new(state)), freed: Arc::default() }
    }
}

impl Governor {
    /// Waits for a turn. Gives up with the time left when a pause lasts longer than `patience`.
    pub async fn acquire(&self, patience: Duration) -> Result<Permit, Duration> {
        loop {
            // Enrolled before the look at the state, so that a permit freed in between is not missed.
            let mut freed = std::pin::pin!(self.freed.notified());
            freed.as_mut().enable();
            match self.try_acquire(patience)? {
                Turn::Taken => return Ok(Permit(self.clone())),
                Turn::PausedUntil(until) => sleep_until(until).await,
                Turn::Full => freed.await,
            }
        }
    }

    /// How many calls may be in flight now.
    pub fn limit(&self) -> usize {
        whole(self.lock().limit)
    }

    /// A call succeeded; `near_limit` when the source said that its limit is close.
    pub fn succeeded(&self, near_limit: bool) {
        let mut state = self.lock();
        state.limit =
            if near_limit { (state.limit - 1.0).max(1.0) } else { (state.limit + 1.0 / state.limit).min(MOST) };
        drop(state);
        self.freed.notify_one();
    }

    /// The source refused for pace: halves, and holds all calls back for `wait`.
    pub fn throttled(&self, wait: Duration) {
        let now = Instant::now();
        let mut state = self.lock();
        if state.halved_at.is_none_or(|at| now.duration_since(at) >= ROUND) {
            state.limit = (state.limit / 2.0).max(1.0);
            state.halved_at = Some(now);
        }
        let until = now + wait;
        state.paused_until = Some(state.paused_until.map_or(until, |known| known.max(until)));
    }

    fn try_acquire(&self, patience: Duration) -> Result<Turn, Duration> {
        let now = Instant::now();
        let mut state = self.lock();
        match state.paused_until {
            Some(until) if until > now + patience => return Err(until - now),
            Some(until) if until > now => return Ok(Turn::PausedUntil(until)),
            Some(_) => state.paused_until = None,
            None => {}
        }
        if state.in_flight >= whole(state.limit) {
            return Ok(Turn::Full);
        }
        state.in_flight += 1;
        Ok(Turn::Taken)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.lock().in_flight -= 1;
        self.0.freed.notify_one();
    }
}

enum Turn {
    Taken,
    PausedUntil(Instant),
    Full,
}

fn whole(limit: f64) -> usize {
    // Between one and MOST, so the cast keeps the value.
    limit.clamp(1.0, MOST) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn it_grows_by_one_per_round_and_halves_once_per_round() {
        let governor = Governor::default();
        for _ in 0..200 {
            governor.succeeded(false);
        }
        assert_eq!(governor.limit(), 10);
        for _ in 0..5 {
            governor.throttled(Duration::ZERO);
        }
        assert_eq!(governor.limit(), 5);
        tokio::time::advance(ROUND).await;
        governor.throttled(Duration::ZERO);
        assert_eq!(governor.limit(), 2);
        governor.succeeded(true);
        governor.succeeded(true);
        assert_eq!(governor.limit(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_everybody_back_for_as_long_as_asked() {
        let governor = Governor::default();
        governor.throttled(Duration::from_secs(7));
        let start = Instant::now();
        let first = governor.acquire(PATIENCE).await.unwrap();
        assert_eq!(start.elapsed().as_secs(), 7);
        drop(first);
        governor.throttled(Duration::from_secs(60));
        assert_eq!(governor.acquire(PATIENCE).await.unwrap_err(), Duration::from_secs(60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_freed_permit_wakes_one_who_waits() {
        let governor = Governor::default();
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(governor.acquire(PATIENCE).await.unwrap());
        }
        let waiting = tokio::spawn({
            let governor = governor.clone();
            async move { governor.acquire(PATIENCE).await.map(drop) }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        held.pop();
        assert_eq!(waiting.await.unwrap(), Ok(()));
    }
}
