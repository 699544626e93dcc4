//! The journal port: requests go to the writer of `content.db`, answers come back once they are durable.

use crate::content::{CommitError, StoredRun, sweep_candidates};
use crate::known::KnownSource;
use crate::{Store, StoreError};
use access::SourceId;
use access::mutants::off;
use async_trait::async_trait;
use model::{Duration, Millis, Problem, RunId, RunKind, RunStatus};
use sync::{Buried, Commit, Committed, Journal, JournalError, Known, OpenRun, Stream, Swept};

/// Documents judged in one transaction.
const SWEEP_SLICE: u32 = 500;
/// Clauses closed in one transaction.
const EXPIRE_SLICE: u32 = 1000;

#[async_trait]
impl Journal for Store {
    async fn open_run(&self, source: SourceId, kind: RunKind, at: Millis) -> Result<OpenRun, JournalError> {
        let open =
            move |content: &mut crate::content::Content| content.transact(source, |batch| batch.open_run(kind, at));
        self.inner.content.run(open).await.map_err(|error| match error {
            CommitError::Closed => JournalError::Store(format!("source {} is being removed", source.0).into()),
            other => refused(other, RunId(0), Stream::Directory),
        })
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, JournalError> {
        self.require_room()?;
        let (run, stream) = (commit.run, commit.stream);
        let answer = self.inner.content.run(move |content| {
            if off("store.checkpoint-with-items") {
                content
                    .transact(commit.source, |batch| batch.commit(&Commit { items: Vec::new(), ..commit.clone() }))?;
                // Two transactions lie apart on a busy disk; a proof has no time to wait for one.
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            content.transact(commit.source, |batch| batch.commit(&commit))
        });
        answer.await.map_err(|error| refused(error, run, stream))
    }

    async fn sweep(&self, run: RunId, stream: Stream, _: Millis) -> Result<Swept, JournalError> {
        let source = self.open_source(run)?;
        if stream == Stream::Containers {
            let scope = self.source(source)?.map(|source| source.settings.scope).unwrap_or_default();
            let sweep = move |content: &mut crate::content::Content| {
                content.transact(source, |batch| {
                    batch.require_open(run)?;
                    Ok::<_, CommitError>(batch.sweep_containers(run, &scope)?)
                })
            };
            self.inner.content.run(sweep).await.map_err(|error| refused(error, run, stream))?;
            return Ok(Swept::default());
        }
        let (mut swept, mut after) = (Swept::default(), None);
        loop {
            let listing = (source, run, stream);
            let docs = self.inner.content_reads.read(|sql| sweep_candidates(sql, listing, after, SWEEP_SLICE))?;
            let Some(last) = docs.last().copied() else { return Ok(swept) };
            after = Some(last);
            self.require_room()?;
            let judge = move |content: &mut crate::content::Content| {
                content.transact(source, |batch| {
                    batch.require_open(run)?;
                    Ok::<_, CommitError>(batch.sweep_documents(&docs, run, stream)?)
                })
            };
            let slice = self.inner.content.run(judge).await.map_err(|error| refused(error, run, stream))?;
            swept.unconfirmed += slice.unconfirmed;
            swept.proven += slice.proven;
        }
    }

    async fn bury(&self, run: RunId, at: Millis) -> Result<Buried, JournalError> {
        let source = self.open_source(run)?;
        Ok(self.bury_allowed(source, at).await?)
    }

    async fn report(
        &self,
        run: RunId,
        stream: Option<Stream>,
        problems: Vec<Problem>,
        at: Millis,
    ) -> Result<(), JournalError> {
        let source = self.open_source(run)?;
        let report = move |content: &mut crate::content::Content| {
            content.transact(source, |batch| batch.report(run, stream, &problems, at))
        };
        self.inner.content.run(report).await.map_err(|error| refused(error, run, Stream::Directory))
    }

    async fn close_run(
        &self,
        run: RunId,
        status: RunStatus,
        reason: Option<String>,
        at: Millis,
    ) -> Result<(), JournalError> {
        let source = self.open_source(run)?;
        let close = move |content: &mut crate::content::Content| {
            content.transact(source, |batch| batch.close_run(run, status, reason.as_deref(), at))
        };
        self.inner.content.run(close).await.map_err(|error| refused(error, run, Stream::Directory))
    }

    fn known(&self, source: SourceId) -> Box<dyn Known> {
        Box::new(KnownSource::new(self.clone(), source))
    }
}

impl Store {
    /// Asks an open run to stop. False if it was over already.
    pub async fn ask_cancel(&self, run: RunId) -> Result<bool, StoreError> {
        let Some(found) = self.run(run)? else { return Ok(false) };
        self.inner.content.run(move |content| content.transact(found.source, |batch| batch.ask_cancel(run))).await
    }

    /// Wants one debt tried by the next retry, which leaves the others alone, or all that there are now. That retry is a run
    /// with a number above the one that is returned; `None` if nothing of that number is owed.
    pub async fn ask_for_owed(&self, source: SourceId, debt: Option<i64>) -> Result<Option<RunId>, StoreError> {
        self.inner.content.run(move |content| content.transact(source, |batch| batch.ask_for(debt))).await
    }

    /// Forgets what was asked for, and no retry has taken.
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method alone is of one transaction's lifetime")]
    pub async fn forget_asked(&self, source: SourceId) -> Result<(), StoreError> {
        self.inner.content.run(move |content| content.transact(source, |batch| batch.forget_asked())).await
    }

    /// Notes how many documents a run will list in all.
    pub async fn expect(&self, run: RunId, documents: u64) -> Result<(), StoreError> {
        let Some(found) = self.run(run)? else { return Ok(()) };
        self.inner
            .content
            .run(move |content| content.transact(found.source, |batch| batch.expect(run, documents)))
            .await
    }

    /// Closes the permissions of a source that were last confirmed longer than `max_age` ago, until they are read again.
    /// The number of clauses, nodes and directories closed.
    pub async fn expire_permissions(
        &self,
        source: SourceId,
        now: Millis,
        max_age: Duration,
    ) -> Result<u64, StoreError> {
        if access::mutants::off("store.stale") {
            return Ok(0);
        }
        let bound = Millis(now.0.saturating_sub(max_age.0));
        let directory = move |content: &mut crate::content::Content| {
            content.transact(source, |batch| batch.expire_directory(bound))
        };
        let directory = u64::from(self.inner.content.run(directory).await?);
        let clauses = self.slices(source, EXPIRE_SLICE, move |batch| batch.expire_clauses(bound, EXPIRE_SLICE)).await?;
        let nodes = self.slices(source, EXPIRE_SLICE, move |batch| batch.expire_nodes(bound, EXPIRE_SLICE)).await?;
        Ok(directory + clauses + nodes)
    }

    /// Repeats a step, each time in a transaction of its own, until it does less than a whole slice.
    pub(crate) async fn slices(
        &self,
        source: SourceId,
        slice: u32,
        step: impl Fn(&mut crate::content::Batch<'_>) -> Result<u64, StoreError> + Clone + Send + 'static,
    ) -> Result<u64, StoreError> {
        let mut all = 0;
        loop {
            let step = step.clone();
            let one = move |content: &mut crate::content::Content| content.transact(source, |batch| step(batch));
            let done: u64 = self.inner.content.run(one).await?;
            all += done;
            if done < u64::from(slice) {
                return Ok(all);
            }
        }
    }

    /// What is large waits for space, so that what is small finds some.
    fn require_room(&self) -> Result<(), JournalError> {
        if self.has_room() { Ok(()) } else { Err(JournalError::Full) }
    }

    fn open_source(&self, run: RunId) -> Result<SourceId, JournalError> {
        let found: Option<StoredRun> = self.run(run)?;
        found.map(|run| run.source).ok_or(JournalError::RunClosed(run))
    }
}

fn refused(error: CommitError, run: RunId, stream: Stream) -> JournalError {
    match error {
        CommitError::Closed => JournalError::RunClosed(run),
        CommitError::Inconsistent(reason) => JournalError::Inconsistent { stream, reason },
        CommitError::Store(error) => error.into(),
    }
}
