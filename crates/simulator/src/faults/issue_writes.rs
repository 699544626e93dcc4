//! So many writes to one issue, and no more: 20 in 2 seconds and 100 in 30, as Jira allows (real time, like [`super::limit`]).

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Writes, and the time in which so many are taken.
const MOST: [(usize, Duration); 2] = [(20, Duration::from_secs(2)), (100, Duration::from_secs(30))];

/// When each issue was written of late.
#[derive(Debug, Default)]
pub(crate) struct IssueWrites(Mutex<HashMap<u64, VecDeque<Instant>>>);

impl IssueWrites {
    /// Notes a write, or says in how many seconds, at least one, the next one is taken.
    pub(crate) fn refuses(&self, issue: u64, now: Instant) -> Option<u32> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let writes = all.entry(issue).or_default();
        let [_, (_, longest)] = MOST;
        while writes.front().is_some_and(|first| now.saturating_duration_since(*first) >= longest) {
            writes.pop_front();
        }
        let wait = |(most, within): &(usize, Duration)| {
            let first = writes.len().checked_sub(*most).map(|at| writes[at] + *within)?;
            (first > now).then(|| first - now)
        };
        let wait = MOST.iter().filter_map(wait).max();
        if wait.is_none() {
            writes.push_back(now);
        }
        wait.map(|wait| u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_takes_twenty_writes_in_two_seconds_and_a_hundred_in_thirty() {
        let (writes, start) = (IssueWrites::default(), Instant::now());
        let at = |millis: u64| writes.refuses(7, start + Duration::from_millis(millis));
        assert!((0..20).all(|number| at(number * 10).is_none()));
        assert_eq!(at(500), Some(2));
        assert_eq!(writes.refuses(8, start), None, "another issue");
        assert_eq!([at(2_000), at(2_000)], [None, Some(1)], "the first one is two seconds old");
        assert!((1..80).all(|number| at(2_000 + number * 110).is_none()));
        assert_eq!(at(12_000), Some(18));
        assert_eq!(at(30_000), None);
    }
}
