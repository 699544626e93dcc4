//! For every person: what the oracle lets them see = what the clauses admit = what the index finds.

use crate::Crawled;
use access::Viewer;
use model::{ContainerKey, Kind, Product};
use search::{Filters, Page, Query, Request, SearchIndex};
use simulator::oracle::{self, Oracle, Visible};
use simulator::state::directory::AccountType;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// A document as both sides call it.
type Thing = (Product, Kind, String);
/// Documents counted by container and kind.
type Counts = BTreeMap<(ContainerKey, Kind), u64>;

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
    for (account, name) in &people {
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
        found(crawled, &viewer, name, &admitted);
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

fn admitted(crawled: &Crawled, viewer: &Viewer) -> BTreeSet<Thing> {
    let access = crawled.pipeline.mirror.access();
    let mut decision = access::Decision::new(viewer.clone());
    let admitted = crawled.documents.values().filter(|document| decision.admits(&access, document.docno));
    let thing = |document: &model::StoredDocument| {
        let key = &document.document.key;
        (crawled.product(document), key.kind, key.native.clone())
    };
    admitted.map(thing).collect()
}

fn difference(left: &BTreeSet<Thing>, right: &BTreeSet<Thing>) -> String {
    let first = |one: &BTreeSet<Thing>, other: &BTreeSet<Thing>| {
        let missing: Vec<_> = one.difference(other).collect();
        format!("{} such as {:?}", missing.len(), &missing[..missing.len().min(5)])
    };
    format!("only in the first {}; only in the second {}", first(left, right), first(right, left))
}

/// Pages through everything that the index finds, container by container and kind by kind: every hit and every nested hit
/// must be admitted, every admitted page, blog post and issue must be a hit, and all must be counted.
fn found(crawled: &Crawled, viewer: &Viewer, name: &str, admitted: &BTreeSet<Thing>) {
    let mut counts = Counts::new();
    let mut expected_heads = BTreeSet::new();
    for document in crawled.documents.values() {
        let key = &document.document.key;
        let thing = (crawled.product(document), key.kind, key.native.clone());
        if admitted.contains(&thing) {
            *counts.entry((document.document.container.clone(), key.kind)).or_default() += 1;
            if !matches!(key.kind, Kind::Comment | Kind::Attachment) {
                expected_heads.insert(thing);
            }
        }
    }
    let mut heads = BTreeSet::new();
    let mut counted = Counts::new();
    for (source, container) in containers(crawled) {
        let filters = Filters { kinds: Vec::new(), containers: vec![(source, container.clone())] };
        let page = Page { offset: 0, limit: Page::DEEPEST };
        let request = Request { query: Query::everything(), filters, page, facets: true };
        let results = crawled.pipeline.index.search(viewer, &request).unwrap();
        for (kind, count) in &results.facets.kinds {
            counted.insert((container.clone(), *kind), *count);
        }
        let product = if source == crawled.jira.id { Product::Jira } else { Product::Confluence };
        for hit in &results.hits {
            for shown in hit.nested.iter().chain([&hit.document]) {
                let thing = (product, shown.key.kind, shown.key.native.clone());
                assert!(admitted.contains(&thing), "{name} is shown {thing:?}");
            }
            let key = &hit.document.key;
            heads.insert((product, key.kind, key.native.clone()));
        }
        assert_eq!(results.total, results.hits.len() as u64, "{name}: total and hits of {container:?}");
    }
    assert!(heads == expected_heads, "{name}: access and index differ: {}", difference(&expected_heads, &heads));
    assert!(counts == counted, "{name}: access counts {counts:?}, the index counts {counted:?}");
}

fn containers(crawled: &Crawled) -> BTreeSet<(access::SourceId, ContainerKey)> {
    let documents = crawled.documents.values();
    documents.map(|document| (document.source, document.document.container.clone())).collect()
}
