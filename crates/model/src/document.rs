//! A document: what can be found, and the facts shown with it.

use crate::{ClauseKey, ContainerKey, DocumentKey, Kind, Millis, NodeKey};
use access::{DocNo, SourceId};
use serde::{Deserialize, Serialize};

/// The text of a document, already plain. Text of other documents is never part of it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Body {
    /// Headings, one per line.
    pub headings: String,
    /// Everything that a reader sees, blocks separated by newlines; headings and code included.
    pub text: String,
    /// Code blocks alone, for code-aware search.
    pub code: String,
}

/// A person as a document shows one.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct PersonName {
    /// The source's id of the person.
    pub id: String,
    /// The name shown.
    pub name: String,
}

/// The facts shown with a document and searched by operators. Absent ones are empty.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Facts {
    /// Who wrote it: author of a page or comment, creator of an issue.
    pub author: Option<PersonName>,
    /// An issue's assignee.
    pub assignee: Option<PersonName>,
    /// An issue's reporter.
    pub reporter: Option<PersonName>,
    /// Labels, as typed.
    pub labels: Vec<String>,
    /// An issue's status, or a page's when it is not `current`.
    pub status: Option<String>,
    /// `new`, `indeterminate` or `done`, as Jira groups statuses.
    pub status_category: Option<String>,
    /// An issue's type, such as `Bug`.
    pub issue_type: Option<String>,
    /// An issue's priority.
    pub priority: Option<String>,
    /// A file's media type as the source states it.
    pub media_type: Option<String>,
    /// A file's size in bytes.
    pub size: Option<u64>,
    /// Ids of documents that this one points to. Shown only after a check of each target.
    pub relations: Vec<DocumentKey>,
}

/// A document as an adapter reads it from a source.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Document {
    /// Its identity within the source.
    pub key: DocumentKey,
    /// The node that decides who may see it: for comments and attachments that of their page or issue.
    pub node: NodeKey,
    /// A restricted comment's own layer.
    pub audience: Option<ClauseKey>,
    /// The page, blog post or issue that a comment or attachment belongs to.
    pub parent: Option<DocumentKey>,
    /// The space or project that it lies in.
    pub container: ContainerKey,
    /// Page title, issue summary, file name; for comments that of the document above.
    pub title: String,
    /// An issue's key, such as `ABC-123`.
    pub issue_key: Option<String>,
    /// Where a person opens it, absolute, on the site itself and never on the gateway.
    pub url: String,
    /// The text.
    pub body: Body,
    /// The facts.
    pub facts: Facts,
    /// When it was created.
    pub created: Millis,
    /// When it last changed.
    pub updated: Millis,
    /// The source's own version, for dropping repeated reads: a number, or the time of the last change.
    pub version: String,
}

impl Document {
    /// The title as words of the document itself. A comment shows the title of what it stands under, but is not found
    /// by it: otherwise every comment of a page would answer whatever its page answers.
    pub fn own_title(&self) -> &str {
        if self.key.kind == Kind::Comment { "" } else { &self.title }
    }
}

/// A document as the store keeps it, with its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDocument {
    /// Its dense number.
    pub docno: DocNo,
    /// The number of the page, blog post or issue that it is shown under; its own for those.
    pub group: DocNo,
    /// The source that it comes from.
    pub source: SourceId,
    /// Key of its space or project as people type it, such as `ENG`.
    pub container_key: String,
    /// Name of its space or project.
    pub container_name: String,
    /// The document itself.
    pub document: Document,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NodeKind;

    #[test]
    fn a_comment_has_no_title_of_its_own() {
        let document = |kind| Document {
            key: DocumentKey::new(kind, "1"),
            node: NodeKey::new(NodeKind::Content, "2"),
            audience: None,
            parent: None,
            container: ContainerKey("3".to_owned()),
            title: "Plan".to_owned(),
            issue_key: None,
            url: String::new(),
            body: Body::default(),
            facts: Facts::default(),
            created: Millis(0),
            updated: Millis(0),
            version: String::new(),
        };
        assert_eq!(document(Kind::Comment).own_title(), "");
        assert_eq!(document(Kind::Attachment).own_title(), "Plan");
    }
}
