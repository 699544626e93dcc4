//! So many requests a second, and no more: a token bucket as the products keep one, shared by all callers.
//!
//! Waits are real time, whatever the world's clock says, because clients wait in real time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::RetryAfter;

/// The size of a bucket.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Tokens that come back in a second.
    pub per_second: u32,
    /// Tokens that fit in.
    pub burst: u32,
    /// Whether a refusal says when to ask again, in whole seconds.
    pub told: bool,
}

#[derive(Debug, Default)]
struct State {
    limit: Option<Limit>,
    tokens: f64,
    filled: Option<Instant>,
    /// When a refusal last told a time, and the time that it told.
    told: Option<(Instant, Instant)>,
    counts: Counts,
}

/// What a limit has done.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Counts {
    /// Requests that got through.
    pub passed: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Requests that came before the time that a refusal had told, whether they were refused or not, and so long after the
    /// refusal that they cannot have been under way.
    pub early: u64,
}

/// How long a request may be under way when a refusal is sent to another.
const UNDER_WAY: std::time::Duration = std::time::Duration::from_millis(100);

/// A bucket.
#[derive(Debug, Default)]
pub struct Limiter(Mutex<State>);

impl Limiter {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets or lifts the limit; the bucket is full, and the counts begin anew.
    pub fn set(&self, limit: Option<Limit>) {
        let tokens = limit.map_or(0.0, |limit| f64::from(limit.burst));
        *self.state() = State { limit, tokens, ..State::default() };
    }

    /// What it has done since it was set.
    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    /// `Some` when the request is refused, with what the refusal tells.
    pub(crate) fn refuses(&self, now: Instant) -> Option<RetryAfter> {
        let mut state = self.state();
        let limit = state.limit?;
        let since = state.filled.map_or(0.0, |filled| now.saturating_duration_since(filled).as_secs_f64());
        state.filled = Some(now);
        state.tokens = (state.tokens + since * f64::from(limit.per_second)).min(f64::from(limit.burst));
        if state.told.is_some_and(|(at, until)| now < until && now > at + UNDER_WAY) {
            state.counts.early += 1;
        }
        if state.tokens >= 1.0 {
            state.tokens -= 1.0;
            state.counts.passed += 1;
            return None;
        }
        state.counts.refused += 1;
        if !limit.told {
            return Some(RetryAfter::Unsaid);
        }
        state.told = Some((now, now + std::time::Duration::from_secs(1)));
        Some(RetryAfter::Seconds(1))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_empties_fills_and_notices_who_does_not_wait() {
        let limiter = Limiter::default();
        let start = Instant::now();
        assert_eq!(limiter.refuses(start), None);
        limiter.set(Some(Limit { per_second: 10, burst: 2, told: true }));
        assert_eq!([limiter.refuses(start), limiter.refuses(start)], [None, None]);
        assert_eq!(limiter.refuses(start), Some(RetryAfter::Seconds(1)));
        assert_eq!(limiter.refuses(start + Duration::from_millis(150)), None);
        assert_eq!(limiter.refuses(start + Duration::from_millis(1_200)), None);
        assert_eq!(limiter.counts(), Counts { passed: 4, refused: 1, early: 1 });
    }
}
