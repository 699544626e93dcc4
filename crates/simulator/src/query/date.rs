//! Dates as people write them in both languages: literals, periods back from now, and functions that find the start or end of a day, week, month or year.
//!
//! The decision here is whose clock counts: a literal without a zone is read in the zone of the [`Moment`], which is the caller's profile
//! zone in Jira and the site's or caller's zone in Confluence. Literals stop at minutes; a literal with seconds is no date at all.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp, Zoned};

/// When and where a query is read.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The simulator's clock.
    pub now: Timestamp,
    /// Zone of literals without one, and of `startOfDay()` and its like.
    pub zone: TimeZone,
    /// First day of the week for `startOfWeek()`. The products' default locale starts on Sunday.
    pub week_starts: Weekday,
}

impl Moment {
    /// A moment with weeks that start on Sunday.
    pub fn new(now: Timestamp, zone: TimeZone) -> Self {
        Self { now, zone, week_starts: Weekday::Sunday }
    }

    fn here(&self) -> Zoned {
        self.now.to_zoned(self.zone.clone())
    }

    /// The day on which an instant falls, in the zone of the moment.
    pub(super) fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }
}

/// What a literal names: an instant and how long it lasts (a day or a minute), which is what `=` means by it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Literal {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) day: Option<Date>,
}

/// A unit of the increments `(+/-)nn(y|M|w|d|h|m)`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unit {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
}

/// Which end of a unit a function finds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Edge {
    Start,
    End,
}

/// Reads `yyyy-MM-dd`, `yyyy/MM/dd`, either with ` HH:mm`, and that with ` ZONE` (`UTC`, an offset, or a zone's name).
pub(super) fn literal(text: &str, moment: &Moment) -> Option<Literal> {
    let mut parts = text.trim().splitn(3, char::is_whitespace);
    let date = date(parts.next()?)?;
    let time = parts.next();
    let zone = match parts.next() {
        Some(name) => zone(name.trim())?,
        None => moment.zone.clone(),
    };
    let instant = |at: DateTime| at.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
    match time {
        None => {
            let next = date.tomorrow().ok()?;
            let (start, end) =
                (instant(date.to_datetime(Time::midnight()))?, instant(next.to_datetime(Time::midnight()))?);
            Some(Literal { start, end, day: Some(date) })
        }
        Some(time) => {
            let start = instant(date.to_datetime(clock(time)?))?;
            Some(Literal { start, end: start.checked_add(SignedDuration::from_mins(1)).ok()?, day: None })
        }
    }
}

fn date(text: &str) -> Option<Date> {
    let separator = if text.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = text.split(separator).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    Date::new(digits(year, 4)?, i8::try_from(digits(month, 2)?).ok()?, i8::try_from(digits(day, 2)?).ok()?).ok()
}

fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    if minute.len() != 2 {
        return None;
    }
    Time::new(i8::try_from(digits(hour, 2)?).ok()?, i8::try_from(digits(minute, 2)?).ok()?, 0, 0).ok()
}

fn digits(text: &str, longest: usize) -> Option<i16> {
    let plain = !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn zone(name: &str) -> Option<TimeZone> {
    if matches!(name, "UTC" | "GMT" | "Z") {
        return Some(TimeZone::UTC);
    }
    if let Some(offset) = offset(name) {
        return Some(TimeZone::fixed(offset));
    }
    TimeZone::get(name).ok()
}

fn offset(text: &str) -> Option<Offset> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let rest: String = text[1..].chars().filter(|&character| character != ':').collect();
    if rest.len() != 4 {
        return None;
    }
    let value = i32::from(digits(&rest, 4)?);
    Offset::from_seconds(sign * (value / 100 * 3600 + value % 100 * 60)).ok()
}

/// Reads a period such as `-15m`, `4w 2d` or `+1h30m` (weeks, days, hours, minutes of fixed length).
pub(super) fn period(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut minutes: i64 = 0;
    loop {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let amount: i64 = rest[..length].parse().ok()?;
        let unit = match rest[length..].chars().next()?.to_ascii_lowercase() {
            'w' => 7 * 24 * 60,
            'd' => 24 * 60,
            'h' => 60,
            'm' => 1,
            _ => return None,
        };
        minutes = minutes.checked_add(amount.checked_mul(unit)?)?;
        rest = rest[length + 1..].trim_start();
        if rest.is_empty() {
            break;
        }
    }
    let minutes = if negative { -minutes } else { minutes };
    minutes.checked_mul(60).map(SignedDuration::from_secs)
}

/// Reads an increment. Without a unit it has the `natural` one of its function.
pub(super) fn increment(text: &str, natural: Option<Unit>) -> Option<(i64, Unit)> {
    let text = text.trim();
    let (number, unit) = match text.char_indices().next_back()? {
        (_, last) if last.is_ascii_digit() => (text, natural?),
        (at, 'y') => (&text[..at], Unit::Year),
        (at, 'M') => (&text[..at], Unit::Month),
        (at, 'w') => (&text[..at], Unit::Week),
        (at, 'd') => (&text[..at], Unit::Day),
        (at, 'h') => (&text[..at], Unit::Hour),
        (at, 'm') => (&text[..at], Unit::Minute),
        _ => return None,
    };
    let number = number.strip_prefix('+').filter(|rest| !rest.starts_with('-')).unwrap_or(number);
    Some((number.parse().ok()?, unit))
}

fn shift(at: &Zoned, (amount, unit): (i64, Unit)) -> Option<Zoned> {
    let span = match unit {
        Unit::Year => Span::new().try_years(amount),
        Unit::Month => Span::new().try_months(amount),
        Unit::Week => Span::new().try_weeks(amount),
        Unit::Day => Span::new().try_days(amount),
        Unit::Hour => Span::new().try_hours(amount),
        Unit::Minute => Span::new().try_minutes(amount),
    };
    at.checked_add(span.ok()?).ok()
}

/// Now, moved by an increment. `None` when the result leaves the calendar.
pub(super) fn now_plus(moment: &Moment, by: (i64, Unit)) -> Option<Timestamp> {
    Some(shift(&moment.here(), by)?.timestamp())
}

/// The start or end of the current day, week, month or year, moved by an increment.
///
/// An increment in the function's own unit chooses another day (week, ...) before its edge is taken: `endOfMonth(-1)` is the 31st even when
/// this month has 30 days. Any other increment moves the edge: `startOfMonth("+14d")` is the 15th.
pub(super) fn edge(moment: &Moment, edge: Edge, unit: Unit, by: Option<(i64, Unit)>) -> Option<Timestamp> {
    let (before, after): (Option<_>, Option<_>) = match by {
        Some((_, own)) if own == unit => (by, None),
        other => (None, other),
    };
    let mut at = moment.here();
    if let Some(by) = before {
        at = shift(&at, by)?;
    }
    at = match unit {
        Unit::Year => at.first_of_year().ok()?,
        Unit::Month => at.first_of_month().ok()?,
        Unit::Week => shift(&at, (-i64::from(at.weekday().since(moment.week_starts)), Unit::Day))?,
        Unit::Day | Unit::Hour | Unit::Minute => at,
    };
    at = at.start_of_day().ok()?;
    if edge == Edge::End {
        at = shift(&at, (1, unit))?.checked_sub(SignedDuration::from_millis(1)).ok()?;
    }
    if let Some(by) = after {
        at = shift(&at, by)?;
    }
    Some(at.timestamp())
}

/// Reads the name of a function of this family, ignoring case.
pub(super) fn edge_function(name: &str) -> Option<(Edge, Unit)> {
    Some(match name.to_ascii_lowercase().as_str() {
        "startofday" => (Edge::Start, Unit::Day),
        "startofweek" => (Edge::Start, Unit::Week),
        "startofmonth" => (Edge::Start, Unit::Month),
        "startofyear" => (Edge::Start, Unit::Year),
        "endofday" => (Edge::End, Unit::Day),
        "endofweek" => (Edge::End, Unit::Week),
        "endofmonth" => (Edge::End, Unit::Month),
        "endofyear" => (Edge::End, Unit::Year),
        _ => return None,
    })
}

/// Milliseconds since 1970, the number behind every comparison of instants.
pub(super) fn millis(at: Timestamp) -> f64 {
    at.as_millisecond() as f64
}

/// Days since 1970, the number behind every comparison of days.
pub(super) fn day_number(day: Date) -> f64 {
    let start =
        day.to_datetime(Time::midnight()).to_zoned(TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_second());
    start.div_euclid(86_400) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(now: &str, zone: &str) -> Moment {
        Moment::new(now.parse().unwrap(), TimeZone::get(zone).unwrap())
    }

    fn start(text: &str, moment: &Moment) -> String {
        literal(text, moment).unwrap().start.to_string()
    }

    #[test]
    fn a_literal_without_a_zone_is_read_in_the_callers_zone() {
        let sydney = moment("2026-05-07T00:00:00Z", "Australia/Sydney");
        assert_eq!(start("2026-05-07 12:00", &sydney), "2026-05-07T02:00:00Z");
        assert_eq!(start("2026/05/07 12:00", &sydney), "2026-05-07T02:00:00Z");
        assert_eq!(start("2026-05-07", &sydney), "2026-05-06T14:00:00Z");
    }

    #[test]
    fn an_explicit_zone_wins_over_the_callers() {
        let sydney = moment("2026-05-07T00:00:00Z", "Australia/Sydney");
        assert_eq!(start("2026-05-07 12:00 UTC", &sydney), "2026-05-07T12:00:00Z");
        assert_eq!(start("2026-05-07 12:00 -0730", &sydney), "2026-05-07T19:30:00Z");
        assert_eq!(start("2026-05-07 12:00 Europe/Berlin", &sydney), "2026-05-07T10:00:00Z");
    }

    #[test]
    fn seconds_and_other_formats_are_no_dates() {
        let utc = moment("2026-05-07T00:00:00Z", "UTC");
        let bad = [
            "2026-05-07 12:00:30",
            "2026-05-07T12:00",
            "20/12/10",
            "2026-13-01",
            "2026-02-30",
            "",
            "yesterday",
            "2026-05-07 12:00 Moon",
        ];
        for text in bad {
            assert_eq!(literal(text, &utc), None, "{text}");
        }
    }

    #[test]
    fn a_literal_in_the_hour_that_summer_time_skips_still_names_an_instant() {
        let berlin = moment("2026-05-07T00:00:00Z", "Europe/Berlin");
        assert_eq!(start("2026-03-29 02:30", &berlin), "2026-03-29T01:30:00Z");
    }

    #[test]
    fn periods_combine_units() {
        let minutes = |text: &str| period(text).map(|duration| duration.as_secs() / 60);
        assert_eq!(minutes("-15m"), Some(-15));
        assert_eq!(minutes("2h"), Some(120));
        assert_eq!(minutes("-1w 2d"), Some(-9 * 1440));
        assert_eq!(minutes("1h30m"), Some(90));
        for text in ["", "-", "5", "5x", "m", "-1d x", "é", "99999999999999999999d", "9223372036854775807w"] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }

    #[test]
    fn edges_are_taken_in_the_zone_and_moved_by_increments() {
        let auckland = moment("2026-05-06T20:00:00Z", "Pacific/Auckland");
        let find = |name: &str, by: &str| {
            let (which, unit) = edge_function(name).unwrap();
            edge(&auckland, which, unit, increment(by, Some(unit)))
                .unwrap()
                .to_zoned(auckland.zone.clone())
                .datetime()
                .to_string()
        };
        assert_eq!(find("startOfDay", "0"), "2026-05-07T00:00:00");
        assert_eq!(find("startOfDay", "-1d"), "2026-05-06T00:00:00");
        assert_eq!(find("startOfWeek", "0"), "2026-05-03T00:00:00");
        assert_eq!(find("startOfWeek", "+1"), "2026-05-10T00:00:00");
        assert_eq!(find("startOfMonth", "+14d"), "2026-05-15T00:00:00");
        assert_eq!(find("endOfMonth", "-1"), "2026-04-30T23:59:59.999");
        assert_eq!(find("startOfYear", "-1y"), "2025-01-01T00:00:00");
    }

    #[test]
    fn an_increment_out_of_the_calendar_is_refused_and_does_not_panic() {
        let utc = moment("2026-05-07T00:00:00Z", "UTC");
        assert_eq!(now_plus(&utc, (i64::MAX, Unit::Year)), None);
        assert_eq!(edge(&utc, Edge::End, Unit::Week, Some((i64::MIN, Unit::Week))), None);
        assert_eq!(increment("+-5d", None), None);
        assert_eq!(increment("5é", None), None);
    }
}
