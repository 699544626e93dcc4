//! Sources: the list, one of them, and what its buttons do.

use crate::chrome::{Device, Message, page};
use crate::failure::Failure;
use crate::form::{Posted, SourcePath};
use crate::hub::Hub;
use crate::identity::{Address, AdminSession};
use crate::pages::source::SourcePage;
use crate::pages::sources::{SourceRow, SourcesPage};
use crate::show::{hidden_rows, progress, run_row, summary, trouble_row};
use crate::urls::Route;
use axum::extract::State;
use axum::response::Response;
use model::RunKind;

pub(crate) async fn list(State(hub): State<Hub>, admin: AdminSession, device: Device) -> Result<Response, Failure> {
    let (overviews, now) = (hub.overviews().await?, hub.now());
    let rows = overviews.iter().map(|overview| SourceRow {
        summary: summary(overview, now),
        running: overview.progress.as_ref().map(progress),
    });
    page(&SourcesPage { chrome: hub.chrome(admin.signed_in(), device)?, sources: rows.collect() })
}

pub(crate) async fn show(
    State(hub): State<Hub>,
    admin: AdminSession,
    device: Device,
    SourcePath(id): SourcePath,
) -> Result<Response, Failure> {
    let overview = hub.overview(id).await?;
    let (history, now) = (hub.history(id).await?, hub.now());
    page(&SourcePage {
        chrome: hub.chrome(admin.signed_in(), device)?,
        summary: summary(&overview, now),
        running: overview.progress.as_ref().map(progress),
        runs: history.runs.iter().map(|run| run_row(run, now)).collect(),
        troubles: history.problems.iter().map(|problem| trouble_row(problem, now)).collect(),
        hidden: hidden_rows(&overview.hidden),
    })
}

pub(crate) async fn sync(
    State(hub): State<Hub>,
    SourcePath(id): SourcePath,
    address: Address,
    posted: Posted<AdminSession>,
) -> Result<Response, Failure> {
    hub.start_sync(&posted.owner.actor(), id, RunKind::Full, &address).await?;
    hub.redirect_saying(&Route::Source(id.0.to_string()), Message::SyncStarted)
}

pub(crate) async fn cancel(
    State(hub): State<Hub>,
    SourcePath(id): SourcePath,
    address: Address,
    posted: Posted<AdminSession>,
) -> Result<Response, Failure> {
    hub.cancel_sync(&posted.owner.actor(), id, &address).await?;
    hub.redirect_saying(&Route::Source(id.0.to_string()), Message::SyncCancelled)
}

pub(crate) async fn remove(
    State(hub): State<Hub>,
    SourcePath(id): SourcePath,
    address: Address,
    posted: Posted<AdminSession>,
) -> Result<Response, Failure> {
    hub.remove_source(&posted.owner.actor(), id, &address).await?;
    hub.redirect_saying(&Route::Sources, Message::SourceRemoved)
}
