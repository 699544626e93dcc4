//! What could not be read is owed until it was read: nothing is lost because a run went on without it.

mod support;

use access::Hidden;
use model::{ContainerKey, Millis, Problem, ProblemKind, RunKind, Target};
use support::*;
use sync::{Checkpoint, Item, Journal, Owed, Reading, Stream};

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
    let open = wait(bench.store().open_run(SOURCE, RunKind::Retry, Millis(9))).expect("the run opens");
    let expected =
        [(Stream::Pages, Owed::Only(vec![page_target("2"), container])), (Stream::FooterComments, Owed::All)];
    assert_eq!(open.owed, expected.into());
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

#[test]
fn a_retry_that_was_asked_for_one_thing_leaves_the_others_for_the_next() {
    let mut bench = Bench::new();
    let losses = ["2", "3"].map(|native| lost(Some(page_target(native))));
    ended(&mut bench, Stream::Pages, Reading::Whole, vec![], losses.into());
    bench.next_run();
    let of = |bench: &Bench| {
        let opened = wait(bench.store().open_run(SOURCE, RunKind::Retry, Millis(9))).expect("the run opens");
        (opened.id, opened.owed)
    };
    let only = |natives: &[&str]| {
        let targets = natives.iter().map(|native| page_target(native)).collect();
        std::collections::BTreeMap::from([(Stream::Pages, Owed::Only(targets))])
    };
    let second = bench.store().owed(SOURCE, 0, 9).expect("it answers")[1].id;
    assert!(wait(bench.store().ask_for_debt(SOURCE, second)).expect("noted"));
    assert!(!wait(bench.store().ask_for_debt(SOURCE, 99)).expect("it answers"), "nothing of that number is owed");
    assert_eq!(of(&bench).1, only(&["3"]));
    bench.reopen();
    let (run, owed) = of(&bench);
    assert_eq!(owed, only(&["3"]), "a run that a crash broke off asks for the same");
    wait(bench.store().close_run(run, model::RunStatus::Succeeded, None, Millis(9))).expect("closed");
    assert_eq!(of(&bench).1, only(&["2", "3"]));
}
