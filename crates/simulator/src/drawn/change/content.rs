//! Changes of pages and their like.

use super::Change;
use crate::drawn::names::{Names, page_below};
use crate::state::World;
use crate::state::content::{Container, ContentKind, RestrictedOperation, Status, Subjects};

impl Change {
    pub(super) fn apply_to_content(&self, world: &mut World) -> Option<()> {
        let names = Names(world);
        match self {
            Self::View { page, list } => {
                let (page, subjects) = (names.content(page)?.id, names.subjects(list)?);
                world.restrict(page, RestrictedOperation::Read, subjects).then_some(())
            }
            Self::Move { page, under } => {
                let page = names.content(page)?;
                let under = under.as_deref().map(|under| names.content(under).ok_or(())).transpose().ok()?;
                let space = under.map_or(page.space, |under| under.space);
                let (page, under) = (page.id, under.map(|under| under.id));
                world.move_content(page, space, under).then_some(())
            }
            Self::MoveToSpace { page, space } => {
                let (page, space) = (names.content(page)?.id, names.space(space)?);
                world.move_content(page, space, None).then_some(())
            }
            Self::Retitle { page, title } => {
                let (page, author) = (names.content(page)?.id, names.content(page)?.author.clone());
                world.edit_content(page, &author, Some(title.clone()), None, "").then_some(())
            }
            Self::Disclose { page, title } => {
                let (page, author) = (names.content(page)?.id, names.content(page)?.author.clone());
                world.edit_content(page, &author, Some(title.clone()), Some("<p>Nothing.</p>".into()), "");
                world.restrict(page, RestrictedOperation::Read, Subjects::default()).then_some(())
            }
            Self::PageStatus { page, status } => {
                let content = names.content(page)?;
                let page = content.id;
                // Confluence archives pages and nothing else.
                let stays = status == Status::Archived.as_str() && content.kind != ContentKind::Page;
                let all = [Status::Current, Status::Archived, Status::Trashed, Status::Draft];
                let status = all.into_iter().find(|known| known.as_str() == status && !stays)?;
                world.set_status(page, status).then_some(())
            }
            Self::Purge { page } => {
                let page = names.content(page)?.id;
                world.purge_content(page).then_some(())
            }
            Self::Orphan { page } => {
                let page = names.content(page)?.id;
                world.confluence.children(page).next()?;
                let files: Vec<u64> = world.confluence.attachments_of(page).map(|file| file.id).collect();
                for file in files {
                    world.delete_page_attachment(file);
                }
                let comments: Vec<u64> =
                    world.confluence.comments_of(Container::Content(page)).map(|comment| comment.id).collect();
                for comment in comments {
                    world.confluence.remove_comment(comment);
                }
                world.confluence.remove_content(page).map(drop)
            }
            Self::Page { under, title, view } => {
                let (above, view) = (names.content(under)?.clone(), names.subjects(view)?);
                let new = page_below(&above, title);
                let made = world.create_content(new);
                world.restrict(made, RestrictedOperation::Read, view).then_some(())
            }
            _ => None,
        }
    }
}
