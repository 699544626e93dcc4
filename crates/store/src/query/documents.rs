//! Single documents and the layers that decide about them. Callers check access first; the store does not.

use crate::code::Code;
use crate::codec;
use crate::content::{DOCUMENT_COLUMNS, DOCUMENT_JOINS, document_of_row};
use crate::{Store, StoreError};
use access::{Clause, ClauseId, DocNo, SourceId};
use model::{ClauseKey, DocumentKey, Millis, Origin, StoredDocument};
use rusqlite::{Connection, OptionalExtension, Params, params};

/// A layer with its origin, for explanations.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredClause {
    /// Its number.
    pub id: ClauseId,
    /// The source that stated it.
    pub source: SourceId,
    /// Which statement it holds.
    pub key: ClauseKey,
    /// What was read last, even if it is too old to be in force.
    pub clause: Clause,
    /// When the source last confirmed it.
    pub read_at: Millis,
    /// Whether it is closed because it was not confirmed for too long.
    pub stale: bool,
}

impl Store {
    /// The document with this number, unless it is gone.
    pub fn document(&self, doc: DocNo) -> Result<Option<StoredDocument>, StoreError> {
        self.inner.content_reads.read(|sql| find(sql, "d.docno = ?1", params![doc.0]))
    }

    /// The documents with these numbers, in this order; those that are gone are left out.
    pub fn documents(&self, docs: &[DocNo]) -> Result<Vec<StoredDocument>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let found = docs.iter().map(|doc| find(sql, "d.docno = ?1", params![doc.0]));
            found.filter_map(Result::transpose).collect()
        })
    }

    /// The document that the source knows by this key, unless it is gone.
    pub fn document_by_key(&self, source: SourceId, key: &DocumentKey) -> Result<Option<StoredDocument>, StoreError> {
        let values = params![source.0, key.kind.number(), key.native];
        self.inner.content_reads.read(|sql| find(sql, "d.source = ?1 AND d.kind = ?2 AND d.native = ?3", values))
    }

    /// The document that a person opens at this address, exactly as stored, unless it is gone.
    pub fn document_by_url(&self, url: &str) -> Result<Option<StoredDocument>, StoreError> {
        self.inner.content_reads.read(|sql| find(sql, "d.url = ?1 LIMIT 1", [url]))
    }

    /// The layer with this number.
    pub fn clause(&self, id: ClauseId) -> Result<Option<StoredClause>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement = sql
                .prepare_cached("SELECT source, origin, native, content, read_at, stale FROM clauses WHERE id = ?1")?;
            let mut rows = statement.query([id.0])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let content = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            Ok(Some(StoredClause {
                id,
                source: SourceId(row.get(0)?),
                key: ClauseKey::new(Origin::of_number(row.get(1)?)?, row.get::<_, String>(2)?),
                clause: codec::clause_of_bytes(content)?,
                read_at: Millis(row.get(4)?),
                stale: row.get(5)?,
            }))
        })
    }
}

fn find(sql: &Connection, condition: &str, values: impl Params) -> Result<Option<StoredDocument>, StoreError> {
    let mut statement = sql.prepare_cached(&format!(
        "SELECT {DOCUMENT_COLUMNS} FROM documents d {DOCUMENT_JOINS} WHERE b.json IS NOT NULL AND d.deleted_at IS NULL AND {condition}"
    ))?;
    statement.query_row(values, |row| Ok(document_of_row(row, 0))).optional()?.transpose()
}
