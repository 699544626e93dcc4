//! What administrators decide about the reading of a source: when, how often, and whether at all.

use crate::audit::Action;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::{Actor, Address};
use access::SourceId;
use model::{Cycles, Duration, RunKind, SourceSettings};

impl Hub {
    /// Starts a run of a kind, or lets it wait for the one under way.
    pub(crate) async fn start_sync(
        &self,
        actor: &Actor,
        id: SourceId,
        kind: RunKind,
        address: &Address,
    ) -> Result<(), Failure> {
        self.change(actor, Action::SyncStarted, id, address, move |hub| async move {
            hub.app.operations.start_sync(id, kind).await?;
            Ok(kind.code().to_owned())
        })
        .await
    }

    /// Reads nothing more of a source until it is resumed.
    pub(crate) async fn pause_source(&self, actor: &Actor, id: SourceId, address: &Address) -> Result<(), Failure> {
        self.change(actor, Action::SourcePaused, id, address, move |hub| async move {
            hub.app.operations.pause(id).await?;
            Ok(String::new())
        })
        .await
    }

    /// Reads a paused source again.
    pub(crate) async fn resume_source(&self, actor: &Actor, id: SourceId, address: &Address) -> Result<(), Failure> {
        self.change(actor, Action::SourceResumed, id, address, move |hub| async move {
            hub.app.operations.resume(id).await?;
            Ok(String::new())
        })
        .await
    }

    /// Saves how old permissions may grow before what they decide for is hidden.
    pub(crate) async fn save_max_age(
        &self,
        actor: &Actor,
        id: SourceId,
        max_age: Duration,
        address: &Address,
    ) -> Result<(), Failure> {
        if !SourceSettings::PERMISSION_MAX_AGES.contains(&max_age) {
            return Err(Failure::Invalid("permissions may grow 1 to 168 hours old, such as 24".to_owned()));
        }
        self.change(actor, Action::MaxAgeChanged, id, address, move |hub| async move {
            hub.app.operations.save_max_age(id, max_age).await?;
            Ok(format!("{} hours", max_age.0 / Duration::hours(1).0))
        })
        .await
    }

    /// Saves how many calls an hour reading a source may cost; `None` for as many as it accepts.
    pub(crate) async fn save_hourly_budget(
        &self,
        actor: &Actor,
        id: SourceId,
        calls: Option<u32>,
        address: &Address,
    ) -> Result<(), Failure> {
        if calls.is_some_and(|calls| calls < SourceSettings::LEAST_HOURLY_BUDGET) {
            let least = SourceSettings::LEAST_HOURLY_BUDGET;
            return Err(Failure::Invalid(format!("a budget is at least {least} calls an hour, such as 5000, or none")));
        }
        self.change(actor, Action::BudgetChanged, id, address, move |hub| async move {
            hub.app.operations.save_hourly_budget(id, calls).await?;
            Ok(calls.map_or_else(|| "no budget".to_owned(), |calls| format!("{calls} calls an hour")))
        })
        .await
    }

    /// Saves how often a source is read.
    pub(crate) async fn save_cycles(
        &self,
        actor: &Actor,
        id: SourceId,
        cycles: Cycles,
        address: &Address,
    ) -> Result<(), Failure> {
        let cycles = cycles.checked().map_err(|error| Failure::Invalid(error.to_string()))?;
        let each = Cycles::KINDS.iter().map(|kind| format!("{kind} every {} s", cycles.of(*kind).0 / 1000));
        let words = each.collect::<Vec<_>>().join(", ");
        self.change(actor, Action::CyclesChanged, id, address, move |hub| async move {
            hub.app.operations.save_cycles(id, cycles).await?;
            Ok(words)
        })
        .await
    }
}
