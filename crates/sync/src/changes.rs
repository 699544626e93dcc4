//! The port through which derived data follows the store.

use access::{Delta, DocNo};
use model::StoredDocument;

/// One life of a store. Restoring a backup starts a new one, so that an index of another life is rebuilt.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Generation(pub String);

/// One changed document. Only its latest change is kept, so the outbox never outgrows the documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Rises with every change of any document.
    pub sequence: u64,
    /// Which document.
    pub docno: DocNo,
    /// The document as it is now; `None` once it is gone.
    pub document: Option<Box<StoredDocument>>,
}

/// Why changes could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read changes from the store: {0}")]
pub struct ChangesError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Reads the outbox. All calls may block on the disk.
pub trait Changes: Send + Sync {
    /// The life of the store that the sequence numbers belong to.
    fn generation(&self) -> Result<Generation, ChangesError>;

    /// The changes behind `sequence`, in rising order. From zero: every live document, which is how an index is rebuilt.
    fn after(&self, sequence: u64, limit: usize) -> Result<Vec<Change>, ChangesError>;

    /// The highest sequence number given so far.
    fn last_sequence(&self) -> Result<u64, ChangesError>;

    /// Whether there is space on the disk for what is derived. While there is none, followers write nothing.
    fn has_room(&self) -> bool {
        true
    }

    /// Blocks until a sequence number above `sequence` exists, or `patience` has passed. True if one exists.
    fn wait_beyond(&self, sequence: u64, patience: std::time::Duration) -> bool;
}

/// Follows access in memory. The store calls it after each commit, in order, from one thread, before it answers.
pub trait Mirror: Send + Sync {
    /// Takes the access side of one committed batch; the first call carries everything stored.
    fn apply(&self, delta: &Delta);
}
