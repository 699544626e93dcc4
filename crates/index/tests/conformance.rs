//! The index finds what the naive reference finds, for each viewer, whatever was written, changed and deleted (IDX-5).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod world;

use model::{ContainerKey, Kind};
use proptest::prelude::*;
use search::conformance::{assert_equal, assert_visible, outcome};
use search::{Filters, Page, Query, Request, SearchError, SearchIndex};
use std::collections::BTreeSet;
use world::{Draft, Running, SOURCE, World, viewer};

const WORDS: &[&str] = &[
    "rotate",
    "rotating",
    "signing",
    "keys",
    "the",
    "of",
    "getUserName",
    "username",
    "foo_bar",
    "foo",
    "bar",
    "漢字",
    "字",
    "Zürich",
    "zurich",
    "ABC-1",
    "abc-2",
    "wi-fi",
    "don't",
    "2026",
    "v1.2",
    "plan",
];

fn text(words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), words).prop_map(|words| {
        // Every fifth word begins a line, the first line being the heading.
        words.chunks(5).map(|line| line.join(" ")).collect::<Vec<_>>().join("\n")
    })
}

fn query() -> impl Strategy<Value = String> {
    let term = (
        prop::sample::select(&["", "", "", "-", "\"", "-\""][..]),
        prop::collection::vec(prop::sample::select(WORDS), 1..3),
    )
        .prop_map(|(mark, words)| match mark {
            "\"" | "-\"" => format!("{mark}{}\"", words.join(" ")),
            mark => format!("{mark}{}", words[0]),
        });
    prop::collection::vec(term, 0..4).prop_map(|terms| terms.join(" "))
}

#[derive(Clone, Debug)]
enum Step {
    Write { docno: u32, node: u32, draft: Draft },
    Delete(u32),
    Point { docno: u32, node: u32 },
    Clause { at: u32, people: Vec<u32> },
    CatchUp,
}

fn step() -> impl Strategy<Value = Step> {
    let docno = 0_u32..24;
    let node = 0_u32..5;
    let draft = (text(0..4), text(0..24), 0_u32..4, prop::sample::select(Kind::ALL), 0_i64..3, any::<bool>());
    let write =
        (docno.clone(), node.clone(), draft).prop_map(|(docno, node, (title, text, container, kind, updated, own))| {
            let group = if own { docno } else { docno / 4 * 4 };
            let key = (kind == Kind::Issue).then(|| format!("ABC-{}", docno % 3));
            Step::Write { docno, node, draft: Draft { group, kind, container, title, text, key, updated } }
        });
    prop_oneof![
        8 => write,
        1 => docno.clone().prop_map(Step::Delete),
        1 => (docno, node).prop_map(|(docno, node)| Step::Point { docno, node }),
        1 => (0_u32..4, prop::collection::vec(0_u32..3, 0..3)).prop_map(|(at, people)| Step::Clause { at, people }),
        1 => Just(Step::CatchUp),
    ]
}

fn play(world: &mut World, running: &Running, step: &Step) {
    match step {
        Step::Write { docno, node, draft } => {
            world.write(*docno, *node, draft);
        }
        Step::Delete(docno) => {
            world.delete(*docno);
        }
        Step::Point { docno, node } => world.point(*docno, *node),
        Step::Clause { at, people } => world.clause(*at, people),
        Step::CatchUp => running.catch_up(),
    }
}

fn company() -> World {
    let mut world = World::new();
    for (at, people) in [&[0_u32, 1][..], &[0], &[1], &[]].iter().enumerate() {
        world.clause(u32::try_from(at).unwrap(), people);
    }
    for (at, clauses) in [&[0_u32][..], &[1], &[0, 2], &[3], &[0, 1]].iter().enumerate() {
        world.node(u32::try_from(at).unwrap(), clauses);
    }
    world
}

fn requests(typed: &[String]) -> Vec<Request> {
    let container = |at: u32| (SOURCE, ContainerKey(format!("c{at}")));
    let filters = [
        Filters::default(),
        Filters { kinds: vec![Kind::Page, Kind::Issue], containers: vec![] },
        Filters { kinds: vec![], containers: vec![container(1), container(3), container(9)] },
        Filters { kinds: vec![Kind::Comment], containers: vec![container(0)] },
    ];
    let mut queries: Vec<Query> = typed.iter().map(|typed| Query::parse(typed)).collect();
    queries.push(Query::everything());
    let with = |query: &Query, filters: &Filters| Request {
        query: query.clone(),
        filters: filters.clone(),
        page: Page::first(),
        facets: true,
    };
    queries.iter().flat_map(|query| filters.iter().map(|filters| with(query, filters))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn it_equals_the_reference_for_each_viewer(
        steps in prop::collection::vec(step(), 1..60),
        typed in prop::collection::vec(query(), 12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut world = company();
        let running = world.start(folder.path());
        for step in &steps {
            play(&mut world, &running, step);
        }
        running.catch_up();
        let viewers: Vec<_> = (0..3).map(viewer).collect();
        assert_equal(&world.index(), &world.reference(), &viewers, &requests(&typed));
    }

    /// A company with and without what the viewer may not see gives equal answers, snippets included (ACL-8).
    #[test]
    fn what_is_hidden_changes_nothing_but_order(
        steps in prop::collection::vec(step(), 1..40),
        typed in prop::collection::vec(query(), 6),
    ) {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let mut whole = company();
        let person = viewer(1);
        let writes: Vec<_> = steps.iter().filter(|step| matches!(step, Step::Write { .. })).collect();
        let running = whole.start(folders[0].path());
        for step in &writes {
            play(&mut whole, &running, step);
        }
        let mut trimmed = company();
        let also_running = trimmed.start(folders[1].path());
        let access = whole.mirror.access();
        for change in sync::Changes::after(whole.outbox.as_ref(), 0, usize::MAX).unwrap() {
            let last = writes.iter().rev().find(|step| matches!(step, Step::Write { docno, .. } if *docno == change.docno.0));
            let admitted = access.document(change.docno).is_some_and(|entry| [0, 2].contains(&entry.node.0));
            if let (true, Some(step)) = (admitted, last) {
                play(&mut trimmed, &also_running, step);
            }
        }
        running.catch_up();
        also_running.catch_up();
        for request in requests(&typed) {
            let shown = |world: &World| {
                let request = Request { page: Page { offset: 0, limit: 100 }, ..request.clone() };
                let results = world.index().search(&person, &request).unwrap();
                let mut hits = Vec::new();
                for hit in results.hits {
                    // The same documents with the same texts; only the best three of many nested ones may differ.
                    let nested = if hit.nested.len() < 3 { hit.nested } else { vec![] };
                    let nested: BTreeSet<String> = nested.iter().map(|nested| format!("{nested:?}")).collect();
                    hits.push((hit.document.docno, format!("{:?}", hit.document), hit.matched, nested));
                }
                hits.sort();
                (hits, results.total, results.facets)
            };
            prop_assert_eq!(shown(&whole), shown(&trimmed));
        }
    }
}

#[test]
fn many_small_segments_of_different_lengths_lose_no_hit_to_pruning() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company();
    let running = world.start(folder.path());
    let mut docno = 0;
    for round in 0..6_u32 {
        for at in 0..400_u32 {
            // Rounds differ in the length of their texts by a factor of sixty.
            let filler = "filler ".repeat((1 + (at * 7 + round) % 5) as usize * [1, 60, 2, 30, 5, 10][round as usize]);
            let often = "keys ".repeat((at % 4) as usize);
            let text = format!("{often} {} {filler}", if at % 3 == 0 { "rotate" } else { "" });
            world.write(docno, [0, 1, 2, 3][(at % 4) as usize], &Draft::page(docno, "t", &text));
            docno += 1;
        }
        running.catch_up();
    }
    let index = world.index();
    for person in 0..2 {
        let person = viewer(person);
        for typed in ["keys", "keys rotate", "rotate", "keys filler rotate"] {
            let request = Request::of(typed);
            // Without pruning: the list is longer than all matches.
            let all = index.best(&person, &request, Page::DEEPEST).unwrap();
            assert_eq!(all.len() as u64, index.total(&person, &request).unwrap());
            for limit in [1, 3, 10, 50] {
                assert_eq!(index.best(&person, &request, limit).unwrap(), all[..limit], "{typed} {limit}");
            }
        }
    }
}

#[test]
fn whoever_sees_little_finds_the_same_in_the_same_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company();
    world.clause(4, &[0, 2]);
    world.node(5, &[4]);
    let running = world.start(folder.path());
    let rare = |docno: u32| docno % 130 == 7;
    for docno in 0..1200_u32 {
        let text =
            format!("{} rotate plan\n{}", "keys ".repeat(docno as usize % 7), "filler ".repeat(docno as usize % 11));
        world.write(docno, if rare(docno) { 5 } else { 1 }, &Draft::page(docno, "signing", &text));
        if docno % 400 == 0 {
            running.catch_up();
        }
    }
    running.catch_up();
    let index = world.index();
    for typed in ["keys", "keys filler signing", "rotate plan", "\"rotate plan\" keys", "keys -filler", "foo_bar"] {
        let request = Request::of(typed);
        let mut expected = index.best(&viewer(0), &request, Page::DEEPEST).unwrap();
        expected.retain(|docno| rare(docno.0));
        assert_eq!(index.best(&viewer(2), &request, Page::DEEPEST).unwrap(), expected, "{typed}");
    }
    let typed = ["keys", "rotate plan", "keys -filler", "\"rotate plan\""].map(str::to_owned);
    assert_equal(&index, &world.reference(), &[viewer(2)], &requests(&typed));
}

#[test]
fn equals_rank_by_last_change_then_number_on_every_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company();
    let running = world.start(folder.path());
    for docno in (0..300_u32).rev() {
        world.write(docno, 0, &Draft { updated: i64::from(docno % 3), ..Draft::page(docno, "same", "same text") });
        if docno % 100 == 0 {
            running.catch_up();
        }
    }
    let mut expected: Vec<u32> = (0..300).collect();
    expected.sort_by_key(|docno| (std::cmp::Reverse(docno % 3), *docno));
    let mut found = Vec::new();
    for page in 1..=30 {
        let results =
            world.index().search(&viewer(0), &Request { page: Page::number(page), ..Request::of("text") }).unwrap();
        found.extend(results.hits.iter().map(|hit| hit.document.docno.0));
    }
    assert_eq!(found, expected);
}

#[test]
fn exact_keys_come_first_and_exact_titles_next() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company();
    let running = world.start(folder.path());
    let often = "ABC-7 signing keys ".repeat(20);
    for docno in 0..20 {
        world.write(docno, 0, &Draft::page(docno, "ABC-7 and signing keys", &often));
    }
    world.write(
        20,
        0,
        &Draft { key: Some("ABC-7".to_owned()), kind: Kind::Issue, ..Draft::page(20, "an issue", "short") },
    );
    world.write(21, 0, &Draft::page(21, "Signing keys", "nothing else"));
    world.write(22, 3, &Draft::page(22, "Signing keys", "hidden"));
    running.catch_up();
    let first = |typed: &str| world.index().best(&viewer(0), &Request::of(typed), 3).unwrap()[0].0;
    assert_eq!((first("abc-7"), first("signing KEYS"), first("abc-7 signing keys")), (20, 21, 20));
}

#[test]
fn comments_are_shown_under_their_page_and_alone_where_it_is_hidden() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company();
    let running = world.start(folder.path());
    world.write(0, 0, &Draft::page(0, "Plan", "nothing to find"));
    world.write(5, 3, &Draft::page(5, "Hidden plan", "keys"));
    for docno in [1, 2, 3, 4, 6, 7] {
        let group = if docno < 5 { 0 } else { 5 };
        let draft = Draft { group, kind: Kind::Comment, ..Draft::page(docno, "Plan", &"keys ".repeat(docno as usize)) };
        world.write(docno, 0, &draft);
    }
    running.catch_up();
    let results = world.index().search(&viewer(0), &Request::of("keys")).unwrap();
    assert_eq!(results.total, 2);
    let mut hits: Vec<_> =
        results.hits.iter().map(|hit| (hit.document.docno.0, hit.matched, hit.nested.len())).collect();
    hits.sort_unstable();
    assert_eq!(hits, [(0, false, 3), (6, true, 1)]);
}

#[test]
fn deep_pages_are_refused_and_empty_queries_find_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = company();
    world.write(0, 0, &Draft::page(0, "t", "keys"));
    let running = world.start(folder.path());
    running.catch_up();
    let index = world.index();
    let deep = Request { page: Page { offset: Page::DEEPEST, limit: 1 }, ..Request::of("keys") };
    assert!(matches!(index.search(&viewer(0), &deep), Err(SearchError::TooDeep { .. })));
    for typed in ["", "-keys", "\"!\""] {
        let results = index.search(&viewer(0), &Request::of(typed)).unwrap();
        assert_eq!((results.total, results.hits.len(), results.facets.kinds.len()), (0, 0, 0), "{typed}");
    }
    assert_visible(&index, &viewer(0), &BTreeSet::from([0]));
    assert_visible(&index, &viewer(9), &BTreeSet::new());
    assert_eq!(
        outcome(&index, &viewer(0), &Request::of("keys")),
        outcome(&world.reference(), &viewer(0), &Request::of("keys"))
    );
}
