//! The naive index: a scan over all documents, slow and plainly right. Real indexes must equal it.

use crate::port::{Analyze, SearchError, SearchIndex, Token};
use crate::{
    Facets, Form, Hit, HitDocument, Meaning, Occur, Page, Part, Request, Results, SNIPPET, highlight, snippet,
};
use access::{AccessState, DocNo, Viewer};
use model::StoredDocument;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

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

    fn matches(&self, document: &StoredDocument, meaning: &Meaning) -> bool {
        if meaning.everything {
            return true;
        }
        let inner = &document.document;
        let fields = [inner.own_title(), &inner.body.headings, &inner.body.text].map(|text| (self.analyze)(text));
        let mut musts = 0;
        let mut shoulds = 0;
        for part in &meaning.parts {
            let found = key_matches(part, document) || part.forms.iter().any(|form| occurs(form, &fields));
            match part.occur {
                Occur::MustNot if found => return false,
                Occur::Must if !found => return false,
                Occur::MustNot => {}
                Occur::Must => musts += 1,
                Occur::Should => shoulds += usize::from(found),
            }
        }
        musts > 0 || shoulds > 0
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

fn key_matches(part: &Part, document: &StoredDocument) -> bool {
    let key = document.document.issue_key.as_deref();
    part.key.as_deref().is_some_and(|typed| key.is_some_and(|key| key.eq_ignore_ascii_case(typed)))
}

fn occurs(form: &Form, [title, headings, text]: &[Vec<Token>; 3]) -> bool {
    match form {
        Form::Word(term) => [title, headings, text].iter().any(|field| field.iter().any(|token| token.term == *term)),
        // Headings are part of the text; as a field of their own they could not add a phrase.
        Form::Phrase(terms) => [title, text].iter().any(|field| has_phrase(field, terms)),
    }
}

fn has_phrase(field: &[Token], terms: &[(usize, String)]) -> bool {
    let at: BTreeSet<(usize, &str)> = field.iter().map(|token| (token.position, token.term.as_str())).collect();
    let starts: BTreeSet<usize> = field.iter().map(|token| token.position).collect();
    starts.iter().any(|start| terms.iter().all(|(distance, term)| at.contains(&(start + distance, term.as_str()))))
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
        let meaning = Meaning::of(&request.query, self.analyze);
        let matching: Vec<&StoredDocument> = self
            .documents
            .values()
            .filter(|document| admitted(document.docno) && self.matches(document, &meaning))
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
        let wanted = meaning.marked();
        for (group, mut documents) in groups.into_iter().skip(request.page.offset).take(request.page.limit) {
            let matched = documents.iter().any(|document| document.docno == group);
            documents.retain(|document| document.docno != group);
            let above = self.documents.get(&group).filter(|_| admitted(group));
            let Some(head) = above.or_else(|| documents.first().copied()) else { continue };
            documents.retain(|document| document.docno != head.docno);
            let show = |document| {
                let shown = self.show(document, &wanted);
                if head.docno == group { shown } else { shown.without_title_of_another() }
            };
            let nested = documents.into_iter().take(Hit::MOST_NESTED).map(show);
            let matched = matched || head.docno != group;
            results.hits.push(Hit { document: show(head), matched, nested: nested.collect() });
        }
        Ok(results)
    }

    fn documents(&self, viewer: &Viewer, numbers: &[DocNo]) -> Result<Vec<HitDocument>, SearchError> {
        let admitted = numbers.iter().filter(|docno| self.access.admits(viewer, **docno));
        let show = |document: &StoredDocument| HitDocument {
            snippet: Vec::new(),
            ..self.show(document, &BTreeSet::new()).without_title_of_another()
        };
        Ok(admitted.filter_map(|docno| self.documents.get(docno)).map(show).collect())
    }
}
