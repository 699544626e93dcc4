//! For tests of runs and scheduler: a journal that keeps nothing, and sources whose readings take a given time.

use super::runs::{Clock, Ground, Runs};
use super::scheduler::Roster;
use access::SourceId;
use async_trait::async_trait;
use model::{ClauseKey, Cycles, DocumentKey, Millis, NodeKey, Origin, Problem, RunCounts, RunId, RunKind, RunStatus};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sync::{
    Agenda, Batch, Buried, Checkpoint, Commit, Committed, Cursor, Engine, FetchError, Form, Journal, JournalError,
    Known, LastRun, OpenRun, Patience, Reading, RunOutcome, Source, Stream, Swept,
};
use web::operations::OperationError;

/// The time of tokio's clock, which tests pause.
pub(super) fn clock() -> Clock {
    let begun = tokio::time::Instant::now();
    Arc::new(move || Millis(i64::try_from(begun.elapsed().as_millis()).unwrap()))
}

/// What happened: kinds of runs of sources, with their start, end and status.
pub(super) type Log = Arc<Mutex<Vec<(SourceId, RunKind, LastRun)>>>;

pub(super) struct Double {
    pub(super) clock: Clock,
    pub(super) log: Log,
    /// How long a run takes, by kind.
    pub(super) takes: fn(RunKind) -> Duration,
    pub(super) sources: Vec<SourceId>,
    started: Mutex<BTreeMap<SourceId, Millis>>,
}

impl Double {
    pub(super) fn new(sources: &[u32], takes: fn(RunKind) -> Duration) -> Arc<Self> {
        let sources = sources.iter().map(|id| SourceId(*id)).collect();
        Arc::new(Self { clock: clock(), log: Log::default(), takes, sources, started: Mutex::default() })
    }

    pub(super) fn runs(self: &Arc<Self>) -> Arc<Runs> {
        let patience = Patience::usual(|| 0.5);
        let engine = Engine { journal: Arc::new(Forgetful), clock: self.clock.clone(), patience };
        Arc::new(Runs::new(engine, self.clone()))
    }

    /// The kinds of the runs of a source that ended, with the second at which each began.
    pub(super) fn ended(&self, id: u32) -> Vec<(RunKind, i64, RunStatus)> {
        let log = self.log.lock().unwrap();
        let of_source = log.iter().filter(|(source, ..)| *source == SourceId(id));
        of_source.map(|(_, kind, run)| (*kind, run.started.0 / 1000, run.status)).collect()
    }
}

#[async_trait]
impl Ground for Double {
    fn source(&self, id: SourceId, _: RunKind) -> Result<Box<dyn Source>, OperationError> {
        self.started.lock().unwrap().insert(id, (self.clock)());
        Ok(Box::new(Slow { takes: self.takes, kind: Mutex::new(RunKind::Full) }))
    }

    async fn ended(&self, id: SourceId, kind: RunKind, outcome: Result<RunOutcome, JournalError>) {
        let started = self.started.lock().unwrap()[&id];
        let last =
            LastRun { started, ended: (self.clock)(), status: outcome.map_or(RunStatus::Failed, |run| run.status) };
        self.log.lock().unwrap().push((id, kind, last));
    }

    async fn held_up(&self, _: SourceId, _: bool) {}
}

#[async_trait]
impl Roster for Double {
    fn agendas(&self) -> Result<Vec<(SourceId, Agenda)>, store::StoreError> {
        let log = self.log.lock().unwrap();
        let agenda = |id: &SourceId| {
            let last: BTreeMap<_, _> =
                log.iter().filter(|(of, ..)| of == id).map(|(_, kind, run)| (*kind, *run)).collect();
            (
                *id,
                Agenda { cycles: Cycles::default(), backfilled: last.contains_key(&RunKind::Full), last, debts: None },
            )
        };
        Ok(self.sources.iter().map(agenda).collect())
    }

    async fn upkeep(&self, _: Millis) -> Result<(), store::StoreError> {
        Ok(())
    }
}

/// A source of one stream, which takes its time.
struct Slow {
    takes: fn(RunKind) -> Duration,
    kind: Mutex<RunKind>,
}

#[async_trait]
impl Source for Slow {
    fn plan(&self, kind: RunKind) -> Vec<(Stream, Form)> {
        *self.kind.lock().unwrap() = kind;
        vec![(Stream::Containers, Form::Whole)]
    }

    async fn read(&self, _: Stream, _: &Reading, _: Option<&Cursor>, _: &dyn Known) -> Result<Batch, FetchError> {
        let kind = *self.kind.lock().unwrap();
        tokio::time::sleep((self.takes)(kind)).await;
        Ok(Batch::new(Vec::new(), Vec::new(), Checkpoint::Complete))
    }

    fn calls(&self) -> u64 {
        0
    }
}

struct Forgetful;

#[async_trait]
impl Journal for Forgetful {
    async fn open_run(&self, _: SourceId, _: RunKind, _: Millis) -> Result<OpenRun, JournalError> {
        let (streams, watermarks) = (BTreeMap::new(), BTreeMap::new());
        let owed = BTreeMap::new();
        Ok(OpenRun { id: RunId(1), resumed: false, streams, watermarks, owed, counts: RunCounts::default() })
    }

    async fn commit(&self, _: Commit) -> Result<Committed, JournalError> {
        Ok(Committed::default())
    }

    async fn sweep(&self, _: RunId, _: Stream, _: Millis) -> Result<Swept, JournalError> {
        Ok(Swept::default())
    }

    async fn bury(&self, _: RunId, _: Millis) -> Result<Buried, JournalError> {
        Ok(Buried::default())
    }

    async fn report(&self, _: RunId, _: Option<Stream>, _: Vec<Problem>, _: Millis) -> Result<(), JournalError> {
        Ok(())
    }

    async fn close_run(&self, _: RunId, _: RunStatus, _: Option<String>, _: Millis) -> Result<(), JournalError> {
        Ok(())
    }

    fn known(&self, _: SourceId) -> Box<dyn Known> {
        Box::new(Nothing)
    }
}

struct Nothing;

impl Known for Nothing {
    fn pending(&self, _: Option<&NodeKey>, _: usize) -> Result<Vec<NodeKey>, JournalError> {
        Ok(Vec::new())
    }

    fn missing_parents(&self, _: Option<&NodeKey>, _: usize) -> Result<Vec<NodeKey>, JournalError> {
        Ok(Vec::new())
    }

    fn containers(&self) -> Result<Vec<model::Container>, JournalError> {
        Ok(Vec::new())
    }

    fn documents(
        &self,
        _: &[DocumentKey],
    ) -> Result<BTreeMap<DocumentKey, (model::ContainerKey, String)>, JournalError> {
        Ok(BTreeMap::new())
    }

    fn unlisted(&self, _: Stream, _: Option<&DocumentKey>, _: usize) -> Result<Vec<DocumentKey>, JournalError> {
        Ok(Vec::new())
    }

    fn places(&self, _: Option<&NodeKey>, _: usize) -> Result<Vec<(NodeKey, Option<NodeKey>)>, JournalError> {
        Ok(Vec::new())
    }

    fn clauses(&self, _: Origin, _: Option<&ClauseKey>, _: usize) -> Result<Vec<ClauseKey>, JournalError> {
        Ok(Vec::new())
    }

    fn versions(&self, _: &[DocumentKey]) -> Result<BTreeMap<DocumentKey, String>, JournalError> {
        Ok(BTreeMap::new())
    }
}
