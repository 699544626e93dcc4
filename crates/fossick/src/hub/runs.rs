//! The runs under way: at most one per source, each with its progress and a way to stop it.

use super::adapters::Adapter;
use super::now;
use access::SourceId;
use model::{RunKind, RunStatus, SourceEvent};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use store::{SourceError, Store};
use sync::{Engine, JournalError, Patience, RunOutcome, RunProgress, Stream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web::operations::SyncProgress;

/// Over how long the rate is measured.
const RATE_WINDOW: Duration = Duration::from_secs(10);

struct Running {
    stop: CancellationToken,
    progress: watch::Receiver<RunProgress>,
    samples: Mutex<VecDeque<(Instant, u64)>>,
    task: Option<JoinHandle<()>>,
}

/// The runs of all sources.
pub(super) struct Runs {
    store: Arc<Store>,
    running: Arc<Mutex<BTreeMap<SourceId, Running>>>,
}

impl Runs {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self { store, running: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SourceId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_running(&self, source: SourceId) -> bool {
        self.lock().contains_key(&source)
    }

    /// Starts a run, unless one is under way.
    pub(super) fn start(&self, source: SourceId, kind: RunKind, adapter: Adapter) {
        let mut running = self.lock();
        if running.contains_key(&source) {
            return;
        }
        let stop = CancellationToken::new();
        let (sender, progress) = watch::channel(RunProgress::default());
        let engine = Engine {
            journal: self.store.clone(),
            clock: Arc::new(now),
            patience: Patience::usual(|| getrandom::u32().map_or(0.5, |drawn| f64::from(drawn) / f64::from(u32::MAX))),
        };
        let (store, all, cancel) = (self.store.clone(), self.running.clone(), stop.clone());
        let task = tokio::spawn(async move {
            let ended = engine.run(kind, source, adapter.source(), &cancel, &sender).await;
            finish(&store, source, ended).await;
            all.lock().unwrap_or_else(PoisonError::into_inner).remove(&source);
        });
        running.insert(source, Running { stop, progress, samples: Mutex::default(), task: Some(task) });
    }

    /// Asks a run to stop. False if none is under way.
    pub(super) fn cancel(&self, source: SourceId) -> bool {
        self.lock().get(&source).map(|running| running.stop.cancel()).is_some()
    }

    /// Waits until no run of the source is under way.
    pub(super) async fn wait(&self, source: SourceId) {
        let receiver = self.lock().get(&source).map(|running| running.progress.clone());
        // The sender goes with the task: an error means that the run has ended.
        if let Some(mut receiver) = receiver {
            while receiver.changed().await.is_ok() {}
        }
        while self.is_running(source) {
            tokio::task::yield_now().await;
        }
    }

    /// Breaks all runs off without closing them, as a crash would: the next start goes on behind their checkpoints.
    pub(super) async fn leave(&self) {
        let tasks: Vec<_> = self.lock().values_mut().filter_map(|running| running.task.take()).collect();
        for task in tasks {
            task.abort();
            let _aborted = task.await;
        }
        self.lock().clear();
    }

    pub(super) fn progress(&self, source: SourceId) -> Option<SyncProgress> {
        let all = self.lock();
        let running = all.get(&source)?;
        let progress = running.progress.borrow().clone();
        let rate = running.rate(progress.counts.documents);
        let left = progress.counts.expected.map(|expected| expected.saturating_sub(progress.counts.documents));
        let seconds_left = left.filter(|_| rate > 0.0).map(|left| (left as f64 / rate).ceil() as u64);
        let names: Vec<&str> = progress.reading.iter().map(|stream| words(*stream)).collect();
        let status = if running.stop.is_cancelled() { RunStatus::Cancelling } else { RunStatus::Running };
        Some(SyncProgress {
            run: progress.run,
            status,
            counts: progress.counts,
            rate,
            seconds_left,
            reading: names.join(", "),
            parts: (progress.ended.len(), progress.streams),
        })
    }
}

impl Running {
    /// Documents per second since the oldest sample that is recent enough.
    fn rate(&self, documents: u64) -> f64 {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let at = Instant::now();
        samples.push_back((at, documents));
        while samples.len() > 2 && samples.front().is_some_and(|(then, _)| at.duration_since(*then) > RATE_WINDOW) {
            samples.pop_front();
        }
        let Some((then, before)) = samples.front() else { return 0.0 };
        let seconds = at.duration_since(*then).as_secs_f64();
        if seconds < 0.05 { 0.0 } else { (documents - before) as f64 / seconds }
    }
}

/// What a stream is called on pages and progress bars.
fn words(stream: Stream) -> &'static str {
    match stream {
        Stream::Directory => "people and groups",
        Stream::Containers => "spaces and projects",
        Stream::Pages => "pages",
        Stream::BlogPosts => "blog posts",
        Stream::Issues => "issues",
        Stream::Places => "folders",
        Stream::FooterComments => "comments",
        Stream::InlineComments => "inline comments",
        Stream::Attachments => "attachments",
        Stream::Restrictions => "restrictions",
    }
}

/// Moves the source on after a run.
async fn finish(store: &Store, source: SourceId, ended: Result<RunOutcome, JournalError>) {
    let at = now();
    let event = match ended {
        Ok(outcome) => match outcome.status {
            RunStatus::Succeeded => SourceEvent::CaughtUp(at),
            RunStatus::Cancelled => return,
            RunStatus::Failed if outcome.refused => SourceEvent::Refused(at),
            RunStatus::Failed => SourceEvent::Failing { at, reason: outcome.reason.unwrap_or_default() },
            _ => {
                let reason = format!("the last sync missed {} items; its run lists them", outcome.counts.losses);
                SourceEvent::Failing { at, reason }
            }
        },
        Err(error) => SourceEvent::Failing { at, reason: error.to_string() },
    };
    match store.source_event(source, event).await {
        Ok(_) => {}
        // Removed or paused meanwhile: its state says so already.
        Err(SourceError::Unknown(_) | SourceError::Transition(_)) => {}
        Err(error) => tracing::error!(source = source.0, %error, "cannot note how the sync ended"),
    }
}
