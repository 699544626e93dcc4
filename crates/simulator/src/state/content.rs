//! What a space holds: pages, blog posts, folders and their like, comments and files.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::attachment::FileBytes;
use super::{AccountId, GroupId, Millis};

/// Kind of a [`Content`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ContentKind {
    /// A page (or live doc, see [`Content::live`]).
    Page,
    /// A blog post; has no parent.
    BlogPost,
    /// A folder.
    Folder,
    /// A whiteboard.
    Whiteboard,
    /// A database.
    Database,
    /// A smart link in the tree.
    Embed,
}

impl ContentKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Page, Self::BlogPost, Self::Folder, Self::Whiteboard, Self::Database, Self::Embed];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::BlogPost => "blogpost",
            Self::Folder => "folder",
            Self::Whiteboard => "whiteboard",
            Self::Database => "database",
            Self::Embed => "embed",
        }
    }
}

/// Status of content.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Status {
    /// Published.
    #[default]
    Current,
    /// Archived page.
    Archived,
    /// Never published; the author and collaborators see it.
    Draft,
    /// In the trash of its space.
    Trashed,
}

impl Status {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Archived => "archived",
            Self::Draft => "draft",
            Self::Trashed => "trashed",
        }
    }
}

/// Number and circumstances of the latest change.
#[derive(Clone, Debug)]
pub struct Version {
    /// From 1.
    pub number: u64,
    /// When.
    pub at: Millis,
    /// Who.
    pub by: AccountId,
    /// The editor's remark.
    pub message: String,
    /// `minorEdit`.
    pub minor: bool,
}

/// Users and groups of one restriction. Empty = unrestricted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Subjects {
    /// Listed accounts.
    pub users: BTreeSet<AccountId>,
    /// Listed groups, deleted ones included.
    pub groups: BTreeSet<GroupId>,
}

impl Subjects {
    /// True when nothing is listed, so nothing is restricted.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty()
    }
}

/// Own restrictions of one piece of content, never inherited ones.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Restrictions {
    /// Who may view.
    pub read: Subjects,
    /// Who may edit; does not restrict viewing.
    pub update: Subjects,
}

/// Which restriction list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RestrictedOperation {
    /// View.
    Read,
    /// Edit.
    Update,
}

/// An earlier version.
#[derive(Clone, Debug)]
pub struct PastVersion {
    /// Its stamp.
    pub version: Version,
    /// Title then.
    pub title: String,
    /// Body then.
    pub body: Arc<str>,
}

/// A page, blog post, folder, whiteboard, database or embed.
#[derive(Clone, Debug)]
pub struct Content {
    /// Numeric id, shared with comments and attachments.
    pub id: u64,
    /// Kind.
    pub kind: ContentKind,
    /// Space id.
    pub space: u64,
    /// Parent content of any kind; `None` at the root of the space and for blog posts.
    pub parent: Option<u64>,
    /// Status.
    pub status: Status,
    /// Title.
    pub title: String,
    /// Storage format (XHTML fragment); empty for folders and their like.
    pub body: Arc<str>,
    /// Place among its siblings.
    pub position: u64,
    /// `subtype: live`.
    pub live: bool,
    /// Labels.
    pub labels: BTreeSet<String>,
    /// When it was made.
    pub created_at: Millis,
    /// Who made it.
    pub author: AccountId,
    /// Who owns it.
    pub owner: AccountId,
    /// Latest version.
    pub version: Version,
    /// Earlier versions, oldest first.
    pub history: Vec<PastVersion>,
    /// Own restrictions.
    pub restrictions: Restrictions,
    /// Who besides the author sees the draft.
    pub collaborators: BTreeSet<AccountId>,
}

/// What a comment or an attachment hangs on.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Container {
    /// A page, blog post or other content.
    Content(u64),
    /// An attachment.
    Attachment(u64),
}

/// Where in the page a comment stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Placement {
    /// Below the page.
    Footer,
    /// At a marked text.
    Inline {
        /// `resolutionStatus`: `open`, `reopened`, `resolved`, `dangling`.
        resolution: String,
        /// Who and when changed the resolution last.
        resolved: Option<(AccountId, Millis)>,
        /// `inlineMarkerRef`.
        marker: String,
        /// `inlineOriginalSelection`.
        selection: String,
    },
}

/// A footer or inline comment.
#[derive(Clone, Debug)]
pub struct PageComment {
    /// Numeric id.
    pub id: u64,
    /// What it comments; replies carry the container of their root.
    pub container: Container,
    /// The comment that it answers.
    pub parent: Option<u64>,
    /// Footer or inline.
    pub placement: Placement,
    /// Storage format.
    pub body: Arc<str>,
    /// When it was made.
    pub created_at: Millis,
    /// Who made it.
    pub author: AccountId,
    /// Latest version.
    pub version: Version,
}

impl PageComment {
    /// True for inline comments.
    pub fn is_inline(&self) -> bool {
        matches!(self.placement, Placement::Inline { .. })
    }
}

/// A file on a page or blog post. Its id on the wire is `att{id}`.
#[derive(Clone, Debug)]
pub struct PageAttachment {
    /// The number after `att`.
    pub id: u64,
    /// The page or blog post.
    pub container: u64,
    /// Current, archived or trashed.
    pub status: Status,
    /// File name.
    pub title: String,
    /// MIME type.
    pub media_type: String,
    /// The uploader's remark.
    pub comment: String,
    /// UUID of the stored file.
    pub file_id: String,
    /// The bytes of the latest version.
    pub bytes: FileBytes,
    /// When the first version came.
    pub created_at: Millis,
    /// Latest version.
    pub version: Version,
    /// Labels.
    pub labels: BTreeSet<String>,
}
