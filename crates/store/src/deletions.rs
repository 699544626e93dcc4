//! What is deleted, what waits for an administrator's word, and what can be undone.

use crate::code::Code;
use crate::content::{Content, proven_of_all, stopped_since};
use crate::{Store, StoreError};
use access::{DocNo, SourceId};
use model::{ContainerKey, Deletion, DocumentKey, Kind, Millis};
use rusqlite::params;
use std::collections::BTreeMap;
use sync::Buried;

/// Documents changed in one transaction.
const SLICE: u32 = 500;

/// Deletions that would go too far.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoppedDeletion {
    /// Since when they wait.
    pub since: Millis,
    /// How many documents would be deleted, by container.
    pub documents: BTreeMap<ContainerKey, u64>,
    /// How many documents there are in all.
    pub of: u64,
}

/// A deleted document whose text is still kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tombstone {
    /// Its number; the place to page on from.
    pub doc: DocNo,
    /// Its identity at the source.
    pub key: DocumentKey,
    /// The container that it lay in.
    pub container: ContainerKey,
    /// When it was deleted.
    pub deleted_at: Millis,
}

impl Store {
    /// Deletes what is proved to be gone, if the settings of its source allow so much.
    pub(crate) async fn bury_allowed(&self, source: SourceId, at: Millis) -> Result<Buried, StoreError> {
        let (proven, of) = self.inner.content_reads.read(|sql| proven_of_all(sql, source))?;
        let limits = self.source(source)?.map_or_else(Deletion::default, |source| source.settings.deletion);
        let stopped = proven > limits.allowed(of);
        self.ask_about(source, stopped, at).await?;
        if stopped {
            return Ok(Buried { deleted: 0, stopped: proven });
        }
        let deleted = self.slices(source, SLICE, move |batch| batch.bury_slice(at, SLICE)).await?;
        Ok(Buried { deleted, stopped: 0 })
    }

    /// Deletions of a source that wait for an administrator.
    pub fn stopped_deletion(&self, source: SourceId) -> Result<Option<StoppedDeletion>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let Some(since) = stopped_since(sql, source)? else { return Ok(None) };
            let mut statement = sql.prepare_cached(
                "SELECT container, count(*) FROM documents
                 WHERE source = ?1 AND proven_run IS NOT NULL AND deleted_at IS NULL GROUP BY container",
            )?;
            let rows = statement.query_map(params![source.0], |row| {
                Ok((ContainerKey(row.get(0)?), u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0)))
            })?;
            let documents: BTreeMap<_, _> = rows.collect::<rusqlite::Result<_>>()?;
            let (_, of) = proven_of_all(sql, source)?;
            Ok(Some(StoppedDeletion { since, documents, of }))
        })
    }

    /// Deletes what waits for an administrator's word. How many documents that were.
    pub async fn confirm_deletion(&self, source: SourceId, at: Millis) -> Result<u64, StoreError> {
        let deleted = self.slices(source, SLICE, move |batch| batch.bury_slice(at, SLICE)).await?;
        self.ask_about(source, false, at).await?;
        Ok(deleted)
    }

    /// Leaves what waits for an administrator's word hidden; it is not asked about again until it was seen once more.
    pub async fn refuse_deletion(&self, source: SourceId, at: Millis) -> Result<u64, StoreError> {
        let spared = self.slices(source, SLICE, |batch| batch.spare_slice(SLICE)).await?;
        self.ask_about(source, false, at).await?;
        Ok(spared)
    }

    /// Undoes deletions: of these documents, or of all whose texts are kept. They stay hidden until the source lists
    /// them: nobody is shown what may not be there any more.
    pub async fn undo_deletion(&self, source: SourceId, docs: Option<Vec<DocNo>>) -> Result<u64, StoreError> {
        self.slices(source, SLICE, move |batch| batch.undo_slice(docs.as_deref(), SLICE)).await
    }

    /// Drops the texts of what was deleted at `bound` or before, for good.
    pub async fn drop_deleted(&self, source: SourceId, bound: Millis) -> Result<u64, StoreError> {
        self.slices(source, SLICE, move |batch| batch.drop_slice(bound, SLICE)).await
    }

    /// Deleted documents whose texts are kept, with numbers above `after`.
    pub fn tombstones(&self, source: SourceId, after: Option<DocNo>, limit: u32) -> Result<Vec<Tombstone>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT docno, kind, native, container, deleted_at FROM documents
                 WHERE source = ?1 AND deleted_at IS NOT NULL AND hash <> x'' AND docno > ?2 ORDER BY docno LIMIT ?3",
            )?;
            let after = after.map_or(-1, |doc| i64::from(doc.0));
            let mut rows = statement.query(params![source.0, after, limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(Tombstone {
                    doc: DocNo(row.get(0)?),
                    key: DocumentKey::new(Kind::of_number(row.get(1)?)?, row.get::<_, String>(2)?),
                    container: ContainerKey(row.get(3)?),
                    deleted_at: Millis(row.get(4)?),
                });
            }
            Ok(found)
        })
    }

    async fn ask_about(&self, source: SourceId, waiting: bool, at: Millis) -> Result<(), StoreError> {
        let ask = move |content: &mut Content| content.transact(source, |batch| batch.stop_deletion(waiting, at));
        self.inner.content.run(ask).await
    }
}
