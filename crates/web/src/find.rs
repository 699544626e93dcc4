//! Searching, as pages and API share it: who asks is turned into a viewer here, anew for each request.
//!
//! What was typed goes to the index and back to whoever typed it, and nowhere else.

use crate::failure::Failure;
use crate::hub::Hub;
use crate::kind::Kind;
use access::SourceId;
use access::{DocNo, Viewer};
use model::{Container, ContainerKey};
use search::{Filters, Hit, HitDocument, Page, Query, Request, Results, SearchError, SearchIndex};
use std::collections::BTreeMap;
use store::{Account, Store};

/// How many documents are shown as linked under one hit.
const MOST_RELATED: usize = 5;

/// How many spaces and projects are listed to narrow a search to.
const MOST_CONTAINERS: usize = 20;

/// A source that no store gives a number to: what is looked for in it is not found.
const NOWHERE: SourceId = SourceId(u32::MAX);

/// A container with matches, or one that the search is narrowed to.
pub(crate) struct FoundContainer {
    pub(crate) source: SourceId,
    pub(crate) key: ContainerKey,
    /// Known only where this viewer has a match in it: a name tells that something exists.
    pub(crate) container: Option<Container>,
    pub(crate) count: u64,
}

/// The results with the names that go with their counts.
pub(crate) struct Found {
    pub(crate) results: Results,
    pub(crate) containers: Vec<FoundContainer>,
    /// Documents that hits name, by the hit's number: each of them was checked for this viewer.
    pub(crate) related: BTreeMap<DocNo, Vec<HitDocument>>,
    /// Whether something may be missing because the index is being built anew.
    pub(crate) incomplete: bool,
}

impl Found {
    /// What a hit names and this viewer may see.
    pub(crate) fn related_to(&self, hit: &Hit) -> &[HitDocument] {
        self.related.get(&hit.document.docno).map_or(&[], Vec::as_slice)
    }

    /// What to say about the results, in words.
    pub(crate) fn hints(&self) -> Vec<String> {
        let rebuilding = "the text index is being built anew; until that is done some results may be missing";
        let words = self.results.hints.iter().map(ToString::to_string);
        words.chain(self.incomplete.then(|| rebuilding.to_owned())).collect()
    }
}

/// The container that an address names; `None` if it is not of that form.
pub(crate) fn container_of(text: &str) -> Option<(SourceId, ContainerKey)> {
    let (source, native) = text.split_once(':')?;
    let source: u32 = source.parse().ok()?;
    (!native.is_empty()).then(|| (SourceId(source), ContainerKey(native.to_owned())))
}

/// The same, where a mistyped one must find nothing rather than everything.
pub(crate) fn container_or_nowhere(text: &str) -> (SourceId, ContainerKey) {
    container_of(text).unwrap_or_else(|| (NOWHERE, ContainerKey(text.to_owned())))
}

/// A search for what was typed.
pub(crate) fn request(typed: &str, kinds: Vec<Kind>, containers: Vec<(SourceId, ContainerKey)>, page: u32) -> Request {
    let kinds = kinds.into_iter().map(model::Kind::from).collect();
    Request {
        query: Query::parse(typed),
        filters: Filters { kinds, containers },
        page: Page::number(page as usize),
        facets: true,
    }
}

impl Hub {
    /// What this account finds now.
    pub(crate) async fn find(&self, account: &Account, request: Request) -> Result<Found, Failure> {
        let viewer = self.viewer(account);
        let (index, incomplete) = (self.app.index.clone(), self.app.upkeep.is_rebuilding());
        self.reading(move |store| {
            let results = index.search(&viewer, &request).map_err(|error| match error {
                SearchError::TooDeep { .. } => Failure::Malformed(error.to_string()),
                SearchError::Index(_) => Failure::internal(&error),
            })?;
            let containers = containers(store, &results, &request.filters)?;
            let related = related(store, index.as_ref(), &viewer, &results)?;
            Ok(Found { results, containers, related, incomplete })
        })
        .await
    }
}

/// What the hits name, such as parents and linked issues, after a check of each for this viewer.
fn related(
    store: &Store,
    index: &dyn SearchIndex,
    viewer: &Viewer,
    results: &Results,
) -> Result<BTreeMap<DocNo, Vec<HitDocument>>, Failure> {
    let mut named: Vec<(DocNo, DocNo)> = Vec::new();
    for hit in &results.hits {
        for key in &hit.document.facts.relations {
            let other = store.document_number(hit.document.source, key)?;
            named.extend(other.map(|other| (hit.document.docno, other)));
        }
    }
    let numbers: Vec<DocNo> = named.iter().map(|(_, other)| *other).collect();
    let shown = index.documents(viewer, &numbers).map_err(|error| Failure::internal(&error))?;
    let shown: BTreeMap<DocNo, HitDocument> = shown.into_iter().map(|shown| (shown.docno, shown)).collect();
    let mut related: BTreeMap<DocNo, Vec<HitDocument>> = BTreeMap::new();
    for (hit, other) in named {
        let listed = related.entry(hit).or_default();
        if let Some(shown) = shown.get(&other).filter(|_| listed.len() < MOST_RELATED) {
            listed.push(shown.clone());
        }
    }
    Ok(related)
}

fn containers(store: &Store, results: &Results, filters: &Filters) -> Result<Vec<FoundContainer>, Failure> {
    let counted = &results.facets.containers;
    let is_on = |id: &(SourceId, ContainerKey)| filters.containers.contains(id);
    let mut found = Vec::new();
    for (at, (id, count)) in counted.iter().enumerate().filter(|(_, (_, count))| *count > 0) {
        if at < MOST_CONTAINERS || is_on(id) {
            let container = store.container(id.0, &id.1)?;
            found.push(FoundContainer { source: id.0, key: id.1.clone(), container, count: *count });
        }
    }
    for id in &filters.containers {
        if !found.iter().any(|known: &FoundContainer| known.source == id.0 && known.key == id.1) {
            found.push(FoundContainer { source: id.0, key: id.1.clone(), container: None, count: 0 });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_container_finds_nothing_rather_than_everything() {
        assert_eq!(container_of("3:ENG"), Some((SourceId(3), ContainerKey("ENG".to_owned()))));
        assert_eq!(container_of("3:a:b"), Some((SourceId(3), ContainerKey("a:b".to_owned()))));
        for text in ["", "ENG", "x:1", "3:", "99999999999:1"] {
            assert_eq!(container_of(text), None);
            assert_eq!(container_or_nowhere(text).0, NOWHERE);
        }
    }
}
