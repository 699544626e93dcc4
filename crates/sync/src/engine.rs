//! One run: stages of streams, each batch durable before the next step, everything missed on record.
//!
//! - SYN-1: a checkpoint is never durable without its items, nor the items without it.
//! - SYN-3: absence is judged only where the whole listing, and the list of containers, came without a loss.
//! - SYN-4: one bad record or stream never stops the others; a refused credential or a failing store stops all.
//! - SYN-8: a run that missed anything is not `succeeded`.

use crate::patience::Patience;
use crate::{
    Batch, Checkpoint, Commit, Cursor, FetchError, FetchErrorKind, Journal, JournalError, Known, OpenRun, Progress,
    Source, Stream,
};
use access::SourceId;
use futures_util::future::join_all;
use model::{Millis, Problem, ProblemKind, RunCounts, RunEvent, RunId, RunKind, RunStatus};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What a run tells while it runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunProgress {
    /// The run, once it is open.
    pub run: Option<RunId>,
    /// What it has done.
    pub counts: RunCounts,
    /// Streams that are being read.
    pub reading: BTreeSet<Stream>,
    /// Streams that have ended.
    pub ended: BTreeSet<Stream>,
    /// How many streams there are.
    pub streams: usize,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOutcome {
    /// The run.
    pub run: RunId,
    /// How it ended.
    pub status: RunStatus,
    /// What it did.
    pub counts: RunCounts,
    /// Whether the source refused the credential.
    pub refused: bool,
    /// Why it ended before its end, for people.
    pub reason: Option<String>,
}

/// What a run works with.
#[derive(Clone)]
pub struct Engine {
    /// Where everything becomes durable.
    pub journal: Arc<dyn Journal>,
    /// Tells the time.
    pub clock: Arc<dyn Fn() -> Millis + Send + Sync>,
    /// How failed reads are repeated.
    pub patience: Patience,
}

/// Why the whole run stops.
enum Stop {
    Cancelled,
    Refused(FetchError),
    /// Nothing of a whole stage could be reached; the words are those of one of its streams.
    Unreachable(String),
    Store(JournalError),
}

struct Run<'a> {
    engine: &'a Engine,
    source: &'a dyn Source,
    source_id: SourceId,
    id: RunId,
    known: Box<dyn Known>,
    cancel: &'a CancellationToken,
    progress: &'a watch::Sender<RunProgress>,
    calls_seen: AtomicU64,
    /// Streams in which something was lost.
    lossy: Mutex<BTreeSet<Stream>>,
    /// Streams that were given up because nothing answered, with the last error.
    unreachable: Mutex<BTreeMap<Stream, String>>,
}

impl Engine {
    /// Runs a full crawl, or goes on with the one that was broken off. Progress is sent to `progress` as it happens.
    ///
    /// # Errors
    /// When the run could not be opened or closed; everything else is in the outcome.
    pub async fn crawl(
        &self,
        source_id: SourceId,
        source: &dyn Source,
        cancel: &CancellationToken,
        progress: &watch::Sender<RunProgress>,
    ) -> Result<RunOutcome, JournalError> {
        let open = self.journal.open_run(source_id, RunKind::Full, (self.clock)()).await?;
        let streams: BTreeSet<Stream> = source.streams().into_iter().collect();
        progress.send_modify(|progress| {
            progress.run = Some(open.id);
            progress.counts = open.counts;
            progress.streams = streams.len();
        });
        let run = Run {
            engine: self,
            source,
            source_id,
            id: open.id,
            known: self.journal.known(source_id),
            cancel,
            progress,
            calls_seen: AtomicU64::new(source.calls()),
            lossy: Mutex::default(),
            unreachable: Mutex::default(),
        };
        let ended = run.stages(&streams, &open).await;
        let (event, reason, refused) = match ended {
            Ok(()) => (RunEvent::Finished { losses: progress.borrow().counts.losses }, None, false),
            Err(Stop::Cancelled) => (RunEvent::Stopped, None, false),
            Err(Stop::Refused(error)) => (RunEvent::GaveUp, Some(error.to_string()), true),
            Err(Stop::Unreachable(reason)) => (RunEvent::GaveUp, Some(reason), false),
            Err(Stop::Store(error)) => (RunEvent::GaveUp, Some(error.to_string()), false),
        };
        let before = if event == RunEvent::Stopped { RunStatus::Cancelling } else { RunStatus::Running };
        let status = before.next(event).unwrap_or(RunStatus::Failed);
        self.journal.close_run(open.id, status, reason.clone(), (self.clock)()).await?;
        let counts = progress.borrow().counts;
        Ok(RunOutcome { run: open.id, status, counts, refused, reason })
    }
}

impl Run<'_> {
    async fn stages(&self, streams: &BTreeSet<Stream>, open: &OpenRun) -> Result<(), Stop> {
        let stages: BTreeSet<u8> = streams.iter().map(|stream| stream.stage()).collect();
        for stage in stages {
            let side_by_side = streams.iter().filter(|stream| stream.stage() == stage).map(|&stream| async move {
                let start = match open.streams.get(&stream) {
                    Some(Progress::Complete) => {
                        self.progress.send_modify(|progress| progress.ended.extend([stream]));
                        return Ok(());
                    }
                    Some(Progress::At(cursor)) => Some(cursor.clone()),
                    None => None,
                };
                self.progress.send_modify(|progress| progress.reading.extend([stream]));
                let ended = self.drain(stream, start).await;
                self.progress.send_modify(|progress| {
                    progress.reading.remove(&stream);
                    progress.ended.insert(stream);
                });
                ended
            });
            for ended in join_all(side_by_side).await {
                ended?;
            }
            self.still_reachable(streams.iter().copied().filter(|stream| stream.stage() == stage))?;
        }
        // A resumed run that had lost something does not know in which stream.
        if open.counts.losses == 0 {
            self.sweep(streams).await?;
        }
        Ok(())
    }

    /// A source of which several streams of a stage were read and none answered is down: the later stages would wait for
    /// it in vain, each as long again. One stream alone may have a trouble of its own.
    fn still_reachable(&self, stage: impl Iterator<Item = Stream>) -> Result<(), Stop> {
        let stage: Vec<Stream> = stage.collect();
        let unreachable = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        match unreachable.values().next() {
            Some(reason) if stage.len() > 1 && stage.iter().all(|stream| unreachable.contains_key(stream)) => {
                Err(Stop::Unreachable(reason.clone()))
            }
            _ => Ok(()),
        }
    }

    async fn sweep(&self, streams: &BTreeSet<Stream>) -> Result<(), Stop> {
        let lossy = self.lossy.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if lossy.contains(&Stream::Containers) {
            return Ok(());
        }
        let listing = |stream: &&Stream| stream.lists_documents() || **stream == Stream::Containers;
        for &stream in streams.iter().filter(listing).filter(|stream| !lossy.contains(stream)) {
            let swept = self.engine.journal.sweep(self.id, stream, (self.engine.clock)()).await.map_err(Stop::Store)?;
            if swept.unconfirmed + swept.deleted > 0 {
                tracing::info!(%stream, swept.unconfirmed, swept.deleted, "documents are missing from a complete listing");
            }
        }
        Ok(())
    }

    /// Reads a stream to its end. While one batch is committed, the next is read, where reading does not depend on it.
    async fn drain(&self, stream: Stream, start: Option<Cursor>) -> Result<(), Stop> {
        let ahead = !matches!(stream, Stream::Places | Stream::Restrictions | Stream::Containers | Stream::Directory);
        let mut cursor = start;
        let mut next = self.read(stream, cursor.clone()).await?;
        while let Some(batch) = next {
            let following = match &batch.checkpoint {
                Checkpoint::Complete => None,
                Checkpoint::At(after) if Some(after) == cursor.as_ref() => {
                    return self.give_up(stream, "the listing does not move on; sync again later").await;
                }
                Checkpoint::At(after) => Some(after.clone()),
            };
            let Some(following) = following else {
                self.commit(stream, batch).await?;
                return Ok(());
            };
            next = if ahead {
                let (committed, read) =
                    tokio::join!(self.commit(stream, batch), self.read(stream, Some(following.clone())));
                committed?;
                read?
            } else {
                self.commit(stream, batch).await?;
                self.read(stream, Some(following.clone())).await?
            };
            cursor = Some(following);
        }
        Ok(())
    }

    /// Reads one batch, with patience. `None`: the stream was given up, which is on record.
    async fn read(&self, stream: Stream, cursor: Option<Cursor>) -> Result<Option<Batch>, Stop> {
        let mut tries = 0;
        loop {
            let read = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Stop::Cancelled),
                read = self.source.read(stream, cursor.as_ref(), self.known.as_ref()) => read,
            };
            let error = match read {
                Ok(batch) => return Ok(Some(batch)),
                Err(error) if error.kind == FetchErrorKind::Unauthorized => return Err(Stop::Refused(error)),
                Err(error) => error,
            };
            let wait = self.engine.patience.wait(tries, &error).filter(|_| error.is_transient());
            let Some(wait) = wait else {
                if error.kind == FetchErrorKind::Unavailable {
                    let mut unreachable = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
                    unreachable.insert(stream, error.to_string());
                }
                self.give_up(stream, &error.to_string()).await?;
                return Ok(None);
            };
            tracing::warn!(%stream, tries, wait.ms = wait.as_millis(), %error, "a read failed and is repeated");
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Stop::Cancelled),
                () = tokio::time::sleep(wait) => {}
            }
            tries += 1;
        }
    }

    async fn commit(&self, stream: Stream, batch: Batch) -> Result<(), Stop> {
        let losses = batch.problems.iter().filter(|problem| problem.is_loss()).count() as u64;
        let warnings = batch.problems.len() as u64 - losses;
        if losses > 0 {
            self.mark_lossy(stream);
        }
        let calls = self.source.calls();
        let commit = Commit {
            run: self.id,
            source: self.source_id,
            stream,
            items: batch.items,
            problems: batch.problems,
            checkpoint: batch.checkpoint,
            calls: calls.saturating_sub(self.calls_seen.swap(calls, Ordering::Relaxed)),
            at: (self.engine.clock)(),
        };
        let made = commit.calls;
        let committed = self.engine.journal.commit(commit).await.map_err(Stop::Store)?;
        self.progress.send_modify(|progress| {
            let counts = &mut progress.counts;
            counts.documents += committed.documents;
            counts.changed += committed.changed;
            counts.calls += made;
            counts.losses += losses;
            counts.warnings += warnings;
            if let Some(expected) = batch.expected {
                counts.expected = Some(counts.expected.unwrap_or(0).max(expected));
            }
        });
        Ok(())
    }

    async fn give_up(&self, stream: Stream, reason: &str) -> Result<(), Stop> {
        self.mark_lossy(stream);
        self.progress.send_modify(|progress| progress.counts.losses += 1);
        let problem = Problem::new(ProblemKind::Call, format!("stream {stream}"), reason);
        tracing::warn!(%stream, reason, "a stream was given up");
        self.engine.journal.report(self.id, vec![problem], (self.engine.clock)()).await.map_err(Stop::Store)
    }

    fn mark_lossy(&self, stream: Stream) {
        self.lossy.lock().unwrap_or_else(PoisonError::into_inner).insert(stream);
    }
}
