//! Names of people, whom pages and mentions give by id alone.
//!
//! A cache only: the directory fills it, and whoever is still missing is asked for, 250 at a time.

use crate::confluence::cloud::wire::User;
use crate::http::{Call, CallError, Endpoint, Gateway};
use model::{PersonName, Problem, ProblemKind};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most ids of one call.
const ASKED: usize = 250;

/// Known names by account id; an empty one was asked for in vain.
#[derive(Default)]
pub(super) struct Names(Mutex<HashMap<String, String>>);

impl Names {
    /// Takes what the directory knows.
    pub(super) fn learn(&self, names: impl IntoIterator<Item = (String, String)>) {
        self.lock().extend(names.into_iter().filter(|(_, name)| !name.is_empty()));
    }

    /// The name of a person; `None` if nobody could tell.
    pub(super) fn of(&self, account: &str) -> Option<String> {
        self.lock().get(account).filter(|name| !name.is_empty()).cloned()
    }

    /// A person as a document shows one.
    pub(super) fn person(&self, account: Option<&str>) -> Option<PersonName> {
        let account = account.filter(|account| !account.is_empty())?;
        Some(PersonName { id: account.to_owned(), name: self.of(account).unwrap_or_default() })
    }

    /// Asks for those who are not known yet. A refusal costs a notice: a missing name hides nothing.
    pub(super) async fn fill(
        &self,
        gateway: &Gateway,
        accounts: BTreeSet<String>,
        problems: &mut Vec<Problem>,
    ) -> Result<(), CallError> {
        let unknown: Vec<String> = {
            let known = self.lock();
            accounts.into_iter().filter(|account| !account.is_empty() && !known.contains_key(account)).collect()
        };
        for asked in unknown.chunks(ASKED) {
            let call = Call::new(Endpoint::ConfluenceUsersBulk).json(&json!({ "accountIds": asked }));
            let found: Vec<User> = match gateway.send(call).await {
                Ok(answer) => answer.records("results", "user")?.into_found(problems),
                Err(error) if error.is_refusal() => {
                    problems.push(Problem::new(ProblemKind::Notice, error.endpoint.to_string(), error.reason()));
                    Vec::new()
                }
                Err(error) => return Err(error),
            };
            let mut known = self.lock();
            known.extend(asked.iter().map(|account| (account.clone(), String::new())));
            known.extend(found.into_iter().filter_map(|user| {
                let name = user.display_name.or(user.public_name)?;
                Some((user.account_id?, name))
            }));
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
