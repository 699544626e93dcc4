//! Jira's times: `2026-01-31T09:00:00.000-0800`, in the time zone of whoever asks (sheet section 3.2).

use model::Millis;

/// Reads a time; `None` if it is none. The offset has no colon in Jira, but one is taken.
pub(crate) fn millis(text: &str) -> Option<Millis> {
    text.parse::<jiff::Timestamp>().ok().map(|at| Millis(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_offset_is_taken_into_account() {
        for text in ["2026-01-31T09:00:00.123-0800", "2026-01-31T17:00:00.123+0000", "2026-01-31T17:00:00.123Z"] {
            assert_eq!(millis(text), Some(Millis(1_769_878_800_123)), "{text}");
        }
        assert_eq!(millis("2026-01-31"), None);
        assert_eq!(millis("yesterday"), None);
    }
}
