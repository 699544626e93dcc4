//! A database copied under one snapshot, and SQLite's own check of a file.

use super::{BackupError, private_file, refused};
use crate::work::{Watch, Work};
use crate::{StoreError, migrate};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

/// Pages copied at once: a megabyte.
const STEP: i32 = 256;
/// Steps between two flushes, so that a crawl's own flush never waits for all of the copy.
const FLUSH: u32 = 16;
const NAP: Duration = Duration::from_millis(20);
/// What SQLite says of a file that is as it should be.
const SOUND: &str = "ok";

/// Copies what `snapshot` sees, in steps with pauses as long as the steps: logins and crawls go on beside it.
pub(super) fn pages(
    snapshot: Connection,
    to: &Path,
    doing: &'static str,
    watch: &mut Watch<'_>,
) -> Result<(), BackupError> {
    let failed = |error: rusqlite::Error| match StoreError::from(error) {
        StoreError::Full => BackupError::Full(to.to_owned()),
        other => BackupError::Store(other),
    };
    private_file(to).map_err(refused(to))?;
    let mut copy = Connection::open(to).map_err(failed)?;
    copy.pragma_update(None, "synchronous", "OFF").map_err(failed)?;
    {
        let backup = Backup::new(&snapshot, &mut copy).map_err(failed)?;
        for step in 1_u32.. {
            let began = Instant::now();
            let result = backup.step(STEP).map_err(failed)?;
            let progress = backup.progress();
            let bytes = |pages: i32| u64::try_from(pages).unwrap_or(0) * 4096;
            let done = bytes(progress.pagecount - progress.remaining);
            if !watch(Work { doing, done, total: bytes(progress.pagecount) }) {
                return Err(BackupError::Stopped);
            }
            if result == StepResult::Done {
                break;
            }
            if step % FLUSH == 0 {
                File::open(to).and_then(|file| file.sync_data()).map_err(refused(to))?;
            }
            std::thread::sleep(began.elapsed().min(NAP));
        }
    }
    drop(snapshot);
    copy.close().map_err(|(_, error)| failed(error))?;
    File::open(to).and_then(|file| file.sync_all()).map_err(refused(to))
}

/// Checks a copy; its format if it is sound.
pub(super) fn check(copy: &Path, file: &'static str, watch: &mut Watch<'_>) -> Result<i64, BackupError> {
    if !watch(Work { doing: "checking", done: 0, total: 0 }) {
        return Err(BackupError::Stopped);
    }
    let found = Connection::open(copy).map_err(StoreError::from).and_then(|sql| {
        let reason = integrity(&sql)?;
        Ok((reason, migrate::format_of(&sql)?))
    });
    match found {
        Ok((None, format)) => Ok(format),
        Ok((Some(reason), _)) | Err(StoreError::Damaged(reason)) => Err(BackupError::Damaged { file, reason }),
        Err(error) => Err(error.into()),
    }
}

/// What SQLite finds wrong with a whole file; `None` if nothing.
pub(crate) fn integrity(sql: &Connection) -> Result<Option<String>, StoreError> {
    let mut statement = sql.prepare("PRAGMA integrity_check(1)")?;
    let found: String = statement.query_row([], |row| row.get(0))?;
    Ok((found != SOUND).then_some(found))
}
