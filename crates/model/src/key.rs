//! How things are identified: always by source and native id, never by a key or title, which change.

use serde::{Deserialize, Serialize};

/// A stored code that this version does not know.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{code}` is not a {what} that this version knows; the data was written by a newer version")]
pub struct UnknownCode {
    /// What the code should have named.
    pub what: &'static str,
    /// The code found.
    pub code: String,
}

macro_rules! codes {
    ($type:ident, $what:literal, { $($variant:ident => $code:literal),+ $(,)? }) => {
        impl $type {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name under which it is stored and shown in the API.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl std::str::FromStr for $type {
            type Err = UnknownCode;

            fn from_str(code: &str) -> Result<Self, UnknownCode> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(UnknownCode { what: $what, code: code.to_owned() }),
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

pub(crate) use codes;

/// What a document is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A Confluence page, live docs included.
    Page,
    /// A Confluence blog post.
    BlogPost,
    /// A Jira issue.
    Issue,
    /// A comment under a page, blog post, attachment or issue.
    Comment,
    /// A file on a page, blog post or issue.
    Attachment,
}

codes!(Kind, "kind of document", {
    Page => "page",
    BlogPost => "blog-post",
    Issue => "issue",
    Comment => "comment",
    Attachment => "attachment",
});

/// A document within one source.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct DocumentKey {
    /// What it is. Native ids are unique only within a kind.
    pub kind: Kind,
    /// The id that the source gave.
    pub native: String,
}

impl DocumentKey {
    /// Names a document of a source.
    pub fn new(kind: Kind, native: impl Into<String>) -> Self {
        Self { kind, native: native.into() }
    }
}

/// What kind of node carries permissions.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// A Confluence space: a root.
    Space,
    /// A Jira project: a root.
    Project,
    /// A page, blog post, folder, whiteboard, database or embed: their ids are unique together.
    Content,
    /// A Jira issue.
    Issue,
}

codes!(NodeKind, "kind of node", {
    Space => "space",
    Project => "project",
    Content => "content",
    Issue => "issue",
});

/// A node of the permission tree within one source.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct NodeKey {
    /// What it is.
    pub kind: NodeKind,
    /// The id that the source gave.
    pub native: String,
}

impl NodeKey {
    /// Names a node of a source.
    pub fn new(kind: NodeKind, native: impl Into<String>) -> Self {
        Self { kind, native: native.into() }
    }
}

/// A space or project within one source, by its native id.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct ContainerKey(pub String);

/// Which statement of the source a clause holds.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Who may read a space; native id: the space's.
    SpaceReaders,
    /// The view restriction of a page, folder or blog post; native id: the content's.
    ViewRestriction,
    /// Who may browse a project; native id: the project's.
    BrowseProject,
    /// Members of an issue security level in one project; native id: `level@project`.
    SecurityLevel,
    /// The audience of a restricted comment; native id: `group:ID` or `role:ID@project`.
    Audience,
}

codes!(Origin, "origin of a clause", {
    SpaceReaders => "space-readers",
    ViewRestriction => "view-restriction",
    BrowseProject => "browse-project",
    SecurityLevel => "security-level",
    Audience => "audience",
});

/// What a name from the source belongs to, beside documents, containers, people and groups.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum NamedKind {
    /// An issue security level.
    SecurityLevel,
    /// A field of issues that names people or groups.
    Field,
    /// A folder, whiteboard, database or smart link that stands above pages.
    Content,
}

codes!(NamedKind, "kind of name", {
    SecurityLevel => "security-level",
    Field => "field",
    Content => "content",
});

/// A clause within one source: one per statement, shared by everything that it decides for.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct ClauseKey {
    /// Which statement.
    pub origin: Origin,
    /// Of what.
    pub native: String,
}

impl ClauseKey {
    /// Names a clause of a source.
    pub fn new(origin: Origin, native: impl Into<String>) -> Self {
        Self { origin, native: native.into() }
    }
}
