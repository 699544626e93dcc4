//! Jira's containers and their rules: projects, roles, schemes, levels, fields.

use std::collections::{BTreeMap, BTreeSet};

use super::{AccountId, GroupId, Millis};

/// Who holds a permission or belongs to a security level.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Holder {
    /// The public internet.
    Anyone,
    /// Members of the groups of an application role; `None` = every licensed account.
    ApplicationRole(Option<String>),
    /// Who is assigned to the issue.
    Assignee,
    /// A group.
    Group(GroupId),
    /// Members of the groups in a field of the issue, `customfield_…`.
    GroupCustomField(String),
    /// Who leads the project.
    ProjectLead,
    /// Actors of a role in the project.
    ProjectRole(u64),
    /// Who reported the issue.
    Reporter,
    /// Portal customers; gives nothing in Jira itself.
    PortalOnly,
    /// An account.
    User(AccountId),
    /// The accounts in a field of the issue, `customfield_…`.
    UserCustomField(String),
}

impl Holder {
    /// `holder.type` on the wire.
    pub fn wire_type(&self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::ApplicationRole(_) => "applicationRole",
            Self::Assignee => "assignee",
            Self::Group(_) => "group",
            Self::GroupCustomField(_) => "groupCustomField",
            Self::ProjectLead => "projectLead",
            Self::ProjectRole(_) => "projectRole",
            Self::Reporter => "reporter",
            Self::PortalOnly => "sd.customer.portal.only",
            Self::User(_) => "user",
            Self::UserCustomField(_) => "userCustomField",
        }
    }

    /// `holder.value` on the wire (for groups the id; `parameter` is the group's name).
    pub fn wire_value(&self) -> Option<String> {
        match self {
            Self::ApplicationRole(key) => key.clone(),
            Self::Group(id) | Self::User(id) => Some(id.to_string()),
            Self::GroupCustomField(field) | Self::UserCustomField(field) => Some(field.clone()),
            Self::ProjectRole(role) => Some(role.to_string()),
            Self::Anyone | Self::Assignee | Self::ProjectLead | Self::Reporter | Self::PortalOnly => None,
        }
    }
}

/// Accounts and groups that play a role.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Actors {
    /// Directly.
    pub users: BTreeSet<AccountId>,
    /// Through a group.
    pub groups: BTreeSet<GroupId>,
}

/// A role; its actors are per project.
#[derive(Clone, Debug)]
pub struct Role {
    /// Id.
    pub id: u64,
    /// Name.
    pub name: String,
    /// Words.
    pub description: String,
    /// Copied into each project at its creation, without effect later.
    pub default_actors: Actors,
    /// Set for a role of one team-managed project.
    pub project: Option<u64>,
}

/// `style`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ProjectStyle {
    /// Company-managed: scheme, roles and levels rule.
    #[default]
    Classic,
    /// Team-managed with this access level.
    NextGen(TeamAccess),
}

/// Access level of a team-managed project.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TeamAccess {
    /// Everybody with the product.
    Open,
    /// Everybody with the product may view and comment.
    Limited,
    /// Role actors only.
    Private,
}

/// One project.
#[derive(Clone, Debug)]
pub struct Project {
    /// Numeric id.
    pub id: u64,
    /// Key.
    pub key: String,
    /// Keys it had before; they still resolve.
    pub previous_keys: Vec<String>,
    /// Name.
    pub name: String,
    /// Words.
    pub description: String,
    /// Project lead.
    pub lead: AccountId,
    /// `software`, `service_desk`, `business`, `product_discovery`.
    pub type_key: String,
    /// Company- or team-managed.
    pub style: ProjectStyle,
    /// Archived.
    pub archived: bool,
    /// In the trash.
    pub deleted: bool,
    /// Scheme id.
    pub permission_scheme: u64,
    /// Issue security scheme id.
    pub security_scheme: Option<u64>,
    /// Actors by role id.
    pub roles: BTreeMap<u64, Actors>,
    /// Issue type ids.
    pub issue_types: Vec<u64>,
    /// Components by id.
    pub components: BTreeMap<u64, String>,
    /// Versions by id.
    pub versions: BTreeMap<u64, String>,
    /// When it was made.
    pub created_at: Millis,
    /// Number of the last issue made in it.
    pub last_number: u64,
}

impl Project {
    /// `isPrivate`.
    pub fn is_private(&self) -> bool {
        self.style == ProjectStyle::NextGen(TeamAccess::Private)
    }

    /// `simplified`, the same as team-managed.
    pub fn is_simplified(&self) -> bool {
        matches!(self.style, ProjectStyle::NextGen(_))
    }
}

/// One grant of a permission scheme.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Rising id.
    pub id: u64,
    /// Who.
    pub holder: Holder,
    /// `BROWSE_PROJECTS`, `ADMINISTER_PROJECTS`, ….
    pub permission: String,
}

/// A permission scheme.
#[derive(Clone, Debug)]
pub struct PermissionScheme {
    /// Id; 0 is the default scheme.
    pub id: u64,
    /// Name.
    pub name: String,
    /// Words.
    pub description: String,
    /// Set for the own scheme of a team-managed project.
    pub project: Option<u64>,
    /// Grants.
    pub grants: Vec<Grant>,
}

/// A member of a level.
#[derive(Clone, Debug)]
pub struct LevelMember {
    /// Rising id.
    pub id: u64,
    /// Who.
    pub holder: Holder,
}

/// An issue security level.
#[derive(Clone, Debug)]
pub struct SecurityLevel {
    /// Id, unique over all schemes.
    pub id: u64,
    /// Name.
    pub name: String,
    /// Words.
    pub description: String,
    /// Members; none = nobody.
    pub members: Vec<LevelMember>,
}

/// An issue security scheme.
#[derive(Clone, Debug)]
pub struct SecurityScheme {
    /// Id.
    pub id: u64,
    /// Name.
    pub name: String,
    /// Words.
    pub description: String,
    /// Level of new issues.
    pub default_level: Option<u64>,
    /// Levels.
    pub levels: Vec<SecurityLevel>,
}

/// An application role: its groups have access to that Jira product.
#[derive(Clone, Debug)]
pub struct ApplicationRole {
    /// `jira-software`, `jira-servicedesk`, ….
    pub key: String,
    /// Name.
    pub name: String,
    /// Groups.
    pub groups: BTreeSet<GroupId>,
}

/// Type of a custom field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CustomKind {
    /// One account.
    UserPicker,
    /// Several accounts.
    MultiUserPicker,
    /// One group.
    GroupPicker,
    /// Several groups.
    MultiGroupPicker,
    /// One line.
    Text,
    /// ADF.
    TextArea,
    /// One option.
    Select,
    /// Several options.
    MultiSelect,
    /// One option, and one below it. Which stands below which is not kept.
    Cascading,
    /// Words.
    Labels,
    /// A day.
    Date,
    /// A number.
    Number,
}

/// A system or custom field.
#[derive(Clone, Debug)]
pub struct Field {
    /// `summary` or `customfield_10010`.
    pub id: String,
    /// Name.
    pub name: String,
    /// `None` for system fields.
    pub custom: Option<CustomKind>,
    /// (type, items) of a system field's schema, empty where it has none.
    pub schema: (&'static str, &'static str),
    /// Option id and value of select fields.
    pub options: Vec<(u64, String)>,
    /// Set for a field of one team-managed project.
    pub project: Option<u64>,
}

/// A workflow status.
#[derive(Clone, Debug)]
pub struct IssueStatus {
    /// Id.
    pub id: u64,
    /// Name.
    pub name: String,
    /// `new`, `indeterminate`, `done`.
    pub category: &'static str,
}

/// An issue type.
#[derive(Clone, Debug)]
pub struct IssueType {
    /// Id.
    pub id: u64,
    /// Name.
    pub name: String,
    /// 1 epic, 0 standard, -1 sub-task.
    pub level: i64,
    /// Set for a type of one team-managed project.
    pub project: Option<u64>,
}
