//! What comments and files take over from the page or issue above them: its container, and a comment its title.
//!
//! They are not read again when that changes at the source, for nothing about themselves has changed.

use super::batch::Batch;
use super::documents::{Standing, outside_cause};
use super::stored::{DOCUMENT_COLUMNS, DOCUMENT_JOINS, Packed, document_of_row};
use crate::StoreError;
use crate::code::Code;
use crate::error::Result;
use access::{ClauseId, DocNo, NodeId};
use model::{Document, DocumentKey, Kind};
use rusqlite::{OptionalExtension, params};

/// A document below, and what decides about it.
struct Below {
    document: Document,
    standing: Standing,
}

/// The target of the chore that carries what has changed of a document to those below it.
pub(super) fn target(key: &DocumentKey) -> String {
    format!("{}/{}", key.kind.number(), key.native)
}

fn key_of(target: &str) -> Result<DocumentKey> {
    let unreadable = || StoreError::Unreadable { what: "chore" };
    let (kind, native) = target.split_once('/').ok_or_else(unreadable)?;
    Ok(DocumentKey::new(Kind::of_number(kind.parse().map_err(|_| unreadable())?)?, native))
}

impl Batch<'_> {
    /// Carries container and title of the document named by `above` to up to `limit` documents below it with numbers
    /// above `behind`. The number of the last one, if there may be more.
    pub(super) fn carry_slice(&mut self, above: &str, behind: i64, limit: u32) -> Result<Option<i64>> {
        let key = key_of(above)?;
        let mut statement = self
            .sql
            .prepare_cached("SELECT container, title FROM documents WHERE source = ? AND kind = ? AND native = ?")?;
        let values = params![self.source.0, key.kind.number(), key.native];
        let found: Option<(String, String)> =
            statement.query_row(values, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((container, title)) = found else { return Ok(None) };
        let below = self.below(&key, behind, limit)?;
        let last = below.last().map(|each| i64::from(each.standing.doc.0));
        let full = below.len() == limit as usize;
        let outside = self.is_outside(&container)?;
        for Below { mut document, standing } in below {
            let moved = document.container.0 != container;
            document.container.0.clone_from(&container);
            if document.key.kind == Kind::Comment {
                document.title.clone_from(&title);
            }
            self.write_carried(&document, standing.doc, standing.deleted)?;
            if moved {
                self.tell_document(standing.doc, Standing { outside, ..standing }.entry());
            }
        }
        Ok(last.filter(|_| full))
    }

    fn below(&self, above: &DocumentKey, behind: i64, limit: u32) -> Result<Vec<Below>> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT d.docno, d.node, d.audience, d.deleted_at IS NOT NULL, coalesce(c.outside, 0), d.missed_run,
                 {DOCUMENT_COLUMNS} FROM documents d {DOCUMENT_JOINS}
             WHERE d.source = ?1 AND d.parent_kind = ?2 AND d.parent_native = ?3 AND d.docno > ?4
               AND b.json IS NOT NULL ORDER BY d.docno LIMIT ?5"
        ))?;
        let mut rows = statement.query(params![self.source.0, above.kind.number(), above.native, behind, limit])?;
        let mut below = Vec::new();
        while let Some(row) = rows.next()? {
            let standing = Standing {
                doc: DocNo(row.get(0)?),
                node: NodeId(row.get(1)?),
                audience: row.get::<_, Option<u32>>(2)?.map(ClauseId),
                deleted: row.get(3)?,
                outside: outside_cause(row.get(4)?),
                missed_run: row.get(5)?,
            };
            below.push(Below { document: document_of_row(row, 6)?.document, standing });
        }
        Ok(below)
    }

    fn write_carried(&mut self, document: &Document, doc: DocNo, deleted: bool) -> Result<()> {
        let packed = Packed::new(document)?;
        let changed = self
            .sql
            .prepare_cached(
                "UPDATE documents SET container = ?2, title = ?3, hash = ?4 WHERE docno = ?1 AND hash <> ?4",
            )?
            .execute(params![doc.0, document.container.0, document.title, packed.hash])?;
        if changed > 0 {
            self.put_body(doc, &packed)?;
            // The index holds nothing of what is deleted.
            if !deleted {
                self.rewrite(doc)?;
            }
        }
        Ok(())
    }
}
