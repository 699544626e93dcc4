//! The chores of a hub: each runs on a thread of its own, and the last state of its kind is kept.
//!
//! All files are read from end to end once a day, and at once when something could not be read.

use super::{Hub, now};
use index::{IndexerHandle, Scrubbed};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{BackupError, BackupRequest, Manifest, ScrubError, Store, StoreError, Work};
use sync::Changes as _;
use tokio_util::sync::CancellationToken;
use web::operations::OperationError;
use web::upkeep::{Chore, ChoreKind, ChoreState, Condition, IndexReach, Upkeep};

/// The newest chore of one kind.
#[derive(Default)]
struct Slot {
    state: ChoreState,
    stop: CancellationToken,
}

/// The newest chores of all kinds.
#[derive(Default)]
pub(super) struct Chores {
    backup: Arc<Mutex<Slot>>,
    scrub: Arc<Mutex<Slot>>,
}

impl Chores {
    fn of(&self, kind: ChoreKind) -> &Arc<Mutex<Slot>> {
        match kind {
            ChoreKind::Backup => &self.backup,
            ChoreKind::Scrub => &self.scrub,
        }
    }

    /// Asks all to stop.
    pub(super) fn stop(&self) {
        for kind in [ChoreKind::Backup, ChoreKind::Scrub] {
            lock(self.of(kind)).stop.cancel();
        }
    }
}

fn lock(slot: &Mutex<Slot>) -> std::sync::MutexGuard<'_, Slot> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Upkeep for Hub {
    fn begin(&self, chore: Chore) -> Result<(), OperationError> {
        let slot = self.chores.of(chore.kind()).clone();
        let stop = CancellationToken::new();
        {
            let mut slot = lock(&slot);
            if matches!(slot.state, ChoreState::Running { .. }) {
                return Err(OperationError::Refused("one is under way already; wait for its end".to_owned()));
            }
            let state = ChoreState::Running { doing: "beginning".to_owned(), done: 0, total: 0 };
            *slot = Slot { state, stop: stop.clone() };
        }
        let (store, index, indexer) = (self.store.clone(), self.data.join("index"), self.indexer.clone());
        let work = move || {
            let mut watch = |work: Work| {
                let Work { doing, done, total } = work;
                lock(&slot).state = ChoreState::Running { doing: doing.to_owned(), done, total };
                !stop.is_cancelled()
            };
            let ended = match &chore {
                Chore::Backup { to, with_key } => backup(&store, to, *with_key, &mut watch),
                Chore::Scrub => scrub(&store, &index, &indexer, &mut watch),
            };
            // The store first: whoever sees the end may want the directory.
            drop(store);
            lock(&slot).state = ended;
        };
        let named = std::thread::Builder::new().name("chore".to_owned());
        named.spawn(work).map(drop).map_err(|error| OperationError::Refused(format!("cannot start a thread: {error}")))
    }

    fn stop(&self, kind: ChoreKind) {
        lock(self.chores.of(kind)).stop.cancel();
    }

    fn condition(&self) -> Condition {
        let index = self.indexer.status();
        Condition {
            rebuilding: index.rebuilding,
            stuck: index.problem.is_some(),
            damaged: self.store.damage().is_some(),
            disk_full: !self.store.has_room(),
        }
    }

    fn is_rebuilding(&self) -> bool {
        self.indexer.status().rebuilding
    }

    fn reach(&self) -> IndexReach {
        // In this order: what comes between the two looks then counts as not searchable yet.
        let index = self.indexer.status();
        let stored = self.store.last_sequence().unwrap_or(index.sequence);
        IndexReach { stored, searchable: index.sequence, stuck: index.problem.is_some() }
    }

    fn state(&self, kind: ChoreKind) -> ChoreState {
        lock(self.chores.of(kind)).state.clone()
    }
}

fn backup(store: &Store, to: &Path, with_key: bool, watch: &mut store::Watch<'_>) -> ChoreState {
    match store.backup(&request(to, with_key), watch) {
        Ok(manifest) => ChoreState::Done { result: made(to, &manifest) },
        Err(error) => {
            tracing::warn!(%error, "no backup was made");
            ChoreState::Failed { reason: error.to_string(), code: code(&error) }
        }
    }
}

/// A backup that is made now.
pub(crate) fn request(to: &Path, with_key: bool) -> BackupRequest {
    BackupRequest { to: to.to_owned(), with_key, at: now(), version: env!("CARGO_PKG_VERSION").to_owned() }
}

/// What is said of a backup that was made.
pub(crate) fn made(to: &Path, manifest: &Manifest) -> String {
    let key = match manifest.file(store::MasterKey::FILE) {
        Some(_) => "it holds the key: whoever has it can read the tokens of all sources",
        None => "it does not hold the key: keep a copy of the key file elsewhere, the tokens cannot be read without it",
    };
    format!("backup `{}`, {} MB; {key}", to.display(), manifest.size().div_ceil(1_000_000))
}

/// The stable name of what went wrong.
pub(crate) fn code(error: &BackupError) -> &'static str {
    match error {
        BackupError::Full(_) | BackupError::Store(StoreError::Full) => "disk-full",
        BackupError::Damaged { .. } | BackupError::Store(StoreError::Damaged(_)) => "damaged",
        _ => "failed",
    }
}

/// The index first: it is what a damage costs least in.
fn scrub(store: &Store, index: &Path, indexer: &IndexerHandle, watch: &mut store::Watch<'_>) -> ChoreState {
    let failed = |reason: String, code| ChoreState::Failed { reason, code };
    let read = index::scrub(index, &mut |done, total| watch(Work { doing: "checking the text index", done, total }));
    let words = match read {
        Ok(Scrubbed::Damaged { reason }) => {
            tracing::error!(reason, "the text index is damaged and is built anew from the store");
            indexer.rebuild();
            format!("the text index was damaged ({reason}) and is built anew; the databases are as they were written")
        }
        Ok(Scrubbed::Sound { .. } | Scrubbed::Nothing) => "every file is as it was written".to_owned(),
        Ok(Scrubbed::Stopped) => return failed(ScrubError::Stopped.to_string(), "failed"),
        Err(error) => return failed(format!("the text index cannot be checked: {error}"), "failed"),
    };
    match store.scrub(watch) {
        Ok(()) => ChoreState::Done { result: words },
        Err(error @ ScrubError::Damaged(_)) => failed(error.to_string(), "damaged"),
        Err(error) => failed(error.to_string(), "failed"),
    }
}

/// The first scrub comes when a start has settled, the next ones once a day.
const FIRST: Duration = Duration::from_secs(15 * 60);
const BETWEEN: Duration = Duration::from_secs(24 * 3600);
/// Something that cannot be read is looked into at once, but not again and again.
const AGAIN: Duration = Duration::from_secs(10 * 60);
const LOOK: Duration = Duration::from_millis(500);

/// Scrubs when it is time, until `shutdown`.
pub(super) async fn watch_over(hub: Arc<Hub>, shutdown: CancellationToken) {
    let mut wait = FIRST;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
            () = hub.store.suspected() => {}
            () = suspected(&hub.indexer) => {}
        }
        // One that somebody has begun by hand is as good.
        if let Err(error) = hub.begin(Chore::Scrub) {
            tracing::debug!(%error, "no scrub of its own");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(AGAIN) => {}
        }
        wait = BETWEEN;
    }
}

async fn suspected(indexer: &IndexerHandle) {
    while !indexer.take_suspicion() {
        tokio::time::sleep(LOOK).await;
    }
}
