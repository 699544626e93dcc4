//! Documents as rows: found by source, kind and native id (STO-4), with a number that is never reused (STO-1).

use super::batch::{Batch, json_list};
use super::carry;
use super::stored::Packed;
use crate::code::Code;
use crate::error::Result;
use access::mutants::off;
use access::{ClauseId, DocNo, DocumentEntry, Hidden, NodeId};
use model::{Document, DocumentKey, Kind, Millis, RunId};
use rusqlite::{OptionalExtension, Row, params};
use sync::Stream;

/// What decides about a document apart from its text.
#[derive(Clone, Copy)]
pub(super) struct Standing {
    pub(super) doc: DocNo,
    pub(super) node: NodeId,
    pub(super) audience: Option<ClauseId>,
    pub(super) deleted: bool,
    /// Why its container was not in the last complete listing, if so.
    pub(super) outside: Option<Hidden>,
    /// The run whose complete listing missed it first.
    pub(super) missed_run: Option<i64>,
}

/// What the column `outside` of a container means for its documents.
pub(super) fn outside_cause(outside: i64) -> Option<Hidden> {
    match outside {
        0 => None,
        _ if off("store.outside-hides") => None,
        1 => Some(Hidden::OutOfScope),
        _ => Some(Hidden::Unconfirmed),
    }
}

/// The columns that [`Standing::of_row`] reads, of `documents d` left-joined with its container `c`.
pub(super) const STANDING_COLUMNS: &str =
    "d.docno, d.node, d.audience, d.deleted_at IS NOT NULL, coalesce(c.outside, 0), d.missed_run";

impl Standing {
    pub(super) fn of_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            doc: DocNo(row.get(0)?),
            node: NodeId(row.get(1)?),
            audience: row.get::<_, Option<u32>>(2)?.map(ClauseId),
            deleted: row.get(3)?,
            outside: outside_cause(row.get(4)?),
            missed_run: row.get(5)?,
        })
    }

    /// The gravest cause wins: it is what an administrator has to mend first.
    pub(super) fn entry(&self) -> DocumentEntry {
        let missed = || self.missed_run.filter(|_| !off("store.absence-hides")).map(|_| Hidden::Unconfirmed);
        let own = || self.outside.or_else(missed);
        let hidden = if self.deleted { Some(Hidden::Deleted) } else { own() };
        DocumentEntry { node: self.node, audience: self.audience, hidden }
    }
}

/// The stored row that a document read is compared with.
struct Stored {
    standing: Standing,
    hash: Vec<u8>,
    container: String,
    stream: String,
    title: String,
}

/// Where a document was listed.
#[derive(Clone, Copy)]
pub(super) struct Listing {
    pub(super) run: RunId,
    pub(super) stream: Stream,
    pub(super) at: Millis,
}

impl Batch<'_> {
    /// Takes a document. True if its text, facts or place were new.
    pub(super) fn put_document(&mut self, document: &Document, listing: Listing) -> Result<bool> {
        let packed = Packed::new(document)?;
        let node = self.node_id(&document.node)?;
        let audience = document.audience.as_ref().map(|key| self.clause_id_or_unknown(key, listing.at)).transpose()?;
        let Some(stored) = self.stored(&document.key)? else {
            self.insert_document(document, &packed, (node, audience), listing)?;
            return Ok(true);
        };
        let before = stored.standing;
        let rewritten = before.deleted || stored.hash != packed.hash;
        let moved = before.node != node || before.audience != audience || stored.container != document.container.0;
        let shown_again = before.deleted || before.missed_run.is_some();
        if !rewritten && !moved && !shown_again && stored.stream == listing.stream.code() {
            self.seen_documents.push(before.doc);
            return Ok(false);
        }
        let outside = self.is_outside(&document.container.0)?;
        let after = Standing { node, audience, deleted: false, outside, missed_run: None, ..before };
        self.write_document(document, &packed, after, listing)?;
        if rewritten {
            self.put_body(before.doc, &packed)?;
            self.rewrite(before.doc)?;
        }
        if moved || shown_again {
            self.tell_document(before.doc, after.entry());
        }
        let carried = stored.container != document.container.0 || stored.title != document.title;
        if carried && document.parent.is_none() {
            self.put_chore("carry", &carry::target(&document.key))?;
        }
        Ok(rewritten || moved)
    }

    fn stored(&self, key: &DocumentKey) -> Result<Option<Stored>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT docno, node, audience, deleted_at IS NOT NULL, 0, missed_run, hash, container, stream, title
             FROM documents WHERE source = ? AND kind = ? AND native = ?",
        )?;
        let found = statement.query_row(params![self.source.0, key.kind.number(), key.native], |row| {
            let standing = Standing::of_row(row)?;
            Ok(Stored { standing, hash: row.get(6)?, container: row.get(7)?, stream: row.get(8)?, title: row.get(9)? })
        });
        Ok(found.optional()?)
    }

    fn insert_document(
        &mut self,
        document: &Document,
        packed: &Packed,
        (node, audience): (NodeId, Option<ClauseId>),
        listing: Listing,
    ) -> Result<()> {
        let doc = self.next_document()?;
        let outside = self.is_outside(&document.container.0)?;
        let standing = Standing { doc, node, audience, deleted: false, outside, missed_run: None };
        self.write_document(document, packed, standing, listing)?;
        self.put_body(doc, packed)?;
        self.put_outbox(doc, false)?;
        self.tell_document(doc, standing.entry());
        if document.key.kind != Kind::Comment {
            self.adopt(&document.key, doc)?;
        }
        Ok(())
    }

    /// The whole row, new or in place of the one before.
    fn write_document(
        &mut self,
        document: &Document,
        packed: &Packed,
        standing: Standing,
        listing: Listing,
    ) -> Result<()> {
        let parent = document.parent.as_ref();
        let shown_under = parent.map(|parent| self.docno(parent)).transpose()?.flatten().unwrap_or(standing.doc);
        self.sql
            .prepare_cached(
                "INSERT INTO documents (docno, source, kind, native, node, audience, parent_kind, parent_native,
                     shown_under, container, stream, seen_run, hash, version, title, url, updated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
                 ON CONFLICT (docno) DO UPDATE SET node = ?5, audience = ?6, parent_kind = ?7, parent_native = ?8,
                     shown_under = ?9, container = ?10, stream = ?11, seen_run = ?12, missed_run = NULL,
                     proven_run = NULL, spared = 0, deleted_at = NULL, hash = ?13, version = ?14, title = ?15, url = ?16, updated = ?17",
            )?
            .execute(params![
                standing.doc.0,
                self.source.0,
                document.key.kind.number(),
                document.key.native,
                standing.node.0,
                standing.audience.map(|audience| audience.0),
                parent.map(|parent| parent.kind.number()),
                parent.map(|parent| parent.native.as_str()),
                shown_under.0,
                document.container.0,
                listing.stream.code(),
                listing.run.0,
                packed.hash,
                document.version,
                document.title,
                document.url,
                document.updated.0,
            ])?;
        Ok(())
    }

    pub(super) fn put_body(&mut self, doc: DocNo, packed: &Packed) -> Result<()> {
        self.sql
            .prepare_cached(
                "INSERT INTO bodies (docno, json) VALUES (?1, ?2) ON CONFLICT (docno) DO UPDATE SET json = excluded.json",
            )?
            .execute(params![doc.0, packed.compressed()])?;
        Ok(())
    }

    fn docno(&self, key: &DocumentKey) -> Result<Option<DocNo>> {
        let mut statement =
            self.sql.prepare_cached("SELECT docno FROM documents WHERE source = ? AND kind = ? AND native = ?")?;
        let found = statement.query_row(params![self.source.0, key.kind.number(), key.native], |row| row.get(0));
        Ok(found.optional()?.map(DocNo))
    }

    /// Shows comments and attachments that came first under their page or issue.
    fn adopt(&mut self, parent: &DocumentKey, doc: DocNo) -> Result<()> {
        let mut statement = self.sql.prepare_cached(
            "UPDATE documents SET shown_under = ?4
             WHERE source = ?1 AND parent_kind = ?2 AND parent_native = ?3 AND shown_under = docno AND docno <> ?4
             RETURNING docno, deleted_at IS NOT NULL",
        )?;
        let values = params![self.source.0, parent.kind.number(), parent.native, doc.0];
        let alone: Vec<(u32, bool)> =
            statement.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        for (child, deleted) in alone {
            if !deleted {
                self.rewrite(DocNo(child))?;
            }
        }
        Ok(())
    }

    /// Notes that unchanged documents were listed by this run.
    pub(super) fn confirm_documents(&mut self, listing: Listing) -> Result<()> {
        if self.seen_documents.is_empty() {
            return Ok(());
        }
        let docs = json_list(self.seen_documents.drain(..).map(|doc| doc.0));
        self.sql
            .prepare_cached(
                "UPDATE documents SET seen_run = ?1, stream = ?3, missed_run = NULL, proven_run = NULL, spared = 0
                 WHERE docno IN (SELECT value FROM json_each(?2))",
            )?
            .execute(params![listing.run.0, docs, listing.stream.code()])?;
        Ok(())
    }
}
