//! A Confluence space and who holds which permission on it.

use std::collections::BTreeSet;

use super::{AccountId, GroupId, Millis};

/// `global`, `personal`, ….
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SpaceType {
    /// Shared by a site.
    #[default]
    Global,
    /// Of one person.
    Personal,
    /// Made through the collaboration template.
    Collaboration,
    /// Made through the knowledge base template.
    KnowledgeBase,
}

impl SpaceType {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Personal => "personal",
            Self::Collaboration => "collaboration",
            Self::KnowledgeBase => "knowledge_base",
        }
    }
}

/// Whom a permission row or a role assignment names.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum SpacePrincipal {
    /// An account.
    User(AccountId),
    /// A group, deleted ones included.
    Group(GroupId),
    /// Everybody, signed in or not (v1 `anonymousAccess`, access class `anonymous-users`).
    Anonymous,
    /// Portal customers (v1 `unlicensedAccess`).
    Unlicensed,
    /// An access class of a ROLES site other than anonymous: `authenticated-users`, `all-licensed-users`,
    /// `all-product-admins`, `jsm-project-admins`.
    AccessClass(String),
}

/// One row: a principal may do `operation` to `target`.
#[derive(Clone, Debug)]
pub struct SpacePermission {
    /// Rising id.
    pub id: u64,
    /// Who.
    pub principal: SpacePrincipal,
    /// `read`, `create`, `update`, `delete`, `administer`, `export`, `restrict_content`, `archive`, ….
    pub operation: String,
    /// `space`, `page`, `blogpost`, `comment`, `attachment`, ….
    pub target: String,
}

/// A role of a ROLES site.
#[derive(Clone, Debug)]
pub struct SpaceRole {
    /// UUID.
    pub id: String,
    /// Shown name.
    pub name: String,
    /// Shown words.
    pub description: String,
    /// True for the ones that Atlassian made.
    pub system: bool,
    /// `read/space`, `create/page`, ….
    pub permissions: BTreeSet<String>,
}

/// One assignment of a role in a space.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleAssignment {
    /// Who.
    pub principal: SpacePrincipal,
    /// Id of a [`SpaceRole`].
    pub role: String,
}

/// One space.
#[derive(Clone, Debug)]
pub struct Space {
    /// Numeric id.
    pub id: u64,
    /// Key, kept verbatim (`~…` for personal ones).
    pub key: String,
    /// Shown name.
    pub name: String,
    /// Plain description.
    pub description: String,
    /// Type.
    pub space_type: SpaceType,
    /// `status: archived`; its pages stay current and readable.
    pub archived: bool,
    /// Its home page.
    pub homepage: Option<u64>,
    /// Who made it.
    pub author: AccountId,
    /// When.
    pub created_at: Millis,
    /// Rows; in force on PRE_ROLES and ROLES_TRANSITION sites.
    pub permissions: Vec<SpacePermission>,
    /// Assignments; in force on ROLES and ROLES_TRANSITION sites.
    pub role_assignments: Vec<RoleAssignment>,
    /// Labels of the space.
    pub labels: BTreeSet<String>,
}
