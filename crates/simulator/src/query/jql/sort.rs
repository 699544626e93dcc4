//! `ORDER BY` as keys that are computed once per issue and compared many times.

use std::cmp::Reverse;

use super::super::Value;
use super::super::order::{Part, Slot};
use super::field::Field;
use super::record::IssueRecord;

/// One bound entry of `ORDER BY`.
#[derive(Clone, Debug)]
pub(super) struct Sort {
    pub(super) field: Field,
    pub(super) descending: bool,
    pub(super) ranking: Vec<u64>,
}

/// The place of an issue in an answer.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct SortKey {
    slots: Vec<Slot>,
    tie: Tie,
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Tie {
    Ascending(u64),
    Newest(Reverse<u64>),
}

impl SortKey {
    pub(super) fn of(sorts: &[Sort], record: &dyn IssueRecord) -> Self {
        let slots: Vec<Slot> =
            sorts.iter().map(|sort| Slot { descending: sort.descending, part: part(sort, record) }).collect();
        let tie = if slots.is_empty() { Tie::Newest(Reverse(record.id())) } else { Tie::Ascending(record.id()) };
        Self { slots, tie }
    }
}

fn part(sort: &Sort, record: &dyn IssueRecord) -> Option<Part> {
    if sort.field == Field::Key {
        let (project, number) = record.key();
        return Some(Part::Key(project.to_owned(), number));
    }
    if let Some(text) = record.sort_text(sort.field) {
        return Some(Part::Text(text.to_lowercase()));
    }
    let mut first: Option<Part> = None;
    record.visit(sort.field, &mut |value| {
        if first.is_none() {
            first = Some(part_of(value, &sort.ranking));
        }
    });
    first
}

fn part_of(value: Value<'_>, ranking: &[u64]) -> Part {
    match value {
        Value::Id(id) => match ranking.iter().position(|&ranked| ranked == id) {
            Some(rank) => Part::Id(rank as u64),
            // An object that the ranking does not know comes after those that it knows.
            None => Part::Id((ranking.len() as u64).saturating_add(id)),
        },
        other => Part::of(other),
    }
}
