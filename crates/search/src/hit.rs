//! What a search answers: only ever things that the viewer may see.

use crate::Hint;
use access::{DocNo, SourceId};
use model::{ContainerKey, DocumentKey, Facts, Kind, Millis};

/// A piece of text, marked where it matched. Never markup: whoever shows it escapes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Segment {
    /// The text.
    pub text: String,
    /// Whether it matched the query.
    pub marked: bool,
}

/// The text of segments without marks.
pub fn plain(segments: &[Segment]) -> String {
    segments.iter().map(|segment| segment.text.as_str()).collect()
}

/// A document as a hit shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct HitDocument {
    /// Its number.
    pub docno: DocNo,
    /// Its source.
    pub source: SourceId,
    /// Its identity within the source.
    pub key: DocumentKey,
    /// Native id of its space or project.
    pub container: ContainerKey,
    /// The key that people use for it.
    pub container_key: String,
    /// Its name.
    pub container_name: String,
    /// The title, marked.
    pub title: Vec<Segment>,
    /// The best part of the text, marked; of the version that the index holds.
    pub snippet: Vec<Segment>,
    /// An issue's key.
    pub issue_key: Option<String>,
    /// Where a person opens it.
    pub url: String,
    /// The facts shown.
    pub facts: Facts,
    /// When it was created.
    pub created: Millis,
    /// When it last changed.
    pub updated: Millis,
}

impl HitDocument {
    /// The same without the title, if that is the title of the document above and not its own.
    #[must_use]
    pub fn without_title_of_another(mut self) -> Self {
        if self.kind() == Kind::Comment {
            self.title.clear();
        }
        self
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.key.kind
    }
}

/// A page, blog post or issue, with what matched under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The page, blog post or issue; the comment or attachment itself when what it belongs to cannot be shown.
    pub document: HitDocument,
    /// Whether it matched itself, or only something under it.
    pub matched: bool,
    /// Comments and attachments under it that matched, best first, at most [`Hit::MOST_NESTED`].
    pub nested: Vec<HitDocument>,
}

impl Hit {
    /// How many comments and attachments are shown under one hit.
    pub const MOST_NESTED: usize = 3;
}

/// How the matching documents that the viewer may see are spread.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Facets {
    /// Matching documents by kind, most first. Counted before the kind filter.
    pub kinds: Vec<(Kind, u64)>,
    /// Matching documents by space or project, most first. Counted before the container filter.
    pub containers: Vec<((SourceId, ContainerKey), u64)>,
}

/// The answer to a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// The hits of the page asked for, best first.
    pub hits: Vec<Hit>,
    /// How many hits there are in all.
    pub total: u64,
    /// Counts, if they were asked for.
    pub facets: Facets,
    /// What the person may want to know about the query.
    pub hints: Vec<Hint>,
}
