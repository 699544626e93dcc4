//! What the hub can be asked to do with sources: the same operations for pages, REST API and command line.
//!
//! The binary implements this port over adapters, store and sync engine; tests implement it over fixed answers. Nothing
//! here shows content: whoever reads documents needs a `Viewer`.

use access::SourceId;
use async_trait::async_trait;
use model::{Container, Cycles, Deletion, Duration, Product, RunCounts, RunId, RunKind, RunStatus, Scope};
use secrecy::SecretString;
use store::StoreError;

/// What an administrator types to connect a site.
#[derive(Clone)]
pub struct Connection {
    /// The site as typed, such as `acme.atlassian.net`.
    pub domain: String,
    /// The service account's API token.
    pub token: SecretString,
    /// The organization's id and API key, for e-mails and groups from its directory.
    pub organization: Option<(String, SecretString)>,
}

/// How one check came out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CheckOutcome {
    /// As it should be.
    Ok,
    /// It works, but something will be missing.
    Warning,
    /// It does not work.
    Failed,
}

/// One row of a credential check.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CheckRow {
    /// What was checked.
    pub check: String,
    /// How it came out.
    pub outcome: CheckOutcome,
    /// What was found.
    pub found: String,
    /// What to do about it; empty if nothing.
    pub remedy: String,
}

/// The result of a credential check. Never holds a secret.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CheckReport {
    /// The rows, in the order of the checks.
    pub rows: Vec<CheckRow>,
    /// The products that can be connected with this credential.
    pub products: Vec<Product>,
}

/// A space or project that the service account can see now, with whether the settings include it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedContainer {
    /// The space or project.
    pub container: Container,
    /// Whether it is in scope.
    pub included: bool,
}

/// How a running sync goes.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncProgress {
    /// The run, once it has begun.
    pub run: Option<RunId>,
    /// What it reads.
    pub kind: RunKind,
    /// Where it stands.
    pub status: RunStatus,
    /// What it has done.
    pub counts: RunCounts,
    /// Documents per second over the last seconds.
    pub rate: f64,
    /// Seconds left, if that can be told.
    pub seconds_left: Option<u64>,
    /// What is being read, for people: `pages, blog posts`.
    pub reading: String,
    /// Parts done, of all parts.
    pub parts: (usize, usize),
    /// Runs that wait for this one, in order.
    pub waiting: Vec<RunKind>,
    /// Why it does not go on, if it does not.
    pub held_up: Option<String>,
}

/// Where a source says that something changed. A reason to look and no more: what is stored comes from reading there.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Hint {
    /// At the issue with this id, its comments and files.
    Issue(String),
    /// At the project with this id.
    Project(String),
    /// Somewhere.
    Anything,
}

/// Why an operation was refused. The message is for people; nothing was changed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum OperationError {
    /// There is no such source.
    #[error("there is no source {}", .0.0)]
    NoSuchSource(SourceId),
    /// The credential check failed.
    #[error("the credential check failed: {}", .0.rows.iter().filter(|row| row.outcome == CheckOutcome::Failed)
        .map(|row| format!("{}: {}", row.check, row.found)).collect::<Vec<_>>().join("; "))]
    CheckFailed(CheckReport),
    /// The source is in a state in which this cannot be done.
    #[error("{0}")]
    Refused(String),
    /// The site could not be reached or refused the credential.
    #[error("{0}")]
    Source(String),
    /// The disk is full.
    #[error("{}", StoreError::Full)]
    Full,
    /// The store failed.
    #[error("{0}")]
    Store(String),
}

impl From<StoreError> for OperationError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            other => Self::Store(other.to_string()),
        }
    }
}

/// What can be done with sources.
#[async_trait]
pub trait Operations: Send + Sync {
    /// Tries a credential. Stores nothing.
    async fn check(&self, connection: &Connection) -> CheckReport;

    /// Tries the stored credential of a source again.
    async fn recheck(&self, source: SourceId) -> Result<CheckReport, OperationError>;

    /// Checks and, if nothing failed, stores one source per product. Nothing is read before the first save or sync.
    async fn connect(&self, connection: Connection) -> Result<(CheckReport, Vec<SourceId>), OperationError>;

    /// Lists the spaces or projects that the service account sees now.
    async fn containers(&self, source: SourceId) -> Result<Vec<ListedContainer>, OperationError>;

    /// Saves what is wanted of a source and starts a sync.
    async fn save_scope(&self, source: SourceId, scope: Scope) -> Result<(), OperationError>;

    /// Starts a run. Behind one that is under way it waits; one of the same kind is enough. A retry tries everything that is
    /// owed, and waits behind another one, too, which may try less. The run that was asked for is the first of its kind with
    /// a number above the one that is returned.
    async fn start_sync(&self, source: SourceId, kind: RunKind) -> Result<RunId, OperationError>;

    /// Tries one thing again that runs could not read, and nothing else. Waits and answers as
    /// [`start_sync`](Self::start_sync); `None` if nothing of that number is owed.
    async fn retry(&self, source: SourceId, debt: i64) -> Result<Option<RunId>, OperationError>;

    /// Asks a running sync to stop; harmless if none is running.
    async fn cancel_sync(&self, source: SourceId) -> Result<(), OperationError>;

    /// Reads soon what has changed at a source: at once, or right after the run that is under way. However many hints come
    /// meanwhile, one run follows. Does nothing for a source that is not being read. Returns without waiting.
    fn look(&self, source: SourceId, hint: Hint);

    /// Reads nothing more of a source until it is resumed. A run under way is broken off and goes on then.
    async fn pause(&self, source: SourceId) -> Result<(), OperationError>;

    /// Reads a paused source again.
    async fn resume(&self, source: SourceId) -> Result<(), OperationError>;

    /// Saves how often a source is read; takes effect at once.
    async fn save_cycles(&self, source: SourceId, cycles: Cycles) -> Result<(), OperationError>;

    /// Saves how old permissions may grow.
    async fn save_max_age(&self, source: SourceId, max_age: Duration) -> Result<(), OperationError>;

    /// Saves how many calls an hour reading it may cost; takes effect with its next run.
    async fn save_hourly_budget(&self, source: SourceId, calls: Option<u32>) -> Result<(), OperationError>;

    /// Saves how far deletion may go.
    async fn save_deletion(&self, source: SourceId, deletion: Deletion) -> Result<(), OperationError>;

    /// How the running sync goes; `None` if none is running.
    fn progress(&self, source: SourceId) -> Option<SyncProgress>;

    /// Removes a source with its documents and credential.
    async fn remove(&self, source: SourceId) -> Result<(), OperationError>;
}
