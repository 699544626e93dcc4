//! A source that answers from a script, and a journal that remembers in memory.

use access::SourceId;
use async_trait::async_trait;
use model::{
    Body, ClauseKey, Container, ContainerKey, Document, DocumentKey, Facts, Kind, Millis, NodeKey, NodeKind, Origin,
    Problem, RunCounts, RunId, RunKind, RunStatus,
};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard};
use sync::{
    Batch, Buried, Checkpoint, Commit, Committed, Cursor, FetchError, FetchErrorKind, Form, Item, Journal,
    JournalError, Known, OpenRun, Owed, Progress, Reading, Source, Stand, Stream, Swept,
};

pub(crate) type Answer = Result<Batch, FetchErrorKind>;

pub(crate) fn cursor(text: &str) -> Cursor {
    Cursor(text.to_owned())
}

pub(crate) fn answer(batch: Batch) -> Answer {
    Ok(batch)
}

pub(crate) fn more(after: &str, items: Vec<Item>) -> Batch {
    Batch::new(items, Vec::new(), Checkpoint::At(cursor(after)))
}

pub(crate) fn last(items: Vec<Item>) -> Batch {
    Batch::new(items, Vec::new(), Checkpoint::Complete)
}

pub(crate) fn document(native: &str) -> Item {
    Item::Document(Box::new(Document {
        key: DocumentKey::new(Kind::Page, native),
        node: NodeKey::new(NodeKind::Content, native),
        audience: None,
        parent: None,
        container: ContainerKey("s".to_owned()),
        title: String::new(),
        issue_key: None,
        url: String::new(),
        body: Body::default(),
        facts: Facts::default(),
        created: Millis(0),
        updated: Millis(0),
        version: "1".to_owned(),
    }))
}

pub(crate) struct ScriptedSource {
    plan: Vec<(Stream, Form)>,
    script: Mutex<BTreeMap<Stream, VecDeque<Answer>>>,
    asked: Mutex<Vec<(Stream, Reading, Option<String>)>>,
    hangs: bool,
}

impl ScriptedSource {
    pub(crate) fn new(script: impl IntoIterator<Item = (Stream, Vec<Answer>)>) -> Self {
        let script: BTreeMap<_, _> = script.into_iter().map(|(stream, answers)| (stream, answers.into())).collect();
        let plan = script.keys().map(|stream| (*stream, Form::Whole)).collect();
        Self { plan, script: Mutex::new(script), asked: Mutex::default(), hangs: false }
    }

    /// Never answers.
    pub(crate) fn hanging(self) -> Self {
        Self { hangs: true, ..self }
    }

    pub(crate) fn planned(mut self, plan: impl IntoIterator<Item = (Stream, Form)>) -> Self {
        self.plan = plan.into_iter().collect();
        self
    }

    /// What each stream was asked.
    pub(crate) fn readings(&self) -> Vec<(Stream, Reading)> {
        self.asked.lock().unwrap().iter().map(|(stream, reading, _)| (*stream, reading.clone())).collect()
    }

    pub(crate) fn asked(&self) -> Vec<Stream> {
        self.asked.lock().unwrap().iter().map(|(stream, ..)| *stream).collect()
    }

    pub(crate) fn cursors(&self) -> Vec<Option<String>> {
        self.asked.lock().unwrap().iter().map(|(.., cursor)| cursor.clone()).collect()
    }
}

#[async_trait]
impl Source for ScriptedSource {
    fn plan(&self, _: RunKind) -> Vec<(Stream, Form)> {
        self.plan.clone()
    }

    async fn read(
        &self,
        stream: Stream,
        reading: &Reading,
        cursor: Option<&Cursor>,
        _: &dyn Known,
    ) -> Result<Batch, FetchError> {
        self.asked.lock().unwrap().push((stream, reading.clone(), cursor.map(|cursor| cursor.0.clone())));
        if self.hangs {
            std::future::pending::<()>().await;
        }
        let next = self.script.lock().unwrap().get_mut(&stream).and_then(VecDeque::pop_front);
        let next = next.unwrap_or_else(|| panic!("the script of {stream} has no further answer"));
        next.map_err(|kind| FetchError { kind, endpoint: format!("GET /{stream}"), reason: "scripted".to_owned() })
    }

    fn calls(&self) -> u64 {
        self.asked.lock().unwrap().len() as u64
    }
}

/// A step at which a run may hang, or find no space.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Step {
    Open,
    Read,
    Commit,
    Sweep,
    Bury,
    Report,
    Close,
}

#[derive(Default)]
struct Memory {
    documents: Vec<String>,
    swept: Vec<Stream>,
    problems: Vec<String>,
    resumed: BTreeMap<Stream, Stand>,
    watermarks: BTreeMap<Stream, Millis>,
    owed: BTreeMap<Stream, Owed>,
    /// How often each step still finds no space.
    refusals: BTreeMap<Step, usize>,
    /// The step that never answers.
    stalled: Option<Step>,
    buried: usize,
    proven: u64,
}

#[derive(Default)]
pub(crate) struct MemoryJournal(Mutex<Memory>);

impl MemoryJournal {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap()
    }

    pub(crate) fn documents(&self) -> Vec<String> {
        self.memory().documents.clone()
    }

    pub(crate) fn swept(&self) -> Vec<Stream> {
        self.memory().swept.clone()
    }

    pub(crate) fn problems(&self) -> Vec<String> {
        self.memory().problems.clone()
    }

    pub(crate) fn resume(&self, streams: impl IntoIterator<Item = (Stream, Progress, u64)>) {
        let stand = |(stream, progress, losses)| (stream, Stand { progress, losses });
        self.memory().resumed = streams.into_iter().map(stand).collect();
    }

    pub(crate) fn owe(&self, owed: impl IntoIterator<Item = (Stream, Owed)>) {
        self.memory().owed = owed.into_iter().collect();
    }

    pub(crate) fn know_until(&self, watermarks: impl IntoIterator<Item = (Stream, i64)>) {
        self.memory().watermarks = watermarks.into_iter().map(|(stream, at)| (stream, Millis(at))).collect();
    }

    /// Lets one step never answer.
    pub(crate) fn stall(&self, step: Step) {
        self.memory().stalled = Some(step);
    }

    async fn reach(&self, step: Step) {
        let stalled = self.memory().stalled == Some(step);
        if stalled {
            std::future::pending::<()>().await;
        }
    }

    /// How often a run deleted what is proved to be gone.
    pub(crate) fn buried(&self) -> usize {
        self.memory().buried
    }

    /// Lets so many documents be too many to delete.
    pub(crate) fn stop_deleting(&self, documents: u64) {
        self.memory().proven = documents;
    }

    /// Lets each of these steps find no space so many times.
    pub(crate) fn refuse(&self, refusals: impl IntoIterator<Item = (Step, usize)>) {
        self.memory().refusals = refusals.into_iter().collect();
    }

    fn find_space(&self, step: Step) -> Result<(), JournalError> {
        match self.memory().refusals.get_mut(&step) {
            Some(left) if *left > 0 => {
                *left -= 1;
                Err(JournalError::Full)
            }
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn open_run(&self, _: SourceId, _: RunKind, _: Millis) -> Result<OpenRun, JournalError> {
        self.find_space(Step::Open)?;
        let memory = self.memory();
        let (streams, watermarks) = (memory.resumed.clone(), memory.watermarks.clone());
        let losses = streams.values().map(|stand| stand.losses).sum();
        let counts = RunCounts { losses, ..RunCounts::default() };
        let owed = memory.owed.clone();
        Ok(OpenRun { id: RunId(1), resumed: !streams.is_empty(), streams, watermarks, owed, counts })
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, JournalError> {
        self.reach(Step::Commit).await;
        self.find_space(Step::Commit)?;
        let mut memory = self.memory();
        let before = memory.documents.len();
        let natives = commit.items.into_iter().filter_map(|item| match item {
            Item::Document(document) => Some(document.key.native),
            _ => None,
        });
        memory.documents.extend(natives);
        memory.problems.extend(commit.problems.into_iter().map(|problem| problem.item));
        let documents = (memory.documents.len() - before) as u64;
        Ok(Committed { documents, changed: documents, sequence: 0 })
    }

    async fn sweep(&self, _: RunId, stream: Stream, _: Millis) -> Result<Swept, JournalError> {
        self.reach(Step::Sweep).await;
        self.find_space(Step::Sweep)?;
        self.memory().swept.push(stream);
        Ok(Swept::default())
    }

    async fn bury(&self, _: RunId, _: Millis) -> Result<Buried, JournalError> {
        self.reach(Step::Bury).await;
        self.find_space(Step::Bury)?;
        let mut memory = self.memory();
        memory.buried += 1;
        Ok(Buried { deleted: 0, stopped: memory.proven })
    }

    async fn report(&self, _: RunId, _: Option<Stream>, problems: Vec<Problem>, _: Millis) -> Result<(), JournalError> {
        self.find_space(Step::Report)?;
        self.memory().problems.extend(problems.into_iter().map(|problem| problem.item));
        Ok(())
    }

    async fn close_run(&self, _: RunId, _: RunStatus, _: Option<String>, _: Millis) -> Result<(), JournalError> {
        self.find_space(Step::Close)
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

    fn containers(&self) -> Result<Vec<Container>, JournalError> {
        Ok(Vec::new())
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

    fn documents(&self, _: &[DocumentKey]) -> Result<BTreeMap<DocumentKey, (ContainerKey, String)>, JournalError> {
        Ok(BTreeMap::new())
    }
}
