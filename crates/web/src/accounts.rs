//! Signing in, signing out, passwords and new accounts: the operations that pages and API share.

use crate::audit::Action;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::{Actor, Address, SignedIn, expiry};
use crate::password;
use crate::token::Token;
use model::{Duration, Millis};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use store::{Account, AccountChange, AccountError, NewAccount, Role, TokenHash};

/// Failures are forgotten a day after the first.
const WINDOW: Duration = Duration::hours(24);
/// Failures before the first wait, for one account.
const FREE_FOR_ACCOUNT: u32 = 5;
/// Failures before the first wait, for one address: a whole office may share it.
const FREE_FOR_ADDRESS: u32 = 20;
/// No wait is longer than this, so that nobody can be locked out for good.
const LONGEST_WAIT: Duration = Duration(15 * 60 * 1000);

/// A session that was opened just now.
pub(crate) struct Opened {
    pub(crate) account: Account,
    pub(crate) token: Token,
    pub(crate) expires: Millis,
}

/// What was wrong with the fields of an account, each for people.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct AccountFaults {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) password: Option<String>,
}

impl AccountFaults {
    /// The first fault; `None` if all is well.
    pub(crate) fn first(&self) -> Option<&str> {
        self.name.as_deref().or(self.email.as_deref()).or(self.password.as_deref())
    }
}

/// The throttle's keys for one attempt: hashed, because people type passwords into the wrong field.
fn throttle_keys(email: &str, address: &Address) -> [(String, u32); 2] {
    let hashed = |text: &str| hex::encode(&Sha256::digest(text.trim().to_lowercase())[..16]);
    [
        (format!("account {}", hashed(email)), FREE_FOR_ACCOUNT),
        (format!("address {}", hashed(&address.0)), FREE_FOR_ADDRESS),
    ]
}

/// How long after the last of `failures` the next attempt is heard: twice as long with each.
fn wait_after(failures: u32, free: u32) -> Duration {
    let Some(beyond) = failures.checked_sub(free) else { return Duration(0) };
    let seconds = 1i64 << beyond.min(20);
    Duration((seconds * 1000).min(LONGEST_WAIT.0))
}

impl Hub {
    /// Opens a session for whoever knows the password. The answer is the same for a wrong password, an unknown address
    /// and a deactivated account, and so is the time that it takes.
    pub(crate) async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        address: &Address,
    ) -> Result<Opened, Failure> {
        let keys = throttle_keys(email, address);
        self.require_patience(&keys)?;
        let turn = self.passwords.turn().await?;
        // Again, for those who came at the same time and were counted meanwhile.
        self.require_patience(&keys)?;
        let found = self.app.store.account_by_email(email)?.filter(|account| !account.disabled);
        let stored = match &found {
            Some(account) => self.app.store.password_hash(account.id)?,
            None => None,
        };
        let fits = self.passwords.check(&turn, password, stored).await?;
        let now = self.now();
        let Some(account) = found.filter(|_| fits) else {
            for (key, _) in &keys {
                self.app.store.count_failure(key, now, WINDOW).await?;
            }
            let typed = if email.contains('@') { email } else { "no e-mail address" };
            let typed: String = typed.chars().filter(|c| !c.is_control()).take(120).collect();
            self.audit(&Actor::Nobody, Action::SignInFailed, &typed, address).await?;
            return Err(Failure::NoMatch);
        };
        self.app.store.forget_failures(&keys[0].0, Millis(now.0 - WINDOW.0)).await?;
        let opened = self.open_session(account).await?;
        let email = &opened.account.email;
        self.audit(&Actor::Account(email.clone()), Action::SignedIn, email, address).await?;
        Ok(opened)
    }

    fn require_patience(&self, keys: &[(String, u32)]) -> Result<(), Failure> {
        let now = self.now();
        let mut left = 0;
        for (key, free) in keys {
            let known = self.app.store.failures(key)?;
            let until = known.last_at.0 + wait_after(known.failures, *free).0;
            left = left.max(until - now.0);
        }
        match u64::try_from(left) {
            Ok(left) if left > 0 => Err(Failure::Throttled { seconds: left.div_ceil(1000) }),
            _ => Ok(()),
        }
    }

    /// Always a new token: one that was planted before signing in is worth nothing after it.
    async fn open_session(&self, account: Account) -> Result<Opened, Failure> {
        let token = Token::random(self.app.entropy.as_ref())?;
        let now = self.now();
        let expires = expiry(now, now);
        self.app.store.drop_ended_sessions(now).await?;
        self.app.store.open_session(TokenHash(token.digest()), account.id, now, expires).await?;
        Ok(Opened { account, token, expires })
    }

    pub(crate) async fn sign_out(&self, who: &SignedIn, address: &Address) -> Result<(), Failure> {
        self.app.store.close_session(TokenHash(who.token.digest())).await?;
        let email = &who.account.email;
        self.audit(&Actor::Account(email.clone()), Action::SignedOut, email, address).await
    }

    /// Whether this is the password of the account. Failures count as those of signing in do.
    pub(crate) async fn is_password(
        &self,
        account: &Account,
        password: SecretString,
        address: &Address,
    ) -> Result<bool, Failure> {
        let keys = throttle_keys(&account.email, address);
        let turn = self.passwords.turn().await?;
        self.require_patience(&keys)?;
        let stored = self.app.store.password_hash(account.id)?;
        let fits = self.passwords.check(&turn, password, stored).await?;
        if !fits {
            self.app.store.count_failure(&keys[0].0, self.now(), WINDOW).await?;
        }
        Ok(fits)
    }

    /// Gives an account another password and ends all its sessions.
    pub(crate) async fn set_password(
        &self,
        actor: &Actor,
        account: &Account,
        password: SecretString,
        address: &Address,
    ) -> Result<Account, Failure> {
        if let Some(fault) = password::fault_of(password.expose_secret(), &account.email) {
            return Err(Failure::Invalid(format!("the password will not do: {fault}")));
        }
        let hash = self.passwords.hash(password).await?;
        let change = AccountChange::Password(Some(hash));
        let changed = self.app.store.change_account(account.id, change).await.map_err(account_failure)?;
        let [(key, _), _] = throttle_keys(&account.email, address);
        self.app.store.forget_failures(&key, Millis(self.now().0 - WINDOW.0)).await?;
        self.audit(actor, Action::PasswordChanged, &account.email, address).await?;
        Ok(changed)
    }

    /// Changes one's own password: every session ends, and a new one is opened for who did it.
    pub(crate) async fn change_own_password(
        &self,
        who: &SignedIn,
        password: SecretString,
        address: &Address,
    ) -> Result<Opened, Failure> {
        let actor = Actor::Account(who.account.email.clone());
        let account = self.set_password(&actor, &who.account, password, address).await?;
        self.open_session(account).await
    }

    /// Adds an account. The inner error says which field is wrong.
    pub(crate) async fn add_account(
        &self,
        actor: &Actor,
        new: Candidate,
        address: &Address,
    ) -> Result<Result<Account, AccountFaults>, Failure> {
        let faults = AccountFaults {
            name: new.name.trim().is_empty().then(|| "write the person's name".to_owned()),
            email: None,
            password: password::fault_of(new.password.expose_secret(), &new.email),
        };
        if faults.first().is_some() {
            return Ok(Err(faults));
        }
        let password = Some(self.passwords.hash(new.password).await?);
        let wanted = NewAccount { email: new.email, name: new.name.trim().to_owned(), role: new.role, password };
        let account = match self.app.store.add_account(wanted, self.now()).await {
            Ok(account) => account,
            Err(error @ (AccountError::EmailTaken(_) | AccountError::NotAnEmail(_))) => {
                return Ok(Err(AccountFaults { email: Some(error.to_string()), ..AccountFaults::default() }));
            }
            Err(error) => return Err(account_failure(error)),
        };
        let target = format!("{} ({})", account.email, account.role.code());
        self.audit(actor, Action::AccountAdded, &target, address).await?;
        Ok(Ok(account))
    }
}

/// An account as an administrator wants it.
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) password: SecretString,
}

pub(crate) fn account_failure(error: AccountError) -> Failure {
    match error {
        AccountError::Store(error) => error.into(),
        AccountError::Unknown(_) => Failure::NotFound,
        AccountError::LastAdmin => Failure::Conflict(error.to_string()),
        AccountError::EmailTaken(_) | AccountError::NotAnEmail(_) | AccountError::UnknownSource(_) => {
            Failure::Invalid(error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_have_an_end() {
        let waits = [0, 4, 5, 6, 7, 40].map(|failures| wait_after(failures, 5).0 / 1000);
        assert_eq!(waits, [0, 0, 1, 2, 4, 900]);
    }

    #[test]
    fn the_throttle_keeps_nothing_that_was_typed() {
        let address = Address("10.0.0.1".to_owned());
        let [(mine, _), _] = throttle_keys("Ana@Example.com ", &address);
        let [(same, _), _] = throttle_keys("ana@example.com", &address);
        assert_eq!(mine, same);
        assert!(!mine.contains("ana"));
    }
}
