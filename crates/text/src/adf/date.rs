//! Dates: ADF stores milliseconds since 1970 as a string; readers see a day, which is taken in UTC as the editor does.

use serde_json::Value;

const DAY: i64 = 86_400_000;

/// `YYYY-MM-DD` of a timestamp in milliseconds; a string that is no number is shown as it is.
pub(super) fn iso(stamp: &Value) -> Option<String> {
    let millis = match stamp {
        Value::String(text) => match text.trim().parse::<i64>() {
            Ok(millis) => millis,
            Err(_) => return Some(text.clone()),
        },
        other => other.as_i64()?,
    };
    let (year, month, day) = civil(millis.div_euclid(DAY));
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// Year, month and day of a count of days since 1970-01-01, in the Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    // Years begin in March here, so that the leap day is a year's last; cycles of 400 years are alike.
    let since_march_0000 = days + 719_468;
    let (cycle, day_of_cycle) = (since_march_0000.div_euclid(146_097), since_march_0000.rem_euclid(146_097));
    let leap_free = day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096;
    let year_of_cycle = leap_free / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (cycle * 400 + year_of_cycle + i64::from(month <= 2), month, day)
}
