//! What a batch says about documents without their text: still there, gone, or missing below one that was read whole.

use super::batch::Batch;
use super::documents::{Listing, STANDING_COLUMNS, Standing};
use super::sweep::Below;
use crate::code::Code;
use crate::error::Result;
use access::NodeId;
use access::mutants::off;
use model::{DocumentKey, Kind, NodeKind, Problem, ProblemKind, RunId, Target};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;
use sync::Item;

/// Documents with their containers, of one source.
const FROM: &str = "FROM documents d LEFT JOIN containers c ON c.source = d.source AND c.native = d.container
    WHERE d.source = ?1";

impl Batch<'_> {
    /// Takes a document that was listed in the version that is stored. The problem, if it is stored in another.
    pub(super) fn see_document(
        &mut self,
        key: &DocumentKey,
        version: &str,
        listing: Listing,
    ) -> Result<Option<Problem>> {
        let Some((mut standing, stored)) = self.standing_and_version(key)? else {
            return Ok(Some(unstored(key, "is not stored any more")));
        };
        if standing.deleted {
            // Its text is still there, unless it was dropped for good.
            if stored != version {
                return Ok(Some(unstored(key, "is not stored any more")));
            }
            standing = self.revive_document(standing)?;
        }
        // Comments and files went missing with their issue, and are told of by the whole issue only.
        let without_parts = key.kind == Kind::Issue && standing.missed_run.is_some() && !off("store.issue-comes-back");
        self.seen_documents.push(standing.doc);
        if stored == version && key.kind == Kind::Issue {
            self.confirm_issue(standing.node)?;
            self.see_below(key, listing)?;
        }
        if standing.missed_run.is_some() {
            self.tell_document(standing.doc, Standing { missed_run: None, ..standing }.entry());
            // Together with the others at the end of the batch, but before another item of it asks.
            self.confirm_documents(listing)?;
        }
        let changed = (stored != version).then(|| unstored(key, "has changed meanwhile"));
        Ok(changed.or_else(|| without_parts.then(|| unstored(key, "was missing with what hangs on it"))))
    }

    /// The source has nothing under this id: hidden at once with all that hangs on it, and proved to be gone.
    pub(super) fn lose_document(&mut self, key: &DocumentKey, run: RunId) -> Result<()> {
        let Some((standing, _)) = self.standing_and_version(key)?.filter(|(standing, _)| !standing.deleted) else {
            return Ok(());
        };
        // The last word of a batch counts.
        self.seen_documents.retain(|doc| *doc != standing.doc);
        self.sql
            .prepare_cached(
                "UPDATE documents SET missed_run = coalesce(missed_run, ?2),
                     proven_run = iif(spared = 1, NULL, coalesce(proven_run, ?2)) WHERE docno = ?1",
            )?
            .execute(params![standing.doc.0, run.0])?;
        if standing.missed_run.is_none() {
            self.tell_document(standing.doc, Standing { missed_run: Some(run.0), ..standing }.entry());
        }
        self.hide_below(standing.doc, Below::Everything, run)
    }

    /// Judges what is stored below `parent` but does not stand in the batch, as at the end of a complete listing.
    pub(super) fn judge_children(
        &mut self,
        parent: &DocumentKey,
        kind: Kind,
        items: &[Item],
        listing: Listing,
    ) -> Result<()> {
        let listed = items.iter().filter_map(|item| match item {
            Item::Document(document) => Some(&document.key),
            Item::Seen { key, .. } => Some(key),
            _ => None,
        });
        let listed: BTreeSet<&str> = listed.filter(|key| key.kind == kind).map(|key| key.native.as_str()).collect();
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {STANDING_COLUMNS}, d.native {FROM} AND d.parent_kind = ?2 AND d.parent_native = ?3
                 AND d.kind = ?4 AND d.stream = ?5 AND d.deleted_at IS NULL AND coalesce(d.missed_run, 0) <> ?6"
        ))?;
        let values = params![
            self.source.0,
            parent.kind.number(),
            parent.native,
            kind.number(),
            listing.stream.code(),
            listing.run.0
        ];
        let below: Vec<(Standing, String)> = statement
            .query_map(values, |row| Ok((Standing::of_row(row)?, row.get(6)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (standing, _) in below.into_iter().filter(|(_, native)| !listed.contains(native.as_str())) {
            self.miss_document(standing, listing.run)?;
        }
        Ok(())
    }

    /// Comments and files are parts of their issue: an unchanged issue has the same ones. Those found missing stay so.
    fn see_below(&mut self, issue: &DocumentKey, listing: Listing) -> Result<()> {
        let mut statement = self.sql.prepare_cached(
            "SELECT docno FROM documents WHERE source = ?1 AND parent_kind = ?2 AND parent_native = ?3 AND stream = ?4
                 AND deleted_at IS NULL AND missed_run IS NULL",
        )?;
        let values = params![self.source.0, issue.kind.number(), issue.native, listing.stream.code()];
        let below = statement.query_map(values, |row| row.get(0).map(access::DocNo))?;
        self.seen_documents.extend(below.collect::<rusqlite::Result<Vec<_>>>()?);
        Ok(())
    }

    /// An issue's own layers are fields of it: an unchanged issue has unchanged layers.
    fn confirm_issue(&mut self, node: NodeId) -> Result<()> {
        let mut statement =
            self.sql.prepare_cached("UPDATE nodes SET stale = 0 WHERE id = ?1 AND kind = ?2 AND stale = 1")?;
        if statement.execute(params![node.0, NodeKind::Issue.number()])? > 0 {
            self.dirty.insert(node);
        }
        self.confirmed_nodes.push(node);
        Ok(())
    }

    fn standing_and_version(&self, key: &DocumentKey) -> Result<Option<(Standing, String)>> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {STANDING_COLUMNS}, d.version {FROM} AND d.kind = ?2 AND d.native = ?3"
        ))?;
        let values = params![self.source.0, key.kind.number(), key.native];
        let found = statement.query_row(values, |row| Ok((Standing::of_row(row)?, row.get(6)?)));
        Ok(found.optional()?)
    }
}

fn unstored(key: &DocumentKey, what: &str) -> Problem {
    let item = format!("{} {}", key.kind, key.native);
    let reason = format!("it was listed as stored, but {what}; the next run reads it");
    Problem::new(ProblemKind::Record, item, reason).about(Target::Document(key.clone()))
}
