//! Spaces and projects: their names, and whether their documents are in scope.

use super::batch::Batch;
use super::documents::{STANDING_COLUMNS, Standing};
use crate::code::Code;
use crate::error::Result;
use model::{Container, RunId};
use rusqlite::{OptionalExtension, params};

impl Batch<'_> {
    /// Takes a container that is in scope. What was hidden with it is shown again; a new name reaches its documents.
    pub(super) fn put_container(&mut self, container: &Container, run: RunId) -> Result<()> {
        let native = &container.key.0;
        let mut statement =
            self.sql.prepare_cached("SELECT short, name, outside FROM containers WHERE source = ?1 AND native = ?2")?;
        let before: Option<(String, String, bool)> = statement
            .query_row(params![self.source.0, native], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        self.sql
            .prepare_cached(
                "INSERT INTO containers (source, native, kind, short, name, archived, url, seen_run, outside)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)
                 ON CONFLICT (source, native) DO UPDATE SET kind = excluded.kind, short = excluded.short,
                     name = excluded.name, archived = excluded.archived, url = excluded.url,
                     seen_run = excluded.seen_run, outside = 0",
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
        if before.is_some_and(|(.., outside)| outside) {
            self.tell_documents_of(native)?;
        }
        Ok(())
    }

    /// Hides the documents of containers that the complete listing of `run` did not name.
    pub(super) fn leave_scope(&mut self, run: RunId) -> Result<()> {
        let mut statement = self.sql.prepare_cached(
            "UPDATE containers SET outside = 1 WHERE source = ?1 AND seen_run <> ?2 AND outside = 0 RETURNING native",
        )?;
        let left: Vec<String> =
            statement.query_map(params![self.source.0, run.0], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for native in left {
            self.tell_documents_of(&native)?;
        }
        Ok(())
    }

    pub(super) fn is_outside(&self, native: &str) -> Result<bool> {
        let mut statement =
            self.sql.prepare_cached("SELECT outside FROM containers WHERE source = ?1 AND native = ?2")?;
        Ok(statement.query_row(params![self.source.0, native], |row| row.get(0)).optional()?.unwrap_or(false))
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
