//! A full disk makes a run wait; space, or a cancellation, ends the waiting.

#![expect(clippy::unwrap_used, reason = "a double that cannot go on fails the test")]
#![expect(dead_code, reason = "the doubles are those of another test")]

mod double;

use access::SourceId;
use double::{Answer, MemoryJournal, ScriptedSource, Step, answer, document, last, more};
use model::{RunKind, RunStatus};
use std::sync::Arc;
use std::time::Duration;
use sync::{Engine, FetchErrorKind, Patience, PatientJournal, RunOutcome, RunProgress, Stream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

fn crawl(journal: &Arc<MemoryJournal>, cancel: CancellationToken) -> (JoinHandle<RunOutcome>, watch::Receiver<bool>) {
    let pages = vec![answer(more("a", vec![document("1")])), answer(last(vec![document("2")]))];
    crawl_reading(pages, journal, cancel)
}

fn crawl_reading(
    pages: Vec<Answer>,
    journal: &Arc<MemoryJournal>,
    cancel: CancellationToken,
) -> (JoinHandle<RunOutcome>, watch::Receiver<bool>) {
    let (patient, waiting) = PatientJournal::new(journal.clone(), cancel.clone(), PatientJournal::PAUSE);
    let engine =
        Engine { journal: Arc::new(patient), clock: Arc::new(|| model::Millis(1)), patience: Patience::usual(|| 0.5) };
    let source = ScriptedSource::new([(Stream::Containers, vec![answer(last(vec![]))]), (Stream::Pages, pages)]);
    let run = async move {
        let (progress, _) = watch::channel(RunProgress::default());
        engine.run(RunKind::Full, SourceId(1), &source, &cancel, &progress).await.unwrap()
    };
    (tokio::spawn(run), waiting)
}

#[tokio::test(start_paused = true)]
async fn syn_14_a_run_waits_for_space_and_goes_on_where_it_stood() {
    let journal = Arc::new(MemoryJournal::default());
    journal.refuse([(Step::Commit, usize::MAX)]);
    let (run, mut waiting) = crawl(&journal, CancellationToken::new());
    waiting.wait_for(|waits| *waits).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert!(!run.is_finished() && *waiting.borrow());
    assert!(journal.documents().is_empty());
    journal.refuse([]);
    let outcome = run.await.unwrap();
    assert_eq!((outcome.status, outcome.counts.documents, outcome.counts.losses), (RunStatus::Succeeded, 2, 0));
    assert_eq!(journal.documents(), ["1", "2"]);
    assert_eq!(journal.problems(), ["disk of the data directory"], "told once, and no loss");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_waits_for_space_can_be_cancelled() {
    let journal = Arc::new(MemoryJournal::default());
    journal.refuse([(Step::Commit, usize::MAX)]);
    let cancel = CancellationToken::new();
    let (run, mut waiting) = crawl(&journal, cancel.clone());
    waiting.wait_for(|waits| *waits).await.unwrap();
    cancel.cancel();
    assert_eq!(run.await.unwrap().status, RunStatus::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn syn_14_no_write_of_a_run_is_lost_to_a_full_disk_not_even_its_first_and_last_words() {
    let journal = Arc::new(MemoryJournal::default());
    // The notice that the disk was full meets it, too.
    let refusals =
        [(Step::Open, 2), (Step::Commit, 1), (Step::Sweep, 1), (Step::Bury, 1), (Step::Report, 2), (Step::Close, 3)];
    journal.refuse(refusals);
    let pages = vec![answer(more("a", vec![document("1")])), Err(FetchErrorKind::Forbidden)];
    let began = tokio::time::Instant::now();
    let (run, _) = crawl_reading(pages, &journal, CancellationToken::new());
    let outcome = run.await.unwrap();
    assert_eq!((outcome.status, outcome.counts.losses), (RunStatus::Partial, 1), "{outcome:?}");
    assert_eq!(began.elapsed(), PatientJournal::PAUSE * 9, "each but the notice's was waited for");
    assert_eq!(journal.documents(), ["1"]);
    assert_eq!(journal.problems(), ["stream pages"]);
}
