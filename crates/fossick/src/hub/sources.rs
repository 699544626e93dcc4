//! The operations on sources, over store, adapters and runs.

use super::adapters::{self, Adapter};
use super::{Hub, check, now};
use access::SourceId;
use async_trait::async_trait;
use atlassian::http::RunSize;
use model::{
    Cycles, Deletion, Duration, Millis, RunId, RunKind, RunStatus, Scope, SourceEvent, SourceSettings, SourceState,
};
use store::{SourceError, StoredRun, StoredSource};
use web::operations::{
    CheckOutcome, CheckReport, Connection, Hint, ListedContainer, OperationError, Operations, SyncProgress,
};

impl Hub {
    pub(super) fn source(&self, id: SourceId) -> Result<StoredSource, OperationError> {
        self.store.source(id)?.ok_or(OperationError::NoSuchSource(id))
    }

    /// Starts a run of a source, or lets it wait for the one under way.
    pub(super) async fn begin_sync(&self, id: SourceId, kind: RunKind) -> Result<(), OperationError> {
        self.require_unpaused(id)?;
        self.store.source_event(id, SourceEvent::Wanted).await.map_err(|error| refused(id, error))?;
        self.runs.ask(id, kind)
    }

    /// Makes a retry of one debt, or of all that there are now. `None` if nothing of that number is owed.
    async fn begin_retry(&self, id: SourceId, debt: Option<i64>) -> Result<Option<RunId>, OperationError> {
        self.require_unpaused(id)?;
        let Some(after) = self.store.ask_for_owed(id, debt).await? else { return Ok(None) };
        if let Err(error) = self.begin_sync(id, RunKind::Retry).await {
            self.store.forget_asked(id).await?;
            return Err(error);
        }
        Ok(Some(after))
    }

    fn require_unpaused(&self, id: SourceId) -> Result<(), OperationError> {
        if self.source(id)?.state == SourceState::Paused {
            let reason = "the source is paused; resume it first: fossick source resume";
            return Err(OperationError::Refused(reason.to_owned()));
        }
        Ok(())
    }

    /// When the credential of a source last worked, if it ever did.
    pub(super) fn last_worked(&self, id: SourceId) -> Result<Option<Millis>, OperationError> {
        Ok(self.store.runs(Some(id), 50)?.iter().filter_map(worked).max())
    }

    /// Waits until no sync of the source is under way, and the index holds what it read.
    pub(crate) async fn wait_for_sync(&self, id: SourceId) {
        self.runs.wait(id).await;
        let (changes, indexer) = (self.store.clone(), self.indexer.clone());
        let waiting = tokio::task::spawn_blocking(move || {
            let last = sync::Changes::last_sequence(&changes).unwrap_or(0);
            indexer.wait_until(last, std::time::Duration::from_secs(600))
        });
        let _panicked = waiting.await;
    }
}

/// Up to when a run proves that its credential worked. One that missed something, failed or was cancelled proves it only
/// by documents that it read; of the latter two it is not known when the last answer came.
fn worked(run: &StoredRun) -> Option<Millis> {
    match run.status {
        RunStatus::Succeeded => run.ended,
        _ if run.counts.documents == 0 => None,
        RunStatus::Partial => run.ended,
        _ => Some(run.started),
    }
}

pub(super) fn refused(id: SourceId, error: SourceError) -> OperationError {
    match error {
        SourceError::Unknown(_) => OperationError::NoSuchSource(id),
        SourceError::Store(error) => error.into(),
        other => OperationError::Refused(other.to_string()),
    }
}

#[async_trait]
impl Operations for Hub {
    async fn check(&self, connection: &Connection) -> CheckReport {
        check::report(connection, &self.outbound.http, None).await.0
    }

    async fn recheck(&self, id: SourceId) -> Result<CheckReport, OperationError> {
        let source = self.source(id)?;
        let connection = adapters::connection(&self.store, &source)?;
        Ok(check::report(&connection, &self.outbound.http, self.last_worked(id)?).await.0)
    }

    async fn connect(&self, connection: Connection) -> Result<(CheckReport, Vec<SourceId>), OperationError> {
        let (report, found) = check::report(&connection, &self.outbound.http, None).await;
        let failed = report.rows.iter().any(|row| row.outcome == CheckOutcome::Failed);
        let Some(found) = found.filter(|_| !report.products.is_empty() && !failed) else {
            return Err(OperationError::CheckFailed(report));
        };
        let mut connected = Vec::new();
        for &product in &report.products {
            let settings = SourceSettings::of(product, &found.site, &found.cloud_id);
            let source = match self.store.add_source(settings, now()).await {
                Ok(source) => source,
                // Connecting again is how a credential is replaced: nothing that was read is lost.
                Err(SourceError::AlreadyConnected(name)) => self.by_name(&name)?,
                Err(error) => return Err(refused(SourceId(0), error)),
            };
            adapters::keep(&self.store, &source, &connection).await?;
            connected.push(source.id);
        }
        Ok((report, connected))
    }

    async fn containers(&self, id: SourceId) -> Result<Vec<ListedContainer>, OperationError> {
        let source = self.source(id)?;
        let everything = Scope { archived: true, personal: true, ..Scope::default() };
        let adapter = Adapter::of(&self.store, &source, everything, &self.outbound, RunSize::Small)?;
        let found = adapter.containers().await.map_err(|error| OperationError::Source(error.to_string()))?;
        let scope = &source.settings.scope;
        let listed = found.into_iter().map(|container| {
            let included = scope.admits(&container);
            ListedContainer { container, included }
        });
        Ok(listed.collect())
    }

    async fn save_scope(&self, id: SourceId, scope: Scope) -> Result<(), OperationError> {
        let mut settings = self.source(id)?.settings;
        settings.scope = scope;
        self.store.set_source_settings(id, settings).await.map_err(|error| refused(id, error))?;
        // A run with the old settings would end what the new ones want.
        if self.runs.cancel(id) {
            self.runs.wait(id).await;
        }
        self.begin_sync(id, RunKind::Full).await
    }

    async fn start_sync(&self, id: SourceId, kind: RunKind) -> Result<RunId, OperationError> {
        if kind == RunKind::Retry {
            return Ok(self.begin_retry(id, None).await?.unwrap_or(RunId(0)));
        }
        let runs = self.store.runs(Some(id), 50)?;
        let after = runs.iter().find(|run| run.ended.is_some()).map(|run| run.id);
        self.begin_sync(id, kind).await?;
        Ok(after.unwrap_or(RunId(0)))
    }

    async fn retry(&self, id: SourceId, debt: i64) -> Result<Option<RunId>, OperationError> {
        self.begin_retry(id, Some(debt)).await
    }

    async fn pause(&self, id: SourceId) -> Result<(), OperationError> {
        self.source(id)?;
        self.store.source_event(id, SourceEvent::Paused).await.map_err(|error| refused(id, error))?;
        self.runs.leave(id).await;
        Ok(())
    }

    async fn resume(&self, id: SourceId) -> Result<(), OperationError> {
        self.source(id)?;
        self.store.source_event(id, SourceEvent::Resumed).await.map_err(|error| refused(id, error))?;
        match self.store.open_run_of(id)? {
            Some(run) => self.begin_sync(id, run.kind).await,
            None => {
                self.nudge.notify_one();
                Ok(())
            }
        }
    }

    async fn save_cycles(&self, id: SourceId, cycles: Cycles) -> Result<(), OperationError> {
        let mut settings = self.source(id)?.settings;
        settings.cycles = cycles;
        self.store.set_source_settings(id, settings).await.map_err(|error| refused(id, error))?;
        self.nudge.notify_one();
        Ok(())
    }

    async fn save_max_age(&self, id: SourceId, max_age: Duration) -> Result<(), OperationError> {
        let mut settings = self.source(id)?.settings;
        settings.permission_max_age = max_age;
        self.store.set_source_settings(id, settings).await.map_err(|error| refused(id, error))
    }

    async fn save_hourly_budget(&self, id: SourceId, calls: Option<u32>) -> Result<(), OperationError> {
        let mut settings = self.source(id)?.settings;
        settings.hourly_budget = calls;
        self.store.set_source_settings(id, settings).await.map_err(|error| refused(id, error))
    }

    async fn save_deletion(&self, id: SourceId, deletion: Deletion) -> Result<(), OperationError> {
        let mut settings = self.source(id)?.settings;
        settings.deletion = deletion;
        self.store.set_source_settings(id, settings).await.map_err(|error| refused(id, error))
    }

    async fn cancel_sync(&self, id: SourceId) -> Result<(), OperationError> {
        self.source(id)?;
        // What waits is forgotten with it.
        self.store.forget_asked(id).await?;
        self.runs.cancel(id);
        Ok(())
    }

    fn look(&self, id: SourceId, hint: Hint) {
        self.hints.give(id, hint);
    }

    fn progress(&self, id: SourceId) -> Option<SyncProgress> {
        self.runs.progress(id)
    }

    async fn remove(&self, id: SourceId) -> Result<(), OperationError> {
        self.source(id)?;
        if self.runs.cancel(id) {
            self.runs.wait(id).await;
        }
        self.store.remove_source(id, now()).await.map_err(|error| refused(id, error))
    }
}

impl Hub {
    fn by_name(&self, name: &str) -> Result<StoredSource, OperationError> {
        let found = self.store.sources()?.into_iter().find(|source| source.settings.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| OperationError::Store(format!("`{name}` was removed meanwhile; try again")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::RunCounts;

    #[test]
    fn a_credential_has_worked_when_a_run_succeeded_or_read_something() {
        let run = |status, documents| StoredRun {
            id: RunId(1),
            source: SourceId(1),
            kind: RunKind::Full,
            status,
            started: Millis(1),
            ended: Some(Millis(9)),
            reason: None,
            counts: RunCounts { documents, ..RunCounts::default() },
        };
        for (status, documents, at) in [
            (RunStatus::Succeeded, 0, Some(9)),
            (RunStatus::Partial, 3, Some(9)),
            (RunStatus::Failed, 3, Some(1)),
            (RunStatus::Cancelled, 3, Some(1)),
            (RunStatus::Partial, 0, None),
            (RunStatus::Failed, 0, None),
        ] {
            assert_eq!(worked(&run(status, documents)), at.map(Millis), "{status:?} with {documents} documents");
        }
    }
}
