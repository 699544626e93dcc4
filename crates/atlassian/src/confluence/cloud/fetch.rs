//! What all streams share: cursors of their own, what is in scope, addresses for people.

use super::ConfluenceCloud;
use crate::known::store_failed;
use model::{Container, ContainerKey, DocumentKey, Millis, NodeKey, NodeKind, Problem, ProblemKind, Target};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use sync::{Batch, Checkpoint, Cursor, FetchError, Item, Known, Reading};

/// The most that version 2 gives per page.
pub(super) const PAGE: usize = 250;
/// Records per page of what changed last: most cycles find few.
pub(super) const LATEST: usize = 100;
/// Calls prepared side by side; the governor decides how many really are in flight.
pub(super) const SIDE_BY_SIDE: usize = 8;

/// Reads a cursor that [`checkpoint`] wrote. `None` starts anew, and so does one of another version of this program.
pub(super) fn position<T: DeserializeOwned + Default>(cursor: Option<&Cursor>) -> T {
    cursor.and_then(|cursor| serde_json::from_str(&cursor.0).ok()).unwrap_or_default()
}

/// Writes where a stream goes on.
pub(super) fn checkpoint(position: Option<&impl Serialize>) -> Checkpoint {
    match position.map(serde_json::to_string) {
        Some(Ok(text)) => Checkpoint::At(Cursor(text)),
        // Plain structs of strings and numbers always serialize.
        Some(Err(_)) | None => Checkpoint::Complete,
    }
}

/// A batch without a total: version 2 tells none.
pub(super) fn batch(items: Vec<Item>, problems: Vec<Problem>, checkpoint: Checkpoint) -> Batch {
    Batch::new(items, problems, checkpoint)
}

/// What becomes of records that are stored in the version that was listed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stored {
    /// They are handed over again.
    Again,
    /// They are named, so that they count as listed.
    Named,
    /// They are left out.
    Skipped,
}

impl Stored {
    pub(super) fn of(reading: &Reading) -> Self {
        match reading {
            Reading::Whole | Reading::Only(_) => Self::Again,
            Reading::Structure => Self::Named,
            Reading::Changes { .. } => Self::Skipped,
        }
    }
}

/// Parts records, given with key and version, into those to hand over and what is said of the others.
pub(super) fn unstored<T>(
    known: &dyn Known,
    stored: Stored,
    records: Vec<(DocumentKey, String, T)>,
) -> Result<(Vec<Item>, Vec<T>), FetchError> {
    if stored == Stored::Again {
        return Ok((Vec::new(), records.into_iter().map(|(.., record)| record).collect()));
    }
    let keys: Vec<DocumentKey> = records.iter().map(|(key, ..)| key.clone()).collect();
    let versions = known.versions(&keys).map_err(store_failed)?;
    let (mut named, mut rest) = (Vec::new(), Vec::new());
    for (key, version, record) in records {
        if versions.get(&key) != Some(&version) {
            rest.push(record);
        } else if stored == Stored::Named {
            named.push(Item::Seen { key, version });
        }
    }
    Ok((named, rest))
}

/// Whether a list that falls by time has come to what was known before.
pub(super) fn is_over(reading: &Reading, last: Option<Millis>) -> bool {
    match reading {
        // An empty page with a next one says nothing about what is behind it.
        Reading::Changes { since } => last.is_some_and(|last| last < *since),
        Reading::Whole | Reading::Structure | Reading::Only(_) => false,
    }
}

/// A document that could not be read. It can be read again by itself.
pub(super) fn lost(key: &DocumentKey, reason: String) -> Problem {
    let item = format!("{} {}", key.kind, key.native);
    Problem::new(ProblemKind::Record, item, reason).about(Target::Document(key.clone()))
}

/// Permissions that could not be read, for an administrator.
pub(super) fn unread_permission(item: String, reason: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Permission, item, reason)
}

/// The node of a page, blog post or other content.
pub(super) fn content_node(id: &str) -> NodeKey {
    NodeKey::new(NodeKind::Content, id)
}

/// The containers in scope by native id, as the containers stream of this run stored them.
pub(super) fn in_scope(known: &dyn Known) -> Result<BTreeMap<String, Container>, FetchError> {
    let containers = known.containers().map_err(store_failed)?;
    Ok(containers.into_iter().map(|container| (container.key.0.clone(), container)).collect())
}

/// The container and title of the documents that comments and files hang on; others are out of scope or hidden.
pub(super) fn owners(
    known: &dyn Known,
    mut keys: Vec<DocumentKey>,
) -> Result<BTreeMap<DocumentKey, (ContainerKey, String)>, FetchError> {
    keys.sort();
    keys.dedup();
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    known.documents(&keys).map_err(store_failed)
}

impl ConfluenceCloud {
    /// Where a person opens something: always at the site, whatever the answer says.
    pub(super) fn address(&self, webui: Option<&str>, fallback: impl FnOnce() -> String) -> String {
        let path = webui.filter(|path| path.starts_with('/') && !path.starts_with("//"));
        format!("{}/wiki{}", self.site.url(), path.map_or_else(fallback, str::to_owned))
    }
}
