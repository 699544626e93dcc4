//! The text index: words in Tantivy, permissions never (IDX-1).
//!
//! [`Indexer`] follows the store's outbox and commits how far it came. [`AccessMirror`] holds who may see what, together
//! with the searcher that fits it, so that a search sees one consistent pair (ACL-7). [`TantivyIndex`] answers; it asks
//! about each document that would make the list, after the score threshold, so that block-max pruning keeps working.

mod analysis;
mod bare;
mod compile;
mod decisions;
mod error;
mod folder;
mod gate;
mod indexer;
mod mirror;
mod pace;
mod progress;
mod rank;
mod schema;
mod scrub;
mod shielded;
mod shown;
mod sight;
mod steady;
mod tantivy_index;
mod view;
mod walk;

pub use analysis::analyze;
#[doc(hidden)]
pub use bare::Bare;
pub use compile::TITLE_WEIGHT;
pub use error::IndexError;
pub use indexer::Indexer;
pub use mirror::AccessMirror;
pub use progress::{IndexStatus, IndexerHandle};
pub use scrub::{Scrubbed, scrub};
pub use tantivy_index::TantivyIndex;
