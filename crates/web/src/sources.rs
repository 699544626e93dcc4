//! What administrators can know and do about sources: the operations that pages and API share.
//!
//! Whatever changes something runs to its end with its audit row, even if the browser has gone meanwhile.

use crate::audit::Action;
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::{Actor, Address};
use crate::operations::{CheckReport, Connection, SyncProgress};
use access::{Hidden, SourceId};
use model::{Millis, RunCounts, RunStatus, Scope};
use std::collections::BTreeMap;
use std::future::Future;
use store::{Ageing, Freshness, Store, StoredProblem, StoredRun, StoredSource};
use sync::Stream;

/// How many runs the history shows.
const RUNS: u32 = 50;

/// A source and how it is.
pub(crate) struct Overview {
    pub(crate) source: StoredSource,
    /// All documents that are stored and not deleted.
    stored: u64,
    /// Documents that nobody sees, by cause; deleted ones are not among them.
    pub(crate) hidden: BTreeMap<Hidden, u64>,
    /// What the last run counted.
    pub(crate) counts: RunCounts,
    pub(crate) last_success: Option<Millis>,
    pub(crate) progress: Option<SyncProgress>,
    /// Up to when each stream is known.
    pub(crate) freshness: BTreeMap<Stream, Freshness>,
    /// What holds and is no loss.
    pub(crate) warnings: u64,
    /// How many things runs could not read.
    pub(crate) owed: u64,
    /// Permissions that will soon be hidden.
    pub(crate) ageing: Option<Ageing>,
    /// When the directory was last confirmed, if that is too long ago.
    pub(crate) stale_directory: Option<Millis>,
}

impl Overview {
    /// Documents that nobody sees.
    pub(crate) fn hidden_total(&self) -> u64 {
        self.hidden.values().sum()
    }

    /// What the last run lost; after it, what is owed still.
    pub(crate) fn errors(&self) -> u64 {
        self.counts.losses.max(self.owed)
    }

    /// Documents that somebody can find.
    pub(crate) fn findable(&self) -> u64 {
        self.stored.saturating_sub(self.hidden_total())
    }
}

/// What became of the runs of a source.
pub(crate) struct History {
    /// Newest first.
    pub(crate) runs: Vec<StoredRun>,
    /// Of the newest run, and what stands from earlier ones, newest first.
    pub(crate) problems: Vec<StoredProblem>,
}

fn overview(
    store: &Store,
    source: StoredSource,
    progress: Option<SyncProgress>,
    now: Millis,
) -> Result<Overview, Failure> {
    let stats = store.source_stats(source.id)?;
    let runs = store.runs(Some(source.id), RUNS)?;
    let stored = stats.total();
    let mut hidden = stats.hidden;
    hidden.remove(&Hidden::Deleted);
    let over = runs.iter().find(|run| run.status.is_over());
    let succeeded = runs.iter().find(|run| run.status == RunStatus::Succeeded);
    Ok(Overview {
        stored,
        hidden,
        counts: over.map(|run| run.counts).unwrap_or_default(),
        last_success: succeeded.map(|run| run.ended.unwrap_or(run.started)),
        progress,
        freshness: store.freshness(source.id)?,
        warnings: store.warnings(source.id)?,
        owed: store.debts(source.id)?.map_or(0, |debts| debts.things),
        ageing: store.ageing(source.id, now, source.settings.permission_max_age)?,
        stale_directory: store.stale_directory(source.id)?,
        source,
    })
}

impl Hub {
    /// All sources, by name.
    pub(crate) async fn overviews(&self) -> Result<Vec<Overview>, Failure> {
        let (operations, now) = (self.app.operations.clone(), self.now());
        let read = move |store: &Store| {
            let mut found = Vec::new();
            for source in store.sources()? {
                let progress = operations.progress(source.id);
                found.push(overview(store, source, progress, now)?);
            }
            found.sort_by_key(|overview: &Overview| overview.source.settings.name());
            Ok(found)
        };
        self.reading(read).await
    }

    /// One source.
    pub(crate) async fn overview(&self, id: SourceId) -> Result<Overview, Failure> {
        let (progress, now) = (self.app.operations.progress(id), self.now());
        self.reading(move |store| {
            let source = store.source(id)?.ok_or(Failure::NotFound)?;
            overview(store, source, progress, now)
        })
        .await
    }

    /// Its runs, and what went wrong in the newest.
    pub(crate) async fn history(&self, id: SourceId) -> Result<History, Failure> {
        self.reading(move |store| {
            let runs = store.runs(Some(id), RUNS)?;
            Ok(History { runs, problems: store.newest_problems_of_source(id, 200)? })
        })
        .await
    }

    /// Checks a credential and connects what it can read.
    pub(crate) async fn connect(
        &self,
        actor: &Actor,
        connection: Connection,
        address: &Address,
    ) -> Result<(CheckReport, Vec<SourceId>), Failure> {
        let (hub, actor, address) = (self.clone(), actor.clone(), address.clone());
        to_the_end(async move {
            let (report, ids) = hub.app.operations.connect(connection).await?;
            for id in &ids {
                let name = hub.source_name(*id).await;
                hub.audit(&actor, Action::SourceConnected, &name, &address).await?;
            }
            Ok((report, ids))
        })
        .await
    }

    /// Saves what is wanted of a source and starts a sync.
    pub(crate) async fn save_scope(
        &self,
        actor: &Actor,
        id: SourceId,
        scope: Scope,
        address: &Address,
    ) -> Result<(), Failure> {
        let words = scope_words(&scope);
        self.change(actor, Action::ScopeChanged, id, address, move |hub| async move {
            hub.app.operations.save_scope(id, scope).await?;
            Ok(words)
        })
        .await
    }

    /// Asks the running sync to stop.
    pub(crate) async fn cancel_sync(&self, actor: &Actor, id: SourceId, address: &Address) -> Result<(), Failure> {
        self.change(actor, Action::SyncCancelled, id, address, move |hub| async move {
            hub.app.operations.cancel_sync(id).await?;
            Ok(String::new())
        })
        .await
    }

    /// Removes a source with everything that was read from it.
    pub(crate) async fn remove_source(&self, actor: &Actor, id: SourceId, address: &Address) -> Result<(), Failure> {
        self.change(actor, Action::SourceRemoved, id, address, move |hub| async move {
            hub.app.operations.remove(id).await?;
            Ok(String::new())
        })
        .await
    }

    async fn source_name(&self, id: SourceId) -> String {
        self.source(id).await.map_or_else(|_| format!("source {}", id.0), |source| source.settings.name())
    }

    /// Changes a source that is there, and writes who did it.
    pub(crate) async fn change<F: Future<Output = Result<String, Failure>> + Send + 'static>(
        &self,
        actor: &Actor,
        action: Action,
        id: SourceId,
        address: &Address,
        change: impl FnOnce(Hub) -> F + Send + 'static,
    ) -> Result<(), Failure> {
        self.change_giving(actor, action, id, address, move |hub| async move { Ok((change(hub).await?, ())) }).await
    }

    /// The same for a change of which something comes.
    pub(crate) async fn change_giving<T, F>(
        &self,
        actor: &Actor,
        action: Action,
        id: SourceId,
        address: &Address,
        change: impl FnOnce(Hub) -> F + Send + 'static,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<(String, T), Failure>> + Send + 'static,
    {
        let name = self.source(id).await?.settings.name();
        let (hub, actor, address) = (self.clone(), actor.clone(), address.clone());
        to_the_end(async move {
            let (words, given) = change(hub.clone()).await?;
            let target = if words.is_empty() { name } else { format!("{name}: {words}") };
            hub.audit(&actor, action, &target, &address).await?;
            Ok(given)
        })
        .await
    }
}

fn scope_words(scope: &Scope) -> String {
    let list = |keys: &[String]| {
        let shown = keys.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
        if keys.len() > 20 { format!("{shown} and {} more", keys.len() - 20) } else { shown }
    };
    let mut words = if scope.include.is_empty() { "all".to_owned() } else { format!("only {}", list(&scope.include)) };
    if !scope.exclude.is_empty() {
        words.push_str(&format!(" without {}", list(&scope.exclude)));
    }
    words
}

/// Runs a change apart from its request: a browser that goes away must not leave it half done.
async fn to_the_end<T: Send + 'static>(
    change: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    tokio::spawn(change).await?
}
