//! Accounts: who may log in to this hub, and as whom they search at the sources.
//!
//! E-mail addresses are set by administrators (or vouched for by an issuer) and never by members, so they may be trusted
//! to find persons at the sources (ACL-11).

use super::is_taken;
use crate::{Store, StoreError};
use access::{Person, SourceId, UserId};
use model::Millis;
use rusqlite::{Connection, OptionalExtension, Row, params};
use secrecy::{ExposeSecret, SecretString};
use std::collections::{BTreeMap, BTreeSet};

/// An account; given by the store, never reused.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AccountId(pub i64);

/// What an account may do.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// Connects sources, manages accounts, reads the audit log.
    Admin,
    /// Searches.
    Member,
}

impl Role {
    /// The stable name under which it is stored and shown in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }

    /// The role with this [`code`](Self::code).
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Admin, Self::Member].into_iter().find(|role| role.code() == code)
    }
}

/// An account as it is kept; its password hash is asked for apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// The address that it logs in with, as typed.
    pub email: String,
    /// The name shown.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Whether it may not log in.
    pub disabled: bool,
    /// When it was made.
    pub created: Millis,
    /// Who it is at a source, where an administrator said so.
    pub mapped: BTreeMap<SourceId, UserId>,
    /// Sources that an administrator keeps it from.
    pub excluded: BTreeSet<SourceId>,
}

impl Account {
    /// The person that asks: what a viewer is made from. A disabled account is nobody.
    pub fn person(&self) -> Person {
        if self.disabled {
            return Person::default();
        }
        Person { trusted_email: Some(self.email.clone()), mapped: self.mapped.clone(), excluded: self.excluded.clone() }
    }
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The address that it logs in with.
    pub email: String,
    /// The name shown.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The hash of its password; without one nobody can log in with a password.
    pub password: Option<SecretString>,
}

/// One change of an account.
#[derive(Clone, Debug)]
pub enum AccountChange {
    /// Another name.
    Name(String),
    /// Another address.
    Email(String),
    /// Another role.
    Role(Role),
    /// May not, or may again, log in. Ends all its sessions.
    Disabled(bool),
    /// Another password hash. Ends all its sessions.
    Password(Option<SecretString>),
    /// Who it is at a source; `None` leaves it to the e-mail again.
    Mapping(SourceId, Option<UserId>),
    /// Whether it is kept from a source.
    Exclusion(SourceId, bool),
}

/// Why an account could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Another account has the address.
    #[error("there is already an account with the e-mail address `{0}`")]
    EmailTaken(String),
    /// That is no address.
    #[error("`{0}` is not an e-mail address; write one such as `ana@example.com`")]
    NotAnEmail(String),
    /// There is no such account.
    #[error("there is no account {}", .0.0)]
    Unknown(AccountId),
    /// Nobody could administer the hub any more.
    #[error("this is the last administrator who can log in; make another account an administrator first")]
    LastAdmin,
    /// A mapping or exclusion names a source that is not connected.
    #[error("there is no source {}; `fossick source list` shows all", .0.0)]
    UnknownSource(SourceId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for AccountError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

const COLUMNS: &str = "id, email, name, role, disabled, created";

fn account_of_row(sql: &Connection, row: &Row<'_>) -> Result<Account, StoreError> {
    let id: i64 = row.get(0)?;
    let role = Role::from_code(&row.get::<_, String>(3)?).ok_or(StoreError::Unreadable { what: "role" })?;
    let mut mapped = BTreeMap::new();
    let mut statement = sql.prepare_cached("SELECT source, user FROM account_mappings WHERE account = ?1")?;
    let mut rows = statement.query([id])?;
    while let Some(row) = rows.next()? {
        let user = row.get::<_, String>(1)?.parse().map_err(|_| StoreError::Unreadable { what: "mapping" })?;
        mapped.insert(SourceId(row.get(0)?), user);
    }
    let mut statement = sql.prepare_cached("SELECT source FROM account_exclusions WHERE account = ?1")?;
    let excluded = statement.query_map([id], |row| Ok(SourceId(row.get(0)?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(Account {
        id: AccountId(id),
        email: row.get(1)?,
        name: row.get(2)?,
        role,
        disabled: row.get(4)?,
        created: Millis(row.get(5)?),
        mapped,
        excluded,
    })
}

pub(super) fn find(sql: &Connection, id: AccountId) -> Result<Option<Account>, StoreError> {
    let mut statement = sql.prepare_cached(&format!("SELECT {COLUMNS} FROM accounts WHERE id = ?1"))?;
    statement.query_row([id.0], |row| Ok(account_of_row(sql, row))).optional()?.transpose()
}

/// The form under which addresses are compared.
fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

fn checked_email(email: &str) -> Result<String, AccountError> {
    let email = email.trim();
    let plausible = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !email.contains(char::is_whitespace);
    if plausible { Ok(email.to_owned()) } else { Err(AccountError::NotAnEmail(email.to_owned())) }
}

fn taken(email: &str) -> impl Fn(rusqlite::Error) -> AccountError {
    let email = email.to_owned();
    move |error| if is_taken(&error) { AccountError::EmailTaken(email.clone()) } else { error.into() }
}

impl Store {
    /// Makes an account. Addresses are unique without regard to case.
    pub async fn add_account(&self, new: NewAccount, at: Millis) -> Result<Account, AccountError> {
        let email = checked_email(&new.email)?;
        self.change_hub(move |sql| {
            let password = new.password.as_ref().map(ExposeSecret::expose_secret);
            sql.execute(
                "INSERT INTO accounts (email, email_key, name, role, password, created) VALUES (?, ?, ?, ?, ?, ?)",
                params![email, email_key(&email), new.name, new.role.code(), password, at.0],
            )
            .map_err(taken(&email))?;
            let id = AccountId(sql.last_insert_rowid());
            find(sql, id)?.ok_or(AccountError::Unknown(id))
        })
        .await
    }

    /// All accounts, by id.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached(&format!("SELECT {COLUMNS} FROM accounts ORDER BY id"))?;
            let mut rows = statement.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(account_of_row(sql, row)?);
            }
            Ok(found)
        })
    }

    /// One account.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.inner.hub_reads.read(|sql| find(sql, id))
    }

    /// The account that logs in with this address, in whatever case.
    pub fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached(&format!("SELECT {COLUMNS} FROM accounts WHERE email_key = ?1"))?;
            let found = statement.query_row([email_key(email)], |row| Ok(account_of_row(sql, row)));
            found.optional()?.transpose()
        })
    }

    /// The password hash of an account, if it has one.
    pub fn password_hash(&self, id: AccountId) -> Result<Option<SecretString>, StoreError> {
        self.inner.hub_reads.read(|sql| {
            let mut statement = sql.prepare_cached("SELECT password FROM accounts WHERE id = ?1")?;
            let found: Option<Option<String>> = statement.query_row([id.0], |row| row.get(0)).optional()?;
            Ok(found.flatten().map(SecretString::from))
        })
    }

    /// Changes an account. The last administrator who can log in stays one.
    pub async fn change_account(&self, id: AccountId, change: AccountChange) -> Result<Account, AccountError> {
        self.change_hub(move |sql| {
            let before = find(sql, id)?.ok_or(AccountError::Unknown(id))?;
            apply(sql, id, &change)?;
            if matches!(change, AccountChange::Disabled(_) | AccountChange::Password(_)) {
                sql.execute("DELETE FROM sessions WHERE account = ?1", [id.0])?;
            }
            let was_admin = before.role == Role::Admin && !before.disabled;
            let admins = "SELECT count(*) FROM accounts WHERE role = 'admin' AND disabled = 0";
            if was_admin && sql.query_row(admins, [], |row| row.get::<_, i64>(0))? == 0 {
                return Err(AccountError::LastAdmin);
            }
            find(sql, id)?.ok_or(AccountError::Unknown(id))
        })
        .await
    }
}

fn apply(sql: &Connection, id: AccountId, change: &AccountChange) -> Result<(), AccountError> {
    let id = id.0;
    match change {
        AccountChange::Name(name) => sql.execute("UPDATE accounts SET name = ?2 WHERE id = ?1", params![id, name])?,
        AccountChange::Email(email) => {
            let email = checked_email(email)?;
            let update = "UPDATE accounts SET email = ?2, email_key = ?3 WHERE id = ?1";
            sql.execute(update, params![id, email, email_key(&email)]).map_err(taken(&email))?
        }
        AccountChange::Role(role) => {
            sql.execute("UPDATE accounts SET role = ?2 WHERE id = ?1", params![id, role.code()])?
        }
        AccountChange::Disabled(disabled) => {
            sql.execute("UPDATE accounts SET disabled = ?2 WHERE id = ?1", params![id, disabled])?
        }
        AccountChange::Password(hash) => {
            let hash = hash.as_ref().map(ExposeSecret::expose_secret);
            sql.execute("UPDATE accounts SET password = ?2 WHERE id = ?1", params![id, hash])?
        }
        AccountChange::Mapping(source, Some(user)) => {
            require_source(sql, *source)?;
            sql.execute(
                "INSERT INTO account_mappings (account, source, user) VALUES (?1, ?2, ?3)
                 ON CONFLICT (account, source) DO UPDATE SET user = excluded.user",
                params![id, source.0, user.to_string()],
            )?
        }
        AccountChange::Mapping(source, None) => {
            sql.execute("DELETE FROM account_mappings WHERE account = ?1 AND source = ?2", params![id, source.0])?
        }
        AccountChange::Exclusion(source, true) => {
            require_source(sql, *source)?;
            let insert = "INSERT INTO account_exclusions (account, source) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            sql.execute(insert, params![id, source.0])?
        }
        AccountChange::Exclusion(source, false) => {
            sql.execute("DELETE FROM account_exclusions WHERE account = ?1 AND source = ?2", params![id, source.0])?
        }
    };
    Ok(())
}

fn require_source(sql: &Connection, source: SourceId) -> Result<(), AccountError> {
    let known = sql.prepare_cached("SELECT 1 FROM sources WHERE id = ?1")?.exists([source.0])?;
    if known { Ok(()) } else { Err(AccountError::UnknownSource(source)) }
}
