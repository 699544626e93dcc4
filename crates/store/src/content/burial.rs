//! From hidden to deleted to dropped for good, and the ways back.
//!
//! Deleting takes a document out of the index at once and keeps its text for a while, so that it can be undone or the
//! document be seen again without being read again. What would go too far stops and asks; the hiding stands (SYN-11).

use super::batch::{Batch, json_list};
use super::documents::{STANDING_COLUMNS, Standing};
use crate::error::Result;
use access::{DocNo, SourceId};
use model::Millis;
use rusqlite::{Connection, OptionalExtension, params};

/// Documents proved to be gone that are not deleted yet, and all that are not deleted.
pub(crate) fn proven_of_all(sql: &Connection, source: SourceId) -> Result<(u64, u64)> {
    let count = |condition: &str| -> Result<u64> {
        let mut statement = sql.prepare_cached(&format!(
            "SELECT count(*) FROM documents WHERE source = ?1 AND deleted_at IS NULL {condition}"
        ))?;
        Ok(u64::try_from(statement.query_row(params![source.0], |row| row.get::<_, i64>(0))?).unwrap_or(0))
    };
    let proven = count("AND proven_run IS NOT NULL")?;
    // The large count only where the small one says something.
    Ok((proven, if proven == 0 { 0 } else { count("")? }))
}

/// Since when deletions of a source wait for an administrator.
pub(crate) fn stopped_since(sql: &Connection, source: SourceId) -> Result<Option<Millis>> {
    let mut statement = sql.prepare_cached("SELECT since FROM stopped_deletions WHERE source = ?1")?;
    Ok(statement.query_row(params![source.0], |row| row.get(0)).optional()?.map(Millis))
}

/// Documents with their containers; the first parameter is the source.
const FROM: &str = "FROM documents d LEFT JOIN containers c ON c.source = d.source AND c.native = d.container
    WHERE d.source = ?1";

impl Batch<'_> {
    /// Notes that deletions wait, or that none do any more.
    pub(crate) fn stop_deletion(&mut self, waiting: bool, at: Millis) -> Result<()> {
        if waiting {
            self.sql
                .prepare_cached("INSERT INTO stopped_deletions VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
                .execute(params![self.source.0, at.0])?;
        } else {
            self.sql
                .prepare_cached("DELETE FROM stopped_deletions WHERE source = ?1")?
                .execute(params![self.source.0])?;
        }
        Ok(())
    }

    /// Deletes up to `limit` of what is proved to be gone.
    pub(crate) fn bury_slice(&mut self, at: Millis, limit: u32) -> Result<u64> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {STANDING_COLUMNS} {FROM} AND d.proven_run IS NOT NULL AND d.deleted_at IS NULL
             ORDER BY d.docno LIMIT ?2"
        ))?;
        let proven = statement.query_map(params![self.source.0, limit], Standing::of_row)?;
        let proven: Vec<Standing> = proven.collect::<rusqlite::Result<_>>()?;
        let count = proven.len() as u64;
        for standing in proven {
            self.sql
                .prepare_cached("UPDATE documents SET deleted_at = ?2 WHERE docno = ?1")?
                .execute(params![standing.doc.0, at.0])?;
            self.put_outbox(standing.doc, true)?;
            self.tell_document(standing.doc, Standing { deleted: true, ..standing }.entry());
        }
        Ok(count)
    }

    /// Lets up to `limit` of what is proved to be gone stay hidden until it is seen again.
    pub(crate) fn spare_slice(&mut self, limit: u32) -> Result<u64> {
        let mut statement = self.sql.prepare_cached(
            "UPDATE documents SET proven_run = NULL, spared = 1 WHERE docno IN (
                 SELECT docno FROM documents
                 WHERE source = ?1 AND proven_run IS NOT NULL AND deleted_at IS NULL LIMIT ?2)",
        )?;
        Ok(statement.execute(params![self.source.0, limit])? as u64)
    }

    /// Makes a tombstone a document again, with the text that was kept.
    pub(super) fn revive_document(&mut self, standing: Standing) -> Result<Standing> {
        self.sql
            .prepare_cached("UPDATE documents SET deleted_at = NULL, proven_run = NULL WHERE docno = ?1")?
            .execute(params![standing.doc.0])?;
        self.rewrite(standing.doc)?;
        let alive = Standing { deleted: false, ..standing };
        self.tell_document(standing.doc, alive.entry());
        Ok(alive)
    }

    /// Undoes up to `limit` deletions: of these documents, or of all that can be undone. They stay hidden until the source
    /// lists them.
    pub(crate) fn undo_slice(&mut self, docs: Option<&[DocNo]>, limit: u32) -> Result<u64> {
        let chosen = docs.map(|docs| json_list(docs.iter().map(|doc| doc.0)));
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {STANDING_COLUMNS} {FROM} AND d.deleted_at IS NOT NULL AND d.hash <> x''
               AND (?2 IS NULL OR d.docno IN (SELECT value FROM json_each(?2))) LIMIT ?3"
        ))?;
        let deleted = statement.query_map(params![self.source.0, chosen, limit], Standing::of_row)?;
        let deleted: Vec<Standing> = deleted.collect::<rusqlite::Result<_>>()?;
        let count = deleted.len() as u64;
        for standing in deleted {
            let missed_run = Some(standing.missed_run.unwrap_or(0));
            self.sql
                .prepare_cached("UPDATE documents SET spared = 1, missed_run = ?2 WHERE docno = ?1")?
                .execute(params![standing.doc.0, missed_run])?;
            self.revive_document(Standing { missed_run, ..standing })?;
        }
        Ok(count)
    }

    /// Drops the texts of up to `limit` documents deleted at `bound` or before for good; their numbers stay taken.
    pub(crate) fn drop_slice(&mut self, bound: Millis, limit: u32) -> Result<u64> {
        let mut statement = self.sql.prepare_cached(
            "UPDATE documents SET hash = x'', version = '', title = '', url = '' WHERE docno IN (
                 SELECT docno FROM documents
                 WHERE source = ?1 AND deleted_at IS NOT NULL AND deleted_at <= ?2 AND hash <> x'' LIMIT ?3)
             RETURNING docno",
        )?;
        let dropped = statement.query_map(params![self.source.0, bound.0, limit], |row| row.get(0))?;
        let dropped: Vec<u32> = dropped.collect::<rusqlite::Result<_>>()?;
        let list = json_list(dropped.iter().copied());
        self.sql
            .prepare_cached("DELETE FROM bodies WHERE docno IN (SELECT value FROM json_each(?1))")?
            .execute(params![list])?;
        Ok(dropped.len() as u64)
    }
}
