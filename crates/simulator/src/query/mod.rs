//! The two query languages of the products, as real parsers and evaluators over records that a route presents.
//!
//! A query goes through three steps: `parse` (text to tree, the product's syntax errors), `bind` (names to ids, dates to instants, for one
//! caller at one moment, the product's validation errors), and `matches` and `sort_key` on single records. Only the documented subset is
//! understood; everything else is the product's 400, because a double that answers a query wrongly is worse than one that refuses it.
//! Nothing here knows the state of the simulator: routes implement [`jql::Names`], [`jql::IssueRecord`] and [`cql::ContentRecord`].

pub mod cql;
pub mod date;
pub mod jql;
mod node;
mod order;
mod range;
mod text;

use jiff::Timestamp;
use jiff::civil::Date;

/// One value of a field of a record. A field without a value is EMPTY; a field may have several (labels, components, comments).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// A numeric id: project, status, priority, version, level, parent issue, page, ancestor, option of a select field.
    Id(u64),
    /// An identifier that is text and compared as a whole: account id, label, group name, space key, content type, macro name.
    Word(&'a str),
    /// Prose, searched by words.
    Text(&'a str),
    /// A moment.
    Time(Timestamp),
    /// A day without a zone (`due`, date pickers).
    Day(Date),
    /// A number field.
    Number(f64),
}

impl Value<'_> {
    /// The number behind a value that has an order: milliseconds or days since 1970, or itself.
    fn number(&self) -> Option<f64> {
        match self {
            Self::Time(at) => Some(date::millis(*at)),
            Self::Day(day) => Some(date::day_number(*day)),
            Self::Number(number) => Some(*number),
            Self::Id(_) | Self::Word(_) | Self::Text(_) => None,
        }
    }
}
