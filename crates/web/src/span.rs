//! Spans of time as administrators type them: `90 seconds`, `15 minutes`, `1 hour`, `7 days`.

use model::Duration;

/// Names of the units, the one that people write first, and their lengths in milliseconds.
const UNITS: [(&[&str], i64); 4] = [
    (&["days", "day", "d"], 24 * 3_600_000),
    (&["hours", "hour", "h"], 3_600_000),
    (&["minutes", "minute", "min", "m"], 60_000),
    (&["seconds", "second", "sec", "s"], 1000),
];

/// The span in the largest unit of which it is a whole number, so that [`parse`] gives it back.
pub(crate) fn typed(span: Duration) -> String {
    let fits = UNITS.iter().find(|(_, length)| span.0 % length == 0 && span.0 >= *length);
    let (names, length) = fits.unwrap_or(&UNITS[UNITS.len() - 1]);
    let number = span.0 / length;
    format!("{number} {}", if number == 1 { names[1] } else { names[0] })
}

/// What was typed; `None` if it is no span.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let unit = unit.trim().to_ascii_lowercase();
    let (_, length) = UNITS.iter().find(|(names, _)| names.contains(&unit.as_str()))?;
    number.parse::<i64>().ok()?.checked_mul(*length).map(Duration)
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
        for text in [
            "",
            "15",
            "minutes",
            "-5 minutes",
            "1.5 hours",
            "5 weeks",
            "99999999999999999999 s",
            "9223372036854775807 d",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
