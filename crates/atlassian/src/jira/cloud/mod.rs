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

use crate::directory;
use crate::http::Gateway;
use access::SourceId;
use async_trait::async_trait;
use model::{Scope, SiteDomain};
use sync::{Batch, Checkpoint, Cursor, FetchError, Item, Known, Source, Stream};

/// Jira on one Cloud site.
#[derive(Debug)]
pub struct JiraCloud {
    gateway: Gateway,
    source: SourceId,
    /// The site's own address, for people; never the gateway's.
    site: String,
    scope: Scope,
    cache: fetch::Cache,
}

impl JiraCloud {
    /// Prepares to read. Makes no call.
    ///
    /// The gateway's credential should be that of a service account; its counters become those of this source.
    pub fn new(gateway: Gateway, source: SourceId, site: &SiteDomain, scope: Scope) -> Self {
        Self { gateway, source, site: site.url(), scope, cache: fetch::Cache::default() }
    }

    async fn read_directory(&self) -> Result<Batch, FetchError> {
        let (directory, problems) = directory::for_jira(&self.gateway).await?;
        let items = vec![Item::Directory(Box::new(directory))];
        Ok(Batch { items, problems, checkpoint: Checkpoint::Complete, expected: None })
    }
}

#[async_trait]
impl Source for JiraCloud {
    fn streams(&self) -> Vec<Stream> {
        vec![Stream::Directory, Stream::Containers, Stream::Issues]
    }

    async fn read(&self, stream: Stream, cursor: Option<&Cursor>, known: &dyn Known) -> Result<Batch, FetchError> {
        match stream {
            Stream::Directory => self.read_directory().await,
            Stream::Containers => self.read_containers(cursor).await,
            Stream::Issues => self.read_issues(cursor, known).await,
            // Streams of the other product list nothing here.
            _ => {
                Ok(Batch { items: Vec::new(), problems: Vec::new(), checkpoint: Checkpoint::Complete, expected: None })
            }
        }
    }

    fn calls(&self) -> u64 {
        self.gateway.calls()
    }
}
