//! Walks the site-wide lists of pages and blog posts: everything with bodies, everything without, or what changed last.
//!
//! Where a page of the list is too much with its bodies, the same page is listed without them, and the bodies are asked
//! for by id, in as many parts as it takes: a few huge bodies, or one that breaks the answer, cost calls and nothing else.
//!
//! Where at most 100 spaces are in scope they are named in the call; beyond that an include list goes in groups of 100,
//! and anything wider is listed for the whole site and filtered by the caller.

use super::ConfluenceCloud;
use super::fetch::{self, LATEST, PAGE};
use super::wire::{Content, Listed};
use crate::http::{Answer, Call, CallError};
use model::{Container, DocumentKey, Problem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sync::Reading;

/// The most spaces that a call may name.
const NAMED: usize = 100;

/// Where the stream stands.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", tag = "phase")]
pub(super) enum Position {
    /// In the list itself: the last space of the groups that are done, and the cursor within the current group.
    Listing { behind: Option<String>, cursor: Option<String> },
    /// The list has ended. Its last page may still be on its way into the store, which is asked next.
    Ended,
    /// Asking for what the list should have named, behind this id; how many were asked for one by one.
    Confirming { behind: Option<String>, singly: usize },
    /// Looking into the trash.
    Trash,
}

impl Default for Position {
    fn default() -> Self {
        Self::Listing { behind: None, cursor: None }
    }
}

/// One page of the list, and where to go on; `None` where no space is in scope.
pub(super) struct Page {
    pub(super) found: Vec<Content>,
    pub(super) next: Option<Position>,
}

pub(super) async fn page(
    cloud: &ConfluenceCloud,
    listed: Listed,
    reading: &Reading,
    (behind, cursor): (Option<String>, Option<String>),
    spaces: &BTreeMap<String, Container>,
    problems: &mut Vec<Problem>,
) -> Result<Option<Page>, CallError> {
    let named = spaces.len() <= NAMED || !cloud.scope.include.is_empty();
    let group: Vec<&String> =
        spaces.keys().filter(|id| behind.as_ref().is_none_or(|behind| *id > behind)).take(NAMED).collect();
    // Without any space in scope a call would list the whole site.
    if group.is_empty() {
        return Ok(None);
    }
    let mut call = Call::new(listed.endpoint());
    call = match reading {
        Reading::Whole | Reading::Only(_) | Reading::Structure => call.query("limit", PAGE),
        Reading::Changes { .. } => call.query("limit", LATEST).query("sort", "-modified-date"),
    };
    call = call.query("status", statuses(cloud, listed)).behind(cursor).confirmed();
    if named {
        call = call.query("space-id", group.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(","));
    }
    let (answer, found) = match reading {
        Reading::Whole | Reading::Only(_) => with_bodies(cloud, listed, call, spaces, problems).await?,
        Reading::Structure | Reading::Changes { .. } => {
            let answer = cloud.gateway.send(call).await?;
            let found = answer.records("results", listed.word())?.into_documents(listed.kind(), problems);
            (answer, found)
        }
    };
    let over = fetch::is_over(reading, found.last().map(|last| last.version.created_at.0));
    let next = match answer.next_cursor()?.filter(|_| !over) {
        Some(cursor) => Some(Position::Listing { behind, cursor: Some(cursor) }),
        None if named && group.len() == NAMED => {
            Some(Position::Listing { behind: group.last().map(|id| (*id).clone()), cursor: None })
        }
        None => None,
    };
    Ok(Some(Page { found, next }))
}

/// One page of the list with its bodies. Gives the answer that knows the next page.
async fn with_bodies(
    cloud: &ConfluenceCloud,
    listed: Listed,
    call: Call,
    spaces: &BTreeMap<String, Container>,
    problems: &mut Vec<Problem>,
) -> Result<(Answer, Vec<Content>), CallError> {
    let answer = match cloud.gateway.send(call.clone().query("body-format", "storage")).await {
        Ok(answer) => {
            let found = answer.records("results", listed.word())?.into_documents(listed.kind(), problems);
            return Ok((answer, found));
        }
        Err(error) if error.is_too_much() => cloud.gateway.send(call.probing()).await?,
        Err(error) => return Err(error),
    };
    let bare: Vec<Content> = answer.records("results", listed.word())?.into_documents(listed.kind(), problems);
    let wanted = bare.into_iter().filter(|content| spaces.contains_key(&content.space_id.0));
    let ids: Vec<String> = wanted.map(|content| content.id.0).collect();
    let mut found = Vec::with_capacity(ids.len());
    // All of them at once were too much already.
    for half in ids.chunks(ids.len().div_ceil(2).max(1)) {
        found.extend(by_id(cloud, listed, half, problems).await?);
    }
    Ok((answer, found))
}

/// Blog posts have no archive of their own (sheet 2.2).
fn statuses(cloud: &ConfluenceCloud, listed: Listed) -> &'static str {
    if cloud.scope.archived && listed == Listed::Pages { "current,archived" } else { "current" }
}

/// Contents by id with their bodies, as far as they are visible and in a status that is wanted.
///
/// An answer that is too large or cut off is asked for again in halves, so that one bad body costs itself only.
pub(super) async fn by_id(
    cloud: &ConfluenceCloud,
    listed: Listed,
    ids: &[String],
    problems: &mut Vec<Problem>,
) -> Result<Vec<Content>, CallError> {
    let mut found = Vec::with_capacity(ids.len());
    let mut open: Vec<&[String]> = ids.chunks(PAGE).rev().collect();
    while let Some(some) = open.pop() {
        let call = Call::new(listed.endpoint())
            .query("limit", PAGE)
            .query("id", some.join(","))
            .query("body-format", "storage")
            .query("status", statuses(cloud, listed))
            .confirmed();
        let answer = cloud.gateway.send(call).await;
        match answer.and_then(|answer| answer.records("results", listed.word())) {
            Ok(records) => found.extend(records.into_documents(listed.kind(), problems)),
            Err(error) if error.is_too_much() && some.len() > 1 => {
                let (first, second) = some.split_at(some.len() / 2);
                open.extend([second, first]);
            }
            Err(error) if error.is_too_much() => {
                let key = DocumentKey::new(listed.kind(), some[0].clone());
                problems.push(fetch::lost(&key, format!("it was left out: {}", error.reason())));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// The newest contents of the trash. Only space administrators may see it; for others it is empty.
pub(super) async fn trashed(
    cloud: &ConfluenceCloud,
    listed: Listed,
    spaces: &BTreeMap<String, Container>,
) -> Result<Vec<Content>, CallError> {
    let mut call =
        Call::new(listed.endpoint()).query("limit", LATEST).query("status", "trashed").query("sort", "-modified-date");
    if spaces.len() <= NAMED {
        call = call.query("space-id", spaces.keys().map(String::as_str).collect::<Vec<_>>().join(","));
    }
    let answer = cloud.gateway.send(call).await?;
    Ok(answer.records("results", listed.word())?.found)
}
