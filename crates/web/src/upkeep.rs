//! What keeps a hub whole: backups, checks of its files, and how it is at the moment.
//!
//! The binary implements this port over store and index. Nothing here shows content.

use crate::operations::OperationError;
use std::path::PathBuf;

/// Long work on the hub's own files.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Chore {
    /// Copies both databases into one file.
    Backup {
        /// The file to make, as an absolute path on the hub's machine.
        to: PathBuf,
        /// Whether the key goes with it.
        with_key: bool,
    },
    /// Reads every file and compares it with what was written.
    Scrub,
}

/// Which chore, without what is wanted of it. At most one of each kind is under way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ChoreKind {
    /// [`Chore::Backup`].
    Backup,
    /// [`Chore::Scrub`].
    Scrub,
}

impl Chore {
    /// Its kind.
    pub fn kind(&self) -> ChoreKind {
        match self {
            Self::Backup { .. } => ChoreKind::Backup,
            Self::Scrub => ChoreKind::Scrub,
        }
    }
}

/// How a chore goes, or how the last one of its kind went.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum ChoreState {
    /// None was begun since the hub started.
    #[default]
    Idle,
    /// It is under way.
    Running {
        /// What is being done: `copying content.db`.
        doing: String,
        /// Bytes or rows done of this part.
        done: u64,
        /// All of this part; zero if that is not known.
        total: u64,
    },
    /// It has ended well.
    Done {
        /// What came of it, for people.
        result: String,
    },
    /// It has ended without what it was for.
    Failed {
        /// Why, and what to do.
        reason: String,
        /// A stable name for programs: `disk-full`, `damaged`, `failed`.
        code: &'static str,
    },
}

/// How the hub is at the moment.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Condition {
    /// The text index is being built anew: searches may not find everything.
    pub rebuilding: bool,
    /// The text index does not move on: what changed last is not found.
    pub stuck: bool,
    /// A file of the store is damaged, and the hub is about to stop.
    pub damaged: bool,
    /// The disk is full: crawls wait for space.
    pub disk_full: bool,
}

/// How far the text index follows the store, as numbers of changes since the store was made.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct IndexReach {
    /// Changes that are stored.
    pub stored: u64,
    /// Changes that searches find. Less than `stored` while the index is behind.
    pub searchable: u64,
    /// It does not move on, also where it is being built anew.
    pub stuck: bool,
}

/// What can be done to keep the hub whole.
pub trait Upkeep: Send + Sync {
    /// Begins a chore; refused while another one of its kind is under way.
    fn begin(&self, chore: Chore) -> Result<(), OperationError>;

    /// Asks a chore to stop; harmless if none is under way.
    fn stop(&self, kind: ChoreKind);

    /// How the hub is. Looks at the disk, and takes space back there that was given away; may block.
    fn condition(&self) -> Condition;

    /// Whether the text index is being built anew. Looks at nothing: each search asks.
    fn is_rebuilding(&self) -> bool;

    /// How far the text index has come.
    fn reach(&self) -> IndexReach;

    /// How a chore goes.
    fn state(&self, kind: ChoreKind) -> ChoreState;
}
