//! The hub: store, index, runs and the operations on sources, wired together in one process.

mod adapters;
mod check;
mod doctor;
#[cfg(test)]
mod doubles;
mod ground;
mod hints;
mod inspection;
mod pace;
mod runs;
mod scheduler;
mod self_audit;
mod sources;
pub(crate) mod upkeep;

use crate::config::Config;
use crate::exit::{Exit, Fault};
use access::AccessState;
use adapters::Outbound;
use atlassian::http::Governors;
use ground::StoreGround;
use hints::Hints;
use index::{AccessMirror, Indexer, IndexerHandle, TantivyIndex};
use model::{Millis, RunKind, SourceState};
use runs::Runs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use store::{MasterKey, OpenError, Store, StoreError, SystemEntropy};
use sync::{Changes, Engine, Mirror, Patience};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The time of the machine.
#[expect(clippy::disallowed_methods, reason = "the binary is where the clock enters")]
pub(crate) fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}

/// A running hub. Dropping it stops the indexer after its next commit.
pub(crate) struct Hub {
    pub(crate) store: Store,
    pub(crate) index: Arc<TantivyIndex>,
    pub(crate) indexer: IndexerHandle,
    pub(crate) outbound: Outbound,
    mirror: Arc<AccessMirror>,
    data: PathBuf,
    runs: Arc<Runs>,
    /// Wakes the scheduler after somebody has changed something.
    nudge: Arc<Notify>,
    chores: upkeep::Chores,
    hints: Hints,
    shutdown: CancellationToken,
    indexing: Option<JoinHandle<()>>,
}

impl Hub {
    /// Opens the data directory, brings the index up, and goes on with runs that a crash broke off.
    pub(crate) async fn open(config: &Config) -> Result<Arc<Self>, Fault> {
        let http = adapters::http_options(&config.atlassian);
        let data = config.data.clone();
        let opening = data.clone();
        let opened = tokio::task::spawn_blocking(move || open_blocking(&opening)).await;
        let (store, mirror, indexer) = opened.map_err(|error| Fault::new(Exit::Failure, error.to_string()))??;
        store.hold_space_back();
        let recovered = store.recover(now()).await.map_err(|error| store_fault(&error))?;
        let handle = indexer.handle();
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        let indexing = std::thread::Builder::new().name("indexer".to_owned()).spawn(move || indexer.run(&stop));
        let indexing =
            indexing.map_err(|error| Fault::new(Exit::Failure, format!("cannot start a thread: {error}")))?;
        let outbound = Outbound { http, governors: Governors::default() };
        let engine = Engine {
            journal: Arc::new(store.clone()),
            clock: Arc::new(now),
            patience: Patience::usual(|| getrandom::u32().map_or(0.5, |drawn| f64::from(drawn) / f64::from(u32::MAX))),
        };
        let ground = Arc::new(StoreGround { store: store.clone(), outbound: outbound.clone() });
        let index = Arc::new(TantivyIndex::new(mirror.clone()).told_to(handle.clone()));
        let hub = Self {
            store,
            index,
            indexer: handle,
            outbound,
            mirror,
            data,
            runs: Arc::new(Runs::new(engine, ground)),
            nudge: Arc::new(Notify::new()),
            chores: upkeep::Chores::default(),
            hints: Hints::new(),
            shutdown,
            indexing: Some(indexing),
        };
        let hub = Arc::new(hub);
        for (source, run, kind) in recovered.interrupted {
            if hub.store.source(source).ok().flatten().is_some_and(|source| source.state == SourceState::Paused) {
                continue;
            }
            tracing::info!(source = source.0, run = run.0, %kind, "going on with a run that was broken off");
            if let Err(error) = hub.begin_sync(source, kind).await {
                tracing::warn!(source = source.0, %error, "the broken-off sync cannot go on");
            }
        }
        for source in recovered.restored {
            tracing::info!(
                source = source.0,
                "the source came from a backup; nothing of it is shown before a full sync"
            );
            if let Err(error) = hub.begin_sync(source, RunKind::Full).await {
                tracing::warn!(source = source.0, %error, "the restored source cannot be synced");
            }
        }
        Ok(hub)
    }

    /// The state of access that searches use, as it is when asked.
    pub(crate) fn access(&self) -> Arc<dyn Fn() -> Arc<AccessState> + Send + Sync> {
        let mirror = self.mirror.clone();
        Arc::new(move || mirror.access())
    }

    /// Ends running syncs at their next batch and waits for them; they go on when the hub starts again.
    pub(crate) async fn close(&self) {
        self.chores.stop();
        self.runs.leave_all().await;
        self.shutdown.cancel();
    }

    /// Starts what happens by itself: runs that are due or hinted at, permissions that grow too old.
    pub(crate) fn start_cycles(self: &Arc<Self>) {
        tokio::spawn(hints::run(Arc::clone(self), self.shutdown.clone()));
        let roster = Arc::new(StoreGround { store: self.store.clone(), outbound: self.outbound.clone() });
        let (runs, nudge) = (self.runs.clone(), self.nudge.clone());
        tokio::spawn(scheduler::run(roster, runs, Arc::new(now), nudge, self.shutdown.clone()));
        tokio::spawn(self_audit::run(Arc::clone(self), self.shutdown.clone()));
        tokio::spawn(upkeep::watch_over(Arc::clone(self), self.shutdown.clone()));
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if let Some(indexing) = self.indexing.take() {
            // A panic of the indexer was already logged; the index is derived and rebuilt from the store.
            let _panicked = indexing.join();
        }
    }
}

fn open_blocking(data: &Path) -> Result<(Store, Arc<AccessMirror>, Indexer), Fault> {
    keep_private(data).map_err(|error| {
        refusal(&format!("cannot use `{}` as the data directory (`data`, `--data`)", data.display()), &error)
    })?;
    let mirror = Arc::new(AccessMirror::new());
    let entropy = Arc::new(SystemEntropy);
    let key = MasterKey::load_or_create(data, entropy.as_ref()).map_err(|error| open_fault(&error))?;
    let following: Arc<dyn Mirror> = mirror.clone();
    let store = Store::open(data, following, key, entropy).map_err(|error| open_fault(&error))?;
    let changes: Arc<dyn Changes> = Arc::new(store.clone());
    let indexer = Indexer::open(&data.join("index"), changes, mirror.clone()).map_err(|error| {
        if error.is_full() { full() } else { Fault::new(Exit::Data, format!("cannot open the text index: {error}")) }
    })?;
    Ok((store, mirror, indexer))
}

/// Creates the data directory for its owner alone: it holds the key, everything read, and the operator's socket.
/// A directory that exists keeps the rights that somebody gave it.
fn keep_private(data: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    if data.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data)
}

/// What the file system said of the data directory, with its exit code.
pub(crate) fn refusal(what: &str, error: &std::io::Error) -> Fault {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => full(),
        _ => Fault::new(Exit::Data, format!("{what}: {error}")),
    }
}

fn full() -> Fault {
    Fault::new(Exit::DiskFull, StoreError::Full.to_string())
}

/// Why a data directory cannot be opened, with its exit code.
pub(crate) fn open_fault(error: &OpenError) -> Fault {
    let exit = match error {
        OpenError::Store(StoreError::Full) => Exit::DiskFull,
        OpenError::Damaged { .. } | OpenError::Store(StoreError::Damaged(_)) => Exit::Damaged,
        _ => Exit::Data,
    };
    Fault::new(exit, error.to_string())
}

/// A store error with its exit code.
pub(crate) fn store_fault(error: &StoreError) -> Fault {
    let exit = if matches!(error, StoreError::Full) { Exit::DiskFull } else { Exit::Failure };
    Fault::new(exit, error.to_string())
}
