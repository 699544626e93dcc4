//! Permissions that the source has not confirmed for too long: closed until they are read again.
//!
//! A clause says who is admitted, a node which clauses decide, a directory who is who. Each is believed for as long as
//! the source's settings say, and what it held stays for the day it is confirmed.

use super::batch::Batch;
use crate::code::Code;
use crate::codec;
use crate::error::Result;
use access::{ClauseId, NodeId, SourceId};
use model::{Millis, Origin};
use rusqlite::{Connection, params};
use std::collections::HashSet;

/// Clauses of the source ?1 that grow old. What names a group says nothing that could change: the group's members are in
/// the directory. ?3 is the origin of audiences.
pub(super) const AGEING_CLAUSES: &str = "source = ?1 AND read_at < ?2 AND closed = 0 AND stale = 0
    AND (origin <> ?3 OR native NOT LIKE 'group:%')";

/// Nodes of the source ?1 whose own layers were read before ?2. Content and containers are confirmed by each sweep, an
/// issue whenever it is listed in the version that is stored.
const AGEING_NODES: &str = "source = ?1 AND read_at < ?2 AND own IS NOT NULL AND stale = 0";

impl Batch<'_> {
    /// Closes up to `limit` nodes whose layers were last confirmed before `bound`, and with each all below it.
    pub(crate) fn expire_nodes(&mut self, bound: Millis, limit: u32) -> Result<u64> {
        let mut statement = self.sql.prepare_cached(&format!(
            "UPDATE nodes SET stale = 1 WHERE id IN (SELECT id FROM nodes WHERE {AGEING_NODES} LIMIT ?3) RETURNING id"
        ))?;
        let closed = statement.query_map(params![self.source.0, bound.0, limit], |row| row.get(0).map(NodeId))?;
        let closed: Vec<NodeId> = closed.collect::<rusqlite::Result<_>>()?;
        self.dirty.extend(&closed);
        Ok(closed.len() as u64)
    }

    /// Forgets who is who, if that was last read before `bound`: without a directory nobody sees anything of the source.
    pub(crate) fn expire_directory(&mut self, bound: Millis) -> Result<bool> {
        let closed = self
            .sql
            .prepare_cached("UPDATE directories SET stale = 1 WHERE source = ?1 AND read_at < ?2 AND stale = 0")?
            .execute(params![self.source.0, bound.0])?;
        if closed > 0 {
            self.tell_directory(None);
        }
        Ok(closed > 0)
    }
}

/// What was last confirmed before a bound, and is still believed.
#[derive(Debug, Default)]
pub(crate) struct Old {
    pub(crate) clauses: HashSet<ClauseId>,
    /// Nodes, with all below them.
    pub(crate) nodes: HashSet<u32>,
    /// When the oldest of them was confirmed.
    pub(crate) oldest: Option<Millis>,
}

/// What is believed although it was last confirmed before `bound`.
pub(crate) fn old(sql: &Connection, source: SourceId, bound: Millis) -> Result<Old> {
    let mut old = Old::default();
    let mut note = |at: i64| old.oldest = Some(old.oldest.map_or(Millis(at), |oldest| oldest.min(Millis(at))));
    let mut statement = sql.prepare_cached(&format!("SELECT id, read_at FROM clauses WHERE {AGEING_CLAUSES}"))?;
    let mut rows = statement.query(params![source.0, bound.0, Origin::Audience.number()])?;
    while let Some(row) = rows.next()? {
        old.clauses.insert(ClauseId(row.get(0)?));
        note(row.get(1)?);
    }
    let mut statement = sql.prepare_cached(&format!(
        "WITH RECURSIVE below (id, read_at) AS (
             SELECT id, read_at FROM nodes WHERE {AGEING_NODES}
             UNION
             SELECT nodes.id, NULL FROM below JOIN nodes ON nodes.parent = below.id)
         SELECT id, read_at FROM below"
    ))?;
    let mut rows = statement.query(params![source.0, bound.0])?;
    while let Some(row) = rows.next()? {
        old.nodes.insert(row.get(0)?);
        if let Some(at) = row.get(1)? {
            note(at);
        }
    }
    Ok(old)
}

/// How many documents of the source any of it decides for.
pub(crate) fn documents_of(sql: &Connection, source: SourceId, old: &Old) -> Result<u64> {
    if old.clauses.is_empty() && old.nodes.is_empty() {
        return Ok(0);
    }
    let mut acls = HashSet::new();
    let mut statement = sql.prepare_cached("SELECT id, clauses FROM acls WHERE source = ?1")?;
    let mut rows = statement.query([source.0])?;
    while let Some(row) = rows.next()? {
        let ids = codec::ids_of_bytes(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        if ids.iter().any(|id| old.clauses.contains(id)) {
            acls.insert(row.get::<_, u32>(0)?);
        }
    }
    let mut statement = sql.prepare_cached(
        "SELECT d.node, n.acl, d.audience FROM documents d JOIN nodes n ON n.id = d.node
         WHERE d.source = ?1 AND d.deleted_at IS NULL AND d.missed_run IS NULL",
    )?;
    let mut rows = statement.query([source.0])?;
    let mut documents = 0;
    while let Some(row) = rows.next()? {
        let by_list = row.get::<_, Option<u32>>(1)?.is_some_and(|acl| acls.contains(&acl));
        let by_audience = row.get::<_, Option<u32>>(2)?.is_some_and(|id| old.clauses.contains(&ClauseId(id)));
        documents += u64::from(by_list || by_audience || old.nodes.contains(&row.get::<_, u32>(0)?));
    }
    Ok(documents)
}

/// When the directory of a source was last read, and whether that is too long ago.
pub(crate) fn directory_age(sql: &Connection, source: SourceId) -> Result<Option<(Millis, bool)>> {
    let mut statement = sql.prepare_cached("SELECT read_at, stale FROM directories WHERE source = ?1")?;
    let mut rows = statement.query([source.0])?;
    match rows.next()? {
        Some(row) => Ok(Some((Millis(row.get(0)?), row.get(1)?))),
        None => Ok(None),
    }
}
