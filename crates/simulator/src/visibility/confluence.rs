//! What an account may see in Confluence: the product, then the space, then every restriction from the page to the root.
//! No administrator bypasses a view restriction.
//!
//! Readings of the sheet that are choices: a row for the public also serves accounts with the product; a guest enters a
//! space by a row or role for its very account only; nothing says who is in the access class `jsm-project-admins`, so it
//! admits nobody, as rows for portal customers do.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Identity;
use crate::state::World;
use crate::state::confluence::RoleMode;
use crate::state::content::{Container, Content, ContentKind, PageAttachment, PageComment, Status, Subjects};
use crate::state::space::{Space, SpacePrincipal};

/// Confluence as one account sees it.
#[derive(Debug)]
pub struct ConfluenceView<'w> {
    world: &'w World,
    me: Identity<'w>,
    can_use: bool,
    guest: bool,
    admin: bool,
    readable: RefCell<HashMap<u64, bool>>,
    admitted: RefCell<HashMap<u64, bool>>,
}

impl<'w> ConfluenceView<'w> {
    /// The view of `account`; `None` = not signed in.
    pub fn new(world: &'w World, account: Option<&str>) -> Self {
        Self::of(world, Identity::new(world, account))
    }

    /// What a group makes visible to any of its members.
    pub fn of_group(world: &'w World, group: &str) -> Self {
        Self::of(world, Identity::member_of(world, group))
    }

    fn of(world: &'w World, me: Identity<'w>) -> Self {
        let confluence = &world.confluence;
        let full = me.in_any(&confluence.user_groups) || me.in_any(&confluence.admin_groups);
        let can_use = if me.public {
            confluence.anonymous_can_use
        } else {
            (full || me.in_any(&confluence.guest_groups)) && !me.is_customer()
        };
        let guest = me.person.is_some_and(|person| person.guest);
        let admin = me.site_admin || me.in_any(&confluence.admin_groups);
        let (readable, admitted) = (RefCell::default(), RefCell::default());
        Self { world, me, can_use, guest, admin, readable, admitted }
    }

    /// Access to the product (for the public: the global "anonymous can use").
    pub fn has_product(&self) -> bool {
        self.can_use
    }

    /// Administers Confluence.
    pub fn is_admin(&self) -> bool {
        self.can_use && self.admin
    }

    /// Whether the caller may do `operation` on `target` in the space (`"read"`, `"space"`).
    pub fn has_permission(&self, space: &Space, operation: &str, target: &str) -> bool {
        if !self.can_use {
            return false;
        }
        let mode = self.world.confluence.mode;
        let by_row = mode != RoleMode::Roles
            && space
                .permissions
                .iter()
                .any(|row| row.operation == operation && row.target == target && self.is_principal(&row.principal));
        let by_role = || {
            space.role_assignments.iter().any(|assignment| {
                let role = self.world.confluence.space_roles.get(&assignment.role);
                role.is_some_and(|role| role.permissions.contains(&format!("{operation}/{target}")))
                    && self.is_principal(&assignment.principal)
            })
        };
        by_row || mode != RoleMode::PreRoles && by_role()
    }

    fn is_principal(&self, principal: &SpacePrincipal) -> bool {
        match principal {
            SpacePrincipal::User(account) => self.me.is(account),
            _ if self.guest => false,
            SpacePrincipal::Group(group) => self.me.in_group(group),
            SpacePrincipal::Anonymous => true,
            SpacePrincipal::Unlicensed => false,
            SpacePrincipal::AccessClass(class) => match class.as_str() {
                "anonymous-users" => true,
                "authenticated-users" | "all-licensed-users" => !self.me.public,
                "all-product-admins" => self.admin,
                _ => false,
            },
        }
    }

    /// Read on the space. Archived spaces stay readable.
    pub fn can_see_space(&self, space: &Space) -> bool {
        if let Some(known) = self.readable.borrow().get(&space.id) {
            return *known;
        }
        let readable = self.has_permission(space, "read", "space");
        self.readable.borrow_mut().insert(space.id, readable);
        readable
    }

    /// Administers the space.
    pub fn can_administer_space(&self, space: &Space) -> bool {
        self.can_see_space(space) && self.has_permission(space, "administer", "space")
    }

    /// The space, every restriction from the content to the root, and the rule of its status: drafts are for author and
    /// collaborators, the trash is for administrators of the space.
    pub fn can_see_content(&self, content: &Content) -> bool {
        let Some(space) = self.world.confluence.spaces.get(&content.space) else { return false };
        if !self.can_see_space(space) || !self.is_admitted(content) {
            return false;
        }
        match content.status {
            Status::Current | Status::Archived => true,
            Status::Draft => {
                self.me.is(&content.author) || content.collaborators.iter().any(|account| self.me.is(account))
            }
            Status::Trashed => self.can_administer_space(space),
        }
    }

    /// Own view restriction and those of all ancestors; blog posts have only their own. A parent that does not exist
    /// admits nobody.
    fn is_admitted(&self, content: &Content) -> bool {
        if let Some(known) = self.admitted.borrow().get(&content.id) {
            return *known;
        }
        let above = content.kind == ContentKind::BlogPost
            || content.parent.is_none_or(|parent| {
                self.world.confluence.content.get(&parent).is_some_and(|parent| self.is_admitted(parent))
            });
        let admitted = above && self.passes(&content.restrictions.read);
        self.admitted.borrow_mut().insert(content.id, admitted);
        admitted
    }

    fn passes(&self, list: &Subjects) -> bool {
        list.is_empty() || list.users.iter().any(|account| self.me.is(account)) || self.me.in_any(&list.groups)
    }

    /// Seen, may be changed in the space, and in the page's own edit list.
    pub fn can_edit_content(&self, content: &Content) -> bool {
        let space = self.world.confluence.spaces.get(&content.space);
        let may_create = |space: &Space| {
            ["create", "update"].iter().any(|operation| self.has_permission(space, operation, content.kind.as_str()))
        };
        self.can_see_content(content) && space.is_some_and(may_create) && self.passes(&content.restrictions.update)
    }

    /// What a comment or file hangs on.
    pub fn can_see_container(&self, container: Container) -> bool {
        let confluence = &self.world.confluence;
        match container {
            Container::Content(id) => confluence.content.get(&id).is_some_and(|content| self.can_see_content(content)),
            Container::Attachment(id) => {
                confluence.attachments.get(&id).is_some_and(|file| self.can_see_attachment(file))
            }
        }
    }

    /// The container decides.
    pub fn can_see_comment(&self, comment: &PageComment) -> bool {
        self.can_see_container(comment.container)
    }

    /// The container decides; files in the trash are for administrators of the space.
    pub fn can_see_attachment(&self, file: &PageAttachment) -> bool {
        let confluence = &self.world.confluence;
        let Some(content) = confluence.content.get(&file.container) else { return false };
        let space = confluence.spaces.get(&content.space);
        self.can_see_content(content)
            && (file.status != Status::Trashed || space.is_some_and(|space| self.can_administer_space(space)))
    }
}
