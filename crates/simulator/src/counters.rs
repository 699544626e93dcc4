//! What was called how often: per method and template, with bytes and quota points. Tests and benchmarks read it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{Method, StatusCode};
use serde::Serialize;

/// Calls of one route.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct RouteCount {
    /// Requests, whatever the answer.
    pub calls: u64,
    /// Answers of 400 and above.
    pub errors: u64,
    /// Answers of 429.
    pub throttled: u64,
    /// Bytes of the bodies that were sent.
    pub bytes: u64,
    /// Quota points by formula.
    pub points: u64,
}

/// All counts, keyed `GET /rest/api/3/myself`. Paths that lead nowhere count under `GET (no route)`.
#[derive(Debug, Default)]
pub struct Counters(Mutex<BTreeMap<String, RouteCount>>, AtomicU64);

impl Counters {
    /// Adds one answer.
    pub fn add(&self, method: &Method, template: &str, status: StatusCode, bytes: usize, points: u64) {
        let Ok(mut counts) = self.0.lock() else { return };
        let count = counts.entry(format!("{method} {template}")).or_default();
        count.calls += 1;
        count.errors += u64::from(status.as_u16() >= 400);
        count.throttled += u64::from(status == StatusCode::TOO_MANY_REQUESTS);
        count.bytes += bytes as u64;
        count.points += points;
    }

    /// A number that no other answer carries.
    pub(crate) fn next_trace(&self) -> u64 {
        self.1.fetch_add(1, Ordering::Relaxed)
    }

    /// A copy of all counts.
    pub fn snapshot(&self) -> BTreeMap<String, RouteCount> {
        self.0.lock().map(|counts| counts.clone()).unwrap_or_default()
    }

    /// Requests in all.
    pub fn calls(&self) -> u64 {
        self.snapshot().values().map(|count| count.calls).sum()
    }

    /// Starts from nothing.
    pub fn reset(&self) {
        if let Ok(mut counts) = self.0.lock() {
            counts.clear();
        }
    }
}
