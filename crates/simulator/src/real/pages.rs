//! Bodies in storage format as pages, blog posts and comments, each collection of the data in a space of its own.
//!
//! The data says what a body is (`contentClass`), not where it hangs. In each space every ninth page heads a branch, every
//! third head stands in a folder; a comment hangs on the first page of the file that it came from. Some heads, folders and
//! single pages are restricted. A body without a title is called after its file; titles are unique in a space.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use super::people::{People, add_group};
use crate::state::confluence_write::NewContent;
use crate::state::content::{Container, ContentKind, Placement, RestrictedOperation, Status, Subjects};
use crate::state::space::{SpacePrincipal, SpaceType};
use crate::state::{AccountId, GroupId, World};

/// Pages of one branch.
const BRANCH: usize = 9;
/// Between two bodies.
const STEP: i64 = 3_600_000;

/// A body of the data.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    /// `COLLECTION:FILE`.
    source: String,
    #[serde(rename = "contentClass")]
    class: String,
    title: String,
    storage: String,
}

impl Record {
    fn collection(&self) -> &str {
        self.source.split(':').next().unwrap_or_default()
    }

    fn is_comment(&self) -> bool {
        self.class == "Comment"
    }

    /// Its title, or the name of the file that it came from.
    fn name(&self) -> &str {
        let file = self.source.trim_end_matches("!entities.xml").trim_end_matches("/entities.xml");
        let file = file.rsplit(['/', ':']).next().unwrap_or(file);
        if self.title.trim().is_empty() { file } else { self.title.trim() }
    }
}

/// Adds all bodies.
pub(super) fn add(world: &mut World, people: &People, records: &[Record]) {
    let mut collections: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in records {
        collections.entry(record.collection()).or_default().push(record);
    }
    for (place, (name, records)) in collections.into_iter().enumerate() {
        let Some(space) = add_space(world, people, place, name) else { continue };
        let mut tree = Tree { space, place, count: 0, head: None, titles: BTreeSet::new(), first_of: HashMap::new() };
        for record in records.iter().filter(|record| !record.is_comment()) {
            tree.add_page(world, people, record);
        }
        for (number, record) in records.iter().filter(|record| record.is_comment()).enumerate() {
            tree.add_comment(world, people, number, record);
        }
    }
}

fn add_space(world: &mut World, people: &People, place: usize, name: &str) -> Option<u64> {
    let letters = name.split('+').next().unwrap_or(name).chars().filter(char::is_ascii_alphanumeric);
    let key: String = letters.collect::<String>().to_uppercase();
    let id = world.create_space(&key, name, SpaceType::Global, &people.number(place))?;
    let readers = match place % 3 {
        0 => people.wiki.clone(),
        1 => {
            let members = people.all.iter().skip(place).step_by(3).cloned().collect();
            add_group(world, &format!("readers-of-{key}"), members)
        }
        _ => people.core.clone(),
    };
    let named = (0..3).map(|number| SpacePrincipal::User(people.number(place * 7 + number)));
    let robot = SpacePrincipal::User(people.robot.clone());
    for principal in [SpacePrincipal::Group(readers), robot].into_iter().chain(named) {
        world.grant_space(id, principal, "read", "space");
    }
    Some(id)
}

/// A space while it is filled.
struct Tree<'r> {
    space: u64,
    place: usize,
    /// Pages so far.
    count: usize,
    head: Option<u64>,
    titles: BTreeSet<String>,
    /// The first page of each file.
    first_of: HashMap<&'r str, u64>,
}

impl<'r> Tree<'r> {
    fn add_page(&mut self, world: &mut World, people: &People, record: &'r Record) {
        world.clock.advance(STEP);
        let author = people.number(self.place * 31 + self.count);
        if record.class == "BlogPost" {
            let title = self.unique(record.name());
            self.create(world, (ContentKind::BlogPost, None), title, &record.storage, &author);
            return;
        }
        let heads = self.count.is_multiple_of(BRANCH);
        let parent = if heads { self.folder(world, people, &author) } else { self.head };
        let title = self.unique(record.name());
        let id = self.create(world, (ContentKind::Page, parent), title, &record.storage, &author);
        let branch = self.count / BRANCH;
        if heads {
            self.head = Some(id);
            if (branch + self.place) % 5 == 2 {
                restrict(world, people, id, [people.core.clone()].into(), [author].into());
            }
        } else if self.count % 17 == 5 {
            restrict(world, people, id, BTreeSet::new(), [author, people.number(self.count)].into());
        }
        self.first_of.entry(&record.source).or_insert(id);
        self.count += 1;
    }

    /// The folder for every third head; every other one of them is for core alone.
    fn folder(&mut self, world: &mut World, people: &People, author: &AccountId) -> Option<u64> {
        let branch = self.count / BRANCH;
        if branch % 3 != 1 {
            return None;
        }
        let title = self.unique(&format!("Folder {branch}"));
        let id = self.create(world, (ContentKind::Folder, None), title, "", author);
        if branch % 2 == 1 {
            restrict(world, people, id, [people.core.clone()].into(), BTreeSet::new());
        }
        Some(id)
    }

    fn create(
        &self,
        world: &mut World,
        (kind, parent): (ContentKind, Option<u64>),
        title: String,
        body: &str,
        author: &AccountId,
    ) -> u64 {
        let (space, status, author) = (self.space, Status::Current, author.clone());
        world.create_content(NewContent { kind, space, parent, title, body: body.into(), status, author })
    }

    fn add_comment(&self, world: &mut World, people: &People, number: usize, record: &Record) {
        let first = self.first_of.get(record.source.as_str()).or_else(|| self.first_of.values().min());
        let Some(page) = first.copied() else { return };
        world.clock.advance(STEP);
        let placement = if record.source.contains("inline") || record.source.contains("annotation") {
            let (resolution, selection) = ("open".to_owned(), String::new());
            Placement::Inline { resolution, resolved: None, marker: format!("marker-{number}"), selection }
        } else {
            Placement::Footer
        };
        let author = people.number(number);
        world.create_page_comment(Container::Content(page), None, placement, &author, record.storage.as_str().into());
    }

    fn unique(&mut self, name: &str) -> String {
        let mut title = name.to_owned();
        let mut copies = 1;
        while !self.titles.insert(title.to_lowercase()) {
            copies += 1;
            title = format!("{name} ({copies})");
        }
        title
    }
}

/// Restricts viewing; the service account always keeps it, else no crawl could read the page.
fn restrict(world: &mut World, people: &People, id: u64, mut groups: BTreeSet<GroupId>, users: BTreeSet<AccountId>) {
    groups.insert(people.robots.clone());
    world.restrict(id, RestrictedOperation::Read, Subjects { users, groups });
}
