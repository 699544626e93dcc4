//! The end of a complete listing: absence hides at once, only a second absence in a row proves (SYN-3).

use super::batch::{Batch, json_list};
use super::documents::{STANDING_COLUMNS, Standing};
use super::owed::UNREAD;
use crate::error::Result;
use access::mutants::off;
use access::{DocNo, SourceId};
use model::{RunId, Scope};
use rusqlite::{Connection, params};
use sync::{Stream, Swept};

/// Documents that this run's listing of `stream` did not name, behind `after`.
///
/// Documents of containers that this run did not list are left out: nothing was asked about them. So are those that it
/// could not read.
fn missed() -> String {
    format!(
        "d.source = ?1 AND d.stream = ?2 AND d.seen_run <> ?3 AND d.deleted_at IS NULL
         AND coalesce(d.missed_run, 0) <> ?3 AND coalesce(c.outside, 0) = 0 AND coalesce(c.seen_run, ?3) = ?3
         AND NOT {UNREAD}"
    )
}

/// Finds the documents to judge, on a reading connection: the search may be long, the writer must not wait for it.
pub(crate) fn candidates(
    sql: &Connection,
    (source, run, stream): (SourceId, RunId, Stream),
    after: Option<DocNo>,
    limit: u32,
) -> Result<Vec<DocNo>> {
    let mut statement = sql.prepare_cached(&format!(
        "SELECT d.docno FROM documents d LEFT JOIN containers c ON c.source = d.source AND c.native = d.container
         WHERE {} AND d.docno > ?4 ORDER BY d.docno LIMIT ?5",
        missed()
    ))?;
    let behind = after.map_or(-1, |doc| i64::from(doc.0));
    let found = statement.query_map(params![source.0, stream.code(), run.0, behind, limit], |row| row.get(0))?;
    Ok(found.map(|doc| doc.map(DocNo)).collect::<rusqlite::Result<_>>()?)
}

/// What of the comments and files below a document is hidden with it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Below {
    /// What has a listing of its own. What is listed with its issue is judged with it, in the same sweep.
    OwnListing,
    /// All of it: no listing may come that judges it.
    Everything,
}

impl Batch<'_> {
    /// Judges documents found by [`candidates`]; whatever was listed meanwhile is left alone.
    pub(crate) fn sweep_documents(&mut self, docs: &[DocNo], run: RunId, stream: Stream) -> Result<Swept> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {STANDING_COLUMNS} FROM json_each(?4) j CROSS JOIN documents d ON d.docno = j.value
             LEFT JOIN containers c ON c.source = d.source AND c.native = d.container WHERE {}",
            missed()
        ))?;
        let list = json_list(docs.iter().map(|doc| doc.0));
        let missed: Vec<Standing> = statement
            .query_map(params![self.source.0, stream.code(), run.0, list], Standing::of_row)?
            .collect::<rusqlite::Result<_>>()?;
        let mut swept = Swept::default();
        for standing in missed {
            if self.miss_document(standing, run)? {
                swept.proven += 1;
            } else {
                swept.unconfirmed += 1;
            }
        }
        Ok(swept)
    }

    /// A live document was missing where it should have been listed: the first time it is hidden, the second time in a
    /// row that proves that it is gone. True if it is proved.
    pub(super) fn miss_document(&mut self, standing: Standing, run: RunId) -> Result<bool> {
        self.sql
            .prepare_cached(
                "UPDATE documents SET missed_run = ?2,
                     proven_run = iif(missed_run IS NULL AND ?3 OR spared = 1, proven_run, coalesce(proven_run, ?2))
                 WHERE docno = ?1",
            )?
            .execute(params![standing.doc.0, run.0, !off("store.two-listings")])?;
        self.hide_below(standing.doc, Below::OwnListing, run)?;
        if standing.missed_run.is_some() {
            return Ok(true);
        }
        self.tell_document(standing.doc, Standing { missed_run: Some(run.0), ..standing }.entry());
        Ok(false)
    }

    /// Comments and files are hidden with what they hang on: a listing of the whole site may still name those of a page that
    /// was archived, or that the account may not see any more. Hiding proves nothing of them.
    pub(super) fn hide_below(&mut self, above: DocNo, which: Below, run: RunId) -> Result<()> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {STANDING_COLUMNS} FROM documents p CROSS JOIN documents d
                 ON d.source = p.source AND d.parent_kind = p.kind AND d.parent_native = p.native
             LEFT JOIN containers c ON c.source = d.source AND c.native = d.container
             WHERE p.docno = ?1 AND (?2 OR d.stream <> p.stream) AND d.deleted_at IS NULL AND d.missed_run IS NULL"
        ))?;
        let values = params![above.0, which == Below::Everything];
        let below: Vec<Standing> = statement.query_map(values, Standing::of_row)?.collect::<rusqlite::Result<_>>()?;
        for standing in below {
            // Seen with its issue, which the same batch takes back.
            self.seen_documents.retain(|doc| *doc != standing.doc);
            self.sql
                .prepare_cached("UPDATE documents SET missed_run = ?2 WHERE docno = ?1")?
                .execute(params![standing.doc.0, run.0])?;
            self.tell_document(standing.doc, Standing { missed_run: Some(run.0), ..standing }.entry());
        }
        Ok(())
    }

    /// Judges the containers.
    pub(crate) fn sweep_containers(&mut self, run: RunId, scope: &Scope) -> Result<()> {
        self.leave_scope(run, scope)
    }
}
