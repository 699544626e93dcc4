//! What could not be read is owed until it was read: nothing is lost because a run went on without it.

mod support;

use access::Hidden;
use model::{ContainerKey, Millis, Problem, ProblemKind, RunId, RunKind, RunStatus, Target};
use std::collections::BTreeMap;
use support::*;
use sync::{Checkpoint, Debts, Item, Journal, OpenRun, Owed, Reading, Stream};

fn page_target(native: &str) -> Target {
    Target::Document(page_key(native))
}

fn lost(target: Option<Target>) -> Problem {
    let problem = Problem::new(ProblemKind::Record, "page 2", "the record cannot be understood");
    Problem { target, ..problem }
}

/// The last batch of a stream, in a run of its own.
fn ended(bench: &mut Bench, stream: Stream, reading: Reading, items: Vec<Item>, problems: Vec<Problem>) {
    let mut commit = bench.batch(stream, items);
    (commit.reading, commit.problems, commit.checkpoint) = (reading, problems, Checkpoint::Complete);
    commit.source_time = Some(Millis(bench.run.0));
    wait(bench.store().commit(commit)).expect("stored");
}

fn owed(bench: &Bench) -> Vec<(Option<Target>, u32)> {
    let owed = bench.store().owed(SOURCE, 0, 99).expect("it answers");
    owed.into_iter().map(|debt| (debt.target, debt.attempts)).collect()
}

fn watermark(bench: &Bench) -> Option<i64> {
    let open = wait(bench.store().open_run(SOURCE, RunKind::Full, Millis(9))).expect("the run opens");
    open.watermarks.get(&Stream::Pages).map(|at| at.0)
}

#[test]
fn a_bad_record_is_owed_with_its_attempts_and_settled_once_it_was_read() {
    let mut bench = Bench::new();
    let first = bench.run.0;
    ended(&mut bench, Stream::Pages, Reading::Whole, vec![], vec![lost(Some(page_target("2")))]);
    assert_eq!(owed(&bench), [(Some(page_target("2")), 1)]);
    assert_eq!(watermark(&bench), Some(first), "it moves on, for what was lost is on record");
    bench.next_run();
    let since = Reading::Changes { since: Millis(0) };
    ended(&mut bench, Stream::Pages, since, vec![], vec![]);
    assert_eq!(
        owed(&bench),
        [(Some(page_target("2")), 1)],
        "it has not changed, so looking for changes does not read it"
    );
    bench.next_run();
    let only = || Reading::Only(vec![page_target("2")]);
    ended(&mut bench, Stream::Pages, only(), vec![], vec![lost(Some(page_target("2")))]);
    assert_eq!(owed(&bench), [(Some(page_target("2")), 2)], "tried again in vain");
    bench.reopen();
    bench.next_run();
    ended(&mut bench, Stream::Pages, only(), open_page("2", "text"), vec![]);
    assert_eq!(owed(&bench), []);
}

#[test]
fn a_checkpoint_does_not_advance_past_an_error_of_which_it_cannot_be_told_what_was_lost() {
    let mut bench = Bench::new();
    let first = bench.run.0;
    ended(&mut bench, Stream::Pages, Reading::Whole, vec![], vec![]);
    bench.next_run();
    let since = || Reading::Changes { since: Millis(0) };
    ended(&mut bench, Stream::Pages, since(), vec![], vec![lost(None)]);
    assert_eq!((owed(&bench), watermark(&bench)), (vec![(None, 1)], Some(first)));
    bench.next_run();
    let third = bench.run.0;
    ended(&mut bench, Stream::Pages, since(), vec![], vec![]);
    assert_eq!((owed(&bench), watermark(&bench)), (vec![], Some(third)), "read again from where it stood");
}

#[test]
fn a_retry_is_told_what_is_owed() {
    let mut bench = Bench::new();
    let container = Target::Container(ContainerKey("S".into()));
    let losses = [page_target("2"), container.clone()].map(|target| lost(Some(target)));
    ended(&mut bench, Stream::Pages, Reading::Whole, vec![], losses.to_vec());
    ended(&mut bench, Stream::FooterComments, Reading::Whole, vec![], vec![lost(Some(page_target("2"))), lost(None)]);
    bench.next_run();
    ask(&bench, None);
    let expected =
        [(Stream::Pages, Owed::Only(vec![page_target("2"), container])), (Stream::FooterComments, Owed::All)];
    assert_eq!(retry(&bench).owed, expected.into());
}

#[test]
fn absence_is_judged_everywhere_but_where_something_could_not_be_read() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, ["1", "2", "3"].iter().flat_map(|native| open_page(native, "text")).collect());
    bench.next_run();
    bench.commit(Stream::Containers, space());
    ended(&mut bench, Stream::Pages, Reading::Whole, open_page("1", "text"), vec![lost(Some(page_target("2")))]);
    assert_eq!(bench.sweep(Stream::Pages), Judged { unconfirmed: 1, ..Judged::default() });
    let hidden = bench.store().hidden_documents(SOURCE, None, None, 9, |_| false).expect("it answers");
    let hidden: Vec<_> = hidden.into_iter().map(|each| (each.key, each.cause)).collect();
    assert_eq!(hidden, [(page_key("3"), Hidden::Unconfirmed)]);
    bench.next_run();
    bench.commit(Stream::Containers, space());
    let bad_space = lost(Some(Target::Container(ContainerKey("S".into()))));
    ended(&mut bench, Stream::Pages, Reading::Whole, vec![], vec![bad_space]);
    assert_eq!(bench.sweep(Stream::Pages), Judged::default(), "one bad space judges nothing in it");
}

/// A source that owes the pages 2 and 3, both tried once, at the time 1000. Its full run is closed.
fn owing() -> Bench {
    let mut bench = Bench::new();
    let losses = ["2", "3"].map(|native| lost(Some(page_target(native))));
    ended(&mut bench, Stream::Pages, Reading::Whole, vec![], losses.into());
    close(&bench, bench.run);
    bench
}

/// Asks for the debts at these places of the list, or for all. The run that the retry comes after.
fn ask(bench: &Bench, place: Option<usize>) -> RunId {
    let debt = place.map(|place| bench.store().owed(SOURCE, 0, 9).expect("it answers")[place].id);
    wait(bench.store().ask_for_owed(SOURCE, debt)).expect("noted").expect("it is owed")
}

fn retry_at(bench: &Bench, at: i64) -> OpenRun {
    wait(bench.store().open_run(SOURCE, RunKind::Retry, Millis(at))).expect("the run opens")
}

/// A retry before anything has rested for long enough.
fn retry(bench: &Bench) -> OpenRun {
    retry_at(bench, 1000)
}

fn close(bench: &Bench, run: RunId) {
    wait(bench.store().close_run(run, RunStatus::Succeeded, None, Millis(1000))).expect("closed");
}

fn only(natives: &[&str]) -> BTreeMap<Stream, Owed> {
    let targets: Vec<_> = natives.iter().map(|native| page_target(native)).collect();
    if targets.is_empty() { BTreeMap::new() } else { BTreeMap::from([(Stream::Pages, Owed::Only(targets))]) }
}

#[test]
fn a_retry_that_was_asked_for_one_thing_leaves_the_others_alone() {
    let mut bench = owing();
    assert_eq!(wait(bench.store().ask_for_owed(SOURCE, Some(99))).expect("it answers"), None, "no such number");
    ask(&bench, Some(1));
    let opened = retry(&bench);
    assert_eq!(opened.owed, only(&["3"]));
    bench.reopen();
    let again = retry(&bench);
    assert_eq!((again.id, again.owed), (opened.id, only(&["3"])), "a run that a crash broke off asks for the same");
    close(&bench, opened.id);
    ask(&bench, None);
    assert_eq!(retry(&bench).owed, only(&["2", "3"]));
}

#[test]
fn what_is_asked_for_while_a_retry_runs_is_for_the_next_one() {
    let bench = owing();
    ask(&bench, Some(0));
    let first = retry(&bench);
    assert_eq!(first.owed, only(&["2"]));
    assert_eq!(ask(&bench, Some(1)), first.id, "it is not this run that reads it");
    close(&bench, first.id);
    let second = retry(&bench);
    assert_eq!((second.owed, second.id > first.id), (only(&["3"]), true));
    close(&bench, second.id);
    assert_eq!(retry(&bench).owed, only(&[]), "once is enough");
}

#[test]
fn whoever_asks_for_everything_gets_more_than_what_was_asked_for_before() {
    let bench = owing();
    ask(&bench, Some(0));
    ask(&bench, None);
    ask(&bench, Some(1));
    assert_eq!(retry(&bench).owed, only(&["2", "3"]));
}

#[test]
fn a_broken_off_retry_whose_streams_have_ended_does_not_swallow_what_is_asked_for_since() {
    let mut bench = owing();
    ask(&bench, Some(0));
    let broken_off = retry(&bench);
    bench.run = broken_off.id;
    let in_vain = vec![lost(Some(page_target("2")))];
    ended(&mut bench, Stream::Pages, Reading::Only(vec![page_target("2")]), vec![], in_vain);
    bench.reopen();
    ask(&bench, Some(1));
    let next = retry(&bench);
    assert!(next.id > broken_off.id && !next.resumed && next.streams.is_empty(), "{next:?}");
    assert_eq!(next.owed, only(&["2", "3"]), "nor is forgotten what it had taken");
}

#[test]
fn what_a_retry_had_taken_that_another_run_ended_is_nothing_special_any_more() {
    let bench = owing();
    ask(&bench, Some(0));
    retry(&bench);
    ask(&bench, Some(1));
    let full = wait(bench.store().open_run(SOURCE, RunKind::Full, Millis(1000))).expect("the run opens");
    assert_eq!(full.owed, only(&[]));
    close(&bench, full.id);
    assert_eq!(retry(&bench).owed, only(&["3"]), "what was asked for still is");
}

#[test]
fn what_was_asked_for_can_be_forgotten() {
    let bench = owing();
    ask(&bench, None);
    wait(bench.store().forget_asked(SOURCE)).expect("forgotten");
    assert_eq!(retry(&bench).owed, only(&[]));
}

#[test]
fn each_thing_rests_by_itself() {
    let mut bench = owing();
    let next = |bench: &Bench| bench.store().debts(SOURCE).expect("it answers").expect("something is owed").next.0;
    let rest = |attempts| Debts::rest(attempts).0;
    assert_eq!(next(&bench), 1000 + rest(1));
    ask(&bench, Some(0));
    assert!(next(&bench) <= 1000, "what somebody asks for does not wait");
    bench.run = retry(&bench).id;
    let mut tried = bench.batch(Stream::Pages, vec![]);
    (tried.at, tried.problems) = (Millis(200_000), vec![lost(Some(page_target("2")))]);
    wait(bench.store().commit(tried)).expect("stored");
    close(&bench, bench.run);
    assert_eq!(next(&bench), 1000 + rest(1), "one that was tried by hand does not keep the other waiting");
    let due = retry_at(&bench, 1000 + rest(1));
    assert_eq!(due.owed, only(&["3"]), "nor is it tried before its time");
    // Nothing answered.
    let close = bench.store().close_run(due.id, RunStatus::Failed, None, Millis(400_000));
    wait(close).expect("closed");
    assert_eq!(next(&bench), 400_000 + rest(1), "what the retry did not come to rests, too");
    assert_eq!(owed(&bench), [(Some(page_target("2")), 2), (Some(page_target("3")), 1)]);
    let soon = retry_at(&bench, 400_000 + rest(1));
    assert_eq!(soon.owed, only(&["2", "3"]), "what would be due soon goes with it");
}

#[test]
fn what_is_no_loss_holds_until_its_stream_was_read_as_a_whole_again() {
    let mut bench = Bench::new();
    let hidden = || vec![Problem::new(ProblemKind::Permission, "group staff", "its members cannot be read")];
    let holding = |bench: &Bench| {
        let found = bench.store().problems_of_source(SOURCE, 0, 99).expect("it answers");
        let newest = bench.store().newest_problems_of_source(SOURCE, 99).expect("it answers");
        assert!(newest.iter().rev().eq(&found), "the same, the other way round");
        assert_eq!(bench.store().warnings(SOURCE).expect("it answers"), found.len() as u64);
        found.into_iter().map(|stored| stored.problem.item).collect::<Vec<_>>()
    };
    ended(&mut bench, Stream::Directory, Reading::Whole, vec![], hidden());
    assert_eq!(holding(&bench), ["group staff"]);
    bench.next_run();
    ended(&mut bench, Stream::Pages, Reading::Changes { since: Millis(1) }, vec![], vec![]);
    assert_eq!(bench.store().problems(bench.run, 0, 99).expect("it answers"), [], "the newest run did not meet it");
    assert_eq!(holding(&bench), ["group staff"], "and yet it holds");
    ended(&mut bench, Stream::BlogPosts, Reading::Whole, vec![], vec![lost(None)]);
    let newest = bench.store().newest_problems_of_source(SOURCE, 1).expect("it answers");
    assert_eq!(newest[0].problem.item, "page 2", "a loss is not crowded out by what stands from before");
    bench.next_run();
    ended(&mut bench, Stream::Directory, Reading::Whole, vec![], hidden());
    bench.next_run();
    assert_eq!(holding(&bench), ["group staff"], "said twice, it is one thing");
    ended(&mut bench, Stream::Directory, Reading::Whole, vec![], vec![]);
    assert_eq!(holding(&bench), Vec::<String>::new());
}

#[test]
fn a_reading_of_the_structure_confirms_warnings_of_places_and_restrictions_only() {
    let mut bench = Bench::new();
    let odd = |item: &str| vec![Problem::new(ProblemKind::Permission, item, "it cannot be read")];
    ended(&mut bench, Stream::Pages, Reading::Whole, vec![], odd("page 1"));
    ended(&mut bench, Stream::Restrictions, Reading::Whole, vec![], odd("page 2"));
    bench.next_run();
    for stream in [Stream::Pages, Stream::Restrictions] {
        ended(&mut bench, stream, Reading::Structure, vec![], vec![]);
    }
    let found = bench.store().problems_of_source(SOURCE, 0, 99).expect("it answers");
    assert_eq!(found.into_iter().map(|stored| stored.problem.item).collect::<Vec<_>>(), ["page 1"]);
}
