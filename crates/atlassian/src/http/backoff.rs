//! How long to wait before another try, from what the source said and how often it failed.

use super::HttpOptions;
use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use std::time::Duration;

/// Tries of one call in all.
pub(crate) const TRIES: u32 = 4;
/// Tries of one call that is refused for pace alone: each was made no earlier than told, so more of them hurt nobody.
pub(crate) const TRIES_AT_PACE: u32 = 8;
/// The longest wait that is believed. What asks for more is asked again after a day.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// The wait that the source asked for.
///
/// `Retry-After` in seconds or as a date, else `X-RateLimit-Reset`. A date is measured against the answer's own `Date`,
/// so that no clock of ours takes part.
pub(crate) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let now = source_time(headers);
    let until = |moment: Timestamp| Duration::try_from(moment.duration_since(now?)).ok();
    let retry_after = text(RETRY_AFTER.as_str()).or_else(|| text("beta-retry-after")).and_then(|value| {
        value.parse::<u64>().ok().map(Duration::from_secs).or_else(|| http_date(value).and_then(until))
    });
    let asked = retry_after.or_else(|| text("x-ratelimit-reset").and_then(reset_time).and_then(until));
    asked.map(|asked| asked.min(LONGEST))
}

/// A wait told in seconds.
pub(crate) fn told(seconds: u64) -> Duration {
    Duration::from_secs(seconds).min(LONGEST)
}

/// The source's own time, as its answer states it.
pub(crate) fn source_time(headers: &HeaderMap) -> Option<Timestamp> {
    headers.get(DATE).and_then(|value| value.to_str().ok()).and_then(http_date)
}

/// The wait before try `tried + 1`: what was asked, or a random part of a span that doubles, whichever is longer.
pub(crate) fn wait(asked: Option<Duration>, tried: u32, options: &HttpOptions) -> Duration {
    let span = options.backoff.saturating_mul(1 << tried.min(16)).min(options.patience);
    let spread = span.mul_f64((options.jitter)().clamp(0.0, 1.0));
    asked.unwrap_or_default().max(spread)
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// `2026-01-01T10:00Z`: ISO 8601, seconds missing.
fn reset_time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (reqwest::header::HeaderName::from_static(name), reqwest::header::HeaderValue::from_static(value))
            })
            .collect()
    }

    const NOW: (&str, &str) = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");

    #[test]
    fn every_form_of_the_wait_is_read() {
        let cases = [
            (headers(&[("retry-after", "3")]), Some(3)),
            (headers(&[("retry-after", "Wed, 21 Oct 2026 07:28:09 GMT"), NOW]), Some(9)),
            (headers(&[("retry-after", "Wed, 21 Oct 2026 07:27:00 GMT"), NOW]), None),
            (headers(&[("retry-after", "Wed, 21 Oct 2026 07:28:09 GMT")]), None),
            (headers(&[("x-ratelimit-reset", "2026-10-21T07:30Z"), NOW]), Some(120)),
            (headers(&[("retry-after", "soon")]), None),
            (headers(&[("retry-after", "18446744073709551615")]), Some(24 * 3600)),
            (headers(&[("beta-retry-after", "4")]), Some(4)),
            (headers(&[]), None),
        ];
        for (given, seconds) in cases {
            assert_eq!(asked_wait(&given).map(|wait| wait.as_secs()), seconds, "{given:?}");
        }
    }

    #[test]
    fn waits_double_are_spread_and_never_undercut_what_was_asked() {
        let options = HttpOptions { jitter: || 0.5, ..HttpOptions::default() };
        let seconds = |asked: Option<u64>, tried| wait(asked.map(Duration::from_secs), tried, &options).as_secs();
        assert_eq!([seconds(None, 0), seconds(None, 1), seconds(None, 2), seconds(None, 60)], [1, 2, 4, 15]);
        assert_eq!([seconds(Some(3), 0), seconds(Some(3), 2)], [3, 4]);
    }
}
