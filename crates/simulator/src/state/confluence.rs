//! Everything in Confluence, with the indexes that make each listing a range scan.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::content::{Container, Content, ContentKind, PageAttachment, PageComment, Status};
use super::order::Order;
use super::space::{Space, SpaceRole};
use super::{AuditRecord, GroupId, Millis};

/// `/space-role-mode`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum RoleMode {
    /// Permission rows rule.
    #[default]
    PreRoles,
    /// Both are in force.
    RolesTransition,
    /// Role assignments rule.
    Roles,
}

impl RoleMode {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PreRoles => "PRE_ROLES",
            Self::RolesTransition => "ROLES_TRANSITION",
            Self::Roles => "ROLES",
        }
    }
}

/// Everything in Confluence.
#[derive(Debug)]
pub struct Confluence {
    /// Whether rows or roles rule.
    pub mode: RoleMode,
    /// Global "anonymous can use".
    pub anonymous_can_use: bool,
    /// Groups that give access to the product.
    pub user_groups: BTreeSet<GroupId>,
    /// Groups that administer it (and give access).
    pub admin_groups: BTreeSet<GroupId>,
    /// Groups of guests: access to the product as a guest.
    pub guest_groups: BTreeSet<GroupId>,
    /// By id.
    pub spaces: BTreeMap<u64, Space>,
    /// By role id.
    pub space_roles: BTreeMap<String, SpaceRole>,
    /// By id: pages, blog posts, folders and their like.
    pub content: BTreeMap<u64, Content>,
    /// By id: footer and inline comments.
    pub comments: BTreeMap<u64, PageComment>,
    /// By id.
    pub attachments: BTreeMap<u64, PageAttachment>,
    /// Oldest first.
    pub audit: Vec<AuditRecord>,
    pub(super) next_id: u64,
    space_by_key: HashMap<String, u64>,
    of_kind: BTreeMap<ContentKind, BTreeSet<u64>>,
    in_space: BTreeSet<(u64, ContentKind, u64)>,
    children: BTreeSet<(u64, u64, u64)>,
    not_current: BTreeSet<(ContentKind, Status, u64)>,
    content_modified: Order<ContentKind, Millis>,
    content_created: Order<ContentKind, Millis>,
    content_titled: Order<ContentKind, String>,
    comments_of: BTreeSet<(Container, u64)>,
    comment_ids: BTreeSet<(bool, u64)>,
    replies: BTreeSet<(u64, u64)>,
    comments_modified: Order<bool, Millis>,
    comments_created: Order<bool, Millis>,
    attachments_of: BTreeSet<(u64, u64)>,
    attachments_modified: Order<(), Millis>,
    attachments_created: Order<(), Millis>,
}

impl Default for Confluence {
    fn default() -> Self {
        Self {
            mode: RoleMode::PreRoles,
            anonymous_can_use: false,
            user_groups: BTreeSet::new(),
            admin_groups: BTreeSet::new(),
            guest_groups: BTreeSet::new(),
            spaces: BTreeMap::new(),
            space_roles: BTreeMap::new(),
            content: BTreeMap::new(),
            comments: BTreeMap::new(),
            attachments: BTreeMap::new(),
            audit: Vec::new(),
            next_id: 65_536,
            space_by_key: HashMap::new(),
            of_kind: BTreeMap::new(),
            in_space: BTreeSet::new(),
            children: BTreeSet::new(),
            not_current: BTreeSet::new(),
            content_modified: Order::default(),
            content_created: Order::default(),
            content_titled: Order::default(),
            comments_of: BTreeSet::new(),
            comment_ids: BTreeSet::new(),
            replies: BTreeSet::new(),
            comments_modified: Order::default(),
            comments_created: Order::default(),
            attachments_of: BTreeSet::new(),
            attachments_modified: Order::default(),
            attachments_created: Order::default(),
        }
    }
}

impl Confluence {
    /// The next id of spaces, content, comments, attachments, permission rows and audit records.
    pub fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// The space with that key, exactly as written.
    pub fn space_by_key(&self, key: &str) -> Option<&Space> {
        self.spaces.get(self.space_by_key.get(key)?)
    }

    /// Ids of all content of a kind, ascending, after `after`.
    pub fn ids_of(&self, kind: ContentKind, after: u64) -> impl DoubleEndedIterator<Item = u64> {
        self.of_kind.get(&kind).into_iter().flat_map(move |ids| ids.range(after + 1..)).copied()
    }

    /// Ids of content of a kind in a space, ascending, after `after`.
    pub fn ids_in(&self, space: u64, kind: ContentKind, after: u64) -> impl DoubleEndedIterator<Item = u64> {
        self.in_space.range((space, kind, after + 1)..=(space, kind, u64::MAX)).map(|(_, _, id)| *id)
    }

    /// Ids of all content of a kind, descending, before `before`.
    pub fn ids_before(&self, kind: ContentKind, before: u64) -> impl Iterator<Item = u64> {
        self.of_kind.get(&kind).into_iter().flat_map(move |ids| ids.range(..before).rev()).copied()
    }

    /// Ids of content of a kind in a space, descending, before `before`.
    pub fn ids_in_before(&self, space: u64, kind: ContentKind, before: u64) -> impl Iterator<Item = u64> {
        self.in_space.range((space, kind, 0)..(space, kind, before)).rev().map(|(_, _, id)| *id)
    }

    /// Ids of content of a kind with a status other than current, ascending.
    pub fn ids_with(&self, kind: ContentKind, status: Status) -> impl Iterator<Item = u64> {
        self.not_current.range((kind, status, 0)..=(kind, status, u64::MAX)).map(|(_, _, id)| *id)
    }

    /// Content by the time of its latest version.
    pub fn by_modified(&self) -> &Order<ContentKind, Millis> {
        &self.content_modified
    }

    /// Content by the time when it was made.
    pub fn by_created(&self) -> &Order<ContentKind, Millis> {
        &self.content_created
    }

    /// Content by title.
    pub fn by_title(&self) -> &Order<ContentKind, String> {
        &self.content_titled
    }

    /// Ids of content of a kind with exactly that title, ascending.
    pub fn ids_titled<'a>(&'a self, kind: ContentKind, title: &'a str) -> impl Iterator<Item = u64> + 'a {
        let all = self.content_titled.walk(&kind, Some((title.to_owned(), 0)), false);
        all.take_while(move |(known, _)| *known == title).map(|(_, id)| id)
    }

    /// Children of a page, folder, …, in their order.
    pub fn children(&self, parent: u64) -> impl DoubleEndedIterator<Item = &Content> {
        self.children.range((parent, 0, 0)..=(parent, u64::MAX, u64::MAX)).filter_map(|(_, _, id)| self.content.get(id))
    }

    /// The content's parents from nearest to root; ends at a parent that no longer exists.
    pub fn ancestors(&self, id: u64) -> impl Iterator<Item = &Content> {
        let parent_of = |content: &Content| content.parent.and_then(|parent| self.content.get(&parent));
        std::iter::successors(self.content.get(&id).and_then(parent_of), move |content| parent_of(content))
    }

    /// All comments (roots and replies, footer and inline) of a container, ascending by id.
    pub fn comments_of(&self, container: Container) -> impl DoubleEndedIterator<Item = &PageComment> {
        self.comments_of.range((container, 0)..=(container, u64::MAX)).filter_map(|(_, id)| self.comments.get(id))
    }

    /// Replies to a comment, ascending by id.
    pub fn replies(&self, comment: u64) -> impl DoubleEndedIterator<Item = &PageComment> {
        self.replies.range((comment, 0)..=(comment, u64::MAX)).filter_map(|(_, id)| self.comments.get(id))
    }

    /// Ids of inline (`true`) or footer comments, ascending, after `after`.
    pub fn comment_ids(&self, inline: bool, after: u64) -> impl Iterator<Item = u64> {
        self.comment_ids.range((inline, after + 1)..=(inline, u64::MAX)).map(|(_, id)| *id)
    }

    /// Inline (`true`) or footer comments by the time of their latest version.
    pub fn comments_by_modified(&self) -> &Order<bool, Millis> {
        &self.comments_modified
    }

    /// Inline (`true`) or footer comments by the time when they were made.
    pub fn comments_by_created(&self) -> &Order<bool, Millis> {
        &self.comments_created
    }

    /// Files of a page or blog post, ascending by id.
    pub fn attachments_of(&self, content: u64) -> impl DoubleEndedIterator<Item = &PageAttachment> {
        self.attachments_of.range((content, 0)..=(content, u64::MAX)).filter_map(|(_, id)| self.attachments.get(id))
    }

    /// Files by the time of their latest version.
    pub fn attachments_by_modified(&self) -> &Order<(), Millis> {
        &self.attachments_modified
    }

    /// Files by the time of their first version.
    pub fn attachments_by_created(&self) -> &Order<(), Millis> {
        &self.attachments_created
    }

    /// Adds or replaces a space.
    pub fn put_space(&mut self, space: Space) {
        if let Some(old) = self.spaces.get(&space.id) {
            self.space_by_key.remove(&old.key);
        }
        self.space_by_key.insert(space.key.clone(), space.id);
        self.spaces.insert(space.id, space);
    }

    /// Removes a space; its content must have been removed before.
    pub fn remove_space(&mut self, id: u64) -> Option<Space> {
        let space = self.spaces.remove(&id)?;
        self.space_by_key.remove(&space.key);
        Some(space)
    }

    /// Adds or replaces content.
    pub fn put_content(&mut self, content: Content) {
        self.remove_content(content.id);
        let id = content.id;
        self.of_kind.entry(content.kind).or_default().insert(id);
        self.in_space.insert((content.space, content.kind, id));
        if content.status != Status::Current {
            self.not_current.insert((content.kind, content.status, id));
        }
        self.content_modified.insert(content.kind, content.version.at, id);
        self.content_created.insert(content.kind, content.created_at, id);
        self.content_titled.insert(content.kind, content.title.clone(), id);
        if let Some(parent) = content.parent {
            self.children.insert((parent, content.position, id));
        }
        self.content.insert(id, content);
    }

    /// Removes content alone; children, comments and attachments are the caller's to remove.
    pub fn remove_content(&mut self, id: u64) -> Option<Content> {
        let old = self.content.remove(&id)?;
        if let Some(ids) = self.of_kind.get_mut(&old.kind) {
            ids.remove(&id);
        }
        self.in_space.remove(&(old.space, old.kind, id));
        self.not_current.remove(&(old.kind, old.status, id));
        self.content_modified.remove(&old.kind, old.version.at, id);
        self.content_created.remove(&old.kind, old.created_at, id);
        self.content_titled.remove(&old.kind, old.title.clone(), id);
        if let Some(parent) = old.parent {
            self.children.remove(&(parent, old.position, id));
        }
        Some(old)
    }

    /// Adds or replaces a comment.
    pub fn put_comment(&mut self, comment: PageComment) {
        self.remove_comment(comment.id);
        self.comments_of.insert((comment.container, comment.id));
        self.comment_ids.insert((comment.is_inline(), comment.id));
        self.comments_modified.insert(comment.is_inline(), comment.version.at, comment.id);
        self.comments_created.insert(comment.is_inline(), comment.created_at, comment.id);
        if let Some(parent) = comment.parent {
            self.replies.insert((parent, comment.id));
        }
        self.comments.insert(comment.id, comment);
    }

    /// Removes a comment alone; its replies are the caller's to remove.
    pub fn remove_comment(&mut self, id: u64) -> Option<PageComment> {
        let old = self.comments.remove(&id)?;
        self.comments_of.remove(&(old.container, id));
        self.comment_ids.remove(&(old.is_inline(), id));
        self.comments_modified.remove(&old.is_inline(), old.version.at, id);
        self.comments_created.remove(&old.is_inline(), old.created_at, id);
        if let Some(parent) = old.parent {
            self.replies.remove(&(parent, id));
        }
        Some(old)
    }

    /// Adds or replaces a file.
    pub fn put_attachment(&mut self, attachment: PageAttachment) {
        self.remove_attachment(attachment.id);
        self.attachments_of.insert((attachment.container, attachment.id));
        self.attachments_modified.insert((), attachment.version.at, attachment.id);
        self.attachments_created.insert((), attachment.created_at, attachment.id);
        self.attachments.insert(attachment.id, attachment);
    }

    /// Removes a file.
    pub fn remove_attachment(&mut self, id: u64) -> Option<PageAttachment> {
        let old = self.attachments.remove(&id)?;
        self.attachments_of.remove(&(old.container, id));
        self.attachments_modified.remove(&(), old.version.at, id);
        self.attachments_created.remove(&(), old.created_at, id);
        Some(old)
    }
}
