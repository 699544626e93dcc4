//! What becomes known, while the store is open, of files that are not what was written.
//!
//! SQLite says so itself when it meets a page that cannot be: then the store is damaged, and whoever holds it must stop (STO-10).
//! A value that cannot be read is a suspicion only, for a scrub to decide.

use crate::StoreError;
use tokio::sync::{Notify, watch};

/// Damage of one file.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{file}` is damaged ({reason}); stop fossick, keep a copy of the data directory, and put a backup in its place: \
     fossick restore BACKUP --replace"
)]
pub struct Damage {
    /// The file in the data directory.
    pub file: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

/// Raised once, heard by all who watch.
pub(crate) struct Alarm {
    damage: watch::Sender<Option<Damage>>,
    suspicion: Notify,
}

impl Alarm {
    pub(crate) fn new() -> Self {
        Self { damage: watch::Sender::new(None), suspicion: Notify::new() }
    }

    /// Notes what an error of reading or writing `file` says of it.
    pub(crate) fn hear<E: Fallible>(&self, file: &'static str, error: &E) {
        match error.of_store() {
            Some(StoreError::Damaged(reason)) => self.raise(Damage { file, reason: reason.clone() }),
            Some(StoreError::Unreadable { what }) => {
                tracing::error!(file, what, "a stored value cannot be read; the store is checked now");
                self.suspicion.notify_one();
            }
            _ => {}
        }
    }

    pub(crate) fn raise(&self, damage: Damage) {
        self.damage.send_if_modified(|known| {
            if known.is_some() {
                return false;
            }
            tracing::error!(%damage, "the store is damaged");
            *known = Some(damage);
            true
        });
    }

    pub(crate) fn damage(&self) -> Option<Damage> {
        self.damage.borrow().clone()
    }

    /// Waits for damage.
    pub(crate) async fn damaged(&self) -> Damage {
        let mut watching = self.damage.subscribe();
        loop {
            if let Some(damage) = watching.borrow_and_update().clone() {
                return damage;
            }
            // The sender is a part of this alarm, so it does not go while somebody waits here.
            let _changed = watching.changed().await;
        }
    }

    /// Waits for the next value that cannot be read.
    pub(crate) async fn suspected(&self) {
        self.suspicion.notified().await;
    }
}

/// An error of an operation on the store, as far as it is the store's own.
pub(crate) trait Fallible: From<StoreError> {
    /// The store's own error in it.
    fn of_store(&self) -> Option<&StoreError>;
}

impl Fallible for StoreError {
    fn of_store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

/// Errors that hold the store's own in a variant of that name.
macro_rules! fallible {
    ($($error:ty),*) => {$(
        impl Fallible for $error {
            fn of_store(&self) -> Option<&StoreError> {
                match self {
                    Self::Store(error) => Some(error),
                    _ => None,
                }
            }
        }
    )*};
}

fallible!(crate::content::CommitError, crate::AccountError, crate::SourceError, crate::SecretError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_damage_stays_and_a_full_disk_is_none() {
        let alarm = Alarm::new();
        alarm.hear("hub.db", &StoreError::Full);
        assert_eq!(alarm.damage(), None);
        alarm.hear("hub.db", &crate::AccountError::Store(StoreError::Damaged("a page".into())));
        alarm.hear("content.db", &StoreError::Damaged("another".into()));
        let damage = alarm.damage().expect("it was raised");
        assert_eq!((damage.file, damage.reason.as_str()), ("hub.db", "a page"));
        assert!(damage.to_string().contains("fossick restore"));
    }
}
