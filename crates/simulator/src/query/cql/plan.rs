//! A bound query: ids, words, instants and text queries, ready to test one piece of content after another.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::super::Value;
use super::super::node::Node;
use super::super::order::{Part, Slot};
use super::super::range::Range;
use super::super::text::TextQuery;
use super::field::Field;

/// Milliseconds in the granularity of dates.
pub(super) const MINUTE: f64 = 60_000.0;

/// Content (or a space, or a person) as one caller sees it. Whether the caller may see it at all is the route's business.
pub trait ContentRecord {
    /// Id of the content; anything stable for a person.
    fn id(&self) -> u64;

    /// `current`, `archived`, `trashed`, `draft`; `current` for spaces and people.
    fn status(&self) -> &str;

    /// Shows each value of a field, none when there is none. The kind of [`Value`] is stated at each [`Field`]. Never called for
    /// [`Field::Id`].
    fn visit(&self, field: Field, see: &mut dyn FnMut(Value<'_>));
}

/// A query for one caller at one moment.
#[derive(Clone, Debug)]
pub struct Bound {
    pub(super) root: Node<Test>,
    pub(super) statuses: Vec<String>,
    pub(super) sorts: Vec<(Field, bool)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Test {
    pub(super) field: Field,
    pub(super) check: Check,
    pub(super) negative: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Check {
    Ids(Vec<u64>),
    Exact(Vec<String>),
    /// In lower case.
    Folded(Vec<String>),
    Ranges(Vec<Range>),
    Text(TextQuery),
}

impl Check {
    fn holds(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Ids(ids), Value::Id(id)) => ids.contains(&id),
            (Self::Exact(words), Value::Word(word) | Value::Text(word)) => words.iter().any(|own| own == word),
            (Self::Folded(words), Value::Word(word)) => words.contains(&word.to_lowercase()),
            (Self::Ranges(ranges), value) => value.number().is_some_and(|at| {
                let minute = (at / MINUTE).floor() * MINUTE;
                ranges.iter().any(|range| range.holds(minute))
            }),
            (Self::Text(query), Value::Text(text)) => query.matches(text),
            _ => false,
        }
    }
}

impl Test {
    fn matches(&self, record: &dyn ContentRecord) -> bool {
        let mut found = false;
        let mut see = |value: Value<'_>| found = found || self.check.holds(value);
        if self.field == Field::Id {
            see(Value::Id(record.id()));
        } else {
            record.visit(self.field, &mut see);
        }
        found != self.negative
    }

    fn ids_of(&self, field: Field) -> Option<Vec<u64>> {
        match &self.check {
            Check::Ids(ids) if self.field == field && !self.negative => Some(ids.clone()),
            _ => None,
        }
    }

    fn words_of(&self, field: Field) -> Option<Vec<String>> {
        match &self.check {
            Check::Exact(words) | Check::Folded(words) if self.field == field && !self.negative => Some(words.clone()),
            _ => None,
        }
    }

    fn modified_since(&self) -> Option<f64> {
        match &self.check {
            Check::Ranges(ranges) if self.field == Field::LastModified && !self.negative => Range::lowest(ranges),
            _ => None,
        }
    }
}

/// The place of a record in an answer.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct SortKey {
    slots: Vec<Slot>,
    id: u64,
}

impl Bound {
    /// Whether a record belongs to the answer. The route has already left out what the caller may not see.
    pub fn matches(&self, record: &dyn ContentRecord) -> bool {
        self.statuses.iter().any(|status| status == record.status()) && self.root.matches(&|test| test.matches(record))
    }

    /// Key by which answers are sorted, ascending. Ties, and a query without `order by`, go by ascending id.
    pub fn sort_key(&self, record: &dyn ContentRecord) -> SortKey {
        let slot = |&(field, descending): &(Field, bool)| {
            let mut part = None;
            if field == Field::Id {
                part = Some(Part::Id(record.id()));
            } else {
                record.visit(field, &mut |value| part = part.take().or_else(|| Some(Part::of(value))));
            }
            Slot { descending, part }
        };
        SortKey { slots: self.sorts.iter().map(slot).collect(), id: record.id() }
    }

    /// [`Bound::sort_key`] of both, compared.
    pub fn compare(&self, left: &dyn ContentRecord, right: &dyn ContentRecord) -> Ordering {
        self.sort_key(left).cmp(&self.sort_key(right))
    }

    /// False for a query without `order by`, whose answers go by ascending id alone.
    pub fn is_sorted(&self) -> bool {
        !self.sorts.is_empty()
    }

    /// Statuses outside of which nothing matches.
    pub fn statuses(&self) -> &[String] {
        &self.statuses
    }

    /// Keys of the spaces outside of which nothing matches; `None`: any. Every match is inside, but not everything inside matches.
    pub fn spaces_hint(&self) -> Option<Vec<String>> {
        self.root.common(&|test| test.words_of(Field::Space))
    }

    /// Ids of the content outside of which nothing matches; `None`: any.
    pub fn ids_hint(&self) -> Option<Vec<u64>> {
        self.root.common(&|test| test.ids_of(Field::Id))
    }

    /// Ids of which every match has at least one above itself; `None`: unknown.
    pub fn ancestors_hint(&self) -> Option<Vec<u64>> {
        self.root.common(&|test| test.ids_of(Field::Ancestor))
    }

    /// Types outside of which nothing matches, in lower case; `None`: any.
    pub fn types_hint(&self) -> Option<Vec<String>> {
        self.root.common(&|test| test.words_of(Field::Type))
    }

    /// Instant before which no match was modified; `None`: any.
    pub fn modified_since_hint(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.root.earliest(&Test::modified_since)?.floor() as i64).ok()
    }
}
