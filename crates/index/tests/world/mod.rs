//! A small company in memory: documents, clauses, people, and an outbox that the indexer follows.

#![expect(dead_code, reason = "each test program uses its own part")]

use access::{
    AclId, Clause, ClauseId, Delta, Directory, DocNo, DocumentEntry, Hidden, NodeEntry, NodeId, Person, Principal,
    ProductAccess, SourceDirectory, SourceId, User, UserId, Viewer,
};
use index::{AccessMirror, Indexer, IndexerHandle, TantivyIndex};
use model::{Body, ContainerKey, Document, DocumentKey, Facts, Kind, Millis, NodeKey, NodeKind, StoredDocument};
use search::ReferenceIndex;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use sync::{Change, Changes, ChangesError, Generation, Mirror};
use tokio_util::sync::CancellationToken;

pub(crate) const SOURCE: SourceId = SourceId(1);
const PATIENCE: Duration = Duration::from_secs(30);

/// What a document is made of.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) group: u32,
    pub(crate) kind: Kind,
    pub(crate) container: u32,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) key: Option<String>,
    pub(crate) updated: i64,
}

impl Draft {
    pub(crate) fn page(docno: u32, title: &str, text: &str) -> Self {
        let (title, text) = (title.to_owned(), text.to_owned());
        Self { group: docno, kind: Kind::Page, container: 0, title, text, key: None, updated: 0 }
    }

    pub(crate) fn stored(&self, docno: u32) -> StoredDocument {
        let container = format!("c{}", self.container);
        StoredDocument {
            docno: DocNo(docno),
            group: DocNo(self.group),
            source: SOURCE,
            container_key: container.to_uppercase(),
            container_name: format!("Container {}", self.container),
            document: Document {
                key: DocumentKey::new(self.kind, docno.to_string()),
                node: NodeKey::new(NodeKind::Content, self.group.to_string()),
                audience: None,
                parent: None,
                container: ContainerKey(container),
                title: self.title.clone(),
                issue_key: self.key.clone(),
                url: format!("https://acme.example/{docno}"),
                // The first line of a text is its heading.
                body: Body {
                    headings: self.text.lines().next().filter(|_| self.text.contains('\n')).unwrap_or("").to_owned(),
                    text: self.text.clone(),
                    code: String::new(),
                },
                facts: Facts::default(),
                created: Millis(0),
                updated: Millis(self.updated),
                version: "1".to_owned(),
            },
        }
    }
}

#[derive(Default)]
struct Rows {
    generation: String,
    last: u64,
    by_document: BTreeMap<u32, (u64, Option<StoredDocument>)>,
    fails: bool,
}

/// An outbox that keeps the latest change of each document.
#[derive(Default)]
pub(crate) struct Outbox {
    rows: Mutex<Rows>,
    grown: Condvar,
}

impl Outbox {
    /// From now on, or no longer, reading fails.
    pub(crate) fn fail(&self, fails: bool) {
        self.rows.lock().unwrap().fails = fails;
    }

    pub(crate) fn renew(&self, generation: &str) {
        self.rows.lock().unwrap().generation = generation.to_owned();
    }

    pub(crate) fn last(&self) -> u64 {
        self.rows.lock().unwrap().last
    }

    pub(crate) fn forget_after(&self, sequence: u64) {
        let mut rows = self.rows.lock().unwrap();
        rows.last = sequence;
        rows.by_document.retain(|_, (at, _)| *at <= sequence);
    }
}

impl Changes for Outbox {
    fn generation(&self) -> Result<Generation, ChangesError> {
        Ok(Generation(self.rows.lock().unwrap().generation.clone()))
    }

    fn after(&self, sequence: u64, limit: usize) -> Result<Vec<Change>, ChangesError> {
        let rows = self.rows.lock().unwrap();
        if rows.fails {
            return Err(ChangesError("the disk is gone".into()));
        }
        let mut found: Vec<Change> = rows
            .by_document
            .iter()
            .filter(|(_, (at, document))| *at > sequence && (sequence > 0 || document.is_some()))
            .map(|(docno, (at, document))| Change {
                sequence: *at,
                docno: DocNo(*docno),
                document: document.clone().map(Box::new),
            })
            .collect();
        found.sort_by_key(|change| change.sequence);
        found.truncate(limit);
        Ok(found)
    }

    fn last_sequence(&self) -> Result<u64, ChangesError> {
        Ok(self.last())
    }

    fn wait_beyond(&self, sequence: u64, patience: Duration) -> bool {
        let rows = self.rows.lock().unwrap();
        let (rows, _) = self.grown.wait_timeout_while(rows, patience, |rows| rows.last <= sequence).unwrap();
        rows.last > sequence
    }
}

/// The store's side: documents with their numbers, and who may see what.
pub(crate) struct World {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) mirror: Arc<AccessMirror>,
    /// Everything the mirror was told, for a mirror of a later start.
    told: Vec<Delta>,
}

impl World {
    pub(crate) fn new() -> Self {
        let outbox = Arc::new(Outbox::default());
        outbox.renew("first");
        Self { outbox, mirror: Arc::new(AccessMirror::new()), told: Vec::new() }
    }

    pub(crate) fn tell(&mut self, delta: Delta) {
        self.mirror.apply(&delta);
        self.told.push(delta);
    }

    /// A clause for these people. The list of just this clause has the same number, and so has the node.
    pub(crate) fn clause(&mut self, at: u32, people: &[u32]) {
        let clause = Clause::any_of(people.iter().map(|person| Principal::account(SOURCE, &person.to_string())));
        self.tell(Delta { clauses: vec![(ClauseId(100 + at), clause)], ..Delta::default() });
    }

    /// A node under these clauses. Lists are never reused, so each call makes a new one.
    pub(crate) fn node(&mut self, at: u32, clauses: &[u32]) {
        let acl = AclId(u32::try_from(self.told.len()).unwrap());
        let list = clauses.iter().map(|clause| ClauseId(100 + clause)).collect();
        let nodes = vec![(NodeId(at), NodeEntry { acl, inline: None })];
        self.tell(Delta { acls: vec![(acl, list)], nodes, ..Delta::default() });
    }

    /// Writes a document under a node; one transaction.
    pub(crate) fn write(&mut self, docno: u32, node: u32, draft: &Draft) -> u64 {
        self.commit(docno, node, None, Some(draft.stored(docno)))
    }

    /// Deletes a document; one transaction.
    pub(crate) fn delete(&mut self, docno: u32) -> u64 {
        self.commit(docno, 0, Some(Hidden::Deleted), None)
    }

    fn commit(&mut self, docno: u32, node: u32, hidden: Option<Hidden>, document: Option<StoredDocument>) -> u64 {
        let sequence = self.outbox.last() + 1;
        let entry = DocumentEntry { node: NodeId(node), audience: None, hidden };
        self.tell(Delta {
            documents: vec![(DocNo(docno), entry)],
            rewritten: vec![(DocNo(docno), sequence)],
            ..Delta::default()
        });
        let mut rows = self.outbox.rows.lock().unwrap();
        rows.last = sequence;
        rows.by_document.insert(docno, (sequence, document));
        self.outbox.grown.notify_all();
        sequence
    }

    /// Changes who may see a document without touching its text.
    pub(crate) fn point(&mut self, docno: u32, node: u32) {
        let entry = DocumentEntry { node: NodeId(node), audience: None, hidden: None };
        self.tell(Delta { documents: vec![(DocNo(docno), entry)], ..Delta::default() });
    }

    /// A new process: the mirror is filled anew, without what waited.
    pub(crate) fn restart(&mut self) {
        self.mirror = Arc::new(AccessMirror::new());
        for delta in &self.told {
            self.mirror.apply(&Delta { rewritten: vec![], ..delta.clone() });
        }
    }

    pub(crate) fn open(&self, path: &Path) -> Indexer {
        Indexer::open(path, self.outbox.clone(), self.mirror.clone()).unwrap()
    }

    pub(crate) fn start(&self, path: &Path) -> Running {
        let indexer = self.open(path).paced(Duration::from_millis(5));
        let (handle, shutdown) = (indexer.handle(), CancellationToken::new());
        let token = shutdown.clone();
        let thread = std::thread::spawn(move || indexer.run(&token));
        Running { handle, shutdown, thread: Some(thread), outbox: self.outbox.clone() }
    }

    pub(crate) fn index(&self) -> TantivyIndex {
        TantivyIndex::new(self.mirror.clone())
    }

    pub(crate) fn reference(&self) -> ReferenceIndex {
        let documents: Vec<_> = self.outbox.after(0, usize::MAX).unwrap();
        let documents = documents.into_iter().filter_map(|change| change.document).map(|document| *document);
        ReferenceIndex::new(documents, self.mirror.access().as_ref().clone(), index::analyze)
    }
}

/// An indexer on its thread; stopped, and its panics seen, on drop.
pub(crate) struct Running {
    pub(crate) handle: IndexerHandle,
    shutdown: CancellationToken,
    thread: Option<JoinHandle<()>>,
    outbox: Arc<Outbox>,
}

impl Running {
    pub(crate) fn catch_up(&self) {
        assert!(self.handle.wait_until(self.outbox.last(), PATIENCE), "{:?}", self.handle.status());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shutdown.cancel();
        let ended = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(ended.is_none_or(|ended| ended.is_ok()), "the indexer panicked");
        }
    }
}

/// A person who holds only their own account.
pub(crate) fn viewer(person: u32) -> Viewer {
    let id = UserId::Account(person.to_string().into());
    let user = User { display_name: String::new(), email: None, active: true, guest: false, outsider: false };
    let mut directory = Directory::default();
    let source = SourceDirectory {
        users: BTreeMap::from([(id.clone(), user)]),
        product_access: ProductAccess::Users([id.clone()].into()),
        ..SourceDirectory::unknown()
    };
    directory.put(SOURCE, source);
    directory.viewer_of(&Person { mapped: BTreeMap::from([(SOURCE, id)]), ..Person::default() })
}
