//! The fields of the subset: their names, what their values are, and which operators the product allows on them.

use super::tree::Operator::{
    self, Equal, Greater, GreaterOrEqual, In, Is, IsNot, Less, LessOrEqual, Like, NotEqual, NotIn, NotLike,
};

/// A field that a record is asked for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Field {
    /// The issue itself (`key`, `issuekey`, `issue`, `id`). Records are never asked to visit it.
    Key,
    /// `Value::Id` of the project.
    Project,
    /// `Value::Id`.
    IssueType,
    /// `Value::Id`.
    Status,
    /// `Value::Id`: 2 new, 4 indeterminate, 3 done, 1 none.
    StatusCategory,
    /// `Value::Id`.
    Priority,
    /// `Value::Id`; EMPTY while unresolved.
    Resolution,
    /// `Value::Id` of the issue security level.
    Level,
    /// `Value::Id`, any number of them.
    Component,
    /// `Value::Id`, any number of them.
    FixVersion,
    /// `Value::Id`, any number of them.
    AffectedVersion,
    /// `Value::Id` of the parent issue.
    Parent,
    /// `Value::Word` with the account id.
    Assignee,
    /// `Value::Word` with the account id.
    Reporter,
    /// `Value::Word` with the account id.
    Creator,
    /// `Value::Word`, any number of them.
    Labels,
    /// `Value::Time`.
    Updated,
    /// `Value::Time`.
    Created,
    /// `Value::Time`.
    Resolved,
    /// `Value::Day`.
    Due,
    /// `Value::Text` of summary, description, environment, each comment that the caller sees, and each text custom field.
    Text,
    /// `Value::Text`.
    Summary,
    /// `Value::Text`, rendered as plain text.
    Description,
    /// `Value::Text`, rendered as plain text.
    Environment,
    /// `Value::Text` of each comment that the caller sees.
    Comment,
    /// A custom field; the kind of its values is in [`CustomField`].
    Custom(u64),
}

impl Field {
    /// The system field of a name, ignoring case.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        Some(match name.to_lowercase().as_str() {
            "key" | "issuekey" | "issue" | "id" => Self::Key,
            "project" => Self::Project,
            "issuetype" | "type" => Self::IssueType,
            "status" => Self::Status,
            "statuscategory" => Self::StatusCategory,
            "priority" => Self::Priority,
            "resolution" => Self::Resolution,
            "level" => Self::Level,
            "component" => Self::Component,
            "fixversion" => Self::FixVersion,
            "affectedversion" => Self::AffectedVersion,
            "parent" => Self::Parent,
            "assignee" => Self::Assignee,
            "reporter" => Self::Reporter,
            "creator" => Self::Creator,
            "labels" => Self::Labels,
            "updated" | "updateddate" => Self::Updated,
            "created" | "createddate" => Self::Created,
            "resolved" | "resolutiondate" => Self::Resolved,
            "due" | "duedate" => Self::Due,
            "text" => Self::Text,
            "summary" => Self::Summary,
            "description" => Self::Description,
            "environment" => Self::Environment,
            "comment" => Self::Comment,
            _ => return None,
        })
    }

    /// Without `ASC` or `DESC`, moments and priorities come newest and most urgent first.
    pub(super) fn falls_by_default(self) -> bool {
        matches!(self, Self::Updated | Self::Created | Self::Resolved | Self::Priority)
    }

    pub(super) fn is_sortable(self) -> bool {
        !matches!(self, Self::Text | Self::Comment)
    }

    pub(super) fn shape(self) -> Option<Shape> {
        Some(match self {
            Self::Key => Shape::Issue,
            Self::Parent => Shape::ParentIssue,
            Self::StatusCategory => Shape::Category,
            Self::Priority => Shape::Ranked,
            Self::Project
            | Self::IssueType
            | Self::Status
            | Self::Resolution
            | Self::Level
            | Self::Component
            | Self::FixVersion
            | Self::AffectedVersion => Shape::Object,
            Self::Assignee | Self::Reporter | Self::Creator => Shape::User,
            Self::Labels => Shape::Word,
            Self::Updated | Self::Created | Self::Resolved => Shape::Time,
            Self::Due => Shape::Day,
            Self::Text => Shape::AllText,
            Self::Comment => Shape::Comments,
            Self::Summary | Self::Description | Self::Environment => Shape::Prose,
            Self::Custom(_) => return None,
        })
    }
}

/// A custom field as [`super::Names`] describes it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CustomField {
    /// The number in `customfield_10001` and `cf[10001]`.
    pub id: u64,
    /// What its values are.
    pub kind: CustomKind,
}

/// What the values of a custom field are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CustomKind {
    /// `Value::Word` with account ids.
    User,
    /// `Value::Word` with group names.
    Group,
    /// `Value::Text`.
    Text,
    /// `Value::Number`.
    Number,
    /// `Value::Id` of the options.
    Option,
    /// `Value::Word`.
    Labels,
    /// `Value::Day`.
    Day,
    /// `Value::Time`.
    Time,
}

/// How the operand of a field is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Shape {
    Issue,
    ParentIssue,
    Object,
    Ranked,
    Category,
    Option,
    User,
    Group,
    Word,
    Time,
    Day,
    Number,
    AllText,
    Comments,
    Prose,
}

impl From<CustomKind> for Shape {
    fn from(kind: CustomKind) -> Self {
        match kind {
            CustomKind::User => Self::User,
            CustomKind::Group => Self::Group,
            CustomKind::Text => Self::Prose,
            CustomKind::Number => Self::Number,
            CustomKind::Option => Self::Option,
            CustomKind::Labels => Self::Word,
            CustomKind::Day => Self::Day,
            CustomKind::Time => Self::Time,
        }
    }
}

impl Shape {
    pub(super) fn allows(self, operator: Operator) -> bool {
        let listed = matches!(operator, Equal | NotEqual | In | NotIn);
        let relational = matches!(operator, Greater | GreaterOrEqual | Less | LessOrEqual);
        let emptiness = matches!(operator, Is | IsNot);
        match self {
            // An issue always has a key, so asking for EMPTY is refused further on.
            Self::Issue | Self::Ranked | Self::Time | Self::Day | Self::Number => listed || relational || emptiness,
            Self::ParentIssue
            | Self::Object
            | Self::Category
            | Self::Option
            | Self::User
            | Self::Group
            | Self::Word => listed || emptiness,
            Self::AllText => operator == Like,
            Self::Comments => matches!(operator, Like | NotLike),
            Self::Prose => matches!(operator, Like | NotLike) || emptiness,
        }
    }

    pub(super) fn is_date(self) -> bool {
        matches!(self, Self::Time | Self::Day)
    }
}
