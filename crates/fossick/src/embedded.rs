//! The hub in the process of whoever proves or measures it: the same wiring as `fossick serve`, without sockets.
//!
//! A proof opens thousands of companies and looks at the parts while they work; a process for each would cost more than
//! the proof. Nothing here happens by itself: syncs run when they are asked for. Requests go to the routers directly.

use crate::config::Config;
use crate::hub::Hub;
use crate::serve;
use access::{AccessState, SourceId};
use axum::Router;
use index::TantivyIndex;
use model::RunKind;
use std::path::Path;
use std::sync::Arc;
use store::Store;
use url::Url;
use web::operations::{OperationError, Operations};

/// A hub that answers in this process.
pub struct Embedded {
    hub: Arc<Hub>,
    people: Router,
    operator: Router,
}

impl Embedded {
    /// Opens a data directory against a simulator at `atlassian`.
    ///
    /// # Errors
    /// If the directory cannot be opened, in words for people.
    pub async fn open(data: &Path, atlassian: &Url) -> Result<Self, String> {
        let config = Config::against(data, atlassian.clone());
        let hub = Hub::open(&config).await.map_err(|fault| fault.to_string())?;
        let app = serve::app(&hub, &config, Vec::new());
        Ok(Self { hub, people: web::router(app.clone()), operator: web::operator_router(app) })
    }

    /// Pages and API, as people and programs reach them.
    pub fn people(&self) -> Router {
        self.people.clone()
    }

    /// The API without a login, as the operator's socket has it.
    pub fn operator(&self) -> Router {
        self.operator.clone()
    }

    /// The truth.
    pub fn store(&self) -> &Store {
        &self.hub.store
    }

    /// The text.
    pub fn index(&self) -> &TantivyIndex {
        &self.hub.index
    }

    /// Who may see what, now.
    pub fn access(&self) -> Arc<AccessState> {
        (self.hub.access())()
    }

    /// Runs one sync of this kind of a source, to its end and until the index holds what it read.
    ///
    /// # Errors
    /// If it cannot begin. How it ended stands in the store's runs.
    pub async fn sync(&self, source: SourceId, kind: RunKind) -> Result<(), OperationError> {
        self.hub.start_sync(source, kind).await?;
        self.hub.wait_for_sync(source).await;
        Ok(())
    }

    /// Breaks running syncs off, as the end of the process would.
    pub async fn close(self) {
        self.hub.close().await;
    }
}
