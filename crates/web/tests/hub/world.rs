//! The company of the tests: one Confluence with a space that all see and one that only Ana sees.

use access::{
    AccessState, Clause, Delta, DocNo, Hidden, Holder, Principal, ProductAccess, SourceDirectory, SourceId, User,
    UserId, Viewer,
};
use model::{
    Body, ClauseKey, Container, ContainerKey, ContainerKind, Document, DocumentKey, Facts, Kind, Millis, NodeKey,
    NodeKind, Origin, PersonName, Problem, ProblemKind, Product, RunKind, RunStatus, SourceSettings,
};
use search::{HitDocument, ReferenceIndex, Request, Results, SearchError, SearchIndex, Token};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use store::Store;
use sync::{Changes, Checkpoint, Commit, Cursor, Item, Journal, Mirror, Reading, Stream};

use crate::stage::{ANA, BEN, START};

pub(crate) const SOURCE: SourceId = SourceId(1);

/// A title that breaks out of text and of attributes wherever it is not escaped.
pub(crate) const HOSTILE: &str = "gold \"'><script>alert(1)</script><img src=x onerror=alert(2)> rush";

/// Access in memory, as the store feeds it.
pub(crate) struct Follower(Mutex<AccessState>);

impl Follower {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(AccessState::empty())))
    }

    pub(crate) fn state(&self) -> AccessState {
        self.0.lock().unwrap().clone()
    }
}

impl Mirror for Follower {
    fn apply(&self, delta: &Delta) {
        let mut state = self.0.lock().unwrap();
        *state = state.apply(delta).indexed(u64::MAX);
    }
}

/// The reference index over whatever the store holds now.
pub(crate) struct LiveReference {
    store: Arc<Store>,
    follower: Arc<Follower>,
}

impl LiveReference {
    pub(crate) fn new(store: Arc<Store>, follower: Arc<Follower>) -> Self {
        Self { store, follower }
    }

    pub(crate) fn state(&self) -> AccessState {
        self.follower.state()
    }

    pub(crate) fn reference(&self) -> ReferenceIndex {
        let changes = self.store.after(0, 10_000).unwrap();
        let documents = changes.into_iter().filter_map(|change| change.document).map(|document| *document);
        ReferenceIndex::new(documents, self.follower.state(), words)
    }
}

impl SearchIndex for LiveReference {
    fn search(&self, viewer: &Viewer, request: &Request) -> Result<Results, SearchError> {
        self.reference().search(viewer, request)
    }

    fn documents(&self, viewer: &Viewer, numbers: &[DocNo]) -> Result<Vec<HitDocument>, SearchError> {
        self.reference().documents(viewer, numbers)
    }
}

/// Words of letters and digits, in lower case.
fn words(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let span = from..at;
                let term = text[span.clone()].to_lowercase();
                tokens.push(Token { term, position: tokens.len(), span, whole: false, common: false });
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

fn user(name: &str, email: &str) -> User {
    User { display_name: name.to_owned(), email: Some(email.to_owned()), active: true, guest: false, outsider: false }
}

/// Accounts `a-ana` and `a-ben`, both with the product.
pub(crate) fn directory(with_ben: bool) -> Item {
    let mut users = BTreeMap::from([(UserId::Account("a-ana".into()), user("Ana S.", ANA))]);
    if with_ben {
        users.insert(UserId::Account("a-ben".into()), user("Ben O.", BEN));
    }
    let product_access = ProductAccess::Users(users.keys().cloned().collect());
    Item::Directory(Box::new(SourceDirectory { users, product_access, ..SourceDirectory::unknown() }))
}

fn readers(space: &str, principals: Vec<Principal>) -> Item {
    Item::Clause { key: ClauseKey::new(Origin::SpaceReaders, space), clause: Clause::any_of(principals) }
}

pub(crate) fn space(native: &str, short: &str, name: &str) -> Vec<Item> {
    let container = Container {
        key: ContainerKey(native.to_owned()),
        kind: ContainerKind::Space,
        short: short.to_owned(),
        name: name.to_owned(),
        archived: false,
        url: format!("https://acme.atlassian.net/wiki/spaces/{short}"),
    };
    let node = NodeKey::new(NodeKind::Space, native);
    let own = vec![ClauseKey::new(Origin::SpaceReaders, native)];
    vec![
        Item::Container(container),
        Item::Place { node: node.clone(), parent: None },
        Item::Layers { node, own, inline: Vec::new() },
    ]
}

fn document(key: DocumentKey, page: &str, space: &str, title: &str, text: &str) -> Document {
    let author = Some(PersonName { id: "a-ana".to_owned(), name: "Ana S.".to_owned() });
    Document {
        parent: (key.kind == Kind::Comment).then(|| DocumentKey::new(Kind::Page, page)),
        url: format!("https://acme.atlassian.net/wiki/{}", key.native),
        key,
        node: NodeKey::new(NodeKind::Content, page),
        audience: None,
        container: ContainerKey(space.to_owned()),
        title: title.to_owned(),
        issue_key: None,
        body: Body { text: text.to_owned(), ..Body::default() },
        facts: Facts { author, ..Facts::default() },
        created: Millis(START - 1000),
        updated: Millis(START - 1000),
        version: "1".to_owned(),
    }
}

/// A page under its space, with its own layers: none, or closed because they could not be read.
pub(crate) fn page(native: &str, space: &str, title: &str, text: &str) -> Vec<Item> {
    let node = NodeKey::new(NodeKind::Content, native);
    let parent = Some(NodeKey::new(NodeKind::Space, space));
    vec![
        Item::Place { node: node.clone(), parent },
        Item::Layers { node, own: Vec::new(), inline: Vec::new() },
        Item::Document(Box::new(document(DocumentKey::new(Kind::Page, native), native, space, title, text))),
    ]
}

fn forbidden_page(native: &str, space: &str) -> Vec<Item> {
    let key = ClauseKey::new(Origin::ViewRestriction, native);
    let mut items = vec![Item::Clause { key: key.clone(), clause: Clause::nobody(Hidden::Forbidden) }];
    items.extend(page(native, space, "Gold nobody may see", "unreadable gold"));
    let node = NodeKey::new(NodeKind::Content, native);
    items.push(Item::Layers { node, own: vec![key], inline: Vec::new() });
    items
}

/// Commits items of one run and closes it.
pub(crate) async fn commit(store: &Store, items: Vec<Item>, problems: Vec<Problem>) {
    let run = store.open_run(SOURCE, RunKind::Full, Millis(START)).await.unwrap().id;
    let status = if problems.is_empty() { RunStatus::Succeeded } else { RunStatus::Partial };
    let commit = Commit {
        run,
        source: SOURCE,
        stream: Stream::Pages,
        reading: Reading::Whole,
        items,
        problems,
        checkpoint: Checkpoint::At(Cursor("1".to_owned())),
        calls: 3,
        at: Millis(START),
        source_time: None,
    };
    store.commit(commit).await.unwrap();
    store.close_run(run, status, None, Millis(START + 4000)).await.unwrap();
}

/// Fills the store: spaces `ENG` (all) and `BOARD` (Ana only), four pages, a comment, one page hidden from everybody.
pub(crate) async fn fill(store: &Store) {
    for product in [Product::Confluence, Product::Jira] {
        let settings = SourceSettings::of(product, "acme.atlassian.net", "c-1");
        store.add_source(settings, Millis(START)).await.unwrap();
    }
    let mut items = vec![
        directory(true),
        readers("65", vec![Principal::new(SOURCE, Holder::Anyone)]),
        readers("66", vec![Principal::account(SOURCE, "a-ana")]),
    ];
    items.extend(space("65", "ENG", "Engineering"));
    items.extend(space("66", "BOARD", "Board papers"));
    items.extend(page("101", "65", "How we pan for gold", "Take the pan to the river and look for gold."));
    items.extend(page("102", "65", HOSTILE, &format!("gold {HOSTILE}")));
    items.extend(page("103", "65", "Lunch", "Nothing shiny here."));
    items.extend(page("201", "66", "Takeover of the gold mine", "Secret gold deal with Initech."));
    items.extend(forbidden_page("104", "65"));
    let comment = DocumentKey::new(Kind::Comment, "901");
    items.push(Item::Document(Box::new(document(comment, "103", "65", "Lunch", "There was gold in the soup."))));
    let problem = Problem::new(ProblemKind::Record, "page 98342", "the body ends in the middle of a string <b>");
    commit(store, items, vec![problem]).await;
}
