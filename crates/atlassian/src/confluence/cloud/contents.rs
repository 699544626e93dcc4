//! Pages and blog posts with their bodies, 250 at a time.
//!
//! Where at most 100 spaces are in scope they are named in the call; beyond that an include list goes in groups of 100,
//! and anything wider is listed for the whole site and filtered here.

use super::ConfluenceCloud;
use super::fetch::{self, PAGE};
use super::wire::{Content, Listed};
use crate::http::Call;
use model::{Body, Container, Document, DocumentKey, Facts, Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use sync::{Batch, Checkpoint, Cursor, FetchError, Item, Known};
use text::{Person, Text};

/// The most spaces that a call may name.
const NAMED: usize = 100;

#[derive(Debug, Default, Deserialize, Serialize)]
struct Position {
    /// The last space of the groups that are done.
    behind: Option<String>,
    /// Within the current group.
    cursor: Option<String>,
}

pub(super) async fn read(
    cloud: &ConfluenceCloud,
    listed: Listed,
    cursor: Option<&Cursor>,
    known: &dyn Known,
) -> Result<Batch, FetchError> {
    let position: Position = fetch::position(cursor);
    let spaces = fetch::in_scope(known)?;
    let named = spaces.len() <= NAMED || !cloud.scope.include.is_empty();
    let group: Vec<&String> =
        spaces.keys().filter(|id| position.behind.as_ref().is_none_or(|behind| *id > behind)).take(NAMED).collect();
    // Without any space in scope a call would list the whole site.
    if group.is_empty() {
        return Ok(fetch::batch(Vec::new(), Vec::new(), Checkpoint::Complete));
    }
    let mut call = Call::new(listed.endpoint())
        .query("limit", PAGE)
        .query("body-format", "storage")
        .query("status", statuses(cloud, listed))
        .query_opt("cursor", position.cursor.as_ref())
        .confirmed();
    if named {
        call = call.query("space-id", group.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(","));
    }
    let answer = cloud.gateway.send(call).await?;
    let mut problems = Vec::new();
    let found: Vec<Content> = answer.records("results", listed.word())?.into_found(&mut problems);
    let next = match answer.next_cursor()? {
        Some(cursor) => Some(Position { behind: position.behind, cursor: Some(cursor) }),
        None if named && group.len() == NAMED => {
            Some(Position { behind: group.last().map(|id| (*id).clone()), cursor: None })
        }
        None => None,
    };
    let items = items(cloud, listed, found, &spaces, &mut problems).await?;
    Ok(fetch::batch(items, problems, fetch::checkpoint(next.as_ref())))
}

/// Blog posts have no archive of their own (sheet 2.2).
fn statuses(cloud: &ConfluenceCloud, listed: Listed) -> &'static str {
    if cloud.scope.archived && listed == Listed::Pages { "current,archived" } else { "current" }
}

async fn items(
    cloud: &ConfluenceCloud,
    listed: Listed,
    found: Vec<Content>,
    spaces: &BTreeMap<String, Container>,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Item>, FetchError> {
    let wanted = found.into_iter().filter(|content| spaces.contains_key(&content.space_id.0));
    let wanted = wanted.filter(|content| matches!(content.status.as_str(), "current" | "archived"));
    let mut read = Vec::new();
    for content in wanted {
        match content.body.storage() {
            Some(storage) => {
                let text = text::storage::parse(storage);
                read.push((content, text));
            }
            None => {
                let item = format!("{} {}", listed.word(), content.id.0);
                problems.push(Problem::new(ProblemKind::Record, item, "the answer left its body out; sync again"));
            }
        }
    }
    let people = read.iter().flat_map(|(content, text)| content.author_id.clone().into_iter().chain(mentioned(text)));
    cloud.names.fill(&cloud.gateway, people.collect(), problems).await?;
    let mut items = Vec::with_capacity(read.len() * 2);
    for (content, text) in read {
        problems.extend(loss(listed.word(), &content.id.0, &text));
        let (node, parent) = (fetch::content_node(&content.id.0), Some(content.above()));
        items.push(Item::Place { node, parent });
        items.push(Item::Document(Box::new(document(cloud, listed, content, &text))));
    }
    Ok(items)
}

fn document(cloud: &ConfluenceCloud, listed: Listed, content: Content, text: &Text) -> Document {
    let id = content.id.0;
    let status = Some(content.status).filter(|status| status != "current");
    Document {
        key: DocumentKey::new(listed.kind(), id.clone()),
        node: fetch::content_node(&id),
        audience: None,
        parent: None,
        container: model::ContainerKey(content.space_id.0),
        title: content.title,
        issue_key: None,
        url: cloud.address(content.links.webui.as_deref(), || format!("/pages/viewpage.action?pageId={id}")),
        body: body(cloud, text),
        facts: Facts { author: cloud.names.person(content.author_id.as_deref()), status, ..Facts::default() },
        created: content.created_at.0,
        updated: content.version.created_at.0,
        version: content.version.number.to_string(),
    }
}

/// The views of a text that a search needs, with people by name.
pub(super) fn body(cloud: &ConfluenceCloud, text: &Text) -> Body {
    let headings: Vec<_> = text.headings().map(|(_, heading)| heading).collect();
    let name_of = |person: &Person| match person {
        Person::AccountId(account) => cloud.names.of(account),
        Person::UserKey(_) | Person::Username(_) => None,
    };
    Body { headings: headings.join("\n"), text: text.plain_with(&name_of), code: text.code() }
}

/// The accounts that a text mentions.
pub(super) fn mentioned(text: &Text) -> BTreeSet<String> {
    let account = |person: &Person| match person {
        Person::AccountId(account) => Some(account.clone()),
        Person::UserKey(_) | Person::Username(_) => None,
    };
    text.mentions.iter().filter_map(account).collect()
}

/// What of a body could not be read, as one notice.
pub(super) fn loss(word: &str, id: &str, text: &Text) -> Option<Problem> {
    let first = text.losses.first()?;
    let more = match text.losses.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Some(Problem::new(ProblemKind::Notice, format!("{word} {id}"), format!("its body: {first}{more}")))
}
