//! Reads both databases from end to end, and says whether they are what was written.
//!
//! SQLite checks its trees and indexes. It keeps no checksums of what lies in them, so that everything with a hash or a
//! form of its own is read as well: each body against the hash of its document, everything that decides about access,
//! sources, accounts, and each secret under the master key. A letter that changed within a name is not noticed.
//!
//! It rests for as long as it works. Its reads keep the log from being started over, so it reads in several snapshots.

use crate::alarm::Damage;
use crate::content::{everything, is_written};
use crate::open::{CONTENT_FILE, HUB_FILE};
use crate::work::{Watch, Work};
use crate::{SecretError, SecretName, Store, StoreError};
use access::Delta;
use rusqlite::{Connection, OptionalExtension, params};
use std::time::{Duration, Instant};
use sync::Mirror;

/// Why a scrub did not end with a clean bill.
#[derive(Debug, thiserror::Error)]
pub enum ScrubError {
    /// Something is not what was written. Whoever holds the store has been told, see [`Store::damaged`].
    #[error(transparent)]
    Damaged(Damage),
    /// It was asked to stop.
    #[error("the check was stopped on request")]
    Stopped,
    /// The store failed otherwise.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Steps of SQLite's check between two looks at the clock.
const STEPS: i32 = 20_000;
/// Bodies of one slice.
const SLICE: u32 = 400;
/// The longest rest in one piece.
const NAP: Duration = Duration::from_millis(100);

impl Store {
    /// Scrubs both files. Blocks for a long time: twice what reading them takes.
    pub fn scrub(&self, watch: &mut Watch<'_>) -> Result<(), ScrubError> {
        let ended = self.scrub_trees(watch).and_then(|()| self.scrub_bodies(watch)).and_then(|()| self.scrub_rest());
        if let Err(ScrubError::Damaged(damage)) = &ended {
            self.inner.alarm.raise(damage.clone());
        }
        ended
    }

    /// Waits until a file is found to be damaged.
    pub async fn damaged(&self) -> Damage {
        self.inner.alarm.damaged().await
    }

    /// What is known to be damaged.
    pub fn damage(&self) -> Option<Damage> {
        self.inner.alarm.damage()
    }

    /// Waits until a stored value cannot be read, which a scrub should look into.
    pub async fn suspected(&self) {
        self.inner.alarm.suspected().await;
    }

    fn scrub_trees(&self, watch: &mut Watch<'_>) -> Result<(), ScrubError> {
        let files = [
            (CONTENT_FILE, "checking content.db", &self.inner.content_reads),
            (HUB_FILE, "checking hub.db", &self.inner.hub_reads),
        ];
        for (file, doing, readers) in files {
            let failed = |error| sorted(file, error);
            let tables = readers.read(tables).map_err(failed)?;
            for (done, table) in (0..).zip(&tables) {
                if !watch(Work { doing, done, total: tables.len() as u64 }) {
                    return Err(ScrubError::Stopped);
                }
                // A snapshot of its own for each table: the log may be started over in between.
                let mut sql = readers.snapshot().map_err(failed)?;
                rest_between_steps(&mut sql)?;
                if let Some(reason) = check(&sql, table).map_err(failed)? {
                    return Err(ScrubError::Damaged(Damage { file, reason }));
                }
            }
        }
        Ok(())
    }

    fn scrub_bodies(&self, watch: &mut Watch<'_>) -> Result<(), ScrubError> {
        let failed = |error| sorted(CONTENT_FILE, error);
        let total = self.inner.content_reads.read(|sql| {
            Ok::<_, StoreError>(sql.query_row("SELECT count(*) FROM documents", [], |row| row.get::<_, i64>(0))?)
        });
        let total = u64::try_from(total.map_err(failed)?).unwrap_or(0);
        let (mut behind, mut done) = (-1_i64, 0);
        loop {
            let began = Instant::now();
            let slice = self.inner.content_reads.read(|sql| bodies(sql, behind)).map_err(failed)?;
            if let Some(docno) = slice.spoilt {
                let reason = format!("the text of document {docno} is not what was written");
                return Err(ScrubError::Damaged(Damage { file: CONTENT_FILE, reason }));
            }
            let Some(last) = slice.last else { return Ok(()) };
            behind = last;
            done += slice.rows;
            if !watch(Work { doing: "checking texts", done, total: total.max(done) }) {
                return Err(ScrubError::Stopped);
            }
            std::thread::sleep(began.elapsed().min(NAP));
        }
    }

    /// Everything else that has a form.
    fn scrub_rest(&self) -> Result<(), ScrubError> {
        let access = self.inner.content_reads.read(|sql| {
            everything(sql, &Nobody)?;
            let mut statement = sql.prepare("SELECT content FROM directories")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let content = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
                crate::directory_codec::of_bytes(content)?;
            }
            Ok::<_, StoreError>(())
        });
        access.map_err(|error| spoilt(CONTENT_FILE, error))?;
        self.sources().map_err(|error| spoilt(HUB_FILE, error))?;
        self.accounts().map_err(|error| spoilt(HUB_FILE, error))?;
        for name in self.secret_names().map_err(|error| spoilt(HUB_FILE, error))? {
            match self.secret(&name) {
                Ok(_) => {}
                Err(error @ SecretError::Sealed(_)) => {
                    return Err(ScrubError::Damaged(Damage { file: HUB_FILE, reason: error.to_string() }));
                }
                Err(SecretError::Store(error)) => return Err(spoilt(HUB_FILE, error)),
            }
        }
        Ok(())
    }

    fn secret_names(&self) -> Result<Vec<SecretName>, StoreError> {
        self.inner.hub_reads.read(crate::hub::secret_names)
    }
}

/// Follows nothing: reading everything is all that is wanted.
struct Nobody;

impl Mirror for Nobody {
    fn apply(&self, _: &Delta) {}
}

/// An error of SQLite's: damage, or something else.
fn sorted(file: &'static str, error: StoreError) -> ScrubError {
    match error {
        StoreError::Damaged(reason) => ScrubError::Damaged(Damage { file, reason }),
        other => ScrubError::Store(other),
    }
}

/// The same where a value that cannot be read is damage: the format of the file is one that this version writes.
fn spoilt(file: &'static str, error: StoreError) -> ScrubError {
    match error {
        StoreError::Unreadable { what } => {
            ScrubError::Damaged(Damage { file, reason: format!("a stored {what} cannot be read") })
        }
        other => sorted(file, other),
    }
}

fn tables(sql: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = sql.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// What SQLite finds wrong with a table and its indexes.
fn check(sql: &Connection, table: &str) -> Result<Option<String>, StoreError> {
    let mut statement = sql.prepare(&format!("PRAGMA integrity_check('{table}')"))?;
    let found: Option<String> = statement.query_row([], |row| row.get(0)).optional()?;
    Ok(found.filter(|found| found != "ok"))
}

/// Makes SQLite rest as long as it works.
fn rest_between_steps(sql: &mut Connection) -> Result<(), StoreError> {
    let mut began = Instant::now();
    let rest = move || {
        std::thread::sleep(began.elapsed().min(NAP));
        began = Instant::now();
        false
    };
    Ok(sql.progress_handler(STEPS, Some(rest))?)
}

/// What became of one slice.
struct Slice {
    /// The number of the last document looked at; `None` at the end.
    last: Option<i64>,
    rows: u64,
    spoilt: Option<i64>,
}

fn bodies(sql: &Connection, behind: i64) -> Result<Slice, StoreError> {
    let mut statement = sql.prepare_cached(
        "SELECT d.docno, d.hash, b.json FROM documents d LEFT JOIN bodies b ON b.docno = d.docno
         WHERE d.docno > ?1 ORDER BY d.docno LIMIT ?2",
    )?;
    let mut rows = statement.query(params![behind, SLICE])?;
    let mut slice = Slice { last: None, rows: 0, spoilt: None };
    while let Some(row) = rows.next()? {
        let docno: i64 = row.get(0)?;
        slice.last = Some(docno);
        slice.rows += 1;
        let failed = rusqlite::Error::from;
        let hash = row.get_ref(1)?.as_blob().map_err(failed)?;
        let body = row.get_ref(2)?.as_blob_or_null().map_err(failed)?;
        // The hash of a document whose text was dropped is empty.
        let as_written = match body {
            Some(body) => is_written(body, hash),
            None => hash.is_empty(),
        };
        if !as_written {
            slice.spoilt = Some(docno);
            break;
        }
    }
    Ok(slice)
}
