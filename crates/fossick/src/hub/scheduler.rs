//! What happens by itself: runs that are due, and the upkeep of what grows old.
//!
//! Which run is due is decided by `sync`; here is the clock that asks. It sleeps until the next run is due, a run has
//! ended, or somebody has changed something.

use super::runs::{Clock, Runs};
use access::SourceId;
use async_trait::async_trait;
use model::{Duration, Millis};
use std::sync::Arc;
use sync::Agenda;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The longest sleep: clocks are set, and what is outside of the hub changes without a word.
const LONGEST: Duration = Duration(60_000);
/// How often the upkeep is done.
const UPKEEP: Duration = Duration(60_000);
/// The shortest, against a source that cannot even start.
const SHORTEST: Duration = Duration(1000);

/// What the scheduler looks at.
#[async_trait]
pub(super) trait Roster: Send + Sync {
    /// The sources that are to be read by themselves now.
    fn agendas(&self) -> Result<Vec<(SourceId, Agenda)>, store::StoreError>;

    /// Hides permissions that are too old, drops what was deleted long enough ago.
    async fn upkeep(&self, now: Millis) -> Result<(), store::StoreError>;
}

/// Looks after the sources until `shutdown`.
pub(super) async fn run(
    roster: Arc<dyn Roster>,
    runs: Arc<Runs>,
    clock: Clock,
    nudge: Arc<Notify>,
    shutdown: CancellationToken,
) {
    let mut ends = runs.ends();
    let mut kept_up: Option<Millis> = None;
    loop {
        let now = clock();
        if kept_up.is_none_or(|last| now.since(last) >= UPKEEP) {
            kept_up = Some(now);
            if let Err(error) = roster.upkeep(now).await {
                tracing::error!(%error, "cannot look after what grows old");
            }
        }
        let sleep = look(roster.as_ref(), &runs, now);
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(sleep) => {}
            _ = ends.changed() => {}
            () = nudge.notified() => {}
        }
    }
}

/// Starts what is due. How long nothing will be.
fn look(roster: &dyn Roster, runs: &Runs, now: Millis) -> std::time::Duration {
    let agendas = roster.agendas().unwrap_or_else(|error| {
        tracing::error!(%error, "cannot look after the sources");
        Vec::new()
    });
    let mut wake = Millis(now.0 + LONGEST.0);
    for (id, agenda) in agendas {
        // Its end wakes us.
        if runs.is_running(id) {
            continue;
        }
        match agenda.due(now) {
            Some(kind) => {
                if let Err(error) = runs.ask(id, kind) {
                    tracing::warn!(source = id.0, %kind, %error, "the run that is due cannot start");
                }
            }
            None => wake = wake.min(agenda.wakes()),
        }
    }
    let wait = wake.since(now).0.clamp(SHORTEST.0, LONGEST.0);
    std::time::Duration::from_millis(wait.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::super::doubles::Double;
    use super::*;
    use model::{RunKind, RunStatus};

    fn takes(kind: RunKind) -> std::time::Duration {
        std::time::Duration::from_secs(match kind {
            RunKind::Full => 120,
            RunKind::Sweep => 60,
            RunKind::Retry => 1,
            RunKind::Incremental => 5,
            RunKind::Permissions => 2,
        })
    }

    #[tokio::test(start_paused = true)]
    async fn in_an_hour_each_kind_comes_as_often_as_its_cycle_says() {
        let double = Double::new(&[1, 2], takes);
        let (runs, shutdown) = (double.runs(), CancellationToken::new());
        let nudge = Arc::new(Notify::new());
        let scheduler = run(double.clone(), runs, double.clock.clone(), nudge, shutdown.clone());
        let hour = async {
            tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
            shutdown.cancel();
        };
        tokio::join!(scheduler, hour);
        for source in [1, 2] {
            let ended = double.ended(source);
            let starts = |wanted: RunKind| -> Vec<i64> {
                ended.iter().filter(|(kind, ..)| *kind == wanted).map(|(_, at, _)| *at).collect()
            };
            assert!(ended.iter().all(|(.., status)| *status == RunStatus::Succeeded));
            assert_eq!(starts(RunKind::Full), [0]);
            let sweeps = starts(RunKind::Sweep);
            assert!(sweeps.windows(2).all(|pair| (900..=965).contains(&(pair[1] - pair[0]))), "{sweeps:?}");
            assert_eq!(sweeps.len(), 3, "{sweeps:?}");
            assert!((45..=60).contains(&starts(RunKind::Incremental).len()), "{ended:?}");
            assert!((5..=12).contains(&starts(RunKind::Permissions).len()), "{ended:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_nudge_wakes_the_scheduler_before_its_time() {
        let double = Double::new(&[1], takes);
        let (runs, shutdown) = (double.runs(), CancellationToken::new());
        let nudge = Arc::new(Notify::new());
        let scheduler = run(double.clone(), runs.clone(), double.clock.clone(), nudge.clone(), shutdown.clone());
        let story = async {
            runs.wait(SourceId(1)).await;
            tokio::time::sleep(std::time::Duration::from_secs(130)).await;
            double.log.lock().unwrap().clear();
            nudge.notify_one();
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            assert!(runs.is_running(SourceId(1)), "nothing was read of it any more, so it is due");
            shutdown.cancel();
        };
        tokio::join!(scheduler, story);
    }
}
