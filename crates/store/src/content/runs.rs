//! Runs. One that a crash broke off stays `running` and is gone on with.

use super::batch::{Batch, CommitError};
use crate::StoreError;
use crate::error::Result;
use access::SourceId;
use model::{Millis, RunCounts, RunEvent, RunId, RunKind, RunStatus};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeMap;
use sync::{LastRun, OpenRun};

/// A run as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRun {
    /// Its number, rising.
    pub id: RunId,
    /// The source that it reads.
    pub source: SourceId,
    /// What it reads.
    pub kind: RunKind,
    /// Where it stands.
    pub status: RunStatus,
    /// When it was opened.
    pub started: Millis,
    /// When it was closed.
    pub ended: Option<Millis>,
    /// Why it ended as it did, for people.
    pub reason: Option<String>,
    /// What it has done.
    pub counts: RunCounts,
}

/// What a crash had left open.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Recovered {
    /// Runs that were broken off: opening a run of the kind for the source goes on with them.
    pub interrupted: Vec<(SourceId, RunId, RunKind)>,
    /// Runs that were being cancelled: they are cancelled now.
    pub cancelled: Vec<(SourceId, RunId)>,
    /// Sources whose removal was broken off: it is complete now.
    pub removed: Vec<SourceId>,
    /// Sources that came from a backup: nothing of them is shown before a full run has read them.
    pub restored: Vec<SourceId>,
}

/// How many runs of each kind are remembered.
const KEPT_RUNS: u32 = 200;

const COLUMNS: &str = "id, source, kind, status, started, ended, reason, documents, changed, calls, losses, warnings, \
    expected";

fn run_of_row(row: &Row<'_>) -> Result<StoredRun> {
    let count = |at: usize| Ok::<_, StoreError>(u64::try_from(row.get::<_, i64>(at)?).unwrap_or(0));
    let unreadable = |_| StoreError::Unreadable { what: "run" };
    let counts = RunCounts {
        documents: count(7)?,
        changed: count(8)?,
        calls: count(9)?,
        losses: count(10)?,
        warnings: count(11)?,
        expected: row.get::<_, Option<i64>>(12)?.and_then(|expected| u64::try_from(expected).ok()),
    };
    Ok(StoredRun {
        id: RunId(row.get(0)?),
        source: SourceId(row.get(1)?),
        kind: row.get::<_, String>(2)?.parse().map_err(unreadable)?,
        status: row.get::<_, String>(3)?.parse().map_err(unreadable)?,
        started: Millis(row.get(4)?),
        ended: row.get::<_, Option<i64>>(5)?.map(Millis),
        reason: row.get(6)?,
        counts,
    })
}

/// One run.
pub(crate) fn one(sql: &Connection, run: RunId) -> Result<Option<StoredRun>> {
    let mut statement = sql.prepare_cached(&format!("SELECT {COLUMNS} FROM runs WHERE id = ?1"))?;
    statement.query_row(params![run.0], |row| Ok(run_of_row(row))).optional()?.transpose()
}

/// The runs of a source, or of all, newest first.
pub(crate) fn history(sql: &Connection, source: Option<SourceId>, limit: u32) -> Result<Vec<StoredRun>> {
    let order = if source.is_some() { "WHERE source = ?1" } else { "WHERE ?1 IS NULL" };
    let mut statement = sql.prepare_cached(&format!("SELECT {COLUMNS} FROM runs {order} ORDER BY id DESC LIMIT ?2"))?;
    let mut rows = statement.query(params![source.map(|source| source.0), limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(run_of_row(row)?);
    }
    Ok(found)
}

/// The last run of each kind that is over.
pub(crate) fn last_of_each_kind(sql: &Connection, source: SourceId) -> Result<BTreeMap<RunKind, LastRun>> {
    let mut found = BTreeMap::new();
    for &kind in RunKind::ALL {
        let mut statement = sql.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM runs WHERE source = ?1 AND kind = ?2 AND ended IS NOT NULL ORDER BY id DESC LIMIT 1"
        ))?;
        let last = statement.query_row(params![source.0, kind.code()], |row| Ok(run_of_row(row)));
        if let Some(run) = last.optional()?.transpose()? {
            let ended = run.ended.unwrap_or(run.started);
            found.insert(kind, LastRun { started: run.started, ended, status: run.status });
        }
    }
    Ok(found)
}

impl Batch<'_> {
    /// Opens a run, or goes on with the one of this kind that was broken off; one of another kind will not be gone on
    /// with any more.
    pub(crate) fn open_run(&mut self, kind: RunKind, at: Millis) -> Result<OpenRun, CommitError> {
        let mut removing = self.sql.prepare_cached("SELECT 1 FROM chores WHERE source = ?1 AND kind = 'purge'")?;
        if removing.exists(params![self.source.0])? {
            return Err(CommitError::Closed);
        }
        let mut statement = self.sql.prepare_cached(
            "SELECT id FROM runs WHERE source = ?1 AND kind = ?2 AND status = 'running' ORDER BY id DESC",
        )?;
        let found = statement.query_row(params![self.source.0, kind.code()], |row| row.get(0)).optional()?;
        let found = self.open_retry(kind, found.map(RunId), at)?;
        self.abandon_others(found, at)?;
        let (watermarks, owed) = (self.watermarks()?, self.taken()?);
        if let Some(id) = found {
            let counts = one(self.sql, id)?.map(|run| run.counts).unwrap_or_default();
            return Ok(OpenRun { id, resumed: true, streams: self.stands(id)?, watermarks, owed, counts });
        }
        self.sql
            .prepare_cached("INSERT INTO runs (source, kind, status, started) VALUES (?1, ?2, 'running', ?3)")?
            .execute(params![self.source.0, kind.code(), at.0])?;
        let id = RunId(self.sql.last_insert_rowid());
        Ok(OpenRun { id, resumed: false, streams: BTreeMap::new(), watermarks, owed, counts: RunCounts::default() })
    }

    /// Makes the list of a retry, unless one goes on whose list stands. One that was broken off does not go on if something
    /// else was asked for since: its streams may have ended, and a stream is read once in a run.
    fn open_retry(&mut self, kind: RunKind, found: Option<RunId>, at: Millis) -> Result<Option<RunId>> {
        if kind != RunKind::Retry || found.is_none() {
            // What the one had taken that another kind of run ends here.
            self.forget_taken(at)?;
        }
        if kind != RunKind::Retry || (found.is_some() && !self.is_asked_for()?) {
            return Ok(found);
        }
        self.take(at)?;
        Ok(None)
    }

    /// Closes runs that were broken off, except the one that goes on.
    fn abandon_others(&mut self, kept: Option<RunId>, at: Millis) -> Result<()> {
        let mut statement = self.sql.prepare_cached(
            "UPDATE runs SET status = 'cancelled', ended = ?3, reason = 'it was broken off, and another run was begun'
             WHERE source = ?1 AND id IS NOT ?2 AND status = 'running' RETURNING id",
        )?;
        let values = params![self.source.0, kept.map(|run| run.0), at.0];
        let closed: Vec<i64> = statement.query_map(values, |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for run in closed {
            self.sql.prepare_cached("DELETE FROM checkpoints WHERE run = ?1")?.execute(params![run])?;
        }
        Ok(())
    }

    /// Refuses a run that is not open for this source.
    pub(crate) fn require_open(&self, run: RunId) -> Result<(), CommitError> {
        let open = "SELECT 1 FROM runs WHERE id = ?1 AND source = ?2 AND status IN ('running', 'cancelling')";
        let mut statement = self.sql.prepare_cached(open)?;
        if statement.exists(params![run.0, self.source.0])? { Ok(()) } else { Err(CommitError::Closed) }
    }

    pub(super) fn add_counts(&mut self, run: RunId, documents: u64, changed: u64, calls: u64) -> Result<()> {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.sql
            .prepare_cached(
                "UPDATE runs SET documents = documents + ?2, changed = changed + ?3, calls = calls + ?4 WHERE id = ?1",
            )?
            .execute(params![run.0, number(documents), number(changed), number(calls)])?;
        Ok(())
    }

    /// Ends a run. Its checkpoints are of no more use: the next run starts anew and finds everything unchanged.
    pub(crate) fn close_run(
        &mut self,
        run: RunId,
        status: RunStatus,
        reason: Option<&str>,
        at: Millis,
    ) -> Result<(), CommitError> {
        if !status.is_over() {
            return Err(CommitError::Inconsistent(format!("a run cannot be closed as `{status}`")));
        }
        self.require_open(run)?;
        self.sql
            .prepare_cached("UPDATE runs SET status = ?2, reason = ?3, ended = ?4 WHERE id = ?1")?
            .execute(params![run.0, status.code(), reason, at.0])?;
        self.sql.prepare_cached("DELETE FROM checkpoints WHERE run = ?1")?.execute(params![run.0])?;
        let read_all = matches!(status, RunStatus::Succeeded | RunStatus::Partial);
        match one(self.sql, run)?.map(|run| run.kind) {
            Some(RunKind::Full) if read_all => self.believe()?,
            Some(RunKind::Retry) => self.forget_taken(at)?,
            _ => {}
        }
        Ok(self.forget_runs()?)
    }

    /// Forgets runs that hundreds of their kind have followed: some make one every minute. Full ones are few, and that
    /// there was one matters.
    fn forget_runs(&mut self) -> Result<()> {
        let mut statement = self.sql.prepare_cached(
            "DELETE FROM runs WHERE id IN (
                 SELECT id FROM (
                     SELECT id, row_number() OVER (PARTITION BY kind ORDER BY id DESC) AS place
                     FROM runs WHERE source = ?1 AND kind <> 'full' AND ended IS NOT NULL)
                 WHERE place > ?2 LIMIT 50)",
        )?;
        if statement.execute(params![self.source.0, KEPT_RUNS])? > 0 {
            self.forget_problems()?;
        }
        Ok(())
    }

    /// Notes that somebody wants the run to stop. False if it was over already.
    pub(crate) fn ask_cancel(&mut self, run: RunId) -> Result<bool> {
        let Some(found) = one(self.sql, run)? else { return Ok(false) };
        let Ok(status) = found.status.next(RunEvent::CancelAsked) else { return Ok(false) };
        self.sql.prepare_cached("UPDATE runs SET status = ?2 WHERE id = ?1")?.execute(params![run.0, status.code()])?;
        Ok(true)
    }

    /// How many documents the run will list in all, once the source has told.
    pub(crate) fn expect(&mut self, run: RunId, documents: u64) -> Result<()> {
        self.sql
            .prepare_cached("UPDATE runs SET expected = ?2 WHERE id = ?1")?
            .execute(params![run.0, i64::try_from(documents).unwrap_or(i64::MAX)])?;
        Ok(())
    }

    /// Sorts the runs that a crash left open.
    pub(crate) fn recover_runs(&mut self, at: Millis) -> Result<Recovered> {
        let list = |status: &str| -> Result<Vec<StoredRun>> {
            let mut statement =
                self.sql.prepare(&format!("SELECT {COLUMNS} FROM runs WHERE status = ?1 ORDER BY id"))?;
            let mut rows = statement.query([status])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(run_of_row(row)?);
            }
            Ok(found)
        };
        let interrupted = list("running")?.into_iter().map(|run| (run.source, run.id, run.kind)).collect();
        let cancelled = list("cancelling")?.into_iter().map(|run| (run.source, run.id)).collect();
        self.sql.execute(
            "UPDATE runs SET status = 'cancelled', ended = ?1, reason = 'fossick was stopped meanwhile'
             WHERE status = 'cancelling'",
            params![at.0],
        )?;
        Ok(Recovered { interrupted, cancelled, ..Recovered::default() })
    }
}
