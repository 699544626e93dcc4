//! Counts for the pages: how much of a source is there, and how much of it nobody sees.

use super::hidden::{Causes, own_cause};
use crate::code::Code;
use crate::{Store, StoreError};
use access::{Hidden, SourceId};
use model::{Container, ContainerKey, ContainerKind, Kind};
use rusqlite::params;
use std::collections::BTreeMap;

/// What is stored of one source.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SourceStats {
    /// Documents by kind, without deleted ones.
    pub documents: BTreeMap<Kind, u64>,
    /// Documents that nobody sees, by cause. Each is counted once, under its gravest cause.
    pub hidden: BTreeMap<Hidden, u64>,
}

impl SourceStats {
    /// All documents, without deleted ones.
    pub fn total(&self) -> u64 {
        self.documents.values().sum()
    }
}

/// A container and what is stored of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContainerStats {
    /// The container.
    pub container: Container,
    /// Whether its documents are in scope.
    pub in_scope: bool,
    /// Its documents, without deleted ones.
    pub documents: u64,
}

impl Store {
    /// Counts the documents of a source. Reads every row of it once: some 0.3 s for a million documents.
    pub fn source_stats(&self, source: SourceId) -> Result<SourceStats, StoreError> {
        self.inner.content_reads.read(|sql| {
            let causes = Causes::read(sql, source)?;
            let mut statement = sql.prepare_cached(&format!(
                "SELECT d.kind, n.acl, d.audience, {} AS own, count(*)
                 FROM documents d LEFT JOIN nodes n ON n.id = d.node
                 LEFT JOIN containers c ON c.source = d.source AND c.native = d.container
                 WHERE d.source = ?1 GROUP BY 1, 2, 3, 4",
                own_cause()
            ))?;
            let mut rows = statement.query([source.0])?;
            let mut stats = SourceStats::default();
            while let Some(row) = rows.next()? {
                let own = row.get::<_, Option<i64>>(3)?.map(Hidden::of_number).transpose()?;
                let count = u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0);
                if own != Some(Hidden::Deleted) {
                    *stats.documents.entry(Kind::of_number(row.get(0)?)?).or_default() += count;
                }
                if let Some(cause) = own.or(causes.of(row.get(1)?, row.get(2)?)) {
                    *stats.hidden.entry(cause).or_default() += count;
                }
            }
            Ok(stats)
        })
    }

    /// One container of a source, whether in scope or not. Its name may be shown only to those who see something in it.
    pub fn container(&self, source: SourceId, key: &ContainerKey) -> Result<Option<Container>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT kind, short, name, archived, url FROM containers WHERE source = ?1 AND native = ?2",
            )?;
            let mut rows = statement.query(params![source.0, key.0])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            Ok(Some(Container {
                key: key.clone(),
                kind: ContainerKind::of_number(row.get(0)?)?,
                short: row.get(1)?,
                name: row.get(2)?,
                archived: row.get(3)?,
                url: row.get(4)?,
            }))
        })
    }

    /// The containers of a source, by the key that people use.
    pub fn containers(&self, source: SourceId) -> Result<Vec<ContainerStats>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT native, kind, short, name, archived, url, outside,
                     (SELECT count(*) FROM documents d
                      WHERE d.source = c.source AND d.container = c.native AND d.deleted_at IS NULL)
                 FROM containers c WHERE source = ?1 ORDER BY short, native",
            )?;
            let mut rows = statement.query(params![source.0])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let container = Container {
                    key: ContainerKey(row.get(0)?),
                    kind: ContainerKind::of_number(row.get(1)?)?,
                    short: row.get(2)?,
                    name: row.get(3)?,
                    archived: row.get(4)?,
                    url: row.get(5)?,
                };
                let documents = u64::try_from(row.get::<_, i64>(7)?).unwrap_or(0);
                found.push(ContainerStats { container, in_scope: !row.get::<_, bool>(6)?, documents });
            }
            Ok(found)
        })
    }
}
