//! What happens by itself: a sync of every source each hour, and permissions that grow too old are closed.

use super::{Hub, now};
use model::{Duration, Millis, RunKind, SourceState};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// How often the hub looks what is due.
const LOOK: std::time::Duration = std::time::Duration::from_secs(60);
/// How long after a sync the next one begins.
const CYCLE: Duration = Duration::hours(1);

/// Looks after the sources until `shutdown`.
pub(super) async fn run(hub: Arc<Hub>, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(error) = look(&hub, now()).await {
            tracing::error!(%error, "cannot look after the sources");
        }
    }
}

async fn look(hub: &Arc<Hub>, now: Millis) -> Result<(), store::StoreError> {
    for source in hub.store.sources()? {
        let expired = hub.store.expire_permissions(source.id, now, source.settings.permission_max_age).await?;
        if expired > 0 {
            let source = source.settings.name();
            tracing::warn!(source, expired, "permissions are older than the limit; what they decide for is hidden");
        }
        let wanted =
            matches!(source.state, SourceState::Backfilling | SourceState::Live { .. } | SourceState::Degraded { .. });
        let last = hub.store.runs(Some(source.id), 1)?.into_iter().next();
        let due = last.is_none_or(|run| run.ended.is_some_and(|ended| now.since(ended) >= CYCLE));
        if wanted
            && due
            && let Err(error) = hub.begin_sync(source.id, RunKind::Full).await
        {
            tracing::warn!(source = source.settings.name(), %error, "the sync that is due cannot start");
        }
    }
    Ok(())
}
