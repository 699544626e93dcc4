//! What all streams share: cursors of their own, what is in scope, addresses for people.

use super::ConfluenceCloud;
use model::{Container, ContainerKey, DocumentKey, NodeKey, NodeKind, Problem, ProblemKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use sync::{Batch, Checkpoint, Cursor, FetchError, FetchErrorKind, Item, JournalError, Known};

/// The most that version 2 gives per page.
pub(super) const PAGE: usize = 250;
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

/// The store failed under a read.
#[expect(clippy::needless_pass_by_value, reason = "fits `map_err`")]
pub(super) fn store_failed(error: JournalError) -> FetchError {
    FetchError { kind: FetchErrorKind::Unavailable, endpoint: "store".to_owned(), reason: error.to_string() }
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
