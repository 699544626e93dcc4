//! What went wrong in a run: one row per thing, with the number of attempts; and what of it still holds of the source.

use super::batch::Batch;
use crate::StoreError;
use crate::error::Result;
use access::SourceId;
use model::{Millis, Problem, ProblemKind, RunId};
use rusqlite::{Connection, Rows, params};
use sync::{Commit, Reading, Stream};

/// A problem as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredProblem {
    /// Its number, rising; the place to page on from.
    pub id: i64,
    /// What happened, to which thing.
    pub problem: Problem,
    /// How often it happened in this run.
    pub attempts: u32,
    /// When it first happened.
    pub first_at: Millis,
    /// When it last happened.
    pub last_at: Millis,
}

impl Batch<'_> {
    /// Records problems of a run and counts the things that met one for the first time.
    ///
    /// What is no loss is read by few runs and changes rarely: a group that cannot be read hides its members' pages until the
    /// next reading of all groups. So it stands, and what an earlier run said of the same thing does no more. A loss is owed.
    pub(super) fn put_problems(
        &mut self,
        run: RunId,
        stream: Option<Stream>,
        problems: &[Problem],
        at: Millis,
    ) -> Result<()> {
        let (mut losses, mut warnings) = (0i64, 0i64);
        let stream = stream.map(Stream::code);
        for problem in problems {
            let (kind, stands) = (problem.kind.code(), stream.is_some() && !problem.is_loss());
            let mut statement = self.sql.prepare_cached(
                "INSERT INTO problems (source, run, stream, stands, kind, item, reason, attempts, first_at, last_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?8)
                 ON CONFLICT (run, kind, item) DO UPDATE SET
                     reason = excluded.reason, attempts = attempts + 1, last_at = excluded.last_at
                 RETURNING attempts",
            )?;
            let values = params![self.source.0, run.0, stream, stands, kind, problem.item, problem.reason, at.0];
            let attempts: i64 = statement.query_row(values, |row| row.get(0))?;
            if attempts == 1 {
                *(if problem.is_loss() { &mut losses } else { &mut warnings }) += 1;
            }
            if stands {
                let mut statement = self.sql.prepare_cached(
                    "UPDATE problems SET stands = 0
                     WHERE source = ?1 AND stream = ?2 AND stands = 1 AND kind = ?3 AND item = ?4 AND run <> ?5",
                )?;
                statement.execute(params![self.source.0, stream, kind, problem.item, run.0])?;
            }
        }
        if losses + warnings > 0 {
            self.sql
                .prepare_cached("UPDATE runs SET losses = losses + ?2, warnings = warnings + ?3 WHERE id = ?1")?
                .execute(params![run.0, losses, warnings])?;
        }
        Ok(())
    }

    /// At the end of a stream that was read anew: what the reading did not meet again holds no more.
    pub(super) fn settle_problems(&mut self, commit: &Commit) -> Result<()> {
        let anew = match commit.reading {
            Reading::Whole => true,
            // Documents are passed over in the version that is stored; places and restrictions are asked for one and all.
            Reading::Structure => matches!(commit.stream, Stream::Places | Stream::Restrictions),
            Reading::Changes { .. } | Reading::Only(_) => false,
        };
        if anew {
            let mut statement = self.sql.prepare_cached(
                "UPDATE problems SET stands = 0 WHERE source = ?1 AND stream = ?2 AND stands = 1 AND run <> ?3",
            )?;
            statement.execute(params![self.source.0, commit.stream.code(), commit.run.0])?;
        }
        Ok(())
    }

    /// Forgets what runs said that are forgotten, as far as it does not stand.
    pub(super) fn forget_problems(&mut self) -> Result<()> {
        self.sql
            .prepare_cached(
                "DELETE FROM problems WHERE source = ?1 AND stands = 0
                     AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = problems.run)",
            )?
            .execute(params![self.source.0])?;
        Ok(())
    }
}

const COLUMNS: &str = "id, kind, item, reason, attempts, first_at, last_at";

/// What holds of a source: the problems of its newest run, and what stands from earlier ones.
const HOLDS: &str = "source = ?1 AND (stands = 1 OR run = (SELECT max(id) FROM runs WHERE source = ?1))";

/// The problems of a run behind `after`, in the order in which they first happened.
pub(crate) fn list(sql: &Connection, run: RunId, after: i64, limit: u32) -> Result<Vec<StoredProblem>> {
    let text = format!("SELECT {COLUMNS} FROM problems WHERE run = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
    found(sql.prepare_cached(&text)?.query(params![run.0, after, limit])?)
}

/// What holds of a source, behind `after`, in the order in which it first happened.
pub(crate) fn holding(sql: &Connection, source: SourceId, after: i64, limit: u32) -> Result<Vec<StoredProblem>> {
    let text = format!("SELECT {COLUMNS} FROM problems WHERE {HOLDS} AND id > ?2 ORDER BY id LIMIT ?3");
    found(sql.prepare_cached(&text)?.query(params![source.0, after, limit])?)
}

/// The same, the newest first.
pub(crate) fn newest(sql: &Connection, source: SourceId, limit: u32) -> Result<Vec<StoredProblem>> {
    let text = format!("SELECT {COLUMNS} FROM problems WHERE {HOLDS} ORDER BY id DESC LIMIT ?2");
    found(sql.prepare_cached(&text)?.query(params![source.0, limit])?)
}

/// How much of that is no loss.
pub(crate) fn warnings(sql: &Connection, source: SourceId) -> Result<u64> {
    let losses = [ProblemKind::Record, ProblemKind::Call].map(ProblemKind::code);
    let text = format!("SELECT count(*) FROM problems WHERE {HOLDS} AND kind NOT IN (?2, ?3)");
    let count: i64 = sql.prepare_cached(&text)?.query_row(params![source.0, losses[0], losses[1]], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn found(mut rows: Rows<'_>) -> Result<Vec<StoredProblem>> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: ProblemKind =
            row.get::<_, String>(1)?.parse().map_err(|_| StoreError::Unreadable { what: "kind of problem" })?;
        found.push(StoredProblem {
            id: row.get(0)?,
            problem: Problem::new(kind, row.get::<_, String>(2)?, row.get::<_, String>(3)?),
            attempts: row.get(4)?,
            first_at: Millis(row.get(5)?),
            last_at: Millis(row.get(6)?),
        });
    }
    Ok(found)
}
