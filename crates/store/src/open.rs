//! Opening a data directory: one owner, one format, everything in memory before anybody asks.

use crate::alarm::Alarm;
use crate::content::{Content, Published, Recovered, chores_outstanding, chores_slice};
use crate::hub::Hub;
use crate::readers::Readers;
use crate::reserve::Reserve;
use crate::seal::Seal;
use crate::writer::Writer;
use crate::{Entropy, MasterKey, OpenError, StoreError, migrate};
use access::{Directory, SourceId};
use arc_swap::ArcSwap;
use model::Millis;
use rusqlite::OptionalExtension;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sync::{Generation, Mirror};

pub(crate) const CONTENT_FILE: &str = "content.db";
pub(crate) const HUB_FILE: &str = "hub.db";
pub(crate) const LOCK_FILE: &str = "lock";

/// The first SQLite without the defect that could damage a file when its log is reset.
const OLDEST_SQLITE: i32 = 3_051_003;

/// An open data directory. Cheap to clone; the last clone to be dropped closes it.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

/// Fields are dropped in this order: the lock goes last, when both writers have ended.
pub(crate) struct Inner {
    pub(crate) content: Writer<Content>,
    pub(crate) hub: Writer<Hub>,
    pub(crate) content_reads: Readers,
    pub(crate) hub_reads: Readers,
    pub(crate) directory: Arc<ArcSwap<Directory>>,
    pub(crate) published: Arc<Published>,
    pub(crate) generation: Generation,
    pub(crate) seal: Seal,
    pub(crate) alarm: Arc<Alarm>,
    pub(crate) reserve: Arc<Reserve>,
    /// For backups that are to hold the key.
    pub(crate) key_path: PathBuf,
    _lock: File,
}

impl Store {
    /// Opens the data directory `dir`, and creates what is missing.
    ///
    /// Before it returns, `mirror` has taken everything stored, in several calls. From then on each commit is followed
    /// by one call, from the writer's thread, before the commit is answered. `entropy` gives the nonces of secrets and
    /// the name of a new store's life.
    pub fn open(
        dir: &Path,
        mirror: Arc<dyn Mirror>,
        key: MasterKey,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, OpenError> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(OpenError::OldSqlite(rusqlite::version()));
        }
        fs::create_dir_all(dir).map_err(OpenError::io(dir))?;
        let lock = lock(dir)?;
        let reserve = Arc::new(Reserve::new(dir));
        // SQLite needs some room even to open a file.
        reserve.make_room();
        let (content_path, hub_path) = (dir.join(CONTENT_FILE), dir.join(HUB_FILE));
        let content_sql = migrate::open(&content_path, migrate::CONTENT)?;
        let hub_sql = migrate::open(&hub_path, migrate::HUB)?;
        let generation = generation(&content_sql, entropy.as_ref())?;
        let seal = Seal::new(&key, entropy);
        if !crate::hub::key_fits(&hub_sql, &seal)? {
            return Err(OpenError::WrongKey(key.path));
        }
        let key_path = key.path;
        let directory = Arc::new(ArcSwap::from_pointee(Directory::default()));
        let published = Arc::new(Published::default());
        let alarm = Arc::new(Alarm::new());
        let content =
            Content::new(content_sql, mirror, directory.clone(), published.clone(), (alarm.clone(), reserve.clone()));
        let content = Writer::start("store-content", content)?;
        content.run_blocking(|content: &mut Content| content.load()).map_err(|error| match error {
            StoreError::Damaged(reason) => OpenError::Damaged { path: content_path.clone(), reason },
            // The format is one that this version writes, so nothing in it is unknown.
            StoreError::Unreadable { what } => {
                OpenError::Damaged { path: content_path.clone(), reason: format!("a stored {what} cannot be read") }
            }
            other => OpenError::Store(other),
        })?;
        let hub = Writer::start("store-hub", Hub(hub_sql))?;
        let content_reads = Readers::new(content_path, CONTENT_FILE, alarm.clone());
        let hub_reads = Readers::new(hub_path, HUB_FILE, alarm.clone());
        let inner = Inner {
            content,
            hub,
            content_reads,
            hub_reads,
            directory,
            published,
            generation,
            seal,
            alarm,
            reserve,
            key_path,
            _lock: lock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Holds some space back on the disk from now on, so that people can sign in while it is full.
    pub fn hold_space_back(&self) {
        self.inner.reserve.hold();
    }

    /// Whether the disk has room for more than a few rows. While it has not, batches are refused as
    /// [`Full`](StoreError::Full).
    pub fn has_room(&self) -> bool {
        self.inner.reserve.has_room()
    }

    /// Sorts what a crash has left, once after opening: see [`Recovered`].
    pub async fn recover(&self, at: Millis) -> Result<Recovered, StoreError> {
        let mut recovered = self
            .inner
            .content
            .run(move |content| content.transact(SourceId(0), |batch| batch.recover_runs(at)))
            .await?;
        recovered.removed = self.finish_removals(at).await?;
        recovered.restored = self.inner.content_reads.read(crate::content::restored)?;
        Ok(recovered)
    }

    /// The directories of all sources, as committed last.
    pub fn directory(&self) -> Arc<Directory> {
        self.inner.directory.load_full()
    }

    /// Works off what is left of long changes, such as a container's new name. They go on by themselves in the
    /// background; this is for those who want to see the end.
    pub async fn settle(&self) -> Result<(), StoreError> {
        while self.inner.content.run(chores_slice).await? {}
        Ok(())
    }

    /// The same for one source.
    pub(crate) async fn settle_source(&self, source: SourceId) -> Result<(), StoreError> {
        let step = move |content: &mut Content| {
            chores_slice(content)?;
            chores_outstanding(content.sql(), source)
        };
        while self.inner.content.run(step).await? {}
        Ok(())
    }

    /// Lets the content file grow to this many pages at most. For tests of a full disk.
    #[doc(hidden)]
    pub async fn limit_content_pages(&self, pages: u32) -> Result<(), StoreError> {
        self.inner.content.run(move |content| content.limit_pages(pages)).await
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("generation", &self.inner.generation).finish_non_exhaustive()
    }
}

/// One process owns the directory (STO-3). The system frees the lock when the process ends, however it ends.
pub(crate) fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join(LOCK_FILE);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = opened.map_err(OpenError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(dir.to_owned())),
        Err(TryLockError::Error(source)) => Err(OpenError::io(&path)(source)),
    }
}

fn generation(sql: &rusqlite::Connection, entropy: &dyn Entropy) -> Result<Generation, StoreError> {
    let find = "SELECT value FROM meta WHERE key = 'generation'";
    if let Some(known) = sql.query_row(find, [], |row| row.get(0)).optional()? {
        return Ok(Generation(known));
    }
    let new = new_generation(entropy)?;
    sql.execute("INSERT INTO meta (key, value) VALUES ('generation', ?1)", [&new])?;
    Ok(Generation(new))
}

/// A name for the life of a store that no other life has.
pub(crate) fn new_generation(entropy: &dyn Entropy) -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes).map_err(StoreError::Entropy)?;
    Ok(hex::encode(bytes))
}
