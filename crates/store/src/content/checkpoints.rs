//! How far the streams of a run have come, and up to when each stream of a source is known.

use super::batch::{Batch, CommitError};
use crate::StoreError;
use crate::error::Result;
use model::{Millis, Problem, RunId};
use rusqlite::{Row, params};
use std::collections::BTreeMap;
use sync::{Checkpoint, Commit, Cursor, Progress, Stand, Stream};

fn stream_of(row: &Row<'_>) -> Result<Stream> {
    row.get::<_, String>(0)?.parse().map_err(|_| StoreError::Unreadable { what: "stream" })
}

impl Batch<'_> {
    /// Where the streams of a run stand.
    pub(super) fn stands(&self, run: RunId) -> Result<BTreeMap<Stream, Stand>> {
        let mut statement =
            self.sql.prepare_cached("SELECT stream, cursor, ended, losses FROM checkpoints WHERE run = ?1")?;
        let mut rows = statement.query(params![run.0])?;
        let mut streams = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let progress = match (row.get(1)?, row.get(2)?) {
                (_, true) => Progress::Complete,
                (Some(cursor), false) => Progress::At(Cursor(cursor)),
                (None, false) => Progress::Start,
            };
            let losses = u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0);
            streams.insert(stream_of(row)?, Stand { progress, losses });
        }
        Ok(streams)
    }

    /// Up to when the source's streams are known, by the source's clock.
    pub(super) fn watermarks(&self) -> Result<BTreeMap<Stream, Millis>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT stream, source_time FROM watermarks WHERE source = ?1 AND source_time IS NOT NULL",
        )?;
        let mut rows = statement.query(params![self.source.0])?;
        let mut watermarks = BTreeMap::new();
        while let Some(row) = rows.next()? {
            watermarks.insert(stream_of(row)?, Millis(row.get(1)?));
        }
        Ok(watermarks)
    }

    /// Notes how far a stream has come. False if it stood there already: the same batch was committed before.
    pub(super) fn put_checkpoint(&mut self, commit: &Commit) -> Result<bool> {
        let cursor = match &commit.checkpoint {
            Checkpoint::At(cursor) => Some(cursor.0.as_str()),
            Checkpoint::Complete => None,
        };
        let mut statement = self.sql.prepare_cached(
            "INSERT INTO checkpoints (run, stream, cursor, ended, began, source_time, losses)
             VALUES (?1, ?2, ?3, ?3 IS NULL, ?4, ?5, 0)
             ON CONFLICT (run, stream) DO UPDATE SET cursor = excluded.cursor, ended = excluded.ended,
                 source_time = CASE WHEN cursor IS NULL THEN excluded.source_time ELSE source_time END
             WHERE cursor IS NOT excluded.cursor OR ended <> excluded.ended",
        )?;
        let values =
            params![commit.run.0, commit.stream.code(), cursor, commit.at.0, commit.source_time.map(|time| time.0)];
        Ok(statement.execute(values)? > 0)
    }

    /// Counts what a stream has lost. One that nothing was read of has a row from here on.
    fn add_losses(&mut self, run: RunId, stream: Stream, losses: u64, at: Millis) -> Result<()> {
        if losses == 0 {
            return Ok(());
        }
        self.sql
            .prepare_cached(
                "INSERT INTO checkpoints (run, stream, cursor, ended, began, source_time, losses)
                 VALUES (?1, ?2, NULL, 0, ?3, NULL, ?4)
                 ON CONFLICT (run, stream) DO UPDATE SET losses = losses + excluded.losses",
            )?
            .execute(params![run.0, stream.code(), at.0, i64::try_from(losses).unwrap_or(i64::MAX)])?;
        Ok(())
    }

    /// Records the problems of a batch, and counts the losses among them for its stream.
    pub(super) fn put_stream_problems(
        &mut self,
        run: RunId,
        stream: Stream,
        problems: &[Problem],
        at: Millis,
    ) -> Result<()> {
        let open = problems.iter().filter(|problem| problem.is_open_loss()).count() as u64;
        self.add_losses(run, stream, open, at)?;
        for problem in problems.iter().filter(|problem| problem.is_loss()) {
            self.owe(run, stream, problem, at)?;
        }
        self.put_problems(run, Some(stream), problems, at)
    }

    /// Records problems outside any batch.
    pub(crate) fn report(
        &mut self,
        run: RunId,
        stream: Option<Stream>,
        problems: &[Problem],
        at: Millis,
    ) -> Result<(), CommitError> {
        self.require_open(run)?;
        match stream {
            Some(stream) => Ok(self.put_stream_problems(run, stream, problems, at)?),
            None => Ok(self.put_problems(run, None, problems, at)?),
        }
    }

    /// At the end of a stream: what it knows up to now, and what it owes no more.
    ///
    /// Past an open loss no watermark moves, or what was lost would never be read again; nor past one among the
    /// containers, for whatever lies in one that was not listed is lost, too.
    pub(super) fn end_stream(&mut self, commit: &Commit) -> Result<()> {
        if commit.checkpoint != Checkpoint::Complete {
            return Ok(());
        }
        let mut statement = self
            .sql
            .prepare_cached("SELECT 1 FROM checkpoints WHERE run = ?1 AND stream IN (?2, ?3) AND losses > 0")?;
        if statement.exists(params![commit.run.0, commit.stream.code(), Stream::Containers.code()])? {
            return Ok(());
        }
        self.settle_debts(commit)?;
        self.settle_problems(commit)?;
        if commit.reading.moves_watermark() { self.move_watermark(commit) } else { Ok(()) }
    }

    fn move_watermark(&mut self, commit: &Commit) -> Result<()> {
        self.sql
            .prepare_cached(
                "INSERT INTO watermarks (source, stream, source_time, read_at, listed_at)
                 SELECT ?1, stream, source_time, began, iif(?4, began, NULL) FROM checkpoints
                 WHERE run = ?2 AND stream = ?3
                 ON CONFLICT (source, stream) DO UPDATE SET source_time = excluded.source_time,
                     read_at = excluded.read_at, listed_at = coalesce(excluded.listed_at, listed_at)",
            )?
            .execute(params![self.source.0, commit.run.0, commit.stream.code(), commit.reading.proves_absence()])?;
        Ok(())
    }
}
