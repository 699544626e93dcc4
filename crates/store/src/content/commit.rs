//! One batch of one stream: items, problems, counts and checkpoint become durable together (SYN-1).

use super::batch::{Batch, CommitError};
use super::documents::Listing;
use crate::directory_codec;
use crate::error::Result;
use access::SourceDirectory;
use model::Millis;
use rusqlite::{OptionalExtension, params};
use sync::{Commit, Committed, Item};

impl Batch<'_> {
    /// Applies the items in order.
    pub(crate) fn commit(&mut self, commit: &Commit) -> Result<Committed, CommitError> {
        self.require_open(commit.run)?;
        let listing = Listing { run: commit.run, stream: commit.stream, at: commit.at };
        let mut committed = Committed::default();
        let mut problems = commit.problems.clone();
        for item in &commit.items {
            match item {
                Item::Directory(directory) => self.put_directory(directory, commit.at)?,
                Item::Container(container) => self.put_container(container, commit.run)?,
                Item::Clause { key, clause } => self.put_clause(key, clause, commit.at)?,
                Item::Place { node, parent } => self.put_place(node, parent.as_ref())?,
                Item::Layers { node, own, inline } => self.put_layers(node, own, inline, commit.at)?,
                Item::Name { kind, native, name } => self.put_name(*kind, native, name)?,
                Item::Document(document) => {
                    committed.documents += 1;
                    committed.changed += u64::from(self.put_document(document, listing)?);
                }
                Item::Seen { key, version } => {
                    committed.documents += 1;
                    problems.extend(self.see_document(key, version, listing)?);
                }
                Item::ChildrenListed { parent, kind } => {
                    self.judge_children(parent, *kind, &commit.items, listing)?;
                }
                Item::Gone { key } => self.lose_document(key, commit.run)?,
            }
        }
        self.confirm_clauses(commit.at)?;
        self.confirm_nodes(commit.at)?;
        self.confirm_documents(listing)?;
        // A batch that is committed again, because its answer was lost, is counted once.
        if self.put_checkpoint(commit)? {
            self.add_counts(commit.run, committed.documents, committed.changed, commit.calls)?;
            self.put_stream_problems(commit.run, commit.stream, &problems, commit.at)?;
            self.end_stream(commit)?;
        }
        committed.sequence = self.last_sequence();
        Ok(committed)
    }

    fn is_restored(&self) -> Result<bool> {
        Ok(self.sql.prepare_cached("SELECT 1 FROM restored WHERE source = ?1")?.exists(params![self.source.0])?)
    }

    /// Puts the directory of a source in force that came from a backup and has been read as a whole now.
    pub(super) fn believe(&mut self) -> Result<()> {
        let gate = "DELETE FROM restored WHERE source = ?1";
        if self.sql.prepare_cached(gate)?.execute(params![self.source.0])? == 0 {
            return Ok(());
        }
        let mut statement =
            self.sql.prepare_cached("SELECT content FROM directories WHERE source = ?1 AND stale = 0")?;
        let stored: Option<Vec<u8>> = statement.query_row(params![self.source.0], |row| row.get(0)).optional()?;
        if let Some(stored) = stored {
            self.tell_directory(Some(directory_codec::of_bytes(&stored)?));
        }
        Ok(())
    }

    fn put_directory(&mut self, directory: &SourceDirectory, at: Millis) -> Result<()> {
        let bytes = directory_codec::to_bytes(directory);
        let mut statement = self.sql.prepare_cached("SELECT content, stale FROM directories WHERE source = ?1")?;
        let before: Option<(Vec<u8>, bool)> =
            statement.query_row(params![self.source.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let known = before.is_some_and(|(before, stale)| before == bytes && !stale);
        self.sql
            .prepare_cached(
                "INSERT INTO directories (source, content, read_at, stale) VALUES (?1, ?2, ?3, 0)
                 ON CONFLICT (source) DO UPDATE SET
                     content = excluded.content, read_at = excluded.read_at, stale = 0",
            )?
            .execute(params![self.source.0, bytes, at.0])?;
        if !known && !self.is_restored()? {
            self.tell_directory(Some(directory.clone()));
        }
        Ok(())
    }
}
