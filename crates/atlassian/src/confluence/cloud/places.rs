//! What stands between pages and is in no list: folders, whiteboards, databases, embeds, and pages that were not listed.
//!
//! Works in rounds, since a folder may lie in a folder that nothing else names. A parent that cannot be read stays
//! missing, which closes everything below it: it may carry a restriction that we cannot see (sheet 4.3).

use super::ConfluenceCloud;
use super::fetch::{self, SIDE_BY_SIDE, unread_permission};
use super::wire::Place;
use crate::http::{Call, Endpoint, unless_refused};
use crate::known::store_failed;
use futures_util::{StreamExt, TryStreamExt};
use model::{NamedKind, NodeKey, NodeKind, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use sync::{Batch, Cursor, FetchError, Item, Known, Reading};

/// The most ids whose types one call tells.
const TYPED: usize = 100;

#[derive(Debug, Default, Deserialize, Serialize)]
struct Position {
    /// Whether what is known already is still being read again, because it may have been moved.
    #[serde(default)]
    again: bool,
    round: usize,
    /// The last missing parent of this round that was asked for.
    behind: Option<String>,
    /// Whether this round found anything.
    progress: bool,
}

/// What was asked for in this run, found or not. Lost on a restart, which costs calls and nothing else.
#[derive(Debug, Default)]
pub(super) struct PlacesSeen(BTreeSet<String>);

pub(super) async fn read(
    cloud: &ConfluenceCloud,
    reading: &Reading,
    cursor: Option<&Cursor>,
    known: &dyn Known,
) -> Result<Batch, FetchError> {
    let position = match cursor {
        Some(_) => fetch::position(cursor),
        None => Position { again: reading.proves_absence(), ..Position::default() },
    };
    let mut seen = cloud.places.lock().await;
    if cursor.is_none() {
        *seen = PlacesSeen::default();
    }
    let behind = position.behind.as_ref().map(|id| NodeKey::new(NodeKind::Content, id.clone()));
    if position.again {
        let (batch, ids) = again(cloud, behind.as_ref(), known).await?;
        seen.0.extend(ids);
        return Ok(batch);
    }
    let missing = known.missing_parents(behind.as_ref(), TYPED).map_err(store_failed)?;
    let Some(last) = missing.last().cloned() else {
        // What this round found may itself hang on something missing.
        let next = Position { round: position.round + 1, ..Position::default() };
        let next = Some(next).filter(|_| position.progress);
        return Ok(fetch::batch(Vec::new(), Vec::new(), fetch::checkpoint(next.as_ref())));
    };
    let new = missing.into_iter().filter(|node| node.kind == NodeKind::Content && !seen.0.contains(&node.native));
    let ids: Vec<String> = new.map(|node| node.native).collect();
    let (items, problems) = resolve(cloud, &ids).await?;
    seen.0.extend(ids);
    let progress = position.progress || !items.is_empty();
    let next = Position { again: false, round: position.round, behind: Some(last.native), progress };
    Ok(fetch::batch(items, problems, fetch::checkpoint(Some(&next))))
}

/// Reads known places again: a folder that is moved changes nothing about the pages in it. One that cannot be read any more
/// keeps its place; its restriction cannot be confirmed either, which closes it.
async fn again(
    cloud: &ConfluenceCloud,
    behind: Option<&NodeKey>,
    known: &dyn Known,
) -> Result<(Batch, Vec<String>), FetchError> {
    let places = known.places(behind, TYPED).map_err(store_failed)?;
    let Some((last, _)) = places.last().cloned() else {
        let next = fetch::checkpoint(Some(&Position::default()));
        return Ok((fetch::batch(Vec::new(), Vec::new(), next), Vec::new()));
    };
    let ids: Vec<String> = places.iter().map(|(node, _)| node.native.clone()).collect();
    let (items, _unread) = resolve(cloud, &ids).await?;
    let moved = items.into_iter().filter(|item| match item {
        Item::Place { node, parent } => !places.iter().any(|(known, above)| known == node && above == parent),
        _ => true,
    });
    let next = Position { again: true, behind: Some(last.native), ..Position::default() };
    Ok((fetch::batch(moved.collect(), Vec::new(), fetch::checkpoint(Some(&next))), ids))
}

#[derive(Deserialize)]
struct Types {
    results: BTreeMap<String, Option<String>>,
}

async fn resolve(cloud: &ConfluenceCloud, ids: &[String]) -> Result<(Vec<Item>, Vec<Problem>), FetchError> {
    if ids.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let numbers: Vec<serde_json::Value> =
        ids.iter().map(|id| id.parse::<u64>().map_or_else(|_| json!(id), |number| json!(number))).collect();
    let call = Call::new(Endpoint::ConfluenceConvertIds).json(&json!({ "contentIds": numbers })).confirmed();
    let (types, mut problems) = match unless_refused(cloud.gateway.send(call).await)? {
        Ok(answer) => (answer.json::<Types>()?.results, Vec::new()),
        Err(reason) => {
            let item = Endpoint::ConfluenceConvertIds.to_string();
            (BTreeMap::new(), vec![unread_permission(item, format!("everything is taken for a folder: {reason}"))])
        }
    };
    let told = problems.is_empty();
    let read: Vec<_> = futures_util::stream::iter(ids.to_vec())
        .map(|id| {
            let kind = if told { types.get(&id).cloned().flatten() } else { Some("folder".to_owned()) };
            one(cloud, id, kind)
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    let mut items = Vec::new();
    for found in read {
        match found {
            Ok(found) => items.extend(found),
            Err(problem) => problems.push(problem),
        }
    }
    Ok((items, problems))
}

/// The place of one content, and its name.
async fn one(
    cloud: &ConfluenceCloud,
    id: String,
    kind: Option<String>,
) -> Result<Result<Vec<Item>, Problem>, FetchError> {
    let closed = |reason: &str| {
        let reason = format!("everything below it is hidden: {reason}");
        Ok(Err(unread_permission(format!("content {id}"), reason)))
    };
    let Some(endpoint) = kind.as_deref().and_then(endpoint) else {
        return closed("its type cannot be read by the service account");
    };
    let answer = match unless_refused(cloud.gateway.send(Call::to(endpoint, [&id]).confirmed()).await)? {
        Ok(answer) => answer,
        Err(reason) => return closed(&reason),
    };
    let place: Place = answer.json()?;
    if place.id.0 != id {
        return closed("the answer names another content");
    }
    if !place.stands() {
        return closed("it is a draft or in the trash");
    }
    match place.above() {
        Some(parent) => {
            let stands = Item::Place { node: fetch::content_node(&id), parent: Some(parent) };
            let named = place.title.map(|name| Item::Name { kind: NamedKind::Content, native: id, name });
            Ok(Ok([stands].into_iter().chain(named).collect()))
        }
        None => closed("the answer names neither a parent nor a space"),
    }
}

fn endpoint(kind: &str) -> Option<Endpoint> {
    match kind {
        "page" => Some(Endpoint::ConfluencePage),
        "folder" => Some(Endpoint::ConfluenceFolder),
        "whiteboard" => Some(Endpoint::ConfluenceWhiteboard),
        "database" => Some(Endpoint::ConfluenceDatabase),
        "embed" => Some(Endpoint::ConfluenceEmbed),
        _ => None,
    }
}
