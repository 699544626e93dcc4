//! Layers as rows: one per statement of a source, changed in place, with the time at which it was last confirmed.

use super::ageing::AGEING_CLAUSES;
use super::batch::{Batch, json_list};
use crate::code::Code;
use crate::codec;
use crate::error::Result;
use access::{Clause, ClauseId, Hidden};
use model::{ClauseKey, Millis, Origin};
use rusqlite::{OptionalExtension, params};

/// The clause in force for a stored row.
pub(super) fn in_force(content: &[u8], stale: bool) -> Result<Clause> {
    if stale { Ok(Clause::nobody(Hidden::Stale)) } else { codec::clause_of_bytes(content) }
}

struct Row {
    id: ClauseId,
    content: Vec<u8>,
    closed: bool,
    stale: bool,
}

impl Batch<'_> {
    /// Takes what was read of a layer.
    ///
    /// A read that failed ([`is_failed_read`]) keeps the last content until [`expire`](Self::expire_clauses) finds it
    /// too old; content that was read but is not understood closes the layer at once.
    pub(super) fn put_clause(&mut self, key: &ClauseKey, clause: &Clause, at: Millis) -> Result<()> {
        let content = codec::clause_to_bytes(clause);
        let closed = clause.hidden().is_some();
        let Some(row) = self.clause_row(key)? else {
            self.insert_clause(key, clause, at)?;
            return Ok(());
        };
        if is_failed_read(clause) && !row.closed {
            return Ok(());
        }
        if row.content == content && !row.stale {
            self.confirmed_clauses.push(row.id);
            return Ok(());
        }
        self.sql
            .prepare_cached(
                "UPDATE clauses SET version = version + 1, read_at = ?2, content = ?3, closed = ?4, stale = 0 WHERE id = ?1",
            )?
            .execute(params![row.id.0, at.0, content, closed])?;
        self.tell_clause(row.id, clause.clone());
        Ok(())
    }

    /// The id of a stored clause.
    pub(super) fn clause_id(&self, key: &ClauseKey) -> Result<Option<ClauseId>> {
        let mut statement =
            self.sql.prepare_cached("SELECT id FROM clauses WHERE source = ? AND origin = ? AND native = ?")?;
        let found = statement.query_row(params![self.source.0, key.origin.number(), key.native], |row| row.get(0));
        Ok(found.optional()?.map(ClauseId))
    }

    /// The id of a clause that may be read later: until then it admits nobody.
    pub(super) fn clause_id_or_unknown(&mut self, key: &ClauseKey, at: Millis) -> Result<ClauseId> {
        match self.clause_id(key)? {
            Some(id) => Ok(id),
            None => self.insert_clause(key, &Clause::nobody(Hidden::Unknown), at),
        }
    }

    fn clause_row(&self, key: &ClauseKey) -> Result<Option<Row>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT id, content, closed, stale FROM clauses WHERE source = ? AND origin = ? AND native = ?",
        )?;
        let found = statement.query_row(params![self.source.0, key.origin.number(), key.native], |row| {
            Ok(Row { id: ClauseId(row.get(0)?), content: row.get(1)?, closed: row.get(2)?, stale: row.get(3)? })
        });
        Ok(found.optional()?)
    }

    fn insert_clause(&mut self, key: &ClauseKey, clause: &Clause, at: Millis) -> Result<ClauseId> {
        let id = self.next_clause()?;
        let closed = clause.hidden().is_some();
        self.sql
            .prepare_cached(
                "INSERT INTO clauses (id, source, origin, native, version, read_at, content, closed, stale)
                 VALUES (?, ?, ?, ?, 1, ?, ?, ?, 0)",
            )?
            .execute(params![
                id.0,
                self.source.0,
                key.origin.number(),
                key.native,
                at.0,
                codec::clause_to_bytes(clause),
                closed
            ])?;
        self.tell_clause(id, clause.clone());
        Ok(id)
    }

    /// Notes when unchanged clauses were confirmed.
    pub(super) fn confirm_clauses(&mut self, at: Millis) -> Result<()> {
        if self.confirmed_clauses.is_empty() {
            return Ok(());
        }
        let ids = json_list(self.confirmed_clauses.drain(..).map(|id| id.0));
        self.sql
            .prepare_cached(
                "UPDATE clauses SET read_at = ?1 WHERE id IN (SELECT value FROM json_each(?2)) AND read_at < ?1",
            )?
            .execute(params![at.0, ids])?;
        Ok(())
    }

    /// Closes up to `limit` clauses that were last confirmed before `bound`. Their content stays for the day it is
    /// confirmed again.
    pub(crate) fn expire_clauses(&mut self, bound: Millis, limit: u32) -> Result<u64> {
        let mut statement = self.sql.prepare_cached(&format!(
            "UPDATE clauses SET stale = 1, version = version + 1 WHERE id IN (
                 SELECT id FROM clauses WHERE {AGEING_CLAUSES} LIMIT ?4)
             RETURNING id"
        ))?;
        let values = params![self.source.0, bound.0, Origin::Audience.number(), limit];
        let ids = statement.query_map(values, |row| row.get(0))?;
        let mut count = 0;
        for id in ids {
            self.tell_clause(ClauseId(id?), Clause::nobody(Hidden::Stale));
            count += 1;
        }
        Ok(count)
    }
}

/// Whether the source did not answer, as opposed to answering something that closes the layer.
fn is_failed_read(clause: &Clause) -> bool {
    matches!(clause.hidden(), Some(Hidden::Forbidden | Hidden::Unknown | Hidden::Pending))
}
