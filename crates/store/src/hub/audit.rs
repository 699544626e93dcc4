//! Who did what to which thing, and when. Rows can only be added: the database itself refuses everything else.

use crate::{Store, StoreError};
use model::Millis;
use rusqlite::params;

/// Something worth remembering for an auditor. Never a secret, never a query, never a title.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditEntry {
    /// When it happened.
    pub at: Millis,
    /// Who did it: an account's e-mail, or `system`, or `command line`.
    pub actor: String,
    /// What was done, such as `source.added`.
    pub action: String,
    /// To which thing.
    pub target: String,
}

/// An entry with its number.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditRow {
    /// Rises by one with each entry, so that a gap would show.
    pub id: i64,
    /// The entry.
    pub entry: AuditEntry,
}

impl Store {
    /// Adds an entry.
    pub async fn audit(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.change_hub(move |sql| {
            sql.prepare_cached("INSERT INTO audit (at, actor, action, target) VALUES (?, ?, ?, ?)")?
                .execute(params![entry.at.0, entry.actor, entry.action, entry.target])?;
            Ok(())
        })
        .await
    }

    /// Entries before `before`, newest first.
    pub fn audit_log(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT id, at, actor, action, target FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            )?;
            let rows = statement.query_map(params![before.unwrap_or(i64::MAX), limit], |row| {
                let entry = AuditEntry {
                    at: Millis(row.get(1)?),
                    actor: row.get(2)?,
                    action: row.get(3)?,
                    target: row.get(4)?,
                };
                Ok(AuditRow { id: row.get(0)?, entry })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
