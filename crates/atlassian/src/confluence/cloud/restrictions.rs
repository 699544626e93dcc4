//! View restrictions: in bulk from the search, and singly for what the search left out.
//!
//! The search lags, leaves out archived content, and cuts long lists off (sheet 2.3). So a list that may go on is read
//! again in pages, and whatever is still pending after the search is asked for by itself. Only own restrictions are
//! expanded: one unreadable ancestor would refuse the whole answer, and ancestors are combined by `access`.
//!
//! A changed restriction changes nothing else of its page, so nothing lists it; a sweep reads them all. Between sweeps
//! `touched` reads those of content that has just been read, and those that the audit log names.

mod touched;

use super::ConfluenceCloud;
use super::fetch::{self, SIDE_BY_SIDE, unread_permission};
use super::wire::{Listing, Principals, Restricted, StatedRestriction};
use crate::http::{Call, CallError, Endpoint, Fault, unless_refused};
use crate::known::store_failed;
use access::mutants::off;
use access::{Clause, Group, Hidden, Holder, Principal, SourceId};
use futures_util::{StreamExt, TryStreamExt};
use model::{ClauseKey, Container, DocumentKey, Kind, NodeKey, NodeKind, Origin, Problem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use sync::{Batch, Checkpoint, Cursor, FetchError, Item, Known, Reading};

/// The most contents that the search expands restrictions of in one call.
const MOST: usize = 200;
/// Below this a failing search is not asked for even less.
const LEAST: usize = 25;
/// The most principals per page of one content's list.
const LISTED: usize = 200;
/// The longest list of space keys in a query, in bytes.
const QUERY: usize = 3000;
/// Nodes asked for singly per batch.
const SINGLY: usize = 50;

/// Where the stream stands.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", tag = "phase")]
pub(super) enum Position {
    Bulk {
        behind: Option<String>,
        cursor: Option<String>,
        limit: usize,
        pages_only: bool,
    },
    /// Content that was just read, by id in bulk.
    Listed {
        behind: Option<(String, String)>,
    },
    Singly {
        behind: Option<(String, String)>,
    },
}

impl Default for Position {
    fn default() -> Self {
        Self::Bulk { behind: None, cursor: None, limit: MOST, pages_only: false }
    }
}

pub(super) async fn read(
    cloud: &ConfluenceCloud,
    reading: &Reading,
    cursor: Option<&Cursor>,
    known: &dyn Known,
) -> Result<Batch, FetchError> {
    if let (Reading::Changes { since }, None) = (reading, cursor) {
        return touched::audited(cloud, *since, known).await;
    }
    match fetch::position(cursor) {
        Position::Bulk { behind, cursor, limit, pages_only } => {
            let bulk = Bulk { behind, cursor, limit, pages_only };
            bulk.read(cloud, known).await
        }
        Position::Listed { behind } => touched::listed(cloud, behind, known).await,
        Position::Singly { behind } => singly(cloud, behind, known).await,
    }
}

struct Bulk {
    behind: Option<String>,
    cursor: Option<String>,
    limit: usize,
    pages_only: bool,
}

impl Bulk {
    async fn read(self, cloud: &ConfluenceCloud, known: &dyn Known) -> Result<Batch, FetchError> {
        let spaces = fetch::in_scope(known)?;
        let behind = self.behind.as_ref();
        let group = some_spaces(spaces.values().filter(|space| behind.is_none_or(|behind| space.key.0 > *behind)));
        let Some(last) = group.last() else {
            return Ok(fetch::batch(
                Vec::new(),
                Vec::new(),
                fetch::checkpoint(Some(&Position::Singly { behind: None })),
            ));
        };
        let call = search(cloud, self.query(&group), self.limit).behind(self.cursor.as_ref());
        let answer = match cloud.gateway.send(call).await {
            Ok(answer) => answer,
            Err(error) => return self.failed(error),
        };
        let mut problems = Vec::new();
        let records = answer.records::<Restricted>("results", "content")?;
        // What the search states badly stays pending and is asked for singly.
        problems.extend(records.problems.into_iter().map(|problem| unread_permission(problem.item, problem.reason)));
        let found = records.found;
        // Version 1 may name a next page behind an empty one, without end.
        let next = if found.is_empty() { None } else { answer.next_cursor()? };
        let next = match next {
            Some(cursor) => Self { cursor: Some(cursor), ..self },
            None => Self { behind: Some(last.key.0.clone()), cursor: None, ..self },
        };
        let items = items(cloud, found, known, &mut problems).await?;
        Ok(fetch::batch(items, problems, next.checkpoint()))
    }

    fn query(&self, spaces: &[&Container]) -> String {
        let types = if self.pages_only { "page, blogpost" } else { "page, blogpost, folder, whiteboard, database" };
        let keys: Vec<String> = spaces.iter().map(|space| quoted(&space.short)).collect();
        format!("type in ({types}) and space in ({})", keys.join(", "))
    }

    /// Asks for less when the search is overloaded, for fewer types when it does not know them, and does without it
    /// when it is refused.
    fn failed(self, error: CallError) -> Result<Batch, FetchError> {
        let next = match &error.fault {
            Fault::ServerError { .. } | Fault::Network(_) | Fault::TooLarge if self.limit > LEAST => {
                Self { limit: (self.limit / 2).max(LEAST), ..self }.checkpoint()
            }
            Fault::Rejected { status: 400, .. } if !self.pages_only => {
                Self { pages_only: true, cursor: None, ..self }.checkpoint()
            }
            _ if error.is_refusal() => {
                let reason = format!("view restrictions are read one by one, which is slow: {}", error.reason());
                let problem = unread_permission(error.endpoint.to_string(), reason);
                let next = fetch::checkpoint(Some(&Position::Singly { behind: None }));
                return Ok(fetch::batch(Vec::new(), vec![problem], next));
            }
            _ => return Err(error.into()),
        };
        Ok(fetch::batch(Vec::new(), Vec::new(), next))
    }

    fn checkpoint(self) -> Checkpoint {
        let Self { behind, cursor, limit, pages_only } = self;
        fetch::checkpoint(Some(&Position::Bulk { behind, cursor, limit, pages_only }))
    }
}

/// A search that expands own view restrictions.
fn search(cloud: &ConfluenceCloud, cql: String, limit: usize) -> Call {
    let call = Call::new(Endpoint::ConfluenceContentSearch)
        .query("cql", cql)
        .query("expand", "restrictions.read.restrictions.user,restrictions.read.restrictions.group")
        .query("limit", limit);
    match cloud.scope.archived {
        true => call.query("cqlcontext", r#"{"contentStatuses":["current","archived"]}"#),
        false => call,
    }
}

/// As many spaces as one query can name.
fn some_spaces<'a>(spaces: impl Iterator<Item = &'a Container>) -> Vec<&'a Container> {
    let mut length = 0;
    let fits = |space: &&Container| {
        let first = length == 0;
        length += space.short.len() + 4;
        first || length <= QUERY
    };
    spaces.take_while(fits).collect()
}

fn quoted(key: &str) -> String {
    format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What the store is told of contents that a search gave.
async fn items(
    cloud: &ConfluenceCloud,
    found: Vec<Restricted>,
    known: &dyn Known,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Item>, FetchError> {
    let mut items = Vec::new();
    for (id, read) in own_restrictions(cloud, stored(found, known)?).await? {
        hand_over(&id, read, &mut items, problems);
    }
    Ok(items)
}

/// Leaves out pages and blog posts that are not stored: the search found them after their listing had passed.
fn stored(found: Vec<Restricted>, known: &dyn Known) -> Result<Vec<Restricted>, FetchError> {
    let document = |content: &Restricted| match content.kind.as_str() {
        "page" => Some(DocumentKey::new(Kind::Page, content.id.0.clone())),
        "blogpost" => Some(DocumentKey::new(Kind::BlogPost, content.id.0.clone())),
        _ => None,
    };
    let stored = fetch::owners(known, found.iter().filter_map(document).collect())?;
    Ok(found.into_iter().filter(|content| document(content).is_none_or(|key| stored.contains_key(&key))).collect())
}

/// What was read of one restriction.
enum Read {
    /// The content adds no condition.
    Open,
    /// The clause, and how many of those named have no id.
    Restricted(Clause, usize),
    /// Nothing could be read, for this reason: what was known stands, and the content stays pending.
    Refused(String),
}

/// What each content says of itself. What was not stated is left out.
async fn own_restrictions(cloud: &ConfluenceCloud, found: Vec<Restricted>) -> Result<Vec<(String, Read)>, FetchError> {
    let stated = found.into_iter().filter_map(|content| {
        let principals = content.restrictions?.read?.restrictions?;
        let is_page = matches!(content.kind.as_str(), "page" | "blogpost");
        Some((content.id.0, is_page, principals))
    });
    let read = futures_util::stream::iter(stated).map(|(id, is_page, principals)| async move {
        let (Some(users), Some(groups)) = (&principals.user, &principals.group) else { return Ok(None) };
        let read = if !is_page && off("confluence.folders") {
            Read::Open
        } else if users.may_go_on() || groups.may_go_on() {
            whole(cloud, &id).await?
        } else if users.results.is_empty() && groups.results.is_empty() && principals.strangers() == 0 {
            Read::Open
        } else {
            let own = cloud.own_account().await?;
            Named::default().with(&principals).read(cloud.source, own)
        };
        Ok::<_, FetchError>(Some((id, read)))
    });
    let read: Vec<_> = read.buffered(SIDE_BY_SIDE).try_collect().await?;
    Ok(read.into_iter().flatten().collect())
}

/// Tells the store and the administrator what was read of one content.
fn hand_over(id: &str, read: Read, items: &mut Vec<Item>, problems: &mut Vec<Problem>) {
    match read {
        Read::Open => items.extend(stated(id, None)),
        Read::Restricted(clause, lost) => {
            if lost > 0 {
                let reason = format!(
                    "its view restriction names {lost} without an id, as deleted users and groups are, or of a kind that is not \
                     known; nobody is admitted through them"
                );
                problems.push(unread_permission(format!("content {id}"), reason));
            }
            items.extend(stated(id, Some(clause)));
        }
        Read::Refused(reason) => {
            let reason = format!("its view restriction could not be read, so nobody sees it: {reason}");
            problems.push(unread_permission(format!("content {id}"), reason));
        }
    }
}

/// What the store is told of one content.
fn stated(id: &str, clause: Option<Clause>) -> Vec<Item> {
    let node = fetch::content_node(id);
    let key = ClauseKey::new(Origin::ViewRestriction, id);
    match clause.filter(|_| !off("confluence.view-restrictions")) {
        None => vec![Item::Layers { node, own: Vec::new(), inline: Vec::new() }],
        Some(clause) => {
            vec![Item::Clause { key: key.clone(), clause }, Item::Layers { node, own: vec![key], inline: Vec::new() }]
        }
    }
}

/// Everybody whom a restriction names.
#[derive(Debug, Default)]
struct Named {
    users: BTreeSet<String>,
    groups: BTreeSet<String>,
    /// How many have no id, or are of an unknown kind. They admit nobody; what the others admit is narrower, never wider.
    lost: usize,
}

impl Named {
    fn with(mut self, principals: &Principals) -> Self {
        let lists = [(&principals.user, "accountId", &mut self.users), (&principals.group, "id", &mut self.groups)];
        for (list, name, named) in lists {
            let (ids, lost) = list.as_ref().map(|list| list.ids(name)).unwrap_or_default();
            named.extend(ids);
            self.lost += lost;
        }
        self.lost += principals.strangers();
        self
    }

    fn count(&self) -> usize {
        self.users.len() + self.groups.len() + self.lost
    }

    fn read(self, source: SourceId, own_account: Option<&str>) -> Read {
        let users = self.users.iter().filter(|account| Some(account.as_str()) != own_account);
        let users = users.map(|account| Principal::account(source, account));
        // A guest in a listed group may view, although no group opens a space to a guest.
        let groups = self.groups.iter().map(|group| Group::Id(group.as_str().into()));
        let groups = groups.filter(|_| !off("confluence.listed-groups"));
        let groups = groups.flat_map(|group| [Holder::Group(group.clone()), Holder::GuestsOf(group)]);
        let clause = Clause::any_of(users.chain(groups.map(|holder| Principal::new(source, holder))));
        let nobody = self.lost > 0 && clause.principals().next().is_none();
        Read::Restricted(if nobody { Clause::nobody(Hidden::NotUnderstood) } else { clause }, self.lost)
    }
}

/// The whole restriction of one content, in pages.
async fn whole(cloud: &ConfluenceCloud, id: &str) -> Result<Read, FetchError> {
    let mut named = Named::default();
    let (mut users_seen, mut groups_seen) = (Seen::default(), Seen::default());
    let mut start = 0;
    loop {
        let call = Call::to(Endpoint::ConfluenceReadRestriction, [id])
            .query("expand", "restrictions.user,restrictions.group")
            .query("start", start)
            .query("limit", LISTED)
            .confirmed();
        let answer = match unless_refused(cloud.gateway.send(call).await)? {
            Ok(answer) => answer,
            Err(reason) => return Ok(Read::Refused(reason)),
        };
        // One content whose answer has another shape costs itself only.
        let stated: StatedRestriction = match answer.json() {
            Ok(stated) => stated,
            Err(error) => return Ok(Read::Refused(error.reason())),
        };
        let Some(principals) = stated.restrictions else {
            return Ok(Read::Refused("the answer names no restriction lists".to_owned()));
        };
        let (Some(users), Some(groups)) = (&principals.user, &principals.group) else {
            return Ok(Read::Refused("the answer left a restriction list out".to_owned()));
        };
        let more = users_seen.take(users) | groups_seen.take(groups);
        start += users.results.len().max(groups.results.len());
        let before = named.count();
        named = named.with(&principals);
        // A page that names nobody new, or the thousandth, comes from a list that never ends.
        let endless = more && (named.count() == before || start > LISTED * 1000);
        if more && !endless {
            continue;
        }
        if endless || users_seen.cut_off() || groups_seen.cut_off() {
            return Ok(Read::Restricted(Clause::nobody(Hidden::Truncated), 0));
        }
        if named.count() == 0 {
            return Ok(Read::Open);
        }
        let own = cloud.own_account().await?;
        return Ok(named.read(cloud.source, own));
    }
}

/// How much of one list came. Its `size` is that of a page in some answers and that of the whole list in others.
#[derive(Debug, Default)]
struct Seen {
    here: usize,
    stated: usize,
}

impl Seen {
    /// Counts a page; true when it was full, so that another may follow.
    fn take(&mut self, page: &Listing) -> bool {
        self.here += page.results.len();
        self.stated = self.stated.max(page.size.unwrap_or(0));
        !page.results.is_empty() && page.results.len() >= page.limit.unwrap_or(LISTED)
    }

    fn cut_off(&self) -> bool {
        self.here < self.stated
    }
}

/// Asks one by one for what is still pending. What is refused stays pending: nobody sees it, and the next run asks again.
async fn singly(
    cloud: &ConfluenceCloud,
    behind: Option<(String, String)>,
    known: &dyn Known,
) -> Result<Batch, FetchError> {
    let behind = behind.and_then(|(kind, native)| Some(NodeKey::new(kind.parse::<NodeKind>().ok()?, native)));
    let pending = known.pending(behind.as_ref(), SINGLY).map_err(store_failed)?;
    let Some(last) = pending.last().cloned() else {
        return Ok(fetch::batch(Vec::new(), Vec::new(), Checkpoint::Complete));
    };
    let contents = pending.into_iter().filter(|node| node.kind == NodeKind::Content);
    let read: Vec<_> = futures_util::stream::iter(contents)
        .map(|node| async move { Ok::<_, FetchError>((whole(cloud, &node.native).await?, node.native)) })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    for (read, id) in read {
        hand_over(&id, read, &mut items, &mut problems);
    }
    let next = Position::Singly { behind: Some((last.kind.code().to_owned(), last.native)) };
    Ok(fetch::batch(items, problems, fetch::checkpoint(Some(&next))))
}
