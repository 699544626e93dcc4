//! What the journal port promises, each promise as a sentence.

mod support;

use access::{Clause, DynamicHolder, Hidden, Principal};
use model::{Millis, Problem, ProblemKind, RunKind, RunStatus};
use support::*;
use sync::{Changes, Checkpoint, Item, Journal, JournalError, Progress, Stream};

#[test]
fn the_same_batch_twice_changes_nothing_the_second_time() {
    let mut bench = Bench::new();
    let mut items = space();
    items.extend(open_page("1", "text"));
    items.push(document(comment("c", "1")));
    let mut commit = bench.batch(Stream::Pages, items);
    commit.problems.push(Problem::new(ProblemKind::Record, "page 9", "cannot be read"));
    let first = wait(bench.store().commit(commit.clone())).expect("the batch is stored");
    assert_eq!((first.documents, first.changed), (2, 2));
    bench.follower.take();
    let before = wait(async { bench.store().run(bench.run) }).expect("the store answers");
    let second = wait(bench.store().commit(commit)).expect("the batch is stored again");
    assert_eq!((second.documents, second.changed, second.sequence), (2, 0, 0));
    assert_eq!(bench.follower.take(), [], "nothing about access has changed");
    assert_eq!(bench.store().last_sequence().expect("it answers"), first.sequence);
    assert_eq!(bench.store().run(bench.run).expect("the store answers"), before, "counted once");
}

#[test]
fn items_and_checkpoint_are_durable_together() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    let mut last = bench.batch(Stream::Containers, vec![]);
    last.checkpoint = Checkpoint::Complete;
    wait(bench.store().commit(last)).expect("stored");
    bench.commit(Stream::Pages, open_page("1", "text"));
    let bad = bench.batch(
        Stream::Pages,
        [open_page("2", "text"), vec![layers(content("2"), &[restriction("never read")])]].concat(),
    );
    let refused = wait(bench.store().commit(bad)).expect_err("a clause is missing");
    assert!(matches!(&refused, JournalError::Inconsistent { stream: Stream::Pages, .. }), "{refused}");
    bench.reopen();
    let open = wait(bench.store().open_run(SOURCE, RunKind::Full, Millis(9))).expect("the run opens");
    assert_eq!((open.id, open.resumed), (bench.run, true));
    assert_eq!(open.streams[&Stream::Containers].progress, Progress::Complete);
    assert_eq!(open.streams[&Stream::Pages].progress, Progress::At(sync::Cursor("3".into())));
    assert!(bench.sees("ana", &page_key("1")));
    assert_eq!(bench.store().document_by_key(SOURCE, &page_key("2")).expect("it answers"), None);
}

#[test]
fn a_closed_run_takes_nothing_more() {
    let mut bench = Bench::new();
    let old = bench.run;
    bench.next_run();
    assert_ne!(old, bench.run);
    let mut late = bench.batch(Stream::Pages, open_page("1", "text"));
    late.run = old;
    assert!(matches!(wait(bench.store().commit(late)), Err(JournalError::RunClosed(run)) if run == old));
    assert!(matches!(wait(bench.store().sweep(old, Stream::Containers, Millis(1))), Err(JournalError::RunClosed(_))));
    let again = bench.store().close_run(old, RunStatus::Failed, None, Millis(1));
    assert!(matches!(wait(again), Err(JournalError::RunClosed(_))));
}

#[test]
fn a_page_is_seen_by_nobody_until_its_place_its_layers_and_all_above_are_read() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, vec![document(page("1", "text"))]);
    let sees = |bench: &Bench| bench.sees("ana", &page_key("1"));
    assert!(!sees(&bench), "no place");
    bench.commit(Stream::Pages, vec![place(content("1"), Some(content("folder")))]);
    assert!(!sees(&bench), "layers pending, folder unknown");
    bench.commit(Stream::Restrictions, vec![layers(content("1"), &[])]);
    assert!(!sees(&bench), "folder unknown");
    let known = bench.store().known(SOURCE);
    assert_eq!(known.missing_parents(None, 9).expect("it answers"), [content("folder")]);
    assert_eq!(known.pending(None, 9).expect("it answers"), []);
    bench.commit(Stream::Places, vec![place(content("folder"), Some(space_node()))]);
    assert!(!sees(&bench), "the folder's layers are pending");
    assert_eq!(known.missing_parents(None, 9).expect("it answers"), []);
    assert_eq!(known.pending(None, 9).expect("it answers"), [content("folder")]);
    assert_eq!(known.pending(Some(&content("folder")), 9).expect("it answers"), []);
    bench.commit(Stream::Restrictions, vec![layers(content("folder"), &[])]);
    assert!(sees(&bench));
}

#[test]
fn content_that_a_later_run_lists_is_pending_until_that_run_has_read_its_layers() {
    let mut bench = Bench::new();
    let at = |bench: &mut Bench, stream: Stream, items: Vec<Item>, at: i64| {
        let commit = sync::Commit { at: Millis(at), ..bench.batch(stream, items) };
        wait(bench.store().commit(commit)).expect("stored");
    };
    at(&mut bench, Stream::Containers, space(), 1);
    let page_below =
        |native: &str, above: &str| vec![document(page(native, "text")), place(content(native), Some(content(above)))];
    let pages = [page_below("1", "folder"), page_below("2", "folder"), page_below("gone", "old folder")].concat();
    at(&mut bench, Stream::Pages, pages.clone(), 1);
    let folders = [("folder", content("top")), ("old folder", space_node()), ("top", space_node())];
    let folders = folders.map(|(folder, above)| place(content(folder), Some(above)));
    at(&mut bench, Stream::Places, folders.to_vec(), 1);
    let contents = ["1", "2", "gone", "folder", "old folder", "top"];
    at(&mut bench, Stream::Restrictions, contents.map(|native| layers(content(native), &[])).to_vec(), 2);
    let pending = |bench: &Bench, after: Option<&str>, limit: usize| {
        let after = after.map(content);
        bench.store().known(SOURCE).pending(after.as_ref(), limit).expect("it answers")
    };
    assert_eq!(pending(&bench, None, 9), [], "read since the run began");
    bench.next_run();
    assert_eq!(pending(&bench, None, 9), [], "the run has listed nothing yet");
    let new = [page_below("0", "folder"), pages[..4].to_vec()].concat();
    at(&mut bench, Stream::Pages, new, 5);
    assert_eq!(
        pending(&bench, None, 9),
        ["0", "1", "2", "folder", "top"].map(content),
        "not what is gone, nor what is above it"
    );
    assert_eq!(pending(&bench, None, 2), ["0", "1"].map(content));
    assert_eq!(pending(&bench, Some("1"), 2), ["2", "folder"].map(content));
    at(
        &mut bench,
        Stream::Restrictions,
        ["0", "1", "folder", "top"].map(|native| layers(content(native), &[])).to_vec(),
        6,
    );
    assert_eq!(pending(&bench, None, 9), [content("2")]);
}

#[test]
fn a_restriction_above_ten_thousand_pages_is_one_transaction_and_touches_no_text() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, open_page("top", "text"));
    for chunk in 0..10 {
        let pages = (0..1000).flat_map(|at| {
            let native = format!("{chunk}-{at}");
            let above = if at == 0 { "top".to_owned() } else { format!("{chunk}-{}", (at - 1) / 10) };
            [
                place(content(&native), Some(content(&above))),
                layers(content(&native), &[]),
                document(page(&native, "text")),
            ]
        });
        bench.commit(Stream::Pages, pages.collect());
    }
    let sequence = bench.store().last_sequence().expect("it answers");
    bench.follower.take();
    let restricted = vec![clause(restriction("top"), people(&["ben"])), layers(content("top"), &[restriction("top")])];
    let committed = bench.commit(Stream::Restrictions, restricted);
    assert_eq!(committed.sequence, 0);
    assert_eq!(bench.store().last_sequence().expect("it answers"), sequence);
    let deltas = bench.follower.take();
    assert_eq!((deltas.len(), deltas[0].nodes.len(), deltas[0].documents.len()), (1, 10_001, 0));
    assert_eq!(deltas[0].acls.len(), 1, "they share one list");
    assert!(bench.sees("ben", &page_key("9-999")) && !bench.sees("ana", &page_key("9-999")));
}

#[test]
fn a_layer_that_could_not_be_read_again_stays_until_it_is_too_old() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, open_page("1", "text"));
    bench.commit(Stream::Containers, vec![clause(readers(), Clause::nobody(Hidden::Forbidden))]);
    assert!(bench.sees("ana", &page_key("1")), "read at 1000, and not read since");
    let expire = |bench: &Bench, now: i64| {
        wait(bench.store().expire_permissions(SOURCE, Millis(now), model::Duration(500))).expect("it answers")
    };
    assert_eq!(expire(&bench, 1500), 0);
    let others = vec![directory(&["ana", "ben"]), layers(space_node(), &[readers()]), layers(content("1"), &[])];
    let confirmed = sync::Commit { at: Millis(1001), ..bench.batch(Stream::Containers, others) };
    wait(bench.store().commit(confirmed)).expect("stored");
    assert_eq!(expire(&bench, 1501), 1);
    assert!(!bench.sees("ana", &page_key("1")));
    let stats = bench.store().source_stats(SOURCE).expect("it answers");
    assert_eq!(stats.hidden, [(Hidden::Stale, 1)].into());
    bench.reopen();
    assert!(!bench.sees("ana", &page_key("1")), "after a restart, too");
    bench.commit(Stream::Containers, vec![clause(readers(), Clause::nobody(Hidden::Forbidden))]);
    assert!(!bench.sees("ana", &page_key("1")));
    bench.commit(Stream::Containers, vec![clause(readers(), anyone())]);
    assert!(bench.sees("ana", &page_key("1")), "read again with the same content");
}

#[test]
fn a_layer_that_was_read_but_not_understood_closes_at_once() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, open_page("1", "text"));
    for cause in [Hidden::NotUnderstood, Hidden::Truncated] {
        bench.commit(Stream::Containers, vec![clause(readers(), anyone())]);
        assert!(bench.sees("ana", &page_key("1")));
        bench.commit(Stream::Containers, vec![clause(readers(), Clause::nobody(cause))]);
        assert!(!bench.sees("ana", &page_key("1")));
        let hidden = bench.store().hidden_documents(SOURCE, None, None, 9, |_| false).expect("it answers");
        assert_eq!(hidden.iter().map(|hidden| (hidden.cause, &hidden.title)).collect::<Vec<_>>(), [(cause, &None)]);
    }
}

#[test]
fn an_unchanged_layer_is_confirmed_and_told_to_nobody() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.follower.take();
    let mut again = bench.batch(Stream::Containers, space());
    again.at = Millis(5000);
    wait(bench.store().commit(again)).expect("stored");
    assert_eq!(bench.follower.take(), []);
    let id = access::ClauseId::FIRST_STORED;
    let stored = bench.store().clause(id).expect("it answers").expect("the first clause");
    assert_eq!((stored.key, stored.read_at), (readers(), Millis(5000)));
}

#[test]
fn a_comments_audience_that_was_never_read_admits_nobody() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, open_page("1", "text"));
    let audience = model::ClauseKey::new(model::Origin::Audience, "group:g");
    let mut restricted = comment("c", "1");
    restricted.audience = Some(audience.clone());
    let key = restricted.key.clone();
    bench.commit(Stream::Issues, vec![document(restricted)]);
    assert!(!bench.sees("ana", &key));
    bench.commit(Stream::Issues, vec![clause(audience, people(&["ana"]))]);
    assert!(bench.sees("ana", &key) && !bench.sees("ben", &key));
}

#[test]
fn a_space_may_be_placed_after_its_pages() {
    let mut bench = Bench::new();
    bench.commit(Stream::Pages, open_page("1", "text"));
    assert!(!bench.sees("ana", &page_key("1")));
    assert_eq!(bench.store().known(SOURCE).missing_parents(None, 9).expect("it answers"), [space_node()]);
    bench.commit(Stream::Containers, space());
    assert!(bench.sees("ana", &page_key("1")));
}

#[test]
fn a_new_assignee_is_admitted_and_the_one_before_is_not() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, open_page("1", "text"));
    let assignee = Clause::any_of([]).or_dynamic([DynamicHolder::Assignee]);
    bench.commit(Stream::Containers, vec![clause(readers(), assignee)]);
    let assign = |bench: &mut Bench, person| {
        let inline = vec![(DynamicHolder::Assignee, Principal::account(SOURCE, person))];
        bench.commit(Stream::Issues, vec![Item::Layers { node: content("1"), own: vec![], inline }])
    };
    for (person, other) in [("ana", "ben"), ("ben", "ana")] {
        assign(&mut bench, person);
        assert!(bench.sees(person, &page_key("1")) && !bench.sees(other, &page_key("1")));
        bench.reopen();
        assert!(bench.sees(person, &page_key("1")) && !bench.sees(other, &page_key("1")));
    }
}

#[test]
fn a_root_that_is_no_space_or_project_is_refused() {
    let mut bench = Bench::new();
    let bad = bench.batch(Stream::Pages, vec![place(content("1"), None)]);
    assert!(matches!(wait(bench.store().commit(bad)), Err(JournalError::Inconsistent { .. })));
}

#[test]
fn a_circle_of_parents_is_seen_by_nobody_and_opens_again() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, [open_page("1", "a"), open_page("2", "b")].concat());
    bench
        .commit(Stream::Places, vec![place(content("1"), Some(content("2"))), place(content("2"), Some(content("1")))]);
    assert!(!bench.sees("ana", &page_key("1")) && !bench.sees("ana", &page_key("2")));
    bench.commit(Stream::Places, vec![place(content("2"), Some(space_node()))]);
    assert!(bench.sees("ana", &page_key("1")) && bench.sees("ana", &page_key("2")));
}

#[test]
fn a_removed_person_loses_everything_with_the_next_directory() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, open_page("1", "text"));
    assert!(bench.sees("ben", &page_key("1")));
    bench.commit(Stream::Directory, vec![directory(&["ana"])]);
    assert!(!bench.sees("ben", &page_key("1")) && bench.sees("ana", &page_key("1")));
    bench.reopen();
    assert!(!bench.sees("ben", &page_key("1")) && bench.sees("ana", &page_key("1")));
}

#[test]
fn a_full_disk_is_named_and_the_batch_can_be_committed_again() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    wait(bench.store().limit_content_pages(1)).expect("a limit is set");
    let noise: String =
        (0..400_000_u32).map(|at| char::from(b'a' + (at.wrapping_mul(2_654_435_761) >> 27) as u8 % 26)).collect();
    let large = bench.batch(Stream::Pages, open_page("1", &noise));
    bench.follower.take();
    let refused = wait(bench.store().commit(large.clone())).expect_err("no room");
    assert!(matches!(refused, JournalError::Full), "{refused}");
    assert_eq!(bench.follower.take(), [], "the mirrors heard nothing");
    wait(bench.store().limit_content_pages(1_000_000)).expect("a limit is set");
    wait(bench.store().commit(large)).expect("there is room again");
    assert!(bench.sees("ana", &page_key("1")));
}

#[test]
fn problems_are_kept_once_per_thing_with_their_attempts() {
    let bench = Bench::new();
    let report = |kind, reason: &str, at| {
        let problems = vec![Problem::new(kind, "page 7", reason)];
        wait(bench.store().report(bench.run, Some(Stream::Pages), problems, Millis(at))).expect("reported");
    };
    report(ProblemKind::Record, "first", 10);
    report(ProblemKind::Record, "second", 20);
    report(ProblemKind::Notice, "other", 30);
    let problems = bench.store().problems(bench.run, 0, 10).expect("it answers");
    assert_eq!(problems.len(), 2);
    let first = &problems[0];
    assert_eq!((first.problem.reason.as_str(), first.attempts), ("second", 2));
    assert_eq!((first.first_at, first.last_at), (Millis(10), Millis(20)));
    let run = bench.store().run(bench.run).expect("it answers").expect("the run");
    assert_eq!((run.counts.losses, run.counts.warnings), (1, 1));
}

#[test]
fn a_run_that_was_being_cancelled_when_the_power_went_is_cancelled() {
    let mut bench = Bench::new();
    assert!(wait(bench.store().ask_cancel(bench.run)).expect("it answers"));
    bench.reopen();
    let recovered = wait(bench.store().recover(Millis(50))).expect("it recovers");
    assert_eq!(recovered.cancelled, [(SOURCE, bench.run)]);
    let run = bench.store().run(bench.run).expect("it answers").expect("the run");
    assert_eq!((run.status, run.ended), (RunStatus::Cancelled, Some(Millis(50))));
    assert!(!wait(bench.store().ask_cancel(bench.run)).expect("it answers"));
    let open = wait(bench.store().open_run(SOURCE, RunKind::Full, Millis(60))).expect("a run opens");
    assert!(!open.resumed);
}

#[test]
fn containers_and_titles_are_known_to_adapters() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, open_page("1", "text"));
    let known = bench.store().known(SOURCE);
    assert_eq!(known.containers().expect("it answers"), [named_container("S", "Space")]);
    let found = known.documents(&[page_key("1"), page_key("2")]).expect("it answers");
    assert_eq!(found.len(), 1);
    assert_eq!(found[&page_key("1")].1, "Title of 1");
}

#[test]
fn of_runs_that_come_every_minute_the_last_two_hundred_are_remembered() {
    let bench = Bench::new();
    wait(bench.store().close_run(bench.run, RunStatus::Succeeded, None, Millis(2))).expect("the run closes");
    for at in 0..230 {
        let run = wait(bench.store().open_run(SOURCE, RunKind::Incremental, Millis(at))).expect("a run opens").id;
        wait(bench.store().close_run(run, RunStatus::Succeeded, None, Millis(at))).expect("the run closes");
    }
    let runs = bench.store().runs(Some(SOURCE), 999).expect("it answers");
    assert_eq!(runs.len(), 201);
    assert_eq!(runs.last().map(|run| run.id), Some(bench.run), "a full run is kept");
}
