//! A full disk makes a run wait; space, or a cancellation, ends the waiting.

#![expect(clippy::unwrap_used, reason = "a double that cannot go on fails the test")]
#![expect(dead_code, reason = "the doubles are those of another test")]

mod double;

use access::SourceId;
use double::{MemoryJournal, ScriptedSource, answer, document, last, more};
use model::{RunKind, RunStatus};
use std::sync::Arc;
use std::time::Duration;
use sync::{Engine, Patience, PatientJournal, RunOutcome, RunProgress, Stream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

fn crawl(journal: &Arc<MemoryJournal>, cancel: CancellationToken) -> (JoinHandle<RunOutcome>, watch::Receiver<bool>) {
    let (patient, waiting) = PatientJournal::new(journal.clone(), cancel.clone(), PatientJournal::PAUSE);
    let engine =
        Engine { journal: Arc::new(patient), clock: Arc::new(|| model::Millis(1)), patience: Patience::usual(|| 0.5) };
    let source = ScriptedSource::new([
        (Stream::Containers, vec![answer(last(vec![]))]),
        (Stream::Pages, vec![answer(more("a", vec![document("1")])), answer(last(vec![document("2")]))]),
    ]);
    let run = async move {
        let (progress, _) = watch::channel(RunProgress::default());
        engine.run(RunKind::Full, SourceId(1), &source, &cancel, &progress).await.unwrap()
    };
    (tokio::spawn(run), waiting)
}

#[tokio::test(start_paused = true)]
async fn syn_14_a_run_waits_for_space_and_goes_on_where_it_stood() {
    let journal = Arc::new(MemoryJournal::default());
    journal.fill_disk(true);
    let (run, mut waiting) = crawl(&journal, CancellationToken::new());
    waiting.wait_for(|waits| *waits).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert!(!run.is_finished() && *waiting.borrow());
    assert!(journal.documents().is_empty());
    journal.fill_disk(false);
    let outcome = run.await.unwrap();
    assert_eq!((outcome.status, outcome.counts.documents, outcome.counts.losses), (RunStatus::Succeeded, 2, 0));
    assert_eq!(journal.documents(), ["1", "2"]);
    assert_eq!(journal.problems(), ["disk of the data directory"], "told once, and no loss");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_waits_for_space_can_be_cancelled() {
    let journal = Arc::new(MemoryJournal::default());
    journal.fill_disk(true);
    let cancel = CancellationToken::new();
    let (run, mut waiting) = crawl(&journal, cancel.clone());
    waiting.wait_for(|waits| *waits).await.unwrap();
    cancel.cancel();
    assert_eq!(run.await.unwrap().status, RunStatus::Cancelled);
}
