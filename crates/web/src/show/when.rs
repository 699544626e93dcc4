//! Points in time and spans as people say them. Dates are in UTC: the hub does not know where its readers are.
//!
//! A span is told in whole units of the largest kind that fits, and never as more than it is: what is kept for 6 days and 23 hours
//! is gone *in 6 days*, as what came 6 days and 23 hours ago came *6 days ago*. Who counts on what a page says is not
//! disappointed.

use crate::pages::part::{Count, Moment};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::Millis;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn timestamp(at: Millis) -> Timestamp {
    Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// RFC 3339, in UTC.
pub(crate) fn machine(at: Millis) -> String {
    timestamp(at).to_string()
}

/// A point in time, seen from `now`.
pub(crate) fn moment(at: Millis, now: Millis) -> Moment {
    Moment::new(machine(at), words(at, now))
}

fn words(at: Millis, now: Millis) -> String {
    match now.since(at).0 {
        0..MINUTE => "just now".to_owned(),
        millis if (MINUTE..7 * DAY).contains(&millis) => format!("{} ago", span(millis)),
        _ => timestamp(at).to_zoned(TimeZone::UTC).strftime("%-d %B %Y").to_string(),
    }
}

/// How long ago, to the second while it is fresh.
pub(super) fn age(at: Millis, now: Millis) -> Moment {
    Moment::new(machine(at), format!("{} ago", span(now.since(at).0.max(0))))
}

/// A point in time that may lie ahead.
pub(super) fn ahead(at: Millis, now: Millis) -> Moment {
    let left = at.since(now).0;
    if left > 0 { Moment::new(machine(at), format!("in {}", span(left))) } else { moment(at, now) }
}

/// A span of milliseconds as one number of whole units: `40 seconds`, `3 minutes`.
pub(super) fn span(millis: i64) -> String {
    let (unit, one, many) = match millis {
        ..MINUTE => (SECOND, "second", "seconds"),
        MINUTE..HOUR => (MINUTE, "minute", "minutes"),
        HOUR..DAY => (HOUR, "hour", "hours"),
        DAY.. => (DAY, "day", "days"),
    };
    Count(u64::try_from(millis / unit).unwrap_or(0)).of(one, many)
}

/// How long something took, as roughly as matters.
pub(super) fn took(from: Millis, to: Millis) -> String {
    let seconds = u64::try_from(to.since(from).0.div_euclid(1000)).unwrap_or(0);
    match seconds {
        0 => "less than a second".to_owned(),
        1..120 => Count(seconds).of("second", "seconds"),
        120..7200 => Count(seconds / 60).of("minute", "minutes"),
        _ => Count(seconds / 3600).of("hour", "hours"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_said_as_people_do() {
        // 2026-03-10T12:00:00Z
        let now = Millis(1_773_144_000_000);
        let ago = |millis: i64| words(Millis(now.0 - millis), now);
        assert_eq!(ago(5 * SECOND), "just now");
        assert_eq!(ago(MINUTE + SECOND), "1 minute ago");
        assert_eq!(ago(2 * HOUR + 5 * MINUTE), "2 hours ago");
        assert_eq!(ago(3 * DAY), "3 days ago");
        assert_eq!(ago(7 * DAY), "3 March 2026");
        assert_eq!(ago(-90 * SECOND), "10 March 2026", "a source's clock may be ahead");
        assert_eq!(machine(now), "2026-03-10T12:00:00Z");
        assert_eq!(machine(Millis(i64::MAX)), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn a_span_is_never_told_as_more_than_it_is() {
        let now = Millis(1_773_144_000_000);
        let told = |millis: i64| (ahead(Millis(now.0 + millis), now).words, age(Millis(now.0 - millis), now).words);
        let both = |words: &str| (format!("in {words}"), format!("{words} ago"));
        for (millis, words) in [
            (7 * DAY, "7 days"),
            (7 * DAY - 1, "6 days"),
            (DAY, "1 day"),
            (DAY - 1, "23 hours"),
            (HOUR - 1, "59 minutes"),
            (MINUTE - 1, "59 seconds"),
            (SECOND, "1 second"),
        ] {
            assert_eq!(told(millis), both(words), "{millis} ms");
        }
        assert_eq!(age(Millis(now.0 + 5), now).words, "0 seconds ago", "a source's clock may be ahead");
        assert_eq!(ahead(now, now).words, "just now", "what was due is no longer ahead");
    }

    #[test]
    fn spans_are_rough() {
        assert_eq!(took(Millis(0), Millis(400)), "less than a second");
        assert_eq!(took(Millis(0), Millis(61_000)), "61 seconds");
        assert_eq!(took(Millis(0), Millis(7_199_000)), "119 minutes");
        assert_eq!(took(Millis(5), Millis(0)), "less than a second");
    }
}
