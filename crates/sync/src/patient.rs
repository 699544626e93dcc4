//! A journal that waits where a full disk would end a run (SYN-14).
//!
//! A write that found no space changed nothing, so it is offered again until there is space: batches, and as well the
//! first and the last words of a run. The run stays open all the while and goes on by itself.

use crate::{Buried, Commit, Committed, Journal, JournalError, Known, OpenRun, Stream, Swept};
use access::SourceId;
use async_trait::async_trait;
use model::{Millis, Problem, ProblemKind, RunId, RunKind, RunStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Waits for space on behalf of one run.
pub struct PatientJournal {
    inner: Arc<dyn Journal>,
    cancel: CancellationToken,
    pause: Duration,
    waiting: watch::Sender<bool>,
    told: AtomicBool,
}

impl PatientJournal {
    /// How long a run waits between two looks for space.
    pub const PAUSE: Duration = Duration::from_secs(2);

    /// Wraps a journal for one run. Once `cancel` is set nothing waits any more. The receiver says whether the run waits.
    pub fn new(inner: Arc<dyn Journal>, cancel: CancellationToken, pause: Duration) -> (Self, watch::Receiver<bool>) {
        let (waiting, watching) = watch::channel(false);
        (Self { inner, cancel, pause, waiting, told: AtomicBool::new(false) }, watching)
    }

    /// Offers a write until it finds space or the run is to end.
    async fn insist<T, F>(
        &self,
        run: Option<RunId>,
        at: Millis,
        write: impl Fn() -> F + Send,
    ) -> Result<T, JournalError>
    where
        T: Send,
        F: Future<Output = Result<T, JournalError>> + Send,
    {
        loop {
            match write().await {
                Err(JournalError::Full) if self.wait(run, at).await => {}
                answer => {
                    self.goes_on();
                    return answer;
                }
            }
        }
    }

    /// Waits a while. False if the run is to end instead.
    async fn wait(&self, run: Option<RunId>, at: Millis) -> bool {
        self.waiting.send_if_modified(|waiting| !std::mem::replace(waiting, true));
        if let Some(run) = run
            && !self.told.swap(true, Ordering::Relaxed)
        {
            let reason = "was full; the run waited until there was space again and missed nothing by it";
            let notice = Problem::new(ProblemKind::Notice, "disk of the data directory", reason);
            // Small as it is, it may find no space either; the log and the source's state tell the same.
            if let Err(error) = self.inner.report(run, None, vec![notice], at).await {
                tracing::debug!(%error, "the full disk cannot be noted with the run");
            }
        }
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => false,
            () = tokio::time::sleep(self.pause) => true,
        }
    }

    fn goes_on(&self) {
        self.waiting.send_if_modified(|waiting| std::mem::replace(waiting, false));
    }
}

#[async_trait]
impl Journal for PatientJournal {
    async fn open_run(&self, source: SourceId, kind: RunKind, at: Millis) -> Result<OpenRun, JournalError> {
        self.insist(None, at, || self.inner.open_run(source, kind, at)).await
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, JournalError> {
        self.insist(Some(commit.run), commit.at, || self.inner.commit(commit.clone())).await
    }

    async fn sweep(&self, run: RunId, stream: Stream, at: Millis) -> Result<Swept, JournalError> {
        self.insist(Some(run), at, || self.inner.sweep(run, stream, at)).await
    }

    async fn bury(&self, run: RunId, at: Millis) -> Result<Buried, JournalError> {
        self.insist(Some(run), at, || self.inner.bury(run, at)).await
    }

    async fn report(
        &self,
        run: RunId,
        stream: Option<Stream>,
        problems: Vec<Problem>,
        at: Millis,
    ) -> Result<(), JournalError> {
        self.insist(Some(run), at, || self.inner.report(run, stream, problems.clone(), at)).await
    }

    async fn close_run(
        &self,
        run: RunId,
        status: RunStatus,
        reason: Option<String>,
        at: Millis,
    ) -> Result<(), JournalError> {
        self.insist(Some(run), at, || self.inner.close_run(run, status, reason.clone(), at)).await
    }

    fn known(&self, source: SourceId) -> Box<dyn Known> {
        self.inner.known(source)
    }
}
