//! Answers searches: the best hits of a page, the counts, and the text to show, all under one snapshot.

use crate::analysis::analyze;
use crate::compile::{Compiled, restricted};
use crate::decisions::Known;
use crate::gate::Gate;
use crate::mirror::Snapshot;
use crate::rank::{Best, Rank};
use crate::schema::{Fields, schema};
use crate::shielded::shielded;
use crate::shown::Shown;
use crate::view::View;
use crate::walk;
use crate::{AccessMirror, IndexerHandle};
use access::{DocNo, Viewer};
use search::{Hit, HitDocument, Meaning, Page, Query, Request, Results, SearchError, SearchIndex};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocSet, TERMINATED, TantivyDocument, Term};

/// The text index, as searches see it. Made from the mirror that the [`Indexer`](crate::Indexer) publishes to.
pub struct TantivyIndex {
    mirror: Arc<AccessMirror>,
    fields: Fields,
    /// Hears when something cannot be read.
    handle: Option<IndexerHandle>,
}

/// Why a search failed.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("it is not open yet; try again in a moment")]
    NotOpen,
    #[error(transparent)]
    Tantivy(#[from] tantivy::TantivyError),
    #[error("document {docno} cannot be shown: {reason}")]
    Unreadable { docno: u32, reason: String },
}

impl From<Failure> for SearchError {
    fn from(failure: Failure) -> Self {
        Self::Index(Box::new(failure))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Tantivy(error.into())
    }
}

/// One search on its way.
struct Run<'a> {
    fields: &'a Fields,
    view: &'a View,
    meaning: &'a Meaning,
    gate: Gate<'a>,
}

impl TantivyIndex {
    /// Searches what `mirror` holds. Until an indexer has opened the index, searches fail.
    pub fn new(mirror: Arc<AccessMirror>) -> Self {
        let (_, fields) = schema();
        Self { mirror, fields, handle: None }
    }

    /// Tells the indexer when something cannot be read, see [`IndexerHandle::take_suspicion`].
    #[must_use]
    pub fn told_to(mut self, handle: IndexerHandle) -> Self {
        self.handle = Some(handle);
        self
    }

    /// The numbers of the best hits, best first, at most `limit`: no text and no counts.
    pub fn best(&self, viewer: &Viewer, request: &Request, limit: usize) -> Result<Vec<DocNo>, SearchError> {
        let ranks = self.run(viewer, request, |run| run.best(limit.min(Page::DEEPEST)))?;
        Ok(ranks.unwrap_or_default().into_iter().map(|rank| DocNo(rank.docno)).collect())
    }

    /// How many hits there are.
    pub fn total(&self, viewer: &Viewer, request: &Request) -> Result<u64, SearchError> {
        Ok(self.run(viewer, request, |run| Ok(run.count(false)?.0))?.unwrap_or_default())
    }

    /// Calls `work` under one snapshot; `None` if the query can find nothing.
    fn run<T>(
        &self,
        viewer: &Viewer,
        request: &Request,
        work: impl FnOnce(&mut Run<'_>) -> Result<T, Failure>,
    ) -> Result<Option<T>, SearchError> {
        let meaning = Meaning::of(&request.query, analyze);
        if meaning.finds_nothing() {
            return Ok(None);
        }
        let snapshot = self.mirror.snapshot();
        let Snapshot { access, view } = snapshot.as_ref();
        let view = view.as_deref().ok_or(Failure::NotOpen)?;
        let mut known = self.mirror.known(viewer);
        let Known { decision, sight } = &mut *known;
        sight.renew(&snapshot, view, decision);
        let gate = Gate { access, decision, sight, filters: &request.filters };
        let mut run = Run { fields: &self.fields, view, meaning: &meaning, gate };
        let found = shielded(|| Ok(work(&mut run))).map_err(Failure::from).flatten();
        if let (Err(_), Some(handle)) = (&found, &self.handle) {
            handle.suspect();
        }
        Ok(Some(found?))
    }
}

impl SearchIndex for TantivyIndex {
    fn search(&self, viewer: &Viewer, request: &Request) -> Result<Results, SearchError> {
        let deepest = request.page.offset.saturating_add(request.page.limit);
        if deepest > Page::DEEPEST {
            return Err(SearchError::TooDeep { deepest: Page::DEEPEST });
        }
        let found = self.run(viewer, request, |run| {
            let (total, facets) = run.count(request.facets)?;
            let mut ranks = if total > request.page.offset as u64 { run.best(deepest)? } else { Vec::new() };
            ranks.drain(..request.page.offset.min(ranks.len()));
            Ok(Results { hits: run.hits(&ranks)?, total, facets, hints: Vec::new() })
        })?;
        Ok(Results { hints: request.query.hints().to_vec(), ..found.unwrap_or_default() })
    }

    fn documents(&self, viewer: &Viewer, numbers: &[DocNo]) -> Result<Vec<HitDocument>, SearchError> {
        let everything = Request { query: Query::everything(), ..Request::of("") };
        let found = self.run(viewer, &everything, |run| {
            let mut found = Vec::new();
            for docno in numbers {
                if let Some(address) = run.admitted(*docno)? {
                    let shown = run.show(*docno, address)?.map(HitDocument::without_title_of_another);
                    found.extend(shown.map(|shown| HitDocument { snippet: Vec::new(), ..shown }));
                }
            }
            Ok(found)
        })?;
        Ok(found.unwrap_or_default())
    }
}

impl Run<'_> {
    fn count(&mut self, with_facets: bool) -> Result<(u64, search::Facets), Failure> {
        let compiled = Compiled::new(self.fields, self.meaning);
        Ok(walk::count(self.view, &compiled, &mut self.gate, with_facets)?)
    }

    /// The best document of each of the best groups: exact keys, then exact titles, then by relevance.
    fn best(&mut self, limit: usize) -> Result<Vec<Rank>, Failure> {
        let compiled = Compiled::new(self.fields, self.meaning);
        let mut ranks: Vec<Rank> = Vec::new();
        for terms in compiled.foremost() {
            let terms = self.existing(terms)?;
            if !terms.is_empty() {
                let query = restricted(compiled.ranking(), terms);
                let mut best = Best::new(limit);
                walk::collect(self.view, query.as_ref(), &mut self.gate, &mut best)?;
                extend(&mut ranks, best, limit);
            }
        }
        let mut best = Best::new(limit);
        match compiled.any_of(true).filter(|_| self.gate.sight.few(0).is_some()) {
            Some(queries) => walk::collect_few(self.view, &queries, &mut self.gate, &mut best)?,
            None => walk::collect(self.view, compiled.ranking().as_ref(), &mut self.gate, &mut best)?,
        }
        extend(&mut ranks, best, limit);
        Ok(ranks)
    }

    fn existing(&self, terms: Vec<Term>) -> Result<Vec<Term>, Failure> {
        let mut existing = Vec::new();
        for term in terms {
            if self.view.searcher.doc_freq(&term)? > 0 {
                existing.push(term);
            }
        }
        Ok(existing)
    }

    fn hits(&mut self, ranks: &[Rank]) -> Result<Vec<Hit>, Failure> {
        if ranks.is_empty() {
            return Ok(Vec::new());
        }
        let groups = ranks.iter().map(|rank| Term::from_field_u64(self.fields.group, u64::from(rank.group))).collect();
        let query = restricted(Compiled::new(self.fields, self.meaning).ranking(), groups);
        let mut members = walk::members(self.view, query.as_ref(), &mut self.gate)?;
        let mut hits = Vec::with_capacity(ranks.len());
        for rank in ranks {
            hits.extend(self.hit(rank, &mut members)?);
        }
        Ok(hits)
    }

    /// The hit of one group; `None` if nothing of it can be shown.
    fn hit(&mut self, rank: &Rank, members: &mut BTreeMap<u32, Vec<Rank>>) -> Result<Option<Hit>, Failure> {
        let mut matching = members.remove(&rank.group).unwrap_or_default();
        let matched = matching.iter().any(|member| member.docno == rank.group);
        let head = match self.admitted(DocNo(rank.group))? {
            Some(address) => Some((rank.group, address)),
            None => matching.iter().min_by_key(|member| member.docno).map(|member| (member.docno, member.address)),
        };
        let Some((head, address)) = head else { return Ok(None) };
        // Whatever stands in for a document that cannot be shown must not bring that one's title along.
        let shown = |document: HitDocument| {
            if head == rank.group { document } else { document.without_title_of_another() }
        };
        let Some(document) = self.show(DocNo(head), address)?.map(shown) else { return Ok(None) };
        matching.retain(|member| member.docno != head);
        let mut nested = Vec::new();
        for member in matching.iter().take(Hit::MOST_NESTED) {
            nested.extend(self.show(DocNo(member.docno), member.address)?.map(shown));
        }
        Ok(Some(Hit { document, matched: matched || head != rank.group, nested }))
    }

    /// Where the document stands, if the viewer may see it and the index holds it.
    fn admitted(&mut self, docno: DocNo) -> Result<Option<DocAddress>, Failure> {
        if !self.gate.admits(docno) {
            return Ok(None);
        }
        let term = self.fields.docno_term(docno);
        for (ordinal, segment) in (0..).zip(self.view.searcher.segment_readers()) {
            let index = segment.inverted_index(self.fields.docno)?;
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(Some(DocAddress::new(ordinal, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    /// Renders a document, after a last check that the viewer may see it (ACL-8).
    fn show(&mut self, docno: DocNo, address: DocAddress) -> Result<Option<HitDocument>, Failure> {
        if !self.gate.admits(docno) {
            return Ok(None);
        }
        let unreadable = |reason: String| Failure::Unreadable { docno: docno.0, reason };
        let stored: TantivyDocument = self.view.searcher.doc(address)?;
        let shown = stored.get_first(self.fields.shown).and_then(|value| value.as_bytes());
        let kept = stored.get_first(self.fields.kept).and_then(|value| value.as_str());
        let (Some(shown), Some(kept)) = (shown, kept) else { return Err(unreadable("a field is missing".to_owned())) };
        let shown = Shown::decode(shown).map_err(|error| unreadable(error.to_string()))?;
        // Where a column was damaged its number leads to another document, which the viewer may not see.
        if shown.docno() != docno {
            return Err(unreadable("it is another one".to_owned()));
        }
        Ok(Some(shown.render(kept, self.meaning)))
    }
}

/// Adds groups that are not listed yet, up to the limit.
fn extend(ranks: &mut Vec<Rank>, best: Best, limit: usize) {
    let known: HashSet<u32> = ranks.iter().map(|rank| rank.group).collect();
    ranks.extend(best.into_ranks().into_iter().filter(|rank| !known.contains(&rank.group)));
    ranks.truncate(limit);
}
