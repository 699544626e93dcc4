//! The words of short fields: names of components and versions, chosen options, labels, numbers and days.
//!
//! Fields of many types come in few shapes, so the shape alone is read: a word, a number, something with a name or a
//! value, something below it, and lists of these. A name that is changed at the source reaches an issue when the issue is
//! read the next time, since Jira does not say that it changed.

use crate::jira::cloud::wire::millis;
use serde_json::{Number, Value};

/// Adds the words of a value, each by itself. False if any of it has another shape, which is left out.
pub(super) fn words(value: &Value, found: &mut Vec<String>) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => {
            found.extend((!text.trim().is_empty()).then(|| day(text).to_owned()));
            true
        }
        Value::Number(number) => {
            found.push(short(number));
            true
        }
        // Each is looked at, whatever the others are.
        Value::Array(list) => list.iter().fold(true, |fits, one| words(one, found) & fits),
        Value::Object(fields) => {
            let Some(Value::String(name)) = fields.get("value").or_else(|| fields.get("name")) else { return false };
            found.extend((!name.trim().is_empty()).then(|| name.clone()));
            fields.get("child").is_none_or(|child| words(child, found))
        }
        Value::Bool(_) => false,
    }
}

/// Of a time its day, as the service account sees it: nobody searches for milliseconds.
fn day(text: &str) -> &str {
    text.get(..10).filter(|_| millis(text).is_some()).unwrap_or(text)
}

/// Jira sends all numbers with a fraction; people write `3`.
fn short(number: &Number) -> String {
    match (number.as_i64(), number.as_f64()) {
        (None, Some(fraction)) => fraction.to_string(),
        (Some(_), _) | (None, None) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: &Value) -> (String, bool) {
        let mut found = Vec::new();
        let whole = words(value, &mut found);
        (found.join(" | "), whole)
    }

    #[test]
    fn every_shape_of_a_short_field_gives_its_words() {
        let cases = [
            (json!([{"id": "1", "name": "Pump"}, {"id": "2", "name": "Valve body"}]), "Pump | Valve body"),
            (json!({"self": "https://x/7", "value": "Red", "id": "7"}), "Red"),
            (json!([{"value": "Red", "id": "7"}, {"value": "Blue", "id": "8"}]), "Red | Blue"),
            (json!({"value": "Europe", "id": "1", "child": {"value": "Berlin", "id": "2"}}), "Europe | Berlin"),
            (json!(["alpha", "beta"]), "alpha | beta"),
            (json!(3.0), "3"),
            (json!(-2.5), "-2.5"),
            (json!(12), "12"),
            (json!("2026-01-31"), "2026-01-31"),
            (json!("2026-01-31T09:00:00.000-0800"), "2026-01-31"),
            (json!(null), ""),
            (json!([]), ""),
        ];
        for (value, expected) in cases {
            assert_eq!(read(&value), (expected.to_owned(), true), "{value}");
        }
    }

    #[test]
    fn a_value_of_another_shape_costs_itself_only() {
        assert_eq!(read(&json!([{"id": "1"}, {"name": "Pump"}, true])), ("Pump".to_owned(), false));
        assert_eq!(read(&json!({"value": {"deep": 1}})), (String::new(), false));
        assert_eq!(read(&json!({"value": "Europe", "child": 7.5})), ("Europe | 7.5".to_owned(), true));
    }
}
