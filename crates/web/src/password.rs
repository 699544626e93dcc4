//! Passwords: Argon2id, off the request threads, a few at a time.
//!
//! Every attempt costs the same, whether the account exists or not, so that the time of an answer tells nothing.

use crate::failure::Failure;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use store::Entropy;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The least number of characters of a new password.
pub(crate) const SHORTEST: usize = 12;
/// The most bytes of a password: more would only cost time.
const LONGEST: usize = 1024;

/// Memory of one attempt in KiB and passes over it, as the OWASP password storage cheat sheet recommends.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Attempts at the same time: together they need at most 76 MiB.
const AT_ONCE: usize = 4;
/// How long an attempt waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes and checks password hashes.
pub(crate) struct Passwords {
    entropy: Arc<dyn Entropy>,
    turns: Semaphore,
    dummy: Arc<OnceLock<String>>,
}

/// The right to make one attempt.
pub(crate) struct Turn<'a>(#[expect(dead_code, reason = "held until the attempt is over")] SemaphorePermit<'a>);

fn argon2() -> Result<Argon2<'static>, Failure> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| Failure::Internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &SecretString, salt: &[u8]) -> Result<String, Failure> {
    let hash: PasswordHash = argon2()?
        .hash_password_with_salt(password.expose_secret().as_bytes(), salt)
        .map_err(|error| Failure::Internal(format!("cannot hash a password: {error}")))?;
    Ok(hash.to_string())
}

fn fits(password: &SecretString, stored: &str) -> Result<bool, Failure> {
    let unreadable = |error| Failure::Internal(format!("a stored password hash cannot be read: {error}"));
    let stored = PasswordHash::new(stored).map_err(unreadable)?;
    Ok(argon2()?.verify_password(password.expose_secret().as_bytes(), &stored).is_ok())
}

/// What is wrong with a new password, for people; `None` if it will do.
pub(crate) fn fault_of(password: &str, email: &str) -> Option<String> {
    if password.chars().count() < SHORTEST {
        return Some(format!("use at least {SHORTEST} characters"));
    }
    if password.len() > LONGEST {
        return Some(format!("use at most {LONGEST} bytes"));
    }
    if password.trim().eq_ignore_ascii_case(email.trim()) {
        return Some("do not use the e-mail address as the password".to_owned());
    }
    None
}

impl Passwords {
    pub(crate) fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self { entropy, turns: Semaphore::new(AT_ONCE), dummy: Arc::default() }
    }

    /// Waits for the right to make an attempt; `Busy` if too many others do.
    pub(crate) async fn turn(&self) -> Result<Turn<'_>, Failure> {
        match tokio::time::timeout(PATIENCE, self.turns.acquire()).await {
            Ok(Ok(permit)) => Ok(Turn(permit)),
            _ => Err(Failure::Busy),
        }
    }

    /// The hash to store for a new password.
    pub(crate) async fn hash(&self, password: SecretString) -> Result<SecretString, Failure> {
        let _turn = self.turn().await?;
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt)?;
        tokio::task::spawn_blocking(move || hash(&password, &salt).map(SecretString::from)).await?
    }

    /// Whether a password fits. Without a stored hash the same work is done, and the answer is no.
    pub(crate) async fn check(
        &self,
        _turn: &Turn<'_>,
        password: SecretString,
        stored: Option<SecretString>,
    ) -> Result<bool, Failure> {
        if password.expose_secret().len() > LONGEST {
            return Ok(false);
        }
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt)?;
        let dummy = self.dummy.clone();
        tokio::task::spawn_blocking(move || {
            let Some(stored) = stored else {
                let dummy = match dummy.get() {
                    Some(dummy) => dummy,
                    None => {
                        let made = hash(&SecretString::from("nobody has this password"), &salt)?;
                        dummy.get_or_init(|| made)
                    }
                };
                fits(&password, dummy)?;
                return Ok(false);
            };
            fits(&password, stored.expose_secret())
        })
        .await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::SystemEntropy;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new(Arc::new(SystemEntropy));
        let stored = passwords.hash(secret("correct horse battery")).await.unwrap();
        assert!(stored.expose_secret().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let turn = passwords.turn().await.unwrap();
        assert!(passwords.check(&turn, secret("correct horse battery"), Some(stored.clone())).await.unwrap());
        assert!(!passwords.check(&turn, secret("correct horse batterz"), Some(stored)).await.unwrap());
        assert!(!passwords.check(&turn, secret("nobody has this password"), None).await.unwrap());
    }

    #[test]
    fn short_endless_and_obvious_passwords_are_refused() {
        assert!(fault_of("eleven char", "a@b").is_some());
        assert!(fault_of(&"x".repeat(2000), "a@b").is_some());
        assert!(fault_of("Ana.Souza@example.com", "ana.souza@example.com").is_some());
        assert_eq!(fault_of("twelve chars", "a@b"), None);
    }
}
