//! A bound query: negations pushed down to single tests, names replaced by ids, dates by instants. Pure and cheap per record.

use jiff::Timestamp;

use super::super::Value;
use super::super::node::Node;
use super::super::range::Range;
use super::super::text::TextQuery;
use super::field::Field;
use super::record::IssueRecord;
use super::sort::{Sort, SortKey};

/// A query for one caller at one moment.
#[derive(Clone, Debug)]
pub struct Bound {
    pub(super) root: Node<Test>,
    pub(super) sorts: Vec<Sort>,
}

/// One comparison. EMPTY satisfies it only if `empty` says so, and never when it is negative.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Test {
    pub(super) field: Field,
    pub(super) check: Check,
    pub(super) empty: bool,
    pub(super) negative: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Check {
    /// No value at all will do: `IS EMPTY` and, negated, `IS NOT EMPTY`.
    Nothing,
    Ids(Vec<u64>),
    /// Account ids: as they are.
    Accounts(Vec<String>),
    /// Labels and groups: in lower case.
    Folded(Vec<String>),
    Ranges(Vec<Range>),
    Text(TextQuery),
    /// Issue numbers within a project: `key > ENG-7`.
    Numbers {
        project: u64,
        range: Range,
    },
}

impl Check {
    fn holds(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Ids(ids), Value::Id(id)) => ids.contains(&id),
            (Self::Accounts(words), Value::Word(word)) => words.iter().any(|own| own == word),
            (Self::Folded(words), Value::Word(word)) => words.contains(&word.to_lowercase()),
            (Self::Ranges(ranges), value) => {
                value.number().is_some_and(|point| ranges.iter().any(|range| range.holds(point)))
            }
            (Self::Text(query), Value::Text(text)) => query.matches(text),
            _ => false,
        }
    }
}

impl Test {
    fn matches(&self, record: &dyn IssueRecord) -> bool {
        if let Check::Numbers { project, range } = &self.check {
            let mut same = false;
            record.visit(Field::Project, &mut |value| same |= value == Value::Id(*project));
            return same && range.holds(record.key().1 as f64);
        }
        let (mut present, mut found) = (false, false);
        let mut see = |value: Value<'_>| {
            present = true;
            found = found || self.check.holds(value);
        };
        if self.field == Field::Key {
            see(Value::Id(record.id()));
        } else {
            record.visit(self.field, &mut see);
        }
        if self.negative { present && !found } else { found || (self.empty && !present) }
    }

    fn updated_since(&self) -> Option<f64> {
        match &self.check {
            Check::Ranges(ranges) if self.field == Field::Updated && !self.negative && !self.empty => {
                Range::lowest(ranges)
            }
            _ => None,
        }
    }

    fn ids_of(&self, field: Field) -> Option<Vec<u64>> {
        match &self.check {
            Check::Ids(ids) if self.field == field && !self.negative && !self.empty => Some(ids.clone()),
            Check::Numbers { project, .. } if field == Field::Project => Some(vec![*project]),
            _ => None,
        }
    }
}

impl Bound {
    /// Whether an issue belongs to the answer. The route has already left out what the caller may not see.
    pub fn matches(&self, record: &dyn IssueRecord) -> bool {
        self.root.matches(&|test| test.matches(record))
    }

    /// Key by which answers are sorted; ascending. Ties, and a query without `ORDER BY`, go by id: ascending after an explicit
    /// `ORDER BY`, newest first without one.
    pub fn sort_key(&self, record: &dyn IssueRecord) -> SortKey {
        SortKey::of(&self.sorts, record)
    }

    /// [`Bound::sort_key`] of both, compared.
    pub fn compare(&self, left: &dyn IssueRecord, right: &dyn IssueRecord) -> std::cmp::Ordering {
        self.sort_key(left).cmp(&self.sort_key(right))
    }

    /// Whether nothing can match, as for an unknown name from an anonymous caller.
    pub fn is_nothing(&self) -> bool {
        self.root == Node::nothing()
    }

    /// Projects outside of which nothing matches; `None`: any project. Every match is inside, but not everything inside matches.
    pub fn project_ids_hint(&self) -> Option<Vec<u64>> {
        self.root.common(&|test| test.ids_of(Field::Project))
    }

    /// Issues outside of which nothing matches; `None`: any issue.
    pub fn ids_hint(&self) -> Option<Vec<u64>> {
        self.root.common(&|test| test.ids_of(Field::Key))
    }

    /// Instant before which no match was updated; `None`: any.
    pub fn updated_since_hint(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.root.earliest(&Test::updated_since)?.floor() as i64).ok()
    }
}
