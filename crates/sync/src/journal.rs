//! The port through which everything read becomes durable.

use crate::{Checkpoint, Cursor, Item, Reading, Stream};
use access::SourceId;
use async_trait::async_trait;
use model::{ClauseKey, DocumentKey, Millis, NodeKey, Origin, Problem, RunCounts, RunId, RunKind, RunStatus, Target};
use std::collections::BTreeMap;

/// How far one stream of an open run has come.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Progress {
    /// Nothing of it was committed.
    Start,
    /// Go on behind this cursor.
    At(Cursor),
    /// Nothing more to read in this run.
    Complete,
}

/// Where one stream of an open run stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stand {
    /// How far it has come.
    pub progress: Progress,
    /// Losses so far of which it cannot be told what was lost: with any its absences prove nothing and its watermark
    /// stays.
    pub losses: u64,
}

/// What a source owes of one stream: what runs before could not read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Owed {
    /// It could not be told what was lost.
    All,
    /// Just these.
    Only(Vec<Target>),
}

/// A run that may go on.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenRun {
    /// The run.
    pub id: RunId,
    /// Whether it was begun before and broken off.
    pub resumed: bool,
    /// Where its streams stand; a stream that is missing starts anew.
    pub streams: BTreeMap<Stream, Stand>,
    /// The source's own time up to which each stream of the source is known; a stream without one was never read to its
    /// end without a loss, or its source does not tell the time.
    pub watermarks: BTreeMap<Stream, Millis>,
    /// What a retry has taken of what runs before could not read. Its list is made when it is opened and stays.
    pub owed: BTreeMap<Stream, Owed>,
    /// What it has done so far.
    pub counts: RunCounts,
}

/// One batch to make durable.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// The run that read it.
    pub run: RunId,
    /// The source that it comes from.
    pub source: SourceId,
    /// The stream that it comes from.
    pub stream: Stream,
    /// What was asked of the stream.
    pub reading: Reading,
    /// The items, in order.
    pub items: Vec<Item>,
    /// What went wrong in it.
    pub problems: Vec<Problem>,
    /// Where the stream stands with this batch.
    pub checkpoint: Checkpoint,
    /// Calls made for it.
    pub calls: u64,
    /// When its reading began, by the hub's clock: the `read_at` of its permissions.
    pub at: Millis,
    /// When its reading began, by the source's clock.
    pub source_time: Option<Millis>,
}

/// What a commit has changed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Committed {
    /// Documents in the batch.
    pub documents: u64,
    /// Documents among them whose text, facts or place were new.
    pub changed: u64,
    /// The last outbox sequence number given; zero if none was.
    pub sequence: u64,
}

/// What the end of a complete listing has changed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Swept {
    /// Documents missing for the first time: hidden from everybody, not deleted.
    pub unconfirmed: u64,
    /// Documents missing for the second time in a row: still hidden, and now proved to be gone.
    pub proven: u64,
}

/// What became of documents that are proved to be gone.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Buried {
    /// Now tombstones.
    pub deleted: u64,
    /// Left hidden, because deleting so many is for an administrator to confirm.
    pub stopped: u64,
}

/// Why nothing was made durable.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The disk is full.
    #[error("the disk that holds the data directory is full; free some space, then sync again")]
    Full,
    /// The run was closed or its source removed meanwhile.
    #[error("run {} is no longer open", .0.0)]
    RunClosed(RunId),
    /// The items contradict each other or the store, which is a defect of the adapter.
    #[error("cannot store a batch of stream `{stream}`: {reason}")]
    Inconsistent {
        /// The stream.
        stream: Stream,
        /// What does not fit.
        reason: String,
    },
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What is already stored, as far as an adapter needs it to go on after a restart.
pub trait Known: Send + Sync {
    /// Nodes of the source whose own layers have not been read, by key, behind `after`; and content that the open run
    /// has listed, or that stands above it, whose own layers were last read before the run began.
    fn pending(&self, after: Option<&NodeKey>, limit: usize) -> Result<Vec<NodeKey>, JournalError>;

    /// Nodes that others name as their parent but that have no place themselves, by key, behind `after`.
    fn missing_parents(&self, after: Option<&NodeKey>, limit: usize) -> Result<Vec<NodeKey>, JournalError>;

    /// Documents of a stream that the open run has not listed so far, by key, behind `after`: what a complete listing by a
    /// search has left out, or what is gone.
    fn unlisted(
        &self,
        stream: Stream,
        after: Option<&DocumentKey>,
        limit: usize,
    ) -> Result<Vec<DocumentKey>, JournalError>;

    /// Content that has a place but is no document, such as folders, with what it hangs under; by key, behind `after`.
    fn places(&self, after: Option<&NodeKey>, limit: usize) -> Result<Vec<(NodeKey, Option<NodeKey>)>, JournalError>;

    /// Stored clauses of one origin, by key, behind `after`: those that are met with documents only, such as the actors of
    /// a role that comments are restricted to, are read again by their keys before they grow too old.
    fn clauses(&self, origin: Origin, after: Option<&ClauseKey>, limit: usize) -> Result<Vec<ClauseKey>, JournalError>;

    /// Containers in scope, by key: all but those that a complete listing has left out.
    fn containers(&self) -> Result<Vec<model::Container>, JournalError>;

    /// The container and title of documents, for comments and attachments that name only what they hang on.
    /// Keys that are not stored, or that the last complete listing has missed, are left out: what hangs on something hidden
    /// is hidden with it.
    fn documents(
        &self,
        keys: &[DocumentKey],
    ) -> Result<BTreeMap<DocumentKey, (model::ContainerKey, String)>, JournalError>;

    /// The versions in which documents are stored with their text, deleted ones included whose text is still kept. Keys
    /// that are left out have to be read: among them issues that were missing, with which their comments and files were.
    fn versions(&self, keys: &[DocumentKey]) -> Result<BTreeMap<DocumentKey, String>, JournalError>;
}

/// Makes batches durable: one transaction for items, tombstones, checkpoint and outbox rows.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Opens a run, or goes on with one of this kind that was broken off for this source, with its checkpoints. A broken
    /// off run of another kind is closed as cancelled: one run per source at a time.
    ///
    /// A retry takes what somebody has asked for, or else what has rested for long enough. One that was broken off before
    /// somebody asked does not go on: another one takes its list and what was asked for.
    async fn open_run(&self, source: SourceId, kind: RunKind, at: Millis) -> Result<OpenRun, JournalError>;

    /// Commits a batch. After it returns, items and checkpoint are durable together; on an error neither is.
    /// Committing the same batch twice changes nothing the second time.
    ///
    /// The batch that ends a stream moves the stream's watermark to the source's time at the start of the stream, if
    /// nothing was lost in this run, neither in the stream nor in the list of containers.
    async fn commit(&self, commit: Commit) -> Result<Committed, JournalError>;

    /// Ends a complete listing of `stream`: what this run did not list is hidden at once, and proved to be gone only when
    /// the complete listing before missed it, too. Must be called only when the run lost nothing in this stream.
    async fn sweep(&self, run: RunId, stream: Stream, at: Millis) -> Result<Swept, JournalError>;

    /// Deletes what is proved to be gone, unless that is more than the source's settings allow without asking.
    async fn bury(&self, run: RunId, at: Millis) -> Result<Buried, JournalError>;

    /// Records problems outside any batch, such as a stream that was given up.
    async fn report(
        &self,
        run: RunId,
        stream: Option<Stream>,
        problems: Vec<Problem>,
        at: Millis,
    ) -> Result<(), JournalError>;

    /// Closes a run. A run left open, by a crash, is found again by [`open_run`](Self::open_run).
    async fn close_run(
        &self,
        run: RunId,
        status: RunStatus,
        reason: Option<String>,
        at: Millis,
    ) -> Result<(), JournalError>;

    /// What is stored of one source.
    fn known(&self, source: SourceId) -> Box<dyn Known>;
}
