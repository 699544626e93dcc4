//! How fast a run goes: documents per second over the last seconds.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Over how long the rate is measured.
const WINDOW: Duration = Duration::from_secs(10);

/// Samples of one run, taken whenever somebody looks.
#[derive(Default)]
pub(super) struct Pace(Mutex<VecDeque<(Instant, u64)>>);

impl Pace {
    /// Documents per second since the oldest sample that is recent enough.
    pub(super) fn rate(&self, documents: u64) -> f64 {
        let mut samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = Instant::now();
        samples.push_back((at, documents));
        while samples.len() > 2 && samples.front().is_some_and(|(then, _)| at.duration_since(*then) > WINDOW) {
            samples.pop_front();
        }
        let Some((then, before)) = samples.front() else { return 0.0 };
        let seconds = at.duration_since(*then).as_secs_f64();
        if seconds < 0.05 { 0.0 } else { documents.saturating_sub(*before) as f64 / seconds }
    }
}
