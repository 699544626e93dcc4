//! What a hit shows beside its text, as the index keeps it: of the version that matched, never of a newer one.

use access::{DocNo, SourceId};
use model::{ContainerKey, DocumentKey, Facts, Millis, StoredDocument};
use search::{HitDocument, Meaning, SNIPPET, highlight, snippet};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use crate::analysis::analyze;

/// The stored facts of one document.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Shown<'a> {
    docno: u32,
    source: u32,
    key: Cow<'a, DocumentKey>,
    container: Cow<'a, ContainerKey>,
    container_key: Cow<'a, str>,
    container_name: Cow<'a, str>,
    title: Cow<'a, str>,
    issue_key: Option<Cow<'a, str>>,
    url: Cow<'a, str>,
    facts: Cow<'a, Facts>,
    created: i64,
    updated: i64,
}

impl<'a> Shown<'a> {
    /// Takes from a document what its hits show.
    pub(crate) fn of(stored: &'a StoredDocument) -> Self {
        let inner = &stored.document;
        Self {
            docno: stored.docno.0,
            source: stored.source.0,
            key: Cow::Borrowed(&inner.key),
            container: Cow::Borrowed(&inner.container),
            container_key: Cow::Borrowed(&stored.container_key),
            container_name: Cow::Borrowed(&stored.container_name),
            title: Cow::Borrowed(&inner.title),
            issue_key: inner.issue_key.as_deref().map(Cow::Borrowed),
            url: Cow::Borrowed(&inner.url),
            facts: Cow::Borrowed(&inner.facts),
            created: inner.created.0,
            updated: inner.updated.0,
        }
    }

    /// Whose facts these are.
    pub(crate) fn docno(&self) -> DocNo {
        DocNo(self.docno)
    }

    /// As the index stores it.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// Reads what [`encode`](Self::encode) wrote.
    pub(crate) fn decode(bytes: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// The document as a hit shows it, marked.
    pub(crate) fn render(self, kept: &str, meaning: &Meaning) -> HitDocument {
        let wanted = meaning.marked();
        HitDocument {
            docno: DocNo(self.docno),
            source: SourceId(self.source),
            key: self.key.into_owned(),
            container: self.container.into_owned(),
            container_key: self.container_key.into_owned(),
            container_name: self.container_name.into_owned(),
            title: highlight(&self.title, &analyze(&self.title), &wanted),
            snippet: snippet(kept, &analyze(kept), &wanted, SNIPPET),
            issue_key: self.issue_key.map(Cow::into_owned),
            url: self.url.into_owned(),
            facts: self.facts.into_owned(),
            created: Millis(self.created),
            updated: Millis(self.updated),
        }
    }
}
