//! Settings of the hub itself, as text under a key.

use crate::{Store, StoreError};
use rusqlite::{OptionalExtension, params};

impl Store {
    /// The value of a setting, if one was ever set.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
            Ok(statement.query_row([key], |row| row.get(0)).optional()?)
        })
    }

    /// Sets a setting, or takes it back.
    pub async fn set_setting(&self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        let (key, value) = (key.to_owned(), value.map(str::to_owned));
        self.change_hub(move |sql| {
            let written = match value {
                Some(value) => sql.execute(
                    "INSERT INTO settings (key, value) VALUES (?1, ?2)
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    params![key, value],
                ),
                None => sql.execute("DELETE FROM settings WHERE key = ?1", params![key]),
            };
            written.map(drop).map_err(StoreError::from)
        })
        .await
    }
}
