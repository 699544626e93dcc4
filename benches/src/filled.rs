//! A store with its index and its state of access, filled with a made-up company through the port that syncs use.
//!
//! Half of the documents are pages, in trees ten wide; under each stands a comment. One space holds a tenth of all
//! documents, and one page of it stands above a hundredth of all documents. Restrictions are spread over the other spaces.

use crate::company::Dice;
use access::{
    Clause, Directory, Group, Person, Principal, ProductAccess, SourceDirectory, SourceId, User, UserId, Viewer,
};
use anyhow::{Result, ensure};
use index::{AccessMirror, Indexer, IndexerHandle, TantivyIndex};
use model::{
    Body, ClauseKey, Container, ContainerKey, ContainerKind, Document, DocumentKey, Facts, Kind, Millis, NodeKey,
    NodeKind, Origin, Product, RunId, RunKind, SourceSettings,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use store::{MasterKey, Store, SystemEntropy};
use sync::{Changes, Checkpoint, Commit, Cursor, Item, Journal, Mirror, Reading, Stream};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The only source.
pub(crate) const SOURCE: SourceId = SourceId(1);
const SPACES: u32 = 100;
const PEOPLE: u32 = 5_000;
const GROUPS: u32 = 600;
/// The first few people are in half of all groups.
pub(crate) const BUSY: u32 = 5;
/// Everybody is in this group.
const STAFF: &str = "staff";
/// Rows of one transaction.
const BATCH: usize = 1_000;

/// A source with nothing unusual about it.
pub(crate) fn settings() -> SourceSettings {
    SourceSettings::of(Product::Confluence, "acme.atlassian.net", "c")
}

/// How large a company is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) documents: u32,
    /// Lists of clauses: about one for each restricted page.
    pub(crate) acls: u32,
}

impl Size {
    fn pages(self) -> u32 {
        self.documents / 2
    }

    /// Pages of the large space; they come first.
    pub(crate) fn large(self) -> u32 {
        self.pages() / 10
    }

    /// Pages below page 1, which is the first one below the root of the large space.
    pub(crate) fn below(self) -> u32 {
        self.documents / 100
    }
}

/// The hub's parts, running.
pub(crate) struct Filled {
    pub(crate) store: Store,
    pub(crate) mirror: Arc<AccessMirror>,
    pub(crate) index: Arc<TantivyIndex>,
    pub(crate) handle: IndexerHandle,
    pub(crate) size: Size,
    run: RunId,
    cursor: AtomicU64,
    shutdown: CancellationToken,
    indexing: Option<JoinHandle<()>>,
    _folder: TempDir,
}

fn node(page: u32) -> NodeKey {
    NodeKey::new(NodeKind::Content, page.to_string())
}

/// The space of a page: the large one, then the others in turn.
fn space_of(page: u32, size: Size) -> u32 {
    if page < size.large() { 0 } else { 1 + (page - size.large()) % (SPACES - 1) }
}

/// The page above: pages 1 to `below` hang in one tree under page 1, all others of a space in another under its root.
fn parent_of(page: u32, size: Size) -> NodeKey {
    let space = space_of(page, size);
    let root = NodeKey::new(NodeKind::Space, space.to_string());
    match page {
        0 | 1 => root,
        page if page <= 1 + size.below() => node(1 + (page - 2) / 10),
        page if space == 0 && page - size.below() > 20 => node(size.below() + 2 + (page - size.below() - 3) / 10),
        page if space > 0 && page >= size.large() + 10 * (SPACES - 1) => {
            let at = (page - size.large()) / (SPACES - 1);
            node(size.large() + (at / 10) * (SPACES - 1) + (space - 1))
        }
        _ => root,
    }
}

/// Every page of the large space has the word `ofthelarge` where its number ends in 00.
fn text_of(docno: u32, page: u32, size: Size) -> String {
    let mut dice = Dice::new(u64::from(docno) + 1);
    let mut words: Vec<String> = (0..24).map(|_| format!("w{}q", (20_000_f64.powf(dice.roll())) as u32)).collect();
    if page < size.large() && page.is_multiple_of(100) {
        words.push("ofthelarge".to_owned());
    }
    if (1..=1 + size.below()).contains(&page) && page.is_multiple_of(10) {
        words.push("belowone".to_owned());
    }
    words.join(" ")
}

/// A page, or the comment under it.
pub(crate) fn document(page: u32, kind: Kind, size: Size, version: u32) -> Item {
    let number = if kind == Kind::Comment { size.pages() + page } else { page };
    let mut text = text_of(number, page, size);
    text.push_str(&format!(" version{version}"));
    Item::Document(Box::new(Document {
        key: DocumentKey::new(kind, page.to_string()),
        node: node(page),
        audience: None,
        parent: (kind == Kind::Comment).then(|| DocumentKey::new(Kind::Page, page.to_string())),
        container: ContainerKey(space_of(page, size).to_string()),
        title: format!("Page {page}"),
        issue_key: None,
        url: format!("https://acme.atlassian.net/wiki/spaces/S/pages/{page}?{kind}"),
        body: Body { headings: String::new(), text, code: String::new() },
        facts: Facts::default(),
        created: Millis(0),
        updated: Millis(i64::from(version)),
        version: version.to_string(),
    }))
}

/// The readers of a space.
pub(crate) fn readers(space: u32, groups: &[&str]) -> Item {
    let key = ClauseKey::new(Origin::SpaceReaders, space.to_string());
    Item::Clause { key, clause: Clause::any_of(groups.iter().map(|group| Principal::group(SOURCE, group))) }
}

/// The view restriction of a page: those in the groups, or none at all.
pub(crate) fn restriction(page: u32, groups: &[&str]) -> Vec<Item> {
    let key = ClauseKey::new(Origin::ViewRestriction, page.to_string());
    let own = if groups.is_empty() { vec![] } else { vec![key.clone()] };
    let clause = Clause::any_of(groups.iter().map(|group| Principal::group(SOURCE, group)));
    vec![Item::Clause { key, clause }, Item::Layers { node: node(page), own, inline: Vec::new() }]
}

fn page(page: u32, size: Size, restricted: bool, items: &mut Vec<Item>) {
    items.push(Item::Place { node: node(page), parent: Some(parent_of(page, size)) });
    if restricted {
        let group = format!("g{}", page % GROUPS);
        // Most restrictions let many in, so that chains of them still leave somebody.
        let named = [STAFF, group.as_str()];
        items.extend(restriction(page, if page.is_multiple_of(4) { &named[..1] } else { &named }));
    } else {
        items.push(Item::Layers { node: node(page), own: Vec::new(), inline: Vec::new() });
    }
    items.push(document(page, Kind::Page, size, 1));
    items.push(document(page, Kind::Comment, size, 1));
}

fn spaces() -> Vec<Item> {
    let mut items = vec![Item::Directory(Box::new(directory()))];
    for space in 0..SPACES {
        let native = space.to_string();
        let node = NodeKey::new(NodeKind::Space, native.clone());
        items.push(Item::Container(Container {
            key: ContainerKey(native.clone()),
            kind: ContainerKind::Space,
            short: format!("S{space}"),
            name: format!("Space {space}"),
            archived: false,
            url: String::new(),
        }));
        items.push(readers(space, &[STAFF]));
        items.push(Item::Place { node: node.clone(), parent: None });
        let own = vec![ClauseKey::new(Origin::SpaceReaders, native)];
        items.push(Item::Layers { node, own, inline: Vec::new() });
    }
    items
}

fn id(person: u32) -> UserId {
    UserId::Account(format!("p{person}").into())
}

/// Everybody is in `staff` and ten other groups; [`BUSY`] people are in half of all groups.
fn directory() -> SourceDirectory {
    let group = |name: String| Group::Id(name.into());
    let mut members: BTreeMap<Group, BTreeSet<UserId>> = BTreeMap::new();
    let mut users = BTreeMap::new();
    for person in 0..PEOPLE {
        let user = User { display_name: format!("Person {person}"), active: true, ..User::default() };
        users.insert(id(person), user);
        members.entry(group(STAFF.to_owned())).or_default().insert(id(person));
        let step = if person < BUSY { 2 } else { GROUPS / 10 };
        for at in (person % step..GROUPS).step_by(step as usize) {
            members.entry(group(format!("g{at}"))).or_default().insert(id(person));
        }
    }
    let product_access = ProductAccess::Groups(BTreeSet::from([group(STAFF.to_owned())]));
    SourceDirectory { users, members, product_access, ..SourceDirectory::unknown() }
}

/// Somebody, by number.
pub(crate) fn person(person: u32) -> Person {
    Person { mapped: BTreeMap::from([(SOURCE, id(person))]), ..Person::default() }
}

impl Filled {
    /// Builds the company and waits until all of it is indexed.
    pub(crate) async fn with(size: Size) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mirror = Arc::new(AccessMirror::new());
        let entropy = Arc::new(SystemEntropy);
        let key = MasterKey::load_or_create(folder.path(), entropy.as_ref())?;
        let following: Arc<dyn Mirror> = mirror.clone();
        let store = Store::open(folder.path(), following, key, entropy)?;
        ensure!(store.add_source(settings(), Millis(1)).await?.id == SOURCE, "the first source has another number");
        let run = store.open_run(SOURCE, RunKind::Full, Millis(1)).await?.id;
        let changes: Arc<dyn Changes> = Arc::new(store.clone());
        let indexer = Indexer::open(&folder.path().join("index"), changes, mirror.clone())?;
        let (handle, shutdown) = (indexer.handle(), CancellationToken::new());
        let stop = shutdown.clone();
        let indexing = Some(std::thread::spawn(move || indexer.run(&stop)));
        let index = Arc::new(TantivyIndex::new(mirror.clone()));
        let cursor = AtomicU64::new(0);
        let filled = Self { store, mirror, index, handle, size, run, cursor, shutdown, indexing, _folder: folder };
        filled.commit(spaces()).await?;
        filled.fill().await?;
        filled.caught_up()?;
        Ok(filled)
    }

    async fn fill(&self) -> Result<()> {
        let size = self.size;
        let elsewhere = f64::from(size.pages() - size.large());
        let share = f64::from(size.acls) / elsewhere;
        let mut items = Vec::with_capacity(BATCH + 8);
        for at in 0..size.pages() {
            let lot = Dice::new(u64::from(at) + 9_000_000).roll();
            page(at, size, at >= size.large() && lot < share, &mut items);
            if items.len() >= BATCH {
                self.commit(std::mem::take(&mut items)).await?;
            }
        }
        self.commit(items).await
    }

    /// One transaction, as a sync makes it.
    pub(crate) async fn commit(&self, items: Vec<Item>) -> Result<()> {
        let at = self.cursor.fetch_add(1, Ordering::Relaxed);
        let checkpoint = Checkpoint::At(Cursor(at.to_string()));
        let commit = Commit {
            run: self.run,
            source: SOURCE,
            stream: Stream::Pages,
            reading: Reading::Whole,
            items,
            problems: Vec::new(),
            checkpoint,
            calls: 1,
            at: Millis(1000),
            source_time: None,
        };
        self.store.commit(commit).await?;
        Ok(())
    }

    /// Waits until the index holds everything.
    pub(crate) fn caught_up(&self) -> Result<()> {
        let last = self.store.last_sequence()?;
        ensure!(self.handle.wait_until(last, Duration::from_secs(1800)), "the index does not catch up");
        Ok(())
    }

    /// As whom somebody searches.
    pub(crate) fn viewer(&self, person: &Person) -> Viewer {
        let directory: Arc<Directory> = self.store.directory();
        directory.viewer_of(person)
    }

    /// Lists of clauses in use.
    pub(crate) fn lists(&self) -> usize {
        let access = self.mirror.access();
        let nodes = (0..access.document_end()).filter_map(|doc| access.document(access::DocNo(doc)));
        let lists: BTreeSet<_> = nodes.filter_map(|entry| Some(access.node(entry.node)?.acl)).collect();
        lists.len()
    }
}

impl Drop for Filled {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if let Some(indexing) = self.indexing.take() {
            let _told_elsewhere = indexing.join();
        }
    }
}
