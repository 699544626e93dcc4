//! For every person: what the oracle lets them see = what the clauses admit = what the index finds.

use crate::Crawled;
use access::{SourceId, Viewer};
use model::{ContainerKey, Kind, Product, StoredDocument};
use search::{Filters, Page, Query, Request, SearchIndex};
use simulator::oracle::{self, Oracle, Visible};
use simulator::state::directory::AccountType;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// A document as both sides call it.
type Thing = (Product, Kind, String);
/// Documents counted by container and kind.
type Counts = BTreeMap<(ContainerKey, Kind), u64>;

/// What other documents hang on.
const HEADS: [Kind; 3] = [Kind::Page, Kind::BlogPost, Kind::Issue];
/// Every so many people are shown all their hits as pages of results show them, which takes a second each.
const SHOWN: usize = 10;

/// Everybody but the service account: id and name.
pub(crate) fn people(crawled: &Crawled) -> Vec<(String, String)> {
    let world = crawled.simulator.simulation.world();
    let people = world.directory.people.values().filter(|person| person.account_type == AccountType::Atlassian);
    people.map(|person| (person.account_id.to_string(), person.display_name.clone())).collect()
}

/// Checks everybody. The number of people.
pub(crate) fn check(crawled: &Crawled, oracle: &Oracle) -> usize {
    let people = people(crawled);
    let sources = [crawled.confluence.id, crawled.jira.id];
    let mut sizes = BTreeSet::new();
    let mut times = [Duration::ZERO; 3];
    for (place, (account, name)) in people.iter().enumerate() {
        let began = Instant::now();
        let expected = things(&oracle.visible(account));
        times[0] += began.elapsed();
        let began = Instant::now();
        let viewer = crawled.pipeline.viewer(account, &sources);
        let admitted = admitted(crawled, &viewer);
        times[1] += began.elapsed();
        assert!(expected == admitted, "{name}: oracle and access differ: {}", difference(&expected, &admitted));
        sizes.insert(admitted.len());
        let began = Instant::now();
        found(crawled, &viewer, name, &Expected::of(crawled, &admitted));
        if place.is_multiple_of(SHOWN) {
            shown(crawled, &viewer, name, &admitted);
        }
        times[2] += began.elapsed();
    }
    println!("oracle {:.1?}, access {:.1?}, index {:.1?}", times[0], times[1], times[2]);
    let (least, most) = (sizes.first().copied().unwrap_or(0), sizes.last().copied().unwrap_or(0));
    println!("people see from {least} to {most} documents, in {} different numbers", sizes.len());
    assert!(sizes.len() > 20, "the world is too open to prove anything");
    people.len()
}

fn things(visible: &Visible) -> BTreeSet<Thing> {
    let thing = |object: &oracle::Object| {
        let (product, kind, prefix) = match object.kind {
            oracle::Kind::Page => (Product::Confluence, Kind::Page, ""),
            oracle::Kind::BlogPost => (Product::Confluence, Kind::BlogPost, ""),
            oracle::Kind::PageComment => (Product::Confluence, Kind::Comment, ""),
            oracle::Kind::PageAttachment => (Product::Confluence, Kind::Attachment, "att"),
            oracle::Kind::Issue => (Product::Jira, Kind::Issue, ""),
            oracle::Kind::IssueComment => (Product::Jira, Kind::Comment, ""),
            oracle::Kind::IssueAttachment => (Product::Jira, Kind::Attachment, ""),
            _ => return None,
        };
        Some((product, kind, format!("{prefix}{}", object.id)))
    };
    visible.listed.iter().filter_map(thing).collect()
}

fn thing(crawled: &Crawled, document: &StoredDocument) -> Thing {
    let key = &document.document.key;
    (crawled.product(document), key.kind, key.native.clone())
}

fn admitted(crawled: &Crawled, viewer: &Viewer) -> BTreeSet<Thing> {
    let access = crawled.pipeline.mirror.access();
    let mut decision = access::Decision::new(viewer.clone());
    let admitted = crawled.documents.values().filter(|document| decision.admits(&access, document.docno));
    admitted.map(|document| thing(crawled, document)).collect()
}

fn difference(left: &BTreeSet<Thing>, right: &BTreeSet<Thing>) -> String {
    let first = |one: &BTreeSet<Thing>, other: &BTreeSet<Thing>| {
        let missing: Vec<_> = one.difference(other).collect();
        format!("{} such as {:?}", missing.len(), &missing[..missing.len().min(5)])
    };
    format!("only in the first {}; only in the second {}", first(left, right), first(right, left))
}

/// What the index should answer: the pages, blog posts and issues among the admitted, and all of them counted.
struct Expected {
    heads: BTreeSet<Thing>,
    counts: Counts,
}

impl Expected {
    fn of(crawled: &Crawled, admitted: &BTreeSet<Thing>) -> Self {
        let (mut heads, mut counts) = (BTreeSet::new(), Counts::new());
        for document in crawled.documents.values() {
            let thing = thing(crawled, document);
            if admitted.contains(&thing) {
                *counts.entry((document.document.container.clone(), thing.1)).or_default() += 1;
                if HEADS.contains(&thing.1) {
                    heads.insert(thing);
                }
            }
        }
        Self { heads, counts }
    }
}

/// Everything in one container, of these kinds.
fn everything(source: SourceId, container: &ContainerKey, kinds: &[Kind], limit: usize) -> Request {
    let filters = Filters { kinds: kinds.to_vec(), containers: vec![(source, container.clone())] };
    Request { query: Query::everything(), filters, page: Page { offset: 0, limit }, facets: true }
}

/// Asks the index for everything, container by container: it must give every admitted page, blog post and issue, nothing
/// else, and count what hangs on them.
fn found(crawled: &Crawled, viewer: &Viewer, name: &str, expected: &Expected) {
    let index = &crawled.pipeline.index;
    let (mut heads, mut counts) = (BTreeSet::new(), Counts::new());
    for (source, container) in containers(crawled) {
        let request = everything(source, &container, &HEADS, Page::DEEPEST);
        let best = index.best(viewer, &request, Page::DEEPEST).expect("the index answers");
        heads.extend(best.iter().map(|docno| thing(crawled, &crawled.documents[docno])));
        let results = index.search(viewer, &everything(source, &container, &[], 1)).expect("the index answers");
        counts.extend(results.facets.kinds.iter().map(|(kind, count)| ((container.clone(), *kind), *count)));
    }
    let differ = || difference(&expected.heads, &heads);
    assert!(heads == expected.heads, "{name}: access and index differ: {}", differ());
    assert!(counts == expected.counts, "{name}: access counts {:?}, the index counts {counts:?}", expected.counts);
}

/// Pages through everything as a page of results shows it: what is shown must be admitted, at the top and below.
fn shown(crawled: &Crawled, viewer: &Viewer, name: &str, admitted: &BTreeSet<Thing>) {
    for (source, container) in containers(crawled) {
        let request = everything(source, &container, &[], Page::DEEPEST);
        let results = crawled.pipeline.index.search(viewer, &request).expect("the index answers");
        for hit in &results.hits {
            for shown in hit.nested.iter().chain([&hit.document]) {
                let thing = thing(crawled, &crawled.documents[&shown.docno]);
                assert!(admitted.contains(&thing), "{name} is shown {thing:?}");
            }
        }
        assert_eq!(results.total, results.hits.len() as u64, "{name}: total and hits of {container:?}");
    }
}

fn containers(crawled: &Crawled) -> BTreeSet<(SourceId, ContainerKey)> {
    let documents = crawled.documents.values();
    documents.map(|document| (document.source, document.document.container.clone())).collect()
}
