//! Confluence Cloud as a source of a sync.
//!
//! Bodies come from site-wide lists of API version 2; restrictions from version 1, in bulk, since version 2 has none. What has
//! changed is found in the same lists, newest first, which no time zone and no lagging search can falsify.

mod comments;
mod confirm;
mod contents;
mod fetch;
mod files;
pub(crate) mod holder;
mod listing;
mod names;
mod permissions;
mod places;
mod replies;
mod restrictions;
mod roles;
mod spaces;
mod wire;

use crate::directory;
use crate::http::{Call, Endpoint, Gateway, timed, unless_refused};
use access::{SourceId, UserId};
use async_trait::async_trait;
use model::{RunKind, Scope, SiteDomain};
use names::Names;
use places::PlacesSeen;
use replies::Threads;
use roles::Roles;
use std::sync::Arc;
use sync::{Batch, Checkpoint, Cursor, FetchError, FetchErrorKind, Form, Item, Known, Reading, Source, Stream};
use tokio::sync::{Mutex, OnceCell};

/// Confluence of one Cloud site.
pub struct ConfluenceCloud {
    gateway: Gateway,
    source: SourceId,
    site: SiteDomain,
    scope: Scope,
    own_account: OnceCell<Option<String>>,
    names: Names,
    roles: Mutex<Option<Arc<Roles>>>,
    places: Mutex<PlacesSeen>,
    threads: Threads,
}

impl ConfluenceCloud {
    /// Reads the Confluence of `site` through `gateway`, as far as `scope` wants it. Makes no call yet.
    pub fn new(gateway: &Gateway, source: SourceId, site: SiteDomain, scope: Scope) -> Self {
        Self {
            gateway: gateway.counting_apart(),
            source,
            site,
            scope,
            own_account: OnceCell::new(),
            names: Names::default(),
            roles: Mutex::default(),
            places: Mutex::default(),
            threads: Threads::default(),
        }
    }

    /// The gateway with the counters of this source.
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// The directory as a whole; the names in it serve pages and mentions later.
    async fn read_directory(&self) -> Result<Batch, FetchError> {
        let (directory, problems) = directory::for_confluence(&self.gateway).await?;
        self.names.learn(directory.users.iter().filter_map(|(id, user)| match id {
            UserId::Account(account) => Some((account.to_string(), user.display_name.clone())),
            UserId::Key(_) => None,
        }));
        let items = vec![Item::Directory(Box::new(directory))];
        Ok(fetch::batch(items, problems, Checkpoint::Complete))
    }

    /// The service account's own id, if it may be known. It stands in every restriction that it can read and says
    /// nothing about people; left in, it would admit no person either.
    async fn own_account(&self) -> Result<Option<&str>, FetchError> {
        let ask = || async {
            let call = Call::new(Endpoint::ConfluenceCurrentUser);
            match unless_refused(self.gateway.send(call).await)? {
                Ok(answer) => Ok::<_, FetchError>(answer.json::<wire::User>()?.account_id),
                Err(_) => Ok(None),
            }
        };
        Ok(self.own_account.get_or_try_init(ask).await?.as_deref())
    }
}

#[async_trait]
impl Source for ConfluenceCloud {
    fn plan(&self, kind: RunKind) -> Vec<(Stream, Form)> {
        let form = |stream: Stream| match (kind, stream) {
            (_, Stream::Issues) => None,
            (RunKind::Full, _) => Some(Form::Whole),
            (RunKind::Permissions | RunKind::Sweep, Stream::Containers) => Some(Form::Whole),
            (RunKind::Permissions, Stream::Directory) => Some(Form::Whole),
            (RunKind::Retry, Stream::Directory | Stream::Containers) => Some(Form::Whole),
            (RunKind::Permissions, _) | (_, Stream::Directory | Stream::Containers) => None,
            (RunKind::Sweep, _) => Some(Form::Structure),
            (RunKind::Incremental | RunKind::Retry, _) => Some(Form::Changes),
        };
        Stream::ALL.into_iter().filter_map(|stream| Some((stream, form(stream)?))).collect()
    }

    async fn read(
        &self,
        stream: Stream,
        reading: &Reading,
        cursor: Option<&Cursor>,
        known: &dyn Known,
    ) -> Result<Batch, FetchError> {
        timed(&self.gateway, self.read_stream(stream, reading, cursor, known)).await
    }

    fn calls(&self) -> u64 {
        self.gateway.calls()
    }
}

impl ConfluenceCloud {
    async fn read_stream(
        &self,
        stream: Stream,
        reading: &Reading,
        cursor: Option<&Cursor>,
        known: &dyn Known,
    ) -> Result<Batch, FetchError> {
        match stream {
            Stream::Directory => self.read_directory().await,
            Stream::Containers => permissions::read(self, cursor, known).await,
            Stream::Pages => contents::read(self, wire::Listed::Pages, reading, cursor, known).await,
            Stream::BlogPosts => contents::read(self, wire::Listed::BlogPosts, reading, cursor, known).await,
            Stream::Places => places::read(self, reading, cursor, known).await,
            Stream::FooterComments => comments::read(self, wire::Thread::Footer, reading, cursor, known).await,
            Stream::InlineComments => comments::read(self, wire::Thread::Inline, reading, cursor, known).await,
            Stream::Attachments => files::read(self, reading, cursor, known).await,
            Stream::Restrictions => restrictions::read(self, reading, cursor, known).await,
            Stream::Issues => Err(FetchError {
                kind: FetchErrorKind::Forbidden,
                endpoint: "issues".to_owned(),
                reason: "Confluence has no issues".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
