//! Sources: the list, one of them, and what its buttons do.

use crate::chrome::{Device, Message, page};
use crate::failure::Failure;
use crate::hub::Hub;
use crate::identity::AdminSession;
use crate::on_source::{PostedOnSource, ShownSource};
use crate::pages::part::Count;
use crate::pages::source::SourcePage;
use crate::pages::sources::{SourceRow, SourcesPage};
use crate::schedule::Wanted;
use crate::show::{
    freshness_rows, hidden_rows, kind_rows, kind_words, progress, run_row, summary, trouble_row, warnings,
};
use crate::titles;
use crate::urls::Route;
use axum::extract::State;
use axum::response::Response;
use model::SourceState;

pub(crate) async fn list(State(hub): State<Hub>, admin: AdminSession, device: Device) -> Result<Response, Failure> {
    let (overviews, now) = (hub.overviews().await?, hub.now());
    let rows = overviews.iter().map(|overview| SourceRow {
        summary: summary(overview, now),
        running: overview.progress.as_ref().map(progress),
    });
    page(&SourcesPage { chrome: hub.settings_chrome(&admin, device).await?, sources: rows.collect() })
}

pub(crate) async fn show(
    State(hub): State<Hub>,
    ShownSource { admin, id, device }: ShownSource,
) -> Result<Response, Failure> {
    let overview = hub.overview(id).await?;
    let (history, outlook, now) = (hub.history(id).await?, hub.outlook(id).await?, hub.now());
    let named = history.problems.iter().filter_map(|problem| titles::named(&problem.problem.item)).collect();
    let titles = hub.titles(&admin.signed_in().account, id, named).await?;
    let settings = &overview.source.settings;
    let waiting = overview.progress.iter().flat_map(|progress| &progress.waiting);
    let is_read = !matches!(overview.source.state, SourceState::Paused | SourceState::Deleting);
    page(&SourcePage {
        chrome: hub.settings_chrome(&admin, device).await?,
        summary: summary(&overview, now),
        warnings: warnings(&overview, &outlook, now),
        running: overview.progress.as_ref().map(progress),
        waiting: waiting.map(|kind| kind_words(*kind).to_owned()).collect(),
        freshness: if history.runs.is_empty() {
            Vec::new()
        } else {
            freshness_rows(settings.product, &overview.freshness, now)
        },
        kinds: if is_read { kind_rows(&outlook.agenda, now) } else { Vec::new() },
        owed: Count(overview.owed),
        deleted: outlook.has_tombstones || outlook.stopped.is_some(),
        runs: history.runs.iter().map(|run| run_row(run, now)).collect(),
        troubles: history.problems.iter().map(|problem| trouble_row(problem, &titles, now)).collect(),
        hidden: hidden_rows(&overview.hidden),
    })
}

pub(crate) async fn sync(
    State(hub): State<Hub>,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    hub.start_sync(&posted.owner.actor(), id, Wanted::of(&posted.form)?, &address).await?;
    hub.redirect_saying(&Route::Source(id.0.to_string()), Message::SyncStarted)
}

pub(crate) async fn pause(
    State(hub): State<Hub>,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    hub.pause_source(&posted.owner.actor(), id, &address).await?;
    hub.redirect_saying(&Route::Source(id.0.to_string()), Message::SourcePaused)
}

pub(crate) async fn resume(
    State(hub): State<Hub>,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    hub.resume_source(&posted.owner.actor(), id, &address).await?;
    hub.redirect_saying(&Route::Source(id.0.to_string()), Message::SourceResumed)
}

pub(crate) async fn cancel(
    State(hub): State<Hub>,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    hub.cancel_sync(&posted.owner.actor(), id, &address).await?;
    hub.redirect_saying(&Route::Source(id.0.to_string()), Message::SyncCancelled)
}

pub(crate) async fn remove(
    State(hub): State<Hub>,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    hub.remove_source(&posted.owner.actor(), id, &address).await?;
    hub.redirect_saying(&Route::Sources, Message::SourceRemoved)
}
