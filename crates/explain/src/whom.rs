//! The person that somebody means: an account of this hub, or anybody whom a source's directory knows, joined or not.

use access::{Directory, Person, SourceId, UserId};
use std::collections::{BTreeMap, BTreeSet};
use store::{Account, AccountId, Store, StoreError};

/// A person that access can be explained for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Whom {
    /// The name shown.
    pub name: String,
    /// What identifies the person beside the name: an e-mail, or an account id of the source.
    pub known_as: String,
    /// As whom searches are made, or would be.
    pub person: Person,
    /// The account of this hub. Without one, the answer is what the person would find after joining.
    pub account: Option<AccountId>,
    /// Whether that account may not sign in, and so finds nothing.
    pub disabled: bool,
}

/// Why nobody, or no one person, is meant.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum WhomError {
    /// Nobody is known by this.
    #[error(
        "nobody is known as `{0}`; name an e-mail address, an account id or a full name, as an account of this hub or \
         the directory of a source has it"
    )]
    Nobody(String),
    /// Several are.
    #[error("`{typed}` may be {}; name one by e-mail address or account id", candidates.join(", "))]
    Several {
        /// What was typed.
        typed: String,
        /// Account ids of those who may be meant.
        candidates: Vec<String>,
    },
}

impl Whom {
    /// An account of this hub.
    pub fn account(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            known_as: account.email.clone(),
            person: account.person(),
            account: Some(account.id),
            disabled: account.disabled,
        }
    }

    /// Finds who is meant: the e-mail of an account, then an e-mail, an account id or a full name of a directory.
    pub fn find(store: &Store, typed: &str) -> Result<Result<Self, WhomError>, StoreError> {
        let typed = typed.trim();
        if let Some(account) = store.account_by_email(typed)? {
            return Ok(Ok(Self::account(&account)));
        }
        let found = Self::in_directory(&store.directory(), typed);
        let Ok(mut whom) = found else { return Ok(found) };
        // Somebody who was named in another way may have an account all the same.
        let accounts = store.accounts()?;
        let same = |account: &&Account| {
            let directory = store.directory();
            let joined = |(source, user): (&SourceId, &UserId)| match directory.join(&account.person(), *source) {
                access::Join::Mapped(found) | access::Join::Email(found) => found == *user,
                _ => false,
            };
            whom.person.mapped.iter().any(joined)
        };
        if let Some(account) = accounts.iter().find(same) {
            whom = Self::account(account);
        }
        Ok(Ok(whom))
    }

    fn in_directory(directory: &Directory, typed: &str) -> Result<Self, WhomError> {
        let lower = typed.to_lowercase();
        let mut by_email = BTreeSet::new();
        let mut matching: BTreeMap<UserId, (String, BTreeSet<SourceId>)> = BTreeMap::new();
        for (source, known) in directory.sources() {
            for (id, user) in &known.users {
                let (UserId::Account(text) | UserId::Key(text)) = id;
                let email = user.email.as_ref().map(|email| email.trim().to_lowercase());
                if !lower.is_empty() && email.as_ref() == Some(&lower) {
                    by_email.insert(user.display_name.clone());
                }
                if **text == *typed || (!lower.is_empty() && user.display_name.to_lowercase() == lower) {
                    let entry = matching.entry(id.clone()).or_default();
                    entry.0.clone_from(&user.display_name);
                    entry.1.insert(source);
                }
            }
        }
        if let Some(name) = by_email.pop_first() {
            let person = Person { trusted_email: Some(typed.to_owned()), ..Person::default() };
            return Ok(Self { name, known_as: typed.to_owned(), person, account: None, disabled: false });
        }
        // An id is one account, whatever others are called.
        let exact =
            matching.keys().find(|id| matches!(id, UserId::Account(text) | UserId::Key(text) if **text == *typed));
        let chosen = exact.cloned().or_else(|| matching.keys().next().cloned().filter(|_| matching.len() == 1));
        match chosen.and_then(|id| matching.remove_entry(&id)) {
            Some((id, (name, sources))) => {
                let mapped = sources.into_iter().map(|source| (source, id.clone())).collect();
                let person = Person { mapped, ..Person::default() };
                Ok(Self { name, known_as: id_text(&id).to_owned(), person, account: None, disabled: false })
            }
            None if matching.is_empty() => Err(WhomError::Nobody(typed.to_owned())),
            None => {
                let candidates = matching.keys().map(|id| format!("`{}`", id_text(id))).collect();
                Err(WhomError::Several { typed: typed.to_owned(), candidates })
            }
        }
    }
}

/// The id as the source writes it.
pub(crate) fn id_text(id: &UserId) -> &str {
    let (UserId::Account(text) | UserId::Key(text)) = id;
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::{SourceDirectory, User};

    fn directory() -> Directory {
        let user = |name: &str, email: Option<&str>| User {
            display_name: name.to_owned(),
            email: email.map(str::to_owned),
            active: true,
            ..User::default()
        };
        let id = |text: &str| UserId::Account(text.into());
        let users = BTreeMap::from([
            (id("a-1"), user("Ana Souza", Some("Ana@example.com"))),
            (id("a-2"), user("Ben Okoro", None)),
            (id("a-3"), user("Ben Okoro", None)),
            (id("a-4"), user("Mira", None)),
        ]);
        let mut directory = Directory::default();
        for source in [SourceId(1), SourceId(2)] {
            directory.put(source, SourceDirectory { users: users.clone(), ..SourceDirectory::unknown() });
        }
        directory
    }

    #[test]
    fn people_are_found_by_address_id_and_full_name() {
        let directory = directory();
        let by_email = Whom::in_directory(&directory, "ana@example.com").unwrap();
        assert_eq!((by_email.name.as_str(), by_email.person.mapped.len()), ("Ana Souza", 0));
        let by_id = Whom::in_directory(&directory, "a-3").unwrap();
        assert_eq!((by_id.name.as_str(), by_id.person.mapped.len()), ("Ben Okoro", 2), "on both sources");
        assert_eq!(Whom::in_directory(&directory, "mira").unwrap().known_as, "a-4");
    }

    #[test]
    fn nobody_is_guessed() {
        let directory = directory();
        assert_eq!(Whom::in_directory(&directory, "Ana").unwrap_err(), WhomError::Nobody("Ana".into()));
        assert_eq!(Whom::in_directory(&directory, "").unwrap_err(), WhomError::Nobody(String::new()));
        let several = Whom::in_directory(&directory, "Ben Okoro").unwrap_err().to_string();
        assert!(several.contains("`a-2`, `a-3`"), "{several}");
    }
}
