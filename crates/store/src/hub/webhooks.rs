//! Where a site may call to say that something changed: one address per source, found by its digest.
//!
//! Address and secret are sealed like every other secret (STO-6). Beside the digest of the address stands that of the one
//! before it, so that a site that was not told of the change can be recognized, and refused by name.

use super::secrets::{self, SecretName};
use super::sources::SourceError;
use crate::{SecretError, Store, StoreError};
use access::SourceId;
use model::Millis;
use rusqlite::{OptionalExtension, Transaction, params};
use secrecy::{ExposeSecret, SecretString};

const ADDRESS: &str = "webhook-address";
const SECRET: &str = "webhook-secret";

/// SHA-256 of the part of an address that cannot be guessed.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct AddressHash(pub [u8; 32]);

impl std::fmt::Debug for AddressHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AddressHash(..)")
    }
}

/// What calls to a source's address need.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The part of the address that cannot be guessed.
    pub address: SecretString,
    /// What calls are signed with.
    pub secret: SecretString,
    /// When both were made.
    pub made: Millis,
}

/// Whose address was called.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Called {
    /// A source's address.
    Current(SourceId),
    /// The address that a source had before it got another one.
    Former(SourceId),
}

/// How often calls ended in one way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WebhookCount {
    /// In which way: a stable name.
    pub outcome: String,
    /// How often, since the source was connected.
    pub count: u64,
    /// When last.
    pub last_at: Millis,
}

impl Store {
    /// Gives a source an address and a secret, in place of those before.
    pub async fn put_webhook(&self, source: SourceId, hash: AddressHash, webhook: &Webhook) -> Result<(), SourceError> {
        let mut sealed = Vec::new();
        for (name, secret) in [(ADDRESS, &webhook.address), (SECRET, &webhook.secret)] {
            let name = SecretName::of_source(source, name);
            let value = self.inner.seal.seal(&name.place(), secret.expose_secret().as_bytes())?;
            sealed.push((name, value));
        }
        let made = webhook.made;
        self.change_hub(move |sql| {
            let known = "SELECT 1 FROM sources WHERE id = ?1";
            if !sql.prepare_cached(known)?.exists([source.0])? {
                return Err(SourceError::Unknown(source));
            }
            sql.execute(
                "INSERT INTO webhooks (source, address, made) VALUES (?1, ?2, ?3)
                 ON CONFLICT (source) DO UPDATE SET former = address, address = excluded.address, made = excluded.made",
                params![source.0, hash.0, made.0],
            )?;
            for (name, value) in &sealed {
                secrets::put(sql, name, value)?;
            }
            Ok(())
        })
        .await
    }

    /// The address and secret of a source, if it has some.
    pub fn webhook(&self, source: SourceId) -> Result<Option<Webhook>, SecretError> {
        let made: Option<i64> = self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached("SELECT made FROM webhooks WHERE source = ?1")?;
            statement.query_row([source.0], |row| row.get(0)).optional().map_err(StoreError::from)
        })?;
        let Some(made) = made else { return Ok(None) };
        let (address, secret) = (SecretName::of_source(source, ADDRESS), SecretName::of_source(source, SECRET));
        Ok(match (self.secret(&address)?, self.secret(&secret)?) {
            (Some(address), Some(secret)) => Some(Webhook { address, secret, made: Millis(made) }),
            // Taken back between the two reads.
            _ => None,
        })
    }

    /// Whose address has this digest.
    pub fn called(&self, hash: &AddressHash) -> Result<Option<Called>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement =
                sql.prepare_cached("SELECT source, address = ?1 FROM webhooks WHERE address = ?1 OR former = ?1")?;
            let found = statement.query_row(params![hash.0], |row| {
                let source = SourceId(row.get(0)?);
                Ok(if row.get(1)? { Called::Current(source) } else { Called::Former(source) })
            });
            Ok(found.optional()?)
        })
    }

    /// Takes the address of a source back; harmless if it has none.
    pub async fn remove_webhook(&self, source: SourceId) -> Result<(), StoreError> {
        self.change_hub(move |sql| {
            sql.execute("DELETE FROM webhooks WHERE source = ?1", [source.0])?;
            for name in [ADDRESS, SECRET] {
                secrets::remove(sql, &SecretName::of_source(source, name))?;
            }
            Ok(())
        })
        .await
    }

    /// Adds to what is counted. Sources that are gone are passed over.
    pub async fn count_webhooks(&self, more: Vec<(SourceId, WebhookCount)>) -> Result<(), StoreError> {
        self.change_hub(move |sql| more.iter().try_for_each(|(source, more)| add(sql, *source, more))).await
    }

    /// How calls to a source's addresses ended, by the name of the outcome.
    pub fn webhook_counts(&self, source: SourceId) -> Result<Vec<WebhookCount>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached(
                "SELECT outcome, count, last_at FROM webhook_counts WHERE source = ?1 ORDER BY outcome",
            )?;
            let rows = statement.query_map([source.0], |row| {
                let count = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
                Ok(WebhookCount { outcome: row.get(0)?, count, last_at: Millis(row.get(2)?) })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn add(sql: &Transaction<'_>, source: SourceId, more: &WebhookCount) -> Result<(), StoreError> {
    let mut statement = sql.prepare_cached(
        "INSERT INTO webhook_counts (source, outcome, count, last_at)
         SELECT id, ?2, ?3, ?4 FROM sources WHERE id = ?1
         ON CONFLICT (source, outcome) DO UPDATE SET
             count = count + excluded.count, last_at = max(last_at, excluded.last_at)",
    )?;
    let count = i64::try_from(more.count).unwrap_or(i64::MAX);
    statement.execute(params![source.0, more.outcome, count, more.last_at.0])?;
    Ok(())
}
