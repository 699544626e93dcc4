//! Comparisons with the source's own decisions, newest kept for each source.

use crate::{Store, StoreError};
use access::SourceId;
use model::SelfAudit;
use rusqlite::{OptionalExtension, params};

/// How many comparisons of one source are kept.
const KEPT: i64 = 30;

impl Store {
    /// Keeps the result of a comparison. One of a source that was removed meanwhile is dropped.
    pub async fn put_self_audit(&self, source: SourceId, audit: SelfAudit) -> Result<(), StoreError> {
        let text = serde_json::to_string(&audit).map_err(|_| StoreError::Unreadable { what: "self-audit" })?;
        self.change_hub(move |sql| {
            let there = sql.prepare_cached("SELECT 1 FROM sources WHERE id = ?1")?.exists([source.0])?;
            if !there {
                return Ok(());
            }
            sql.execute(
                "INSERT INTO self_audits (source, ended, result) VALUES (?1, ?2, ?3)",
                params![source.0, audit.ended.0, text],
            )?;
            sql.execute(
                "DELETE FROM self_audits WHERE source = ?1 AND id NOT IN (
                     SELECT id FROM self_audits WHERE source = ?1 ORDER BY id DESC LIMIT ?2)",
                params![source.0, KEPT],
            )?;
            Ok(())
        })
        .await
    }

    /// The last comparison of a source, if there was one.
    pub fn last_self_audit(&self, source: SourceId) -> Result<Option<SelfAudit>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement =
                sql.prepare_cached("SELECT result FROM self_audits WHERE source = ?1 ORDER BY id DESC LIMIT 1")?;
            let found: Option<String> = statement.query_row([source.0], |row| row.get(0)).optional()?;
            let read = |text: String| serde_json::from_str(&text);
            found.map(read).transpose().map_err(|_| StoreError::Unreadable { what: "self-audit" })
        })
    }
}
