//! Replies: which page they stand on when they name only the comment above, and how to find them when no list has them.

use super::ConfluenceCloud;
use super::comments::{self, Position};
use super::fetch::{self, SIDE_BY_SIDE, Stored};
use super::wire::{Attachment, Comment, FoundComment, Id, Thread};
use crate::http::{Call, CallError, Endpoint, Gateway, unless_refused};
use futures_util::{StreamExt, TryStreamExt};
use model::{DocumentKey, Millis, Problem, ProblemKind};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use sync::{Batch, Checkpoint, FetchError, Known, Reading};

/// Comments remembered; beyond that the memory starts anew and parents are asked for.
const REMEMBERED: usize = 200_000;
/// Threads deeper than this are given up: no product shows them.
const DEEPEST: usize = 50;
/// Comments per search; they are found without bodies.
const FOUND: usize = 200;

/// Which page each comment stands on. A cache only.
#[derive(Default)]
pub(super) struct Threads(Mutex<HashMap<(Thread, String), Option<DocumentKey>>>);

impl Threads {
    /// The page or blog post of a comment. `Ok(Ok(None))`: it hangs on something that is not indexed.
    pub(super) async fn owner(
        &self,
        gateway: &Gateway,
        thread: Thread,
        comment: &Comment,
    ) -> Result<Result<Option<DocumentKey>, String>, FetchError> {
        let mut passed = vec![comment.id.0.clone()];
        let mut current = comment.clone();
        let owner = loop {
            if let Some(owner) = current.owner() {
                break Some(owner);
            }
            if let Some(attachment) = &current.attachment_id {
                match unless_refused(owner_of_file(gateway, attachment).await)? {
                    Ok(owner) => break owner,
                    Err(reason) => return Ok(Err(reason)),
                }
            }
            let Some(parent) = current.parent_comment_id.clone().filter(|_| current.custom_content_id.is_none()) else {
                break None;
            };
            if let Some(known) = self.lock().get(&(thread, parent.0.clone())) {
                break known.clone();
            }
            if passed.len() > DEEPEST || passed.contains(&parent.0) {
                return Ok(Err("the comments above it form no end".to_owned()));
            }
            let call = Call::to(thread.one(), [&parent.0]).confirmed();
            current = match unless_refused(gateway.send(call).await)? {
                Ok(answer) => answer.json()?,
                Err(reason) => return Ok(Err(format!("the comment above it could not be read: {reason}"))),
            };
            passed.push(parent.0);
        };
        self.remember(thread, passed, owner.as_ref());
        Ok(Ok(owner))
    }

    fn remember(&self, thread: Thread, comments: Vec<String>, owner: Option<&DocumentKey>) {
        let mut known = self.lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.extend(comments.into_iter().map(|id| ((thread, id), owner.cloned())));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Thread, String), Option<DocumentKey>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn owner_of_file(gateway: &Gateway, attachment: &Id) -> Result<Option<DocumentKey>, CallError> {
    let answer = gateway.send(Call::to(Endpoint::ConfluenceAttachment, [&attachment.0]).confirmed()).await?;
    Ok(answer.json::<Attachment>()?.owner())
}

/// Searches all comments, and reads the replies below each one that is answered.
pub(super) async fn read(
    cloud: &ConfluenceCloud,
    thread: Thread,
    reading: &Reading,
    position: Position,
    known: &dyn Known,
) -> Result<Batch, FetchError> {
    let call = Call::new(Endpoint::ConfluenceContentSearch)
        .query("cql", query(reading, cloud.gateway.clock().last()))
        .query("expand", "ancestors,container")
        .query("limit", FOUND)
        .behind(position.cursor.as_ref());
    let mut problems = Vec::new();
    let answer = match unless_refused(cloud.gateway.send(call).await)? {
        Ok(answer) => answer,
        Err(reason) => {
            let reason = format!("replies to comments may be missing from the search: {reason}");
            let problem = Problem::new(ProblemKind::Notice, Endpoint::ConfluenceContentSearch.to_string(), reason);
            return Ok(fetch::batch(Vec::new(), vec![problem], Checkpoint::Complete));
        }
    };
    let found: Vec<FoundComment> = answer.records("results", "comment")?.into_found(&mut problems);
    // Version 1 may name a next page behind an empty one, without end.
    let next = if found.is_empty() { None } else { answer.next_cursor()? };
    let next = next.map(|cursor| Position { cursor: Some(cursor), ..position });
    let mut answered: BTreeMap<Id, DocumentKey> = BTreeMap::new();
    for comment in &found {
        if let (Some(above), Some(owner)) = (comment.answers(), comment.owner()) {
            answered.insert(above.clone(), owner);
        }
    }
    let scope = fetch::owners(known, answered.values().cloned().collect())?;
    answered.retain(|_, owner| scope.contains_key(owner));
    let read: Vec<_> = futures_util::stream::iter(answered)
        .map(|(above, owner)| async move { below(cloud, thread, above, owner).await })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    let mut replies = Vec::new();
    for (found, lost) in read {
        replies.extend(found);
        problems.extend(lost);
    }
    let items = comments::items(cloud, replies, Stored::of(reading), known, &mut problems).await?;
    Ok(fetch::batch(items, problems, fetch::checkpoint(next.as_ref())))
}

/// All comments, or those that changed: so many minutes ago, which no time zone can falsify (sheet 2.4), counted from the
/// source's own clock.
fn query(reading: &Reading, now: Option<Millis>) -> String {
    match (reading, now) {
        (Reading::Changes { since }, Some(now)) => {
            let minutes = (now.since(*since).0.max(0) + 59_999) / 60_000 + 2;
            format!("type = comment and lastmodified >= now(\"-{minutes}m\")")
        }
        _ => "type = comment".to_owned(),
    }
}

type Below = (Vec<(Comment, DocumentKey)>, Vec<Problem>);

/// The direct replies of one comment. A comment of the other kind is not found here, which is no loss.
async fn below(cloud: &ConfluenceCloud, thread: Thread, above: Id, owner: DocumentKey) -> Result<Below, FetchError> {
    let (mut replies, mut problems) = (Vec::new(), Vec::new());
    let mut cursor = None;
    loop {
        let call = Call::to(thread.replies(), [&above.0]).query_opt("cursor", cursor.as_ref());
        let page = comments::page(cloud, call, fetch::PAGE, &mut problems).await;
        let Ok((found, next)) = unless_refused(page)? else {
            return Ok((replies, problems));
        };
        replies.extend(found.into_iter().map(|comment| (comment, owner.clone())));
        if next.is_none() || next == cursor {
            return Ok((replies, problems));
        }
        cursor = next;
    }
}
