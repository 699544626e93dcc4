//! One run under way: stages of streams, each batch durable before the next step, everything missed on record.
//!
//! - SYN-1: a checkpoint is never durable without its items, nor the items without it.
//! - SYN-3: absence is judged only where the whole listing, and the list of containers, came without a loss.
//! - SYN-4: one bad record or stream never stops the others; a refused credential or a failing store stops all.

use crate::{
    Batch, Checkpoint, Commit, Cursor, Engine, FetchError, FetchErrorKind, JournalError, Known, OpenRun, Progress,
    Reading, RunProgress, Source, Stand, Stream,
};
use access::SourceId;
use access::mutants::off;
use futures_util::future::join_all;
use model::{Millis, Problem, ProblemKind, RunId};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// A fingerprint of a cursor: those of a long listing would fill memory.
fn print_of(cursor: &Cursor) -> u64 {
    let mut hasher = DefaultHasher::new();
    cursor.0.hash(&mut hasher);
    hasher.finish()
}

/// How often a run reads one stream from its start again.
const BEGINNINGS: u32 = 3;

/// Why the whole run stops.
pub(crate) enum Stop {
    Cancelled,
    Refused(FetchError),
    /// Nothing of a whole stage could be reached; the words are those of one of its streams.
    Unreachable(String),
    Store(JournalError),
}

/// A batch, and when its reading began by the hub's clock.
struct Fresh {
    batch: Batch,
    at: Millis,
    /// It is the first one again, after a cursor was refused.
    anew: bool,
}

/// What a run works with.
pub(crate) struct Run<'a> {
    engine: &'a Engine,
    source: &'a dyn Source,
    source_id: SourceId,
    id: RunId,
    known: Box<dyn Known>,
    readings: BTreeMap<Stream, Reading>,
    stands: &'a BTreeMap<Stream, Stand>,
    progress: &'a watch::Sender<RunProgress>,
    calls_seen: AtomicU64,
    /// Streams in which something was lost, by this process or the one before.
    lossy: Mutex<BTreeSet<Stream>>,
    /// Streams that were given up because nothing answered, with the last error, since the source answered last.
    unreachable: Mutex<BTreeMap<Stream, String>>,
    /// How often streams were read from their start because a cursor was refused.
    begun_anew: Mutex<BTreeMap<Stream, u32>>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        engine: &'a Engine,
        source_id: SourceId,
        source: &'a dyn Source,
        open: &'a OpenRun,
        readings: BTreeMap<Stream, Reading>,
        progress: &'a watch::Sender<RunProgress>,
    ) -> Self {
        let lossy = open.streams.iter().filter(|(_, stand)| stand.losses > 0).map(|(stream, _)| *stream).collect();
        Self {
            engine,
            source,
            source_id,
            id: open.id,
            known: engine.journal.known(source_id),
            readings,
            stands: &open.streams,
            progress,
            calls_seen: AtomicU64::new(source.calls()),
            lossy: Mutex::new(lossy),
            unreachable: Mutex::default(),
            begun_anew: Mutex::default(),
        }
    }

    /// Reads everything planned.
    pub(crate) async fn stages(&self) -> Result<(), Stop> {
        let stages: BTreeSet<u8> = self.readings.keys().map(|stream| stream.stage()).collect();
        for stage in stages {
            let streams = || self.readings.keys().copied().filter(|stream| stream.stage() == stage);
            for ended in join_all(streams().map(|stream| self.stream(stream))).await {
                ended?;
            }
            self.still_reachable(streams())?;
            // Before anything is read of containers that are not there any more.
            if streams().any(|stream| stream == Stream::Containers) {
                self.judge(Stream::Containers).await?;
            }
        }
        // Of containers that were not listed nothing was asked.
        if self.readings.get(&Stream::Containers).is_some_and(Reading::proves_absence) && !self.lost(Stream::Containers)
        {
            for &stream in self.readings.keys().filter(|stream| stream.lists_documents()) {
                self.judge(stream).await?;
            }
        }
        self.bury().await
    }

    async fn stream(&self, stream: Stream) -> Result<(), Stop> {
        let start = match self.stands.get(&stream).map(|stand| &stand.progress) {
            Some(Progress::Complete) => {
                self.progress.send_modify(|progress| progress.ended.extend([stream]));
                return Ok(());
            }
            Some(Progress::At(cursor)) => Some(cursor.clone()),
            Some(Progress::Start) | None => None,
        };
        self.progress.send_modify(|progress| progress.reading.extend([stream]));
        let ended = self.drain(stream, start).await;
        self.progress.send_modify(|progress| {
            progress.reading.remove(&stream);
            progress.ended.insert(stream);
        });
        ended
    }

    /// A source is down that answered no stream of a stage, and several streams one after the other without an answer in
    /// between: the later stages would wait for it in vain. One stream alone may have a trouble of its own.
    fn still_reachable(&self, stage: impl Iterator<Item = Stream>) -> Result<(), Stop> {
        let stage: Vec<Stream> = stage.collect();
        let unreachable = self.unreachable();
        match unreachable.values().next() {
            Some(reason) if unreachable.len() > 1 && stage.iter().all(|stream| unreachable.contains_key(stream)) => {
                Err(Stop::Unreachable(reason.clone()))
            }
            _ => Ok(()),
        }
    }

    /// Judges what a complete listing without a loss left out.
    async fn judge(&self, stream: Stream) -> Result<(), Stop> {
        if self.lost(stream) || !self.readings.get(&stream).is_some_and(Reading::proves_absence) {
            return Ok(());
        }
        let swept = self.engine.journal.sweep(self.id, stream, (self.engine.clock)()).await.map_err(Stop::Store)?;
        if swept.unconfirmed + swept.proven > 0 {
            tracing::info!(%stream, swept.unconfirmed, swept.proven, "documents are missing from a complete listing");
        }
        Ok(())
    }

    /// Deletes what is proved to be gone. Too much at once is rather a fault of the source than a wish of its people.
    async fn bury(&self) -> Result<(), Stop> {
        let at = (self.engine.clock)();
        let buried = self.engine.journal.bury(self.id, at).await.map_err(Stop::Store)?;
        if buried.stopped > 0 {
            let reason = format!(
                "{} documents are gone at the source, more than may be deleted without asking; they are hidden, and \
                 an administrator confirms or refuses their deletion",
                buried.stopped
            );
            let problem = Problem::new(ProblemKind::Notice, "deletion", reason);
            self.progress.send_modify(|progress| progress.counts.warnings += 1);
            self.engine.journal.report(self.id, None, vec![problem], at).await.map_err(Stop::Store)?;
        }
        Ok(())
    }

    /// Reads a stream to its end. While one batch is committed, the next is read, where reading does not depend on it.
    async fn drain(&self, stream: Stream, start: Option<Cursor>) -> Result<(), Stop> {
        let ahead = !matches!(stream, Stream::Places | Stream::Restrictions | Stream::Containers | Stream::Directory);
        // A listing that leads in a circle would be read for ever.
        let mut passed: HashSet<u64> = start.iter().map(print_of).collect();
        let mut next = self.read(stream, start).await?;
        while let Some(batch) = next {
            if batch.anew {
                passed.clear();
            }
            let following = match &batch.batch.checkpoint {
                Checkpoint::Complete => None,
                Checkpoint::At(after) if !passed.insert(print_of(after)) => {
                    return self.give_up(stream, "the listing does not move on; sync again later").await;
                }
                Checkpoint::At(after) => Some(after.clone()),
            };
            let Some(following) = following else {
                self.commit(stream, batch).await?;
                return Ok(());
            };
            next = if ahead {
                let (committed, read) = tokio::join!(self.commit(stream, batch), self.read(stream, Some(following)));
                committed?;
                read?
            } else {
                self.commit(stream, batch).await?;
                self.read(stream, Some(following)).await?
            };
        }
        Ok(())
    }

    /// Reads one batch, with patience. `None`: the stream was given up, which is on record.
    ///
    /// Where the source refuses a cursor of its own, because it came back too late, the stream is read from its start:
    /// what it listed before stays listed, and what stands already is not stored again.
    async fn read(&self, stream: Stream, mut cursor: Option<Cursor>) -> Result<Option<Fresh>, Stop> {
        // Only planned streams are read.
        let Some(reading) = self.readings.get(&stream) else { return Ok(None) };
        let (mut tries, mut anew) = (0, false);
        loop {
            let at = (self.engine.clock)();
            let read = self.source.read(stream, reading, cursor.as_ref(), self.known.as_ref()).await;
            let error = match read {
                Ok(batch) => {
                    self.unreachable().clear();
                    return Ok(Some(Fresh { batch, at, anew }));
                }
                Err(error) if error.kind == FetchErrorKind::Unauthorized => return Err(Stop::Refused(error)),
                Err(error)
                    if error.kind == FetchErrorKind::CursorRefused
                        && cursor.is_some()
                        && self.may_begin_anew(stream) =>
                {
                    tracing::warn!(%stream, %error, "a cursor is not taken back, so the stream is read from its start");
                    (cursor, anew) = (None, true);
                    continue;
                }
                Err(error) => error,
            };
            let silent = error.kind == FetchErrorKind::Unavailable;
            // Another stream has waited in vain, and nothing has answered since: to wait as long again tells nothing new.
            let waited = silent && tries == 0 && !self.unreachable().is_empty();
            let wait = self.engine.patience.wait(tries, &error).filter(|_| error.is_transient() && !waited);
            let Some(wait) = wait else {
                if silent {
                    self.unreachable().insert(stream, error.to_string());
                }
                self.give_up(stream, &error.to_string()).await?;
                return Ok(None);
            };
            tracing::warn!(%stream, tries, wait.ms = wait.as_millis(), %error, "a read failed and is repeated");
            tokio::time::sleep(wait).await;
            tries += 1;
        }
    }

    fn unreachable(&self) -> MutexGuard<'_, BTreeMap<Stream, String>> {
        self.unreachable.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A source that refuses every cursor would be read from the start for ever.
    fn may_begin_anew(&self, stream: Stream) -> bool {
        let mut begun = self.begun_anew.lock().unwrap_or_else(PoisonError::into_inner);
        let times = begun.entry(stream).or_insert(0);
        *times += 1;
        *times <= BEGINNINGS
    }

    async fn commit(&self, stream: Stream, fresh: Fresh) -> Result<(), Stop> {
        let Some(reading) = self.readings.get(&stream).cloned() else { return Ok(()) };
        let Fresh { batch, at, .. } = fresh;
        let losses = batch.problems.iter().filter(|problem| problem.is_loss()).count() as u64;
        let warnings = batch.problems.len() as u64 - losses;
        // Of a loss with a target it is known what may be missing.
        if batch.problems.iter().any(Problem::is_open_loss) {
            self.mark_lossy(stream);
        }
        let calls = self.source.calls();
        let commit = Commit {
            run: self.id,
            source: self.source_id,
            stream,
            reading,
            items: batch.items,
            problems: batch.problems,
            checkpoint: batch.checkpoint,
            calls: calls.saturating_sub(self.calls_seen.swap(calls, Ordering::Relaxed)),
            at,
            source_time: batch.source_time,
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
        let report = self.engine.journal.report(self.id, Some(stream), vec![problem], (self.engine.clock)());
        report.await.map_err(Stop::Store)
    }

    fn mark_lossy(&self, stream: Stream) {
        self.lossy.lock().unwrap_or_else(PoisonError::into_inner).insert(stream);
    }

    fn lost(&self, stream: Stream) -> bool {
        !off("sync.loss-judges-nothing") && self.lossy.lock().unwrap_or_else(PoisonError::into_inner).contains(&stream)
    }
}
