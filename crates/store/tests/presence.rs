//! What a source says about documents without their text, and up to when a stream is known.

mod support;

use access::Hidden;
use model::{DocumentKey, Kind, Millis, Problem, ProblemKind, RunKind};
use support::*;
use sync::{Checkpoint, Commit, Item, Journal, Reading, Stream};

fn seen(native: &str, version: &str) -> Item {
    Item::Seen { key: page_key(native), version: version.to_owned() }
}

/// A page with these comments, and the space around it.
fn with_comments(comments: &[&str]) -> Bench {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, open_page("1", "text"));
    let comments = comments.iter().map(|native| document(comment(native, "1"))).collect();
    bench.commit(Stream::FooterComments, comments);
    bench
}

fn hidden(bench: &Bench) -> Vec<(String, Hidden)> {
    let found = bench.store().hidden_documents(SOURCE, None, None, 99, |_| false).expect("it answers");
    found.into_iter().map(|hidden| (hidden.key.native, hidden.cause)).collect()
}

fn comment_key(native: &str) -> DocumentKey {
    DocumentKey::new(Kind::Comment, native)
}

#[test]
fn a_document_that_is_seen_without_its_text_counts_as_listed() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, [open_page("1", "text"), open_page("2", "text")].concat());
    bench.next_run();
    bench.commit(Stream::Containers, space());
    let committed = bench.commit(Stream::Pages, vec![seen("1", "1")]);
    assert_eq!((committed.documents, committed.changed, committed.sequence), (1, 0, 0));
    assert_eq!(bench.sweep(Stream::Pages), Judged { unconfirmed: 1, ..Judged::default() });
    assert!(bench.sees("ana", &page_key("1")) && !bench.sees("ana", &page_key("2")));
    bench.commit(Stream::Pages, vec![seen("2", "1")]);
    assert!(bench.sees("ana", &page_key("2")), "what reappears shows at once");
    bench.reopen();
    assert!(bench.sees("ana", &page_key("2")), "after a restart, too");
}

#[test]
fn a_document_seen_in_another_version_than_the_stored_one_is_a_loss() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, open_page("1", "text"));
    bench.commit(Stream::Pages, vec![seen("1", "2"), seen("never stored", "1")]);
    let problems = bench.store().problems(bench.run, 0, 9).expect("it answers");
    let items: Vec<_> = problems.iter().map(|stored| (stored.problem.kind, stored.problem.item.as_str())).collect();
    assert_eq!(items, [(ProblemKind::Record, "page 1"), (ProblemKind::Record, "page never stored")]);
    let owed: Vec<_> =
        bench.store().owed(SOURCE, 0, 9).expect("it answers").into_iter().map(|debt| debt.target).collect();
    let target = |native: &str| Some(model::Target::Document(page_key(native)));
    assert_eq!(owed, [target("1"), target("never stored")], "and is read again by itself");
}

#[test]
fn a_comment_missing_below_a_page_that_was_read_whole_is_hidden_then_deleted() {
    let mut bench = with_comments(&["a", "b"]);
    let listed = || Item::ChildrenListed { parent: page_key("1"), kind: Kind::Comment };
    let only_a = || vec![Item::Seen { key: comment_key("a"), version: "1".to_owned() }, listed()];
    bench.next_run();
    bench.commit(Stream::InlineComments, vec![listed()]);
    assert_eq!(hidden(&bench), [], "comments of another stream are not judged");
    bench.commit(Stream::FooterComments, only_a());
    assert_eq!(hidden(&bench), [("b".to_owned(), Hidden::Unconfirmed)]);
    bench.commit(Stream::FooterComments, only_a());
    assert_eq!(hidden(&bench).len(), 1, "one run misses a document once");
    bench.next_run();
    bench.commit(Stream::FooterComments, vec![document(comment("a", "1")), document(comment("b", "1")), listed()]);
    assert_eq!(hidden(&bench), [], "it came back");
    for _ in 0..2 {
        bench.next_run();
        bench.commit(Stream::FooterComments, only_a());
        bench.bury();
    }
    assert_eq!(bench.store().document_by_key(SOURCE, &comment_key("b")).expect("it answers"), None);
    assert!(bench.sees("ana", &comment_key("a")));
}

#[test]
fn a_document_of_which_the_source_says_there_is_no_such_thing_is_deleted_with_the_run() {
    let mut bench = with_comments(&["a"]);
    let gone = || vec![Item::Gone { key: page_key("1") }, Item::Gone { key: page_key("never stored") }];
    bench.commit(Stream::Pages, gone());
    assert!(!bench.sees("ana", &page_key("1")), "hidden at once");
    assert!(!bench.sees("ana", &comment_key("a")), "with what hangs on it");
    let both = ["1", "a"].map(|native| (native.to_owned(), Hidden::Unconfirmed));
    assert_eq!(hidden(&bench), both);
    bench.commit(Stream::Pages, gone());
    assert_eq!(bench.bury(), 1, "and deleted with this run");
    assert_eq!(bench.store().document_by_key(SOURCE, &page_key("1")).expect("it answers"), None);
    assert_eq!(hidden(&bench), both[1..], "whose comment no listing has missed so far");
}

#[test]
fn what_is_listed_with_an_issue_that_is_gone_is_hidden_without_waiting_for_a_sweep() {
    let mut bench = with_comments(&[]);
    let issue = DocumentKey::new(Kind::Issue, "1");
    let part = document(model::Document { parent: Some(issue.clone()), ..comment("a", "1") });
    let read = vec![document(model::Document { key: issue.clone(), ..page("1", "text") }), part];
    let gone = || Item::Gone { key: issue.clone() };
    bench.commit(Stream::Issues, read.clone());
    bench.commit(Stream::Issues, vec![Item::Seen { key: issue.clone(), version: "1".to_owned() }, gone()]);
    assert_eq!(bench.bury(), 1);
    assert!(!bench.sees("ana", &comment_key("a")), "the last word of a batch counts for it, too");
    bench.reopen();
    assert!(!bench.sees("ana", &comment_key("a")), "after a restart, too");
    bench.commit(Stream::Issues, read);
    assert!(bench.finds("ana", &issue) && bench.finds("ana", &comment_key("a")), "both come back");
}

#[test]
fn what_hangs_on_an_issue_that_is_seen_counts_as_listed_unless_it_was_found_missing() {
    let mut bench = with_comments(&[]);
    let issue = DocumentKey::new(Kind::Issue, "1");
    let part = |native: &str| document(model::Document { parent: Some(issue.clone()), ..comment(native, "1") });
    let read = vec![document(model::Document { key: issue.clone(), ..page("1", "text") }), part("a"), part("b")];
    bench.commit(Stream::Issues, read);
    bench.next_run();
    let listed = Item::ChildrenListed { parent: issue.clone(), kind: Kind::Comment };
    bench.commit(Stream::Issues, vec![part("a"), listed]);
    bench.next_run();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Issues, vec![Item::Seen { key: issue, version: "1".to_owned() }]);
    let judged = bench.sweep(Stream::Issues);
    assert_eq!(judged, Judged { deleted: 1, ..Judged::default() }, "the comment that was missing before");
    assert_eq!(hidden(&bench), []);
}

/// An issue with a comment that two complete listings in a row did not name, deleted or not.
fn vanished_issue(delete: bool) -> (Bench, DocumentKey, Vec<Item>) {
    let mut bench = with_comments(&[]);
    let issue = DocumentKey::new(Kind::Issue, "1");
    let part = document(model::Document { parent: Some(issue.clone()), ..comment("a", "1") });
    let read = vec![document(model::Document { key: issue.clone(), ..page("1", "text") }), part];
    bench.commit(Stream::Issues, read.clone());
    for _ in 0..if delete { 2 } else { 1 } {
        bench.next_run();
        bench.commit(Stream::Containers, space());
        bench.sweep(Stream::Issues);
    }
    bench.next_run();
    (bench, issue, read)
}

/// An archived project comes back with all its issues unchanged, and what hung on them was hidden or deleted with them.
#[test]
fn an_issue_that_comes_back_unchanged_is_read_again_with_what_hangs_on_it() {
    for delete in [false, true] {
        let (mut bench, issue, read) = vanished_issue(delete);
        assert!(!bench.sees("ana", &comment_key("a")));
        let known = bench.store().known(SOURCE).versions(std::slice::from_ref(&issue)).expect("it answers");
        assert_eq!(known, [].into(), "deleted: {delete}");
        bench.commit(Stream::Issues, read);
        assert!(bench.finds("ana", &issue) && bench.finds("ana", &comment_key("a")), "deleted: {delete}");
    }
}

#[test]
fn an_issue_that_comes_back_without_being_read_is_owed() {
    for delete in [false, true] {
        let (mut bench, issue, _) = vanished_issue(delete);
        bench.commit(Stream::Issues, vec![Item::Seen { key: issue.clone(), version: "1".to_owned() }]);
        let owed: Vec<_> = bench.store().owed(SOURCE, 0, 9).expect("it answers");
        let targets: Vec<_> = owed.into_iter().map(|debt| debt.target).collect();
        assert_eq!(targets, [Some(model::Target::Document(issue))], "deleted: {delete}");
    }
}

#[test]
fn versions_are_known_of_what_is_stored_with_its_text() {
    let mut bench = with_comments(&["a"]);
    bench.commit(Stream::FooterComments, vec![Item::Gone { key: comment_key("a") }]);
    bench.bury();
    let keys = [page_key("1"), page_key("2"), comment_key("a")];
    let known = |bench: &Bench| bench.store().known(SOURCE).versions(&keys).expect("it answers");
    let with_comment = [(page_key("1"), "1".to_owned()), (comment_key("a"), "1".to_owned())];
    assert_eq!(known(&bench), with_comment.into(), "a deleted text that is kept need not be read again");
    assert_eq!(wait(bench.store().drop_deleted(SOURCE, Millis(4))).expect("it answers"), 1);
    assert_eq!(known(&bench), [(page_key("1"), "1".to_owned())].into());
}

#[test]
fn what_the_open_run_has_not_listed_is_told_stream_by_stream() {
    let mut bench = with_comments(&["a", "b"]);
    bench.commit(Stream::Pages, open_page("2", "text"));
    bench.next_run();
    bench.commit(Stream::FooterComments, vec![Item::Seen { key: comment_key("a"), version: "1".to_owned() }]);
    let unlisted = |stream, after: Option<&DocumentKey>, limit| {
        bench.store().known(SOURCE).unlisted(stream, after, limit).expect("it answers")
    };
    assert_eq!(unlisted(Stream::FooterComments, None, 9), [comment_key("b")]);
    assert_eq!(unlisted(Stream::Pages, None, 1), [page_key("1")]);
    assert_eq!(unlisted(Stream::Pages, Some(&page_key("1")), 9), [page_key("2")]);
}

#[test]
fn folders_with_something_in_them_are_places_and_pages_are_not() {
    let mut bench = with_comments(&[]);
    bench
        .commit(Stream::Places, vec![place(content("f"), Some(content("1"))), place(content("g"), Some(content("f")))]);
    let places = bench.store().known(SOURCE).places(None, 9).expect("it answers");
    assert_eq!(places, [(content("f"), Some(content("1")))]);
    assert_eq!(bench.store().known(SOURCE).places(Some(&content("f")), 9).expect("it answers"), []);
    let clauses = bench.store().known(SOURCE).clauses(model::Origin::SpaceReaders, None, 9).expect("it answers");
    assert_eq!(clauses, [readers()]);
}

struct Streams {
    bench: Bench,
}

impl Streams {
    fn new() -> Self {
        Self { bench: Bench::new() }
    }

    /// One more batch of a stream in the open run.
    fn batch(&mut self, stream: Stream, source_time: i64, change: impl FnOnce(&mut Commit)) {
        let mut commit = self.bench.batch(stream, Vec::new());
        commit.source_time = Some(Millis(source_time));
        change(&mut commit);
        wait(self.bench.store().commit(commit)).expect("stored");
    }

    fn watermark(&mut self, stream: Stream) -> Option<i64> {
        self.bench.next_run();
        let open = wait(self.bench.store().open_run(SOURCE, RunKind::Full, Millis(9))).expect("the run opens");
        open.watermarks.get(&stream).map(|at| at.0)
    }
}

fn end(commit: &mut Commit) {
    commit.checkpoint = Checkpoint::Complete;
}

#[test]
fn a_watermark_is_the_sources_time_at_the_start_of_a_reading_that_ended() {
    let mut streams = Streams::new();
    streams.batch(Stream::Pages, 100, |_| {});
    assert_eq!(streams.watermark(Stream::Pages), None, "it did not end");
    streams.batch(Stream::Pages, 200, |_| {});
    streams.bench.reopen();
    streams.batch(Stream::Pages, 300, end);
    assert_eq!(streams.watermark(Stream::Pages), Some(200));
    streams.batch(Stream::Pages, 400, end);
    assert_eq!(streams.watermark(Stream::Pages), Some(400));
    streams.batch(Stream::Pages, 500, |commit| {
        end(commit);
        commit.reading = Reading::Only(Vec::new());
    });
    assert_eq!(streams.watermark(Stream::Pages), Some(400), "reading a few things says nothing about the rest");
}

#[test]
fn a_watermark_does_not_move_past_a_loss() {
    let lose = |commit: &mut Commit| commit.problems.push(Problem::new(ProblemKind::Record, "page 9", "malformed"));
    let mut streams = Streams::new();
    streams.batch(Stream::Pages, 100, end);
    assert_eq!(streams.watermark(Stream::Pages), Some(100));
    streams.batch(Stream::Pages, 200, lose);
    streams.batch(Stream::Pages, 210, end);
    streams.batch(Stream::BlogPosts, 220, end);
    assert_eq!(streams.watermark(Stream::Pages), Some(100), "a loss in the stream");
    assert_eq!(streams.watermark(Stream::BlogPosts), Some(220), "others move on");
    let report = vec![Problem::new(ProblemKind::Call, "stream containers", "nothing answers")];
    let run = streams.bench.run;
    wait(streams.bench.store().report(run, Some(Stream::Containers), report, Millis(1))).expect("reported");
    streams.batch(Stream::Pages, 300, end);
    assert_eq!(streams.watermark(Stream::Pages), Some(100), "a container that was not listed was not read");
}

#[test]
fn a_run_of_another_kind_ends_the_one_that_was_broken_off() {
    let bench = Bench::new();
    let open = wait(bench.store().open_run(SOURCE, RunKind::Sweep, Millis(9))).expect("a run opens");
    assert!(!open.resumed && open.id != bench.run);
    let before = bench.store().run(bench.run).expect("it answers").expect("the run");
    assert_eq!(before.status, model::RunStatus::Cancelled);
}
