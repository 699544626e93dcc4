//! Sessions by the hash of their token, and the failures that slow a guesser down.

use super::accounts::{self, Account, AccountId};
use crate::{Store, StoreError};
use model::{Duration, Millis};
use rusqlite::{OptionalExtension, params};

/// SHA-256 of a session's token. The token itself is only in the browser.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct TokenHash(pub [u8; 32]);

impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenHash(..)")
    }
}

/// A session that is open.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// Whose it is.
    pub account: Account,
    /// When it was opened.
    pub created: Millis,
    /// When it ends.
    pub expires: Millis,
}

/// Failures counted under one key.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Throttle {
    /// How many there were since `first_at`.
    pub failures: u32,
    /// The first of them.
    pub first_at: Millis,
    /// The last of them.
    pub last_at: Millis,
}

impl Store {
    /// Opens a session for an account.
    pub async fn open_session(
        &self,
        token: TokenHash,
        account: AccountId,
        created: Millis,
        expires: Millis,
    ) -> Result<(), StoreError> {
        self.change_hub(move |sql| {
            sql.prepare_cached("INSERT INTO sessions (token, account, created, expires) VALUES (?, ?, ?, ?)")?
                .execute(params![token.0, account.0, created.0, expires.0])?;
            Ok(())
        })
        .await
    }

    /// The session of a token, unless it has ended or its account is disabled.
    pub fn session(&self, token: &TokenHash, now: Millis) -> Result<Option<Session>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement =
                sql.prepare_cached("SELECT account, created, expires FROM sessions WHERE token = ?1 AND expires > ?2")?;
            let row: Option<(i64, i64, i64)> = statement
                .query_row(params![token.0, now.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let Some((account, created, expires)) = row else { return Ok(None) };
            let account = accounts::find(sql, AccountId(account))?.filter(|account| !account.disabled);
            Ok(account.map(|account| Session { account, created: Millis(created), expires: Millis(expires) }))
        })
    }

    /// Moves the end of a session that is in use; harmless if it has ended.
    pub async fn extend_session(&self, token: TokenHash, expires: Millis) -> Result<(), StoreError> {
        self.change_hub(move |sql| {
            sql.prepare_cached("UPDATE sessions SET expires = ?2 WHERE token = ?1")?
                .execute(params![token.0, expires.0])?;
            Ok(())
        })
        .await
    }

    /// Ends a session.
    pub async fn close_session(&self, token: TokenHash) -> Result<(), StoreError> {
        self.change_hub(move |sql| {
            sql.prepare_cached("DELETE FROM sessions WHERE token = ?1")?.execute(params![token.0])?;
            Ok(())
        })
        .await
    }

    /// Drops the rows of sessions that have ended. How many there were.
    pub async fn drop_ended_sessions(&self, now: Millis) -> Result<usize, StoreError> {
        self.change_hub(move |sql| Ok(sql.execute("DELETE FROM sessions WHERE expires <= ?1", [now.0])?)).await
    }

    /// Counts a failure under `key`, anew if the first one is older than `window`.
    pub async fn count_failure(&self, key: &str, at: Millis, window: Duration) -> Result<Throttle, StoreError> {
        let key = key.to_owned();
        self.change_hub(move |sql| {
            let mut statement = sql.prepare_cached(
                "INSERT INTO throttle (key, failures, first_at, last_at) VALUES (?1, 1, ?2, ?2)
                 ON CONFLICT (key) DO UPDATE SET
                     failures = CASE WHEN first_at < ?2 - ?3 THEN 1 ELSE failures + 1 END,
                     first_at = CASE WHEN first_at < ?2 - ?3 THEN ?2 ELSE first_at END,
                     last_at = ?2
                 RETURNING failures, first_at, last_at",
            )?;
            Ok(statement.query_row(params![key, at.0, window.0], throttle_of_row)?)
        })
        .await
    }

    /// The failures counted under `key`; none for an unknown key.
    pub fn failures(&self, key: &str) -> Result<Throttle, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement =
                sql.prepare_cached("SELECT failures, first_at, last_at FROM throttle WHERE key = ?1")?;
            Ok(statement.query_row([key], throttle_of_row).optional()?.unwrap_or_default())
        })
    }

    /// Forgets failures: those under `key`, and all whose last one is older than `bound`.
    pub async fn forget_failures(&self, key: &str, bound: Millis) -> Result<(), StoreError> {
        let key = key.to_owned();
        self.change_hub(move |sql| {
            sql.execute("DELETE FROM throttle WHERE key = ?1 OR last_at < ?2", params![key, bound.0])?;
            Ok(())
        })
        .await
    }
}

fn throttle_of_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Throttle> {
    Ok(Throttle { failures: row.get(0)?, first_at: Millis(row.get(1)?), last_at: Millis(row.get(2)?) })
}
