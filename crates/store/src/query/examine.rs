//! What is stored of a source, container by container, for a report on what of it can be read; and samples for comparison.

use super::documents::StoredClause;
use super::hidden::{Causes, own_cause};
use crate::code::Code;
use crate::codec;
use crate::{Store, StoreError};
use access::{ClauseId, DocNo, Hidden, SourceId};
use model::{ClauseKey, ContainerKey, DocumentKey, Kind, Millis};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;

/// A document picked for a comparison.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SampledDocument {
    /// Its number.
    pub doc: DocNo,
    /// Its identity at the source.
    pub key: DocumentKey,
    /// The container that it lies in.
    pub container: ContainerKey,
}

/// Content that others hang below and that could not be read itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnreadParent {
    /// Its id at the source.
    pub native: String,
    /// How many contents hang directly below it.
    pub below: u64,
}

/// Documents that the same layers decide about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DecidedAlike {
    /// One of them.
    pub example: DocNo,
    /// How many there are.
    pub documents: u64,
}

impl Store {
    /// Documents of a source that nobody sees, by container and cause; deleted ones are left out.
    pub fn hidden_by_container(
        &self,
        source: SourceId,
    ) -> Result<BTreeMap<ContainerKey, BTreeMap<Hidden, u64>>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let causes = Causes::read(sql, source)?;
            let mut statement = sql.prepare_cached(&format!(
                "SELECT d.container, n.acl, d.audience, {} AS own, count(*)
                 FROM documents d LEFT JOIN nodes n ON n.id = d.node
                 LEFT JOIN containers c ON c.source = d.source AND c.native = d.container
                 WHERE d.source = ?1 AND d.deleted_at IS NULL GROUP BY 1, 2, 3, 4",
                own_cause()
            ))?;
            let mut rows = statement.query([source.0])?;
            let mut found: BTreeMap<ContainerKey, BTreeMap<Hidden, u64>> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let own = row.get::<_, Option<i64>>(3)?.map(Hidden::of_number).transpose()?;
                if let Some(cause) = own.or(causes.of(row.get(1)?, row.get(2)?)) {
                    let count = u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0);
                    *found.entry(ContainerKey(row.get(0)?)).or_default().entry(cause).or_default() += count;
                }
            }
            Ok(found)
        })
    }

    /// A layer of a source by what it states.
    pub fn layer(&self, source: SourceId, key: &ClauseKey) -> Result<Option<StoredClause>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT id, content, read_at, stale FROM clauses WHERE source = ?1 AND origin = ?2 AND native = ?3",
            )?;
            let mut rows = statement.query(params![source.0, key.origin.number(), key.native])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let content = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            Ok(Some(StoredClause {
                id: ClauseId(row.get(0)?),
                source,
                key: key.clone(),
                clause: codec::clause_of_bytes(content)?,
                read_at: Millis(row.get(2)?),
                stale: row.get(3)?,
            }))
        })
    }

    /// Content that hides what hangs below it, because it could not be read itself; the first `limit` by id.
    pub fn unread_parents(&self, source: SourceId, limit: u32) -> Result<Vec<UnreadParent>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT n.native, (SELECT count(*) FROM nodes below WHERE below.parent = n.id) AS hanging
                 FROM nodes n WHERE n.source = ?1 AND n.placed = 0 AND hanging > 0 ORDER BY n.native LIMIT ?2",
            )?;
            let mut rows = statement.query(params![source.0, limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let below = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
                found.push(UnreadParent { native: row.get(0)?, below });
            }
            Ok(found)
        })
    }

    /// Living documents of some kinds, picked by chance; those that lie out of scope are not among them.
    pub fn sample_documents(
        &self,
        source: SourceId,
        kinds: &[Kind],
        limit: u32,
    ) -> Result<Vec<SampledDocument>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let numbers: Vec<String> = kinds.iter().map(|kind| kind.number().to_string()).collect();
            let mut statement = sql.prepare_cached(&format!(
                "SELECT d.docno, d.kind, d.native, d.container FROM documents d
                 LEFT JOIN containers c ON c.source = d.source AND c.native = d.container
                 WHERE d.source = ?1 AND d.kind IN ({}) AND d.deleted_at IS NULL AND coalesce(c.outside, 0) = 0
                 ORDER BY random() LIMIT ?2",
                numbers.join(", ")
            ))?;
            let mut rows = statement.query(params![source.0, limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(SampledDocument {
                    doc: DocNo(row.get(0)?),
                    key: DocumentKey::new(Kind::of_number(row.get(1)?)?, row.get::<_, String>(2)?),
                    container: ContainerKey(row.get(3)?),
                });
            }
            Ok(found)
        })
    }

    /// The living documents of a source in scope, grouped by the layers that decide about them.
    pub fn decided_alike(&self, source: SourceId) -> Result<Vec<DecidedAlike>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT min(d.docno), count(*) FROM documents d JOIN nodes n ON n.id = d.node
                 LEFT JOIN containers c ON c.source = d.source AND c.native = d.container
                 WHERE d.source = ?1 AND d.deleted_at IS NULL AND d.missed_run IS NULL AND coalesce(c.outside, 0) = 0
                 GROUP BY n.acl, d.audience, n.inline",
            )?;
            let alike = |row: &rusqlite::Row<'_>| {
                let documents = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
                Ok(DecidedAlike { example: DocNo(row.get(0)?), documents })
            };
            Ok(statement.query_map([source.0], alike)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// When anything of a source was last confirmed that decides about access: the oldest layer still believed.
    pub fn oldest_layer(&self, source: SourceId) -> Result<Option<Millis>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement =
                sql.prepare_cached("SELECT min(read_at) FROM clauses WHERE source = ?1 AND closed = 0 AND stale = 0")?;
            let oldest: Option<Option<i64>> = statement.query_row([source.0], |row| row.get(0)).optional()?;
            Ok(oldest.flatten().map(Millis))
        })
    }
}
