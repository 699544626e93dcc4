//! After changes of places and layers: the lists of clauses that decide, for the changed nodes and all below them.
//!
//! The subtree is loaded once, in one statement; the meaning of a place is [`access::effective_clauses`] alone.

use super::batch::{Batch, json_list};
use crate::StoreError;
use crate::codec;
use crate::error::Result;
use access::mutants::off;
use access::{AclId, ClauseId, Hidden, NodeEntry, NodeId, NodeLinks, effective_clauses};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The dirty nodes and everything below, circles included once.
const SUBTREE: &str = "
    WITH RECURSIVE below (id) AS (
        SELECT value FROM json_each(?1)
        UNION
        SELECT nodes.id FROM below JOIN nodes ON nodes.parent = below.id)
    SELECT nodes.parent, nodes.placed, nodes.own, nodes.stale, nodes.id, nodes.acl, nodes.inline
    FROM below CROSS JOIN nodes ON nodes.id = below.id";

const ONE: &str = "SELECT parent, placed, own, stale FROM nodes WHERE id = ?1";

/// What was decided for a node before.
struct Before {
    id: NodeId,
    acl: Option<AclId>,
    inline: Option<Vec<u8>>,
}

type Links = HashMap<NodeId, Option<NodeLinks>>;

/// `None` for a node without a place: whatever hangs below it admits nobody.
fn links_of(row: &Row<'_>) -> Result<Option<NodeLinks>> {
    if !row.get::<_, bool>(1)? {
        return Ok(None);
    }
    let own = match row.get_ref(2)?.as_blob_or_null().map_err(rusqlite::Error::from)? {
        Some(_) if row.get::<_, bool>(3)? => vec![Hidden::Stale.clause()],
        Some(ids) => codec::ids_of_bytes(ids)?,
        None if off("store.pending") => Vec::new(),
        None => vec![Hidden::Pending.clause()],
    };
    Ok(Some(NodeLinks { parent: row.get::<_, Option<u32>>(0)?.map(NodeId), own }))
}

fn ancestor(sql: &Connection, links: &mut Links, node: NodeId) -> Result<Option<NodeLinks>> {
    if let Some(known) = links.get(&node) {
        return Ok(known.clone());
    }
    let mut statement = sql.prepare_cached(ONE)?;
    let found = statement.query_row(params![node.0], |row| Ok(links_of(row))).optional()?;
    let found = found.transpose()?.flatten();
    links.insert(node, found.clone());
    Ok(found)
}

impl Batch<'_> {
    /// Recomputes what the transaction has touched, and notes every node whose decision comes from elsewhere now.
    pub(super) fn settle_nodes(&mut self) -> Result<()> {
        if self.dirty.is_empty() && self.repointed.is_empty() {
            return Ok(());
        }
        let (touched, mut links) = self.load_subtree()?;
        let sql = self.sql;
        let mut pointed: BTreeMap<AclId, Vec<u32>> = BTreeMap::new();
        for before in touched {
            let clauses = effective_clauses(before.id, |node| ancestor(sql, &mut links, node))?;
            let acl = self.intern(clauses)?;
            if before.acl == Some(acl) && !self.repointed.contains(&before.id) {
                continue;
            }
            if before.acl != Some(acl) {
                pointed.entry(acl).or_default().push(before.id.0);
            }
            let inline = before.inline.map(|bytes| codec::inline_of_bytes(&bytes)).transpose()?;
            self.tell_node(before.id, NodeEntry { acl, inline: inline.map(Arc::new) });
        }
        // Most nodes of a tree get the same list, and one statement for all of them takes half the time of one for each.
        let mut point =
            sql.prepare_cached("UPDATE nodes SET acl = ?2 WHERE id IN (SELECT value FROM json_each(?1))")?;
        for (acl, nodes) in pointed {
            point.execute(params![json_list(nodes), acl.0])?;
        }
        Ok(())
    }

    fn load_subtree(&self) -> Result<(Vec<Before>, Links)> {
        let roots = json_list(self.dirty.union(&self.repointed).map(|node| node.0));
        let mut statement = self.sql.prepare_cached(SUBTREE)?;
        let mut rows = statement.query(params![roots])?;
        let (mut touched, mut links) = (Vec::new(), Links::new());
        while let Some(row) = rows.next()? {
            let id = NodeId(row.get(4)?);
            links.insert(id, links_of(row)?);
            touched.push(Before { id, acl: row.get::<_, Option<u32>>(5)?.map(AclId), inline: row.get(6)? });
        }
        Ok((touched, links))
    }

    /// The id of a list of clauses; a list that is new gets the next one (STO-5).
    fn intern(&mut self, clauses: Vec<ClauseId>) -> Result<AclId, StoreError> {
        if let Some(id) = self.interned.get(&clauses) {
            return Ok(*id);
        }
        let bytes = codec::ids_to_bytes(&clauses);
        let mut find = self.sql.prepare_cached("SELECT id FROM acls WHERE source = ? AND clauses = ?")?;
        let found = find.query_row(params![self.source.0, bytes], |row| row.get(0)).optional()?.map(AclId);
        let id = match found {
            Some(id) => id,
            None => {
                let id = self.next_acl()?;
                self.sql
                    .prepare_cached("INSERT INTO acls (id, source, clauses) VALUES (?, ?, ?)")?
                    .execute(params![id.0, self.source.0, bytes])?;
                self.tell_acl(id, clauses.clone());
                id
            }
        };
        self.interned.insert(clauses, id);
        Ok(id)
    }
}
