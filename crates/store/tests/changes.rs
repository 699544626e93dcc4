//! What followers of the outbox hear, and what a complete listing does to what it does not name.

mod support;

use access::Hidden;
use model::{DocumentKey, Kind};
use std::time::Duration;
use support::*;
use sync::{Changes, Item, Stream};

fn natives(bench: &Bench, after: u64) -> Vec<(u64, Option<String>)> {
    let changes = bench.store().after(after, 100).expect("it answers");
    changes.into_iter().map(|change| (change.sequence, change.document.map(|doc| doc.document.key.native))).collect()
}

fn two_pages() -> Bench {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, [open_page("1", "one"), open_page("2", "two")].concat());
    bench
}

#[test]
fn a_document_read_back_is_the_document_that_was_committed() {
    let mut bench = two_pages();
    let mut whole = page("3", "text\nwith ümläuts");
    whole.facts.labels = vec!["a".into()];
    whole.facts.relations = vec![page_key("1")];
    whole.audience = Some(restriction("3"));
    bench.commit(Stream::Pages, vec![clause(restriction("3"), anyone()), document(whole.clone())]);
    let stored = bench.store().document_by_key(SOURCE, &whole.key).expect("it answers").expect("it is there");
    assert_eq!(stored.document, whole);
    assert_eq!((stored.container_key.as_str(), stored.container_name.as_str()), ("SPACE", "Space"));
    assert_eq!(stored.group, stored.docno);
    assert_eq!(bench.store().document_by_url(&whole.url).expect("it answers"), Some(stored.clone()));
    assert_eq!(bench.store().document(stored.docno).expect("it answers"), Some(stored));
}

#[test]
fn only_the_latest_change_of_a_document_is_kept() {
    let mut bench = two_pages();
    bench.commit(Stream::Pages, vec![document(page("1", "changed"))]);
    bench.commit(Stream::Pages, vec![document(page("1", "changed again"))]);
    assert_eq!(natives(&bench, 0), [(2, Some("2".into())), (4, Some("1".into()))]);
    assert_eq!(natives(&bench, 2), [(4, Some("1".into()))]);
    bench.reopen();
    assert_eq!(bench.store().last_sequence().expect("it answers"), 4);
}

#[test]
fn a_change_of_access_alone_is_no_change_of_the_text() {
    let mut bench = two_pages();
    bench.follower.take();
    let mut moved = page("1", "one");
    moved.node = content("2");
    let committed = bench.commit(Stream::Pages, vec![document(moved)]);
    assert_eq!((committed.changed, committed.sequence), (1, 0));
    let deltas = bench.follower.take();
    assert_eq!((deltas[0].documents.len(), deltas[0].rewritten.len()), (1, 0));
}

#[test]
fn only_a_text_that_was_there_before_is_told_as_rewritten() {
    let mut bench = two_pages();
    let created = bench.follower.take();
    assert!(created.iter().all(|delta| delta.rewritten.is_empty()));
    let committed = bench.commit(Stream::Pages, vec![document(page("1", "new text")), document(page("3", "new"))]);
    let doc = bench.store().document_by_key(SOURCE, &page_key("1")).expect("it answers").expect("it is there").docno;
    let deltas = bench.follower.take();
    assert_eq!(deltas[0].rewritten, [(doc, committed.sequence - 1)]);
}

#[test]
fn a_follower_waits_for_the_next_change() {
    let mut bench = two_pages();
    assert!(bench.store().wait_beyond(1, Duration::ZERO));
    assert!(!bench.store().wait_beyond(2, Duration::from_millis(5)));
    let store = bench.store().clone();
    let waiting = std::thread::spawn(move || store.wait_beyond(2, Duration::from_secs(60)));
    bench.commit(Stream::Pages, vec![document(page("1", "changed"))]);
    assert!(waiting.join().expect("it waits without a panic"));
}

#[test]
fn a_comment_that_comes_before_its_page_is_shown_under_it_once_it_comes() {
    let mut bench = two_pages();
    bench.commit(Stream::FooterComments, vec![document(comment("c", "late"))]);
    let key = DocumentKey::new(Kind::Comment, "c");
    let before = bench.store().document_by_key(SOURCE, &key).expect("it answers").expect("it is there");
    assert_eq!(before.group, before.docno);
    let last = bench.store().last_sequence().expect("it answers");
    bench.commit(Stream::Pages, open_page("late", "text"));
    let page = bench.store().document_by_key(SOURCE, &page_key("late")).expect("it answers").expect("it is there");
    let after = bench.store().document_by_key(SOURCE, &key).expect("it answers").expect("it is there");
    assert_eq!(after.group, page.docno);
    let told: Vec<_> = natives(&bench, last).into_iter().filter_map(|(_, native)| native).collect();
    assert_eq!(told, ["late", "c"]);
}

#[test]
fn absence_hides_at_once_and_deletes_only_the_second_time_in_a_row() {
    let mut bench = two_pages();
    let last = bench.store().last_sequence().expect("it answers");
    for (deleted, sees) in [(0, false), (1, false)] {
        bench.next_run();
        bench.commit(Stream::Containers, space());
        bench.commit(Stream::Pages, open_page("1", "one"));
        let swept = bench.sweep(Stream::Pages);
        assert_eq!((swept.unconfirmed, swept.deleted), (1 - deleted, deleted));
        assert_eq!(bench.sees("ana", &page_key("2")), sees);
        assert!(bench.sees("ana", &page_key("1")));
        let again = bench.sweep(Stream::Pages);
        assert_eq!((again.unconfirmed, again.deleted), (0, 0), "the end of the same listing counts once");
        let cause = if deleted == 0 { Hidden::Unconfirmed } else { Hidden::Deleted };
        let stats = bench.store().source_stats(SOURCE).expect("it answers");
        assert_eq!(stats.hidden, [(cause, 1)].into());
        assert_eq!(stats.total(), 2 - deleted);
    }
    assert_eq!(natives(&bench, last), [(3, None)], "a follower hears of the tombstone");
    assert_eq!(natives(&bench, 0), [(1, Some("1".into()))], "a new follower need not");
    assert_eq!(bench.store().document_by_key(SOURCE, &page_key("2")).expect("it answers"), None);
}

#[test]
fn what_is_seen_again_is_shown_again_at_once_and_keeps_its_number() {
    let mut bench = two_pages();
    let number = |bench: &Bench| {
        bench.store().document_by_key(SOURCE, &page_key("2")).expect("it answers").map(|stored| stored.docno)
    };
    let before = number(&bench);
    bench.next_run();
    bench.commit(Stream::Containers, space());
    bench.sweep(Stream::Pages);
    assert!(!bench.sees("ana", &page_key("2")));
    let committed = bench.commit(Stream::Pages, open_page("2", "two"));
    assert_eq!(committed.sequence, 0, "its text is the same");
    assert!(bench.sees("ana", &page_key("2")));
    for _ in 0..2 {
        bench.next_run();
        bench.commit(Stream::Containers, space());
        bench.sweep(Stream::Pages);
    }
    assert_eq!(number(&bench), None);
    bench.commit(Stream::Pages, open_page("2", "two"));
    assert_eq!(number(&bench), before, "its number is still its own");
    let sequence = bench.store().last_sequence().expect("it answers");
    assert!(!bench.sees("ana", &page_key("2")), "the index does not hold its text yet");
    assert!(bench.follower.state().indexed(sequence).admits(&viewer(bench.store(), "ana"), before.expect("a number")));
}

#[test]
fn a_missing_listing_in_between_deletes_nothing() {
    let mut bench = two_pages();
    bench.next_run();
    bench.commit(Stream::Containers, space());
    assert_eq!(bench.sweep(Stream::Pages).unconfirmed, 2);
    bench.next_run();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, [open_page("1", "one"), open_page("2", "two")].concat());
    assert_eq!(bench.sweep(Stream::Pages), Judged::default());
    bench.next_run();
    bench.commit(Stream::Containers, space());
    assert_eq!((bench.sweep(Stream::Pages).deleted, bench.sweep(Stream::FooterComments).deleted), (0, 0));
}

#[test]
fn documents_of_a_container_that_was_not_asked_about_are_not_judged() {
    let mut bench = two_pages();
    for _ in 0..3 {
        bench.next_run();
        assert_eq!(bench.sweep(Stream::Pages), Judged::default());
    }
    assert!(bench.sees("ana", &page_key("1")));
    bench.commit(Stream::Containers, vec![container("Space")]);
    assert_eq!(bench.sweep(Stream::Pages).unconfirmed, 2);
}

#[test]
fn a_container_that_leaves_the_scope_hides_its_documents_and_brings_them_back() {
    let mut bench = two_pages();
    let without = model::Scope { exclude: vec!["SPACE".into()], ..model::Scope::default() };
    wait(bench.store().add_source(settings(without), model::Millis(1))).expect("it is added");
    let last = bench.store().last_sequence().expect("it answers");
    for _ in 0..3 {
        bench.next_run();
        bench.commit(Stream::Containers, vec![Item::Container(named_container("T", "Other"))]);
        bench.sweep(Stream::Containers);
        assert_eq!(bench.sweep(Stream::Pages), Judged::default(), "nothing was asked about them");
        assert!(!bench.sees("ana", &page_key("1")));
    }
    let stats = bench.store().source_stats(SOURCE).expect("it answers");
    assert_eq!((stats.total(), stats.hidden), (2, [(Hidden::OutOfScope, 2)].into()));
    let containers = bench.store().containers(SOURCE).expect("it answers");
    let scopes: Vec<_> = containers.iter().map(|each| (each.container.name.as_str(), each.in_scope)).collect();
    assert_eq!(scopes, [("Other", true), ("Space", false)]);
    bench.reopen();
    assert!(!bench.sees("ana", &page_key("1")));
    bench.commit(Stream::Containers, vec![container("Space")]);
    assert!(bench.sees("ana", &page_key("1")));
    assert_eq!(bench.store().last_sequence().expect("it answers"), last, "no text has changed");
}

#[test]
fn a_new_name_of_a_container_reaches_all_its_documents() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    for chunk in 0..3 {
        bench.commit(Stream::Pages, (0..500).flat_map(|at| open_page(&format!("{chunk}-{at}"), "text")).collect());
    }
    let last = bench.store().last_sequence().expect("it answers");
    bench.commit(Stream::Containers, vec![container("Renamed")]);
    bench.reopen();
    wait(bench.store().settle()).expect("the work goes on after a restart");
    let changes = bench.store().after(last, 10_000).expect("it answers");
    assert_eq!(changes.len(), 1500);
    assert!(changes.iter().all(|change| change.document.as_ref().is_some_and(|doc| doc.container_name == "Renamed")));
}

#[test]
fn the_way_up_from_a_document_ends_at_its_space_and_in_no_circle() {
    let mut bench = two_pages();
    let layer = restriction("1");
    bench.commit(
        Stream::Pages,
        vec![clause(layer.clone(), anyone()), layers(content("1"), &[layer]), place(content("2"), Some(content("1")))],
    );
    let way = bench.store().way_up(SOURCE, &content("2")).expect("it answers");
    let nodes: Vec<_> = way.iter().map(|place| place.node.clone()).collect();
    assert_eq!(nodes, [content("2"), content("1"), space_node()]);
    assert_eq!(way.iter().map(|place| place.own.len()).collect::<Vec<_>>(), [0, 1, 1]);
    bench.commit(Stream::Pages, vec![place(content("1"), Some(content("2")))]);
    assert_eq!(bench.store().way_up(SOURCE, &content("2")).expect("it answers").len(), 2);
    assert!(bench.store().way_up(SOURCE, &content("77")).expect("it answers").is_empty());
}

#[test]
fn every_document_is_visited_once_with_its_container() {
    let bench = two_pages();
    let mut visited = Vec::new();
    bench
        .store()
        .visit_documents(SOURCE, |container, doc| visited.push((container.to_owned(), doc)))
        .expect("it answers");
    let numbers =
        ["1", "2"].map(|native| bench.store().document_number(SOURCE, &page_key(native)).expect("it answers"));
    assert_eq!(visited, numbers.map(|doc| ("S".to_owned(), doc.expect("it is there"))));
    let key = bench.store().document_key(visited[0].1).expect("it answers");
    assert_eq!(key, Some((SOURCE, page_key("1"))));
    let readers = bench.store().clause_number(SOURCE, &readers()).expect("it answers");
    assert!(readers.is_some_and(|id| bench.store().clause(id).expect("it answers").is_some()));
    assert_eq!(bench.store().named_containers(SOURCE).expect("it answers")[0].short, "SPACE");
}

#[test]
fn comments_follow_their_page_to_another_space_and_take_its_new_title() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Containers, vec![Item::Container(named_container("T", "Other"))]);
    bench.commit(Stream::Pages, open_page("1", "text"));
    let many = (0..1200).map(|at| document(comment(&format!("c{at:04}"), "1"))).collect();
    bench.commit(Stream::FooterComments, many);
    let last = bench.store().last_sequence().expect("it answers");
    let mut moved = page("1", "text");
    moved.container.0 = "T".into();
    moved.title = "A new title".into();
    bench.commit(Stream::Pages, vec![document(moved)]);
    wait(bench.store().settle()).expect("it settles");
    let changes = bench.store().after(last, 10_000).expect("it answers");
    assert_eq!(changes.len(), 1201, "the index hears of each once");
    let titles = changes.iter().filter_map(|change| change.document.as_ref());
    assert!(titles.clone().all(|stored| stored.container_name == "Other" && stored.document.title == "A new title"));
    let last = bench.store().last_sequence().expect("it answers");
    let mut again = comment("c0000", "1");
    again.container.0 = "T".into();
    again.title = "A new title".into();
    bench.commit(Stream::FooterComments, vec![document(again)]);
    assert_eq!(bench.store().last_sequence().expect("it answers"), last, "reading one again changes nothing");
}
