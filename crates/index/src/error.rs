//! Why the text index cannot be followed, and whether it is for want of space.

use std::io::{self, ErrorKind};
use sync::ChangesError;
use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};

/// Why the index cannot be opened or moved on.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The folder or a file of the index cannot be read or written.
    #[error("cannot use the folder of the text index: {0}; check its permissions and the free space of its disk")]
    Folder(#[from] std::io::Error),
    /// The store could not say what has changed.
    #[error(transparent)]
    Changes(#[from] ChangesError),
    /// Tantivy failed.
    #[error("the text index failed: {0}")]
    Tantivy(#[from] TantivyError),
    /// A document cannot be written.
    #[error("document {docno} cannot be indexed: {source}")]
    Document {
        /// Its number.
        docno: u32,
        /// Why.
        source: serde_json::Error,
    },
}

impl IndexError {
    /// Whether the disk or a quota has no space left.
    pub fn is_full(&self) -> bool {
        let error = match self {
            Self::Folder(error) => Some(error),
            Self::Tantivy(error) => said_by_system(error),
            Self::Changes(_) | Self::Document { .. } => None,
        };
        error.is_some_and(|error| matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
    }
}

/// Tantivy does not name its causes as sources.
fn said_by_system(error: &TantivyError) -> Option<&io::Error> {
    match error {
        TantivyError::IoError(error)
        | TantivyError::LockFailure(LockError::IoError(error), _)
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: error, .. })
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: error, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: error, .. }) => Some(error),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::sync::Arc;

    #[test]
    fn want_of_space_is_told_wherever_tantivy_met_it() {
        let met = |kind: ErrorKind| {
            let (error, filepath) = (Arc::new(io::Error::from(kind)), PathBuf::from("meta.json"));
            [
                IndexError::Folder(kind.into()),
                TantivyError::IoError(error.clone()).into(),
                TantivyError::LockFailure(LockError::IoError(error.clone()), None).into(),
                TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: error, filepath }).into(),
            ]
        };
        for kind in [ErrorKind::StorageFull, ErrorKind::QuotaExceeded] {
            assert!(met(kind).iter().all(IndexError::is_full), "{kind}");
        }
        assert!(!met(ErrorKind::PermissionDenied).iter().any(IndexError::is_full));
    }
}
