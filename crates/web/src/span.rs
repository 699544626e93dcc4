//! Spans of time as administrators type them: `90 seconds`, `15 minutes`, `1 hour`, `7 days`, `1h 30m`.

use jiff::SpanRelativeTo;
use jiff::fmt::friendly::SpanParser;
use model::Duration;

/// The units that spans are shown in, as many and as one, and their lengths in milliseconds.
const UNITS: [(&str, &str, i64); 4] = [
    ("days", "day", 24 * 3_600_000),
    ("hours", "hour", 3_600_000),
    ("minutes", "minute", 60_000),
    ("seconds", "second", 1000),
];

/// The span in the largest unit of which it is a whole number, so that [`parse`] gives it back.
pub(crate) fn typed(span: Duration) -> String {
    let fits = UNITS.iter().find(|(_, _, length)| span.0 % length == 0 && span.0 >= *length);
    let (many, one, length) = fits.unwrap_or(&UNITS[UNITS.len() - 1]);
    let number = span.0 / length;
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What was typed; `None` if it is no span, or one that is never shown: with a fraction, a week, or less than a second.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let text = text.trim().to_ascii_lowercase();
    let span = SpanParser::new().parse_span(&text).ok().filter(|span| !span.is_negative() && span.get_weeks() == 0)?;
    let exact = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    let whole = exact.subsec_nanos() == 0 && !text.contains(['.', ',']);
    exact.as_secs().checked_mul(1000).filter(|_| whole).map(Duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_understood_when_it_is_sent_back() {
        for seconds in [1, 59, 60, 61, 90, 3600, 5400, 86_400, 604_800, 604_801] {
            let span = Duration(seconds * 1000);
            assert_eq!(parse(&typed(span)), Some(span), "{}", typed(span));
        }
        let shown = [60, 900, 604_800, 90].map(|seconds| typed(Duration(seconds * 1000)));
        assert_eq!(shown, ["1 minute", "15 minutes", "7 days", "90 seconds"]);
    }

    #[test]
    fn people_write_units_in_several_ways_and_never_leave_them_out() {
        for text in ["15 minutes", " 15min ", "15 M", "900s", "900 Seconds"] {
            assert_eq!(parse(text), Some(Duration(900_000)), "{text}");
        }
        assert_eq!(parse("1h 30m"), Some(Duration(5_400_000)));
        for text in [
            "",
            "15",
            "minutes",
            "-5 minutes",
            "1.5 hours",
            "1,5 hours",
            "5 weeks",
            "1 year",
            "2 months",
            "5 ms",
            "15 minutes ago",
            "99999999999999999999 s",
            "9223372036854775807 d",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
