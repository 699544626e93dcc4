//! Questions of the pages and the command line. Each reads one snapshot and blocks for that long.

mod documents;
mod hidden;
mod places;
mod stats;

pub use documents::StoredClause;
pub use hidden::HiddenDocument;
pub use places::Place;
pub use stats::{ContainerStats, SourceStats};

use crate::content::{StoredProblem, StoredRun, history, one_run, problems_of};
use crate::{Store, StoreError};
use access::SourceId;
use model::RunId;

impl Store {
    /// One run.
    pub fn run(&self, run: RunId) -> Result<Option<StoredRun>, StoreError> {
        self.inner.content_reads.read(|sql| one_run(sql, run))
    }

    /// The runs of a source, or of all sources, newest first.
    pub fn runs(&self, source: Option<SourceId>, limit: u32) -> Result<Vec<StoredRun>, StoreError> {
        self.inner.content_reads.read(|sql| history(sql, source, limit))
    }

    /// The problems of a run whose number is above `after` (0 for the first page).
    pub fn problems(&self, run: RunId, after: i64, limit: u32) -> Result<Vec<StoredProblem>, StoreError> {
        self.inner.content_reads.read(|sql| problems_of(sql, run, after, limit))
    }
}
