//! What an answer's headers say about the source's limits (sheet 6.2).
//!
//! Three spellings are in use side by side: `X-RateLimit-*`, and `RateLimit` with `RateLimit-Policy` for the burst limits, both
//! with `Beta-` in front for the hourly quota.

use reqwest::header::HeaderMap;
use std::time::Duration;

/// A policy over more than this is a quota and says nothing about calls a second.
const BURST: u64 = 60;

/// What one answer says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Limits {
    /// The limit is close.
    pub(crate) near: bool,
    /// Nothing is left; another call would be refused before this has passed.
    pub(crate) used_up: Option<Duration>,
    /// Calls a second that the burst policy allows.
    pub(crate) per_second: Option<f64>,
}

impl Limits {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let members = |name: &str| -> Vec<Member> {
            let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).map(Member::read).collect()
        };
        let states = members("ratelimit").into_iter().chain(members("beta-ratelimit"));
        let used_up = states.filter(|state| state.remaining == Some(0)).filter_map(|state| state.seconds).max();
        let bursts = members("ratelimit-policy").into_iter().filter_map(|policy| match (policy.quota, policy.window) {
            (Some(quota @ 1..), Some(window @ 1..=BURST)) => Some(quota as f64 / window as f64),
            _ => None,
        });
        Self {
            near: headers
                .get("x-ratelimit-nearlimit")
                .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true")),
            used_up: used_up.map(super::backoff::told),
            per_second: bursts.reduce(f64::min),
        }
    }
}

/// One member of such a header: `"jira-burst-based";q=100;w=1` or `"jira-burst-based";r=99;t=1`.
#[derive(Debug, Default)]
struct Member {
    quota: Option<u64>,
    window: Option<u64>,
    remaining: Option<u64>,
    seconds: Option<u64>,
}

impl Member {
    fn read(text: &str) -> Self {
        let mut member = Self::default();
        for (name, value) in text.split(';').filter_map(|part| part.split_once('=')) {
            let value = value.trim().parse().ok();
            match name.trim() {
                "q" => member.quota = value,
                "w" => member.window = value,
                "r" => member.remaining = value,
                "t" => member.seconds = value,
                _ => {}
            }
        }
        member
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn limits(pairs: &[(&'static str, &'static str)]) -> Limits {
        let header = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        Limits::read(&pairs.iter().map(header).collect())
    }

    #[test]
    fn every_spelling_of_the_limits_is_read() {
        let policy = ("ratelimit-policy", "\"jira-burst-based\";q=100;w=1");
        let stated = Limits { per_second: Some(100.0), ..Limits::default() };
        assert_eq!(limits(&[policy, ("ratelimit", "\"jira-burst-based\";r=99;t=1")]), stated);
        let used_up = Limits { used_up: Some(Duration::from_secs(2)), ..stated };
        assert_eq!(limits(&[policy, ("ratelimit", "\"a\";r=5;t=9, \"jira-burst-based\"; r=0; t=2")]), used_up);
        let two = ("ratelimit-policy", "\"a\";q=100;w=1, \"b\";q=120;w=60");
        assert_eq!(limits(&[two]).per_second, Some(2.0));
        assert_eq!(limits(&[("x-ratelimit-nearlimit", "True")]), Limits { near: true, ..Limits::default() });
        let hourly = [("beta-ratelimit-policy", "\"q\";q=65000;w=3600"), ("beta-ratelimit", "\"q\";r=0;t=1800")];
        assert_eq!(limits(&hourly), Limits { used_up: Some(Duration::from_secs(1800)), ..Limits::default() });
    }

    #[test]
    fn what_cannot_be_read_is_no_limit() {
        for odd in ["", ";;;", "q=;w=", "\"a\";q=0;w=1", "\"a\";q=5;w=0", "\"a\";q=65000;w=3600", "q=-1;w=1"] {
            assert_eq!(limits(&[("ratelimit-policy", odd), ("ratelimit", odd)]), Limits::default(), "{odd}");
        }
    }
}
