//! Where a CQL query has to look: ids, ascending, of a superset of its matches, from what the query says of all of them.
//!
//! Without this a query for one space would visit the whole site, page after page.

use super::record::kinds_of;
use crate::confluence::v2::listing::merged;
use crate::query::cql::Bound;
use crate::state::World;
use crate::state::content::Container;

type Ids<'w> = Box<dyn Iterator<Item = u64> + 'w>;

/// Ids behind `after`.
pub(crate) fn candidates<'w>(world: &'w World, bound: &Bound, after: u64) -> Ids<'w> {
    if let Some(few) = narrowed(world, bound) {
        return ascending(few, after);
    }
    let confluence = &world.confluence;
    let types = bound.types_hint();
    let kinds = kinds_of(types.as_deref());
    let wants = |kind: &str| types.as_ref().is_none_or(|types| types.iter().any(|name| name == kind));
    let mut sequences: Vec<Ids<'w>> = Vec::new();
    match bound.spaces_hint() {
        None => {
            for kind in kinds {
                sequences.push(Box::new(confluence.ids_of(kind, after)));
            }
            if wants("comment") {
                sequences.push(Box::new(confluence.comments.range(after + 1..).map(|(id, _)| *id)));
            }
            if wants("attachment") {
                sequences.push(Box::new(confluence.attachments.range(after + 1..).map(|(id, _)| *id)));
            }
        }
        Some(keys) => {
            let spaces = keys.iter().filter_map(|key| confluence.space_by_key(key)).map(|space| space.id);
            let spaces: Vec<u64> = spaces.collect();
            for space in &spaces {
                for kind in &kinds {
                    sequences.push(Box::new(confluence.ids_in(*space, *kind, after)));
                }
            }
            let (comments, files) = (wants("comment"), wants("attachment"));
            if comments || files {
                sequences.push(ascending(hanging(world, &spaces, comments, files), after));
            }
        }
    }
    merged(sequences, false)
}

fn ascending<'w>(mut ids: Vec<u64>, after: u64) -> Ids<'w> {
    ids.retain(|id| *id > after);
    ids.sort_unstable();
    ids.dedup();
    Box::new(ids.into_iter())
}

/// Comments and files of everything in the spaces.
fn hanging(world: &World, spaces: &[u64], comments: bool, files: bool) -> Vec<u64> {
    let confluence = &world.confluence;
    let mut ids = Vec::new();
    for owner in spaces.iter().flat_map(|space| kinds_of(None).into_iter().map(move |kind| (*space, kind))) {
        for content in confluence.ids_in(owner.0, owner.1, 0) {
            if comments {
                ids.extend(confluence.comments_of(Container::Content(content)).map(|comment| comment.id));
            }
            for file in confluence.attachments_of(content) {
                if files {
                    ids.push(file.id);
                }
                if comments {
                    ids.extend(confluence.comments_of(Container::Attachment(file.id)).map(|comment| comment.id));
                }
            }
        }
    }
    ids
}

/// Ids named, ids below named ancestors, or content changed lately, where the query says so.
fn narrowed(world: &World, bound: &Bound) -> Option<Vec<u64>> {
    let confluence = &world.confluence;
    if let Some(ids) = bound.ids_hint() {
        return Some(ids);
    }
    if let Some(above) = bound.ancestors_hint() {
        let mut ids = Vec::new();
        let mut waiting = above;
        while let Some(next) = waiting.pop() {
            for child in confluence.children(next) {
                ids.push(child.id);
                waiting.push(child.id);
            }
        }
        return Some(ids);
    }
    let since = bound.modified_since_hint()?.as_millisecond();
    let types = bound.types_hint();
    let wants = |kind: &str| types.as_ref().is_none_or(|types| types.iter().any(|name| name == kind));
    let from = Some((since, 0));
    let mut ids = Vec::new();
    for kind in kinds_of(types.as_deref()) {
        ids.extend(confluence.by_modified().walk(&kind, from, false).map(|(_, id)| id));
    }
    if wants("comment") {
        for inline in [false, true] {
            ids.extend(confluence.comments_by_modified().walk(&inline, from, false).map(|(_, id)| id));
        }
    }
    if wants("attachment") {
        ids.extend(confluence.attachments_by_modified().walk(&(), from, false).map(|(_, id)| id));
    }
    Some(ids)
}
