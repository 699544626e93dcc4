//! Deletions of a source for its page: ids and keys, never a title.

use super::when::{ahead, moment};
use crate::deletions::Deletions;
use crate::pages::deletions::{TombstoneRow, Waiting};
use crate::pages::part::Count;
use model::{ContainerKey, Millis};
use std::collections::BTreeMap;
use store::StoppedDeletion;

/// The key that people use for a space or project, or its number where none is known any more.
fn container_words(container: &ContainerKey, keys: &BTreeMap<ContainerKey, String>) -> String {
    keys.get(container).cloned().unwrap_or_else(|| format!("number {}", container.0))
}

/// Deletions that wait, by container, most first.
pub(crate) fn waiting_deletions(
    stopped: &StoppedDeletion,
    keys: &BTreeMap<ContainerKey, String>,
    now: Millis,
) -> Waiting {
    let mut containers: Vec<(String, Count)> = stopped
        .documents
        .iter()
        .map(|(container, documents)| (container_words(container, keys), Count(*documents)))
        .collect();
    containers.sort_by_key(|(_, documents)| std::cmp::Reverse(*documents));
    Waiting {
        since: moment(stopped.since, now),
        documents: Count(stopped.documents.values().sum()),
        of: Count(stopped.of),
        containers,
    }
}

/// What can be brought back.
pub(crate) fn tombstone_rows(
    deletions: &Deletions,
    keys: &BTreeMap<ContainerKey, String>,
    now: Millis,
) -> Vec<TombstoneRow> {
    let rows = deletions.tombstones.iter().map(|tombstone| TombstoneRow {
        document: tombstone.doc.0.to_string(),
        item: format!("{} {}", tombstone.key.kind, tombstone.key.native),
        container: container_words(&tombstone.container, keys),
        deleted: moment(tombstone.deleted_at, now),
        purged: ahead(Millis(tombstone.deleted_at.0.saturating_add(deletions.limits.kept.0)), now),
    });
    rows.collect()
}
