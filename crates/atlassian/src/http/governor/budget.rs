//! An administrator's limit on calls an hour, spread over the hour.
//!
//! A twelfth may be spent at once, the rest comes evenly, so that a crawl leaves something for the cycle after it and no
//! hour, from whatever minute it is counted, holds more calls than were allowed.

use std::time::Duration;
use tokio::time::Instant;

#[derive(Debug)]
pub(super) struct Budget {
    per_hour: f64,
    left: f64,
    at: Instant,
}

impl Budget {
    pub(super) fn new(per_hour: u32, now: Instant) -> Self {
        let mut budget = Self { per_hour: f64::from(per_hour.max(1)), left: 0.0, at: now };
        budget.left = budget.at_once();
        budget
    }

    /// Changes the limit; what was spent stays spent.
    pub(super) fn set(&mut self, per_hour: u32, now: Instant) {
        self.left = self.left_at(now);
        self.at = now;
        self.per_hour = f64::from(per_hour.max(1));
        self.left = self.left.min(self.at_once());
    }

    /// When the next call may be made; `None` at once.
    pub(super) fn ready(&self, now: Instant) -> Option<Instant> {
        let lacking = 1.0 - self.left_at(now);
        // A fraction that is lost in rounding must not put a call off by a nanosecond, again and again.
        (lacking > 1e-6).then(|| now + Duration::from_secs_f64(lacking / self.per_second()))
    }

    pub(super) fn spend(&mut self, now: Instant) {
        self.left = self.left_at(now) - 1.0;
        self.at = now;
    }

    fn at_once(&self) -> f64 {
        (self.per_hour / 12.0).max(1.0)
    }

    fn per_second(&self) -> f64 {
        self.per_hour * 11.0 / 12.0 / 3600.0
    }

    fn left_at(&self, now: Instant) -> f64 {
        let came = now.saturating_duration_since(self.at).as_secs_f64() * self.per_second();
        (self.left + came).min(self.at_once())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_hour_holds_more_calls_than_were_allowed() {
        for per_hour in [1, 7, 12, 100, 5000] {
            let start = Instant::now();
            let mut budget = Budget::new(per_hour, start);
            let (mut now, mut made) = (start, Vec::new());
            while now < start + Duration::from_secs(3 * 3600) {
                now = budget.ready(now).unwrap_or(now);
                budget.spend(now);
                made.push(now);
            }
            let hour = Duration::from_secs(3599);
            let beyond = made.iter().zip(made.iter().skip(per_hour as usize)).find(|(from, at)| **at <= **from + hour);
            assert_eq!(beyond, None, "{per_hour}");
            assert!(made.len() >= 2 * per_hour as usize, "{per_hour}: {} in three hours", made.len());
        }
    }

    #[test]
    fn a_smaller_limit_takes_force_at_once() {
        let now = Instant::now();
        let mut budget = Budget::new(1200, now);
        assert_eq!(budget.ready(now), None);
        budget.set(12, now);
        budget.spend(now);
        assert!(budget.ready(now).unwrap() > now + Duration::from_secs(300));
    }
}
