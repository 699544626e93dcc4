//! Footer and inline comments of the whole site, 250 at a time, each a document under its page.
//!
//! No list of comments takes ids, so where an answer is too much, fewer are asked for from the same place, down to a single
//! one. What is too much alone is listed without its body: one loss, and the list goes on behind it.
//!
//! Whether the site-wide lists hold replies is not documented (sheet 2.2, 11). So it is seen: a list that holds a single
//! reply holds all of them; one that holds none is completed from the search, which knows replies, in `replies`.

use super::fetch::{self, LATEST, PAGE, Stored};
use super::wire::{Comment, Thread};
use super::{ConfluenceCloud, contents, replies};
use crate::http::{Call, CallError};
use model::{ContainerKey, Document, DocumentKey, Facts, Kind, Problem};
use serde::{Deserialize, Serialize};
use sync::{Batch, Cursor, FetchError, Item, Known, Reading};
use text::Text;

/// Where the stream stands. It survives a restart, and so does what was seen.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Position {
    pub(super) cursor: Option<String>,
    /// Whether the list held any reply so far.
    pub(super) replies: bool,
    /// Whether it held anything that could have one.
    pub(super) roots: bool,
    /// The list is done; its replies are searched.
    pub(super) searching: bool,
}

pub(super) async fn read(
    cloud: &ConfluenceCloud,
    thread: Thread,
    reading: &Reading,
    cursor: Option<&Cursor>,
    known: &dyn Known,
) -> Result<Batch, FetchError> {
    let position: Position = fetch::position(cursor);
    if position.searching {
        return replies::read(cloud, thread, reading, position, known).await;
    }
    let call = Call::new(thread.list()).behind(position.cursor.as_ref()).confirmed();
    let (call, most) = match reading {
        Reading::Changes { .. } => (call.query("sort", "-modified-date"), LATEST),
        Reading::Whole | Reading::Structure | Reading::Only(_) => (call, PAGE),
    };
    let mut problems = Vec::new();
    let (found, next) = page(cloud, call, most, &mut problems).await?;
    let over = fetch::is_over(reading, found.last().map(|last| last.version.created_at.0));
    let replies = position.replies || found.iter().any(|comment| comment.parent_comment_id.is_some());
    let roots = position.roots || !found.is_empty();
    let next = match next.filter(|_| !over) {
        Some(cursor) => Some(Position { cursor: Some(cursor), replies, roots, searching: false }),
        None if roots && !replies => Some(Position { cursor: None, replies, roots, searching: true }),
        None => None,
    };
    let mut owned = Vec::new();
    // Finding a reply's page may cost calls: not for what is stored anyway, unless it has to be known that it is listed.
    let found = match Stored::of(reading) {
        Stored::Skipped => {
            let keyed = found.into_iter().map(|comment| (comment.key(), comment.state(), comment));
            fetch::unstored(known, Stored::Skipped, keyed.collect())?.1
        }
        Stored::Again | Stored::Named => found,
    };
    for comment in found {
        match cloud.threads.owner(&cloud.gateway, thread, &comment).await? {
            Ok(Some(owner)) => owned.push((comment, owner)),
            Ok(None) => {}
            Err(reason) => problems.push(lost(&comment, reason)),
        }
    }
    let items = items(cloud, owned, Stored::of(reading), known, &mut problems).await?;
    Ok(fetch::batch(items, problems, fetch::checkpoint(next.as_ref())))
}

/// At most so many comments of a list with their bodies, and the cursor behind them.
pub(super) async fn page(
    cloud: &ConfluenceCloud,
    call: Call,
    most: usize,
    problems: &mut Vec<Problem>,
) -> Result<(Vec<Comment>, Option<String>), CallError> {
    let bare = |limit: usize| cloud.gateway.send(call.clone().query("limit", limit).probing());
    let with_bodies =
        |limit: usize| cloud.gateway.send(call.clone().query("limit", limit).query("body-format", "storage"));
    let mut read = with_bodies(most).await;
    if read.as_ref().is_err_and(CallError::is_too_much) {
        // Where not even the bare list can be read, bodies are not what is wrong with it.
        bare(most).await?;
    }
    let mut limit = most;
    while limit > 1 && read.as_ref().is_err_and(CallError::is_too_much) {
        limit /= 2;
        read = with_bodies(limit).await;
    }
    let (answer, withheld) = match read {
        Ok(answer) => (answer, None),
        Err(error) if error.is_too_much() => {
            (bare(1).await?, Some(format!("its body was left out: {}", error.reason())))
        }
        Err(error) => return Err(error),
    };
    let mut found: Vec<Comment> = answer.records("results", "comment")?.into_documents(Kind::Comment, problems);
    if let Some(reason) = withheld {
        found.iter_mut().for_each(|comment| comment.body.withhold(reason.clone()));
    }
    Ok((found, answer.next_cursor()?))
}

fn lost(comment: &Comment, reason: String) -> Problem {
    fetch::unread_permission(format!("comment {}", comment.id.0), reason)
}

/// Documents of the comments whose page is known; the others are out of scope.
pub(super) async fn items(
    cloud: &ConfluenceCloud,
    found: Vec<(Comment, DocumentKey)>,
    stored: Stored,
    known: &dyn Known,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Item>, FetchError> {
    let owners = fetch::owners(known, found.iter().map(|(_, owner)| owner.clone()).collect())?;
    let visible = found.into_iter().filter(|(comment, owner)| {
        owners.contains_key(owner) && matches!(comment.status.as_deref(), None | Some("current"))
    });
    let keyed = visible.map(|(comment, owner)| (comment.key(), comment.state(), (comment, owner)));
    let (mut items, rest) = fetch::unstored(known, stored, keyed.collect())?;
    let mut read = Vec::new();
    for (comment, owner) in rest {
        let Some(above) = owners.get(&owner) else { continue };
        match comment.body.storage() {
            Some(storage) => {
                let text = text::storage::parse(storage);
                read.push((comment, owner, above, text));
            }
            None => problems.push(fetch::lost(&comment.key(), comment.body.missing())),
        }
    }
    let people = read.iter().flat_map(|(comment, _, _, text)| {
        comment.version.author_id.clone().into_iter().chain(contents::mentioned(text))
    });
    cloud.names.fill(&cloud.gateway, people.collect(), problems).await?;
    items.extend(read.into_iter().map(|(comment, owner, above, text)| {
        problems.extend(contents::loss("comment", &comment.id.0, &text));
        Item::Document(Box::new(document(cloud, comment, owner, above, &text)))
    }));
    Ok(items)
}

fn document(
    cloud: &ConfluenceCloud,
    comment: Comment,
    owner: DocumentKey,
    (container, title): &(ContainerKey, String),
    text: &Text,
) -> Document {
    let version = comment.state();
    let (id, page) = (comment.id.0, owner.native.clone());
    let fallback = || format!("/pages/viewpage.action?pageId={page}&focusedCommentId={id}");
    Document {
        url: cloud.address(comment.links.webui.as_deref(), fallback),
        key: DocumentKey::new(Kind::Comment, id),
        node: fetch::content_node(&page),
        audience: None,
        parent: Some(owner),
        container: container.clone(),
        title: title.clone(),
        issue_key: None,
        body: contents::body(cloud, text),
        facts: Facts { author: cloud.names.person(comment.version.author_id.as_deref()), ..Facts::default() },
        created: comment.created_at.unwrap_or(comment.version.created_at).0,
        updated: comment.version.created_at.0,
        version,
    }
}
