//! What the product calls things that layers speak of. Nothing is decided by a name.

use super::batch::Batch;
use crate::error::Result;
use access::SourceId;
use model::NamedKind;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

impl Batch<'_> {
    pub(super) fn put_name(&mut self, kind: NamedKind, native: &str, name: &str) -> Result<()> {
        self.sql
            .prepare_cached(
                "INSERT INTO names (source, kind, native, name) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (source, kind, native) DO UPDATE SET name = excluded.name WHERE name <> excluded.name",
            )?
            .execute(params![self.source.0, kind.code(), native, name])?;
        Ok(())
    }
}

/// All names of a kind, by native id.
pub(crate) fn names(sql: &Connection, source: SourceId, kind: NamedKind) -> Result<BTreeMap<String, String>> {
    let mut statement = sql.prepare_cached("SELECT native, name FROM names WHERE source = ?1 AND kind = ?2")?;
    let rows = statement.query_map(params![source.0, kind.code()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One of them.
pub(crate) fn name(sql: &Connection, source: SourceId, kind: NamedKind, native: &str) -> Result<Option<String>> {
    let mut statement = sql.prepare_cached("SELECT name FROM names WHERE source = ?1 AND kind = ?2 AND native = ?3")?;
    let mut rows = statement.query(params![source.0, kind.code(), native])?;
    rows.next()?.map(|row| Ok(row.get(0)?)).transpose()
}
