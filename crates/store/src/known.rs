//! What is stored of one source, for an adapter that goes on after a restart.

use crate::code::Code;
use crate::{Store, StoreError};
use access::SourceId;
use model::{Container, ContainerKey, ContainerKind, DocumentKey, NodeKey, NodeKind};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;
use sync::{JournalError, Known};

const PENDING: &str = "SELECT kind, native FROM nodes n
    WHERE source = ?1 AND own IS NULL AND placed = 1 AND (kind, native) > (?2, ?3)
    ORDER BY kind, native LIMIT ?4";

const MISSING: &str = "SELECT kind, native FROM nodes n
    WHERE source = ?1 AND placed = 0 AND (kind, native) > (?2, ?3)
      AND EXISTS (SELECT 1 FROM nodes below WHERE below.parent = n.id)
    ORDER BY kind, native LIMIT ?4";

/// Containers named by the latest run; before its listing has begun, those named by the run before.
const CONTAINERS: &str = "SELECT native, kind, short, name, archived, url FROM containers
    WHERE source = ?1 AND outside = 0 AND seen_run = (
        SELECT max(seen_run) FROM containers WHERE source = ?1)
    ORDER BY native";

/// The reader of one source.
pub(crate) struct KnownSource {
    store: Store,
    source: SourceId,
}

impl KnownSource {
    pub(crate) fn new(store: Store, source: SourceId) -> Self {
        Self { store, source }
    }

    fn nodes(&self, statement: &str, after: Option<&NodeKey>, limit: usize) -> Result<Vec<NodeKey>, JournalError> {
        let (kind, native) = after.map_or((-1, ""), |key| (key.kind.number(), key.native.as_str()));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = self.store.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(statement)?;
            let mut rows = statement.query(params![self.source.0, kind, native, limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(NodeKey::new(NodeKind::of_number(row.get(0)?)?, row.get::<_, String>(1)?));
            }
            Ok::<_, StoreError>(found)
        });
        Ok(found?)
    }
}

impl Known for KnownSource {
    fn pending(&self, after: Option<&NodeKey>, limit: usize) -> Result<Vec<NodeKey>, JournalError> {
        self.nodes(PENDING, after, limit)
    }

    fn missing_parents(&self, after: Option<&NodeKey>, limit: usize) -> Result<Vec<NodeKey>, JournalError> {
        self.nodes(MISSING, after, limit)
    }

    fn containers(&self) -> Result<Vec<Container>, JournalError> {
        let found = self.store.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(CONTAINERS)?;
            let mut rows = statement.query(params![self.source.0])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(Container {
                    key: ContainerKey(row.get(0)?),
                    kind: ContainerKind::of_number(row.get(1)?)?,
                    short: row.get(2)?,
                    name: row.get(3)?,
                    archived: row.get(4)?,
                    url: row.get(5)?,
                });
            }
            Ok::<_, StoreError>(found)
        });
        Ok(found?)
    }

    fn documents(&self, keys: &[DocumentKey]) -> Result<BTreeMap<DocumentKey, (ContainerKey, String)>, JournalError> {
        let found = self.store.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT container, title FROM documents
                 WHERE source = ? AND kind = ? AND native = ? AND deleted_at IS NULL",
            )?;
            let mut found = BTreeMap::new();
            for key in keys {
                let values = params![self.source.0, key.kind.number(), key.native];
                let row = statement.query_row(values, |row| Ok((ContainerKey(row.get(0)?), row.get(1)?)));
                if let Some(value) = row.optional()? {
                    found.insert(key.clone(), value);
                }
            }
            Ok::<_, StoreError>(found)
        });
        Ok(found?)
    }
}
