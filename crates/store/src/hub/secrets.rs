//! Secrets at rest: sealed under the master key, bound to the row that they belong to (STO-6).

use crate::seal::{Seal, Sealed};
use crate::{Store, StoreError};
use access::SourceId;
use rusqlite::{Connection, OptionalExtension, params};
use secrecy::{ExposeSecret, SecretString};

/// Which secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SecretName {
    owner: String,
    name: String,
}

impl SecretName {
    /// A secret of a source, such as its token. It goes when the source is removed.
    pub fn of_source(source: SourceId, name: &str) -> Self {
        Self { owner: owner(source), name: name.to_owned() }
    }

    /// A secret of the hub itself.
    pub fn of_hub(name: &str) -> Self {
        Self { owner: "hub".to_owned(), name: name.to_owned() }
    }

    /// Table, column and row: the lengths keep two names from reading as one.
    pub(super) fn place(&self) -> String {
        format!("secrets.sealed {} {}:{}", self.owner, self.name.len(), self.name)
    }
}

pub(super) fn owner(source: SourceId) -> String {
    format!("source:{}", source.0)
}

/// Why a secret could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The stored bytes do not open for this row.
    #[error(
        "the stored secret `{0}` cannot be opened: the data directory was changed from outside; enter the secret again"
    )]
    Sealed(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Keeps a secret, in place of the one before.
    pub async fn put_secret(&self, name: &SecretName, secret: &SecretString) -> Result<(), StoreError> {
        let sealed = self.inner.seal.seal(&name.place(), secret.expose_secret().as_bytes())?;
        let name = name.clone();
        self.change_hub(move |sql| put(sql, &name, &sealed)).await
    }

    /// A secret, if one is kept under this name.
    pub fn secret(&self, name: &SecretName) -> Result<Option<SecretString>, SecretError> {
        let row: Option<(Vec<u8>, Vec<u8>)> = self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached("SELECT nonce, sealed FROM secrets WHERE owner = ? AND name = ?")?;
            let found = statement.query_row([&name.owner, &name.name], |row| Ok((row.get(0)?, row.get(1)?)));
            found.optional().map_err(StoreError::from)
        })?;
        let Some((nonce, sealed)) = row else { return Ok(None) };
        let plain = self.inner.seal.open(&name.place(), &nonce, &sealed);
        let text = plain.and_then(|bytes| std::str::from_utf8(&bytes).map(SecretString::from).ok());
        text.map(Some).ok_or_else(|| SecretError::Sealed(name.name.clone()))
    }

    /// Forgets a secret.
    pub async fn remove_secret(&self, name: &SecretName) -> Result<(), StoreError> {
        let name = name.clone();
        self.change_hub(move |sql| remove(sql, &name)).await
    }
}

/// Keeps what was sealed for the place of this name.
pub(super) fn put(sql: &Connection, name: &SecretName, sealed: &Sealed) -> Result<(), StoreError> {
    sql.execute(
        "INSERT INTO secrets (owner, name, nonce, sealed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (owner, name) DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed",
        params![name.owner, name.name, sealed.nonce, sealed.bytes],
    )?;
    Ok(())
}

pub(super) fn remove(sql: &Connection, name: &SecretName) -> Result<(), StoreError> {
    sql.execute("DELETE FROM secrets WHERE owner = ?1 AND name = ?2", [&name.owner, &name.name])?;
    Ok(())
}

/// The names of all secrets that can be asked for.
pub(crate) fn names(sql: &Connection) -> Result<Vec<SecretName>, StoreError> {
    let mut statement = sql.prepare("SELECT owner, name FROM secrets")?;
    let rows = statement.query_map([], |row| Ok(SecretName { owner: row.get(0)?, name: row.get(1)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether the key is the one that this directory was written with. A new directory takes the key that comes first.
pub(crate) fn key_fits(sql: &Connection, seal: &Seal) -> Result<bool, StoreError> {
    let name = SecretName { owner: "store".to_owned(), name: "key-check".to_owned() };
    let find = "SELECT nonce, sealed FROM secrets WHERE owner = ?1 AND name = ?2";
    let known: Option<(Vec<u8>, Vec<u8>)> =
        sql.query_row(find, [&name.owner, &name.name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    if let Some((nonce, sealed)) = known {
        return Ok(seal.open(&name.place(), &nonce, &sealed).is_some());
    }
    let sealed = seal.seal(&name.place(), b"fossick")?;
    let insert = "INSERT INTO secrets (owner, name, nonce, sealed) VALUES (?1, ?2, ?3, ?4)";
    sql.execute(insert, params![name.owner, name.name, sealed.nonce, sealed.bytes])?;
    Ok(true)
}
