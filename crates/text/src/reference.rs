//! What a document points to: kept as ids and titles beside the text, never as the target's text.
//!
//! The caller decides by a second check whether a reader may see the target.

/// A person as a body names them. Never a display name.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Person {
    /// Cloud's `accountId`.
    AccountId(String),
    /// Data Center's `userkey`.
    UserKey(String),
    /// Data Center's older `username`.
    Username(String),
}

/// One thing that a document points to. A document lists each only once.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Reference {
    /// In which way it points there.
    pub relation: Relation,
    /// Where to.
    pub target: Target,
}

/// In which way a document points to something.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Relation {
    /// A link that a reader can follow.
    Link,
    /// The product shows the target's whole text here.
    Include,
    /// The product shows an excerpt of the target here.
    Excerpt,
    /// The target is shown in place: image, file preview, card, list of issues.
    Embed,
    /// A setting of some macro names the target.
    Setting,
}

/// What a reference points to, as exactly as the body says.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Target {
    /// A page by title; no space means the space of the document itself.
    Page {
        /// The title as stored.
        title: String,
        /// Key of the space.
        space: Option<String>,
    },
    /// A blog post by title and day (`2026/07/27` as stored).
    BlogPost {
        /// The title as stored.
        title: String,
        /// Key of the space.
        space: Option<String>,
        /// The day of posting as stored.
        day: Option<String>,
    },
    /// Any content by its id.
    Content {
        /// The native id.
        id: String,
    },
    /// A space by key.
    Space {
        /// The key as stored.
        key: String,
    },
    /// A file; no owner means the document itself.
    Attachment {
        /// The file's name.
        file: String,
        /// The page, post or content that holds the file.
        of: Option<Box<Target>>,
    },
    /// A file of the media service, as ADF names it.
    Media {
        /// The media id.
        id: String,
        /// The collection that holds it; may be empty.
        collection: String,
    },
    /// An address.
    Url(String),
    /// A place in the same document, or in the document that another reference of the same link names.
    Anchor(String),
    /// An issue by key.
    Issue {
        /// The key, such as `ABC-12`.
        key: String,
    },
    /// A query whose hits the product shows (JQL).
    Query(String),
    /// A block kept in sync with another document.
    SyncBlock {
        /// The resource id.
        id: String,
    },
}

impl Target {
    /// What a reader sees for a link to this target when the link has no text of its own.
    pub(crate) fn label(&self) -> Option<&str> {
        match self {
            Self::Page { title, .. } | Self::BlogPost { title, .. } => Some(title),
            Self::Space { key } | Self::Issue { key } => Some(key),
            Self::Attachment { file, .. } => Some(file),
            Self::Url(text) | Self::Anchor(text) => Some(text),
            Self::Content { .. } | Self::Media { .. } | Self::Query(_) | Self::SyncBlock { .. } => None,
        }
    }
}
