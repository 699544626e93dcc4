//! Everything durable, in two SQLite files of one data directory.
//!
//! `content.db` holds what was read from sources and can be read again; `hub.db` holds what people decided: sources,
//! accounts, secrets, audit. Each file has one writer thread, so that logins never wait for a crawl, and a few reading
//! connections. What is committed is the truth: the text index follows the outbox ([`sync::Changes`]), access in memory
//! follows each commit ([`sync::Mirror`]).
//!
//! Reads block for the time of a few disk reads; writes are `async` and return once they are durable.
//! Time is passed in, randomness comes from [`Entropy`].

mod alarm;
mod backup;
mod changes;
mod code;
mod codec;
mod content;
mod deletions;
mod directory_codec;
mod error;
mod hub;
mod journal;
mod key;
mod known;
mod migrate;
mod open;
mod query;
mod readers;
mod reserve;
mod restore;
mod scrub;
mod seal;
mod work;
mod writer;

pub use alarm::Damage;
pub use backup::{BackupError, BackupRequest, Listed, Manifest};
pub use content::{Recovered, StoredDebt, StoredProblem, StoredRun};
pub use deletions::{StoppedDeletion, Tombstone};
pub use error::{OpenError, StoreError};
pub use hub::{
    Account, AccountChange, AccountError, AccountId, AddressHash, AuditEntry, AuditRow, Called, NewAccount, Objection,
    Role, SecretError, SecretName, Session, SourceError, StoredSource, Throttle, TokenHash, Webhook, WebhookCount,
};
pub use key::{Entropy, MasterKey, SystemEntropy};
pub use open::Store;
pub use query::{
    Ageing, ContainerStats, DecidedAlike, Freshness, HiddenDocument, Place, SampledDocument, SourceStats, StoredClause,
    UnreadParent,
};
pub use restore::{RestoreError, RestoreRequest, RestoredKey, restore};
pub use scrub::ScrubError;
pub use work::{Watch, Work};
