//! What the caller may do with a piece of content or a space: the rules of writing, once for both versions of the API.
//!
//! Seeing comes first everywhere. Within the space a permission row or role must allow the operation; a page's edit list
//! narrows editing, moving, archiving and deleting. Administrators of a space may delete what others wrote.

use serde_json::{Value, json};

use crate::state::World;
use crate::state::content::{Content, ContentKind, PageComment};
use crate::state::space::Space;
use crate::visibility::confluence::ConfluenceView;

fn space_of<'w>(world: &'w World, content: &Content) -> Option<&'w Space> {
    world.confluence.spaces.get(&content.space)
}

/// The target that permissions know a kind by: folders and their like stand under page permissions of their own name, and
/// where a space has no such row, under those of pages.
pub(crate) fn may_create(view: &ConfluenceView<'_>, space: &Space, kind: ContentKind) -> bool {
    let allowed = |target: &str| view.has_permission(space, "create", target);
    let in_tree = !matches!(kind, ContentKind::Page | ContentKind::BlogPost);
    view.can_see_space(space) && !space.archived && (allowed(kind.as_str()) || in_tree && allowed("page"))
}

/// Editing title and body, moving, archiving.
pub(crate) fn may_edit(view: &ConfluenceView<'_>, world: &World, content: &Content) -> bool {
    if view.can_edit_content(content) {
        return true;
    }
    // Rows of the sample worlds name pages only; what else stands in a tree follows them.
    let in_tree = !matches!(content.kind, ContentKind::Page | ContentKind::BlogPost);
    let allowed = |space: &Space| view.has_permission(space, "create", "page");
    in_tree && view.can_see_content(content) && space_of(world, content).is_some_and(allowed)
}

/// Moving to the trash.
pub(crate) fn may_delete(view: &ConfluenceView<'_>, world: &World, content: &Content) -> bool {
    let Some(space) = space_of(world, content) else { return false };
    let allowed = view.has_permission(space, "delete", content.kind.as_str())
        || view.has_permission(space, "delete", "page")
        || view.can_administer_space(space);
    allowed && view.can_see_content(content) && (may_edit(view, world, content) || view.can_administer_space(space))
}

/// Removing for good, and restoring from the trash.
pub(crate) fn may_purge(view: &ConfluenceView<'_>, world: &World, content: &Content) -> bool {
    view.can_see_content(content) && space_of(world, content).is_some_and(|space| view.can_administer_space(space))
}

/// Changing view and edit restrictions.
pub(crate) fn may_restrict(view: &ConfluenceView<'_>, world: &World, content: &Content) -> bool {
    let Some(space) = space_of(world, content) else { return false };
    let allowed = view.has_permission(space, "restrict_content", "space") || view.can_administer_space(space);
    allowed && (may_edit(view, world, content) || view.can_see_content(content) && view.can_administer_space(space))
}

/// Adding comments.
pub(crate) fn may_comment(view: &ConfluenceView<'_>, world: &World, content: &Content) -> bool {
    view.can_see_content(content)
        && space_of(world, content).is_some_and(|space| view.has_permission(space, "create", "comment"))
}

/// Editing a comment: its author only.
pub(crate) fn may_edit_comment(view: &ConfluenceView<'_>, account: Option<&str>, comment: &PageComment) -> bool {
    view.can_see_comment(comment) && account == Some(&*comment.author)
}

/// Deleting a comment: its author, and who may delete comments in the space.
pub(crate) fn may_delete_comment(
    view: &ConfluenceView<'_>,
    space: Option<&Space>,
    account: Option<&str>,
    comment: &PageComment,
) -> bool {
    let allowed = |space: &Space| view.has_permission(space, "delete", "comment") || view.can_administer_space(space);
    may_edit_comment(view, account, comment) || view.can_see_comment(comment) && space.is_some_and(allowed)
}

/// Adding and replacing files.
pub(crate) fn may_attach(view: &ConfluenceView<'_>, world: &World, content: &Content) -> bool {
    may_edit(view, world, content)
        && space_of(world, content).is_some_and(|space| view.has_permission(space, "create", "attachment"))
}

/// `{operation, targetType}` of all that the caller may do.
pub(crate) fn of_content(view: &ConfluenceView<'_>, world: &World, content: &Content) -> Vec<Value> {
    let kind = content.kind.as_str();
    let mut rows = vec![json!({"operation": "read", "targetType": kind})];
    let mut add = |allowed: bool, operation: &str, target: &str| {
        if allowed {
            rows.push(json!({"operation": operation, "targetType": target}));
        }
    };
    let edit = may_edit(view, world, content);
    add(edit, "update", kind);
    add(edit, "move", kind);
    add(edit, "copy", kind);
    add(may_delete(view, world, content), "delete", kind);
    add(may_purge(view, world, content), "purge", kind);
    add(may_comment(view, world, content), "create", "comment");
    add(may_attach(view, world, content), "create", "attachment");
    rows
}

/// `{operation, targetType}` of all that the caller may do in the space.
pub(crate) fn of_space(view: &ConfluenceView<'_>, space: &Space) -> Vec<Value> {
    let all = [
        ("read", "space"),
        ("create", "page"),
        ("create", "blogpost"),
        ("create", "comment"),
        ("create", "attachment"),
        ("delete", "page"),
        ("administer", "space"),
        ("export", "space"),
    ];
    let allowed = all.iter().filter(|(operation, target)| view.has_permission(space, operation, target));
    allowed.map(|(operation, target)| json!({"operation": operation, "targetType": target})).collect()
}
