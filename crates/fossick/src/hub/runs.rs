//! The runs under way: at most one per source, several sources at once; what is asked for meanwhile waits its turn.

use super::pace::Pace;
use access::SourceId;
use async_trait::async_trait;
use futures_util::FutureExt as _;
use model::{Millis, RunKind, RunStatus};
use std::collections::{BTreeMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use sync::{Engine, JournalError, PatientJournal, RunOutcome, RunProgress, Source, Stream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web::operations::{OperationError, SyncProgress};

/// What runs need of the hub around them.
#[async_trait]
pub(super) trait Ground: Send + Sync {
    /// Something to read the source with in a run of this kind, by its settings of now. Makes no call.
    fn source(&self, id: SourceId, kind: RunKind) -> Result<Box<dyn Source>, OperationError>;

    /// Notes how a run ended.
    async fn ended(&self, id: SourceId, kind: RunKind, outcome: Result<RunOutcome, JournalError>);

    /// Notes that a run waits for space on the disk, or that it goes on.
    async fn held_up(&self, id: SourceId, held_up: bool);
}

/// A source with a run under way.
struct Lane {
    kind: RunKind,
    stop: CancellationToken,
    progress: watch::Receiver<RunProgress>,
    /// Whether it waits for space on the disk.
    full: watch::Receiver<bool>,
    pace: Pace,
    /// Kinds asked for meanwhile, in order.
    waiting: VecDeque<RunKind>,
    task: Option<JoinHandle<()>>,
}

type Lanes = Arc<Mutex<BTreeMap<SourceId, Lane>>>;

/// The runs of all sources.
pub(super) struct Runs {
    engine: Engine,
    ground: Arc<dyn Ground>,
    lanes: Lanes,
    /// Counts ends of runs; who waits for one looks again.
    ends: watch::Sender<u64>,
}

/// What one run is started with.
struct Start {
    kind: RunKind,
    engine: Engine,
    source: Box<dyn Source>,
    full: watch::Receiver<bool>,
    stop: CancellationToken,
    progress: watch::Sender<RunProgress>,
}

impl Start {
    fn new(kind: RunKind, source: Box<dyn Source>, engine: &Engine) -> (Self, Lane) {
        let stop = CancellationToken::new();
        let (journal, full) = PatientJournal::new(engine.journal.clone(), stop.clone(), PatientJournal::PAUSE);
        let engine = Engine { journal: Arc::new(journal), ..engine.clone() };
        let (progress, watched) = watch::channel(RunProgress::default());
        let (pace, waiting) = (Pace::default(), VecDeque::new());
        let lane = Lane { kind, stop: stop.clone(), progress: watched, full: full.clone(), pace, waiting, task: None };
        (Self { kind, engine, source, full, stop, progress }, lane)
    }
}

impl Runs {
    pub(super) fn new(engine: Engine, ground: Arc<dyn Ground>) -> Self {
        Self { engine, ground, lanes: Lanes::default(), ends: watch::Sender::new(0) }
    }

    pub(super) fn is_running(&self, id: SourceId) -> bool {
        lock(&self.lanes).contains_key(&id)
    }

    /// Starts a run, or lets it wait for the one under way. One of the same kind, running or waiting, is enough; but a retry
    /// that runs has made its list.
    pub(super) fn ask(&self, id: SourceId, kind: RunKind) -> Result<(), OperationError> {
        if self.joins(id, kind) {
            return Ok(());
        }
        let (start, mut lane) = Start::new(kind, self.ground.source(id, kind)?, &self.engine);
        let mut lanes = lock(&self.lanes);
        if join(&mut lanes, id, kind) {
            return Ok(());
        }
        let rest = Rest {
            id,
            engine: self.engine.clone(),
            ground: self.ground.clone(),
            lanes: self.lanes.clone(),
            ends: self.ends.clone(),
        };
        lane.task = Some(tokio::spawn(rest.go_on(start)));
        lanes.insert(id, lane);
        Ok(())
    }

    fn joins(&self, id: SourceId, kind: RunKind) -> bool {
        join(&mut lock(&self.lanes), id, kind)
    }

    /// Asks the run to stop, and forgets what waits behind it. False if none is under way.
    pub(super) fn cancel(&self, id: SourceId) -> bool {
        let mut lanes = lock(&self.lanes);
        let Some(lane) = lanes.get_mut(&id) else { return false };
        lane.waiting.clear();
        lane.stop.cancel();
        true
    }

    /// Waits until no run of the source is under way or waiting.
    pub(super) async fn wait(&self, id: SourceId) {
        let mut ends = self.ends.subscribe();
        while self.is_running(id) {
            // The sender lives as long as `self`.
            let _closed = ends.changed().await;
        }
    }

    /// Tells of every end of a run.
    pub(super) fn ends(&self) -> watch::Receiver<u64> {
        self.ends.subscribe()
    }

    /// Breaks the run of a source off without closing it, as a crash would: the next of its kind goes on behind its
    /// checkpoints.
    pub(super) async fn leave(&self, id: SourceId) {
        let task = lock(&self.lanes).remove(&id).and_then(|mut lane| lane.task.take());
        if let Some(task) = task {
            task.abort();
            let _aborted = task.await;
        }
        self.ends.send_modify(|ends| *ends += 1);
    }

    /// Breaks all runs off.
    pub(super) async fn leave_all(&self) {
        let ids: Vec<SourceId> = lock(&self.lanes).keys().copied().collect();
        for id in ids {
            self.leave(id).await;
        }
    }

    pub(super) fn progress(&self, id: SourceId) -> Option<SyncProgress> {
        let lanes = lock(&self.lanes);
        let lane = lanes.get(&id)?;
        let progress = lane.progress.borrow().clone();
        let rate = lane.pace.rate(progress.counts.documents);
        let left = progress.counts.expected.map(|expected| expected.saturating_sub(progress.counts.documents));
        let seconds_left = left.filter(|_| rate > 0.0).map(|left| (left as f64 / rate).ceil() as u64);
        let names: Vec<&str> = progress.reading.iter().map(|stream| words(*stream)).collect();
        Some(SyncProgress {
            run: progress.run,
            kind: lane.kind,
            status: if lane.stop.is_cancelled() { RunStatus::Cancelling } else { RunStatus::Running },
            counts: progress.counts,
            rate,
            seconds_left,
            reading: names.join(", "),
            parts: (progress.ended.len(), progress.streams),
            waiting: lane.waiting.iter().copied().collect(),
            held_up: lane.full.borrow().then(|| FULL.to_owned()),
        })
    }
}

fn lock(lanes: &Lanes) -> MutexGuard<'_, BTreeMap<SourceId, Lane>> {
    lanes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets a run wait on a busy lane. False if the lane is free.
fn join(lanes: &mut BTreeMap<SourceId, Lane>, id: SourceId, kind: RunKind) -> bool {
    let Some(lane) = lanes.get_mut(&id) else { return false };
    let under_way = lane.kind == kind && kind != RunKind::Retry && !lane.stop.is_cancelled();
    if !under_way && !lane.waiting.contains(&kind) {
        lane.waiting.push_back(kind);
    }
    true
}

/// The task of one lane: run after run until nothing waits.
struct Rest {
    id: SourceId,
    engine: Engine,
    ground: Arc<dyn Ground>,
    lanes: Lanes,
    ends: watch::Sender<u64>,
}

impl Rest {
    async fn go_on(self, first: Start) {
        let mut next = Some(first);
        while let Some(start) = next {
            let Start { kind, engine, source, full, stop, progress } = start;
            tokio::spawn(tell_of_full_disk(self.ground.clone(), self.id, full));
            let run = engine.run(kind, self.id, source.as_ref(), &stop, &progress);
            let outcome = match AssertUnwindSafe(run).catch_unwind().await {
                Ok(outcome) => outcome,
                Err(_) => Self::close_broken(&engine, &progress).await,
            };
            self.ground.ended(self.id, kind, outcome).await;
            next = self.turn();
            self.ends.send_modify(|ends| *ends += 1);
        }
    }

    /// After a defect of ours, which the panic hook has logged: the source must not stay busy for ever, nor the run open.
    async fn close_broken(engine: &Engine, progress: &watch::Sender<RunProgress>) -> Result<RunOutcome, JournalError> {
        let reason = "the run broke off because of a defect of Fossick; the log tells where";
        let run = progress.borrow().run;
        if let Some(run) = run {
            let (status, at) = (RunStatus::Failed, (engine.clock)());
            engine.journal.close_run(run, status, Some(reason.to_owned()), at).await?;
        }
        Err(JournalError::Store(reason.into()))
    }

    /// The run that waited longest takes the lane over; with none the lane is free.
    fn turn(&self) -> Option<Start> {
        let mut lanes = lock(&self.lanes);
        loop {
            let lane = lanes.get_mut(&self.id)?;
            let Some(kind) = lane.waiting.pop_front() else {
                lanes.remove(&self.id);
                return None;
            };
            match self.ground.source(self.id, kind) {
                Ok(source) => {
                    let (start, fresh) = Start::new(kind, source, &self.engine);
                    *lane = Lane { waiting: std::mem::take(&mut lane.waiting), task: lane.task.take(), ..fresh };
                    return Some(start);
                }
                Err(error) => tracing::warn!(source = self.id.0, %kind, %error, "a run that waited cannot start"),
            }
        }
    }
}

/// What is said of a run that waits for space.
pub(super) const FULL: &str =
    "the disk that holds the data directory is full; the run waits and goes on by itself once there is space";

/// Passes on that a run waits, and that it goes on. Ends with the run.
async fn tell_of_full_disk(ground: Arc<dyn Ground>, id: SourceId, mut full: watch::Receiver<bool>) {
    while full.changed().await.is_ok() {
        let held_up = *full.borrow_and_update();
        ground.held_up(id, held_up).await;
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

/// The clock that everything here reads.
pub(super) type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

#[cfg(test)]
mod tests {
    use super::super::doubles::Double;
    use super::*;
    use std::time::Duration;

    fn minute(_: RunKind) -> Duration {
        Duration::from_secs(60)
    }

    #[tokio::test(start_paused = true)]
    async fn runs_of_one_source_follow_each_other_and_sources_run_side_by_side() {
        let double = Double::new(&[1, 2], minute);
        let runs = double.runs();
        for kind in [RunKind::Full, RunKind::Sweep, RunKind::Full, RunKind::Sweep] {
            runs.ask(SourceId(1), kind).unwrap();
        }
        runs.ask(SourceId(2), RunKind::Permissions).unwrap();
        assert_eq!(runs.progress(SourceId(1)).unwrap().waiting, [RunKind::Sweep], "one of a kind is enough");
        runs.wait(SourceId(2)).await;
        runs.wait(SourceId(1)).await;
        let done = RunStatus::Succeeded;
        assert_eq!(double.ended(1), [(RunKind::Full, 0, done), (RunKind::Sweep, 60, done)]);
        assert_eq!(double.ended(2), [(RunKind::Permissions, 0, done)]);
        assert!(!runs.is_running(SourceId(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn cancelling_ends_the_run_at_once_and_forgets_what_waited() {
        let double = Double::new(&[1], minute);
        let runs = double.runs();
        runs.ask(SourceId(1), RunKind::Full).unwrap();
        runs.ask(SourceId(1), RunKind::Sweep).unwrap();
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert!(runs.cancel(SourceId(1)));
        assert_eq!(runs.progress(SourceId(1)).unwrap().status, RunStatus::Cancelling);
        runs.wait(SourceId(1)).await;
        assert_eq!(double.ended(1), [(RunKind::Full, 0, RunStatus::Cancelled)]);
        assert_eq!((double.clock)(), Millis(5000));
        assert!(!runs.cancel(SourceId(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_asked_for_while_one_of_its_kind_is_being_cancelled_comes_after_it() {
        let double = Double::new(&[1], minute);
        let runs = double.runs();
        runs.ask(SourceId(1), RunKind::Full).unwrap();
        runs.cancel(SourceId(1));
        runs.ask(SourceId(1), RunKind::Full).unwrap();
        runs.wait(SourceId(1)).await;
        let statuses: Vec<_> = double.ended(1).into_iter().map(|(.., status)| status).collect();
        assert_eq!(statuses, [RunStatus::Cancelled, RunStatus::Succeeded]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_retry_that_is_asked_for_during_another_comes_after_it() {
        let double = Double::new(&[1], minute);
        let runs = double.runs();
        for _ in 0..3 {
            runs.ask(SourceId(1), RunKind::Retry).unwrap();
        }
        runs.wait(SourceId(1)).await;
        assert_eq!(double.ended(1), [(RunKind::Retry, 0, RunStatus::Succeeded); 2], "one that waits is enough");
    }

    #[tokio::test(start_paused = true)]
    async fn a_defect_in_a_run_does_not_keep_its_source_busy_for_ever() {
        let double = Double::new(&[1], |kind| match kind {
            RunKind::Full => panic!("a defect"),
            _ => Duration::from_secs(1),
        });
        let runs = double.runs();
        runs.ask(SourceId(1), RunKind::Full).unwrap();
        runs.ask(SourceId(1), RunKind::Sweep).unwrap();
        runs.wait(SourceId(1)).await;
        assert_eq!(double.ended(1), [(RunKind::Full, 0, RunStatus::Failed), (RunKind::Sweep, 0, RunStatus::Succeeded)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_that_is_left_is_not_closed_and_frees_its_source() {
        let double = Double::new(&[1], minute);
        let runs = double.runs();
        runs.ask(SourceId(1), RunKind::Full).unwrap();
        tokio::time::sleep(Duration::from_secs(5)).await;
        runs.leave(SourceId(1)).await;
        assert!(!runs.is_running(SourceId(1)) && double.ended(1).is_empty());
        runs.wait(SourceId(1)).await;
    }
}
