//! What went wrong in a run: one row per thing, with the number of attempts.

use super::batch::Batch;
use crate::StoreError;
use crate::error::Result;
use model::{Millis, Problem, ProblemKind, RunId};
use rusqlite::{Connection, params};

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
    pub(super) fn put_problems(&mut self, run: RunId, problems: &[Problem], at: Millis) -> Result<()> {
        let (mut losses, mut warnings) = (0i64, 0i64);
        for problem in problems {
            let mut statement = self.sql.prepare_cached(
                "INSERT INTO problems (run, kind, item, reason, attempts, first_at, last_at)
                 VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)
                 ON CONFLICT (run, kind, item) DO UPDATE SET
                     reason = excluded.reason, attempts = attempts + 1, last_at = excluded.last_at
                 RETURNING attempts",
            )?;
            let values = params![run.0, problem.kind.code(), problem.item, problem.reason, at.0];
            let attempts: i64 = statement.query_row(values, |row| row.get(0))?;
            if attempts == 1 {
                *(if problem.is_loss() { &mut losses } else { &mut warnings }) += 1;
            }
        }
        if losses + warnings > 0 {
            self.sql
                .prepare_cached("UPDATE runs SET losses = losses + ?2, warnings = warnings + ?3 WHERE id = ?1")?
                .execute(params![run.0, losses, warnings])?;
        }
        Ok(())
    }
}

/// The problems of a run behind `after`, in the order in which they first happened.
pub(crate) fn list(sql: &Connection, run: RunId, after: i64, limit: u32) -> Result<Vec<StoredProblem>> {
    let mut statement = sql.prepare_cached(
        "SELECT id, kind, item, reason, attempts, first_at, last_at FROM problems
         WHERE run = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
    )?;
    let mut rows = statement.query(params![run.0, after, limit])?;
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
