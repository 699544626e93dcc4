//! What runs could not read and owe: kept across runs until it was read, with how often it was tried.
//!
//! A loss with a target is owed by itself: the stream's watermark moves on, absence is judged everywhere but there, and a
//! retry reads just that. A loss without one owes the whole stream, and its watermark stays (SYN-9).
//!
//! Whoever asks for a retry marks what is wanted. A retry that is opened takes what is marked, and from then on its list
//! stands: what is asked for later is for the next one.

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

/// How much a source owes, and when the first of it is to be tried again.
pub(crate) fn debts(sql: &Connection, source: SourceId) -> Result<Option<Debts>> {
    let mut statement = sql.prepare_cached(
        "SELECT attempts, count(*), min(last_at), max(asked = 1) FROM owed WHERE source = ?1 GROUP BY attempts",
    )?;
    let mut rows = statement.query([source.0])?;
    let mut debts: Option<Debts> = None;
    while let Some(row) = rows.next()? {
        let (things, last, asked): (i64, i64, bool) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let rest = if asked { 0 } else { Debts::rest(row.get(0)?).0 };
        let next = Millis(last.saturating_add(rest));
        let before = debts.unwrap_or(Debts { things: 0, next });
        debts = Some(Debts { things: before.things + u64::try_from(things).unwrap_or(0), next: before.next.min(next) });
    }
    Ok(debts)
}

impl Batch<'_> {
    /// What the open retry has taken, stream by stream.
    pub(super) fn taken(&self) -> Result<BTreeMap<Stream, Owed>> {
        let mut statement = self.sql.prepare_cached(
            "SELECT stream, kind, native, container FROM owed WHERE source = ?1 AND asked = 2 ORDER BY id",
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

    /// Notes that somebody wants a debt tried by the next retry, or all that there are now. The newest run of the source,
    /// which the retry comes after; `None` if nothing of that number is owed.
    pub(crate) fn ask_for(&mut self, debt: Option<i64>) -> Result<Option<RunId>> {
        let mut statement =
            self.sql.prepare_cached("UPDATE owed SET asked = 1 WHERE source = ?1 AND (?2 IS NULL OR id = ?2)")?;
        if statement.execute(params![self.source.0, debt])? == 0 && debt.is_some() {
            return Ok(None);
        }
        let mut statement = self.sql.prepare_cached("SELECT coalesce(max(id), 0) FROM runs WHERE source = ?1")?;
        Ok(Some(RunId(statement.query_row([self.source.0], |row| row.get(0))?)))
    }

    pub(super) fn is_asked_for(&self) -> Result<bool> {
        let mut statement = self.sql.prepare_cached("SELECT 1 FROM owed WHERE source = ?1 AND asked = 1")?;
        Ok(statement.exists([self.source.0])?)
    }

    /// Makes the list of a retry that is opened. What rests for the first half of its time is left alone; the other half is
    /// cut short, or things that were lost one after the other would each be worth a run.
    pub(super) fn take(&mut self, at: Millis) -> Result<()> {
        let mut asked = self.sql.prepare_cached("UPDATE owed SET asked = 2 WHERE source = ?1 AND asked = 1")?;
        if asked.execute([self.source.0])? > 0 {
            return Ok(());
        }
        let mut statement = self.sql.prepare_cached("SELECT DISTINCT attempts FROM owed WHERE source = ?1")?;
        let attempts = statement.query_map([self.source.0], |row| row.get(0))?;
        for attempts in attempts.collect::<rusqlite::Result<Vec<u32>>>()? {
            let bound = at.0.saturating_sub(Debts::rest(attempts).0 / 2);
            self.sql
                .prepare_cached("UPDATE owed SET asked = 2 WHERE source = ?1 AND attempts = ?2 AND last_at <= ?3")?
                .execute(params![self.source.0, attempts, bound])?;
        }
        Ok(())
    }

    /// After a retry that has come to its end, whatever it could read. What it did not come to rests as what it tried, or
    /// the next would follow at once; what was asked for meanwhile stays asked for.
    pub(super) fn forget_taken(&mut self, at: Millis) -> Result<()> {
        self.sql
            .prepare_cached("UPDATE owed SET asked = 0, last_at = max(last_at, ?2) WHERE source = ?1 AND asked = 2")?
            .execute(params![self.source.0, at.0])?;
        Ok(())
    }

    /// Nobody wants anything tried any more by a retry that is not open yet.
    pub(crate) fn forget_asked(&mut self) -> Result<()> {
        let mut statement = self.sql.prepare_cached("UPDATE owed SET asked = 0 WHERE source = ?1 AND asked = 1")?;
        statement.execute([self.source.0])?;
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
