//! The engine against a scripted source and a journal in memory, on paused time.

#![expect(clippy::unwrap_used, reason = "a double that cannot go on fails the test")]

mod double;

use access::SourceId;
use double::{MemoryJournal, ScriptedSource, Step, answer, document, last, more};
use model::{ContainerKey, DocumentKey, Kind, Millis, Problem, ProblemKind, RunKind, RunStatus, Target};
use std::sync::Arc;
use std::time::Duration;
use sync::{Engine, FetchErrorKind, Form, Owed, Patience, Progress, Reading, RunOutcome, RunProgress, Stream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

struct Stack {
    journal: Arc<MemoryJournal>,
    cancel: CancellationToken,
}

impl Stack {
    fn new() -> Self {
        Self { journal: Arc::new(MemoryJournal::default()), cancel: CancellationToken::new() }
    }

    async fn crawl(&self, source: &ScriptedSource) -> RunOutcome {
        self.run(RunKind::Full, source).await
    }

    async fn run(&self, kind: RunKind, source: &ScriptedSource) -> RunOutcome {
        let engine = Engine {
            journal: self.journal.clone(),
            clock: Arc::new(|| model::Millis(1)),
            patience: Patience::usual(|| 0.5),
        };
        let (progress, _) = watch::channel(RunProgress::default());
        engine.run(kind, SourceId(1), source, &self.cancel, &progress).await.unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn everything_read_is_committed_in_order_and_swept() {
    let stack = Stack::new();
    let source = ScriptedSource::new([
        (Stream::Containers, vec![answer(last(vec![]))]),
        (Stream::Pages, vec![answer(more("a", vec![document("1")])), answer(last(vec![document("2")]))]),
    ]);
    let outcome = stack.crawl(&source).await;
    assert_eq!((outcome.status, outcome.counts.documents), (RunStatus::Succeeded, 2));
    assert_eq!(stack.journal.documents(), ["1", "2"]);
    assert_eq!(stack.journal.swept(), [Stream::Containers, Stream::Pages]);
}

#[tokio::test(start_paused = true)]
async fn stages_follow_each_other() {
    let stack = Stack::new();
    let source = ScriptedSource::new([
        (Stream::Restrictions, vec![answer(last(vec![]))]),
        (Stream::FooterComments, vec![answer(last(vec![]))]),
        (Stream::Pages, vec![answer(last(vec![]))]),
        (Stream::Containers, vec![answer(last(vec![]))]),
    ]);
    stack.crawl(&source).await;
    let order = [Stream::Containers, Stream::Pages, Stream::FooterComments, Stream::Restrictions];
    assert_eq!(source.asked(), order);
}

#[tokio::test(start_paused = true)]
async fn a_lost_record_makes_the_run_partial_and_stops_the_judgement_of_absence() {
    let stack = Stack::new();
    let mut lossy = last(vec![document("1")]);
    lossy.problems.push(Problem::new(ProblemKind::Record, "page 9", "malformed"));
    let source = ScriptedSource::new([
        (Stream::Containers, vec![answer(last(vec![]))]),
        (Stream::Pages, vec![answer(lossy)]),
        (Stream::BlogPosts, vec![answer(last(vec![]))]),
    ]);
    let outcome = stack.crawl(&source).await;
    assert_eq!((outcome.status, outcome.counts.losses), (RunStatus::Partial, 1));
    assert_eq!(stack.journal.swept(), [Stream::Containers, Stream::BlogPosts]);
}

#[tokio::test(start_paused = true)]
async fn without_all_containers_nothing_is_judged_absent() {
    let stack = Stack::new();
    let source = ScriptedSource::new([
        (Stream::Containers, vec![Err(FetchErrorKind::Forbidden)]),
        (Stream::Pages, vec![answer(last(vec![document("1")]))]),
    ]);
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Partial);
    assert!(stack.journal.swept().is_empty());
    assert_eq!(stack.journal.documents(), ["1"], "one bad stream must not stop the others");
}

#[tokio::test(start_paused = true)]
async fn a_passing_fault_is_waited_out_and_never_sooner_than_told() {
    let stack = Stack::new();
    let told = FetchErrorKind::Throttled { retry_after: Some(Duration::from_secs(90)) };
    let source = ScriptedSource::new([
        (Stream::Containers, vec![answer(last(vec![]))]),
        (Stream::Pages, vec![Err(told), Err(FetchErrorKind::Unavailable), answer(last(vec![document("1")]))]),
    ]);
    let begun = tokio::time::Instant::now();
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Succeeded);
    assert!(begun.elapsed() >= Duration::from_secs(91), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_keeps_failing_is_given_up_and_on_record() {
    let stack = Stack::new();
    let source = ScriptedSource::new([
        (Stream::Containers, vec![answer(last(vec![]))]),
        (Stream::Pages, vec![Err(FetchErrorKind::Unavailable); 20]),
    ]);
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Partial);
    assert_eq!(source.asked().len(), 1 + 6, "five repetitions");
    assert_eq!(stack.journal.swept(), [Stream::Containers], "errors of the source delete nothing");
    assert_eq!(stack.journal.problems(), ["stream pages"]);
}

#[tokio::test(start_paused = true)]
async fn a_source_of_which_nothing_answers_ends_the_run_as_failed() {
    let stack = Stack::new();
    let source = ScriptedSource::new([
        (Stream::Directory, vec![Err(FetchErrorKind::Unavailable); 20]),
        (Stream::Containers, vec![Err(FetchErrorKind::Unavailable); 20]),
        (Stream::Pages, vec![answer(last(vec![document("1")]))]),
    ]);
    let outcome = stack.crawl(&source).await;
    assert_eq!((outcome.status, outcome.refused), (RunStatus::Failed, false));
    assert!(outcome.reason.is_some());
    assert!(!source.asked().contains(&Stream::Pages), "{:?}", source.asked());
}

#[tokio::test(start_paused = true)]
async fn a_source_that_falls_silent_in_mid_stage_is_waited_for_once() {
    let stack = Stack::new();
    let source = ScriptedSource::new([
        (Stream::Directory, vec![Err(FetchErrorKind::Unavailable); 20]),
        (Stream::Containers, vec![answer(last(vec![]))]),
        (Stream::Pages, vec![Err(FetchErrorKind::Unavailable); 20]),
    ]);
    let outcome = stack.crawl(&source).await;
    assert_eq!((outcome.status, outcome.refused), (RunStatus::Failed, false));
    let asked = |wanted: Stream| source.asked().iter().filter(|stream| **stream == wanted).count();
    assert_eq!((asked(Stream::Directory), asked(Stream::Pages)), (6, 1), "nothing answered in between");
}

#[tokio::test(start_paused = true)]
async fn one_stream_that_keeps_failing_costs_the_others_no_patience() {
    let stack = Stack::new();
    let source = ScriptedSource::new([
        (Stream::Directory, vec![Err(FetchErrorKind::Unavailable); 20]),
        (Stream::Containers, vec![answer(last(vec![]))]),
        (
            Stream::Pages,
            vec![answer(more("a", vec![])), Err(FetchErrorKind::Unavailable), answer(last(vec![document("1")]))],
        ),
    ]);
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Partial);
    assert_eq!(stack.journal.documents(), ["1"], "pages were answered, so a fault of theirs is waited out");
    assert_eq!(stack.journal.problems(), ["stream directory"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_credential_ends_the_run_at_once() {
    let stack = Stack::new();
    let source = ScriptedSource::new([
        (Stream::Containers, vec![Err(FetchErrorKind::Unauthorized)]),
        (Stream::Pages, vec![answer(last(vec![document("1")]))]),
    ]);
    let outcome = stack.crawl(&source).await;
    assert!(outcome.refused && outcome.reason.is_some());
    assert_eq!(outcome.status, RunStatus::Failed);
    assert_eq!(source.asked(), [Stream::Containers]);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_does_not_move_is_a_loss_not_a_loop() {
    let stack = Stack::new();
    let source = ScriptedSource::new([
        (Stream::Containers, vec![answer(last(vec![]))]),
        (Stream::Pages, vec![answer(more("a", vec![])), answer(more("a", vec![])), answer(more("a", vec![]))]),
    ]);
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Partial);
    assert!(source.asked().len() <= 4);
}

#[tokio::test(start_paused = true)]
async fn a_stream_whose_cursor_has_expired_is_read_from_its_start() {
    let stack = Stack::new();
    let pages = vec![
        answer(more("a", vec![document("1")])),
        Err(FetchErrorKind::CursorRefused),
        answer(more("a", vec![document("1")])),
        answer(more("b", vec![document("2")])),
        answer(last(vec![document("3")])),
    ];
    let source = ScriptedSource::new([(Stream::Containers, vec![answer(last(vec![]))]), (Stream::Pages, pages)]);
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Succeeded);
    assert_eq!(source.cursors()[1..], [None, Some("a".to_owned()), None, Some("a".to_owned()), Some("b".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_takes_no_cursor_back_costs_a_loss_not_a_loop() {
    let stack = Stack::new();
    let refusing = (0..12).flat_map(|_| [answer(more("a", vec![])), Err(FetchErrorKind::CursorRefused)]).collect();
    let source = ScriptedSource::new([(Stream::Containers, vec![answer(last(vec![]))]), (Stream::Pages, refusing)]);
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Partial);
    let begun = source.cursors()[1..].iter().filter(|cursor| cursor.is_none()).count();
    assert_eq!(begun, 4, "once, and three times anew: {:?}", source.cursors());
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_leads_in_a_circle_ends_as_a_loss() {
    let stack = Stack::new();
    let circle = ["a", "b", "c", "a", "b", "c"].map(|at| answer(more(at, vec![]))).to_vec();
    let source = ScriptedSource::new([(Stream::Containers, vec![answer(last(vec![]))]), (Stream::Pages, circle)]);
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Partial);
    assert_eq!(stack.journal.swept(), [Stream::Containers]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_expires_in_the_middle_of_a_crawl_judges_nothing_absent() {
    let stack = Stack::new();
    let source = ScriptedSource::new([
        (Stream::Containers, vec![answer(last(vec![]))]),
        (Stream::Pages, vec![answer(more("a", vec![document("1")])), Err(FetchErrorKind::Unauthorized)]),
        (Stream::BlogPosts, vec![answer(last(vec![]))]),
    ]);
    let outcome = stack.crawl(&source).await;
    assert!(outcome.refused && outcome.status == RunStatus::Failed);
    assert_eq!(stack.journal.documents(), ["1"], "what was read stays");
    assert_eq!((stack.journal.swept(), stack.journal.buried()), (vec![Stream::Containers], 0));
}

#[tokio::test(start_paused = true)]
async fn a_broken_off_run_goes_on_behind_its_checkpoints() {
    let stack = Stack::new();
    stack
        .journal
        .resume([(Stream::Containers, Progress::Complete, 0), (Stream::Pages, Progress::At(double::cursor("b")), 0)]);
    let source = ScriptedSource::new([(Stream::Pages, vec![answer(last(vec![document("3")]))])])
        .planned([(Stream::Containers, Form::Whole), (Stream::Pages, Form::Whole)]);
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Succeeded);
    assert_eq!(source.asked(), [Stream::Pages]);
    assert_eq!(source.cursors(), [Some("b".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn cancelling_interrupts_even_a_long_wait() {
    let stack = Stack::new();
    let told = FetchErrorKind::Throttled { retry_after: Some(Duration::from_secs(3600)) };
    let source = ScriptedSource::new([(Stream::Containers, vec![Err(told)])]);
    let begun = tokio::time::Instant::now();
    let cancel = stack.cancel.clone();
    let asked = async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(stack.crawl(&source), asked);
    assert_eq!(outcome.status, RunStatus::Cancelled);
    assert!(begun.elapsed() < Duration::from_secs(6));
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_ends_the_run_with_a_reason() {
    let stack = Stack::new();
    stack.journal.refuse([(Step::Commit, usize::MAX)]);
    let source = ScriptedSource::new([(Stream::Containers, vec![answer(last(vec![]))])]);
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Failed);
    assert!(outcome.reason.unwrap().contains("full"));
}

#[tokio::test(start_paused = true)]
async fn changes_are_read_from_the_watermark_less_the_overlap_and_prove_no_absence() {
    let stack = Stack::new();
    stack.journal.know_until([(Stream::Pages, 10_000_000)]);
    let plan = [
        (Stream::Containers, Form::Whole),
        (Stream::Pages, Form::Changes),
        (Stream::BlogPosts, Form::Changes),
        (Stream::FooterComments, Form::Structure),
    ];
    let source = ScriptedSource::new(plan.map(|(stream, _)| (stream, vec![answer(last(vec![]))]))).planned(plan);
    let outcome = stack.run(RunKind::Incremental, &source).await;
    assert_eq!(outcome.status, RunStatus::Succeeded);
    let since = Millis(10_000_000 - Stream::Pages.overlap().0);
    let expected = [
        (Stream::Containers, Reading::Whole),
        (Stream::Pages, Reading::Changes { since }),
        (Stream::BlogPosts, Reading::Whole),
        (Stream::FooterComments, Reading::Structure),
    ];
    assert_eq!(source.readings(), expected, "a stream that was never read to its end is read whole");
    assert_eq!(stack.journal.swept(), [Stream::Containers, Stream::BlogPosts, Stream::FooterComments]);
}

#[tokio::test(start_paused = true)]
async fn a_resumed_run_knows_in_which_stream_something_was_lost() {
    let stack = Stack::new();
    let complete = |stream, losses| (stream, Progress::Complete, losses);
    stack.journal.resume([complete(Stream::Containers, 0), complete(Stream::Pages, 1), complete(Stream::BlogPosts, 0)]);
    let streams = [Stream::Containers, Stream::Pages, Stream::BlogPosts];
    let source = ScriptedSource::new([]).planned(streams.map(|stream| (stream, Form::Whole)));
    let outcome = stack.crawl(&source).await;
    assert_eq!(outcome.status, RunStatus::Partial);
    assert_eq!(stack.journal.swept(), [Stream::Containers, Stream::BlogPosts]);
}

#[tokio::test(start_paused = true)]
async fn deletions_that_go_too_far_are_told_and_are_no_loss() {
    let stack = Stack::new();
    stack.journal.stop_deleting(500);
    let source = ScriptedSource::new([(Stream::Containers, vec![answer(last(vec![]))])]);
    let outcome = stack.crawl(&source).await;
    assert_eq!((outcome.status, outcome.counts.warnings), (RunStatus::Succeeded, 1));
    assert_eq!((stack.journal.problems(), stack.journal.buried()), (vec!["deletion".to_owned()], 1));
}

#[tokio::test(start_paused = true)]
async fn without_containers_in_the_plan_nothing_is_judged_absent() {
    let stack = Stack::new();
    let source = ScriptedSource::new([(Stream::Pages, vec![answer(last(vec![]))])]);
    assert_eq!(stack.crawl(&source).await.status, RunStatus::Succeeded);
    assert!(stack.journal.swept().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_loss_with_a_target_stops_neither_the_others_nor_the_judgement_of_absence() {
    let stack = Stack::new();
    let bad_space =
        Problem::new(ProblemKind::Call, "space ENG", "500").about(Target::Container(ContainerKey("1".into())));
    let mut lossy = last(vec![document("1")]);
    lossy.problems.push(bad_space);
    let source =
        ScriptedSource::new([(Stream::Containers, vec![answer(last(vec![]))]), (Stream::Pages, vec![answer(lossy)])]);
    let outcome = stack.crawl(&source).await;
    assert_eq!((outcome.status, outcome.counts.losses), (RunStatus::Partial, 1), "but it is not called complete");
    assert_eq!(stack.journal.swept(), [Stream::Containers, Stream::Pages]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_reads_what_is_owed_and_nothing_else() {
    let stack = Stack::new();
    let targets =
        vec![Target::Document(DocumentKey::new(Kind::Page, "9")), Target::Container(ContainerKey("1".into()))];
    stack.journal.owe([(Stream::Pages, Owed::Only(targets.clone())), (Stream::FooterComments, Owed::All)]);
    stack.journal.know_until([(Stream::FooterComments, 10_000_000)]);
    let plan =
        [(Stream::Containers, Form::Whole), (Stream::Pages, Form::Changes), (Stream::FooterComments, Form::Changes)];
    let source = ScriptedSource::new(plan.map(|(stream, _)| (stream, vec![answer(last(vec![]))]))).planned(plan);
    assert_eq!(stack.run(RunKind::Retry, &source).await.status, RunStatus::Succeeded);
    let since = Millis(10_000_000 - Stream::FooterComments.overlap().0);
    let expected = [(Stream::Pages, Reading::Only(targets)), (Stream::FooterComments, Reading::Changes { since })];
    assert_eq!(source.readings(), expected);
    assert!(stack.journal.swept().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_retry_reads_whole_what_is_never_read_otherwise() {
    let stack = Stack::new();
    let project = Target::Container(ContainerKey("1".into()));
    stack.journal.owe([(Stream::Containers, Owed::Only(vec![project]))]);
    let plan = [(Stream::Directory, Form::Whole), (Stream::Containers, Form::Whole), (Stream::Issues, Form::Changes)];
    let source = ScriptedSource::new(plan.map(|(stream, _)| (stream, vec![answer(last(vec![]))]))).planned(plan);
    assert_eq!(stack.run(RunKind::Retry, &source).await.status, RunStatus::Succeeded);
    assert_eq!(source.readings(), [(Stream::Containers, Reading::Whole)]);
    assert_eq!(stack.journal.swept(), [Stream::Containers], "nothing is said of what lies in them");
}

#[tokio::test(start_paused = true)]
async fn cancelling_ends_a_run_within_a_second_whatever_is_in_flight() {
    for step in [Step::Read, Step::Commit, Step::Sweep, Step::Bury] {
        let stack = Stack::new();
        stack.journal.stall(step);
        let source = ScriptedSource::new([
            (Stream::Containers, vec![answer(last(vec![]))]),
            (Stream::Pages, vec![answer(more("a", vec![document("1")])), answer(last(vec![]))]),
        ]);
        let source = if step == Step::Read { source.hanging() } else { source };
        let cancel = stack.cancel.clone();
        let story = async {
            tokio::time::sleep(Duration::from_secs(60)).await;
            let asked = tokio::time::Instant::now();
            cancel.cancel();
            asked
        };
        let (outcome, asked) = tokio::join!(stack.crawl(&source), story);
        assert_eq!(outcome.status, RunStatus::Cancelled, "{step:?}");
        assert!(asked.elapsed() < Duration::from_secs(1), "{step:?}");
    }
}
