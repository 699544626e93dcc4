//! JQL as Jira Cloud answers it: `parse`, then [`Jql::bind`] for a caller, then [`Bound::matches`] per issue.
//!
//! The traps that this module exists for: a naive date is read in the caller's zone; `!=` and `NOT IN` (and `NOT` before `=`) leave out
//! issues whose field is EMPTY; an unknown name is a 400 for a signed-in caller and an empty result for an anonymous one; an issue that the
//! caller cannot see counts as unknown.

mod bind;
mod error;
mod field;
mod grammar;
mod lexer;
mod message;
mod operand;
mod operand_date;
mod plan;
mod record;
mod sort;
mod tree;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use error::{JqlError, Place, Problem, Wanted};
pub use field::{CustomField, CustomKind, Field};
pub use plan::Bound;
pub use record::{Caller, IssueRecord, IssueRef, Literal, Names};
pub use sort::SortKey;
pub use tree::{Clause, FieldName, Jql, Operand, Operator, SortBy, Term};

/// Reads a query. An empty one, or one that only sorts, is accepted here: see [`Jql::require_bounded`].
///
/// # Errors
/// The product's syntax error with line and character.
pub fn parse(text: &str) -> Result<Jql, JqlError> {
    grammar::parse(text).map_err(JqlError::from)
}
