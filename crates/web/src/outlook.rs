//! What comes next of a source, and what an administrator should know before all else: read for its page.

use crate::failure::Failure;
use crate::hub::Hub;
use crate::webhooks::{Counted, Outcome, is_callable};
use access::SourceId;
use std::collections::BTreeMap;
use store::StoppedDeletion;
use sync::Agenda;

/// What comes next of a source.
pub(crate) struct Outlook {
    /// When which run is due.
    pub(crate) agenda: Agenda,
    /// Deletions that wait for a word.
    pub(crate) stopped: Option<StoppedDeletion>,
    /// Whether something that was deleted can be brought back.
    pub(crate) has_tombstones: bool,
    /// How calls of its site ended; empty where it never calls.
    pub(crate) calls: BTreeMap<Outcome, Counted>,
}

impl Hub {
    /// What comes next of a source.
    pub(crate) async fn outlook(&self, id: SourceId) -> Result<Outlook, Failure> {
        let hub = self.clone();
        self.reading(move |store| {
            let source = store.source(id)?.ok_or(Failure::NotFound)?;
            let calls = if is_callable(&source) { hub.calls.tally.of(store, id)? } else { BTreeMap::new() };
            Ok(Outlook {
                agenda: store.agenda(id, source.settings.cycles)?,
                stopped: store.stopped_deletion(id)?,
                has_tombstones: !store.tombstones(id, None, 1)?.is_empty(),
                calls,
            })
        })
        .await
    }
}
