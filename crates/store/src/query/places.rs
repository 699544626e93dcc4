//! Where documents hang, for explanations and reports. Nothing here decides: that is `access` alone.

use crate::code::Code;
use crate::codec;
use crate::{Store, StoreError};
use access::{ClauseId, DocNo, SourceId};
use model::{ClauseKey, Container, ContainerKey, ContainerKind, DocumentKey, Kind, NodeKey, NodeKind};
use rusqlite::{Connection, OptionalExtension, params};

/// Steps from a node to its root that are followed; deeper trees decide as circles do.
const DEEPEST: usize = 1000;

/// One node on the way from a document up to its space or project.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The node.
    pub node: NodeKey,
    /// Its own layers; empty while they have not been read.
    pub own: Vec<ClauseId>,
}

impl Store {
    /// The way from a node up to its root, the node first. It ends where a parent is not known or comes again.
    pub fn way_up(&self, source: SourceId, node: &NodeKey) -> Result<Vec<Place>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut find = sql.prepare_cached("SELECT id FROM nodes WHERE source = ? AND kind = ? AND native = ?")?;
            let first =
                find.query_row(params![source.0, node.kind.number(), node.native], |row| row.get(0)).optional()?;
            let (mut way, mut next, mut passed) = (Vec::new(), first, Vec::new());
            while let Some(id) = next.filter(|id| !passed.contains(id) && passed.len() < DEEPEST) {
                passed.push(id);
                let Some((place, parent)) = place(sql, id)? else { break };
                way.push(place);
                next = parent;
            }
            Ok(way)
        })
    }

    /// The number of a layer.
    pub fn clause_number(&self, source: SourceId, key: &ClauseKey) -> Result<Option<ClauseId>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut find =
                sql.prepare_cached("SELECT id FROM clauses WHERE source = ? AND origin = ? AND native = ?")?;
            let found =
                find.query_row(params![source.0, key.origin.number(), key.native], |row| row.get(0)).optional()?;
            Ok(found.map(ClauseId))
        })
    }

    /// The containers of a source, without counting their documents.
    pub fn named_containers(&self, source: SourceId) -> Result<Vec<Container>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT native, kind, short, name, archived, url FROM containers WHERE source = ? ORDER BY short, native",
            )?;
            let mut rows = statement.query([source.0])?;
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
            Ok(found)
        })
    }

    /// The number of a document that is there, without reading its text.
    pub fn document_number(&self, source: SourceId, key: &DocumentKey) -> Result<Option<DocNo>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut find = sql.prepare_cached(
                "SELECT docno FROM documents WHERE source = ? AND kind = ? AND native = ? AND deleted_at IS NULL",
            )?;
            let found =
                find.query_row(params![source.0, key.kind.number(), key.native], |row| row.get(0)).optional()?;
            Ok(found.map(DocNo))
        })
    }

    /// The source and key of a document that is there.
    pub fn document_key(&self, doc: DocNo) -> Result<Option<(SourceId, DocumentKey)>, StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut find = sql
                .prepare_cached("SELECT source, kind, native FROM documents WHERE docno = ? AND deleted_at IS NULL")?;
            let mut rows = find.query([doc.0])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let key = DocumentKey::new(Kind::of_number(row.get(1)?)?, row.get::<_, String>(2)?);
            Ok(Some((SourceId(row.get(0)?), key)))
        })
    }

    /// Calls `visit` with the container and number of every document of a source, container by container; with those
    /// of deleted ones, too. Reads an index alone: some 0.2 s for a million documents.
    pub fn visit_documents(&self, source: SourceId, mut visit: impl FnMut(&str, DocNo)) -> Result<(), StoreError> {
        self.inner.content_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT container, docno FROM documents INDEXED BY documents_by_container
                 WHERE source = ? ORDER BY container",
            )?;
            let mut rows = statement.query([source.0])?;
            while let Some(row) = rows.next()? {
                let container = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                visit(container, DocNo(row.get(1)?));
            }
            Ok(())
        })
    }
}

fn place(sql: &Connection, id: u32) -> Result<Option<(Place, Option<u32>)>, StoreError> {
    let mut statement = sql.prepare_cached("SELECT kind, native, own, parent FROM nodes WHERE id = ?")?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let node = NodeKey::new(NodeKind::of_number(row.get(0)?)?, row.get::<_, String>(1)?);
    let own = row.get_ref(2)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
    let own = own.map(codec::ids_of_bytes).transpose()?.unwrap_or_default();
    Ok(Some((Place { node, own }, row.get(3)?)))
}
