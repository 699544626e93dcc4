//! What administrators decide about the reading of a source: when, how often, and whether at all.

use crate::audit::Action;
use crate::failure::Failure;
use crate::form::Form;
use crate::hub::Hub;
use crate::identity::{Actor, Address};
use access::SourceId;
use model::{Cycles, Deletion, Duration, RunId, RunKind, SourceSettings};

/// How often a source is read, how much that may cost, and how far what it does not say is believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Limits {
    pub(crate) cycles: Cycles,
    pub(crate) max_age: Duration,
    pub(crate) deletion: Deletion,
    pub(crate) hourly_budget: Option<u32>,
}

impl Limits {
    pub(crate) fn of(settings: &SourceSettings) -> Self {
        Self {
            cycles: settings.cycles,
            max_age: settings.permission_max_age,
            deletion: settings.deletion,
            hourly_budget: settings.hourly_budget,
        }
    }

    /// Refuses the first that makes no sense.
    fn checked(self) -> Result<Self, Failure> {
        let cycles = self.cycles.checked().map_err(|error| Failure::Invalid(error.to_string()))?;
        let deletion = self.deletion.checked().map_err(|error| Failure::Invalid(error.to_string()))?;
        let (max_age, hourly_budget) = (sensible_max_age(self.max_age)?, sensible_budget(self.hourly_budget)?);
        Ok(Self { cycles, max_age, deletion, hourly_budget })
    }
}

/// A run that somebody asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wanted {
    /// One of this kind.
    Run(RunKind),
    /// Another try of one thing that is owed, and of nothing else.
    Retry(i64),
}

impl Wanted {
    /// `kind=sweep`; a full run if none is named. `kind=retry&owed=7` for one thing alone.
    pub(crate) fn of(form: &Form) -> Result<Self, Failure> {
        let kind = match form.trimmed("kind") {
            "" => RunKind::Full,
            code => code.parse().map_err(|_| {
                let kinds = "`kind` is one of `full`, `incremental`, `permissions`, `sweep` and `retry`";
                Failure::Malformed(kinds.to_owned())
            })?,
        };
        match (kind, form.number("owed")?) {
            (_, None) => Ok(Self::Run(kind)),
            (RunKind::Retry, Some(debt)) => Ok(Self::Retry(debt)),
            _ => Err(Failure::Malformed("`owed` goes with `kind=retry` only".to_owned())),
        }
    }
}

fn sensible_max_age(max_age: Duration) -> Result<Duration, Failure> {
    match SourceSettings::PERMISSION_MAX_AGES.contains(&max_age) {
        true => Ok(max_age),
        false => Err(Failure::Invalid("permissions may grow 1 to 168 hours old, such as 24".to_owned())),
    }
}

fn sensible_budget(calls: Option<u32>) -> Result<Option<u32>, Failure> {
    let least = SourceSettings::LEAST_HOURLY_BUDGET;
    match calls.is_none_or(|calls| calls >= least) {
        true => Ok(calls),
        false => Err(Failure::Invalid(format!("a budget is at least {least} calls an hour, such as 5000, or none"))),
    }
}

fn not_owed(source: SourceId, debt: i64) -> Failure {
    let (source, list) = (source.0, format!("fossick source owed {}", source.0));
    Failure::Missing(format!(
        "source {source} owes nothing with number {debt}: it was read meanwhile, or never owed; see `{list}`"
    ))
}

impl Hub {
    /// Starts a run, or lets it wait for the one under way. Its number is above the one that is returned.
    pub(crate) async fn start_sync(
        &self,
        actor: &Actor,
        id: SourceId,
        wanted: Wanted,
        address: &Address,
    ) -> Result<RunId, Failure> {
        self.change_giving(actor, Action::SyncStarted, id, address, move |hub| async move {
            let operations = &hub.app.operations;
            let (kind, after) = match wanted {
                Wanted::Run(kind) => (kind, operations.start_sync(id, kind).await?),
                Wanted::Retry(debt) => {
                    (RunKind::Retry, operations.retry(id, debt).await?.ok_or_else(|| not_owed(id, debt))?)
                }
            };
            Ok((kind.code().to_owned(), after))
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
        let max_age = sensible_max_age(max_age)?;
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
        let calls = sensible_budget(calls)?;
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

    /// Saves those of the limits that are others than before, each with its own row for the auditor. None, if one of them
    /// makes no sense.
    pub(crate) async fn save_limits(
        &self,
        actor: &Actor,
        id: SourceId,
        limits: Limits,
        address: &Address,
    ) -> Result<(), Failure> {
        let limits = limits.checked()?;
        let before = Limits::of(&self.source(id).await?.settings);
        if limits.cycles != before.cycles {
            self.save_cycles(actor, id, limits.cycles, address).await?;
        }
        if limits.max_age != before.max_age {
            self.save_max_age(actor, id, limits.max_age, address).await?;
        }
        if limits.deletion != before.deletion {
            self.save_deletion(actor, id, limits.deletion, address).await?;
        }
        if limits.hourly_budget != before.hourly_budget {
            self.save_hourly_budget(actor, id, limits.hourly_budget, address).await?;
        }
        Ok(())
    }
}
