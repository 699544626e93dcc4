//! What administrators decide about deletions: whether too many go on, whether they are undone, how far they may go.

use crate::audit::Action;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::{Actor, Address};
use access::{DocNo, SourceId};
use model::Deletion;
use store::{StoppedDeletion, Tombstone};

/// An administrator's word on deletions that wait.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// They go on.
    Confirmed,
    /// The documents stay hidden, and are not asked about again until they were seen.
    Refused,
}

/// Deletions of a source.
pub(crate) struct Deletions {
    pub(crate) limits: Deletion,
    pub(crate) stopped: Option<StoppedDeletion>,
    /// What can be undone, by number.
    pub(crate) tombstones: Vec<Tombstone>,
}

impl Hub {
    /// What waits and what can be undone, with numbers above `after`.
    pub(crate) async fn deletions(&self, id: SourceId, after: Option<DocNo>, limit: u32) -> Result<Deletions, Failure> {
        self.reading(move |store| {
            let limits = store.source(id)?.ok_or(Failure::NotFound)?.settings.deletion;
            let tombstones = store.tombstones(id, after, limit)?;
            Ok(Deletions { limits, stopped: store.stopped_deletion(id)?, tombstones })
        })
        .await
    }

    /// Lets deletions that wait go on, or not.
    pub(crate) async fn judge_deletion(
        &self,
        actor: &Actor,
        id: SourceId,
        verdict: Verdict,
        address: &Address,
    ) -> Result<(), Failure> {
        let action = match verdict {
            Verdict::Confirmed => Action::DeletionConfirmed,
            Verdict::Refused => Action::DeletionRefused,
        };
        self.change(actor, action, id, address, move |hub| async move {
            let (store, at) = (hub.app.store.clone(), hub.now());
            let documents = match verdict {
                Verdict::Confirmed => store.confirm_deletion(id, at).await?,
                Verdict::Refused => store.refuse_deletion(id, at).await?,
            };
            Ok(format!("{documents} documents"))
        })
        .await
    }

    /// Undoes deletions: of these documents, or of all that can be undone.
    pub(crate) async fn undo_deletion(
        &self,
        actor: &Actor,
        id: SourceId,
        docs: Option<Vec<DocNo>>,
        address: &Address,
    ) -> Result<(), Failure> {
        self.change(actor, Action::DeletionUndone, id, address, move |hub| async move {
            let documents = hub.app.store.undo_deletion(id, docs).await?;
            Ok(format!("{documents} documents"))
        })
        .await
    }

    /// Saves how far deletion may go.
    pub(crate) async fn save_deletion(
        &self,
        actor: &Actor,
        id: SourceId,
        limits: Deletion,
        address: &Address,
    ) -> Result<(), Failure> {
        let limits = limits.checked().map_err(|error| Failure::Invalid(error.to_string()))?;
        let kept = limits.kept.0 / model::Duration::hours(24).0;
        let words = format!("{} %, at least {}, kept {kept} days", limits.percent, limits.at_least);
        self.change(actor, Action::DeletionLimited, id, address, move |hub| async move {
            hub.app.operations.save_deletion(id, limits).await?;
            Ok(words)
        })
        .await
    }
}
