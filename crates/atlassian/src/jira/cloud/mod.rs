//! Jira Cloud as a source: projects and who may browse them, then issues with comments and files.
//!
//! What a crawl costs is in `fetch`, what permissions mean in `permissions`, what a document is in `document`; the
//! types of Jira's JSON stay in `wire`.

mod document;
mod fetch;
mod permissions;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use fetch::all_pages;
pub(crate) use permissions::HOLDER_TYPES;

use crate::directory;
use crate::http::{Gateway, timed};
use access::SourceId;
use async_trait::async_trait;
use model::{OpenProjects, RunKind, Scope, SiteDomain};
use sync::{Batch, Checkpoint, Cursor, FetchError, Form, Item, Known, Reading, Source, Stream};

/// Jira on one Cloud site.
#[derive(Debug)]
pub struct JiraCloud {
    gateway: Gateway,
    source: SourceId,
    /// The site's own address, for people; never the gateway's.
    site: String,
    scope: Scope,
    open: OpenProjects,
    cache: fetch::Cache,
}

impl JiraCloud {
    /// Prepares to read. Makes no call.
    ///
    /// The gateway's credential should be that of a service account; its counters become those of this source.
    pub fn new(gateway: Gateway, source: SourceId, site: &SiteDomain, scope: Scope) -> Self {
        Self { gateway, source, site: site.url(), scope, open: OpenProjects::default(), cache: fetch::Cache::default() }
    }

    /// Takes an administrator's word for which team-managed projects are open. Without it nobody counts but those whom
    /// Jira names or answers for.
    #[must_use]
    pub fn with_open_projects(self, open: OpenProjects) -> Self {
        Self { open, ..self }
    }

    /// The gateway with the counters of this source.
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    async fn read_directory(&self) -> Result<Batch, FetchError> {
        let (directory, problems) = directory::for_jira(&self.gateway).await?;
        let items = vec![Item::Directory(Box::new(directory))];
        Ok(Batch::new(items, problems, Checkpoint::Complete))
    }
}

#[async_trait]
impl Source for JiraCloud {
    fn plan(&self, kind: RunKind) -> Vec<(Stream, Form)> {
        let permissions = [(Stream::Directory, Form::Whole), (Stream::Containers, Form::Whole)];
        match kind {
            RunKind::Full => permissions.into_iter().chain([(Stream::Issues, Form::Whole)]).collect(),
            RunKind::Permissions => permissions.to_vec(),
            RunKind::Sweep => vec![(Stream::Containers, Form::Whole), (Stream::Issues, Form::Structure)],
            RunKind::Incremental => vec![(Stream::Issues, Form::Changes)],
            RunKind::Retry => permissions.into_iter().chain([(Stream::Issues, Form::Changes)]).collect(),
        }
    }

    async fn read(
        &self,
        stream: Stream,
        reading: &Reading,
        cursor: Option<&Cursor>,
        known: &dyn Known,
    ) -> Result<Batch, FetchError> {
        let read = async {
            match stream {
                Stream::Directory => self.read_directory().await,
                Stream::Containers => self.read_containers(cursor, known).await,
                Stream::Issues => self.read_issues(reading, cursor, known).await,
                // Streams of the other product list nothing here.
                _ => Ok(Batch::new(Vec::new(), Vec::new(), Checkpoint::Complete)),
            }
        };
        timed(&self.gateway, read).await
    }

    fn calls(&self) -> u64 {
        self.gateway.calls()
    }
}
