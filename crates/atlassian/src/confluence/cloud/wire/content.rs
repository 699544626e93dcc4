//! Pages, blog posts, comments, attachments and what stands between pages.

use super::{Id, Time};
use crate::http::Endpoint;
use access::mutants::off;
use model::{DocumentKey, Kind, NodeKey, NodeKind};
use serde::Deserialize;

/// The two lists of content with bodies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in super::super) enum Listed {
    Pages,
    BlogPosts,
}

impl Listed {
    pub(in super::super) fn endpoint(self) -> Endpoint {
        match self {
            Self::Pages => Endpoint::ConfluencePages,
            Self::BlogPosts => Endpoint::ConfluenceBlogPosts,
        }
    }

    pub(in super::super) fn kind(self) -> Kind {
        match self {
            Self::Pages => Kind::Page,
            Self::BlogPosts => Kind::BlogPost,
        }
    }

    /// One of them, for people.
    pub(in super::super) fn word(self) -> &'static str {
        match self {
            Self::Pages => "page",
            Self::BlogPosts => "blog post",
        }
    }
}

/// A page or blog post of version 2.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Content {
    pub(in super::super) id: Id,
    pub(in super::super) status: String,
    #[serde(default)]
    pub(in super::super) title: String,
    pub(in super::super) space_id: Id,
    pub(in super::super) parent_id: Option<Id>,
    pub(in super::super) author_id: Option<String>,
    pub(in super::super) created_at: Time,
    pub(in super::super) version: Version,
    #[serde(default)]
    pub(in super::super) body: Body,
    #[serde(default, rename = "_links")]
    pub(in super::super) links: Links,
}

/// A version: who and when.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Version {
    pub(in super::super) number: u64,
    pub(in super::super) created_at: Time,
    pub(in super::super) author_id: Option<String>,
}

/// A body in the representation that was asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(in super::super) struct Body {
    storage: Option<Representation>,
    /// Why it was not asked for.
    #[serde(skip)]
    withheld: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Representation {
    value: Option<String>,
}

impl Body {
    /// Storage format; `None` when the answer left the body out.
    pub(in super::super) fn storage(&self) -> Option<&str> {
        self.storage.as_ref()?.value.as_deref()
    }

    /// Notes why it was not asked for.
    pub(in super::super) fn withhold(&mut self, reason: String) {
        self.withheld = Some(reason);
    }

    /// Why it is not there.
    pub(in super::super) fn missing(self) -> String {
        self.withheld.unwrap_or_else(|| "the answer left its body out; sync again".to_owned())
    }
}

/// Links for people, relative to the site's `/wiki`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(in super::super) struct Links {
    pub(in super::super) webui: Option<String>,
}

/// The two kinds of comments, each with lists of its own.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(in super::super) enum Thread {
    Footer,
    Inline,
}

impl Thread {
    pub(in super::super) fn list(self) -> Endpoint {
        match self {
            Self::Footer => Endpoint::ConfluenceFooterComments,
            Self::Inline => Endpoint::ConfluenceInlineComments,
        }
    }

    pub(in super::super) fn one(self) -> Endpoint {
        match self {
            Self::Footer => Endpoint::ConfluenceFooterComment,
            Self::Inline => Endpoint::ConfluenceInlineComment,
        }
    }

    pub(in super::super) fn replies(self) -> Endpoint {
        match self {
            Self::Footer => Endpoint::ConfluenceFooterReplies,
            Self::Inline => Endpoint::ConfluenceInlineReplies,
        }
    }
}

/// A comment of version 2. Replies may name their parent alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Comment {
    pub(in super::super) id: Id,
    pub(in super::super) status: Option<String>,
    pub(in super::super) page_id: Option<Id>,
    pub(in super::super) blog_post_id: Option<Id>,
    pub(in super::super) attachment_id: Option<Id>,
    pub(in super::super) custom_content_id: Option<Id>,
    pub(in super::super) parent_comment_id: Option<Id>,
    pub(in super::super) created_at: Option<Time>,
    pub(in super::super) version: Version,
    #[serde(default)]
    pub(in super::super) body: Body,
    #[serde(default, rename = "_links")]
    pub(in super::super) links: Links,
}

impl Comment {
    pub(in super::super) fn key(&self) -> DocumentKey {
        DocumentKey::new(Kind::Comment, self.id.0.clone())
    }

    /// What the lists tell of it and a stored document depends on. Its page's place and title are not its own.
    pub(in super::super) fn state(&self) -> String {
        format!("{} {}", self.version.number, self.status.as_deref().unwrap_or("current"))
    }

    /// The page or blog post that it names itself.
    pub(in super::super) fn owner(&self) -> Option<DocumentKey> {
        owner(self.page_id.as_ref(), self.blog_post_id.as_ref())
    }
}

fn owner(page: Option<&Id>, blog_post: Option<&Id>) -> Option<DocumentKey> {
    let page = page.map(|id| DocumentKey::new(Kind::Page, id.0.clone()));
    page.or_else(|| blog_post.map(|id| DocumentKey::new(Kind::BlogPost, id.0.clone())))
}

/// A file's facts.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Attachment {
    pub(in super::super) id: Id,
    pub(in super::super) status: Option<String>,
    #[serde(default)]
    pub(in super::super) title: String,
    pub(in super::super) page_id: Option<Id>,
    pub(in super::super) blog_post_id: Option<Id>,
    pub(in super::super) media_type: Option<String>,
    pub(in super::super) comment: Option<String>,
    pub(in super::super) file_size: Option<u64>,
    pub(in super::super) created_at: Option<Time>,
    pub(in super::super) webui_link: Option<String>,
    pub(in super::super) version: Version,
    #[serde(default, rename = "_links")]
    pub(in super::super) links: Links,
}

impl Attachment {
    pub(in super::super) fn key(&self) -> DocumentKey {
        DocumentKey::new(Kind::Attachment, self.id.0.clone())
    }

    /// What the lists tell of it and a stored document depends on: it may be moved to another page as it is.
    pub(in super::super) fn state(&self) -> String {
        let owner = self.page_id.as_ref().or(self.blog_post_id.as_ref()).map_or("-", |id| id.0.as_str());
        format!("{} {} {owner}", self.version.number, self.status.as_deref().unwrap_or("current"))
    }

    /// The page or blog post that holds it; others are not indexed.
    pub(in super::super) fn owner(&self) -> Option<DocumentKey> {
        owner(self.page_id.as_ref(), self.blog_post_id.as_ref())
    }
}

/// A page, folder, whiteboard, database or embed, as far as its place goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Place {
    pub(in super::super) id: Id,
    pub(in super::super) status: Option<String>,
    pub(in super::super) parent_id: Option<Id>,
    pub(in super::super) space_id: Option<Id>,
    pub(in super::super) title: Option<String>,
}

/// Where content hangs: below other content, or directly in its space.
pub(in super::super) fn above(parent: Option<&Id>, space: &Id) -> NodeKey {
    match parent.filter(|_| !off("confluence.ancestors")) {
        Some(parent) => NodeKey::new(NodeKind::Content, parent.0.clone()),
        None => NodeKey::new(NodeKind::Space, space.0.clone()),
    }
}

impl Content {
    /// Everything that the lists tell of it and that a stored document depends on: its version, and what changes without one.
    pub(in super::super) fn state(&self, space_key: &str) -> String {
        let parent = self.parent_id.as_ref().map_or("-", |parent| parent.0.as_str());
        format!("{} {} {} {parent} {space_key}", self.version.number, self.status, self.space_id.0)
    }

    pub(in super::super) fn above(&self) -> NodeKey {
        above(self.parent_id.as_ref(), &self.space_id)
    }
}

impl Place {
    /// Whether it still stands where it says: what hangs below a draft or in the trash is seen by nobody.
    pub(in super::super) fn stands(&self) -> bool {
        self.status.as_deref().is_none_or(|status| matches!(status, "current" | "archived"))
    }

    /// `None` when the answer names neither a parent nor a space: then nothing is known about its place.
    pub(in super::super) fn above(&self) -> Option<NodeKey> {
        let space = self.space_id.as_ref();
        match (&self.parent_id, space) {
            (Some(parent), _) => Some(NodeKey::new(NodeKind::Content, parent.0.clone())),
            (None, Some(space)) => Some(above(None, space)),
            (None, None) => None,
        }
    }
}

/// A comment as the search finds it: only where it hangs is of interest.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct FoundComment {
    #[serde(default)]
    pub(in super::super) ancestors: Vec<Hanging>,
    pub(in super::super) container: Option<Hanging>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Hanging {
    pub(in super::super) id: Id,
    #[serde(rename = "type")]
    pub(in super::super) kind: Option<String>,
}

impl FoundComment {
    /// The comment that it directly answers.
    pub(in super::super) fn answers(&self) -> Option<&Id> {
        // Only comments count; the page itself may stand in the list as well.
        let comments = self.ancestors.iter().filter(|above| matches!(above.kind.as_deref(), None | Some("comment")));
        comments.map(|above| &above.id).next_back()
    }

    /// The page or blog post below which the whole thread stands.
    pub(in super::super) fn owner(&self) -> Option<DocumentKey> {
        let container = self.container.as_ref()?;
        match container.kind.as_deref()? {
            "page" => Some(DocumentKey::new(Kind::Page, container.id.0.clone())),
            "blogpost" => Some(DocumentKey::new(Kind::BlogPost, container.id.0.clone())),
            _ => None,
        }
    }
}
