//! The kinds of document as readers know them: the word in an address, the label, the icon.

use std::fmt;

/// A kind of document that can be found and filtered by.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// A Confluence page.
    Page,
    /// A Confluence blog post.
    BlogPost,
    /// A Jira issue.
    Issue,
    /// A comment on a page, blog post or issue.
    Comment,
    /// A file attached to a page, blog post or issue.
    Attachment,
}

impl Kind {
    /// Every kind, in the order in which filters list them.
    pub const ALL: [Self; 5] = [Self::Page, Self::BlogPost, Self::Issue, Self::Comment, Self::Attachment];

    /// The word for this kind in addresses and after `type:` in a query.
    pub fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::BlogPost => "blog",
            Self::Issue => "issue",
            Self::Comment => "comment",
            Self::Attachment => "attachment",
        }
    }

    /// The kind that [`Kind::word`] names; `None` for any other word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What one document of this kind is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Page => "Page",
            Self::BlogPost => "Blog post",
            Self::Issue => "Issue",
            Self::Comment => "Comment",
            Self::Attachment => "Attachment",
        }
    }

    /// What several documents of this kind are called.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Page => "Pages",
            Self::BlogPost => "Blog posts",
            Self::Issue => "Issues",
            Self::Comment => "Comments",
            Self::Attachment => "Attachments",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

impl From<model::Kind> for Kind {
    fn from(kind: model::Kind) -> Self {
        match kind {
            model::Kind::Page => Self::Page,
            model::Kind::BlogPost => Self::BlogPost,
            model::Kind::Issue => Self::Issue,
            model::Kind::Comment => Self::Comment,
            model::Kind::Attachment => Self::Attachment,
        }
    }
}

impl From<Kind> for model::Kind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Page => Self::Page,
            Kind::BlogPost => Self::BlogPost,
            Kind::Issue => Self::Issue,
            Kind::Comment => Self::Comment,
            Kind::Attachment => Self::Attachment,
        }
    }
}
