//! Spaces and projects: their names, and whether their documents are in scope.

use super::batch::Batch;
use super::documents::{STANDING_COLUMNS, Standing, outside_cause};
use crate::code::Code;
use crate::error::Result;
use access::Hidden;
use model::{Container, ContainerKey, ContainerKind, RunId, Scope};
use rusqlite::{OptionalExtension, params};

/// The values of the column `outside`.
const IN_SCOPE: i64 = 0;
const LEFT_OUT: i64 = 1;
const VANISHED: i64 = 2;
const PROVED: i64 = 3;

impl Batch<'_> {
    /// Takes a container that is in scope. What was hidden with it is shown again; a new name reaches its documents.
    pub(super) fn put_container(&mut self, container: &Container, run: RunId) -> Result<()> {
        let native = &container.key.0;
        let mut statement =
            self.sql.prepare_cached("SELECT short, name, outside FROM containers WHERE source = ?1 AND native = ?2")?;
        let before: Option<(String, String, i64)> = statement
            .query_row(params![self.source.0, native], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        self.sql
            .prepare_cached(
                "INSERT INTO containers (source, native, kind, short, name, archived, url, seen_run, outside)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)
                 ON CONFLICT (source, native) DO UPDATE SET kind = excluded.kind, short = excluded.short,
                     name = excluded.name, archived = excluded.archived, url = excluded.url,
                     seen_run = excluded.seen_run, outside = 0, missed_run = NULL",
            )?
            .execute(params![
                self.source.0,
                native,
                container.kind.number(),
                container.short,
                container.name,
                container.archived,
                container.url,
                run.0
            ])?;
        let same_name =
            before.as_ref().is_some_and(|(short, name, _)| (short, name) == (&container.short, &container.name));
        if !same_name && self.has_documents(native)? {
            self.put_chore("rename", native)?;
        }
        if before.is_some_and(|(.., outside)| outside != IN_SCOPE) {
            self.tell_documents_of(native)?;
        }
        Ok(())
    }

    /// Hides the documents of containers that the complete listing of `run` did not name. Those that the settings leave out
    /// stay so; what the settings want and two listings in a row did not name is gone, and its documents with it.
    pub(super) fn leave_scope(&mut self, run: RunId, scope: &Scope) -> Result<()> {
        for (container, outside) in self.unnamed(run)? {
            let native = &container.key.0;
            let now = match outside {
                _ if !scope.admits(&container) => LEFT_OUT,
                IN_SCOPE | LEFT_OUT => VANISHED,
                _ => PROVED,
            };
            self.sql
                .prepare_cached(
                    "UPDATE containers SET outside = ?3, missed_run = ?4 WHERE source = ?1 AND native = ?2",
                )?
                .execute(params![self.source.0, native, now, run.0])?;
            if outside_cause(outside) != outside_cause(now) {
                self.tell_documents_of(native)?;
            }
            if now == PROVED && outside != PROVED {
                self.put_chore("vanish", native)?;
            }
        }
        Ok(())
    }

    /// Containers that the complete listing of `run` did not name and that were not judged by it yet.
    fn unnamed(&self, run: RunId) -> Result<Vec<(Container, i64)>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT native, kind, short, name, archived, url, outside FROM containers
             WHERE source = ?1 AND seen_run <> ?2 AND missed_run IS NOT ?2",
        )?;
        let mut rows = statement.query(params![self.source.0, run.0])?;
        let mut unnamed = Vec::new();
        while let Some(row) = rows.next()? {
            let container = Container {
                key: ContainerKey(row.get(0)?),
                kind: ContainerKind::of_number(row.get(1)?)?,
                short: row.get(2)?,
                name: row.get(3)?,
                archived: row.get(4)?,
                url: row.get(5)?,
            };
            unnamed.push((container, row.get(6)?));
        }
        Ok(unnamed)
    }

    /// Notes of up to `limit` documents of a container that has vanished, with numbers above `behind`, that they are gone.
    /// The number of the last one, if there may be more.
    pub(super) fn vanish_slice(&mut self, native: &str, behind: i64, limit: u32) -> Result<Option<i64>> {
        let mut statement = self.sql.prepare_cached(
            "UPDATE documents SET missed_run = coalesce(missed_run, 0), proven_run = coalesce(proven_run, 0)
             WHERE docno IN (
                 SELECT d.docno FROM documents d JOIN containers c ON c.source = d.source AND c.native = d.container
                 WHERE d.source = ?1 AND d.container = ?2 AND d.docno > ?3 AND d.deleted_at IS NULL AND d.spared = 0
                   AND c.outside = ?5
                 ORDER BY d.docno LIMIT ?4)
             RETURNING docno",
        )?;
        let values = params![self.source.0, native, behind, limit, PROVED];
        let docs: Vec<i64> = statement.query_map(values, |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(docs.iter().max().copied().filter(|_| docs.len() == limit as usize))
    }

    pub(super) fn is_outside(&self, native: &str) -> Result<Option<Hidden>> {
        let mut statement =
            self.sql.prepare_cached("SELECT outside FROM containers WHERE source = ?1 AND native = ?2")?;
        let outside = statement.query_row(params![self.source.0, native], |row| row.get(0)).optional()?;
        Ok(outside_cause(outside.unwrap_or(IN_SCOPE)))
    }

    fn has_documents(&self, native: &str) -> Result<bool> {
        let mut statement =
            self.sql.prepare_cached("SELECT 1 FROM documents WHERE source = ?1 AND container = ?2 LIMIT 1")?;
        Ok(statement.exists(params![self.source.0, native])?)
    }

    /// The scope is one flag of the container; the mirrors need every document.
    fn tell_documents_of(&mut self, native: &str) -> Result<()> {
        let mut statement = self.sql.prepare_cached(&format!(
            "SELECT {STANDING_COLUMNS} FROM documents d
             LEFT JOIN containers c ON c.source = d.source AND c.native = d.container
             WHERE d.source = ?1 AND d.container = ?2"
        ))?;
        let mut rows = statement.query(params![self.source.0, native])?;
        while let Some(row) = rows.next()? {
            let standing = Standing::of_row(row)?;
            self.tell_document(standing.doc, standing.entry());
        }
        Ok(())
    }
}
