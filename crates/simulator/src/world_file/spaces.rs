//! Spaces, pages, comments and files of a world file.

use std::collections::BTreeSet;

use super::{LoadError, Loader, shape, words};
use crate::state::AccountId;
use crate::state::attachment::FileBytes;
use crate::state::confluence_write::NewContent;
use crate::state::content::{Container, ContentKind, Placement, RestrictedOperation, Status, Subjects};
use crate::state::space::{RoleAssignment, SpacePrincipal, SpaceType};

/// What somebody who writes in a space may do beyond reading.
pub(super) const WRITER: [(&str, &str); 8] = [
    ("create", "page"),
    ("update", "page"),
    ("delete", "page"),
    ("create", "blogpost"),
    ("create", "comment"),
    ("create", "attachment"),
    ("create", "folder"),
    ("restrict_content", "space"),
];
const ADMIN: [(&str, &str); 3] = [("administer", "space"), ("export", "space"), ("delete", "comment")];

impl Loader<'_> {
    pub(super) fn add_spaces(&mut self, file: &shape::File) -> Result<(), LoadError> {
        for space in &file.space {
            self.add_space(space)?;
        }
        Ok(())
    }

    /// Whoever is named, or the first person of the file.
    pub(super) fn author(&self, key: &str, handle: Option<&String>) -> Result<AccountId, LoadError> {
        match handle {
            Some(handle) => self.account(key, handle),
            None => {
                let first = self.world.directory.people.values().min_by_key(|person| &person.email);
                first
                    .map(|person| person.account_id.clone())
                    .ok_or_else(|| self.error(key, "nobody in the file, so no author for", "it", "alice"))
            }
        }
    }

    fn principal(&self, key: &str, text: &str) -> Result<SpacePrincipal, LoadError> {
        if text == "anyone" {
            return Ok(SpacePrincipal::Anonymous);
        }
        if text == "unlicensed" {
            return Ok(SpacePrincipal::Unlicensed);
        }
        if let Some(class) = text.strip_prefix("class:") {
            return Ok(SpacePrincipal::AccessClass(class.to_owned()));
        }
        if text.starts_with('@') {
            return Ok(SpacePrincipal::User(self.account(key, text)?));
        }
        Ok(SpacePrincipal::Group(self.group(key, text)?))
    }

    fn add_space(&mut self, space: &shape::Space) -> Result<(), LoadError> {
        let kind = match space.kind.as_deref() {
            None | Some("global") => SpaceType::Global,
            Some("personal") => SpaceType::Personal,
            Some("collaboration") => SpaceType::Collaboration,
            Some("knowledge_base") => SpaceType::KnowledgeBase,
            Some(other) => return Err(self.error("space.type", "no such space type", other, "global")),
        };
        let owner = self.author("space.owner", space.owner.as_ref())?;
        let name = space.name.as_ref().unwrap_or(&space.key);
        let Some(id) = self.world.create_space(&space.key, name, kind, &owner) else {
            return Err(self.error("space.key", "given twice:", &space.key, "ENG"));
        };
        let read = [("read", "space")];
        let parts = [
            ("space.read", &space.read, [&read[..], &[], &[]].concat()),
            ("space.write", &space.write, [&read[..], &WRITER, &[]].concat()),
            ("space.admin", &space.admin, [&read[..], &WRITER, &ADMIN].concat()),
        ];
        for (key, names, operations) in parts {
            for name in names {
                let principal = self.principal(key, name)?;
                for (operation, target) in &operations {
                    self.world.grant_space(id, principal.clone(), operation, target);
                }
            }
        }
        let mut assignments = Vec::new();
        for (role, names) in &space.roles {
            let found = self.world.confluence.space_roles.values().find(|known| known.name == *role);
            let Some(found) = found else { return Err(self.error("space.roles", "no such role", role, "Viewer")) };
            for name in names {
                let principal = self.principal("space.roles", name)?;
                assignments.push(RoleAssignment { principal, role: found.id.clone() });
            }
        }
        if let Some(stored) = self.world.confluence.spaces.get_mut(&id) {
            stored.description.clone_from(&space.description);
            stored.archived = space.archived;
            stored.role_assignments = assignments;
        }
        for page in &space.page {
            self.add_page(id, page, &owner)?;
        }
        Ok(())
    }

    fn subjects(&self, key: &str, names: &[String]) -> Result<Subjects, LoadError> {
        let mut subjects = Subjects::default();
        for name in names {
            if name.starts_with('@') {
                subjects.users.insert(self.account(key, name)?);
            } else {
                subjects.groups.insert(self.group(key, name)?);
            }
        }
        Ok(subjects)
    }

    fn status(&self, text: Option<&str>) -> Result<Status, LoadError> {
        match text {
            None | Some("current") => Ok(Status::Current),
            Some("archived") => Ok(Status::Archived),
            Some("draft") => Ok(Status::Draft),
            Some("trashed") => Ok(Status::Trashed),
            Some(other) => Err(self.error("space.page.status", "no such status", other, "archived")),
        }
    }

    fn add_page(&mut self, space: u64, page: &shape::Page, owner: &AccountId) -> Result<(), LoadError> {
        self.tick("space.page.at", page.at.as_ref())?;
        let wanted = page.kind.as_deref().unwrap_or("page");
        let Some(kind) = ContentKind::ALL.into_iter().find(|kind| kind.as_str() == wanted) else {
            return Err(self.error("space.page.kind", "no such kind", wanted, "folder"));
        };
        let parent = match &page.parent {
            None => None,
            Some(slug) => match self.pages.get(slug) {
                Some(id) => Some(*id),
                None => return Err(self.error("space.page.parent", "no page above it has the slug", slug, "home")),
            },
        };
        let author = match &page.by {
            Some(handle) => self.account("space.page.by", handle)?,
            None => owner.clone(),
        };
        let view = self.subjects("space.page.view", &page.view)?;
        let edit = self.subjects("space.page.edit", &page.edit)?;
        let status = self.status(page.status.as_deref())?;
        let collaborators: Result<BTreeSet<AccountId>, LoadError> =
            page.collaborators.iter().map(|handle| self.account("space.page.collaborators", handle)).collect();
        let collaborators = collaborators?;
        let body = words::storage(&page.body).into();
        let title = page.title.clone();
        let new = NewContent { kind, space, parent, title, body, status, author: author.clone() };
        let id = self.world.create_content(new);
        self.world.restrict(id, RestrictedOperation::Read, view);
        self.world.restrict(id, RestrictedOperation::Update, edit);
        if let Some(content) = self.world.confluence.content.get_mut(&id) {
            content.live = page.live;
            content.labels = page.labels.iter().cloned().collect();
            content.collaborators = collaborators;
        }
        if page.home
            && let Some(space) = self.world.confluence.spaces.get_mut(&space)
        {
            space.homepage = Some(id);
        }
        if let Some(slug) = &page.slug
            && self.pages.insert(slug.clone(), id).is_some()
        {
            return Err(self.error("space.page.slug", "given twice:", slug, "runbook"));
        }
        self.add_page_parts(id, page, &author)
    }

    fn add_page_parts(&mut self, id: u64, page: &shape::Page, author: &AccountId) -> Result<(), LoadError> {
        for comment in &page.comments {
            self.add_page_comment(Container::Content(id), None, comment)?;
        }
        for file in &page.attachments {
            let by = match &file.by {
                Some(handle) => self.account("space.page.attachments.by", handle)?,
                None => author.clone(),
            };
            let made = self.world.attach_to_page(id, &file.name, media_type(file), file_bytes(file, id), &by);
            for comment in &file.comments {
                self.add_page_comment(Container::Attachment(made), None, comment)?;
            }
            if file.trashed {
                self.world.set_attachment_status(made, Status::Trashed);
            }
        }
        Ok(())
    }

    fn add_page_comment(
        &mut self,
        container: Container,
        parent: Option<(u64, &Placement)>,
        comment: &shape::Comment,
    ) -> Result<(), LoadError> {
        self.tick("space.page.comments.at", comment.at.as_ref())?;
        let by = self.account("space.page.comments.by", &comment.by)?;
        let placement = match (&comment.inline, parent) {
            // An answer stands where the comment stands that it answers.
            (_, Some((_, above))) => above.clone(),
            (None, None) => Placement::Footer,
            (Some(selection), None) => Placement::Inline {
                resolution: "open".to_owned(),
                resolved: None,
                marker: crate::state::directory::stable_uuid(selection),
                selection: selection.clone(),
            },
        };
        let body = words::storage(&comment.text).into();
        let above = parent.map(|(id, _)| id);
        let id = self.world.create_page_comment(container, above, placement.clone(), &by, body);
        for reply in &comment.replies {
            self.add_page_comment(container, Some((id, &placement)), reply)?;
        }
        Ok(())
    }
}

pub(super) fn media_type(file: &shape::Attachment) -> &str {
    file.media_type.as_deref().unwrap_or("text/plain")
}

pub(super) fn file_bytes(file: &shape::Attachment, seed: u64) -> FileBytes {
    match &file.text {
        Some(text) => FileBytes::Stored(text.clone().into()),
        None => FileBytes::Generated { seed, size: file.size.unwrap_or(256) },
    }
}
