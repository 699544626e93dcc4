//! Times as the two products write them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `2026-01-02T03:04:05.678Z`: Confluence, the organization, the gateway.
pub fn iso_utc(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// `2026-01-31T09:00:00.000-0800`: Jira, in the caller's time zone, no colon in the offset.
pub fn jira_time(ms: i64, zone: &TimeZone) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or_default();
    time.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S.%3f%z").to_string()
}

/// The zone of that IANA name; UTC if there is none such.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_product_has_its_own_form() {
        assert_eq!(iso_utc(1_767_323_045_678), "2026-01-02T03:04:05.678Z");
        assert_eq!(jira_time(1_769_878_800_000, &zone("America/Los_Angeles")), "2026-01-31T09:00:00.000-0800");
    }
}
