//! A data directory, opened in the test after its hub has stopped: the store and everything derived from it.

use access::{AccessState, DocNo, Viewer};
use index::{AccessMirror, Indexer, TantivyIndex};
use model::{Kind, Millis, Product, StoredDocument};
use search::{Page, Query, Request, SearchIndex};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{Account, MasterKey, Store, SystemEntropy};
use sync::{Changes, Mirror};
use tokio_util::sync::CancellationToken;

use crate::people::Thing;

/// How long the index may take to catch up with the store.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open data directory.
pub struct Opened {
    /// The truth.
    pub store: Store,
    /// Who may see what.
    pub mirror: Arc<AccessMirror>,
    /// The text.
    pub index: TantivyIndex,
    /// Every live document.
    pub documents: BTreeMap<DocNo, StoredDocument>,
    products: BTreeMap<access::SourceId, Product>,
    shutdown: CancellationToken,
    indexing: Option<std::thread::JoinHandle<()>>,
}

/// What an index shows and counts. Under one page it shows a few comments and attachments only, but counts all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Documents shown: every page, blog post and issue, and the first of what hangs on them.
    pub shown: BTreeSet<Thing>,
    /// Documents counted, by container and kind.
    pub counts: BTreeMap<(Product, String, Kind), u64>,
}

impl Opened {
    /// Opens a data directory that no hub holds any more, and waits until its index has caught up.
    ///
    /// # Panics
    /// If anything in it cannot be opened or read.
    pub fn at(data: &Path) -> Self {
        let mirror = Arc::new(AccessMirror::new());
        let entropy = Arc::new(SystemEntropy);
        let key = MasterKey::load_or_create(data, entropy.as_ref()).unwrap_or_else(|error| panic!("{error}"));
        let following: Arc<dyn Mirror> = mirror.clone();
        let store = Store::open(data, following, key, entropy).unwrap_or_else(|error| panic!("{error}"));
        let changes: Arc<dyn Changes> = Arc::new(store.clone());
        let indexer = Indexer::open(&data.join("index"), changes, mirror.clone());
        let indexer = indexer.unwrap_or_else(|error| panic!("{error}"));
        let (handle, shutdown) = (indexer.handle(), CancellationToken::new());
        let stop = shutdown.clone();
        let indexing = std::thread::spawn(move || indexer.run(&stop));
        let last = store.last_sequence().unwrap_or_else(|error| panic!("{error}"));
        assert!(handle.wait_until(last, PATIENCE), "the index does not catch up: {:?}", handle.status());
        let products = store.sources().unwrap_or_else(|error| panic!("{error}"));
        let products = products.into_iter().map(|source| (source.id, source.settings.product)).collect();
        let documents = live(&store);
        let index = TantivyIndex::new(mirror.clone());
        Self { store, mirror, index, documents, products, shutdown, indexing: Some(indexing) }
    }

    /// The state of access.
    pub fn access(&self) -> Arc<AccessState> {
        self.mirror.access()
    }

    /// The accounts of the hub by e-mail.
    pub fn accounts(&self) -> BTreeMap<String, Account> {
        let accounts = self.store.accounts().unwrap_or_else(|error| panic!("{error}"));
        accounts.into_iter().map(|account| (account.email.clone(), account)).collect()
    }

    /// What an account holds at the sources.
    pub fn viewer(&self, account: &Account) -> Viewer {
        self.store.directory().viewer_of(&account.person())
    }

    /// How the source calls a document.
    pub fn thing(&self, document: &StoredDocument) -> Thing {
        let key = &document.document.key;
        Thing { product: self.products[&document.source], kind: key.kind, native: key.native.clone() }
    }

    /// The product and key of the space or project that holds a document; nothing that exists if it is not stored.
    pub fn container(&self, thing: &Thing) -> (Product, String) {
        let held = self.documents.values().find(|document| self.thing(document) == *thing);
        (thing.product, held.map(|document| document.container_key.clone()).unwrap_or_default())
    }

    /// The documents that the clauses admit the viewer to.
    pub fn admitted(&self, viewer: &Viewer) -> BTreeSet<Thing> {
        let access = self.access();
        let admitted = self.documents.values().filter(|document| access.admits(viewer, document.docno));
        admitted.map(|document| self.thing(document)).collect()
    }

    /// What an index finds for the viewer when everything is asked for, container by container and kind by kind.
    pub fn found(&self, index: &dyn SearchIndex, viewer: &Viewer) -> Found {
        let of = |document: &StoredDocument| (document.source, document.document.container.clone());
        let containers: BTreeSet<_> = self.documents.values().map(of).collect();
        let mut found = Found::default();
        for container in containers {
            let product = self.products[&container.0];
            for kind in Kind::ALL.iter().copied() {
                let mut request = Request { query: Query::everything(), ..Request::of("") };
                request.filters.kinds = vec![kind];
                request.filters.containers = vec![container.clone()];
                request.page = Page { offset: 0, limit: 50 };
                let counted = self.collect(index, viewer, request, &mut found.shown);
                if counted > 0 {
                    found.counts.insert((product, container.1.0.clone(), kind), counted);
                }
            }
        }
        found
    }

    /// What the index finds for the viewer by a word that few documents hold.
    pub fn found_by(&self, word: &str, viewer: &Viewer) -> BTreeSet<Thing> {
        let mut found = BTreeSet::new();
        let mut request = Request::of(word);
        request.page = Page { offset: 0, limit: 50 };
        self.collect(&self.index, viewer, request, &mut found);
        found
    }

    /// Pages through one request; returns how many documents it counts.
    fn collect(
        &self,
        index: &dyn SearchIndex,
        viewer: &Viewer,
        mut request: Request,
        shown: &mut BTreeSet<Thing>,
    ) -> u64 {
        loop {
            let results = index.search(viewer, &request).unwrap_or_else(|error| panic!("{error}"));
            for hit in &results.hits {
                let hits = hit.matched.then_some(&hit.document).into_iter().chain(&hit.nested);
                shown.extend(hits.filter_map(|hit| self.documents.get(&hit.docno)).map(|hit| self.thing(hit)));
            }
            request.page.offset += request.page.limit;
            if results.hits.is_empty() || request.page.offset as u64 >= results.total {
                let wanted = |(kind, _): &&(Kind, u64)| request.filters.kinds.contains(kind);
                return results.facets.kinds.iter().filter(wanted).map(|(_, count)| count).sum();
            }
        }
    }

    /// The same for a set that is known: what an index has to show and to count.
    pub fn counts(&self, things: &BTreeSet<Thing>) -> BTreeMap<(Product, String, Kind), u64> {
        let mut counts = BTreeMap::new();
        for document in self.documents.values() {
            let thing = self.thing(document);
            if things.contains(&thing) {
                let container = document.document.container.0.clone();
                *counts.entry((thing.product, container, thing.kind)).or_default() += 1;
            }
        }
        counts
    }

    /// Sorts what a crash has left, as a hub does when it starts.
    ///
    /// # Panics
    /// If the store fails.
    pub async fn recover(&self, at: Millis) -> store::Recovered {
        self.store.recover(at).await.unwrap_or_else(|error| panic!("{error}"))
    }
}

/// Every live document of a store.
fn live(store: &Store) -> BTreeMap<DocNo, StoredDocument> {
    let (mut documents, mut sequence) = (BTreeMap::new(), 0);
    loop {
        let changes = store.after(sequence, 500).unwrap_or_else(|error| panic!("{error}"));
        let Some(last) = changes.last() else { return documents };
        sequence = last.sequence;
        for change in changes {
            match change.document {
                Some(document) => documents.insert(change.docno, *document),
                None => documents.remove(&change.docno),
            };
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if let Some(indexing) = self.indexing.take() {
            let _panicked_already = indexing.join();
        }
    }
}
