//! Brings a database file to the newest format, or refuses it unchanged.
//!
//! Numbered SQL files, each run once in a transaction together with the new `user_version`. A released file is never
//! edited: a change of format is a new file.

use crate::{OpenError, StoreError};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;

/// The steps of one database file, oldest first. The format is the number of steps taken.
pub(crate) type Steps = &'static [&'static str];

pub(crate) const CONTENT: Steps = &[include_str!("../migrations/content/0001.sql")];
pub(crate) const HUB: Steps = &[include_str!("../migrations/hub/0001.sql")];

/// Opens a database file for its writer, after all checks.
pub(crate) fn open(path: &Path, steps: Steps) -> Result<Connection, OpenError> {
    let sorted = |error: rusqlite::Error| {
        // SQLite does not say why it cannot make a file; the system does when asked for another one.
        if error.sqlite_error_code() == Some(ErrorCode::CannotOpen)
            && let Err(source) = make_beside(path)
        {
            return OpenError::io(path)(source);
        }
        match StoreError::from(error) {
            StoreError::Damaged(reason) => OpenError::Damaged { path: path.to_owned(), reason },
            other => OpenError::Store(other),
        }
    };
    if path.exists() {
        refuse_newer(path, steps).map_err(sorted)?.map_or(Ok(()), Err)?;
    }
    let mut connection = Connection::open(path).map_err(sorted)?;
    prepare(&mut connection, steps).map_err(sorted)?;
    Ok(connection)
}

fn make_beside(path: &Path) -> std::io::Result<()> {
    let trial = path.with_extension("trial");
    std::fs::File::create(&trial)?;
    std::fs::remove_file(&trial)
}

/// Opens one more connection that can only read.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}

/// The format of a database file.
pub(crate) fn format_of(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// The newest format that this version knows.
pub(crate) fn newest(steps: Steps) -> i64 {
    i64::try_from(steps.len()).unwrap_or(i64::MAX)
}

/// Looks without the right to write, so that a refused file stays as it was (STO-7).
fn refuse_newer(path: &Path, steps: Steps) -> rusqlite::Result<Option<OpenError>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let (found, known) = (format_of(&connection)?, newest(steps));
    Ok((found > known).then(|| OpenError::Newer { path: path.to_owned(), found, known }))
}

fn prepare(connection: &mut Connection, steps: Steps) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A commit that was answered survives a power cut: the checkpoint of a crawl depends on it.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    connection.set_prepared_statement_cache_capacity(160);
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let found = format_of(connection)?;
    for (number, step) in (1_i64..).zip(steps).filter(|(number, _)| *number > found) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}
