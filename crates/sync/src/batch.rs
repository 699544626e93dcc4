//! What an adapter hands over: items, problems, and the place to go on from.

use access::{Clause, DynamicHolder, Principal, SourceDirectory};
use model::{ClauseKey, Container, Document, DocumentKey, Kind, Millis, NamedKind, NodeKey, Problem};
use std::fmt;
use std::str::FromStr;

/// One listing of a source, with a cursor of its own.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Stream {
    /// Users, groups, memberships, product access.
    Directory,
    /// Spaces or projects, with who may read or browse them, and security levels.
    Containers,
    /// Pages with their bodies.
    Pages,
    /// Blog posts with their bodies.
    BlogPosts,
    /// Issues with all fields, comments and attachments' metadata.
    Issues,
    /// Folders and other content that stands between pages.
    Places,
    /// Footer comments.
    FooterComments,
    /// Inline comments.
    InlineComments,
    /// Attachments' metadata.
    Attachments,
    /// View restrictions of pages, blog posts and what stands above them.
    Restrictions,
}

impl Stream {
    /// All streams, in order of their stages.
    pub const ALL: [Self; 10] = [
        Self::Directory,
        Self::Containers,
        Self::Pages,
        Self::BlogPosts,
        Self::Issues,
        Self::Places,
        Self::FooterComments,
        Self::InlineComments,
        Self::Attachments,
        Self::Restrictions,
    ];

    /// Streams of one stage may run side by side; a stage starts when the one before it has ended.
    ///
    /// Restrictions come after bodies: permissions that are older than the text could show a text that was restricted
    /// before it was written.
    pub fn stage(self) -> u8 {
        match self {
            Self::Directory | Self::Containers => 0,
            Self::Pages | Self::BlogPosts | Self::Issues => 1,
            Self::Places | Self::FooterComments | Self::InlineComments | Self::Attachments => 2,
            Self::Restrictions => 3,
        }
    }

    /// Whether the stream lists documents, so that what it no longer lists may be gone.
    pub fn lists_documents(self) -> bool {
        !matches!(self, Self::Directory | Self::Containers | Self::Places | Self::Restrictions)
    }

    /// The stable name under which checkpoints are stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Containers => "containers",
            Self::Pages => "pages",
            Self::BlogPosts => "blog-posts",
            Self::Issues => "issues",
            Self::Places => "places",
            Self::FooterComments => "footer-comments",
            Self::InlineComments => "inline-comments",
            Self::Attachments => "attachments",
            Self::Restrictions => "restrictions",
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Stream {
    type Err = model::UnknownCode;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let unknown = || model::UnknownCode { what: "stream", code: code.to_owned() };
        Self::ALL.into_iter().find(|stream| stream.code() == code).ok_or_else(unknown)
    }
}

/// Where a stream goes on. Only the adapter that made it can read it; it survives a restart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cursor(pub String);

/// How far a stream has come once a batch is committed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Checkpoint {
    /// There is more behind this cursor.
    At(Cursor),
    /// The listing has ended.
    Complete,
}

/// One thing read from a source.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// The whole directory of the source; replaces the one before.
    Directory(Box<SourceDirectory>),
    /// A space or project that is in scope.
    Container(Container),
    /// A layer. Stored once, changed in place.
    Clause {
        /// Which statement of the source it holds.
        key: ClauseKey,
        /// What it states, or nobody with a cause.
        clause: Clause,
    },
    /// A node and where it hangs. Its own layers stay as they are; for a new node they are pending, which admits nobody.
    Place {
        /// The node.
        node: NodeKey,
        /// The node above; `None` for a space or project.
        parent: Option<NodeKey>,
    },
    /// The own layers of a node, read after its place: empty when it adds no condition.
    Layers {
        /// The node.
        node: NodeKey,
        /// Its own layers. Each clause stands earlier in this batch or is already stored.
        own: Vec<ClauseKey>,
        /// What an issue's own fields name, for dynamic holders.
        inline: Vec<(DynamicHolder, Principal)>,
    },
    /// What the product calls something that a layer speaks of; for explanations only, it decides nothing.
    Name {
        /// What it is.
        kind: NamedKind,
        /// Its id at the source.
        native: String,
        /// Its name there.
        name: String,
    },
    /// A document with its text. Its node may come later, even in another stream; until then nobody sees it.
    Document(Box<Document>),
    /// A document that was listed and is stored in this version already: [`Known::versions`](crate::Known::versions)
    /// said so in this run. It counts as listed.
    Seen {
        /// Which one.
        key: DocumentKey,
        /// The version that was listed.
        version: String,
    },
    /// Every document of `kind` whose parent is `parent` and that this stream lists stands in this batch. Those stored
    /// that do not are missing, whatever the reading.
    ChildrenListed {
        /// The page, blog post or issue above.
        parent: DocumentKey,
        /// Which of the documents below it.
        kind: Kind,
    },
    /// The source, asked for this one id with a credential that works, answered that there is no such thing.
    Gone {
        /// Which one.
        key: DocumentKey,
    },
}

impl Batch {
    /// A batch of which the source told neither a total nor the time.
    pub fn new(items: Vec<Item>, problems: Vec<Problem>, checkpoint: Checkpoint) -> Self {
        Self { items, problems, checkpoint, expected: None, source_time: None }
    }
}

/// What one read of a stream gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// In the order in which they are to be applied.
    pub items: Vec<Item>,
    /// Records that could not be read or understood; the rest of the batch stands.
    pub problems: Vec<Problem>,
    /// Where the stream stands once the items are durable.
    pub checkpoint: Checkpoint,
    /// How many documents the stream will list in all, where the source tells.
    pub expected: Option<u64>,
    /// The source's own clock when the first call of this batch was answered, such as the HTTP header `Date`. Without
    /// it the stream has no watermark and changes are found by reading it whole.
    pub source_time: Option<Millis>,
}
