//! CQL as Confluence Cloud answers it: `parse`, then [`Cql::bind`] for a caller, then [`Bound::matches`] per piece of content.
//!
//! Unlike JQL there is no EMPTY and no third truth value: `label != x` finds content without labels. Names are not validated: an unknown
//! space or person finds nothing. Dates stop at minutes on both sides, so `lastmodified > "12:00"` leaves out an edit at 12:00:30.

mod bind;
mod context;
mod error;
mod field;
mod grammar;
mod lexer;
mod plan;
mod tree;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use context::CqlContext;
pub use error::{CqlError, Reason};
pub use field::{Field, Surface};
pub use plan::{Bound, ContentRecord, SortKey};
pub use tree::{Clause, Cql, Operand, Operator, SortBy, Term};

/// Reads a query. An empty one is refused, and so is one that only sorts.
///
/// # Errors
/// The product's 400, which repeats the query and says little else.
pub fn parse(text: &str) -> Result<Cql, CqlError> {
    grammar::parse(text)
}
