//! Whether answers become slow: a source that is about to refuse often says so first by taking its time.
//!
//! By endpoint, since a page of bodies and a look at a single id have nothing in common. A recent mean is compared with a long
//! one; a source that has become slower for good is the usual after some dozens of answers.

use crate::http::Endpoint;
use std::collections::BTreeMap;
use std::time::Duration;

/// Answers before a judgement.
const ENOUGH: u32 = 16;
/// How many times the usual is slow.
const SLOW: f64 = 3.0;
/// Seconds above the usual below which nothing is slow: a local answer in 9 instead of 3 milliseconds means nothing.
const LEAST: f64 = 0.5;

#[derive(Debug, Default)]
struct Means {
    usual: f64,
    recent: f64,
    seen: u32,
}

#[derive(Debug, Default)]
pub(super) struct Latencies(BTreeMap<Endpoint, Means>);

impl Latencies {
    /// Takes an answer's time; true while answers are much slower than usual.
    pub(super) fn rises(&mut self, endpoint: Endpoint, took: Duration) -> bool {
        let means = self.0.entry(endpoint).or_default();
        let took = took.as_secs_f64();
        means.seen = means.seen.saturating_add(1);
        let (slowly, quickly) = match means.seen {
            seen @ 1..ENOUGH => (1.0 / f64::from(seen), 1.0 / f64::from(seen)),
            _ => (0.02, 0.25),
        };
        means.usual += (took - means.usual) * slowly;
        means.recent += (took - means.recent) * quickly;
        means.seen >= ENOUGH && means.recent > SLOW * means.usual && means.recent - means.usual > LEAST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn much_slower_than_usual_is_noticed_and_becomes_usual() {
        let mut latencies = Latencies::default();
        let mut rises = |ms| latencies.rises(Endpoint::JiraBulkFetch, Duration::from_millis(ms));
        assert!((0..50).all(|_| !rises(200)));
        assert!(!rises(2000), "one slow answer is an accident");
        assert!((0..5).any(|_| rises(2000)));
        assert!((0..200).any(|_| !rises(2000)), "slow for good is the usual");
    }

    #[test]
    fn milliseconds_on_a_local_network_mean_nothing() {
        let mut latencies = Latencies::default();
        let mut rises = |ms| latencies.rises(Endpoint::JiraBulkFetch, Duration::from_millis(ms));
        assert!((0..50).all(|_| !rises(3)));
        assert!((0..50).all(|_| !rises(90)));
    }
}
