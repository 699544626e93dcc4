//! The naive index: a scan over all documents, slow and plainly right. Real indexes must equal it.

use crate::port::{Analyze, SearchError, SearchIndex, Token};
use crate::{Facets, Hit, HitDocument, Occur, Page, QueryTerm, Request, Results, highlight, is_issue_key, snippet};
use access::{AccessState, DocNo, Viewer};
use model::StoredDocument;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

/// Length of a snippet in bytes.
const SNIPPET: usize = 240;

/// Holds documents in memory and answers by scanning them.
pub struct ReferenceIndex {
    documents: BTreeMap<DocNo, StoredDocument>,
    access: AccessState,
    analyze: Analyze,
}

impl ReferenceIndex {
    /// An index over these documents, under this state of access, with the words of `analyze`.
    pub fn new(documents: impl IntoIterator<Item = StoredDocument>, access: AccessState, analyze: Analyze) -> Self {
        let documents = documents.into_iter().map(|document| (document.docno, document)).collect();
        Self { documents, access, analyze }
    }

    fn matches(&self, document: &StoredDocument, request: &Request) -> bool {
        if request.query.is_everything() {
            return true;
        }
        let title = (self.analyze)(&document.document.title);
        let headings = (self.analyze)(&document.document.body.headings);
        let text = (self.analyze)(&document.document.body.text);
        let mut musts = 0;
        let mut shoulds = (0, 0);
        for term in request.query.terms() {
            let words = (self.analyze)(&term.text);
            let key = key_matches(term, document);
            if words.is_empty() && !key {
                continue;
            }
            let fields = [title.as_slice(), headings.as_slice(), text.as_slice()];
            let found = key || self.occurs(term, &words, &fields);
            match term.occur {
                Occur::MustNot if found => return false,
                Occur::Must if !found => return false,
                Occur::MustNot => {}
                Occur::Must => musts += 1,
                Occur::Should => shoulds = (shoulds.0 + 1, shoulds.1 + usize::from(found)),
            }
        }
        musts > 0 || shoulds.1 > 0
    }

    /// A word that analysis splits, such as `wi-fi`, is read as a phrase.
    fn occurs(&self, term: &QueryTerm, words: &[Token], fields: &[&[Token]]) -> bool {
        let terms: Vec<&str> = words.iter().map(|word| word.term.as_str()).collect();
        if terms.len() > 1 || term.phrase {
            // Headings are part of the text; as a field of their own they could not add a phrase.
            return [fields[0], fields[2]].iter().any(|field| has_phrase(field, words));
        }
        fields.iter().any(|field| field.iter().any(|token| terms.contains(&token.term.as_str())))
    }

    fn show(&self, document: &StoredDocument, wanted: &BTreeSet<String>) -> HitDocument {
        let inner = &document.document;
        let title = highlight(&inner.title, &(self.analyze)(&inner.title), wanted);
        let snippet = snippet(&inner.body.text, &(self.analyze)(&inner.body.text), wanted, SNIPPET);
        HitDocument {
            docno: document.docno,
            source: document.source,
            key: inner.key.clone(),
            container: inner.container.clone(),
            container_key: document.container_key.clone(),
            container_name: document.container_name.clone(),
            title,
            snippet,
            issue_key: inner.issue_key.clone(),
            url: inner.url.clone(),
            facts: inner.facts.clone(),
            created: inner.created,
            updated: inner.updated,
        }
    }
}

fn key_matches(term: &QueryTerm, document: &StoredDocument) -> bool {
    let key = document.document.issue_key.as_deref();
    is_issue_key(&term.text) && key.is_some_and(|key| key.eq_ignore_ascii_case(&term.text))
}

fn has_phrase(field: &[Token], words: &[Token]) -> bool {
    let Some(first) = words.first() else { return false };
    let at: BTreeSet<(usize, &str)> = field.iter().map(|token| (token.position, token.term.as_str())).collect();
    field.iter().filter(|token| token.term == first.term).any(|start| {
        words.iter().all(|word| {
            let place = start.position + word.position - first.position;
            at.contains(&(place, word.term.as_str()))
        })
    })
}

fn counted<K: Clone + Eq + Hash + Ord>(keys: impl Iterator<Item = K>) -> Vec<(K, u64)> {
    let mut counts: BTreeMap<K, u64> = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    counts
}

impl SearchIndex for ReferenceIndex {
    fn search(&self, viewer: &Viewer, request: &Request) -> Result<Results, SearchError> {
        if request.page.offset + request.page.limit > Page::DEEPEST {
            return Err(SearchError::TooDeep { deepest: Page::DEEPEST });
        }
        let admitted = |docno: DocNo| self.access.admits(viewer, docno);
        let matching: Vec<&StoredDocument> = self
            .documents
            .values()
            .filter(|document| admitted(document.docno) && self.matches(document, request))
            .collect();
        let in_kinds = |document: &&&StoredDocument| {
            request.filters.kinds.is_empty() || request.filters.kinds.contains(&document.document.key.kind)
        };
        let in_containers = |document: &&&StoredDocument| {
            let container = (document.source, document.document.container.clone());
            request.filters.containers.is_empty() || request.filters.containers.contains(&container)
        };
        let mut results = Results { hints: request.query.hints().to_vec(), ..Results::default() };
        if request.facets {
            results.facets = Facets {
                kinds: counted(matching.iter().filter(in_containers).map(|document| document.document.key.kind)),
                containers: counted(
                    matching
                        .iter()
                        .filter(in_kinds)
                        .map(|document| (document.source, document.document.container.clone())),
                ),
            };
        }
        let mut groups: BTreeMap<DocNo, Vec<&StoredDocument>> = BTreeMap::new();
        for document in matching.iter().filter(in_kinds).filter(in_containers) {
            groups.entry(document.group).or_default().push(document);
        }
        results.total = groups.len() as u64;
        let wanted: BTreeSet<String> = request
            .query
            .terms()
            .iter()
            .filter(|term| term.occur != Occur::MustNot)
            .flat_map(|term| (self.analyze)(&term.text))
            .map(|token| token.term)
            .collect();
        for (group, mut documents) in groups.into_iter().skip(request.page.offset).take(request.page.limit) {
            let matched = documents.iter().any(|document| document.docno == group);
            documents.retain(|document| document.docno != group);
            let above = self.documents.get(&group).filter(|_| admitted(group));
            let Some(head) = above.or_else(|| documents.first().copied()) else { continue };
            documents.retain(|document| document.docno != head.docno);
            let nested = documents.into_iter().take(Hit::MOST_NESTED).map(|document| self.show(document, &wanted));
            let matched = matched || head.docno != group;
            results.hits.push(Hit { document: self.show(head, &wanted), matched, nested: nested.collect() });
        }
        Ok(results)
    }
}
