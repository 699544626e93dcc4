//! Pages and blog posts: documents out of what the lists give, bodies only where they are needed.
//!
//! A list without bodies names each content's state; what is stored in that state is only named as seen, the bodies of the
//! rest are asked for by id, 250 at a time. The state holds the place and the space's key beside the version, because a move, an
//! archiving or a new key changes no version (sheet 2.5).

use super::ConfluenceCloud;
use super::fetch::{self, Stored};
use super::listing::{self, Position};
use super::wire::{Content, Listed};
use model::{Body, Container, Document, DocumentKey, Facts, Problem, ProblemKind, Target};
use std::collections::{BTreeMap, BTreeSet};
use sync::{Batch, Cursor, FetchError, Item, Known, Reading};
use text::{Person, Text};

pub(super) async fn read(
    cloud: &ConfluenceCloud,
    listed: Listed,
    reading: &Reading,
    cursor: Option<&Cursor>,
    known: &dyn Known,
) -> Result<Batch, FetchError> {
    let spaces = fetch::in_scope(known)?;
    let of = Of { cloud, listed, spaces: &spaces, known };
    match fetch::position(cursor) {
        Position::Listing { behind, cursor } => match (reading, own_targets(reading, listed)) {
            (Reading::Only(_), Some(ids)) => of.only(&ids).await,
            _ => of.list(reading, (behind, cursor)).await,
        },
        Position::Ended => {
            let next = Position::Confirming { behind: None, singly: 0 };
            Ok(fetch::batch(Vec::new(), Vec::new(), fetch::checkpoint(Some(&next))))
        }
        Position::Confirming { behind, singly } => super::confirm::read(&of, behind, singly).await,
        Position::Trash => of.trash().await,
    }
}

/// The ids to read again, if they are all of this list; everything is read where a whole space is asked for.
fn own_targets(reading: &Reading, listed: Listed) -> Option<Vec<String>> {
    let Reading::Only(targets) = reading else { return None };
    let own = |target: &Target| match target {
        Target::Document(key) if key.kind == listed.kind() => Some(key.native.clone()),
        Target::Document(_) | Target::Container(_) => None,
    };
    targets.iter().map(own).collect()
}

/// One of the two lists, with what is needed to make documents of it.
pub(super) struct Of<'a> {
    pub(super) cloud: &'a ConfluenceCloud,
    pub(super) listed: Listed,
    pub(super) spaces: &'a BTreeMap<String, Container>,
    pub(super) known: &'a dyn Known,
}

impl Of<'_> {
    async fn list(&self, reading: &Reading, at: (Option<String>, Option<String>)) -> Result<Batch, FetchError> {
        let mut problems = Vec::new();
        let page = listing::page(self.cloud, self.listed, reading, at, self.spaces, &mut problems).await?;
        let page = page.unwrap_or(listing::Page { found: Vec::new(), next: None });
        let items = match reading {
            Reading::Whole | Reading::Only(_) => self.documents(page.found, &mut problems).await?,
            Reading::Structure | Reading::Changes { .. } => {
                self.changed(page.found, Stored::of(reading), &mut problems).await?
            }
        };
        let end = match reading {
            Reading::Whole | Reading::Structure => Some(Position::Ended),
            Reading::Changes { .. } if !self.spaces.is_empty() => Some(Position::Trash),
            Reading::Changes { .. } | Reading::Only(_) => None,
        };
        Ok(fetch::batch(items, problems, fetch::checkpoint(page.next.or(end).as_ref())))
    }

    async fn only(&self, ids: &[String]) -> Result<Batch, FetchError> {
        let mut problems = Vec::new();
        let found = listing::by_id(self.cloud, self.listed, ids, &mut problems).await?;
        let items = self.documents(found, &mut problems).await?;
        Ok(fetch::batch(items, problems, sync::Checkpoint::Complete))
    }

    /// What was thrown away lately and is still stored. Restored pages stand in the list again.
    async fn trash(&self) -> Result<Batch, FetchError> {
        let trashed = match listing::trashed(self.cloud, self.listed, self.spaces).await {
            Ok(trashed) => trashed,
            // The sweep finds the same later, and cannot be kept from it.
            Err(error) if error.is_refusal() => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let thrown = trashed.into_iter().filter(|content| content.status == "trashed");
        let keys: Vec<DocumentKey> = thrown.map(|content| self.key(&content.id.0)).collect();
        let stored = fetch::owners(self.known, keys)?;
        let items = stored.into_keys().map(|key| Item::Gone { key }).collect();
        Ok(fetch::batch(items, Vec::new(), sync::Checkpoint::Complete))
    }

    /// What is not stored in its state, with its body.
    async fn changed(
        &self,
        found: Vec<Content>,
        stored: Stored,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Item>, FetchError> {
        let live = found.into_iter().filter(is_live);
        let (inside, outside): (Vec<Content>, Vec<Content>) =
            live.partition(|content| self.spaces.contains_key(&content.space_id.0));
        let inside = inside.into_iter().map(|content| (self.key(&content.id.0), self.state(&content), content.id.0));
        let (mut items, wanted) = fetch::unstored(self.known, stored, inside.collect())?;
        let read = listing::by_id(self.cloud, self.listed, &wanted, problems).await?;
        items.extend(self.documents(read, problems).await?);
        // Moved to a space that is not wanted: it must not be found under its old readers until the next sweep.
        let left = fetch::owners(self.known, outside.iter().map(|content| self.key(&content.id.0)).collect())?;
        items.extend(left.into_keys().map(|key| Item::Gone { key }));
        Ok(items)
    }

    /// Documents of contents that came with their bodies. Those out of scope are left out.
    pub(super) async fn documents(
        &self,
        found: Vec<Content>,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Item>, FetchError> {
        let wanted = found.into_iter().filter(is_live).filter(|content| self.spaces.contains_key(&content.space_id.0));
        let mut read = Vec::new();
        for content in wanted {
            match content.body.storage() {
                Some(storage) => {
                    let text = text::storage::parse(storage);
                    read.push((content, text));
                }
                None => problems.push(fetch::lost(&self.key(&content.id.0), content.body.missing())),
            }
        }
        let people =
            read.iter().flat_map(|(content, text)| content.author_id.clone().into_iter().chain(mentioned(text)));
        self.cloud.names.fill(&self.cloud.gateway, people.collect(), problems).await?;
        let mut items = Vec::with_capacity(read.len() * 2);
        for (content, text) in read {
            problems.extend(loss(self.listed.word(), &content.id.0, &text));
            let (node, parent) = (fetch::content_node(&content.id.0), Some(content.above()));
            items.push(Item::Place { node, parent });
            items.push(Item::Document(Box::new(self.document(content, &text))));
        }
        Ok(items)
    }

    fn key(&self, id: &str) -> DocumentKey {
        DocumentKey::new(self.listed.kind(), id)
    }

    fn state(&self, content: &Content) -> String {
        content.state(self.spaces.get(&content.space_id.0).map_or("", |space| space.short.as_str()))
    }

    fn document(&self, content: Content, text: &Text) -> Document {
        let cloud = self.cloud;
        let version = self.state(&content);
        let id = content.id.0;
        let status = Some(content.status).filter(|status| status != "current");
        Document {
            key: self.key(&id),
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
            version,
        }
    }
}

fn is_live(content: &Content) -> bool {
    matches!(content.status.as_str(), "current" | "archived")
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
