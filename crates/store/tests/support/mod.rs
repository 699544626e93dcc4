//! A data directory of a test's own, and short ways to say what a source states.

#![expect(dead_code, reason = "each test file uses its own part of the support")]

use access::{AccessState, Clause, Delta, Holder, Principal, ProductAccess, SourceDirectory, SourceId, User, UserId};
use futures_util::FutureExt;
use model::{
    Body, ClauseKey, Container, ContainerKey, ContainerKind, Document, DocumentKey, Facts, Kind, Millis, NodeKey,
    NodeKind, Origin, Problem, RunId, RunKind,
};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use store::{Entropy, MasterKey, OpenError, Store};
use sync::{Checkpoint, Commit, Committed, Cursor, Item, Journal, Mirror, Reading, Stream};
use tempfile::TempDir;

/// Random bytes that are the same in every run of a test.
pub(crate) struct Counting(AtomicU64);

impl Counting {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(seed)))
    }
}

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        for byte in bytes {
            let next = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            *byte = (next >> 56) as u8;
        }
        Ok(())
    }
}

/// Access in memory, as the store feeds it, with every delta kept.
pub(crate) struct Follower {
    pub(crate) state: Mutex<AccessState>,
    pub(crate) deltas: Mutex<Vec<Delta>>,
}

impl Follower {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(AccessState::empty()), deltas: Mutex::default() })
    }

    pub(crate) fn state(&self) -> AccessState {
        self.state.lock().expect("no test panics while it holds the lock").clone()
    }

    /// The deltas since the last call.
    pub(crate) fn take(&self) -> Vec<Delta> {
        std::mem::take(&mut self.deltas.lock().expect("no test panics while it holds the lock"))
    }
}

impl Mirror for Follower {
    fn apply(&self, delta: &Delta) {
        let mut state = self.state.lock().expect("no test panics while it holds the lock");
        *state = state.apply(delta);
        self.deltas.lock().expect("no test panics while it holds the lock").push(delta.clone());
    }
}

pub(crate) const SOURCE: SourceId = SourceId(1);

/// Waits without an executor: the store needs none.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.poll_unpin(&mut context) {
            std::task::Poll::Ready(answer) => return answer,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

pub(crate) fn open(dir: &Path) -> Result<(Store, Arc<Follower>), OpenError> {
    let follower = Follower::new();
    let key = MasterKey::load_or_create(dir, Counting::new(7).as_ref())?;
    let store = Store::open(dir, follower.clone(), key, Counting::new(99))?;
    Ok((store, follower))
}

/// What the end of a listing has changed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Judged {
    pub(crate) unconfirmed: u64,
    pub(crate) deleted: u64,
    pub(crate) stopped: u64,
}

/// An open store with one run.
pub(crate) struct Bench {
    pub(crate) dir: TempDir,
    pub(crate) store: Option<Store>,
    pub(crate) follower: Arc<Follower>,
    pub(crate) run: RunId,
    pub(crate) cursor: u64,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let dir = TempDir::new().expect("a directory of its own");
        let (store, follower) = open(dir.path()).expect("a new store opens");
        let run = wait(store.open_run(SOURCE, RunKind::Full, Millis(1))).expect("a run opens").id;
        follower.take();
        Self { dir, store: Some(store), follower, run, cursor: 0 }
    }

    pub(crate) fn store(&self) -> &Store {
        self.store.as_ref().expect("the store is open")
    }

    /// Closes the store, as a crash would, and opens it again.
    pub(crate) fn reopen(&mut self) {
        self.store = None;
        let (store, follower) = open(self.dir.path()).expect("the store opens again");
        (self.store, self.follower) = (Some(store), follower);
        self.follower.take();
    }

    pub(crate) fn batch(&mut self, stream: Stream, items: Vec<Item>) -> Commit {
        self.cursor += 1;
        let checkpoint = Checkpoint::At(Cursor(self.cursor.to_string()));
        let (run, source, problems) = (self.run, SOURCE, Vec::<Problem>::new());
        let (reading, source_time) = (Reading::Whole, None);
        Commit { run, source, stream, reading, items, problems, checkpoint, calls: 1, at: Millis(1000), source_time }
    }

    pub(crate) fn commit(&mut self, stream: Stream, items: Vec<Item>) -> Committed {
        let commit = self.batch(stream, items);
        wait(self.store().commit(commit)).expect("the batch is stored")
    }

    pub(crate) fn next_run(&mut self) {
        let close = self.store().close_run(self.run, model::RunStatus::Succeeded, None, Millis(2));
        wait(close).expect("the run closes");
        self.run = wait(self.store().open_run(SOURCE, RunKind::Full, Millis(3))).expect("a run opens").id;
    }

    /// Ends a listing, and deletes what is proved to be gone.
    pub(crate) fn sweep(&self, stream: Stream) -> Judged {
        let swept = wait(self.store().sweep(self.run, stream, Millis(4))).expect("the sweep ends");
        wait(self.store().settle()).expect("it settles");
        let buried = wait(self.store().bury(self.run, Millis(4))).expect("it answers");
        Judged { unconfirmed: swept.unconfirmed, deleted: buried.deleted, stopped: buried.stopped }
    }

    /// Deletes what is proved to be gone. How many documents that were.
    pub(crate) fn bury(&self) -> u64 {
        wait(self.store().bury(self.run, Millis(4))).expect("it answers").deleted
    }

    /// The same as [`sees`](Self::sees) once the index has caught up: a document that comes back waits for its text.
    pub(crate) fn finds(&self, person: &str, key: &DocumentKey) -> bool {
        let stored = self.store().document_by_key(SOURCE, key).expect("the store answers");
        let last = sync::Changes::last_sequence(self.store()).expect("the store answers");
        let state = self.follower.state().indexed(last);
        stored.is_some_and(|stored| state.admits(&viewer(self.store(), person), stored.docno))
    }

    /// Whether `person` sees a page, blog post or issue.
    pub(crate) fn sees(&self, person: &str, key: &DocumentKey) -> bool {
        let stored = self.store().document_by_key(SOURCE, key).expect("the store answers");
        stored.is_some_and(|stored| self.follower.state().admits(&viewer(self.store(), person), stored.docno))
    }
}

pub(crate) fn viewer(store: &Store, person: &str) -> access::Viewer {
    let mapped = BTreeMap::from([(SOURCE, UserId::Account(person.into()))]);
    store.directory().viewer_of(&access::Person { mapped, ..access::Person::default() })
}

/// A directory in which these people use the product.
pub(crate) fn directory(people: &[&str]) -> Item {
    let mut directory = SourceDirectory::unknown();
    let mut users = BTreeSet::new();
    for person in people {
        let id = UserId::Account((*person).into());
        directory.users.insert(id.clone(), User { active: true, ..User::default() });
        users.insert(id);
    }
    directory.product_access = ProductAccess::Users(users);
    Item::Directory(Box::new(directory))
}

pub(crate) fn people(names: &[&str]) -> Clause {
    Clause::any_of(names.iter().map(|name| Principal::account(SOURCE, name)))
}

pub(crate) fn anyone() -> Clause {
    Clause::any_of([Principal::new(SOURCE, Holder::Anyone)])
}

pub(crate) fn readers() -> ClauseKey {
    ClauseKey::new(Origin::SpaceReaders, "S")
}

pub(crate) fn restriction(page: &str) -> ClauseKey {
    ClauseKey::new(Origin::ViewRestriction, page)
}

pub(crate) fn clause(key: ClauseKey, clause: Clause) -> Item {
    Item::Clause { key, clause }
}

pub(crate) fn space_node() -> NodeKey {
    NodeKey::new(NodeKind::Space, "S")
}

pub(crate) fn content(native: &str) -> NodeKey {
    NodeKey::new(NodeKind::Content, native)
}

pub(crate) fn place(node: NodeKey, parent: Option<NodeKey>) -> Item {
    Item::Place { node, parent }
}

pub(crate) fn layers(node: NodeKey, own: &[ClauseKey]) -> Item {
    Item::Layers { node, own: own.to_vec(), inline: Vec::new() }
}

pub(crate) fn container(name: &str) -> Item {
    Item::Container(named_container("S", name))
}

pub(crate) fn named_container(native: &str, name: &str) -> Container {
    Container {
        key: ContainerKey(native.into()),
        kind: ContainerKind::Space,
        short: name.to_uppercase(),
        name: name.into(),
        archived: false,
        url: String::new(),
    }
}

/// The space `S`, which anyone reads, with people `ana` and `ben`.
pub(crate) fn space() -> Vec<Item> {
    vec![
        directory(&["ana", "ben"]),
        container("Space"),
        clause(readers(), anyone()),
        place(space_node(), None),
        layers(space_node(), &[readers()]),
    ]
}

pub(crate) fn page_key(native: &str) -> DocumentKey {
    DocumentKey::new(Kind::Page, native)
}

pub(crate) fn page(native: &str, text: &str) -> Document {
    Document {
        key: page_key(native),
        node: content(native),
        audience: None,
        parent: None,
        container: ContainerKey("S".into()),
        title: format!("Title of {native}"),
        issue_key: None,
        url: format!("https://acme.atlassian.net/wiki/pages/{native}"),
        body: Body { headings: String::new(), text: text.into(), code: String::new() },
        facts: Facts::default(),
        created: Millis(1),
        updated: Millis(2),
        version: "1".into(),
    }
}

pub(crate) fn comment(native: &str, under: &str) -> Document {
    Document {
        key: DocumentKey::new(Kind::Comment, native),
        parent: Some(page_key(under)),
        node: content(under),
        ..page(native, "a comment")
    }
}

pub(crate) fn document(document: Document) -> Item {
    Item::Document(Box::new(document))
}

/// A page under the space's root, without restrictions.
pub(crate) fn open_page(native: &str, text: &str) -> Vec<Item> {
    vec![place(content(native), Some(space_node())), layers(content(native), &[]), document(page(native, text))]
}

/// Settings of a source whose documents lie where `scope` says.
pub(crate) fn settings(scope: model::Scope) -> model::SourceSettings {
    model::SourceSettings { scope, ..model::SourceSettings::of(model::Product::Confluence, "acme.atlassian.net", "c") }
}

/// Whether a batch states two things of one key. It ends as its last statement, but cannot do so without a change.
pub(crate) fn contradicts_itself(items: &[Item]) -> bool {
    let key = |item: &Item| match item {
        Item::Container(container) => format!("container {:?}", container.key),
        Item::Clause { key, .. } => format!("clause {key:?}"),
        Item::Place { node, .. } => format!("place {node:?}"),
        Item::Layers { node, .. } => format!("layers {node:?}"),
        Item::Name { kind, native, .. } => format!("name {kind} {native}"),
        Item::Document(document) => format!("document {:?}", document.key),
        Item::Seen { key, .. } | Item::Gone { key } => format!("document {key:?}"),
        Item::ChildrenListed { parent, .. } => format!("below {parent:?}"),
        Item::Directory(_) => String::new(),
    };
    let keys: std::collections::BTreeSet<_> = items.iter().map(key).collect();
    keys.len() < items.len()
}
