//! Points in time as people say them. Dates are in UTC: the hub does not know where its readers are.

use crate::pages::part::{Count, Moment};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::Millis;

const MINUTE: i64 = 60;
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
    let count = |seconds: i64, unit: i64, one: &str, many: &str| {
        let number = Count(u64::try_from(seconds / unit).unwrap_or(0));
        format!("{} ago", number.of(one, many))
    };
    match now.since(at).0.div_euclid(1000) {
        0..MINUTE => "just now".to_owned(),
        seconds @ MINUTE..HOUR => count(seconds, MINUTE, "minute", "minutes"),
        seconds @ HOUR..DAY => count(seconds, HOUR, "hour", "hours"),
        seconds if (DAY..7 * DAY).contains(&seconds) => count(seconds, DAY, "day", "days"),
        _ => timestamp(at).to_zoned(TimeZone::UTC).strftime("%-d %B %Y").to_string(),
    }
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
        let ago = |seconds: i64| words(Millis(now.0 - seconds * 1000), now);
        assert_eq!(ago(5), "just now");
        assert_eq!(ago(61), "1 minute ago");
        assert_eq!(ago(7300), "2 hours ago");
        assert_eq!(ago(3 * DAY), "3 days ago");
        assert_eq!(ago(7 * DAY), "3 March 2026");
        assert_eq!(ago(-90), "10 March 2026", "a source's clock may be ahead");
        assert_eq!(machine(now), "2026-03-10T12:00:00Z");
        assert_eq!(machine(Millis(i64::MAX)), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn spans_are_rough() {
        assert_eq!(took(Millis(0), Millis(400)), "less than a second");
        assert_eq!(took(Millis(0), Millis(61_000)), "61 seconds");
        assert_eq!(took(Millis(0), Millis(7_199_000)), "119 minutes");
        assert_eq!(took(Millis(5), Millis(0)), "less than a second");
    }
}
