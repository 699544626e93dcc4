//! The writer of `hub.db`: what people decided. Its thread never waits for a crawl.

mod accounts;
mod audit;
mod objections;
mod secrets;
mod self_audits;
mod sessions;
mod settings;
mod sources;
mod webhooks;

pub use accounts::{Account, AccountChange, AccountError, AccountId, NewAccount, Role};
pub use audit::{AuditEntry, AuditRow};
pub use objections::Objection;
pub use secrets::{SecretError, SecretName};
pub use sessions::{Session, Throttle, TokenHash};
pub use sources::{SourceError, StoredSource};
pub use webhooks::{AddressHash, Called, Webhook, WebhookCount};

pub(crate) use secrets::{key_fits, names as secret_names};

use crate::alarm::Fallible;
use crate::open::HUB_FILE;
use crate::writer::Desk;
use crate::{Store, StoreError};
use rusqlite::{Connection, Transaction};

/// What the writer thread of `hub.db` owns.
pub(crate) struct Hub(pub(crate) Connection);

impl Desk for Hub {}

impl Store {
    /// One transaction on `hub.db`.
    async fn change_hub<T, E>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Fallible + Send + 'static,
    {
        let reserve = self.inner.reserve.clone();
        let job = move |hub: &mut Hub| {
            reserve.make_room();
            let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
            let transaction = hub.0.transaction().map_err(failed)?;
            let answer = change(&transaction)?;
            transaction.commit().map_err(failed)?;
            Ok(answer)
        };
        self.inner.hub.run(job).await.inspect_err(|error| self.inner.alarm.hear(HUB_FILE, error))
    }
}

/// Whether SQLite refused a row because another one has the same key.
fn is_taken(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    let code = error.sqlite_error().map(|error| error.extended_code);
    matches!(code, Some(SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY))
}
