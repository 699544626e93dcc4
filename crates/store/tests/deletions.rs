//! Deletions that would go too far, their undoing, and the end of what was deleted. Peers delete whole spaces after an
//! error that they swallowed; here that hides, stops and asks.

mod support;

use access::Hidden;
use model::{ContainerKey, Deletion, Millis, Scope};
use support::*;
use sync::{Changes, Item, Journal, Stream};

/// A source with a hundred pages in space S, of which 30 may be deleted without asking.
fn hundred_pages() -> Bench {
    let mut bench = Bench::new();
    let deletion = Deletion { percent: 30, at_least: 5, ..Deletion::default() };
    let settings = model::SourceSettings { deletion, ..settings(Scope::default()) };
    let source = wait(bench.store().add_source(settings, Millis(1))).expect("it is added");
    assert_eq!(source.id, SOURCE);
    bench.commit(Stream::Containers, space());
    list(&mut bench, 0..100);
    bench
}

fn list(bench: &mut Bench, pages: std::ops::Range<u32>) {
    bench.commit(Stream::Pages, pages.flat_map(|at| open_page(&at.to_string(), "text")).collect());
}

/// A complete listing that names only these pages.
fn listing_of(bench: &mut Bench, pages: std::ops::Range<u32>) -> Judged {
    bench.next_run();
    bench.commit(Stream::Containers, space());
    list(bench, pages);
    bench.sweep(Stream::Pages)
}

fn hidden(bench: &Bench, cause: Hidden) -> usize {
    bench.store().hidden_documents(SOURCE, Some(cause), None, 999, |_| false).expect("it answers").len()
}

#[test]
fn what_a_listing_without_errors_left_out_is_hidden_but_a_mass_of_it_is_deleted_only_when_confirmed() {
    let mut bench = hundred_pages();
    assert_eq!(listing_of(&mut bench, 0..60), Judged { unconfirmed: 40, deleted: 0, stopped: 0 });
    assert_eq!(listing_of(&mut bench, 0..60), Judged { unconfirmed: 0, deleted: 0, stopped: 40 });
    assert_eq!((hidden(&bench, Hidden::Unconfirmed), hidden(&bench, Hidden::Deleted)), (40, 0));
    assert!(!bench.sees("ana", &page_key("99")), "the hiding stands");
    let stopped = bench.store().stopped_deletion(SOURCE).expect("it answers").expect("it asks");
    assert_eq!((stopped.since, stopped.of), (Millis(4), 100));
    assert_eq!(stopped.documents, [(ContainerKey("S".into()), 40)].into());
    bench.reopen();
    assert!(bench.store().stopped_deletion(SOURCE).expect("it answers").is_some(), "after a restart, too");
    assert_eq!(wait(bench.store().confirm_deletion(SOURCE, Millis(9))).expect("it answers"), 40);
    assert_eq!(bench.store().stopped_deletion(SOURCE).expect("it answers"), None);
    assert_eq!(hidden(&bench, Hidden::Deleted), 40);
}

#[test]
fn pages_that_the_source_shows_again_are_back_at_once_and_the_question_is_gone() {
    let mut bench = hundred_pages();
    listing_of(&mut bench, 0..0);
    assert_eq!(listing_of(&mut bench, 0..0).stopped, 100);
    assert_eq!(listing_of(&mut bench, 0..100), Judged::default());
    assert_eq!(bench.store().stopped_deletion(SOURCE).expect("it answers"), None);
    assert!(bench.sees("ana", &page_key("99")));
    assert_eq!(listing_of(&mut bench, 0..0).unconfirmed, 100, "counted anew");
}

#[test]
fn a_refused_deletion_is_not_asked_about_again() {
    let mut bench = hundred_pages();
    listing_of(&mut bench, 0..60);
    listing_of(&mut bench, 0..60);
    assert_eq!(wait(bench.store().refuse_deletion(SOURCE, Millis(9))).expect("it answers"), 40);
    assert_eq!(listing_of(&mut bench, 0..60), Judged::default());
    assert_eq!(bench.store().stopped_deletion(SOURCE).expect("it answers"), None);
    assert!(!bench.sees("ana", &page_key("99")), "but nobody is shown what may not be there");
    listing_of(&mut bench, 0..100);
    assert!(bench.sees("ana", &page_key("99")));
    listing_of(&mut bench, 0..60);
    assert_eq!(listing_of(&mut bench, 0..60).stopped, 40, "once seen, it counts anew");
}

#[test]
fn a_mass_of_answers_that_there_is_no_such_thing_stops_and_asks_too() {
    let mut bench = hundred_pages();
    let gone = (0..31).map(|at: u32| Item::Gone { key: page_key(&at.to_string()) }).collect();
    bench.commit(Stream::Pages, gone);
    let buried = wait(bench.store().bury(bench.run, Millis(4))).expect("it answers");
    assert_eq!((buried.deleted, buried.stopped), (0, 31));
    assert!(!bench.sees("ana", &page_key("0")) && bench.sees("ana", &page_key("31")));
}

#[test]
fn a_deletion_can_be_undone_and_shows_again_once_the_source_lists_it() {
    let mut bench = hundred_pages();
    listing_of(&mut bench, 0..98);
    assert_eq!(listing_of(&mut bench, 0..98).deleted, 2);
    let tombstones = bench.store().tombstones(SOURCE, None, 9).expect("it answers");
    assert_eq!(tombstones.iter().map(|each| each.key.clone()).collect::<Vec<_>>(), [page_key("98"), page_key("99")]);
    let last = bench.store().last_sequence().expect("it answers");
    let undone = wait(bench.store().undo_deletion(SOURCE, Some(vec![tombstones[0].doc]))).expect("it answers");
    assert_eq!((undone, bench.store().tombstones(SOURCE, None, 9).expect("it answers").len()), (1, 1));
    assert_eq!(bench.store().after(last, 9).expect("it answers").len(), 1, "the index takes it back");
    assert!(!bench.sees("ana", &page_key("98")), "nobody is shown what may not be there");
    assert_eq!(listing_of(&mut bench, 0..98), Judged::default(), "nor is it deleted again");
    bench.commit(Stream::Pages, vec![Item::Seen { key: page_key("98"), version: "1".into() }]);
    assert!(bench.finds("ana", &page_key("98")), "with the text that was kept");
}

#[test]
fn a_tombstone_that_is_seen_again_comes_back_with_the_text_that_was_kept() {
    let mut bench = hundred_pages();
    listing_of(&mut bench, 0..99);
    assert_eq!(listing_of(&mut bench, 0..99).deleted, 1);
    bench.next_run();
    bench.commit(Stream::Pages, vec![Item::Seen { key: page_key("99"), version: "1".into() }]);
    assert!(bench.finds("ana", &page_key("99")));
    let stored = bench.store().document_by_key(SOURCE, &page_key("99")).expect("it answers").expect("it is there");
    assert_eq!(stored.document.body.text, "text");
    bench.reopen();
    assert!(bench.sees("ana", &page_key("99")), "after a restart, too");
}

#[test]
fn what_was_deleted_long_enough_ago_is_dropped_for_good() {
    let mut bench = hundred_pages();
    listing_of(&mut bench, 0..98);
    listing_of(&mut bench, 0..98);
    let drop = |bench: &Bench, at| wait(bench.store().drop_deleted(SOURCE, Millis(at))).expect("it answers");
    assert_eq!((drop(&bench, 3), drop(&bench, 4), drop(&bench, 9)), (0, 2, 0), "it was deleted at 4");
    assert_eq!(bench.store().tombstones(SOURCE, None, 9).expect("it answers"), []);
    assert_eq!(wait(bench.store().undo_deletion(SOURCE, None)).expect("it answers"), 0);
    bench.next_run();
    bench.commit(Stream::Pages, vec![Item::Seen { key: page_key("99"), version: "1".into() }]);
    let problems = bench.store().problems(bench.run, 0, 9).expect("it answers");
    assert_eq!(problems.len(), 1, "its text has to be read");
    list(&mut bench, 99..100);
    assert!(bench.finds("ana", &page_key("99")));
}

#[test]
fn a_space_that_vanished_takes_its_documents_with_it_only_after_two_listings_and_a_word() {
    let mut bench = hundred_pages();
    let without_space = |bench: &mut Bench| {
        bench.next_run();
        bench.commit(Stream::Containers, vec![Item::Container(named_container("T", "Other"))]);
        let judged = bench.sweep(Stream::Containers);
        assert_eq!(
            bench.sweep(Stream::Containers),
            Judged { stopped: judged.stopped, ..Judged::default() },
            "once a run"
        );
        judged
    };
    assert_eq!(without_space(&mut bench), Judged::default());
    assert_eq!(hidden(&bench, Hidden::Unconfirmed), 100, "hidden at once");
    assert_eq!(without_space(&mut bench).stopped, 100);
    listing_of(&mut bench, 0..100);
    assert!(bench.sees("ana", &page_key("99")), "and back as soon as it is listed again");
    assert_eq!(bench.store().stopped_deletion(SOURCE).expect("it answers"), None);
}
