//! Changes in Confluence, as the routes and the world loader make them.
//!
//! Each method stamps ids, versions and times. What bumps a version is the product's rule: editing does;
//! archiving, trash, restrictions, labels, comments, attachments and moves do not.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::attachment::FileBytes;
use super::content::{
    Container, Content, ContentKind, PageAttachment, PageComment, PastVersion, Placement, RestrictedOperation,
    Restrictions, Status, Subjects, Version,
};
use super::directory::stable_uuid;
use super::space::{Space, SpacePermission, SpacePrincipal, SpaceType};
use super::{AccountId, World};

/// What a new page, blog post or folder is made of.
#[derive(Clone, Debug)]
pub struct NewContent {
    /// Kind.
    pub kind: ContentKind,
    /// Space id.
    pub space: u64,
    /// Parent content.
    pub parent: Option<u64>,
    /// Title.
    pub title: String,
    /// Storage format.
    pub body: Arc<str>,
    /// Current or draft.
    pub status: Status,
    /// Who makes it.
    pub author: AccountId,
}

impl World {
    fn first_version(&self, by: &AccountId) -> Version {
        Version { number: 1, at: self.clock.now(), by: by.clone(), message: String::new(), minor: false }
    }

    /// Creates a space with no permissions and no home page. `None` if the key is taken.
    pub fn create_space(&mut self, key: &str, name: &str, kind: SpaceType, author: &AccountId) -> Option<u64> {
        if self.confluence.space_by_key(key).is_some() {
            return None;
        }
        let id = self.confluence.take_id();
        self.confluence.put_space(Space {
            id,
            key: key.to_owned(),
            name: name.to_owned(),
            description: String::new(),
            space_type: kind,
            archived: false,
            homepage: None,
            author: author.clone(),
            created_at: self.clock.now(),
            permissions: Vec::new(),
            role_assignments: Vec::new(),
            labels: BTreeSet::new(),
        });
        Some(id)
    }

    /// Grants `operation` on `target` in a space; a row that exists already is kept. `None` if there is no such space.
    pub fn grant_space(&mut self, space: u64, principal: SpacePrincipal, operation: &str, target: &str) -> Option<u64> {
        let rows = &self.confluence.spaces.get(&space)?.permissions;
        let same =
            |row: &&SpacePermission| row.principal == principal && row.operation == operation && row.target == target;
        if let Some(row) = rows.iter().find(same) {
            return Some(row.id);
        }
        let id = self.confluence.take_id();
        let row = SpacePermission { id, principal, operation: operation.to_owned(), target: target.to_owned() };
        self.confluence.spaces.get_mut(&space)?.permissions.push(row);
        Some(id)
    }

    /// Takes a permission row away. False if there is none.
    pub fn revoke_space(&mut self, space: u64, row: u64) -> bool {
        let Some(space) = self.confluence.spaces.get_mut(&space) else { return false };
        let before = space.permissions.len();
        space.permissions.retain(|permission| permission.id != row);
        space.permissions.len() < before
    }

    /// Deletes a space with all that it holds.
    pub fn delete_space(&mut self, space: u64) -> bool {
        let all = ContentKind::ALL.into_iter().flat_map(|kind| self.confluence.ids_in(space, kind, 0));
        for id in all.collect::<Vec<_>>() {
            self.purge_content(id);
        }
        self.confluence.remove_space(space).is_some()
    }

    /// Creates a page, blog post, folder, …; it stands last among its siblings.
    pub fn create_content(&mut self, new: NewContent) -> u64 {
        let id = self.confluence.take_id();
        let version = self.first_version(&new.author);
        self.confluence.put_content(Content {
            id,
            kind: new.kind,
            space: new.space,
            parent: new.parent,
            status: new.status,
            title: new.title,
            body: new.body,
            position: id,
            live: false,
            labels: BTreeSet::new(),
            created_at: version.at,
            author: new.author.clone(),
            owner: new.author,
            version,
            history: Vec::new(),
            restrictions: Restrictions::default(),
            collaborators: BTreeSet::new(),
        });
        id
    }

    /// A new version with another title, body or both. False if there is no such content.
    pub fn edit_content(
        &mut self,
        id: u64,
        by: &AccountId,
        title: Option<String>,
        body: Option<Arc<str>>,
        message: &str,
    ) -> bool {
        let Some(mut content) = self.confluence.content.get(&id).cloned() else { return false };
        content.history.push(PastVersion {
            version: content.version.clone(),
            title: content.title.clone(),
            body: content.body.clone(),
        });
        content.version.number += 1;
        content.version.at = self.clock.now();
        content.version.by = by.clone();
        message.clone_into(&mut content.version.message);
        content.title = title.unwrap_or(content.title);
        content.body = body.unwrap_or(content.body);
        self.confluence.put_content(content);
        true
    }

    /// Publishes, archives, trashes or restores. Children of trashed content move up to its parent.
    pub fn set_status(&mut self, id: u64, status: Status) -> bool {
        let Some(mut content) = self.confluence.content.get(&id).cloned() else { return false };
        content.status = status;
        let (space, parent) = (content.space, content.parent);
        self.confluence.put_content(content);
        if status == Status::Trashed {
            self.move_children(id, space, parent);
        }
        true
    }

    fn move_children(&mut self, from: u64, space: u64, to: Option<u64>) {
        let children: Vec<u64> = self.confluence.children(from).map(|child| child.id).collect();
        for child in children {
            self.move_content(child, space, to);
        }
    }

    /// Moves content with its whole subtree to another parent or space. Bumps no version. False if it or the parent does
    /// not exist, or the parent is in its own subtree.
    pub fn move_content(&mut self, id: u64, space: u64, parent: Option<u64>) -> bool {
        let into_itself = parent
            .is_some_and(|parent| parent == id || self.confluence.ancestors(parent).any(|ancestor| ancestor.id == id));
        let known_parent = parent.is_none_or(|parent| self.confluence.content.contains_key(&parent));
        let Some(mut content) = self.confluence.content.get(&id).cloned() else { return false };
        if into_itself || !known_parent {
            return false;
        }
        content.parent = parent;
        content.position = self.confluence.take_id();
        let moved_space = content.space != space;
        content.space = space;
        self.confluence.put_content(content);
        if moved_space {
            let mut waiting: Vec<u64> = self.confluence.children(id).map(|child| child.id).collect();
            while let Some(next) = waiting.pop() {
                waiting.extend(self.confluence.children(next).map(|child| child.id));
                if let Some(child) = self.confluence.content.get(&next).cloned() {
                    self.confluence.put_content(Content { space, ..child });
                }
            }
        }
        true
    }

    /// Removes content for good, with its comments and files; children move up to its parent.
    pub fn purge_content(&mut self, id: u64) -> bool {
        let Some(content) = self.confluence.content.get(&id) else { return false };
        let (space, parent) = (content.space, content.parent);
        self.move_children(id, space, parent);
        let files: Vec<u64> = self.confluence.attachments_of(id).map(|file| file.id).collect();
        for file in files {
            self.delete_page_attachment(file);
        }
        self.purge_comments(Container::Content(id));
        self.confluence.remove_content(id).is_some()
    }

    fn purge_comments(&mut self, container: Container) {
        let comments: Vec<u64> = self.confluence.comments_of(container).map(|comment| comment.id).collect();
        for comment in comments {
            self.confluence.remove_comment(comment);
        }
    }

    /// Replaces one restriction list. Bumps no version and no time, as at Atlassian.
    pub fn restrict(&mut self, id: u64, operation: RestrictedOperation, subjects: Subjects) -> bool {
        let Some(content) = self.confluence.content.get_mut(&id) else { return false };
        match operation {
            RestrictedOperation::Read => content.restrictions.read = subjects,
            RestrictedOperation::Update => content.restrictions.update = subjects,
        }
        true
    }

    /// Adds (`true`) or removes a label.
    pub fn set_label(&mut self, id: u64, label: &str, on: bool) -> bool {
        let Some(content) = self.confluence.content.get_mut(&id) else { return false };
        if on {
            content.labels.insert(label.to_owned())
        } else {
            content.labels.remove(label)
        };
        true
    }

    /// Comments content or answers a comment (then `container` is that of the root).
    pub fn create_page_comment(
        &mut self,
        container: Container,
        parent: Option<u64>,
        placement: Placement,
        author: &AccountId,
        body: Arc<str>,
    ) -> u64 {
        let id = self.confluence.take_id();
        let version = self.first_version(author);
        let (created_at, author) = (version.at, author.clone());
        self.confluence.put_comment(PageComment {
            id,
            container,
            parent,
            placement,
            body,
            created_at,
            author,
            version,
        });
        id
    }

    /// A new version of a comment.
    pub fn edit_page_comment(&mut self, id: u64, by: &AccountId, body: Arc<str>) -> bool {
        let Some(mut comment) = self.confluence.comments.get(&id).cloned() else { return false };
        comment.version.number += 1;
        comment.version.at = self.clock.now();
        comment.version.by = by.clone();
        comment.body = body;
        self.confluence.put_comment(comment);
        true
    }

    /// Removes a comment and all replies below it.
    pub fn delete_page_comment(&mut self, id: u64) -> bool {
        let replies: Vec<u64> = self.confluence.replies(id).map(|reply| reply.id).collect();
        for reply in replies {
            self.delete_page_comment(reply);
        }
        self.confluence.remove_comment(id).is_some()
    }

    /// Uploads a file, or a new version of the file of that name.
    pub fn attach_to_page(
        &mut self,
        content: u64,
        name: &str,
        media_type: &str,
        bytes: FileBytes,
        author: &AccountId,
    ) -> u64 {
        let old = self.confluence.attachments_of(content).find(|file| file.title == name).cloned();
        if let Some(mut file) = old {
            file.version.number += 1;
            file.version.at = self.clock.now();
            file.version.by = author.clone();
            file.bytes = bytes;
            media_type.clone_into(&mut file.media_type);
            let id = file.id;
            self.confluence.put_attachment(file);
            return id;
        }
        let id = self.confluence.take_id();
        let version = self.first_version(author);
        self.confluence.put_attachment(PageAttachment {
            id,
            container: content,
            status: Status::Current,
            title: name.to_owned(),
            media_type: media_type.to_owned(),
            comment: String::new(),
            file_id: stable_uuid(&format!("file {id}")),
            bytes,
            created_at: version.at,
            version,
            labels: BTreeSet::new(),
        });
        id
    }

    /// Removes a file and its comments.
    pub fn delete_page_attachment(&mut self, id: u64) -> bool {
        self.purge_comments(Container::Attachment(id));
        self.confluence.remove_attachment(id).is_some()
    }
}
