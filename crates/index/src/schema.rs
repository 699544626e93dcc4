//! What the index holds of a document: words, a number, and what is needed to show it. No permissions (IDX-1).

use crate::analysis::{ANALYSIS, analyze};
use crate::shown::Shown;
use access::{DocNo, SourceId};
use model::{ContainerKey, Kind, StoredDocument};
use search::title_terms;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

/// Raised when the meaning of a field changes, so that older indexes are rebuilt.
const LAYOUT: u32 = 1;

/// Text kept for snippets, in bytes. What lies beyond is found all the same; its hits show the beginning.
const KEPT_TEXT: usize = 64 * 1024;

/// The fields of the index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    /// The document's number: what is deleted and fetched by.
    pub(crate) docno: Field,
    /// The number of the document that it is shown under.
    pub(crate) group: Field,
    /// A number per kind.
    pub(crate) kind: Field,
    /// Source and native id of its space or project.
    pub(crate) container: Field,
    /// When it last changed, in milliseconds.
    pub(crate) updated: Field,
    /// Title, body and headings, apart from each other: what is searched.
    pub(crate) text: Field,
    /// The title alone, which weighs more.
    pub(crate) title: Field,
    /// A hash of the title's terms.
    pub(crate) exact_title: Field,
    /// The issue key, in capitals.
    pub(crate) key: Field,
    /// What a hit shows beside its text.
    pub(crate) shown: Field,
    /// The text that snippets are cut from.
    pub(crate) kept: Field,
}

fn words(record: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(ANALYSIS).set_index_option(record).set_fieldnorms(true);
    TextOptions::default().set_indexing_options(indexing)
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let number = || NumericOptions::default() | INDEXED | FAST;
    let fields = Fields {
        docno: builder.add_u64_field("docno", number()),
        group: builder.add_u64_field("group", number()),
        kind: builder.add_u64_field("kind", FAST),
        container: builder.add_text_field("container", TextOptions::default().set_fast("raw")),
        updated: builder.add_i64_field("updated", FAST),
        text: builder.add_text_field("text", words(IndexRecordOption::WithFreqsAndPositions)),
        title: builder.add_text_field("title", words(IndexRecordOption::WithFreqs)),
        exact_title: builder.add_u64_field("exact_title", INDEXED),
        key: builder.add_text_field("key", STRING),
        shown: builder.add_bytes_field("shown", STORED),
        kept: builder.add_text_field("kept", STORED),
    };
    (builder.build(), fields)
}

/// What an index must have been built with: layout, fields, and what the analysis makes of a sample.
///
/// The sample catches a stemmer that a newer version changed.
pub(crate) fn fingerprint() -> String {
    const SAMPLE: &str =
        "Running communities' généralisation of fooBar_baz APIs 東京 mitigated conversational happily dying";
    let (schema, _) = schema();
    let terms: Vec<String> = analyze(SAMPLE).into_iter().map(|token| token.term).collect();
    let described = format!("{LAYOUT} {} {terms:?}", serde_json::to_string(&schema).unwrap_or_default());
    format!("{:016x}", fnv(described.as_bytes()))
}

/// FNV-1a: stable over versions and machines, which the standard library's hasher is not.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// What the terms of a title become.
pub(crate) fn title_hash(terms: &[String]) -> u64 {
    fnv(terms.join(" ").as_bytes())
}

/// The number of a kind.
pub(crate) fn kind_number(kind: Kind) -> u64 {
    Kind::ALL.iter().position(|known| *known == kind).unwrap_or(usize::MAX) as u64
}

/// A space or project as one string.
pub(crate) fn container_code(source: SourceId, container: &ContainerKey) -> String {
    format!("{}/{}", source.0, container.0)
}

/// Reads what [`container_code`] wrote.
pub(crate) fn container_of(code: &str) -> Option<(SourceId, ContainerKey)> {
    let (source, native) = code.split_once('/')?;
    Some((SourceId(source.parse().ok()?), ContainerKey(native.to_owned())))
}

impl Fields {
    /// The term that only this document has.
    pub(crate) fn docno_term(&self, docno: DocNo) -> Term {
        Term::from_field_u64(self.docno, u64::from(docno.0))
    }

    /// The document as the index takes it.
    pub(crate) fn document(&self, stored: &StoredDocument) -> Result<TantivyDocument, serde_json::Error> {
        let inner = &stored.document;
        let mut document = TantivyDocument::new();
        document.add_u64(self.docno, u64::from(stored.docno.0));
        document.add_u64(self.group, u64::from(stored.group.0));
        document.add_u64(self.kind, kind_number(inner.key.kind));
        document.add_text(self.container, container_code(stored.source, &inner.container));
        document.add_i64(self.updated, inner.updated.0);
        let title = inner.own_title();
        document.add_text(self.text, title);
        document.add_text(self.text, &inner.body.text);
        // A line each, so that no phrase spans two headings. Being here twice gives their words more weight.
        for heading in inner.body.headings.lines().filter(|line| !line.trim().is_empty()) {
            document.add_text(self.text, heading);
        }
        document.add_text(self.title, title);
        if !title.is_empty() {
            document.add_u64(self.exact_title, title_hash(&title_terms(title, analyze)));
        }
        if let Some(key) = &inner.issue_key {
            document.add_text(self.key, key.to_ascii_uppercase());
        }
        document.add_bytes(self.shown, &Shown::of(stored).encode()?);
        document.add_text(self.kept, kept(&inner.body.text));
        Ok(document)
    }
}

fn kept(text: &str) -> &str {
    let mut end = text.len().min(KEPT_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_survive_being_written_and_read() {
        let key = ContainerKey("a/b".to_owned());
        assert_eq!(container_of(&container_code(SourceId(7), &key)), Some((SourceId(7), key)));
    }

    #[test]
    fn kept_text_ends_between_characters() {
        let text = "ü".repeat(KEPT_TEXT);
        assert_eq!(kept(&text).len(), KEPT_TEXT);
        let text = format!("a{text}");
        assert_eq!(kept(&text).len(), KEPT_TEXT - 1);
    }

    #[test]
    fn the_fingerprint_is_the_same_twice() {
        assert_eq!(fingerprint(), fingerprint());
    }
}
