//! The suite that every text index must pass: same sets, totals and facets as the reference for every viewer.

use crate::{Page, Query, ReferenceIndex, Request, Results, SearchIndex};
use access::Viewer;
use std::collections::BTreeSet;

/// What must be equal whatever the ranking: the documents shown, totals, facets, hints.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    /// Number and title: a title that must not be shown makes a difference.
    hits: BTreeSet<(u32, String)>,
    total: u64,
    kinds: BTreeSet<(model::Kind, u64)>,
    containers: BTreeSet<((access::SourceId, model::ContainerKey), u64)>,
    hints: Vec<crate::Hint>,
}

/// Reads all pages of a request and keeps what must be equal.
pub fn outcome(index: &dyn SearchIndex, viewer: &Viewer, request: &Request) -> Outcome {
    let mut hits = BTreeSet::new();
    let mut offset = 0;
    loop {
        let page = Page { offset, limit: 50 };
        let found = index.search(viewer, &Request { page, ..request.clone() });
        let results: Results = match found {
            Ok(results) => results,
            Err(error) => panic!("search failed: {error}"),
        };
        assert!(results.hits.len() <= 50, "a page is longer than asked for");
        for hit in &results.hits {
            let title = crate::plain(&hit.document.title);
            assert!(hits.insert((hit.document.docno.0, title)), "document {} is on two pages", hit.document.docno.0);
        }
        if results.hits.is_empty() || hits.len() as u64 >= results.total {
            return Outcome {
                hits,
                total: results.total,
                kinds: results.facets.kinds.into_iter().collect(),
                containers: results.facets.containers.into_iter().collect(),
                hints: results.hints,
            };
        }
        offset += results.hits.len();
    }
}

/// Asserts that `index` answers every request for every viewer as the reference does.
///
/// # Panics
/// With the viewer and the request of the first difference.
pub fn assert_equal(index: &dyn SearchIndex, reference: &ReferenceIndex, viewers: &[Viewer], requests: &[Request]) {
    for viewer in viewers {
        for request in requests {
            let expected = outcome(reference, viewer, request);
            let found = outcome(index, viewer, request);
            assert!(
                found == expected,
                "viewer {viewer:?}\nrequest {request:?}\nreference {expected:?}\nindex {found:?}"
            );
        }
    }
}

/// Asserts that exactly `expected` can be found by `viewer`, and that a viewer who holds nothing finds nothing.
///
/// # Panics
/// With the documents that differ.
pub fn assert_visible(index: &dyn SearchIndex, viewer: &Viewer, expected: &BTreeSet<u32>) {
    let everything = Request { query: Query::everything(), ..Request::of("") };
    let found: BTreeSet<u32> = outcome(index, viewer, &everything).hits.into_iter().map(|(docno, _)| docno).collect();
    let leaked: Vec<_> = found.difference(expected).collect();
    let lost: Vec<_> = expected.difference(&found).collect();
    assert!(leaked.is_empty() && lost.is_empty(), "leaked {leaked:?}, lost {lost:?}");
}
