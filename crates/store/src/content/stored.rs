//! The part of a document that the text index follows, as compressed JSON, and how a whole document is read back.
//!
//! Node and audience are left out of it: they decide about access only, and a change of them must not re-index anything.

use crate::StoreError;
use crate::code::Code;
use crate::error::Result;
use access::{DocNo, SourceId};
use model::{
    Body, ClauseKey, ContainerKey, Document, DocumentKey, Facts, Millis, NodeKey, NodeKind, Origin, StoredDocument,
};
use rusqlite::Row;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is written, borrowed.
#[derive(Serialize)]
struct Written<'d> {
    key: &'d DocumentKey,
    parent: &'d Option<DocumentKey>,
    container: &'d ContainerKey,
    title: &'d str,
    issue_key: &'d Option<String>,
    url: &'d str,
    body: &'d Body,
    facts: &'d Facts,
    created: Millis,
    updated: Millis,
    version: &'d str,
}

/// The same, read.
#[derive(Deserialize)]
struct Read {
    key: DocumentKey,
    parent: Option<DocumentKey>,
    container: ContainerKey,
    title: String,
    issue_key: Option<String>,
    url: String,
    body: Body,
    facts: Facts,
    created: Millis,
    updated: Millis,
    version: String,
}

/// A document ready to be stored.
pub(super) struct Packed {
    json: Vec<u8>,
    /// Equal for equal text and facts.
    pub(super) hash: [u8; 16],
}

impl Packed {
    pub(super) fn new(document: &Document) -> Result<Self> {
        let Document { key, node: _, audience: _, parent, container, title, .. } = document;
        let Document { issue_key, url, body, facts, created, updated, version, .. } = document;
        let (created, updated) = (*created, *updated);
        let written = Written { key, parent, container, title, issue_key, url, body, facts, created, updated, version };
        let json = serde_json::to_vec(&written).map_err(|_| StoreError::Unreadable { what: "document" })?;
        let mut hash = [0; 16];
        hash.copy_from_slice(&Sha256::digest(&json)[..16]);
        Ok(Self { json, hash })
    }

    /// The bytes kept. Made only for documents that changed.
    pub(super) fn compressed(&self) -> Vec<u8> {
        lz4_flex::compress_prepend_size(&self.json)
    }
}

/// Whether a stored body is what was written, by the hash of its document.
pub(crate) fn is_written(body: &[u8], hash: &[u8]) -> bool {
    let json = lz4_flex::decompress_size_prepended(body);
    json.is_ok_and(|json| Sha256::digest(&json)[..16] == *hash)
}

/// The columns that [`document_of_row`] reads.
pub(crate) const DOCUMENT_COLUMNS: &str = "d.docno, d.shown_under, d.source, c.short, c.name, n.kind, n.native, \
    a.origin, a.native, b.json";

/// What is joined to `documents d` for them. A document that is gone has no body.
pub(crate) const DOCUMENT_JOINS: &str = "LEFT JOIN bodies b ON b.docno = d.docno
    LEFT JOIN nodes n ON n.id = d.node
    LEFT JOIN clauses a ON a.id = d.audience
    LEFT JOIN containers c ON c.source = d.source AND c.native = d.container";

/// Reads a live document from columns that start at `first`.
pub(crate) fn document_of_row(row: &Row<'_>, first: usize) -> Result<StoredDocument> {
    let unreadable = StoreError::Unreadable { what: "document" };
    let stored = row.get_ref(first + 9)?.as_blob().map_err(rusqlite::Error::from)?;
    let json = lz4_flex::decompress_size_prepended(stored).map_err(|_| unreadable)?;
    let read: Read = serde_json::from_slice(&json).map_err(|_| StoreError::Unreadable { what: "document" })?;
    let node = NodeKey::new(NodeKind::of_number(row.get(first + 5)?)?, row.get::<_, String>(first + 6)?);
    let audience = match row.get::<_, Option<i64>>(first + 7)? {
        Some(origin) => Some(ClauseKey::new(Origin::of_number(origin)?, row.get::<_, String>(first + 8)?)),
        None => None,
    };
    // A container that was not listed yet has no name but its id.
    let named =
        |at: usize| Ok::<_, StoreError>(row.get::<_, Option<String>>(at)?.unwrap_or_else(|| read.container.0.clone()));
    let (container_key, container_name) = (named(first + 3)?, named(first + 4)?);
    let Read { key, parent, container, title, issue_key, url, body, facts, created, updated, version } = read;
    Ok(StoredDocument {
        docno: DocNo(row.get(first)?),
        group: DocNo(row.get(first + 1)?),
        source: SourceId(row.get(first + 2)?),
        container_key,
        container_name,
        document: Document {
            key,
            node,
            audience,
            parent,
            container,
            title,
            issue_key,
            url,
            body,
            facts,
            created,
            updated,
            version,
        },
    })
}
