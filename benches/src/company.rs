//! A made-up store for benchmarks of the index: documents made when they are read, so that a million take no memory.

use access::{
    AclId, Clause, ClauseId, Delta, Directory, DocNo, DocumentEntry, NodeEntry, NodeId, Person, Principal,
    ProductAccess, SourceDirectory, SourceId, User, UserId, Viewer,
};
use anyhow::{Result, ensure};
use index::{AccessMirror, Indexer};
use model::{Body, ContainerKey, Document, DocumentKey, Facts, Kind, Millis, NodeKey, NodeKind, StoredDocument};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use sync::{Change, Changes, ChangesError, Generation, Mirror};
use tokio_util::sync::CancellationToken;

/// The only source.
pub(crate) const SOURCE: SourceId = SourceId(1);

/// What makes the title and text of a document from its number.
pub(crate) type Write = Box<dyn Fn(u32) -> (String, String) + Send + Sync>;

/// Documents 0 to `count`, each in one of `spaces` and under that space's clause, and some under a second one.
pub(crate) struct Company {
    pub(crate) count: u32,
    pub(crate) space_of: fn(u32) -> u32,
    pub(crate) write: Write,
}

impl Company {
    fn document(&self, docno: u32) -> StoredDocument {
        let (title, text) = (self.write)(docno);
        let space = (self.space_of)(docno);
        StoredDocument {
            docno: DocNo(docno),
            group: DocNo(docno),
            source: SOURCE,
            container_key: format!("S{space}"),
            container_name: format!("Space {space}"),
            document: Document {
                key: DocumentKey::new(Kind::Page, docno.to_string()),
                node: NodeKey::new(NodeKind::Content, docno.to_string()),
                audience: None,
                parent: None,
                container: ContainerKey(space.to_string()),
                title,
                issue_key: None,
                url: format!("https://acme.example/wiki/pages/{docno}"),
                body: Body { headings: String::new(), text, code: String::new() },
                facts: Facts::default(),
                created: Millis(0),
                updated: Millis(i64::from(docno)),
                version: "1".to_owned(),
            },
        }
    }

    /// Everything about access: each space has readers, named by its number, and each page a node of its own.
    pub(crate) fn access(&self, readers_of: impl Fn(u32) -> Vec<u32>) -> Delta {
        let mut delta = Delta::default();
        let spaces = (0..self.count).map(self.space_of).max().map_or(0, |last| last + 1);
        for space in 0..spaces {
            let id = ClauseId(ClauseId::FIRST_STORED.0 + space);
            let readers = readers_of(space).into_iter().map(|person| Principal::account(SOURCE, &person.to_string()));
            delta.clauses.push((id, Clause::any_of(readers)));
            delta.acls.push((AclId(space), vec![id]));
        }
        for docno in 0..self.count {
            delta.nodes.push((NodeId(docno), NodeEntry { acl: AclId((self.space_of)(docno)), inline: None }));
            let entry = DocumentEntry { node: NodeId(docno), audience: None, hidden: None };
            delta.documents.push((DocNo(docno), entry));
        }
        delta
    }
}

impl Changes for Company {
    fn generation(&self) -> Result<Generation, ChangesError> {
        Ok(Generation("bench".to_owned()))
    }

    fn after(&self, sequence: u64, limit: usize) -> Result<Vec<Change>, ChangesError> {
        let numbers = (0..self.count).skip(usize::try_from(sequence).unwrap_or(usize::MAX)).take(limit);
        let change = |docno| Change {
            sequence: u64::from(docno) + 1,
            docno: DocNo(docno),
            document: Some(Box::new(self.document(docno))),
        };
        Ok(numbers.map(change).collect())
    }

    fn last_sequence(&self) -> Result<u64, ChangesError> {
        Ok(u64::from(self.count))
    }

    fn wait_beyond(&self, _: u64, patience: Duration) -> bool {
        std::thread::sleep(patience.min(Duration::from_millis(5)));
        false
    }
}

/// Indexes the company into `folder` and opens the result for searching.
pub(crate) fn indexed(company: Company, folder: &Path, access: &Delta) -> Result<Arc<AccessMirror>> {
    let mirror = Arc::new(AccessMirror::new());
    mirror.apply(access);
    let company = Arc::new(company);
    let indexer = Indexer::open(folder, company.clone(), mirror.clone())?;
    let (handle, shutdown) = (indexer.handle(), CancellationToken::new());
    let token = shutdown.clone();
    let thread = std::thread::spawn(move || indexer.run(&token));
    let caught_up = handle.wait_until(u64::from(company.count), Duration::from_secs(900));
    shutdown.cancel();
    let ended = thread.join();
    ensure!(caught_up && ended.is_ok(), "the index did not catch up: {:?}", handle.status());
    // Opened once more, with no writer: merges that ended after the last commit are in, and no more will come.
    let mirror = Arc::new(AccessMirror::new());
    mirror.apply(access);
    drop(Indexer::open(folder, company, mirror.clone())?);
    Ok(mirror)
}

/// A person known by number, who holds only their own account.
pub(crate) fn viewer(person: u32) -> Viewer {
    let id = UserId::Account(person.to_string().into());
    let user = User { active: true, ..User::default() };
    let mut directory = Directory::default();
    let source = SourceDirectory {
        users: BTreeMap::from([(id.clone(), user)]),
        product_access: ProductAccess::Users([id.clone()].into()),
        ..SourceDirectory::unknown()
    };
    directory.put(SOURCE, source);
    directory.viewer_of(&Person { mapped: BTreeMap::from([(SOURCE, id)]), ..Person::default() })
}

/// A small generator whose numbers depend on its seed alone.
pub(crate) struct Dice(u64);

impl Dice {
    /// Different seeds give unrelated numbers.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    /// A number from zero up to, and without, one.
    pub(crate) fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
