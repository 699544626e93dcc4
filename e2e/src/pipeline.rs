//! Store, index, adapters and engine wired together in this process, as the hub wires them, without the hub's pages.
//!
//! For tests and benchmarks that need to look at the parts while they work: counters of the adapters, the store's rows,
//! the mirror, the index. Everything else plays on processes, see [`crate::stack`].

use access::{DocNo, Person, SourceId, UserId, Viewer};
use anyhow::{Context, Result, ensure};
use atlassian::confluence::ConfluenceCloud;
use atlassian::http::{Credential, Gateway, HttpOptions, OrgKey};
use atlassian::jira::cloud::JiraCloud;
use index::{AccessMirror, Indexer, IndexerHandle, TantivyIndex};
use model::{Millis, Product, RunKind, RunStatus, Scope, SiteDomain, SourceEvent, SourceSettings, StoredDocument};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::{MasterKey, Store, SystemEntropy};
use sync::{Changes, Engine, Mirror, Patience, RunOutcome, RunProgress, Source};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

/// How long the index may take to catch up.
const PATIENCE: Duration = Duration::from_secs(900);
/// Changes read from the outbox at once.
const CHANGES: usize = 500;

/// A site to read: a simulator and what opens it.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where it answers, `http://127.0.0.1:PORT`.
    pub base: String,
    /// Host of the site.
    pub host: String,
    /// Cloud id of the site.
    pub cloud_id: String,
    /// The service account's token.
    pub token: String,
    /// Id and key of the organization.
    pub organization: Option<(String, String)>,
}

impl Site {
    fn gateway(&self) -> Result<Gateway> {
        let org = self.organization.clone();
        let org = org.map(|(org_id, key)| OrgKey { org_id, key: SecretString::from(key) });
        let credential = Credential { token: SecretString::from(self.token.clone()), org };
        let address = Url::parse(&self.base).with_context(|| format!("`{}` is no address", self.base))?;
        Ok(Gateway::new(&HttpOptions::at(&address), &self.cloud_id, &credential)?)
    }
}

/// One connected product.
pub struct Connected {
    /// Its number in the store.
    pub id: SourceId,
    gateway: Gateway,
    source: Box<dyn Source>,
}

impl Connected {
    /// Calls made so far, by endpoint as `GET /path`.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        let calls = self.gateway.calls_by_endpoint().into_iter();
        calls.map(|(endpoint, count)| (endpoint.to_string(), count)).collect()
    }
}

/// A data directory that is being filled.
pub struct Pipeline {
    /// The truth.
    pub store: Store,
    /// Who may see what.
    pub mirror: Arc<AccessMirror>,
    /// The text.
    pub index: TantivyIndex,
    handle: IndexerHandle,
    shutdown: CancellationToken,
    indexing: Option<JoinHandle<()>>,
}

impl Pipeline {
    /// Opens the data directory and starts the indexer.
    ///
    /// # Errors
    /// If any part of it cannot be opened.
    pub fn open(data: &Path) -> Result<Self> {
        let mirror = Arc::new(AccessMirror::new());
        let entropy = Arc::new(SystemEntropy);
        let key = MasterKey::load_or_create(data, entropy.as_ref())?;
        let following: Arc<dyn Mirror> = mirror.clone();
        let store = Store::open(data, following, key, entropy)?;
        let changes: Arc<dyn Changes> = Arc::new(store.clone());
        let indexer = Indexer::open(&data.join("index"), changes, mirror.clone())?;
        let (handle, shutdown) = (indexer.handle(), CancellationToken::new());
        let stop = shutdown.clone();
        let indexing = std::thread::Builder::new().name("indexer".to_owned()).spawn(move || indexer.run(&stop))?;
        let index = TantivyIndex::new(mirror.clone());
        Ok(Self { store, mirror, index, handle, shutdown, indexing: Some(indexing) })
    }

    /// Connects one product of a site, all of it.
    ///
    /// # Errors
    /// If the store refuses it.
    pub async fn connect(&self, product: Product, site: &Site) -> Result<Connected> {
        let settings = SourceSettings::of(product, &site.host, &site.cloud_id);
        let id = self.store.add_source(settings, now()).await?.id;
        Self::adapter(id, product, site)
    }

    /// A new adapter for what is connected already, as each run of the hub has one of its own.
    ///
    /// # Errors
    /// If the site cannot be addressed.
    pub fn adapter(id: SourceId, product: Product, site: &Site) -> Result<Connected> {
        let (gateway, domain) = (site.gateway()?, SiteDomain::parse(&site.host)?);
        let (gateway, source): (Gateway, Box<dyn Source>) = match product {
            Product::Confluence => {
                let cloud = ConfluenceCloud::new(&gateway, id, domain, Scope::default());
                (cloud.gateway().clone(), Box::new(cloud))
            }
            Product::Jira => (gateway.clone(), Box::new(JiraCloud::new(gateway, id, &domain, Scope::default()))),
        };
        Ok(Connected { id, gateway, source })
    }

    /// Crawls a product as a whole.
    ///
    /// # Errors
    /// If anything was missed; the message holds the first problems.
    pub async fn crawl(&self, connected: &Connected) -> Result<RunOutcome> {
        self.run(RunKind::Full, connected).await
    }

    /// Reads a product in a run of this kind.
    ///
    /// # Errors
    /// If anything was missed; the message holds the first problems.
    pub async fn run(&self, kind: RunKind, connected: &Connected) -> Result<RunOutcome> {
        self.store.source_event(connected.id, SourceEvent::Wanted).await?;
        let patience = Patience::usual(|| 0.5);
        let engine = Engine { journal: Arc::new(self.store.clone()), clock: Arc::new(now), patience };
        let (progress, _watched) = watch::channel(RunProgress::default());
        let never = CancellationToken::new();
        let outcome = engine.run(kind, connected.id, connected.source.as_ref(), &never, &progress).await?;
        let problems = self.store.problems(outcome.run, 0, 5)?;
        ensure!(outcome.status == RunStatus::Succeeded, "the {kind} run ended as {outcome:?}: {problems:#?}");
        self.store.source_event(connected.id, SourceEvent::CaughtUp(now())).await?;
        Ok(outcome)
    }

    /// Waits until the index holds all that the store holds.
    ///
    /// # Errors
    /// If it does not within a quarter of an hour.
    pub fn catch_up(&self) -> Result<()> {
        let last = self.store.last_sequence()?;
        let caught_up = self.handle.wait_until(last, PATIENCE);
        ensure!(caught_up, "the index does not catch up: {:?}", self.handle.status());
        Ok(())
    }

    /// Every live document, read from the outbox as an index reads it.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn documents(&self) -> Result<BTreeMap<DocNo, StoredDocument>> {
        let mut documents = BTreeMap::new();
        let mut after = 0;
        loop {
            let changes = self.store.after(after, CHANGES)?;
            let Some(last) = changes.last() else { return Ok(documents) };
            after = last.sequence;
            for change in changes {
                match change.document {
                    Some(document) => documents.insert(change.docno, *document),
                    None => documents.remove(&change.docno),
                };
            }
        }
    }

    /// What a Cloud account holds on these sources.
    pub fn viewer(&self, account: &str, sources: &[SourceId]) -> Viewer {
        let mapped = sources.iter().map(|source| (*source, UserId::Account(account.into()))).collect();
        self.store.directory().viewer_of(&Person { mapped, ..Person::default() })
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if let Some(indexing) = self.indexing.take() {
            // A panic of the thread was already reported by the panic hook.
            let _panicked = indexing.join();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the pipeline stands in for the binary, where the clock enters")]
fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
