//! Who can see one document, as people.

use crate::whom::id_text;
use crate::{About, ExplainError, Explainer};
use access::{Hidden, Join, UserId};
use model::StoredDocument;
use std::collections::HashMap;
use store::Account;

/// Somebody who passes every layer of a document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Spectator {
    /// The name shown at the source.
    pub name: String,
    /// The account id there.
    pub id: String,
    /// Whether a guest.
    pub guest: bool,
    /// The account of this hub that is joined to the person, by its e-mail.
    pub account: Option<String>,
    /// Why the account does not find the document all the same.
    pub kept_out: Option<&'static str>,
}

/// All who can see one document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Audience {
    /// The document.
    pub about: About,
    /// By name.
    pub people: Vec<Spectator>,
    /// How many of them find it in this hub today.
    pub finding: usize,
    /// Why nobody can see it, as far as that has a cause.
    pub cause: Option<Hidden>,
}

impl Explainer<'_> {
    /// Lists everybody whom the source's directory knows and every layer admits, joined to an account here or not.
    pub fn audience(&self, document: &StoredDocument) -> Result<Audience, ExplainError> {
        let directory = self.store.directory();
        let accounts = self.accounts_by_user(document)?;
        let known = directory.source(document.source);
        let mut people = Vec::new();
        for (id, viewer) in directory.everybody(document.source) {
            if !self.access.admits(&viewer, document.docno) {
                continue;
            }
            let user = known.and_then(|known| known.users.get(&id));
            let account = accounts.get(&id);
            let excluded = account.is_some_and(|account| account.excluded.contains(&document.source));
            let kept_out = excluded.then_some("an administrator keeps the account from this source");
            people.push(Spectator {
                name: crate::names::Names::of(known).user(&id),
                id: id_text(&id).to_owned(),
                guest: user.is_some_and(|user| user.guest),
                account: account.map(|account| account.email.clone()),
                kept_out,
            });
        }
        people.sort_by_cached_key(|person| (person.name.to_lowercase(), person.id.clone()));
        let finding = people.iter().filter(|person| person.account.is_some() && person.kept_out.is_none()).count();
        let cause = self.access.cause(document.docno);
        Ok(Audience { about: self.about(document)?, people, finding, cause })
    }

    /// The accounts of this hub that may sign in, by the user that each is on the document's source.
    fn accounts_by_user(&self, document: &StoredDocument) -> Result<HashMap<UserId, Account>, ExplainError> {
        let directory = self.store.directory();
        let mut joined = HashMap::new();
        for account in self.store.accounts()? {
            if let Join::Mapped(user) | Join::Email(user) = directory.join(&account.person(), document.source) {
                joined.insert(user, account);
            }
        }
        Ok(joined)
    }
}
