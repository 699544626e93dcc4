//! The fields of the subset, what their values are, and what each resource lets one search.

use super::tree::Operator::{
    self, Equal, Greater, GreaterOrEqual, In, Less, LessOrEqual, Like, NotEqual, NotIn, NotLike,
};

/// Which resource a query is put to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Surface {
    /// `/rest/api/content/search` and `/rest/api/search`: content, and spaces by `type = space`.
    Content,
    /// `/rest/api/search/user`: people only.
    Users,
}

/// A field that a record is asked for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Field {
    /// The content itself (`id`, `content`). Records are never asked to visit it.
    Id,
    /// `Value::Word`: `page`, `blogpost`, `comment`, `attachment`, `whiteboard`, `folder`, `database`, `embed`, `space`, `user`.
    Type,
    /// `Value::Word` with the key, verbatim.
    Space,
    /// `Value::Word`: `global`, `personal`, `collaboration` or `knowledge_base`.
    SpaceType,
    /// `Value::Id` of the direct parent.
    Parent,
    /// `Value::Id` of every page or folder above.
    Ancestor,
    /// `Value::Id` of the content that a comment or attachment belongs to.
    Container,
    /// `Value::Text`.
    Title,
    /// `Value::Text` of title and body, each by itself.
    Text,
    /// `Value::Word`, any number of them.
    Label,
    /// `Value::Word` with the account id.
    Creator,
    /// `Value::Word` with the account id of everybody who made a version.
    Contributor,
    /// `Value::Word` with the account id of everybody mentioned in the body.
    Mention,
    /// `Value::Word` with the name of each macro in the body.
    Macro,
    /// `Value::Time`.
    Created,
    /// `Value::Time`: of the latest version.
    LastModified,
    /// `Value::Word` with the account id; people only.
    User,
    /// `Value::Text`; people only.
    UserFullName,
}

/// How the operands of a field are read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Shape {
    Id,
    /// Compared in lower case.
    Folded,
    /// Compared as it is.
    Exact,
    Person,
    /// A whole title, or words of it.
    Title,
    Prose,
    Time,
}

impl Field {
    pub(super) fn of_name(name: &str, surface: Surface) -> Option<Self> {
        let field = match name.to_lowercase().as_str() {
            "id" | "content" => Self::Id,
            "type" => Self::Type,
            "space" | "space.key" => Self::Space,
            "space.type" => Self::SpaceType,
            "parent" => Self::Parent,
            "ancestor" => Self::Ancestor,
            "container" => Self::Container,
            "title" => Self::Title,
            "text" | "sitesearch" => Self::Text,
            "label" => Self::Label,
            "creator" => Self::Creator,
            "contributor" => Self::Contributor,
            "mention" => Self::Mention,
            "macro" => Self::Macro,
            "created" => Self::Created,
            "lastmodified" => Self::LastModified,
            "user" | "user.accountid" => Self::User,
            "user.fullname" => Self::UserFullName,
            _ => return None,
        };
        let of_people = matches!(field, Self::User | Self::UserFullName);
        let allowed = match surface {
            Surface::Content => !of_people,
            Surface::Users => of_people || field == Self::Type,
        };
        allowed.then_some(field)
    }

    pub(super) fn shape(self) -> Shape {
        match self {
            Self::Id | Self::Parent | Self::Ancestor | Self::Container => Shape::Id,
            Self::Type | Self::SpaceType | Self::Label | Self::Macro => Shape::Folded,
            Self::Space => Shape::Exact,
            Self::Creator | Self::Contributor | Self::Mention | Self::User => Shape::Person,
            Self::Title => Shape::Title,
            Self::Text | Self::UserFullName => Shape::Prose,
            Self::Created | Self::LastModified => Shape::Time,
        }
    }

    /// The documented sort fields.
    pub(super) fn is_sortable(self) -> bool {
        matches!(self, Self::Created | Self::LastModified | Self::Title | Self::Id | Self::Space | Self::Type)
    }

    /// Values that a field of a closed vocabulary takes.
    pub(super) fn vocabulary(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Type => Some(&[
                "page",
                "blogpost",
                "comment",
                "attachment",
                "whiteboard",
                "folder",
                "database",
                "embed",
                "space",
                "user",
            ]),
            Self::SpaceType => Some(&["global", "personal", "collaboration", "knowledge_base"]),
            _ => None,
        }
    }
}

impl Shape {
    pub(super) fn allows(self, operator: Operator) -> bool {
        let listed = matches!(operator, Equal | NotEqual | In | NotIn);
        let like = matches!(operator, Like | NotLike);
        match self {
            Self::Id | Self::Folded | Self::Exact | Self::Person => listed,
            Self::Title => listed || like,
            Self::Prose => like,
            Self::Time => matches!(operator, Equal | NotEqual | Greater | GreaterOrEqual | Less | LessOrEqual),
        }
    }
}
