//! Work too long for one transaction: a new name for thousands of documents, the removal of a source.
//!
//! Outstanding work is a row, each slice is a transaction that moves the row on, and a restart goes on where it stood.

use super::Content;
use super::batch::Batch;
use super::documents::Standing;
use crate::StoreError;
use crate::error::Result;
use access::{DocNo, SourceId};
use model::Millis;
use rusqlite::{OptionalExtension, params};

/// Documents of one slice: well under 50 ms.
const SLICE: u32 = 500;

struct Chore {
    source: SourceId,
    kind: String,
    target: String,
    behind: i64,
}

/// Does one slice of the first outstanding chore. True if there may be more to do.
pub(crate) fn slice(content: &mut Content) -> Result<bool> {
    let mut statement = content.sql().prepare_cached("SELECT source, kind, target, behind FROM chores LIMIT 1")?;
    let found = statement.query_row([], |row| {
        Ok(Chore { source: SourceId(row.get(0)?), kind: row.get(1)?, target: row.get(2)?, behind: row.get(3)? })
    });
    let found = found.optional()?;
    drop(statement);
    let Some(chore) = found else { return Ok(false) };
    content.transact(chore.source, |batch| match chore.kind.as_str() {
        "rename" => batch.rename_slice(&chore),
        "carry" => batch.carry_chore(&chore),
        "vanish" => batch.vanish_chore(&chore),
        "purge" => batch.purge_slice(&chore),
        _ => Err(StoreError::Unreadable { what: "chore" }),
    })?;
    Ok(true)
}

impl Batch<'_> {
    /// Asks for work on a target of the source, from the start.
    pub(super) fn put_chore(&mut self, kind: &str, target: &str) -> Result<()> {
        self.sql
            .prepare_cached(
                "INSERT INTO chores (source, kind, target, behind) VALUES (?1, ?2, ?3, -1)
                 ON CONFLICT (source, kind, target) DO UPDATE SET behind = -1",
            )?
            .execute(params![self.source.0, kind, target])?;
        self.chores = true;
        Ok(())
    }

    fn end_chore(&mut self, chore: &Chore) -> Result<()> {
        self.sql
            .prepare_cached("DELETE FROM chores WHERE source = ? AND kind = ? AND target = ?")?
            .execute(params![chore.source.0, chore.kind, chore.target])?;
        Ok(())
    }

    /// Documents carry the name of their container in the text index.
    fn rename_slice(&mut self, chore: &Chore) -> Result<()> {
        let mut statement = self.sql.prepare_cached(
            "SELECT docno FROM documents WHERE source = ? AND container = ? AND docno > ? AND deleted_at IS NULL
             ORDER BY docno LIMIT ?",
        )?;
        let values = params![chore.source.0, chore.target, chore.behind, SLICE];
        let docs: Vec<u32> = statement.query_map(values, |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for doc in &docs {
            self.rewrite(DocNo(*doc))?;
        }
        let Some(last) = docs.last().filter(|_| docs.len() == SLICE as usize) else { return self.end_chore(chore) };
        self.move_chore(chore, i64::from(*last))
    }

    /// Comments and files lie where the page or issue above them lies.
    fn carry_chore(&mut self, chore: &Chore) -> Result<()> {
        match self.carry_slice(&chore.target, chore.behind, SLICE)? {
            Some(last) => self.move_chore(chore, last),
            None => self.end_chore(chore),
        }
    }

    /// With a space or project go its documents.
    fn vanish_chore(&mut self, chore: &Chore) -> Result<()> {
        match self.vanish_slice(&chore.target, chore.behind, SLICE)? {
            Some(last) => self.move_chore(chore, last),
            None => self.end_chore(chore),
        }
    }

    fn move_chore(&mut self, chore: &Chore, last: i64) -> Result<()> {
        self.sql
            .prepare_cached("UPDATE chores SET behind = ?4 WHERE source = ?1 AND kind = ?2 AND target = ?3")?
            .execute(params![chore.source.0, chore.kind, chore.target, last])?;
        Ok(())
    }

    /// Forgets a source at once and removes its rows in slices. Its numbers stay taken.
    pub(crate) fn begin_purge(&mut self, at: Millis) -> Result<()> {
        self.sql.execute("DELETE FROM directories WHERE source = ?1", params![self.source.0])?;
        self.sql.execute(
            "UPDATE runs SET status = 'cancelled', ended = ?2, reason = 'the source was removed'
             WHERE source = ?1 AND status IN ('queued', 'running', 'cancelling')",
            params![self.source.0, at.0],
        )?;
        self.sql.execute("DELETE FROM restored WHERE source = ?1", params![self.source.0])?;
        self.sql.execute("DELETE FROM chores WHERE source = ?1", params![self.source.0])?;
        self.sql.execute("DELETE FROM stopped_deletions WHERE source = ?1", params![self.source.0])?;
        self.sql.execute("DELETE FROM owed WHERE source = ?1", params![self.source.0])?;
        self.tell_directory(None);
        self.put_chore("purge", "")
    }

    fn purge_slice(&mut self, chore: &Chore) -> Result<()> {
        let mut statement = self.sql.prepare_cached(
            "DELETE FROM documents WHERE docno IN (SELECT docno FROM documents WHERE source = ?1 LIMIT ?2)
             RETURNING docno, node, audience, 1, 0, missed_run",
        )?;
        let gone: Vec<Standing> =
            statement.query_map(params![chore.source.0, SLICE], Standing::of_row)?.collect::<rusqlite::Result<_>>()?;
        for standing in &gone {
            self.sql.prepare_cached("DELETE FROM bodies WHERE docno = ?1")?.execute(params![standing.doc.0])?;
            self.put_outbox(standing.doc, true)?;
            self.tell_document(standing.doc, standing.entry());
        }
        if gone.is_empty() && self.purge_rest(chore.source)? == 0 {
            self.end_chore(chore)?;
        }
        Ok(())
    }

    /// Everything but documents, a slice of one table at a time. The number of rows removed.
    fn purge_rest(&mut self, source: SourceId) -> Result<usize> {
        for statement in [
            "DELETE FROM nodes WHERE id IN (SELECT id FROM nodes WHERE source = ?1 LIMIT ?2)",
            "DELETE FROM acls WHERE id IN (SELECT id FROM acls WHERE source = ?1 LIMIT ?2)",
            "DELETE FROM clauses WHERE id IN (SELECT id FROM clauses WHERE source = ?1 LIMIT ?2)",
            "DELETE FROM containers WHERE (source, native) IN
                 (SELECT source, native FROM containers WHERE source = ?1 LIMIT ?2)",
            "DELETE FROM problems WHERE id IN (SELECT id FROM problems WHERE source = ?1 LIMIT ?2)",
            "DELETE FROM checkpoints WHERE (run, stream) IN
                 (SELECT run, stream FROM checkpoints JOIN runs ON runs.id = run WHERE source = ?1 LIMIT ?2)",
            "DELETE FROM names WHERE (source, kind, native) IN
                 (SELECT source, kind, native FROM names WHERE source = ?1 LIMIT ?2)",
            "DELETE FROM watermarks WHERE (source, stream) IN
                 (SELECT source, stream FROM watermarks WHERE source = ?1 LIMIT ?2)",
            "DELETE FROM runs WHERE id IN (SELECT id FROM runs WHERE source = ?1 LIMIT ?2)",
        ] {
            let removed = self.sql.prepare_cached(statement)?.execute(params![source.0, SLICE])?;
            if removed > 0 {
                return Ok(removed);
            }
        }
        Ok(0)
    }
}

/// Whether work on a source is outstanding.
pub(crate) fn outstanding(sql: &rusqlite::Connection, source: SourceId) -> Result<bool> {
    Ok(sql.prepare_cached("SELECT 1 FROM chores WHERE source = ?1")?.exists(params![source.0])?)
}
