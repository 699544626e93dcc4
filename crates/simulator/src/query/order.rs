//! Sorting: one slot per entry of `ORDER BY`, computed once per record.
//!
//! EMPTY comes last in ascending and first in descending order.

use std::cmp::Ordering;

use super::Value;

/// The value of a record for one entry of `ORDER BY`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Slot {
    pub(super) descending: bool,
    pub(super) part: Option<Part>,
}

/// Something that sorts. Within one entry all records have the same variant.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Part {
    Id(u64),
    Number(i64),
    Text(String),
    Key(String, u64),
}

impl Ord for Slot {
    fn cmp(&self, other: &Self) -> Ordering {
        let ascending = match (&self.part, &other.part) {
            (Some(left), Some(right)) => left.cmp(right),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if self.descending { ascending.reverse() } else { ascending }
    }
}

impl PartialOrd for Slot {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Part {
    pub(super) fn of(value: Value<'_>) -> Self {
        match value {
            Value::Id(id) => Self::Id(id),
            Value::Word(text) | Value::Text(text) => Self::Text(text.to_lowercase()),
            Value::Time(_) | Value::Day(_) | Value::Number(_) => {
                Self::Number(ordered(value.number().unwrap_or_default()))
            }
        }
    }
}

/// An integer with the order of the number, as IEEE 754 lays bits out. Adding zero makes both zeros equal.
fn ordered(number: f64) -> i64 {
    let bits = (number + 0.0).to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}
