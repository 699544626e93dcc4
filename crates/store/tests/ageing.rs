//! Permissions that the source has not confirmed for too long, and the warning before they are hidden.

mod support;

use access::Hidden;
use model::{Duration, Kind, Millis, NodeKey, NodeKind};
use support::*;
use sync::{Item, Journal, Stream};

const MAX_AGE: Duration = Duration(1000);

/// Commits items as read at a time.
fn read_at(bench: &mut Bench, at: i64, stream: Stream, items: Vec<Item>) {
    let commit = sync::Commit { at: Millis(at), ..bench.batch(stream, items) };
    wait(bench.store().commit(commit)).expect("stored");
}

fn expire(bench: &Bench, now: i64) -> u64 {
    wait(bench.store().expire_permissions(SOURCE, Millis(now), MAX_AGE)).expect("it answers")
}

/// A folder with a page in it, and a page beside it; all read at 100.
fn pages() -> Bench {
    let mut bench = Bench::new();
    read_at(&mut bench, 100, Stream::Containers, space());
    let in_folder = vec![place(content("1"), Some(content("f"))), layers(content("1"), &[]), document(page("1", "a"))];
    read_at(&mut bench, 100, Stream::Pages, [in_folder, open_page("2", "b")].concat());
    let folder = vec![place(content("f"), Some(space_node())), layers(content("f"), &[])];
    read_at(&mut bench, 100, Stream::Restrictions, folder);
    bench
}

#[test]
fn layers_of_a_folder_that_were_not_confirmed_hide_what_lies_in_it() {
    let mut bench = pages();
    read_at(&mut bench, 500, Stream::Containers, space());
    read_at(&mut bench, 500, Stream::Restrictions, vec![layers(content("1"), &[]), layers(content("2"), &[])]);
    assert_eq!(expire(&bench, 1100), 0, "as old as it may be");
    assert_eq!(expire(&bench, 1101), 1, "the folder");
    assert!(!bench.sees("ana", &page_key("1")) && bench.sees("ana", &page_key("2")));
    let stats = bench.store().source_stats(SOURCE).expect("it answers");
    assert_eq!(stats.hidden, [(Hidden::Stale, 1)].into());
    bench.reopen();
    assert!(!bench.sees("ana", &page_key("1")), "after a restart, too");
    read_at(&mut bench, 1200, Stream::Restrictions, vec![layers(content("f"), &[])]);
    assert!(bench.sees("ana", &page_key("1")), "confirmed as it was");
}

#[test]
fn a_directory_that_was_not_confirmed_hides_everything_and_says_so() {
    let mut bench = pages();
    let others = vec![clause(readers(), anyone()), layers(space_node(), &[readers()])];
    read_at(&mut bench, 500, Stream::Containers, others);
    let nodes = ["1", "2", "f"].map(|native| layers(content(native), &[]));
    read_at(&mut bench, 500, Stream::Restrictions, nodes.to_vec());
    assert_eq!(expire(&bench, 1101), 1);
    assert!(!bench.sees("ana", &page_key("2")));
    assert_eq!(bench.store().stale_directory(SOURCE).expect("it answers"), Some(Millis(100)));
    let stats = bench.store().source_stats(SOURCE).expect("it answers");
    assert_eq!(stats.hidden, [(Hidden::Stale, 2)].into(), "each document is counted");
    bench.reopen();
    assert!(!bench.sees("ana", &page_key("2")), "after a restart, too");
    read_at(&mut bench, 1200, Stream::Directory, vec![directory(&["ana", "ben"])]);
    assert!(bench.sees("ana", &page_key("2")));
    assert_eq!(bench.store().stale_directory(SOURCE).expect("it answers"), None);
}

#[test]
fn an_issue_that_is_listed_unchanged_confirms_its_layers_and_a_page_does_not() {
    let mut bench = pages();
    let issue = NodeKey::new(NodeKind::Issue, "7");
    let mut read = page("7", "an issue");
    (read.key, read.node) = (model::DocumentKey::new(Kind::Issue, "7"), issue.clone());
    let key = read.key.clone();
    let items = vec![place(issue.clone(), Some(space_node())), layers(issue, &[]), document(read)];
    read_at(&mut bench, 100, Stream::Issues, items);
    read_at(&mut bench, 900, Stream::Containers, space());
    let seen = |key: &model::DocumentKey| Item::Seen { key: key.clone(), version: "1".into() };
    read_at(&mut bench, 900, Stream::Issues, vec![seen(&key), seen(&page_key("2"))]);
    assert_eq!(expire(&bench, 1101), 3, "two pages and a folder");
    assert!(bench.sees("ana", &key) && !bench.sees("ana", &page_key("2")));
    assert_eq!(expire(&bench, 1901), 4, "space, readers, directory and issue");
    read_at(&mut bench, 2000, Stream::Containers, space());
    assert!(!bench.sees("ana", &key));
    read_at(&mut bench, 2000, Stream::Issues, vec![seen(&key)]);
    assert!(bench.sees("ana", &key), "an old one, too");
}

#[test]
fn before_permissions_are_hidden_there_is_a_warning_that_counts() {
    let mut bench = pages();
    let ageing = |bench: &Bench, now| bench.store().ageing(SOURCE, Millis(now), MAX_AGE).expect("it answers");
    assert_eq!(ageing(&bench, 850), None);
    read_at(&mut bench, 400, Stream::Containers, space());
    read_at(&mut bench, 400, Stream::Restrictions, vec![layers(content("1"), &[]), layers(content("2"), &[])]);
    let warned = ageing(&bench, 851).expect("a quarter of the age before");
    assert_eq!((warned.documents, warned.hidden_from, warned.directory), (1, Millis(1100), false));
    read_at(&mut bench, 500, Stream::Restrictions, vec![layers(content("f"), &[])]);
    let warned = ageing(&bench, 1151).expect("readers and directory, now");
    assert_eq!((warned.documents, warned.hidden_from, warned.directory), (2, Millis(1400), true));
    expire(&bench, 1451);
    let stats = bench.store().source_stats(SOURCE).expect("it answers");
    assert_eq!(stats.hidden, [(Hidden::Stale, 2)].into());
}
