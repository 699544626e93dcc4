//! How fresh a source is, and what its next run depends on.

use crate::content::{debts, directory_age, documents_of_old, last_runs, old};
use crate::{Store, StoreError};
use access::SourceId;
use model::{Cycles, Duration, Millis};
use rusqlite::params;
use std::collections::BTreeMap;
use sync::{Agenda, Stream};

/// Up to when the state of one stream at the source is known. Times are of the hub's clock.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Freshness {
    /// The start of the last reading that ended without a loss: everything that was there before is known.
    pub read_at: Millis,
    /// The same of the last reading that listed everything: everything that had vanished before is known.
    pub listed_at: Option<Millis>,
}

/// Permissions that will be hidden soon, unless the source confirms them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ageing {
    /// How many documents they decide for; all of the source where its directory is among them.
    pub documents: u64,
    /// When the first of them is hidden.
    pub hidden_from: Millis,
    /// Whether the directory, without which nobody sees anything, is among them.
    pub directory: bool,
}

impl Store {
    /// What was confirmed so long ago that it is hidden within a quarter of `max_age`. Counts documents only if there is
    /// any such thing.
    pub fn ageing(&self, source: SourceId, now: Millis, max_age: Duration) -> Result<Option<Ageing>, StoreError> {
        let bound = Millis(now.0.saturating_sub(max_age.0 - max_age.0 / 4));
        self.inner.content_reads.read(|sql| {
            let old = old(sql, source, bound)?;
            let directory = directory_age(sql, source)?.filter(|(read_at, stale)| !stale && *read_at < bound);
            let Some(oldest) = old.oldest.into_iter().chain(directory.map(|(at, _)| at)).min() else { return Ok(None) };
            let documents = if directory.is_some() {
                let mut statement = sql.prepare_cached(
                    "SELECT count(*) FROM documents WHERE source = ?1 AND deleted_at IS NULL AND missed_run IS NULL",
                )?;
                u64::try_from(statement.query_row(params![source.0], |row| row.get::<_, i64>(0))?).unwrap_or(0)
            } else {
                documents_of_old(sql, source, &old)?
            };
            let hidden_from = Millis(oldest.0.saturating_add(max_age.0));
            Ok(Some(Ageing { documents, hidden_from, directory: directory.is_some() }))
        })
    }

    /// Since when the directory of a source is too old to be believed, so that nobody sees anything of it: when it was
    /// last confirmed.
    pub fn stale_directory(&self, source: SourceId) -> Result<Option<Millis>, StoreError> {
        self.inner
            .content_reads
            .read(|sql| Ok(directory_age(sql, source)?.filter(|(_, stale)| *stale).map(|(read_at, _)| read_at)))
    }

    /// How fresh each stream of a source is. A stream that never ended without a loss is not there.
    pub fn freshness(&self, source: SourceId) -> Result<BTreeMap<Stream, Freshness>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement =
                sql.prepare_cached("SELECT stream, read_at, listed_at FROM watermarks WHERE source = ?1")?;
            let mut rows = statement.query(params![source.0])?;
            let mut found = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let stream: Stream =
                    row.get::<_, String>(0)?.parse().map_err(|_| StoreError::Unreadable { what: "stream" })?;
                let listed_at = row.get::<_, Option<i64>>(2)?.map(Millis);
                found.insert(stream, Freshness { read_at: Millis(row.get(1)?), listed_at });
            }
            Ok(found)
        })
    }

    /// What the next run of a source depends on.
    pub fn agenda(&self, source: SourceId, cycles: Cycles) -> Result<Agenda, StoreError> {
        self.inner.content_reads.read(|sql| {
            let last = last_runs(sql, source)?;
            let backfilled = "SELECT 1 FROM runs
                WHERE source = ?1 AND kind = 'full' AND status IN ('succeeded', 'partial')";
            let backfilled = sql.prepare_cached(backfilled)?.exists(params![source.0])?;
            let debts = debts(sql, source)?;
            Ok(Agenda { cycles, last, backfilled, debts })
        })
    }
}
