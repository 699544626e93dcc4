//! Asks once more for what a list should have named: by id in bulk, and then one by one.
//!
//! A list may leave something out that is still there, because it shifted while it was read. What is not given in bulk is asked
//! for singly, as far as that is affordable; only the product's own "not found" for that very id, repeated, proves
//! that it is gone. The gateway's "not found" names a path, never a page, and proves nothing.

use super::contents::Of;
use super::fetch::{self, PAGE, SIDE_BY_SIDE};
use super::listing::{self, Position};
use super::wire::{Listed, Place};
use crate::http::{Call, CallError, Endpoint, Fault};
use crate::known::store_failed;
use futures_util::{StreamExt, TryStreamExt};
use model::DocumentKey;
use std::collections::BTreeSet;
use sync::{Batch, Checkpoint, FetchError, Item, Stream};

/// Contents asked for one by one in a run. More than these were taken away together, and the next listing tells it again.
const SINGLY: usize = 100;

pub(super) async fn read(of: &Of<'_>, behind: Option<String>, asked: usize) -> Result<Batch, FetchError> {
    let stream = match of.listed {
        Listed::Pages => Stream::Pages,
        Listed::BlogPosts => Stream::BlogPosts,
    };
    let behind = behind.map(|id| DocumentKey::new(of.listed.kind(), id));
    let missing = of.known.unlisted(stream, behind.as_ref(), PAGE).map_err(store_failed)?;
    let Some(last) = missing.last().cloned() else {
        return Ok(fetch::batch(Vec::new(), Vec::new(), Checkpoint::Complete));
    };
    let ids: Vec<String> = missing.into_iter().map(|key| key.native).collect();
    let mut problems = Vec::new();
    let found = listing::by_id(of.cloud, of.listed, &ids, &mut problems).await?;
    let given: BTreeSet<String> = found.iter().map(|content| content.id.0.clone()).collect();
    let mut items = of.documents(found, &mut problems).await?;
    let left = ids.into_iter().filter(|id| !given.contains(id)).take(SINGLY.saturating_sub(asked));
    let left: Vec<String> = left.collect();
    let singly = asked + left.len();
    let gone: Vec<Option<Item>> = futures_util::stream::iter(left)
        .map(|id| async move { Ok::<_, FetchError>(is_gone(of, &id).await?.then(|| gone(of, id))) })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    items.extend(gone.into_iter().flatten());
    let next = Position::Confirming { behind: Some(last.native), singly };
    Ok(fetch::batch(items, problems, fetch::checkpoint(Some(&next))))
}

fn gone(of: &Of<'_>, id: String) -> Item {
    Item::Gone { key: DocumentKey::new(of.listed.kind(), id) }
}

async fn is_gone(of: &Of<'_>, id: &str) -> Result<bool, CallError> {
    let endpoint = match of.listed {
        Listed::Pages => Endpoint::ConfluencePage,
        Listed::BlogPosts => Endpoint::ConfluenceBlogPost,
    };
    match of.cloud.gateway.send(Call::to(endpoint, [id]).confirmed()).await {
        // Where a product still shows what lies in its trash, it says so.
        Ok(answer) => {
            Ok(answer.json::<Place>()?.status.is_some_and(|status| matches!(status.as_str(), "trashed" | "deleted")))
        }
        Err(CallError { fault: Fault::NotFound, .. }) => Ok(true),
        Err(error) if error.is_refusal() => Ok(false),
        Err(error) => Err(error),
    }
}
