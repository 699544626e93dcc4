//! The reports about a source, and the administrator's word for what the source does not tell.

use super::sources::refused;
use super::{Hub, doctor, self_audit};
use access::SourceId;
use async_trait::async_trait;
use model::{ContainerKey, OpenProjects, Product, RunKind, SelfAudit, SourceState};
use std::collections::BTreeSet;
use web::inspection::{Diagnosis, Inspection};
use web::operations::OperationError;

#[async_trait]
impl Inspection for Hub {
    async fn diagnose(&self, id: SourceId) -> Result<Diagnosis, OperationError> {
        doctor::diagnose(self, &self.source(id)?).await
    }

    async fn audit(&self, id: SourceId, pairs: u32) -> Result<SelfAudit, OperationError> {
        self_audit::compare(self, &self.source(id)?, pairs).await
    }

    async fn vouch(&self, id: SourceId, projects: Option<Vec<String>>) -> Result<(), OperationError> {
        let source = self.source(id)?;
        let (is_paused, mut settings) = (source.state == SourceState::Paused, source.settings);
        if settings.product != Product::Jira {
            return Err(OperationError::Refused("only Jira has team-managed projects".to_owned()));
        }
        settings.open_projects = match projects {
            None => OpenProjects { all: true, ..OpenProjects::default() },
            Some(named) => OpenProjects { all: false, ids: self.project_ids(id, &named)? },
        };
        self.store.set_source_settings(id, settings).await.map_err(|error| refused(id, error))?;
        if is_paused {
            return Ok(());
        }
        // A run that began with the old word would end with it.
        if self.runs.cancel(id) {
            self.runs.wait(id).await;
        }
        self.begin_sync(id, RunKind::Permissions).await
    }
}

impl Hub {
    /// The ids of projects that were named by key or id. One that was never read is refused: its key could be another's
    /// tomorrow.
    fn project_ids(&self, id: SourceId, named: &[String]) -> Result<BTreeSet<ContainerKey>, OperationError> {
        let known = self.store.containers(id)?;
        let mut ids = BTreeSet::new();
        for name in named.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            let same = known
                .iter()
                .find(|known| known.container.key.0 == name || known.container.short.eq_ignore_ascii_case(name));
            let found = same.ok_or_else(|| {
                OperationError::Refused(format!(
                    "no project `{name}` has been read yet; run a sync, then name it again"
                ))
            })?;
            ids.insert(found.container.key.clone());
        }
        Ok(ids)
    }
}
