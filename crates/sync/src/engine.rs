//! A run from its opening to its end: what each stream is asked, and how the run is called when it is over.
//!
//! - SYN-8: a run that missed anything is not `succeeded`.
//! - SYN-9: changes are read from a watermark in the source's own time, less an overlap.
//! - SYN-10: a run that is cancelled ends at once, whatever it waits for.

use crate::patience::Patience;
use crate::run::{Run, Stop};
use crate::{Form, Journal, JournalError, OpenRun, Owed, Reading, Source, Stream};
use access::SourceId;
use model::{Millis, RunCounts, RunEvent, RunId, RunKind, RunStatus};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What a run tells while it runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunProgress {
    /// The run, once it is open.
    pub run: Option<RunId>,
    /// What it has done.
    pub counts: RunCounts,
    /// Streams that are being read.
    pub reading: BTreeSet<Stream>,
    /// Streams that have ended.
    pub ended: BTreeSet<Stream>,
    /// How many streams there are.
    pub streams: usize,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOutcome {
    /// The run.
    pub run: RunId,
    /// How it ended.
    pub status: RunStatus,
    /// What it did.
    pub counts: RunCounts,
    /// Whether the source refused the credential.
    pub refused: bool,
    /// Why it ended before its end, for people.
    pub reason: Option<String>,
}

/// What a run works with.
#[derive(Clone)]
pub struct Engine {
    /// Where everything becomes durable.
    pub journal: Arc<dyn Journal>,
    /// Tells the time.
    pub clock: Arc<dyn Fn() -> Millis + Send + Sync>,
    /// How failed reads are repeated.
    pub patience: Patience,
}

impl Engine {
    /// Makes a run of this kind, or goes on with one of its kind that was broken off. Progress is sent to `progress` as
    /// it happens.
    ///
    /// # Errors
    /// When the run could not be opened or closed; everything else is in the outcome.
    pub async fn run(
        &self,
        kind: RunKind,
        source_id: SourceId,
        source: &dyn Source,
        cancel: &CancellationToken,
        progress: &watch::Sender<RunProgress>,
    ) -> Result<RunOutcome, JournalError> {
        let open = self.journal.open_run(source_id, kind, (self.clock)()).await?;
        let readings = readings(kind, source.plan(kind), &open);
        progress.send_modify(|progress| {
            progress.run = Some(open.id);
            progress.counts = open.counts;
            progress.streams = readings.len();
        });
        let run = Run::new(self, source_id, source, &open, readings, progress);
        // Dropping is safe anywhere: a commit that is under way is carried out whole, or not at all.
        let ended = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Stop::Cancelled),
            ended = run.stages() => ended,
        };
        let (event, reason, refused) = match ended {
            Ok(()) => (RunEvent::Finished { losses: progress.borrow().counts.losses }, None, false),
            Err(Stop::Cancelled) => (RunEvent::Stopped, None, false),
            Err(Stop::Refused(error)) => (RunEvent::GaveUp, Some(error.to_string()), true),
            Err(Stop::Unreachable(reason)) => (RunEvent::GaveUp, Some(reason), false),
            Err(Stop::Store(error)) => (RunEvent::GaveUp, Some(error.to_string()), false),
        };
        let before = if event == RunEvent::Stopped { RunStatus::Cancelling } else { RunStatus::Running };
        let status = before.next(event).unwrap_or(RunStatus::Failed);
        self.journal.close_run(open.id, status, reason.clone(), (self.clock)()).await?;
        let counts = progress.borrow().counts;
        Ok(RunOutcome { run: open.id, status, counts, refused, reason })
    }
}

/// What each planned stream is asked; a retry asks for what it has taken only. Only the end of a stream moves its watermark
/// and settles its debts, and what a retry has taken stays taken until it is closed, so a resumed run asks the same again.
fn readings(kind: RunKind, plan: Vec<(Stream, Form)>, open: &OpenRun) -> BTreeMap<Stream, Reading> {
    let reading = |(stream, form): (Stream, Form)| {
        let reading = match (form, open.watermarks.get(&stream)) {
            (Form::Structure, _) => Reading::Structure,
            (Form::Changes, Some(known)) => {
                Reading::Changes { since: Millis(known.0.saturating_sub(stream.overlap().0)) }
            }
            (Form::Changes, None) | (Form::Whole, _) => Reading::Whole,
        };
        match open.owed.get(&stream) {
            _ if kind != RunKind::Retry => Some((stream, reading)),
            // What is always read whole has no parts to choose from.
            Some(Owed::Only(targets)) if form != Form::Whole => Some((stream, Reading::Only(targets.clone()))),
            Some(_) => Some((stream, reading)),
            None => None,
        }
    };
    plan.into_iter().filter_map(reading).collect()
}
