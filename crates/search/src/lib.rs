//! What people ask, what a hit is, and the port behind which a text index stands.
//!
//! [`SearchIndex::search`] takes a [`Viewer`](access::Viewer), which only a directory can make: an unfiltered search
//! cannot be written by accident. [`ReferenceIndex`] is the naive scan that every real index must equal, and
//! `conformance` (a feature, for tests) is the suite that says so.

#[cfg(feature = "conformance")]
pub mod conformance;
mod hit;
mod meaning;
mod port;
mod query;
mod reference;
mod request;
mod snippet;

pub use hit::{Facets, Hit, HitDocument, Results, Segment, plain};
pub use meaning::{Form, Meaning, Part, title_terms};
pub use port::{Analyze, SearchError, SearchIndex, Token};
pub use query::{Hint, Occur, Query, QueryTerm, issue_key};
pub use reference::ReferenceIndex;
pub use request::{Filters, Page, Request};
pub use snippet::{SNIPPET, highlight, snippet};
