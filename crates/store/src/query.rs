//! Questions of the pages and the command line. Each reads one snapshot and blocks for that long.

mod agenda;
mod documents;
mod examine;
mod hidden;
mod places;
mod stats;

pub use agenda::{Ageing, Freshness};
pub use documents::StoredClause;
pub use examine::{DecidedAlike, SampledDocument, UnreadParent};
pub use hidden::HiddenDocument;
pub use places::Place;
pub use stats::{ContainerStats, SourceStats};

use crate::content::{
    StoredDebt, StoredProblem, StoredRun, debts, debts_of, history, name, names, newest_problems, one_run,
    problems_holding, problems_of, warnings,
};
use crate::{Store, StoreError};
use access::SourceId;
use model::{NamedKind, RunId, RunStatus};
use std::collections::BTreeMap;
use sync::Debts;

impl Store {
    /// One run.
    pub fn run(&self, run: RunId) -> Result<Option<StoredRun>, StoreError> {
        self.inner.content_reads.read(|sql| one_run(sql, run))
    }

    /// The runs of a source, or of all sources, newest first.
    pub fn runs(&self, source: Option<SourceId>, limit: u32) -> Result<Vec<StoredRun>, StoreError> {
        self.inner.content_reads.read(|sql| history(sql, source, limit))
    }

    /// The run of a source that is open: under way, or broken off.
    pub fn open_run_of(&self, source: SourceId) -> Result<Option<StoredRun>, StoreError> {
        let newest = self.runs(Some(source), 1)?.into_iter().next();
        Ok(newest.filter(|run| run.status == RunStatus::Running))
    }

    /// What runs of a source could not read, with numbers above `after` (0 for the first page).
    pub fn owed(&self, source: SourceId, after: i64, limit: u32) -> Result<Vec<StoredDebt>, StoreError> {
        self.inner.content_reads.read(|sql| debts_of(sql, source, after, limit))
    }

    /// How much that is.
    pub fn debts(&self, source: SourceId) -> Result<Option<Debts>, StoreError> {
        self.inner.content_reads.read(|sql| debts(sql, source))
    }

    /// The problems of a run whose number is above `after` (0 for the first page).
    pub fn problems(&self, run: RunId, after: i64, limit: u32) -> Result<Vec<StoredProblem>, StoreError> {
        self.inner.content_reads.read(|sql| problems_of(sql, run, after, limit))
    }

    /// What holds of a source now, behind `after`: the problems of its newest run, and of earlier ones what is no loss and was
    /// not read again since.
    pub fn problems_of_source(
        &self,
        source: SourceId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<StoredProblem>, StoreError> {
        self.inner.content_reads.read(|sql| problems_holding(sql, source, after, limit))
    }

    /// The same, the newest first: what happened last is there however much stands from before.
    pub fn newest_problems_of_source(&self, source: SourceId, limit: u32) -> Result<Vec<StoredProblem>, StoreError> {
        self.inner.content_reads.read(|sql| newest_problems(sql, source, limit))
    }

    /// What the product calls the security levels, fields or folders that layers of a source speak of, by native id.
    pub fn names(&self, source: SourceId, kind: NamedKind) -> Result<BTreeMap<String, String>, StoreError> {
        self.inner.content_reads.read(|sql| names(sql, source, kind))
    }

    /// What it calls one of them.
    pub fn name(&self, source: SourceId, kind: NamedKind, native: &str) -> Result<Option<String>, StoreError> {
        self.inner.content_reads.read(|sql| name(sql, source, kind, native))
    }

    /// How much of that is no loss.
    pub fn warnings(&self, source: SourceId) -> Result<u64, StoreError> {
        self.inner.content_reads.read(|sql| warnings(sql, source))
    }
}
