//! What sources say has changed: however many hints come, one run at a time follows.
//!
//! A hint never speeds a run up that is under way: that run may have passed the place already. So a hint that comes meanwhile
//! waits for its end, together with all others. A hint that is lost (a crash, a source that cannot be reached) costs
//! time only, because the cycles read everything that changed.

use super::Hub;
use access::SourceId;
use model::{RunKind, SourceState};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use web::operations::{Hint, OperationError};

/// The least time between the starts of two runs that follow hints.
const BETWEEN: Duration = Duration::from_secs(1);
/// With more places than this it is no use to tell them apart.
const MOST: usize = 100;

/// Hints that no run has followed yet.
pub(super) struct Hints {
    waiting: Mutex<BTreeMap<SourceId, BTreeSet<Hint>>>,
    told: mpsc::UnboundedSender<SourceId>,
    heard: Mutex<Option<mpsc::UnboundedReceiver<SourceId>>>,
}

impl Hints {
    pub(super) fn new() -> Self {
        let (told, heard) = mpsc::unbounded_channel();
        Self { waiting: Mutex::default(), told, heard: Mutex::new(Some(heard)) }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SourceId, BTreeSet<Hint>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a hint. The first one of a source wakes whoever follows.
    pub(super) fn give(&self, source: SourceId, hint: Hint) {
        let mut waiting = self.lock();
        let is_first = !waiting.contains_key(&source);
        let hints = waiting.entry(source).or_default();
        if hint == Hint::Anything || hints.len() >= MOST {
            *hints = BTreeSet::from([Hint::Anything]);
        } else if !hints.contains(&Hint::Anything) {
            hints.insert(hint);
        }
        if is_first {
            // Nobody listens in a hub that was opened for one command only.
            let _nobody = self.told.send(source);
        }
    }

    /// All hints of a source; `None` if there are none, and then the next one wakes again.
    fn take(&self, source: SourceId) -> Option<BTreeSet<Hint>> {
        let mut waiting = self.lock();
        let hints = std::mem::take(waiting.entry(source).or_default());
        if hints.is_empty() {
            waiting.remove(&source);
            return None;
        }
        Some(hints)
    }
}

/// Follows hints until `shutdown`.
pub(super) async fn run(hub: Arc<Hub>, shutdown: CancellationToken) {
    let heard = hub.hints.heard.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut heard) = heard else { return };
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            source = heard.recv() => match source {
                Some(source) => drop(tokio::spawn(follow(Arc::clone(&hub), source, shutdown.clone()))),
                None => return,
            }
        }
    }
}

/// Starts runs of one source until no hint is left.
async fn follow(hub: Arc<Hub>, source: SourceId, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = hub.runs.wait(source) => {}
        }
        let Some(hints) = hub.hints.take(source) else { return };
        let started = tokio::time::Instant::now();
        if let Err(error) = read_changes(&hub, source, &hints).await {
            tracing::warn!(source = source.0, %error, "the source says that something changed, but no sync can start");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep_until(started + BETWEEN) => {}
        }
    }
}

/// Starts the run that finds what the hints told of, at a source that is being read.
async fn read_changes(hub: &Hub, source: SourceId, _hints: &BTreeSet<Hint>) -> Result<(), OperationError> {
    match hub.source(source)?.state {
        SourceState::Backfilling | SourceState::Live { .. } | SourceState::Degraded { .. } => {
            hub.begin_sync(source, RunKind::Incremental).await
        }
        // Nothing is read before an administrator wants it (SYN-7), while it is paused, or while the token is refused.
        SourceState::Draft | SourceState::Paused | SourceState::Unauthorized { .. } | SourceState::Deleting => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JIRA: SourceId = SourceId(1);

    fn issue(number: usize) -> Hint {
        Hint::Issue(number.to_string())
    }

    #[test]
    fn a_storm_of_ten_thousand_hints_is_one_reason_to_read() {
        let hints = Hints::new();
        let mut heard = hints.heard.lock().unwrap().take().unwrap();
        for number in 0..10_000 {
            hints.give(JIRA, issue(number));
        }
        assert_eq!(heard.try_recv(), Ok(JIRA));
        assert!(heard.try_recv().is_err(), "one hint wakes, the others wait with it");
        assert_eq!(hints.take(JIRA), Some(BTreeSet::from([Hint::Anything])), "no place is left out");
        assert_eq!(hints.take(JIRA), None);
    }

    #[test]
    fn a_hint_during_a_run_is_followed_after_it() {
        let hints = Hints::new();
        let mut heard = hints.heard.lock().unwrap().take().unwrap();
        hints.give(JIRA, issue(7));
        assert_eq!(heard.try_recv(), Ok(JIRA));
        assert_eq!(hints.take(JIRA), Some(BTreeSet::from([issue(7)])));
        hints.give(JIRA, issue(8));
        hints.give(JIRA, issue(7));
        assert!(heard.try_recv().is_err(), "whoever follows asks again by themselves");
        assert_eq!(hints.take(JIRA), Some(BTreeSet::from([issue(7), issue(8)])));
        assert_eq!(hints.take(JIRA), None);
        hints.give(JIRA, issue(9));
        assert_eq!(heard.try_recv(), Ok(JIRA), "nobody follows any more, so somebody is woken");
    }
}
