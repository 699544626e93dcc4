//! "I should not see this": what members tell administrators about. Names documents by their keys alone, for nothing
//! that was read from a source is kept in this file.

use super::AccountId;
use crate::code::Code;
use crate::{Store, StoreError};
use access::SourceId;
use model::{DocumentKey, Kind, Millis};
use rusqlite::{Row, params};

/// The most characters that a note keeps.
const LONGEST_NOTE: usize = 1000;

/// Somebody sees a document and thinks that this is a mistake.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Objection {
    /// Its number.
    pub id: i64,
    /// When it was raised.
    pub at: Millis,
    /// The account that raised it, by its e-mail then.
    pub by: String,
    /// The source of the document.
    pub source: SourceId,
    /// The document.
    pub key: DocumentKey,
    /// What the member wrote about it.
    pub note: String,
    /// When an administrator was done with it, and who that was.
    pub settled: Option<(Millis, String)>,
}

impl Store {
    /// Keeps an objection. A second one by the same account about the same document, while the first is open, replaces
    /// its note.
    pub async fn object(
        &self,
        account: (AccountId, String),
        source: SourceId,
        key: DocumentKey,
        note: &str,
        at: Millis,
    ) -> Result<(), StoreError> {
        let note: String = note.trim().chars().filter(|c| !c.is_control() || *c == '\n').take(LONGEST_NOTE).collect();
        self.change_hub(move |sql| {
            let (account, by) = account;
            let changed = sql
                .prepare_cached(
                    "UPDATE objections SET note = ?5, at = ?6
                     WHERE account = ?1 AND source = ?2 AND kind = ?3 AND native = ?4 AND settled_at IS NULL",
                )?
                .execute(params![account.0, source.0, key.kind.number(), key.native, note, at.0])?;
            if changed == 0 {
                sql.prepare_cached(
                    "INSERT INTO objections (account, by, source, kind, native, note, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    account.0,
                    by,
                    source.0,
                    key.kind.number(),
                    key.native,
                    note,
                    at.0
                ])?;
            }
            Ok(())
        })
        .await
    }

    /// Marks an objection as done with. False if there is none with this number that is open.
    pub async fn settle_objection(&self, id: i64, by: String, at: Millis) -> Result<bool, StoreError> {
        self.change_hub(move |sql| {
            let changed = sql
                .prepare_cached(
                    "UPDATE objections SET settled_at = ?2, settled_by = ?3 WHERE id = ?1 AND settled_at IS NULL",
                )?
                .execute(params![id, at.0, by])?;
            Ok(changed > 0)
        })
        .await
    }

    /// Open objections first, of each the newest first.
    pub fn objections(&self, limit: u32) -> Result<Vec<Objection>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT id, at, by, source, kind, native, note, settled_at, settled_by FROM objections
                 ORDER BY settled_at IS NOT NULL, at DESC, id DESC LIMIT ?",
            )?;
            let mut rows = statement.query([limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(objection(row)?);
            }
            Ok(found)
        })
    }

    /// How many objections are open.
    pub fn open_objections(&self) -> Result<u64, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached("SELECT count(*) FROM objections WHERE settled_at IS NULL")?;
            let count: i64 = statement.query_row([], |row| row.get(0))?;
            Ok(u64::try_from(count).unwrap_or(0))
        })
    }
}

fn objection(row: &Row<'_>) -> Result<Objection, StoreError> {
    let settled: Option<i64> = row.get(7)?;
    Ok(Objection {
        id: row.get(0)?,
        at: Millis(row.get(1)?),
        by: row.get(2)?,
        source: SourceId(row.get(3)?),
        key: DocumentKey::new(Kind::of_number(row.get(4)?)?, row.get::<_, String>(5)?),
        note: row.get(6)?,
        settled: settled.map(|at| Ok::<_, rusqlite::Error>((Millis(at), row.get(8)?))).transpose()?,
    })
}
