//! The port behind which a text index stands.

use crate::{HitDocument, Request, Results};
use access::{DocNo, Viewer};

/// A word as an index knows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Token {
    /// The form under which it is indexed and looked up.
    pub term: String,
    /// Its place among the words, for phrases.
    pub position: usize,
    /// Where it stands in the text: byte offsets.
    pub span: std::ops::Range<usize>,
    /// Whether it is a further form of a word whose pieces are tokens, too: `getUserName` beside `get`, `user`, `name`.
    pub whole: bool,
    /// Whether it stands in so many texts that it says little about any of them, such as `the`.
    pub common: bool,
}

/// Turns text into tokens. Every index has one; the reference index borrows that of the index it is compared with.
pub type Analyze = fn(&str) -> Vec<Token>;

/// Why a search failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// More hits were asked for than anybody may page through.
    #[error("results end at number {deepest}; narrow the query instead of paging further")]
    TooDeep {
        /// The last hit that can be asked for.
        deepest: usize,
    },
    /// The index failed; the message says how.
    #[error("the text index failed: {0}")]
    Index(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A text index together with its view of access.
///
/// Meaning, which the `conformance` suite checks against [`ReferenceIndex`](crate::ReferenceIndex):
///
/// - [`Meaning`](crate::Meaning) says what a query asks. A document matches when no `MustNot` part occurs in it, every
///   `Must` part does, and, if there are `Should` parts and no `Must` parts, at least one of them does. Title (a
///   comment has none of its own), headings, body and the exact issue key are searched; a phrase must occur within one of title and body. Headings are part of
///   the body; as a field they only add weight.
/// - Only documents that the viewer is admitted to count anywhere: hits, nested hits, totals, facets, snippets.
/// - Hits are groups: documents with the same `group` are one hit. `total` counts groups.
/// - Under a hit whose own document cannot be shown, the matching document with the lowest number stands in for it. A
///   comment carries the title of what it stands under only where that one can be shown.
/// - Order: exact issue key first, then exact title, then by relevance, of equals the one that changed last, then by
///   document number.
pub trait SearchIndex: Send + Sync {
    /// Answers a request. May block on the disk.
    fn search(&self, viewer: &Viewer, request: &Request) -> Result<Results, SearchError>;

    /// Those of these documents that the viewer may see, in this order, without excerpts; comments without a title.
    ///
    /// The second check of whatever another document names: access and text are of one snapshot, so that a title that
    /// was read under new permissions is never shown under old ones. May block on the disk.
    fn documents(&self, viewer: &Viewer, numbers: &[DocNo]) -> Result<Vec<HitDocument>, SearchError>;
}
