//! Why the store could not do something, in words that say what to do next.

use std::io;
use std::path::{Path, PathBuf};
use sync::JournalError;

/// Why a data directory could not be opened. Nothing in it was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process owns the directory.
    #[error("data directory `{}` is in use by another fossick process; stop that one or name another directory", .0.display())]
    InUse(PathBuf),
    /// A newer version wrote it.
    #[error(
        "`{}` has format {found}, but this version knows formats up to {known}; \
         start the newer fossick that wrote it, or restore a backup made by this version", path.display()
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that this version knows.
        known: i64,
    },
    /// A file is not what was written.
    #[error("`{}` is damaged ({reason}); restore a backup with `fossick restore`", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Secrets cannot be read with this key.
    #[error("the key in `{}` is not the one that this data directory was written with; put the original key file back", .0.display())]
    WrongKey(PathBuf),
    /// The directory holds data, but no key.
    #[error("`{}` is missing, and the secrets in this data directory cannot be read without it; put it back from your backup", .0.display())]
    KeyMissing(PathBuf),
    /// The file system refused.
    #[error("cannot use `{}`: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The SQLite compiled in has a defect that loses data.
    #[error("SQLite {0} is too old: 3.51.3 or newer is needed")]
    OldSqlite(&'static str),
    /// The store failed.
    #[error("cannot open the store: {0}")]
    Store(#[from] StoreError),
}

impl OpenError {
    /// What the file system said of one file or directory.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Store(StoreError::Full),
            _ => Self::Io { path: path.to_owned(), source },
        }
    }
}

/// Why a read or write of the store failed. A failed write has changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full.
    #[error("the disk that holds the data directory is full; free some space, then try again")]
    Full,
    /// A file is not what was written.
    #[error("the store is damaged: {0}; stop fossick and restore a backup with `fossick restore`")]
    Damaged(String),
    /// A stored value has a form that this version does not know.
    #[error("a stored {what} cannot be read; the data was written by a newer version, or is damaged")]
    Unreadable {
        /// What kind of value.
        what: &'static str,
    },
    /// There are no numbers left.
    #[error("the store has given away all numbers for {0}; start with a new data directory")]
    Exhausted(&'static str),
    /// The writer has ended, because the store is closing or a defect stopped it.
    #[error("the store has stopped; look for the first error in the log and restart fossick")]
    Stopped,
    /// No random bytes could be had.
    #[error("the system gave no random bytes: {0}")]
    Entropy(#[source] std::io::Error),
    /// A thread could not be started.
    #[error("cannot start the store's writer: {0}")]
    Thread(#[source] std::io::Error),
    /// SQLite failed otherwise.
    #[error("the database failed: {0}")]
    Sql(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase};
        use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
        match error.sqlite_error_code() {
            Some(DiskFull) => Self::Full,
            Some(DatabaseCorrupt | NotADatabase) => Self::Damaged(error.to_string()),
            // The file beside the log, which readers and the writer share, could not be made larger.
            _ if error.sqlite_error().is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE) => Self::Full,
            _ => Self::Sql(error),
        }
    }
}

impl From<StoreError> for JournalError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            other => Self::Store(Box::new(other)),
        }
    }
}

/// Shorthand for results of the store.
pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_or_a_quota_without_space_is_told_from_other_refusals() {
        let told = |kind: io::ErrorKind| OpenError::io(Path::new("data/key"))(kind.into());
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            assert!(matches!(told(kind), OpenError::Store(StoreError::Full)), "{kind}");
        }
        assert!(matches!(told(io::ErrorKind::PermissionDenied), OpenError::Io { .. }));
    }
}
