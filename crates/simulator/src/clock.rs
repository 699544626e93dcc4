//! The simulator's time: the system clock until a test sets or advances it.
//!
//! Everything that stamps, expires or compares times asks this clock, so that a test can move a whole company by a day
//! without waiting. Times are unix milliseconds (UTC).

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Unix milliseconds, UTC.
pub type Millis = i64;

const RUNNING: i64 = i64::MIN;

thread_local! {
    /// The one time that a request on this thread sees, while it is noted in a journal.
    static HELD: Cell<Option<Millis>> = const { Cell::new(None) };
}

/// A clock shared by all parts of one simulator. Clones move together.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The time at which a test stopped the clock, or `RUNNING`.
    frozen: AtomicI64,
    /// Added to the system clock while running.
    offset: AtomicI64,
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl Clock {
    /// Follows the system clock.
    pub fn system() -> Self {
        Self(Arc::new(Inner { frozen: AtomicI64::new(RUNNING), offset: AtomicI64::new(0) }))
    }

    /// Stands still at `now` until it is set or advanced.
    pub fn frozen(now: Millis) -> Self {
        let clock = Self::system();
        clock.set(now);
        clock
    }

    /// The current time.
    pub fn now(&self) -> Millis {
        if let Some(held) = HELD.get() {
            return held;
        }
        match self.0.frozen.load(Ordering::SeqCst) {
            RUNNING => system_now() + self.0.offset.load(Ordering::SeqCst),
            frozen => frozen,
        }
    }

    /// Does something at one time, as far as this thread can see.
    pub(crate) fn at<T>(&self, time: Millis, act: impl FnOnce() -> T) -> T {
        let before = HELD.replace(Some(time));
        let done = act();
        HELD.set(before);
        done
    }

    /// Stops the clock at `now`.
    pub fn set(&self, now: Millis) {
        self.0.frozen.store(now, Ordering::SeqCst);
    }

    /// Moves the clock by `by` milliseconds, stopped or running.
    pub fn advance(&self, by: Millis) {
        let moved = self.0.frozen.try_update(Ordering::SeqCst, Ordering::SeqCst, |at| (at != RUNNING).then(|| at + by));
        if moved.is_err() {
            self.0.offset.fetch_add(by, Ordering::SeqCst);
        }
    }

    /// Runs ahead of the system clock by so much, or behind it: what a client sees whose own clock goes differently.
    pub fn skew(&self, ahead: Millis) {
        self.0.offset.store(ahead, Ordering::SeqCst);
        self.0.frozen.store(RUNNING, Ordering::SeqCst);
    }

    /// Lets a stopped clock run on from where it stands.
    pub fn run(&self) {
        let now = self.now();
        self.0.offset.store(now - system_now(), Ordering::SeqCst);
        self.0.frozen.store(RUNNING, Ordering::SeqCst);
    }
}

#[expect(clippy::disallowed_methods, reason = "the simulator's clock is where its time comes from")]
fn system_now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen(1_000);
        clock.advance(500);
        assert_eq!(clock.now(), 1_500);
        clock.run();
        assert!(clock.now() >= 1_500 && clock.now() < 61_500);
    }
}
