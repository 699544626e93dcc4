//! As whom accounts search at the sources, and the mappings by which administrators say so.
//!
//! Whoever maps an account gives it that person's eyes, so a mapping names a user whom the source knows, by its id alone,
//! and is written to the audit log.

use crate::accounts::account_failure;
use crate::audit::Action;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::{Actor, Address};
use access::{Joined, SourceId, User, UserId};
use model::Deployment;
use store::{Account, AccountChange, AccountId, StoredSource};

/// How an account stands on one source.
pub(crate) struct PersonAt {
    pub(crate) source: StoredSource,
    pub(crate) standing: Joined,
    /// Whether an administrator named the user.
    pub(crate) mapped: bool,
}

/// A user whom an account could be mapped to.
pub(crate) struct Candidate {
    pub(crate) id: UserId,
    pub(crate) user: User,
}

/// The most users that one search for candidates gives.
const MOST: usize = 20;

/// A user's id as an administrator types it: what the source itself calls the user.
fn user_id(source: &StoredSource, typed: &str) -> UserId {
    match source.settings.deployment {
        Deployment::Cloud => UserId::Account(typed.into()),
        Deployment::DataCenter => UserId::Key(typed.into()),
    }
}

/// The id without the word for its kind.
pub(crate) fn bare(user: &UserId) -> &str {
    match user {
        UserId::Account(id) | UserId::Key(id) => id,
    }
}

impl Hub {
    /// An account that is there; `NotFound` otherwise.
    pub(crate) async fn account(&self, id: AccountId) -> Result<Account, Failure> {
        self.reading(move |store| store.account(id)?.ok_or(Failure::NotFound)).await
    }

    /// The same by its e-mail.
    pub(crate) async fn account_by_email(&self, email: String) -> Result<Account, Failure> {
        self.reading(move |store| store.account_by_email(&email)?.ok_or(Failure::NotFound)).await
    }

    /// How an account stands on every source, by the sources' names.
    pub(crate) async fn persons(&self, account: &Account) -> Result<Vec<PersonAt>, Failure> {
        let mut sources = self.reading(|store| Ok(store.sources()?)).await?;
        sources.sort_by_key(|source| source.settings.name());
        let (directory, person) = (self.app.store.directory(), account.person());
        let at = |source: StoredSource| PersonAt {
            standing: directory.joined(&person, source.id),
            mapped: account.mapped.contains_key(&source.id),
            source,
        };
        Ok(sources.into_iter().map(at).collect())
    }

    /// A user of a source, as its directory shows the user.
    pub(crate) fn user_at(&self, source: SourceId, user: &UserId) -> Option<User> {
        self.app.store.directory().source(source)?.users.get(user).cloned()
    }

    /// Users of a source whose name, e-mail or id holds `words`; the first few.
    pub(crate) fn candidates(&self, source: SourceId, words: &str) -> Vec<Candidate> {
        let words = words.trim().to_lowercase();
        let directory = self.app.store.directory();
        let Some(known) = directory.source(source).filter(|_| !words.is_empty()) else { return Vec::new() };
        let holds = |text: &str| text.to_lowercase().contains(&words);
        let found = known.users.iter().filter(|(id, user)| {
            holds(&user.display_name) || user.email.as_deref().is_some_and(holds) || bare(id).to_lowercase() == words
        });
        found.take(MOST).map(|(id, user)| Candidate { id: id.clone(), user: user.clone() }).collect()
    }

    /// Says who an account is at a source.
    pub(crate) async fn map_account(
        &self,
        actor: &Actor,
        account: &Account,
        source: SourceId,
        typed: &str,
        address: &Address,
    ) -> Result<Account, Failure> {
        let source = self.source(source).await?;
        let (user, name) = (user_id(&source, typed.trim()), source.settings.name());
        let known = self.user_at(source.id, &user);
        let Some(known) = known else {
            let reason = if self.app.store.directory().source(source.id).is_none() {
                format!("the people of `{name}` have not been read yet; run a sync of it, then map the account")
            } else {
                format!(
                    "`{name}` has no user with the id `{}`; copy the id from the user's profile there",
                    typed.trim()
                )
            };
            return Err(Failure::Invalid(reason));
        };
        if known.outsider {
            let reason = format!("user `{}` is a portal customer or an app, who sees nothing in `{name}`", bare(&user));
            return Err(Failure::Invalid(reason));
        }
        let change = AccountChange::Mapping(source.id, Some(user.clone()));
        let changed = self.app.store.change_account(account.id, change).await.map_err(account_failure)?;
        let target = format!("{} is {} on {name}", account.email, bare(&user));
        self.audit(actor, Action::AccountMapped, &target, address).await?;
        Ok(changed)
    }

    /// Leaves it to the e-mail again who an account is at a source. Harmless if there was no mapping.
    pub(crate) async fn unmap_account(
        &self,
        actor: &Actor,
        account: &Account,
        source: SourceId,
        address: &Address,
    ) -> Result<Account, Failure> {
        let name = self.source(source).await?.settings.name();
        let change = AccountChange::Mapping(source, None);
        let changed = self.app.store.change_account(account.id, change).await.map_err(account_failure)?;
        let target = format!("{} on {name}", account.email);
        self.audit(actor, Action::AccountUnmapped, &target, address).await?;
        Ok(changed)
    }
}
