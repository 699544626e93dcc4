//! Runs and scheduler over the store: how a source is opened, what its end means for it, which sources are read.

use super::adapters::{Adapter, Outbound};
use super::now;
use super::runs::{FULL, Ground};
use super::scheduler::Roster;
use access::SourceId;
use async_trait::async_trait;
use atlassian::http::RunSize;
use model::{Millis, RunKind, RunStatus, SourceEvent, SourceState};
use store::{SourceError, Store, StoreError};
use sync::{Agenda, JournalError, LastRun, RunOutcome, Source};
use web::operations::OperationError;

pub(super) struct StoreGround {
    pub(super) store: Store,
    pub(super) outbound: Outbound,
}

#[async_trait]
impl Ground for StoreGround {
    fn source(&self, id: SourceId, kind: RunKind) -> Result<Box<dyn Source>, OperationError> {
        let source = self.store.source(id)?.ok_or(OperationError::NoSuchSource(id))?;
        let scope = source.settings.scope.clone();
        Ok(Adapter::of(&self.store, &source, scope, &self.outbound, size(kind))?.into_source())
    }

    async fn ended(&self, id: SourceId, kind: RunKind, outcome: Result<RunOutcome, JournalError>) {
        let event = match self.event(id, kind, outcome) {
            Ok(Some(event)) => event,
            Ok(None) => return,
            Err(error) => return tracing::error!(source = id.0, %error, "cannot note how the run ended"),
        };
        match self.store.source_event(id, event).await {
            Ok(_) => {}
            // Removed or paused meanwhile: its state says so already.
            Err(SourceError::Unknown(_) | SourceError::Transition(_)) => {}
            Err(error) => tracing::error!(source = id.0, %error, "cannot note how the run ended"),
        }
    }

    async fn held_up(&self, id: SourceId, held_up: bool) {
        if !held_up {
            return tracing::info!(source = id.0, "there is space on the disk again; the run goes on");
        }
        tracing::warn!(source = id.0, "{FULL}");
        let event = SourceEvent::Failing { at: now(), reason: FULL.to_owned() };
        if let Err(error) = self.store.source_event(id, event).await {
            tracing::warn!(source = id.0, %error, "the full disk cannot be noted with the source");
        }
    }
}

/// Who waits for what: an administrator for what was asked for just now, everybody for what has changed.
fn size(kind: RunKind) -> RunSize {
    match kind {
        RunKind::Full | RunKind::Sweep => RunSize::Large,
        RunKind::Incremental | RunKind::Permissions | RunKind::Retry => RunSize::Small,
    }
}

impl StoreGround {
    /// What the end of a run means for its source.
    fn event(
        &self,
        id: SourceId,
        kind: RunKind,
        outcome: Result<RunOutcome, JournalError>,
    ) -> Result<Option<SourceEvent>, StoreError> {
        let at = now();
        let failing = |reason: String| Ok(Some(SourceEvent::Failing { at, reason }));
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => return failing(error.to_string()),
        };
        match outcome.status {
            RunStatus::Cancelled => Ok(None),
            RunStatus::Failed if outcome.refused => Ok(Some(SourceEvent::Refused(at))),
            RunStatus::Failed => failing(outcome.reason.unwrap_or_default()),
            RunStatus::Succeeded => {
                let agenda = self.store.agenda(id, model::Cycles::default())?;
                Ok(all_is_well(&agenda, kind).then_some(SourceEvent::CaughtUp(at)))
            }
            _ => failing(format!("the last {kind} run missed {} items; it lists them", outcome.counts.losses)),
        }
    }
}

/// Whether nothing that an earlier run missed is still missing after a run of `kind` succeeded: what a full run could not
/// read is not mended by looking for changes.
fn all_is_well(agenda: &Agenda, kind: RunKind) -> bool {
    let mended = |missed: RunKind, last: &LastRun| {
        let read_since = |(done, run): (&RunKind, &LastRun)| {
            done.covers(missed) && run.status == RunStatus::Succeeded && run.started >= last.ended
        };
        // A run that missed something is made good by reading just that.
        let read = match last.status {
            RunStatus::Succeeded | RunStatus::Cancelled => true,
            RunStatus::Partial => agenda.debts.is_none(),
            _ => missed == kind,
        };
        read || agenda.last.iter().any(read_since)
    };
    agenda.backfilled && agenda.last.iter().all(|(missed, last)| mended(*missed, last))
}

#[async_trait]
impl Roster for StoreGround {
    fn agendas(&self) -> Result<Vec<(SourceId, Agenda)>, StoreError> {
        let mut agendas = Vec::new();
        for source in self.store.sources()? {
            let wanted = matches!(
                source.state,
                SourceState::Backfilling | SourceState::Live { .. } | SourceState::Degraded { .. }
            );
            if wanted {
                agendas.push((source.id, self.store.agenda(source.id, source.settings.cycles)?));
            }
        }
        Ok(agendas)
    }

    async fn upkeep(&self, now: Millis) -> Result<(), StoreError> {
        for source in self.store.sources()? {
            let expired = self.store.expire_permissions(source.id, now, source.settings.permission_max_age).await?;
            if expired > 0 {
                let source = source.settings.name();
                tracing::warn!(source, expired, "permissions are older than the limit; what they decide for is hidden");
            }
            if let Some(ageing) = self.store.ageing(source.id, now, source.settings.permission_max_age)? {
                let hours = ageing.hidden_from.since(now).0 / 3_600_000;
                let (source, documents) = (source.settings.name(), ageing.documents);
                tracing::warn!(source, documents, hours, "permissions were not confirmed for long and will be hidden");
            }
            let bound = Millis(now.0.saturating_sub(source.settings.deletion.kept.0));
            self.store.drop_deleted(source.id, bound).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atlassian::http::{Governors, HttpOptions};
    use model::{Cycles, Product, SourceSettings};
    use std::sync::Arc;
    use store::{MasterKey, SystemEntropy};
    use sync::Debts;

    fn agenda(last: &[(RunKind, i64, RunStatus)]) -> Agenda {
        let run = |&(kind, started, status): &(RunKind, i64, RunStatus)| {
            (kind, LastRun { started: Millis(started), ended: Millis(started + 1), status })
        };
        Agenda { cycles: Cycles::default(), last: last.iter().map(run).collect(), backfilled: true, debts: None }
    }

    #[test]
    fn looking_for_changes_does_not_mend_what_a_full_run_missed() {
        let full = |status| (RunKind::Full, 1, status);
        let changes = (RunKind::Incremental, 5, RunStatus::Succeeded);
        assert!(all_is_well(&agenda(&[full(RunStatus::Succeeded), changes]), RunKind::Incremental));
        let missed = agenda(&[full(RunStatus::Partial), changes]);
        let debts = Some(Debts { things: 1, next: Millis(2) });
        assert!(!all_is_well(&Agenda { debts, ..missed.clone() }, RunKind::Incremental));
        assert!(all_is_well(&missed, RunKind::Retry), "but reading what it missed does");
        assert!(all_is_well(
            &agenda(&[full(RunStatus::Succeeded), (RunKind::Incremental, 0, RunStatus::Failed)]),
            RunKind::Full
        ));
    }

    #[tokio::test]
    async fn syn_7_a_source_that_is_only_connected_is_not_read_by_itself() {
        let dir = tempfile::tempdir().unwrap();
        let key = MasterKey::load_or_create(dir.path(), &SystemEntropy).unwrap();
        let mirror = Arc::new(index::AccessMirror::new());
        let store = Store::open(dir.path(), mirror, key, Arc::new(SystemEntropy)).unwrap();
        let outbound = Outbound { http: HttpOptions::default(), governors: Governors::default() };
        let ground = StoreGround { store: store.clone(), outbound };
        let settings = SourceSettings::of(Product::Jira, "acme.atlassian.net", "c-1");
        let source = store.add_source(settings, Millis(1)).await.unwrap();
        let due = || ground.agendas().unwrap().into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!((source.state, due()), (SourceState::Draft, vec![]));
        store.source_event(source.id, SourceEvent::Wanted).await.unwrap();
        assert_eq!(due(), [source.id], "a save or a sync begins it");
        store.source_event(source.id, SourceEvent::Paused).await.unwrap();
        assert_eq!(due(), []);
    }

    #[test]
    fn a_larger_run_mends_what_a_smaller_one_missed() {
        let missed = (RunKind::Permissions, 3, RunStatus::Failed);
        let well = |at| {
            let swept = (RunKind::Sweep, at, RunStatus::Succeeded);
            all_is_well(&agenda(&[(RunKind::Full, 1, RunStatus::Succeeded), missed, swept]), RunKind::Sweep)
        };
        assert!(well(4) && !well(2));
    }
}
