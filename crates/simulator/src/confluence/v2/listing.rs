//! Listings of content by id, time or title: every page of a listing begins at its cursor, never at the start.
//!
//! Where nothing narrows a listing down, an index is walked from the cursor on. Ids, one title, one rare status or the
//! pages of named spaces in another order than by id are few enough to be collected and sorted.

use std::cmp::Ordering;

use crate::call::Call;
use crate::paging::{Cursor, V2Page};
use crate::reply::{Reply, confluence};
use crate::state::confluence::Confluence;
use crate::state::content::{Content, ContentKind, Status};

/// What a listing goes by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum By {
    Id,
    Created,
    Modified,
    Title,
}

/// `sort`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sort {
    pub(crate) by: By,
    pub(crate) descending: bool,
}

impl Sort {
    /// Reads `sort`; ascending by id without one. `kind` is the type that an error names.
    pub(crate) fn of(call: &Call<'_>, allowed: &[By], kind: &str) -> Result<Self, Reply> {
        let text = call.query("sort").unwrap_or("id");
        let (descending, name) = match text.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, text),
        };
        let by = allowed.iter().copied().find(|by| by.name() == name);
        match by {
            Some(by) => Ok(Self { by, descending }),
            None if name == "id" => Ok(Self { by: By::Id, descending }),
            None => Err(confluence::v2_bad_parameter("sort", kind)),
        }
    }
}

impl By {
    /// The word on the wire, also in cursors.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Created => "created-date",
            Self::Modified => "modified-date",
            Self::Title => "title",
        }
    }

    fn key(self, content: &Content) -> Key {
        match self {
            Self::Id => Key::Id,
            Self::Created => Key::Time(content.created_at),
            Self::Modified => Key::Time(content.version.at),
            Self::Title => Key::Text(content.title.clone()),
        }
    }

    /// The cursor behind that content.
    pub(crate) fn cursor(self, content: &Content) -> Cursor {
        match self.key(content) {
            Key::Id => Cursor::new(content.id, "id", content.id),
            Key::Time(at) => Cursor::new(content.id, self.name(), at),
            Key::Text(text) => Cursor::new(content.id, self.name(), text),
        }
    }
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Key {
    Id,
    Time(i64),
    Text(String),
}

/// Where to go on.
#[derive(Clone, Debug)]
struct Place {
    key: Key,
    id: u64,
}

impl Place {
    fn of(page: &V2Page, by: By) -> Option<Self> {
        let cursor = page.after.as_ref()?;
        let value = &cursor.content_order_value;
        let key = match by {
            By::Id => Key::Id,
            By::Created | By::Modified => Key::Time(value.as_i64().unwrap_or(0)),
            By::Title => Key::Text(value.as_str().unwrap_or_default().to_owned()),
        };
        Some(Self { key, id: page.after_id() })
    }
}

/// What may be listed; trimming is the route's.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'c> {
    pub(crate) kind: ContentKind,
    /// Empty: any.
    pub(crate) ids: Vec<u64>,
    /// Empty: any.
    pub(crate) spaces: Vec<u64>,
    pub(crate) statuses: Vec<Status>,
    pub(crate) title: Option<&'c str>,
    pub(crate) label: Option<&'c str>,
    pub(crate) live: Option<bool>,
    /// Only content without a parent.
    pub(crate) roots: bool,
}

impl Wanted<'_> {
    fn holds(&self, content: &Content) -> bool {
        content.kind == self.kind
            && self.statuses.contains(&content.status)
            && (self.spaces.is_empty() || self.spaces.contains(&content.space))
            && self.title.is_none_or(|title| content.title == title)
            && self.label.is_none_or(|label| content.labels.contains(label))
            && self.live.is_none_or(|live| content.live == live)
            && (!self.roots || content.parent.is_none())
    }
}

type Items<'w> = Box<dyn Iterator<Item = &'w Content> + 'w>;

/// What is wanted, in order, from behind the cursor of `page` on.
pub(crate) fn items<'w>(confluence: &'w Confluence, wanted: &'w Wanted<'_>, sort: Sort, page: &V2Page) -> Items<'w> {
    let place = Place::of(page, sort.by);
    let found: Items<'w> = match narrowed(confluence, wanted) {
        Some(few) => collected(few, sort, place.as_ref()),
        None if wanted.spaces.is_empty() => walked(confluence, wanted.kind, sort, place),
        None if sort.by == By::Id => {
            let ids = wanted.spaces.iter().map(|space| in_space(confluence, *space, wanted.kind, sort, place.as_ref()));
            Box::new(merged(ids.collect(), sort.descending).filter_map(|id| confluence.content.get(&id)))
        }
        None => {
            let ids = wanted.spaces.iter().flat_map(|space| confluence.ids_in(*space, wanted.kind, 0));
            let all = ids.filter_map(|id| confluence.content.get(&id)).filter(|content| wanted.holds(content));
            collected(all.collect(), sort, place.as_ref())
        }
    };
    Box::new(found.filter(|content| wanted.holds(content)))
}

/// The few candidates, where something other than spaces narrows them down.
fn narrowed<'w>(confluence: &'w Confluence, wanted: &Wanted<'_>) -> Option<Vec<&'w Content>> {
    let of = |id: u64| confluence.content.get(&id);
    if !wanted.ids.is_empty() {
        return Some(wanted.ids.iter().filter_map(|id| of(*id)).collect());
    }
    if let Some(title) = wanted.title {
        return Some(confluence.ids_titled(wanted.kind, title).filter_map(of).collect());
    }
    if wanted.statuses.contains(&Status::Current) {
        return None;
    }
    let rare = wanted.statuses.iter().flat_map(|status| confluence.ids_with(wanted.kind, *status));
    Some(rare.filter_map(of).collect())
}

fn collected<'w>(mut all: Vec<&'w Content>, sort: Sort, place: Option<&Place>) -> Items<'w> {
    all.sort_by_cached_key(|content| (sort.by.key(content), content.id));
    all.dedup_by_key(|content| content.id);
    if sort.descending {
        all.reverse();
    }
    let Some(place) = place else { return Box::new(all.into_iter()) };
    let order = |content: &Content| (sort.by.key(content), content.id).cmp(&(place.key.clone(), place.id));
    let behind = if sort.descending { Ordering::Less } else { Ordering::Greater };
    let rest: Vec<&Content> = all.into_iter().filter(|content| order(content) == behind).collect();
    Box::new(rest.into_iter())
}

fn walked<'w>(confluence: &'w Confluence, kind: ContentKind, sort: Sort, place: Option<Place>) -> Items<'w> {
    let time = |place: Option<Place>| place.map(|Place { key, id }| (if let Key::Time(at) = key { at } else { 0 }, id));
    let ids: Box<dyn Iterator<Item = u64> + 'w> = match (sort.by, sort.descending) {
        (By::Id, false) => Box::new(confluence.ids_of(kind, place.map_or(0, |place| place.id))),
        (By::Id, true) => Box::new(confluence.ids_before(kind, place.map_or(u64::MAX, |place| place.id))),
        (By::Created, down) => Box::new(confluence.by_created().walk(&kind, time(place), down).map(|(_, id)| id)),
        (By::Modified, down) => Box::new(confluence.by_modified().walk(&kind, time(place), down).map(|(_, id)| id)),
        (By::Title, down) => {
            let after =
                place.map(|Place { key, id }| (if let Key::Text(text) = key { text } else { String::new() }, id));
            Box::new(confluence.by_title().walk(&kind, after, down).map(|(_, id)| id))
        }
    };
    Box::new(ids.filter_map(|id| confluence.content.get(&id)))
}

type Ids<'w> = Box<dyn Iterator<Item = u64> + 'w>;

fn in_space<'w>(
    confluence: &'w Confluence,
    space: u64,
    kind: ContentKind,
    sort: Sort,
    place: Option<&Place>,
) -> Ids<'w> {
    let at = place.map(|place| place.id);
    if sort.descending {
        Box::new(confluence.ids_in_before(space, kind, at.unwrap_or(u64::MAX)))
    } else {
        Box::new(confluence.ids_in(space, kind, at.unwrap_or(0)))
    }
}

/// Ids of several ordered sequences in one order.
pub(crate) fn merged<'w>(sequences: Vec<Ids<'w>>, descending: bool) -> Ids<'w> {
    let mut heads: Vec<std::iter::Peekable<Ids<'w>>> = sequences.into_iter().map(Iterator::peekable).collect();
    if heads.len() == 1
        && let Some(only) = heads.pop()
    {
        return Box::new(only);
    }
    Box::new(std::iter::from_fn(move || {
        let tops = heads.iter_mut().enumerate().filter_map(|(index, head)| Some((*head.peek()?, index)));
        let (_, index) = if descending { tops.max() } else { tops.min() }?;
        heads[index].next()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_keeps_the_order() {
        let sequences = || -> Vec<Ids<'static>> {
            vec![Box::new([1, 4, 6].into_iter()), Box::new([2, 3].into_iter()), Box::new(std::iter::empty())]
        };
        assert_eq!(merged(sequences(), false).collect::<Vec<_>>(), [1, 2, 3, 4, 6]);
        let down: Vec<Ids<'static>> = vec![Box::new([6, 1].into_iter()), Box::new([3, 2].into_iter())];
        assert_eq!(merged(down, true).collect::<Vec<_>>(), [6, 3, 2, 1]);
    }
}
