//! What runs could not read and owe: kept across runs until it was read, with how often it was tried.
//!
//! A loss with a target is owed by itself: the stream's watermark moves on, absence is judged everywhere but there, and a
//! retry reads just that. A loss without one owes the whole stream, and its watermark stays (SYN-9).

use super::batch::Batch;
use crate::StoreError;
use crate::code::Code;
use crate::error::Result;
use access::SourceId;
use model::{ContainerKey, DocumentKey, Kind, Millis, Problem, RunId, Target};
use rusqlite::{Connection, Row, params};
use std::collections::BTreeMap;
use sync::{Commit, Debts, Owed, Reading, Stream};

/// Something that could not be read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredDebt {
    /// Its number, rising; the place to page on from.
    pub id: i64,
    /// The stream in which it was lost.
    pub stream: Stream,
    /// What is owed; the whole stream if that cannot be told.
    pub target: Option<Target>,
    /// The thing, as an administrator can find it.
    pub item: String,
    /// Why it could not be read the last time, and what to do.
    pub reason: String,
    /// In how many runs it could not be read.
    pub attempts: u32,
    /// When it first could not be read.
    pub first_at: Millis,
    /// When it last could not be read.
    pub last_at: Millis,
}

/// Documents `d` whose absence says nothing, because the run ?3 could not read them, what they hang under, or all of
/// their container.
pub(super) const UNREAD: &str = "EXISTS (SELECT 1 FROM owed o
    WHERE o.source = d.source AND o.stream = d.stream AND o.run = ?3
      AND ((o.kind = d.kind AND o.native = d.native)
        OR (o.kind = d.parent_kind AND o.native = d.parent_native)
        OR (o.container <> '' AND o.container = d.container)))";

/// A target as columns. Nothing stands for the whole stream.
fn columns(target: Option<&Target>) -> (i64, &str, &str) {
    match target {
        Some(Target::Document(key)) => (key.kind.number(), &key.native, ""),
        Some(Target::Container(key)) => (-1, "", &key.0),
        None => (-1, "", ""),
    }
}

/// The target in the columns `kind`, `native`, `container` from `first` on.
fn target_of(row: &Row<'_>, first: usize) -> Result<Option<Target>> {
    let (kind, native, container): (i64, String, String) = (row.get(first)?, row.get(first + 1)?, row.get(first + 2)?);
    Ok(match (kind, container.is_empty()) {
        (-1, true) => None,
        (-1, false) => Some(Target::Container(ContainerKey(container))),
        _ => Some(Target::Document(DocumentKey::new(Kind::of_number(kind)?, native))),
    })
}

fn stream_of(row: &Row<'_>, at: usize) -> Result<Stream> {
    row.get::<_, String>(at)?.parse().map_err(|_| StoreError::Unreadable { what: "stream" })
}

/// What a source owes, oldest first, behind `after`.
pub(crate) fn list(sql: &Connection, source: SourceId, after: i64, limit: u32) -> Result<Vec<StoredDebt>> {
    let mut statement = sql.prepare_cached(
        "SELECT id, stream, kind, native, container, item, reason, attempts, first_at, last_at FROM owed
         WHERE source = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
    )?;
    let mut rows = statement.query(params![source.0, after, limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(StoredDebt {
            id: row.get(0)?,
            stream: stream_of(row, 1)?,
            target: target_of(row, 2)?,
            item: row.get(5)?,
            reason: row.get(6)?,
            attempts: row.get(7)?,
            first_at: Millis(row.get(8)?),
            last_at: Millis(row.get(9)?),
        });
    }
    Ok(found)
}

/// How much a source owes, how often the least tried of it was tried, and when the last of it was.
pub(crate) fn debts(sql: &Connection, source: SourceId) -> Result<Option<Debts>> {
    let mut statement =
        sql.prepare_cached("SELECT count(*), min(attempts), max(last_at) FROM owed WHERE source = ?1")?;
    let found = statement.query_row([source.0], |row| {
        let (count, attempts, last): (i64, Option<u32>, Option<i64>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(attempts.zip(last).map(|(attempts, last)| Debts {
            things: u64::try_from(count).unwrap_or(0),
            attempts,
            last: Millis(last),
        }))
    });
    Ok(found?)
}

impl Batch<'_> {
    /// What a retry has to read, stream by stream: what somebody asked for, or else everything.
    pub(super) fn owed(&self) -> Result<BTreeMap<Stream, Owed>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT stream, kind, native, container FROM owed WHERE source = ?1
                 AND asked = (SELECT max(asked) FROM owed WHERE source = ?1) ORDER BY id",
        )?;
        let mut rows = statement.query(params![self.source.0])?;
        let mut owed = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let stream = stream_of(row, 0)?;
            match (owed.entry(stream).or_insert_with(|| Owed::Only(Vec::new())), target_of(row, 1)?) {
                (Owed::Only(targets), Some(target)) => targets.push(target),
                (all, None) => *all = Owed::All,
                (Owed::All, Some(_)) => {}
            }
        }
        Ok(owed)
    }

    /// Notes that somebody wants a debt tried by the next retry, which leaves the others alone. False if nothing of that
    /// number is owed any more.
    pub(crate) fn ask_for(&mut self, debt: i64) -> Result<bool> {
        let mut statement = self.sql.prepare_cached("UPDATE owed SET asked = 1 WHERE source = ?1 AND id = ?2")?;
        Ok(statement.execute(params![self.source.0, debt])? > 0)
    }

    /// After a retry that has come to its end, whatever it could read, the next one tries everything again.
    pub(super) fn forget_asking(&mut self) -> Result<()> {
        let mut statement = self.sql.prepare_cached("UPDATE owed SET asked = 0 WHERE source = ?1 AND asked = 1")?;
        statement.execute(params![self.source.0])?;
        Ok(())
    }

    /// Notes what was lost. Several losses of one run are one attempt.
    pub(super) fn owe(&mut self, run: RunId, stream: Stream, problem: &Problem, at: Millis) -> Result<()> {
        let (kind, native, container) = columns(problem.target.as_ref());
        self.sql
            .prepare_cached(
                "INSERT INTO owed (source, stream, kind, native, container, item, reason, attempts, first_at, last_at, run)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?8, ?9)
                 ON CONFLICT (source, stream, kind, native, container) DO UPDATE SET item = excluded.item,
                     reason = excluded.reason, attempts = attempts + (run <> excluded.run), last_at = excluded.last_at,
                     run = excluded.run",
            )?
            .execute(params![
                self.source.0,
                stream.code(),
                kind,
                native,
                container,
                problem.item,
                problem.reason,
                at.0,
                run.0
            ])?;
        Ok(())
    }

    /// At the end of a stream that lost nothing open: what the reading would have met again is owed no more.
    pub(super) fn settle_debts(&mut self, commit: &Commit) -> Result<()> {
        let settled = |condition: &str| {
            format!("DELETE FROM owed WHERE source = ?1 AND stream = ?2 AND run <> ?3 AND {condition}")
        };
        let (source, stream, run) = (self.source.0, commit.stream.code(), commit.run.0);
        match &commit.reading {
            Reading::Whole | Reading::Structure => {
                self.sql.prepare_cached(&settled("1"))?.execute(params![source, stream, run])?;
            }
            // A target may not have changed since the watermark, which has moved on without it.
            Reading::Changes { .. } => {
                let condition = settled("kind = -1 AND container = ''");
                self.sql.prepare_cached(&condition)?.execute(params![source, stream, run])?;
            }
            Reading::Only(targets) => {
                let condition = settled("kind = ?4 AND native = ?5 AND container = ?6");
                for target in targets {
                    let (kind, native, container) = columns(Some(target));
                    let values = params![source, stream, run, kind, native, container];
                    self.sql.prepare_cached(&condition)?.execute(values)?;
                }
            }
        }
        Ok(())
    }
}
