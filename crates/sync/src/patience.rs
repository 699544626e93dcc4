//! How long to wait before a failed read is repeated, and when to give up.

use crate::{FetchError, FetchErrorKind};
use std::time::Duration;

/// Waits grow from `first` to `longest`; a wait that the source asked for is always kept.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The wait before the first repetition.
    pub first: Duration,
    /// The longest wait that is chosen here.
    pub longest: Duration,
    /// How often a read is repeated before its stream is given up.
    pub tries: u32,
    /// Draws a number from 0 to 1, so that several readers do not come back at once.
    pub jitter: fn() -> f64,
}

impl Patience {
    /// The patience of a crawl: 1 s doubling, five repetitions. Each read makes tries of its own below, so that a source
    /// has more than a minute to come back, and whoever waits for a sync of one that is down hears of it within two.
    pub fn usual(jitter: fn() -> f64) -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_secs(60), tries: 5, jitter }
    }

    /// The wait before repetition number `tries` (from zero), or `None` to give up.
    pub fn wait(&self, tries: u32, error: &FetchError) -> Option<Duration> {
        if tries >= self.tries {
            return None;
        }
        let grown = self.first.saturating_mul(1 << tries.min(16)).min(self.longest);
        // At least half of the grown wait, so that a hurt server gets a real pause.
        let chosen = grown.mul_f64(0.5 + (self.jitter)().clamp(0.0, 1.0) / 2.0);
        match error.kind {
            FetchErrorKind::Throttled { retry_after: Some(asked) } => Some(asked.max(chosen)),
            _ => Some(chosen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit_and_never_undercut_the_source() {
        let patience = Patience::usual(|| 1.0);
        let error = |kind| FetchError { kind, endpoint: String::new(), reason: String::new() };
        let waits: Vec<_> = (0..7).map(|tries| patience.wait(tries, &error(FetchErrorKind::Unavailable))).collect();
        let seconds = |wait: &Option<Duration>| wait.map(|wait| wait.as_secs());
        let expected = [Some(1), Some(2), Some(4), Some(8), Some(16), None, None];
        assert_eq!(waits.iter().map(seconds).collect::<Vec<_>>(), expected);
        let asked = FetchErrorKind::Throttled { retry_after: Some(Duration::from_secs(300)) };
        assert_eq!(patience.wait(0, &error(asked)), Some(Duration::from_secs(300)));
    }
}
