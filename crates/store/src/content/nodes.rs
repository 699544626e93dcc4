//! Spaces, projects, pages, folders and issues as rows of a tree whose parents may come later.

use super::batch::{Batch, CommitError, json_list};
use crate::code::Code;
use crate::codec;
use crate::error::Result;
use access::{ClauseId, DynamicHolder, Inline, NodeId, Principal};
use model::{ClauseKey, Millis, NodeKey, NodeKind};
use rusqlite::{OptionalExtension, params};

struct Row {
    id: NodeId,
    parent: Option<u32>,
    placed: bool,
    own: Option<Vec<u8>>,
    inline: Option<Vec<u8>>,
    stale: bool,
}

impl Batch<'_> {
    /// Hangs a node under its parent; its own layers stay as they are.
    pub(super) fn put_place(&mut self, key: &NodeKey, parent: Option<&NodeKey>) -> Result<(), CommitError> {
        if parent.is_none() && !matches!(key.kind, NodeKind::Space | NodeKind::Project) {
            let reason = format!("{} `{}` has no parent, but only a space or project is a root", key.kind, key.native);
            return Err(CommitError::Inconsistent(reason));
        }
        let parent = parent.map(|parent| self.node_id(parent)).transpose()?;
        let Some(row) = self.node_row(key)? else {
            self.insert_node(key, Some(parent))?;
            return Ok(());
        };
        if row.placed && row.parent == parent.map(|parent| parent.0) {
            return Ok(());
        }
        self.sql
            .prepare_cached("UPDATE nodes SET parent = ?2, placed = 1 WHERE id = ?1")?
            .execute(params![row.id.0, parent.map(|parent| parent.0)])?;
        self.dirty.insert(row.id);
        Ok(())
    }

    /// Takes the own layers of a node and what an issue's fields name.
    pub(super) fn put_layers(
        &mut self,
        key: &NodeKey,
        own: &[ClauseKey],
        inline: &[(DynamicHolder, Principal)],
        at: Millis,
    ) -> Result<(), CommitError> {
        let own = codec::ids_to_bytes(&self.own_ids(key, own)?);
        let inline = codec::inline_to_bytes(&Inline::new(inline.to_vec()));
        let row = match self.node_row(key)? {
            Some(row) => row,
            None => Row {
                id: self.insert_node(key, None)?,
                parent: None,
                placed: false,
                own: None,
                inline: None,
                stale: false,
            },
        };
        let (same_own, same_inline) = (row.own.as_ref() == Some(&own), row.inline == inline);
        if same_own && same_inline && !row.stale {
            self.confirmed_nodes.push(row.id);
            return Ok(());
        }
        self.sql
            .prepare_cached("UPDATE nodes SET own = ?2, inline = ?3, read_at = ?4, stale = 0 WHERE id = ?1")?
            .execute(params![row.id.0, own, inline, at.0])?;
        if !same_own || row.stale {
            self.dirty.insert(row.id);
        }
        if !same_inline {
            self.repointed.insert(row.id);
        }
        Ok(())
    }

    fn own_ids(&self, node: &NodeKey, own: &[ClauseKey]) -> Result<Vec<ClauseId>, CommitError> {
        let mut ids = Vec::with_capacity(own.len());
        for clause in own {
            let id = self.clause_id(clause)?.ok_or_else(|| {
                let (what, of) = (clause.origin, &clause.native);
                let reason =
                    format!("{} `{}` names the clause {what} of `{of}`, which was not read", node.kind, node.native);
                CommitError::Inconsistent(reason)
            })?;
            ids.push(id);
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// The id of a node; one that is not known yet gets a row without a place, which admits nobody.
    pub(super) fn node_id(&mut self, key: &NodeKey) -> Result<NodeId> {
        let mut statement =
            self.sql.prepare_cached("SELECT id FROM nodes WHERE source = ? AND kind = ? AND native = ?")?;
        let values = params![self.source.0, key.kind.number(), key.native];
        match statement.query_row(values, |row| row.get(0)).optional()? {
            Some(id) => Ok(NodeId(id)),
            None => self.insert_node(key, None),
        }
    }

    fn node_row(&self, key: &NodeKey) -> Result<Option<Row>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT id, parent, placed, own, inline, stale FROM nodes WHERE source = ? AND kind = ? AND native = ?",
        )?;
        let found = statement.query_row(params![self.source.0, key.kind.number(), key.native], |row| {
            let id = NodeId(row.get(0)?);
            Ok(Row {
                id,
                parent: row.get(1)?,
                placed: row.get(2)?,
                own: row.get(3)?,
                inline: row.get(4)?,
                stale: row.get(5)?,
            })
        });
        Ok(found.optional()?)
    }

    /// A new node, with its place if that is known: `Some(None)` for a root.
    fn insert_node(&mut self, key: &NodeKey, place: Option<Option<NodeId>>) -> Result<NodeId> {
        let id = self.next_node()?;
        let parent = place.flatten().map(|parent| parent.0);
        self.sql
            .prepare_cached("INSERT INTO nodes (id, source, kind, native, parent, placed) VALUES (?, ?, ?, ?, ?, ?)")?
            .execute(params![id.0, self.source.0, key.kind.number(), key.native, parent, place.is_some()])?;
        self.dirty.insert(id);
        Ok(id)
    }

    /// Notes when unchanged layers were confirmed.
    pub(super) fn confirm_nodes(&mut self, at: Millis) -> Result<()> {
        if self.confirmed_nodes.is_empty() {
            return Ok(());
        }
        let ids = json_list(self.confirmed_nodes.drain(..).map(|id| id.0));
        self.sql
            .prepare_cached(
                "UPDATE nodes SET read_at = ?1 WHERE id IN (SELECT value FROM json_each(?2)) AND read_at < ?1",
            )?
            .execute(params![at.0, ids])?;
        Ok(())
    }
}
