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
    /// Whether a refusal says when to ask again, in whole seconds, and Jira's answers how much is left.
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
    /// refusal that whoever sent them knew of it.
    pub early: u64,
}

/// How long it may take until a refusal is heard of, and until a request that was sent meanwhile is here.
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

    /// The limit, and how many requests are left of it now; `None` where there is none, or one that is not told of.
    pub(crate) fn room(&self) -> Option<(Limit, u32)> {
        let state = self.state();
        // Between nothing and the burst, so the cast keeps the whole part.
        state.limit.filter(|limit| limit.told).map(|limit| (limit, state.tokens as u32))
    }

    /// What it has done since it was set.
    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    /// `Some` when the request is refused, with what the refusal tells. It is judged `now`, and was `sent` before: whoever
    /// sent it knows nothing of what was told between the two.
    pub(crate) fn refuses(&self, sent: Instant, now: Instant) -> Option<RetryAfter> {
        let mut state = self.state();
        let limit = state.limit?;
        let since = state.filled.map_or(0.0, |filled| now.saturating_duration_since(filled).as_secs_f64());
        state.filled = Some(now);
        state.tokens = (state.tokens + since * f64::from(limit.per_second)).min(f64::from(limit.burst));
        if state.told.is_some_and(|(at, until)| sent < until && sent > at + UNDER_WAY) {
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
        let refuses = |millis: u64| {
            let at = start + Duration::from_millis(millis);
            limiter.refuses(at, at)
        };
        assert_eq!(refuses(0), None);
        limiter.set(Some(Limit { per_second: 10, burst: 2, told: true }));
        assert_eq!([refuses(0), refuses(0)], [None, None]);
        assert_eq!(refuses(0), Some(RetryAfter::Seconds(1)));
        assert_eq!(refuses(150), None);
        assert_eq!(refuses(1_200), None);
        assert_eq!(limiter.counts(), Counts { passed: 4, refused: 1, early: 1 });
    }

    #[test]
    fn what_was_sent_before_a_refusal_was_told_is_not_early_however_slow_the_way() {
        let limiter = Limiter::default();
        let start = Instant::now();
        let at = |millis: u64| start + Duration::from_millis(millis);
        limiter.set(Some(Limit { per_second: 10, burst: 1, told: true }));
        assert_eq!(limiter.refuses(at(0), at(400)), None);
        assert_eq!(limiter.refuses(at(10), at(410)), Some(RetryAfter::Seconds(1)));
        assert_eq!(limiter.refuses(at(390), at(790)), None);
        assert_eq!(limiter.counts().early, 0);
        limiter.refuses(at(600), at(1_000));
        assert_eq!(limiter.counts().early, 1);
    }
}
