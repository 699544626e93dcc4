//! The writer of `content.db`: every change is a transaction, and after it the mirrors follow before anybody is answered.

mod ageing;
mod batch;
mod burial;
mod carry;
mod checkpoints;
mod chores;
mod clauses;
mod commit;
mod containers;
mod documents;
mod load;
mod names;
mod nodes;
mod owed;
mod presence;
mod problems;
mod runs;
mod stored;
mod sweep;
mod tree;

pub use owed::StoredDebt;
pub use problems::StoredProblem;
pub use runs::{Recovered, StoredRun};

pub(crate) use ageing::{directory_age, documents_of as documents_of_old, old};
pub(crate) use batch::{Batch, CommitError};
pub(crate) use burial::{proven_of_all, stopped_since};
pub(crate) use chores::{outstanding as chores_outstanding, slice as chores_slice};
pub(crate) use load::everything;
pub(crate) use owed::{debts, list as debts_of};
pub(crate) use runs::{history, last_of_each_kind as last_runs, one as one_run};
pub(crate) use stored::{DOCUMENT_COLUMNS, DOCUMENT_JOINS, document_of_row, is_written};

use crate::StoreError;
use crate::alarm::{Alarm, Fallible};
use crate::directory_codec;
use crate::open::CONTENT_FILE;
use crate::reserve::Reserve;
use crate::writer::Desk;
use access::{Directory, SourceId};
use arc_swap::ArcSwap;
use rusqlite::Connection;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use sync::Mirror;

pub(crate) use names::{name, names};
pub(crate) use problems::{holding as problems_holding, list as problems_of, newest as newest_problems, warnings};
pub(crate) use sweep::candidates as sweep_candidates;

/// The highest outbox number that the mirrors have taken. Followers see nothing beyond it: an index that was faster than
/// the mirror would report a text as indexed before the mirror knows that it waits.
#[derive(Default)]
pub(crate) struct Published {
    sequence: Mutex<u64>,
    risen: Condvar,
}

impl Published {
    pub(crate) fn get(&self) -> u64 {
        *self.sequence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rise(&self, to: u64) {
        let mut sequence = self.sequence.lock().unwrap_or_else(PoisonError::into_inner);
        if *sequence < to {
            *sequence = to;
            self.risen.notify_all();
        }
    }

    pub(crate) fn wait_beyond(&self, bound: u64, patience: Duration) -> bool {
        let started = Instant::now();
        let mut sequence = self.sequence.lock().unwrap_or_else(PoisonError::into_inner);
        while *sequence <= bound {
            let Some(left) = patience.checked_sub(started.elapsed()) else { return false };
            sequence = self.risen.wait_timeout(sequence, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

/// Whether the source of a row came from a backup and was not read as a whole since.
///
/// Its directory stays out of memory until then, and without a directory nobody holds a principal: what was withdrawn
/// after the backup was made must not come back with it.
const RESTORED: &str = "EXISTS (SELECT 1 FROM restored r WHERE r.source = directories.source)";

/// The sources of which nothing is shown before a full run has read them.
pub(crate) fn restored(sql: &Connection) -> Result<Vec<SourceId>, StoreError> {
    let mut statement = sql.prepare("SELECT source FROM restored ORDER BY source")?;
    let rows = statement.query_map([], |row| Ok(SourceId(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What the writer thread of `content.db` owns.
pub(crate) struct Content {
    sql: Connection,
    mirror: Arc<dyn Mirror>,
    directory: Arc<ArcSwap<Directory>>,
    published: Arc<Published>,
    alarm: Arc<Alarm>,
    reserve: Arc<Reserve>,
    /// Whether rows of the table `chores` may be waiting.
    chores: bool,
}

impl Content {
    pub(crate) fn new(
        sql: Connection,
        mirror: Arc<dyn Mirror>,
        directory: Arc<ArcSwap<Directory>>,
        published: Arc<Published>,
        (alarm, reserve): (Arc<Alarm>, Arc<Reserve>),
    ) -> Self {
        Self { sql, mirror, directory, published, alarm, reserve, chores: true }
    }

    /// Hands everything stored to the mirrors, at start.
    pub(crate) fn load(&mut self) -> Result<(), StoreError> {
        let mut directory = Directory::default();
        let mut statement =
            self.sql.prepare(&format!("SELECT source, content FROM directories WHERE stale = 0 AND NOT {RESTORED}"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let stored = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            directory.put(SourceId(row.get(0)?), directory_codec::of_bytes(stored)?);
        }
        self.directory.store(Arc::new(directory));
        load::everything(&self.sql, self.mirror.as_ref())?;
        let sequence = self.sql.query_row("SELECT sequence FROM counters", [], |row| row.get::<_, i64>(0))?;
        self.published.rise(u64::try_from(sequence).unwrap_or(0));
        Ok(())
    }

    /// Runs `change` in one transaction. On an error nothing has happened, neither on disk nor in the mirrors.
    pub(crate) fn transact<T, E: Fallible>(
        &mut self,
        source: SourceId,
        change: impl FnOnce(&mut Batch<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // What is large was held up before it came here; what is small may use what is held back.
        self.reserve.make_room();
        self.change(source, change).inspect_err(|error| self.alarm.hear(CONTENT_FILE, error))
    }

    fn change<T, E: From<StoreError>>(
        &mut self,
        source: SourceId,
        change: impl FnOnce(&mut Batch<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
        let transaction = self.sql.transaction().map_err(failed)?;
        let mut batch = Batch::begin(&transaction, source)?;
        let answer = change(&mut batch)?;
        let done = batch.finish()?;
        transaction.commit().map_err(failed)?;
        if let Some(change) = done.directory {
            let mut directory = Directory::clone(&self.directory.load());
            match change {
                Some(read) => directory.put(source, read),
                None => directory.remove(source),
            }
            self.directory.store(Arc::new(directory));
        }
        if !done.delta.is_empty() {
            self.mirror.apply(&done.delta);
        }
        self.published.rise(done.sequence);
        self.chores |= done.chores;
        Ok(answer)
    }

    /// For reading what only the writer's order makes certain.
    pub(crate) fn sql(&self) -> &Connection {
        &self.sql
    }

    /// Stands in for a full disk in tests: SQLite refuses to grow the file beyond this many pages.
    pub(crate) fn limit_pages(&self, pages: u32) -> Result<(), StoreError> {
        Ok(self.sql.pragma_update(None, "max_page_count", pages)?)
    }
}

impl Desk for Content {
    fn work(&mut self) -> bool {
        if !self.chores || !self.reserve.has_room() {
            return false;
        }
        match chores::slice(self) {
            Ok(more) => self.chores = more,
            Err(error) => {
                // Tried again with the next request; without a pause a full disk would keep the thread busy.
                tracing::warn!(%error, "a part of the store's background work failed and will be tried again");
                return false;
            }
        }
        self.chores
    }
}
