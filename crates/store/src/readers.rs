//! A few connections that only read, shared by all callers of one database file.

use crate::alarm::{Alarm, Fallible};
use crate::{StoreError, migrate};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Connections kept open while nobody uses them.
const KEPT: usize = 4;

/// Lends connections. Opens one more rather than let a caller wait: readers never block each other in WAL mode.
pub(crate) struct Readers {
    path: PathBuf,
    /// Its name in the data directory, for the alarm.
    file: &'static str,
    alarm: Arc<Alarm>,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(crate) fn new(path: PathBuf, file: &'static str, alarm: Arc<Alarm>) -> Self {
        Self { path, file, alarm, idle: Mutex::new(Vec::new()) }
    }

    /// A connection of its own whose snapshot begins now, for long reading. It keeps the log of the file from being
    /// started over, so it must not live longer than it needs to.
    pub(crate) fn snapshot(&self) -> Result<Connection, StoreError> {
        let connection = migrate::open_reader(&self.path)?;
        connection.execute_batch("BEGIN")?;
        // A snapshot begins with the first read.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    }

    /// Reads one consistent snapshot.
    pub(crate) fn read<T, E: Fallible>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        self.lend(read).inspect_err(|error| self.alarm.hear(self.file, error))
    }

    fn lend<T, E: From<StoreError>>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| migrate::open_reader(&self.path), Ok)?;
        let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
        let answer = {
            let snapshot = connection.unchecked_transaction().map_err(failed)?;
            read(&snapshot)
        };
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(connection);
        }
        answer
    }
}
