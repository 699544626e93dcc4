//! What every handler works with: the parts that the binary has wired, and what is derived from them per request.

use crate::App;
use crate::cookies::Jar;
use crate::failure::Failure;
use crate::password::Passwords;
use crate::upkeep::Condition;
use crate::webhooks::Calls;
use access::{Joined, SourceId, UserId, Viewer};
use model::Millis;
use std::sync::Arc;
use store::{Account, Store, StoredSource};

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hub(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) app: App,
    pub(crate) passwords: Passwords,
    pub(crate) calls: Calls,
}

impl std::ops::Deref for Hub {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Hub {
    pub(crate) fn new(app: App) -> Self {
        let passwords = Passwords::new(app.entropy.clone());
        let calls = Calls::since((app.clock)());
        Self(Arc::new(Inner { app, passwords, calls }))
    }

    pub(crate) fn now(&self) -> Millis {
        (self.app.clock)()
    }

    /// How the hub is. Not within a request's own thread: who looks at the disk may write there, too, and wait.
    pub(crate) async fn condition(&self) -> Result<Condition, Failure> {
        let upkeep = self.app.upkeep.clone();
        Ok(tokio::task::spawn_blocking(move || upkeep.condition()).await?)
    }

    pub(crate) fn jar(&self) -> Jar {
        Jar { secure: self.app.secure_cookies }
    }

    /// As whom an account searches now. Asked anew for each request, so that a changed directory counts at once.
    pub(crate) fn viewer(&self, account: &Account) -> Viewer {
        self.app.store.directory().viewer_of(&account.person())
    }

    /// Reads from the store or the index without holding up other requests.
    pub(crate) async fn reading<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let store = self.app.store.clone();
        tokio::task::spawn_blocking(move || read(&store)).await?
    }

    /// A source that is there; `NotFound` otherwise.
    pub(crate) async fn source(&self, id: SourceId) -> Result<StoredSource, Failure> {
        self.reading(move |store| store.source(id)?.ok_or(Failure::NotFound)).await
    }

    /// As whom each of `sources` knows an account: the source, the user there, and the name shown there.
    pub(crate) fn joined<'s>(
        &self,
        account: &Account,
        sources: &'s [StoredSource],
    ) -> Vec<(&'s StoredSource, UserId, String)> {
        let directory = self.app.store.directory();
        let person = account.person();
        let mut joined = Vec::new();
        for source in sources {
            if let Joined::As { user, .. } = directory.joined(&person, source.id) {
                let known = directory.source(source.id).and_then(|known| known.users.get(&user));
                let name = known.map_or_else(|| user.to_string(), |user| user.display_name.clone());
                joined.push((source, user, name));
            }
        }
        joined
    }
}
